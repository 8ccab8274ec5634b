"""Telegram's preview pages of a channel and of one post, with the classes by which its widget knows their parts."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from crawlers.demo.addresses import BARE, channel_number, paragraphs_of, resolve, url
from crawlers.demo.content import Place, Post, Web, with_links


def channel(place: Place, posts: Sequence[Post], web: Web) -> str:
    """The preview of a channel: its posts, oldest first as there."""
    wraps = [f'<div class="tgme_widget_message_wrap js-widget_message_wrap">{_message(one, web)}</div>' for one in reversed(posts)]
    history = "\n".join(wraps)
    return _page(place.name, f'<section class="tgme_channel_history js-message_history">\n{history}\n</section>')


def embedded(post: Post, web: Web) -> str:
    """One post at its own page."""
    return _page(post.place.name, _message(post, web))


def not_found() -> str:
    """The page of a post that does not exist: Telegram answers 200 and says so in the widget."""
    return _page("Telegram", '<div class="tgme_widget_message_error">Post not found</div>')


def _page(title: str, body: str) -> str:
    head = f'<head><meta charset="utf-8"><title>{escape(title)} &ndash; Telegram</title></head>'
    return f'<!DOCTYPE html>\n<html>{head}\n<body class="tgme_webpreview"><main class="tgme_main">\n{body}\n</main></body></html>\n'


def _message(post: Post, web: Web) -> str:
    """A post; one that forwards another bears the other's words under the other's name."""
    origin = web.posts[post.reposts] if post.reposts else None
    forwarded = ""
    if origin:
        name = f'<a class="tgme_widget_message_forwarded_from_name" href="{url(origin)}">{_name(origin.place)}</a>'
        forwarded = f'<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from&nbsp;{name}</div>\n'
    where, clock = url(post), f"{post.at:%Y-%m-%dT%H:%M:%S+00:00}"
    return f"""<div class="tgme_widget_message js-widget_message" data-post="{post.place.handle}/{channel_number(post)}">
<div class="tgme_widget_message_bubble">
<div class="tgme_widget_message_author"><a class="tgme_widget_message_owner_name" href="http://{post.place.host}/{post.place.handle}">{_name(post.place)}</a></div>
{forwarded}<div class="tgme_widget_message_text js-message_text" dir="auto">{_html(origin or post, web)}</div>
<div class="tgme_widget_message_footer compact"><span class="tgme_widget_message_views">{post.score}</span>
<a class="tgme_widget_message_date" href="{where}"><time datetime="{clock}" class="time">{post.at:%H:%M}</time></a></div>
</div></div>"""


def _name(place: Place) -> str:
    return f'<span dir="auto">{escape(place.name)}</span>'


def _html(post: Post, web: Web) -> str:
    """The text with its links; paragraphs are parted by line breaks."""

    def show(words: str, target: str) -> str:
        where = escape(resolve(target, web))
        return f'<a href="{where}" target="_blank" rel="noopener">{where if words == BARE else words}</a>'

    return "<br/><br/>".join(with_links(escape(text, quote=False), show) for text in paragraphs_of(post))
