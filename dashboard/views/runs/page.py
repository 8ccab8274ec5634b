"""Runs: the nights, how they ended and how long they took, what ails; `run` in the address shows what one of them did.

Nights at a glance: how long each took and how it ended, as bars and as a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import quote

import streamlit as st

from dashboard.components import filters, html, layout
from dashboard.components.times import date_words, day_words
from dashboard.data import queries
from dashboard.data import runs as rows
from dashboard.data.claim import Change
from dashboard.data.queries import LISTED, PAGE, Copy
from dashboard.data.runs import Bar, ListedRun, Revisits, Run
from dashboard.views.runs import report

BARS = 60
"""Nights in the chart."""

WHICH = {"nights": "Nights", "revisits": "Revisits", "all": "All"}

Row = TypeVar("Row")


def show(copy: Copy) -> None:
    """Draw the list of the runs, or what the run that the address names did."""
    run_id = st.query_params.get("run", "")
    if not run_id:
        st.set_page_config(page_title="Runs · Rumortrail")
        _overview(copy)
        return
    found = queries.read(copy, rows.Run, "runs", "run", run_id=run_id)
    if not found:
        st.set_page_config(page_title="Run · Rumortrail")
        layout.unknown("run", run_id)
        st.html('<p><a class="rt-in" href="runs">All runs</a></p>')
        return
    st.set_page_config(page_title=f"Run of {date_words(found[0].started_at)} · Rumortrail")
    _one(copy, found[0])


def _overview(copy: Copy) -> None:
    bars = queries.read(copy, rows.Bar, "runs", "bars", limit=BARS)
    if not bars:
        st.html(html.empty("No run yet", "Nothing has been collected or processed.", "rumortrail nightly"))
        return
    st.html(
        '<h1>Runs</h1><p class="rt-lead">Each night reads the sources, finds claims and judges them anew. What went wrong is told here.</p>'
    )
    revisits = queries.read(copy, rows.Revisits, "runs", "revisits", since=bars[-1].started_at)[0]
    st.html(chart(bars, revisits))
    if ailing := queries.read(copy, rows.Ailing, "runs", "ailing", limit=LISTED):
        st.html(report.ailing(ailing))
    if silences := queries.read(copy, rows.Silence, "runs", "silences", run_id=None, limit=LISTED):
        st.html(report.silences(silences, now=True))
    st.html(html.section("All runs"))
    which = filters.one("which", "Which runs", WHICH, page="p")
    page = filters.number("p")
    found = _page(copy, which, page) or (_page(copy, which, 1) if page > 1 else [])
    if not found:
        st.html(
            html.empty(
                f"No {WHICH[which].lower()} yet",
                "Revisits look again at what is already known, between the nights.",
            )
        )
        return
    st.html(
        listed(found, commands=which == "all" or any(run.command != found[0].command for run in found))
    )
    filters.turn(found[0].total, page="p")


def _page(copy: Copy, which: str, page: int) -> list[rows.ListedRun]:
    return queries.read(
        copy, rows.ListedRun, "runs", "page", which=which, limit=PAGE, offset=(page - 1) * PAGE
    )


def _one(copy: Copy, run: rows.Run) -> None:
    newest = queries.read(copy, rows.Bar, "runs", "bars", limit=1)
    beside = queries.read(copy, rows.Beside, "runs", "beside", run_id=run.run_id)[0]
    crawls = queries.read(copy, rows.Crawl, "runs", "crawls", run_id=run.run_id)
    moves = _read(copy, rows.RunMove, "moves", run, new=False)
    new = _read(copy, rows.RunMove, "moves", run, new=True)
    changes = _read(copy, Change, "edits", run)
    st.html(_way(run, beside))
    st.html(_head(run, bool(newest) and newest[0].run_id == run.run_id, moves, new, crawls))
    st.html(_stats(run, moves, new, changes))
    st.html(report.unread(crawls))
    if silences := _read(copy, rows.Silence, "silences", run):
        st.html(report.silences(silences, now=False))
    st.html(report.moves("Claims that moved", "No claim changed its status.", moves))
    st.html(report.moves("New claims", "No claim was new.", new))
    st.html(report.edits(changes))
    st.html(report.issues(_read(copy, rows.IssueGroup, "issues", run)))
    if stages := queries.read(copy, rows.Stage, "runs", "stages", run_id=run.run_id):
        st.html(report.stages(stages))


def _read(copy: Copy, record: type[Row], statement: str, run: rows.Run, **parameters: Any) -> list[Row]:
    return queries.read(copy, record, "runs", statement, run_id=run.run_id, limit=LISTED, **parameters)


def _way(run: rows.Run, beside: rows.Beside) -> str:
    """The way back to the list, and to the runs before and after."""
    kind = "revisit" if run.command == "revisit" else "night"
    links = ['<a class="rt-in" href="runs">All runs</a>']
    links += [link(beside.before, f"← the {kind} before")] if beside.before else []
    links += [link(beside.after, f"the {kind} after →")] if beside.after else []
    return f'<nav class="rt-contents rt-small" aria-label="Other runs">{"".join(links)}</nav>'


def _total(moves: list[rows.RunMove]) -> int:
    return moves[0].total if moves else 0


def _head(
    run: rows.Run, newest: bool, moves: list[rows.RunMove], new: list[rows.RunMove], crawls: list[rows.Crawl]
) -> str:
    failed = sum(crawl.outcome in ("failed", "partial") for crawl in crawls)
    off = sum(crawl.outcome == "off" for crawl in crawls)
    told = (
        f"{html.plural(_total(moves), 'claim')} changed status, {_total(new):,} "
        f"{'is' if _total(new) == 1 else 'are'} new."
    )
    sources = ""
    if crawls:
        parts = [f"{failed:,} could not be read, or not whole"] * bool(failed) + [
            f"{off:,} {'is' if off == 1 else 'are'} off"
        ] * bool(off)
        sources = (
            f" Of {html.plural(len(crawls), 'source')}, {' and '.join(parts)}."
            if parts
            else f" All {len(crawls):,} sources were read."
        )
    message = f'<p class="rt-soft">{html.paragraph(run.message)}</p>' if run.message else ""
    title = "A revisit" if run.command == "revisit" else "Last night" if newest else "An earlier night"
    return (
        f'<div class="rt-row"><h1>{title}, {date_words(run.started_at)}</h1>{html.chip(run.outcome)}{html.tag(run.command)}</div>'
        f'<p class="rt-lead">{told}{sources}</p>{message}'
    )


def _stats(run: rows.Run, moves: list[rows.RunMove], new: list[rows.RunMove], changes: list[Change]) -> str:
    cells = [
        (f"{run.documents:,}", "new documents"),
        (f"{run.mentions:,}", "new mentions"),
        (f"{_total(new):,}", "new claims"),
        (f"{_total(moves):,}", "claims moved"),
        (f"{len(changes):,}{'+' if len(changes) == LISTED else ''}", "edits and deletions"),
        (f"{run.issues:,}", "issues"),
        (took(run), "from beginning to end"),
    ]
    return (
        '<div class="rt-stats">'
        + "".join(
            f'<div><b>{number}</b><span class="rt-soft rt-small">{words}</span></div>'
            for number, words in cells
        )
        + "</div>"
    )


Timed = Bar | ListedRun | Run


def seconds(run: Timed) -> float | None:
    """How long a run took; None while it runs, and where it was cut off."""
    return (run.finished_at - run.started_at).total_seconds() if run.finished_at else None


def took(run: Timed) -> str:
    """How long a run took, in words."""
    found = seconds(run)
    if found is None:
        return "still running" if run.outcome == "running" else "no end known"
    if found < 120:
        return f"{found:.0f} s"
    return f"{found / 60:.0f} min" if found < 7_200 else f"{found / 3_600:.1f} h"


def finding(bars: Sequence[Bar]) -> str:
    """The chart's title: how many of the nights ended well, and how long the last took."""
    if len(bars) == 1:
        return f"The one night so far ended {_ended(bars[0])} and took {took(bars[0])}"
    well = sum(bar.outcome == "ok" for bar in bars)
    count = f"All {len(bars):,}" if well == len(bars) else f"{well:,} of {len(bars):,}"
    last = f"took {took(bars[0])}" if bars[0].finished_at else f"is {took(bars[0])}"
    return f"{count} nights ended well; the last {last}"


