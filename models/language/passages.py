"""Cut a title or text into passages that keep their place: a sentence, or a whole short post.

Offsets are exact and nothing is left out but blank space, so that what a passage says can be quoted from
where it stands. No statistical splitter: the same text gives the same passages in every version of a parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.language.parsing.sentences import ends, is_han

WHOLE = 280  # a post that fits a platform's short form is read whole; a Han character counts as two
LONGEST = 600  # longer than a sentence that a person writes: tables, logs, walls of links
SHORTEST = 40  # a fragment goes with its neighbour

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")

Span = tuple[int, int]


def spans(text: str, whole: int = WHOLE) -> list[Span]:
    """Return the passages of `text` as code points `(start, end)`, in order; none of a blank text."""
    start, end = _trimmed(text, 0, len(text))
    if start == end:
        return []
    if end - start <= whole and end - start + sum(map(is_han, text[start:end])) <= whole:
        return [(start, end)]
    return [part for line in _LINE.finditer(text) for piece in _sentences(text, *line.span(), whole)
            for part in _cut(text, *piece)]


def _sentences(text: str, start: int, stop: int, whole: int) -> list[Span]:
    """Return the sentences of a line, a fragment with what stands before it or else after it."""
    pieces: list[Span] = []
    at = start
    for end in (*ends(text, start, stop), stop):
        first, last = _trimmed(text, at, end)
        at = max(at, end)
        if first == last:
            continue
        fragment = last - first < SHORTEST or (pieces and pieces[-1][1] - pieces[-1][0] < SHORTEST)
        if pieces and fragment and last - pieces[-1][0] <= whole:
            pieces[-1] = (pieces[-1][0], last)
        else:
            pieces.append((first, last))
    return pieces


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    while end - start > LONGEST:
        space = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        stop = space if space > 0 else start + LONGEST
        yield _trimmed(text, start, stop)
        start, _ = _trimmed(text, stop, end)
    if end > start:
        yield start, end


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
