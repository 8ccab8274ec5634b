"""The founding model: sound sentences may found a claim, broken and unwarranted ones may not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from models.embedding import embedder as embedding
from models.founding import TrainedFounder, features
from models.protocols import STANCE_LABELS, Candidate, StanceOpinion, StancePair, TextPair
from models.stance import model as stance

FOUNDER = TrainedFounder(embedding.load(), stance.load())


def candidate(claim: str, quote: str, **fields: object) -> Candidate:
    row = {
        "context": None, "part": "text", "kind": "release", "negated": False, "certainty": "asserted",
        "entities": ("Aster 4",),
    } | fields
    return Candidate(claim, quote, **row)  # type: ignore[arg-type]


def test_a_sound_sentence_is_likelier_to_found_a_claim_than_a_broken_one() -> None:
    sound, broken, foreign = FOUNDER.judge([
        candidate("OpenAI released GPT-5 on 7 August 2025", "OpenAI released GPT-5 on 7 August 2025."),
        candidate("Meta if to is released Meta GPT-5 maximize", "If Meta is to maximize it, lol, will it?"),
        candidate("Google released Gemini 3 for free", "I think it might rain tomorrow if you ask me."),
    ])
    assert sound.probability > 0.5 > max(broken.probability, foreign.probability)


def test_the_reason_is_the_first_that_is_seen() -> None:
    claim = "OpenAI released GPT-5 on 7 August 2025"
    asked, doubted, other = FOUNDER.judge([
        candidate(claim, "Did OpenAI release GPT-5 on 7 August 2025?"),
        candidate(claim, "I doubt that OpenAI released GPT-5 on 7 August 2025.", certainty="questioned"),
        candidate(claim, "I think it might rain tomorrow if you ask me."),
    ])
    assert (asked.reason, doubted.reason, other.reason) == ("asks", "asks", "unwarranted")


class Supporting:
    """A relation model that finds every sentence borne out."""

    name = "relation-fake"

    def judge(self, pairs: Sequence[StancePair]) -> list[StanceOpinion]:
        raise NotImplementedError

    def read(self, pairs: Sequence[TextPair]) -> list[dict[str, float]]:
        return [{label: 0.8 if label == "supports" else 0.05 for label in STANCE_LABELS} for _ in pairs]


def test_a_sentence_that_is_borne_out_may_point_elsewhere() -> None:
    founder = TrainedFounder(embedding.load(), Supporting())
    words = ("It released GPT-5 on 7 August 2025", "OpenAI released GPT-5")
    assert [one.reason for one in founder.judge([candidate(each, each) for each in words])] == [
        "points", "unsound"]


def test_each_is_judged_by_itself() -> None:
    one = candidate("OpenAI released GPT-5 on 7 August 2025", "OpenAI released GPT-5 on 7 August 2025.")
    other = candidate("x", "y")
    beside, alone = FOUNDER.judge([one, other])[0], FOUNDER.judge([one])[0]
    assert beside.probability == pytest.approx(alone.probability)
    assert FOUNDER.judge([]) == []


@pytest.mark.parametrize("text", ["", " ", "\x00", "?" * 5000, "🦙" * 900])
def test_no_text_breaks_it(text: str) -> None:
    assert all(value == value for value in features(candidate(text, text)))
    assert 0 <= FOUNDER.judge([candidate(text, text)])[0].probability <= 1


def test_its_name_says_what_decides() -> None:
    assert FOUNDER.name.startswith("founding-") and "relation-" in FOUNDER.name
