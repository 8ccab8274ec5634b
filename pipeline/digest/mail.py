"""The digest as a mail: HTML that loads nothing, with the Markdown as its text part."""

from __future__ import annotations

import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

import idna
from markupsafe import Markup, escape

from pipeline.core.config import MailConfig, PublisherConfig
from pipeline.core.context import RunContext
from pipeline.digest.changes import Piece, Row, Section, Style, headline, markdown
from pipeline.exports.templates import render
from pipeline.text.sanitize import host_of, line

ROWS = 40
"""Rows of a list that the HTML part shows: mail readers cut what is long, and the text part has all."""

QUOTED = 1_200
"""Characters of a quote that are shown."""

_NOBODY = "Rumortrail <rumortrail@localhost>"


def mail(run: RunContext, sections: list[Section]) -> bytes:
    """Return the message as it is sent (RFC 5322), addressed as `[mail]` says.

    Its header lines hold no text from strangers. Raises ValueError where `[mail]` holds a faulty address.
    """
    settings, message = run.config.mail, EmailMessage(policy=SMTP)
    message["Subject"] = f"Rumortrail {run.now:%Y-%m-%d}: {headline(sections)}"
    if settings.to:
        message["To"] = settings.to
    send_as(message, settings, run.run_id, run.now)
    message.set_content(markdown(run, sections))
    message.add_alternative(_html(run, sections), subtype="html")
    return message.as_bytes()


def send_as(message: EmailMessage, settings: MailConfig, local_id: str, now: datetime) -> None:
    """Write the headers that each of our mails has: sender, date, an id that follows from `local_id`."""
    sender = re.sub(r"(?<=@)[^\s<>@]+", lambda domain: _ascii(domain.group()), settings.sender)
    message["From"] = sender or _NOBODY
    message["Date"] = now
    message["Message-ID"] = f"<{local_id}@{parseaddr(sender)[1].partition('@')[2] or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"


def _ascii(domain: str) -> str:
    """Return a domain as mail hosts know it: "münchen.example" is "xn--mnchen-3ya.example" to them."""
    try:
        return domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return domain


def _html(run: RunContext, sections: list[Section]) -> str:
    lists = [
        {
            "title": section.title,
            "count": section.count,
            "rows": [html_row(run.config.publisher, row) for row in section.rows[:ROWS]],
            "more": max(0, len(section.rows) - ROWS),
        }
        for section in sections
        if section.rows
    ]
    return render(
        "digest_mail.html",
        at=f"{run.now:%Y-%m-%d %H:%M} UTC",
        run_id=run.run_id,
        headline=headline(sections),
        sections=lists,
        unlisted=", ".join(section.title for section in sections if not section.rows),
        publisher=run.config.publisher.name,
    )


def html_row(publisher: PublisherConfig, row: Row) -> Markup:
    """Return a row as HTML that loads nothing; the one link that it may hold is to a claim's page."""
    return Markup("").join(_piece(publisher, piece) for piece in row)


def _piece(publisher: PublisherConfig, piece: Piece) -> Markup:
    style, text = piece
    if style is Style.FOREIGN:
        return Markup(_unlinked(line(text, 400)))
    if style is Style.QUOTE:
        return Markup(f"“{_unlinked(line(text, QUOTED))}”")
    if style is Style.STRONG:
        return Markup('<b style="text-transform:capitalize">{}</b>').format(text)
    if style is Style.CLAIM:
        address = publisher.claim(text)
        link = Markup('<a href="{}" style="color:#1d2126">{}</a>').format(address, text)
        return link if host_of(address) else Markup("<code>{}</code>").format(text)
    return escape(text)


def _unlinked(html: str) -> str:
    """Break up whatever looks like an address: mail readers would make a link of it."""
    return re.sub(r"(?<=\w)\.(?=[^\W\d])", ".<wbr>", html.replace("://", ":<wbr>//")).replace("@", "<wbr>@")
