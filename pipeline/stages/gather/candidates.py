"""Search: which passages may speak to a claim, by names, time and the cosine of their embeddings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipeline.core.records import Kind, Precision
from pipeline.text.slots import Slots

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Sought:
    """A claim that passages are sought for; nobody was heard on it yet where `first_at` is None."""

    claim_id: str
    claim: str
    kind: Kind
    organisations: tuple[str, ...]
    entities: tuple[str, ...]
    event_at: datetime | None
    event_precision: Precision
    first_at: datetime | None
    last_at: datetime | None
    vector: tuple[float, ...]
    followed: bool
    numbers: tuple[str, ...] = ()

    @cached_property
    def slots(self) -> Slots:
        """Return what may tell it from a look-alike."""
        return Slots(self.claim, self.kind, self.organisations, self.entities, self.numbers, self.event_at,
                     self.event_precision)

    @cached_property
    def keys(self) -> frozenset[str]:
        """Return the keys of its names, `name_keys`."""
        return name_keys((*self.entities, *self.organisations))


def name_keys(names: Iterable[str]) -> frozenset[str]:
    """Return the first words of names, by which "Llama 4" and "Llama 4 Scout" meet."""
    return frozenset(words[0].lower() for name in names if (words := name.replace("-", " ").split()))


def nearest(claims: Sequence[Sought], vectors: Vectors, floors: Vectors,
            most: int) -> Iterator[tuple[int, int]]:
    """Yield pairs (claim, row of `vectors`): each claim's `most` nearest rows, none below its floor."""
    if not claims or not len(vectors):
        return
    sought = np.asarray([claim.vector for claim in claims], dtype=np.float32)
    for number, cosines in enumerate(sought @ vectors.T):
        rows = np.flatnonzero(cosines >= floors)
        if len(rows) > most:
            rows = rows[np.argpartition(-cosines[rows], most)[:most]]
        yield from ((number, int(row)) for row in rows[np.lexsort((rows, -cosines[rows]))])
