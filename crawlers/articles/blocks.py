"""The main text that trafilatura found as paragraphs: every word of it, in the order of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_BLOCKS = frozenset({"p", "head", "quote", "list", "item", "table", "row", "cell", "div"})
_LISTED = frozenset({"list", "table"})
_TIGHT = frozenset({"p", "head", "item", "cell"})
"""Elements in which code stands amid words, unless it has lines of its own."""


def paragraphs(body: Any) -> Iterator[str]:
    """Yield the blocks of trafilatura's tree: the items of a list and the rows of a table are lines of one.

    Words that stand between two blocks, or before the first one, are a block of their own. The cells of a row
    are separated by " | ", an empty one too, so that each stays in its column.
    """
    for block in _blocks(body):
        if block.strip():
            yield block


def line(element: Any) -> str:
    """Return an element's text on one line, runs of white space made one space; a no-break space stays."""
    return _folded("".join(_words(element)))


def _folded(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text).strip()


def _words(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield " " if child.tag == "lb" or child.tag in _BLOCKS else ""
        yield from _words(child)
        yield " " if child.tag in _BLOCKS else ""
        yield child.tail or ""


def _blocks(element: Any) -> Iterator[str]:
    """Yield the blocks in an element, and the words beside them."""
    run = [element.text or ""]
    for child in element:
        if _is_block(child):
            yield _folded("".join(run))
            run = []
            yield from _block(child)
        else:
            run.append(" " if child.tag == "lb" else "".join(_words(child)))
        run.append(child.tail or "")
    yield _folded("".join(run))


def _is_block(element: Any) -> bool:
    if element.tag == "code":
        parent = element.getparent()
        return parent.tag not in _TIGHT or "\n" in "".join(element.itertext()).strip()
    return element.tag in _BLOCKS or any(inner.tag in _BLOCKS for inner in element.iterdescendants())


def _block(element: Any) -> Iterator[str]:
    if element.tag == "list":
        yield "\n".join(text for text in _list_lines(element) if text)
    elif element.tag == "table":
        yield from _table(element)
    elif element.tag == "code":
        yield "".join(element.itertext()).strip("\n")
    else:
        yield from _blocks(element)


def _list_lines(element: Any) -> Iterator[str]:
    """Yield a list's items, each on a line; a list in an item follows the words before it."""
    yield _folded(element.text or "")
    for child in element:
        run = [child.text or ""] if child.tag == "item" else [line(child)]
        for inner in child if child.tag == "item" else ():
            if inner.tag in _LISTED:
                yield _folded("".join(run))
                run = []
                yield from "\n".join(_block(inner)).split("\n")
            else:
                gap = " " if inner.tag == "lb" or _is_block(inner) else ""
                run += [gap, line(inner) if gap else "".join(_words(inner)), gap]
            run.append(inner.tail or "")
        yield _folded("".join(run))
        yield _folded(child.tail or "")


def _table(element: Any) -> Iterator[str]:
    """Yield a table's rows as lines; one that never has two cells side by side only frames what is in them.
    """
    rows = [list(row.iter("cell")) for row in element.iter("row")]
    if all(sum(bool(line(cell)) for cell in cells) < 2 for cells in rows):
        for cells in rows:
            for cell in cells:
                yield from _blocks(cell)
    else:
        lines = [" | ".join(line(cell) for cell in cells) for cells in rows]
        yield "\n".join(text for text in lines if text.strip(" |"))
    yield from (_folded(row.tail or "") for row in element.iter("row"))
