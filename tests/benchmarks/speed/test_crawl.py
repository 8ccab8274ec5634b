"""Test the pages and the figures of the crawl benchmark; the whole benchmark is run by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from urllib.request import urlopen

import pytest
from rich.console import Console

from benchmarks.speed import crawl, crawl_site
from crawlers.articles.extract import read_article

ROOT = "http://127.0.0.1:8000"


def test_pages_are_large_different_and_the_same_again() -> None:
    page, again = crawl_site.site(), crawl_site.site()
    pages = [page(number, ROOT) for number in range(300)]
    assert len(set(pages)) == 300
    assert all(55_000 < len(html) < 70_000 for html in pages)
    assert pages == [again(number, ROOT) for number in range(300)]


def test_what_is_read_is_the_article_alone() -> None:
    article = read_article(crawl_site.site()(7, ROOT), url=f"{ROOT}/a/7", encoding="utf-8")
    assert (article.url, article.author) == (f"{ROOT}/a/7", crawl_site._NAMES[7])
    assert "as page 7 has it" in article.text and 5_000 < len(article.text) < 12_000
    assert not any(word in article.text for word in ("reader", "Reply", "All rights reserved"))


def test_the_site_serves_its_feeds_and_pages_and_counts_them() -> None:
    with crawl.running_site() as site:
        with urlopen(f"{site}/feed/1") as answer:
            assert answer.read() == crawl_site.feed(1, site)
        with urlopen(f"{site}/a/12") as answer:
            assert answer.read() == crawl_site.site()(12, site)
        with urlopen(f"{site}/served") as answer:
            assert answer.read() == b"1"


def test_one_way_runs_in_a_process_and_tells_its_cost() -> None:
    with crawl.running_site() as site:
        command = [
            sys.executable,
            "-m",
            crawl.__name__,
            "--way",
            "bare",
            "--site",
            site,
            "--pages",
            "500",
        ]
        figures = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=300).stdout)
    assert figures["pages"] == 500 and figures["seconds"] > 0 and figures["processor_seconds"] > 0


def test_the_tables_tell_the_share(capsys: pytest.CaptureFixture[str]) -> None:
    bare_run = {"pages": 1000, "seconds": 2.0, "processor_seconds": 1.0, "busiest_seconds": 1.0, "memory": []}
    our_run = {
        "pages": 1000,
        "seconds": 5.0,
        "processor_seconds": 4.0,
        "busiest_seconds": 2.0,
        "memory": [(1000, 120.0, 300.0)],
    }
    crawl.show(crawl.shares({"bare": bare_run, "ours": our_run}), Console(width=250))
    output = capsys.readouterr().out
    assert all(
        text in output
        for text in (
            "0.40 times as fast",
            "0.25 by processor time",
            "0.50 by the busiest",
            "1000 pages: largest process 120 MB, all 300 MB",
        )
    )
