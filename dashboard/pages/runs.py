"""Runs: the nights, how they ended and how long they took, what ails; `run` in the address shows what one of them did."""

from __future__ import annotations

from typing import Any, TypeVar

import streamlit as st

from dashboard import frame, nights, pickers, pieces, queries, run_report
from dashboard.clock import date_words
from dashboard.queries import LISTED, PAGE, Copy
from dashboard.rows import runs as rows
from dashboard.rows.claim import Change

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
        frame.unknown("run", run_id)
        st.html('<p><a class="rt-in" href="runs">All runs</a></p>')
        return
    st.set_page_config(page_title=f"Run of {date_words(found[0].started_at)} · Rumortrail")
    _one(copy, found[0])


def _overview(copy: Copy) -> None:
    bars = queries.read(copy, rows.Bar, "runs", "bars", limit=BARS)
    if not bars:
        st.html(pieces.empty("No run yet", "Nothing has been collected or processed.", "rumortrail nightly"))
        return
    st.html(
        '<h1>Runs</h1><p class="rt-lead">Each night reads the sources, finds claims and judges them anew. What went wrong is told here.</p>'
    )
    revisits = queries.read(copy, rows.Revisits, "runs", "revisits", since=bars[-1].started_at)[0]
    st.html(nights.chart(bars, revisits))
    if ailing := queries.read(copy, rows.Ailing, "runs", "ailing", limit=LISTED):
        st.html(run_report.ailing(ailing))
    if silences := queries.read(copy, rows.Silence, "runs", "silences", run_id=None, limit=LISTED):
        st.html(run_report.silences(silences, now=True))
    st.html(pieces.section("All runs"))
    which = pickers.one("which", "Which runs", WHICH, page="p")
    page = pickers.number("p")
    found = _page(copy, which, page) or (_page(copy, which, 1) if page > 1 else [])
    if not found:
        st.html(
            pieces.empty(
                f"No {WHICH[which].lower()} yet",
                "Revisits look again at what is already known, between the nights.",
            )
        )
        return
    st.html(
        nights.listed(found, commands=which == "all" or any(run.command != found[0].command for run in found))
    )
    pickers.turn(found[0].total, page="p")


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
    st.html(run_report.unread(crawls))
    if silences := _read(copy, rows.Silence, "silences", run):
        st.html(run_report.silences(silences, now=False))
    st.html(run_report.moves("Claims that moved", "No claim changed its status.", moves))
    st.html(run_report.moves("New claims", "No claim was new.", new))
    st.html(run_report.edits(changes))
    st.html(run_report.issues(_read(copy, rows.IssueGroup, "issues", run)))
    if stages := queries.read(copy, rows.Stage, "runs", "stages", run_id=run.run_id):
        st.html(run_report.stages(stages))


def _read(copy: Copy, record: type[Row], statement: str, run: rows.Run, **parameters: Any) -> list[Row]:
    return queries.read(copy, record, "runs", statement, run_id=run.run_id, limit=LISTED, **parameters)


def _way(run: rows.Run, beside: rows.Beside) -> str:
    """The way back to the list, and to the runs before and after."""
    kind = "revisit" if run.command == "revisit" else "night"
    links = ['<a class="rt-in" href="runs">All runs</a>']
    links += [nights.link(beside.before, f"← the {kind} before")] if beside.before else []
    links += [nights.link(beside.after, f"the {kind} after →")] if beside.after else []
    return f'<nav class="rt-contents rt-small" aria-label="Other runs">{"".join(links)}</nav>'


def _total(moves: list[rows.RunMove]) -> int:
    return moves[0].total if moves else 0


def _head(
    run: rows.Run, newest: bool, moves: list[rows.RunMove], new: list[rows.RunMove], crawls: list[rows.Crawl]
) -> str:
    failed = sum(crawl.outcome in ("failed", "partial") for crawl in crawls)
    off = sum(crawl.outcome == "off" for crawl in crawls)
    told = (
        f"{pieces.plural(_total(moves), 'claim')} changed status, {_total(new):,} "
        f"{'is' if _total(new) == 1 else 'are'} new."
    )
    sources = ""
    if crawls:
        parts = [f"{failed:,} could not be read, or not whole"] * bool(failed) + [
            f"{off:,} {'is' if off == 1 else 'are'} off"
        ] * bool(off)
        sources = (
            f" Of {pieces.plural(len(crawls), 'source')}, {' and '.join(parts)}."
            if parts
            else f" All {len(crawls):,} sources were read."
        )
    message = f'<p class="rt-soft">{pieces.paragraph(run.message)}</p>' if run.message else ""
    title = "A revisit" if run.command == "revisit" else "Last night" if newest else "An earlier night"
    return (
        f'<div class="rt-row"><h1>{title}, {date_words(run.started_at)}</h1>{pieces.chip(run.outcome)}{pieces.tag(run.command)}</div>'
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
        (nights.took(run), "from beginning to end"),
    ]
    return (
        '<div class="rt-stats">'
        + "".join(
            f'<div><b>{number}</b><span class="rt-soft rt-small">{words}</span></div>'
            for number, words in cells
        )
        + "</div>"
    )
