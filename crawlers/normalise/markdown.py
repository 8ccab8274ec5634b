"""A post's Markdown as the text that a reader sees, and the links in it.

Platforms show Markdown as HTML, so that it is read as that: by CommonMark, then as any other post's HTML. A
post has the same text whether its HTML was crawled or its Markdown comes from a file.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from crawlers.normalise.html import MAX_LINKS, html_text, links_in
from crawlers.normalise.text_repair import repair
from crawlers.normalise.time_limit import bounded
from pipeline.core.inbox_records import InboxLink

SECONDS = 10.0
"""Processor seconds for one text: 50,000 characters of nothing but marks take one at most."""

# A line break stays one, as in the text of a post on any other platform: two lines are never one sentence.
_POST, _PAGE = (MarkdownIt("commonmark", {"html": tags, "breaks": True}).enable(["table", "strikethrough"])
                for tags in (False, True))
# What an API that answers in HTML's alphabet escapes, and the blanks that editors write by name.
_ESCAPED = re.compile(r"&(amp|lt|gt|quot|nbsp|#39|#x27|#x200b);", re.IGNORECASE)
_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "nbsp": " ", "#39": "'", "#x27": "'",
               "#x200b": ""}
_SPOILER = re.compile(r">!(?=\S)|(?<=\S)!<(?![\w/])")
# A link whose address was cut off, or bears what no address does, is none to a parser.
_CUT_LINK = re.compile(r"!?\[([^\[\]\n]{1,500})\]\(<?(?:https?:|www\.)[^\s()]*[)>]*")
_SHOWS = re.compile(
    r"\]\(<?https?:"  # a link
    r"|(?<![*\w])\*\*(?=[^\s*])[^*\n]{1,500}\*\*(?![*\w])"  # bold words
    r"|\\[-_*.#>~()\[\]!+|`]"  # an escaped character
)


def unescaped(text: str) -> str:
    """Return a text without the escapes of HTML ("&amp;") that an API put into what is no HTML."""
    return _ESCAPED.sub(lambda match: _CHARACTERS[match[1].lower()], text)


def shows_markdown(text: str) -> bool:
    """Return whether a text that need not be Markdown has marks that nothing else has."""
    return _SHOWS.search(text) is not None


def markdown_text(markdown: str, base: str, *, tags: bool = False) -> tuple[str, tuple[InboxLink, ...]]:
    """Return the text of `markdown`, and its links, bare addresses among them.

    `tags`: its HTML is HTML, as on GitHub and Hugging Face; else tags are words ("<think>"), as on Reddit.

    Quotations, lists and tables have the form of `html_text`; emphasis, headings, escapes and the targets of
    links are left out. A text that takes more than `SECONDS` to read stays as it came.
    """
    source = repair(markdown)
    try:
        with bounded(SECONDS, "a text in Markdown"):
            html = _PAGE.render(source) if tags else _POST.render(_SPOILER.sub("", unescaped(source)))
            text, links = html_text(html, base)
    except ValueError:
        return markdown, links_in(source)
    text = _CUT_LINK.sub(r"\1", text).strip()
    by_url = {link.url: link for link in reversed((*links, *links_in(text)))}
    return text, tuple(reversed(by_url.values()))[:MAX_LINKS]
