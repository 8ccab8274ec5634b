"""Apply editors' merges, splits and moves to the machine's placements and joins: `store.members`."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from pipeline.core.context import RunContext
from pipeline.core.records import Claim, Mention, stable_id
from pipeline.core.vocabulary import DecisionKind, Stance
from pipeline.decisions import joins
from pipeline.decisions.bonds import Bonds
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
    """A decision that cannot be followed, with the code and message of its issue."""

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


def read_decisions(store: Store, sql: str) -> list[StandingDecision]:
    """Return the decisions that a statement selects, as rows of kind, target, value and id."""
    return [StandingDecision(DecisionKind(kind), target, value or "", decision_id)
            for kind, target, value, decision_id in store.execute(sql)]


@dataclass(frozen=True, slots=True)
class _Member(ClaimText):
    """The text of a claim as one of its members tells it, with the `original` words of the claim."""

    original: str


def roots(merges: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return for each claim that a merge (target, value) names, the claim that stands for its whole group.

    Merges are given in the order in which they were made; the newest says which claim of its group takes
    over.
    """
    bonds = Bonds()
    heads: dict[str, str] = {}
    for target, value in merges:
        head = value if value in bonds.group(target) else heads.get(value, value)
        bonds.join(target, value)
        heads |= dict.fromkeys(bonds.group(target), head)
    return heads


def split_claim_id(mention_id: str) -> str:
    """Return the id of the claim that a mention gets when an editor splits it off."""
    return stable_id("c", mention_id, "split")


def apply_decisions(store: Store, run: RunContext) -> list[Fault]:
    """Make claims and members agree with the decisions that stand, and undo those that were taken back.

    Of several decisions on one matter (a claim's merge; a mention's split or move) the newest that can be
    followed holds. Call it inside a transaction. Returns the decisions that name something that is not there;
    it may come later in a run.
    """
    decisions = read_decisions(store, SQL["decisions"])
    if not decisions and not store.execute(SQL["edited"])[0][0]:
        return []
    faults: list[Fault] = []
    mention_ids = sorted({decision.target for decision in decisions if decision.kind not in _ABOUT_CLAIMS})
    placed = dict(store.execute(SQL["placements_among"], {"mentions": mention_ids}))
    splits = sorted({decision.target for decision in decisions
                     if decision.kind is DecisionKind.SPLIT and decision.target in placed})
    _create(store, run, splits)
    claims = _Claims(store, decisions, splits)
    merges = _merges(decisions, claims, faults)
    # An editor's merge says who takes over, also in a group that the machine joined before.
    joined = joins.settle_joins(store, run, merges, _apart(decisions, claims, placed), claims.left_over)
    heads = roots([*joined, *merges])
    into = {claim: head for claim, head in heads.items() if claim != head}
    into |= {claim: heads.get(home, home) for claim, home in claims.left_over.items()}
    placements = {
        mention: (into.get(claim, claim), how)
        for mention, (claim, how) in _homes(decisions, claims, placed, faults).items()
    }
    by_editors = roots(merges).keys() | claims.left_over.keys()
    changes: dict[str, Any] = {"claims": list(into), "roots": list(into.values())}
    store.execute(SQL["set_merged"], changes)
    changes["by_editors"] = [claim in by_editors for claim in into]
    homes = {
        "mentions": list(placements),
        "homes": [claim for claim, _ in placements.values()],
        "hows": [how for _, how in placements.values()],
    }
    store.execute(SQL["set_members"], changes | homes)
    stands_for = {name: into.get(claim, claim) for name, claim in claims.now.items()}
    store.execute(SQL["forget_heirs"])
    store.append(
        "heirs", [{"claim_id": name, "heir": heir} for name, heir in stands_for.items() if name != heir]
    )
    _tell_anew(store, list(placements))
    faults += _unheard(decisions, claims, placed)
    return faults


