"""Atom feeds (RFC 4287) of what changed: whatever strangers wrote stands in them as text."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from pipeline.core.config import PublisherConfig

_ATOM = "http://www.w3.org/2005/Atom"
# What XML 1.0 cannot hold, not even escaped; and bidirectional controls, which make a text read as another.
_ODD = re.compile(
    "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed. Its id is made from `parts`, which never change, and `[publisher] url`."""

    parts: tuple[str, ...]
    title: str
    updated: datetime
    claim_id: str
    category: str
    content: str


def feed(
    parts: tuple[str, ...], title: str, entries: Sequence[Entry], publisher: PublisherConfig, now: datetime,
    own_address: str = "", page: Callable[[str], str | None] | None = None, front: str = "",
) -> str:  # fmt: skip
    """Return a feed of `entries`, the newest first; without any it was updated `now`.

    Its id is made from `parts` and `[publisher] url`; `own_address` is where it is served, if anywhere.
    `page` gives the address of a claim's page, `front` is that of the front page: without `page` both are the
    dashboard's.
    """
    address_of, front = (page, front) if page else (publisher.claim, publisher.url)
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed")
    name = publisher.name or "Rumortrail"
    _add(root, "id", _id(publisher, *parts))
    _add(root, "title", f"{name}: {title}")
    _add(root, "updated", written(max((entry.updated for entry in entries), default=now)))
    _add(_add(root, "author"), "name", name)
    _add(root, "generator", "Rumortrail")
    if front:
        _add(root, "link", rel="alternate", type="text/html", href=front)
    if own_address:
        _add(root, "link", rel="self", type="application/atom+xml", href=own_address)
    for entry in entries:
        element = _add(root, "entry")
        _add(element, "id", _id(publisher, *entry.parts))
        _add(element, "title", entry.title, type="text")
        _add(element, "updated", written(entry.updated))
        if address := address_of(entry.claim_id):
            _add(element, "link", rel="alternate", type="text/html", href=address)
        _add(element, "category", term=entry.category)
        _add(element, "content", entry.content, type="text")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def written(at: datetime) -> str:
    """Return a time as feeds have it; one without a zone is UTC."""
    zoned = at if at.tzinfo else at.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{_ATOM}}}{tag}", attributes)
    element.text = _ODD.sub("\ufffd", text) if text is not None else None
    return element


def _id(publisher: PublisherConfig, *parts: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, " ".join(["rumortrail", publisher.url, *parts])).urn
