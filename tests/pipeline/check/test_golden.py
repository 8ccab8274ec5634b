"""Check twenty texts against the demo's claims with the real models; a person wrote the expected answers."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from crawlers.files.single_file import read_file
from pipeline.check.checker import LONGEST, Checker
from pipeline.check.records import Checked
from pipeline.core.config import Config
from pipeline.run.interactive import checker
from tests.conftest import Command
from tests.hostile.inputs import TEXTS
from tests.shared import Played

GOLDEN: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("golden.toml").read_text("utf-8"))["text"]
TEST_SETS = "Meta trained Llama 4 Maverick and Scout on test sets"


@pytest.fixture(scope="module")
def demo(played: Played) -> Checker:
    """A checker over the finished demo."""
    return checker(played.home, Config.load(played.home.config_file))


def told(checked: Checked) -> dict[str, list[str]]:
    return {statement.quote: [f"{claim.bearing} {claim.claim}" for claim in statement.known]
            for statement in checked.statements}


@pytest.mark.parametrize("text", GOLDEN, ids=lambda text: text["words"].strip()[:40])
def test_a_text_is_answered_as_a_reader_would(text: dict[str, Any], demo: Checker) -> None:
    checked = demo.check(text["words"])
    assert {_begins(quote, text["statements"]): claims for quote, claims in told(checked).items()} == (
        text["statements"])
    for statement in checked.statements:
        assert checked.text[statement.start : statement.end] == statement.quote


def _begins(quote: str, expected: dict[str, Any]) -> str:
    """Return the expected first words with which a quote begins; the quote where none are expected."""
    return next((opening for opening in expected if quote.startswith(opening)), quote)


def test_an_article_is_read_as_ingest_reads_it(demo: Checker, shared_data: Path) -> None:
    """The file has wrongly decoded letters, and menus around the article."""
    file = shared_data / "meta_llama4_article.txt"
    if not file.exists():
        pytest.skip(f"no {file.name}")
    answers = told(demo.check_page(read_file(file)))
    denials = [claims for quote, claims in answers.items()
               if any(words in quote for words in ("simply not true", "denied a rumor", "exec denies"))]
    assert denials == [[f"denies {TEST_SETS}"]] * 3
    (mixed_ones,) = [claims for quote, claims in answers.items() if "acknowledged" in quote]
    assert mixed_ones == ["repeats The quality of Llama 4 Maverick and Scout is mixed across cloud providers"]
    (trial,) = [claims for quote, claims in answers.items() if "unreleased version" in quote]
    assert trial == ["repeats Meta used an experimental version of Llama 4 Maverick on LM Arena"]
    all_claims = [claim for claims in answers.values() for claim in claims]
    assert len(answers) == 6, list(answers)
    assert f"repeats {TEST_SETS}" not in all_claims


def test_a_known_claim_comes_with_how_it_stands(demo: Checker) -> None:
    (statement,) = demo.check("Corvid AI denied that Kestrel 2 has 34 billion parameters.").statements
    (claim,) = statement.known
    assert (statement.speaker, statement.negated) == ("Corvid AI", True)
    assert (claim.status, claim.voices) == ("contradicted", 1)
    assert claim.reason and claim.first[0].name == "Wren Tallis" and claim.first[0].said_at is not None


HOSTILE = (*TEXTS, "Basalt 4 has 95 billion parameters. " * 3_000, "\n" * 1_000_000 + "Basalt 4",
           "Basalt 4 \u202e\u2066has\x00 95 <b>billion</b> parameters.")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_bounded_and_quoted_to_the_letter(text: str, demo: Checker) -> None:
    if not any(map(str.isalpha, text[:LONGEST])):
        return
    checked = demo.check(text)
    assert len(checked.text) <= LONGEST
    assert "\0" not in checked.text
    for statement in checked.statements:
        assert checked.text[statement.start : statement.end] == statement.quote


def test_the_command_says_the_same(played: Played, command: Command, tmp_path: Path) -> None:
    home = ("--home", played.home.path)
    code, out, _ = command("check", "Basalt 4 has 95 billion parameters.\x1b[31m", *home)
    assert code == 0 and "1 checkable statement, 1 seen before" in out and "\x1b[31m" not in out
    assert "rivals Basalt 4 has 120 billion parameters" in " ".join(out.split())
    (tmp_path / "a.txt").write_text("Basalt 5 has 3 billion parameters.", "utf-8")
    code, out, _ = command("check", tmp_path / "a.txt", "--json", *home)
    answer = json.loads(out)
    assert code == 0 and [statement["known"] for statement in answer["statements"]] == [[]]
    code, _, err = command("check", "nothing.txt", *home)
    assert code == 2 and "there is no file 'nothing.txt'" in err
