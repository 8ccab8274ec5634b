"""The Atom feed of any filter, and of each watch that has one. Nothing of a filter is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pipeline.core.config import Config, PublisherConfig
from pipeline.core.files import write_whole
from pipeline.core.home import Home
from pipeline.core.vocabulary import Status
from pipeline.exports.atom import Entry, feed
from pipeline.published.claim_filter import ClaimFilter
from pipeline.watches import notice
from pipeline.watches.addresses import feed_path
from pipeline.watches.events import Copy, Event, EventKind, State, opened
from pipeline.watches.records import Channel
from pipeline.watches.store import WatchStore

ENTRIES = 200
"""The newest events that a feed holds."""

DAYS = 30
"""How long an event stays in a feed."""

SECONDS = 600.0
"""Seconds for each statement of a run that writes feeds; a reader's request has its own bound."""

TITLE = "what moved about claims on AI models"


def recent(copy: Copy, chosen: ClaimFilter, days: float = DAYS) -> list[Event]:
    """Return what happened in the last days to claims that pass a filter, or passed it before.

    The newest event comes first.
    """
    events = copy.since(copy.published_at - timedelta(days=days))
    before = {event.claim_id: State(event.claim_id, event.before or event.status, event.voices)
              for event in reversed(events) if event.kind is EventKind.STATUS}  # fmt: skip
    passing = copy.passing(chosen, before.values())
    return without_twins([event for event in events if event.claim_id in passing])


def without_twins(events: list[Event]) -> list[Event]:
    """Return the events without those that another event tells: the second of two rivals, and the end of a
    time when the claim expired with it.
    """
    rival_pairs: set[tuple[str, str | None]] = set()
    remaining = []
    moves = [event for event in events if event.kind is EventKind.STATUS]
    expired = {event.claim_id for event in moves if event.status is Status.EXPIRED}
    for event in events:
        if event.kind is EventKind.RIVAL and (event.rival_id, event.claim_id) in rival_pairs:
            continue
        if event.kind is EventKind.DEADLINE and event.claim_id in expired:
            continue
        rival_pairs.add((event.claim_id, event.rival_id))
        remaining.append(event)
    return remaining


def filter_feed(
    copy: Copy, chosen: ClaimFilter, publisher: PublisherConfig, *, name: str = "", own_address: str = ""
) -> str:
    """Return the Atom feed of a filter, of what an open copy has; `name` stands in its title.

    An entry's id follows from its event, so that it is the same in every feed and after any run. Raises
    DataError where reading takes longer than the bounds of the copy.
    """
    events = recent(copy, chosen)[:ENTRIES]
    entries = [_entry(event, publisher) for event in events]
    path = feed_path(chosen)
    public = f"{publisher.url.rstrip('/')}{path}" if publisher.url else ""
    return feed(("filter", path), name or TITLE, entries, publisher, copy.published_at, own_address or public)


def write_feeds(home: Home, config: Config) -> None:
    """Write `<home>/feeds/watches/<watch_id>.atom` of each watch with a feed; remove those of no watch.

    The feed of a watch that cannot be read stays as it is.
    """
    store = WatchStore(home.watches)
    watches = [watch for watch in store.all() if Channel.ATOM in watch.channels]
    kept_ids = [watch.watch_id for watch in watches] + [watch.watch_id for watch in store.faulty()]
    wanted = {f"{watch_id}.atom" for watch_id in kept_ids}
    if watches:
        home.watch_feeds.mkdir(parents=True, exist_ok=True)
        with opened(home, replace(config, ask=replace(config.ask, seconds=SECONDS))) as copy:
            for watch in watches:
                text = filter_feed(copy, watch.filter, config.publisher, name=watch.name)
                write_whole(home.watch_feeds / f"{watch.watch_id}.atom", text)
    for file in home.watch_feeds.glob("*.atom"):
        if file.name not in wanted:
            file.unlink(missing_ok=True)


def _entry(event: Event, publisher: PublisherConfig) -> Entry:
    (claim,) = notice.by_claim([event])
    title = f"{notice.title(event)}: {event.claim}"
    content = notice.text([claim], publisher)
    return Entry(("event", event.event_id), title, event.at, event.claim_id, event.kind, content)

