"""The addresses of calendars and feeds: the filter of the page Claims is the query, and nothing is stored."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.feeds.answers import Answers
from pipeline.core.config import Config, Home
from pipeline.exports.calendar import calendar
from pipeline.published.claim_filter import ClaimFilter, from_query, to_query
from pipeline.published.deadlines import read_ledger
from pipeline.published.filter_words import filter_words

CALENDAR = "/calendar.ics"
"""The route of the calendar of any filter."""


def calendar_path(chosen: ClaimFilter) -> str:
    """Return the route and query of the calendar of a filter."""
    asked = to_query(chosen)
    return f"{CALENDAR}?{asked}" if asked else CALENDAR


def routes(home: Home) -> list[Route]:
    """Return the routes of calendars and feeds, over the published copy of `home`."""
    answers = Answers(home)

    async def deadlines(request: Request) -> Response:
        asked = request.url.query

        def make(config: Config) -> bytes:
            chosen = from_query(asked)
            name = "" if chosen == ClaimFilter() else filter_words(chosen)
            return calendar(read_ledger(home, config, chosen), config.publisher, name)

        return await answers.answer(request, f"{CALENDAR} {asked}", make, "text/calendar; charset=utf-8")

    return [Route(CALENDAR, deadlines, methods=["GET"])]
