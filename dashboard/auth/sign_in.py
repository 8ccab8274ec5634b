"""The page on which an editor signs in and out: plain HTML over plain HTTP, apart from Streamlit.

A cookie that scripts cannot read can only be set by an answer of the server, and Streamlit's pages give none.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard.auth.client import address
from dashboard.auth.identity import COOKIE, by_password, cookie
from dashboard.auth.sessions import Sessions
from dashboard.auth.throttle import Throttle
from dashboard.http import body_of
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.decisions.accounts import Accounts
from pipeline.text.sanitize import plain

THEME = Path(__file__).resolve().parents[1] / "theme"
LARGEST = 8_192  # bytes of a form

_log = logging.getLogger(__name__)
_LOCAL = re.compile(r"[a-z]{0,20}(\?[\w=&%.+:-]{0,2000})?")


def routes(home: Home) -> list[Route]:
    """Return the routes GET and POST /sign-in and POST /sign-out, over the local editors of `home`."""
    throttle = Throttle()
    templates = Environment(loader=FileSystemLoader(THEME), autoescape=True)
    page = templates.get_template("sign-in.html")

    def answer(request: Request, status: int = 200, **facts: Any) -> Response:
        config = Config.load(home.config_file)
        values = {
            "editor": by_password(request.cookies, home, config),
            "nobody": not Accounts(home.accounts).all(),
            "css": (THEME / "css" / "base.css").read_text("utf-8"),
            "back": _back(request.query_params.get("next", "")),
        }
        return HTMLResponse(page.render(values | facts), status, headers={"Cache-Control": "no-store"})

    async def show(request: Request) -> Response:
        return answer(request)

    async def enter(request: Request) -> Response:
        if not _own(request):
            return answer(request, 403, told="This form was sent from another site. Please sign in here.")
        form = await _form(request)
        name, password = form.get("name", "").strip(), form.get("password", "")
        back = _back(form.get("next", ""))
        facts = {"name": name, "back": back}
        client = address(request)
        if seconds := throttle.admit(name, client):
            message = f"Too many wrong passwords. Try again in {_span(seconds)}."
            return answer(request, 429, told=message, **facts)
        account = await run_in_threadpool(Accounts(home.accounts).check, name, password)
        if account is None:
            _log.warning("a wrong password was given for %s from %s", plain(name, 60), client)
            return answer(request, 401, told="The name or the password is wrong.", **facts)
        throttle.right(name, client)
        response = RedirectResponse(f"./{back}", 303)
        hours = Config.load(home.config_file).sign_in.hours
        secure = request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
        cookie_value, age = await run_in_threadpool(cookie, home, account), round(3600 * hours)
        response.set_cookie(
            COOKIE, cookie_value, max_age=age, httponly=True, samesite="strict", secure=secure
        )
        return response

    async def leave(request: Request) -> Response:
        if not _own(request):
            return answer(request, 403, told="This form was sent from another site.")
        if name := by_password(request.cookies, home, Config.load(home.config_file)):
            await run_in_threadpool(Sessions(home.sessions).end, name)
        response = RedirectResponse("./", 303)
        response.delete_cookie(COOKIE)
        return response

    return [
        Route("/sign-in", show, methods=["GET"]),
        Route("/sign-in", enter, methods=["POST"]),
        Route("/sign-out", leave, methods=["POST"]),
    ]


def _own(request: Request) -> bool:
    """Return whether the form came from a page of this host, by what the browser says (OWASP: origin)."""
    origin = request.headers.get("origin")
    if origin is None or origin == "null":
        return request.headers.get("sec-fetch-site") == "same-origin"
    return urlsplit(origin).netloc == request.headers.get("host")


async def _form(request: Request) -> dict[str, str]:
    body = await body_of(request, LARGEST) or b""
    return {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _back(wanted: str) -> str:
    """Return the page of ours to go on to; the first one for anything that is none of ours."""
    return wanted if _LOCAL.fullmatch(wanted) else ""


def _span(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds < 90 else f"{seconds / 60:.0f} minutes"
