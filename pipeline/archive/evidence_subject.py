"""What an evidence bundle is about: one document, or a claim with all its documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pipeline.core.config import Config
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.published.claim import CaseFile, read_claim
from pipeline.published.database import open_published, query
from pipeline.published.place import copy_of
from pipeline.store.queries import Statements

SQL = Statements(__package__, "evidence_subject")


@dataclass(frozen=True, slots=True)
class Subject:
    """The documents and their archived versions, in the order in which they were published.

    `claim` is None for a document alone. `statements` are a claim's, each with the place of its quote.
    `faults` names the documents of which nothing is archived.
    """

    documents: list[dict[str, Any]]
    versions: list[dict[str, Any]]
    faults: list[str]
    claim: dict[str, Any] | None = None
    statements: list[dict[str, Any]] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Return the claim, or the document's title, or its id."""
        document = self.documents[0]
        return str(self.claim["claim"] if self.claim else document["title"] or document["document_id"])


def read_subject(home: Home, config: Config, wanted: str) -> Subject:
    """Return the document, or else the claim, with the id `wanted`, from the published copy.

    Raises DataError where there is neither, and where nothing was archived of it.
    """
    subject = _documents(home, config, [wanted])
    if not subject.documents:
        subject = _claim(home, config, wanted)
    if not subject.versions:
        raise DataError(f"{wanted} has no archived response: it was read from a file")
    return subject


def _documents(home: Home, config: Config, ids: list[str]) -> Subject:
    connection = open_published(copy_of(home, config), config.ask)
    try:
        rows_by_name = {}
        for name, sql in SQL.items():
            columns, rows = query(connection, sql, {"ids": ids}, seconds=config.ask.seconds)
            rows_by_name[name] = [dict(zip(columns, row, strict=True)) for row in rows]
    finally:
        connection.close()
    versions = [version for version in rows_by_name["versions"] if version["warc"]]
    kept_ids = {version["document_id"] for version in versions}
    faults = [
        f"{document['document_id']} has no archived response: it was read from a file"
        for document in rows_by_name["documents"]
        if document["document_id"] not in kept_ids
    ]
    return Subject(rows_by_name["documents"], versions, faults)


def _claim(home: Home, config: Config, claim_id: str) -> Subject:
    try:
        case = read_claim(home, config, claim_id)
    except DataError as error:
        hint = '`rumortrail ask "SELECT document_id, url FROM documents"` lists the documents'
        raise DataError(f"no document {claim_id!r} is published ({hint}), and as a claim: {error}") from error
    subject = _documents(home, config, sorted(case.documents))
    claim: dict[str, Any] = {
        "claim_id": case.subject.claim_id,
        "claim": case.subject.claim,
        "status": case.subject.status,
        "reason": case.subject.reason,
    }
    if case.asked_id:
        claim["asked_id"] = case.asked_id
    return Subject(subject.documents, subject.versions, subject.faults, claim, _statements(case))


def _statements(case: CaseFile) -> list[dict[str, Any]]:
    return [
        {
            "evidence_id": statement.evidence_id,
            "document_id": statement.document_id,
            "version": statement.version,
            "part": statement.part,
            "start_char": statement.start_char,
            "end_char": statement.end_char,
            "quote": statement.quote,
            "in_place": statement.in_place,
            "stance": statement.stance,
            "speaker": statement.speaker,
            "said_at": statement.said_at,
        }
        for statement in case.statements
    ]
