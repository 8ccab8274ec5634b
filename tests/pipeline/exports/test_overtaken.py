"""A sign-off that is taken back after the copy was published: what each reader tells of it."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from typer.testing import CliRunner

from dashboard.api.routes import routes
from dashboard.public import routes as public
from pipeline.cli.app import app
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.core.vocabulary import DecisionKind, Status
from pipeline.decisions.journal import Journal
from pipeline.decisions.sync import copy_journal
from pipeline.exports.dossier import dossier
from pipeline.exports.overtaken import read_current
from pipeline.stages.publish.stage import publish
from pipeline.store.store import Store
from tests.conftest import NOW
from tests.dashboard.pages import html_of, opened
from tests.worlds.builder import World

pytestmark = pytest.mark.slow  # a whole copy for each test

NIGHT, DAY = NOW + timedelta(hours=1), NOW + timedelta(hours=9)
SIGNED = "ada decided so: it was counted."


@dataclass
class Signed:
    """A home with a claim, c1, that ada signed off, in the story s1; and her decision."""

    home: Home
    decision_id: str

    def told(self) -> dict[str, str]:
        """Return what each reader says of the claim now."""
        home = self.home
        result = CliRunner().invoke(app, ["why", "c1", "--home", str(home.path)], env={"COLUMNS": "200"})
        page = dossier(home, Config(), read_current(home, Config(), "c1"), DAY)
        with TestClient(Starlette(routes=[*routes(home), *public.routes(home)]),
                        base_url="http://localhost") as client:
            addresses = ("/api/claims/c1", "/api/stories/s1", "/c/c1", "/s/s1", "/s/s1.csv")
            answers = {address: client.get(address).text for address in addresses}
        ids = {"claim": "c1", "story": "s1"}
        pages = {page: html_of(opened(home, page, id=page_id)) for page, page_id in ids.items()}
        return answers | pages | {"why": " ".join(result.output.split()), "dossier": page}

    def take_back(self) -> None:
        """Take the decision back, some hours after the night."""
        Journal(self.home.journal).undo(self.decision_id, reason="miscounted", editor="bo", now=DAY)


@pytest.fixture
def signed(home: Home, store: Store) -> Signed:
    world = World(store)
    world.run(NIGHT, timedelta(minutes=9))
    world.source("Alder")
    world.row("stories", story_id="s1", title="What Aster is", created_at=NIGHT, run_id=world.run_id)
    world.claim("c1", "Aster is large.", first_seen_at=NIGHT)
    said_id = world.say("c1", "alder", NIGHT - timedelta(hours=3))
    world.judge("c1", NIGHT, [(NIGHT, Status.DISPUTED, 0.5, SIGNED)], 1, "The editor goes back.", (said_id,))
    world.row("story_claims", claim_id="c1", story_id="s1", since=NIGHT, run_id=world.run_id)
    decision = Journal(home.journal).decide(
        DecisionKind.STATUS, "c1", "disputed", reason="it was counted", editor="ada", now=NIGHT
    )
    run = RunContext(run_id=world.run_id, now=NIGHT, home=home, config=Config())
    copy_journal(store, run)
    publish(store, run)
    return Signed(home, decision.decision_id)


def test_every_reader_tells_at_once_that_a_sign_off_was_taken_back(signed: Signed) -> None:
    assert not [name for name, told_text in signed.told().items() if SIGNED not in told_text]
    signed.take_back()
    for name, text in signed.told().items():
        assert SIGNED not in text and "The editor goes back" not in text, name
        assert "taken back on" in text and "holds until the next run" in text, name


def test_the_interface_for_programs_marks_the_decision_and_is_not_answered_from_what_was_kept(
    signed: Signed,
) -> None:
    with TestClient(Starlette(routes=routes(signed.home)), base_url="http://localhost") as client:
        first = client.get("/api/claims/c1")
        assert first.json()["decisions"][0]["undone_at"] is None
        signed.take_back()
        repeated = client.get("/api/claims/c1", headers={"If-None-Match": first.headers["etag"]})
        assert repeated.status_code == 200
        claim = json.load(io.StringIO(repeated.text))
        assert datetime.fromisoformat(claim["decisions"][0]["undone_at"]) == DAY
        assert claim["would_change"] is None and claim["history"][-1]["reason"] == claim["reason"]


def test_as_of_a_time_before_the_copy_nothing_is_told_of_it(signed: Signed) -> None:
    signed.take_back()
    with TestClient(Starlette(routes=routes(signed.home)), base_url="http://localhost") as client:
        earlier = (NIGHT - timedelta(minutes=1)).astimezone(UTC).isoformat()
        assert "taken back" not in client.get("/api/claims/c1", params={"said": earlier}).text
        assert "taken back" in client.get("/api/claims/c1", params={"said": DAY.isoformat()}).text
