"""`rumortrail decide` as an editor meets it."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta

import pytest

from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.decisions.editorial import split_claim_id
from pipeline.decisions.journal import Journal
from pipeline.run.nightly import process
from pipeline.run.stages import STAGES
from tests.conftest import NOW, Command, document, fill_inbox, query_published
from tests.fakes import FakeModels

pytestmark = pytest.mark.slow  # whole nights


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home with two claims, one of two mentions and one of one, to be copied."""
    home = Home(tmp_path_factory.mktemp("desk"))
    fill_inbox(
        home,
        [
            document(title=None),
            document("https://other.example/1", text="Model Aster does not have 70b parameters.", title=None),
            document(
                "https://other.example/2", text="Model Borage was released [red]today[/]\u202e.", title=None
            ),
        ],
    )
    process(home, Config(), now=NOW, models=FakeModels())
    return home


@pytest.fixture
def desk(first_night: Home, home: Home) -> Home:
    """Return a home with two claims, one of two mentions and one of one."""
    shutil.copytree(first_night.path, home.path, dirs_exist_ok=True)
    return home


@pytest.fixture
def decide(home: Home, command: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("RUMORTRAIL_EDITOR", "ada")

    def call(*arguments: str, reason: str = "it was checked") -> tuple[int, str, str]:
        why = ["--reason", reason] if arguments else []
        code, out, err = command("decide", *arguments, *why, "--home", home.path, "--now", NOW.isoformat())
        return code, out, err.replace("\n", "")

    return call


def night(home: Home, days: int, *stages: str) -> None:
    now, stages = NOW + timedelta(days=days), stages or tuple(STAGES)
    process(home, Config(), now=now, stages=stages, models=FakeModels())


def claims(home: Home) -> tuple[str, str]:
    """Return the claim of two mentions, and the other."""
    (first, _), (second, _) = query_published(
        home, "SELECT claim_id, mentions FROM claims ORDER BY mentions DESC"
    )
    return first, second


def test_what_will_change_is_told_before_and_shows_after(desk: Home, decide: Command) -> None:
    """A status; and mentions that are given a stance, moved and split."""
    aster, borage = claims(desk)
    ((denial_id,),) = query_published(desk, "SELECT mention_id FROM evidence WHERE negated")
    code, out, _ = decide("status", aster, "retracted")
    assert code == 0
    assert "“Model Aster does have 70b parameters.”" in out
    assert "→ retracted" in out
    decision_id = out.split(":")[0]
    assert f"decide undo {decision_id}" in out
    _, out, _ = decide("stance", denial_id, "questions")
    assert "stance: denies → questions (the machine says denies)" in out
    _, out, _ = decide("move", denial_id, borage)
    assert f"moves from {aster}" in out
    assert f"to {borage} “Model Borage" in out
    night(desk, 1)
    assert query_published(desk, f"SELECT status FROM claims WHERE claim_id = '{aster}'") == [("retracted",)]
    rows = query_published(
        desk,
        "SELECT claim_id, machine_claim_id, stance, machine_stance FROM evidence "
        f"WHERE mention_id = '{denial_id}'",
    )
    assert rows == [(borage, aster, "questions", "denies")]
    _, out, _ = decide("split", denial_id)
    assert f"leaves {borage}" in out
    assert "instead of move" in out
    night(desk, 2)
    assert query_published(desk, f"SELECT claim_id FROM mentions WHERE mention_id = '{denial_id}'") == [
        (split_claim_id(denial_id),)
    ]
    code, out, _ = decide("status", aster, "disputed")
    assert f"instead of status retracted by ada ({decision_id})" in out
    code, out, _ = decide("merge", aster, borage)
    assert "becomes part of" in out
    assert f"goes with it: status retracted by ada ({decision_id})" in out
    assert "\u202e" not in out
    assert "[red]today[/]" in out


def test_a_target_that_is_not_there_is_refused_or_written_anyway(desk: Home, decide: Command) -> None:
    aster, _ = claims(desk)
    ((denial_id,),) = query_published(desk, "SELECT mention_id FROM evidence WHERE negated")
    for arguments, text in (
        (("status", "c404", "disputed"), "there is no claim c404 in the copy published 2026-03-02T03:00 UTC"),
        (("merge", aster, "c404"), "there is no claim c404"),
        (("move", denial_id, "c404"), "there is no claim c404"),
        (("stance", "m404", "denies"), "there is no mention m404"),
        (("note", denial_id), f"{denial_id} is a mention, and this needs a claim: its claim is {aster}"),
        (("split", aster), f"{aster} is a claim, and this needs a mention"),
        (("status", aster, "retraction"), "For example: rumortrail decide status c1234 retracted"),
        (("undo", "x404"), "there is no decision x404"),
        (("status",), "status of what?"),
    ):
        code, _, err = decide(*arguments)
        assert code == 2, arguments
        assert text in err
    assert Journal(desk.journal).read() == []
    code, out, _ = decide("note", "c404", "--anyway")
    assert code == 0
    assert "there is no claim c404" in out
    assert [entry.target for entry in Journal(desk.journal).read()] == ["c404"]


def test_nothing_published_is_no_reason_to_lose_a_decision(home: Home, decide: Command) -> None:
    code, _, err = decide("note", "c1")
    assert code == 2
    assert "nothing is published" in err
    assert "--anyway" in err
    assert decide("note", "c1", "--anyway")[0] == 0


def test_merged_and_hidden_claims_are_told(desk: Home, decide: Command) -> None:
    aster, borage = claims(desk)
    decide("merge", borage, aster)
    night(desk, 1)
    code, _, err = decide("status", borage, "disputed")
    assert code == 2
    assert f"{borage} was merged into {aster}" in err
    _, out, _ = decide("hide", aster)
    hide_id = out.split(":")[0]
    night(desk, 2, "publish")
    assert query_published(desk, "SELECT count(*) FROM claims") == [(0,)]
    code, out, _ = decide("note", aster)
    assert code == 0
    assert f"hidden by ada, {hide_id}" in out
    decide("undo", hide_id)
    night(desk, 3, "publish")
    assert query_published(desk, "SELECT claim_id FROM claims") == [(aster,)]


def test_two_claims_are_said_to_be_two(desk: Home, decide: Command) -> None:
    aster, borage = claims(desk)
    code, out, _ = decide("apart", aster, borage)
    assert code == 0
    assert f"is another claim than {borage}" in out
    assert decide("apart", aster, aster)[0] == 2
    code, _, err = decide("apart", aster, "c404")
    assert code == 2
    assert "there is no claim c404" in err


def test_an_undo_says_what_it_takes_back_and_is_listed(desk: Home, decide: Command) -> None:
    aster, _ = claims(desk)
    _, out, _ = decide("status", aster, "disputed", reason="the [b]lab[/b] answered")
    decision_id = out.split(":")[0]
    _, out, _ = decide("undo", decision_id, reason="another lab")
    assert f"status {aster} disputed, by ada on 2026-03-02: the [b]lab[/b] answered" in out
    assert "was already undone on 2026-03-02 03:00 UTC" in decide("undo", decision_id)[1]
    _, listing, _ = decide()
    rows = [line for line in listing.splitlines() if re.match(r"│ [12] ", line)]
    assert "another lab" in rows[1]
    assert "undo" in rows[1]
