"""Telegram's preview pages of a channel and of one post, with the class names that its widget uses."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from crawlers.demo.addresses import BARE, channel_number, paragraphs_of, resolve, url
from crawlers.demo.content import Place, Post, Web, with_links

_WIDGET = "tgme_widget_message"


def channel(place: Place, posts: Sequence[Post], web: Web) -> str:
    """Return the preview of a channel: its posts, oldest first as there."""
    head = '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
    history = "\n".join(f"{head}{_message(post, web)}</div>" for post in reversed(posts))
    section = '<section class="tgme_channel_history js-message_history">'
    return _page(place.name, f"{section}\n{history}\n</section>")


def embedded(post: Post, web: Web) -> str:
    """Return one post at its own page."""
    return _page(post.place.name, _message(post, web))


def not_found() -> str:
    """Return the page of a post that does not exist: Telegram answers 200 and says so in the widget."""
    return _page("Telegram", '<div class="tgme_widget_message_error">Post not found</div>')


def _page(title: str, body: str) -> str:
    head = f'<head><meta charset="utf-8"><title>{escape(title)} &ndash; Telegram</title></head>'
    main = f'<body class="tgme_webpreview"><main class="tgme_main">\n{body}\n</main></body>'
    return f"<!DOCTYPE html>\n<html>{head}\n{main}</html>\n"


def _message(post: Post, web: Web) -> str:
    """Return a post; one that forwards another bears the other's words under the other's name."""
    origin = web.posts[post.reposts] if post.reposts else None
    forwarded = ""
    if origin:
        name = f'<a class="{_WIDGET}_forwarded_from_name" href="{url(origin)}">{_name(origin.place)}</a>'
        forwarded = f'<div class="{_WIDGET}_forwarded_from accent_color">Forwarded from&nbsp;{name}</div>\n'
    number, channel = channel_number(post), f"http://{post.place.host}/{post.place.handle}"
    time = f'<time datetime="{post.at:%Y-%m-%dT%H:%M:%S+00:00}" class="time">{post.at:%H:%M}</time>'
    owner = f'<a class="{_WIDGET}_owner_name" href="{channel}">{_name(post.place)}</a>'
    return f"""<div class="{_WIDGET} js-widget_message" data-post="{post.place.handle}/{number}">
<div class="{_WIDGET}_bubble">
<div class="{_WIDGET}_author">{owner}</div>
{forwarded}<div class="{_WIDGET}_text js-message_text" dir="auto">{_html(origin or post, web)}</div>
<div class="{_WIDGET}_footer compact"><span class="{_WIDGET}_views">{post.score}</span>
<a class="{_WIDGET}_date" href="{url(post)}">{time}</a></div>
</div></div>"""


def _name(place: Place) -> str:
    return f'<span dir="auto">{escape(place.name)}</span>'


def _html(post: Post, web: Web) -> str:
    """Return the text with its links; paragraphs are parted by line breaks."""

    def show(words: str, target: str) -> str:
        href = escape(resolve(target, web))
        return f'<a href="{href}" target="_blank" rel="noopener">{href if words == BARE else words}</a>'

    return "<br/><br/>".join(with_links(escape(text, quote=False), show) for text in paragraphs_of(post))
