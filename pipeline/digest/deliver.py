"""Write a run's digest in all its forms, and send it by mail and to a webhook where they are configured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from email.utils import getaddresses
from pathlib import Path

from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.errors import ConfigError, DataError, RumortrailError
from pipeline.core.files import whole_file, write_whole
from pipeline.core.home import Home
from pipeline.core.http import post, user_agent
from pipeline.digest.changes import Changes, markdown, sections
from pipeline.digest.mail import mail
from pipeline.digest.smtp import send_mail
from pipeline.digest.webhook import webhook_body

WEBHOOK = "RUMORTRAIL_WEBHOOK_URL"


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
        raise ConfigError(f"[mail] sender or to is not a mail address: {error}") from error
    with whole_file(_file(run.home, run.run_id, ".eml")) as stream:
        stream.write(letter)


def deliver(
    home: Home, config: Config, run_id: str, environment: Mapping[str, str]
) -> tuple[list[str], list[str]]:
    """Send the digest of `run_id` by mail where `[mail]` has a host and addresses, and to the webhook if any.

    Returns the ways by which it was sent, and a message for each that failed; one does not keep the other
    from being tried. No message, and so no issue and no log, holds the webhook's address or a credential.
    Raises DataError where the run left no digest.
    """
    ways: dict[str, Callable[[], object]] = {}
    seconds = config.mail.timeout
    if config.mail.host and config.mail.to:
        letter = _read(home, run_id, ".eml")
        to_addresses = [address for _, address in getaddresses([config.mail.to])]
        ways["mail"] = lambda: send_mail(config.mail, letter, to_addresses, environment)
    if webhook := environment.get(WEBHOOK, "").strip():
        body = _read(home, run_id, ".webhook.json")
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": user_agent()}
        ways["webhook"] = lambda: post(WEBHOOK, webhook, body, headers, seconds=seconds, limit=1_000)
    sent, faults = [], []
    for name, send in ways.items():
        try:
            send()
            sent.append(name)
        except RumortrailError as error:
            faults.append(f"{name}: {error}")
        except Exception as error:  # noqa: BLE001  # its own words may hold a secret
            faults.append(f"{name}: could not be sent: {type(error).__name__}")
    return sent, faults


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
