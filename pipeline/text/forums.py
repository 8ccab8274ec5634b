"""Tell whether the author of a post, and not the site, is who speaks: forums, sites of many accounts."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pipeline.core.vocabulary import Platform, Role
from pipeline.text.names import name_key

# First labels of hosts on which users write to one another ("bbs.example.com", "forum.example.com").
LABELS = frozenset({"bbs", "boards", "club", "community", "discourse", "discuss", "forum", "forums", "tieba"})
NO_AUTHORS = frozenset({
    "admin", "anon", "anonymous", "anonymous user", "deleted", "deleted by user", "deleted user", "guest",
    "guest user", "none", "null", "removed", "u deleted", "unknown", "user",
    "匿名", "匿名用户", "网友", "游客", "用户已注销", "知乎用户",
})
# Domains on which everybody publishes under their own name.
DOMAINS = frozenset({
    "alignmentforum.org", "bilibili.com", "coolapk.com", "douban.com", "facebook.com", "hostloc.com",
    "instagram.com", "lemmy.world", "lesswrong.com", "linkedin.com", "linux.do", "lobste.rs", "nga.cn",
    "okjike.com", "quora.com", "stackexchange.com", "stackoverflow.com", "threads.com", "threads.net",
    "truthsocial.com", "v2ex.com", "vk.com", "weibo.cn", "weibo.com", "xiaohongshu.com", "zhihu.com",
})
_ADDRESS = re.compile(r"\w[\w+.-]*://\S*")


def is_forum(platform: Platform, role: Role, url: str | None, in_reply_to: str | None) -> bool:
    """Return whether a document is a post of whoever wrote it, and not of the site.

    Of platform `other` that is an answer, and what stands on a host of `LABELS` or `DOMAINS`; what an outlet,
    an expert or an organisation publishes is theirs, whatever byline it has.
    """
    if platform is not Platform.OTHER or role is not Role.COMMUNITY:
        return False
    return in_reply_to is not None or _is_forum(url)


def account_id(site: str, author: str) -> str:
    """Return the source id of a forum's user."""
    return f"{site}:{author}"


def is_account(platform: Platform, source_id: str) -> bool:
    """Return whether a source is a forum's user, as `account_id` names one."""
    return platform is Platform.OTHER and ":" in source_id


def is_name(author: str | None) -> bool:
    """Return whether an author is somebody: "Guest" is anybody without a name, "[deleted]" whoever left, and
    what is an address and nothing more, as that of a feed, is nobody.
    """
    name = (author or "").strip()
    return bool(name) and not _ADDRESS.fullmatch(name) and name_key(name) not in NO_AUTHORS


def _is_forum(url: str | None) -> bool:
    try:
        host = (urlsplit(url or "").hostname or "").lower().rstrip(".")
    except ValueError:  # an address such as "http://[" has no host
        return False
    labels = host.split(".")
    domains = {".".join(labels[start:]) for start in range(len(labels) - 1)}
    return (len(labels) > 2 and labels[0] in LABELS) or not domains.isdisjoint(DOMAINS)