class _Claims:
    """The claims that decisions name: `now` is a claim of the store for each that is found."""

    def __init__(self, store: Store, decisions: Sequence[StandingDecision], splits: Sequence[str]) -> None:
        standing = {split_claim_id(mention) for mention in splits}
        # What was decided about the claim of a split that was taken back rests until it is split off again.
        self.resting = {
            split_claim_id(mention) for (mention,) in store.execute(SQL["splits_taken_back"])
        } - standing
        self.left_over = _to_the_end(
            dict(store.execute(SQL["left_over"], {"splits": sorted(standing)}))
        )
        named = {decision.target for decision in decisions if decision.kind in _ABOUT_CLAIMS}
        named |= {decision.value for decision in decisions
                  if decision.kind in (DecisionKind.MERGE, DecisionKind.MOVE, DecisionKind.APART)}
        named -= self.resting | self.left_over.keys() | {ITSELF}
        self.now = {
            str(claim): str(claim)
            for (claim,) in store.execute(SQL["claims_among"], {"claims": sorted(named)})
        }
        # When mentions are clustered anew, in another order, a claim may have another first mention and so
        # another id. The old id tells the mention that founded it: the claim of this mention is meant.
        if lost := sorted(named - self.now.keys()):
            self.now |= {
                str(name): str(claim)
                for name, claim in store.execute(SQL["founded_by"], {"claims": lost})
            }
        # A sentence that is followed is made a claim later in the run: what was decided about it rests until
        # then.
        self.resting |= {decision.target for decision in decisions
                         if decision.kind is DecisionKind.FOLLOW} - self.now.keys()

    def missing(self, name: str) -> bool:
        """Return whether nothing is known of that claim, not even that it rests."""
        return name not in self.now and name not in self.resting


def _to_the_end(homes: Mapping[str, str]) -> dict[str, str]:
    """Find the home of each split taken back; it may be the claim of another split that was taken back."""
    ends = {}
    for claim, home in homes.items():
        while home in homes:
            home = homes[home]
        ends[claim] = home
    return ends


def _merges(
    decisions: Sequence[StandingDecision], claims: _Claims, faults: list[Fault]
) -> list[tuple[str, str]]:
    merges: dict[str, tuple[str, str]] = {}
    for decision in decisions:
        if decision.kind is not DecisionKind.MERGE:
            continue
        if (decision.target in claims.now and decision.value in claims.now
                and decision.target != decision.value):
            merges.pop(decision.target, None)  # the newest comes last
            merges[decision.target] = claims.now[decision.target], claims.now[decision.value]
        elif (claims.missing(decision.target) or claims.missing(decision.value)
              or decision.target == decision.value):
            named = (f"into {decision.value} names a claim that is not there" if decision.value
                     else "names no claim to merge into")
            words = f"the merge of {decision.target} {named}"
            faults.append(Fault("decision_dangling", words, decision.decision_id))
    return list(merges.values())


def apart_now(store: Store) -> set[frozenset[str]]:
    """Return the pairs of claims, as they stand now, of which an editor said that they are two."""
    return {frozenset(pair) for pair in store.execute(SQL["apart_now"])}


