"""The article that the project started from; skipped where the shared data is not at hand."""

from __future__ import annotations

import pytest

from crawlers.files.saved_page import read_plaintext
from models.protocols.language import DocumentText, FoundMention
from tests.conftest import SHARED_DATA
from tests.models.language.language_world import reader

FILE = SHARED_DATA / "meta_llama4_article.txt"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"{FILE} is not at hand")


@pytest.fixture(scope="module")
def passage() -> DocumentText:
    page = read_plaintext(FILE.read_text("utf-8", errors="replace"))
    return DocumentText(page.title, page.text, "file", "", None, None, "A news site", "press", None, None)


@pytest.fixture(scope="module")
def mentions(passage: DocumentText) -> list[FoundMention]:
    return list(next(iter(reader().read([passage]))).mentions)


def one(mentions: list[FoundMention], words: str) -> FoundMention:
    (mention,) = [mention for mention in mentions if words in mention.proposition]
    return mention


@pytest.mark.slow
def test_the_denial_is_spoken_by_the_first_party(mentions: list[FoundMention]) -> None:
    denial = one(mentions, "on test sets")
    assert denial.proposition == "Meta trained its Llama 4 Maverick and Llama 4 Scout models on test sets"
    assert (denial.kind, denial.negated, denial.certainty) == ("benchmark_gaming", True, "asserted")
    assert (
        denial.speaker, denial.speaker_organisation, denial.speaker_role
    ) == ("Ahmad Al-Dahle", "Meta", "first_party")


def test_the_headline_is_the_same_denial(mentions: list[FoundMention]) -> None:
    (headline,) = [mention for mention in mentions if mention.part == "title"]
    assert (
        headline.kind, headline.negated, headline.speaker, headline.speaker_role
    ) == ("benchmark_gaming", True, "Ahmad Al-Dahle", "first_party")
    assert "Llama 4" in headline.proposition


def test_the_rumour_has_its_origin_and_no_speaker(mentions: list[FoundMention],
                                                  passage: DocumentText) -> None:
    (rumour,) = [m for m in mentions if m.certainty == "reported" and m.kind == "benchmark_gaming"]
    assert "Llama 4" in rumour.proposition
    assert "Meta artificially boosted" in rumour.proposition
    assert (rumour.speaker, rumour.speaker_role, rumour.negated) == (None, "anonymous", False)
    assert rumour.attributed_to is not None
    assert rumour.attributed_to.startswith(
        "a post on a Chinese social media site from a user claiming to have resigned from Meta"
    )
    assert "X and Reddit" in passage.text[rumour.start : rumour.end]


def test_the_outlet_says_which_maverick_was_ranked(mentions: list[FoundMention]) -> None:
    maverick_ranked = one(mentions, "experimental, unreleased version of Maverick")
    assert (
        maverick_ranked.kind, maverick_ranked.negated, maverick_ranked.certainty, maverick_ranked.by_author
    ) == ("benchmark_gaming", False, "asserted", True)
    assert maverick_ranked.organisations[0] == "Meta"


def test_poor_results_are_reported(mentions: list[FoundMention]) -> None:
    results = one(mentions, "perform poorly on certain tasks")
    assert (results.kind, results.certainty, results.negated) == ("capability", "reported", False)
    assert set(results.entities) >= {"Llama 4 Maverick", "Llama 4 Scout"}


def test_mixed_quality_is_acknowledged_by_the_first_party(mentions: list[FoundMention]) -> None:
    mixed = one(mentions, "mixed quality")
    assert (
        mixed.speaker, mixed.speaker_role, mixed.speech_verb, mixed.negated
    ) == ("Ahmad Al-Dahle", "first_party", "acknowledge", False)


def test_without_a_date_no_time_is_guessed(mentions: list[FoundMention]) -> None:
    assert all(mention.event_at is None for mention in mentions)
