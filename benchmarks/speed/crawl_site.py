"""A site of made-up news pages of about 60 KB each, served from memory; run, it prints its address.

A page is put together from parts that are built before the first request, with a headline, a lead and an
address of its own, so that no two pages are alike and serving one costs next to nothing. `/feed/N` lists the
pages of feed N, PER_FEED of them; `/served` tells how many pages were sent.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable

from benchmarks.speed.loopback_site import HTML, RSS, Answer, Site, serve

PER_FEED = 500
PARTS = 211
"""Different halves of an article; a prime, so that two halves seldom meet twice."""
_STYLE, _SCRIPT, _TEASERS, _COMMENTS = 50, 8, 28, 20

_WORDS = tuple(
    word
    for line in (
        "the of a to in and that for on with its by as at from model release report training data price "
        "weights benchmark ",
        "score licence company team engineers customers early spring plan delay context window tokens "
        "inference cost chip ",
        "cluster rumour source memo statement spokesperson analyst figure quarter partner open closed "
        "version preview safety ",
        "test result number evidence month week launch rival product paper author claim denied confirmed "
        "expected smaller ",
        "larger cheaper faster public internal draft published reached raised signed left joined said told "
        "asked showed",
    )
    for word in line.split()
)
_NAMES = (
    "Mara Ellison",
    "Tomás Rey",
    "Ines Kovač",
    "Jonah Weiß",
    "Priya Natar",
    "Lukas Brandt",
    "Sofía Arce",
    "Dale Whitcomb",
)


def sentence(chance: random.Random) -> str:
    """Return one made-up sentence, some with what editors type: dashes, curly quotation marks, accents."""
    words = " ".join(chance.choices(_WORDS, k=chance.randint(9, 26))).capitalize()
    match chance.randrange(6):
        case 0:
            return f"“{words},” {chance.choice(_NAMES)} said."
        case 1:
            return f"{words} — and that is {chance.randint(2, 90)}% more than last year’s."
        case _:
            return f"{words}."


def paragraph(chance: random.Random) -> str:
    """Return a paragraph of an article, one in two with a link."""
    sentences = [sentence(chance) for _ in range(chance.randint(3, 5))]
    if chance.randrange(2) == 0:
        sentences[0] += (
            f' <a href="/topic/{chance.choice(_WORDS)}-{chance.randrange(999)}">{chance.choice(_WORDS)} '
            f'{chance.choice(_WORDS)}</a>'
        )
    return f"<p>{' '.join(sentences)}</p>\n"


def half(chance: random.Random) -> bytes:
    """Return half of an article's body: paragraphs, a subheading, a quotation, a picture, a list."""
    parts = [paragraph(chance) for _ in range(7)]
    parts.insert(2, f"<h2>{' '.join(chance.choices(_WORDS, k=5)).capitalize()}</h2>\n")
    parts.insert(4, f"<blockquote><p>{sentence(chance)} {sentence(chance)}</p></blockquote>\n")
    parts.insert(
        5,
        f'<figure class="c-fig"><picture><source srcset="/img/{chance.randrange(9999)}.webp 1x" '
        f'type="image/webp">'
        f'<img src="/img/{chance.randrange(9999)}.jpg" alt="{sentence(chance)}" loading="lazy" width="1200" '
        f'height="675"></picture>'
        f"<figcaption>{sentence(chance)}</figcaption></figure>\n",
    )
    parts.append(f"<ul>{''.join(f'<li>{sentence(chance)}</li>' for _ in range(3))}</ul>\n")
    return "".join(parts).encode()


def numbers(chance: random.Random) -> str:
    """Return the data that a script of a page carries, as JSON."""
    return json.dumps({f"k{n}": [chance.randrange(1 << 30) for _ in range(50)] for n in range(2)})


