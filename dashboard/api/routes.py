"""The routes below /api/: each request is counted, read, answered from what is kept or by the service."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections import OrderedDict
from functools import cached_property
from importlib.metadata import version
from typing import Any

import anyio
from pydantic import TypeAdapter, ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from dashboard.api import gate, page, parameters
from dashboard.api.gate import Gate
from dashboard.api.openapi import described
from dashboard.api.operations import CheckAsked, Operation, offered
from dashboard.api.problems import Fault, Problem
from dashboard.api.service import Models, Service, plain_words
from dashboard.auth.client import address
from dashboard.http import body_of, has_already
from pipeline.core.home import Home
from pipeline.decisions.overtaken import journal_head
from pipeline.published.meaning import BROKEN
from pipeline.published.place import copy_of, identity

PREFIX = "/api/"
MOST_KEPT = 16_000_000
"""Bytes of answers that are kept."""
BODY = 65_536
"""Bytes of a posted text, in JSON: what the proxies of `deploy/` let through."""
BODY_SECONDS = 10.0
CROSS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""What lets the scripts of other sites read an answer, where the settings open the interface to them."""
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "600",
}

_log = logging.getLogger(__name__)


def routes(home: Home, models: Models | None = None) -> list[BaseRoute]:
    """Return the routes of the interface over the published copy of `home`."""
    doors, service = Gate(), Service(home, models or Models())
    operations = offered(service)
    kept_answers = _Kept()
    endpoints: list[BaseRoute] = [
        Route(operation.path, _Endpoint(doors, service, kept_answers, operation), name=operation.name)
        for operation in operations
    ]
    return [
        Route("/api", RedirectResponse("/api/")),
        Route("/api/", _Fixed(doors, service, operations)),
        Route("/api/openapi.json", _Fixed(doors, service, operations)),
        *endpoints,
        Route("/api/{rest:path}", _Fixed(doors, service, ())),
    ]


