"""Allows only public http(s) addresses, checked at the connection itself, and XML without entities.

A name is resolved once and the connection goes to the address that was checked, so a name that resolves
differently the second time gains nothing. Redirects pass the same checks, since each is a request of its own.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Any, Self
from urllib.parse import urlsplit
from xml.parsers import expat

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from crawlers.normalise.urls import MAX_GIVEN
from pipeline.core.errors import ConfigError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Global by the registry, and yet of the machine's own surroundings: what Azure's host and Oracle Cloud's
# metadata answer on, with the rest of the block for protocols.
_SURROUNDINGS = (ipaddress.IPv4Network("168.63.129.16/32"), ipaddress.IPv4Network("192.0.0.0/24"))
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class Refused(IgnoreRequest):
    """The guard does not let this request out."""


def is_public(address: Address) -> bool:
    """Return whether `address` is one of the open internet.

    Private, loopback, link-local, shared, multicast, reserved and unspecified ones are not, nor those on
    which a cloud's host answers its machines; an IPv6 address that carries an IPv4 address (mapped, 6to4,
    Teredo, NAT64) is as public as that.
    """
    if isinstance(address, ipaddress.IPv6Address):
        embedded = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in _NAT64:
            embedded = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if embedded is not None:
            return is_public(embedded)
        if address.is_site_local:
            return False
    elif any(address in network for network in _SURROUNDINGS):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def check_url(url: str, *, allow_private: bool) -> None:
    """Raise Refused for a URL that is too long, not http(s), has a password or a literal private address."""
    if len(url) > MAX_GIVEN:
        raise Refused(f"a URL of {len(url)} characters; at most {MAX_GIVEN} are allowed")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise Refused(f"not a well-formed URL: {error}") from error
    if parts.scheme not in ("http", "https") or not host:
        raise Refused(
            f"only http and https addresses are fetched, not {parts.scheme or 'one without a scheme'}"
        )
    if parts.username or parts.password:
        raise Refused("an address with a user name or password is not fetched")
    literal = _literal(host)
    if literal is not None and not allow_private and not is_public(literal):
        raise Refused(f"{literal} is not a public address")


def guard_connections(reactor: Any, *, proxy: str, allow_private: bool) -> None:
    """Let `reactor` connect only to public addresses, or, where there is one, only to the `proxy`.

    Twisted resolves a name first and connects by address, so the address itself is checked; a proxy resolves
    the other names. Raises ConfigError where the proxy's name cannot be resolved.
    """
    proxy_addresses = _addresses(proxy) if proxy else frozenset()
    connect: Callable[..., Any] = reactor.connectTCP

    def guarded(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        name = host.decode("ascii") if isinstance(host, bytes) else host
        if proxy_addresses:
            if (name, port) not in proxy_addresses:
                raise Refused(f"{name}:{port} is not the proxy {proxy}")
        elif not allow_private:
            address = _literal(name)
            if address is None or not is_public(address):
                raise Refused(f"{name} is not a public address")
        return connect(host, port, *args, **kwargs)

    reactor.connectTCP = guarded


def _addresses(proxy: str) -> frozenset[tuple[str, int]]:
    parts = urlsplit(proxy)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        address_infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ConfigError(f"[crawl] proxy = {proxy!r} cannot be resolved: {error}") from error
    return frozenset({(host, port), *((str(info[4][0]), port) for info in address_infos)})


def refuse_entities(body: bytes) -> None:
    """Refuse XML that declares entities of its own, before anything expands them. Raises Refused."""

    def declared(*_: Any) -> None:
        raise Refused("the XML declares entities of its own")

    def begun(*_: Any) -> None:
        raise _RootReached

    # Expat knows few declared encodings, and none of several bytes a character (GB 2312, Shift JIS): in all
    # of them, declarations are ASCII.
    for encoding in (None, "iso-8859-1"):
        parser = expat.ParserCreate(encoding)
        parser.EntityDeclHandler = declared
        parser.StartElementHandler = begun
        try:
            parser.Parse(body, True)
        except _RootReached:
            return
        except expat.ExpatError:
            # Not well-formed: the feed parser reads it leniently, and that one expands no declared entities.
            return
        except (LookupError, ValueError):
            continue
        return


class GuardMiddleware:
    """Checks each request's address before it leaves, redirects and robots.txt included, and names the proxy.

    The environment's proxy settings are not used: `crawl.proxy` alone says where requests go.
    """

    def __init__(self, proxy: str, allow_private: bool) -> None:
        self.proxy = proxy or None
        self.allow_private = allow_private

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make one from the settings GUARD_PROXY and GUARD_ALLOW_PRIVATE."""
        return cls(crawler.settings["GUARD_PROXY"], crawler.settings.getbool("GUARD_ALLOW_PRIVATE"))

    def process_request(self, request: Request) -> None:
        """Raise Refused for an address that may not be fetched."""
        check_url(request.url, allow_private=self.allow_private)
        request.meta["proxy"] = self.proxy


class _RootReached(Exception):
    """The document's first element begins: nothing can be declared any more."""


def _literal(host: str) -> Address | None:
    """Return the address that `host` is, in any of the ways in which a resolver accepts one (127.1,
    0x7f000001).
    """
    bare = host.split("%", 1)[0].rstrip(".")
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        pass
    last_label = bare.rpartition(".")[2].lower()
    if not (last_label.isdigit() or last_label.startswith("0x")):
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(bare))
    except OSError:
        return None
