"""Last night: what failed in a run, what it changed, and what it did; older runs can be chosen."""

from __future__ import annotations

from typing import Any, TypeVar

import streamlit as st

from dashboard import cards, pieces, queries
from dashboard.clock import date_words
from dashboard.queries import LISTED, Copy
from dashboard.rows import runs as rows
from dashboard.rows.claim import Change
from pipeline.harmless import link, plain

RUNS = 60

Row = TypeVar("Row")


def show(copy: Copy) -> None:
    """Draw the page of the run that the address names by `run`, else of the newest."""
    st.set_page_config(page_title="Runs · Rumortrail")
    runs = {run.run_id: run for run in queries.read(copy, rows.Run, "runs", "runs", limit=RUNS)}
    if not runs:
        st.html(pieces.empty("No run yet", "Nothing has been collected or processed.", "rumortrail nightly"))
        return
    head = st.container()
    names = _names(list(runs.values()))
    run = runs[st.selectbox("Run", list(runs), format_func=names.__getitem__, key="run", bind="query-params")]
    crawls = queries.read(copy, rows.Crawl, "runs", "crawls", run_id=run.run_id)
    moves = _read(copy, rows.RunMove, "moves", run, new=False)
    new = _read(copy, rows.RunMove, "moves", run, new=True)
    changes = _read(copy, Change, "edits", run)
    head.html(_head(run, run is next(iter(runs.values())), moves, new, crawls))
    st.html(_stats(run, moves, new, changes, crawls))
    st.html(_failed(crawls))
    if ailing := queries.read(copy, rows.Ailing, "runs", "ailing", limit=LISTED):
        st.html(_ailing(ailing))
    st.html(_moves("Claims that moved", "No claim changed its status.", moves))
    st.html(_moves("New claims", "No claim was new.", new))
    st.html(_changes(changes))
    st.html(_issues(_read(copy, rows.IssueGroup, "issues", run)))
    if stages := queries.read(copy, rows.Stage, "runs", "stages", run_id=run.run_id):
        st.html(_stages(stages))


def _read(copy: Copy, record: type[Row], statement: str, run: rows.Run, **parameters: Any) -> list[Row]:
    return queries.read(copy, record, "runs", statement, run_id=run.run_id, limit=LISTED, **parameters)


def _names(runs: list[rows.Run]) -> dict[str, str]:
    """What each run is called in the list and, as that is the value there, in the address."""
    names = {run.run_id: f"{date_words(run.started_at)}, {plain(run.command, 40)}" for run in runs}
    return {
        run_id: name if list(names.values()).count(name) == 1 else f"{name} ({plain(run_id, 40)})"
        for run_id, name in names.items()
    }


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
    title = "Last night" if newest else "An earlier night"
    return (
        f'<div class="rt-row"><h1>{title}</h1>{pieces.chip(run.outcome)}</div>'
        f'<p class="rt-lead">{told}{sources}</p>{message}'
    )


def _stats(
    run: rows.Run,
    moves: list[rows.RunMove],
    new: list[rows.RunMove],
    changes: list[Change],
    crawls: list[rows.Crawl],
) -> str:
    seconds = (run.finished_at - run.started_at).total_seconds() if run.finished_at else None
    took = (
        "still running"
        if seconds is None
        else f"{seconds / 60:.0f} min"
        if seconds >= 120
        else f"{seconds:.0f} s"
    )
    cells = [
        (f"{run.documents:,}", "new documents"),
        (f"{run.mentions:,}", "new mentions"),
        (f"{_total(new):,}", "new claims"),
        (f"{_total(moves):,}", "claims moved"),
        (f"{len(changes):,}{'+' if len(changes) == LISTED else ''}", "edits and deletions"),
        (f"{run.issues:,}", "issues"),
        (took, f"from {run.started_at:%H:%M} UTC"),
    ]
    return (
        '<div class="rt-stats">'
        + "".join(
            f'<div><b>{number}</b><span class="rt-soft rt-small">{words}</span></div>'
            for number, words in cells
        )
        + "</div>"
    )


