"""Today: what changed since this browser looked last, by importance, and what could not be read.

`show` in the address opens one section.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

import streamlit as st
from markupsafe import Markup

from dashboard.components import filters
from dashboard.components.charts.sparkline import sparklines
from dashboard.components.filters import PAGE
from dashboard.components.html import Template
from dashboard.components.since import Since, moved_and_new
from dashboard.data import queries
from dashboard.data import today as rows
from dashboard.data.queries import Copy
from dashboard.data.runs import Run
from dashboard.views.today import claims, last_visit, sources, stories
from pipeline.core.errors import DataError
from pipeline.core.text import counted
from pipeline.published.stories import Chosen
from pipeline.published.story_rows import StoryLine

_html = Template("views/today/page.html")
SHOWN = 6
"""Rows of a section before "and N more"."""

TITLES = {
    "stories": "Stories that moved",
    "moves": "Status changes",
    "new": "New claims",
    "due": "Deadlines this week",
    "texts": "Deletions and edits",
    "failing": "Sources that failed or went stale",
    "decisions": "Editors’ decisions",
}
BY_CLAIM = ("moves", "new")
"""The sections of claims that leave those of stories to the stories, unless they are opened."""
LEADS = {
    "stories": "What moved last in each story, and why. Stories in which most claims moved come first.",
    "new": "Those that spread fastest come first; how often a claim is repeated does not make it true.",
    "due": "Deadlines that claims name: those within the next seven days, and those that passed since.",
    "texts": "Documents behind a claim. Those softened or cut without a note come first.",
    "failing": "What they published meanwhile may be missing here. A stale source can be read, but has"
    " brought nothing new for far longer than usual.",
}
QUIET = {
    "moves": "no claim changed its status",
    "new": "there are no new claims",
    "due": "no deadline falls in this week",
    "texts": "no document behind a claim was edited or deleted",
    "decisions": "editors made no decisions",
}


class _Counted(Protocol):
    @property
    def total(self) -> int: ...


Row = TypeVar("Row", bound=_Counted)


@dataclass(slots=True)
class _News:
    """The news of each section: its rows as HTML, and how many there are in all.

    `claims` counts what moved and what is new claim by claim, those of stories too.
    """

    items: dict[str, list[Markup]] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    claims: dict[str, int] = field(default_factory=dict)


def show(copy: Copy) -> None:
    """Draw the page for what the address chooses."""
    st.set_page_config(page_title="Today · Rumortrail")
    published_at = queries.published_at(copy)
    if published_at is None:
        raise DataError(f"{copy.path} does not say when it was published: run `rumortrail publish`")
    runs = queries.read(copy, Run, "runs", "runs", limit=2)
    only = st.query_params.get("show", "")
    only = only if only in TITLES else ""
    head = st.container()
    since = last_visit.chosen(copy, published_at, runs)
    tally = queries.read(copy, rows.Tally, "today", "tally", since=since.at)[0]
    news = _news(copy, since, published_at, only)
    warned = _address("failing") if only else "#failing"
    head.html(_html.head(_facts(since, tally, news), since.first, tally, news.totals["failing"], warned))
    if only:
        _alone(news, only, tally)
    else:
        _all(news, tally)
    last_visit.note(published_at, queries.meta(copy).get("run_id", ""))


def _news(copy: Copy, since: Since, now: datetime, only: str) -> _News:
    """Read each section that is shown, and only the first rows of one that is not opened."""
    news = _News()

    def ask(section: str, record: type[Row], statement: str, **more: Any) -> list[Row]:
        is_open = section == only
        limit = PAGE if is_open else 1 if only else SHOWN
        arguments = {"since": since.at, "limit": limit} | more

        def read(page: int) -> list[Row]:
            return queries.read(copy, record, "today", statement, offset=(page - 1) * limit, **arguments)

        listed = filters.paged("p", read) if is_open else read(1)
        news.totals[section] = listed[0].total if listed else 0
        return listed if is_open or not only else []

    moves = ask("moves", rows.Moved, "moves", alone=not only)
    fresh = ask("new", rows.Fresh, "fresh", alone=not only)
    counts = moved_and_new(copy, since) if not only else (news.totals[key] for key in BY_CLAIM)
    news.claims = dict(zip(BY_CLAIM, counts, strict=True))
    moved_stories = _stories(copy, since, news, only)
    due = ask("due", rows.Due, "due", now=now)
    texts = ask("texts", rows.ChangedText, "texts")
    failing = ask("failing", rows.Failing, "failing")
    decisions = ask("decisions", rows.Decided, "decisions", since=since.decided_at)

    evidence_ids = {key for claim in moves for key in claim.evidence_ids}
    evidence_ids |= {text.evidence_id for text in texts if text.gone}
    cited = {item.evidence_id: item for item in _cited(copy, "cited", evidence=sorted(evidence_ids))}
    earliest = _cited(copy, "first", claims=[claim.claim_id for claim in fresh])
    first = {item.claim_id: item for item in earliest}
    claim_ids = [claim.claim_id for claim in moves] + [claim.claim_id for claim in fresh]
    sparks = sparklines(copy, claim_ids + [claim.claim_id for claim in due], now)
    news.items = {
        "stories": stories.moved(moved_stories, now),
        "moves": [claims.moved(claim, cited, sparks[claim.claim_id], since.at) for claim in moves],
        "new": [claims.fresh(claim, first.get(claim.claim_id), sparks[claim.claim_id]) for claim in fresh],
        "due": [claims.due(claim, sparks[claim.claim_id]) for claim in due],
        "texts": [sources.changed(text, cited) for text in texts],
        "failing": [sources.failing(source) for source in failing],
        "decisions": [sources.decided(item) for item in decisions],
    }
    return news


def _stories(copy: Copy, since: Since, news: _News, only: str) -> list[StoryLine]:
    """Read the stories that moved, as far as they are shown."""
    is_open = only == "stories"
    limit = PAGE if is_open else 1 if only else SHOWN
    chosen = Chosen(moved_since=since.at, order="most_moved")

    def read(page: int) -> list[StoryLine]:
        return queries.stories(copy, chosen, limit=limit, offset=(page - 1) * limit)

    listed = filters.paged("p", read) if is_open else read(1)
    news.totals["stories"] = listed[0].total if listed else 0
    return listed if is_open or not only else []


def _cited(copy: Copy, statement: str, **ids: list[str]) -> list[rows.Cited]:
    return queries.read(copy, rows.Cited, "today", statement, **ids) if any(ids.values()) else []


def _facts(since: Since, tally: rows.Tally, news: _News) -> str:
    """Return in a sentence what happened since."""
    moved, new = news.claims["moves"], news.claims["new"]
    words = f"{counted(moved, 'claim')} moved" if moved else "no claim moved" if new else "nothing moved"
    if new:
        words += f" and {new:,} {'is' if new == 1 else 'are'} new"
    runs = counted(tally.runs, "run") if tally.runs else "no new run"
    return f"{since.words}: {runs + ', ' if since.runs else ''}{words}."


def _address(section: str) -> str:
    """Return the address of one section with what else is chosen; of the whole page for ""."""
    parameters = {key: st.query_params[key] for key in ("since", "from") if key in st.query_params}
    if section:
        parameters["show"] = section
    return "?" + "&".join(f"{key}={quote(value)}" for key, value in parameters.items())


def _all(news: _News, tally: rows.Tally) -> None:
    quiet = not any(total for section, total in news.totals.items() if section != "failing")
    titles = _titles(news)
    st.html(_html.nothing() if quiet else _html.contents(titles, news.totals))
    for section in titles:
        broken = sources.broken(tally) if section == "failing" else ""
        if items := [*filter(None, [broken]), *news.items[section]]:
            more = news.totals[section] - len(news.items[section])
            lead = LEADS.get(section, "")
            st.html(_html.section_of(section, titles[section], lead, items, more, _address(section)))
        if section == "stories" and news.totals[section]:
            st.html(_html.by_claim(news.claims, {key: _address(key) for key in BY_CLAIM}))
    totals = news.totals | news.claims
    quiet_words = [] if quiet else [words for section, words in QUIET.items() if not totals[section]]
    if still_html := _html.still(quiet_words, tally, news.totals["failing"]):
        st.html(still_html)


def _titles(news: _News) -> dict[str, str]:
    """Return the titles of the sections; beside stories, those by claim hold only claims outside stories."""
    outside = BY_CLAIM if news.totals["stories"] else ()
    return {
        section: f"{title} outside stories" if section in outside else title
        for section, title in TITLES.items()
    }


def _alone(news: _News, only: str, tally: rows.Tally) -> None:
    """Draw one section, page by page."""
    total = news.totals[only]
    broken = sources.broken(tally) if only == "failing" else ""
    items = [*filter(None, [broken]), *news.items[only]]
    title = f"{TITLES[only]} ({total:,})" if items else TITLES[only]
    st.html(_html.alone(only, title, LEADS.get(only, ""), items, _address("")))
    if items:
        filters.turn(total, page="p")
