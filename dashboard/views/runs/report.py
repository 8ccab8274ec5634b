"""What one run did, section by section: sources, claims that moved, edits, issues, stages; and the sources that are ailing."""

from __future__ import annotations

from dashboard.components import evidence_card, html
from dashboard.components.times import date_words, when
from dashboard.data import runs as rows
from dashboard.data.claim import Change
from dashboard.data.queries import LISTED
from pipeline.text.sanitize import link

SILENCE_WORDS = {
    "blocked": "refuses us",
    "paywalled": "behind a paywall",
    "rate_limited": "too many requests",
    "failing": "cannot be read",
    "too_few": "gives fewer than it should",
    "off": "switched off",
}


def unread(crawls: list[rows.Crawl]) -> str:
    """The sources that a run could not read, or not whole, and below them each crawl."""
    told = [crawl for crawl in crawls if crawl.outcome != "ok"]
    well = len(crawls) - len(told)
    if not crawls:
        return html.section("Sources", "This run collected nothing: it worked on what was there.")
    if not told:
        return html.section("Sources", f"All {len(crawls):,} were read whole.") + _crawls(crawls)
    items = "".join(
        f'<li><div class="rt-row rt-tight">{html.chip(crawl.outcome)}<b>'
        f"{html.source_link(crawl.feed, crawl.source)}</b>"
        '<span class="rt-soft rt-small">'
        f"{html.plural(crawl.documents, 'document')} in "
        f"{html.plural(crawl.requests, 'request')}</span></div>"
        f"{html.paragraph(crawl.message, 500) if crawl.message else ''}</li>"
        for crawl in told
    )
    lead = f"What they said then is missing here. {well:,} of {len(crawls):,} were read whole."
    return (
        html.section("Sources that were not read, or not whole", lead)
        + f'<ul class="rt-plain rt-trail">{items}</ul>'
        + _crawls(crawls)
    )


def _crawls(crawls: list[rows.Crawl]) -> str:
    """Every crawl of the run, folded."""
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
    return f'<details class="rt-all"><summary>All {html.plural(len(crawls), "crawl")}</summary>{html.table(head, body)}</details>'


def ailing(sources: list[rows.Ailing]) -> str:
    """The sources of which nothing could be read for three nights or more."""
    items = "".join(
        f'<li><div class="rt-row rt-tight">{html.tag("ailing", alert=True)}<b>'
        f"{html.source_link(source.feed, source.source)}</b>"
        '<span class="rt-soft rt-small">'
        f"{html.plural(source.nights_failed, 'night')} in a row, "
        f"{'last read ' + date_words(source.last_ok_at, 'day') if source.last_ok_at else 'never read'}</span></div>"
        f"{html.paragraph(source.why, 500) if source.why else ''}</li>"
        for source in sources
    )
    lead = "As of the newest crawl, nothing of them could be read for three nights or more."
    return html.section("Ailing sources", lead) + f'<ul class="rt-plain rt-trail">{items}</ul>'


def moves(title: str, none: str, moves: list[rows.RunMove]) -> str:
    """Claims that moved, or that are new."""
    if not moves:
        return html.section(title, none)
    cut = f"The {LISTED:,} with most voices, of {moves[0].total:,}." if moves[0].total > len(moves) else ""
    return html.section(title, cut) + f'<ul class="rt-plain rt-moves">{"".join(map(_move, moves))}</ul>'


def _move(move: rows.RunMove) -> str:
    before = (
        f'{html.chip(move.status_before)}<span class="rt-arrow" aria-label="then">→</span>'
        if move.status_before
        else ""
    )
    return (
        '<li><div class="rt-row rt-tight">'
        f"{before}{html.chip(move.status)}{html.tag(html.spaced(move.kind))}"
        f'<span class="rt-soft rt-small">{html.voices(move.voices)}</span></div>'
        '<p class="rt-claim-text">'
        f"{html.claim_link(move.claim_id, move.claim)}</p><p>"
        f"{html.reason(move.reason)}</p></li>"
    )


def edits(changes: list[Change]) -> str:
    """Documents that were found edited or deleted."""
    if not changes:
        return html.section("Edited and deleted", "No document that we keep was found edited or deleted.")
    return (
        html.section("Edited and deleted")
        + f'<ul class="rt-plain rt-trail">{"".join(map(evidence_card.change, changes))}</ul>'
    )


def issues(issues: list[rows.IssueGroup]) -> str:
    """What went wrong, each kind once."""
    if not issues:
        return html.section("Issues", "Nothing went wrong.")
    head = [("What", False), ("Stage", False), ("Times", True), ("Example", False)]
    body = (
        (
            f"{html.chip(item.severity)} {html.text(html.spaced(item.code), 60)}",
            html.text(item.stage, 40),
            f"{item.times:,}",
            f"{html.text(item.message, 240)}<br>{_place(item.place)}",
        )
        for item in issues
    )
    return html.section("Issues", "Each kind once, with one example.") + html.table(head, body)


def _place(place: str | None) -> str:
    if not place:
        return ""
    return (
        '<span class="rt-small">'
        f"{link(place) if place.startswith(('http://', 'https://')) else html.text(place, 120)}</span>"
    )


def stages(stages: list[rows.Stage]) -> str:
    """What each stage took in and did."""
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
            html.text(s.stage, 40),
            f"{s.inputs:,}",
            f"{s.done:,}",
            f"{s.skipped:,}",
            f"{s.failed:,}",
            f"{s.seconds:,.1f}",
        )
        for s in stages
    )
    took = sum(stage.seconds for stage in stages)
    lead = f"What came in was done, skipped or failed, nothing else. {took:,.0f} seconds in all."
    return html.section("Stages", lead) + html.table(head, body)


def silences(silences: list[rows.Silence], *, now: bool) -> str:
    """What kept us from reading sources, and for how long; `now`, what still does."""
    head = [
        ("Source", False),
        ("Why", False),
        ("Nights", True),
        ("Since", False),
        *([] if now else [("Until", False)]),
        ("Message", False),
    ]
    body = (
        (
            html.source_link(item.feed, item.source),
            html.tag(SILENCE_WORDS.get(item.kind, item.kind)),
            f"{item.nights:,}",
            when(item.since),
            *([] if now else [when(item.until) if item.until else "it lasts"]),
            html.text(item.message, 240) if item.message else "",
        )
        for item in silences
    )
    lead = "Silence is news about us, not about the world: what these sources said meanwhile may be missing."
    return html.section("What cannot be read now" if now else "Silences", lead) + html.table(head, body)
