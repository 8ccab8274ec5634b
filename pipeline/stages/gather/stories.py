"""Stories: claims about the same things in the same days that touch one another, under one title.

How likely two claims are of one story is a small logistic model over what is stored of them; average link
then keeps one claim between two stories from melting them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from pipeline.core.context import RunContext
from pipeline.core.records import stable_id
from pipeline.core.rows import build
from pipeline.stages.gather.titles import title_of
from pipeline.store.queries import Statements
from pipeline.store.store import Store

SQL = Statements(__package__, "stories")

# Log-odds by feature, from labelled claims: `benchmarks/stories.py --fit`.
WEIGHTS = {"likeness": 4.78, "names": 1.56, "organisations": 2.27, "days": -0.4, "documents": 2.39}
BIAS = -3.79
TOGETHER = 0.2  # the mean probability from which groups of claims are one story
BOUND = log(TOGETHER / (1 - TOGETHER))  # the same as log-odds
HOLD = 1.0  # log-odds by which claims of one story hold together, and those of two apart
AROUND = timedelta(days=30)  # claims that were never talked about this near to each other open no story
BATCH = 1000  # changed claims at once
BLOCK = 500  # rows scored at once

Vectors = NDArray[np.float32]
Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Heard:
    """A claim with where and when it was talked about.

    `story_id` is the story that it is in; `stories` are that one and those of claims merged into it.
    """

    claim_id: str
    claim: str
    entities: tuple[str, ...]
    organisations: tuple[str, ...]
    first_at: datetime
    last_at: datetime
    documents: tuple[str, ...]
    mentions: int
    story_id: str | None
    stories: tuple[str, ...]


def tell_stories(store: Store, run: RunContext, model: str) -> Counter[str]:
    """Put new and changed claims to stories, by the vectors of the embedder `model`.

    A claim of an earlier night keeps its story unless what was said since weighs against it. Reads claims,
    members, mentions, claim_vectors; writes stories, story_claims, story_heirs, storied. Returns how many
    stories are new, grew, were merged into others or split off.
    """
    changed = [claim for (claim,) in store.execute(SQL["changed"], {"model": model})]
    counts: Counter[str] = Counter()
    for start in range(0, len(changed), BATCH):
        batch = changed[start : start + BATCH]
        claims, vectors = _around(store, batch, model)
        likeness = Likeness(claims, vectors)
        nodes = _touched(claims, likeness, set(batch))
        groups = [[nodes[number] for number in group]
                  for group in grouped(likeness, nodes, [claims[node].story_id for node in nodes])]
        with store.transaction():
            counts += _save(store, run, [[claims[node] for node in group] for group in groups])
            store.append("storied", (
                {"claim_id": claim.claim_id, "claim": claim.claim, "mentions": claim.mentions}
                for claim in claims if claim.claim_id in set(batch)), replace=True)
    return counts


class Likeness:
    """How likely claims are of one story, by pairs."""

    def __init__(self, claims: Sequence[Heard], vectors: Vectors) -> None:
        self._vectors = vectors
        self._days = np.asarray([claim.first_at.timestamp() / 86400 for claim in claims])
        self._until = np.asarray([claim.last_at.timestamp() / 86400 for claim in claims])
        named = [set(claim.entities) - set(claim.organisations) for claim in claims]
        self._names = _incidence(named, self._days)
        self._organisations = _incidence([claim.organisations for claim in claims], self._days)
        self._documents = _incidence([claim.documents for claim in claims])
        self._sizes = np.asarray([max(1, len(claim.documents)) for claim in claims], dtype=np.float64)

    def features(self, rows: Sequence[int], columns: Sequence[int]) -> dict[str, Table]:
        """Return a table for each feature, shape (rows, columns).

        The cosine of the sentences; the names and the organisations that both have, each by how rare it is
        in those days; the logarithm of the days between their first words; of the documents of the one with
        fewer, the share that speaks of both.
        """
        shared = _common(self._documents, rows, columns)
        return {
            "likeness": np.asarray(self._vectors[rows] @ self._vectors[columns].T, dtype=np.float64),
            "names": _common(self._names, rows, columns),
            "organisations": _common(self._organisations, rows, columns),
            "days": np.log1p(np.abs(self._days[rows][:, None] - self._days[columns][None, :])),
            "documents": shared / np.minimum(self._sizes[rows][:, None], self._sizes[columns][None, :]),
        }

    def odds(self, rows: Sequence[int], columns: Sequence[int]) -> Table:
        """Return log-odds, shape (rows, columns)."""
        found = np.full((len(rows), len(columns)), BIAS)
        for name, table in self.features(rows, columns).items():
            found += WEIGHTS[name] * table
        return found

    def near(self, rows: Sequence[int], columns: Sequence[int]) -> NDArray[np.bool_]:
        """Return which were talked about within AROUND of each other, shape (rows, columns)."""
        begun = np.maximum(self._days[rows][:, None], self._days[columns][None, :])
        ended = np.minimum(self._until[rows][:, None], self._until[columns][None, :])
        return np.asarray(begun - ended <= AROUND.days)


def grouped(likeness: Likeness, nodes: Sequence[int], stories: Sequence[str | None]) -> list[list[int]]:
    """Return groups of places in `nodes`, by their first place; `stories` are those that the nodes are in."""
    numbers = {story: number for number, story in enumerate(dict.fromkeys(filter(None, stories)))}
    codes = np.asarray([numbers[story] if story else -1 for story in stories], dtype=np.intp)
    claims = np.asarray(nodes, dtype=np.intp)

    def held(rows: Sequence[int], columns: Sequence[int]) -> Table:
        ours, theirs = codes[rows][:, None], codes[columns][None, :]
        hold = np.where((ours < 0) | (theirs < 0), 0.0, np.where(ours == theirs, HOLD, -HOLD))
        return np.asarray(likeness.odds(claims[rows].tolist(), claims[columns].tolist()) + hold)

    # No mean between two parts can reach the bound that no pair reaches.
    edges: list[NDArray[np.intp]] = []
    every = list(range(len(nodes)))
    for start in every[::BLOCK]:
        rows = every[start : start + BLOCK]
        found = (held(rows, every) >= BOUND) & likeness.near(claims[rows].tolist(), claims.tolist())
        edges.append(np.argwhere(found) + np.asarray([start, 0]))
    pairs = np.concatenate(edges) if edges else np.zeros((0, 2), dtype=np.intp)
    graph = csr_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(nodes), len(nodes)))
    parts: dict[int, list[int]] = defaultdict(list)
    for place, part in enumerate(connected_components(graph, directed=False)[1]):
        parts[int(part)].append(place)
    groups: list[list[int]] = []
    for places in parts.values():
        if len(places) == 1:
            groups.append(places)
            continue
        upper = held(places, places)[np.triu_indices(len(places), 1)]
        cut = fcluster(linkage(1 / (1 + np.exp(upper)), "average"), 1 - TOGETHER, "distance")
        found_groups: dict[int, list[int]] = defaultdict(list)
        for place, number in zip(places, cut, strict=True):
            found_groups[int(number)].append(place)
        groups.extend(found_groups.values())
    return sorted(groups)


def _around(store: Store, batch: Sequence[str], model: str) -> tuple[list[Heard], Vectors]:
    """Return the claims that a batch may share a story with, the batch among them, with their vectors."""
    table = store.table(SQL["around"], {"claims": list(batch), "days": AROUND.days, "model": model})
    flat = [part.flatten().to_numpy(zero_copy_only=False) for part in table.column("vector").chunks]
    vectors = np.concatenate(flat) if flat else np.zeros(0, dtype=np.float32)
    rows = table.drop_columns(["vector"]).to_pylist()
    claims = [build(Heard, row) for row in rows]
    return claims, vectors.astype(np.float32, copy=False).reshape(len(claims), -1 if claims else 0)


def _touched(claims: Sequence[Heard], likeness: Likeness, batch: set[str]) -> list[int]:
    """Return the batch's claims, those like one of them in its days, and all others of their stories."""
    ours = [number for number, claim in enumerate(claims) if claim.claim_id in batch]
    every = list(range(len(claims)))
    found = set(ours)
    for start in range(0, len(ours), BLOCK):
        rows = ours[start : start + BLOCK]
        like = (likeness.odds(rows, every) >= BOUND) & likeness.near(rows, every)
        found.update(int(number) for number in np.flatnonzero(like.any(axis=0)))
    stories = {story for number in found for story in claims[number].stories}
    return [number for number in every if number in found or stories.intersection(claims[number].stories)]


