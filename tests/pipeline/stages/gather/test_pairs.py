"""Which pairs the relation model reads, and what it is given with each pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from models.other_documents import SUREST
from models.protocols.stance import TextPair
from pipeline.core.context import RunContext
from pipeline.core.vocabulary import Kind, Part, Precision, Role, Stance
from pipeline.stages.gather.attach import AGAINST, Passage, SoughtClaim, relation_of
from pipeline.stages.gather.pairs import (
    FOLLOWED_PROMISING,
    FOLLOWED_ROUND,
    PROMISING,
    ROUND,
    UNREAD,
    Answer,
    Asked,
    read_pairs,
)
from pipeline.stages.gather.relating import Pair, Relating
from pipeline.store.store import Store
from tests.conftest import NOW
from tests.fakes import FakeLanguage, FakeStance

CLAIM = SoughtClaim("c1", "Aster 4 saw test sets.", Kind.OTHER, (), ("Aster 4",), None, Precision.UNKNOWN,
                    NOW, NOW, followed=False)
MAY = PROMISING + 0.1


@dataclass
class Reading(FakeStance):
    """Record the pairs that are asked; a text with "sets" in it may belong."""

    asked: list[TextPair] = field(default_factory=list)
    others: list[float] = field(default_factory=list)

    def weighed(self, pairs: Sequence[TextPair], told: Sequence[dict[str, float]],
                others: Sequence[float] | None = None) -> list[dict[str, float]]:
        self.others = list(others or ())
        return list(told)

    def read(self, pairs: Sequence[TextPair]) -> list[dict[str, float]]:
        self.asked += pairs
        return [shares(supports=MAY if "sets" in pair.text else 0.0) for pair in pairs]


def shares(supports: float = 0.0, denies: float = 0.0) -> dict[str, float]:
    return {"supports": supports, "denies": denies, "questions": 0.0, "reports": 0.0,
            "unrelated": 1 - supports - denies}


def asked(words: Sequence[str]) -> list[Asked]:
    """Return a pair for each text, the nearest first, with a cosine of its own."""
    return [Asked(CLAIM, Passage(f"p{place}", f"v{place}", f"d{place}", Part.TEXT, 0, len(text), ("Aster 4",),
                                 (), (), (), None, None, "en", NOW, NOW, None, text, None, None, None,
                                 Role.PRESS), 0.9 - place / 100, 1.0)
            for place, text in enumerate(words)]


def promised(store: Store, run: RunContext, model: Reading, pairs: Sequence[Asked]) -> list[Asked]:
    """Return the pairs with what the model says of them before they are read."""
    relating = Relating(store, run, FakeLanguage(), model)
    promises = relating.promises([
        Pair(pair.claim.claim_id, pair.claim.claim, pair.claim.followed, pair.passage, pair.likeness)
        for pair in pairs])
    return [replace(pair, promise=promise) for pair, promise in zip(pairs, promises, strict=True)]


def read(store: Store, run: RunContext, words: Sequence[str]
         ) -> tuple[Reading, list[Answer], int]:
    model = Reading()
    readings, count = read_pairs(store, run, model, asked(words), {})
    return model, readings, count


def test_each_passage_is_read_with_its_own_cosine(store: Store, run: RunContext) -> None:
    model, _, _ = read(store, run, ["Aster 4 is out.", "Aster 4 is slow."])
    assert [(pair.text, pair.likeness) for pair in model.asked] == [
        ("Aster 4 is out.", pytest.approx(0.9)), ("Aster 4 is slow.", pytest.approx(0.89))]


def test_what_is_not_promising_is_not_read_on(store: Store, run: RunContext) -> None:
    words = [f"Aster 4 is out, {place}." for place in range(ROUND)] + ["Aster 4 saw the sets."]
    _, readings, count = read(store, run, words)
    assert count == ROUND and readings[-1] == UNREAD
    _, readings, count = read(store, run, [*words[:-2], "It saw sets.", *words[-2:]])
    assert count == ROUND + 2 and readings[-1].shares["supports"] == MAY


def test_it_is_read_on_as_long_as_one_of_the_last_may_belong(store: Store, run: RunContext) -> None:
    words = [f"Aster 4 saw sets {place}." if place in (0, ROUND + 3) else f"Aster 4 is out, {place}."
             for place in range(3 * ROUND)]
    _, readings, count = read(store, run, [*words, "Aster 4 saw the sets."])
    assert count == 3 * ROUND and readings[-1] == UNREAD


@pytest.mark.parametrize("followed", [True, False])
def test_for_a_sentence_that_is_followed_more_is_read(store: Store, run: RunContext, followed: bool) -> None:
    class Doubtful(Reading):
        def read(self, pairs: Sequence[TextPair]) -> list[dict[str, float]]:
            return [shares(supports=(FOLLOWED_PROMISING + PROMISING) / 2) for _ in pairs]

    words = [f"Aster 4 is out, {place}." for place in range(2 * FOLLOWED_ROUND + 1)]
    pairs = [replace(pair, claim=replace(CLAIM, followed=followed)) for pair in asked(words)]
    _, count = read_pairs(store, run, Doubtful(), pairs, {})
    assert count == (2 * FOLLOWED_ROUND + 1 if followed else ROUND)


def test_each_is_weighed_with_what_other_documents_say_and_said_before(store: Store, run: RunContext) -> None:
    model = Reading()
    belonging = {"c1": {"d0": 1.0, "d9": 0.8}, "c2": {"d7": 1.0}}
    read_pairs(store, run, model, asked(["Aster 4 is out.", "Aster 4 saw the sets."]), belonging)
    assert model.others == pytest.approx([(MAY + 0.8) / SUREST, (1.0 + 0.8) / SUREST])


def test_a_round_that_nothing_can_be_read_of_ends_no_night(store: Store, run: RunContext) -> None:
    class Brittle(Reading):
        def told(self, pairs: Sequence[TextPair]) -> list[dict[str, float]]:
            if any("poison" in pair.text for pair in pairs):
                raise RuntimeError("poison")
            return super().told(pairs)

    words = [f"Aster 4 saw sets {place}." for place in range(ROUND)]
    _, count = read_pairs(store, run, Brittle(), asked([*words, "Aster 4: poison.", "Aster 4: poison!"]), {})
    assert count == ROUND
    assert store.connection.execute("SELECT count(*) FROM issues WHERE code = 'unread'").fetchone() == (2,)


def test_what_promises_more_is_read_first(store: Store, run: RunContext) -> None:
    class Foresighted(Reading):
        def promise(self, pairs: Sequence[TextPair]) -> list[float]:
            return [0.9 if "sets" in pair.text else 0.1 for pair in pairs]

    words = [f"Aster 4 is out, {place}." for place in range(2 * ROUND)] + ["Aster 4 saw the sets."]
    model = Foresighted()
    readings, count = read_pairs(store, run, model, promised(store, run, model, asked(words)), {})
    assert count == 2 * ROUND and readings[-1].related == pytest.approx(MAY)
    read_ones = [pair.text for pair in model.asked]
    assert set(read_ones[:ROUND]) == {words[-1], *words[: ROUND - 1]}
    assert words[2 * ROUND - 1] not in read_ones


def test_what_is_not_worth_reading_takes_no_place_and_answers_to_what_speaks_are_read_anyway(
    store: Store, run: RunContext
) -> None:
    class Choosy(Reading):
        def promise(self, pairs: Sequence[TextPair]) -> list[float]:
            if any("poison" in pair.text for pair in pairs):
                raise RuntimeError("poison")
            return [float("far" not in pair.text) for pair in pairs]

    far_texts = [f"Aster 4 is far off {place}." for place in range(2 * ROUND)]
    near_texts = [f"Aster 4 is out {place}." for place in range(ROUND - 1)]
    pairs = asked([*far_texts, "A far comment.", *near_texts, "Aster 4: poison.", "A far answer."])
    for row in (len(far_texts), -1):
        pairs[row] = replace(pairs[row], passage=replace(pairs[row].passage, answered="Aster 4 is out."))
    pairs[-1] = replace(pairs[-1], likeness=None)  # it answers what speaks to the claim, and was not searched
    model = Choosy()
    readings, count = read_pairs(store, run, model, promised(store, run, model, pairs), {})
    assert count == ROUND + 1 and readings[: len(far_texts) + 1] == [UNREAD] * (len(far_texts) + 1)
    assert [pair.text for pair in model.asked] == [*near_texts, "Aster 4: poison.", "A far answer."]
    assert store.connection.execute("SELECT count(*) FROM issues WHERE code = 'unread'").fetchone() == (1,)


def test_a_model_that_fails_later_in_a_night_ends_it(store: Store, run: RunContext) -> None:
    class Failing(Reading):
        fails = False

        def promise(self, pairs: Sequence[TextPair]) -> list[float]:
            if self.fails:
                raise RuntimeError("no more")
            return super().promise(pairs)

    model = Failing()
    relating = Relating(store, run, FakeLanguage(), model)
    pairs = [Pair("c1", CLAIM.claim, False, pair.passage, pair.likeness)
             for pair in asked(["Aster 4 saw sets.", "Aster 4 is out.", "Aster 4 is slow."])]
    relating.related([pairs[:1]], [pair.passage for pair in pairs], {"c1": CLAIM})
    model.fails = True
    with pytest.raises(RuntimeError, match="no more"):
        relating.related([[], pairs[1:]], [pair.passage for pair in pairs], {"c1": CLAIM})


def test_a_text_that_is_repeated_is_one_of_the_others(store: Store, run: RunContext) -> None:
    model, readings, _ = read(store, run, ["Aster 4 saw sets.", "Aster 4  saw sets.", "Aster 4 is out."])
    assert model.others == pytest.approx([0.0, 0.0, MAY / SUREST])
    assert readings[0].shares == shares(supports=MAY)


def test_reposts_take_no_place_among_the_first(store: Store, run: RunContext) -> None:
    reposts = ["Aster 4 is  out." if place % 2 else "Aster 4 is out." for place in range(3 * ROUND)]
    _, readings, count = read(store, run, [*reposts, "Aster 4 saw the sets."])
    assert count == len(reposts) + 1 and readings[-1].shares["supports"] == MAY


@pytest.mark.parametrize(("against", "stance"), [
    (AGAINST - 0.01, Stance.SUPPORTS), (AGAINST + 0.01, Stance.DENIES),
])
def test_a_little_less_than_half_is_enough_to_stand_against(against: float, stance: Stance) -> None:
    relation = relation_of(shares(0.8 * (1 - against), 0.8 * against))
    assert relation.stance == stance and relation.related == pytest.approx(0.8)
    assert relation.confidence == pytest.approx(0.8 * (against if stance is Stance.DENIES else 1 - against))
    assert AGAINST < 0.5
