"""The title of a story: the sentence among its claims that a reader understands at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import log1p
from typing import Protocol

from models.chinese.han import has_han
from pipeline.core.text import one_line
from pipeline.text.names import name_key
from pipeline.text.standalone import stands

TITLE = 110  # characters
LONG = 85  # characters: what is longer takes two lines of a list
EARLY = timedelta(days=2)  # from the first word on: the claims of these days come before later ones
KEEP = 0.7  # by so much another title must be better than the one that the story has

_MARKUP = re.compile(
    r"https?://\S+|(?<!\w)(?:[*_`~>|]|#(?!\d)){1,3}(?=\S)|(?<=\S)[*`~|]{1,3}|(?<=\w)_(?!\w)"
    r"|\[(?=[^\]]*\]\()|\]\([^)]*\)?|(?<!\w)@(?=\w)")
_LEADING = re.compile(r"^RT\s+|^[^\w\"“'‘(@$€£¥]+")
# A handle does not tell readers who it is; talk about talk tells nothing of the matter.
_HANDLE = re.compile(r"@\w")
_TALK = re.compile(
    r"\b(?:comment(?:s|ers?|ators?)?|discussions?|threads?|posts?|images?|screenshots?|tweets?|memes?|users"
    r"|video|expressions?|conversations?|article)\b", re.I)  # fmt: skip
_SELF = re.compile(r"\b(?:i|i'm|we|we're|you|your|my|our|me|us|lol|wow|please)\b", re.I)
_CODE = re.compile(r"^[$>]\s|\s--?\w|[{}<>=\\]|\w/\w+/|\b\w+\(\)")
_DENIAL = re.compile(r"\b(?:not|never|no)\b|n['’]t\b", re.I)
_VERB_FIRST = re.compile(
    r"^(?:[A-Z][a-z]+(?:ing|es|ed)|Includes?|Allows?|Runs?|Adds?|Makes?|Gets?|Now|Just|New)\b")
_LEANS = re.compile(r"^(?:The|An?|Another|Some|Many) [a-z]")
_CLAUSE = re.compile(
    r",? (?:which|who|whose|while|although|because|citing|indicating|enabling|including|aiming|starting"
    r"|featuring|surpassing|suggesting|according to|as stated by|rather than)\b|[;—–] ?|, (?:an?|with|and)\b"
    r"| - |(?<=[a-z]{2})\. ")  # fmt: skip
# A word by which a heading says something, and is not only a row of names.
_SAYS = re.compile(r"(?<![\w'’-])(?!(?:an|and|at|but|by|for|from|in|into|of|on|or|the|to|with)\b)[a-z]{2,}")
_ABBREVIATED = re.compile(r"\b\w\.\w\.$")


class Titled(Protocol):
    """What of a claim bears on a story's title."""

    @property
    def claim_id(self) -> str: ...
    @property
    def claim(self) -> str: ...
    @property
    def entities(self) -> Sequence[str]: ...
    @property
    def organisations(self) -> Sequence[str]: ...
    @property
    def documents(self) -> Sequence[str]: ...
    @property
    def mentions(self) -> int: ...
    @property
    def first_at(self) -> datetime: ...


def title_of(group: Iterable[Titled], former: str | None = None) -> str:
    """Return the words of the claim that tells best what a story is about, as a heading.

    That is a short sentence that stands on its own, names what most of the claims are about and is said
    often and early; `former`, the title so far, stays unless another is clearly better.
    """
    claims = list(group)
    begun = min(claim.first_at for claim in claims)
    weight: Counter[str] = Counter()
    for claim in claims:
        weight.update({name: log1p(claim.mentions) + 0.1 for name in _names(claim)})
    weight_sum = sum(log1p(claim.mentions) + 0.1 for claim in claims)

    words = {claim.claim_id: _content(claim.claim) for claim in claims}

    def central(claim: Titled) -> float:
        """Return how central the claim is among the others, from 0 to 4."""
        matter = max((weight[name] / weight_sum for name in {*claim.entities} - {*claim.organisations}),
                     default=0)
        maker = max((weight[name] / weight_sum for name in claim.organisations), default=0)
        other_words = [words[other.claim_id] for other in claims if other.claim_id != claim.claim_id]
        own = words[claim.claim_id]
        near = [len(own & other) / max(1, min(len(own), len(other))) for other in other_words]
        return 2.5 * matter + 0.5 * maker + (sum(near) / len(near) if near else 0)

    def rank(claim: Titled) -> tuple[float, datetime, str]:
        title = heading(claim.claim)
        points = _reads(title, claim) + 1.2 * log1p(claim.mentions) + 0.6 * log1p(len(claim.documents))
        points += central(claim) + 0.8 * (claim.first_at <= begun + EARLY) + KEEP * (title == former)
        return -points, claim.first_at, claim.claim_id

    return heading(min(claims, key=rank).claim)


def heading(claim: str) -> str:
    """Return a claim's sentence without markup and without a full stop, capitalised, cut where it is long.

    It is cut where a clause ends, and else at a word.
    """
    text = _LEADING.sub("", one_line(_MARKUP.sub("", claim))).strip()
    if not _ABBREVIATED.search(text):
        text = text.rstrip(".")
    text = text or one_line(claim)
    first = text.split(" ", 1)[0]
    if first.isascii() and first.isalpha() and first.islower():
        text = text[0].upper() + text[1:]
    if len(text) <= LONG:
        return text
    ends = [cut.start() for cut in _CLAUSE.finditer(text) if 22 <= cut.start() <= TITLE]
    clean_ends = [end for end in ends if _closed(text[:end]) and _SAYS.search(text[:end])]
    if clean_ends:
        end = max((end for end in clean_ends if end <= LONG), default=clean_ends[0])
        return text[:end].rstrip(" ,;-–—")
    if len(text) <= TITLE:
        return text
    cut = text[: TITLE - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut else cut}…"


def _reads(title: str, claim: Titled) -> float:
    """Return how well a heading reads, by what can be told of its words."""
    points = 1.5 * stands(title)
    keys = [key for name in _names(claim) if (key := name_key(name))]
    start = name_key(title) or ""
    points += 0.5 * any(start.startswith(key) for key in keys)
    points -= 1.5 * bool(_HANDLE.search(claim.claim)) + 1.5 * bool(_TALK.search(title))
    points -= bool(_LEANS.match(title)) + bool(_SELF.search(title))
    points -= 2.0 * bool(_CODE.search(title)) + bool(_VERB_FIRST.match(title) and not points > 2)
    points -= 0.7 * bool(_DENIAL.search(title)) + 3.0 * has_han(title)  # the pages are English
    points -= title.endswith("…") + 0.5 * (not _closed(title)) + 1.5 * title.endswith("?")
    return points - max(0, len(title) - LONG) / 25


def _closed(text: str) -> bool:
    """Return whether each quotation mark and bracket that opens is closed."""
    pairs = all(text.count(opening) == text.count(closing) for opening, closing in ("()", "“”", "[]"))
    return pairs and text.count('"') % 2 == 0


def _content(text: str) -> frozenset[str]:
    """Return the beginnings of the longer words, by which claims about one thing are alike."""
    return frozenset(word[:6].casefold() for word in re.findall(r"\w+", text) if len(word) > 3)


def _names(claim: Titled) -> set[str]:
    return {*claim.entities, *claim.organisations}
