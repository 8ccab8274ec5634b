"""The founding model: sound sentences that somebody wrote may found a claim, broken and reworded ones may
not.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pytest

from crawlers.spiders.registry_facts import Facts
from models.embedding import embedder as embedding
from models.embedding import retriever
from models.founding import kinds as kind_model
from models.founding import model as founding
from models.founding.features import features
from models.language.wording import Stretch, stretch
from models.onnx import weights
from models.protocols.founding import Candidate
from pipeline.core.config import FoundConfig

RELEASED = "OpenAI released GPT-5 on 7 August 2025"


@cache
def founder() -> founding.TrainedFounder:
    return founding.load(embedding.load(), retriever.load().passages)


def candidate(claim: str, quote: str, **fields: object) -> Candidate:
    row = {
        "context": None, "part": "text", "kind": "release", "negated": False, "certainty": "asserted",
        "entities": ("Aster 4",),
    } | fields
    return Candidate(claim, quote, **row)  # type: ignore[arg-type]


@pytest.mark.parametrize("quote", [
    "OpenAI released GPT-5 on 7 August 2025.",
    "And so OpenAI released GPT-5 on 7 August 2025, which surprised nobody.",
    "Per the notes, **OpenAI** released\n\n“GPT-5” on 7 August 2025 .",
    "@OpenAI released #GPT-5 on 7 August 2025!",
    "openAI released GPT-5 on 7 August 2025",
])
def test_a_sentence_that_somebody_wrote_is_found_whatever_its_markup(quote: str) -> None:
    assert stretch(RELEASED, quote) is not None


@pytest.mark.parametrize("quote", [
    "It released GPT-5 on 7 August 2025.",
    "OpenAI did not release GPT-5 on 7 August 2025.",
    "OpenAI, of course, released GPT-5 on 7 August 2025.",
    "OpenAI reportedly released GPT-5 on 7 August 2025.",
    "On 7 August 2025 OpenAI released GPT-5.",
    "OpenAI released GPT-5, on 7 August 2025.",
    "OpenAI released GPT-5 on 7 August 20250.",
    "The release of GPT-5 by OpenAI on 7 August 2025",
    "When OpenAI released GPT-5 on 7 August 2025, it rained.",
    "I liked the model that OpenAI released GPT-5 on 7 August 2025.",
    "OpenAI released GPT-5 on 7 August 2025 posters.",
    "",
])
def test_a_name_a_word_or_a_comma_makes_another_sentence(quote: str) -> None:
    assert stretch(RELEASED, quote) is None
    assert founder().judge([candidate(RELEASED, quote)])[0].reason == "reworded"
    assert founder().judge([candidate(RELEASED, quote)])[0].probability == 0


@pytest.mark.slow
def test_what_a_registry_states_may_found_a_claim() -> None:
    facts = Facts("Aster 4", "2026-02-26", True, 400_000, 1.25, 10)
    sentences = facts.text(date(2026, 3, 1)).split("\n\n")
    judgements = founder().judge([candidate(sentence.removesuffix("."), sentence) for sentence in sentences])
    assert len(sentences) == 4
    assert [judgement.probability >= FoundConfig().sure for judgement in judgements] == [True] * 4


def test_what_stands_around_a_sentence_is_kept() -> None:
    quote = "According to Reuters, *Aster 4* costs nothing; so what?"
    assert stretch("Aster 4 costs nothing", quote) == Stretch(
        "According to Reuters,", "; so what?", "source", "stop")


@pytest.mark.parametrize(("quote", "opening", "ending"), [
    ("Aster 4 costs nothing.", "whole", "whole"),
    ("Update: Aster 4 costs nothing, says Reuters.", "label", "source"),
    ("Also, Aster 4 costs nothing again!", "joint", "joint"),
    ("Reuters said on Monday that Aster 4 costs nothing, which is a lie.", "said that", "comma"),
    ("Reuters says Aster 4 costs nothing and runs anywhere.", "said", "and"),
])
def test_what_stands_around_has_a_name(quote: str, opening: str, ending: str) -> None:
    span = stretch("Aster 4 costs nothing", quote)
    assert span is not None and (span.opening, span.ending) == (opening, ending)


def test_a_sound_sentence_is_likelier_to_found_a_claim_than_a_broken_one() -> None:
    sound, *broken_ones = founder().judge([candidate(words, f"{words}.") for words in (
        RELEASED,
        "Meta if to is released Meta GPT-5 maximize",
        "It is the best model that I have ever seen, imo",
        "Ollama run aster-4:70b --verbose",
    )])
    assert sound.probability > 0.7
    assert all(judgement.probability < 0.6 for judgement in broken_ones)


def test_the_reason_is_the_first_that_is_seen() -> None:
    judgements = founder().judge([
        candidate("GPT-5 was released", "GPT-5 was released?"),
        candidate("GPT-5 was released", "Some say that GPT-5 was released.", certainty="questioned"),
        candidate("It released GPT-5", "It released GPT-5."),
        candidate("OpenAI released GPT-5", "OpenAI released GPT-5."),
    ])
    assert [judgement.reason for judgement in judgements] == ["asks", "asks", "points", "unsound"]


def test_each_is_judged_by_itself() -> None:
    release_candidate = candidate(RELEASED, f"{RELEASED}.")
    judged_beside, *_ = founder().judge([release_candidate, candidate("x", "y"), candidate("x", "x y")])
    [judged_alone] = founder().judge([release_candidate])
    assert judged_beside.probability == pytest.approx(judged_alone.probability)
    assert founder().judge([]) == []


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "?" * 5000, "🦙" * 900, "ẞİ ŉ" * 50, "a" * 400, "((\\" * 90]
)
def test_no_text_breaks_it(text: str) -> None:
    text_candidate = candidate(text, f"{text} {text}", entities=(text, "Aster 4"))
    assert all(value == value for value in features(text_candidate, Stretch(text, text, "whole", "whole")))
    assert 0 <= founder().judge([text_candidate])[0].probability <= 1


class Recorder:
    """Record the candidates and find all of them good."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def read(self, texts: list[tuple[str, str]]) -> np.ndarray:
        self.asked += texts
        return np.tile([9.0, 0.0, 0.0, 0.0], (len(texts), 1))