def furniture(chance: random.Random) -> tuple[bytes, bytes]:
    """Return what is around the article on pages of one kind: styles, scripts, menus, teasers, comments."""
    style = "".join(
        f".c-{chance.choice(_WORDS)}-{number}>.c-{chance.choice(_WORDS)}{{"
        f"margin:0 {chance.randrange(64)}px;color:#{chance.randrange(4096):03x};"
        f"font:{chance.randrange(12, 40)}px/1.4 var(--serif),Georgia,serif;display:flex}}\n"
        for number in range(_STYLE)
    )
    scripts = "".join(
        f"<script>window.__q=window.__q||[];window.__q.push({numbers(chance)});"
        "(function(d,s){var j=d.createElement(s);j.async=1;"
        "if(j.readyState<2&&d.head){d.head.appendChild(j)}})(document,'script');</script>\n"
        for _ in range(_SCRIPT)
    )
    menu = "".join(
        f'<li class="nav__item"><a class="nav__link" href="/section/{chance.choice(_WORDS)}" '
        f'data-track="nav:{number}"><span>{chance.choice(_WORDS).capitalize()}</span>'
        '<svg viewBox="0 0 24 24" width="16" height="16" aria-hidden="true"><path d="M4 6h16M4 12h16M4 '
        '18h10"/></svg></a></li>\n'
        for number in range(36)
    )
    before = f"<style>{style}</style>\n{scripts}</head><body>\n<header><nav><ul>{menu}</ul></nav></header>\n"
    teasers = "".join(
        f'<div class="c-card"><a href="/a/{chance.randrange(10**6)}" class="c-card__link" '
        f'data-track="card:{number}"><img src="/thumb/{chance.randrange(9999)}.jpg" alt="" '
        f'loading="lazy"><h3 class="c-card__title">{sentence(chance)}</h3></a><p '
        f'class="c-card__by">{chance.choice(_NAMES)}</p></div>\n'
        for number in range(_TEASERS)
    )
    comments = "".join(
        f'<li class="comment" id="c{chance.randrange(10**6)}"><div '
        f'class="comment__head"><b>reader{chance.randrange(9999)}</b> '
        f'<time>{chance.randint(1, 20)} hours ago</time></div><div '
        f'class="comment__body"><p>{sentence(chance)} {sentence(chance)}</p></div>'
        '<button class="reply">Reply</button></li>\n'
        for _ in range(_COMMENTS)
    )
    after = (
        f'</div></article></main><aside class="related"><h2>More on this</h2>{teasers}</aside>\n<section '
        f'id="comments" class="comments"><h2>'
        f"{_COMMENTS} comments</h2><ol>{comments}</ol></section>\n<footer><ul>{menu}</ul><p>All rights "
        f"reserved.</p></footer></body></html>\n"
    )
    return before.encode(), after.encode()


def site(seed: int = 4) -> Callable[[int, str], bytes]:
    """Return a maker of page `number` of the site at an address: the same bytes for the same seed."""
    chance = random.Random(seed)
    halves = [half(chance) for _ in range(PARTS)]
    kinds = [furniture(chance) for _ in range(7)]
    leads = [[" ".join(chance.choices(_WORDS, k=count)) for _ in range(PARTS)] for count in (6, 40)]

    def page(number: int, root: str) -> bytes:
        before, after = kinds[number % len(kinds)]
        first, second = number % PARTS, (number * 7 + number // PARTS) % PARTS
        title = f"{leads[0][first].capitalize()}: {leads[0][second]} ({number})"
        author, url = _NAMES[number % len(_NAMES)], f"{root}/a/{number}"
        when = f"2026-02-{1 + number % 28:02}T{number % 24:02}:{number % 60:02}:17+00:00"
        linked_data = {
            "@context": "https://schema.org", "@type": "NewsArticle", "headline": title,
            "datePublished": when, "dateModified": when,
            "author": {"@type": "Person", "name": author}, "mainEntityOfPage": url,
            "image": [f"{root}/img/{number}-{n}.jpg" for n in range(3)],
        }  # fmt: skip
        head = (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} | The '
            f'Loopback</title>\n<link rel="canonical" href="{url}">'
            f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="The '
            f'Loopback"><meta name="author" content="{author}">'
            f'<meta property="article:published_time" content="{when}"><meta name="viewport" '
            f'content="width=device-width">\n'
            f'<script type="application/ld+json">{json.dumps(linked_data)}</script>\n'
        )
        lead = (
            f'<main><article class="c-article"><h1>{title}</h1><p class="byline">By <a rel="author" '
            f'href="/by/{number % 8}">{author}</a> '
            f'<time datetime="{when}">{when[:10]}</time></p><div '
            f'class="c-body"><p>{leads[1][second].capitalize()}, as page {number} has it.</p>\n'
        )
        return b"".join((head.encode(), before, lead.encode(), halves[first], halves[second], after))

    return page


def feed(number: int, root: str) -> bytes:
    """Return feed `number`: RSS 2.0 with PER_FEED entries."""
    entries = "".join(
        f"<item><title>Page {page_number}</title><link>{root}/a/{page_number}</link></item>"
        for page_number in range(number * PER_FEED, (number + 1) * PER_FEED)
    )
    head = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title><link>{root}</link>'
    return f"{head}{entries}</channel></rss>".encode()


def made(root: str) -> Site:
    """Return the site at an address."""
    page, served = site(), 0

    def answer(target: str) -> Answer | None:
        nonlocal served
        request = re.fullmatch(r"/(a|feed|served)(?:/(\d+))?", target)
        if not request:
            return None
        number = int(request[2] or 0)
        match request[1]:
            case "a":
                served += 1
                return Answer(HTML, page(number, root))
            case "feed":
                return Answer(RSS, feed(number, root))
        return Answer({"Content-Type": "text/plain"}, str(served).encode())

    return answer


if __name__ == "__main__":
    serve(made)
