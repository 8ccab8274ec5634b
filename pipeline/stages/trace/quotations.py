"""Verbatim quotations: words that one text has in quotation marks and another, earlier one has too."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.core.records import EdgeKind
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
    found: dict[str, str] = {}
    for match in MARKED.finditer(text[:LONGEST]):
        words = (match[1] or match[2]).strip()
        plain = plain_words(words)
        if plain.count(" ") >= FEWEST - 1:
            found.setdefault(plain, words)
    return found


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


def find_quotations(texts: Mapping[str, Iterable[str]], posts: Mapping[str, Post]) -> list[Quotation]:
    """Return for each quotation in `texts` (document -> all versions) the earliest other document that has
    its words.

    A document that has them as its own words goes before all that quote them too. Nothing quotes what is
    known to be younger. One pass over the texts: cost grows with their length, not with the number of pairs.
    """
    marks = {document_id: _merged(versions) for document_id, versions in texts.items()}
    heads: dict[str, set[str]] = defaultdict(set)
    for found in marks.values():
        for plain in found:
            heads[" ".join(plain.split(" ", FEWEST)[:FEWEST])].add(plain)
    if not heads:
        return []
    holders: dict[str, dict[str, bool]] = defaultdict(dict)  # quotation -> document -> as its own words
    for document_id, versions in texts.items():
        for text in versions:
            for plain in _held(text, heads):
                holders[plain][document_id] = not any(
                    f" {plain} " in f" {mark} " for mark in marks[document_id]
                )
    # Who has the words as his own before who quotes them, then the earliest.
    first = {
        plain: sorted(held, key=lambda document_id: (not held[document_id], posts[document_id].order))
        for plain, held in holders.items()
    }
    return [
        quotation
        for document_id in sorted(marks)
        for plain, words in sorted(marks[document_id].items())
        if (
            quotation := _earliest(
                posts[document_id], words, (posts[other] for other in first[plain]), holders[plain]
            )
        )
    ]


def _merged(versions: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in versions:
        found = quoted(text) | found
    return found


def _held(text: str, heads: Mapping[str, set[str]]) -> set[str]:
    words = WORD.findall(text[:LONGEST].casefold())
    whole = f" {' '.join(words)} "
    begun = (heads.get(" ".join(words[i : i + FEWEST])) for i in range(len(words) - FEWEST + 1))
    return {plain for found in begun if found for plain in found if f" {plain} " in whole}


def _earliest(post: Post, words: str, others: Iterable[Post], own: Mapping[str, bool]) -> Quotation | None:
    """Return the quotation of the first of `others` that is not known to be younger."""
    may = (
        other for other in others if other.document_id != post.document_id and not other.certainly_after(post)
    )
    origin = next(may, None)
    if origin is None:
        return None
    quotation = Quotation(
        post.document_id, origin.document_id, words, own[origin.document_id], post.certainly_after(origin)
    )
    return quotation if quotation.later or quotation.own else None
