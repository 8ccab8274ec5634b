"""What a run does for watches: look at what is new, let watches gather it, and send what is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.errors import BusyError
from pipeline.core.files import FileLock
from pipeline.core.home import Home
from pipeline.store.queries import Statements
from pipeline.store.store import Store
from pipeline.watches.events import EVER, Copy, Event, State, opened
from pipeline.watches.feed import without_twins
from pipeline.watches.messages import compose
from pipeline.watches.outbox import Outbox
from pipeline.watches.records import Watch
from pipeline.watches.send import Sent, send_due
from pipeline.watches.store import WatchStore, written

SQL = Statements(__package__, "tell")

LOOK = 600.0
"""Seconds for each statement of a look: nobody waits for it, and what it does not find is not told."""


def look_at_copy(home: Home, config: Config, *, now: datetime) -> None:
    """Let watches gather what the published copy has that the one before it had not.

    The first look of all takes what the run of that copy brought, and what came before it since the oldest
    watch was made: a run that told nothing, or was killed before its look. A copy that was looked at is not
    looked at again. Raises DataError where the copy or `watches.sqlite` cannot be read.
    """
    outbox, watches = Outbox(home.watches), WatchStore(home.watches).all()
    known, states, looked = outbox.known()
    with opened(home, replace(config, ask=replace(config.ask, seconds=LOOK))) as copy:
        if looked is not None and written(looked) == written(copy.published_at):
            return
        since, stored_states = EVER, {state.claim_id: state for state in states}
        if looked is None:
            states, since = copy.states_before(min((watch.created_at for watch in watches), default=None))
        before = {state.claim_id: state for state in states}
        news = copy.look(known, since=since)
        events = _compared([*copy.moved(states), *news.events], before)
        gathered = _gathered(copy, watches, events, before)
        standing = [state for state in copy.states() if stored_states.get(state.claim_id) != state]
        published_at, hidden = copy.published_at, copy.hidden()
    outbox.take(gathered, known=news.ids, states=standing, published_at=published_at, now=now, hidden=hidden)


def look_at_revisit(store: Store, run: RunContext) -> None:
    """Let watches gather what a revisit saw of the origins of published claims: edits and deletions.

    Nothing is gathered where the last published copy was not looked at yet: the next run does both. Raises
    DataError where the copy or `watches.sqlite` cannot be read.
    """
    home, config = run.home, run.config
    outbox, watches = Outbox(home.watches), WatchStore(home.watches).all()
    if not watches:
        return
    known, states, looked = outbox.known()
    with opened(home, replace(config, ask=replace(config.ask, seconds=LOOK))) as copy:
        if looked is None or written(looked) != written(copy.published_at):
            return
        parameters = {"run_id": run.run_id}
        copy.see(edits=store.table(SQL["edits"], parameters),
                 deletions=store.table(SQL["deletions"], parameters))
        news = copy.look(known, until=run.now)
        before = {state.claim_id: state for state in states}
        gathered = _gathered(copy, watches, _compared(news.events, before), before)
        published_at = copy.published_at
    outbox.take(gathered, known=news.ids, states=(), published_at=published_at, now=run.now)


def send(
    home: Home, config: Config, environment: Mapping[str, str], *, now: datetime, nightly: bool = False
) -> Sent:
    """Make messages of what watches have gathered and tell now, and send what is due.

    `nightly` is true after a nightly run. A watch that cannot be read is a fault of the report. Where another
    process sends, nothing is done. Raises DataError where `watches.sqlite` cannot be used.
    """
    if not home.watches.exists():
        return Sent()
    try:
        with FileLock(home.watches_lock).held("a sending, "):
            Outbox(home.watches).bundle(partial(compose, config=config, now=now), now=now, nightly=nightly)
            report = send_due(home, config, environment, now=now)
        report.faults.extend(watch.fault for watch in WatchStore(home.watches).faulty())
        return report
    except BusyError:
        return Sent()


def _compared(events: Sequence[Event], before: Mapping[str, State]) -> list[Event]:
    """Return the events, each saying whether its claim was known before."""
    return [
        replace(event, before=(event.before or event.status) if event.claim_id in before else None)
        for event in events
    ]


def _gathered(
    copy: Copy, watches: Iterable[Watch], events: Sequence[Event], before: Mapping[str, State]
) -> dict[str, list[Event]]:
    """Return what each watch gathers: events of claims that pass its filter now, or passed it before."""
    touched = {event.claim_id for event in events}
    stood = [before[claim_id] for claim_id in touched if claim_id in before]
    gathered: dict[str, list[Event]] = {}
    for watch in watches if events else ():
        passing = copy.passing(watch.filter, stood)
        gathered[watch.watch_id] = without_twins([event for event in events if event.claim_id in passing])
    return gathered
