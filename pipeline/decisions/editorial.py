"""Editors' merges, splits and moves over the machine's placements and joins: `store.members` is what comes of
them.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from pipeline.core.context import RunContext
from pipeline.core.records import Claim, Mention, stable_id
from pipeline.core.vocabulary import DecisionKind, Stance
from pipeline.decisions import joins
from pipeline.decisions.journal import ITSELF
from pipeline.store.queries import Statements
from pipeline.store.store import Store
from pipeline.text.slots import ClaimText
from pipeline.text.standalone import standalone

SQL = Statements(__package__, "editorial")

_ABOUT_CLAIMS = frozenset({DecisionKind.MERGE, DecisionKind.APART, DecisionKind.STATUS, DecisionKind.NOTE,
                           DecisionKind.HIDE})


@dataclass(frozen=True, slots=True)
class Fault:
    """A decision that cannot be followed, as an issue tells it."""

    code: str
    message: str
    decision_id: str


@dataclass(frozen=True, slots=True)
class StandingDecision:
    """A decision that stands."""

    kind: DecisionKind
    target: str
    value: str
    decision_id: str


@dataclass(frozen=True, slots=True)
class _Member(ClaimText):
    """The same as a member of the claim tells it, with the `original` words of the claim."""

    original: str


def roots(merges: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return for each claim that a merge (target, value) names, the claim that stands for its whole group.

    Merges are given in the order in which they were made; the newest says which claim of its group takes
    over.
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
    """Return the id of the claim that a mention gets when an editor splits it off."""
    return stable_id("c", mention_id, "split")


def hold(store: Store, run: RunContext) -> list[Fault]:
    """Make claims and members agree with the decisions that stand; what was taken back is taken back.

    Of several decisions on one matter (a claim's merge; a mention's split or move) the newest that can be
    followed holds. Call it inside a transaction. Returns the decisions that name what is not there; it may
    come later in a run.
    """
    said = [
        StandingDecision(DecisionKind(kind), target, value or "", number)
        for kind, target, value, number in store.execute(SQL["decisions"])
    ]
    if not said and not store.execute(SQL["edited"])[0][0]:
        return []
    faults: list[Fault] = []
    named = sorted({one.target for one in said if one.kind not in _ABOUT_CLAIMS})
    placed = dict(store.execute(SQL["placements_among"], {"mentions": named}))
    splits = sorted({one.target for one in said if one.kind is DecisionKind.SPLIT and one.target in placed})
    _create(store, run, splits)
    claims = _Claims(store, said, splits)
    merges = _merges(said, claims, faults)
    # An editor's merge says who takes over, also in a group that the machine joined before.
    joined = joins.hold(store, run, merges, _apart(said, claims, placed), claims.left_over)
    heads = roots([*joined, *merges])
    into = {claim: head for claim, head in heads.items() if claim != head}
    into |= {claim: heads.get(home, home) for claim, home in claims.left_over.items()}
    own = {
        mention: (into.get(claim, claim), how)
        for mention, (claim, how) in _homes(said, claims, placed, faults).items()
    }
    by_editors = roots(merges).keys() | claims.left_over.keys()
    changes: dict[str, Any] = {"claims": list(into), "roots": list(into.values())}
    store.execute(SQL["set_merged"], changes)
    changes["by_editors"] = [claim in by_editors for claim in into]
    homes = {
        "mentions": list(own),
        "homes": [claim for claim, _ in own.values()],
        "hows": [how for _, how in own.values()],
    }
    store.execute(SQL["set_members"], changes | homes)
    stands_for = {name: into.get(claim, claim) for name, claim in claims.now.items()}
    store.execute(SQL["forget_heirs"])
    store.append(
        "heirs", [{"claim_id": name, "heir": heir} for name, heir in stands_for.items() if name != heir]
    )
    _tell_anew(store, list(own))
    faults += _unheard(said, claims, placed)
    return faults


class _Claims:
    """The claims that decisions name: `now` is a claim of the store for each that is found."""

    def __init__(self, store: Store, said: Sequence[StandingDecision], splits: Sequence[str]) -> None:
        standing = {split_claim_id(mention) for mention in splits}
        # What was decided about the claim of a split that was taken back rests until it is split off again.
        self.resting = {
            split_claim_id(mention) for (mention,) in store.execute(SQL["splits_taken_back"])
        } - standing
        self.left_over = _to_the_end(
            dict(store.execute(SQL["left_over"], {"splits": sorted(standing)}))
        )
        named = {one.target for one in said if one.kind in _ABOUT_CLAIMS}
        named |= {one.value
                  for one in said if one.kind in (DecisionKind.MERGE, DecisionKind.MOVE, DecisionKind.APART)}
        named -= self.resting | self.left_over.keys() | {ITSELF}
        self.now = {
            str(claim): str(claim)
            for (claim,) in store.execute(SQL["claims_among"], {"claims": sorted(named)})
        }
        # Clustered anew, in another order, a claim may have another first mention and so another id: the old
        # id tells the mention that founded it, and it is the claim of this mention that is meant.
        if lost := sorted(named - self.now.keys()):
            self.now |= {
                str(name): str(claim)
                for name, claim in store.execute(SQL["founded_by"], {"claims": lost})
            }
        # A sentence that is followed is made a claim later in the run: what was decided about it rests until
        # then.
        self.resting |= {one.target for one in said if one.kind is DecisionKind.FOLLOW} - self.now.keys()

    def missing(self, name: str) -> bool:
        """Return whether nothing is known of that claim, not even that it rests."""
        return name not in self.now and name not in self.resting


def _to_the_end(homes: Mapping[str, str]) -> dict[str, str]:
    """Find the home of a split taken back: it may be the claim of another one that was taken back as well."""
    ends = {}
    for claim, home in homes.items():
        while home in homes:
            home = homes[home]
        ends[claim] = home
    return ends


def _merges(said: Sequence[StandingDecision], claims: _Claims, faults: list[Fault]) -> list[tuple[str, str]]:
    merges: dict[str, tuple[str, str]] = {}
    for one in said:
        if one.kind is not DecisionKind.MERGE:
            continue
        if one.target in claims.now and one.value in claims.now and one.target != one.value:
            merges.pop(one.target, None)  # the newest comes last
            merges[one.target] = claims.now[one.target], claims.now[one.value]
        elif claims.missing(one.target) or claims.missing(one.value) or one.target == one.value:
            message = (
                f"the merge of {one.target} into {one.value or 'nothing'} names a claim that is not there"
            )
            faults.append(Fault("decision_dangling", message, one.decision_id))
    return list(merges.values())


def apart_now(store: Store) -> set[frozenset[str]]:
    """Return the pairs of claims, as they stand now, of which an editor said that they are two."""
    return {frozenset(pair) for pair in store.execute(SQL["apart_now"])}


def _apart(
    said: Sequence[StandingDecision], claims: _Claims, placed: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Return the pairs of claims of which an editor said that they are two.

    Who takes a mention out of a claim says so too, of that claim and the one to which it goes.
    """
    pairs: list[tuple[str | None, str | None]] = []
    for one in said:
        if one.kind is DecisionKind.APART:
            pairs.append((claims.now.get(one.target), claims.now.get(one.value)))
        elif one.kind is DecisionKind.SPLIT and one.target in placed:
            pairs.append((placed[one.target], split_claim_id(one.target)))
        elif one.kind is DecisionKind.MOVE and one.target in placed:
            pairs.append((placed[one.target], claims.now.get(one.value)))
    return [(one, other) for one, other in pairs if one and other and one != other]


