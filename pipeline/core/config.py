"""One commented `rumortrail.toml`, its defaults, and where everything lies under the home folder."""

from __future__ import annotations

import dataclasses
import os
import tomllib
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import quote

from pipeline.core.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that holds all state."""

    path: Path

    @classmethod
    def find(cls, given: Path | None) -> Home:
        """`given`, else the environment's RUMORTRAIL_HOME, else ./data."""
        return cls((given or Path(os.environ.get("RUMORTRAIL_HOME") or "data")).expanduser().resolve())

    @property
    def config_file(self) -> Path:
        """The user's settings."""
        return self.path / "rumortrail.toml"

    @property
    def sources_file(self) -> Path:
        """The user's sources."""
        return self.path / "sources.toml"

    @property
    def inbox(self) -> Path:
        """Collected documents: `<run_id>/<source>.jsonl.gz`."""
        return self.path / "inbox"

    @property
    def archive(self) -> Path:
        """Every response that gave a document: `<run_id>.warc.gz`."""
        return self.path / "archive"

    @property
    def crawl_state(self) -> Path:
        """What the crawlers remember between nights (SQLite)."""
        return self.path / "crawl.sqlite"

    @property
    def work(self) -> Path:
        """The pipeline's own DuckDB file."""
        return self.path / "work.duckdb"

    @property
    def index(self) -> Path:
        """Indexes that can be rebuilt from the store."""
        return self.path / "index"

    @property
    def published(self) -> Path:
        """The read-only copy for the dashboard and SQL."""
        return self.path / "published.duckdb"

    @property
    def journal(self) -> Path:
        """The editors' decisions (SQLite)."""
        return self.path / "decisions.sqlite"

    @property
    def accounts(self) -> Path:
        """The local editors with their hashed passwords (JSON)."""
        return self.path / "editors.json"

    @property
    def session_key(self) -> Path:
        """What the dashboard signs its cookies with."""
        return self.path / "session.key"

    @property
    def secrets(self) -> Path:
        """Streamlit's secrets: the identity provider of `[auth]`."""
        return self.path / "secrets.toml"

    @property
    def digests(self) -> Path:
        """What each run changed: Markdown, a mail and a webhook's body."""
        return self.path / "digests"

    @property
    def changes_feed(self) -> Path:
        """The Atom feed of status changes."""
        return self.path / "feeds" / "changes.atom"

    @property
    def lock(self) -> Path:
        """Held by the process that writes."""
        return self.path / "run.lock"

    @property
    def revisit_lock(self) -> Path:
        """Held by the process that looks at documents again."""
        return self.path / "revisit.lock"


@dataclass(frozen=True, slots=True)
class CrawlConfig:
    """How the crawlers behave; sizes in bytes, times in seconds."""

    contact: str = ""
    timeout: float = 30.0
    max_bytes: int = 10_000_000
    max_items: int = 500
    delay: float = 1.0
    per_host: int = 2
    retries: int = 2
    obey_robots: bool = True
    source_budget: float = 600.0
    night_budget: float = 7200.0
    revisit_days: int = 30
    follow_links: int = 200
    follow_per_host: int = 20
    proxy: str = ""
    timestamp_authority: str = ""
    allow_private_addresses: bool = False


@dataclass(frozen=True, slots=True)
class IngestConfig:
    """What may enter the store; sizes in characters."""

    max_text: int = 2_000_000
    batch: int = 500


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Which models a run uses, by name."""

    language: str = "en_core_web_sm"
    gazetteer: str = ""
    embedding: str = "all-MiniLM-L6-v2"


@dataclass(frozen=True, slots=True)
class ClusterConfig:
    """When two propositions are one claim; `same` is the pair model's mean probability over a claim's members."""

    same: float = 0.50
    neighbours: int = 20


@dataclass(frozen=True, slots=True)
class WeighConfig:
    """Below `sure` a stance is not guessed: the mention reports."""

    sure: float = 0.55


@dataclass(frozen=True, slots=True)
class TraceConfig:
    """Which publishers are one house, beyond those that are known."""

    families: str = ""


@dataclass(frozen=True, slots=True)
class JudgeConfig:
    """How much it takes to move a claim."""

    corroborating_voices: int = 2


@dataclass(frozen=True, slots=True)
class AskConfig:
    """Bounds of the commands that read the published copy, `rumortrail ask` first of all."""

    seconds: float = 30.0
    memory: str = "1GB"
    rows: int = 200


@dataclass(frozen=True, slots=True)
class DashboardConfig:
    """The dashboard; `notice` stands on every page. `memory` is for what the pages ask, `ask_*` for what readers ask."""

    port: int = 8501
    notice: str = ""
    memory: str = "300MB"
    ask_seconds: float = 20.0
    ask_memory: str = "400MB"
    ask_rows: int = 10_000


@dataclass(frozen=True, slots=True)
class SignInConfig:
    """Who may decide, of those whom an OpenID Connect provider vouches for; how long a password's sign-in lasts."""

    editors: str = ""
    hours: float = 12.0


