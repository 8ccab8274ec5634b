"""The dashboard's own part of the server: its routes, whom it answers, and the headers of every answer."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose
from streamlit import config as options
from streamlit import file_util

from dashboard.api import routes as api
from dashboard.api.service import Models
from dashboard.auth import sign_in
from dashboard.feeds import routes as feeds
from dashboard.feeds import unsubscribe
from dashboard.public import routes as public
from dashboard.public.routes import POLICIES
from pipeline.core.home import Home
from pipeline.pages.style import EMBED_POLICY

THEME = Path(__file__).resolve().parent / "theme"

# Those of Streamlit's own addresses that the pages need. Its metrics, its interface for agents, uploads and
# foreign components are not served: nothing here uses them.
STREAMLIT = (
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/stream",
    "/auth/login",
    "/auth/logout",
    "/oauth2callback",
)
_CLOSED = ("/_stcore/", "/component/", "/app/static/")

_FIXED = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), "
    "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
}
_READS = ("GET", "HEAD", "OPTIONS")
_HOST = re.compile(r"[A-Za-z0-9._-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:]+\](:[0-9]{1,5})?")


def routes(home: Home, models: Models | None = None) -> list[BaseRoute]:
    """Return the routes beside Streamlit's pages; `models` makes the models that some of them ask."""
    ours = (
        sign_in.routes(home), public.routes(home), feeds.routes(home), unsubscribe.routes(home),
        api.routes(home, models),
    )  # fmt: skip
    return [route for routes in ours for route in routes]


def middleware(*, open_api: bool = False) -> list[Middleware]:
    """Return the middleware of each request and answer, Streamlit's own included.

    With `open_api`, scripts of other sites may read /api/.
    """
    return [Middleware(Guard, open_api=open_api)]


@cache
def _inline_scripts() -> tuple[str, ...]:
    """Return the hashes of the scripts within a page: those of Streamlit's index.html, and of `theme/`."""
    files = [Path(file_util.get_static_dir()) / "index.html", *sorted(THEME.glob("*.html"))]
    scripts = [
        script
        for file in files
        for script in re.findall(r"<script>(.*?)</script>", file.read_bytes().decode(), re.DOTALL)
    ]
    return tuple(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in scripts
    )


def policy(host: str) -> str:
    """Return the Content-Security-Policy of a page that is reached under `host`.

    Styles are inline, since Streamlit makes them while a page runs; scripts are our files, or have a known
    hash.
    """
    # Older browsers do not take 'self' for a WebSocket of the same host.
    sockets = f" ws://{host} wss://{host}" if host else ""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {' '.join(_inline_scripts())}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self'{sockets}",
            "worker-src 'self' blob:",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class Guard:
    """Refuses whom the dashboard does not answer, and sets the headers of every answer.

    A request must name a host that is ours (otherwise a page elsewhere could let its own name lead to this
    machine and read along), and if it comes from a page, that page must be ours. Streamlit would ask the
    network for this machine's public address before it refuses a foreign page; refused here, nothing is
    asked. With `open_api`, a foreign page may read what lies below /api/, and nothing else.
    """

    def __init__(self, app: ASGIApp, *, open_api: bool = False) -> None:
        self.app, self.open_api = app, open_api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        path = scope["path"]
        open_to_all = self.open_api and path.startswith(api.PREFIX) and scope.get("method") in _READS
        refusal = refused(headers, path, any_origin=open_to_all)
        known_host = host if _HOST.fullmatch(host) else ""

        async def answer(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                fields = MutableHeaders(scope=message)
                own_policy = fields.get("Content-Security-Policy")
                for name, value in _FIXED.items():
                    if own_policy not in POLICIES or name not in fields:
                        fields[name] = value
                if own_policy == EMBED_POLICY:  # a page that other sites may frame
                    del fields["X-Frame-Options"]
                elif own_policy not in POLICIES:
                    fields["Content-Security-Policy"] = policy(known_host)
                if open_to_all:
                    fields.update(api.CROSS)
            await send(message)

        if refusal is None:
            await self.app(scope, receive, answer)
        elif scope["type"] == "websocket":
            await WebSocketClose(code=1008, reason=refusal[1])(scope, receive, send)
        else:
            status, words = refusal
            await PlainTextResponse(words, status)(scope, receive, answer)


def refused(headers: Mapping[str, str], path: str, *, any_origin: bool = False) -> tuple[int, str] | None:
    """Return why a request is not answered, as status and words; None where it is.

    With `any_origin` it may come from any page; the host must be ours all the same.
    """
    host, origin = headers.get("host", ""), headers.get("origin")
    hosts: Sequence[str] = options.get_option("server.allowedHosts")
    if hosts and _name(f"//{host}") not in hosts:
        return 400, "The dashboard is not reached by this name: see [publisher] url in rumortrail.toml."
    # A form of ours sends the origin "null", since the pages give no referrer; the other header identifies
    # it.
    if origin is not None and not any_origin and headers.get("sec-fetch-site") != "same-origin":
        ours = [urlsplit(url).netloc for url in options.get_option("server.corsAllowedOrigins")]
        if _netloc(origin) not in (host, *ours):
            return 403, "This comes from a page that is not the dashboard's."
    if path.startswith(_CLOSED) and path not in STREAMLIT:
        return 404, "Not found."
    return None


def _name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _netloc(url: str) -> str | None:
    try:
        return urlsplit(url).netloc or None
    except ValueError:
        return None
