"""The settings of `rumortrail.toml` with their defaults."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import field, fields
from importlib.resources import files
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from pydantic import (
    ConfigDict,
    StrictBool,
    TypeAdapter,
    ValidationError,
)
from pydantic.dataclasses import dataclass as validated

from pipeline.core.errors import ConfigError
from pipeline.core.setting_types import (
    Authorities,
    FileOrLake,
    LakeAddress,
    Number,
    SealedAddress,
    StorageAddress,
    WebAddress,
    Whole,
)
from pipeline.core.text import counted

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
    read: FileOrLake = "file"


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
            settings = tomllib.loads(file.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{file} is not valid TOML: {error}") from error
        try:
            return TypeAdapter(cls).validate_python(settings)
        except ValidationError as error:
            faults = list(_faults(error))
        lines = "\n  ".join(faults)
        count = counted(len(faults), "fault")
        raise ConfigError(f"{file} has {count}:\n  {lines}\nCompare `rumortrail init --show`.")


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
            requirement = _ALLOWED.get(fault["type"], fault["msg"].removeprefix("Value error, "))
            requirement = requirement.removeprefix("Input should be ")
            # A password that was written into an address is not shown.
            value = re.sub(r"//[^/@\s]*@", "//...@", repr(fault["input"]))
            value = re.sub(r"(password\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s'\"]+)", r"\1...", value)
            yield f"{place} = {value} must be {requirement.format(section)}"


def default_config() -> str:
    """Return the commented `rumortrail.toml` that `rumortrail init` writes."""
    return files(__package__).joinpath("rumortrail.toml").read_text("utf-8")