def _homes(
    said: Sequence[StandingDecision], claims: _Claims, placed: Container[str], faults: list[Fault]
) -> dict[str, tuple[str, str]]:
    """Return the claim that each mention has by an editor's word, and by which kind of decision."""
    homes: dict[str, tuple[str, str]] = {}
    for one in said:
        if one.kind not in (DecisionKind.SPLIT, DecisionKind.MOVE):
            continue
        if one.target not in placed:
            message = f"the {one.kind} of {one.target} names a mention that is not there"
            faults.append(Fault("decision_dangling", message, one.decision_id))
        elif one.kind is DecisionKind.SPLIT:
            homes[one.target] = split_claim_id(one.target), "split"
        elif one.value in claims.now:
            homes[one.target] = claims.now[one.value], "move"
        elif claims.missing(one.value):
            message = f"the move of {one.target} to {one.value or 'nothing'} names a claim that is not there"
            faults.append(Fault("decision_dangling", message, one.decision_id))
    return homes


def _unheard(said: Sequence[StandingDecision], claims: _Claims, placed: Container[str]) -> list[Fault]:
    """Return the decisions on status, stance, notes and hiding that reach nothing."""
    faults = []
    for one in said:
        if one.kind in _ABOUT_CLAIMS - {DecisionKind.MERGE} and one.target != ITSELF:
            named = (one.target, one.value) if one.kind is DecisionKind.APART else (one.target,)
            if lost := next(filter(claims.missing, named), None):
                words = f"the {one.kind} of {one.target} names a claim that is not there"
                words += f": {lost}" if lost != one.target else ""
                faults.append(Fault("decision_dangling", words, one.decision_id))
        elif one.kind is DecisionKind.STANCE and one.target not in placed:
            faults.append(
                Fault(
                    "decision_dangling",
                    f"the stance of {one.target} names a mention that is not there",
                    one.decision_id,
                )
            )
        elif one.kind is DecisionKind.STANCE and one.value not in tuple(Stance):
            message = f"{one.value!r} is not a stance: one of {', '.join(Stance)}"
            faults.append(Fault("decision_unknown", message, one.decision_id))
    return faults


