"""`rumortrail follow` as a reporter meets it, and each command on a claim that nobody speaks to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.core.records import followed_claim_id
from pipeline.core.vocabulary import DecisionKind
from pipeline.decisions.journal import Journal
from pipeline.run.nightly import process
from tests.conftest import NOW, Command
from tests.fakes import FakeModels

SENTENCE = "Model Zinnia ate all the test sets."
CLAIM = followed_claim_id(SENTENCE)


@pytest.fixture
def call(home: Home, command: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`call(*arguments)` runs a command on the home; it returns exit code, output and errors."""
    monkeypatch.setenv("RUMORTRAIL_EDITOR", "ada")
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: str, clock: bool = True) -> tuple[int, str, str]:
        now = ["--now", NOW.isoformat()] if clock else []
        code, out, err = command(*arguments, "--home", home.path, *now)
        return code, out, err.replace("\n", "")

    return call


def test_a_sentence_is_written_into_the_journal_and_what_comes_next_told(call: Command, home: Home) -> None:
    code, out, _ = call("follow", "  Model Zinnia \t ate all\nthe test sets. ", "--reason", "a tip")
    (entry,) = Journal(home.journal).read()
    assert code == 0
    assert (entry.kind, entry.target, entry.value) == (DecisionKind.FOLLOW, CLAIM, SENTENCE)
    assert (entry.editor, entry.reason, entry.decided_at) == ("ada", "a tip", NOW)
    assert f"{CLAIM}: {SENTENCE}" in out
    assert f"decide undo {entry.decision_id}" in out
    assert "The next `rumortrail process` gathers what speaks to it" in out


def test_json_is_one_object(call: Command, home: Home) -> None:
    code, out, _ = call("follow", SENTENCE, "--json")
    (entry,) = Journal(home.journal).read()
    assert code == 0
    assert json.loads(out) == {"claim_id": CLAIM, "decision_id": entry.decision_id}


def test_following_twice_writes_once(call: Command, home: Home) -> None:
    _, first, _ = call("follow", SENTENCE, "--json")
    code, repeated, _ = call("follow", SENTENCE.upper(), "--json", "--editor", "bo")
    assert (code, json.loads(repeated)) == (0, json.loads(first))
    _, out, _ = call("follow", SENTENCE, "--editor", "bo")
    assert "It is followed already, by ada since 2026-03-02 03:00 UTC: to be followed" in out
    assert len(Journal(home.journal).read()) == 1


def test_taken_back_it_can_be_followed_again(call: Command, home: Home) -> None:
    _, out, _ = call("follow", SENTENCE, "--json")
    decision_id = json.loads(out)["decision_id"]
    code, out, _ = call("decide", "undo", decision_id, "--reason", "no more")
    assert code == 0
    assert f"follow {CLAIM} {SENTENCE}, by ada on 2026-03-02: to be followed" in out
    assert "the claim is no longer shown" in out
    _, out, _ = call("follow", SENTENCE, "--json")
    assert json.loads(out)["claim_id"] == CLAIM
    assert json.loads(out)["decision_id"] != decision_id
    assert [entry.kind for entry in Journal(home.journal).read()] == ["follow", "undo", "follow"]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("", "this has 0 words and 0 characters"),
        ("Meta lies", "this has 2 words"),
        ("so " * 61, "this has 61 words"),
        ("a" * 200 + " " + "b" * 200 + " c", "403 characters"),
        ("1 2 3 4", "a claim is a sentence"),
        ("Meta trained\x1b[31m Llama on test sets", "control character"),
        ("Meta trained \u202eLlama on test sets", "control character"),
        ("Meta trained \udcff Llama on test sets", "control character"),
        ("Meta trained\0 Llama on test sets", "control character"),
    ],
)
def test_what_is_no_claim_is_refused(call: Command, home: Home, sentence: str, words: str) -> None:
    code, out, err = call("follow", sentence)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err and "\x1b" not in err and "\u202e" not in err
    assert Journal(home.journal).read() == []


def test_a_strangers_words_in_brackets_stay_words(call: Command) -> None:
    _, out, _ = call("follow", "[red]Meta[/] trained Llama on [bold]test sets")
    assert "[red]Meta[/] trained Llama on [bold]test sets" in out


def test_nobody_follows_without_a_name(call: Command, home: Home) -> None:
    code, _, err = call("follow", SENTENCE, "--editor", " ")
    assert code == 2
    assert "needs a reason and the name of its editor" in err
    assert Journal(home.journal).read() == []


def test_decide_points_to_follow(call: Command) -> None:
    code, _, err = call("decide", "follow", "c1", SENTENCE, "--reason", "why")
    assert code == 2
    assert 'rumortrail follow "SENTENCE"' in err
    _, out, _ = call("decide", "--help", clock=False)
    assert "rumortrail follow" in out


@pytest.mark.slow
def test_every_command_shows_one_that_nobody_speaks_to(call: Command, home: Home, tmp_path: Path) -> None:
    call("follow", SENTENCE, "--reason", "a <b>tip</b>")
    process(home, Config(), now=NOW, models=FakeModels())
    code, out, _ = call("why", "zinnia", clock=False)
    assert code == 0
    assert "Followed by ada since 2026-03-02 03:00 UTC: a <b>tip</b>" in out
    assert "No evidence on it is stored yet." in out
    target = tmp_path / "dossier.html"
    code, _, _ = call("dossier", CLAIM, "--out", str(target), clock=False)
    page = target.read_text("utf-8")
    assert code == 0
    assert "No evidence on it is stored yet." in page
    assert "Followed by ada since" in page and "&lt;b&gt;tip" in page
    assert "No mention is stored." in page and "<svg" not in page
    code, _, err = call("claimreview", CLAIM, clock=False)
    assert code == 2
    assert "no editor has signed off" in err
    for command in (("status",), ("ask", "--csv", "FROM claims"), ("judge", "--as-of", "2026-03-02")):
        assert call(*command, clock=False)[0] == 0
    code, out, _ = call("decide", "note", CLAIM, "--reason", "asked the maker")
    assert code == 0
    assert f"“{SENTENCE}” (unverified, 0 mentions)" in out


@pytest.mark.slow
def test_what_will_become_of_it_is_told_where_it_is_asked(call: Command, home: Home) -> None:
    call("follow", SENTENCE)
    process(home, Config(), now=NOW, models=FakeModels())
    other = SENTENCE.removesuffix(".")
    code, out, _ = call("decide", "follow", followed_claim_id(other), other, "--reason", "why")
    assert code == 0
    assert "becomes a claim" in out
    assert f"beware: {CLAIM} says the same" in out
