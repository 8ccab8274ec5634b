"""Extract: from texts to the passages and mentions in them, and who speaks where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from models.protocols.language import DocumentText, FoundMention, Language, Reading
from pipeline.core.context import RunContext
from pipeline.core.records import Mention, StageCounts, stable_id
from pipeline.core.vocabulary import Certainty, Kind, Part, Platform, Precision, Role, Severity
from pipeline.store.queries import Statements
from pipeline.store.row_by_row import row_by_row
from pipeline.store.store import Store
from pipeline.text.forums import is_account, is_forum

SQL = Statements(__package__, "extract")

BATCH = 1024
"""Versions that are read before they are stored; fewer where they are long (BATCH_LENGTH characters)."""
BATCH_LENGTH = 1_000_000
READ_LENGTH = 200_000
"""Characters of a text that are read, some thirty thousand words; all of it is kept."""
READ_PASSAGES = 3_000
"""Passages of a text that are kept, from its beginning; an article of 12,000 characters has up to 211."""
READ_STATEMENTS = 100
"""Mentions of a text that are kept, from its beginning; such an article has up to 59. Clustering compares
each with each.
"""


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
    published_precision: Precision
    language: str | None
    in_reply_to: str | None
    said_at: datetime | None
    source_name: str
    source_role: Role
    source_organisation: str | None
    source_id: str


@dataclass(slots=True)
class _Tally:
    done: int = 0
    skipped: int = 0
    mentions: int = 0
    passages: int = 0
    foreign: int = 0
    broken: int = 0
    failed: int = 0


_Heard = tuple[str, Reading | None] | None
"""The language of a text and what was read in it. None for a text that breaks its reader; a reading that
takes too long is None.
"""


def extract(store: Store, run: RunContext, language: Language) -> StageCounts:
    """Find the passages and mentions in every version that was not read yet, oldest first.

    Reads versions, documents, sources; writes passages, speech, mentions, extracted, issues, names (what each
    name is), and the language of documents that do not say it. A sentence that an earlier version of the
    document had already is one mention and one passage and stays with that version; one that first stands in
    a later version has no time of saying, since the text changed in an interval. `skipped` counts versions
    without a passage; those in other languages than English and Chinese have no mentions. A text that breaks
    the language model, or takes it too long, is counted as failed, with an issue, and not read again; of a
    long one the beginning is read, with an issue.
    """
    todo: list[tuple[str, int]] = store.execute(SQL["todo"])
    tally = _Tally()
    for versions in _batches(todo):
        rows = store.read(_Row, SQL["versions"], {"versions": versions})
        _read(store, run, language, rows, tally)
        run.progress("extract", tally.done + tally.skipped + tally.failed, len(todo))
    _store_names(store, language)
    detail = {"passages": tally.passages, "mentions": tally.mentions, "other_language": tally.foreign,
              "broken_quotes": tally.broken}
    return StageCounts(len(todo), tally.done, tally.skipped, tally.failed, detail)


def _batches(todo: Sequence[tuple[str, int]]) -> Iterator[list[str]]:
    """Yield the versions in order, as many at a time as are stored together: a killed run resumes there."""
    versions: list[str] = []
    length = 0
    for version_id, characters in todo:
        if versions and (len(versions) == BATCH or length + characters > BATCH_LENGTH):
            yield versions
            versions, length = [], 0
        versions.append(version_id)
        length += min(characters, READ_LENGTH)
    if versions:
        yield versions


def _read(store: Store, run: RunContext, language: Language, rows: list[_Row], tally: _Tally) -> None:
    documents = sorted({row.document_id for row in rows})
    parents = dict(store.execute(SQL["parents"], {"documents": documents}))

    def heard(batch: Sequence[_Row]) -> list[_Heard]:
        texts = [_text(row, parents.get(row.document_id)) for row in batch]
        codes = [language.language_of(text) for text in texts]
        return list(zip(codes, language.read(texts), strict=True))

    known_quotes = {(document, part, quote)
                    for document, part, quote in store.execute(SQL["quotes"], {"documents": documents})}
    stored_passages = set(store.execute(SQL["passage_quotes"], {"documents": documents}))
    readings = row_by_row(store, run, "extract", rows, heard, lambda row: row.document_id,
                          unread=lambda _: None)
    with store.transaction():
        extracted = []
        languages: list[tuple[str, str]] = []
        mentions: list[Mention] = []
        passages: list[dict[str, object]] = []
        speech: list[dict[str, object]] = []
        for row, result in zip(rows, readings, strict=True):
            if result is None:
                tally.failed += 1
                extracted.append({"version_id": row.version_id, "model": language.name, "mentions": 0})
                continue
            language_code, reading = result
            languages.append((row.document_id, language_code))
            if reading is None:
                tally.failed += 1
                extracted.append({"version_id": row.version_id, "model": language.name, "mentions": 0})
                _report(store, run, row, "slow_text", "the text takes too long to read, and is kept unread")
                continue
            fresh = [mention for mention in _stated(store, run, row, reading, language.name, tally)
                     if (row.document_id, str(mention.part), mention.quote) not in known_quotes]
            known_quotes |= {(row.document_id, str(mention.part), mention.quote) for mention in fresh}
            mentions += fresh
            passages += _passages(row, reading, language_code, language.name, run, stored_passages)
            speech += _speech(row, reading)
            extracted.append({"version_id": row.version_id, "model": language.name, "mentions": len(fresh)})
            tally.mentions += len(fresh)
            has_content = bool(reading.mentions or reading.passages)
            tally.foreign += language_code != "en"
            tally.done += has_content
            tally.skipped += not has_content
        store.append("mentions", mentions)
        store.append("passages", passages)
        store.append("speech", speech)
        store.append("extracted", extracted)
        store.execute(SQL["mark"], {"documents": [document for document, _ in languages],
                                    "languages": [language_code for _, language_code in languages]})
    tally.passages += len(passages)


def _stated(store: Store, run: RunContext, row: _Row, reading: Reading, model: str,
            tally: _Tally) -> Iterator[Mention]:
    """Yield the mentions of a version; if it is too long, those of its beginning."""
    statements = list(_mentions(reading))
    if (len(row.text) > READ_LENGTH or len(reading.passages) > READ_PASSAGES
            or len(statements) > READ_STATEMENTS):
        words = f"of {len(row.text):,} characters the beginning is read"
        _report(store, run, row, "long_text", words, Severity.WARNING)
    for statement, whole in statements[:READ_STATEMENTS]:
        if (mention := _mention(row, statement, model, run, whole)) is None:
            tally.broken += 1
            _report(store, run, row, "quote_outside", _quote_outside(row, statement, model))
        else:
            yield mention


def _mentions(reading: Reading) -> Iterator[tuple[FoundMention, bool]]:
    """Yield the statements that are found, and then the sentences that none of them repeats whole (True)."""
    yield from ((mention, False) for mention in reading.mentions)
    propositions = {(mention.part, mention.proposition) for mention in reading.mentions}
    yield from ((sentence, True) for sentence in reading.sentences
                if (sentence.part, sentence.proposition) not in propositions)


def _passages(row: _Row, reading: Reading, language_code: str, model: str, run: RunContext,
              stored_passages: set[tuple[object, ...]]) -> list[dict[str, object]]:
    """Return the rows of a version's passages; those already stored, with earlier versions, stay there.
    """
    rows: list[dict[str, object]] = []
    for passage in reading.passages[:READ_PASSAGES]:
        quote = _body(row, passage.part)[passage.start : passage.end]
        key = (row.document_id, passage.part, quote)
        if key in stored_passages:
            continue
        stored_passages.add(key)
        rows.append({
            "passage_id": stable_id("p", row.version_id, passage.part, passage.start, passage.end),
            "version_id": row.version_id, "document_id": row.document_id, "part": passage.part,
            "start_char": passage.start, "end_char": passage.end, "names": passage.names,
            "organisations": passage.organisations, "inherited": passage.inherited,
            "numbers": passage.numbers, "language": language_code,
            "speaker": reading.author, "speaker_organisation": reading.author_organisation,
            "said_at": row.said_at, "seen_at": row.seen_at,
            "model": model, "run_id": run.run_id,
        })
    return rows


def _speech(row: _Row, reading: Reading) -> list[dict[str, object]]:
    return [
        {"version_id": row.version_id, "part": speech.part, "start_char": speech.start,
         "end_char": speech.end, "voice": speech.voice, "speaker": speech.speaker,
         "speaker_organisation": speech.speaker_organisation, "speech_verb": speech.speech_verb,
         "attributed_to": speech.attributed_to, "certainty": speech.certainty}
        for speech in reading.speech
    ]


def _body(row: _Row, part: str) -> str:
    return (row.title or "") if part == Part.TITLE else row.text


def _store_names(store: Store, language: Language) -> None:
    """Store what each name is, for names about which this language model was not asked yet."""
    names = [name for (name,) in store.execute(SQL["names"], {"model": language.name})]
    rows = [{"name": name.name, "type": name.type, "owner": name.owner, "model": language.name}
            for name in language.known(names)]
    resolved_names = {row["name"] for row in rows}
    unknown = [{"name": name, "type": "unknown", "owner": None, "model": language.name}
               for name in names if name not in resolved_names]
    store.append("names", rows + unknown, replace=True)


def _text(row: _Row, parent: str | None) -> DocumentText:
    forum = is_forum(row.platform, row.source_role, row.url, row.in_reply_to)
    return DocumentText(
        title=row.title,
        text=_beginning(row.text),
        platform=row.platform,
        # The owner of a forum tells nothing of its users, and a forum does not speak for a nameless user.
        host="" if forum else _host(row.url or ""),
        author=row.author,
        author_name=row.author_name,
        source_name="" if forum and not is_account(row.platform, row.source_id) else row.source_name,
        source_role=row.source_role,
        source_organisation=row.source_organisation,
        # A text whose day is not known cannot say what its "tomorrow" is.
        published_at=row.published_at if row.published_precision.to_the_day else None,
        language=row.language,
        parent=_beginning(parent) if parent else None,
    )


# Parts of a repository to which everybody may write.
_WRITTEN_BY_ANYBODY = frozenset({"issues", "pull", "pulls", "discussions", "wiki"})


def _host(url: str) -> str:
    """Return the host of a URL with the first part of its path, which on some hosts names the page's owner;
    without that part where anybody may write, whoever owns the page.
    """
    parts = urlsplit(url)
    names = parts.path.strip("/").split("/")
    account = "" if _WRITTEN_BY_ANYBODY.intersection(names) else names[0]
    return f"{parts.hostname or ''}/{account}".strip("/")


def _beginning(text: str) -> str:
    """Return what is read of a text: it ends with a line or a sentence, where there is any."""
    if len(text) <= READ_LENGTH:
        return text
    last = max(text.rfind(mark, READ_LENGTH // 2, READ_LENGTH) for mark in ("\n", ". ", "! ", "? ", "。"))
    return text[: last + 1 if last > 0 else READ_LENGTH]


def _mention(row: _Row, statement: FoundMention, model: str, run: RunContext, whole: bool) -> Mention | None:
    """Return the mention to store; None where its quote does not stand in the version."""
    body = _body(row, statement.part)
    quote = body[statement.start : statement.end] if 0 <= statement.start < statement.end <= len(body) else ""
    if not quote.strip():
        return None
    return Mention(
        mention_id=stable_id("m", row.version_id, statement.part, statement.start, statement.end,
                             statement.proposition),
        version_id=row.version_id,
        document_id=row.document_id,
        part=Part(statement.part),
        start_char=statement.start,
        end_char=statement.end,
        quote=quote,
        proposition=statement.proposition,
        kind=Kind(statement.kind),
        speaker=statement.speaker,
        speaker_role=Role(statement.speaker_role),
        speaker_organisation=statement.speaker_organisation,
        speech_verb=statement.speech_verb,
        attributed_to=statement.attributed_to,
        negated=statement.negated,
        certainty=Certainty(statement.certainty),
        event_at=statement.event_at,
        event_precision=Precision(statement.event_precision),
        organisations=statement.organisations,
        entities=statement.entities,
        numbers=statement.numbers,
        cues=statement.cues,
        said_at=row.said_at,
        seen_at=row.seen_at,
        model=model,
        run_id=run.run_id,
        by_author=statement.by_author,
        whole=whole,
    )


def _quote_outside(row: _Row, statement: FoundMention, model: str) -> str:
    span = (f"characters {statement.start} to {statement.end} of {len(_body(row, statement.part))} "
            f"in the {statement.part}")
    return f"{model} gave {span}: no quote stands there"


def _report(store: Store, run: RunContext, row: _Row, code: str, message: str,
            severity: Severity = Severity.ERROR) -> None:
    store.record_issue(run, "extract", code, message, severity=severity, place=row.version_id)
