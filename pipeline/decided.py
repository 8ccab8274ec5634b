"""Editors' merges and splits over the machine's placements: `store.members` is what they make of them together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from pipeline.claim_text import standalone
from pipeline.context import RunContext, stable_id
from pipeline.records import Claim, Mention
from pipeline.store import Store


def roots(merges: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For each claim that a merge (target, value) names, the claim that stands for its whole group.

    Merges are given in the order in which they were made; the newest says which claim of its group takes over.
    """
    groups: dict[str, set[str]] = {}
    heads: dict[str, str] = {}
    for target, value in merges:
        joined = groups.get(target, {target}) | groups.get(value, {value})
        head = value if value in groups.get(target, {target}) else heads.get(value, value)
        for claim in joined:
            groups[claim] = joined
            heads[claim] = head
    return heads


def split_claim_id(mention_id: str) -> str:
    """The id of the claim that a mention gets when an editor splits it off."""
    return stable_id("c", mention_id, "split")


def hold(store: Store, run: RunContext) -> None:
    """Make claims and members agree with the decisions that stand; what was taken back is taken back.

    Call it inside a transaction. A decision that names an unknown claim or mention becomes an issue.
    """
    decisions = store.execute("cluster", "decisions")
    if not decisions and not store.execute("cluster", "edited")[0][0]:
        return
    splits = _splits(store, run, [(target, number) for kind, target, _, number in decisions if kind == "split"])
    merges = [(target, value or "", number) for kind, target, value, number in decisions if kind == "merge"]
    heads = roots(_known(store, run, merges))
    left_over = store.execute("cluster", "left_over", {"splits": [split_claim_id(mention) for mention in splits]})
    into = {claim: head for claim, head in heads.items() if claim != head}
    for claim, home in left_over:
        into.setdefault(claim, heads.get(home, home))
    changes = {"claims": list(into), "roots": list(into.values())}
    store.execute("cluster", "set_merged", changes)
    own = [into.get(claim, claim) for claim in map(split_claim_id, splits)]
    store.execute("cluster", "set_members", {**changes, "mentions": splits, "splits": own})
    rows = store.execute("cluster", "told_by", {"mentions": splits})
    for claim_id, members in groupby(rows, key=lambda row: row[0]):
        store.execute("cluster", "set_claim", {"claim_id": claim_id, "claim": standalone([words for _, words in members])})


def _known(store: Store, run: RunContext, merges: Sequence[tuple[str, str, str]]) -> list[tuple[str, str]]:
    named = sorted({claim for target, value, _ in merges for claim in (target, value)})
    there = {claim for (claim,) in store.execute("cluster", "claims_among", {"claims": named})}
    kept: list[tuple[str, str]] = []
    for target, value, number in merges:
        if target in there and value in there:
            kept.append((target, value))
        else:
            message = f"the merge of {target} into {value or 'nothing'} names a claim that is not there"
            run.issue(store, "cluster", "decision_dangling", message, place=number)
    return kept


def _splits(store: Store, run: RunContext, splits: Sequence[tuple[str, str]]) -> list[str]:
    """The mentions that are split off; each has its own claim now."""
    placed = {mention for mention, _ in store.execute("cluster", "placements_among", {"mentions": [m for m, _ in splits]})}
    for mention_id, number in splits:
        if mention_id not in placed:
            message = f"the split of {mention_id} names a mention that is not there"
            run.issue(store, "cluster", "decision_dangling", message, place=number)
    mentions = [mention for mention, _ in splits if mention in placed]
    rows = store.read(Mention, "cluster", "whole_mentions", {"mentions": mentions})
    store.append("claims", [_claim(mention, run) for mention in rows])
    return mentions


def _claim(mention: Mention, run: RunContext) -> Claim:
    return Claim(
        claim_id=split_claim_id(mention.mention_id),
        claim=mention.proposition,
        kind=mention.kind,
        first_mention_id=mention.mention_id,
        organisations=mention.organisations,
        entities=mention.entities,
        event_at=mention.event_at,
        event_precision=mention.event_precision,
        merged_into=None,
        created_at=run.now,
        run_id=run.run_id,
    )
