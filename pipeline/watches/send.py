"""Send what is due: each message once, or, where a crash leaves its end unknown, twice with the same id.

Every sending ends in time. A host that cannot be reached is not asked again before the next call, and what
fails is tried again later, a few times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from pipeline.core.config import Config
from pipeline.core.errors import SourceError
from pipeline.core.home import Home
from pipeline.core.http import AnsweredError, DoubtError, Handover, post, user_agent
from pipeline.digest.smtp import send_mail
from pipeline.watches.outbox import Message, MessageState, Outbox
from pipeline.watches.records import Channel, Watch
from pipeline.watches.rhythm import is_quiet

WAITS = tuple(timedelta(minutes=minutes) for minutes in (10, 60, 360, 1_440))
"""How long a message waits after each failure; after one more it is given up."""

DOUBTS = 2
"""How often a message is handed over without an answer before it is given up."""


@dataclass(slots=True)
class Sent:
    """How a sending went: how many messages were taken, and what failed; `faults` hold no address."""

    sent: int = 0
    faults: list[str] = field(default_factory=list)


def send_due(home: Home, config: Config, environment: Mapping[str, str], *, now: datetime) -> Sent:
    """Send the messages that are due; the caller holds `home.watches_lock`."""
    outbox, report = Outbox(home.watches), Sent()
    silent_hosts: set[str] = set()
    for message in outbox.due(now):
        if message.state is MessageState.SENDING and message.begun >= DOUBTS:
            _give_up(outbox, message, MessageState.UNKNOWN, "it was interrupted while sent", now, report)
        elif not is_quiet(message.watch, now) and (host := _host(message, config)) not in silent_hosts:
            answered = _send(outbox, message, config, environment, now, report)
            silent_hosts |= set() if answered else {host}
    outbox.forget(now)
    return report


def hand_over(
    watch: Watch,
    channel: Channel,
    message_id: str,
    body: bytes,
    config: Config,
    environment: Mapping[str, str],
    handover: Handover | None = None,
) -> None:
    """Hand one message to the channel of a watch.

    Raises AnsweredError where it is refused, DoubtError where nobody answered to it, and SourceError where it
    was not handed over; no message holds an address.
    """
    if channel is Channel.MAIL:
        if not config.mail.host:
            raise SourceError("[mail] host names no server: no mail is sent")
        send_mail(config.mail, body, [watch.mail], environment, handover)
        return
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": user_agent(),
        "Idempotency-Key": message_id,
    }
    allowed = None if config.watches.private_webhooks else _is_public
    seconds = config.mail.timeout
    post("the webhook", watch.webhook, body, headers, seconds=seconds, limit=1_000, handover=handover,
         allowed=allowed)  # fmt: skip


def _send(
    outbox: Outbox,
    message: Message,
    config: Config,
    environment: Mapping[str, str],
    now: datetime,
    report: Sent,
) -> bool:
    """Send one message and note how that ended; return whether its host answered."""
    parts = message.watch, message.channel, message.message_id, message.body
    handover = Handover(lambda: outbox.begin(message))
    begun, tries = message.begun, message.tries
    try:
        hand_over(*parts, config, environment, handover)
    except DoubtError as error:
        if begun + 1 >= DOUBTS:
            _give_up(outbox, message, MessageState.UNKNOWN, str(error), now, report)
        else:
            _wait(outbox, message, begun + 1, tries, str(error), now, report)
        return False
    except SourceError as error:
        # A missing mail host is no fault of the message.
        tries += bool(config.mail.host) or message.channel is not Channel.MAIL
        if tries > len(WAITS):
            _give_up(outbox, message, MessageState.FAILED, str(error), now, report)
        else:
            _wait(outbox, message, begun, tries, str(error), now, report)
        return isinstance(error, AnsweredError)
    outbox.end(message, MessageState.SENT, now=now, begun=begun, tries=tries)
    report.sent += 1
    return True


def _wait(
    outbox: Outbox, message: Message, begun: int, tries: int, fault: str, now: datetime, report: Sent
) -> None:
    wait = WAITS[min(max(begun + tries, 1), len(WAITS)) - 1]
    outbox.end(message, MessageState.WAITING, now=now, begun=begun, tries=tries, wait=wait, fault=fault)
    report.faults.append(f"{_name(message)}: {fault}; it is tried again")


def _give_up(
    outbox: Outbox, message: Message, state: MessageState, fault: str, now: datetime, report: Sent
) -> None:
    outbox.end(message, state, now=now, begun=message.begun, tries=message.tries, fault=fault)
    outcome = "nobody knows whether it came" if state is MessageState.UNKNOWN else "it is given up"
    report.faults.append(f"{_name(message)}: {fault}; {outcome}")


def _name(message: Message) -> str:
    # What a newsroom watches is nobody's business: the run's issues are public, and name the id alone.
    return f"{message.channel} of watch {message.watch.watch_id}"


def _host(message: Message, config: Config) -> str:
    if message.channel is Channel.MAIL:
        return f"mail {config.mail.host}:{config.mail.port}"
    return urlsplit(message.watch.webhook).netloc.lower()


def _is_public(address: str) -> bool:
    from crawlers.http.ssrf_guard import is_public  # loads Scrapy

    return is_public(ip_address(address.partition("%")[0]))
