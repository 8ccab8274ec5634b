"""Read a page as a browser does, and tell whether anything in it is not ours."""

from __future__ import annotations

import re
from html.parser import HTMLParser

OURS = {
    "html", "head", "meta", "title", "style", "link", "script", "base", "body", "header", "main",
    "footer", "section", "article", "aside", "figure", "figcaption", "div", "p", "h1", "h2", "h3", "ul",
    "ol", "li", "dl", "dt", "dd", "b", "i", "br", "wbr", "span", "bdi", "mark", "code", "pre", "a",
    "blockquote", "time", "details", "summary", "form", "label", "input", "button", "svg", "line",
    "rect", "text", "circle", "polygon", "g", "path",
}  # fmt: skip
INSIDE = re.compile(r"(\.\./[\w./%=?#&;-]*|#e\d+|data:image/svg\+xml,.*)")


class Page(HTMLParser):
    """A page's tags and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.data = ""
        self._in = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("style", "script"):
            self._in = tag

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in == "script":
            self.data += data
        elif not self._in:
            self.text += data


def only_ours(html: str, *, data: bool = True) -> Page:
    """Return `html` read; assert that each tag and address is one of ours, or a plain link to elsewhere."""
    page = Page(html)
    for tag, attributes in page.tags:
        assert tag in OURS, tag
        assert not set(attributes) & {"src", "srcset", "style", "background", "ping", "srcdoc"}, attributes
        assert not [name for name in attributes if name.startswith("on")], attributes
        if tag == "script":
            assert data and attributes == {"type": "application/ld+json"}
        href = attributes.get("href")
        if href is not None and not INSIDE.fullmatch(href):
            assert re.match(r"https?://", href), href
            if tag == "a":
                assert set((attributes["rel"] or "").split()) == {"noreferrer", "noopener", "nofollow"}
            else:
                assert attributes["rel"] == "canonical"
    assert not set(page.text) & set("\u202e\u2066\x01\x08\x1b")
    return page
