"""The chain of a claim in the published copy: what each voice said, and who followed whom by which sign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.core.config import AskConfig
from pipeline.core.errors import DataError
from pipeline.core.records import HEARSAY
from pipeline.core.rows import build
from pipeline.published.database import open_published, query
from pipeline.store.queries import Statements

SQL = Statements(__package__, "provenance_tree")

@dataclass(frozen=True, slots=True)
class Told:
    """What one document says of the claim: a row of `why.sql` told."""

    document_id: str
    stance: str
    source: str
    platform: str
    speaker: str | None
    quote: str
    certainty: str
    said_at: datetime | None
    said_precision: str
    published_from: str
    seen_at: datetime
    url: str | None
    voice: str
    voice_name: str
    independent: bool
    voice_reason: str | None
    origin_document_id: str | None
    gone_at: datetime | None
    edited_at: datetime | None

    @property
    def side(self) -> str:
        """The side that it is on: who reports a claim carries it."""
        return "supports" if self.stance == "reports" else self.stance


@dataclass(frozen=True, slots=True)
class Sign:
    """An edge: a row of `why.sql` signs, the strongest first."""

    document_id: str
    origin_document_id: str | None
    origin_name: str | None
    kind: str
    words: str | None


@dataclass(slots=True)
class Follower:
    """A document with the sign by which it follows what stands above it, and those that follow it in turn."""

    told: Told
    sign: Sign | None = None
    followers: list[Follower] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Behind:
    """An origin that does not speak to the claim itself."""

    document_id: str
    source: str
    url: str | None
    gone_at: datetime | None
    edited_at: datetime | None


@dataclass(frozen=True, slots=True)
class Chain:
    """All that is told of one claim; `old_id` where it was asked for by the id of one that it took over."""

    claim: dict[str, Any]
    told: list[Told]
    signs: list[Sign]
    behind: dict[str, Behind]
    blind_spots: list[dict[str, Any]]
    old_id: str | None = None


class Copy:
    """The published copy, asked for chains. Raises DataError where nothing is published."""

    def __init__(self, path: Path, bounds: AskConfig) -> None:
        self._connection = open_published(path, bounds)
        self._seconds = bounds.seconds

    def ask(self, name: str, **values: Any) -> list[dict[str, Any]]:
        """The rows of a statement of `why.sql`."""
        columns, rows = query(self._connection, SQL[name], values, seconds=self._seconds)
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def find(self, wanted: str) -> Chain | list[dict[str, Any]]:
        """The claim that is meant, or the several claims that have these words.

        Raises DataError where there is none.
        """
        if claims := self.ask("claim", claim=wanted):
            return self.chain(claims[0])
        for heir in self.ask("heir", claim=wanted):
            if claims := self.ask("claim", claim=heir["claim_id"]):  # one that an editor hid is not there
                return self.chain(claims[0], old_id=wanted)
        found = self.ask("matching", words=wanted.split())
        if not found:
            raise DataError(
                f'no claim has the id, or all the words of, {wanted!r}: try fewer words, or `rumortrail ask "FROM claims"`'
            )
        return self.chain(self.ask("claim", claim=found[0]["claim_id"])[0]) if len(found) == 1 else found

    def chain(self, claim: dict[str, Any], old_id: str | None = None) -> Chain:
        """All that is told of the claim."""
        claim_id = claim["claim_id"]
        told = [build(Told, row) for row in self.ask("told", claim=claim_id)]
        signs = [build(Sign, row) for row in self.ask("signs", claim=claim_id)]
        behind = {row["document_id"]: build(Behind, row) for row in self.ask("behind", claim=claim_id)}
        return Chain(claim, told, signs, behind, self.ask("blind_spots", claim=claim_id), old_id)


def voices(chain: Chain, side: str) -> list[list[Told]]:
    """What each voice of that side said and who passed it on, the earliest voice first."""
    found: dict[str, list[Told]] = defaultdict(list)
    for told in chain.told:
        if told.side == side and told.voice != HEARSAY:
            found[told.voice].append(told)
    return list(found.values())


def arrange(heads: list[Told], rest: list[Told], signs: Sequence[Sign]) -> dict[str, list[Follower]]:
    """Each follower under the document that its strongest sign leads to: head's document id -> its followers.

    Those from which no sign leads to one of the voice's documents stand under "", the voice itself.
    """
    tops: dict[str, list[Follower]] = {head.document_id: [] for head in heads}
    nodes = {told.document_id: Follower(told) for told in rest if told.document_id not in tops}
    above: dict[str, str] = {}
    # Copies of one text are copies of one another too: the first of them is what they are shown under.
    for sign in sorted(signs, key=lambda s: s.kind == "near_duplicate" and s.origin_document_id not in tops):
        child, parent = sign.document_id, sign.origin_document_id or ""
        if (
            child in nodes
            and child not in above
            and (parent in tops or (parent in nodes and not _leads(above, parent, child)))
        ):
            above[child] = parent
            nodes[child].sign = sign
    for child, node in nodes.items():
        parent = above.get(child, "")
        if node.sign is None:
            node.sign = next((s for s in signs if s.document_id == child and _names_it(s, node.told)), None)
        siblings = nodes[parent].followers if parent in nodes else tops.setdefault(parent, [])
        siblings.append(node)
    return tops


def _names_it(sign: Sign, told: Told) -> bool:
    """Whether a sign leads to a voice that does not speak to the claim itself."""
    return bool(sign.origin_name) or (
        sign.origin_document_id is not None and sign.origin_document_id == told.origin_document_id
    )


def _leads(above: dict[str, str], start: str, end: str) -> bool:
    """Whether one comes from `start` upwards to `end`: documents that point at each other."""
    while start in above and start != end:
        start = above[start]
    return start == end
