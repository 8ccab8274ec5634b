"""Editors' decisions hold after any sequence of decisions, undoings and runs; an undone one has no effect."""

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
        """Store `count` more mentions, each in a document of its own."""
        for mention_id in self.waiting[:count]:
            words = WORDS[MENTIONS.index(mention_id)]
            self.world.document(f"d{mention_id}", "wire", NOW - timedelta(days=1), words)
            row = said(mention_id, words, version_id=f"v-d{mention_id}-1", speaker="Wire")
            self.store.put("mentions", [row])
        del self.waiting[:count]

    def decide(self, kind: str, target: str, value: str | None) -> None:
        if target != value:
            self.hours += 1
            now = NOW + timedelta(hours=self.hours)
            self.journal.decide(
                DecisionKind(kind), target, value, reason="it was checked", editor="ada", now=now
            )

    def undo(self, number: int) -> None:
        made_before = [entry for entry in self.journal.read() if entry.kind is not DecisionKind.UNDO]
        if made_before:
            self.journal.undo(
                made_before[number % len(made_before)].decision_id,
                reason="wrong",
                editor="bo",
                now=NOW + timedelta(days=9),
            )

    def scratch(self, stage: str) -> None:
        for table in STAGED[stage]:
            self.store.connection.execute(f"DELETE FROM store.{table}")
        if stage == "cluster":
            shutil.rmtree(self.home.index, ignore_errors=True)

    def run(self) -> None:
        """Run all stages from clustering on, then assert that every decision holds."""
        self.hours += 1
        run = RunContext(f"r{self.hours}", NOW + timedelta(days=10, hours=self.hours), self.home, Config())
        copy_journal(self.store, run)
        for stage in STAGED:
            STAGES[stage](self.store, run, FakeModels())
        Oracle(self.store, self.journal.read()).check(run.run_id)


