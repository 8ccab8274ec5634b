"""An Atom feed (RFC 4287) of the changes of status of claims."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from pipeline.core.config import PublisherConfig
from pipeline.core.records import Status
from pipeline.core.text import counted

ENTRIES = 200
"""The newest changes that a feed holds."""

_ATOM = "http://www.w3.org/2005/Atom"
# What XML 1.0 cannot hold, not even escaped; and bidirectional controls, which make a text read as another.
_ODD = re.compile(
    "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


@dataclass(frozen=True, slots=True)
class Changed:
    """A claim whose status a run changed; times are UTC."""

    claim_id: str
    claim: str
    judged_at: datetime
    moved_at: datetime | None
    status_before: Status | None
    status: Status
    voices: int
    reason: str


def atom(
    changes: Sequence[Changed],
    publisher: PublisherConfig,
    now: datetime,
    address: Callable[[str], str | None] | None = None,
) -> str:
    """Return the feed of `changes`, the newest first.

    Ids are made from the claim, the time of judging and `[publisher] url`. `address` gives the address of a
    claim's page; without it that is the one on the dashboard.
    """
    page = address or publisher.claim
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed")
    name = publisher.name or "Rumortrail"
    _add(feed, "id", _id(publisher, "changes"))
    _add(feed, "title", f"{name}: where claims about AI models stand")
    _add(feed, "updated", _time(max((change.judged_at for change in changes), default=now)))
    _add(_add(feed, "author"), "name", name)
    _add(feed, "generator", "Rumortrail")
    if publisher.url:
        _add(feed, "link", rel="alternate", type="text/html", href=publisher.url)
    for change in changes:
        entry = _add(feed, "entry")
        _add(entry, "id", _id(publisher, change.claim_id, _time(change.judged_at)))
        _add(entry, "title", f"{change.status.capitalize()}: {change.claim}", type="text")
        _add(entry, "updated", _time(change.judged_at))
        if at := page(change.claim_id):
            _add(entry, "link", rel="alternate", type="text/html", href=at)
        _add(entry, "category", term=change.status)
        _add(entry, "content", _content(change), type="text")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="unicode") + "\n"


def _content(change: Changed) -> str:
    before = f"It was {change.status_before} before." if change.status_before else "The claim is new."
    said = f"on {change.moved_at:%Y-%m-%d}" if change.moved_at else "at an unknown time"
    voices = counted(change.voices, "independent voice")
    return f"{change.reason} {before} {voices}. What moved it was said {said}. Claim {change.claim_id}."


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, f"{{{_ATOM}}}{tag}", attributes)
    made.text = _ODD.sub("\ufffd", text) if text is not None else None
    return made


def _id(publisher: PublisherConfig, *parts: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, " ".join(["rumortrail", publisher.url, *parts])).urn


def _time(at: datetime) -> str:
    zoned = at if at.tzinfo else at.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
