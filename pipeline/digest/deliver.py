"""Write a run's digest in all its forms, and send it by mail and to a webhook where they are configured."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses
from pathlib import Path

from pipeline.core.config import Config, Home, MailConfig
from pipeline.core.context import RunContext
from pipeline.core.errors import ConfigError, DataError, RumortrailError, SourceError
from pipeline.core.files import whole_file, write_whole
from pipeline.core.http import post, user_agent, within
from pipeline.core.text import counted
from pipeline.digest.changes import Changes, markdown, sections
from pipeline.digest.mail import mail
from pipeline.digest.webhook import webhook_body

USER, PASSWORD, WEBHOOK = "RUMORTRAIL_SMTP_USER", "RUMORTRAIL_SMTP_PASSWORD", "RUMORTRAIL_WEBHOOK_URL"


def write_digest(run: RunContext, changes: Changes) -> None:
    """Write `<home>/digests/<run_id>` as `.md`, `.webhook.json` and `.eml`, each whole or not at all.

    Raises ConfigError where `[mail]` holds a faulty address; the other forms are written then.
    """
    parts = sections(changes)
    run.home.digests.mkdir(parents=True, exist_ok=True)
    write_whole(_file(run.home, run.run_id, ".md"), markdown(run, parts))
    write_whole(_file(run.home, run.run_id, ".webhook.json"), webhook_body(run, parts))
    try:
        letter = mail(run, parts)
    except ValueError as error:
        raise ConfigError(f"[mail] sender or to is no mail address: {error}") from error
    with whole_file(_file(run.home, run.run_id, ".eml")) as stream:
        stream.write(letter)


def deliver(
    home: Home, config: Config, run_id: str, environment: Mapping[str, str]
) -> tuple[list[str], list[str]]:
    """Send the digest of `run_id`: by mail where `[mail]` has a host and addresses, to a webhook if there is one.

    Returns the ways by which it was sent, and a message for each that failed; one does not keep the other from being
    tried. No message, and so no issue and no log, holds the webhook's address or a credential. Raises DataError where
    the run left no digest.
    """
    ways: dict[str, Callable[[], object]] = {}
    seconds = config.mail.timeout
    if config.mail.host and config.mail.to:
        letter = _read(home, run_id, ".eml")
        ways["mail"] = lambda: within(seconds, lambda: send_mail(config.mail, letter, environment))
    if webhook := environment.get(WEBHOOK, "").strip():
        body = _read(home, run_id, ".webhook.json")
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": user_agent()}
        ways["webhook"] = lambda: post(WEBHOOK, webhook, body, headers, seconds=seconds, limit=1_000)
    sent, faults = [], []
    for name, way in ways.items():
        try:
            way()
            sent.append(name)
        except (RumortrailError, TimeoutError) as error:
            faults.append(f"{name}: {error}")
        except Exception as error:  # noqa: BLE001  # its own words may hold a secret
            faults.append(f"{name}: could not be sent: {type(error).__name__}")
    return sent, faults


def send_mail(settings: MailConfig, letter: bytes, environment: Mapping[str, str]) -> None:
    """Hand `letter` to the SMTP host of `[mail]`, with the credentials of the environment where it has them.

    Raises SourceError where the host refuses it or cannot be reached.
    """
    message = message_from_bytes(letter, _class=EmailMessage, policy=SMTP)
    to = [address for _, address in getaddresses([settings.to])]
    user, password = environment.get(USER, ""), environment.get(PASSWORD, "")
    if user and not settings.encrypted:
        raise SourceError(f"{USER} is set and [mail] encrypted = false: credentials are not sent in the clear")
    secure = ssl.create_default_context()
    try:
        with (
            smtplib.SMTP_SSL(settings.host, settings.port, timeout=settings.timeout, context=secure)
            if settings.encrypted and settings.port == 465
            else smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout)
        ) as server:
            if settings.encrypted and settings.port != 465:
                server.starttls(context=secure)
            if user:
                server.login(user, password)
            refused = server.send_message(message, to_addrs=to)
    except smtplib.SMTPRecipientsRefused as error:
        count = counted(len(error.recipients), "address", "addresses")
        raise SourceError(f"{settings.host} refused the mail for all of {count}") from None
    except smtplib.SMTPResponseException as error:
        # The server's own words may repeat what it was sent; its code tells enough.
        raise SourceError(f"{settings.host} answered {error.smtp_code} ({type(error).__name__})") from None
    except (OSError, smtplib.SMTPException, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        raise SourceError(f"{settings.host}:{settings.port} could not be used: {reason}") from None
    if refused:
        raise SourceError(f"{settings.host} refused {len(refused)} of {len(to)} addresses; the others got the mail")


def latest(home: Home) -> str:
    """Return the id of the newest run that left a digest. Raises DataError where there is none."""
    run_ids = sorted(file.name.removesuffix(".md") for file in home.digests.glob("*.md"))
    if not run_ids:
        raise DataError(f"there is no digest in {home.digests}: run `rumortrail nightly`")
    return run_ids[-1]


def _file(home: Home, run_id: str, suffix: str) -> Path:
    return home.digests / f"{run_id}{suffix}"


def _read(home: Home, run_id: str, suffix: str) -> bytes:
    try:
        return _file(home, run_id, suffix).read_bytes()
    except OSError as error:
        raise DataError(f"run {run_id} left no digest {run_id}{suffix} in {home.digests}") from error