def chart(bars: Sequence[Bar], revisits: Revisits) -> str:
    """A bar for each night, oldest first, as high as it took long; the list below has the same as links."""
    longest = max((seconds(bar) or 0 for bar in bars), default=0)
    drawn = "".join(_bar(bar, longest) for bar in reversed(bars))
    slowest = max(bars, key=lambda bar: seconds(bar) or 0)
    faulty = {
        bar.outcome: sum(other.outcome == bar.outcome for other in bars)
        for bar in bars
        if bar.outcome != "ok"
    }
    key = "".join(
        f"{html.chip(outcome)}<span>{count:,}</span>" for outcome, count in sorted(faulty.items())
    )
    words = (
        f"{finding(bars)}; the longest, of {day_words(slowest.started_at)}, took {took(slowest)}"
        + "".join(f"; {count:,} {html.spaced(outcome)}" for outcome, count in sorted(faulty.items()))
    )
    between = ""
    if revisits.revisits:
        well = f"{revisits.faulty:,} of them not well" if revisits.faulty else "all well"
        between = f"Between them {html.plural(revisits.revisits, 'revisit')} ended, {well}."
    return (
        f'<figure class="rt-nights"><figcaption><h2>{finding(bars)}</h2></figcaption>'
        f'<div class="rt-night-scale rt-small rt-soft">longest: {took(slowest)}</div>'
        f'<div class="rt-night-bars" role="img" aria-label="{words}">{drawn}</div>'
        f'<div class="rt-night-ends rt-small rt-soft"><span>{day_words(bars[-1].started_at)}</span><span>{day_words(bars[0].started_at)}</span></div>'
        f'<div class="rt-row rt-tight rt-small rt-soft">{key}<span>{between}</span></div></figure>'
    )


