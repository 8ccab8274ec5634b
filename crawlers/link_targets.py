"""Decides which links of posts are followed one step, as a page that may bear evidence or as an artefact.

The canonical address alone decides, before anything is asked; what it leads to must pass the same rules
again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

from crawlers.normalise.urls import canonical_url, publishes
from crawlers.sources import DeclaredSource
from pipeline.core.inbox_records import InboxDocument
from pipeline.core.vocabulary import ACCOUNT_PLATFORMS, LinkKind, Platform, Role

LINKED = DeclaredSource.model_construct(
    id="linked",
    name="Pages that posts link to",
    spider="feeds",
    url="",
    role=Role.AGGREGATOR,
    platform=Platform.OTHER,
)
"""The last source of a run. No sources.toml can declare it: it has no address of its own."""

Form = Literal["article", "huggingface", "github", "arxiv"]

_ARTEFACTS: dict[str, Form] = {"huggingface.co": "huggingface", "github.com": "github", "arxiv.org": "arxiv"}
# Platforms of accounts have spiders or ask for a log-in; pictures and films have no text; an archive's copy
# would count for another publisher's words; pages of search engines and translators have no publisher.
_HOSTS = (
    "x.com twitter.com reddit.com redd.it redditmedia.com news.ycombinator.com hn.algolia.com bsky.app t.me "
    "telegram.me facebook.com fb.com fb.watch instagram.com threads.net threads.com tiktok.com linkedin.com "
    "youtube.com youtu.be vimeo.com twitch.tv discord.com discord.gg pinterest.com snapchat.com whatsapp.com "
    "wa.me weibo.com weibo.cn vk.com imgur.com giphy.com tenor.com gfycat.com streamable.com twimg.com "
    "fixupx.com spotify.com soundcloud.com bing.com duckduckgo.com archive.org archive.ph archive.is "
    "archive.today archive.li archive.md archive.vn archive.fo 12ft.io r.jina.ai "
    "webcache.googleusercontent.com translate.goog apps.apple.com www.amazon.com google.com www.google.com "
    "docs.google.com drive.google.com translate.google.com news.google.com scholar.google.com "
    "maps.google.com play.google.com"
)
_NEVER = frozenset(_HOSTS.split())
_ALONE = frozenset({"google.com"})
"""Of these only the host itself: cloud.google.com has a blog."""
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|avif|bmp|ico|mp[34]|m4[av]|mov|webm|avi|mkv|wav|ogg|flac|pdf|zip|gz|xz|bz2|7z|rar"
    r"|tar|tgz|exe|dmg|apk|whl|safetensors|gguf|bin|onnx|parquet|csv|jsonl?|xml|rss|atom|txt|docx?|pptx?|xlsx?|epub"
    r"|ipynb|py|js|css)$",
    re.IGNORECASE,
)
_LOGIN = (
    r"(?:log-?in|sign-?in|sign-?up|log-?out|register|subscribe|auth|oauth2?|authorize|wp-login)(?:\.php)?"
)
_DOOR = re.compile(
    rf"/(?:{_LOGIN}|search|share|sharer(?:\.php)?|intent|submit|cart|checkout|feeds?|rss)(?:/.*)?"
    rf"|.*/{_LOGIN}",
    re.IGNORECASE,
)
_ASKED = re.compile(r"(?:^|&)(?:q|s|query|search)=", re.IGNORECASE)
_POST = re.compile(r"/(?:@[^/]+|users/[^/]+/statuses)(?:/\d+)?$")
_MODEL = re.compile(r"/([A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)(?:/(?:tree|blob)/.+|/tree)?")
_HUB = (
    "datasets spaces papers docs collections models organizations settings login join chat tasks posts learn "
    "api new pricing enterprise blog"
)
_HUB_PAGES = frozenset(_HUB.split())
_RELEASE = re.compile(r"/([A-Za-z0-9][A-Za-z0-9-]*/[\w.-]+)/releases/tag/(.+)")
_PAPER = re.compile(r"/abs/(\d{4}\.\d{4,5})(?:v\d{1,4})?")
_MEMBERS = re.compile(r"huggingface\.co/blog/[^/]+/.+")
"""Articles of the hub's members, beside its own blog."""


@dataclass(frozen=True, slots=True)
class Target:
    """The target of a link: an article's page, or an artefact that its platform's own spider reads.

    `name` is the model's id, the repository or the paper's number; `tag` the release's.
    """

    form: Form
    url: str
    name: str = ""
    tag: str = ""