@dataclass(frozen=True, slots=True)
class PublisherConfig:
    """Who answers for what leaves the house, and the public address of the dashboard."""

    name: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        if self.url and not self.url.startswith(("https://", "http://")):
            raise ConfigError(f"[publisher] url = {self.url!r} must begin with https:// or http://")

    def claim(self, claim_id: str) -> str | None:
        """The address of a claim's page; None where no address is configured."""
        return f"{self.url.rstrip('/')}/claim?id={quote(claim_id, safe='')}" if self.url else None


@dataclass(frozen=True, slots=True)
class MailConfig:
    """The mail that tells of a night; sent where both `host` and `to` are given."""

    host: str = ""
    port: int = 587
    encrypted: bool = True
    sender: str = ""
    to: str = ""
    timeout: float = 30.0


@dataclass(frozen=True, slots=True)
class Config:
    """All settings with their defaults."""

    crawl: CrawlConfig = field(default_factory=CrawlConfig)
    ingest: IngestConfig = field(default_factory=IngestConfig)
    models: ModelConfig = field(default_factory=ModelConfig)
    cluster: ClusterConfig = field(default_factory=ClusterConfig)
    weigh: WeighConfig = field(default_factory=WeighConfig)
    trace: TraceConfig = field(default_factory=TraceConfig)
    judge: JudgeConfig = field(default_factory=JudgeConfig)
    ask: AskConfig = field(default_factory=AskConfig)
    dashboard: DashboardConfig = field(default_factory=DashboardConfig)
    sign_in: SignInConfig = field(default_factory=SignInConfig)
    publisher: PublisherConfig = field(default_factory=PublisherConfig)
    mail: MailConfig = field(default_factory=MailConfig)

    @classmethod
    def load(cls, file: Path) -> Config:
        """The settings in `file` over the defaults; the defaults alone where it does not exist.

        Raises ConfigError that names every fault at once.
        """
        if not file.exists():
            return cls()
        try:
            given = tomllib.loads(file.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{file} is not valid TOML: {error}") from error
        faults: list[str] = []
        sections = {name: _section(name, hint, given.pop(name, {}), faults) for name, hint in get_type_hints(cls).items()}
        faults += [f"[{name}] is unknown; allowed are {', '.join(sections)}" for name in given]
        if faults:
            raise ConfigError(f"{file} has {len(faults)} fault(s):\n  " + "\n  ".join(faults) + "\nCompare `rumortrail init --show`.")
        return cls(**sections)


def _section(name: str, kind: Any, given: Any, faults: list[str]) -> Any:
    if not isinstance(given, dict):
        faults.append(f"{name} must be a section [{name}]")
        return kind()
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for key, value in given.items():
        if key not in hints:
            faults.append(f"[{name}] {key} is unknown; allowed are {', '.join(hints)}")
        elif not _fits(value, hints[key]):
            faults.append(f"[{name}] {key} = {value!r} must be {_word(hints[key])}")
        else:
            values[key] = float(value) if hints[key] is float else value
    return dataclasses.replace(kind(), **values)


def _fits(value: Any, hint: Any) -> bool:
    if hint is bool:
        return isinstance(value, bool)
    if hint in (int, float):
        return isinstance(value, (int, float) if hint is float else int) and not isinstance(value, bool) and value >= 0
    return isinstance(value, hint)


def _word(hint: Any) -> str:
    return {bool: "true or false", int: "a whole number of at least 0", float: "a number of at least 0", str: "a text in quotes"}[hint]


def default_config() -> str:
    """The commented `rumortrail.toml` that `rumortrail init` writes."""
    return files(__package__).joinpath("rumortrail.toml").read_text("utf-8")
