"""Test the status of claims at another time: as said, as known, and night by night."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from pipeline.cli.judge import last_instant, print_standing
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.errors import ConfigError, DataError
from pipeline.core.home import Home
from pipeline.core.vocabulary import Certainty, DecisionKind, Kind, Precision, Stance, Status
from pipeline.stages.judge.history import histories
from pipeline.store.store import Store
from tests.conftest import Command
from tests.worlds.builder import hours
from tests.worlds.judged import Judged
from tests.worlds.laid import EmptyStore

pytestmark = pytest.mark.slow  # whole nights

SOURCES = ("the-lantern", "courier", "daily-quill", "aurel-blog", "x:mira")


class Nightly(Judged):
    """Three outlets, the subject's blog, and a user, judged every day at three in the morning."""

    def __init__(self, store: Store, first: RunContext) -> None:
        super().__init__(store, replace(first, now=hours(15)))
        self.people()

    def judged(self, number: int = 0) -> datetime:
        """Trace and judge on the `number`th night; return its time."""
        self.night(number)
        return self.tonight.now


@pytest.fixture
def world(store: Store, run: RunContext) -> Nightly:
    world = Nightly(store, run)
    world.claim("c1", kind=Kind.TRAINING_DATA)
    return world


def status(world: Judged, at: datetime, *, known: bool) -> list[Status]:
    """Return the statuses that the one claim went through."""
    return [step.assessment.status for past in histories(world.store, at, corroborating_voices=2, known=known)
            for step in past.steps]


def test_what_was_said_early_and_seen_late_is_told_apart(world: Nightly) -> None:
    world.say("c1", "the-lantern", hours(0))
    first = world.judged()
    late_seen = {"seen_at": hours(30)}
    world.say("c1", "courier", hours(2), document=late_seen)
    world.judged(1)
    assert status(world, first, known=False) == [Status.UNVERIFIED, Status.CORROBORATED]
    assert status(world, first, known=True) == [Status.UNVERIFIED]
    assert status(world, hours(1), known=False) == [Status.UNVERIFIED]
    assert status(world, hours(-1), known=False) == status(world, hours(1), known=True) == []


def test_a_decision_a_deletion_and_an_edit_are_known_from_when_they_were_seen(world: Nightly) -> None:
    world.say("c1", "the-lantern", hours(0), document_id="d1")
    world.say("c1", "courier", hours(1))
    nights = [world.judged()]
    world.version("d1", 2, "Now about the weather.", hours(30))
    nights.append(world.judged(1))
    world.decide(DecisionKind.STATUS, "c1", "disputed", hours(50))
    nights.append(world.judged(2))
    world.ask("UPDATE store.decisions SET undone_at = ?", [hours(80)])
    nights.append(world.judged(3))
    last_statuses = [status(world, night_time, known=True)[-1] for night_time in nights]
    assert last_statuses == [Status.CORROBORATED, Status.UNVERIFIED, Status.DISPUTED, Status.UNVERIFIED]


def test_nothing_is_written(world: Nightly) -> None:
    world.say("c1", "the-lantern", hours(0))
    world.judged()

    def content() -> str:
        tables = world.ask("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'store' ORDER BY ALL")
        rows = [world.ask(f"FROM store.{name} ORDER BY ALL") for (name,) in tables]
        return hashlib.sha256(repr(rows).encode()).hexdigest()

    before = content()
    for known in (False, True):
        assert list(histories(world.store, hours(500), corroborating_voices=2, known=known))
    assert content() == before


def test_a_day_stands_for_its_end() -> None:
    assert last_instant("2026-03-01") == datetime(2026, 3, 1, 23, 59, 59, 999999, UTC)
    assert last_instant("2026-03-01T05:00+02:00") == datetime(2026, 3, 1, 3, tzinfo=UTC)
    with pytest.raises(ConfigError, match="is not a time"):
        last_instant("yesterday")


@pytest.fixture
def stored(home: Home, run: RunContext) -> Iterator[Home]:
    """A home with a claim that was judged."""
    store = Store.open(home.work)
    world = Nightly(store, run)
    world.claim("c1", "Aurel trained Aster 4 on test sets\x1b[31m", kind=Kind.TRAINING_DATA)
    world.say("c1", "the-lantern", hours(0))
    world.judged()
    store.close()
    yield home


def test_the_command_tells_all_claims_or_the_steps_of_one(stored: Home, command: Command) -> None:
    arguments = ("judge", "--home", stored.path, "--as-of", "2026-01-06")
    (code, output, _), (known_code, steps, _) = command(*arguments), command(*arguments, "--known", "c1")
    assert (code, known_code) == (0, 0)
    output += steps
    for text in ("one_voice", "It rests on one voice, The Lantern", "What would change it"):
        assert text in output
    assert "\x1b[31m" not in output


def test_what_cannot_be_told_is_an_error_with_the_next_step(
    stored: Home, tmp_path: Path, command: Command
) -> None:
    console = Console(file=StringIO())
    with pytest.raises(DataError, match="nothing had been said of a claim 'c9'"):
        print_standing(console, stored, Config(), "2026-01-06", known=False, claim_id="c9")
    with pytest.raises(DataError, match="nothing was stored yet"):
        print_standing(console, Home(tmp_path / "empty"), Config(), "2026-01-06", known=False, claim_id=None)
    assert command("judge", "--known", "--home", stored.path)[0] == 2


