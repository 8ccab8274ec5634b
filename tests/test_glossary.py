"""docs/glossary.md explains every noun of the records and every value of their enums."""

from __future__ import annotations

import re
from dataclasses import is_dataclass
from enum import StrEnum
from pathlib import Path

import pytest

from pipeline.core import inbox_records, records, vocabulary

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "glossary.md").read_text("utf-8")
TERMS = set(re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (.+?) \|", PAGE, re.MULTILINE))))
HEADED = set(re.findall(r"^## .*\(`(\w+)`\)", PAGE, re.MULTILINE))
MODULES = (vocabulary, records, inbox_records)
TYPES = [type_ for module in MODULES for type_ in vars(module).values()
         if isinstance(type_, type) and type_.__module__ == module.__name__]
TEMPLATES = [file for room in ("dashboard", "pipeline") for file in sorted((ROOT / room).rglob("*.html"))
             if file.parent.name != "check"]
NOUNS = [type_ for type_ in TYPES if is_dataclass(type_) or issubclass(type_, StrEnum)]


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
def test_every_noun_and_every_value_has_a_line(noun: type) -> None:
    assert noun.__name__ in TERMS | HEADED
    if issubclass(noun, StrEnum):
        assert {str(value) for value in noun} <= TERMS


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_page_calls_a_mention_by_no_other_word(template: Path) -> None:
    def words(tag: re.Match[str]) -> str:
        return " ".join(re.findall(r"\"[^\"]*\"", tag[0]))

    shown = re.sub(r"\{[{%].*?[%}]\}", words, template.read_text("utf-8"))
    assert not re.findall(r"(?i)\bstatements?\b", shown)


def test_no_term_is_explained_twice_under_one_heading() -> None:
    for section in PAGE.split("\n## ")[1:]:
        terms = re.findall(r"^\| (.+?) \|", section, re.MULTILINE)
        assert len(terms) == len(set(terms))
        for row in re.findall(r"^\|.*$", section, re.MULTILINE):
            assert re.fullmatch(r"\| .+ \| .+ \|", row)
