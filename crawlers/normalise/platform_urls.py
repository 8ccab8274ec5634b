"""Folds the several addresses of a page on a large platform or behind a link wrapper into one."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qs, unquote, urlunsplit

_X = re.compile(
    r"(?:(?:www|mobile|m)\.)?(?:x|(?:vx)?twitter|(?:d\.)?fxtwitter|fixupx|fixvx|xcancel|twittpr)\.com"
    r"|nitter\.net"
)
_REDDIT = re.compile(r"(?:(?:www|old|np|new|i|amp|m|sh|ssl|[a-z]{2})\.)?reddit\.com")
_REDDIT_SHORT = ("redd.it", "www.redd.it")
_YOUTUBE = re.compile(r"(?:(?:www|m|music)\.)?youtube\.com|www\.youtube-nocookie\.com|youtu\.be")
_WRAPPERS = {
    ("www.google.com", "/url"): ("q", "url"),
    ("google.com", "/url"): ("q", "url"),
    ("out.reddit.com", None): ("url",),
    ("l.facebook.com", "/l.php"): ("u",),
    ("lm.facebook.com", "/l.php"): ("u",),
    ("www.youtube.com", "/redirect"): ("q",),
    ("slack-redir.net", "/link"): ("url",),
    ("go.bsky.app", "/redirect"): ("u",),
    ("t.umblr.com", "/redirect"): ("z",),
}
AMP_VIEWERS = frozenset({"www.google.com", "google.com", "www.bing.com", "bing.com"})
"""Hosts that show other sites' AMP pages under /amp/."""
_ARXIV = re.compile(r"/(?:abs|pdf|html)/(.+?)(?:v\d{1,4})?(?:\.pdf)?")
_AMP_CACHE = re.compile(r"/(?:[cvi]/)?(?:(s)/)?([^/]+\.[^/]+(?:/.*)?)")
_STATUS = re.compile(r"(/(?:i|[A-Za-z0-9_]{1,20}))?(?:/web)?/status(?:es)?/(\d+)(?:/.*)?")
_COMMENTS = re.compile(
    r"((?:/(?:r|user)/[^/]+)?)/(?:comments|gallery|tb)/([a-z0-9]+)(?:/[^/]*(?:/([a-z0-9]+))?)?", re.IGNORECASE
)
_VIDEO = re.compile(r"/(?:shorts|live|embed)/(?!videoseries|live_stream)([\w-]{11})")


def fold_platform(parts: SplitResult) -> str:
    """Return the URL of `parts`, whose host is in lower case, with platform mirrors and wrappers undone."""
    host, path = parts.netloc, parts.path
    target = _unwrapped(parts)
    if target:
        return target
    if _X.fullmatch(host):
        return _x(path, parts.query)
    if _REDDIT.fullmatch(host) or host in _REDDIT_SHORT:
        return _reddit(host, path, parts.query)
    if _YOUTUBE.fullmatch(host):
        return _youtube(host, path, parts.query)
    if host in ("arxiv.org", "www.arxiv.org", "export.arxiv.org", "browse.arxiv.org"):
        # All versions of a paper are one document.
        paper = _ARXIV.fullmatch(path)
        return urlunsplit(("https", "arxiv.org", f"/abs/{paper[1]}" if paper else path, "", ""))
    if host in ("t.me", "telegram.me"):
        return urlunsplit(("https", "t.me", re.sub(r"^/s(?=/)", "", path), "", ""))
    if host == "hf.co":
        return urlunsplit(("https", "huggingface.co", path, parts.query, ""))
    if re.fullmatch(r"[a-z-]+\.m\.wikipedia\.org", host):
        return urlunsplit((parts.scheme, host.replace(".m.", ".", 1), path, parts.query, ""))
    return urlunsplit(parts)


def _unwrapped(parts: SplitResult) -> str | None:
    """Return what an AMP cache or a link wrapper stands for, if it says."""
    host, path = parts.netloc, parts.path
    cached = host.endswith(".cdn.ampproject.org")
    if cached or (host in AMP_VIEWERS and path.startswith("/amp/")):
        match = _AMP_CACHE.fullmatch(path if cached else path.removeprefix("/amp"))
        if not match:
            return None
        query = f"?{parts.query}" if parts.query else ""
        return f"http{match[1] or ''}://{match[2]}{query}"
    names = _WRAPPERS.get((host, path)) or _WRAPPERS.get((host, None))
    parameters = parse_qs(parts.query) if names else {}
    for name in names or ():
        for value in parameters.get(name, ()):
            if value.startswith(("http://", "https://")):
                return value
    return None


def _x(path: str, query: str) -> str:
    status = _STATUS.fullmatch(path)
    if status:
        return f"https://x.com{status[1] or '/i'}/status/{status[2]}"
    return urlunsplit(("https", "x.com", path, query if path == "/search" else "", ""))


def _reddit(host: str, path: str, query: str) -> str:
    if host in _REDDIT_SHORT and re.fullmatch(r"/[a-z0-9]+", path):
        path = f"/comments{path}"
    if prefix := re.match(r"/(r|u|user)(?=/)", path, re.IGNORECASE):
        path = ("/r" if prefix[1] in "rR" else "/user") + path[prefix.end() :]
    post = _COMMENTS.fullmatch(path)
    if post:
        comment = f"/comment/{post[3].lower()}" if post[3] else ""
        return f"https://www.reddit.com{post[1]}/comments/{post[2].lower()}{comment}"
    return urlunsplit(("https", "www.reddit.com", path, query, ""))


def _youtube(host: str, path: str, query: str) -> str:
    if host == "youtu.be" and path != "/":
        return f"https://www.youtube.com/watch?v={unquote(path[1:])}"
    if video := _VIDEO.fullmatch(path):
        path, query = "/watch", f"v={video[1]}"
    if path == "/watch":
        query = "&".join(field for field in query.split("&") if field.startswith("v="))
    return urlunsplit(("https", "www.youtube.com", path, query, ""))
