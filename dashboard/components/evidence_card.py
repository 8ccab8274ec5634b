"""Evidence as cards: the words in their context, who says them and where, how it is kept, and what became of it since.

How a piece of evidence is kept, with the command that hands it out, and the words to cite it by.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from urllib.parse import quote

from dashboard.components import html
from dashboard.components.times import when
from dashboard.data.claim import Change, FirstWords, Voice
from pipeline.published.claim_rows import Evidence
from pipeline.text.sanitize import line, link, marked, plain, safe, unmarked

AROUND = 240
"""Characters of a text that are shown before and after a quote."""

# How sure the document is of what it says.
CERTAINTY_SAID = {
    "asserted": "said plainly",
    "hedged": "hedged (may, might, appears)",
    "reported": "passed on from others",
    "predicted": "foretold",
    "questioned": "asked, not said",
}


def voice(head: Voice, cards: Sequence[Evidence], desk: str = "") -> str:
    """One voice: its first card, and those that repeat it folded below; what nobody stands behind is no voice.

    `desk` is the address at which an editor decides about a mention, but for its id.
    """
    if not cards:
        return ""
    leads = _leads(cards)
    rest = [one for one in cards if one not in leads]
    more = ""
    if rest:
        hidden = head.mentions - len(cards)
        cut = f'<p class="rt-soft rt-small">{hidden:,} more are not shown here.</p>' if hidden > 0 else ""
        more = f"<details><summary>{_folded(head, len(leads))}</summary>{''.join(card(one, desk) for one in rest)}{cut}</details>"
    note = f'<span class="rt-soft rt-small">{_spread(head)}</span>'
    title = f"<header><h3>{html.text(head.name, 120)}</h3>{note}</header>"
    shown = "".join(card(one, desk) for one in leads)
    return f'<section class="rt-voice">{title}{shown}{more}</section>'


def _leads(cards: Sequence[Evidence]) -> list[Evidence]:
    """The first card of a voice, and the first words of each other stance that the voice itself took: no repetition."""
    found = [cards[0]]
    for one in cards[1:]:
        if one.independent and one.stance not in {lead.stance for lead in found}:
            found.append(one)
    return found


def _spread(head: Voice) -> str:
    spread = "one mention"
    if head.mentions > 1:
        sources = html.plural(head.sources, "source")
        spread = f"{html.plural(head.mentions, 'mention')} in {sources}"
    if head.voice_key == html.HEARSAY:
        return f"no voice: nobody stands behind it · {spread}"
    if not head.is_voice:
        return f"not traced yet to where it comes from: it counts as no voice · {spread}"
    if head.voice_key.startswith(html.UNSTORED):
        return f"a voice that is not stored, known from who passes it on · {spread}"
    return spread


def _folded(head: Voice, shown: int) -> str:
    others = head.mentions - shown
    if head.voice_key == html.HEARSAY:
        return (
            f"{html.plural(others, 'other mention')} with nobody behind {'it' if others == 1 else 'them'}"
        )
    return f"{html.plural(others, 'other mention')} of this voice: repetition adds none"


def card(item: Evidence, desk: str = "") -> str:
    """One piece of evidence."""
    tags = "".join(_marks(item))
    if desk:
        tags += f'<a class="rt-in rt-small rt-decide" href="{escape(desk + quote(item.mention_id, safe=""))}">Decide …</a>'
    rows = [("Who says so", said_by(item.speaker, item.speaker_role, item.speaker_organisation))]
    if item.attributed_to:
        rows.append(("After", f"{html.text(item.attributed_to, 200)} (named there, not stored here)"))
    rows.append(("Where", f"{_where(item)}{' · in its headline' if item.part == 'title' else ''}"))
    rows.append(
        (
            "When",
            f'said {when(item.said_at, item.said_precision)} <span class="rt-soft">'
            f"· seen {when(item.seen_at)}</span>",
        )
    )
    if item.voice_reason and not item.independent:
        rows.append(("Whose voice", html.text(item.voice_reason, 200)))
    if item.gone_at:
        rows.append(("Deleted", html.between(item.gone_after, item.gone_at)))
    if item.versions > 1:
        stands = (
            "the quote stands in the newest text"
            if item.quote_stands
            else "the quote is no longer in the newest text"
        )
        rows.append(("Edited", f"{html.between(item.unchanged_at, item.edited_at)}; {stands}"))
    rows.append(("How sure it is", CERTAINTY_SAID.get(item.certainty) or html.text(item.certainty, 40)))
    rows.append(("Stance by", _reading(item)))
    facts = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows)
    return (
        f'<article class="rt-card {html.state(item.stance)}"><div class="rt-row '
        f'rt-tight">{html.stance(item.stance)}{tags}</div>'
        f"{_in_context(item)}<dl>{facts}</dl>{_keeping(item)}</article>"
    )


def _in_context(item: Evidence) -> str:
    """The quote, strong, among the text that stands around it in the same version, soft; to the letter."""
    quote = f"<strong>{marked(item.quote, item.cues)}</strong>"
    if not item.in_place:
        note = '<p class="rt-small rt-soft">The quote is not where it was read: its context is left out.</p>'
        return f'<blockquote class="rt-quote" dir="auto">{quote}</blockquote>{note}'
    before, after = _context(item)
    return (
        f'<blockquote class="rt-quote" dir="auto">{_soft(before)}{quote}{_soft(after)}</blockquote>'
    )


def _context(item: Evidence) -> tuple[str, str]:
    """What stands before and after the quote; "…" and a whole word where the text goes on."""
    before, after = item.before or "", item.after or ""
    if item.start_char > len(before):
        cut = before.find(" ")
        before = "…" + (before[cut:] if 0 <= cut < len(before) - 1 else before)
    if len(after) >= AROUND:
        cut = after.rfind(" ")
        after = (after[:cut] if cut > 0 else after) + " …"
    return before, after


def _soft(words: str) -> str:
    return f'<span class="rt-context">{safe(words)}</span>' if words.strip() else ""


def _keeping(item: Evidence) -> str:
    return (
        f'<div class="rt-keeping"><details><summary>Archived page and proof</summary>{archive(item)}</details>'
        f"<details><summary>Cite</summary>{citation(item)}</details></div>"
    )


def said_by(speaker: str | None, role: str, organisation: str | None) -> str:
    """The speaker with the role toward this claim; never the outlet."""
    known = html.ROLE_WORDS.get(role)
    words = (
        [known or html.text(role, 40)]
        if role != "first_party" or not organisation
        else [f"first party, {html.text(organisation, 80)}"]
    )
    if role != "first_party" and organisation:
        words.append(html.text(organisation, 80))
    name = f"<b>{html.text(speaker, 120)}</b>" if speaker else "<b>nobody named</b>"
    return f'{name} <span class="rt-soft">({", ".join(words)})</span>'


def first(words: FirstWords) -> str:
    """Who said it first, in which words, where and when."""
    gone = html.tag("deleted since", alert=True) if words.gone_at else ""
    return (
        f'<aside class="rt-origin"><p class="rt-label">Said first, of all we have stored</p>'
        f'<blockquote class="rt-quote" dir="auto">{marked(words.quote, words.cues, 700)}</blockquote>'
        f"<p>{said_by(words.speaker, words.speaker_role, words.speaker_organisation)}</p>"
        '<p class="rt-small">in '
        f"{html.source_link(words.source_id, words.source)}, "
        f"{_platform(words.platform)} · {link(words.url)}</p>"
        '<p class="rt-small rt-soft">'
        f"{when(words.said_at, words.said_precision)}{'' if words.said_at else f', first seen {when(words.seen_at)}'} "
        f"{gone}</p></aside>"
    )


def change(item: Change) -> str:
    """An edit or a deletion."""
    kind = (
        html.tag("deleted", alert=True)
        if item.event == "gone"
        else html.tag(f"edited, version {item.number}")
    )
    title = html.text(item.title, 160) if item.title else "a document"
    how = f' <span class="rt-soft">({html.text(item.words, 200)})</span>' if item.words else ""
    return (
        f"<li>{kind} {title}, {html.text(item.source, 80)} · {link(item.url)}<br>"
        '<span class="rt-soft rt-small">'
        f"{html.between(item.after_at, item.at)}</span>{how}</li>"
    )


def _where(item: Evidence) -> str:
    by = (
        f", by {html.text(item.author, 80)}"
        if item.author and item.author not in (item.source, item.speaker)
        else ""
    )
    title = f"<br>“{html.text(item.title, 200)}”" if item.title else ""
    return (
        f"{html.source_link(item.source_id, item.source)}, "
        f"{_platform(item.platform)}{by} · {link(item.url)}{title}"
    )


def _platform(platform: str) -> str:
    return html.PLATFORM_WORDS.get(platform) or html.text(platform, 40)


def _marks(item: Evidence) -> list[str]:
    tags = []
    if item.artefact:
        tags.append(html.tag("primary document"))
    if item.gone_at:
        tags.append(html.tag("deleted since", alert=True))
    if item.versions > 1:
        tags.append(
            html.tag(
                "edited since" if item.quote_stands else "edited: quote gone", alert=not item.quote_stands
            )
        )
    return tags


def _reading(item: Evidence) -> str:
    if item.stance != item.machine_stance:
        return f"an editor; the model read “{safe(item.machine_stance, 40)}” ({item.confidence:.0%} sure)"
    cues = [cue for cue in item.cues if cue.strip()]
    apart = unmarked(item.quote, cues)
    where = "the marked words" if len(apart) < len(cues) else "the sentence as a whole"
    signs = f" ({', '.join(html.text(cue, 60) for cue in apart[:5])})" if apart else ""
    return f'the model, {item.confidence:.0%} sure, <span class="rt-soft">from {where}{signs}</span>'


def archive(item: Evidence) -> str:
    """Where the archived page is, what proves it, and the command that gives it to a third party.

    There is no address on the web to link to: what was archived lies with whoever runs this.
    """
    rows = [("Version", f"{item.version}, as seen {when(item.seen_at)}")]
    part = "headline" if item.part == "title" else "text"
    rows.append(("Place", f"{part}, characters {item.start_char:,} to {item.end_char:,}"))
    rows.append(("SHA-256 of headline and text", _code(item.text_sha256)))
    if item.warc:
        file, _, record = item.warc.partition("#")
        rows.append(("Archive file", _code(file)))
        rows.append(("Record", _code(record)))
        rows.append(("SHA-256 of the page", _code(item.sha256 or "unknown")))
        rows.append(("Get it, with its proof", _code(f"rumortrail evidence {item.document_id}")))
    else:
        rows.append(("Archive", "no page was archived: the document was read from a file"))
    return f"<dl>{''.join(f'<dt>{name}</dt><dd>{value}</dd>' for name, value in rows)}</dl>"


def citation(item: Evidence) -> str:
    """The words to cite it by; a click marks them all."""
    return f'<pre class="rt-cite" role="group" tabindex="0" aria-label="Citation">{safe(cited(item))}</pre>'


def cited(item: Evidence) -> str:
    """Quote, speaker, role, publisher, address, times in UTC, and the hash of what was archived."""
    who = plain(item.speaker or "nobody named", 200)
    role = item.speaker_role.replace("_", " ")
    if item.speaker_organisation:
        role += f", {plain(item.speaker_organisation, 120)}"
    title = f"“{plain(item.title, 300)}”, " if item.title else ""
    said = f"said {_said(item.said_at, item.said_precision)}, seen {item.seen_at:%Y-%m-%d %H:%M:%S} UTC"
    proof = f"SHA-256 of the archived page {item.sha256}" if item.sha256 else f"SHA-256 of headline and text {item.text_sha256}"
    return (
        f"“{item.quote}”\n{who} ({role}), in {title}{plain(item.source, 200)}, {plain(item.url or 'no address', 2_000)}; "
        f"{said}; version {item.version}, {proof}."
    )


def _said(at: datetime | None, precision: str) -> str:
    if at is None or precision == "unknown":
        return "at an unknown time"
    forms = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
    if precision == "quarter":
        return f"Q{(at.month + 2) // 3} {at.year}"
    return f"{at:{forms[precision]}}" if precision in forms else f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _code(words: str) -> str:
    return f"<code>{line(words, 200)}</code>"
