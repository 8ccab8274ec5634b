"""A site of the sample, written once, and what checks its links."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from pipeline.core.config import Config, PublisherConfig, SiteConfig
from pipeline.core.home import Home
from pipeline.pages.site.write import Summary, write_site

ADDRESS = "https://paper.example/rumours"


@dataclass
class Links:
    """The links of a folder of pages: those that lead nowhere, and those that leave it."""

    broken: list[str] = field(default_factory=list)
    outside: set[str] = field(default_factory=set)


def check_links(root: Path) -> Links:
    """Follow every link of every page within the folder, as it lies there."""
    links = Links()
    for file in sorted(root.rglob("*.html")):
        tree = html.fromstring(file.read_bytes())
        ids = set(tree.xpath("//@id"))
        for link in tree.xpath("//@href | //@src | //iframe/@src"):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                links.outside.add(link)
            elif not parts.path:
                if parts.fragment and unquote(parts.fragment) not in ids:
                    links.broken.append(f"{file.relative_to(root)} -> {link}")
            else:
                target = (file.parent / unquote(parts.path)).resolve()
                if parts.path.startswith("/") or not target.is_relative_to(root) or not target.is_file():
                    links.broken.append(f"{file.relative_to(root)} -> {link}")
    return links


def files_of(root: Path) -> dict[str, bytes]:
    """Return the files of a folder, hidden ones too."""
    return {
        str(file.relative_to(root)): file.read_bytes() for file in sorted(root.rglob("*")) if file.is_file()
    }


def config(url: str = ADDRESS) -> Config:
    return Config(site=SiteConfig(url=url), publisher=PublisherConfig(name="The Paper"))


@dataclass(frozen=True)
class Made:
    root: Path
    home: Home
    summary: Summary


@pytest.fixture(scope="session")
def site(sample_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The site of the sample, with a public address."""
    root = tmp_path_factory.mktemp("site") / "rumours"
    return Made(root, sample_home, write_site(sample_home, config(), root, workers=1))
