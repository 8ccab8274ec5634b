"""What one run did, section by section: sources, claims that moved, edits, issues, stages; and the sources that are ailing."""

from __future__ import annotations

from dashboard import cards, pieces
from dashboard.clock import date_words, when
from dashboard.queries import LISTED
from dashboard.rows import runs as rows
from dashboard.rows.claim import Change
from pipeline.harmless import link

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
        return pieces.section("Sources", "This run collected nothing: it worked on what was there.")
    if not told:
        return pieces.section("Sources", f"All {len(crawls):,} were read whole.") + _crawls(crawls)
    items = "".join(
        f'<li><div class="rt-row rt-tight">{pieces.chip(crawl.outcome)}<b>'
        f"{pieces.source_link(crawl.feed, crawl.source)}</b>"
        '<span class="rt-soft rt-small">'
        f"{pieces.plural(crawl.documents, 'document')} in "
        f"{pieces.plural(crawl.requests, 'request')}</span></div>"
        f"{pieces.paragraph(crawl.message, 500) if crawl.message else ''}</li>"
        for crawl in told
    )
    lead = f"What they said then is missing here. {well:,} of {len(crawls):,} were read whole."
    return (
        pieces.section("Sources that were not read, or not whole", lead)
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
            pieces.source_link(crawl.feed, crawl.source),
            pieces.chip(crawl.outcome),
            f"{crawl.documents:,}",
            "" if crawl.listed is None else f"{crawl.listed:,}",
            "" if crawl.usual is None else f"{crawl.usual:,.0f}",
            f"{crawl.requests:,}",
            "" if crawl.seconds is None else f"{crawl.seconds:,.1f}",
        )
        for crawl in crawls
    )
    return f'<details class="rt-all"><summary>All {pieces.plural(len(crawls), "crawl")}</summary>{pieces.table(head, body)}</details>'


def ailing(sources: list[rows.Ailing]) -> str:
    """The sources of which nothing could be read for three nights or more."""
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


def moves(title: str, none: str, moves: list[rows.RunMove]) -> str:
    """Claims that moved, or that are new."""
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
        f"{pieces.reason(move.reason)}</p></li>"
    )


def edits(changes: list[Change]) -> str:
    """Documents that were found edited or deleted."""
    if not changes:
        return pieces.section("Edited and deleted", "No document that we keep was found edited or deleted.")
    return (
        pieces.section("Edited and deleted")
        + f'<ul class="rt-plain rt-trail">{"".join(map(cards.change, changes))}</ul>'
    )


def issues(issues: list[rows.IssueGroup]) -> str:
    """What went wrong, each kind once."""
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
            pieces.text(s.stage, 40),
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
    return pieces.section("Stages", lead) + pieces.table(head, body)


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
            pieces.source_link(item.feed, item.source),
            pieces.tag(SILENCE_WORDS.get(item.kind, item.kind)),
            f"{item.nights:,}",
            when(item.since),
            *([] if now else [when(item.until) if item.until else "it lasts"]),
            pieces.text(item.message, 240) if item.message else "",
        )
        for item in silences
    )
    lead = "Silence is news about us, not about the world: what these sources said meanwhile may be missing."
    return pieces.section("What cannot be read now" if now else "Silences", lead) + pieces.table(head, body)
