"""Runs: the nights, how they ended, and what fails; `run` in the address shows what one of them did."""

from __future__ import annotations

from typing import Any, TypeVar

import streamlit as st

from dashboard.components import filters, health, html, layout
from dashboard.components.filters import LISTED, PAGE
from dashboard.components.times import date_words
from dashboard.data import queries
from dashboard.data import runs as rows
from dashboard.data.claim import Change
from dashboard.data.queries import Copy
from dashboard.views.runs import nights, report
from pipeline.core.text import counted

BARS = 60
"""Nights in the chart."""

WHICH = {"nights": "Nights", "revisits": "Revisits", "all": "All"}

Row = TypeVar("Row")
_html = html.Template("views/runs/page.html", address=nights.address)


def show(copy: Copy) -> None:
    """Draw the list of the runs, or what the run that the address names did."""
    run_id = st.query_params.get("run", "")
    if not run_id:
        st.set_page_config(page_title="Runs · Rumortrail")
        _overview(copy)
        return
    runs = queries.read(copy, rows.Run, "runs", "run", run_id=run_id)
    title = f"{_title(runs[0])} of {date_words(runs[0].started_at)}" if runs else "Run"
    st.set_page_config(page_title=f"{title} · Rumortrail")
    if runs:
        _one(copy, runs[0])
    else:
        layout.unknown("run", run_id, "runs", "All runs")


def _overview(copy: Copy) -> None:
    bars = queries.read(copy, rows.Bar, "runs", "bars", limit=BARS)
    if not bars:
        st.html(html.empty("No run yet", "Nothing has been collected or processed.", "rumortrail nightly"))
        return
    st.html(_html.heading())
    revisits = queries.read(copy, rows.Revisits, "runs", "revisits", since=bars[-1].started_at)[0]
    st.html(nights.chart(bars, revisits))
    if ailing := queries.read(copy, rows.Ailing, "runs", "ailing", feed="", limit=LISTED):
        st.html(health.ailing(ailing))
    if outages := queries.read(copy, rows.Silence, "runs", "silences", run_id=None, limit=LISTED):
        st.html(report.outages(outages, now=True))
    st.html(html.section("All runs"))
    which = filters.pick_one("which", "Which runs", WHICH, page="p")
    runs = filters.paged("p", lambda page: _page(copy, which, page))
    if not runs:
        why = "Revisits look again at what is already known, between the nights."
        st.html(html.empty(f"No {WHICH[which].lower()} yet", why))
        return
    commands = which == "all" or any(run.command != runs[0].command for run in runs)
    st.html(nights.listed(runs, commands=commands))
    filters.turn(runs[0].total, page="p")


def _page(copy: Copy, which: str, page: int) -> list[rows.ListedRun]:
    bounds = {"limit": PAGE, "offset": (page - 1) * PAGE}
    return queries.read(copy, rows.ListedRun, "runs", "page", which=which, **bounds)


def _one(copy: Copy, run: rows.Run) -> None:
    neighbours = queries.read(copy, rows.Beside, "runs", "beside", run_id=run.run_id)[0]
    crawls = queries.read(copy, rows.Crawl, "runs", "crawls", run_id=run.run_id)
    moves = _read(copy, rows.RunMove, "moves", run, new=False)
    new_claims = _read(copy, rows.RunMove, "moves", run, new=True)
    changes = _read(copy, Change, "edits", run)
    st.html(_html.neighbours(_title(run).lower(), neighbours.before, neighbours.after))
    st.html(_html.head(run, _title(run), _total(moves), _total(new_claims), _sources(crawls)))
    st.html(_html.numbers(_numbers(run, moves, new_claims, changes)))
    st.html(report.unread(crawls))
    if outages := _read(copy, rows.Silence, "silences", run):
        st.html(report.outages(outages, now=False))
    st.html(report.moves("Claims that moved", "No claim changed its status.", moves))
    st.html(report.moves("New claims", "No claim was new.", new_claims))
    st.html(report.edits(changes))
    st.html(report.issues(_read(copy, rows.IssueGroup, "issues", run)))
    if stages := queries.read(copy, rows.Stage, "runs", "stages", run_id=run.run_id):
        st.html(report.stages(stages))


def _read(copy: Copy, record: type[Row], statement: str, run: rows.Run, **parameters: Any) -> list[Row]:
    return queries.read(copy, record, "runs", statement, run_id=run.run_id, limit=LISTED, **parameters)


def _total(moves: list[rows.RunMove]) -> int:
    return moves[0].total if moves else 0


def _title(run: rows.Run) -> str:
    return "Revisit" if run.command == "revisit" else "Run"


def _sources(crawls: list[rows.Crawl]) -> str:
    """Return in a sentence how many sources could not be read; "" where none was to be read."""
    failed = sum(crawl.outcome in ("failed", "partial") for crawl in crawls)
    switched_off = sum(crawl.outcome == "off" for crawl in crawls)
    parts = [f"{failed:,} could not be read, or only in part"] * bool(failed)
    parts += [f"{switched_off:,} {'is' if switched_off == 1 else 'are'} switched off"] * bool(switched_off)
    if parts:
        return f" Of {counted(len(crawls), 'source')}, {' and '.join(parts)}."
    return f" All {len(crawls):,} sources were read." if crawls else ""


def _numbers(
    run: rows.Run, moves: list[rows.RunMove], new: list[rows.RunMove], changes: list[Change]
) -> list[tuple[str, str]]:
    return [
        (f"{run.documents:,}", "new documents"),
        (f"{run.mentions:,}", "new mentions"),
        (f"{_total(new):,}", "new claims"),
        (f"{_total(moves):,}", "claims moved"),
        (f"{len(changes):,}{'+' if len(changes) == LISTED else ''}", "edits and deletions"),
        (f"{run.issues:,}", "issues"),
        (nights.took(run), "from beginning to end"),
    ]
