"""Claims as news: those that moved with the evidence that moved them, new ones, and those whose time is up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dashboard.components import html
from dashboard.components.evidence_card import said_by
from dashboard.components.times import by_day, date_words, when
from dashboard.data.today import Cited, Due, Fresh, Moved
from pipeline.text.sanitize import link, marked

QUOTES = 2
_LATER = '<span class="rt-arrow" aria-label="then">→</span>'


def moved(claim: Moved, cited: Mapping[str, Cited], spark: str, since: datetime) -> str:
    """A claim that moved: from where to where, why, and by which words."""
    path = f"{html.chip(claim.status_before)}{_LATER}{html.chip(claim.status)}"
    several = ""
    if len(claim.path) > 1:
        way = " → ".join(map(html.spaced, (claim.status_before, *claim.path)))
        several = (
            f'<span class="rt-soft rt-small">moved {len(claim.path):,} times: {html.text(way, 200)}</span>'
        )
    at = f'<span class="rt-soft rt-small">{_moved_at(claim)}</span>'
    body = f'<p class="rt-news-why">{html.reason(claim.reason)}</p>{_evidence(claim, cited, since)}'
    return _item(f"{path}{several or at}", claim, body, spark)


def fresh(claim: Fresh, first: Cited | None, spark: str) -> str:
    """A new claim: how fast it grows, and how much of that is repetition."""
    recent = (
        f"{html.plural(claim.recent, 'document')} in the last 48 hours, of {claim.documents:,} in all"
        if claim.documents
        else ""
    )
    several = "; it moved since" if claim.moves else ""
    repeated = ""
    if claim.carrying > max(claim.voices, 1):
        voices = (
            f"{'one voice' if claim.voices == 1 else f'{claim.voices:,} voices'}"
            if claim.voices
            else "nobody who stands behind it"
        )
        repeated = (
            f" Repetition is no confirmation: {claim.carrying:,} mentions carry it, and come from {voices}."
        )
    why = f'<p class="rt-news-why">{recent}{several}.{repeated}</p>' if recent else ""
    return _item(
        html.chip(claim.status),
        claim,
        why + (_quote(first, "Said first, of all stored") if first else ""),
        spark,
    )


def due(claim: Due, spark: str) -> str:
    """A claim whose time ends this week, or is over."""
    precision = by_day(claim.event_precision)
    at = f"{'its time ended' if claim.over else 'by'} {date_words(claim.event_at, precision)}"
    moved = ""
    if claim.moved_days:
        moved = f", {html.plural(abs(claim.moved_days), 'day')} {'later' if claim.moved_days > 0 else 'earlier'} than the date named before"
    nth = (
        f"The date no. {claim.revision:,} named for this release{moved}."
        if claim.revision and claim.revision > 1
        else ""
    )
    stands = f'<p class="rt-news-why">{nth}</p>' if nth else ""
    return _item(f'<b class="rt-small">{at}</b>{html.chip(claim.status)}', claim, stands, spark)


def _item(head: str, claim: Moved | Fresh | Due, body: str, spark: str) -> str:
    """One row: the claim to the left; how many voices carry it, beside how often it is mentioned, to the right."""
    return (
        f'<li class="rt-news"><div><div class="rt-row rt-tight">{head}{html.tag(html.spaced(claim.kind))}</div>'
        f'<h3 class="rt-claim-text">{html.claim_link(claim.claim_id, claim.claim)}</h3>{body}</div>'
        f'<div class="rt-news-side">{spark}<p><span class="rt-voices">{html.voices(claim.voices)}</span> '
        f'<span class="rt-soft rt-small">· {html.plural(claim.mentions, "mention")}</span></p></div></li>'
    )


def _moved_at(claim: Moved) -> str:
    if claim.moved_at:
        return f"moved by what was said {when(claim.moved_at)}"
    return f"judged {when(claim.judged_at)}"


def _evidence(claim: Moved, cited: Mapping[str, Cited], since: datetime) -> str:
    """What the judgement cites: what was learned since before what was known, and whether it speaks of another claim."""
    found = [cited[key] for key in claim.evidence_ids if key in cited]
    found.sort(key=lambda item: item.seen_at <= since)
    shown = _apart(found)[:QUOTES]
    quotes = ""
    for item in shown:
        known = "Learned since" if item.seen_at > since else "Cited, known before"
        other = " · evidence of another claim" if item.claim_id != claim.claim_id else ""
        quotes += _quote(item, known + other)
    rest = len(_apart(found)) - len(shown)
    more = (
        f'<p class="rt-soft rt-small">{html.plural(rest, "more statement")} cited on the claim’s page.</p>'
        if rest
        else ""
    )
    return quotes + more


def _apart(found: Sequence[Cited]) -> list[Cited]:
    """Of those with the same words of the same speaker in the same place (a headline and its text) only the first."""
    kept: dict[tuple[str | None, str, str], Cited] = {}
    for item in found:
        kept.setdefault((item.speaker, item.source_id, item.quote.rstrip(".")), item)
    return list(kept.values())


def _quote(item: Cited, label: str) -> str:
    gone = f" {html.tag('deleted since', alert=True)}" if item.gone_at else ""
    after = (
        f' <span class="rt-soft">after {html.text(item.attributed_to, 120)}</span>'
        if item.attributed_to
        else ""
    )
    return (
        f'<figure class="rt-cited {html.state(item.stance)}"><p class="rt-row rt-tight"><span class="rt-label">{label}</span>'
        f"{html.stance(item.stance)}{gone}</p>"
        f'<blockquote class="rt-quote" dir="auto">{marked(item.quote, item.cues, 420)}</blockquote>'
        f'<figcaption class="rt-small">{said_by(item.speaker, item.speaker_role, item.speaker_organisation)}{after} '
        f"in {html.source_link(item.source_id, item.source)} · {link(item.url)} "
        f'<span class="rt-soft">· {when(item.said_at, item.said_precision)}</span></figcaption></figure>'
    )