def candidates(document: InboxDocument) -> tuple[str, ...]:
    """Return the addresses in a post that may be worth following, whatever sources are declared."""
    if document.platform not in ACCOUNT_PLATFORMS:
        return ()
    return tuple(link.url for link in document.links if link.kind is LinkKind.LINK and target(link.url, ()))


def target(url: str, declared: Sequence[DeclaredSource]) -> Target | None:
    """Return what the canonical `url` leads to; None where it is never followed."""
    parts = urlsplit(url)
    host, path = parts.hostname or "", parts.path
    if (form := _artefact_host(parts.netloc, path, declared)) is not None:
        return _artefact(form, url)
    if (
        path == "/"
        or _FILE.search(path)
        or _DOOR.fullmatch(path)
        or _POST.search(path)
        or _ASKED.search(parts.query)
    ):
        return None
    if any(host == domain or (host.endswith(f".{domain}") and domain not in _ALONE) for domain in _NEVER):
        return None
    if any(_is_listing(url, source) for source in declared):
        return None
    return Target("article", url)


def publisher(url: str, declared: Sequence[DeclaredSource]) -> DeclaredSource | None:
    """Return the declared source on whose site the page at `url` is; None where none is.

    Of several feeds of one site it is the one whose path the page's shares most of.
    """
    parts = urlsplit(url)
    if _MEMBERS.fullmatch(parts.netloc + parts.path):
        return None
    feeds = [source for source in declared if source.spider == "feeds"]
    site_feeds = [source for source in feeds if publishes(canonical_url(source.url), url)]
    return max(site_feeds, key=lambda source: _shared(parts.path, urlsplit(source.url).path), default=None)


def owner(goal: Target, declared: Sequence[DeclaredSource]) -> DeclaredSource:
    """Return the declared source that an artefact belongs to, else one that stands for its host."""
    root = "{0.scheme}://{0.netloc}".format(urlsplit(goal.url))
    owners = [source for source in declared if source.spider == goal.form]
    if goal.form == "arxiv":
        owners = [source for source in owners if source.url.startswith("https://export.arxiv.org/")]
        url = "https://export.arxiv.org/api/query"
    else:
        owners = [source for source in owners if _holds(source, root, goal.name)]
        url = f"{root}/{goal.name.partition('/')[0]}"
    if owners:
        return owners[0]
    host = urlsplit(root).netloc
    return DeclaredSource.model_construct(
        id=host, name=host, spider=goal.form, url=url, role=Role.COMMUNITY, platform=Platform(goal.form)
    )


def _artefact_host(netloc: str, path: str, declared: Sequence[DeclaredSource]) -> Form | None:
    """Return the platform of artefacts at a host: a known one, or as a source says (GitHub Enterprise)."""
    form = _ARTEFACTS.get(netloc)
    if form is None:
        for source in declared:
            if source.spider in ("huggingface", "github") and urlsplit(source.url).netloc == netloc:
                form = source.spider
    return "article" if form == "huggingface" and path.startswith("/blog/") else form


def _artefact(form: Form, url: str) -> Target | None:
    path = urlsplit(url).path
    if form == "article":
        return Target("article", url)
    if form == "huggingface":
        model = _MODEL.fullmatch(path)
        is_hub_page = model is None or model[1].partition("/")[0] in _HUB_PAGES
        return None if model is None or is_hub_page else Target("huggingface", url, model[1])
    if form == "github":
        release = _RELEASE.fullmatch(path)
        return Target("github", url, release[1], unquote(release[2])) if release else None
    paper = _PAPER.fullmatch(path)
    return Target("arxiv", url, paper[1]) if paper else None


def _holds(source: DeclaredSource, root: str, name: str) -> bool:
    """Return whether an artefact belongs to a source's organisation or repository; case does not matter."""
    source_url = source.url.rstrip("/").lower()
    artefact_url = f"{root}/{name}".lower()
    return artefact_url == source_url or artefact_url.startswith(f"{source_url}/")


def _is_listing(url: str, source: DeclaredSource) -> bool:
    """Return whether `url` is what a source is read from, or an account of its (Mastodon) server."""
    parts, source_parts = urlsplit(url), urlsplit(source.url)
    if source.platform in ACCOUNT_PLATFORMS:
        return parts.netloc == source_parts.netloc
    return parts.netloc == source_parts.netloc and parts.path.rstrip("/") == source_parts.path.rstrip("/")


def _shared(a: str, b: str) -> int:
    count = 0
    for segment, other_segment in zip(a.strip("/").split("/"), b.strip("/").split("/"), strict=False):
        if segment != other_segment:
            break
        count += 1
    return count