def test_what_has_no_chance_is_not_read_beside_its_text() -> None:
    reader = Recorder()
    card = (weights.OWN / "founding.json").read_bytes()
    judge = founding.TrainedFounder(card, embedding.load(), retriever.load().passages, reader,  # type: ignore[arg-type]
                                    kind_model.load()).judge
    words = "lol so so so many of these = | do"
    sound, hopeless = judge([
        candidate(RELEASED, f"{RELEASED}.", context="title: News"), candidate(words, words, entities=())])
    assert reader.asked == [(RELEASED, f"{RELEASED}. || title: News")]
    assert sound.probability > 0.9 and hopeless.probability < 0.05


def test_its_name_says_what_decides() -> None:
    name = founder().name
    assert name.startswith("founding-") and kind_model.load().name in name and embedding.load().name in name
    assert name.endswith(retriever.load().passages.name)


@pytest.mark.parametrize(("kind", "quote", "founds"), [
    ("identity", "pony-alpha is GLM-5.", True),
    ("other", "pony-alpha is GLM-5.", False),
    ("identity", "Is it so that pony-alpha is GLM-5?", False),
])
def test_what_a_code_name_is_is_one_checkable_thing_by_its_form(kind: str, quote: str, founds: bool) -> None:
    [judgement] = founder().judge([candidate("pony-alpha is GLM-5", quote, kind=kind, entities=("GLM-5",))])
    assert (judgement.probability >= 0.7) is founds


def test_a_chinese_sentence_is_judged_by_its_gloss_and_keeps_its_kind_by_the_rules() -> None:
    told, taste = "OpenAI于2025年8月7日正式发布了新一代大模型GPT-5", "OpenAI的GPT-5真是太好玩太有意思了哈哈"
    good, poor = founder().judge([candidate(told, told, entities=("GPT-5",)),
                                  candidate(taste, taste, entities=("GPT-5",))])
    assert good.probability >= FoundConfig().sure > 0.4 > poor.probability
    assert good.kind is None


def test_hashtags_and_handles_are_read_as_the_words_of_their_sentence() -> None:
    quote = "(@OpenAI) released #GPT-5 on 7 August 2025! #1 of C#, mail@openai.com https://x.com/@OpenAI"
    assert founding.as_read(candidate("@OpenAI released #GPT-5", quote, context="title: #AI")) == candidate(
        "OpenAI released GPT-5",
        "(OpenAI) released GPT-5 on 7 August 2025! #1 of C#, mail@openai.com https://x.com/@OpenAI",
        context="title: AI")
    tagged, plain = founder().judge([candidate("@OpenAI released #GPT-5 on 7 August 2025",
                                               "@OpenAI released #GPT-5 on 7 August 2025"),
                                     candidate(RELEASED, RELEASED)])
    assert tagged == plain
