"""Cut a title or text into passages that keep their place: a sentence, or a whole short post.

Offsets are exact and only blank space is left out, so that a passage can be quoted from its place. There is
no statistical splitter: the same text gives the same passages in every version of a parser.
Lengths are widths: a Han character says about as much as two letters and counts as two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.chinese.han import is_han
from models.language.parsing.sentences import QUOTED_LINE, ends

WHOLE = 280  # a post that fits a platform's short form is read whole
LONGEST = 600  # longer than a sentence that a person writes: tables, logs, walls of links
SHORTEST = 40  # a shorter fragment joins its neighbour

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_OPENS_QUOTED = re.compile(rf"^{QUOTED_LINE.pattern}", re.MULTILINE)
_BREAKS = " \t\u3000，、；：,;"

Span = tuple[int, int]


def spans(text: str, whole: int = WHOLE) -> list[Span]:
    """Return the passages of `text` as code points `(start, end)`, in order; none of a blank text.

    A short text is one passage, unless it quotes another in lines of their own.
    """
    start, end = _trimmed(text, 0, len(text))
    if start == end:
        return []
    if _fits(text, start, end, whole) and not _mixed(text, start, end):
        return [(start, end)]
    return [part for line in _LINE.finditer(text) for piece in _sentences(text, *line.span(), whole)
            for part in _cut(text, *piece)]


def _mixed(text: str, start: int, end: int) -> bool:
    """Return whether some lines quote somebody and others do not."""
    if _OPENS_QUOTED.search(text, start, end) is None:
        return False
    quoted = {QUOTED_LINE.match(text, *line.span()) is not None for line in _LINE.finditer(text, start, end)
              if not line[0].isspace()}
    return len(quoted) > 1


def _sentences(text: str, start: int, stop: int, whole: int) -> list[Span]:
    """Return the sentences of a line; a fragment joins the sentence before it, else the one after it."""
    pieces: list[Span] = []
    at = start
    for end in (*ends(text, start, stop), stop):
        first, last = _trimmed(text, at, end)
        at = max(at, end)
        if first == last:
            continue
        neighbours = [(first, last), *pieces[-1:]]
        fragment = any(_fits(text, *piece, SHORTEST - 1) for piece in neighbours)
        if pieces and fragment and _fits(text, pieces[-1][0], last, whole):
            pieces[-1] = (pieces[-1][0], last)
        else:
            pieces.append((first, last))
    return pieces


def _fits(text: str, start: int, end: int, width: int) -> bool:
    """Return whether a span is at most `width` wide, without scanning a long one."""
    return end - start <= width and end - start + sum(map(is_han, text[start:end])) <= width


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield a sentence in parts of at most the longest width, cut at blanks or after commas if possible."""
    while end - start > LONGEST // 2 and not _fits(text, start, end, LONGEST):
        width = stop = 0
        for stop in range(start, end):
            width += 1 + is_han(text[stop])
            if width > LONGEST:
                break
        half = start + (stop - start) // 2
        break_at = max(text.rfind(mark, half, stop) for mark in _BREAKS)
        stop = break_at + 1 if break_at > 0 else stop
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