def _apart(
    decisions: Sequence[StandingDecision], claims: _Claims, placed: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Return the pairs of claims of which an editor said that they are two.

    An editor who takes a mention out of a claim says so too, of that claim and the one to which it goes.
    """
    pairs: list[tuple[str | None, str | None]] = []
    for decision in decisions:
        if decision.kind is DecisionKind.APART:
            pairs.append((claims.now.get(decision.target), claims.now.get(decision.value)))
        elif decision.kind is DecisionKind.SPLIT and decision.target in placed:
            pairs.append((placed[decision.target], split_claim_id(decision.target)))
        elif decision.kind is DecisionKind.MOVE and decision.target in placed:
            pairs.append((placed[decision.target], claims.now.get(decision.value)))
    return [(claim, other) for claim, other in pairs if claim and other and claim != other]


def _homes(
    decisions: Sequence[StandingDecision], claims: _Claims, placed: Container[str], faults: list[Fault]
) -> dict[str, tuple[str, str]]:
    """Return the claim that each mention has by an editor's word, and by which kind of decision."""
    homes: dict[str, tuple[str, str]] = {}
    for decision in decisions:
        if decision.kind not in (DecisionKind.SPLIT, DecisionKind.MOVE):
            continue
        if decision.target not in placed:
            message = f"the {decision.kind} of {decision.target} names a mention that is not there"
            faults.append(Fault("decision_dangling", message, decision.decision_id))
        elif decision.kind is DecisionKind.SPLIT:
            homes[decision.target] = split_claim_id(decision.target), "split"
        elif decision.value in claims.now:
            homes[decision.target] = claims.now[decision.value], "move"
        elif claims.missing(decision.value):
            named = (f"to {decision.value} names a claim that is not there" if decision.value
                     else "names no claim to move it to")
            words = f"the move of {decision.target} {named}"
            faults.append(Fault("decision_dangling", words, decision.decision_id))
    return homes


def _unheard(decisions: Sequence[StandingDecision], claims: _Claims, placed: Container[str]) -> list[Fault]:
    """Return the decisions on status, stance, notes and hiding that reach nothing."""
    faults = []
    for decision in decisions:
        if decision.kind in _ABOUT_CLAIMS - {DecisionKind.MERGE} and decision.target != ITSELF:
            named = ((decision.target, decision.value) if decision.kind is DecisionKind.APART
                     else (decision.target,))
            if lost := next(filter(claims.missing, named), None):
                words = f"the {decision.kind} of {decision.target} names a claim that is not there"
                words += f": {lost}" if lost != decision.target else ""
                faults.append(Fault("decision_dangling", words, decision.decision_id))
        elif decision.kind is DecisionKind.STANCE and decision.target not in placed:
            faults.append(
                Fault(
                    "decision_dangling",
                    f"the stance of {decision.target} names a mention that is not there",
                    decision.decision_id,
                )
            )
        elif decision.kind is DecisionKind.STANCE and decision.value not in tuple(Stance):
            message = f"{decision.value!r} is not a stance: one of {', '.join(Stance)}"
            faults.append(Fault("decision_unknown", message, decision.decision_id))
    return faults


def _create(store: Store, run: RunContext, splits: Sequence[str]) -> None:
    """Store a claim for each mention that is split off, where it has none yet."""
    rows = store.read(Mention, SQL["whole_mentions"], {"mentions": splits}) if splits else []
    store.append("claims", [_claim(mention, run) for mention in rows])


def _tell_anew(store: Store, departed: Sequence[str]) -> None:
    """Retell claims whose mention has left by the mentions that stayed, while it is away: words, kind, names
    and time. Their evidence is to be weighed against the new words.
    """
    rows = store.read(_Member, SQL["told_by"], {"mentions": departed}) if departed else []
    machine_texts = {text.claim_id: text for text in store.read(ClaimText, SQL["retold"])}
    wanted: dict[str, ClaimText] = {}
    for (claim_id, original), group in groupby(rows, key=lambda row: (row.claim_id, row.original)):
        members = list(group)
        words = [member.claim for member in members]
        if original not in words:
            wanted[claim_id] = _told_by(members, standalone(words))
    parameters = {"claims": sorted(machine_texts.keys() | wanted.keys())}
    current = {text.claim_id: text for text in store.read(ClaimText, SQL["as_told"], parameters)}
    for claim_id in sorted(machine_texts.keys() - wanted.keys()):
        store.execute(SQL["forget_retold"], {"claim_id": claim_id})
    store.append("retold", [current[claim_id] for claim_id in sorted(wanted.keys() - machine_texts.keys())])
    for text in (machine_texts | wanted).values():
        if text != current[text.claim_id]:
            store.execute(SQL["set_claim"], asdict(text))
        if text.claim != current[text.claim_id].claim:
            for name in ("read_anew", "ask_anew"):
                store.execute(SQL[name], {"claim_id": text.claim_id})


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
