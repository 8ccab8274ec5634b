"""The one reader of stories: lists with what moved last, and one story as of any instant, through heirs."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.core.config import Config
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.core.vocabulary import DecisionKind, Precision, Status
from pipeline.published.claim import AsOf, read_claims
from pipeline.published.database import open_published
from pipeline.published.marked_sentences import MarkedSentence, by_sentence
from pipeline.published.stories import list_stories, read_story
from pipeline.published.story_rows import StatusCount
from tests.dashboard.altered import altered
from tests.worlds.sample import NIGHTS, TAKEN_OVER, TOLD, claim_id
from tests.worlds.stories import STORIES

pytestmark = pytest.mark.slow  # a published copy

LARGE, SMALL = (claim_id(f"Borealis 3 has {size} billion parameters") for size in (400, 120))
LATEST = datetime(9999, 1, 1)  # noqa: DTZ001


def ids(home: Home, **asked: Any) -> list[str]:
    return [story.story_id for story in list_stories(home, Config(), **asked)]


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)  # type: ignore[arg-type, misc]


def test_a_list_tells_states_the_last_move_first_words_and_documents_by_day(sample_home: Home) -> None:
    lines = list_stories(sample_home, Config())
    assert [line.story_id for line in lines] == ["sborealis", "saster"], "what moved last comes first"
    line = lines[0]
    assert (line.title, line.claims, line.total) == ("How large Borealis 3 is", 2, 2)
    assert line.states == [StatusCount(Status.CONTRADICTED, 1), StatusCount(Status.SUBSTANTIATED, 1)]
    assert lines[1].states[0].status is Status.DISPUTED, "the contested come first"
    assert line.moved and line.moved.before is Status.UNVERIFIED
    assert line.moved.claim_id in (LARGE, SMALL) and line.moved.at == at(2026, 3, 9, 14)
    assert line.moved.at_is_said and line.moved.reason.startswith("The published weights count")
    assert line.first and line.first.said_at == at(2026, 3, 4, 18)
    assert (line.first.claim_id, line.first.said_precision, line.first.total) == (LARGE, Precision.SECOND, 1)
    assert line.days[0].day == date(2026, 3, 4) and [day.day for day in line.days] == sorted(
        day.day for day in line.days)
    assert sum(day.documents for day in line.days) == line.documents
    assert line.organisations == ["Northwind AI"] and "Borealis 3" in line.entities


def test_where_nobody_is_named_the_outlet_is_not_the_one_who_said_it_first(
    sample_home: Home, tmp_path: Path
) -> None:
    home = altered(sample_home, tmp_path / "h", "UPDATE evidence SET speaker = NULL")
    for line in list_stories(home, Config()):
        first_words = read_story(home, Config(), line.story_id).first[0]
        assert line.first and (line.first.speaker, first_words.speaker) == ("nobody named", None)
        assert line.first.name == first_words.name == f"nobody named, in {first_words.source}"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"statuses": ["disputed"]}, ["saster"]),
        ({"statuses": [Status.RETRACTED]}, []),
        ({"organisations": ["Northwind AI"]}, ["sborealis"]),
        ({"models": ["Aster 2", "Borealis 3"]}, ["sborealis", "saster"]),
        ({"models": ["Aster 9"]}, []),
        ({"words": "BILLION how"}, ["sborealis"]),
        ({"words": "lyra languages"}, ["saster"]),
        ({"words": "lyra billion"}, []),
        ({"order": "disputed"}, ["saster", "sborealis"]),
        ({"order": "new"}, ["sborealis", "saster"]),
        ({"limit": 1, "offset": 1}, ["saster"]),
        ({"limit": 1, "offset": 9}, []),
        ({"since": at(2026, 3, 9)}, ["sborealis"]),
        ({"until": datetime(2026, 3, 1)}, ["saster"]),  # noqa: DTZ001
        ({"since": at(2026, 4, 1)}, []),
        ({"moved_since": NIGHTS[0] + timedelta(hours=1)}, ["sborealis"]),
        ({"moved_since": NIGHTS[2] + timedelta(hours=1)}, []),
    ],
)
def test_a_list_holds_what_is_asked_for(sample_home: Home, asked: dict[str, Any], found: list[str]) -> None:
    assert ids(sample_home, **asked) == found


def test_what_moved_since_is_told_from_where_the_reader_last_saw_it(sample_home: Home) -> None:
    [line] = list_stories(sample_home, Config(), moved_since=NIGHTS[0] + timedelta(hours=1))
    assert (line.moved_claims, line.new_claims) == (2, 0)
    assert line.moved and line.moved.before is Status.UNVERIFIED
    lines = {line.story_id: line for line in list_stories(
        sample_home, Config(), moved_since=NIGHTS[0] - timedelta(hours=1))}
    assert (lines["sborealis"].moved_claims, lines["sborealis"].new_claims) == (0, 2)


def test_a_story_has_its_claims_with_bands_rivals_marks_and_what_is_open(sample_home: Home) -> None:
    story = read_story(sample_home, Config(), "sborealis")
    assert [claim.claim_id for claim in story.claims] == [LARGE, SMALL], "the first spoken of comes first"
    bands = [(move.before, move.status, move.until) for move in story.moves if move.claim_id == LARGE]
    assert bands == [(None, Status.UNVERIFIED, at(2026, 3, 9, 14)),
                     (Status.UNVERIFIED, Status.CONTRADICTED, None)]
    [pair] = story.rivals
    assert {pair.claim_id, pair.rival_id} == {LARGE, SMALL} and pair.within and pair.slot == "number"
    assert {pair.status, pair.rival_status} == {Status.CONTRADICTED, Status.SUBSTANTIATED}
    assert story.open_questions == [] and story.asked_id is None
    assert [relative.story_id for relative in story.kin] == ["saster", TAKEN_OVER]
    assert story.learned == sorted(story.learned)
    assert story.mentions == sum(claim.mentions for claim in story.claims)
    other_story = read_story(sample_home, Config(), "saster")
    assert other_story.subject.split_from == "sborealis"
    assert [question.claim.status for question in other_story.open_questions] == ["disputed", "corroborated"]
    assert other_story.open_questions[0].would_change
    assert {mark.what for mark in other_story.marks} >= {"denial"}


def test_the_spread_says_who_follows_whom_in_order_of_time(sample_home: Home, tmp_path: Path) -> None:
    lyra = claim_id(STORIES[0].claim)
    home = altered(sample_home, tmp_path / "h",
                   f"UPDATE claims SET story_id = 'saster' WHERE claim_id = '{lyra}'")
    spread = read_story(home, Config(), "saster").spread
    known = {document.document_id for document in spread}
    followers = [document for document in spread if document.follows_id]
    assert followers and all(item.follows_id in known and item.kind and item.follows for item in followers)
    assert not any(document.independent for document in followers if document.kind == "repost")
    assert spread == sorted(spread, key=lambda document: document.said_at or document.seen_at)
    assert {lyra} < {claim for document in spread for claim in document.claim_ids}


def test_the_sentence_of_a_document_is_that_of_its_speaker_and_not_of_its_author(
    sample_home: Home, tmp_path: Path
) -> None:
    home = altered(
        sample_home, tmp_path / "h",
        "UPDATE evidence SET document_id = 'one', author = 'Ilse Brandt', said_at = '2026-03-04 18:00',"
        " part = 'body', speaker = evidence_id, confidence = (hash(evidence_id) % 7) / 10.0",
    )
    for line in list_stories(home, Config()):
        [document] = read_story(home, Config(), line.story_id).spread
        assert (document.speaker, document.author) == (document.evidence_id, "Ilse Brandt")


def test_the_address_of_a_story_that_was_taken_over_leads_to_its_heir(sample_home: Home) -> None:
    story = read_story(sample_home, Config(), TAKEN_OVER)
    assert (story.subject.story_id, story.asked_id) == ("sborealis", TAKEN_OVER)


def test_what_is_not_there_is_told(sample_home: Home, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no story 'nope' is published"):
        read_story(sample_home, Config(), "nope")
    with pytest.raises(DataError, match="nothing was known of saster"):
        read_story(sample_home, Config(), "saster", AsOf(datetime(2020, 1, 1)))  # noqa: DTZ001
    with pytest.raises(DataError, match="nothing is published"):
        list_stories(Home(tmp_path), Config())
    assert list_stories(altered(sample_home, tmp_path / "none", "DELETE FROM stories"), Config()) == []


INSTANTS = [
    AsOf(seen_at, said_at)
    for seen_at, said_at in [
        (LATEST, LATEST),
        *((night.replace(tzinfo=None) + timedelta(minutes=30), LATEST) for night in NIGHTS),
        (LATEST, datetime(2026, 3, 6, 18)), (LATEST, datetime(2026, 3, 9, 15)),  # noqa: DTZ001
        (datetime(2026, 3, 10, 4), datetime(2026, 3, 9, 13)),  # noqa: DTZ001
    ]
]


@pytest.fixture(scope="module")
def decided_home(sample_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The sample with an editor's stance, and a claim that was merged into one of its stories."""
    mention = "(SELECT min(mention_id) FROM evidence WHERE claim_id = '%s')"
    insert = ("INSERT INTO decisions "
              "(number, decision_id, kind, target, value, reason, editor, decided_at, claim_id, sha256) "
              "VALUES (%d, '%s', '%s', %s, '%s', 'r', 'ada', TIMESTAMP '2026-03-10 05:00', "
              "'%s', 'x')")
    return altered(
        sample_home, tmp_path_factory.mktemp("decided"),
        insert % (91, "y1", DecisionKind.STANCE, mention % LARGE, "denies", LARGE),
        insert % (92, "y2", DecisionKind.MERGE, "'cother'", SMALL, SMALL),
        # One mention came with the merged claim, and counts from the merge on.
        f"UPDATE evidence SET machine_claim_id = 'cother' WHERE mention_id = {mention % SMALL}",
    )  # fmt: skip


