"""The settings of `rumortrail.toml` with their defaults, and where everything lies under the home folder."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote, unquote, urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    TypeAdapter,
    ValidationError,
)
from pydantic.dataclasses import dataclass as validated

from pipeline.core.errors import ConfigError


class _Under:
    """A path under the home folder."""

    def __init__(self, *parts: str) -> None:
        self.parts = parts

    def __get__(self, home: Home, _owner: object = None) -> Path:
        return home.path.joinpath(*self.parts)


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that holds all state."""

    path: Path

    @classmethod
    def find(cls, given: Path | None) -> Home:
        """Return the home at `given`, else at the environment's RUMORTRAIL_HOME, else at ./data."""
        return cls((given or Path(os.environ.get("RUMORTRAIL_HOME") or "data")).expanduser().resolve())

    config_file = _Under("rumortrail.toml")
    """The user's settings."""
    sources_file = _Under("sources.toml")
    """The user's sources."""
    inbox = _Under("inbox")
    """Collected documents: `<run_id>/<source>.jsonl.gz`."""
    archive = _Under("archive")
    """Every response that gave a document: `<run_id>.warc.gz`."""
    crawl_state = _Under("crawl.sqlite")
    """The crawlers' state between nights (SQLite)."""
    work = _Under("work.duckdb")
    """The pipeline's own DuckDB file."""
    kept = _Under("storage.sqlite")
    """What is known to lie in the storage of `[engine]` (SQLite); without it the storage is asked."""
    index = _Under("index")
    """Indexes that can be rebuilt from the store."""
    published = _Under("published.duckdb")
    """The read-only copy for the dashboard and SQL."""
    lake = _Under("lake")
    """The files of a lake that has no other storage."""
    journal = _Under("decisions.sqlite")
    """The editors' decisions (SQLite)."""
    watches = _Under("watches.sqlite")
    """Watches, what they were told and what is still to be sent (SQLite)."""
    accounts = _Under("editors.json")
    """The local editors with their hashed passwords (JSON)."""
    session_key = _Under("session.key")
    """The key that signs the dashboard's cookies."""
    sessions = _Under("sessions.json")
    """The mark of each local editor's present sign-ins (JSON)."""
    secrets = _Under("secrets.toml")
    """Streamlit's secrets: the identity provider of `[auth]`."""
    digests = _Under("digests")
    """The digest of each run: Markdown, a mail and a webhook's body."""
    changes_feed = _Under("feeds", "changes.atom")
    """The Atom feed of status changes."""
    watch_feeds = _Under("feeds", "watches")
    """The Atom feed of each watch that has one: `<watch_id>.atom`."""
    lock = _Under("run.lock")
    """Held by the process that writes."""
    revisit_lock = _Under("revisit.lock")
    """Held by the process that revisits documents."""
    site_lock = _Under("site.lock")
    """Held by the process that writes a site."""
    watches_lock = _Under("watches.lock")
    """Held by the process that sends what watches tell."""
    engine = _Under("engine.json")
    """What the workers of the run that is in progress are at (JSON)."""


def _web_address(url: str) -> str:
    if url and not url.startswith(("https://", "http://")):
        raise ValueError("an address that begins with https:// or http://")
    return url


def on_this_machine(url: str) -> bool:
    """Return whether an address leads to the machine itself."""
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or re.fullmatch(r"127(\.\d{1,3}){3}", host) is not None


def _sealed_address(url: str) -> str:
    """Refuse an address that would be read on its way, and one that holds more than host and path."""
    words = "an https:// address, or http:// on this machine, with host and path and nothing else"
    if not url:
        return url
    parts = urlsplit(url)
    wanted = parts.scheme == "https" or (parts.scheme == "http" and on_this_machine(url))
    if not wanted or not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(words)
    return url


def storage_address(given: str) -> str:
    """Return the one form of an address of object storage: s3://BUCKET/PREFIX, or the path of a folder.

    Raises ValueError for what is neither a bucket's nor a folder's, and for what holds a credential.
    """
    parts = urlsplit(given)
    bare = not (parts.query or parts.fragment)
    if not given or (parts.scheme == "s3" and parts.netloc and "@" not in parts.netloc and bare):
        return given.rstrip("/")
    path = unquote(parts.path) if parts.scheme == "file" and not parts.netloc and bare else given
    folder = os.path.normpath(path).lstrip("/")
    if not path.startswith("/") or not folder:
        words = "s3://BUCKET/PREFIX, file:///FOLDER or the whole path of a folder"
        raise ValueError(f"{words} (credentials come from the environment)")
    return f"/{folder}"


def _several(given: object) -> object:
    """Take one text for a list of one, and an empty text for none."""
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        raise ValueError("a text in quotes, or a list of them")
    return tuple(text for text in texts if text)


def _each_at_its_own_host(urls: tuple[str, ...]) -> tuple[str, ...]:
    if len({urlsplit(url).netloc.rpartition("@")[2].lower() for url in urls}) < len(urls):
        raise ValueError("addresses at hosts that differ: one authority twice attests no more than once")
    return urls


