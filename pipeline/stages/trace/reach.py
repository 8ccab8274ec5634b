"""Which documents the statements of a claim may have been taken from, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.stages.trace.model import Way

FARTHEST = 50
"""The most steps taken from a document that speaks of the claim; also the most documents, for each of those,
looked at that say nothing of it, the nearest first: in a long thread each claim meets the same ones."""


@dataclass(slots=True)
class Reach:
    """The documents that can be reached from those that speak of a claim, these among them, and the ways.

    `led_on` are documents that lead on to others that are not followed.
    """

    speaking: frozenset[str]
    documents: set[str] = field(init=False)
    ways: list[Way] = field(default_factory=list)
    led_on: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.documents = set(self.speaking)

    def step(self, documents: Iterable[str], ways: Mapping[str, Sequence[Way]]) -> list[str]:
        """Go one step from `documents`; return those that are new."""
        limit = len(self.speaking) * (1 + FARTHEST)
        fresh = []
        for document_id in documents:
            for way in ways[document_id]:
                origin = way.origin_document_id
                if origin not in self.speaking and (way.surplus or (origin not in self.documents
                                                                    and len(self.documents) == limit)):
                    self.led_on.add(document_id)
                    continue
                if origin not in self.documents:
                    self.documents.add(origin)
                    fresh.append(origin)
                self.ways.append(way)
        return fresh


def find_reach(
    claims: Mapping[str, Iterable[str]], ways_from: Callable[[Sequence[str]], Iterable[Way]]
) -> dict[str, Reach]:
    """Return what can be reached from the documents that speak of each claim.

    `ways_from` reads where documents lead by one step; it is asked once for each document.
    """
    reaches = {claim_id: Reach(frozenset(documents)) for claim_id, documents in claims.items()}
    frontier = {claim_id: sorted(reach.documents) for claim_id, reach in reaches.items()}
    ways: dict[str, list[Way]] = {}
    for _ in range(FARTHEST):
        if not (frontier := {claim_id: documents for claim_id, documents in frontier.items() if documents}):
            break
        fresh = sorted(set[str]().union(*frontier.values()) - ways.keys())
        ways |= {document_id: [] for document_id in fresh}
        for way in ways_from(fresh) if fresh else ():
            ways[way.document_id].append(way)
        frontier = {claim_id: reaches[claim_id].step(documents, ways)
                    for claim_id, documents in frontier.items()}
    for claim_id, documents in frontier.items():
        reaches[claim_id].led_on.update(documents)
    return reaches
