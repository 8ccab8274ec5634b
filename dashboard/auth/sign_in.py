"""The page on which an editor signs in and out: plain HTML over plain HTTP, apart from Streamlit.

A cookie that scripts cannot read can only be set by an answer of the server, and Streamlit's pages give none.

How often a password may be tried.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard.auth.identity import COOKIE, by_password, cookie
from pipeline.core.config import Config, Home
from pipeline.decisions.accounts import Accounts
from pipeline.text.sanitize import plain

THEME = Path(__file__).resolve().parents[1] / "theme"
LARGEST = 8_192  # bytes of a form

_log = logging.getLogger(__name__)
_LOCAL = re.compile(r"[a-z]{0,20}(\?[\w=&%.+:-]{0,2000})?")


def routes(home: Home) -> list[Route]:
    """GET and POST /sign-in, and POST /sign-out, over the local editors of `home`."""
    throttle = Throttle()
    page = Environment(loader=FileSystemLoader(THEME), autoescape=select_autoescape()).get_template("sign-in.html")

    def answer(request: Request, status: int = 200, **facts: Any) -> Response:
        config = Config.load(home.config_file)
        shown = {
            "editor": by_password(request.cookies, home, config),
            "nobody": not Accounts(home.accounts).all(),
            "css": (THEME / "css" / "base.css").read_text("utf-8"),
            "back": _back(request.query_params.get("next", "")),
        }
        return HTMLResponse(page.render(shown | facts), status, headers={"Cache-Control": "no-store"})

    async def show(request: Request) -> Response:
        return answer(request)

    async def enter(request: Request) -> Response:
        if not _own(request):
            return answer(request, 403, told="This form was sent from another site. Please sign in here.")
        form = await _form(request)
        name, password, back = form.get("name", "").strip(), form.get("password", ""), _back(form.get("next", ""))
        facts = {"name": name, "back": back}
        if seconds := throttle.admit(name):
            told = f"Too many wrong passwords. Try again in {_span(seconds)}."
            return answer(request, 429, told=told, **facts)
        account = await run_in_threadpool(Accounts(home.accounts).check, name, password)
        if account is None:
            client = request.client.host if request.client else "unknown"
            _log.warning("a wrong password was given for %s from %s", plain(name, 60), client)
            return answer(request, 401, told="The name or the password is wrong.", **facts)
        throttle.right(name)
        entered = RedirectResponse(f"./{back}", 303)
        hours = Config.load(home.config_file).sign_in.hours
        secure = request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
        entered.set_cookie(
            COOKIE, cookie(home, account), max_age=round(3600 * hours), httponly=True, samesite="strict", secure=secure
        )
        return entered

    async def leave(request: Request) -> Response:
        if not _own(request):
            return answer(request, 403, told="This form was sent from another site.")
        left = RedirectResponse("./", 303)
        left.delete_cookie(COOKIE)
        return left

    return [
        Route("/sign-in", show, methods=["GET"]),
        Route("/sign-in", enter, methods=["POST"]),
        Route("/sign-out", leave, methods=["POST"]),
    ]


def _own(request: Request) -> bool:
    """Whether the form came from a page of this very host, as far as the browser says (OWASP: verifying origin)."""
    origin = request.headers.get("origin")
    if origin is None or origin == "null":
        return request.headers.get("sec-fetch-site") == "same-origin"
    return urlsplit(origin).netloc == request.headers.get("host")


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            return {}
    return {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _back(wanted: str) -> str:
    """The page of ours to go on to; the first one for anything that is none of ours."""
    return wanted if _LOCAL.fullmatch(wanted) else ""


def _span(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds < 90 else f"{seconds / 60:.0f} minutes"


FREE = 5  # wrong passwords for one name before it has to wait
FIRST, LONGEST = 30.0, 900.0  # seconds
MINUTE, IN_A_MINUTE = 60.0, 30  # wrong passwords in all, whatever the names
NAMES = 1_000


@dataclass(slots=True)
class _Failed:
    times: int = 0
    until: float = 0.0


class Throttle:
    """Counts wrong passwords by name and in all; forgets a name when its password was right, and the oldest of many.

    The wait doubles with each wrong password after the fifth, from 30 seconds to 15 minutes.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._names: OrderedDict[str, _Failed] = OrderedDict()
        self._all: list[float] = []

    def admit(self, name: str) -> float:
        """0 where a password may be tried for `name` now, which counts as wrong until `right` is called; else seconds to wait.

        Counted before it is looked at, so that many that are sent at once are counted, too.
        """
        with self._lock:
            now = self._clock()
            self._all = [at for at in self._all if at > now - MINUTE]
            crowded = self._all[0] + MINUTE - now if len(self._all) >= IN_A_MINUTE else 0.0
            known = self._names.get(name)
            seconds = max(crowded, known.until - now if known else 0.0, 0.0)
            if seconds:
                return seconds
            self._all.append(now)
            known = self._names.setdefault(name, _Failed())
            self._names.move_to_end(name)
            known.times += 1
            if known.times >= FREE:
                known.until = now + min(LONGEST, FIRST * 2 ** min(known.times - FREE, 10))
            while len(self._names) > NAMES:
                self._names.popitem(last=False)
            return 0.0

    def right(self, name: str) -> None:
        """The right one was given."""
        with self._lock:
            self._names.pop(name, None)
