"""Nights at a glance: how long each took and how it ended, as bars and as a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from urllib.parse import quote

from markupsafe import Markup

from dashboard.components import html
from dashboard.components.times import date_words
from dashboard.data.runs import Bar, ListedRun, Revisits, Run

Timed = Bar | ListedRun | Run


def seconds(run: Timed) -> float | None:
    """Return how many seconds a run took; None while it runs, and where it was cut off."""
    return (run.finished_at - run.started_at).total_seconds() if run.finished_at else None


def took(run: Timed) -> str:
    """Return in words how long a run took."""
    duration = seconds(run)
    if duration is None:
        return "still running" if run.outcome == "running" else "no end known"
    if duration < 120:
        return f"{duration:.0f} s"
    return f"{duration / 60:.0f} min" if duration < 7_200 else f"{duration / 3_600:.1f} h"


def finding(bars: Sequence[Bar]) -> str:
    """Return the chart's title: how many of the nights ended well, and how long the last took."""
    if len(bars) == 1:
        return f"The one night so far ended {_ended(bars[0])} and took {took(bars[0])}"
    well = sum(bar.outcome == "ok" for bar in bars)
    count = f"All {len(bars):,}" if well == len(bars) else f"{well:,} of {len(bars):,}"
    last = f"took {took(bars[0])}" if bars[0].finished_at else f"is {took(bars[0])}"
    return f"{count} nights ended well; the last {last}"


def _ended(bar: Bar) -> str:
    return "well" if bar.outcome == "ok" else f"as {html.spaced(bar.outcome)}"


def chart(bars: Sequence[Bar], revisits: Revisits) -> Markup:
    """Return a bar for each night, oldest first, as high as the night was long."""
    longest = max((seconds(bar) or 0 for bar in bars), default=0)
    slowest = max(bars, key=lambda bar: seconds(bar) or 0)
    faulty = sorted(Counter(bar.outcome for bar in bars if bar.outcome != "ok").items())
    heights = [round(100 * (seconds(bar) or 0) / longest, 1) if longest else 0 for bar in bars]
    drawn = list(zip(bars, heights, strict=True))
    return _html.chart(list(reversed(drawn)), finding(bars), slowest, faulty, revisits)


def listed(runs: Sequence[ListedRun], *, commands: bool) -> Markup:
    """Return runs as a table, each a link to its page; with `commands` also which command ran."""
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
            html.inside(address(run.run_id), Markup(date_words(run.started_at))),
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
    return Markup('<div class="rt-runs">{}</div>').format(html.table(head, body))


def address(run_id: str) -> str:
    """Return the address of a run's page."""
    return f"runs?run={quote(run_id, safe='')}"


_html = html.Template("views/runs/nights.html", took=took)
