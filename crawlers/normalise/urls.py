"""Makes canonical URLs: the address at which a page is asked for and shown.

Follows RFC 3986 section 6.2 (case, percent-encoding and path normalisation) and UTS 46 for host names, and
removes what publishers add: tracking parameters, AMP and mobile copies, mirrors of the large platforms.
Nothing is fetched, so a shortened link stays as it is. The names in a path stay too, since readers want to
see them: which addresses are one page, and so one document, `pipeline.core.same_page` tells.

It is ours because an address is an id that must not change. Over 21,620 addresses of real posts w3lib's
canonicalize_url differs from it at 13,652 and courlan's normalize_url at 13,614: they keep mirrors and titles
in paths. courlan's pattern of tracking parameters alone, in place of the list below, changes 7; it also
removes `uid`, `eid` and `keyword`, by which some sites name their pages.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit

import idna
import tldextract

from crawlers.normalise.platform_urls import AMP_VIEWERS, fold_platform
from pipeline.core.text import shorten

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
    "fbclid gclid gclsrc gbraid wbraid dclid msclkid twclid ttclid li_fat_id yclid ysclid igshid igsh mc_cid "
    "mc_eid mkt_tok ncid cmpid cmp ocid icid s_cid sr_share smid smtyp partner_id ref ref_src ref_url refsrc "
    "referrer referer referral_source rss_source rdt share_id spm scid vero_id vero_conv oly_anon_id "
    "oly_enc_id rb_clickid s_kwcid epik ml_subscriber ml_subscriber_hash guccounter guce_referrer "
    "guce_referrer_sig __twitter_impression _hsenc _hsmi __hssc __hstc __s hsctatracking wt_mc wt_zmc xtor "
    "cvid fb_action_ids fb_action_types fb_source fb_ref at_medium at_campaign at_custom1 at_custom2 "
    "at_custom3 at_custom4 sharetype share_token shareToken mibextid _branch_match_id unlocked_article_code "
    "taid trk trackingid _ga _gl phpsessid jsessionid sessionid srsltid gad_source gad_campaignid amp_js_v "
    "amp_gsa usqp tpcc srnd".lower().split()
)
_TRACKING_PREFIX = (
    "utm_", "mtm_", "pk_", "piwik_", "matomo_", "itm_", "ga_", "hsa_", "stm_", "_openstat", "guce_",
)  # fmt: skip
_FEED_WORDS = frozenset({
    "rss", "feed", "email", "newsletter", "twitter", "facebook", "linkedin", "social", "share", "rss_feed",
})  # fmt: skip
_AMP_ON = frozenset({"", "1", "true", "amp", "yes"})
_MOBILE = ("m.", "mobile.", "amp.", "touch.")
_REPOSITORIES = frozenset({"github.com", "gitlab.com", "huggingface.co", "codeberg.org"})
_OWN_SITE = re.compile(r"^(?:www|feeds?|rss)\.")
_SHARED = frozenset({"medium.com", "dev.to", "hackernoon.com", "substack.com", "sites.google.com"})
"""Hosts of many publishers, each below a name of its own."""
_BEFORE_ACCOUNTS = frozenset({"", "a", "feed", "feeds", "rss", "tagged", "view", "site"})
"""What may stand before the name of an account in a path."""
_LANDLORDS = frozenset({
    "163.com", "ameblo.jp", "bandcamp.com", "bearblog.dev", "beehiiv.com", "blog.hu", "blogs.com",
    "buttondown.email", "canalblog.com", "cnblogs.com", "csdn.net", "dreamwidth.org", "exblog.jp",
    "fandom.com", "fc2.com", "framer.site", "ghost.io", "gitbook.com", "gitbook.io", "google.com",
    "hashnode.dev", "hypotheses.org", "itch.io", "jimdo.com", "jimdofree.com", "livejournal.com",
    "mataroa.blog", "medium.com", "micro.blog", "mirror.xyz", "naver.com", "neocities.org", "note.com",
    "notion.so", "over-blog.com", "overblog.com", "paragraph.com", "paragraph.xyz", "pixnet.net",
    "posthaven.com", "prose.sh", "qq.com", "seesaa.net", "sohu.com", "sourceforge.io", "squarespace.com",
    "strikingly.com", "substack.com", "super.site", "surge.sh", "svbtle.com", "teletype.in", "tistory.com",
    "tumblr.com", "typepad.com", "weebly.com", "wikidot.com", "wordpress.com", "write.as",
})  # fmt: skip
"""Domains of which each host is somebody else's, beside those that the Public Suffix List calls private."""
_FORUM = re.compile(r"^(?:bbs|boards|club|community|discourse|discuss|forums?)\.")
"""Hosts on which a publisher's readers write."""

_registered = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def canonical_url(url: str, base: str | None = None) -> str:
    """Return the one form of `url` (resolved against `base` where it is relative) that names its page.

    Lower-case host in ASCII, no default port, user name, password, fragment or tracking parameter, no
    trailing slash except the root's, query sorted by name, AMP and mobile copies folded into the page itself.
    Applying it again changes nothing. Raises ValueError for whatever is not a well-formed http(s) URL.
    """
    current = _joined(url, base)
    for _ in range(MAX_FOLDS):
        folded = _normal(current)
        if folded == current:
            return current
        current = folded
    raise ValueError(f"{_shown(url)} still changes after it was normalised {MAX_FOLDS} times")


