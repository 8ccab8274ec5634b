"""Who said it first, on a page, in SQL, in files and in track records: the stories of `first_cases.toml`."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from dashboard.data import queries
from dashboard.views.claim import header
from dashboard.views.claim.as_of import Known
from pipeline.cli import why
from pipeline.core.config import AskConfig, Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.core.vocabulary import Certainty, DecisionKind, Kind, Platform, Precision, Role, Stance, Status
from pipeline.exports.dossier import dossier
from pipeline.published.claim import CaseFile, read_claims
from pipeline.published.database import open_published
from pipeline.stages.judge.stage import judge
from pipeline.stages.publish.stage import publish
from pipeline.stages.trace.stage import trace
from pipeline.stages.track import track
from pipeline.store.store import Store
from tests.conftest import query_published
from tests.worlds.builder import World
from tests.worlds.laid import EmptyStore

pytestmark = pytest.mark.slow  # a published copy

STORIES = tomllib.loads(Path(__file__).with_name("first_cases.toml").read_text("utf-8"))["case"]
SOURCES = {"mira": (Role.COMMUNITY, Platform.X), "jo": (Role.COMMUNITY, Platform.X)}
NOW = datetime(2026, 3, 1, tzinfo=UTC)
LATE = datetime(2026, 2, 1, tzinfo=UTC)

pytest_story = pytest.mark.parametrize("number", range(len(STORIES)), ids=[case["name"] for case in STORIES])


@dataclass(frozen=True, slots=True)
class Told:
    """A published copy with a claim for each story, `k0` and so on, the names of its sources, and all that is
    published on each claim.
    """

    home: Home
    names: dict[str, str]
    cases: dict[str, CaseFile]

    def case(self, number: int) -> CaseFile:
        """Return all that is published on the claim of a story."""
        return self.cases[f"k{number}"]

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""
        return query_published(self.home, sql, *values)


def plain(at: datetime) -> datetime:
    """Return an instant in UTC without its zone."""
    return at.astimezone(UTC).replace(tzinfo=None)


def _fill(store: Store) -> dict[str, str]:
    """Store the stories' documents; return the name of each source by its id."""
    world = World(store)
    ids: dict[str, str] = {}
    for number, story in enumerate(STORIES):
        claim = world.claim(f"k{number}", f"Aurel trained Aster {number} on test sets", Kind.TRAINING_DATA)
        for entry in story["say"]:
            source_by = entry["by"]
            role, platform = SOURCES.get(source_by, (Role.PRESS, Platform.NEWS))
            ids[source_by] = ids.get(source_by) or world.source(source_by, role, platform=platform)
            fields: dict[str, Any] = {}
            if entry.get("nobody"):
                fields = {"speaker": None, "certainty": Certainty.REPORTED}
            if "of" in entry:
                fields = {"speaker": None, "attributed_to": entry["of"]}
            at, precision, seen = entry.get("at"), entry.get("precision", "second"), entry.get("seen", LATE)
            if at:  # computes `said_at` as the extract stage stores it
                [[fields["said_at"]]] = store.execute("SELECT step.said_at(?::TIMESTAMP, ?, ?::TIMESTAMP)",
                                                      [plain(at), precision, plain(seen)])
            world.say(
                claim, ids[source_by], at, Stance(entry.get("stance", "supports")),
                document_id=f"d{number}-{entry.get('post', source_by)}",
                document={
                    "precision": Precision(precision),
                    "seen_at": seen,
                    "not_before": entry.get("not_before"),
                    "links": (f"d{number}-{entry['after']}",) if "after" in entry else (),
                },
                **fields,
            )  # fmt: skip
        world.decide(DecisionKind.STATUS, claim, Status.SUBSTANTIATED, NOW)
    return {source_id: name for name, source_id in ids.items()}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """All stories, traced, judged, counted and published."""
    store = EmptyStore()
    run = RunContext("r1", NOW, Home(tmp_path_factory.mktemp("first")), Config())
    names = _fill(store)
    trace(store, run)
    judge(store, run)
    track(store, run)
    publish(store, run)
    store.close()
    ids = [f"k{number}" for number in range(len(STORIES))]
    with open_published(run.home.published, AskConfig()) as connection:
        cases = read_claims(connection, ids, seconds=600)
    yield Told(run.home, names, {case.subject.claim_id: case for case in cases})


@pytest_story
def test_sql_tells_the_first(told: Told, number: int) -> None:
    sql = """
        SELECT e.source
        FROM claims AS c, unnest(c.first_evidence_ids) WITH ORDINALITY AS f (evidence_id, place)
        JOIN evidence AS e ON e.claim_id = c.claim_id AND e.evidence_id = f.evidence_id
        WHERE c.claim_id = ? ORDER BY f.place
    """
    assert [source for (source,) in told.ask(sql, f"k{number}")] == STORIES[number]["first"]


