"""One HTTP POST that ends in time, follows no redirect and reads a bounded answer."""

from __future__ import annotations

import http.client
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from email.message import Message
from errno import EACCES
from functools import partial
from importlib.metadata import version
from time import monotonic
from typing import IO, Any, TypeVar
from urllib.parse import urlsplit

from pipeline.core.errors import SourceError
from pipeline.core.text import one_line

Result = TypeVar("Result")


class AnsweredError(SourceError):
    """A server answered, and refused what it was sent."""


class DoubtError(SourceError):
    """A server was sent something and did not answer: nobody knows whether it took it."""


class StatusError(AnsweredError):
    """A server answered with a status other than success."""

    def __init__(self, name: str, status: int) -> None:
        super().__init__(f"{name} answered with status {status}")
        self.status = status


def user_agent(contact: str = "") -> str:
    """Return the name that servers are told, with how to reach the person who runs this, if given."""
    contact_line = one_line(contact)
    return f"Rumortrail/{version('rumortrail')}" + (f" (+{contact_line})" if contact_line else "")


def within(seconds: float, work: Callable[[], Result]) -> Result:
    """Return what `work` returns; a server that drips its answer holds up a thread, never the caller.

    Raises TimeoutError when `seconds` have passed, also for a failure of `work` that comes then: its own
    time-out may notice first. Raises what `work` raises before.
    """
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except Exception as error:  # noqa: BLE001  # it is raised again where the result is awaited
            future.set_exception(error)

    began = monotonic()
    threading.Thread(target=run, daemon=True).start()
    try:
        return future.result(seconds)
    except Exception:
        if monotonic() - began >= seconds:
            raise TimeoutError(f"not done within {seconds:g} seconds") from None
        raise


class Handover:
    """The moment from which a server may have what it is sent: `given` becomes true, after `note` was called.

    After `stop` it never begins: a thread that nobody awaits any more sends nothing.
    """

    def __init__(self, note: Callable[[], None] = lambda: None) -> None:
        self.given = False
        self._note = note
        self._stopped = False
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Note that the next bytes are those that count. Raises ConnectionAbortedError once it is stopped."""
        with self._lock:
            if self._stopped:
                raise ConnectionAbortedError("it is stopped")
            if not self.given:
                self._note()
                self.given = True

    def stop(self) -> bool:
        """Prevent it from beginning later; return whether it had begun."""
        with self._lock:
            self._stopped = True
            return self.given


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Refuse the redirect: the caller gets its status."""


Allowed = Callable[[str], bool]


def _connect(
    allowed: Allowed | None, address: tuple[str, int], seconds: float, *options: Any
) -> socket.socket:
    """Connect to the first address of a host that answers, all `allowed`: those checked are those used.

    Each has an equal part of the time that is left, so that the next is tried where one never answers.
    """
    deadline = monotonic() + seconds
    host, port = address
    infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    resolved = list(dict.fromkeys(str(info[4][0]) for info in infos))
    if allowed is not None and not all(map(allowed, resolved)):
        raise PermissionError(EACCES, "its address is not public")
    for untried in range(len(resolved), 0, -1):
        part = max(0.0, deadline - monotonic()) / untried
        try:
            connection = socket.create_connection((resolved[-untried], port), part, *options)
        except OSError as error:
            failure = error
        else:
            connection.settimeout(seconds)
            return connection
    raise failure


class _Hooked:
    """A connection that begins the handover once it stands."""

    def __init__(self, host: str, *, handover: Handover, allowed: Allowed | None, **options: Any) -> None:
        super().__init__(host, **options)  # type: ignore[call-arg]
        self._handover = handover
        self._create_connection = partial(_connect, allowed)

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        self._handover.begin()


class _Plain(_Hooked, http.client.HTTPConnection):
    pass


class _Encrypted(_Hooked, http.client.HTTPSConnection):
    pass


class _Post(urllib.request.Request):
    """A request whose connection begins the handover."""

    def __init__(
        self, url: str, body: bytes, headers: Mapping[str, str], handover: Handover, allowed: Allowed | None
    ) -> None:
        super().__init__(url, body, dict(headers), method="POST")
        self.hooks: dict[str, Any] = {"handover": handover, "allowed": allowed}

    def set_proxy(self, host: str, type: str) -> None:
        """Go through a proxy, whose own address is not checked; it resolves the name."""
        super().set_proxy(host, type)
        self.hooks["allowed"] = None


class _Handler(urllib.request.HTTPSHandler, urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_Plain, req, **req.hooks)  # type: ignore[arg-type, attr-defined]

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_Encrypted, req, **req.hooks)  # type: ignore[arg-type, attr-defined]


def post(
    name: str,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float,
    limit: int,
    proxy: str | None = None,
    handover: Handover | None = None,
    allowed: Allowed | None = None,
) -> bytes:
    """Return the first `limit` bytes of the answer to `body`, posted to `url` within `seconds`.

    `proxy` is a URL, "" for none, None for what the environment says. Where the request itself does not go
    through a proxy, only addresses are connected to that are `allowed`. The `handover` begins once the
    connection stands.

    Raises StatusError where the answer's status is not 2xx, DoubtError where none came to what was sent, and
    SourceError where nothing was sent; the message names the server `name`, and never has the address, which
    may hold a secret.
    """
    handover = handover or Handover()
    proxies = {"http": proxy, "https": proxy} if proxy else {} if proxy == "" else None
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler(proxies), _Handler)

    def exchange() -> bytes:
        request = _Post(url, body, headers, handover, allowed)
        with opener.open(request, timeout=seconds) as response:
            answer: bytes = response.read(limit)
            return answer

    if not _is_http(url):
        raise SourceError(f"{name} is not an http:// or https:// address")
    try:
        return within(seconds, exchange)
    except urllib.error.HTTPError as error:
        error.close()
        raise StatusError(name, error.code) from None
    except TimeoutError:
        fault = f"{name} did not answer within {seconds:g} seconds"
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        fault = reason.strerror if isinstance(reason, OSError) and reason.strerror else type(reason).__name__
        fault = f"{name} could not be reached: {fault}"
    raise (DoubtError if handover.stop() else SourceError)(fault)


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
