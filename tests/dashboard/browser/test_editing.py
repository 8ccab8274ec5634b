"""What an editor does, in a real Chromium: sign in, here or elsewhere, decide with one key, merge, undo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from pipeline.core.home import Home
from pipeline.core.vocabulary import DecisionKind
from pipeline.decisions.journal import Journal
from tests.conftest import query_published
from tests.dashboard.altered import altered
from tests.dashboard.conftest import PASSWORD, Desk, Watched, served
from tests.dashboard.provider import provided
from tests.receivers import free_port
from tests.worlds.sample import claim_id
from tests.worlds.stories import STORIES

pytestmark = pytest.mark.browser

FIRST, SECOND = STORIES[0], STORIES[1]
Watch = Callable[..., Watched]


@pytest.fixture
def empty_desk(desk: Desk) -> Desk:
    """The dashboard of the sample, without a journal."""
    for file in desk.home.path.glob(f"{desk.home.journal.name}*"):
        file.unlink()
    return desk


def sign_in(watched: Watched, path: str) -> Any:
    """Sign in as ada and go on to `path`."""
    page = watched.page
    page.goto(f"{watched.base}/sign-in?next={path}")
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    watched.address(f"/{path}")
    watched.ready()
    return page


@contextmanager
def merging(page: Any, why: str) -> Iterator[Any]:
    """Merge the claim of the page into another, which is chosen in the box that is given."""
    page.get_by_role("button", name="Decide about this claim").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Merge it into another").click()
    dialog.get_by_text("Which claim").wait_for()
    yield dialog.get_by_role("combobox")
    dialog.get_by_text("becomes part of").wait_for()
    dialog.get_by_label("Why").fill(why)
    dialog.get_by_label("Why").blur()
    dialog.get_by_role("button", name="Write it into the journal").click()
    page.get_by_text("Merged. The next run carries it out.").wait_for()


def taken_back(watched: Watched) -> None:
    """Undo the last decision."""
    watched.ready()
    watched.page.get_by_role("button", name="Undo").first.click()
    watched.page.get_by_text("Taken back.").wait_for()


def _written(home: Home, kinds: list[str]) -> None:
    assert [entry.kind for entry in Journal(home.journal).read()] == kinds


def test_review_with_one_key_and_undo(watch: Watch, empty_desk: Desk) -> None:
    watched = watch(empty_desk.base)
    page = watched.visit("/review")
    expect(page.locator(".rt-empty")).to_contain_text("This page is for editors")
    expect(page.get_by_role("link", name="Review", exact=True)).to_have_count(0)
    page = sign_in(watched, "review")
    expect(page.locator(".rt-foot")).to_contain_text("Signed in as ada")
    page.get_by_text("Are these one claim?").wait_for()
    page.get_by_role("button", name="Two claims: keep apart").wait_for()
    watched.ready()
    page.keyboard.press("a")
    page.get_by_text("Kept apart.").wait_for()
    _written(empty_desk.home, [DecisionKind.APART])
    page.get_by_role("button", name="Undo").first.wait_for()
    watched.ready()
    page.keyboard.press("u")
    page.get_by_text("Taken back.").wait_for()
    _written(empty_desk.home, [DecisionKind.APART, DecisionKind.UNDO])
    page.get_by_role("link", name="Signed in as ada").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator(".rt-foot")).to_contain_text("Sign in as editor")
    expect(watched.visit("/review").locator(".rt-foot")).to_contain_text("Sign in as editor")
    watched.untouched()


def test_merge_two_claims_and_undo(watch: Watch, empty_desk: Desk) -> None:
    watched = watch(empty_desk.base)
    page = sign_in(watched, f"claim?id={claim_id(SECOND.claim)}")
    with merging(page, "The same in other words.") as combobox:
        combobox.click()
        page.get_by_role("option", name=FIRST.claim).click()
    expect(page.locator(".rt-waiting")).to_contain_text("waits for the next run", ignore_case=True)
    (entry,) = Journal(empty_desk.home.journal).read()
    assert (entry.kind, entry.target, entry.value) == (
        "merge", claim_id(SECOND.claim), claim_id(FIRST.claim)
    )
    assert (entry.editor, entry.reason) == ("ada", "The same in other words.")
    taken_back(watched)
    _written(empty_desk.home, [DecisionKind.MERGE, DecisionKind.UNDO])
    watched.untouched()


def test_follow_a_claim_and_undo(watch: Watch, empty_desk: Desk) -> None:
    watched = watch(empty_desk.base)
    page = sign_in(watched, "claims")
    page.get_by_role("button", name="Follow a claim").click()
    dialog = page.get_by_role("dialog")
    follow_button = dialog.get_by_role("button", name="Follow it")
    claim = dialog.get_by_label("The claim")
    claim.fill("Meta lies")
    claim.blur()
    expect(dialog.get_by_role("alert")).to_contain_text("a claim is a sentence of 3 to 60 words")
    expect(follow_button).to_be_disabled()
    claim.fill("Meta trained Llama 4 on test sets.")
    claim.blur()
    dialog.get_by_text("becomes a claim").wait_for()
    dialog.get_by_label("Why").fill("A tip from a reader.")
    dialog.get_by_label("Why").blur()
    expect(follow_button).to_be_enabled()
    follow_button.click()
    page.get_by_text("Followed. The next run makes it a claim").wait_for()
    expect(page.locator(".rt-waiting")).to_contain_text("Meta trained Llama 4 on test sets.")
    (entry,) = Journal(empty_desk.home.journal).read()
    assert (entry.kind, entry.value) == ("follow", "Meta trained Llama 4 on test sets.")
    assert (entry.editor, entry.reason) == ("ada", "A tip from a reader.")
    taken_back(watched)
    _written(empty_desk.home, [DecisionKind.FOLLOW, DecisionKind.UNDO])
    watched.untouched()


def test_a_reader_is_offered_nothing_to_decide(watch: Watch, sample_dashboard: str) -> None:
    page = watch(sample_dashboard).visit(f"/claim?id={claim_id(FIRST.claim)}&decide=m1")
    expect(page.get_by_role("button", name="Decide")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_provider_vouches_for_an_editor(watch: Watch, sample_home: Home, tmp_path: Path) -> None:
    home, port = altered(sample_home, tmp_path / "home"), free_port()
    with provided() as provider:
        home.secrets.write_text(provider.secrets(f"http://127.0.0.1:{port}/oauth2callback"))
        home.config_file.write_text('[sign_in]\neditors = "ada@paper.example"\n')
        with served(home, port) as base:
            watched = watch(base)
            for user, foot_text in (
                ({"email": "eve@paper.example", "email_verified": True}, "Sign in as editor"),
                ({"email": "ada@paper.example", "email_verified": True}, "Signed in as ada@paper.example"),
            ):
                provider.user = user
                page = watched.visit("/review")
                page.get_by_role("button", name="Sign in with your organisation").click()
                page.wait_for_url(f"{base}/")
                watched.ready()
                page = watched.visit("/review")
                expect(page.locator(".rt-foot")).to_contain_text(foot_text)
                page.context.clear_cookies()


def test_a_story_is_renamed_and_claims_are_split_off(watch: Watch, empty_desk: Desk) -> None:
    [(story, claims)] = query_published(
        empty_desk.home, "SELECT story_id, claims FROM stories ORDER BY claims DESC, story_id LIMIT 1")
    assert claims > 1
    watched = watch(empty_desk.base)
    page = sign_in(watched, f"story?id={story}")
    page.get_by_role("button", name="Decide about this story").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Rename it").click()
    dialog.get_by_label("Its title").fill("The <b>affair</b>")
    dialog.get_by_label("Its title").blur()
    dialog.get_by_text("it keeps this title while it grows").wait_for()
    dialog.get_by_label("Why").fill("it is shorter")
    dialog.get_by_label("Why").blur()
    dialog.get_by_role("button", name="Write it into the journal").click()
    page.get_by_text("Renamed. The next run carries it out.").wait_for()
    watched.ready()
    expect(page.locator(".rt-waiting")).to_contain_text("The <b>affair</b>")
    taken_back(watched)
    page.get_by_role("button", name="Decide about this story").click()
    dialog.get_by_text("Split claims off").click()
    dialog.get_by_text("Aster 2 scores").click()
    dialog.get_by_text("it is in no story then").wait_for()
    _written(empty_desk.home, [DecisionKind.STORY_TITLE, DecisionKind.UNDO])
    watched.untouched()
