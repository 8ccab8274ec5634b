"""One HTTP POST that ends in time, follows no redirect and reads a bounded answer."""

from __future__ import annotations

import http.client
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from email.message import Message
from importlib.metadata import version
from time import monotonic
from typing import IO, TypeVar
from urllib.parse import urlsplit

from pipeline.core.errors import SourceError
from pipeline.core.text import one_line

Result = TypeVar("Result")


class StatusError(SourceError):
    """A server answered with a status that is none of success."""

    def __init__(self, name: str, status: int) -> None:
        super().__init__(f"{name} answered with status {status}")
        self.status = status


def user_agent(contact: str = "") -> str:
    """Return the name that servers are told, with how to reach the person who runs this, if given."""
    known = one_line(contact)
    return f"Rumortrail/{version('rumortrail')}" + (f" (+{known})" if known else "")


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


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Refuse it: the caller is told its status."""


def post(
    name: str,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float,
    limit: int,
    proxy: str | None = None,
) -> bytes:
    """Return the first `limit` bytes of the answer to `body`, posted to `url` within `seconds`.

    `proxy` is a URL, "" for none, None for what the environment says. Raises StatusError where the answer's
    status is not 2xx, and SourceError where none came; the message names the server `name`, and never has the
    address, which may hold a secret.
    """
    proxies = {"http": proxy, "https": proxy} if proxy else {} if proxy == "" else None
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler(proxies))

    def exchange() -> bytes:
        request = urllib.request.Request(url, body, dict(headers), method="POST")
        with opener.open(request, timeout=seconds) as response:
            answer: bytes = response.read(limit)
            return answer

    if not _is_http(url):
        raise SourceError(f"{name} is no http:// or https:// address")
    try:
        return within(seconds, exchange)
    except urllib.error.HTTPError as error:
        error.close()
        raise StatusError(name, error.code) from None
    except TimeoutError:
        raise SourceError(f"{name} did not answer within {seconds:g} seconds") from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        words = reason.strerror if isinstance(reason, OSError) and reason.strerror else type(reason).__name__
        raise SourceError(f"{name} could not be reached: {words}") from None


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
