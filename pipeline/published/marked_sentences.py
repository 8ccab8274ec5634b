"""Denials and primary documents of a story sentence by sentence: one may speak to several of its claims."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from pipeline.published.story_rows import Mark


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """A sentence with all claims of the story that it denies, or is a document of; `mark` has its words."""

    mark: Mark
    claim_ids: tuple[str, ...]


def by_sentence(marks: Iterable[Mark]) -> list[MarkedSentence]:
    """Return the marks, those of one sentence as one, in the order of the first of each."""
    groups: dict[Hashable, list[Mark]] = {}
    for mark in marks:
        place = (mark.source_id, mark.url, mark.said_at, mark.seen_at)
        groups.setdefault((mark.what, mark.stance, mark.speaker, mark.quote, place), []).append(mark)
    return [MarkedSentence(group[0], tuple(dict.fromkeys(mark.claim_id for mark in group)))
            for group in groups.values()]
