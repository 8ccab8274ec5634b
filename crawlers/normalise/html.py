"""A post's HTML as the text that a reader sees, and the links in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from crawlers.normalise.lists import numbers
from crawlers.normalise.urls import canonical_url
from pipeline.core.inbox_records import InboxLink
from pipeline.core.text import one_line

MAX_LINKS = 200
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What XML cannot hold."""

_BLOCKS = frozenset({
    "p", "div", "blockquote", "pre", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr",
    "hr", "section", "article", "figure",
})
_MAX_SPAN = 50
_MAX_QUOTE = len("> ") * 10
"""Characters for the marks of quotations one in the other: each line bears all of them."""
_BULLET = "- "
_SILENT = frozenset({"script", "style", "template", "head"})
_URL = re.compile(r"https?://[^\s<>\"'\]]+")
_TRAIL = ".,;:!?)]}'*_"
"""What ends a sentence or a mark-up rather than the address before it."""


@dataclass(slots=True)
class _Head:
    """What a block begins with: the marks of the quotations that it is in, and the one of its list's item.

    Blocks of a list or a table are lines `close` to each other. A number stands before the first block of its
    item alone.
    """

    quote: str = ""
    mark: str = ""
    close: bool = False


class _Writer:
    """Gathers blocks of text; a quoted block keeps the mark that shows it is somebody else's words."""

    def __init__(self) -> None:
        self._blocks: list[tuple[bool, str]] = []
        self._words: list[str] = []
        self._verbatim = False

    def add(self, text: str | None, *, verbatim: bool) -> None:
        if text:
            self._verbatim = self._verbatim or verbatim
            self._words.append(text if verbatim else re.sub(r"[ \t\r\n\f]+", " ", text))

    def pause(self) -> None:
        self._words.append("\n")

    def end_block(self, head: _Head) -> None:
        text = "".join(self._words)
        if not self._verbatim:
            text = "\n".join(line.strip(" ") for line in text.split("\n"))
        text = text.strip("\n")
        if text.strip():
            lines = text.replace("\n", f"\n{head.quote}")
            self._blocks.append((head.close, head.quote + head.mark + lines))
            head.mark = _BULLET if head.mark == _BULLET else ""
        self._words = []
        self._verbatim = False

    def text(self) -> str:
        """Return the blocks, separated by an empty line, and those of a list or a table by a line break."""
        parts: list[str] = []
        was_close = False
        for close, text in self._blocks:
            if parts:
                parts.append("\n" if close and was_close else "\n\n")
            parts.append(text)
            was_close = close
        return "".join(parts)


def html_text(html: str, base: str) -> tuple[str, tuple[InboxLink, ...]]:
    """Return the text of `html`, and its links.

    Quoted blocks stand after "> ", the items of a list after "- " or their number; a table's rows are lines,
    their cells separated by " | ". Raises ValueError for broken HTML.
    """
    clean = CONTROL.sub("", html).encode("utf-8", "replace")
    if not clean.strip():
        return "", ()
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = lxml_html.fragment_fromstring(clean, create_parent="div", parser=parser)
    except (etree.LxmlError, AssertionError) as error:
        raise ValueError(f"HTML that cannot be read: {error}") from error
    links = tuple(_links(root, base))
    rows = _flattened(root)
    marks = dict(numbers(root))
    writer = _Writer()
    heads, depth_pre, silent = [_Head()], 0, 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in _SILENT:
            silent += 1 if event == "start" else -1
        elif silent:
            continue
        elif tag == "br" and event == "start":
            writer.pause()
        elif tag in _BLOCKS:
            writer.end_block(heads[-1])
            if event == "start":
                heads.append(_head(element, heads[-1], marks, close=element in rows))
            else:
                heads.pop()
        depth_pre += (tag == "pre") * (1 if event == "start" else -1)
        if silent:
            continue
        if event == "start":
            writer.add(element.text, verbatim=depth_pre > 0 or element in rows)
        elif element is not root:
            writer.add(element.tail, verbatim=depth_pre > 0)
    writer.end_block(_Head())
    return writer.text(), links


def links_in(text: str) -> tuple[InboxLink, ...]:
    """Return the URLs that stand in plain text."""
    links: dict[str, InboxLink] = {}
    for match in _URL.finditer(text):
        try:
            target = canonical_url(match[0].rstrip(_TRAIL))
        except ValueError:
            continue
        links.setdefault(target, InboxLink(target))
        if len(links) == MAX_LINKS:
            break
    return tuple(links.values())


def _head(element: Any, outer: _Head, marks: dict[Any, str], *, close: bool) -> _Head:
    if element.tag == "blockquote":
        return _Head((outer.quote + "> ")[:_MAX_QUOTE])
    if element.tag == "li":
        is_ordered = element.getparent().tag == "ol"
        return _Head(outer.quote, marks.get(element, "" if is_ordered else _BULLET), close=True)
    return _Head(outer.quote, close=True) if close else outer


def _flattened(root: Any) -> set[Any]:
    """Make one line of each row that has cells side by side, and return those rows.

    A single cell only frames what is in it. The cells of a row with a quotation become blocks instead: on one
    line, nothing would show where somebody else's words end.
    """
    rows = set()
    for row in list(root.iter("tr")):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        if len(cells) < 2:
            continue
        if row.find(".//blockquote") is not None:
            for cell in cells:
                cell.tag = "div"
            continue
        line = ""
        for cell in cells:
            for silent in list(cell.iter(*_SILENT)):
                silent.drop_tree()
            for inner in cell.iter(*_BLOCKS, "br", "td", "th"):
                inner.tail = f" {inner.tail or ''}"
            line += one_line("".join(cell.itertext())) + " | " * _columns(cell)
        tail = row.tail
        row.clear()
        row.text, row.tail = line.removesuffix(" | "), tail
        rows.add(row)
    return rows


def _columns(cell: Any) -> int:
    span = cell.get("colspan") or ""
    return min(int(span), _MAX_SPAN) if re.fullmatch("[1-9][0-9]{0,3}", span) else 1


def _links(root: Any, base: str) -> list[InboxLink]:
    links: dict[str, InboxLink] = {}
    for anchor in root.iter("a"):
        # Names of people and tags are links to a platform's own pages, not to what the post speaks of.
        if {"mention", "hashtag"} & set((anchor.get("class") or "").split()):
            continue
        try:
            target = canonical_url(anchor.get("href") or "", base=base)
        except ValueError:
            continue
        words = one_line("".join(anchor.itertext()))
        links.setdefault(target, InboxLink(target, words=words or None))
        if len(links) == MAX_LINKS:
            break
    return list(links.values())
