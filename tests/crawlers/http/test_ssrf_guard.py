"""Which connections the guard allows, and which it refuses."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response

from crawlers.http.ssrf_guard import Refused, check_url, guard_connections, is_public, refuse_entities
from crawlers.spiders.feed_formats import parse_feed
from pipeline.core.errors import ConfigError

PRIVATE = [
    "127.0.0.1", "127.255.0.9", "0.0.0.0", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "168.63.129.16", "192.0.0.192", "192.0.0.9", "::ffff:168.63.129.16",
    "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1",
    "fd12::1",
    "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.1.2.3", "2002:7f00:1::",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::127.0.0.1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]


@pytest.mark.parametrize("address", PRIVATE)
def test_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_in_ipv6_clothes_is_as_public_as_itself(address: ipaddress.IPv4Address) -> None:
    mapped = ipaddress.IPv6Address(f"::ffff:{address}")
    translated = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) + int(address))
    assert is_public(mapped) == is_public(translated) == is_public(address)


@given(st.ip_addresses())
def test_whatever_is_public_is_global(address: Any) -> None:
    if is_public(address):
        assert not (
            address.is_private or address.is_loopback or address.is_link_local or address.is_multicast
        )


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/", "file:///etc/passwd", "data:text/html,x", "javascript:alert(1)",
        "//example.org/", "http://",
        "http://user:pass@example.org/", "http://127.0.0.1/", "http://127.1/", "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/", "http://[::1]/", "http://[::ffff:10.0.0.1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1%25eth0]/", "http://example.org:99999/", "http://[not-an-address/",
        "http://10.0.0.1./",
    ],
)  # fmt: skip
def test_refused_urls(url: str) -> None:
    with pytest.raises(Refused):
        check_url(url, allow_private=False)


@pytest.mark.parametrize(
    "url",
    ["http://example.org/", "https://example.org:8443/a?b", "http://8.8.8.8/", "http://1password.example/"],
)
def test_allowed_urls(url: str) -> None:
    check_url(url, allow_private=False)


def test_private_addresses_pass_only_when_the_config_says_so() -> None:
    check_url("http://127.0.0.1:8000/", allow_private=True)
    with pytest.raises(Refused):
        check_url("file:///etc/passwd", allow_private=True)


class Reactor:
    """Records the addresses to which connections are made."""

    def __init__(self) -> None:
        self.peers: list[tuple[str, int]] = []

    def connectTCP(self, host: str, port: int, *args: Any, **kwargs: Any) -> None:
        self.peers.append((host, port))


class TestConnections:
    def test_the_peer_itself_is_checked(self) -> None:
        reactor = Reactor()
        guard_connections(reactor, proxy="", allow_private=False)
        reactor.connectTCP("93.184.216.34", 80, object())
        for peer in ("10.0.0.1", "::1", "a-name-that-was-not-resolved.example"):
            with pytest.raises(Refused):
                reactor.connectTCP(peer, 80, object())
        assert reactor.peers == [("93.184.216.34", 80)]

    def test_with_a_proxy_only_the_proxy_is_reached(self) -> None:
        reactor = Reactor()
        guard_connections(reactor, proxy="http://127.0.0.1:8700", allow_private=False)
        reactor.connectTCP("127.0.0.1", 8700, object())
        for host, port in (("127.0.0.1", 8701), ("93.184.216.34", 80), ("10.0.0.1", 8700)):
            with pytest.raises(Refused):
                reactor.connectTCP(host, port, object())

    def test_a_proxy_without_an_address_is_told(self) -> None:
        with pytest.raises(ConfigError, match="cannot be resolved"):
            guard_connections(Reactor(), proxy="http://nowhere.invalid:1", allow_private=False)


class TestEntities:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1", "gb2312", "shift_jis"])
    def test_declared_entities_are_refused_in_any_encoding(self, encoding: str) -> None:
        xml = (
            f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b '
            f'"&a;&a;">]><rss>&b;</rss>'
        )
        with pytest.raises(Refused):
            refuse_entities(xml.encode(encoding))

    @pytest.mark.parametrize(
        ("declared", "real"),
        [("gb2312", "gb2312"), ("Big5", "big5"), ("Shift_JIS", "shift_jis"), ("unicode", "utf-8")],
    )
    def test_a_feed_in_an_encoding_that_expat_does_not_know_is_read(self, declared: str, real: str) -> None:
        item = "<item><title>模型</title><link>https://a.example/1</link></item>"
        xml = (
            f'<?xml version="1.0" encoding="{declared}"?><rss '
            f'version="2.0"><channel><title>F</title>{item}</channel></rss>'
        )
        response = Response(
            "https://a.example/f.xml", body=xml.encode(real), headers={"Content-Type": "text/xml"}
        )
        assert [entry.title for entry in parse_feed(response, 10_000).entries] == ["模型"]

    def test_an_external_entity_is_refused(self) -> None:
        with pytest.raises(Refused):
            refuse_entities(b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>')

    @pytest.mark.parametrize(
        "xml",
        [
            b"<rss><channel/></rss>",
            b'<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" '
            b'"http://my.netscape.example/rss.dtd"><rss/>',
            b"<rss><![CDATA[<!ENTITY a 'b'>]]></rss>", b"not XML at all", b"",
        ],
    )
    def test_the_rest_passes(self, xml: bytes) -> None:
        refuse_entities(xml)
