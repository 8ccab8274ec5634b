"""Test which claims a statement is linked to: where the models agree, or where one alone is sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from models.protocols.language import FoundMention
from models.protocols.stance import StanceOpinion, StancePair, TextPair
from pipeline.check.bearing import met_claims, with_its_figure
from pipeline.check.known_claims import Target
from pipeline.check.records import Bearing
from pipeline.check.sameness import Alike, Likeness, _alike
from pipeline.check.search import Near
from pipeline.check.statements import Made, Statement
from pipeline.core.config import Config
from pipeline.core.vocabulary import Kind, Part, Precision
from pipeline.text.slots import Conflict, Slots

CONTEXT = "title: Aurel"
NUMBER = Conflict("number", "95b parameters / 70b parameters")
TARGET = Target("c1", "Aurel released Aster 4", Kind.RELEASE, ("Aurel",), ("Aster 4",), None,
                Precision.UNKNOWN)


@dataclass
class FixedStance:
    """A stance model with fixed shares for a sentence in its context and by itself, and a fixed side."""

    related: float
    alone: float
    against: float = 0.0
    opinion: StanceOpinion = field(default_factory=lambda: StanceOpinion("supports", 0.2, ()))

    def read(self, pairs: Sequence[TextPair]) -> list[dict[str, float]]:
        return [self._shares(self.related if pair.context else self.alone) for pair in pairs]

    def judge(self, pairs: Sequence[StancePair]) -> list[StanceOpinion]:
        return [self.opinion for _ in pairs]

    def _shares(self, related: float) -> dict[str, float]:
        return {"supports": related * (1 - self.against), "reports": 0.0, "denies": related * self.against,
                "questions": 0.0, "unrelated": 1 - related}


@dataclass
class Alikeness:
    """A similarity model with a fixed answer."""

    alike: Alike | None

    def of(self, statement: int, row: int) -> Alike | None:
        return self.alike

    def slots(self, target: Target) -> Slots:
        return Slots(target.claim, target.kind, target.organisations, target.entities, (), None,
                     Precision.UNKNOWN)


def mention(negated: bool = False) -> FoundMention:
    return FoundMention(Part.TEXT, 0, 30, "Aurel released Aster 4", Kind.RELEASE, None, True, None,
                        "press", None, None, negated, "asserted", None, "unknown", ("Aurel",), ("Aster 4",),
                        (), ())


def told(stance: FixedStance, alike: Alike | None = None, *, quote: str = "Aurel has released Aster 4.",
         names: tuple[str, ...] = ("Aurel", "Aster 4"), made: tuple[Made, ...] = ()) -> list[Bearing]:
    statement = Statement(Part.TEXT, 0, len(quote), quote, CONTEXT, names, (), (), made)
    likeness: Likeness = Alikeness(alike)  # type: ignore[assignment]
    (matches,) = met_claims([statement], [[Near(0, TARGET, 0.5)]], likeness, stance,  # type: ignore[arg-type]
                            Config())
    return [match.bearing for match in matches]


def same(score: float, *, negated: bool = False) -> Alike:
    return Alike(Made(mention(negated), 0.5), score, True, None)


@pytest.mark.parametrize(
    ("score", "related", "expected"),
    [
        (0.95, 0.35, [Bearing.REPEATS]),  # founding is sure; the relation model does not contradict
        (0.55, 0.75, [Bearing.REPEATS]),  # the relation model is sure; founding does not contradict
        (0.95, 0.25, []),
        (0.80, 0.65, []),  # neither is sure
        (0.55, 0.35, []),
    ],
)
def test_one_model_is_sure_and_the_other_not_against_it(
    score: float, related: float, expected: list[Bearing]
) -> None:
    assert told(FixedStance(related, related), same(score)) == expected
    rival = Alike(same(score).made, score, False, NUMBER)
    assert told(FixedStance(related, related), rival) == [Bearing.RIVALS for _ in expected]


@pytest.mark.parametrize(("related", "expected"), [(0.25, [Bearing.DENIES]), (0.15, [])])
def test_a_statement_against_a_claim_shares_fewer_of_its_words(
    related: float, expected: list[Bearing]
) -> None:
    stance = FixedStance(related, related, against=0.8, opinion=StanceOpinion("denies", 0.9, ()))
    assert told(stance, same(0.95, negated=True)) == expected


@pytest.mark.parametrize(("claim", "quote", "rival", "expected"), [
    ("Basalt 4 has 120 billion parameters", "Basalt 4 has 95 billion.", "95b parameters / 120b parameters",
     "Basalt 4 has 95 billion parameters"),
    ("Basalt 4 has 120 billion parameters", "On 3 May: Basalt 4 has 95 billion.",
     "95b parameters / 120b parameters", "Basalt 4 has 95 billion parameters"),
    ("It costs $1,200 in 2026", "In 2026 it costs $1,500.", "1500 dollars / 1200 dollars",
     "It costs $1,500 in 2026"),
    ("It has 4 of 12", "It has 5 of 13.", "x / y", "It has 4 of 12"),  # unknown which figure stands for which
    ("Millrace 2 costs $2", "Millrace 2 costs $3.", "3 dollars / 2 dollars", "Millrace 2 costs $3"),
    ("It comes in May", "It comes on March 3.", "2026-03-03 / 2026-05", "It comes in March 3"),
    ("It comes in January 2026", "It may come in May, he said.", "may / january", "It comes in May"),
    ("It costs $5 in January 2026", "It costs $6 in January 2027", "2027-01 / 2026-01",
     "It costs $5 in January 2027"),
])
def test_a_claim_is_given_the_figure_of_a_quote(claim: str, quote: str, rival: str, expected: str) -> None:
    assert with_its_figure(claim, quote, Conflict("number", rival)) == expected


def test_a_rival_speaks_to_the_claim_with_its_own_figure() -> None:
    asked_pairs: list[TextPair] = []

    class Heard(FixedStance):
        def read(self, pairs: Sequence[TextPair]) -> list[dict[str, float]]:
            asked_pairs.extend(pairs)
            return [self._shares(0.9 if "95" in pair.claim else 0.1) for pair in pairs]

    target = replace(TARGET, claim="Aster 4 has 70 billion parameters")
    quote = "Aster 4 has 95 billion parameters."
    statement = Statement(Part.TEXT, 0, len(quote), quote, CONTEXT, ("Aurel", "Aster 4"), (), (), ())
    likeness: Likeness = Alikeness(Alike(same(0.95).made, 0.95, False, NUMBER))  # type: ignore[assignment]
    (matches,) = met_claims([statement], [[Near(0, target, 0.5)]], likeness, Heard(0.1, 0.1),  # type: ignore[arg-type]
                            Config())
    assert [match.bearing for match in matches] == [Bearing.RIVALS]
    assert [pair.claim for pair in asked_pairs] == [target.claim, "Aster 4 has 95 billion parameters"]


def test_a_passage_that_only_its_context_makes_speak_to_a_claim_is_not_told() -> None:
    assert told(FixedStance(0.85, 0.75)) == [Bearing.REPEATS]
    assert told(FixedStance(0.85, 0.65)) == []
    assert told(FixedStance(0.75, 0.75)) == []


def test_a_passage_names_every_organisation_of_the_claim() -> None:
    assert told(FixedStance(0.95, 0.95), names=("Aster 4",)) == []


def test_who_stands_against_a_claim_does_so_surely() -> None:
    assert told(FixedStance(0.95, 0.95, against=0.9)) == [Bearing.DENIES]
    assert told(FixedStance(0.95, 0.95, against=0.5)) == []


def test_a_negation_that_the_relation_model_does_not_see_is_no_denial() -> None:
    """A parser may see a negation in "not just Aurel": where the side is unsure, nothing is shown."""
    assert told(FixedStance(0.9, 0.9), same(0.95, negated=True)) == []
    assert told(FixedStance(0.9, 0.9, against=0.6), same(0.95, negated=True)) == [Bearing.DENIES]
    sure_opinion = StanceOpinion("denies", 0.9, ())
    assert told(FixedStance(0.9, 0.9, opinion=sure_opinion), same(0.95, negated=True)) == [Bearing.DENIES]


@pytest.mark.parametrize(("words", "rival"), [
    ("may / january", True), ("20 / 27", True), ("this week / july", False), ("november / monday", False),
])
def test_a_day_without_a_date_is_no_other_date(words: str, rival: bool) -> None:
    target = Target("c1", "Aurel released Aster 4", Kind.RELEASE, ("Aurel",), ("Aster 4", "Aurel"), None,
                    Precision.UNKNOWN)
    alike = _alike(Made(mention(), 0.5), 0.95, Conflict("date", words), target)
    assert (alike.rival is not None, alike.one_claim) == (rival, False)
