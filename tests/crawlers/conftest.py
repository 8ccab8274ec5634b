"""A loopback web that speaks each platform's format and misbehaves on demand, and the results of a night."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest

from crawlers.engine import launcher
from crawlers.engine.launcher import crawl
from pipeline.core.config import Config, CrawlConfig
from pipeline.core.home import Home
from pipeline.core.inbox_records import InboxCrawl
from tests.crawlers import preloaded

FIRST_NIGHT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
SECOND_NIGHT = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
FILES = Path(__file__).parent / "platforms"


@dataclass
class Reply:
    """One answer of the loopback web; `drip` sends the body a byte at a time with this pause."""

    body: bytes | str = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0
    length: int | None = None


def json_reply(value: Any, **options: Any) -> Reply:
    """Return an answer in JSON."""
    return Reply(json.dumps(value), kind="application/json; charset=utf-8", **options)


def platform(name: str) -> Any:
    """Return a platform's answer, as kept in `platforms/`."""
    text = (FILES / name).read_text("utf-8")
    return json.loads(text) if name.endswith(".json") else text


def article(title: str, text: str, head: str = "") -> Reply:
    """Return an article's page with so much around the text that the reader has to find the main text."""
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n"))
    return Reply(
        f"<!DOCTYPE html><html lang='en'><head><meta "
        f"charset='utf-8'><title>{title}</title>{head}</head><body>"
        f"<nav><a href='/'>Home</a> <a href='/about'>About us</a></nav><main><article><h1>{title}</h1>"
        f"{paragraphs}</article></main><footer><p>All rights reserved.</p></footer></body></html>"
    )


@dataclass
class Web:
    """The running loopback web:

    `pages` maps a path, with or without its query, to an answer or to its maker.
    """

    url: str
    pages: dict[str, Reply | Callable[[BaseHTTPRequestHandler], Reply]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    posted: list[bytes] = field(default_factory=list)

    def asked(self, path: str) -> int:
        """Return how often `path` was asked for."""
        return sum(url.split("?")[0] == path for url, _ in self.requests)


TEXT = (
    "{0} is said in a paragraph that is long enough to be taken for the main text of the page that it "
    "stands on.\n\n"
    "A second paragraph follows, since one alone is seldom the whole of an article on any site."
)


def story(words: str) -> Reply:
    """Return a page that contains `words`."""
    return article("A headline", TEXT.format(words))


def rss_of(site: str, *links: str) -> str:
    """Return a feed of `site` with one entry for each link."""
    day = "<pubDate>Sun, 01 Mar 2026 09:00:00 GMT</pubDate>"
    items = "".join(f"<item><title>T</title><link>{link}</link>{day}</item>" for link in links)
    head = f"<title>F</title><link>{site}/</link>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'


def rss(web: Web, *paths: str, **options: Any) -> Reply:
    """Return a feed with one entry for each path."""
    return Reply(rss_of(web.url, *(web.url + path for path in paths)), kind="application/rss+xml", **options)


def listed(*children: dict[str, Any]) -> dict[str, Any]:
    """Return a listing of Reddit."""
    return {"kind": "Listing", "data": {"children": list(children), "after": None}}


def feed(web: Web, name: str, **values: Any) -> dict[str, Any]:
    """Return the declaration of the feed at `/NAME.xml`."""
    return {"id": name, "spider": "feeds", "url": f"{web.url}/{name}.xml"} | values


def submission(number: int) -> dict[str, Any]:
    """Return a submission of subreddit A, as a listing holds it."""
    data = platform("reddit_new.json")["data"]["children"][0]["data"]
    permalink = f"/r/A/comments/x{number}/title/"
    return {
        "kind": "t3",
        "data": data | {"name": f"t3_x{number}", "permalink": permalink, "title": f"Post {number}"},
    }


def children(pid: int) -> list[int]:
    """Return the process's children, as Linux lists them."""
    file = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in file.read_text().split()] if file.exists() else []


WAIT = 120
"""Seconds after which a wait for a condition is given up."""


def ended(pid: int) -> None:
    """Wait until a process is over or a zombie."""
    deadline = time.monotonic() + WAIT
    with suppress(psutil.NoSuchProcess):
        while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < deadline, "the crawlers outlived the process that asked for them"
            time.sleep(0.05)


