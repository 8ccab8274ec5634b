"""The JSON of claims, stories and sources: the one place that makes it, from what the readers read.

Every list is bounded; an answer says of each list how many rows were left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import quote

from pipeline.core.config import PublisherConfig
from pipeline.core.rows import aware
from pipeline.core.text import counted
from pipeline.exports import json_base as base
from pipeline.exports import json_claims as of_claims
from pipeline.exports import json_sources as of_sources
from pipeline.exports import json_stories as of_stories
from pipeline.published.claim import EXTENTS, LATEST, AsOf, CaseFile
from pipeline.published.claim_list import ListedClaim
from pipeline.published.claim_rows import Evidence
from pipeline.published.database import published_at
from pipeline.published.search import SearchResult
from pipeline.published.sources import ListedSource, RecordSlice, Repeat, SourceClaim
from pipeline.published.stories import StoryFile
from pipeline.published.story_rows import StoryLine

STATEMENTS = 200
"""Statements of a claim in its document; the others are read in parts."""
ROWS = 500
"""Rows, at most, of any other list within a document."""

_WHO = {
    "speaker": "&who=People", "organisation": "&who=Organisations", "house": "&who=Publisher+groups",
}  # fmt: skip
"""The end of the address of the sources page, for those in its list who are no sources."""

Part = TypeVar("Part", bound=base.Document)


def claim_document(
    case: CaseFile, publisher: PublisherConfig, as_of: AsOf, *, statements: int = STATEMENTS, rows: int = ROWS
) -> of_claims.ClaimDocument:
    """Return a claim as JSON has it, with its first `statements` and `rows` of each other list."""
    lists: dict[str, tuple[type[base.Document], Sequence[object]]] = {
        "first": (base.Words, case.first),
        "history": (of_claims.Step, case.moves),
        "text_events": (of_claims.TextEvent, case.happenings),
        "provenance": (of_claims.FollowedFrom, case.signs),
        "documents": (of_claims.ProvenanceDocument, list(case.documents.values())),
        "rivals": (of_claims.RivalClaim, case.rivals),
        "decisions": (of_claims.EditorsDecision, case.decisions),
        "joins": (of_claims.JoinedClaim, case.joins),
        "resolutions": (of_claims.ResolutionText, case.resolutions),
        "outages": (of_claims.SourceOutage, case.outages),
    }
    return of_claims.ClaimDocument(
        **{name: getattr(case.subject, name) for name in _of(of_claims.ClaimDocument, case.subject)}
        | {
            "evidence_ids": list(case.subject.evidence_ids),
            "importance_why": list(case.subject.importance_why or ()),
            "organisations": list(case.subject.organisations),
            "entities": list(case.subject.entities),
        },
        **{name: _parts(kind, held[:rows]) for name, (kind, held) in lists.items()},  # type: ignore[arg-type]
        evidence=[_statement(statement) for statement in case.statements[:statements]],
        asked_id=case.asked_id,
        story_id=case.story.story_id if case.story else None,
        address=page_of("c/", case.subject.claim_id, publisher),
        as_of=_asked(as_of),
        first_total=max([len(case.first), *(words.total for words in case.first)]),
        left_out=_left_out(
            {name: len(held) - rows for name, (_, held) in lists.items()}
            | {"evidence": len(case.statements) - statements}
        ),
        published_at=published_at(case.meta),
    )


def statement_page(case: CaseFile, as_of: AsOf, start: int, limit: int) -> of_claims.StatementPage:
    """Return `limit` statements of a claim, from the one numbered `start` on; `next` is the next number."""
    total = len(case.statements)
    return of_claims.StatementPage(
        claim_id=case.subject.claim_id,
        asked_id=case.asked_id,
        as_of=_asked(as_of),
        evidence=[_statement(statement) for statement in case.statements[start : start + limit]],
        total=total,
        next=str(start + limit) if start + limit < total else None,
        published_at=published_at(case.meta),
    )


def claim_line(claim: ListedClaim, publisher: PublisherConfig) -> of_claims.ClaimLine:
    """Return a claim of the list as JSON has it."""
    first = of_claims.First(
        speaker=claim.first_speaker,
        source=claim.first_source,
        said_at=claim.first_said_at,
        said_precision=claim.first_precision,  # type: ignore[arg-type]  # a word of the enum
        about_the_same_time=claim.as_early,
    )
    found_by = None if claim.by_words is None else "words" if claim.by_words else "meaning"
    return of_claims.ClaimLine(
        **{name: getattr(claim, name) for name in _of(of_claims.ClaimLine, claim)}
        | {"checkworthy_why": list(claim.checkworthy_why or ())},
        address=page_of("c/", claim.claim_id, publisher),
        first=first,
        found_by=found_by,
    )


def search_words(found: SearchResult | None) -> str | None:
    """Return what a search did in a sentence; None without one."""
    if found is None:
        return None
    words = counted(found.by_words, "claim has", "claims have")
    if found.silent:
        return f"{words} the words. Meaning was not searched: {found.silent}."
    return f"{words} the words; {counted(found.by_meaning, 'more has', 'more have')} a similar meaning."


def story_line(story: StoryLine, publisher: PublisherConfig) -> of_stories.StoryInList:
    """Return a story of the list as JSON has it."""
    return of_stories.StoryInList(
        **{name: getattr(story, name) for name in _of(of_stories.StoryInList, story)}
        | {
            "organisations": list(story.organisations),
            "entities": list(story.entities),
            "states": _parts(of_stories.State, story.states),
            "first": _part(of_stories.StoryFirst, story.first) if story.first else None,
            "moved": _part(of_stories.StoryMove, story.moved) if story.moved else None,
        },
        address=page_of("s/", story.story_id, publisher),
    )


def story_document(
    file: StoryFile, publisher: PublisherConfig, as_of: AsOf, *, rows: int = STATEMENTS
) -> of_stories.StoryDocument:
    """Return a story as JSON has it, with at most `rows` of each list."""
    lists: dict[str, tuple[type[base.Document], Sequence[object]]] = {
        "claims": (of_stories.ClaimOfStory, file.claims),
        "moves": (of_stories.Band, file.moves),
        "first": (of_stories.WordsOnClaim, file.first),
        "marks": (of_stories.DenialOrArtefact, file.marks),
        "spread": (of_stories.SpreadDocument, file.spread),
        "rivals": (of_stories.RivalsOfStory, file.rivals),
        "deadlines": (of_stories.DeadlineOfStory, file.deadlines),
        "related": (of_stories.RelatedStory, file.kin),
        "days": (base.Days, file.days),
    }
    left = {name: len(held) - rows for name, (_, held) in lists.items()}
    if file.spread:
        left["spread"] = file.spread[0].total - rows
    open_questions = file.open_questions
    return of_stories.StoryDocument(
        **{name: _parts(kind, held[:rows]) for name, (kind, held) in lists.items()},  # type: ignore[arg-type]
        still_open=[
            of_stories.StillOpen(
                claim_id=question.claim.claim_id,
                would_change=question.would_change,
                resolution=question.resolution.text if question.resolution else None,
            )
            for question in open_questions[:rows]
        ],
        states=_parts(of_stories.State, file.states),
        story_id=file.subject.story_id,
        asked_id=file.asked_id,
        address=page_of("s/", file.subject.story_id, publisher),
        title=file.subject.title,
        organisations=list(file.subject.organisations),
        entities=list(file.subject.entities),
        split_from=file.subject.split_from,
        voices=file.voices,
        mentions=file.mentions,
        as_of=_asked(as_of),
        left_out=_left_out(left | {"still_open": len(open_questions) - rows}),
        published_at=published_at(file.meta),
    )


def source_line(source: ListedSource, publisher: PublisherConfig) -> of_sources.SourceLine:
    """Return a source of the list as JSON has it."""
    return of_sources.SourceLine(
        **{name: getattr(source, name) for name in _of(of_sources.SourceLine, source)},
        address=page_of("sources?id=", source.source_id, publisher) + _WHO.get(source.who, ""),
    )


def source_document(
    source: ListedSource,
    publisher: PublisherConfig,
    slices: Sequence[RecordSlice],
    claims: Sequence[SourceClaim],
    takes: Sequence[Repeat],
    taken: Sequence[Repeat],
    meta: Mapping[str, str],
) -> of_sources.SourceDocument:
    """Return a source as JSON has it; each list knows in `total` how many rows there are."""
    left = {
        "claims": claims[0].total - len(claims) if claims else 0,
        "takes_from": takes[0].total - len(takes) if takes else 0,
        "taken_by": taken[0].total - len(taken) if taken else 0,
    }
    return of_sources.SourceDocument(
        source=source_line(source, publisher),
        slices=_parts(of_sources.SliceOfRecord, slices),
        claims=_parts(of_sources.ClaimOfSource, claims),
        takes_from=_parts(of_sources.RepeatOfSource, takes),
        taken_by=_parts(of_sources.RepeatOfSource, taken),
        left_out=_left_out(left),
        published_at=published_at(meta),
    )


def page_of(page: str, key: str, publisher: PublisherConfig) -> str:
    """Return the address of a page for readers, such as `c/`: whole where the public address is set."""
    return f"{publisher.url.rstrip('/')}/{page}{quote(key, safe='')}"


def _statement(evidence: Evidence) -> of_claims.Statement:
    return of_claims.Statement(
        **{name: getattr(evidence, name) for name in _of(of_claims.Statement, evidence)},
        read_in_part=EXTENTS.get(evidence.extent),
    )


def _asked(as_of: AsOf) -> base.Asked:
    instants = (as_of.seen, as_of.said)
    seen, said = (None if at.replace(tzinfo=None) >= LATEST else aware(at) for at in instants)
    return base.Asked(seen=seen, said=said)


def _left_out(counts: Mapping[str, int]) -> list[base.LeftOut]:
    return [base.LeftOut(list=name, rows=rows) for name, rows in counts.items() if rows > 0]


def _parts(kind: type[Part], records: Iterable[object]) -> list[Part]:
    return [_part(kind, record) for record in records]


def _part(kind: type[Part], record: object) -> Part:
    return kind.model_validate(record)


def _of(kind: type[base.Document], record: object) -> list[str]:
    """Return the fields of `kind` that `record` has under the same name."""
    return [name for name in kind.model_fields if hasattr(record, name)]
