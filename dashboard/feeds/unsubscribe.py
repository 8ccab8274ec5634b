"""The page that stops a watch's mail, for its reader and for programs that read mail (RFC 8058).

A look at the page changes nothing: programs that scan mail open every link. It is stopped by a form that is
sent, by the page's button or by the mail program itself, which has no cookie and names no page that it comes
from. Who holds the token may do that, and nothing else.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from dashboard.http import body_of
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.watches.addresses import UNSUBSCRIBE
from pipeline.watches.records import Reader
from pipeline.watches.store import WatchStore

THEME = Path(__file__).resolve().parents[1] / "theme"
LARGEST = 4_096  # bytes of a form
LONGEST = 100  # characters of a token

# As a form of a page, or in parts as RFC 8058 prefers.
_ONE_CLICK = re.compile(rb'List-Unsubscribe(?:=|"[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n)One-Click\b')


def routes(home: Home) -> list[Route]:
    """Return the routes GET and POST /unsubscribe/TOKEN, over the watches of `home`."""
    page = Environment(loader=FileSystemLoader(THEME), autoescape=True).get_template("unsubscribe.html")
    watches = WatchStore(home.watches)

    def answer(status: int, reader: Reader | None, **facts: object) -> Response:
        css = (THEME / "css" / "base.css").read_text("utf-8")
        values = {"reader": reader, "css": css}
        headers = {"Cache-Control": "no-store"}
        return HTMLResponse(page.render(values | facts), status, headers=headers)

    async def show(request: Request) -> Response:
        try:
            return answer(200, await run_in_threadpool(watches.of_token, _token(request)))
        except DataError:
            return answer(500, None, broken=True)

    async def stop(request: Request) -> Response:
        token, body = _token(request), await body_of(request, LARGEST) or b""
        try:
            if not _ONE_CLICK.search(body):
                return answer(400, await run_in_threadpool(watches.of_token, token), unread=True)
            now = datetime.now(UTC)
            reader = await run_in_threadpool(lambda: watches.unsubscribe(token, now=now))
        except DataError:
            return answer(500, None, broken=True)
        return answer(200, reader, done=True)

    path = f"{UNSUBSCRIBE}/{{token}}"
    return [Route(path, show, methods=["GET"]), Route(path, stop, methods=["POST"])]


def _token(request: Request) -> str:
    return str(request.path_params["token"])[:LONGEST]
