"""Which sources are crawled: reads and checks `sources.toml`."""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from crawlers.normalise.github_pages import github_search, place_in_repository
from crawlers.normalise.urls import canonical_url
from pipeline.core.errors import ConfigError
from pipeline.core.home import Home
from pipeline.core.inbox_records import InboxSource
from pipeline.core.vocabulary import Platform, Role

Spider = Literal[
    "feeds", "reddit", "hackernews", "bluesky", "mastodon", "huggingface", "github", "registry",
    "price_list", "arxiv", "telegram", "x",
]
UNVERIFIED = "unverified"
"""What is said of an address that nobody is known to have seen at work."""

_HEADER = re.compile(r"\s*\[\[\s*source\s*\]\]")


class DeclaredSource(BaseModel):
    """One `[[source]]` of sources.toml. `expect_min` and `expect_max` bound the items of a full listing.

    `verified` is the month in which the address was last seen to give what it should. Of a feed, `entry_link`
    says where an entry's article is, and `paths` which pages of it are read: those whose path begins so.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    name: str = Field(min_length=1, max_length=200)
    spider: Spider
    url: str
    role: Role
    platform: Platform = Platform.OTHER
    organisation: str | None = Field(default=None, min_length=1, max_length=100)
    enabled: bool = True
    expect_min: int | None = Field(default=None, ge=0)
    expect_max: int | None = Field(default=None, ge=0)
    verified: str = Field(default=UNVERIFIED, pattern=rf"^(?:20\d\d-(?:0[1-9]|1[0-2])|{UNVERIFIED})$")
    entry_link: Literal["link", "description"] = "link"
    paths: tuple[Annotated[str, Field(pattern=r"^/")], ...] = ()

    @field_validator("id")
    @classmethod
    def _free(cls, source_id: str) -> str:
        if source_id == "linked":
            raise ValueError("the pages that posts link to are stored under this id; choose another")
        return source_id

    @field_validator("url")
    @classmethod
    def _http(cls, url: str) -> str:
        canonical_url(url)
        return url

    @model_validator(mode="before")
    @classmethod
    def _platform_of_spider(cls, raw: Any) -> Any:
        """Set the platform: the spider's; a feed is a blog's where its maker speaks, else news."""
        if isinstance(raw, dict) and "platform" not in raw:
            spider = raw.get("spider")
            feed = Platform.BLOG if raw.get("role") == Role.FIRST_PARTY else Platform.NEWS
            return raw | {"platform": feed if spider == "feeds" else _platform(spider)}
        return raw

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if self.expect_min is not None and self.expect_max is not None and self.expect_min > self.expect_max:
            raise ValueError(f"expect_min = {self.expect_min} is more than expect_max = {self.expect_max}")
        if self.spider == "github":
            github_search(self.url)
        if self.spider == "registry" and not place_in_repository(self.url).folder:
            raise ValueError("a registry is a folder (OWNER/NAME/tree/BRANCH/FOLDER)")
        if self.spider == "price_list" and place_in_repository(self.url).folder:
            raise ValueError("a price list is a file (OWNER/NAME/blob/BRANCH/FILE.json)")
        if self.spider == "feeds":
            return self
        if self.platform != _platform(self.spider):
            raise ValueError(
                f"platform = {str(self.platform)!r} does not go with spider = {self.spider!r}; leave it out"
            )
        if self.entry_link != "link" or self.paths:
            raise ValueError(f"entry_link and paths are for feeds, not for spider = {self.spider!r}")
        return self

    def record(self) -> InboxSource:
        """Return the head of this source's inbox file."""
        return InboxSource(self.id, self.name, self.platform, self.role, self.url or None, self.organisation)


def load_sources(file: Path) -> list[DeclaredSource]:
    """Return all sources of `file`, in its order.

    Raises ConfigError that names every fault with its line, or says how to get the file where it does not
    exist.
    """
    if not file.exists():
        raise ConfigError(
            f"{file} does not exist. Run `rumortrail init` to write one, then choose your sources in it."
        )
    try:
        text = file.read_text("utf-8")
        parsed = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} is not valid TOML: {error}") from error
    faults = [f"{key} is unknown; only [[source]] entries are allowed" for key in parsed if key != "source"]
    entries = parsed.get("source", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ConfigError(f"{file}: write each source as [[source]], with double brackets")
    lines = text.splitlines()
    heads = [number for number, line in enumerate(lines, 1) if _HEADER.match(line)]
    sources: list[DeclaredSource] = []
    line_of_id: dict[str, int] = {}
    for index, entry in enumerate(entries):
        head = heads[index] if index < len(heads) else 0
        name = str(entry.get("id", f"source number {index + 1}"))
        try:
            source = DeclaredSource.model_validate(entry)
        except ValidationError as error:
            for fault in error.errors():
                key = str(fault["loc"][0]) if fault["loc"] else ""
                faults.append(
                    f"line {_line(lines, head, key)}, {name}: {_fault(key, fault['msg'], entry.get(key))}"
                )
            continue
        if source.id in line_of_id:
            message = f"the id is taken by the source on line {line_of_id[source.id]}"
            faults.append(f"line {_line(lines, head, 'id')}, {name}: {message}")
        line_of_id.setdefault(source.id, head)
        sources.append(source)
    if not entries and not faults:
        faults.append("no [[source]] at all")
    if faults:
        raise ConfigError(
            f"{file} has {len(faults)} fault(s):\n  " + "\n  ".join(faults) + "\nCompare docs/crawlers.md."
        )
    return sources


def verified(home: Home) -> dict[str, str]:
    """Return when the address of each declared source was last verified, by its id.

    It is empty where there is no sources.toml, or one with faults: a crawl reports those.
    """
    with suppress(ConfigError):
        return {source.id: source.verified for source in load_sources(home.sources_file)}
    return {}


def choose(sources: list[DeclaredSource], only: tuple[str, ...]) -> list[DeclaredSource]:
    """Return the sources named in `only`, or all. Raises ConfigError for a name that does not exist."""
    by_id = {source.id: source for source in sources}
    if unknown := [name for name in only if name not in by_id]:
        raise ConfigError(f"no source is called {', '.join(unknown)}; there are: {', '.join(sorted(by_id))}")
    return [by_id[name] for name in dict.fromkeys(only)] if only else sources


def default_sources() -> str:
    """Return the commented `sources.toml` that `rumortrail init` writes."""
    return files("crawlers").joinpath("sources.toml").read_text("utf-8")


def _platform(spider: Any) -> Any:
    """Return the platform of a spider other than that of feeds: registries are files on GitHub."""
    return Platform.GITHUB if spider in ("registry", "price_list") else spider


def _line(lines: list[str], head: int, key: str) -> int:
    """Return the line of `key` in the entry that starts at line `head`, or `head` where it is not there."""
    for number, line in enumerate(lines[head:], head + 1):
        if line.lstrip().startswith("["):
            break
        if key and re.match(rf"\s*{re.escape(key)}\s*=", line):
            return number
    return head


def _fault(key: str, message: str, value: Any) -> str:
    words = message.removeprefix("Value error, ")
    if not key:
        return words
    return f"{key} is missing" if words == "Field required" else f"{key} = {value!r}: {words}"