def _save(store: Store, run: RunContext, groups: Sequence[Sequence[Heard]]) -> Counter[str]:
    """Store which story each group is from now on, and what became of the stories that its claims were in."""
    old = sorted({story for group in groups for claim in group for story in claim.stories})
    known = {story: (title, at) for story, title, at in store.execute(SQL["stories"], {"stories": old})}
    kept = _kept(groups, {story: at for story, (_, at) in known.items()})
    counts: Counter[str] = Counter()
    moved: list[dict[str, object]] = []
    left: list[str] = []
    for number, group in enumerate(groups):
        story = kept.get(number)
        if story is None and len(group) == 1:
            left += [claim.claim_id for claim in group if claim.story_id]
            continue
        title = title_of(group, known[story][0] if story else None)
        if story is None:
            before = Counter(claim.story_id for claim in group if claim.story_id)
            origin = min(before, key=lambda one: (-before[one], one)) if before else None
            story = _unused(store, group[0].claim_id)
            store.append("stories", [{"story_id": story, "title": title, "split_from": origin,
                                      "created_at": run.now, "run_id": run.run_id}])
            counts["stories_split" if origin else "stories_new"] += 1
        else:
            counts["stories_grown"] += any(story not in claim.stories for claim in group)
            if title != known[story][0]:
                store.execute(SQL["retitle"], {"story_id": story, "title": title})
        moved += [{"claim_id": claim.claim_id, "story_id": story, "since": run.now, "run_id": run.run_id}
                  for claim in group if claim.story_id != story]
    for story, heir in _heirs(groups, kept, old):
        store.execute(SQL["inherit"], {"story_id": story, "heir": heir})
        store.execute(SQL["follow"], {"story_id": story, "heir": heir, "since": run.now,
                                      "run_id": run.run_id})
        store.append("story_heirs", [{"story_id": story, "heir": heir, "since": run.now,
                                      "run_id": run.run_id}])
        counts["stories_merged"] += 1
    store.append("story_claims", moved, replace=True)
    if left:
        store.execute(SQL["leave"], {"claims": left})
    return counts