def _lake_address(address: str) -> str:
    """Refuse an address of another kind early; what stands behind it is read where it is used."""
    if address and not address.startswith("ducklake:postgres:"):
        raise ValueError("ducklake:postgres: and a database of PostgreSQL")
    return address


def _file_or_lake(read: str) -> str:
    if read not in ("file", "lake"):
        raise ValueError('"file" or "lake"')
    return read


Whole = Annotated[int, Field(strict=True, ge=0)]
Number = Annotated[float, Field(strict=True, ge=0)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
SealedAddress = Annotated[str, AfterValidator(_sealed_address)]
LakeAddress = Annotated[str, AfterValidator(_lake_address)]
StorageAddress = Annotated[str, AfterValidator(storage_address)]
Authorities = Annotated[tuple[str, ...], BeforeValidator(_several), AfterValidator(_each_at_its_own_host)]
_STRICT = ConfigDict(extra="forbid")


@validated(frozen=True, slots=True, config=_STRICT)
class CrawlConfig:
    """How the crawlers behave; sizes in bytes, times in seconds."""

    contact: str = ""
    timeout: Number = 30.0
    max_bytes: Whole = 10_000_000
    max_items: Whole = 500
    delay: Number = 1.0
    per_host: Whole = 2
    retries: Whole = 2
    obey_robots: StrictBool = True
    source_budget: Number = 600.0
    night_budget: Number = 7200.0
    revisit_days: Whole = 30
    follow_links: Whole = 200
    follow_per_host: Whole = 20
    proxy: str = ""
    timestamp_authority: Authorities = ()
    allow_private_addresses: StrictBool = False


@validated(frozen=True, slots=True, config=_STRICT)
class EngineConfig:
    """Where models read and claims are judged: in `processes` of this machine, or on the Ray cluster whose
    head is at `address`. `storage` is the address under which inbox and archive are kept besides; "" for
    none.
    """

    kind: Literal["local", "ray"] = "local"
    processes: Whole = 1
    address: str = ""
    storage: StorageAddress = ""


@validated(frozen=True, slots=True, config=_STRICT)
class IngestConfig:
    """What may enter the store; sizes in characters."""

    max_text: Whole = 2_000_000
    batch: Whole = 500


@validated(frozen=True, slots=True, config=_STRICT)
class ModelConfig:
    """Which models a run uses, by name."""

    language: str = "en_core_web_sm"
    gazetteer: str = ""
    embedding: str = "all-MiniLM-L6-v2"


@validated(frozen=True, slots=True, config=_STRICT)
class ClusterConfig:
    """When two propositions are one claim; `same` is the pair model's mean probability over the members."""

    same: Number = 0.50
    neighbours: Whole = 20


@validated(frozen=True, slots=True, config=_STRICT)
class FoundConfig:
    """From which probability on a sentence may found a claim."""

    sure: Number = 0.75


@validated(frozen=True, slots=True, config=_STRICT)
class GatherConfig:
    """When a passage is read beside a claim (`near`: cosine), when it belongs to it (`related`: probability).

    From a probability of `join` on, both ways, two claims are one.
    """

    near: Number = 0.25
    related: Number = 0.5
    join: Number = 0.85


@validated(frozen=True, slots=True, config=_STRICT)
class WeighConfig:
    """Below `sure` a stance is not guessed: the mention reports."""

    sure: Number = 0.55


@validated(frozen=True, slots=True, config=_STRICT)
class TraceConfig:
    """A file of publisher groups, beyond those that are built in."""

    families: str = ""


@validated(frozen=True, slots=True, config=_STRICT)
class JudgeConfig:
    """How much it takes to move a claim."""

    corroborating_voices: Whole = 2


@validated(frozen=True, slots=True, config=_STRICT)
class SecondReaderConfig:
    """A server that is asked for a second opinion; without `url` nobody is. `seconds` bound one question."""

    url: SealedAddress = ""
    model: str = ""
    seconds: Number = 60.0
    max_pairs: Whole = 50


@validated(frozen=True, slots=True, config=_STRICT)
class PublishConfig:
    """A lake beside the published file, where the files of a new one lie, and which of the two is read."""

    lake: LakeAddress = field(default="", repr=False)
    storage: StorageAddress = ""
    read: Annotated[str, AfterValidator(_file_or_lake)] = "file"


@validated(frozen=True, slots=True, config=_STRICT)
class AskConfig:
    """Bounds of the commands that read the published copy, `rumortrail ask` first of all."""

    seconds: Number = 30.0
    memory: str = "1GB"
    rows: Whole = 200


@validated(frozen=True, slots=True, config=_STRICT)
class DashboardConfig:
    """The dashboard; every page shows `notice`. `memory` bounds the pages' queries, `ask_*` the readers'.

    With `open_api`, scripts of other sites may read /api/.
    """

    port: Whole = 8501
    notice: str = ""
    memory: str = "300MB"
    ask_seconds: Number = 20.0
    ask_memory: str = "400MB"
    ask_rows: Whole = 10_000
    open_api: StrictBool = False


@validated(frozen=True, slots=True, config=_STRICT)
class SignInConfig:
    """The OpenID Connect users who may decide, and how many hours a password's sign-in lasts."""

    editors: str = ""
    hours: Number = 12.0


@validated(frozen=True, slots=True, config=_STRICT)
class PublisherConfig:
    """The name that exports and the feed carry, and the public address of the dashboard."""

    name: str = ""
    url: WebAddress = ""

    def claim(self, claim_id: str) -> str | None:
        """Return the address of a claim's public page, which anybody reads at once without signing in.

        Returns None where no address is configured.
        """
        return f"{self.url.rstrip('/')}/c/{quote(claim_id, safe='')}" if self.url else None


@validated(frozen=True, slots=True, config=_STRICT)
class SiteConfig:
    """The folder into which each night writes the site, and the public address of that folder; "" for none.
    """

    out: str = ""
    url: WebAddress = ""


@validated(frozen=True, slots=True, config=_STRICT)
class MailConfig:
    """The mail with a night's digest; sent where both `host` and `to` are given. `timeout` is in seconds."""

    host: str = ""
    port: Whole = 587
    encrypted: StrictBool = True
    sender: str = ""
    to: str = ""
    timeout: Number = 30.0


@validated(frozen=True, slots=True, config=_STRICT)
class WatchesConfig:
    """Where the webhooks of watches may lie: with `private_webhooks`, in the own network too."""

    private_webhooks: StrictBool = False


@validated(frozen=True, slots=True, config=_STRICT)
class Config:
    """All settings with their defaults."""

    crawl: CrawlConfig = field(default_factory=CrawlConfig)
    engine: EngineConfig = field(default_factory=EngineConfig)
    ingest: IngestConfig = field(default_factory=IngestConfig)
    models: ModelConfig = field(default_factory=ModelConfig)
    cluster: ClusterConfig = field(default_factory=ClusterConfig)
    found: FoundConfig = field(default_factory=FoundConfig)
    gather: GatherConfig = field(default_factory=GatherConfig)
    weigh: WeighConfig = field(default_factory=WeighConfig)
    trace: TraceConfig = field(default_factory=TraceConfig)
    judge: JudgeConfig = field(default_factory=JudgeConfig)
    second_reader: SecondReaderConfig = field(default_factory=SecondReaderConfig)
    publish: PublishConfig = field(default_factory=PublishConfig)
    ask: AskConfig = field(default_factory=AskConfig)
    dashboard: DashboardConfig = field(default_factory=DashboardConfig)
    sign_in: SignInConfig = field(default_factory=SignInConfig)
    publisher: PublisherConfig = field(default_factory=PublisherConfig)
    site: SiteConfig = field(default_factory=SiteConfig)
    mail: MailConfig = field(default_factory=MailConfig)
    watches: WatchesConfig = field(default_factory=WatchesConfig)

    @classmethod
    def load(cls, file: Path) -> Config:
        """Return the settings in `file` over the defaults; the defaults alone where it does not exist.

        Raises ConfigError that names every fault at once.
        """
        if not file.exists():
            return cls()
        try:
            given = tomllib.loads(file.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{file} is not valid TOML: {error}") from error
        try:
            return TypeAdapter(cls).validate_python(given)
        except ValidationError as error:
            faults = list(_faults(error))
        words = "\n  ".join(faults)
        raise ConfigError(f"{file} has {len(faults)} fault(s):\n  {words}\nCompare `rumortrail init --show`.")


_ALLOWED = {
    "bool_type": "true or false",
    "int_type": "a whole number of at least 0",
    "float_type": "a number of at least 0",
    "greater_than_equal": "at least 0",
    "string_type": "a text in quotes",
    "dataclass_type": "a section: write [{}] on a line of its own",
}


def _faults(error: ValidationError) -> Iterator[str]:
    """Yield a line for each fault: where it is, what is there and what is allowed."""
    sections = {section.name: section.default_factory for section in fields(Config)}
    for fault in error.errors():
        section, *key = map(str, fault["loc"])
        place = " ".join([f"[{section}]", *key])
        if fault["type"] == "unexpected_keyword_argument":
            allowed = fields(sections[section]) if key else fields(Config)  # type: ignore[arg-type]
            yield f"{place} is unknown; allowed are {', '.join(field.name for field in allowed)}"
        else:
            words = _ALLOWED.get(fault["type"], fault["msg"].removeprefix("Value error, "))
            words = words.removeprefix("Input should be ")
            # A password that was written into an address is not shown.
            given = re.sub(r"//[^/@\s]*@", "//...@", repr(fault["input"]))
            given = re.sub(r"(password\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s'\"]+)", r"\1...", given)
            yield f"{place} = {given} must be {words.format(section)}"


def default_config() -> str:
    """Return the commented `rumortrail.toml` that `rumortrail init` writes."""
    return files(__package__).joinpath("rumortrail.toml").read_text("utf-8")