class _Kept:
    """The answers that were given last, by their ETag."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0

    def get(self, etag: str) -> bytes | None:
        with self._lock:
            if etag in self._answers:
                self._answers.move_to_end(etag)
            return self._answers.get(etag)

    def put(self, etag: str, body: bytes) -> None:
        with self._lock:
            if etag not in self._answers and len(body) <= MOST_KEPT // 4:
                self._answers[etag] = body
                self._bytes += len(body)
            while self._bytes > MOST_KEPT:
                self._bytes -= len(self._answers.popitem(last=False)[1])


class _Door:
    """An address: it lets in what the gate lets in, and turns every error into a problem."""

    methods: tuple[str, ...] = ("GET", "HEAD")

    def __init__(self, doors: Gate, service: Service) -> None:
        self.gate, self.service = doors, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)

        async def run() -> None:
            await (await self._answer(request))(scope, receive, send)

        try:
            with self.gate.entered(address(request)):
                await gate.within(gate.LONGEST, run)
        except Problem as problem:
            await problem.response()(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        allowed = ", ".join((*self.methods, "OPTIONS"))
        try:
            if request.method == "OPTIONS":
                return Response(status_code=204, headers={"Allow": allowed} | PREFLIGHT)
            if request.method not in self.methods:
                raise Problem("method", f"{request.method} is not answered here: {allowed}.")
            return await self.answer(request)
        except Problem as problem:
            response = problem.response()
            if problem.kind == "method":
                response.headers["Allow"] = allowed
            return response
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as error:  # noqa: BLE001  # the boundary of a request
            # A posted text must not reach the log, so the words of an error about it stay out of it, too.
            is_read = "POST" not in self.methods
            _log.error("an answer of /api/ failed: %s", type(error).__name__, exc_info=is_read)
            words = "The answer failed. The server's log says why."
            return Problem("busy", words, wait=60).response()

    async def answer(self, request: Request) -> Response:
        """Return the answer to a request. Raises Problem."""
        raise NotImplementedError


class _Endpoint(_Door):
    """The address of one operation."""

    def __init__(self, doors: Gate, service: Service, kept: _Kept, operation: Operation) -> None:
        super().__init__(doors, service)
        self.kept, self.operation = kept, operation
        self.adapter: TypeAdapter[Any] = TypeAdapter(operation.gives)
        if operation.body:
            self.methods = ("POST",)

    async def answer(self, request: Request) -> Response:
        query: Any = parameters.read(self.operation.asked, request.query_params)
        if self.operation.body:
            text = (await _posted(request)).text
            body = await self.gate.work("check", lambda: self._checked(text))
            return Response(body, headers={"Cache-Control": "no-store"}, media_type="application/json")
        key = str(request.path_params.get(self.operation.key, ""))[:300]
        with plain_words():
            etag = self._etag(query, key)
        headers = {"ETag": etag, "Cache-Control": "no-cache"}
        if has_already(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=headers)
        kept_body = self.kept.get(etag)
        if kept_body is not None:
            return Response(kept_body, headers=headers, media_type="application/json")
        body, passing = await self.gate.work("read", lambda: self._made(query, key))
        if passing:
            headers = {"Cache-Control": "no-store"}
        else:
            self.kept.put(etag, body)
        return Response(body, headers=headers, media_type="application/json")

    def _etag(self, query: Any, key: str) -> str:
        """Return a tag that changes with copy, journal, settings, program and question; equal tags have equal
        answers.
        """
        home = self.service.home
        config = self.service.config()
        settings = home.config_file.stat().st_mtime_ns if home.config_file.exists() else 0
        parts = [identity(copy_of(home, config)), journal_head(home), settings, version("rumortrail"),
                 self.operation.name, key, query.model_dump_json()]  # fmt: skip
        return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'

    def _made(self, query: Any, key: str) -> tuple[bytes, bool]:
        """Return an answer, and whether the same question may be answered better with the same copy."""
        assert self.operation.answer is not None
        with plain_words():
            answer = self.operation.answer(self.service.answers(), query, key)
        return self.adapter.dump_json(answer), BROKEN in (getattr(answer, "search", None) or "")

    def _checked(self, text: str) -> bytes:
        with plain_words("body"):
            return self.adapter.dump_json(self.service.check(text))


class _Fixed(_Door):
    """The page for people, the description for programs, and the answer at unknown addresses."""

    def __init__(self, doors: Gate, service: Service, operations: tuple[Operation, ...]) -> None:
        super().__init__(doors, service)
        self.operations = operations
        if not operations:
            self.methods = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

    async def answer(self, request: Request) -> Response:
        if not self.operations:
            raise Problem("unknown", "No such address. /api/ lists all addresses.")
        parameters.read(parameters.Nothing, request.query_params)
        if request.url.path.endswith(".json"):
            content, media = self._description, "application/json"
        else:
            content, media = self._page, "text/html"
        etag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Cache-Control": "no-cache"}
        if has_already(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=headers)
        make = HTMLResponse if media == "text/html" else Response
        return make(content, headers=headers, media_type=media)

    @cached_property
    def _description(self) -> bytes:
        config = self.service.config()
        return json.dumps(described(self.operations, config.publisher.url), indent=1).encode()

    @cached_property
    def _page(self) -> bytes:
        return page.rendered(json.loads(self._description)).encode()


async def _posted(request: Request) -> CheckAsked:
    """Return the text of a request. Raises Problem for one that is too long, too slow or no JSON."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise Problem("body", 'Post {"text": "…"} as application/json.')
    body: bytes | None = None
    with anyio.move_on_after(BODY_SECONDS) as clock:
        body = await body_of(request, BODY)
    if clock.cancelled_caught:
        raise Problem("too_slow", f"The text did not arrive within {BODY_SECONDS:g} s.")
    if body is None:
        raise Problem("too_large", f"Post at most {BODY:,} bytes.")
    try:
        return CheckAsked.model_validate_json(body)
    except ValidationError as error:
        faults = [
            Fault(parameter=".".join(map(str, fault["loc"])) or "body", detail=f"{fault['msg']}.")
            for fault in error.errors(include_input=False, include_url=False)[:20]
        ]
        raise Problem("body", 'Post {"text": "…"} and nothing else.', faults) from None