def _overlaps(groups: Sequence[Sequence[Heard]]) -> Iterator[tuple[int, str, int]]:
    for number, group in enumerate(groups):
        for story, claims in Counter(story for claim in group for story in claim.stories).items():
            yield number, story, claims


def _kept(groups: Sequence[Sequence[Heard]], since: Mapping[str, datetime]) -> dict[int, str]:
    """Return the story that each group goes on with: that of most of its claims, of equals the oldest."""
    kept: dict[int, str] = {}
    most = sorted(_overlaps(groups), key=lambda one: (-one[2], since[one[1]], one[1], one[0]))
    for number, story, _ in most:
        if number not in kept and story not in kept.values():
            kept[number] = story
    return kept


def _heirs(groups: Sequence[Sequence[Heard]], kept: Mapping[int, str],
           old: Sequence[str]) -> list[tuple[str, str]]:
    """Return each story that no group goes on with, and the one that most of its claims are in now."""
    most: dict[str, tuple[int, int]] = {}
    for number, story, claims in _overlaps(groups):
        most[story] = max(most.get(story, (0, 0)), (claims, -number))
    going = set(kept.values())
    return [(story, kept[-most[story][1]]) for story in old if story not in going]


def _unused(store: Store, claim_id: str) -> str:
    """Return an id for a story that this claim begins; it may have begun others before."""
    number = 0
    while store.execute(SQL["is_taken"], {"story_id": stable_id("s", claim_id, number)})[0][0]:
        number += 1
    return stable_id("s", claim_id, number)


def _incidence(lists: Sequence[Iterable[str]], days: Table | None = None) -> csr_matrix:
    """Return which row has which word: 1, or by the rows' days the square root of how rare it is then."""
    rows_of: dict[str, list[int]] = defaultdict(list)
    for row, words in enumerate(lists):
        for word in sorted(set(words)):
            rows_of[word].append(row)
    rows = np.asarray([row for some in rows_of.values() for row in some], dtype=np.intp)
    columns = np.repeat(np.arange(len(rows_of)), [len(some) for some in rows_of.values()])
    values = np.ones(len(rows))
    if days is not None and len(rows):
        values = np.concatenate([_rarity(days, days[some]) for some in rows_of.values()]) ** 0.5
    return csr_matrix((values, (rows, columns)), shape=(len(lists), max(1, len(rows_of))))


def _rarity(days: Table, holders: Table) -> Table:
    """Return for each holder of a name, from 0 to 1, how few of the claims of its days hold it."""
    every = _within(days, holders)
    held = _within(holders, holders)
    return np.asarray(np.maximum(0.0, np.log((every + 1) / (held + 0.5)) / np.log(every + 1)))


def _within(days: Table, middles: Table) -> Table:
    """Return how many of `days` are at most AROUND from each of the others."""
    ordered = np.sort(days)
    until = np.searchsorted(ordered, middles + AROUND.days, side="right")
    return np.asarray(until - np.searchsorted(ordered, middles - AROUND.days), dtype=np.float64)


def _common(table: csr_matrix, rows: Sequence[int], columns: Sequence[int]) -> Table:
    return np.asarray((table[list(rows)] @ table[list(columns)].T).toarray(), dtype=np.float64)
