"""One URL for one page: the identity of a document.

Follows RFC 3986 section 6.2 (case, percent-encoding and path normalisation) and UTS 46 for host names, and folds
what publishers add: tracking parameters, AMP and mobile copies, mirrors of the large platforms. Nothing is fetched,
so a shortened link stays as it is.

How the large platforms and link wrappers write the same page in several ways, and the one way we keep.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from urllib.parse import (
    SplitResult,
    parse_qs,
    quote,
    unquote,
    unquote_to_bytes,
    urljoin,
    urlsplit,
    urlunsplit,
)

import idna
import tldextract

MAX_GIVEN = 8192
"""A URL as received, in characters; tracking parameters may make it long."""
MAX_LENGTH = 2048
"""A canonical URL, in characters."""
MAX_FOLDS = 8
"""An AMP cache of a redirect of a mobile page is folded in so many steps at most."""

_PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = "/:@!$&'()*+,;=%~-._"
_QUERY_SAFE = "/:@!$'()*+,;?%~-._"
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)

_TRACKING = frozenset(
    "fbclid gclid gclsrc gbraid wbraid dclid msclkid twclid ttclid li_fat_id yclid ysclid igshid igsh mc_cid mc_eid mkt_tok "
    "ncid cmpid cmp ocid icid s_cid sr_share smid smtyp partner_id ref ref_src ref_url refsrc referrer referer referral_source "
    "rss_source rdt share_id spm scid vero_id vero_conv oly_anon_id oly_enc_id rb_clickid s_kwcid epik ml_subscriber "
    "ml_subscriber_hash guccounter guce_referrer guce_referrer_sig __twitter_impression _hsenc _hsmi __hssc __hstc "
    "__s hsctatracking wt_mc wt_zmc xtor cvid fb_action_ids fb_action_types fb_source fb_ref at_medium at_campaign "
    "at_custom1 at_custom2 at_custom3 at_custom4 sharetype share_token shareToken mibextid _branch_match_id "
    "unlocked_article_code taid trk trackingid _ga _gl phpsessid jsessionid sessionid srsltid gad_source gad_campaignid "
    "amp_js_v amp_gsa usqp tpcc srnd".lower().split()
)
_TRACKING_PREFIX = ("utm_", "mtm_", "pk_", "piwik_", "matomo_", "itm_", "ga_", "hsa_", "stm_", "_openstat", "guce_")
_FEED_WORDS = frozenset({"rss", "feed", "email", "newsletter", "twitter", "facebook", "linkedin", "social", "share", "rss_feed"})
_AMP_ON = frozenset({"", "1", "true", "amp", "yes"})
_MOBILE = ("m.", "mobile.", "amp.", "touch.")
_REPOSITORIES = frozenset({"github.com", "gitlab.com", "huggingface.co", "codeberg.org"})

_registered = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def canonical_url(url: str, base: str | None = None) -> str:
    """The one form of `url` (resolved against `base` where it is relative) that names its page.

    Lower-case host in ASCII, no default port, user name, password, fragment or tracking parameter, no trailing
    slash except the root's, query sorted by name, AMP and mobile copies folded into the page itself.
    Applying it again changes nothing. Raises ValueError for whatever is not a well-formed http(s) URL.
    """
    current = _joined(url, base)
    for _ in range(MAX_FOLDS):
        folded = _normal(current)
        if folded == current:
            return current
        current = folded
    raise ValueError(f"{_shown(url)} does not come to rest after {MAX_FOLDS} foldings")


def _shown(url: str) -> str:
    text = url if len(url) <= 120 else url[:117] + "..."
    return repr(text)


def _joined(url: str, base: str | None) -> str:
    for part in (url, base):
        if part is not None and len(part) > MAX_GIVEN:
            raise ValueError(f"a URL of {len(part)} characters; at most {MAX_GIVEN} are allowed: {_shown(part)}")
    text = url.strip(" \t\r\n\f\u00a0\u200b\ufeff")
    if not text:
        raise ValueError("an empty URL")
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in text):
        raise ValueError(f"a URL with a control character or a lone surrogate: {_shown(url)}")
    return urljoin(base.strip(), text) if base is not None else text


def _normal(url: str) -> str:
    """One pass; `canonical_url` repeats it until nothing changes."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    if scheme not in _PORTS:
        raise ValueError(f"only http and https URLs are allowed, not {_shown(url)}")
    if "\\" in parts.netloc or "\\" in url.split("?", 1)[0]:
        raise ValueError(f"a URL with a backslash before its query: {_shown(url)}")
    host = _host(parts.hostname or "", url)
    port = parts.port  # raises ValueError itself when it is no port
    if "%" in parts.netloc.rpartition("@")[2]:
        raise ValueError(f"a URL with an escape in its host: {_shown(url)}")
    path = _path(parts.path)
    query = _query(parts.query)
    host, path = _unmobile(host), _unamp(host, path)
    where = host if port is None or port == _PORTS[scheme] else f"{host}:{port}"
    result = fold_platform(SplitResult(scheme, where, path, query, ""))
    if len(result) > MAX_LENGTH:
        raise ValueError(f"a URL of {len(result)} characters; at most {MAX_LENGTH} are allowed: {_shown(url)}")
    return result


