"""The addresses of calendars and feeds, of any filter and of each watch.

The filter of the page Claims is the query of an address, and nothing is stored. The address of a watch stays
when its filter changes; it cannot be guessed, and shows the watch's name and what is public.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard.feeds.answers import Answers, told
from pipeline.core.config import Config
from pipeline.core.errors import DataError, FaultyRowError, UnknownError
from pipeline.core.home import Home
from pipeline.exports.calendar import calendar
from pipeline.published.claim_filter import ClaimFilter, from_query, in_a_line, to_query
from pipeline.published.deadlines import read_ledger
from pipeline.watches.addresses import FEED
from pipeline.watches.events import opened
from pipeline.watches.feed import filter_feed
from pipeline.watches.store import WatchStore

CALENDAR = "/calendar.ics"
"""The route of the calendar of any filter."""
TYPES = {"ics": "text/calendar; charset=utf-8", "atom": "application/atom+xml; charset=utf-8"}

_log = logging.getLogger(__name__)


def calendar_path(chosen: ClaimFilter) -> str:
    """Return the route and query of the calendar of a filter."""
    query = to_query(chosen)
    return f"{CALENDAR}?{query}" if query else CALENDAR


def watch_path(watch_id: str, form: str) -> str:
    """Return the route of a watch's own calendar ("ics") or feed ("atom")."""
    return f"/watch/{watch_id}.{form}"


def routes(home: Home) -> list[Route]:
    """Return the routes of calendars and feeds, over the published copy and the watches of `home`."""
    answers = Answers(home)

    def of_filter(form: str) -> Callable[[Request], object]:
        async def answer(request: Request) -> Response:
            filter_query = request.url.query
            try:
                chosen = from_query(filter_query)
            except DataError as error:
                return told(400, str(error))

            def make(config: Config) -> bytes:
                name = "" if chosen == ClaimFilter() else in_a_line(chosen)
                return _made(home, config, form, chosen, name)

            return await answers.answer(request, f"{form} {filter_query}", make, TYPES[form])

        return answer

    def of_watch(form: str) -> Callable[[Request], object]:
        async def answer(request: Request) -> Response:
            try:
                watch = await run_in_threadpool(WatchStore(home.watches).get, request.path_params["watch_id"])
            except UnknownError:
                watch = None
            except FaultyRowError as error:
                _log.warning("%s", error)
                return told(404, "This watch cannot be read: its owner has to add it anew.")
            except DataError as error:
                _log.warning("a watch could not be read: %s", error)
                return told(503, "The watches cannot be read now. Please ask again in a minute.")
            if watch is None or (form == "atom" and not watch.atom):
                return PlainTextResponse("No watch has this address: it was removed or changed.", 404)

            def make(config: Config) -> bytes:
                return _made(home, config, form, watch.filter, watch.name)

            content_key = f"{form} {watch.watch_id} {watch.name} {to_query(watch.filter)}"
            return await answers.answer(request, content_key, make, TYPES[form])

        return answer

    return [
        Route(CALENDAR, of_filter("ics"), methods=["GET"]),
        Route(FEED, of_filter("atom"), methods=["GET"]),
        Route(watch_path("{watch_id}", "ics"), of_watch("ics"), methods=["GET"]),
        Route(watch_path("{watch_id}", "atom"), of_watch("atom"), methods=["GET"]),
    ]


def _made(home: Home, config: Config, form: str, chosen: ClaimFilter, name: str) -> bytes:
    """Return the calendar or feed of a filter; `name` says which claims, where not all."""
    if form == "ics":
        return calendar(read_ledger(home, config, chosen), config.publisher, name)
    with opened(home, config) as copy:
        return filter_feed(copy, chosen, config.publisher, name=name).encode()
