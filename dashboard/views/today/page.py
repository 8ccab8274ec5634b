"""Today: what moved since this browser looked last, by importance, and what could not be read; `show` opens one section."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

import streamlit as st

from dashboard.components import filters, html
from dashboard.components.charts.sparkline import sparklines
from dashboard.data import queries
from dashboard.data import today as rows
from dashboard.data.queries import PAGE, Copy
from dashboard.data.runs import Run
from dashboard.views.today import claims, last_visit, sources
from dashboard.views.today.last_visit import Since
from pipeline.core.errors import DataError

SHOWN = 6
"""Rows of a section before "and N more"."""

TITLES = {
    "moves": "Status changes",
    "new": "New claims",
    "due": "Deadlines this week",
    "texts": "Deletions and edits",
    "failing": "Sources that failed",
    "decisions": "Editors’ decisions",
}
LEADS = {
    "new": "Those that spread fastest first. How often a claim is repeated says nothing of whether it is true.",
    "due": "The times that claims name: those that end within seven days, and those that ended since.",
    "texts": "Of documents behind a claim. What was hedged or left out without a note comes first.",
    "failing": "What they said meanwhile may be missing on this page. Silence here is news about us, not about the world.",
}
QUIET = {
    "moves": "no claim changed its status",
    "new": "no claim is new",
    "due": "no deadline this week",
    "texts": "no text behind a claim was edited or deleted",
    "decisions": "no editor decided anything",
}


class _Counted(Protocol):
    @property
    def total(self) -> int: ...


Row = TypeVar("Row", bound=_Counted)


@dataclass(slots=True)
class _News:
    """What was found for each section: its rows as HTML, and how many there are in all."""

    items: dict[str, list[str]] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)


def show(copy: Copy) -> None:
    """Draw the page for what the address chooses."""
    st.set_page_config(page_title="Today · Rumortrail")
    published_at = queries.published_at(copy)
    if published_at is None:
        raise DataError(f"{copy.path} does not say when it was published: run `rumortrail publish`")
    nights = queries.read(copy, Run, "runs", "runs", limit=2)
    only = st.query_params.get("show", "")
    only = only if only in TITLES else ""
    head = st.container()
    since = last_visit.chosen(copy, published_at, nights)
    tally = queries.read(copy, rows.Tally, "today", "tally", since=since.at)[0]
    news = _found(copy, since, published_at, only)
    head.html(_head(since, tally, news, only))
    if only:
        _alone(news, only, tally)
    else:
        _all(news, tally)
    last_visit.note(published_at, queries.meta(copy).get("run_id", ""))


def _found(copy: Copy, since: Since, now: datetime, only: str) -> _News:
    """Ask for each section that is shown; a section that is not opened is asked for no more than its first rows."""
    news = _News()

    def ask(section: str, record: type[Row], statement: str, **more: Any) -> list[Row]:
        opened = section == only
        limit = PAGE if opened else 1 if only else SHOWN
        page = filters.number("p") if opened else 1
        asked = {"since": since.at, "limit": limit} | more
        found = queries.read(copy, record, "today", statement, offset=(page - 1) * limit, **asked)
        if not found and page > 1:
            found = queries.read(copy, record, "today", statement, offset=0, **asked)
        news.totals[section] = found[0].total if found else 0
        return found if opened or not only else []

    moves = ask("moves", rows.Moved, "moves")
    fresh = ask("new", rows.Fresh, "fresh")
    due = ask("due", rows.Due, "due", now=now)
    texts = ask("texts", rows.ChangedText, "texts")
    failing = ask("failing", rows.Failing, "failing")
    decisions = ask("decisions", rows.Decided, "decisions", since=since.decided_at)

    wanted = {key for claim in moves for key in claim.evidence_ids}
    wanted |= {text.evidence_id for text in texts if text.gone}
    cited = {item.evidence_id: item for item in _cited(copy, "cited", evidence=sorted(wanted))}
    first = {
        item.claim_id: item for item in _cited(copy, "first", claims=[claim.claim_id for claim in fresh])
    }
    named = (
        [claim.claim_id for claim in moves]
        + [claim.claim_id for claim in fresh]
        + [claim.claim_id for claim in due]
    )
    spark = sparklines(copy, named, now)
    news.items = {
        "moves": [claims.moved(claim, cited, spark[claim.claim_id], since.at) for claim in moves],
        "new": [
            claims.fresh(claim, first.get(claim.claim_id), spark[claim.claim_id]) for claim in fresh
        ],
        "due": [claims.due(claim, spark[claim.claim_id]) for claim in due],
        "texts": [sources.changed(text, cited) for text in texts],
        "failing": [sources.failing(source) for source in failing],
        "decisions": [sources.decided(item) for item in decisions],
    }
    return news


def _cited(copy: Copy, statement: str, **ids: list[str]) -> list[rows.Cited]:
    return queries.read(copy, rows.Cited, "today", statement, **ids) if any(ids.values()) else []


def _head(since: Since, tally: rows.Tally, news: _News, only: str) -> str:
    moved, new = news.totals["moves"], news.totals["new"]
    told = f"{html.plural(moved, 'claim')} moved" if moved else "no claim moved" if new else "nothing moved"
    if new:
        told += f" and {new:,} {'is' if new == 1 else 'are'} new"
    nights = (
        (html.plural(tally.nights, "night") if tally.nights else "no new night") + ", "
        if since.nights
        else ""
    )
    here = " From your next visit on, this page begins where this browser looked last." if since.first else ""
    lead = f"{since.words}: {nights}{told}.{here}"
    return f'<h1>Today</h1><p class="rt-lead">{lead}</p>{_warning(news, tally, only)}'


def _warning(news: _News, tally: rows.Tally, only: str) -> str:
    """What failed is told at the top, however quiet or full the page is."""
    failing = news.totals["failing"]
    parts = [f"{html.plural(failing, 'source')} failed since, or cannot be read whole now"] * bool(failing)
    parts += [f"{html.plural(tally.broken, 'run')} did not end well"] * bool(tally.broken)
    if not parts:
        return ""
    where = f'class="rt-in" href="{_address("failing")}"' if only else 'href="#failing"'
    return f'<p class="rt-warning" role="note">{"; ".join(parts)}: <a {where}>which, and since when</a>.</p>'


def _address(section: str) -> str:
    """The address of one section with what else is chosen; of the whole page without a section."""
    kept = {key: st.query_params[key] for key in ("since", "from") if key in st.query_params}
    if section:
        kept["show"] = section
    return "?" + "&amp;".join(f"{key}={quote(value)}" for key, value in kept.items())


def _all(news: _News, tally: rows.Tally) -> None:
    quiet = not any(total for section, total in news.totals.items() if section != "failing")
    if quiet:
        words = (
            "No claim changed its status, none is new, no deadline is near, and no text behind a claim was edited or deleted. "
            'Look further back above, or read on in <a class="rt-in" href="claims">all claims</a>.'
        )
        st.html(html.empty("Nothing moved", words))
    else:
        st.html(_contents(news))
    for section in TITLES:
        broken = sources.broken(tally) if section == "failing" else ""
        if news.items[section] or broken:
            st.html(_section(section, news, broken))
    still = [words for section, words in QUIET.items() if not news.totals[section]]
    if still and not quiet:
        st.html(f'<p class="rt-soft rt-small rt-quiet">Else: {", ".join(still)}.</p>')
    if not news.totals["failing"] and tally.read:
        off = f"; {tally.off:,} {'is' if tally.off == 1 else 'are'} off" if tally.off else ""
        whole = (
            f"All {html.plural(tally.read, 'source')} were read whole in their last crawl{off}."
            if tally.read > 1
            else f"The one source was read whole{off}."
        )
        st.html(f'<p class="rt-soft rt-small rt-quiet">{whole}</p>')


def _contents(news: _News) -> str:
    links = "".join(
        f'<a href="#{section}">{title} <b>{news.totals[section]:,}</b></a>'
        for section, title in TITLES.items()
        if news.totals[section]
    )
    return f'<nav class="rt-contents" aria-label="On this page">{links}</nav>'


def _section(section: str, news: _News, before: str = "") -> str:
    rest = news.totals[section] - len(news.items[section])
    more = (
        f'<p class="rt-more"><a class="rt-in" href="{_address(section)}">and {rest:,} more</a></p>'
        if rest > 0
        else ""
    )
    return f'<div id="{section}">{html.section(TITLES[section], LEADS.get(section, ""))}{_list(section, before + "".join(news.items[section]))}{more}</div>'


def _list(section: str, items: str) -> str:
    kind = "rt-newses" if section in ("moves", "new", "due") else "rt-trail"
    return f'<ul class="rt-plain {kind}">{items}</ul>'


def _alone(news: _News, only: str, tally: rows.Tally) -> None:
    """One section, page by page."""
    back = f'<p class="rt-small"><a class="rt-in" href="{_address("")}">All of today</a></p>'
    total = news.totals[only]
    items = (sources.broken(tally) if only == "failing" else "") + "".join(news.items[only])
    if not items:
        st.html(back + html.empty(TITLES[only], "There is nothing here."))
        return
    st.html(
        back
        + html.section(f"{TITLES[only]} ({total:,})", LEADS.get(only, ""))
        + _list(only, items)
    )
    filters.turn(total, page="p")
