"""Reads articles in processes beside the one that downloads: on every core, so that none holds up a crawl.

A reader begins when a page waits and all others are busy. One that is killed loses no page: the next reads
it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress

from crawlers.articles.extract import Article
from crawlers.articles.worker import HEAD, READ_SECONDS, article, question
from pipeline.core.engine import CORES, tokenless

MOST = 8
"""Readers at most, about 70 MB each, however many cores there are."""
TRIES = 2
"""Readers that one page may end before it is given up."""
GRACE = 2.0
"""Seconds that a reader which is not needed any more has to end by itself."""


class Readers:
    """Up to `most` processes, by default one for each core that may be used; `seconds` bounds one page.

    `close` ends them.
    """

    def __init__(self, most: int | None = None, seconds: float = READ_SECONDS) -> None:
        self._seconds = seconds
        cores = os.environ.get(CORES, "")
        most = most or min(MOST, int(cores) if cores.isdigit() else os.cpu_count() or 1)
        self._places = asyncio.Semaphore(max(1, most))
        self._idle: list[asyncio.subprocess.Process] = []
        self._all: set[asyncio.subprocess.Process] = set()

    async def read(self, html: bytes, *, url: str, encoding: str | None = None) -> Article:
        """Return the article as `read_article` does, once a reader is free.

        Raises ValueError also for a page that takes too long, or ends two readers. The caller bounds how many
        pages wait.
        """
        async with self._places:
            for _ in range(TRIES):
                reader = self._waiting() or await self._begin()
                answer = await _ask(reader, question(html, url, encoding, self._seconds))
                if answer is not None:
                    self._idle.append(reader)
                    return article(answer)
                self._all.discard(reader)
                if await reader.wait() == -signal.SIGPROF:
                    raise ValueError(
                        f"a page that takes more than {self._seconds:g} s of processor time to read"
                    )
        raise ValueError("the page made the article reader crash twice; the log may say why")

    async def close(self) -> None:
        """End all readers: each ends by itself when nothing more can be asked, or is killed."""
        for reader in self._all:
            assert reader.stdin is not None
            reader.stdin.close()
        for reader in self._all:
            try:
                await asyncio.wait_for(reader.wait(), GRACE)
            except TimeoutError:
                with suppress(ProcessLookupError):
                    reader.kill()
                await reader.wait()
        self._all.clear()
        self._idle.clear()

    def _waiting(self) -> asyncio.subprocess.Process | None:
        """Return a reader that has nothing to do, and was not killed meanwhile."""
        while self._idle:
            reader = self._idle.pop()
            if reader.returncode is None:
                return reader
            self._all.discard(reader)
        return None

    async def _begin(self) -> asyncio.subprocess.Process:
        reader = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # where the run was started from is no place to load a module from
            "-m",
            "crawlers.articles.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=tokenless(),
        )
        self._all.add(reader)
        return reader


async def _ask(reader: asyncio.subprocess.Process, message: bytes) -> bytes | None:
    """Return the reader's answer; None where it ended."""
    assert reader.stdin is not None and reader.stdout is not None
    try:
        reader.stdin.write(message)
        await reader.stdin.drain()
        length = int.from_bytes(await reader.stdout.readexactly(HEAD), "big")
        return await reader.stdout.readexactly(length)
    except (OSError, asyncio.IncompleteReadError):
        return None
