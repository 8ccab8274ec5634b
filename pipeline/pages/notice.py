"""A page of a few words: why there is no page at an address, and where to go on."""

from __future__ import annotations

from pipeline.core.config import PublisherConfig
from pipeline.pages.linked_data import page_data
from pipeline.pages.links import Links
from pipeline.pages.rendering import Head, render


def notice_page(
    title: str,
    words: str,
    links: Links,
    publisher: PublisherConfig,
    *,
    target: str | None = None,
    target_words: str = "",
) -> str:
    """Return a page that says `words` under `title`, with a link to `target`; both are words of our own."""
    head = Head(title, words, "", "", "", page_data(title, None, publisher, None), listed=False)
    return render(
        "notice.html",
        links,
        publisher,
        head=head,
        meta={},
        published=None,
        title=title,
        words=words,
        target=target,
        target_words=target_words,
    )
