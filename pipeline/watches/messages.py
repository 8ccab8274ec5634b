"""The messages of a watch as they are sent: a mail with plain text and HTML, and the body of a webhook."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy

from markupsafe import Markup

from pipeline.core.config import Config
from pipeline.core.records import stable_id
from pipeline.core.text import shorten
from pipeline.digest.mail import html_row, send_as
from pipeline.digest.webhook import SECTION, chat_row, inert
from pipeline.exports.templates import render
from pipeline.text.sanitize import host_of, line, plain
from pipeline.watches import notice
from pipeline.watches.addresses import unsubscribe_address
from pipeline.watches.events import Event
from pipeline.watches.notice import ClaimNews
from pipeline.watches.records import Channel, Watch

ATTACHMENTS = 12
"""Claims in one webhook's body; with SECTION characters each it stays below Mattermost's 16,383."""

STANDS = "A status says how well the evidence found so far supports a claim; it is not a verdict on anybody."

_WIDE, _FOLDED = SMTP.clone(max_line_length=900), SMTP.clone(max_line_length=76)


class _Letter(EmailPolicy):
    """Folds header lines, no encoded word longer than 75 characters, but none that holds an address alone."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return (_WIDE if name in ("To", "List-Unsubscribe") else _FOLDED).fold_binary(name, value)


_LETTER = _Letter(linesep=SMTP.linesep)


def compose(
    watch: Watch,
    events: Sequence[Event],
    channel: Channel,
    message_id: str | None = None,
    *,
    config: Config,
    now: datetime,
    test: bool = False,
) -> tuple[str, bytes]:
    """Return the id and the body of the message that tells `events` on a channel.

    The id is `message_id` where it has one already; else it follows from the watch, the channel and the
    events, and a `test` has one of its own.
    """
    event_ids = sorted(event.event_id for event in events)
    kind = f"test {now.isoformat()}" if test else "told"
    message_id = message_id or stable_id("m", watch.watch_id, channel, kind, *event_ids)
    if channel is Channel.WEBHOOK:
        return message_id, webhook(events, watch, config, test=test).encode()
    return message_id, mail(events, watch, config, message_id, now=now, test=test)


def mail(
    events: Sequence[Event],
    watch: Watch,
    config: Config,
    message_id: str,
    *,
    now: datetime,
    test: bool = False,
) -> bytes:
    """Return the mail as it is sent (RFC 5322); no header line holds a stranger's words."""
    claims, subject = notice.by_claim(events), notice.headline(events)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = shorten(f"{'Test: ' if test else ''}{plain(watch.name)}: {subject}", 150)
    message["To"] = watch.mail
    send_as(message, config.mail, message_id, now)
    address = unsubscribe_address(config.publisher, watch.token)
    if address and host_of(address):
        message["List-Unsubscribe"] = f"<{address}>"
        if address.startswith("https://"):  # RFC 8058 asks for it
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    else:
        address = None
    stop = (
        f"To stop these mails, ask who runs this Rumortrail: `rumortrail watch remove {watch.watch_id}`."
        if address is None
        else f"Stop these mails: {address}"
    )
    at = f"{now:%Y-%m-%d %H:%M} UTC"
    head = f"{subject[:1].upper()}{subject[1:]}\nWatch {plain(watch.name)}, {at}\n"
    message.set_content("\n".join([head, notice.text(claims, config.publisher), STANDS, stop, ""]))
    page = render(
        "watch_mail.html",
        at=at,
        publisher=config.publisher.name,
        watch=watch.name,
        headline=subject,
        claims=[_shown(claim, config) for claim in claims[: notice.CLAIMS]],
        more=notice.more(claims),
        unsubscribe=address,
        stop=stop,
    )
    message.add_alternative(page, subtype="html")
    return message.as_bytes(policy=_LETTER)


def webhook(events: Sequence[Event], watch: Watch, config: Config, *, test: bool = False) -> str:
    """Return the JSON to post, which Slack and Mattermost take: a headline, and an attachment a claim."""
    claims = notice.by_claim(events)
    head = f"{'Test: ' if test else ''}{inert(watch.name)}: {notice.headline(events)}"
    unshown = notice.more(claims, ATTACHMENTS)
    attachments = [_attachment(claim, config) for claim in claims[:ATTACHMENTS]]
    return json.dumps({"text": f"{head}{f' (and {unshown})' if unshown else ''}", "attachments": attachments},
                      ensure_ascii=False)  # fmt: skip


def _shown(claim: ClaimNews, config: Config) -> dict[str, object]:
    address = config.publisher.claim(claim.claim_id)
    return {
        "title": Markup(line(claim.claim, 400)),
        "state": html_row(config.publisher, claim.state),
        "rows": [html_row(config.publisher, row) for row in claim.rows],
        "address": address if host_of(address) else None,
        "claim_id": claim.claim_id,
    }


def _attachment(claim: ClaimNews, config: Config) -> dict[str, object]:
    lines = [chat_row(config.publisher, claim.state)]
    lines += [f"• {chat_row(config.publisher, row)}" for row in claim.rows]
    title = inert(claim.claim, 200)
    attachment: dict[str, object] = {"fallback": title, "title": title, "mrkdwn_in": ["text"]}
    if address := config.publisher.claim(claim.claim_id):
        attachment["title_link"] = address
    else:
        lines.append(claim.claim_id)
    return attachment | {"text": shorten("\n".join(lines), SECTION)}