# --- the property -----------------------------------------------------------------------------------------

KINDS = (Kind.SIZE, Kind.RELEASE, Kind.SIZE, Kind.CAPABILITY)


def happens(draw: Callable[..., Any], world: Judged, number: int) -> None:
    """Draw an event that may come in before the `number`th night, and apply it."""
    latest = 24 * number + 14
    event_kind = draw(st.sampled_from(["say", "say", "say", "follow", "edit", "delete", "decide", "stance",
                                       "move", "page"]))
    claim, source = draw(st.sampled_from(sorted(world.claims))), draw(st.sampled_from(SOURCES))
    documents = sorted(world.documents)
    seen = {"seen_at": hours(latest)}
    at = hours(draw(st.integers(-200, latest))) if draw(st.booleans()) else None
    if event_kind == "say" or not documents:
        certainty = draw(st.sampled_from(list(Certainty)))
        world.say(claim, source, at, draw(st.sampled_from(list(Stance))), document=seen, certainty=certainty)
    elif event_kind == "follow":  # the event may turn an independent voice into a repetition
        origin = draw(st.sampled_from(documents))
        world.say(claim, source, at, document=seen | {"links": (origin,)})
    elif event_kind == "edit":
        document = draw(st.sampled_from(documents))
        count = len(world.ask("SELECT 1 FROM store.versions WHERE document_id = ?", [document]))
        world.version(document, count + 1,
                      draw(st.sampled_from(["Now about the weather.", "Aurel trained Aster 4 on test sets",
                                            "Aurel reportedly trained Aster 4 on test sets"])), hours(latest))
    elif event_kind == "delete":
        gone = [hours(latest), draw(st.sampled_from(documents))]
        world.ask("UPDATE store.documents SET gone_at = ?, gone_evidence = '404' WHERE document_id = ?", gone)
    elif event_kind == "decide":
        world.decide(DecisionKind.STATUS, claim, draw(st.sampled_from(list(Status))), hours(latest))
    elif event_kind == "page":
        name = draw(st.sampled_from(["aurel/Aster-4", "aurel/Aster-5"]))
        world.document(f"page{len(documents)}", "aurel-blog", at, "Library: transformers", title=name,
                       artefact=True, seen_at=hours(latest))
    else:
        mentions = [row for (row,) in world.ask("SELECT mention_id FROM store.members ORDER BY ALL")]
        if not mentions:
            return
        mention = draw(st.sampled_from(mentions))
        if event_kind == "stance":
            world.decide(DecisionKind.STANCE, mention, draw(st.sampled_from(list(Stance))), hours(latest))
        else:  # as an editor's merge or split moves a mention
            world.ask("UPDATE store.members SET claim_id = ? WHERE mention_id = ?", [claim, mention])
            world.stance(claim, mention, draw(st.sampled_from(list(Stance))))


def recorded(world: Judged, at: datetime) -> dict[str, list[tuple[object, ...]]]:
    """Return the newest stored judgement by then of each claim that still had evidence."""
    sql = """SELECT claim_id, moved_at, since, status, round(score::DOUBLE, 3), voices, rule, reason,
                    evidence_ids FROM store.verdicts WHERE judged_at <= ?
             QUALIFY judged_at = max(judged_at) OVER (PARTITION BY claim_id) ORDER BY claim_id, step"""
    statuses: dict[str, list[tuple[object, ...]]] = {}
    for claim_id, *row in world.ask(sql, [at]):
        statuses.setdefault(claim_id, []).append(tuple(row))
    return statuses


def replayed(world: Judged, at: datetime) -> dict[str, list[tuple[object, ...]]]:
    """Return the same judgements, computed anew from what was known then."""
    statuses: dict[str, list[tuple[object, ...]]] = {}
    for history in histories(world.store, at, corroborating_voices=2, known=True):
        for step in history.steps:
            standing = step.assessment
            row = (step.at if step.said else None, step.at, str(standing.status), round(standing.score, 3),
                   standing.voices, standing.rule.id, step.reason)
            statuses.setdefault(history.subject.claim_id, []).append((*row, list(step.cites)))
    return statuses


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_was_known_in_each_night_gives_what_was_recorded_in_it(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = EmptyStore()
    try:
        run = RunContext(run_id="r", now=hours(0), home=Home(tmp_path_factory.mktemp("home")),
                         config=Config())
        world = Nightly(store, run)
        for number, kind in enumerate(KINDS):
            due_at = hours(data.draw(st.integers(-100, 150))) if data.draw(st.booleans()) else None
            deed_words = "will release Aster 4" if kind is Kind.RELEASE else "trained Aster 4 on test sets"
            precision = Precision.SECOND if due_at else Precision.UNKNOWN
            world.claim(f"c{number}", f"Aurel {deed_words}", kind, event_at=due_at, event_precision=precision)
        world.rivals("c0", "c2", "number", "1 / 2")
        nights: dict[datetime, dict[str, list[tuple[object, ...]]]] = {}
        for number in range(data.draw(st.integers(1, 4))):
            for _ in range(data.draw(st.integers(0, 4))):
                happens(data.draw, world, number)
            at = world.judged(number)
            present = {row for (row,) in world.ask("SELECT DISTINCT claim_id FROM store.members")}
            nights[at] = {claim: rows for claim, rows in recorded(world, at).items() if claim in present}
        for at, rows in nights.items():
            assert replayed(world, at) == rows
    finally:
        store.close()
