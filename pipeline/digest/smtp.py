"""Hand a mail to the SMTP host of `[mail]`, within its time, and know whether the host may have it."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from email import message_from_bytes
from email.policy import SMTP
from email.utils import parseaddr
from typing import Any

from pipeline.core.config import MailConfig
from pipeline.core.errors import SourceError
from pipeline.core.http import AnsweredError, DoubtError, Handover, within
from pipeline.core.text import counted

USER, PASSWORD = "RUMORTRAIL_SMTP_USER", "RUMORTRAIL_SMTP_PASSWORD"


class _Hooked:
    """Begins the handover right before the host is given the letter."""

    handover: Handover

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.handover.begin()
        answer: tuple[int, bytes] = super().data(msg)  # type: ignore[misc]
        return answer


class _Plain(_Hooked, smtplib.SMTP):
    pass


class _Encrypted(_Hooked, smtplib.SMTP_SSL):
    pass


def send_mail(
    settings: MailConfig,
    letter: bytes,
    to: Sequence[str],
    environment: Mapping[str, str],
    handover: Handover | None = None,
) -> None:
    """Hand `letter` for the addresses `to` to the host of `[mail]`, within `[mail] timeout` in all.

    The credentials are those of the environment, where it has them. The `handover` begins right before the
    host is given the letter. Raises AnsweredError where the host refuses it, DoubtError where it did not say
    whether it took it, and SourceError where it was not given it; no message holds an address.
    """
    if environment.get(USER) and not settings.encrypted:
        clear = "credentials are not sent in the clear"
        raise SourceError(f"{USER} is set and [mail] encrypted = false: {clear}")
    handover = handover or Handover()
    place = f"{settings.host}:{settings.port}"
    try:
        refused = within(settings.timeout, lambda: _exchange(settings, letter, to, environment, handover))
    except smtplib.SMTPRecipientsRefused as error:
        count = counted(len(error.recipients), "address", "addresses")
        raise AnsweredError(f"{settings.host} refused the mail for all of {count}") from None
    except smtplib.SMTPResponseException as error:
        # The server's own words may repeat what it was sent; its code tells enough.
        raise AnsweredError(f"{settings.host} answered {error.smtp_code} ({type(error).__name__})") from None
    except TimeoutError:
        words = f"{place} was not done within {settings.timeout:g} seconds"
    except (OSError, smtplib.SMTPException, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        words = f"{place} could not be used: {reason}"
    else:
        if refused:
            words = f"{settings.host} refused {len(refused)} of {len(to)} addresses"
            raise AnsweredError(f"{words}; the others got the mail")
        return
    raise (DoubtError if handover.stop() else SourceError)(words)


def _exchange(
    settings: MailConfig, letter: bytes, to: Sequence[str], environment: Mapping[str, str], handover: Handover
) -> dict[str, tuple[int, bytes]]:
    """Return the addresses that the host refused, with its answers."""
    sender = parseaddr(str(message_from_bytes(letter, policy=SMTP)["From"]))[1]
    secure = ssl.create_default_context()
    implicit_tls = settings.encrypted and settings.port == 465
    options: dict[str, Any] = {"timeout": settings.timeout} | ({"context": secure} if implicit_tls else {})
    with closing((_Encrypted if implicit_tls else _Plain)(settings.host, settings.port, **options)) as server:
        server.handover = handover
        if settings.encrypted and not implicit_tls:
            server.starttls(context=secure)
        if user := environment.get(USER, ""):
            server.login(user, environment.get(PASSWORD, ""))
        refused = server.sendmail(sender, to, letter)
        # The letter was taken: how the farewell ends changes nothing.
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
        return refused
