"""A paper of one's own: a store whose nights are written by hand, and published one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.core.config import Config, MailConfig, PublisherConfig, WatchesConfig
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.core.vocabulary import Role, Stance, Status
from pipeline.published.claim_filter import ClaimFilter
from pipeline.stages.publish.stage import publish
from pipeline.watches import tell
from pipeline.watches.database import connected
from pipeline.watches.events import Copy, opened
from pipeline.watches.outbox import Outbox
from pipeline.watches.records import Watch, WatchDraft
from pipeline.watches.store import WatchStore
from tests.worlds.builder import World
from tests.worlds.laid import EmptyStore

FIRST = datetime(2026, 3, 9, 3, 0, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)
DESK = PublisherConfig("The Paper", "https://desk.paper.example")


class Paper:
    """Nights of a small store; the n-th begins n days after FIRST."""

    def __init__(self, home: Home, store: EmptyStore) -> None:
        self.home, self.store, self.world = home, store, World(store)
        self.night = FIRST
        self.config = Config()
        for name in ("Alder", "Birch", "Cedar"):
            self.world.source(name)
        self.world.source("Aurel", Role.FIRST_PARTY, "aurel")

    def begin(self, number: int) -> None:
        """Begin a night."""
        self.night = FIRST + number * DAY
        self.world.run(self.night, timedelta(minutes=9))

    def say(
        self, claim: str, source: str, words: str, stance: Stance = Stance.SUPPORTS, *,
        after: str | None = None, document: str | None = None, **fields: Any,
    ) -> str:  # fmt: skip
        """Let a source say something tonight in its own voice, or `after` another; return the evidence id."""
        document_id = document or f"d{len(self.world.documents):03d}"
        if document_id not in self.world.documents:
            self.world.document(document_id, source, self.night - timedelta(hours=2), words,
                                seen_at=self.night + timedelta(minutes=1), **fields)  # fmt: skip
        mention = self.world.mention(claim, document_id, quote=words, negated=stance is Stance.DENIES)
        voice, origin = (f"source:{after or source}", after and f"o-{after}")
        self.world.origin(claim, mention, voice, (after or source).title(), origin or document_id,
                          independent=after is None)  # fmt: skip
        return self.world.stance(claim, mention, stance)

    def judge(self, claim: str, status: Status, voices: int, *rests_on: str) -> None:
        """Judge a claim tonight."""
        step = (self.night, status, 0.5, "It is so.")
        self.world.judge(claim, self.night, [step], voices, rests_on=rests_on)

    def publish(self) -> None:
        """Publish tonight's copy."""
        run = RunContext(run_id=self.world.run_id, now=self.night + timedelta(minutes=9), home=self.home,
                         config=self.config)  # fmt: skip
        publish(self.store, run)

    def look(self) -> None:
        """Let watches gather what is new in tonight's copy."""
        tell.look_at_copy(self.home, self.config, now=self.night + timedelta(minutes=10))

    @contextmanager
    def copy(self) -> Iterator[Copy]:
        """Open the published copy."""
        with opened(self.home, Config()) as copy:
            yield copy

    def watch(self, chosen: ClaimFilter = ClaimFilter(), **fields: Any) -> Watch:  # noqa: B008
        """Keep a watch."""
        draft_fields: dict[str, Any] = {"name": "Desk", "owner": "ada", "mail": "ada@paper.example"} | fields
        return WatchStore(self.home.watches).add(WatchDraft(filter=chosen, **draft_fields), now=self.night)

    @property
    def outbox(self) -> Outbox:
        """The outbox of the home."""
        return Outbox(self.home.watches)


@pytest.fixture
def paper(home: Home, store: EmptyStore) -> Paper:
    """A paper without a night."""
    return Paper(home, store)


def mailing(port: int, **fields: Any) -> Config:
    """Return settings with a mail host on loopback, where webhooks may lie too."""
    mail = MailConfig(host="127.0.0.1", port=port, encrypted=False, sender="Desk <desk@paper.example>",
                      timeout=fields.pop("timeout", 10.0))  # fmt: skip
    settings: dict[str, Any] = {"publisher": DESK, "watches": WatchesConfig(private_webhooks=True)} | fields
    return Config(mail=mail, **settings)


def spoil(path: Path, watch_id: str) -> None:
    """Give a kept watch a filter that no version of this program reads."""
    with connected(path) as connection:
        connection.execute("UPDATE watches SET filter = 'shape=round' WHERE watch_id = ?", (watch_id,))


def mend(path: Path, watch_id: str) -> None:
    """Give a watch that was spoilt a filter that all claims pass."""
    with connected(path) as connection:
        connection.execute("UPDATE watches SET filter = '' WHERE watch_id = ?", (watch_id,))
