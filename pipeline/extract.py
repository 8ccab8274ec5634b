"""Extract: from texts to the mentions in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from models.protocols import FoundMention, Language, Passage
from pipeline.context import RunContext, stable_id
from pipeline.records import Certainty, Kind, Mention, Part, Platform, Precision, Role, Severity, StageCounts
from pipeline.store import Store

BATCH = 256


@dataclass(frozen=True, slots=True)
class _Row:
    """A version to read, with its document and source."""

    version_id: str
    document_id: str
    number: int
    title: str | None
    text: str
    seen_at: datetime
    url: str | None
    platform: Platform
    author: str | None
    author_name: str | None
    published_at: datetime | None
    language: str | None
    source_name: str
    source_role: Role
    source_organisation: str | None


def extract(store: Store, run: RunContext, language: Language) -> StageCounts:
    """Find the mentions in every version that was not read yet.

    Reads versions, documents, sources; writes mentions, extracted, issues. A sentence that an earlier version of the
    document had already is one mention and stays with that version. A mention that first stands in a later version has
    no time of saying: the text changed in an interval.
    """
    todo = [version_id for (version_id,) in store.execute("extract", "todo")]
    mentions = done = skipped = 0
    for ids in _batches(todo):
        rows = store.read(_Row, "extract", "versions", {"versions": ids})
        documents = sorted({row.document_id for row in rows})
        parents = dict(store.execute("extract", "parents", {"documents": documents}))
        known = set(store.execute("extract", "quotes", {"documents": documents}))
        found = list(language.read([_passage(row, parents.get(row.document_id)) for row in rows]))
        with store.transaction():
            for row, candidates in zip(rows, found, strict=True):
                fresh = list(_mentions(store, run, row, candidates, known, language.name))
                store.append("mentions", fresh)
                mentions += len(fresh)
                done += bool(candidates)
                skipped += not candidates
            store.append("extracted", [{"version_id": r.version_id, "model": language.name, "mentions": len(f)} for r, f in zip(rows, found, strict=True)])
        run.progress("extract", done + skipped, len(todo))
    return StageCounts(len(todo), done, skipped, 0, {"mentions": mentions})


def _batches(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _passage(row: _Row, parent: str | None) -> Passage:
    return Passage(
        title=row.title,
        text=row.text,
        platform=row.platform,
        host=urlsplit(row.url or "").hostname or "",
        author=row.author,
        author_name=row.author_name,
        source_name=row.source_name,
        source_role=row.source_role,
        source_organisation=row.source_organisation,
        published_at=row.published_at,
        language=row.language,
        parent=parent,
    )


def _mentions(
    store: Store, run: RunContext, row: _Row, candidates: list[FoundMention], known: set[tuple[str, ...]], model: str
) -> Iterator[Mention]:
    """The candidates that are new and whose quote stands where it is said to stand."""
    for c in candidates:
        body = (row.title or "") if c.part == Part.TITLE else row.text
        quote = body[c.start : c.end]
        if not quote.strip() or not 0 <= c.start < c.end <= len(body):
            message = f"{model} gave characters {c.start} to {c.end} of {len(body)} in the {c.part}"
            run.issue(store, "extract", "quote_outside", message, severity=Severity.ERROR, place=row.version_id)
            continue
        key = (row.document_id, c.part, quote, c.proposition)
        if key in known:
            continue
        known.add(key)
        yield Mention(
            mention_id=stable_id("m", row.version_id, c.part, c.start, c.end, c.proposition),
            version_id=row.version_id,
            document_id=row.document_id,
            part=Part(c.part),
            start_char=c.start,
            end_char=c.end,
            quote=quote,
            proposition=c.proposition,
            kind=Kind(c.kind),
            speaker=c.speaker,
            speaker_role=Role(c.speaker_role),
            speaker_organisation=c.speaker_organisation,
            speech_verb=c.speech_verb,
            attributed_to=c.attributed_to,
            negated=c.negated,
            certainty=Certainty(c.certainty),
            event_at=c.event_at,
            event_precision=Precision(c.event_precision),
            organisations=c.organisations,
            entities=c.entities,
            numbers=c.numbers,
            cues=c.cues,
            said_at=row.published_at if row.number == 1 else None,
            seen_at=row.seen_at,
            model=model,
            run_id=run.run_id,
            by_author=c.by_author,
        )
