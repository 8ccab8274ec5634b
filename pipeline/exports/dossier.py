"""`rumortrail dossier`: one claim with all its evidence as a page that needs nothing and loads nothing."""

from __future__ import annotations

import base64
import hashlib
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from markupsafe import Markup

from pipeline.archive.seals import load_seal, timestamps
from pipeline.core.config import Config, Home
from pipeline.core.errors import DataError
from pipeline.core.records import HEARSAY, Precision
from pipeline.exports.templates import render, text_of
from pipeline.exports.timeline_svg import Mark, marks, picture
from pipeline.published.claim import OUTAGES, CaseFile
from pipeline.published.claim_rows import Evidence
from pipeline.published.provenance_tree import follows
from pipeline.text.sanitize import host_of, line, plain, safe


@dataclass(frozen=True, slots=True)
class Kept:
    """The archived page of a version: its record, and the Merkle root of its night, or why there is none."""

    record: str
    root: str | None
    stamped: bool
    fault: str | None


def dossier(home: Home, config: Config, case: CaseFile, now: datetime) -> str:
    """The page of `case` as HTML, as of `now`: light, for screens from 390 px on and for A4.

    Its policy (CSP) lets nothing load and nothing run; the one style sheet is known by its hash. Reads the
    seals of the archive.
    """
    style = text_of("dossier.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    found = marks(case.statements)
    numbers = {one.evidence_id: number for number, one in enumerate(case.statements, 1)}
    told = _finding(case)
    until = _published(case) or now
    drawn = {
        name: picture(
            found,
            case.moves,
            until=until,
            deadline=case.subject.event_at,
            width=width,
            words=f"Timeline. {told}",
        )
        for name, width in (("wide", 720), ("narrow", 350))
    }
    return render(
        "dossier.html",
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        style=Markup(style),
        title=plain(case.subject.claim, 120),
        case=case,
        subject=case.subject,
        finding=told,
        pictures=drawn,
        statements=list(zip(case.statements, found, _keeping(home, case.statements), strict=True)),
        rests=[numbers[evidence] for evidence in case.subject.evidence_ids if evidence in numbers],
        numbers=numbers,
        followings=_followings(case),
        outages=OUTAGES,
        publisher=config.publisher,
        page=config.publisher.claim(case.subject.claim_id),
        made=now,
        software=_software(case),
        when=when,
        link=link,
        voice=_voice,
        place=_place,
        spaced=lambda word: Markup(line(str(word).replace("_", " "), 80)),
        hollow=any(mark.hollow for mark in found),
    )


def when(at: datetime | None, precision: str = Precision.SECOND) -> str:
    """A time in words, no finer than it is known."""
    if at is None or precision == Precision.UNKNOWN:
        return "unknown"
    forms = {
        Precision.YEAR: f"{at.year}, the day unknown",
        Precision.QUARTER: f"Q{(at.month + 2) // 3} {at.year}, the day unknown",
        Precision.MONTH: f"{at:%B} {at.year}, the day unknown",
        Precision.DAY: f"{at.day} {at:%B} {at.year}, the hour unknown",
    }
    return forms.get(Precision(precision), f"{at.day} {at:%B} {at.year}, {at:%H:%M:%S} UTC")


def link(url: str | None) -> Markup:
    """The address in full; a link, which tells nobody where it was clicked, only for a plain web address."""
    if url is None:
        return Markup('<span class="soft">no address</span>')
    shown = Markup(safe(url, 2_100))
    host = host_of(url)
    if host is None:
        return Markup('<span class="soft">no web address: </span>') + shown
    elsewhere = Markup(" (host {})").format(host) if host not in url else ""
    rel = "noreferrer noopener nofollow"
    return Markup('<a href="{}" rel="{}" referrerpolicy="no-referrer">{}</a>{}').format(
        url, rel, shown, elsewhere
    )


def _keeping(home: Home, statements: list[Evidence]) -> list[Kept | None]:
    seals: dict[str, tuple[str | None, bool, str | None]] = {}
    found: list[Kept | None] = []
    for one in statements:
        if one.warc is None:
            found.append(None)
            continue
        name = Path(one.warc.partition("#")[0]).name
        if name not in seals:
            seals[name] = _seal(home.archive / name)
        found.append(Kept(one.warc, *seals[name]))
    return found


def _seal(archive: Path) -> tuple[str | None, bool, str | None]:
    try:
        sealed = load_seal(archive)
    except DataError:
        return None, False, "the seal of its archive cannot be read; `rumortrail verify` tells more"
    if sealed is None:
        return None, False, "its archive has no seal"
    return sealed.root, bool(timestamps(archive)), None


def _finding(case: CaseFile) -> str:
    """Return what the picture shows, in one sentence of our own words."""
    subject, moves = case.subject, case.moves
    dated = moves and moves[-1].at_is_said
    since = f" since {when(moves[-1].at, Precision.DAY).partition(',')[0]}" if dated else ""
    parts = ["carried by rumour alone" if subject.supports + subject.reports else "carried by nobody"]
    if subject.voices:
        parts = [f"carried by {subject.voices:,} independent voice{'' if subject.voices == 1 else 's'}"]
    for voices, verb in ((subject.denied_by, "denied"), (subject.questioned_by, "questioned")):
        parts += [f"{verb} by {voices:,}"] if voices else []
    listed = ", ".join(parts[:-1]) + (" and " if parts[1:] else "") + parts[-1]
    return f"{subject.status.capitalize()}{since}: {listed}."


def _voice(one: Evidence, mark: Mark) -> str:
    if one.voice_key == HEARSAY:
        return "an unattributed rumour; nobody stands behind it, so it counts as no voice"
    if not one.is_voice:
        return "shown, and not counted"  # the reason, which says that it was not traced, stands beside it
    if one.independent:
        return "speaks for itself" if mark.large else "speaks for itself again; repetition adds no voice"
    return "repeats another voice; repetition adds no voice"


def _followings(case: CaseFile) -> list[dict[str, Any]]:
    """Return who follows whom, by time: two documents, or one and the name of a voice that is not stored."""
    rows = []
    for sign in case.signs:
        document, origin = case.documents[sign.document_id], case.documents.get(sign.origin_document_id or "")
        name = origin.source if origin else sign.origin_name or "a voice that is not stored"
        words = Markup(follows(sign.kind, "<b>{}</b>")).format(Markup(line(name)))
        rows.append({"document": document, "origin": origin, "follows": words, "quote": sign.words})
    return sorted(rows, key=lambda row: row["document"].published_at or row["document"].seen_at)


def _place(one: Evidence) -> str:
    part = "headline" if one.part == "title" else "text"
    place = f"{part}, characters {one.start_char:,} to {one.end_char:,}"
    return f"version {one.version} of {one.newest_version}, {place}"


def _published(case: CaseFile) -> datetime | None:
    try:
        at = datetime.fromisoformat(case.meta.get("published_at", ""))
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _software(case: CaseFile) -> list[tuple[str, Any]]:
    return [
        ("Rumortrail", case.meta.get("version", "unknown")),
        ("Python", platform.python_version()),
        ("DuckDB", duckdb.__version__),
        ("Published copy", f"run {case.meta.get('run_id', 'unknown')}, {when(_published(case))}"),
        *(
            [
                (
                    "Journal of decisions",
                    f"{case.meta['journal_entries']} entries, SHA-256 {case.meta['journal_head']}",
                )
            ]
            if "journal_head" in case.meta
            else []
        ),
    ]
