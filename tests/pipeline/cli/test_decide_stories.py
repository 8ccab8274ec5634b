"""Editors merge, split and rename stories on the command line: what it says will change, and the journal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.decisions.journal import Journal
from pipeline.decisions.sync import copy_journal
from pipeline.stages.gather.stories import tell_stories
from pipeline.stages.publish.stage import publish
from tests.conftest import NOW, Command, query_published
from tests.pipeline.stages.gather.test_stories import background, spoken
from tests.worlds.laid import EmptyStore

pytestmark = pytest.mark.slow

Decide = Callable[..., tuple[int, str, str]]


@pytest.fixture
def decide(command: Command, home: Home) -> Decide:
    def run(*arguments: str) -> tuple[int, str, str]:
        return command("decide", *arguments, "--reason", "so it is", "--editor", "ada", "--home", home.path)

    return run


def night(store: EmptyStore, home: Home, number: int) -> None:
    run = RunContext(f"r{number}", NOW + timedelta(days=number), home, Config())
    copy_journal(store, run)
    tell_stories(store, run, "by-hand")
    publish(store, run)


def test_a_merge_a_split_and_a_title(store: EmptyStore, home: Home, decide: Decide) -> None:
    background(store)
    for n in range(3):
        spoken(store, f"a{n}", [1, 0, 0.1 * n], words=f"Aurel trained Aster {n}", day=0.1 * n)
        spoken(store, f"b{n}", [0, 1, 0.1 * n], words=f"Borea sells Vesper {n}", names=("Vesper 2",),
               organisations=("Borea",), day=40 + n)
    night(store, home, 1)
    stories = dict(query_published(home, "SELECT claim_id, story_id FROM claims WHERE story_id IS NOT NULL"))
    story_a, story_b = stories["a0"], stories["b0"]

    code, out, _ = decide("story_merge", story_a, story_b)
    assert code == 0
    assert f"becomes part of {story_b} “Borea sells Vesper" in out
    assert "beware: no organisation and no model is named in both" in out
    code, out, _ = decide("story_title", story_a, "  The Aster   affair ")
    assert "→ “The Aster affair”" in out
    night(store, home, 2)
    assert query_published(home, "SELECT story_id, title, titled_by FROM stories") == [
        (story_b, "The Aster affair", "ada")]
    assert query_published(home, "SELECT kind, story_id FROM decisions ORDER BY number") == [
        ("story_merge", story_b), ("story_title", story_b)]

    code, out, _ = decide("story_split", story_b, "a0, a1")
    assert "leaves it: “Aurel trained Aster 0”" in out
    assert "they become a story of their own" in out
    assert "instead of story_merge by ada" in out
    night(store, home, 3)
    stories = dict(query_published(home, "SELECT claim_id, story_id FROM claims WHERE story_id IS NOT NULL"))
    assert stories["a0"] == stories["a1"] != stories["a2"] == stories["b0"] == story_b
    entries = Journal(home.journal).read()
    assert [entry.value for entry in entries] == [story_b, "The Aster affair", "a0 a1"]
    assert Journal(home.journal).check({}).faults == []

    for arguments, text in (
        (("story_merge", "s404", story_b), "there is no story s404"),
        (("story_merge", story_a, story_b), f"{story_a} was merged into {story_b}"),
        (("story_merge", story_b, story_b), "cannot be put into itself"),
        (("story_merge", "b0", stories["a0"]), f"b0 is a claim of the story {story_b}"),
        (("story_split", story_b, "c404"), "c404 is no claim of the published copy"),
        (("story_split", stories["a0"], "a0 a1"), "nothing would stay"),
        (("story_split", story_b, " , "), "takes 1 to 100 claims"),
        (("story_title", story_b, "x"), "a title has 3 to 110 characters"),
        (("story_title", story_b, "a\u202eb title"), "a control character or an invisible one"),
    ):
        code, _, err = decide(*arguments)
        assert code == 2, arguments
        assert text in err, (text, err)
