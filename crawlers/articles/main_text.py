"""The main text of a page: the page made ready for trafilatura, and what JSON-LD says the text is."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from html import unescape
from typing import Any

from lxml import etree
from lxml import html as lxml_html
from trafilatura import bare_extraction

from crawlers.articles.metadata import LinkedData, letters
from crawlers.normalise.lists import numbers
from crawlers.normalise.text_repair import repair

MAX_CONTAINERS = 60
"""Parts of a page's text that are joined at most."""
MAX_RUN = 200
"""Inline elements of a paragraph made of loose words at most: trafilatura takes the square of their time."""
LONGER = 1.5
"""A stated text this many times as long as what was read shows that a part of the page was not read."""
STATED = 600
"""A shorter stated text, in letters, may be no more than a summary."""

_CONTAINER = re.compile(
    r"(?:article|story|entry|post|body)[-_]*(?:body|content|text|container)|^body$|content[-_]*body",
    re.IGNORECASE,
)
_OTHERS = re.compile(r"comment|related|teaser|promo|recommend|card|sidebar|newsletter", re.IGNORECASE)
_HEADS = ("h1", "h2", "h3", "time")
_APART = frozenset({"article", "aside", "nav", "footer", "li"})
_BOXES = frozenset({"article", "main", "section", "div", "blockquote", "td"})
_INLINE = frozenset({
    "a", "abbr", "b", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "small",
    "span", "strong", "sub", "sup", "time", "u",
})
_MAX_STATED = 1_000_000
_ENDS = re.compile(r"<(?:br|/p|/div|/li|/h[1-6])\b[^<>]{0,500}>", re.IGNORECASE)
_TAGS = re.compile(r"</?[a-z][^<>]{0,500}>", re.IGNORECASE)


def main_text(tree: Any, url: str) -> Any:
    """Return trafilatura's tree of the main text, empty where there is none; changes `tree`.

    Raises ValueError where the page cannot be read.
    """
    for item, number in numbers(tree):
        item.text = number + (item.text or "").lstrip()
    for quoted in tree.iter("q"):
        quoted.tag = "span"  # trafilatura takes it for a block quotation and would tear its sentence apart
    join_containers(tree)
    wrap_loose_text(tree)
    try:
        extraction = bare_extraction(
            tree, url=url, include_comments=False, include_links=True, with_metadata=False
        )
    except (RecursionError, etree.LxmlError, ValueError) as error:
        raise ValueError(f"{url} has no main text that can be read: {error}") from error
    if extraction is None or isinstance(extraction, dict) or extraction.body is None:
        return etree.Element("body")
    return extraction.body


def join_containers(tree: Any) -> None:
    """Join a text that stands in several containers of one kind, as between adverts: in the first of them.

    Parts that have a headline or a time of their own beside them are a list of stories, and stay apart.
    """
    groups: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for element in tree.iter("div", "section"):
        name = element.get("class") or ""
        words = name.split()
        if words and any(_CONTAINER.search(word) for word in words) and not _OTHERS.search(name):
            groups[element.tag, name].append(element)
    for parts in groups.values():
        if 1 < len(parts) <= MAX_CONTAINERS and _one_text(parts):
            for part in parts[1:]:
                _move(part, parts[0])


def _one_text(parts: list[Any]) -> bool:
    """Return whether these containers hold one text: none in another, all of one article, none a story."""
    lineages = [list(part.iterancestors()) for part in parts]
    sets = [set(lineage) for lineage in lineages]
    if any(part in lineage for part in parts for lineage in sets):
        return False
    shared = next((element for element in lineages[0] if all(element in lineage for lineage in sets)), None)
    if shared is None or any(part.find(".//p") is None for part in parts):
        return False
    branches = [
        [part, *lineage[: lineage.index(shared)]] for part, lineage in zip(parts, lineages, strict=True)
    ]
    if any(element.tag in _APART for branch in branches for element in branch):
        return False
    part_heads = {head for part in parts for head in part.iter(*_HEADS)}
    first, last = branches[0][-1], branches[-1][-1]
    between = [first, *itertools.takewhile(lambda element: element is not last, first.itersiblings()), last]
    return all(head in part_heads for element in between for head in element.iter(*_HEADS))


def _move(part: Any, target: Any) -> None:
    if (part.text or "").strip():
        part.insert(0, _paragraph(part.text))
    for child in list(part):
        target.append(child)


def wrap_loose_text(tree: Any) -> None:
    """Make a paragraph of each run of words and inline elements that stands between paragraphs.

    Trafilatura would take such a sentence apart at its links.
    """
    for box in {paragraph.getparent(): None for paragraph in tree.iter("p")}:
        if box is not None and box.tag in _BOXES:
            _wrap(box)


def _wrap(box: Any) -> None:
    run: list[Any] = []
    previous: Any = None
    text, box.text = box.text, None
    for child in [*box, None]:
        if child is not None and child.tag in _INLINE:
            run.append(child)
            continue
        has_words = any((part or "").strip() for part in (text, *(element.tail for element in run)))
        if has_words and len(run) <= MAX_RUN:
            paragraph = _paragraph(text)
            paragraph.extend(run)
            box.append(paragraph) if child is None else child.addprevious(paragraph)
        elif previous is None:
            box.text = text
        else:
            previous.tail = text
        if child is not None:
            run, previous, text, child.tail = [], child, child.tail, None


def _paragraph(text: str | None) -> Any:
    paragraph = lxml_html.HtmlElement()
    paragraph.tag, paragraph.text = "p", text
    return paragraph


def stated_text(ld: LinkedData, read: str) -> str | None:
    """Return the text that the page's JSON-LD gives, where it is far longer than what was `read` of it.

    None where it is not, or is another text than the one that was read.
    """
    body = ld.article.get("articleBody")
    if isinstance(body, list):
        body = "\n\n".join(part for part in body if isinstance(part, str))
    if not isinstance(body, str) or len(body) > _MAX_STATED:
        return None
    text = unescape(_TAGS.sub(" ", _ENDS.sub("\n", body)))
    blocks = [" ".join(line.split()) for line in text.splitlines()]
    stated = repair("\n\n".join(block for block in blocks if block)).strip()
    stated_letters, read_letters = letters(stated), letters(read)
    if len(stated_letters) < STATED or len(stated_letters) < LONGER * len(read_letters):
        return None
    read_blocks = [letters(block) for block in read.split("\n\n")]
    covered = sum(len(block) for block in read_blocks if block in stated_letters)
    return stated if 2 * covered >= len(read_letters) else None
