"""What is known of a claim, piece by piece: evidence, release pages, edits, editors' rulings, rivals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from pipeline.core.vocabulary import Certainty, Platform, Role, Stance, Status, VoiceKey
from pipeline.text.details import Details
from pipeline.text.figures import unmatched


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of evidence.

    `at` is when it was said, or seen where `said` is False; `source` publishes it.
    """

    claim_id: str
    evidence_id: str
    document_id: str
    stance: Stance
    at: datetime
    said: bool
    voice: VoiceKey
    voice_name: str
    independent: bool
    role: Role
    organisation: str | None
    by_author: bool
    certainty: Certainty
    speech_verb: str | None
    quote: str
    numbers: tuple[str, ...]
    source: str
    source_id: str
    platform: Platform
    source_role: Role
    source_organisation: str | None
    artefact: bool
    gone: bool
    edited: bool
    own_work: bool = False  # an artefact whose authors speak of the thing as theirs ("we introduce")
    sure: bool = True  # it surely stands on its side, in words that name what the claim is about
    ruled: bool = False  # an editor decided on which side it stands
    weak: bool = False  # it stands against the claim, and is read too unsurely to count
    proposition: str | None = None  # of a mention that was put with the claim: its words decide if it is sure
    said_earliest: datetime | None = None  # the bounds of the time of saying, None where nothing bounds it
    said_latest: datetime | None = None

    def surely_before(self, other: Item) -> bool:
        """Return whether it is known to have been said before `other`."""
        if self.said_latest is None or other.said_earliest is None:
            return False
        return self.said_latest < other.said_earliest

    @property
    def said_by(self) -> datetime:
        """Return the time by which it was surely said: for a month the month's end, if it was seen later."""
        return self.at if self.said_latest is None else min(self.at, self.said_latest)

    @property
    def first_party(self) -> bool:
        """Return whether the subject of the claim speaks."""
        return self.role is Role.FIRST_PARTY

    @property
    def carries(self) -> bool:
        """Return whether it carries the claim on, standing behind it or not."""
        return self.stance in (Stance.SUPPORTS, Stance.REPORTS)

    @property
    def plain(self) -> bool:
        """Return whether it states or foretells it, as against hedging, asking or passing it on."""
        return self.certainty in (Certainty.ASSERTED, Certainty.PREDICTED)

    @property
    def own_words(self) -> bool:
        """Return whether the voice itself speaks here, as against somebody who passes it on."""
        return self.independent or self.first_party

    @property
    def at_home(self) -> bool:
        """Return whether it stands in a document of the speaker or of the speaker's organisation."""
        return self.by_author or (self.organisation is not None
                                  and self.organisation == self.source_organisation)


@dataclass(frozen=True, slots=True)
class Artefact:
    """A version of a release page of one of the claim's organisations; `name` is its title, or the end of its
    URL.

    `text` is its beginning and its end, where platforms state their facts. If its time is not `said`, it was
    there `at` that time and may have been there before, not earlier than `not_before`.
    """

    document_id: str
    name: str
    url: str
    organisation: str
    at: datetime
    said: bool
    platform: Platform = Platform.OTHER
    text: str = ""
    not_before: datetime | None = None

    @property
    def earliest(self) -> datetime | None:
        """Return the earliest time at which it may have been there, None where that is not known."""
        return self.at if self.said else self.not_before

    def may_have_met(self, deadline: datetime) -> bool:
        """Return whether it may have been there at `deadline`, and is not known to have been."""
        return self.at >= deadline and not self.said and (self.earliest is None or self.earliest < deadline)


# Times that mean another day in a text that was edited the day after.
_RELATIVE = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tonight|tomorrow|yesterday"
    r"|(?:next|last|this|coming|past) \w+"
)


def _dates(times: frozenset[str]) -> set[str]:
    return {time for time in times if not _RELATIVE.fullmatch(time)}


def _goes_on(before: str, after: str) -> bool:
    """Return whether a sentence stands as it was, with more behind it: "..., not 72 billion as we wrote"."""
    return re.match(re.escape(before.rstrip(" .!")) + r"\s*[,;:(–—-]", after) is not None


@lru_cache(maxsize=65536)
def _differs(claim: str, before: str, after: str) -> bool:
    """Return whether words became their opposite, or have another figure or time than the claim."""
    claimed, old, new = Details(claim), Details(before), Details(after)
    lost = [figure for figure in unmatched(old.figures, new.figures)
            if any(figure.agrees(other) for other in claimed.figures)]
    # A name that gives way to "it" takes its number with it, and changes nothing.
    other_figure = any(figure.amount for figure in lost) or (lost and unmatched(new.figures, old.figures))
    other_time = _dates(old.times - new.times) & claimed.times and _dates(new.times - old.times)
    turned = old.denies != new.denies and not _goes_on(before, after)
    return turned or bool(other_figure or other_time)


@dataclass(frozen=True, slots=True)
class Rewording:
    """A later version of a document no longer says what a piece of evidence quotes.

    `after` is what stands in its place, None where nothing does; `hedged` says whether it was plain and is no
    more. `noted`: the page says that it was corrected. It changed between `unchanged_at`, where known, and
    `seen_at`; at `restored_at` the old words were seen to stand there again.
    """

    claim_id: str
    evidence_id: str
    document_id: str
    version_id: str
    before: str
    after: str | None
    hedged: bool
    noted: bool
    unchanged_at: datetime | None
    seen_at: datetime
    restored_at: datetime | None = None

    def softens(self, claim: str) -> bool:
        """Return whether the document no longer stands behind the claim: its words are hedged, gone, turned
        into their opposite, or have another figure or time than the claim.
        """
        return self.hedged or self.after is None or _differs(claim, self.before, self.after)

    def holds(self, at: datetime) -> bool:
        """Return whether the words were not restored by then."""
        return self.restored_at is None or self.restored_at > at


@dataclass(frozen=True, slots=True)
class Telling:
    """Plain words on a release, by a source that says nothing of the claim itself."""

    claim_id: str
    mention_id: str
    quote: str
    at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """What an editor decided."""

    status: Status
    editor: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rival:
    """A claim that cannot be true together with this one, and since when it is substantiated."""

    claim_id: str
    claim: str
    at: datetime
    said: bool
