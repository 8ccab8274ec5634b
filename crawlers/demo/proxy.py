"""The demo web's server: a forward proxy on loopback that answers for invented hosts and for nobody else.

A crawler that uses it as its HTTP proxy asks for `http://tidewire.example/feed.xml` as it would on the open
web; the proxy answers from the content files, as of its clock. Nothing is ever passed on to the network.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from crawlers.demo.content import NIGHTS, Web, load
from crawlers.demo.routes import Answer, answer


class Site:
    """The running demo web, a context manager; `clock` says what is seen, `requests` lists the URLs."""

    def __init__(self, web: Web | None = None) -> None:
        self.web = web or load()
        self.clock = NIGHTS[0]
        self.requests: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, name="demo web", daemon=True)

    @property
    def proxy(self) -> str:
        """Return the proxy's address, as `crawl.proxy` wants it."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Site:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(site: Site) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "demo-web"
        sys_version = ""
        timeout = 60

        def do_GET(self) -> None:
            self._send(with_body=True)

        def do_HEAD(self) -> None:
            self._send(with_body=False)

        def do_CONNECT(self) -> None:
            self.send_error(HTTPStatus.FORBIDDEN, "the demo web speaks plain HTTP and reaches no other host")

        def log_message(self, format: str, *args: Any) -> None:
            """Write nothing: the requests stand in `Site.requests`."""

        def _send(self, with_body: bool) -> None:
            url = self.path if "://" in self.path else f"http://{self.headers.get('Host', '')}{self.path}"
            site.requests.append(url)
            reply = answer(site.web, site.clock, url, self.headers.get("Authorization", ""))
            body = reply.body.encode()
            tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
            unchanged = self._unchanged(reply, tag)
            if unchanged:
                body = b""
            self.send_response(HTTPStatus.NOT_MODIFIED if unchanged else reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(body)))
            if reply.changed:
                self.send_header("ETag", tag)
                self.send_header("Last-Modified", format_datetime(reply.changed.astimezone(UTC), usegmt=True))
            self.end_headers()
            if with_body:
                self.wfile.write(body)

        def _unchanged(self, reply: Answer, tag: str) -> bool:
            """Return whether the client has this already (RFC 9110, 13: If-None-Match goes first)."""
            if not reply.changed:
                return False
            if etags := self.headers.get("If-None-Match"):
                return tag in etags
            if since := self.headers.get("If-Modified-Since"):
                try:
                    return reply.changed <= parsedate_to_datetime(since)
                except ValueError:
                    return False
            return False

    return Handler
