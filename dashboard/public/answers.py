"""The answers for a claim or a story: its page or file, or a page that says why there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, cast

import duckdb

from pipeline.core.config import Config, PublisherConfig
from pipeline.core.errors import HiddenError, NotYetKnownError, UnknownError
from pipeline.core.home import Home
from pipeline.core.text import utf8
from pipeline.exports import claimreview
from pipeline.exports.overtaken import current_claim, current_story
from pipeline.exports.wording import day as day_words
from pipeline.pages import card, claim, embed, links, notice, story, style
from pipeline.pages.links import Links
from pipeline.published import slips
from pipeline.published.claim import NOW, AsOf, CaseFile, claim_of
from pipeline.published.stories import StoryFile, story_of

Kind = Literal["c", "s", "embed"]
ENDINGS = {"svg": "image/svg+xml", "csv": "text/csv; charset=utf-8", "png": "image/png"}
"""The files beside a page, by what their addresses end in."""
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A request: the page `kind`, what its address ends in, and what it asks for besides."""

    kind: Kind
    name: str
    as_of: str = ""
    theme: str = ""

    @property
    def day(self) -> str:
        """Return the day that is asked for, "" for now: embeds and cards bear the date of the copy."""
        return "" if self.kind == "embed" or self.parts[1] == "png" else self.as_of

    @property
    def parts(self) -> tuple[str, str]:
        """Return the id and the ending of the address, "" for a page."""
        if self.kind == "s":
            for ending in story.DATES:
                if self.name.endswith(f".{ending}"):
                    return self.name.removesuffix(f".{ending}"), ending
            if match := re.fullmatch(r"(.+)\.(claims[1-9][0-9]{0,4})", self.name):
                return match[1], match[2]
        name, _, ending = self.name.rpartition(".")
        return (name, ending) if name and ending in ENDINGS and self.kind != "embed" else (self.name, "")

    @property
    def reads_journal(self) -> bool:
        """Return whether the answer tells of decisions, as far as they stand now."""
        ending = self.parts[1]
        return not ending or (self.kind == "s" and ending == "csv") or self.axis_part is not None

    @property
    def axis_part(self) -> int | None:
        """Return the part of a story's time axis that is asked for by a page of its own; None for none."""
        _, ending = self.parts
        return int(ending.removeprefix("claims")) if ending.startswith("claims") else None

    @property
    def query(self) -> dict[str, str]:
        """Return the parameters that a redirection keeps."""
        return {key: value for key, value in (("as_of", self.day), ("theme", self.theme)) if value}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; `moved_to` is where to go on to, `elsewhere`: pages of other sites may show it."""

    body: bytes
    status: int = 200
    media: str = _HTML
    policy: str = style.POLICY
    elsewhere: bool = False
    moved_to: str | None = None


def make(cursor: duckdb.DuckDBPyConnection, home: Home, config: Config, asked: PageRequest) -> Answer:
    """Return the answer to `asked` from the published copy. Raises DataError where it cannot be read."""
    place, publisher = links.served(config.publisher.url), config.publisher
    day, fault = _day(asked.day)
    if fault:
        return _notice(400, "Which day?", fault, place, publisher)
    name, _ = asked.parts
    if asked.kind == "s":
        story_file = story_of(cursor, name, _as_of(day), seconds=config.ask.seconds)
        if story_file is None or not story_file.claims:
            known_id = name if story_file else None
            return _absent("story", known_id and place.story(known_id), day, place, publisher)
        if story_file.asked_id:
            return _moved(asked, story_file.subject.story_id)
        claim_ids = {claim.claim_id for claim in story_file.claims}
        dates = slips.slips_for(cursor, sorted(claim_ids), seconds=config.ask.seconds, as_of=_as_of(day))
        if asked.reads_journal:
            story_file = current_story(story_file, cursor, home, _as_of(day), seconds=config.ask.seconds)
        return _of_story(
            story_file, slips.among(dates, claim_ids), _past(story_file.meta, day), asked, place, publisher
        )
    try:
        case = claim_of(cursor, name, _as_of(day), config.ask.seconds)
    except HiddenError:
        words = "An editor decided not to show this claim. Its page stays empty while that decision stands."
        return _notice(410, "This claim is not shown", words, place, publisher)
    except NotYetKnownError:
        return _absent("claim", place.claim(name), day, place, publisher)
    except UnknownError:
        return _absent("claim", None, day, place, publisher)
    if case.asked_id:
        return _moved(asked, case.subject.claim_id)
    if asked.reads_journal:
        case = current_claim(case, cursor, home, _as_of(day), seconds=config.ask.seconds)
    return _of_claim(case, _past(case.meta, day), asked, place, home, publisher)


def trouble() -> Answer:
    """Return the answer where no page can be made now."""
    words = "Nothing is published here yet, or it cannot be read now. Please come again later."
    return _notice(503, "Not available now", words, links.served(""), PublisherConfig())


def _of_claim(
    case: CaseFile, day: date | None, asked: PageRequest, place: Links, home: Home, publisher: PublisherConfig
) -> Answer:
    _, ending = asked.parts
    if asked.kind == "embed":
        theme = cast(embed.Theme, asked.theme if asked.theme in ("light", "dark") else "")
        page = embed.claim_embed(case, place, publisher, theme)
        return Answer(page.encode(), policy=style.EMBED_POLICY, elsewhere=True)
    if ending == "png":
        return _file(card.claim_card(case, publisher), ending)
    if ending == "svg":
        return _file(claim.timeline_svg(case, publisher, day).encode(), ending)
    if ending == "csv":
        return _file(utf8(claim.statements_csv(case)), ending)
    review = None if day else claimreview.signed_review(case, home, publisher)
    return Answer(claim.claim_page(case, place, publisher, day=day, review=review).encode())


def _of_story(
    told: StoryFile,
    dates: list[slips.Slip],
    day: date | None,
    asked: PageRequest,
    place: Links,
    publisher: PublisherConfig,
) -> Answer:
    _, ending = asked.parts
    if (part := asked.axis_part) is not None:
        if not 2 <= part <= told.parts:
            return _absent("part of a story", None, day, place, publisher)
        return Answer(story.story_part_page(told, part, place, publisher, day=day).encode())
    if ending in story.DATES:
        content = story.slip_file(ending, told, dates, day)
        if content is None:
            return _absent("story", None, day, place, publisher)
        answer = _file(utf8(content), ending.rpartition(".")[2])
        return replace(answer, policy=style.SLIP_POLICY) if answer.elsewhere else answer
    if ending == "png":
        return _file(card.story_card(told, publisher), ending)
    if ending == "svg":
        return _file(story.story_svg(told, publisher, day).encode(), ending)
    if ending == "csv":
        return _file(utf8(story.claims_csv(told)), ending)
    return Answer(story.story_page(told, place, publisher, day=day, slips=dates).encode())


def _file(body: bytes, ending: str) -> Answer:
    return Answer(body, media=ENDINGS[ending], policy=style.FILE_POLICY, elsewhere=ending != "csv")


def _absent(what: str, now: str | None, day: date | None, place: Links, publisher: PublisherConfig) -> Answer:
    """Return the answer where nothing has that id, or nothing was known of it then; `now` is its page."""
    if now and day:
        words = f"Nothing was known of this {what} at the end of {day_words(_start(day))} (UTC)."
        return _notice(404, "Not known then", words, place, publisher, now, "What is known now")
    words = f"No {what} has this address. It may be mistyped, or the texts behind it were read again since."
    return _notice(404, f"No such {what}", words, place, publisher, "../claims", "All claims")


def _moved(asked: PageRequest, heir: str) -> Answer:
    """Return the way to the claim or story that stands for the one that was asked for."""
    ending = "" if asked.axis_part else asked.parts[1]  # the heir's axis has other parts
    return Answer(b"", 302, moved_to=f"./{heir}{'.' + ending if ending else ''}")


def _notice(
    status: int,
    title: str,
    words: str,
    place: Links,
    publisher: PublisherConfig,
    target: str = "../",
    target_words: str = "To the dashboard",
) -> Answer:
    page = notice.notice_page(title, words, place, publisher, target=target, target_words=target_words)
    return Answer(page.encode(), status)


def _day(given: str) -> tuple[date | None, str]:
    """Return the day that is asked for, or what is wrong with it."""
    if not given:
        return None, ""
    try:
        day = date.fromisoformat(given)
        day + timedelta(days=1)
    except (ValueError, OverflowError):
        return None, "as_of must be a day such as 2026-03-09: year, month and day, with hyphens."
    return day, ""


def _as_of(day: date | None) -> AsOf:
    return AsOf(_start(day) + timedelta(days=1)) if day else NOW


def _past(meta: dict[str, str], day: date | None) -> date | None:
    """Return `day`; None where it was not over when the copy was published, which counts as now."""
    return day if day and f"{day}" < meta.get("published_at", "")[:10] else None


def _start(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001  # the copy holds UTC without a zone
