"""Evidence as cards: the words in context, who says them and where, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from dashboard.components.html import Template
from dashboard.data.claim import Change, Voice
from dashboard.data.review import UnsureStance
from pipeline.core.vocabulary import HEARSAY
from pipeline.exports.citation import cited
from pipeline.exports.wording import PLATFORM_WORDS, ROLE_WORDS
from pipeline.published.claim import EXTENTS
from pipeline.published.claim_rows import Evidence, FirstWords
from pipeline.published.story_rows import StoryWords
from pipeline.text.sanitize import unmarked

AROUND = 240
"""Characters of a text that are shown before and after a quote."""

# How sure the document is of what it says.
CERTAINTY_SAID = {
    "asserted": "said plainly",
    "hedged": "hedged (may, might, appears)",
    "reported": "passed on from others",
    "predicted": "predicted",
    "questioned": "asked, not said",
}


def voice(head: Voice, cards: Sequence[Evidence], desk: str = "") -> Markup:
    """Return one voice: its first card, and below it, folded, those that repeat it.

    `desk` is the address at which an editor decides about a mention, but for its id.
    """
    leads = _leads(cards)
    repeats = [card for card in cards if card not in leads]
    return _html.voice(head, leads, repeats, desk) if cards else Markup()


def _leads(cards: Sequence[Evidence]) -> list[Evidence]:
    """Return the first card of a voice, and the first of each other stance that the voice itself took."""
    leads = list(cards[:1])
    for card in cards[1:]:
        if card.independent and card.stance not in {lead.stance for lead in leads}:
            leads.append(card)
    return leads


def card(item: Evidence, desk: str = "") -> Markup:
    """Return one piece of evidence."""
    return _html.card(item, desk)


def _context(item: Evidence) -> tuple[str, str]:
    """Return the text before and after the quote; "…" and a whole word where the text goes on."""
    before, after = item.before or "", item.after or ""
    if item.start_char > len(before):
        cut = before.find(" ")
        before = "…" + (before[cut:] if 0 <= cut < len(before) - 1 else before)
    if len(after) >= AROUND:
        cut = after.rfind(" ")
        after = (after[:cut] if cut > 0 else after) + " …"
    return before, after


def said_by(speaker: str | None, role: str, organisation: str | None) -> Markup:
    """Return the speaker with the role toward this claim; never the outlet."""
    return _html.said_by(speaker, role, organisation)


def second(item: Evidence | UnsureStance) -> Markup:
    """Return who read it otherwise than the model, as what, and from which words."""
    return _html.second(item)


def first(words: Sequence[FirstWords | StoryWords]) -> Markup:
    """Return who said it first, in which words, where and when; of several all, as equals."""
    return _html.first(words[0], words[1:]) if words else Markup()


def change(item: Change) -> Markup:
    """Return an edit or a deletion as a list item."""
    return _html.change(item)


def archive(item: Evidence) -> Markup:
    """Return where the archived page is, what proves it, and the command that gives it to a third party.

    There is no address on the web to link to: what was archived lies with whoever runs this.
    """
    return _html.archive(item)


_html = Template(
    "components/evidence_card.html",
    HEARSAY=HEARSAY,
    ROLE_WORDS=ROLE_WORDS,
    PLATFORM_WORDS=PLATFORM_WORDS,
    EXTENTS=EXTENTS,
    certainty=CERTAINTY_SAID,
    citation=cited,
    context=_context,
    unmarked=unmarked,
)