class Oracle:
    """The expected state, computed only from the journal and from the machine's placement of mentions."""

    def __init__(self, store: Store, entries: list[Decision]) -> None:
        self.ask = lambda sql: store.connection.execute(sql).fetchall()
        self.standing = [
            entry for entry in entries if entry.kind is not DecisionKind.UNDO and entry.undone_at is None
        ]
        self.placed: dict[str, str] = dict(self.ask("SELECT mention_id, claim_id FROM store.placements"))
        self.split = {
            entry.target
            for entry in self.standing
            if entry.kind is DecisionKind.SPLIT and entry.target in self.placed
        }
        splits = {
            split_claim_id(entry.target): entry.target
            for entry in entries
            if entry.kind is DecisionKind.SPLIT
        }
        undone = {entry.target for entry in entries if entry.kind is DecisionKind.SPLIT and entry.undone_at}
        self.resting = {claim: mention for claim, mention in splits.items() if mention in undone - self.split}
        self.machine = {claim for (claim,) in self.ask("SELECT claim_id FROM store.claims")} - splits.keys()

    def now(self, name: str) -> str | None:
        """Return the claim that a claim id leads to, before merges."""
        if name in {split_claim_id(mention) for mention in self.split} or name in self.machine:
            return name
        return (
            next((self.placed[mention] for mention in self.placed if stable_id("c", mention) == name), None)
            if name not in self.resting
            else None
        )

    def settled(self, name: str) -> str:
        """Return the machine's claim, also for a claim of a split that was undone."""
        while name in self.resting:
            name = self.placed[self.resting[name]]
        return name

    def newest(self, *kinds: DecisionKind) -> dict[str, Decision]:
        """Return the newest applicable decision for each target."""
        newest = {}
        for entry in self.standing:
            reaches = (
                entry.value is None
                or entry.kind in (DecisionKind.STANCE, DecisionKind.STATUS)
                or self.now(entry.value) is not None
            )
            if (
                entry.kind in kinds
                and reaches
                and (entry.target in self.placed or self.now(entry.target) is not None)
            ):
                newest[entry.target] = entry
        return newest

    def check(self, run_id: str) -> None:
        graph = nx.Graph()
        homes = {mention: self.settled(claim) for mention, claim in self.placed.items()}
        for mention, entry in self.newest(DecisionKind.SPLIT, DecisionKind.MOVE).items():
            homes[mention] = (
                split_claim_id(mention)
                if entry.kind is DecisionKind.SPLIT
                else str(self.now(str(entry.value)))
            )
        graph.add_nodes_from(homes.values())
        graph.add_edges_from(
            (self.now(entry.target), self.now(str(entry.value)))
            for entry in self.newest(DecisionKind.MERGE).values()
        )
        groups = [frozenset(group) for group in nx.connected_components(graph)]
        group_of = {name: group for group in groups for name in group}

        members: dict[str, str] = dict(self.ask("SELECT mention_id, claim_id FROM store.members"))
        assert members.keys() == self.placed.keys()
        for mention in members:
            assert members[mention] in group_of[homes[mention]]
            for mate in members:
                assert (members[mention] == members[mate]) == (
                    group_of[homes[mention]] == group_of[homes[mate]]
                ), (
                    mention,
                    mate,
                )

        def bearing(kind: DecisionKind) -> Iterator[tuple[frozenset[str], Decision]]:
            for entry in self.standing:
                if entry.kind is kind and (name := self.now(entry.target)) is not None:
                    yield group_of.get(name, frozenset({name})), entry

        hidden_groups = {group for group, _ in bearing(DecisionKind.HIDE)}
        statuses = {group: entry.value for group, entry in bearing(DecisionKind.STATUS)}
        stances = {mention: entry.value for mention, entry in self.newest(DecisionKind.STANCE).items()}
        shown_rows = {
            mention: (claim, placed, stance, machine) for mention, claim, placed, stance, machine in self.ask(
                "SELECT mention_id, claim_id, machine_claim_id, stance, machine_stance FROM evidence"
            )}  # fmt: skip
        assert shown_rows.keys() == {
            mention for mention in members if group_of[homes[mention]] not in hidden_groups
        }
        for mention, (claim_id, placed, stance, machine) in shown_rows.items():
            assert (claim_id, placed) == (members[mention], self.placed[mention])
            assert (stance, machine) == (stances.get(mention, "supports"), "supports")
        verdicts = {
            claim: (status, rule)
            for claim, status, rule in self.ask("SELECT claim_id, status, rule FROM claims")
        }
        assert verdicts.keys() == {members[mention] for mention in shown_rows}
        for claim_id, (status, rule) in verdicts.items():
            decided_status = statuses.get(group_of[claim_id])
            assert status == decided_status if decided_status else rule != "decided"
            assert (rule == "decided") == (decided_status is not None)
        on_timeline = {
            reason
            for (reason,) in self.ask(
                "SELECT claim_id FROM timeline WHERE event = 'decision' AND starts_with(reason, 'note')"
            )
        }
        noted_groups = {group for group, _ in bearing(DecisionKind.NOTE)}
        assert on_timeline == {claim for claim in verdicts if group_of[claim] in noted_groups}
        self._check_dangling(run_id)
        if not self.split and not any(entry.kind is DecisionKind.MOVE for entry in self.standing):
            assert self.ask("SELECT claim_id FROM store.retold") == []

    def _check_dangling(self, run_id: str) -> None:
        lost_ids = {
            place
            for (place,) in self.ask(
                f"SELECT place FROM store.issues WHERE code = 'decision_dangling' AND run_id = '{run_id}'"
            )
        }
        for entry in self.standing:
            of_mention = entry.kind in (DecisionKind.SPLIT, DecisionKind.MOVE, DecisionKind.STANCE)
            names = [
                *([] if of_mention else [entry.target]),
                *(
                    [entry.value]
                    if entry.kind in (DecisionKind.MERGE, DecisionKind.MOVE, DecisionKind.APART)
                    else []
                ),
            ]
            is_lost = any(self.now(str(name)) is None and name not in self.resting for name in names)
            assert (entry.decision_id in lost_ids) == (
                is_lost or (of_mention and entry.target not in self.placed)
            ), entry


@pytest.mark.slow
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(MENTIONS), st.permutations(MENTIONS), st.lists(step, min_size=3, max_size=16))
def test_what_editors_said_holds_after_any_runs(
    order: list[str], other_order: list[str], steps: list[tuple[str, str | int, str | None]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        newsroom = Newsroom(Path(folder) / "room", order)
        newsroom.decide("stance", "m1", "denies")
        newsroom.arrive(3)
        newsroom.run()
        for kind, target, value in steps:
            if kind == "run":
                newsroom.arrive(int(target))
                newsroom.run()
            elif kind == "undo":
                newsroom.undo(int(target))
            elif kind == "scratch":
                newsroom.scratch(str(target))
            else:
                newsroom.decide(kind, str(target), value)
        newsroom.arrive(len(WORDS))
        newsroom.run()
        for stage in STAGED:
            newsroom.scratch(stage)
        newsroom.run()
        second_newsroom = Newsroom(Path(folder) / "again", other_order)
        shutil.copy(newsroom.journal.path, second_newsroom.journal.path)
        second_newsroom.hours = newsroom.hours
        while second_newsroom.waiting:
            second_newsroom.arrive(4)
            second_newsroom.run()
        newsroom.store.close()
        second_newsroom.store.close()