def _host(host: str, url: str) -> str:
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host).compressed}]"
    host = host.rstrip(".")
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii").rstrip(".")
        except idna.IDNAError as error:
            raise ValueError(f"a URL whose host is no domain name ({error}): {_shown(url)}") from error
    host = host.lower()
    labels = host.split(".")
    if not host or len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(f"a URL whose host is no domain name: {_shown(url)}")
    if labels[-1].isdigit() or labels[-1].startswith("0x"):
        # 2130706433, 0x7f.1 and 127.1 are addresses to some clients and names to others: only the plain form passes.
        return str(ipaddress.IPv4Address(host))
    return host


def _escape(text: str, safe: str) -> str:
    """Escapes of unreserved characters undone, the others in capitals, everything else unsafe escaped."""

    def undo(match: re.Match[str]) -> str:
        char = chr(int(match[1], 16))
        return char if char in _UNRESERVED else match[0].upper()

    lone = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return quote(_ESCAPE.sub(undo, lone), safe=safe)


def _path(path: str) -> str:
    path = _escape(_SESSION.sub("", path), _PATH_SAFE)
    if "%00" in path:
        raise ValueError("a URL with an escaped NUL in its path")
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join(kept).strip("/") if "".join(kept) else "/"


def _query(query: str) -> str:
    pairs: list[tuple[str, str]] = []
    for field in query.replace("&amp;", "&").split("&"):
        if not field:
            continue
        name, equals, value = field.replace("%20", "+").partition("=")
        name, value = _escape(name, _QUERY_SAFE), _escape(value, _QUERY_SAFE + "=")
        if not _is_noise(unquote_to_bytes(name).decode("utf-8", "replace").lower(), value.lower()):
            pairs.append((name, f"{name}{equals}{value}"))
    return "&".join(field for _, field in sorted(pairs, key=lambda pair: pair[0]))


def _is_noise(name: str, value: str) -> bool:
    if name in _TRACKING or name.startswith(_TRACKING_PREFIX):
        return True
    if name == "source":
        return value in _FEED_WORDS
    if name == "amp":
        return value in _AMP_ON
    return name == "outputtype" and value == "amp"


def _unmobile(host: str) -> str:
    for prefix in _MOBILE:
        rest = host.removeprefix(prefix)
        if rest != host and _registered(rest).top_domain_under_public_suffix:
            return rest
    return host


def _unamp(host: str, path: str) -> str:
    """An article's AMP copy is the article; a repository that is called "amp" stays one, and a viewer holds another site's."""
    if host in _REPOSITORIES or host in AMP_VIEWERS:
        return path
    for suffix, instead in ((".amp.html", ".html"), (".amp", "")):
        if path.endswith(suffix):
            return path.removesuffix(suffix) + instead
    before, _, last = path.rpartition("/")
    if last == "amp" and re.search(r"[-.\d]", before.rpartition("/")[2]):
        return before
    if path.startswith("/amp/") and re.search(r"[-.\d]", path.rpartition("/")[2]):
        return path.removeprefix("/amp")
    return path


