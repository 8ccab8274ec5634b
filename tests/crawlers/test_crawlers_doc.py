"""docs/crawlers.md names every issue, every key of a source and every spider."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawlers.engine.process import SPIDERS
from crawlers.sources import DeclaredSource

ROOT = Path(__file__).resolve().parents[2]
DOC = (ROOT / "docs" / "crawlers.md").read_text("utf-8")
FILES = [file for folder in ("spiders", "engine") for file in (ROOT / "crawlers" / folder).glob("*.py")]
CODES = r'(?:\.issue\(\s*|InboxIssue\(source\.id, |\.bad_\w+\(.*, |code: str = )"(\w+)"'
FAILURES = (ROOT / "crawlers" / "http" / "failures.py").read_text("utf-8")


def test_every_issue_code() -> None:
    codes_used = {code for file in FILES for code in re.findall(CODES, file.read_text("utf-8"))}
    codes_used |= set(re.findall(r'(?:FetchFailure\(|Error, )"(\w+)"', FAILURES))
    documented_codes = set(
        re.findall(r"`(\w+)`", DOC.split("## What goes wrong")[1].split("## Politeness")[0])
    )
    assert codes_used <= documented_codes
    assert {"bad_item", "bad_feed", "no_text", "mass_gone", "timeout", "unfinished", "robots"} <= codes_used


@pytest.mark.parametrize("key", DeclaredSource.model_fields)
def test_every_key(key: str) -> None:
    assert f"`{key}`" in DOC.split("## How a source ends")[0]


@pytest.mark.parametrize("spider", SPIDERS)
def test_every_spider(spider: str) -> None:
    assert f"### {spider}\n" in DOC
