"""Answers that are made of the published copy: one at a time, kept until another copy is published."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard.http import has_already
from pipeline.core.config import Config
from pipeline.core.errors import DataError, RumortrailError
from pipeline.core.home import Home
from pipeline.published.place import copy_of, identity

KEPT = 16
"""Answers that are kept: the newest."""
WAITING = 20
"""Requests that may wait while one is answered."""
_AGE = 300  # seconds for which a reader's program may take an answer for the newest

_log = logging.getLogger(__name__)

Make = Callable[[Config], bytes]


class Answers:
    """Makes answers from the copy of `home`, and tells a reader who has one already that it is the same."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._one = asyncio.Semaphore(1)
        self._waiting = 0

    async def answer(self, request: Request, what: str, make: Make, media_type: str) -> Response:
        """Return what `make` makes as an answer; `what`, the copy and the settings decide what that is.

        503 where too many wait, or the copy is not there or cannot be read: that is no mistake of who asks.
        """
        try:
            config = Config.load(self.home.config_file)
            try:
                mark = self._mark(config, what)
            except DataError:
                return told(503, "Nothing is published yet.")
            headers = {"ETag": mark, "Cache-Control": f"max-age={_AGE}"}
            if has_already(request.headers.get("if-none-match", ""), mark):
                return Response(status_code=304, headers=headers)
            body = self._kept.get(mark) or await self._made(mark, make, config)
        except DataError as error:
            _log.warning("a feed or calendar could not be made: %s", error)
            return told(503, "The published copy cannot be read now. Please ask again in a minute.")
        except RumortrailError:
            return told(503, "The settings of this dashboard are faulty: `rumortrail status` tells more.")
        if body is None:
            return told(503, "Too many ask at once. Please ask again in a minute.")
        return Response(body, headers=headers, media_type=media_type)

    def _mark(self, config: Config, what: str) -> str:
        """Return the ETag of an answer: of the copy, and of the settings that are told in it."""
        parts = (*identity(copy_of(self.home, config)), config.publisher, what)
        return f'"{hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:32]}"'

    async def _made(self, mark: str, make: Make, config: Config) -> bytes | None:
        if self._waiting >= WAITING:
            return None
        self._waiting += 1
        try:
            async with self._one:
                if mark not in self._kept:
                    self._kept[mark] = await run_in_threadpool(make, config)
                    while len(self._kept) > KEPT:
                        self._kept.popitem(last=False)
                return self._kept[mark]
        finally:
            self._waiting -= 1


def told(status: int, words: str) -> Response:
    """Return why there is no answer; who may ask again is told when."""
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "60"} if status == 503 else {})
    return PlainTextResponse(words, status, headers=headers)