def _failed(crawls: list[rows.Crawl]) -> str:
    told = [crawl for crawl in crawls if crawl.outcome != "ok"]
    well = len(crawls) - len(told)
    if not crawls:
        return pieces.section("Sources", "This run collected nothing: it worked on what was there.")
    if not told:
        return pieces.section("Sources", f"All {len(crawls):,} were read whole.")
    items = "".join(
        f'<li><div class="rt-row rt-tight">{pieces.chip(crawl.outcome)}<b>'
        f"{pieces.source_link(crawl.feed, crawl.source)}</b>"
        '<span class="rt-soft rt-small">'
        f"{pieces.plural(crawl.documents, 'document')} in "
        f"{pieces.plural(crawl.requests, 'request')}</span></div>"
        f"{pieces.paragraph(crawl.message, 500) if crawl.message else ''}</li>"
        for crawl in told
    )
    lead = f"What they said last night is missing here. {well:,} of {len(crawls):,} were read whole."
    return (
        pieces.section("Sources that were not read, or not whole", lead)
        + f'<ul class="rt-plain rt-trail">{items}</ul>'
    )


def _ailing(sources: list[rows.Ailing]) -> str:
    items = "".join(
        f'<li><div class="rt-row rt-tight">{pieces.tag("ailing", alert=True)}<b>'
        f"{pieces.source_link(source.feed, source.source)}</b>"
        '<span class="rt-soft rt-small">'
        f"{pieces.plural(source.nights_failed, 'night')} in a row, "
        f"{'last read ' + date_words(source.last_ok_at, 'day') if source.last_ok_at else 'never read'}</span></div>"
        f"{pieces.paragraph(source.why, 500) if source.why else ''}</li>"
        for source in sources
    )
    lead = "As of the newest crawl, nothing of them could be read for three nights or more."
    return pieces.section("Ailing sources", lead) + f'<ul class="rt-plain rt-trail">{items}</ul>'


def _moves(title: str, none: str, moves: list[rows.RunMove]) -> str:
    if not moves:
        return pieces.section(title, none)
    cut = f"The {LISTED:,} with most voices, of {moves[0].total:,}." if moves[0].total > len(moves) else ""
    return pieces.section(title, cut) + f'<ul class="rt-plain rt-moves">{"".join(map(_move, moves))}</ul>'


def _move(move: rows.RunMove) -> str:
    before = (
        f'{pieces.chip(move.status_before)}<span class="rt-arrow" aria-label="then">→</span>'
        if move.status_before
        else ""
    )
    return (
        '<li><div class="rt-row rt-tight">'
        f"{before}{pieces.chip(move.status)}{pieces.tag(pieces.spaced(move.kind))}"
        f'<span class="rt-soft rt-small">{pieces.voices(move.voices)}</span></div>'
        '<p class="rt-claim-text">'
        f"{pieces.claim_link(move.claim_id, move.claim)}</p><p>"
        f"{pieces.paragraph(move.reason)}</p></li>"
    )


def _changes(changes: list[Change]) -> str:
    if not changes:
        return pieces.section("Edited and deleted", "No document that we keep was found edited or deleted.")
    return (
        pieces.section("Edited and deleted")
        + f'<ul class="rt-plain rt-trail">{"".join(map(cards.change, changes))}</ul>'
    )


def _issues(issues: list[rows.IssueGroup]) -> str:
    if not issues:
        return pieces.section("Issues", "Nothing went wrong.")
    head = [("What", False), ("Stage", False), ("Times", True), ("Example", False)]
    body = (
        (
            f"{pieces.chip(item.severity)} {pieces.text(pieces.spaced(item.code), 60)}",
            pieces.text(item.stage, 40),
            f"{item.times:,}",
            f"{pieces.text(item.message, 240)}<br>{_place(item.place)}",
        )
        for item in issues
    )
    return pieces.section("Issues", "Each kind once, with one example.") + pieces.table(head, body)


def _place(place: str | None) -> str:
    if not place:
        return ""
    return (
        '<span class="rt-small">'
        f"{link(place) if place.startswith(('http://', 'https://')) else pieces.text(place, 120)}</span>"
    )


def _stages(stages: list[rows.Stage]) -> str:
    head = [
        ("Stage", False),
        ("Inputs", True),
        ("Done", True),
        ("Skipped", True),
        ("Failed", True),
        ("Seconds", True),
    ]
    body = (
        (
            pieces.text(s.stage, 40),
            f"{s.inputs:,}",
            f"{s.done:,}",
            f"{s.skipped:,}",
            f"{s.failed:,}",
            f"{s.seconds:,.1f}",
        )
        for s in stages
    )
    return pieces.section("What the run did") + pieces.table(head, body)