@pytest_story
def test_sql_tells_since_when(told: Told, number: int) -> None:
    [(since_at,)] = told.ask("SELECT first_said_at FROM claims WHERE claim_id = ?", f"k{number}")
    if "since" in STORIES[number]:
        assert since_at.replace(tzinfo=UTC) == STORIES[number]["since"]


@pytest_story
def test_the_reader_of_a_claim_tells_the_same(told: Told, number: int) -> None:
    [(ids,)] = told.ask("SELECT first_evidence_ids FROM claims WHERE claim_id = ?", f"k{number}")
    assert [first_words.evidence_id for first_words in told.case(number).first] == ids


@pytest_story
def test_the_bounds_in_sql_overlap_just_where_no_order_is_told(told: Told, number: int) -> None:
    sql = """
        SELECT DISTINCT 1 FROM evidence AS a JOIN evidence AS b USING (claim_id)
        WHERE claim_id = ? AND a.source = ? AND b.source = ?
          AND coalesce(a.said_earliest <= b.said_latest, true)
          AND coalesce(b.said_earliest <= a.said_latest, true)
    """
    first = STORIES[number]["first"]
    followers = {entry["by"] for entry in STORIES[number]["say"] if {"after", "of"} & entry.keys()}
    for by in {entry["by"] for entry in STORIES[number]["say"]} - followers:
        overlaps = all(told.ask(sql, f"k{number}", by, other) == [(1,)] for other in first)
        assert overlaps == (by in first), by


@pytest_story
def test_the_page_tells_the_first(told: Told, number: int) -> None:
    known = Known(queries.current(told.home, Config()), f"k{number}")
    html = header.why(known, told.case(number).subject, [])
    origin_html = html.split('<aside class="rt-origin">')[1]
    text = unescape(re.sub(r"<[^>]+>", "", origin_html))
    first = STORIES[number]["first"]
    assert [name for name in told.names.values() if name in text] == [
        name for name in told.names.values() if name in first
    ]
    is_several = len(first) > 1
    assert (f"Said first, of all we have stored, by one of {len(first)}" in text) == is_several
    assert ("About the same time, as far as is known" in text) == is_several
    assert origin_html.count("<li>") == len(first) - 1


@pytest_story
def test_why_and_the_dossier_tell_the_first(told: Told, number: int) -> None:
    case, first = told.case(number), STORIES[number]["first"]
    console = Console(file=io.StringIO(), width=100)
    for rendered in why.parts_of(case):
        console.print(rendered)
    output = console.file.getvalue()  # type: ignore[attr-defined]
    page = unescape(re.sub(r"<[^>]+>", "", dossier(told.home, Config(), case, NOW)))
    if len(first) == 1:
        assert "about the same time" not in output + page
        speaker = first[0] if case.first[0].speaker else "nobody named"
        assert f"Said first, of all that is stored, by {speaker}" in page
    else:
        heading = f"Said first by one of these {len(first)}, at about the same time"
        listed_text = output.split(heading)[1].split("\nVoices ")[0]
        assert all(name in listed_text for name in first)
        assert f"Said first, of all that is stored, by one of {len(first)}: about the same time" in page


@pytest_story
def test_the_track_record_counts_nobody_as_first_whose_time_overlaps(told: Told, number: int) -> None:
    sql = "SELECT who_id, part, counted, why FROM track_record_claims WHERE claim_id = ? AND who = 'source'"
    rows = told.ask(sql, f"k{number}")
    parts = STORIES[number]["part"]
    assert {told.names[source]: did for source, did, _, _ in rows} == parts
    for who, did, is_counted, reason in rows:
        assert is_counted == (did == "first")
        if did == "same_time":
            others = [name for name, did in parts.items() if did == "same_time" and name != told.names[who]]
            assert all(name in reason for name in others), reason


def test_each_record_has_as_many_as_its_stories(told: Told) -> None:
    sql = "SELECT who_id, first, same_time, joined FROM track_records WHERE who = 'source' AND slice = 'all'"
    records = {told.names[voice]: numbers for voice, *numbers in told.ask(sql)}
    parts = [story["part"] for story in STORIES]
    for name, numbers in records.items():
        taken = [part[name] for part in parts if name in part]
        assert numbers == [taken.count("first"), taken.count("same_time"), taken.count("joined")], name


def test_as_of_a_day_only_those_are_first_who_were_known_by_then(told: Told) -> None:
    [number] = [n for n, story in enumerate(STORIES) if "seen later" in story["name"]]
    for day, other_count in ((date(2026, 1, 7), 0), (date(2026, 1, 8), 1)):
        known = Known(queries.current(told.home, Config()), f"k{number}", day)
        assert header.why(known, told.case(number).subject, []).count("<li>") == other_count
