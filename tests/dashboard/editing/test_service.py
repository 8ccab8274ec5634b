"""An editor's desk: the same journal as `rumortrail decide`, and what waits for the next run."""

from __future__ import annotations

import pytest

from dashboard.data import queries
from dashboard.editing.service import Desk, id_named
from pipeline.core.config import Config
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.core.vocabulary import DecisionKind
from pipeline.decisions.journal import Journal
from tests.dashboard.altered import altered
from tests.worlds.sample import claim_id
from tests.worlds.stories import STORIES

FIRST, SECOND = (claim_id(story.claim) for story in STORIES[:2])


@pytest.fixture
def copy(sample_home: Home, home: Home) -> queries.Copy:
    return queries.current(altered(sample_home, home.path), Config())


@pytest.fixture
def desk(home: Home) -> Desk:
    return Desk(home, Config(), "ada")


def test_a_decision_stands_in_the_journal_and_waits(desk: Desk, copy: queries.Copy, home: Home) -> None:
    decision = desk.decide(copy, DecisionKind.MERGE, SECOND, FIRST, "the same in other words")
    (entry,) = Journal(home.journal).read()
    assert (entry.kind, entry.target, entry.value, entry.editor) == ("merge", SECOND, FIRST, "ada")
    assert [waiting.decision_id for waiting in desk.waiting(copy)] == [decision.decision_id]
    desk.undo(decision.decision_id)
    assert desk.waiting(copy) == []
    assert [record.kind for record in Journal(home.journal).read()] == ["merge", "undo"]


def test_a_sentence_is_followed_and_waits_for_the_next_run(
    desk: Desk, copy: queries.Copy, home: Home
) -> None:
    lines = desk.foretell_follow(copy, " Meta trained  Llama 4 on test sets. ")
    assert lines[:2] == ["“Meta trained Llama 4 on test sets.”",
                         "becomes a claim, shown as long as it is followed, whoever speaks to it"]
    decision, is_new = desk.follow(" Meta trained  Llama 4 on test sets. ", "a tip")
    assert is_new
    assert desk.follow("meta trained llama 4 on test sets.", "once more") == (decision, False)
    (entry,) = Journal(home.journal).read()
    assert (entry.kind, entry.value, entry.editor) == ("follow", "Meta trained Llama 4 on test sets.", "ada")
    assert [waiting.decision_id for waiting in desk.waiting(copy)] == [decision.decision_id]


def test_a_claim_with_the_same_words_is_named(desk: Desk, copy: queries.Copy) -> None:
    lines = desk.foretell_follow(copy, f"{STORIES[0].claim}.")
    assert any(line.startswith(f"beware: {FIRST} says the same") for line in lines)


def test_what_is_no_sentence_is_not_followed(desk: Desk, copy: queries.Copy, home: Home) -> None:
    for sentence in ("Meta", "Meta trained \u202eLlama"):
        with pytest.raises(DataError):
            desk.foretell_follow(copy, sentence)
        with pytest.raises(DataError):
            desk.follow(sentence, "why")
    with pytest.raises(DataError, match="needs a reason"):
        desk.follow("Meta trained Llama 4 on test sets.", " ")
    assert Journal(home.journal).read() == []


def test_what_will_change_is_told_first(desk: Desk, copy: queries.Copy) -> None:
    lines = desk.foretell(copy, DecisionKind.STATUS, FIRST, "retracted")
    assert any("→ retracted" in line for line in lines)


@pytest.mark.parametrize(
    ("kind", "target", "value", "words"),
    [
        (DecisionKind.STATUS, FIRST, "false", "is not a status"),
        (DecisionKind.MERGE, FIRST, "c404", "there is no claim c404"),
        (DecisionKind.STANCE, "m404", "denies", "there is no mention m404"),
        (DecisionKind.MERGE, FIRST, FIRST, "into itself"),
    ],
)
def test_what_cannot_be_is_refused_and_not_written(
    desk: Desk, copy: queries.Copy, home: Home, kind: DecisionKind, target: str, value: str, words: str
) -> None:
    with pytest.raises(DataError, match=words):
        desk.decide(copy, kind, target, value, "why")
    with pytest.raises(DataError, match="needs a reason"):
        desk.decide(copy, DecisionKind.NOTE, FIRST, None, "  ")
    assert Journal(home.journal).read() == []


def test_what_a_run_has_obeyed_waits_no_more(desk: Desk, copy: queries.Copy) -> None:
    for reason in ("one", "two"):
        desk.decide(copy, DecisionKind.NOTE, FIRST, None, reason)
    meta = queries.meta(copy) | {"journal_entries": "1"}
    assert [waiting.reason for waiting in desk.waiting(copy)] == ["two", "one"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dashboard.editing.service.queries.meta", lambda _copy: meta)
        assert [waiting.reason for waiting in desk.waiting(copy)] == ["two"]


@pytest.mark.parametrize(
    "words", ["c12ab", " c12ab ", "claim?id=c12ab", "http://localhost:8501/claim?id=c12ab&stance=denies",
              "https://desk.example/claim?x=1&id=c12ab"]
)
def test_a_claim_is_named_by_its_id_or_its_address(words: str) -> None:
    assert id_named(words) == "c12ab"


def test_who_is_no_editor_any_more_writes_nothing_through_what_was_open(home: Home,
                                                                        copy: queries.Copy) -> None:
    signed_out_desk = Desk(home, Config(), "ada", lambda: False)
    with pytest.raises(DataError, match="no longer signed in"):
        signed_out_desk.decide(copy, DecisionKind.NOTE, FIRST, None, "why")
    with pytest.raises(DataError, match="no longer signed in"):
        signed_out_desk.follow("Meta trained Llama 4 on test sets.", "why")
    with pytest.raises(DataError, match="no longer signed in"):
        signed_out_desk.undo("x1")
    assert Journal(home.journal).read() == []
