"""Editors' merges and splits of stories: which claims must be of one story, and which must not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.core.context import RunContext
from pipeline.core.records import stable_id
from pipeline.core.vocabulary import DecisionKind
from pipeline.decisions.bonds import Bonds
from pipeline.decisions.editorial import Fault, StandingDecision, read_decisions
from pipeline.store.queries import Statements
from pipeline.store.store import Store

SQL = Statements(__package__, "stories")
AGAIN = 3  # stories that one claim may have begun: looked for where a story's id is all that is known


@dataclass(frozen=True, slots=True)
class Rules:
    """What editors said of stories, as it is to be kept.

    `touched` are the claims that are not where the rules put them. `yields` are pairs of a story and the one
    that takes it over, `leaving` pairs of a story and a claim that was taken out of it.
    """

    bonds: Bonds = field(default_factory=Bonds)
    touched: tuple[str, ...] = ()
    yields: frozenset[tuple[str, str]] = frozenset()
    leaving: frozenset[tuple[str, str]] = frozenset()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class _Side:
    claim_id: str
    side: str
    story_id: str | None


def story_rules(store: Store, run: RunContext) -> Rules:
    """Return what the decisions on stories ask for, the newest first where two contradict each other.

    A decision means the claims that its stories held when it was first carried out; these are kept, so that
    it holds whatever becomes of the stories. What a decision that was taken back had changed goes back, and
    is for the machine to judge again. Reads decisions, claims, stories; writes story_sides, and story_claims
    and story_heirs of what was taken back. Call it inside a transaction.
    """
    decisions = read_decisions(store, SQL["said"])
    touched = _taken_back(store, run, [decision.decision_id for decision in decisions])
    if not decisions:
        return Rules(touched=tuple(sorted(touched)))
    sides = _sides(store)
    regroupings = [decision for decision in decisions if decision.kind is not DecisionKind.STORY_TITLE]
    stories = _Stories(store, run, decisions)
    faults = stories.faults
    if new := [decision for decision in regroupings if decision.decision_id not in sides]:
        for decision in new:
            store.append("story_sides", (
                {"decision_id": decision.decision_id, "claim_id": side.claim_id, "side": side.side,
                 "story_id": side.story_id} for side in stories.carry_out(decision)))
        sides = _sides(store)
    bonds = Bonds()
    for decision in reversed(regroupings):
        _tie(bonds, sides.get(decision.decision_id, []))
    all_sides = [side for decision in regroupings for side in sides.get(decision.decision_id, [])]
    yields = {(a.story_id, b.story_id) for decision in regroupings
              for a in sides.get(decision.decision_id, ())
              for b in sides.get(decision.decision_id, ()) if (a.side, b.side) == ("moves", "holds")}
    leaving = {(side.story_id, side.claim_id) for side in all_sides if side.side == "leaves"}
    touched |= _misplaced(store, bonds, {side.claim_id for side in all_sides})
    return Rules(
        bonds, tuple(sorted(touched)), frozenset((a, b) for a, b in yields if a and b),
        frozenset((story, claim) for story, claim in leaving if story), tuple(faults))


def _sides(store: Store) -> dict[str, list[_Side]]:
    sides: dict[str, list[_Side]] = defaultdict(list)
    for decision, claim, side, story in store.execute(SQL["sides"]):
        sides[decision].append(_Side(claim, side, story))
    return sides


def _tie(bonds: Bonds, sides: Sequence[_Side]) -> None:
    """Add what one decision asks for, as far as no newer one forbids it."""
    leaving = [side.claim_id for side in sides if side.side == "leaves"]
    if leaving:
        _together(bonds, leaving)
        for side in sides:
            if side.side == "stays":
                for claim in leaving:
                    bonds.part(claim, side.claim_id)
        return
    _together(bonds, [side.claim_id for side in sorted(sides, key=lambda side: side.side != "holds")])


def _together(bonds: Bonds, claims: Sequence[str]) -> None:
    """Join claims into one group, or into as few as newer decisions allow."""
    heads: list[str] = []
    for claim in claims:
        joined = [bonds.join(head, claim) for head in heads]
        if not any(joined):
            heads.append(claim)


def _misplaced(store: Store, bonds: Bonds, claims: Iterable[str]) -> set[str]:
    """Return the claims that are apart and should be together, or together and should be apart."""
    homes: dict[str, str | None] = dict(store.execute(SQL["together"], {"claims": sorted(claims)}))
    wrong: set[str] = set()
    for group in bonds.groups():
        present = [claim for claim in group if claim in homes]
        stories = {homes[claim] for claim in present}
        if len(present) > 1 and (len(stories) > 1 or None in stories):
            wrong.update(present)
    for claim, other_claim in bonds.pairs():
        if homes.get(claim) is not None and homes[claim] == homes.get(other_claim):
            wrong |= {claim, other_claim}
    return wrong


class _Stories:
    """The stories and their claims, as the decisions of one night leave them behind, one after the other."""

    def __init__(self, store: Store, run: RunContext, decisions: Sequence[StandingDecision]) -> None:
        self._store, self._run = store, run
        self.faults: list[Fault] = []
        named = {decision.target for decision in decisions}
        named |= {decision.value for decision in decisions if decision.kind is DecisionKind.STORY_MERGE}
        self._heirs = dict(store.execute(SQL["heirs"], {"stories": sorted(named)}))
        stored = {story for (story,) in store.execute(
            SQL["known"], {"stories": sorted(named | set(self._heirs.values()))})}
        self._known = stored | self._heirs.keys()
        listed = {name for decision in decisions if decision.kind is DecisionKind.STORY_SPLIT
                  for name in decision.value.split()}
        self._standing = dict(store.execute(SQL["standing"], {"claims": sorted(listed | named)}))
        self._find_again({decision.target for decision in decisions} - self._known - self._standing.keys())
        self._moved: dict[str, str] = {}
        for decision in decisions:
            if decision.kind is DecisionKind.STORY_TITLE and decision.target not in self._known:
                self._fault(decision, f"the title of {decision.target} names a story that is not there")

    def carry_out(self, decision: StandingDecision) -> list[_Side]:
        """Return the sides of a decision, and go on as if it were done; nothing where it cannot be."""
        if decision.kind is DecisionKind.STORY_SPLIT:
            return self._split(decision)
        return self._merge(decision)

    def _split(self, decision: StandingDecision) -> list[_Side]:
        story = self._now(decision.target)
        if story is None:
            return self._fault(decision, f"the split of {decision.target} names a story that is not there")
        listed = decision.value.split()
        if lost := next((name for name in listed if name not in self._standing), None):
            self._fault(decision, f"the split of {decision.target} names a claim that is not there: {lost}")
        leaving = {self._standing[name] for name in listed if name in self._standing}
        staying = self._claims(story) - leaving
        if not leaving:
            return []
        self._moved |= dict.fromkeys(leaving, f"split {decision.decision_id}")
        return [*(_Side(claim, "leaves", story) for claim in sorted(leaving)),
                *(_Side(claim, "stays", story) for claim in sorted(staying))]

    def _merge(self, decision: StandingDecision) -> list[_Side]:
        into = self._now(decision.value)
        lone_claim = self._standing.get(decision.target)
        story = self._now(decision.target)
        if into is None or (story is None and lone_claim is None):
            named = (f"into {decision.value} names a story that is not there" if decision.value
                     else "names no story to merge into")
            return self._fault(decision, f"the merge of {decision.target} {named}")
        holding = self._claims(into)
        moving = ({lone_claim} if story is None and lone_claim else self._claims(story or "")) - holding
        if story:
            self._heirs |= {other: into for other, heir in self._heirs.items() if heir == story}
            if story != into:
                self._heirs[story] = into
                self._known.add(story)
        self._moved |= dict.fromkeys(moving, into)
        return [*(_Side(claim, "moves", story) for claim in sorted(moving)),
                *(_Side(claim, "holds", into) for claim in sorted(holding))]

    def _now(self, story: str) -> str | None:
        """Return the story that stands for this one by now; None where none does."""
        return self._heirs.get(story, story) if story in self._known else None

    def _claims(self, story: str) -> set[str]:
        """Return the claims of a story, as the decisions so far leave it."""
        merged = [other for other, heir in self._heirs.items() if heir == story]
        rows = self._store.execute(SQL["held"], {"stories": [story, *merged]})
        claims = {claim for _, claim in rows if self._moved.get(claim, story) == story}
        return claims | {claim for claim, home in self._moved.items() if home == story}

    def _find_again(self, lost: Iterable[str]) -> None:
        """Find the stories of ids that are not there: stories told anew have others.

        An id is made of the claim that began the story: it leads to the story that this claim is in now.
        """
        wanted = set(lost)
        if not wanted:
            return
        for claim, story in self._store.execute(SQL["beginners"]):
            for number in range(AGAIN):
                if (old := stable_id("s", claim, number)) in wanted:
                    self._heirs[old] = story
                    self._known |= {old, story}
                    self._store.append("story_heirs", [{"story_id": old, "heir": story,
                                                        "since": self._run.now, "run_id": self._run.run_id}])

    def _fault(self, decision: StandingDecision, words: str) -> list[_Side]:
        self.faults.append(Fault("decision_dangling", words, decision.decision_id))
        return []


def _taken_back(store: Store, run: RunContext, standing: Sequence[str]) -> set[str]:
    """Undo what decisions that no longer stand had done to stories; return the claims that this touches.

    A story that had been merged gets its claims and its id back. Claims that had been split off go back to
    the story that they were taken out of, and the id of the story that they formed leads there.
    """
    sides: dict[str, list[_Side]] = defaultdict(list)
    for decision, claim, side, story in store.execute(SQL["withdrawn"], {"standing": list(standing)}):
        sides[decision].append(_Side(claim, side, story))
    touched: set[str] = set()
    stamp = {"now": run.now, "run_id": run.run_id}
    for group in sides.values():
        claims = [side.claim_id for side in group]
        homes = dict(store.execute(SQL["homes"], {"claims": claims}))
        returning = [side for side in group if side.side in ("moves", "leaves")]
        home = next((homes.get(side.claim_id) for side in group if side.side in ("holds", "stays")
                     and homes.get(side.claim_id)), None)
        if returning and returning[0].side == "moves":
            moving = [side.claim_id for side in returning if home and homes.get(side.claim_id) == home]
            if (story := returning[0].story_id) is None:
                store.execute(SQL["leave"], {"claims": moving})
            elif moving:
                store.execute(SQL["put_back"], stamp | {"claims": moving, "story_id": story})
                store.execute(SQL["revive"], {"story_id": story})
        elif returning and home:
            moving = [side.claim_id for side in returning]
            left_stories = sorted({homes[claim] for claim in moving if homes.get(claim, home) != home})
            store.execute(SQL["put_back"], stamp | {"claims": moving, "story_id": home})
            for (story,) in store.execute(SQL["emptied"], {"stories": left_stories}):
                store.execute(SQL["hand_on"], {"story_id": story, "heir": home})
                store.append("story_heirs", [
                    {"story_id": story, "heir": home, "since": run.now, "run_id": run.run_id}])
            touched |= {claim for _, claim in store.execute(SQL["held"], {"stories": left_stories})}
        touched |= {claim for _, claim in store.execute(SQL["standing"], {"claims": claims})}
    store.execute(SQL["forget_sides"], {"decisions": list(sides)})
    return touched
