"""Cut a checked text into the stretches that are shown: each with one statement, or the rest without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.check.records import Checked, CheckedStatement

FOLDED = 600
"""Characters between two statements that are shown at once; of more the middle is folded away."""
EDGE = 200  # characters that stay beside a statement where the rest is folded
_BLANK = re.compile(r"\n[ \t\xa0]*(?:\n[ \t\xa0]*)+")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the text: what stands `before` a statement, of which `folded` is hidden until asked for,
    and the statement itself. The last one may have none.
    """

    opening: str
    folded: str
    before: str
    statement: CheckedStatement | None


def segments(checked: Checked) -> Iterator[Segment]:
    """Yield the stretches of a text in order; together they are the text, but for blank space around them and
    more than one empty line.

    Statements that overlap are each shown whole.
    """
    position = 0
    for statement in checked.statements:
        yield _segment(checked.text[position : max(position, statement.start)], statement)
        position = max(position, statement.end)
    if tail := checked.text[position:].strip():
        yield _segment(tail, None)


def _segment(words: str, statement: CheckedStatement | None) -> Segment:
    words = _BLANK.sub("\n\n", words).lstrip()
    if len(words) <= FOLDED:
        return Segment("", "", words, statement)
    return Segment(words[:EDGE], words[EDGE:-EDGE], words[-EDGE:], statement)
