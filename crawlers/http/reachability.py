"""Tells before a crawl begins that there is no network: one failure in place of the same for each source."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost, DNSLookupError
from twisted.internet.interfaces import IHandshakeListener
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.ssl import optionsForClientTLS
from twisted.python.failure import Failure
from zope.interface import implementer

from pipeline.core.text import counted

FEWEST = 3
"""Hosts: fewer may be down by themselves, or lie beside the platform's API that is asked in their stead."""
MOST = 16
"""Hosts that are tried."""
PATIENCE = 6.0
"""Seconds after which no host is waited for any more; a machine that just woke has no network at once."""
PAUSE = 1.5
"""Seconds after which a host that could not be reached is tried again."""

Host = tuple[str, int, bool]
"""A name, a port, and whether TLS is spoken there."""


async def unreachable(reactor: Any, urls: Sequence[str], proxy: str) -> str | None:
    """Return why none of the hosts of `urls` can be reached; None if one can, or if they are too few to tell.

    Connects to them through `reactor`, whose guard applies, and asks for no page. With a `proxy` it is the
    only host that is tried.
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
    reasons = dict.fromkeys(hosts, f"no answer within {patience:g} s")

    async def attempt(host: Host) -> None:
        while True:
            try:
                await reach(host)
            except (ConnectError, DNSLookupError) as error:
                reasons[host] = _words(error)
                await asyncio.sleep(pause)
            else:
                return

    tasks = [asyncio.ensure_future(attempt(host)) for host in hosts]
    done, waiting = await asyncio.wait(tasks, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    if done:
        return None
    [(why, _)] = Counter(reasons.values()).most_common(1)
    subject = f"{named} cannot" if named else f"none of {counted(len(hosts), 'host')} can"
    return f"{subject} be reached ({why})"


@implementer(IHandshakeListener)
class _Greeting(Protocol):
    """Greets a server, by TLS or by OPTIONS *, which is about no page; `answer` comes with its first word.

    A connection alone shows nothing: a firewall or a portal may take each one and never pass it on.
    """

    transport: Any  # Twisted's types do not say that it can be written to

    def __init__(self, host: Host) -> None:
        self.host = host
        self.answer: Deferred[None] = Deferred()

    def connectionMade(self) -> None:
        name, port, tls = self.host
        if not tls:
            host = f"[{name}]:{port}" if ":" in name else f"{name}:{port}"
            self.transport.write(f"OPTIONS * HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())

    def handshakeCompleted(self) -> None:
        self._answered()

    def dataReceived(self, data: bytes) -> None:
        self._answered()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if self.answer.called:
            return
        if isinstance(reason.value, (ConnectionDone, ConnectionLost)):
            error = ConnectError(string="connections end without an answer")  # type: ignore[no-untyped-call]
            self.answer.errback(error)
        else:  # a certificate that is not believed was an answer
            self._answered()

    def _answered(self) -> None:
        if not self.answer.called:
            self.answer.callback(None)


async def _reach(reactor: Any, host: Host) -> None:
    """Connect to a host, wait for its first word, and hang up.

    Raises ConnectError or DNSLookupError where none can come.
    """
    name, port, tls = host
    endpoint: Any = HostnameEndpoint(reactor, name, port, timeout=PATIENCE)
    if tls:
        endpoint = wrapClientTLS(optionsForClientTLS(name), endpoint)
    greeting = _Greeting(host)
    factory: Any = Factory.forProtocol(lambda: greeting)
    await maybe_deferred_to_future(endpoint.connect(factory))
    try:
        await maybe_deferred_to_future(greeting.answer)
    finally:
        greeting.transport.abortConnection()


def _words(error: Exception) -> str:
    if isinstance(error, DNSLookupError):
        return "no DNS: names cannot be resolved"
    return str(error).strip(". ") or type(error).__name__


def _host(url: str) -> Host:
    parts = urlsplit(url)
    tls = parts.scheme == "https"
    return parts.hostname or "", parts.port or (443 if tls else 80), tls
