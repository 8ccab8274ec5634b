"""What watches gather, night after night, out of published copies: each event once, and no repetition."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from pipeline.core.context import RunContext
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.core.vocabulary import DecisionKind, Kind, Precision, Stance, Status
from pipeline.published.claim_filter import ClaimFilter
from pipeline.watches import notice, tell
from pipeline.watches.events import State
from pipeline.watches.store import WatchStore
from tests.pipeline.watches.conftest import DAY, DESK, FIRST, Paper

pytestmark = pytest.mark.slow  # a store for each


def gathered(home: Home, watch_id: str) -> list[tuple[str, str]]:
    """Return what a watch has gathered and not told, as kinds and claims, and clear it."""
    with closing(sqlite3.connect(home.watches)) as connection:
        rows = connection.execute("SELECT fields FROM pending WHERE watch_id = ?", (watch_id,))
        events = [json.loads(fields) for (fields,) in rows]
        connection.execute("DELETE FROM pending WHERE watch_id = ?", (watch_id,))
        connection.commit()
    return sorted((event["kind"], event["claim_id"]) for event in events)


def test_it_fires_on_what_matters_once_and_never_on_repetition(paper: Paper) -> None:
    every_id = paper.watch().watch_id
    disputed_id = paper.watch(ClaimFilter(statuses=("disputed",))).watch_id
    single_id = paper.watch(ClaimFilter(single=True)).watch_id
    meta = paper.watch(ClaimFilter(organisations=("meta",))).watch_id

    def told() -> tuple[list[tuple[str, str]], ...]:
        paper.publish()
        paper.look()
        told_events = tuple(gathered(paper.home, watch) for watch in (every_id, disputed_id, single_id, meta))
        paper.look()  # a second look gathers nothing
        assert gathered(paper.home, every_id) == []
        return told_events

    paper.begin(0)
    world = paper.world
    world.claim("c1", first_seen_at=paper.night)
    first = paper.say("c1", "alder", "Aurel trained Aster 4 on test sets.", document="o-alder")
    paper.judge("c1", Status.UNVERIFIED, 1, first)
    assert told() == ([("voice", "c1")], [], [("voice", "c1")], [])

    paper.begin(1)  # two repeat it: no voice is added
    for source in ("birch", "cedar"):
        paper.say("c1", source, "Alder says that Aurel trained on test sets.", after="alder")
    assert told() == ([], [], [], [])

    paper.begin(2)  # the subject denies it
    denial = paper.say("c1", "aurel", "It is simply not true.", Stance.DENIES)
    paper.judge("c1", Status.DISPUTED, 2, first, denial)
    expected_events = [("denial", "c1"), ("status", "c1"), ("voice", "c1")]
    assert told() == (expected_events, expected_events, expected_events, [])

    paper.begin(3)  # the denial is repeated, and the origin is edited; an artefact and a rival appear
    paper.say("c1", "birch", "Aurel denies it.", Stance.DENIES, after="aurel")
    world.version("o-alder", 2, "Aurel may have trained.", paper.night, unchanged_at=paper.night - DAY)
    world.edit("v-o-alder-2", "body", added="Aurel may have trained.")
    world.claim("c2", "Aurel trained Aster 4 on 2 test sets", Kind.OTHER, first_seen_at=paper.night,
                mention_id="m-c2")  # fmt: skip
    world.rivals("c1", "c2", "number", "none / 2")
    world.rivals("c2", "c1", "number", "2 / none")
    paper.say("c2", "cedar", "The index lists 2 test sets.", artefact=True)
    both = [("artefact", "c2"), ("edited", "c1"), ("rival", "c1"), ("voice", "c2")]
    every_night, on_disputed, on_single, on_meta = told()
    # Only one of two rivals is told.
    assert [event for event in every_night if event[0] != "rival"] == [both[0], both[1], both[3]]
    assert [event[0] for event in every_night].count("rival") == 1
    assert set(on_disputed) <= {("edited", "c1"), ("rival", "c1")}
    assert set(on_single) <= {("artefact", "c2"), ("voice", "c2"), ("rival", "c2")}
    assert on_meta == []

    paper.begin(4)  # a return to an earlier status is a move, though that status was told before
    paper.judge("c1", Status.UNVERIFIED, 1, first)
    assert told()[:2] == ([("status", "c1")], [("status", "c1")])
    paper.begin(5)
    paper.judge("c1", Status.DISPUTED, 2, first, denial)
    assert told()[:2] == ([("status", "c1")], [("status", "c1")])


def test_a_time_that_is_over_is_told_once_and_not_of_the_past(paper: Paper) -> None:
    watch = paper.watch().watch_id
    paper.begin(0)
    midnight = FIRST.replace(hour=0)
    for name, event_at in (("past", midnight - 9 * DAY), ("soon", midnight + DAY), ("done", midnight + DAY)):
        time = {"event_at": event_at, "event_precision": Precision.DAY, "first_seen_at": paper.night}
        paper.world.claim(name, f"Aster comes, {name}", Kind.RELEASE, mention_id=f"m-{name}", **time)
        evidence = paper.say(name, "alder", f"Aster comes, {name}.")
        paper.judge(name, Status.SUBSTANTIATED if name == "done" else Status.UNVERIFIED, 1, evidence)
    for number, expected in ((0, 3), (1, 0), (2, 0), (3, 1), (4, 0)):
        if number:
            paper.begin(number)
        paper.publish()
        paper.look()
        events = gathered(paper.home, watch)
        assert len(events) == expected, (number, events)
        assert number != 3 or events == [("deadline", "soon")]


def test_a_store_that_is_made_anew_tells_nothing_again(paper: Paper) -> None:
    watch = paper.watch().watch_id
    paper.begin(0)
    paper.world.claim("c1", first_seen_at=paper.night)
    paper.judge("c1", Status.UNVERIFIED, 1, paper.say("c1", "alder", "Aurel trained on test sets."))
    paper.publish()
    paper.look()
    assert len(gathered(paper.home, watch)) == 1
    paper.begin(1)
    denial = paper.say("c1", "aurel", "It is not true.", Stance.DENIES)
    paper.judge("c1", Status.DISPUTED, 2, denial)
    paper.publish()
    paper.look()
    assert len(gathered(paper.home, watch)) == 3
    paper.store.execute("DELETE FROM store.verdicts")  # judged anew, in one run
    paper.begin(2)
    paper.judge("c1", Status.DISPUTED, 2, denial)
    paper.publish()
    paper.look()
    assert gathered(paper.home, watch) == []


def test_what_moves_into_another_claim_is_known(paper: Paper) -> None:
    watch = paper.watch().watch_id
    paper.begin(0)
    for claim in ("c1", "c2"):
        paper.world.claim(claim, mention_id=f"m-{claim}", first_seen_at=paper.night)
    paper.say("c1", "alder", "Aurel trained on test sets.")
    mention = paper.say("c2", "birch", "Aurel used the test sets.", Stance.DENIES)
    paper.publish()
    paper.look()
    assert len(gathered(paper.home, watch)) == 3
    paper.begin(1)
    execute = paper.store.execute
    execute("UPDATE store.members SET claim_id = 'c1'")
    execute("UPDATE store.evidence SET claim_id = 'c1'")
    execute("UPDATE store.origins SET claim_id = 'c1'")
    execute("UPDATE store.claims SET merged_into = 'c1' WHERE claim_id = 'c2'")
    paper.publish()
    paper.look()
    assert gathered(paper.home, watch) == [], mention


def test_the_first_look_takes_what_its_run_brought(paper: Paper) -> None:
    paper.begin(0)
    for claim in ("c1", "c2"):
        paper.world.claim(claim, mention_id=f"m-{claim}", first_seen_at=paper.night)
        paper.judge(claim, Status.UNVERIFIED, 1, paper.say(claim, "alder", f"{claim} is so."))
    paper.begin(1)
    watch = paper.watch().watch_id
    paper.judge("c1", Status.CORROBORATED, 2, paper.say("c1", "birch", "I saw it."))
    paper.publish()
    paper.look()
    assert gathered(paper.home, watch) == [("status", "c1"), ("voice", "c1")]


def test_the_first_look_takes_what_came_since_a_watch_was_made(paper: Paper) -> None:
    paper.begin(0)
    paper.world.claim("old", mention_id="m-old", first_seen_at=paper.night)
    paper.judge("old", Status.UNVERIFIED, 1, paper.say("old", "alder", "It is so."))
    paper.begin(1)
    watch = paper.watch().watch_id
    paper.world.claim("c1", mention_id="m-c1", first_seen_at=paper.night)
    paper.judge("c1", Status.UNVERIFIED, 1, paper.say("c1", "alder", "It is so."))
    paper.judge("old", Status.CORROBORATED, 2, paper.say("old", "birch", "I saw it."))
    paper.publish()  # then the run is killed
    paper.begin(2)
    paper.publish()
    paper.look()
    assert gathered(paper.home, watch) == [("status", "old"), ("voice", "c1"), ("voice", "old")]


def test_a_claim_that_is_known_is_never_told_as_new(paper: Paper) -> None:
    watch = paper.watch().watch_id
    paper.begin(0)
    paper.world.claim("c1", first_seen_at=paper.night + timedelta(minutes=1))
    paper.judge("c1", Status.UNVERIFIED, 1, paper.say("c1", "alder", "Aurel trained on test sets."))
    paper.publish()
    paper.look()
    gathered(paper.home, watch)
    # A document read that night is linked to the claim in the next.
    paper.say("c1", "birch", "I saw it.")
    paper.begin(1)
    paper.publish()
    paper.look()
    with closing(sqlite3.connect(paper.home.watches)) as connection:
        ((fields,),) = connection.execute("SELECT fields FROM pending")
    event = json.loads(fields)
    assert (event["kind"], event["before"]) == ("voice", "unverified")


def test_old_words_and_those_that_an_editor_overrules_moved_nothing(paper: Paper) -> None:
    paper.begin(0)
    paper.world.claim("c1", first_seen_at=paper.night)
    first = paper.say("c1", "alder", "Aurel trained on test sets.")
    paper.judge("c1", Status.UNVERIFIED, 1, first)
    paper.begin(1)
    denial = paper.say("c1", "aurel", "It is not true.", Stance.DENIES)
    paper.judge("c1", Status.DISPUTED, 1, first, denial)
    paper.begin(2)  # an editor decides; the words said since do not count
    paper.judge("c1", Status.CONTRADICTED, 1, denial)
    paper.store.execute("UPDATE store.verdicts SET rule = 'decided' WHERE status = 'contradicted'")
    paper.begin(4)  # other rules
    paper.judge("c1", Status.DISPUTED, 1, denial)
    paper.publish()
    with paper.copy() as copy:
        moves = [(event.status, event.quote) for event in copy.moves(FIRST)]
        (moved_event,) = copy.moved([State("c1", "unverified", 1)])
    assert moves == [("disputed", "It is not true."), ("contradicted", None), ("disputed", None)]
    assert (moved_event.status, moved_event.quote) == ("disputed", None)
    assert "moved the status" not in notice.text(notice.by_claim([moved_event]), DESK)


def test_a_rumour_that_rests_on_an_unnamed_voice_is_told_once(paper: Paper) -> None:
    watch = paper.watch().watch_id
    paper.world.claim("c1", first_seen_at=FIRST)
    for number, source in enumerate(("alder", "birch")):
        paper.begin(number)
        document = f"d-{source}"
        paper.world.document(document, source, paper.night, seen_at=paper.night)
        mention = paper.world.mention("c1", document, quote="Aster 5 is late, a memo says.")
        paper.world.origin("c1", mention, "unstored:a memo", "a memo", document, independent=False)
        paper.judge("c1", Status.UNVERIFIED, 1, paper.world.stance("c1", mention))
        paper.publish()
        paper.look()
        assert gathered(paper.home, watch) == [[("voice", "c1")], []][number]


def test_of_denials_in_one_night_the_denier_s_own_words_are_the_first(paper: Paper) -> None:
    paper.begin(0)
    paper.world.claim("c1", first_seen_at=paper.night)
    paper.say("c1", "birch", "Aurel denies it.", Stance.DENIES, after="aurel", document="a-first")
    paper.say("c1", "aurel", "It is not true.", Stance.DENIES, document="z-last")
    paper.publish()
    with paper.copy() as copy:
        (denial,) = (event for event in copy.look(()).events if event.kind == "denial")
    assert (denial.source, denial.quote) == ("Aurel", "It is not true.")


def test_a_time_that_is_over_is_told_no_finer_than_it_was_named(paper: Paper) -> None:
    end_of_march = FIRST.replace(day=31, hour=23, minute=59, second=59)
    times = {
        "c1": (end_of_march, Precision.MONTH, "March 2026"),
        "c2": (end_of_march, Precision.QUARTER, "Q1 2026"),
        "c3": (FIRST.replace(hour=23, minute=59, second=59), Precision.DAY, "9 March 2026"),
        "c4": (FIRST.replace(hour=0), Precision.DAY, "9 March 2026"),
        "c5": (FIRST.replace(hour=12), Precision.SECOND, "9 March 2026, 12:00:00 UTC"),
    }
    paper.begin(0)
    for claim, (at, precision, _) in times.items():
        paper.world.claim(claim, f"Aster comes, {claim}", Kind.RELEASE, event_at=at, mention_id=f"m-{claim}",
                          event_precision=precision, first_seen_at=paper.night)  # fmt: skip
        paper.judge(claim, Status.UNVERIFIED, 1, paper.say(claim, "alder", f"Aster comes, {claim}."))
    paper.publish()
    with paper.copy() as copy:
        events = copy.look((), until=FIRST + 60 * DAY).events
    deadline_events = {event.claim_id: event for event in events if event.kind == "deadline"}
    assert len(deadline_events) == len([event for event in events if event.kind == "deadline"]) == len(times)
    for claim, (_, _, time_words) in times.items():
        assert deadline_events[claim].detail == time_words
        message = notice.text(notice.by_claim([deadline_events[claim]]), DESK)
        assert f"The date it names has passed; the claim is still open: {time_words}\n" in message


def test_what_an_editor_hid_before_it_was_told_is_not_told(paper: Paper) -> None:
    watch = paper.watch().watch_id
    paper.begin(0)
    for claim in ("c1", "c2"):
        paper.world.claim(claim, mention_id=f"m-{claim}", first_seen_at=paper.night)
        paper.judge(claim, Status.UNVERIFIED, 1, paper.say(claim, "alder", f"{claim} is so."))
    paper.publish()
    paper.look()
    paper.world.decide(DecisionKind.HIDE, "c1", None, paper.night)
    paper.begin(1)
    paper.publish()
    paper.look()
    assert gathered(paper.home, watch) == [("voice", "c2")]


@pytest.mark.parametrize("decided", ["c1", "c2"])
def test_a_claim_is_hidden_with_those_that_were_merged_into_it(paper: Paper, decided: str) -> None:
    watch = paper.watch().watch_id
    paper.begin(0)
    for claim in ("c1", "c2", "c3"):
        paper.world.claim(claim, mention_id=f"m-{claim}", first_seen_at=paper.night)
        paper.judge(claim, Status.UNVERIFIED, 1, paper.say(claim, "alder", f"{claim} is so."))
    paper.publish()
    paper.look()
    paper.world.decide(DecisionKind.MERGE, "c2", "c1", paper.night)
    paper.world.decide(DecisionKind.HIDE, decided, None, paper.night)
    paper.store.execute("UPDATE store.claims SET merged_into = 'c1' WHERE claim_id = 'c2'")
    paper.store.append("heirs", [{"claim_id": "c2", "heir": "c1"}])
    paper.begin(1)
    paper.publish()
    with paper.copy() as copy:
        assert copy.hidden() == {"c1", "c2"}
    paper.look()
    assert gathered(paper.home, watch) == [("voice", "c3")]


def test_a_claim_that_stands_for_one_that_is_shown_is_not_hidden_with_another(paper: Paper) -> None:
    paper.begin(0)
    paper.world.claim("c1", first_seen_at=paper.night)
    paper.judge("c1", Status.UNVERIFIED, 1, paper.say("c1", "alder", "c1 is so."))
    paper.publish()
    with paper.copy() as copy:
        hide_rows = "('hide', 'c2', NULL, 1, NULL), ('hide', 'c5', NULL, 2, NULL)"
        merge = "('merge', 'c2', 'c1', 3, NULL)"
        for name, columns, rows in (
            ("decisions", "kind, target, value, number, undone_at", f"{hide_rows}, {merge}"),
            ("joins", "joined_id, into_id, parted_at", "('c3', 'c1', NULL), ('c4', 'c5', NULL)"),
        ):
            copy.connection.execute(f"CREATE TEMP TABLE {name} AS FROM (VALUES {rows}) AS t ({columns})")
        assert copy.hidden() == {"c2", "c4", "c5"}


def test_a_revisit_tells_of_an_edit_and_a_deletion_before_they_are_published(paper: Paper) -> None:
    watch = paper.watch().watch_id
    paper.begin(0)
    paper.world.claim("c1", first_seen_at=paper.night)
    paper.say("c1", "alder", "Aurel trained on test sets.", document="o-alder")
    paper.say("c1", "birch", "I saw it.", document="o-birch")
    paper.publish()
    paper.look()
    gathered(paper.home, watch)
    noon = paper.night + timedelta(hours=9)
    paper.world.run_id = "r-noon"
    paper.world.version("o-alder", 2, "Aurel may.", noon, unchanged_at=paper.night)
    paper.world.edit("v-o-alder-2", "body", added="Aurel may.")
    gone_update = "gone_at = $at, gone_run_id = 'r-noon', gone_evidence = 'HTTP 404'"
    change = f"UPDATE store.documents SET {gone_update} WHERE document_id = 'o-birch'"
    paper.store.execute(change, {"at": noon})
    run = RunContext(run_id="r-noon", now=noon, home=paper.home, config=paper.config)
    tell.look_at_revisit(paper.store, run)
    assert gathered(paper.home, watch) == [("deleted", "c1"), ("edited", "c1")]
    tell.look_at_revisit(paper.store, run)
    paper.begin(1)
    paper.publish()
    tell.look_at_revisit(paper.store, run)  # the night is not looked at yet
    assert gathered(paper.home, watch) == []
    paper.look()
    assert gathered(paper.home, watch) == []


def test_an_edit_from_before_the_claim_is_no_news(paper: Paper) -> None:
    paper.begin(0)
    paper.world.source("Old")
    paper.world.document("o-old", "old", paper.night - 3 * DAY, seen_at=paper.night - 2 * DAY)
    paper.world.version("o-old", 2, "It says more.", paper.night - DAY, unchanged_at=paper.night - 2 * DAY)
    paper.world.edit("v-o-old-2", "body", added="more")
    paper.world.claim("c1", first_seen_at=paper.night)
    mention = paper.world.mention("c1", "o-old", number=2, quote="It says more.")
    paper.world.origin("c1", mention, "source:old", "Old", "o-old", independent=True)
    paper.world.stance("c1", mention)
    paper.publish()
    with paper.copy() as copy:
        assert [event.kind for event in copy.look(()).events] == ["voice"]


def test_a_watch_that_is_paused_tells_nothing_of_the_pause(paper: Paper) -> None:
    watch = paper.watch().watch_id
    store = WatchStore(paper.home.watches)

    def night(number: int, source: str) -> list[tuple[str, str]]:
        paper.begin(number)
        paper.judge("c1", Status.UNVERIFIED, 1, paper.say("c1", source, f"So says {source}."))
        paper.publish()
        paper.look()
        return gathered(paper.home, watch)

    paper.world.claim("c1", first_seen_at=FIRST)
    assert night(0, "alder") == [("voice", "c1")]
    store.pause(watch, FIRST)
    assert store.get(watch).channels == ()
    assert night(1, "birch") == []
    assert store.pause(watch, None).paused_at is None
    assert night(2, "cedar") == [("voice", "c1")], "and nothing of the night before"


def test_what_a_watch_had_gathered_is_forgotten_with_a_pause(paper: Paper) -> None:
    watch = paper.watch().watch_id
    paper.begin(0)
    paper.world.claim("c1", first_seen_at=FIRST)
    paper.judge("c1", Status.UNVERIFIED, 1, paper.say("c1", "alder", "So says Alder."))
    paper.publish()
    paper.look()
    WatchStore(paper.home.watches).pause(watch, FIRST)
    WatchStore(paper.home.watches).pause(watch, None)
    assert gathered(paper.home, watch) == []
    with pytest.raises(DataError, match="there is no watch"):
        WatchStore(paper.home.watches).pause("w0", None)
