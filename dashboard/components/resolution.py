"""A resolution text on a page."""

from __future__ import annotations

from markupsafe import Markup

from dashboard.components import html


def lines(text: str) -> Markup:
    """Return the lines `Label: sentences` of a text as a list of HTML."""
    items = (line.partition(": ") for line in text.splitlines())
    labelled, bare = Markup("<li><b>{}:</b> {}</li>"), Markup("<li>{}</li>")
    listed = Markup().join(
        labelled.format(html.text(label, 60), html.text(words, 2000)) if colon
        else bare.format(html.text(label, 2000))
        for label, colon, words in items
    )
    return Markup('<ul class="rt-plain rt-trail">{}</ul>').format(listed)