def _shown(url: str) -> str:
    return repr(shorten(url, 120))


def _joined(url: str, base: str | None) -> str:
    for part in (url, base):
        if part is not None and len(part) > MAX_GIVEN:
            raise ValueError(f"a URL of {len(part)} characters, over {MAX_GIVEN}: {_shown(part)}")
    text = url.strip(" \t\r\n\f\u00a0\u200b\ufeff")
    if not text:
        raise ValueError("an empty URL")
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in text):
        raise ValueError(f"a URL with a control character or a lone surrogate: {_shown(url)}")
    return urljoin(base.strip(), text) if base is not None else text


def _normal(url: str) -> str:
    """Normalise once; `canonical_url` repeats it until nothing changes."""
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
    netloc = host if port is None or port == _PORTS[scheme] else f"{host}:{port}"
    result = fold_platform(SplitResult(scheme, netloc, path, query, ""))
    if len(result) > MAX_LENGTH:
        raise ValueError(f"a URL of {len(result)} characters, over {MAX_LENGTH}: {_shown(url)}")
    return result


def _host(host: str, url: str) -> str:
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host).compressed}]"
    host = host.rstrip(".")
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii").rstrip(".")
        except idna.IDNAError as error:
            raise ValueError(f"a URL whose host is not a domain name ({error}): {_shown(url)}") from error
    host = host.lower()
    labels = host.split(".")
    if not host or len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(f"a URL whose host is not a domain name: {_shown(url)}")
    if labels[-1].isdigit() or labels[-1].startswith("0x"):
        # 2130706433, 0x7f.1 and 127.1 are addresses to some clients and names to others: they are refused.
        return str(ipaddress.IPv4Address(host))
    return host


def _escape(text: str, safe: str) -> str:
    """Undo escapes of unreserved characters, write the others in capitals, escape all else that is unsafe."""

    def undo(match: re.Match[str]) -> str:
        char = chr(int(match[1], 16))
        return char if char in _UNRESERVED else match[0].upper()

    lone = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return quote(_ESCAPE.sub(undo, lone), safe=safe)


def _path(path: str) -> str:
    path = _escape(_SESSION.sub("", path), _PATH_SAFE)
    if "%00" in path:
        raise ValueError("a URL with an escaped NUL in its path")
    segments: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del segments[-1:]
        elif segment != ".":
            segments.append(segment)
    return "/" + "/".join(segments).strip("/") if "".join(segments) else "/"


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
        bare_host = host.removeprefix(prefix)
        if bare_host != host and _registered(bare_host).top_domain_under_public_suffix:
            return bare_host
    return host


def _unamp(host: str, path: str) -> str:
    """Return the path of an AMP copy's article; repositories and viewers of other sites keep theirs."""
    if host in _REPOSITORIES or host in AMP_VIEWERS:
        return path
    for suffix, replacement in ((".amp.html", ".html"), (".amp", "")):
        if path.endswith(suffix):
            return path.removesuffix(suffix) + replacement
    parent, _, last = path.rpartition("/")
    if last == "amp" and re.search(r"[-.\d]", parent.rpartition("/")[2]):
        return parent
    if path.startswith("/amp/") and re.search(r"[-.\d]", path.rpartition("/")[2]):
        return path.removeprefix("/amp")
    return path


def publishes(own: str, page: str) -> bool:
    """Return whether the publisher whose address is `own` publishes the page at `page`.

    It does on all hosts of its registered domain, but for forums and for domains that many publishers share,
    like substack.com or github.io: there on its own host ("www.", "feeds." and "rss." aside) alone. Where
    `own` names an account, as on a host like medium.com, the page must be of that account.
    """
    ours, theirs = urlsplit(own), urlsplit(page)
    return _outlet(ours.netloc) == _outlet(theirs.netloc) and _accounts(ours) <= _accounts(theirs)


def outlet(url: str) -> str:
    """Return what the hosts of the publisher of `url` have in common: their domain, else the host itself."""
    return _outlet(urlsplit(url).hostname or "")


def _outlet(netloc: str) -> str:
    """Return what the hosts of one publisher have in common: their domain, else the host."""
    name, colon, port = netloc.lower().partition(":")
    domain = _registered(name, include_psl_private_domains=True).top_domain_under_public_suffix
    if not domain or domain in _LANDLORDS or _FORUM.match(name):
        return _OWN_SITE.sub("", netloc.lower())
    return domain + colon + port


def _accounts(parts: SplitResult) -> set[str]:
    """Return the accounts that an address names (medium.com/feed/@name)."""
    names = [name for name in parts.path.split("/") if name not in _BEFORE_ACCOUNTS]
    accounts = {name for name in names if name.startswith(("@", "~"))}
    return accounts | set(names[:1]) if _outlet(parts.netloc) in _SHARED else accounts


def same_site(a: str, b: str) -> bool:
    """Return whether two URLs belong to one registered domain, or, without one, to one host."""
    return _site(a) == _site(b)


def _site(url: str) -> str:
    host = urlsplit(url).hostname or ""
    return _registered(host).top_domain_under_public_suffix or host.removeprefix("www.")
