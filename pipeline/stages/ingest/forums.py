"""Tell whether the author of a post, and not the site, is who speaks: forums and sites of many accounts."""

from __future__ import annotations

from urllib.parse import urlsplit

from pipeline.core.records import InboxDocument, Platform, Role

# First labels of hosts on which users write to one another ("bbs.example.com", "forum.example.com").
LABELS = frozenset({"bbs", "boards", "club", "community", "discourse", "discuss", "forum", "forums", "tieba"})
# Domains on which everybody publishes under their own name.
DOMAINS = frozenset({
    "alignmentforum.org", "bilibili.com", "coolapk.com", "douban.com", "facebook.com", "hostloc.com",
    "instagram.com", "lemmy.world", "lesswrong.com", "linkedin.com", "linux.do", "lobste.rs", "nga.cn",
    "okjike.com", "quora.com", "stackexchange.com", "stackoverflow.com", "threads.com", "threads.net",
    "truthsocial.com", "v2ex.com", "vk.com", "weibo.cn", "weibo.com", "xiaohongshu.com", "zhihu.com",
})


def is_forum_post(document: InboxDocument, role: Role) -> bool:
    """Return whether the named author of a document of another platform posts for themselves.

    So does who answers a post, and who writes on a host of `LABELS` or `DOMAINS`; what an outlet, an expert
    or an organisation publishes is theirs, whatever byline it has.
    """
    if not document.author or document.platform is not Platform.OTHER or role is not Role.COMMUNITY:
        return False
    return document.in_reply_to is not None or _is_forum(document.url)


def _is_forum(url: str | None) -> bool:
    try:
        host = (urlsplit(url or "").hostname or "").lower().rstrip(".")
    except ValueError:  # an address such as "http://[" has no host
        return False
    labels = host.split(".")
    above = {".".join(labels[start:]) for start in range(len(labels) - 1)}
    return (len(labels) > 2 and labels[0] in LABELS) or not above.isdisjoint(DOMAINS)
