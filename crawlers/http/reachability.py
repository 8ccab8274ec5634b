"""Tells before a crawl begins that there is no network: one failure in place of the same for each source."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.error import ConnectError, DNSLookupError
from twisted.internet.protocol import Factory, Protocol

from pipeline.core.text import counted

FEWEST = 3
"""Hosts: fewer may be down by themselves, or lie beside the platform's API that is asked in their stead."""
MOST = 16
"""Hosts that are tried."""
PATIENCE = 6.0
"""Seconds after which no host is waited for any more; a machine that just woke has no network at once."""
PAUSE = 1.5
"""Seconds after which a host that could not be reached is tried again."""

Host = tuple[str, int]


async def unreachable(reactor: Any, urls: Sequence[str], proxy: str) -> str | None:
    """Return why none of the hosts of `urls` can be reached; None if one can, or if they are too few to tell.

    Connects to them through `reactor`, whose guard applies, and sends nothing. With a `proxy` it is the only
    host that is tried.
    """
    if proxy:
        return await first_reached([_host(proxy)], partial(_reach, reactor), "the proxy")
    hosts = list(dict.fromkeys(map(_host, urls)))[:MOST]
    return await first_reached(hosts, partial(_reach, reactor)) if len(hosts) >= FEWEST else None


async def first_reached(
    hosts: Sequence[Host], reach: Callable[[Host], Awaitable[None]], named: str = "", *,
    patience: float = PATIENCE, pause: float = PAUSE,
) -> str | None:
    """Return None as soon as one host is reached, else after `patience` seconds why none was.

    A failure that is not one of the network (ConnectError, DNSLookupError) counts as reached.
    """
    told = dict.fromkeys(hosts, f"no answer within {patience:g} s")

    async def attempt(host: Host) -> None:
        while True:
            try:
                await reach(host)
            except (ConnectError, DNSLookupError) as error:
                told[host] = _words(error)
                await asyncio.sleep(pause)
            else:
                return

    attempts = [asyncio.ensure_future(attempt(host)) for host in hosts]
    done, waiting = await asyncio.wait(attempts, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
    for one in waiting:
        one.cancel()
    await asyncio.gather(*attempts, return_exceptions=True)
    if done:
        return None
    [(why, _)] = Counter(told.values()).most_common(1)
    which = f"{named} cannot" if named else f"none of {counted(len(hosts), 'host')} can"
    return f"{which} be reached ({why})"


async def _reach(reactor: Any, host: Host) -> None:
    """Connect to a host and hang up. Raises ConnectError or DNSLookupError where that cannot be done."""
    endpoint = HostnameEndpoint(reactor, host[0], host[1], timeout=PATIENCE)
    factory: Any = Factory.forProtocol(Protocol)  # Twisted's types do not say that it is an IProtocolFactory
    protocol = await maybe_deferred_to_future(endpoint.connect(factory))
    protocol.transport.loseConnection()


def _words(error: Exception) -> str:
    if isinstance(error, DNSLookupError):
        return "no DNS: names cannot be resolved"
    return str(error).strip(". ") or type(error).__name__


def _host(url: str) -> Host:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
