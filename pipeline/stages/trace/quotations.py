"""Verbatim quotations: words that one text has in quotation marks and another, earlier one has too."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.core.vocabulary import EdgeKind
from pipeline.stages.trace.earliest import Earliest
from pipeline.stages.trace.model import Post, Way

FEWEST = 8  # words: shorter ones may be said alike by chance
LONGEST = 50_000  # characters of a text that are looked at
SHOWN = 301  # characters of a quotation that an edge keeps
WORD = re.compile(r"\w+")
# Paired marks of English, German and French texts, and lines that are quoted as in mail and Markdown.
MARKED = re.compile(
    r"[“„«»\"]([^“”„«»\"]{1,2000})[”“»«\"]|^[ \t]*>+[ \t]*([^\n]{1,2000})(?!\w)", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Quotation:
    """`document_id` has `words` in quotation marks, `origin_document_id` has them too.

    `own` says that the latter has them outside quotation marks: as its own words. `later` says that the
    former is known to be later; where it is not, which came first is not known.
    """

    document_id: str
    origin_document_id: str
    words: str
    own: bool
    later: bool


def quoted(text: str) -> dict[str, str]:
    """Return the quotations of at least FEWEST words in `text`: plain words -> the words as written."""
    quotations: dict[str, str] = {}
    for match in MARKED.finditer(text[:LONGEST]):
        words = (match[1] or match[2]).strip()
        plain = plain_words(words)
        if plain.count(" ") >= FEWEST - 1:
            quotations.setdefault(plain, words)
    return quotations


def plain_words(text: str) -> str:
    """Return words for comparison: case, punctuation and kinds of apostrophes are taken off."""
    return " ".join(WORD.findall(text.casefold()))


def overlap(one: str, other: str) -> bool:
    """Return whether one of two stretches of text has all the words of the other, in their order."""
    a, b = f" {plain_words(one)} ", f" {plain_words(other)} "
    return a in b or b in a


def ways_of(quotations: Iterable[Quotation]) -> Iterator[Way]:
    """Yield the ways to whoever has the quoted words as their own; both ways where no order is known."""
    for q in quotations:
        if q.own:
            yield Way(q.document_id, q.origin_document_id, EdgeKind.QUOTATION, q.words)
            if not q.later:
                yield Way(q.origin_document_id, q.document_id, EdgeKind.QUOTATION, q.words)


def find_quotations(wordings: Wordings, posts: Mapping[str, Post], among: Set[str]) -> list[Quotation]:
    """Return for each quotation in the documents `among` the earliest other one of these that has its words.

    A document that has them as its own words goes before all that quote them too. Nothing quotes what is
    known to be younger.
    """
    quotations = []
    origins: dict[str, Earliest] = {}
    for document_id in sorted(wordings.marks.keys() & among):
        for plain, words in sorted(wordings.marks[document_id].items()):
            holders = wordings.holders[plain]
            if plain not in origins:
                origins[plain] = _earliest(holders, holders.keys() & among, posts)
            post = posts[document_id]
            if (origin := origins[plain].before(post)) is not None:
                later, own = post.certainly_after(origin), holders[origin.document_id]
                quotations.append(Quotation(document_id, origin.document_id, words, own, later))
    return [quotation for quotation in quotations if quotation.later or quotation.own]


class Wordings:
    """Documents with all their versions, and the quotations in them: read once for many claims.

    Cost grows with the length of the texts, not with the number of pairs.
    """

    def __init__(self, texts: Mapping[str, Iterable[str]]) -> None:
        self._texts = {document_id: tuple(versions) for document_id, versions in texts.items()}

    @cached_property
    def marks(self) -> dict[str, dict[str, str]]:
        """Return the quotations of each document that has some: plain words -> the words as written."""
        marks = {document_id: _merged(versions) for document_id, versions in self._texts.items()}
        return {document_id: quotations for document_id, quotations in marks.items() if quotations}

    @cached_property
    def holders(self) -> Mapping[str, Mapping[str, bool]]:
        """Return which documents have the words of a quotation, and whether they have them as their own."""
        sought = _Sought(plain for document_marks in self.marks.values() for plain in document_marks)
        holders: defaultdict[str, dict[str, bool]] = defaultdict(dict)
        for document_id, versions in self._texts.items():
            in_marks = {plain for mark in self.marks.get(document_id, ()) for plain in sought.found_in(mark)}
            for text in versions:
                for plain in sought.found_in(plain_words(text[:LONGEST])):
                    holders[plain][document_id] = plain not in in_marks
        return holders


class _Sought:
    """Quotations, word by word: those that a text holds are found in one pass over it."""

    def __init__(self, quotations: Iterable[str]) -> None:
        self._heads: dict[str, _Next] = {}
        for plain in quotations:
            words = plain.split(" ")
            step = self._heads.setdefault(" ".join(words[:FEWEST]), _Next())
            for word in words[FEWEST:]:
                step = step.by_word.setdefault(word, _Next())
            step.whole = plain

    def found_in(self, text: str) -> set[str]:
        """Return the quotations that stand in plain words."""
        words = text.split(" ")
        quotations = set()
        for start in range(len(words) - FEWEST + 1):
            step = self._heads.get(" ".join(words[start : start + FEWEST]))
            place = start + FEWEST
            while step is not None:
                if step.whole is not None:
                    quotations.add(step.whole)
                step = step.by_word.get(words[place]) if place < len(words) else None
                place += 1
        return quotations


@dataclass(slots=True)
class _Next:
    """The words that may come next in quotations that begin alike; `whole` where one of them ends here."""

    by_word: dict[str, _Next] = field(default_factory=dict)
    whole: str | None = None


def _merged(versions: Iterable[str]) -> dict[str, str]:
    merged: dict[str, str] = {}
    for text in versions:
        merged = quoted(text) | merged
    return merged


def _earliest(as_own: Mapping[str, bool], documents: Iterable[str], posts: Mapping[str, Post]) -> Earliest:
    """Order documents that have the words as their own before those that quote them, then by time."""
    return Earliest((posts[document_id] for document_id in documents), kin=lambda post: post.document_id,
                    order=lambda post: (not as_own[post.document_id], post.order))
