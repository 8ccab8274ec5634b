"""A pasted headline, in a real Chromium: what is known of it, and a statement that an editor follows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from pipeline.core.vocabulary import DecisionKind
from pipeline.decisions.journal import Journal
from tests.conftest import NOW
from tests.dashboard.browser.test_editing import sign_in
from tests.dashboard.conftest import Desk, Watched

pytestmark = pytest.mark.browser

HEADLINE = "Basalt 4 has 95 billion parameters, leaker says"


def test_check_a_pasted_headline_and_follow_it(watch: Callable[..., Watched], demo: Desk) -> None:
    journal, inbox = Journal(demo.home.journal), sorted(demo.home.inbox.rglob("*"))
    before = len(journal.read())
    watched = watch(demo.base)
    page = sign_in(watched, "check")
    page.get_by_label("Text or link").fill(HEADLINE)
    page.keyboard.press("Control+Enter")
    answer = page.locator(".rt-answers")
    expect(answer).to_have_count(1, timeout=240_000)
    watched.ready()
    expect(page.locator(".rt-checked mark")).to_contain_text("Basalt 4 has 95 billion parameters")
    expect(answer).to_contain_text("Basalt 4 has 120 billion parameters")
    expect(answer).to_contain_text("95b parameters")
    assert "Basalt" not in page.url, "no address holds what was pasted"
    assert sorted(demo.home.inbox.rglob("*")) == inbox and len(journal.read()) == before
    page.get_by_role("button", name="Follow this claim").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("The claim")).to_have_value("Basalt 4 has 95 billion parameters.")
    dialog.get_by_label("Why").fill("a tip")
    dialog.get_by_label("Why").blur()
    dialog.get_by_role("button", name="Follow it").click()
    page.get_by_text("The next run makes it a claim").wait_for()
    (entry,) = journal.read()[before:]
    assert (entry.kind, entry.value, entry.editor) == (
        DecisionKind.FOLLOW, "Basalt 4 has 95 billion parameters.", "ada")
    watched.ready()
    assert page.locator(".rt-answers").count() == 1, "the answer stays beside the text"
    page.get_by_label("Text or link").fill("http://127.0.0.1:9/secret")
    page.keyboard.press("Control+Enter")
    refused = page.locator(".rt-refused")
    expect(refused).to_contain_text("127.0.0.1 is not a public address", timeout=240_000)
    watched.untouched()
    logs = [file for file in demo.home.path.rglob("*") if file.is_file() and file.suffix != ".sqlite"
            and b"leaker says" in file.read_bytes()]
    assert logs == [], "nothing that was pasted is written"
    journal.undo(entry.decision_id, reason="a trial", editor="ada", now=NOW)