def _create(store: Store, run: RunContext, splits: Sequence[str]) -> None:
    """Return a claim for each mention that is split off, where it has none yet."""
    rows = store.read(Mention, SQL["whole_mentions"], {"mentions": splits}) if splits else []
    store.append("claims", [_claim(mention, run) for mention in rows])


def _tell_anew(store: Store, departed: Sequence[str]) -> None:
    """Tell claims anew whose mention has left, by those that stayed, while it is away: words, kind, names and
    time. Their evidence is to be weighed against the new words.
    """
    rows = store.read(_Member, SQL["told_by"], {"mentions": departed}) if departed else []
    machine = {told.claim_id: told for told in store.read(ClaimText, SQL["retold"])}
    wanted: dict[str, ClaimText] = {}
    for (claim_id, original), group in groupby(rows, key=lambda row: (row.claim_id, row.original)):
        members = list(group)
        words = [member.claim for member in members]
        if original not in words:
            wanted[claim_id] = _told_by(members, standalone(words))
    named = {"claims": sorted(machine.keys() | wanted.keys())}
    now = {told.claim_id: told for told in store.read(ClaimText, SQL["as_told"], named)}
    for claim_id in sorted(machine.keys() - wanted.keys()):
        store.execute(SQL["forget_retold"], {"claim_id": claim_id})
    store.append("retold", [now[claim_id] for claim_id in sorted(wanted.keys() - machine.keys())])
    for told in (machine | wanted).values():
        if told != now[told.claim_id]:
            store.execute(SQL["set_claim"], asdict(told))
        if told.claim != now[told.claim_id].claim:
            for name in ("read_anew", "ask_anew"):
                store.execute(SQL[name], {"claim_id": told.claim_id})


def _told_by(members: Sequence[_Member], words: str) -> ClaimText:
    """Return what a claim says by these words of one of its members, as clustering would tell it."""
    teller, first = next(member for member in members if member.claim == words), members[0]
    return ClaimText(teller.claim_id, words, teller.kind,
                 tuple(dict.fromkeys((*teller.organisations, *first.organisations))),
                 tuple(dict.fromkeys((*teller.entities, *first.entities))),
                 teller.event_at, teller.event_precision)


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
