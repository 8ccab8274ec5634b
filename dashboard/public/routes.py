"""The routes /c/ID, /s/ID and /embed/ID: what each answers, with which headers, and for how many at once."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import anyio
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard.http import has_already
from dashboard.public import answers
from dashboard.public.answers import Answer, PageRequest
from dashboard.public.reader import Reader
from pipeline.core.config import Config
from pipeline.core.errors import RumortrailError
from pipeline.core.home import Home
from pipeline.core.text import utf8
from pipeline.decisions.overtaken import journal_head
from pipeline.pages import style
from pipeline.published.place import copy_of
from pipeline.published.place import identity as copy_identity

AT_ONCE = 2
"""So many pages are made at a time, whoever asks: the others wait, and the dashboard goes on."""
WAITING = 64
"""So many requests wait for their turn; the next is told to come again."""
MAX_AGE = 60
"""Seconds for which an answer need not be asked for again; then its ETag tells whether it still holds."""
POLICIES = frozenset({style.POLICY, style.EMBED_POLICY, style.FILE_POLICY, style.SLIP_POLICY})
"""The policies that an answer of ours may bring itself."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Gate:
    limiter: anyio.CapacityLimiter | None = None
    waiting: int = 0


def routes(home: Home) -> list[Route]:
    """Return the routes of the public pages over the published copy of `home`."""
    reader, gate = Reader(home), _Gate()

    def route(path: str, kind: answers.Kind) -> Route:
        async def answer(request: Request) -> Response:
            return await _answer(request, reader, gate, kind)

        endpoint: Callable[[Request], Awaitable[Response]] = answer
        return Route(path, endpoint, methods=["GET"])

    return [route("/c/{name}", "c"), route("/s/{name}", "s"), route("/embed/{name}", "embed")]


async def _answer(request: Request, reader: Reader, gate: _Gate, kind: answers.Kind) -> Response:
    asked = PageRequest(
        kind,
        request.path_params["name"][:200],
        request.query_params.get("as_of", "")[:40],
        request.query_params.get("theme", "")[:10],
    )
    if gate.waiting >= WAITING:
        return Response("Too many pages are asked for at once.", 503, {"Retry-After": "5"}, "text/plain")
    # A limiter belongs to the loop in which it is made.
    gate.limiter = gate.limiter or anyio.CapacityLimiter(AT_ONCE)
    gate.waiting += 1
    try:
        if_none_match = request.headers.get("if-none-match", "")
        return await run_sync(_made, reader, asked, if_none_match, limiter=gate.limiter)
    finally:
        gate.waiting -= 1


def _made(reader: Reader, asked: PageRequest, if_none_match: str) -> Response:
    try:
        config = Config.load(reader.home.config_file)
        place = copy_of(reader.home, config)
        identity = copy_identity(place)
        tag = _tag(identity, asked, config, journal_head(reader.home) if asked.reads_journal else "")
        headers = {"ETag": tag, "Cache-Control": f"public, max-age={MAX_AGE}"}
        if has_already(if_none_match, tag):
            return Response(None, 304, headers)
        answer = reader.kept(identity, tag)
        if answer is None:
            with reader.cursor(place, identity, config) as cursor:
                answer = answers.make(cursor, reader.home, config, asked)
            reader.keep(identity, tag, answer)
    except RumortrailError as error:
        _log.warning("a public page could not be made: %s", error)
        answer, headers = answers.trouble(), {}
    if answer.moved_to is not None:
        query = f"?{urlencode(asked.query)}" if asked.query else ""
        return RedirectResponse(answer.moved_to + query, 302, headers)
    if answer.status != 200:
        headers = {"Cache-Control": "no-store"} | ({"Retry-After": "60"} if answer.status == 503 else {})
    return Response(answer.body, answer.status, headers | _headers(answer), answer.media)


def _headers(made: Answer) -> dict[str, str]:
    headers = {"Content-Security-Policy": made.policy}
    if made.elsewhere:
        # Any page may show it, also one that is isolated from all that does not ask for the same.
        headers |= {
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Cross-Origin-Embedder-Policy": "require-corp",
        }
    return headers


def _tag(identity: tuple[int, int, int], asked: PageRequest, config: Config, journal: str) -> str:
    """Return an ETag that changes with the copy, the journal, the settings that a page shows, the style and
    the request.
    """
    request = (asked.kind, asked.name, asked.query)
    inputs = repr((identity, journal, request, config.publisher, style.POLICY))
    return f'W/"{hashlib.sha256(utf8(inputs)).hexdigest()[:24]}"'
