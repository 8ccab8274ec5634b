"""Test whom the dashboard answers, which routes are closed, and the headers of every answer."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest
from streamlit import config as options

from dashboard import server


@pytest.fixture(scope="module")
def address(sample_dashboard: str) -> str:
    """Host and port of a dashboard that runs as readers reach it."""
    return urlsplit(sample_dashboard).netloc


def ask(address: str, path: str, *, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    """Return the answer to one request; `headers` are sent unchanged."""
    connection = http.client.HTTPConnection(address, timeout=120)
    connection.request(
        method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200), ("/claim?id=x", 200), ("/_stcore/health", 200), ("/_stcore/metrics", 404),
        ("//evil.example", 400),
    ],
)
def test_every_answer_carries_the_headers(address: str, path: str, status: int) -> None:
    answer = ask(address, path)
    assert answer.status == status
    assert answer.getheader("Referrer-Policy") == "no-referrer"
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert answer.getheader("Cross-Origin-Opener-Policy") == "same-origin"
    assert "camera=()" in (answer.getheader("Permissions-Policy") or "")
    policy = dict(
        part.split(" ", 1) for part in (answer.getheader("Content-Security-Policy") or "").split("; ")
    )
    assert policy["default-src"] == "'self'"
    assert policy["connect-src"] == f"'self' ws://{address} wss://{address}"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in policy["script-src"]
    assert "*" not in " ".join(policy.values())


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/agent/openapi.json",
        "/_stcore/agent/interact",
        "/_stcore/agent/mcp",
        "/_stcore/upload_file/a/b",
        "/_stcore/script-health-check",
        "/_stcore/bidi-components/x/y",
        "/component/x/index.html",
        "/app/static/x",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_what_no_page_needs_is_closed(address: str, path: str, method: str) -> None:
    assert ask(address, path, method=method).status == 404


def test_another_name_for_this_machine_is_not_answered(address: str) -> None:
    assert ask(address, "/", Host="rebound.example").status == 400
    assert ask(address, "/", Host="rebound.example:8501").status == 400
    assert ask(address, "/", Host="localhost").status == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1", "http://[", "x"])
def test_a_foreign_page_is_not_answered(address: str, origin: str) -> None:
    assert ask(address, "/_stcore/health", Origin=origin).status == 403
    assert ask(address, "/", Origin=origin, Sec_Fetch_Site="cross-site").status == 403
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    assert ask(address, "/_stcore/stream", Origin=origin, **upgrade).status == 403


def test_a_page_of_ours_is_answered(address: str) -> None:
    assert ask(address, "/_stcore/health", Origin=f"http://{address}").status == 200
    # Our own forms send this, since the pages give no referrer.
    assert ask(address, "/_stcore/health", Origin="null", Sec_Fetch_Site="same-origin").status == 200


def test_behind_a_proxy_the_public_name_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {
        "server.allowedHosts": ["localhost", "rumours.example"],
        "server.corsAllowedOrigins": ["https://rumours.example/"],
    }
    monkeypatch.setattr(options, "get_option", settings.__getitem__)
    public = "https://rumours.example"
    assert server.refused({"host": "rumours.example", "origin": public}, "/") is None
    assert server.refused(
        {"host": "localhost:8501", "origin": public}, "/"
    ) is None, "a proxy may rewrite the host"
    assert server.refused({"host": "rumours.example.evil.example"}, "/") is not None
    assert server.refused({"host": ""}, "/") is not None


def test_a_host_cannot_write_into_the_policy(address: str) -> None:
    answer = ask(address, "/", Host="localhost; script-src *")
    assert "script-src *" not in (answer.getheader("Content-Security-Policy") or "")


def test_only_scripts_whose_text_is_known_may_run() -> None:
    policy = server.policy("localhost")
    assert policy.count("'sha256-") >= 2, "Streamlit's own script, and the one that follows links"