@pytest.mark.parametrize("as_of", INSTANTS)
def test_each_claim_of_a_story_is_as_the_reader_of_claims_has_it(decided_home: Home, as_of: AsOf) -> None:
    config, stories = Config(), []
    for story_id in TOLD:
        with suppress(DataError):  # nothing was known of the claim then
            stories.append(read_story(decided_home, config, story_id, as_of))
    with open_published(decided_home.published, config.ask) as connection:
        ids = [claim.claim_id for story in stories for claim in story.claims]
        reading_of = {
            case.subject.claim_id: case
            for case in read_claims(connection, ids, seconds=600, as_of=as_of)
        }
    for story in stories:
        cases = [reading_of[claim.claim_id] for claim in story.claims]
        known_mentions = 0
        for claim in story.claims:
            case = reading_of[claim.claim_id]
            subject = case.subject
            for field in ("claim", "kind", "status", "score", "voices", "rule", "reason", "would_change",
                          "mentions", "supports", "denies", "questions", "reports", "first_seen_at",
                          "last_seen_at", "event_at"):
                assert getattr(claim, field) == getattr(subject, field), (field, claim.claim)
            own_moves = [move for move in story.moves if move.claim_id == claim.claim_id]
            assert [(move.at, move.status, move.reason, move.at_is_said) for move in own_moves] == [
                (move.at, move.status, move.reason, move.at_is_said) for move in case.moves]
            denials = {one.evidence_id: one for one in case.statements if one.stance == "denies"}
            denial_marks = [mark for mark in story.marks
                            if mark.claim_id == claim.claim_id and mark.what == "denial"]
            assert len(denial_marks) == len({statement.voice_key for statement in denials.values()
                                             if statement.is_voice and not statement.artefact})
            assert all(mark.quote == denials[mark.evidence_id].quote for mark in denial_marks)
            known_mentions += len(case.statements)
        assert story.mentions == known_mentions
        titles = {statement.document_id: statement.title for case in cases for statement in case.statements}
        assert {document.document_id: document.title for document in story.spread} == titles


