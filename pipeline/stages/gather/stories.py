"""Stories: claims about the same things in the same days that touch one another, under one title.

Average link keeps one claim between two stories from joining them. What editors merged and split stays so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import numpy as np

from pipeline.core.context import RunContext
from pipeline.core.records import stable_id
from pipeline.core.rows import build
from pipeline.decisions import stories as decided
from pipeline.decisions.stories import Rules
from pipeline.stages.gather.story_groups import AROUND, BLOCK, BOUND, Likeness, StoryClaim, grouped
from pipeline.stages.gather.titles import title_of
from pipeline.store.queries import Statements
from pipeline.store.store import Store
from pipeline.store.vectors import Vectors, vectors_of

SQL = Statements(__package__, "stories")

BATCH = 1000  # changed claims at once


def tell_stories(store: Store, run: RunContext, model: str) -> Counter[str]:
    """Put new and changed claims to stories, by the vectors of the embedder `model`.

    A claim of an earlier night keeps its story unless what was said since weighs against it; what editors
    merged or split stays so, and the words of a claim that is no longer shown title no story. Reads claims,
    members, mentions, claim_vectors, decisions; writes stories, story_claims, story_heirs, story_sides,
    storied. Returns how many stories are new, grew, were merged into others or split off.
    """
    counts: Counter[str] = Counter()
    with store.transaction():
        rules = decided.story_rules(store, run)
        for fault in rules.faults:
            store.record_issue(run, "gather", fault.code, fault.message, place=fault.decision_id)
    # Each once, in order.
    changed = dict.fromkeys(claim for name in ("changed", "bereft")
                            for (claim,) in store.execute(SQL[name], {"model": model}))
    # Claims that editors decided about form one batch: they may lie far apart.
    batches = [list(rules.touched)] if rules.touched else []
    touched = set(rules.touched)
    remaining = [claim for claim in changed if claim not in touched]
    batches += [remaining[start : start + BATCH] for start in range(0, len(remaining), BATCH)]
    for batch in batches:
        claims, vectors = _around(store, batch, model)
        likeness = Likeness(claims, vectors)
        ids = set(batch)
        nodes = _touched(claims, likeness, ids)
        groups = [[nodes[number] for number in group]
                  for group in grouped(likeness, claims, nodes, rules.bonds)]
        with store.transaction():
            counts += _save(store, run, [[claims[node] for node in group] for group in groups], rules)
            store.append("storied", (
                {"claim_id": claim.claim_id, "claim": claim.claim, "mentions": claim.mentions}
                for claim in claims if claim.claim_id in ids), replace=True)
    with store.transaction():
        store.execute(SQL["lose"])
    return counts


def _around(store: Store, batch: Sequence[str], model: str) -> tuple[list[StoryClaim], Vectors]:
    """Return the claims that a batch may share a story with, the batch among them, with their vectors."""
    table = store.table(SQL["around"], {"claims": list(batch), "days": AROUND.days, "model": model})
    rows = table.drop_columns(["vector"]).to_pylist()
    return [build(StoryClaim, row) for row in rows], vectors_of(table.column("vector"))


def _touched(claims: Sequence[StoryClaim], likeness: Likeness, batch: set[str]) -> list[int]:
    """Return the batch's claims, those like one of them in its days, and all others of their stories."""
    batch_numbers = [number for number, claim in enumerate(claims) if claim.claim_id in batch]
    numbers = list(range(len(claims)))
    selected = set(batch_numbers)
    for start in range(0, len(batch_numbers), BLOCK):
        rows = batch_numbers[start : start + BLOCK]
        like = (likeness.odds(rows, numbers) >= BOUND) & likeness.near(rows, numbers)
        selected.update(int(number) for number in np.flatnonzero(like.any(axis=0)))
    stories = {story for number in selected for story in claims[number].stories}
    return [number for number in numbers
            if number in selected or stories.intersection(claims[number].stories)]


