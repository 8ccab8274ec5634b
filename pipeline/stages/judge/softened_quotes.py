"""What later versions of a document made of the words that evidence quotes: hedged, corrected, left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pipeline.core.vocabulary import Part
from pipeline.stages.judge.evidence import Rewording
from pipeline.text.boilerplate import fold
from pipeline.text.diff import Wording, hunks

ALIKE = 0.5
"""A sentence that shares so much of its words with the lost sentence is that sentence, reworded."""
HEDGE = re.compile(
    r"\b(?:reportedly|allegedly|supposedly|apparently|purportedly|possibly|perhaps|probably|likely|rumou?red"
    r"|rumou?rs?|may|might|could|"
    r"said to|believed to|thought to|expected to|appears? to|seems? to|claims?|claimed|unconfirmed"
    r"|sources? say|according to)\b",
    re.IGNORECASE,
)
# The month is no hedge; in a headline "May" may be either.
_MONTH = re.compile(
    r"\b(?:(?i:in|by|of|on|until|till|through|since|before|after|from|next|last|this|early|mid|late)[ -]"
    r"|\d{1,2}(?:st|nd|rd|th)? )May\b|\b(?i:may)(?= \d| of\b)|\bMay(?=[.,;:!?)]|$)"
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Lost:
    """A piece of evidence whose quote a later version lacks, with the wordings before and after."""

    claim_id: str
    evidence_id: str
    document_id: str
    quote: str
    part: Part
    version_id: str
    unchanged_at: datetime | None
    seen_at: datetime
    noted: bool
    before_title: str | None
    before_text: str
    title: str | None
    text: str
    restored_at: datetime | None = None


def reword(lost: Lost) -> Rewording | None:
    """Return the rewording of the quote; None where it still stands there, but for typography."""
    if fold(lost.quote) in fold((lost.title or "") if lost.part is Part.TITLE else lost.text):
        return None
    successor = _successor(lost)
    return Rewording(
        claim_id=lost.claim_id,
        evidence_id=lost.evidence_id,
        document_id=lost.document_id,
        version_id=lost.version_id,
        before=lost.quote,
        after=successor,
        hedged=successor is not None and _hedged(lost.quote, successor),
        noted=lost.noted,
        unchanged_at=lost.unchanged_at,
        seen_at=lost.seen_at,
        restored_at=lost.restored_at,
    )


def _successor(lost: Lost) -> str | None:
    """Return the sentence of the later version that is most like the quote, if it is like it at all."""
    candidates = list(_candidates(lost))
    best = max(candidates, key=lambda sentence: _likeness(lost.quote, sentence), default=None)
    return best if best is not None and _likeness(lost.quote, best) >= ALIKE else None


def _candidates(lost: Lost) -> Iterator[str]:
    if lost.part is Part.TITLE:
        yield from [lost.title] if lost.title else []
        return
    for hunk in hunks(Wording(lost.before_title, lost.before_text), Wording(lost.title, lost.text)):
        yield from hunk.added


def _likeness(quote: str, sentence: str) -> float:
    """Return the share of the shorter one's words that the longer one has: a hedge only adds words."""
    quote_words, sentence_words = (Counter(_WORD.findall(fold(words))) for words in (quote, sentence))
    return (quote_words & sentence_words).total() / max(1, min(quote_words.total(), sentence_words.total()))


def _hedged(before: str, after: str) -> bool:
    """Return whether hedges came that were not there before."""
    old, new = (Counter(word.lower() for word in HEDGE.findall(_MONTH.sub(" ", words)))
                for words in (before, after))
    return bool(new - old)
