"""The top of a claim's page: its sentence, status and reason, who said it first, and its figures."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.components import entities, evidence_card, html, stories
from dashboard.components.times import by_day, date_words, when
from dashboard.data import queries
from dashboard.views.claim.as_of import Known
from pipeline.core.text import counted
from pipeline.exports.citation import cited_claim
from pipeline.published.claim_rows import About, Claim, FirstWords, InStory, Move

LONG = 120
"""Characters of a sentence that is set smaller: it would fill the screen."""
FIRST = 6
"""So many of those who said it first at about the same time are shown."""


def title(claim: Claim, about: Sequence[About], story: InStory | None = None) -> str:
    """Return the sentence, what it is about, as links where `about` has it, and the story that it is in."""
    names = entities.tags(claim.organisations[:4], claim.entities[:6], about)
    size_class = ' class="rt-long"' if len(claim.claim) > LONG else ""
    up_link = '<a class="rt-in rt-soft" href="claims">All claims</a>'
    return (
        '<div class="rt-head"><div class="rt-row rt-tight rt-small">'
        f"{up_link}{html.tag(html.spaced(claim.kind))}{names}</div>"
        f"<h1{size_class}>{html.text(claim.claim, 1_000)}</h1>{_story(story) if story else ''}</div>"
    )


def _story(story: InStory) -> str:
    others = f", with {counted(story.claims - 1, 'other claim')}" if story.claims > 1 else ""
    link = stories.link(story.story_id, story.title)
    return f'<p class="rt-small rt-in-story"><span class="rt-soft">In the story</span> {link}{others}</p>'


def why(known: Known, claim: Claim, moves: list[Move]) -> str:
    """Return where the claim stands, why, what would change it, and the earliest stored words."""
    first = known.read(FirstWords, "first", limit=FIRST)
    reason = html.reason(claim.reason) if claim.reason else _unjudged(claim)
    change = (
        '<p class="rt-label" style="margin-top:1.1rem">What would change it</p><p>'
        f"{html.paragraph(claim.would_change)}</p>"
        if claim.would_change
        else ""
    )
    since_html = f'<span class="rt-soft rt-small">{since(moves[-1])}</span>' if moves else ""
    return (
        f'<div class="rt-why {html.state(claim.status)}"><div><div '
        f'class="rt-row">{html.chip(claim.status, big=True)}{since_html}</div>'
        f'<p class="rt-reason">{reason}</p>{_followed(claim)}{change}{_facts(claim)}</div>'
        f"<div>{evidence_card.first(first)}{_cite(known, claim)}</div></div>"
    )


def _cite(known: Known, claim: Claim) -> str:
    """Return the line by which the claim is cited, as it stands on this page."""
    published = queries.published_at(known.copy)
    words = html.literal(cited_claim(claim, min(published, known.cutoff) if published else None))
    return (
        '<details class="rt-small rt-cite-claim"><summary>Cite this claim</summary>'
        f'<pre class="rt-cite" role="group" tabindex="0" aria-label="Citation">{words}</pre></details>'
    )


def _unjudged(claim: Claim) -> str:
    if claim.mentions:
        return "It has not been judged yet."
    return "No evidence on it is stored yet. Each run looks again, and what it finds will appear here."


def _followed(claim: Claim) -> str:
    """Return who made a claim of this sentence, since when and why; "" where it was found in a text."""
    if claim.followed_by is None:
        return ""
    return (
        '<p class="rt-small"><span class="rt-soft">Followed by</span> '
        f"<b>{html.text(claim.followed_by, 80)}</b> "
        f'<span class="rt-soft">since {when(claim.followed_since)}:</span> '
        f"{html.text(claim.followed_why or '', 600)}</p>"
    )


def since(move: Move) -> str:
    """Return since when a status holds; where that is unknown, when it was judged."""
    return f"since {when(move.at)}" if move.at_is_said else f"time unknown; judged on {when(move.at)}"


def _facts(claim: Claim) -> str:
    if not claim.mentions:
        return ""
    numbers = (claim.supports, claim.denies, claim.questions, claim.reports)
    voices_note = (
        "carries it, however often repeated"
        if claim.voices == 1 < claim.mentions
        else f"carry it, in {counted(claim.mentions, 'mention')}"
    )
    facts = [
        _fact("Independent voices", f"<b>{claim.voices:,}</b>", voices_note),
        _fact("Mentions", html.bar(*numbers) + html.counts(*numbers)),
        _figure("Support", claim.score, "0 to 1, from voices for and against"),
        _figure("Importance", claim.importance, _importance(claim.importance_why or [])),
    ]
    if claim.event_at and claim.event_precision != "unknown":
        date_text = date_words(claim.event_at, by_day(claim.event_precision))
        facts.append(_fact("Date in the claim", f"<b>{date_text}</b>"))
    return f'<div class="rt-facts">{"".join(facts)}</div>'


def _fact(name: str, value: str, below: str = "") -> str:
    below_html = f'<span class="rt-soft rt-small">{below}</span>' if below else ""
    return f'<div class="rt-fact"><span class="rt-label">{name}</span>{value}{below_html}</div>'


def _figure(name: str, value: float | None, below: str) -> str:
    if value is None:
        return ""
    meter = f'<span class="rt-meter" aria-hidden="true"><span style="width: {value:.0%}"></span></span>'
    return _fact(name, f"<b>{value:.2f}</b>{meter}", below)


def _importance(why: Sequence[str]) -> str:
    reasons = "; ".join(html.text(part, 60) for part in why[:4])
    return f"0 to 1, how much it is talked about, true or not{f' ({reasons})' if reasons else ''}"