def _bar(bar: Bar, longest: float) -> str:
    height = round(100 * (seconds(bar) or 0) / longest) if longest else 0
    title = f"{date_words(bar.started_at)}: {html.spaced(bar.outcome)}, {took(bar)}"
    sign = "" if bar.outcome == "ok" else "<i></i>"
    return f'<span class="{html.state(bar.outcome)}" title="{title}">{sign}<b style="height: {max(2, height)}%"></b></span>'


def _ended(bar: Bar) -> str:
    return "well" if bar.outcome == "ok" else f"as {html.spaced(bar.outcome)}"


def listed(runs: Sequence[ListedRun], *, commands: bool) -> str:
    """Runs as a table, each a link to what it did; with `commands` also which command ran."""
    head = [
        ("Began", False),
        *([("Command", False)] if commands else []),
        ("Outcome", False),
        ("Took", True),
        ("Documents", True),
        ("Mentions", True),
        ("New claims", True),
        ("Moved", True),
        ("Issues", True),
        ("Not read", True),
    ]
    body = (
        (
            link(run.run_id, date_words(run.started_at)),
            *([html.tag(run.command)] if commands else []),
            html.chip(run.outcome),
            took(run),
            f"{run.documents:,}",
            f"{run.mentions:,}",
            f"{run.claims:,}",
            f"{run.moved:,}",
            f"{run.issues:,}",
            f"{run.unread:,} of {run.sources:,}" if run.unread else "0",
        )
        for run in runs
    )
    return f'<div class="rt-runs">{html.table(head, body)}</div>'


def link(run_id: str, words: str) -> str:
    """A link to a run's page that reads as `words`, which are ours."""
    return f'<a class="rt-in" href="runs?run={quote(run_id, safe="")}">{words}</a>'
