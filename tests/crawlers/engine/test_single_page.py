"""One page that a person asks for, from a loopback server: its text, or why there is none."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from scrapy.http import HtmlResponse, Response, TextResponse

from crawlers.engine import single_page
from crawlers.engine.single_page import PageAnswer, PageJob, fetch_page, fetcher
from crawlers.engine.single_page_process import _page, _words, page_settings
from crawlers.http.failures import UnreadRobots
from crawlers.http.ssrf_guard import Refused
from pipeline.core.config import Config, CrawlConfig
from pipeline.core.errors import SourceError
from pipeline.core.page import Page
from pipeline.core.vocabulary import Precision
from tests.crawlers.fault_server import FaultServer, answer, fault_server, slow_head, status

HERE = CrawlConfig(delay=0.0, allow_private_addresses=True)
ARTICLE = b"""<html lang="en"><head><title>How large is Basalt 4?</title>
<meta property="article:published_time" content="2026-03-01T10:00:00Z"></head><body><article>
<h1>How large is Basalt 4?</h1><p>Basalt 4 has 95 billion parameters, two people told us on Sunday.</p>
<p>Quillstone Research, which makes the model, did not answer our questions about it.</p></article></body>"""


@pytest.fixture(scope="module")
def web() -> Iterator[FaultServer]:
    with fault_server() as server:
        server.answers |= {
            "/robots.txt": answer(b"User-agent: *\nDisallow: /closed\n", "text/plain"),
            "/page": answer(ARTICLE, "text/html; charset=utf-8"),
            "/closed": answer(ARTICLE, "text/html"),
            "/silent": slow_head(),
            "/paid": status(402),
        }
        yield server


def test_a_page_is_read_as_a_crawl_reads_it(web: FaultServer) -> None:
    page = fetcher(Config(crawl=HERE))(f" {web.url}/page ")
    assert page.title == "How large is Basalt 4?"
    assert page.text.startswith("Basalt 4 has 95 billion parameters, two people")
    assert (page.published_at, page.published_precision) == (
        datetime(2026, 3, 1, 10, tzinfo=UTC), Precision.SECOND)
    assert page.whole and not page.notes


def test_robots_txt_holds(web: FaultServer) -> None:
    with pytest.raises(SourceError, match=r"robots\.txt does not let programs read this page"):
        fetch_page(f"{web.url}/closed", HERE)
    assert "/closed" not in web.asked


def test_a_private_address_is_not_asked(web: FaultServer) -> None:
    asked_before = len(web.asked)
    with pytest.raises(SourceError, match=r"not fetched: 127\.0\.0\.1 is not a public address"):
        fetch_page(f"{web.url}/page", CrawlConfig(delay=0.0))
    assert len(web.asked) == asked_before


def test_it_has_a_time_limit_of_its_own(web: FaultServer) -> None:
    with pytest.raises(SourceError, match="The page was not there within 2 seconds"):
        fetch_page(f"{web.url}/silent", HERE, seconds=2.0)


def test_its_process_gets_no_token_and_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    run_options = {}

    def run(command: list[str], **given: object) -> subprocess.CompletedProcess[bytes]:
        run_options.update(given)
        return subprocess.CompletedProcess(command, 0, PageAnswer(why="no").to_json())

    monkeypatch.setenv("RUMORTRAIL_X_TOKEN", "secret")
    monkeypatch.setattr(single_page.subprocess, "run", run)
    with pytest.raises(SourceError, match=r"^no$"):
        fetch_page("https://a.example/", HERE)
    assert "RUMORTRAIL_X_TOKEN" not in run_options["env"] and set(run_options["env"]) <= set(os.environ)  # type: ignore[call-overload]
    assert run_options["stderr"] == subprocess.DEVNULL
    with pytest.raises(SourceError, match="at most 2,000 are fetched"):
        fetch_page("https://a.example/" + "a" * 2_000, HERE)


def test_a_process_that_ends_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single_page.subprocess, "run",
                        lambda command, **_: subprocess.CompletedProcess(command, -9, b""))
    with pytest.raises(SourceError, match="the process that fetches it ended"):
        fetch_page("https://a.example/", HERE)


def test_job_and_answer_are_lines() -> None:
    page_job = PageJob("https://a.example/\n", HERE)
    assert b"\n" not in page_job.to_json()
    assert PageJob.from_json(page_job.to_json()) == page_job


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("application/pdf", b"x", "leads to a PDF"),
        ("text/html", b"%PDF-1.7", "leads to a PDF"),
        ("image/png", b"\x89PNG", "leads to a file (image/png)"),
        ("text/plain", b"a\0b", "not text"),
        ("text/html", b"<html><body><script>draw()</script></body></html>", "may be built by a script"),
    ],
)
def test_what_is_no_web_page_is_told(kind: str, body: bytes, words: str) -> None:
    response_class = HtmlResponse if kind.startswith("text") else Response
    response = response_class("https://a.example/x", headers={"Content-Type": kind}, body=body)
    with pytest.raises(ValueError) as error_info:
        _page(response)
    assert words in str(error_info.value) and "Paste the text" in str(error_info.value)


def test_a_text_file_and_a_teaser_are_read() -> None:
    plain_response = TextResponse(
        "https://a.example/x", headers={"Content-Type": "text/plain"}, body=b"Basalt 4.\r\n"
    )
    assert _page(plain_response) == Page(
        "https://a.example/x", None, "Basalt 4.\n", None, Precision.UNKNOWN, None
    )
    paid_mark = (
        b'<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
    )
    teaser = HtmlResponse("https://a.example/x", body=ARTICLE.replace(b"</head>", paid_mark + b"</head>"))
    assert not _page(teaser).whole and "behind a paywall" in _page(teaser).notes[0]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Refused("::1 is not a public address"), "This address is not fetched: ::1 is not a public address."),
        (UnreadRobots("the server answered 503 for robots.txt"), "robots.txt does not let"),
        (OSError("broken"), "The page cannot be read: OSError: broken."),
    ],
)
def test_a_failure_is_told_in_plain_words(error: Exception, words: str) -> None:
    assert words in _words(error, 30.0)


def test_a_server_that_refuses_is_told(web: FaultServer) -> None:
    with pytest.raises(SourceError, match=r"it answered 402\): it may be behind a paywall or a sign-in"):
        fetch_page(f"{web.url}/paid", HERE)


def test_the_rules_of_a_crawl_hold_for_it() -> None:
    settings = page_settings(HERE, 30.0)
    steps = settings["DOWNLOADER_MIDDLEWARES"]
    assert {"crawlers.http.ssrf_guard.GuardMiddleware", "crawlers.http.failures.RobotsMiddleware",
            "crawlers.http.scrapy_patches.WholeUnpacking"} <= set(steps)
    assert "crawlers.engine.auth.CredentialMiddleware" not in steps
    assert settings["DOWNLOAD_MAXSIZE"] == HERE.max_bytes and not settings["LOG_ENABLED"]