def _save(store: Store, run: RunContext, groups: Sequence[Sequence[StoryClaim]], rules: Rules
          ) -> Counter[str]:
    """Store which story each group is from now on, and what became of the stories that its claims were in."""
    old = sorted({story for group in groups for claim in group for story in claim.stories})
    stored = {story: (title, at) for story, title, at in store.execute(SQL["stories"], {"stories": old})}
    group_story = _kept(groups, {story: at for story, (_, at) in stored.items()}, rules)
    counts: Counter[str] = Counter()
    moved: list[dict[str, object]] = []
    left_claims: list[str] = []
    for number, group in enumerate(groups):
        story = group_story.get(number)
        if story is None and len(group) == 1:
            left_claims += [claim.claim_id for claim in group if claim.story_id]
            continue
        title = title_of(group, stored[story][0] if story else None)
        if story is None:
            former = Counter(claim.story_id for claim in group if claim.story_id)
            origin = min(former, key=lambda story_id: (-former[story_id], story_id)) if former else None
            story = _unused(store, group[0].claim_id)
            store.append("stories", [{"story_id": story, "title": title, "split_from": origin,
                                      "created_at": run.now, "run_id": run.run_id}])
            counts["stories_split" if origin else "stories_new"] += 1
        else:
            counts["stories_grown"] += any(story not in claim.stories for claim in group)
            if title != stored[story][0]:
                store.execute(SQL["retitle"], {"story_id": story, "title": title})
        moved += [{"claim_id": claim.claim_id, "story_id": story, "since": run.now, "run_id": run.run_id}
                  for claim in group if claim.story_id != story]
    for story, heir in _heirs(groups, group_story, old):
        store.execute(SQL["inherit"], {"story_id": story, "heir": heir})
        store.execute(SQL["follow"], {"story_id": story, "heir": heir, "since": run.now,
                                      "run_id": run.run_id})
        store.append("story_heirs", [{"story_id": story, "heir": heir, "since": run.now,
                                      "run_id": run.run_id}])
        counts["stories_merged"] += 1
    store.append("story_claims", moved, replace=True)
    if left_claims:
        store.execute(SQL["leave"], {"claims": left_claims})
    return counts


def _overlaps(groups: Sequence[Sequence[StoryClaim]]) -> Iterator[tuple[int, str, int]]:
    for number, group in enumerate(groups):
        for story, claims in Counter(story for claim in group for story in claim.stories).items():
            yield number, story, claims


def _kept(groups: Sequence[Sequence[StoryClaim]], since: Mapping[str, datetime], rules: Rules
          ) -> dict[int, str]:
    """Return the story that each group continues: that of most of its claims, of equals the oldest.

    Among stories that an editor merged, the one that takes over comes first. Claims that an editor took out
    of a story continue it only where nothing else of it is left.
    """
    stories_of = [{story for claim in group for story in claim.stories} for group in groups]

    def gives_way(number: int, story: str) -> bool:
        return (any((story, other) in rules.yields for other in stories_of[number])
                or any((story, claim.claim_id) in rules.leaving for claim in groups[number]))

    group_story: dict[int, str] = {}
    most = sorted(_overlaps(groups), key=lambda overlap: (gives_way(overlap[0], overlap[1]), -overlap[2],
                                                          since[overlap[1]], overlap[1], overlap[0]))
    for number, story, _ in most:
        if number not in group_story and story not in group_story.values():
            group_story[number] = story
    return group_story


def _heirs(groups: Sequence[Sequence[StoryClaim]], group_story: Mapping[int, str],
           old: Sequence[str]) -> list[tuple[str, str]]:
    """Return each story that no group continues, and the story that most of its claims are in now."""
    most: dict[str, tuple[int, int]] = {}
    for number, story, claims in _overlaps(groups):
        most[story] = max(most.get(story, (0, 0)), (claims, -number))
    going = set(group_story.values())
    return [(story, group_story[-most[story][1]]) for story in old if story not in going]


def _unused(store: Store, claim_id: str) -> str:
    """Return an id for a story that this claim begins; it may have begun others before."""
    number = 0
    while store.execute(SQL["is_taken"], {"story_id": stable_id("s", claim_id, number)})[0][0]:
        number += 1
    return stable_id("s", claim_id, number)
