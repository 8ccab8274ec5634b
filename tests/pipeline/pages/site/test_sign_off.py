"""Test how the next site tells of a sign-off that was taken back or made anew by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from lxml import html

from pipeline.core.config import Config, PublisherConfig, SiteConfig
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.core.vocabulary import DecisionKind, Status
from pipeline.decisions.journal import Journal
from pipeline.decisions.sync import copy_journal
from pipeline.pages.site.write import write_site
from pipeline.stages.publish.stage import publish
from pipeline.store.store import Store
from tests.conftest import NOW
from tests.pipeline.pages.site.conftest import ADDRESS, files_of
from tests.worlds.builder import World

pytestmark = pytest.mark.slow  # a whole site for each test

CONFIG = Config(site=SiteConfig(url=ADDRESS), publisher=PublisherConfig("The Paper", ADDRESS))
NIGHT, DAY = NOW + timedelta(hours=1), NOW + timedelta(hours=9)
SIGNED = "ada decided so: it was counted. Left to the rules it would be unverified."


@dataclass
class Signed:
    """A home with a claim that ada signed off, in a story with another claim, and its site."""

    home: Home
    root: Path
    decision_id: str

    @property
    def journal(self) -> Journal:
        return Journal(self.home.journal)

    def write(self) -> int:
        """Write the site; return how many files were written."""
        return write_site(self.home, CONFIG, self.root, workers=1).files.written

    def text(self, name: str) -> str:
        """Return the words of a page."""
        return " ".join(html.fromstring((self.root / name).read_bytes()).text_content().split())


@pytest.fixture
def signed(home: Home, store: Store, tmp_path: Path) -> Signed:
    world = World(store)
    world.run(NIGHT, timedelta(minutes=9))
    world.source("Alder")
    world.row("stories", story_id="s1", title="What Aster is", created_at=NIGHT, run_id=world.run_id)
    for claim, status, reason in (
        ("c1", Status.CONTRADICTED, SIGNED), ("c2", Status.UNVERIFIED, "One voice carries it."),
    ):  # fmt: skip
        world.claim(claim, f"Aster is {claim}.", first_seen_at=NIGHT)
        mention_id = world.say(claim, "alder", NIGHT - timedelta(hours=3))
        world.judge(claim, NIGHT, [(NIGHT, status, 0.5, reason)], 1, "The editor goes back.", (mention_id,))
        world.row("story_claims", claim_id=claim, story_id="s1", since=NIGHT, run_id=world.run_id)
    decision = Journal(home.journal).decide(
        DecisionKind.STATUS, "c1", "contradicted", reason="it was counted", editor="ada", now=NIGHT
    )
    run = RunContext(run_id=world.run_id, now=NIGHT, home=home, config=CONFIG)
    copy_journal(store, run)
    publish(store, run)
    signed_site = Signed(home, tmp_path / "site", decision.decision_id)
    signed_site.write()
    return signed_site


PAGES = ("c/c1.html", "embed/c1.html", "s/s1.html")


def published(at: datetime) -> str:
    return f"{at.day} {at:%B} {at.year}, {at:%H:%M:%S} UTC"


def test_a_sign_off_that_stands_is_told(signed: Signed) -> None:
    assert "ClaimReview" in (signed.root / "c/c1.html").read_text()
    assert all("ada decided so: it was counted" in signed.text(page) for page in PAGES)
    assert signed.write() == 0


def test_a_sign_off_that_was_taken_back_is_told_as_that_and_as_of_when_the_status_stands(
    signed: Signed,
) -> None:
    before = files_of(signed.root)
    signed.journal.undo(signed.decision_id, reason="one was miscounted", editor="bo", now=DAY)
    assert signed.write() > 0
    after = files_of(signed.root)
    changed_names = {name for name in after if after[name] != before.get(name)}
    assert set(PAGES) <= changed_names and not [name for name in changed_names if "c2" in name]
    assert "ClaimReview" not in after["c/c1.html"].decode()
    for page in PAGES:
        text = signed.text(page)
        assert "ada decided so" not in text, page
        assert f"taken back on {published(DAY)}" in text, page
        assert f"is as of {published(NIGHT)}" in text, page
    text = signed.text("c/c1.html")
    assert f"taken back {published(DAY)}" in text and "The editor goes back" not in text
    assert signed.write() == 0, "it is told once"


def test_a_decision_that_was_made_anew_is_told_as_that(signed: Signed) -> None:
    signed.journal.decide(DecisionKind.STATUS, "c1", "disputed", reason="both", editor="bo", now=DAY)
    assert signed.write() > 0
    for page in PAGES:
        text = signed.text(page)
        assert "ada decided so" not in text and f"decided anew on {published(DAY)}" in text
        assert f"is as of {published(NIGHT)}" in text
    assert "ClaimReview" not in (signed.root / "c/c1.html").read_text()


def test_a_note_that_was_taken_back_is_marked(signed: Signed, store: Store) -> None:
    note = signed.journal.decide(DecisionKind.NOTE, "c2", None, reason="a hunch", editor="ada", now=NIGHT)
    run = RunContext(run_id="r2", now=NIGHT, home=signed.home, config=CONFIG)
    copy_journal(store, run)
    publish(store, run)
    signed.write()
    assert "a hunch" in signed.text("c/c2.html")
    signed.journal.undo(note.decision_id, reason="wrong", editor="ada", now=DAY)
    assert signed.write() > 0
    assert f"taken back {published(DAY)}" in signed.text("c/c2.html")
    assert "One voice carries it." in signed.text("c/c2.html")


def test_a_journal_that_is_gone_or_cannot_be_read_signs_nothing_off_and_takes_nothing_back(
    signed: Signed,
) -> None:
    signed.home.journal.write_bytes(b"no database" * 1000)
    for _ in range(2):
        signed.write()
        assert "ClaimReview" not in (signed.root / "c/c1.html").read_text()
        assert "taken back" not in signed.text("c/c1.html")
        signed.home.journal.unlink(missing_ok=True)
