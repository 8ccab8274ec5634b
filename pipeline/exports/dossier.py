"""`rumortrail dossier`: one claim with all its evidence as a page that needs nothing and loads nothing."""

from __future__ import annotations

import base64
import hashlib
import platform
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from markupsafe import Markup

from pipeline.archive.seals import load_seal, timestamps
from pipeline.core.config import Config
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.exports.templates import render, text_of
from pipeline.exports.timeline_svg import marks, picture
from pipeline.exports.wording import finding, link, voice, when
from pipeline.published.claim import EXTENTS, OUTAGES, CaseFile
from pipeline.published.claim_rows import Evidence
from pipeline.published.database import published_at
from pipeline.published.provenance_tree import follows
from pipeline.text.sanitize import line, plain


@dataclass(frozen=True, slots=True)
class Kept:
    """The archived page of a version: its record, and the Merkle root of its night, or why there is none."""

    record: str
    root: str | None
    stamped: bool
    fault: str | None


def dossier(home: Home, config: Config, case: CaseFile, now: datetime) -> str:
    """Return the page of `case` as HTML, as of `now`: light, for screens from 390 px on and for A4.

    Its policy (CSP) lets nothing load and nothing run; the one style sheet is known by its hash. Reads the
    seals of the archive.
    """
    style = text_of("dossier.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    drawn_marks = marks(case.statements)
    numbers = {statement.evidence_id: number for number, statement in enumerate(case.statements, 1)}
    sentence = finding(case)
    until = published_at(case.meta) or now
    pictures = {
        name: picture(
            drawn_marks,
            case.moves,
            until=until,
            deadline=case.subject.event_at,
            width=width,
            words=f"Timeline. {sentence}",
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
        finding=sentence,
        pictures=pictures,
        statements=list(zip(case.statements, drawn_marks, _keeping(home, case.statements), strict=True)),
        rests=[numbers[evidence] for evidence in case.subject.evidence_ids if evidence in numbers],
        numbers=numbers,
        followings=_followings(case),
        outages=OUTAGES,
        extents=EXTENTS,
        publisher=config.publisher,
        page=config.publisher.claim(case.subject.claim_id),
        made=now,
        software=_software(case),
        when=when,
        link=link,
        voice=lambda statement, mark: voice(statement, first=mark.large),
        place=_place,
        spaced=lambda word: Markup(line(str(word).replace("_", " "), 80)),
        hollow=any(mark.hollow for mark in drawn_marks),
    )


def _keeping(home: Home, statements: list[Evidence]) -> list[Kept | None]:
    seals: dict[str, tuple[str | None, bool, str | None]] = {}
    pages: list[Kept | None] = []
    for statement in statements:
        if statement.warc is None:
            pages.append(None)
            continue
        name = Path(statement.warc.partition("#")[0]).name
        if name not in seals:
            seals[name] = _seal(home.archive / name)
        pages.append(Kept(statement.warc, *seals[name]))
    return pages


def _seal(archive: Path) -> tuple[str | None, bool, str | None]:
    try:
        sealed = load_seal(archive)
    except DataError:
        return None, False, "the seal of its archive cannot be read; `rumortrail verify` tells more"
    if sealed is None:
        return None, False, "its archive has no seal"
    return sealed.root, bool(timestamps(archive)), None


def _followings(case: CaseFile) -> list[dict[str, Any]]:
    """Return who follows whom, by time: two documents, or one and the name of a voice that is not stored."""
    rows = []
    for sign in case.signs:
        document, origin = case.documents[sign.document_id], case.documents.get(sign.origin_document_id or "")
        name = origin.source if origin else sign.origin_name or "a voice that is not stored"
        words = Markup(follows(sign.kind, "<b>{}</b>")).format(Markup(line(name)))
        rows.append({"document": document, "origin": origin, "follows": words, "quote": sign.words})
    return sorted(rows, key=lambda row: row["document"].published_at or row["document"].seen_at)


def _place(evidence: Evidence) -> str:
    part = "headline" if evidence.part == "title" else "text"
    place = f"{part}, characters {evidence.start_char:,} to {evidence.end_char:,}"
    return f"version {evidence.version} of {evidence.newest_version}, {place}"


def _software(case: CaseFile) -> list[tuple[str, Any]]:
    return [
        ("Rumortrail", case.meta.get("version", "unknown")),
        ("Python", platform.python_version()),
        ("DuckDB", duckdb.__version__),
        ("Published copy", f"run {case.meta.get('run_id', 'unknown')}, {when(published_at(case.meta))}"),
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
