"""docs/crawlers.md names every issue, every key of a source and every spider."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawlers.engine.process import SPIDERS
from crawlers.sources import DeclaredSource

ROOT = Path(__file__).resolve().parents[2]
DOC = (ROOT / "docs" / "crawlers.md").read_text("utf-8")
FILES = [file for room in ("spiders", "engine") for file in (ROOT / "crawlers" / room).glob("*.py")]


def test_every_issue_code() -> None:
    used = set()
    for file in FILES:
        text = file.read_text("utf-8")
        used |= set(re.findall(r'\.issue\(\s*"(\w+)"', text)) | set(
            re.findall(r'InboxIssue\(source\.id, "(\w+)"', text)
        )
    used |= set(
        re.findall(r'(?:Fault\(|Error, )"(\w+)"', (ROOT / "crawlers" / "http" / "failures.py").read_text("utf-8"))
    )
    documented = set(re.findall(r"`(\w+)`", DOC.split("## What goes wrong")[1].split("## Politeness")[0]))
    assert used <= documented
    assert {"bad_item", "mass_gone", "timeout", "unfinished", "robots"} <= used


@pytest.mark.parametrize("key", DeclaredSource.model_fields)
def test_every_key(key: str) -> None:
    assert f"`{key}`" in DOC.split("## How a source ends")[0]


@pytest.mark.parametrize("spider", SPIDERS)
def test_every_spider(spider: str) -> None:
    assert f"### {spider}\n" in DOC
