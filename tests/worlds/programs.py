"""A published copy for tests of machine-readable outputs: the sample, with a story and a hidden claim."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pipeline.check.records import Bearing, Checked, CheckedStatement, KnownClaim
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.errors import NothingAskedError
from pipeline.core.home import Home
from pipeline.core.vocabulary import Certainty, DecisionKind, Kind, Precision, Status
from pipeline.stages.judge.stage import store_rules
from pipeline.stages.publish.stage import publish
from pipeline.stages.track import track
from tests.worlds.laid import EmptyStore
from tests.worlds.sample import NIGHTS, RUNS, _Sample, claim_id
from tests.worlds.stories import STORIES

STORY, FORMER = "sstory", "sformer"
TITLE = "What Aurora Labs tests on"
HELD = (STORIES[0].claim, STORIES[1].claim)
HIDDEN = STORIES[-1].claim
SAID = "Somebody says that Aster 3 is late."


class Checker:
    """Stands in for the text checker: each text denies the first claim. It records the texts."""

    given: list[str] = []  # noqa: RUF012  # for all of its kind

    def check(self, text: str) -> Checked:
        """Return an answer; "..." has no words, and "break" raises an error."""
        self.given.append(text)
        if text == "...":
            raise NothingAskedError("there is nothing to check: give a text with words in it")
        if text == "break":
            raise RuntimeError(f"a fault that names {text}")
        claim, read_at = STORIES[0].claim, datetime(2026, 3, 1, tzinfo=UTC)
        known_claim = KnownClaim(
            claim_id(claim), claim, Kind.OTHER, Bearing.DENIES, 0.9, None, None, Status.DISPUTED, None, 1, 2,
            (), read_at,
        )  # fmt: skip
        statement = CheckedStatement(
            0, len(text), text, None, Kind.OTHER, None, False, Certainty.ASSERTED, (known_claim,)
        )
        return Checked(text, None, None, None, Precision.UNKNOWN, True, "en", (statement,), (), read_at)


def build(home: Home) -> None:
    """Write the published copy under `home`."""
    store = EmptyStore()
    sample = _Sample(store)
    sample.publishers()
    sample.runs()
    for story in STORIES:
        sample.story(story)
    sample.rivals()
    sample.subjects()
    sample.decisions()
    world = sample.world
    world.row("stories", story_id=STORY, title=TITLE, created_at=NIGHTS[0], run_id=RUNS[0])
    for claim in HELD:
        world.row("story_claims", claim_id=claim_id(claim), story_id=STORY, since=NIGHTS[0], run_id=RUNS[0])
    world.row("story_heirs", story_id=FORMER, heir=STORY, since=NIGHTS[1], run_id=RUNS[1])
    world.decide(DecisionKind.HIDE, claim_id(HIDDEN), None, NIGHTS[1], "It names a private person.")
    home.path.mkdir(parents=True, exist_ok=True)
    run = RunContext(run_id=RUNS[-1], now=NIGHTS[-1] + timedelta(minutes=11), home=home, config=Config())
    track(store, run)
    store_rules(store, run.config.judge.corroborating_voices)
    publish(store, run)
    store.close()
