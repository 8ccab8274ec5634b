"""A crawl of a server that breaks every rule: each fault becomes an issue, and what is good is kept.

All faults stand in one crawl, so that each is also proved to leave the others alone. What
tests/crawlers/engine/test_launcher.py shows of single faults (a page over its bound, a gzip bomb, a billion
laughs, a proxy) is not repeated.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from crawlers.engine import launcher
from pipeline.core.home import Home
from pipeline.core.vocabulary import Outcome
from tests.crawlers.conftest import Collected, Nights, partition
from tests.crawlers.fault_server import (
    FEED,
    FaultServer,
    answer,
    brotli_bomb,
    endless_body,
    fault_server,
    gzip_bomb,
    head,
    header_flood,
    long_header,
    raw,
    redirect,
    rss,
    slow_body,
    slow_head,
    story,
)

MAX_BYTES = 3_000_000
MAX_ITEMS = 40
BOMB = 30_000_000
MEGABYTE = "a" * 1_000_000
UMLAUTS = "\u00fc" * 3000

BROKEN_PAGES = {
    "file": redirect("file:///etc/passwd"),
    "data": redirect("data:text/html,%3Cp%3Ehello%3C/p%3E"),
    "gopher": redirect("gopher://old.example/1"),
    "password": redirect("http://user:secret@news.example/"),
    "over": endless_body(),
    "brotli": brotli_bomb(BOMB),
    "slow": slow_body(),
    "slow-head": slow_head(),
    "flood": header_flood(),
    "long-header": long_header(),
    "longer": answer(story("Cut in the middle") + "<p>and on</p>" * 50, length=300),
    "shorter": answer(story("Never whole"), length=100_000),
    "negative": answer(story("Less than nothing"), length=-5),
    "two-lengths": raw(head("Content-Length: 10", "Content-Length: 20"), b"x" * 20),
    "long-redirect": redirect("/" + MEGABYTE),
    "no-http": raw(b"\x00\x01\x02 not HTTP at all \xff\r\n\r\n"),
}
"""Each stands between two good pages in the feed `pages`."""

BROKEN_FEEDS = {
    "gzip-feed": gzip_bomb(BOMB, FEED), "brotli-feed": brotli_bomb(BOMB, FEED), "slow-feed": slow_body(),
    "flood-feed": header_flood(),
}


class Night:
    """The result of the night, and the server that it crawled."""

    def __init__(self, server: FaultServer, collected: Collected) -> None:
        self.server = server
        self.collected = collected

    def issue(self, path: str) -> dict[str, Any]:
        """Return the only issue of a page."""
        (issue,) = [line for line in self.collected.of("issue") if line["place"] == self.server.url + path]
        return issue

    def words(self, source: str) -> list[str]:
        """Return the words of the pages that were read."""
        read_documents, _ = partition(self.collected.of("document", source))
        return sorted(document["text"].split(" is said")[0] for document in read_documents)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """One night over all faults, with loopback allowed and small bounds."""
    with fault_server() as server:
        yield Night(server, _crawl(server, Nights(Home(tmp_path_factory.mktemp("faults")))))


def _crawl(server: FaultServer, nights: Nights) -> Collected:
    url = server.url
    paths: list[str] = []
    for number, (name, broken_answer) in enumerate(BROKEN_PAGES.items()):
        server.answers |= {f"/{name}": broken_answer, f"/good{number}": answer(story(f"Good {number}"))}
        paths += [f"/good{number}", f"/{name}"]
    for number in range(20):
        server.answers[f"/turn{number}"] = redirect(f"/turn{number + 1}")
        server.answers[f"/small{number}"] = answer(story(f"Small {number}"))
    for number in range(200):
        server.answers[f"/many/{number}"] = answer(story(f"Many {number}"))
    nul = story("Nul").replace("long enough", "lo\x00ng en\x00ough")
    dtd = f'<!DOCTYPE rss SYSTEM "{url}/evil.dtd">'
    entity = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{url}/secret">]>'
    parameter = f'<!DOCTYPE rss [<!ENTITY % x SYSTEM "{url}/secret"> %x;]>'
    long_urls = [f"{url}/{MEGABYTE}{number}" for number in range(2)]
    grows = [f"{url}/small{number}?utm_source={UMLAUTS}" for number in range(12)]
    server.answers |= {
        f"/{name}.xml": broken_answer for name, broken_answer in BROKEN_FEEDS.items()
    } | {
        "/pages.xml": answer(rss([url + path for path in paths]), FEED),
        "/turns.xml": answer(rss([f"{url}/turn0", f"{url}/small0"]), FEED),
        "/dtd.xml": answer(rss([f"{url}/small1"], dtd), FEED),
        "/entity.xml": answer(rss([f"{url}/&x;"], entity), FEED),
        "/parameter.xml": answer(rss([f"{url}/small2"], parameter), FEED),
        "/many.xml": answer(rss(f"{url}/many/{number}" for number in range(10_000)), FEED),
        "/nul.xml": answer(rss([f"{url}/nul", f"{url}/small3"]).replace("<title>F", "<title>\x00F"), FEED),
        "/nul": answer(nul),
        "/long.xml": answer(rss([*long_urls, f"{url}/small4"]), FEED),
        "/grows.xml": answer(rss([*grows, f"{url}/small15"]), FEED),
        "/last.xml": answer(rss([f"{url}/small5"]), FEED),
    }  # fmt: skip
    names = [path[1:-4] for path in server.answers if path.endswith(".xml")]
    assert names[-1] == "last"
    nights.sources(*({"id": name, "spider": "feeds", "url": f"{url}/{name}.xml"} for name in names))
    return nights.crawl(timeout=10.0, max_bytes=MAX_BYTES, max_items=MAX_ITEMS, obey_robots=False)


def test_all_good_pages_beside_broken_ones_are_kept(night: Night) -> None:
    assert sorted(night.words("pages")) == sorted(f"Good {number}" for number in range(len(BROKEN_PAGES)))
    assert night.collected.crawls["pages"].outcome is Outcome.PARTIAL


def test_each_broken_page_is_one_issue(night: Night) -> None:
    issue_places = sorted(issue["place"] for issue in night.collected.of("issue", "pages"))
    assert issue_places == sorted(f"{night.server.url}/{name}" for name in BROKEN_PAGES)


def test_the_night_goes_on_to_its_last_source(night: Night) -> None:
    assert night.collected.crawls["last"].outcome is Outcome.OK
    assert night.words("last") == ["Small 5"]


@pytest.mark.parametrize("scheme", ["file", "data", "gopher"])
def test_a_redirect_to_another_scheme_is_not_followed(night: Night, scheme: str) -> None:
    issue = night.issue(f"/{scheme}")
    assert issue["code"] == "http_302"
    assert f"not fetched ({scheme}:)" in issue["message"]


def test_a_redirect_to_an_address_with_a_password_is_refused_and_the_password_not_told(night: Night) -> None:
    issue = night.issue("/password")
    assert issue["code"] == "refused"
    assert "secret" not in str(night.collected.lines)


def test_endless_redirects_end(night: Night) -> None:
    assert night.issue("/turn0")["code"] == "redirects"
    assert sum(path.startswith("/turn") and path != "/turns.xml" for path in night.server.asked) == 6
    assert night.words("turns") == ["Small 0"]


def test_a_body_without_a_length_is_cut_at_the_bound(night: Night) -> None:
    issue, bound = night.issue("/over"), f"{MAX_BYTES:,} bytes ([crawl] max_bytes in rumortrail.toml)"
    assert (issue["code"], issue["message"]) == ("too_large", f"the answer is larger than {bound}")


@pytest.mark.parametrize("place", ["/brotli", "/brotli-feed.xml", "/gzip-feed.xml"])
def test_a_bomb_is_not_unpacked_beyond_the_bound(night: Night, place: str) -> None:
    issue = night.issue(place)
    assert issue["code"] == "too_large"
    assert issue["message"].startswith(f"the unpacked answer is larger than {MAX_BYTES:,} bytes ([crawl]")


@pytest.mark.parametrize("place", ["/slow", "/slow-head", "/slow-feed.xml"])
def test_endless_slow_answers_end_with_the_time(night: Night, place: str) -> None:
    assert night.issue(place)["code"] == "timeout"


@pytest.mark.parametrize("place", ["/flood", "/flood-feed.xml"])
def test_a_flood_of_headers_is_cut_off_by_its_size_and_not_by_the_time(night: Night, place: str) -> None:
    issue = night.issue(place)
    assert issue["code"] == "connection_lost"
    assert "more than 262144 bytes of headers" in issue["message"]


@pytest.mark.parametrize(
    "name",
    ["longer", "shorter", "negative", "two-lengths", "long-header", "long-redirect", "no-http"],
)
def test_what_is_no_whole_answer_is_no_document(night: Night, name: str) -> None:
    """A body that is longer or shorter than its Content-Length is not believed."""
    assert night.issue(f"/{name}")["code"] == "connection_lost"
    assert not any(document["url"].endswith(f"/{name}") for document in night.collected.of("document"))


def test_an_external_dtd_is_not_loaded_and_the_feed_is_read(night: Night) -> None:
    assert night.words("dtd") == ["Small 1"]
    assert "/evil.dtd" not in night.server.asked


@pytest.mark.parametrize("source", ["entity", "parameter"])
def test_external_entities_are_refused_and_not_loaded(night: Night, source: str) -> None:
    assert night.collected.crawls[source].outcome is Outcome.FAILED
    (issue,) = night.collected.of("issue", source)
    assert (issue["code"], issue["message"]) == ("bad_feed", "the XML declares entities of its own")
    assert "/secret" not in night.server.asked


def test_a_feed_of_ten_thousand_items_is_read_to_the_bound(night: Night) -> None:
    assert sorted(night.words("many")) == sorted(f"Many {number}" for number in range(MAX_ITEMS))
    (issue,) = night.collected.of("issue", "many")
    assert (issue["code"], f"max_items = {MAX_ITEMS}" in issue["message"]) == ("max_items", True)


def test_nul_bytes_are_taken_out_of_a_text_and_named_in_a_feed(night: Night) -> None:
    assert sorted(night.words("nul")) == ["Nul", "Small 3"]
    (text,) = [text for text in night.collected.texts("nul") if text.startswith("Nul")]
    assert text.startswith("Nul is said in a paragraph that is long enough to be taken for the main text")
    assert "\x00" not in str(night.collected.lines)
    assert night.collected.codes("nul") == ["malformed_feed"]


def test_addresses_of_a_megabyte_are_named_in_short_and_take_nothing_with_them(night: Night) -> None:
    assert night.words("long") == ["Small 4"]
    issues = night.collected.of("issue", "long")
    assert [issue["code"] for issue in issues] == ["bad_item", "bad_item"]
    assert all(len(str(issue)) < 2000 for issue in issues)


def test_addresses_that_grow_when_they_are_written_out_are_refused_and_do_not_stop_the_rest(
    night: Night,
) -> None:
    """There are more of them than parallel requests: dropping them silently would block the rest."""
    assert night.words("grows") == ["Small 15"]
    issues = night.collected.of("issue", "grows")
    assert [issue["code"] for issue in issues] == ["refused"] * 12
    assert all(len(str(issue)) < 2000 for issue in issues)


_STUB = """
import ipaddress, itertools, socket

