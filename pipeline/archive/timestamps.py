"""Asks time-stamp authorities (RFC 3161) to sign that a Merkle root existed at a time."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

from rfc3161_client import HashAlgorithm, PKIStatus, TimestampRequestBuilder, decode_timestamp_response

from pipeline.core.config import CrawlConfig
from pipeline.core.errors import SourceError
from pipeline.core.http import post, user_agent
from pipeline.core.text import one_line

MAX_BYTES = 1_000_000
"""An answer holds a signature and a few certificates: some 10 KB."""

SHA256_OID = "2.16.840.1.101.3.4.2.1"


def authority_name(url: str) -> str:
    """Return the host of an authority, with its port where one is given, as part of a file's name.

    The rest of the address may hold a secret. What cannot be read as an address is "unknown".
    """
    try:
        host, port = urlsplit(url).hostname or "", urlsplit(url).port
    except ValueError:
        return "unknown"
    safe_host = re.sub(r"[^a-z0-9.-]", "_", host)[:100] or "unknown"
    return f"{safe_host}_{port}" if port else safe_host


def ask_authority(crawl: CrawlConfig, url: str, data: bytes) -> bytes:
    """Return the answer of the authority at `url`: a DER TimeStampResp over SHA-256(`data`).

    Raises SourceError where no answer came, or where it signs something else or answers another query.
    Its signature is not checked: for that the authority's certificate must be at hand.
    """
    builder = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256)
    query = builder.cert_request(cert_request=True).build()
    name, body = f"[crawl] timestamp_authority {authority_name(url)}", query.as_bytes()
    headers = {"Content-Type": "application/timestamp-query", "User-Agent": user_agent(crawl.contact)}
    answer = post(name, url, body, headers, seconds=crawl.timeout, limit=MAX_BYTES + 1, proxy=crawl.proxy)
    if len(answer) > MAX_BYTES:
        raise SourceError(f"{name} answered with more than {MAX_BYTES:,} bytes")
    if fault := fault_of(answer, data, nonce=query.nonce):
        raise SourceError(f"{name}: {fault}")
    return answer


def fault_of(answer: bytes, data: bytes, *, nonce: int | None = None) -> str | None:
    """Return why `answer` is no time stamp of `data` for the query with `nonce` (None: any), else None."""
    try:
        response = decode_timestamp_response(answer)
        status = response.status
        if status not in (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS):
            reason = one_line("; ".join(response.status_string), 200)
            return f"the time stamp was refused with status {status}: {reason}"
        info = response.tst_info
        imprint = info.message_imprint
        digest = hashlib.sha256(data).digest()
        if imprint.hash_algorithm.dotted_string != SHA256_OID or imprint.message != digest:
            return "the time stamp is of something else"
        if nonce is not None and info.nonce != nonce:
            return "the time stamp answers another query"
    except (ValueError, TypeError, AttributeError) as error:
        return f"no time stamp can be read from the answer: {one_line(error, 200)}"
    return None
