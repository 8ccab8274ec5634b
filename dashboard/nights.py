"""Nights at a glance: how long each took and how it ended, as bars and as a list."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from dashboard import pieces
from dashboard.clock import date_words, day_words
from dashboard.rows.runs import Bar, ListedRun, Revisits, Run

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
        f"{pieces.chip(outcome)}<span>{count:,}</span>" for outcome, count in sorted(faulty.items())
    )
    words = (
        f"{finding(bars)}; the longest, of {day_words(slowest.started_at)}, took {took(slowest)}"
        + "".join(f"; {count:,} {pieces.spaced(outcome)}" for outcome, count in sorted(faulty.items()))
    )
    between = ""
    if revisits.revisits:
        well = f"{revisits.faulty:,} of them not well" if revisits.faulty else "all well"
        between = f"Between them {pieces.plural(revisits.revisits, 'revisit')} ended, {well}."
    return (
        f'<figure class="rt-nights"><figcaption><h2>{finding(bars)}</h2></figcaption>'
        f'<div class="rt-night-scale rt-small rt-soft">longest: {took(slowest)}</div>'
        f'<div class="rt-night-bars" role="img" aria-label="{words}">{drawn}</div>'
        f'<div class="rt-night-ends rt-small rt-soft"><span>{day_words(bars[-1].started_at)}</span><span>{day_words(bars[0].started_at)}</span></div>'
        f'<div class="rt-row rt-tight rt-small rt-soft">{key}<span>{between}</span></div></figure>'
    )


def _bar(bar: Bar, longest: float) -> str:
    height = round(100 * (seconds(bar) or 0) / longest) if longest else 0
    title = f"{date_words(bar.started_at)}: {pieces.spaced(bar.outcome)}, {took(bar)}"
    sign = "" if bar.outcome == "ok" else "<i></i>"
    return f'<span class="{pieces.state(bar.outcome)}" title="{title}">{sign}<b style="height: {max(2, height)}%"></b></span>'


def _ended(bar: Bar) -> str:
    return "well" if bar.outcome == "ok" else f"as {pieces.spaced(bar.outcome)}"


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
            *([pieces.tag(run.command)] if commands else []),
            pieces.chip(run.outcome),
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
    return f'<div class="rt-runs">{pieces.table(head, body)}</div>'


def link(run_id: str, words: str) -> str:
    """A link to a run's page that reads as `words`, which are ours."""
    return f'<a class="rt-in" href="runs?run={quote(run_id, safe="")}">{words}</a>'