turns = itertools.count()
NAMES = {
    "open.example": ["127.0.0.2"],
    "inner.example": ["127.0.0.1"],
    "turns.example": ["127.0.0.2", "127.0.0.1"],
}

def address(name):
    found = NAMES.get(name, ["192.0.2.1"])
    return found[next(turns) % len(found)] if len(found) > 1 else found[0]

def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    name = host.decode() if isinstance(host, bytes) else host
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address(name), int(port or 0)))]

socket.getaddrinfo, socket.gethostbyname = getaddrinfo, address
real = ipaddress.IPv4Address.is_global.fget
ipaddress.IPv4Address.is_global = property(lambda self: str(self) == "127.0.0.2" or real(self))
"""
"""A resolver for the crawl process: 127.0.0.2 stands for the open internet, 127.0.0.1 for the inner one."""


@contextmanager
def two_hosts() -> Iterator[tuple[FaultServer, FaultServer, int]]:
    """A server of the open internet and one of the inner network on one port that is free on both."""
    for _ in range(20):
        with ExitStack() as stack:
            outer = stack.enter_context(fault_server("127.0.0.2"))
            port = int(outer.url.rpartition(":")[2])
            try:
                inner = stack.enter_context(fault_server("127.0.0.1", port))
            except OSError:
                continue
            yield outer, inner, port
            return
    raise AssertionError("no port is free on both")


@pytest.mark.skipif(not Path("/proc").exists(), reason="127.0.0.2 is an address of its own on Linux")
def test_names_and_redirects_that_lead_to_the_inner_network_do_not_reach_it(
    tmp_path: Path, nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: `turns.example` turns private; only the address connected to counts."""
    (tmp_path / "stub").mkdir()
    (tmp_path / "stub" / "sitecustomize.py").write_text(_STUB, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "stub"))
    monkeypatch.setattr(launcher, "subprocess", subprocess)  # a process that loads the stub
    with two_hosts() as (outer, inner, port):
        bad_hosts = {"by-name": "inner.example", "by-number": "127.0.0.1", "by-mapped": "[::ffff:127.0.0.1]"}
        links = [f"http://open.example:{port}/{name}" for name in (*bad_hosts, "good")]
        turns = [f"http://turns.example:{port}/{name}" for name in ("good", "turn")]
        secret = answer(story("The secret"))
        inner.answers = {f"/{name}": secret for name in ("secret", "good", "turn", "f.xml", "t.xml")}
        outer.answers = {
            f"/{name}": redirect(f"http://{host}:{port}/secret") for name, host in bad_hosts.items()
        } | {
            "/good": answer(story("Good")), "/turn": redirect(f"http://turns.example:{port}/secret"),
            "/f.xml": answer(rss(links), FEED), "/t.xml": answer(rss(turns), FEED),
        }  # fmt: skip
        nights.sources(
            {"id": "f", "spider": "feeds", "url": f"http://open.example:{port}/f.xml"},
            {"id": "i", "spider": "feeds", "url": f"http://inner.example:{port}/f.xml"},
            {"id": "t", "spider": "feeds", "url": f"http://turns.example:{port}/t.xml"},
        )
        night = nights.crawl(allow_private_addresses=False, obey_robots=False)
        assert inner.asked == []
    assert [text.split(" is said")[0] for text in night.texts("f")] == ["Good"]
    codes_by_name = {issue["place"].rpartition("/")[2]: issue["code"] for issue in night.of("issue", "f")}
    assert codes_by_name == dict.fromkeys(bad_hosts, "refused")
    assert night.codes("i") == ["refused"]
    assert "The secret" not in str(night.lines)
    assert set(night.codes("t")) == {"refused"}, "the second answer for the same name is the private one"