def same_site(a: str, b: str) -> bool:
    """Whether two URLs belong to one registered domain (or, without one, to one host, "www." or not)."""
    return _site(a) == _site(b)


def _site(url: str) -> str:
    host = urlsplit(url).hostname or ""
    return _registered(host).top_domain_under_public_suffix or host.removeprefix("www.")


_X = re.compile(r"(?:(?:www|mobile|m)\.)?(?:x|twitter|fxtwitter|vxtwitter|fixupx|fixvx|xcancel|twittpr)\.com|nitter\.net")
_REDDIT = re.compile(r"(?:(?:www|old|np|new|i|amp|m|sh|ssl|[a-z]{2})\.)?reddit\.com")
_YOUTUBE = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com", "www.youtube-nocookie.com"})
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
_STATUS = re.compile(r"(/(?:i|[A-Za-z0-9_]{1,20}))(?:/web)?/status(?:es)?/(\d+)(?:/.*)?")
_COMMENTS = re.compile(r"((?:/(?:r|user)/[^/]+)?)/comments/([a-z0-9]+)(?:/[^/]*(?:/([a-z0-9]+))?)?")


def fold_platform(parts: SplitResult) -> str:
    """The URL of `parts` (host in lower case, no port but an unusual one) with platform mirrors and wrappers undone."""
    host, path = parts.netloc, parts.path
    target = _unwrapped(parts)
    if target:
        return target
    if _X.fullmatch(host):
        return _x(path, parts.query)
    if _REDDIT.fullmatch(host) or host == "redd.it":
        return _reddit(host, path, parts.query)
    if host in _YOUTUBE or host == "youtu.be":
        return _youtube(host, path, parts.query)
    if host in ("arxiv.org", "www.arxiv.org", "export.arxiv.org"):
        # All versions of a paper are one document.
        paper = _ARXIV.fullmatch(path)
        return urlunsplit(("https", "arxiv.org", f"/abs/{paper[1]}" if paper else path, "", ""))
    if host in ("t.me", "telegram.me"):
        return urlunsplit(("https", "t.me", re.sub(r"^/s(?=/)", "", path), "", ""))
    if re.fullmatch(r"[a-z-]+\.m\.wikipedia\.org", host):
        return urlunsplit((parts.scheme, host.replace(".m.", ".", 1), path, parts.query, ""))
    return urlunsplit(parts)


def _unwrapped(parts: SplitResult) -> str | None:
    """What an AMP cache or a link wrapper stands for, if it says."""
    host, path = parts.netloc, parts.path
    cached = host.endswith(".cdn.ampproject.org")
    if cached or (host in AMP_VIEWERS and path.startswith("/amp/")):
        found = _AMP_CACHE.fullmatch(path if cached else path.removeprefix("/amp"))
        if not found:
            return None
        query = f"?{parts.query}" if parts.query else ""
        return f"http{found[1] or ''}://{found[2]}{query}"
    names = _WRAPPERS.get((host, path)) or _WRAPPERS.get((host, None))
    given = parse_qs(parts.query) if names else {}
    for name in names or ():
        for value in given.get(name, ()):
            if value.startswith(("http://", "https://")):
                return value
    return None


def _x(path: str, query: str) -> str:
    status = _STATUS.fullmatch(path)
    if status:
        return f"https://x.com{status[1]}/status/{status[2]}"
    return urlunsplit(("https", "x.com", path, query if path == "/search" else "", ""))


def _reddit(host: str, path: str, query: str) -> str:
    if host == "redd.it" and re.fullmatch(r"/[a-z0-9]+", path):
        path = f"/comments{path}"
    post = _COMMENTS.fullmatch(path)
    if post:
        comment = f"/comment/{post[3]}" if post[3] else ""
        return f"https://www.reddit.com{post[1]}/comments/{post[2]}{comment}"
    return urlunsplit(("https", "www.reddit.com", path, query, ""))


def _youtube(host: str, path: str, query: str) -> str:
    if host == "youtu.be" and path != "/":
        return f"https://www.youtube.com/watch?v={unquote(path[1:])}"
    if path == "/watch":
        query = "&".join(field for field in query.split("&") if field.startswith("v="))
    return urlunsplit(("https", "www.youtube.com", path, query, ""))
