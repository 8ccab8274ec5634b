"""Serve the tools over streamable HTTP, to this machine unless told otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address

import uvicorn
from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings

PATH = "/mcp"
BODY = 200_000
"""Bytes of a request."""
SESSIONS = 64
OPEN = 64
"""Requests at once; the next one is answered 503."""


def local(host: str) -> bool:
    """Return whether `host` is an address of this machine that no other reaches."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def serve(server: MCPServer[None], host: str, port: int, names: Sequence[str]) -> None:
    """Serve until stopped, under `names` and those of loopback; any other is refused (DNS rebinding)."""
    host_names = ["127.0.0.1", "localhost", "[::1]", *names]
    hosts = [address for name in host_names for address in (name, f"{name}:{port}")]
    origins = [f"{scheme}://{address}" for address in hosts for scheme in ("http", "https")]
    security = TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=origins)
    app = server.streamable_http_app(
        streamable_http_path=PATH, host=host, transport_security=security, max_request_body_size=BODY,
        max_sessions=SESSIONS,
    )  # fmt: skip
    uvicorn.run(
        app, host=host, port=port, log_level="critical", access_log=False, limit_concurrency=OPEN,
        server_header=False,
    )  # fmt: skip