def test_a_title_that_was_seen_later_is_not_told_of_an_earlier_day(
    sample_home: Home, tmp_path: Path
) -> None:
    before = AsOf(datetime(2026, 3, 10))  # noqa: DTZ001
    mark = read_story(sample_home, Config(), "saster", before).marks[0]
    mark_document = f"(SELECT document_id FROM evidence WHERE evidence_id = '{mark.evidence_id}')"
    earlier, later_title = "They deny it", "They admit it and apologise"
    home = altered(
        sample_home, tmp_path / "h",
        f"UPDATE versions SET title = '{earlier}' WHERE document_id = {mark_document}",
        "INSERT INTO versions SELECT * REPLACE ('v-later' AS version_id, number + 1 AS number,"
        f" '{later_title}' AS title, TIMESTAMP '2026-03-10 05:00' AS seen_at) FROM versions"
        f" WHERE document_id = {mark_document} ORDER BY number DESC LIMIT 1",
        f"UPDATE evidence SET title = '{later_title}' WHERE document_id = {mark_document}",
        f"UPDATE documents SET title = '{later_title}' WHERE document_id = {mark_document}",
    )

    def told(as_of: AsOf) -> set[str | None]:
        story = read_story(home, Config(), "saster", as_of)
        return {row.title for row in (*story.marks, *story.spread) if row.evidence_id == mark.evidence_id}

    assert told(before) == {earlier}
    assert told(AsOf(datetime(2026, 3, 11))) == {later_title}  # noqa: DTZ001


def test_the_sample_has_these_claims() -> None:
    sample_ids = {claim_id(story.claim) for story in STORIES}
    assert {LARGE, SMALL} <= sample_ids


def test_a_sentence_that_denies_two_claims_stands_once_with_both(sample_home: Home) -> None:
    mark = read_story(sample_home, Config(), "saster").marks[0]
    other, later = replace(mark, claim_id="c2", evidence_id="e2"), replace(mark, quote="Never.")
    assert by_sentence([mark, later, other]) == [
        MarkedSentence(mark, (mark.claim_id, "c2")), MarkedSentence(later, (mark.claim_id,)),
    ]