@pytest.fixture(scope="session", autouse=True)
def _preloaded() -> Iterator[None]:
    """Fork the crawls of a test from one preloaded process; other subprocesses start as usual."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(launcher, "subprocess", preloaded.Subprocess)
        yield


@pytest.fixture
def web() -> Iterator[Web]:
    """A web server on the loopback interface; as a proxy it answers for every host."""
    with serving() as web:
        yield web


@contextmanager
def serving() -> Iterator[Web]:
    """Run a web server on the loopback interface while the context lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    web = Web(f"http://127.0.0.1:{server.server_address[1]}")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            web.requests.append((self.path, dict(self.headers)))
            reply_found = web.pages.get(self.path) or web.pages.get(self.path.split("?")[0])
            reply = reply_found(self) if callable(reply_found) else reply_found or Reply("nothing here", 404)
            body = reply.body.encode() if isinstance(reply.body, str) else reply.body
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(body) if reply.length is None else reply.length))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                if reply.drip:
                    for byte in body:
                        self.wfile.write(bytes([byte]))
                        self.wfile.flush()
                        time.sleep(reply.drip)
                else:
                    self.wfile.write(body)
                if reply.length is not None:
                    self.close_connection = True
            except OSError:
                self.close_connection = True

        def do_POST(self) -> None:
            """Answer as GET does; `Web.posted` records the body."""
            web.posted.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            self.do_GET()

        def log_message(self, format: str, *args: Any) -> None:
            """Log nothing: `Web.requests` records the requests."""

    server.RequestHandlerClass = Handler
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Collected:
    """The result of one night: how each source ended, and the lines of its inbox by type."""

    crawls: dict[str, InboxCrawl]
    lines: list[dict[str, Any]]

    def of(self, kind: str, source: str | None = None) -> list[dict[str, Any]]:
        """Return the lines of one type, of one source or of all."""
        return [line for line in self.lines if line["type"] == kind and source in (None, line["source"])]

    def codes(self, source: str | None = None) -> list[str]:
        """Return the codes of the issues."""
        return sorted(issue["code"] for issue in self.of("issue", source))

    def texts(self, source: str | None = None) -> list[str]:
        """Return the documents' texts."""
        return sorted(document["text"] for document in self.of("document", source))


def partition(documents: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Split documents into those whose pages were read and those with only the feed's words."""
    told_by_feed = [document for document in documents if document["extent"] == "feed"]
    return [document for document in documents if document not in told_by_feed], told_by_feed


def inbox_lines(folder: Path) -> list[dict[str, Any]]:
    """Return every complete line of the inbox files in `folder`, read with plain gzip."""
    lines: list[dict[str, Any]] = []
    for file in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(file, "rb") as stream:
            try:
                for line in stream:
                    if line.endswith(b"\n"):
                        lines.append(json.loads(line))
            except (EOFError, gzip.BadGzipFile):  # a cut within a member, or after the first byte of its head
                continue
    return lines


@dataclass
class Nights:
    """Crawls a home folder, night after night."""

    home: Home

    def sources(self, *entries: dict[str, Any]) -> None:
        """Declare sources; role and name have defaults."""
        declarations = []
        for entry in entries:
            values = {"name": entry["id"], "role": "press"} | entry
            declarations.append(
                "[[source]]\n" + "\n".join(f"{key} = {json.dumps(value)}" for key, value in values.items())
            )
        self.home.sources_file.write_text("\n\n".join(declarations), "utf-8")

    def crawl(
        self,
        now: datetime = FIRST_NIGHT,
        only: tuple[str, ...] = (),
        on_progress: Callable[[str, int, int | None], None] = lambda *_: None,
        replay: bool = True,
        **settings: Any,
    ) -> Collected:
        """Crawl for one night.

        Unless `settings` say otherwise, waits are off, no links of posts are followed and loopback is
        allowed.
        """
        values = {
            "delay": 0.0, "per_host": 8, "retries": 0, "timeout": 60.0, "allow_private_addresses": True,
            "follow_links": 0,
        } | settings
        run_id = f"{now:%Y%m%dT%H%M%SZ}"
        config = Config(crawl=CrawlConfig(**values))
        ended = crawl(
            self.home, config, run_id=run_id, now=now, only=only, on_progress=on_progress, replay=replay
        )
        return Collected({end.source: end for end in ended}, inbox_lines(self.home.inbox / run_id))


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    """An empty home folder to crawl into."""
    return Nights(Home(tmp_path))
