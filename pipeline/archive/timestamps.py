"""Asks a time-stamp authority (RFC 3161) to say that a root was there at a time."""

from __future__ import annotations

import hashlib
import http.client
import queue
import threading
import urllib.error
import urllib.request
from contextlib import suppress
from email.message import Message
from typing import IO
from urllib.parse import urlsplit

from rfc3161_client import HashAlgorithm, PKIStatus, TimestampRequestBuilder, decode_timestamp_response

from crawlers.engine.scrapy_settings import user_agent
from pipeline.core.config import CrawlConfig
from pipeline.core.errors import SourceError

MAX_BYTES = 1_000_000
"""An answer holds a signature and a few certificates: some 10 KB."""

SHA256_OID = "2.16.840.1.101.3.4.2.1"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """A redirect of what is posted is refused: the caller is told its status."""


def ask_authority(crawl: CrawlConfig, data: bytes) -> bytes:
    """The answer of `[crawl] timestamp_authority`, a DER TimeStampResp over the SHA-256 of `data`, as it came.

    That it is over `data` and answers this query is checked; its signature is not: for that the authority's
    certificate must be at hand. Raises SourceError where no such answer came.
    """
    host = _host(crawl.timestamp_authority)
    query = (
        TimestampRequestBuilder()
        .data(data)
        .hash_algorithm(HashAlgorithm.SHA256)
        .cert_request(cert_request=True)
        .build()
    )
    answers: queue.Queue[bytes | str] = queue.Queue()
    # A server that drips its answer holds up a thread, never the night.
    threading.Thread(target=lambda: answers.put(_post(crawl, query.as_bytes())), daemon=True).start()
    try:
        answer = answers.get(timeout=crawl.timeout)
    except queue.Empty:
        raise SourceError(f"{host} did not answer within [crawl] timeout = {crawl.timeout:g} s") from None
    if isinstance(answer, str):
        raise SourceError(f"{host} {answer}")
    if fault := fault_of(answer, data, nonce=query.nonce):
        raise SourceError(f"{host}: {fault}")
    return answer


def _host(url: str) -> str:
    """For messages: a whole address may hold credentials."""
    with suppress(ValueError):
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname:
            return parts.hostname
    raise SourceError("[crawl] timestamp_authority is no http:// or https:// address")


def _post(crawl: CrawlConfig, query: bytes) -> bytes | str:
    """The body of the answer, or what went wrong."""
    headers = {"Content-Type": "application/timestamp-query", "User-Agent": user_agent(crawl.contact)}
    proxies = {"http": crawl.proxy, "https": crawl.proxy} if crawl.proxy else {}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies), _NoRedirect)
    try:
        request = urllib.request.Request(crawl.timestamp_authority, query, headers, method="POST")
        with opener.open(request, timeout=crawl.timeout) as response:
            body: bytes = response.read(MAX_BYTES + 1)
    except urllib.error.HTTPError as error:
        error.close()
        return f"answered with status {error.code}"
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else type(error).__name__
        return f"could not be asked: {reason}"
    return body if len(body) <= MAX_BYTES else f"answered with more than {MAX_BYTES} bytes"


def fault_of(answer: bytes, data: bytes, *, nonce: int | None = None) -> str | None:
    """Why `answer` is no time stamp of `data` (nor of the query with `nonce`, where that is given); None if it is one."""
    try:
        response = decode_timestamp_response(answer)
        status = response.status
        if status not in (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS):
            return (
                f"the time stamp was refused with status {status}: {'; '.join(response.status_string)[:200]}"
            )
        info = response.tst_info
        imprint = info.message_imprint
        if (
            imprint.hash_algorithm.dotted_string != SHA256_OID
            or imprint.message != hashlib.sha256(data).digest()
        ):
            return "the time stamp is of something else"
        if nonce is not None and info.nonce != nonce:
            return "the time stamp answers another query"
    except (ValueError, TypeError, AttributeError) as error:
        return f"no time stamp can be read from the answer: {str(error)[:200]}"
    return None
