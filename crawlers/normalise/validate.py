"""The hostile edge: what a spider or a file says is validated here, once, before it may enter the inbox.

pydantic checks types; the rules on times, lengths and addresses are ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)

from crawlers.normalise.dates import Moment, read_moment
from crawlers.normalise.text_repair import repair
from crawlers.normalise.time_limit import bounded
from crawlers.normalise.urls import MAX_GIVEN, canonical_url
from pipeline.core.inbox_records import InboxDocument, InboxLink
from pipeline.core.text import shorten
from pipeline.core.vocabulary import DateOrigin, Extent, LinkKind, Platform, Precision

MAX_TEXT = 2_000_000
REPAIR_SECONDS = 30.0
"""Processor seconds for the repair of one text: most take milliseconds, the longest wrecked ones 25 s."""
MAX_TITLE = 2_000
MAX_NAME = 300
MAX_ID = 500
LANGUAGE = "^[A-Za-z0-9-]{1,35}$"
MAX_LINKS = 500
"""Links beyond these are left out."""
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = timedelta(days=1)
"""The time after `seen_at` at which a publication may lie: clocks differ, and a day has its zones."""


_TAG = re.compile(r"</?[a-zA-Z][^<>]*(?:>|$)")


def _plain_name(value: Any) -> Any:
    """Return a name without tags: feeds give authors as HTML, and what is nothing but a tag names nobody."""
    name = _one_line(value)
    return _TAG.sub("", name).strip() or None if isinstance(name, str) else name


def _one_line(value: Any) -> Any:
    if not isinstance(value, str) or len(value) > MAX_GIVEN:
        return value  # a wrong type or a length that the field's own bounds refuse
    return " ".join(filter(None, map(str.strip, repair(value).split("\n")))) or None


def _anchor(value: Any) -> Any:
    return _one_line(value[:MAX_NAME]) if isinstance(value, str) else value


_Id = Annotated[Annotated[str, Field(max_length=MAX_ID)] | None, BeforeValidator(_one_line)]
_Title = Annotated[Annotated[str, Field(max_length=MAX_TITLE)] | None, BeforeValidator(_one_line)]
_Name = Annotated[Annotated[str, Field(max_length=MAX_NAME)] | None, BeforeValidator(_plain_name)]
_Reply = Annotated[Annotated[str, Field(max_length=MAX_GIVEN)] | None, BeforeValidator(_one_line)]


def _seconds(value: Any) -> Any:
    """Refuse a text of few digits as a number of seconds: "2026" is a year, and "20260227" a day of it."""
    if isinstance(value, str) and re.fullmatch(r"\s*\d{1,8}\s*", value):
        raise ValueError("a date")
    return value


StatedTime = Annotated[
    Annotated[AwareDatetime, BeforeValidator(_seconds)] | Any, Field(union_mode="left_to_right")
]
"""A time as a platform states it. What is none stays as it came: `document` reports it and does without."""


class _Link(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)

    url: str
    kind: LinkKind = LinkKind.LINK
    words: Annotated[str | None, BeforeValidator(_anchor)] = None


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    url: str | None = None
    platform: Platform
    source: Annotated[str, BeforeValidator(_one_line), Field(min_length=1, max_length=MAX_NAME)]
    text: str = ""
    seen_at: datetime
    id: _Id = None
    title: _Title = None
    headline: _Title = None
    author: _Name = None
    author_name: _Name = None
    published_precision: Precision | None = None
    published_from: DateOrigin | None = None
    language: Annotated[str, Field(pattern=LANGUAGE)] | None = None
    in_reply_to: _Reply = None
    links: list[_Link] = []
    modified_at: datetime | None = None
    modified_precision: Precision = Precision.UNKNOWN
    artefact: bool = False
    extent: Extent = Extent.WHOLE
    score: Annotated[int, Field(ge=-(2**63), lt=2**63)] | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    warc: Annotated[str, Field(max_length=MAX_TITLE)] | None = None

    @field_validator("text", mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value or ""
        with bounded(REPAIR_SECONDS, "a text"):
            return repair(value).strip()

    @field_validator("links", mode="before")
    @classmethod
    def _links(cls, value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return [{"url": item} if isinstance(item, str) else item for item in value[:MAX_LINKS]]
        return [] if value is None else value

    @field_validator("seen_at", mode="after")
    @classmethod
    def _aware(cls, value: datetime) -> datetime:
        return _utc(value)


def document(*, undated: Callable[[str], None], max_text: int = MAX_TEXT, allow_file: bool = False,
             **fields: Any) -> InboxDocument:
    """Return a valid document from `fields`, which are those of InboxDocument; `links` may be plain URLs.

    Title, text and names are repaired, addresses made canonical, a link that has no canonical form left out,
    `published_at` and `not_before` may be texts, which count for no more than is written (a time without a
    zone is UTC; of one from an API only the day is used). One that cannot be read or cannot be true is left
    out, since what is said counts without it: `undated` is called with the reason. Where it was seen on the
    first day (UTC) on which it can have been published, it was published on that day. Of `url` and `id` one
    is enough. `max_text` is in characters; `allow_file` lets `url` be a file: address. Raises ValueError that
    names every field at fault.
    """
    text = fields.get("text")
    if isinstance(text, str) and len(text) > max_text:
        raise ValueError(f"text: {len(text)} characters; at most {max_text} are allowed")
    fields = dict(fields)
    stated_times = {name: fields.pop(name, None) for name in ("published_at", "not_before")}
    try:
        validated = _Document.model_validate(fields)
    except ValidationError as error:
        raise ValueError(_faults(error)) from error
    times: dict[str, Moment | None] = {}
    faults = []
    for name, value in stated_times.items():
        try:
            times[name] = _moment(value, validated.seen_at)
        except ValueError as error:
            times[name] = None
            faults.append(f"{name}: {error}")
    moment, not_before = times["published_at"], times["not_before"]
    if moment and not moment.zoned and validated.published_from is DateOrigin.API:
        moment = moment.day()
    precision, origin = _certainty(moment, validated, written=isinstance(stated_times["published_at"], str))
    begins = max(stamp.at for stamp in (not_before, moment) if stamp) if not_before else None
    if begins and not precision.to_the_day and (day := _one_day(begins, validated.seen_at)):
        moment, precision, origin = day, Precision.DAY, validated.published_from or DateOrigin.GIVEN
    changed = validated.modified_at and _utc(validated.modified_at)
    believed = changed is not None and EARLIEST <= changed <= validated.seen_at + LATEST
    if not validated.text and not validated.title:
        raise ValueError("text: the document has neither title nor text")
    checked: dict[str, Any] = {
        "url": _address(validated.url, validated.id, allow_file=allow_file),
        "published_at": moment.at if moment else None,
        "published_precision": precision,
        "published_from": origin,
        "not_before": not_before.at if not_before else None,
        "modified_at": changed if believed else None,
        "modified_precision": validated.modified_precision if believed else Precision.UNKNOWN,
        "in_reply_to": _reply(validated.in_reply_to),
        "links": _canonical_links(validated.links),
    }
    result = InboxDocument(**dict(validated) | checked)
    for fault in faults:
        undated(fault)
    return result


def _utc(value: datetime) -> datetime:
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{value.isoformat()} is an impossible date: {error}") from error


def _moment(value: Any, seen_at: datetime) -> Moment | None:
    """Return a stated time. Raises ValueError where it cannot be read, or cannot be true."""
    if value is None:
        return None
    if isinstance(value, datetime):
        moment = Moment(_utc(value), Precision.SECOND, True)
    elif isinstance(value, str):
        moment = read_moment(value)
    else:
        raise ValueError(f"a date as text is expected, not {_cut(value)}")
    if moment.at < EARLIEST:
        raise ValueError(f"{moment.at.isoformat()} is before {EARLIEST.year}")
    if moment.at > seen_at + LATEST:
        raise ValueError(f"{moment.at.isoformat()} is after it was seen ({seen_at.isoformat()})")
    return moment


def _certainty(
    moment: Moment | None, validated: _Document, *, written: bool
) -> tuple[Precision, DateOrigin]:
    """Return how exact `moment` is and where it is from: no more exact than it is `written`, if it is."""
    if moment is None:
        return Precision.UNKNOWN, DateOrigin.UNKNOWN
    precision = validated.published_precision or moment.precision
    if precision is Precision.UNKNOWN:
        raise ValueError("published_precision: unknown goes with no published_at")
    if written:
        precision = max(precision, moment.precision, key=list(Precision).index)
    return precision, validated.published_from or DateOrigin.GIVEN


def _one_day(first: datetime, last: datetime) -> Moment | None:
    """Return the day between `first` and `last`, if there is only one."""
    if first.date() != last.date():
        return None
    return Moment(datetime.combine(first.date(), time(), UTC), Precision.DAY, True)


def _address(url: str | None, own_id: str | None, *, allow_file: bool) -> str | None:
    if not url:
        if own_id is None:
            raise ValueError("url: neither url nor id names the document")
        return None
    if allow_file and url.startswith("file:///") and url.isascii() and url.isprintable():
        return url
    try:
        return canonical_url(url)
    except ValueError as error:
        raise ValueError(f"url: {error}") from error


def _reply(reply: str | None) -> str | None:
    """Return what it replies to: a canonical URL, or another document's id as it is."""
    if reply is None or urlsplit(reply).scheme not in ("http", "https"):
        return reply
    try:
        return canonical_url(reply)
    except ValueError as error:
        raise ValueError(f"in_reply_to: {error}") from error


def _canonical_links(raw_links: list[_Link]) -> tuple[InboxLink, ...]:
    links: dict[tuple[str, LinkKind], InboxLink] = {}
    for link in raw_links:
        try:
            target = canonical_url(link.url)
        except ValueError:
            continue  # mailto:, javascript:, a broken link: nothing that could lead to a document
        links.setdefault((target, link.kind), InboxLink(target, link.kind, link.words))
    return tuple(links.values())


def _faults(error: ValidationError) -> str:
    """Return every fault of a document on one line, with the values received cut short."""
    faults = []
    for fault in error.errors(include_url=False):
        field_path = ".".join(map(str, fault["loc"])) or "document"
        got = "" if fault["type"] == "missing" else f" (got {_cut(fault['input'])})"
        faults.append(f"{field_path}: {fault['msg']}{got}")
    return "; ".join(faults[:5]) + (f"; and {len(faults) - 5} more" if len(faults) > 5 else "")


def _cut(value: Any) -> str:
    return shorten(repr(value[:80] if isinstance(value, (str, bytes)) else value), 100)
