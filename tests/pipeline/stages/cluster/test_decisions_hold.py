"""What editors said holds after any decisions, undoings and runs, in any order; what was undone is gone."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.core.records import Decision, stable_id
from pipeline.core.vocabulary import DecisionKind, Stance, Status
from pipeline.decisions.editorial import split_claim_id
from pipeline.decisions.journal import Journal
from pipeline.decisions.sync import copy_journal
from pipeline.run.stages import STAGES
from pipeline.store.store import Store
from tests.conftest import NOW
from tests.fakes import FakeModels
from tests.worlds.builder import World, said
from tests.worlds.laid import EmptyStore

WORDS = (
    "Orbit sings at dawn every day", "Comet costs ten dollars a month", "Every day Orbit sings at dawn",
    "Nebula was sold to a bank",
    "Comet costs ten dollars a month", "Orbit sings at dawn", "Nebula was sold to a bank in May",
    "Comet costs ten dollars",
)  # fmt: skip
MENTIONS = tuple(f"m{n}" for n in range(1, len(WORDS) + 1))
CLAIMS = (*(stable_id("c", m) for m in MENTIONS), *(split_claim_id(m) for m in MENTIONS[:4]), "c-nowhere")
STAGED = {
    "cluster": ("placements", "members", "claims", "vectors", "terms", "rivals", "heirs", "retold"),
    "weigh": ("evidence",),
    "trace": ("origins", "edges", "traced", "signatures", "copies"),
    "judge": ("verdicts", "judged", "checkworthy"),
}

claim = st.sampled_from(CLAIMS)
mention = st.sampled_from((*MENTIONS, "m-none"))
decision = st.one_of(
    st.tuples(st.just("merge"), claim, claim),
    st.tuples(st.just("apart"), claim, claim),
    st.tuples(st.just("split"), mention, st.none()),
    st.tuples(st.just("move"), mention, claim),
    st.tuples(st.just("stance"), mention, st.sampled_from(tuple(Stance))),
    st.tuples(st.just("status"), claim, st.sampled_from(tuple(Status))),
    st.tuples(st.just("hide"), claim, st.none()),
    st.tuples(st.just("note"), claim, st.none()),
)
step = st.one_of(
    decision,
    decision,
    st.tuples(st.just("undo"), st.integers(0, 20), st.none()),
    st.tuples(st.just("run"), st.integers(0, 4), st.none()),
    st.tuples(st.just("scratch"), st.sampled_from(tuple(STAGED)), st.none()),
)


class Newsroom:
    """A journal, and a store that takes in mentions and runs."""

    def __init__(self, folder: Path, order: Sequence[str]) -> None:
        folder.mkdir(exist_ok=True)
        self.home = Home(folder)
        self.journal = Journal(folder / "decisions.sqlite")
        self.store = EmptyStore()
        self.world = World(self.store)
        self.world.source("Wire")
        self.waiting = list(order)
        self.hours = 0

    def arrive(self, count: int) -> None:
        """So many more mentions, each in a document of its own."""
        for mention_id in self.waiting[:count]:
            words = WORDS[MENTIONS.index(mention_id)]
            self.world.document(f"d{mention_id}", "wire", NOW - timedelta(days=1), words)
            row = said(mention_id, words, version_id=f"v-d{mention_id}-1", speaker="Wire")
            self.store.put("mentions", [row])
        del self.waiting[:count]

    def decide(self, kind: str, target: str, value: str | None) -> None:
        if target != value:
            self.hours += 1
            at = NOW + timedelta(hours=self.hours)
            self.journal.decide(
                DecisionKind(kind), target, value, reason="it was checked", editor="ada", now=at
            )

    def undo(self, number: int) -> None:
        made = [d for d in self.journal.read() if d.kind is not DecisionKind.UNDO]
        if made:
            self.journal.undo(
                made[number % len(made)].decision_id, reason="wrong", editor="bo", now=NOW + timedelta(days=9)
            )

    def scratch(self, stage: str) -> None:
        for table in STAGED[stage]:
            self.store.connection.execute(f"DELETE FROM store.{table}")
        if stage == "cluster":
            shutil.rmtree(self.home.index, ignore_errors=True)

    def run(self) -> None:
        """All stages from clustering on; then everything that editors said holds."""
        self.hours += 1
        run = RunContext(f"r{self.hours}", NOW + timedelta(days=10, hours=self.hours), self.home, Config())
        copy_journal(self.store, run)
        for stage in STAGED:
            STAGES[stage](self.store, run, FakeModels())
        Oracle(self.store, self.journal.read()).check(run.run_id)


class Oracle:
    """What must be, worked out only from the journal and from where the machine put the mentions."""

    def __init__(self, store: Store, entries: list[Decision]) -> None:
        self.ask = lambda sql: store.connection.execute(sql).fetchall()
        self.standing = [d for d in entries if d.kind is not DecisionKind.UNDO and d.undone_at is None]
        self.placed: dict[str, str] = dict(self.ask("SELECT mention_id, claim_id FROM store.placements"))
        self.split = {
            d.target for d in self.standing if d.kind is DecisionKind.SPLIT and d.target in self.placed
        }
        splits = {split_claim_id(d.target): d.target for d in entries if d.kind is DecisionKind.SPLIT}
        undone = {d.target for d in entries if d.kind is DecisionKind.SPLIT and d.undone_at}
        self.resting = {own: m for own, m in splits.items() if m in undone - self.split}
        self.machine = {c for (c,) in self.ask("SELECT claim_id FROM store.claims")} - splits.keys()

    def now(self, name: str) -> str | None:
        """The claim that a name means, before merges."""
        if name in {split_claim_id(m) for m in self.split} or name in self.machine:
            return name
        return (
            next((self.placed[m] for m in self.placed if stable_id("c", m) == name), None)
            if name not in self.resting
            else None
        )

    def settled(self, name: str) -> str:
        """The claim of the machine, also where it is one of a split that was taken back."""
        while name in self.resting:
            name = self.placed[self.resting[name]]
        return name

    def newest(self, *kinds: DecisionKind) -> dict[str, Decision]:
        """Of each target the newest decision that can be followed."""
        found = {}
        for d in self.standing:
            follows = (
                d.value is None
                or d.kind in (DecisionKind.STANCE, DecisionKind.STATUS)
                or self.now(d.value) is not None
            )
            if d.kind in kinds and follows and (d.target in self.placed or self.now(d.target) is not None):
                found[d.target] = d
        return found

    def check(self, run_id: str) -> None:
        graph = nx.Graph()
        homes = {m: self.settled(c) for m, c in self.placed.items()}
        for m, d in self.newest(DecisionKind.SPLIT, DecisionKind.MOVE).items():
            homes[m] = split_claim_id(m) if d.kind is DecisionKind.SPLIT else str(self.now(str(d.value)))
        graph.add_nodes_from(homes.values())
        graph.add_edges_from(
            (self.now(d.target), self.now(str(d.value))) for d in self.newest(DecisionKind.MERGE).values()
        )
        groups = [frozenset(group) for group in nx.connected_components(graph)]
        group_of = {name: group for group in groups for name in group}

        members: dict[str, str] = dict(self.ask("SELECT mention_id, claim_id FROM store.members"))
        assert members.keys() == self.placed.keys()
        for m in members:
            assert members[m] in group_of[homes[m]]
            for other in members:
                assert (members[m] == members[other]) == (group_of[homes[m]] == group_of[homes[other]]), (
                    m,
                    other,
                )

        def bearing(kind: DecisionKind) -> Iterator[tuple[frozenset[str], Decision]]:
            for d in self.standing:
                if d.kind is kind and (name := self.now(d.target)) is not None:
                    yield group_of.get(name, frozenset({name})), d

        hidden = {group for group, _ in bearing(DecisionKind.HIDE)}
        statuses = {group: d.value for group, d in bearing(DecisionKind.STATUS)}
        stances = {m: d.value for m, d in self.newest(DecisionKind.STANCE).items()}
        shown = {m: (c, was, stance, machine) for m, c, was, stance, machine in self.ask(
            "SELECT mention_id, claim_id, machine_claim_id, stance, machine_stance FROM evidence"
        )}  # fmt: skip
        assert shown.keys() == {m for m in members if group_of[homes[m]] not in hidden}
        for m, (claim_id, was, stance, machine) in shown.items():
            assert (claim_id, was) == (members[m], self.placed[m])
            assert (stance, machine) == (stances.get(m, "supports"), "supports")
        judged = {
            c: (status, rule) for c, status, rule in self.ask("SELECT claim_id, status, rule FROM claims")
        }
        assert judged.keys() == {members[m] for m in shown}
        for claim_id, (status, rule) in judged.items():
            decided = statuses.get(group_of[claim_id])
            assert status == decided if decided else rule != "decided"
            assert (rule == "decided") == (decided is not None)
        on_timeline = {
            r
            for (r,) in self.ask(
                "SELECT claim_id FROM timeline WHERE event = 'decision' AND starts_with(reason, 'note')"
            )
        }
        noted = {group for group, _ in bearing(DecisionKind.NOTE)}
        assert on_timeline == {c for c in judged if group_of[c] in noted}
        self._check_dangling(run_id)
        if not self.split and not any(d.kind is DecisionKind.MOVE for d in self.standing):
            assert self.ask("SELECT claim_id FROM store.retold") == []

    def _check_dangling(self, run_id: str) -> None:
        told = {
            p
            for (p,) in self.ask(
                f"SELECT place FROM store.issues WHERE code = 'decision_dangling' AND run_id = '{run_id}'"
            )
        }
        for d in self.standing:
            of_mention = d.kind in (DecisionKind.SPLIT, DecisionKind.MOVE, DecisionKind.STANCE)
            names = [
                *([] if of_mention else [d.target]),
                *([d.value] if d.kind in (DecisionKind.MERGE, DecisionKind.MOVE, DecisionKind.APART) else []),
            ]
            lost = any(self.now(str(name)) is None and name not in self.resting for name in names)
            assert (d.decision_id in told) == (lost or (of_mention and d.target not in self.placed)), d


@pytest.mark.slow
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(MENTIONS), st.permutations(MENTIONS), st.lists(step, min_size=3, max_size=16))
def test_what_editors_said_holds_after_any_runs(
    order: list[str], other_order: list[str], steps: list[tuple[str, str | int, str | None]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        room = Newsroom(Path(folder) / "room", order)
        room.decide("stance", "m1", "denies")
        room.arrive(3)
        room.run()
        for kind, what, value in steps:
            if kind == "run":
                room.arrive(int(what))
                room.run()
            elif kind == "undo":
                room.undo(int(what))
            elif kind == "scratch":
                room.scratch(str(what))
            else:
                room.decide(kind, str(what), value)
        room.arrive(len(WORDS))
        room.run()
        for stage in STAGED:
            room.scratch(stage)
        room.run()
        again = Newsroom(Path(folder) / "again", other_order)
        shutil.copy(room.journal.path, again.journal.path)
        again.hours = room.hours
        while again.waiting:
            again.arrive(4)
            again.run()
        room.store.close()
        again.store.close()
