"""The report of one run: sources, claims, edits, issues and stages."""

from __future__ import annotations

from markupsafe import Markup

from dashboard.components import evidence_card, html
from dashboard.components.filters import LISTED
from dashboard.components.times import when
from dashboard.data import runs as rows
from dashboard.data.claim import Change

OUTAGE_WORDS = {
    "blocked": "refuses us",
    "paywalled": "behind a paywall",
    "rate_limited": "too many requests",
    "failing": "cannot be read",
    "too_few": "returns fewer items than expected",
    "off": "switched off",
}
_html = html.Template("views/runs/report.html", change=evidence_card.change)


def unread(crawls: list[rows.Crawl]) -> Markup:
    """Return the sources that a run could not read, or only in part, and below them, folded, each crawl."""
    head = [
        ("Source", False),
        ("Outcome", False),
        ("Documents", True),
        ("Listed", True),
        ("Usual", True),
        ("Requests", True),
        ("Seconds", True),
    ]
    body = (
        (
            html.source_link(crawl.feed, crawl.source),
            html.chip(crawl.outcome),
            f"{crawl.documents:,}",
            "" if crawl.listed is None else f"{crawl.listed:,}",
            "" if crawl.usual is None else f"{crawl.usual:,.0f}",
            f"{crawl.requests:,}",
            "" if crawl.seconds is None else f"{crawl.seconds:,.1f}",
        )
        for crawl in crawls
    )
    return _html.unread(crawls, [crawl for crawl in crawls if crawl.outcome != "ok"], html.table(head, body))


def moves(title: str, none: str, items: list[rows.RunMove]) -> Markup:
    """Return claims that moved, or that are new."""
    total = items[0].total if items else 0
    lead = f"The {LISTED:,} with most voices, of {total:,}." if total > len(items) else ""
    return _html.moves(title, lead if items else none, items)


def edits(changes: list[Change]) -> Markup:
    """Return documents that were found edited or deleted."""
    return _html.edits(changes)


def issues(items: list[rows.IssueGroup]) -> Markup:
    """Return what went wrong, each kind once."""
    if not items:
        return html.section("Issues", "Nothing went wrong.")
    head = [("What", False), ("Stage", False), ("Times", True), ("Example", False)]
    body = ((_html.issue(i), html.text(i.stage, 40), f"{i.times:,}", _html.example(i)) for i in items)
    return _html.tabled("Issues", "Each kind once, with one example.", html.table(head, body))


def stages(items: list[rows.Stage]) -> Markup:
    """Return what each stage took in and did."""
    names = ("Inputs", "Done", "Skipped", "Failed", "Seconds")
    head = [("Stage", False), *((name, True) for name in names)]
    counts = [(f"{s.inputs:,}", f"{s.done:,}", f"{s.skipped:,}", f"{s.failed:,}") for s in items]
    body = ((html.text(s.stage, 40), *row, f"{s.seconds:,.1f}") for s, row in zip(items, counts, strict=True))
    seconds = sum(stage.seconds for stage in items)
    lead = (
        "Each input was finished, skipped, or failed. Skipped means read without a result, as a text that "
        f"names nothing tracked, or a passage that speaks to no claim. {seconds:,.0f} seconds in all."
    )
    return _html.tabled("Stages", lead, html.table(head, body))


def outages(items: list[rows.Silence], *, now: bool) -> Markup:
    """Return the outages of sources and how long they lasted; with `now`, those that still last."""
    head = [("Source", False), ("Why", False), ("Nights", True), ("Since", False)]
    head += [("Message", False)] if now else [("Until", False), ("Message", False)]
    body = (
        (
            html.source_link(item.feed, item.source),
            html.tag(OUTAGE_WORDS.get(item.kind, item.kind)),
            f"{item.nights:,}",
            when(item.since),
            *([] if now else [when(item.until) if item.until else "still so"]),
            html.text(item.message, 240) if item.message else "",
        )
        for item in items
    )
    lead = "What these sources published meanwhile may be missing here."
    return _html.tabled("What cannot be read now" if now else "Source outages", lead, html.table(head, body))
