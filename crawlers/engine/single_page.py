"""Fetches one page that a person asks for, in a process of its own, and keeps nothing of it.

The same rules hold as for any page of a crawl: public addresses only, each redirect checked again, robots.txt
obeyed, size bounded. No credential is sent: the process gets none. Nothing is written: no state, no archive,
no log.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from functools import partial

from pydantic import TypeAdapter, ValidationError

from pipeline.core.config import Config, CrawlConfig
from pipeline.core.engine import tokenless
from pipeline.core.errors import SourceError
from pipeline.core.page import Fetch, Page
from pipeline.core.text import encodable

SECONDS = 30.0
"""The time that a page has, from the question to its text; a person waits for it."""
LONGEST = 2_000
"""Characters of an address."""


@dataclass(frozen=True, slots=True)
class PageJob:
    """What the process is asked, as one line of JSON."""

    url: str
    crawl: CrawlConfig
    seconds: float = SECONDS

    def to_json(self) -> bytes:
        """Return the job on one line."""
        return _JOB.dump_json(self)

    @classmethod
    def from_json(cls, line: bytes) -> PageJob:
        """Return the job that `to_json` wrote. Raises pydantic.ValidationError for anything else."""
        return _JOB.validate_json(line)


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """The page, or in plain words why there is none."""

    page: Page | None = None
    why: str = field(default="")

    def to_json(self) -> bytes:
        """Return the answer on one line."""
        return _ANSWER.dump_json(self)


_JOB: TypeAdapter[PageJob] = TypeAdapter(PageJob)
_ANSWER: TypeAdapter[PageAnswer] = TypeAdapter(PageAnswer)


def fetcher(config: Config) -> Fetch:
    """Return what fetches a page by these settings."""
    return partial(fetch_page, crawl=config.crawl)


def fetch_page(url: str, crawl: CrawlConfig, seconds: float = SECONDS) -> Page:
    """Return the page at an address, read within so many seconds.

    Raises SourceError that says in plain words why there is none: an address that is not fetched, a page that
    robots.txt, a paywall or a sign-in keeps from us, a file that is no web page, a server without an answer.
    """
    url = encodable(url.strip())
    if len(url) > LONGEST:
        raise SourceError(f"The address has {len(url):,} characters; at most {LONGEST:,} are fetched.")
    try:
        # -P: where the program was started from is no place to load a module from.
        process = subprocess.run(
            [sys.executable, "-P", "-m", "crawlers.engine.single_page_process"],
            input=PageJob(url, crawl, seconds).to_json() + b"\n",
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=seconds + 5,
            env=tokenless("SSL_CERT_FILE", "SSL_CERT_DIR"), check=False,
        )  # fmt: skip
        answer = _ANSWER.validate_json(process.stdout)
    except subprocess.TimeoutExpired:
        raise SourceError(too_slow(seconds)) from None
    except ValidationError:
        raise SourceError("The page could not be read: the process that fetches it ended.") from None
    if answer.page is None:
        raise SourceError(answer.why)
    return answer.page


def too_slow(seconds: float) -> str:
    """Return the words for a page that takes longer than it may."""
    return f"The page was not there within {seconds:g} seconds. Try again later, or paste its text."
