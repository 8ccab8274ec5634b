"""A doubt that does not say what it doubts is scored with the claim that its document answers."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from pipeline.core.vocabulary import Certainty, Kind
from pipeline.stages.cluster.nodes import ComparedMention, Known, Nodes
from pipeline.stages.cluster.scores import Answered, leaves_open, with_answers
from tests.worlds.builder import said

ASTER = {"organisations": ("Aurel",), "entities": ("Aster 4",), "kind": Kind.CAPABILITY}


def mention(mention_id: str, proposition: str, **fields: Any) -> ComparedMention:
    """Return a mention with these words as clustering reads it."""
    read_mention = said(mention_id, proposition, **(ASTER | fields))
    own = {"founds", "kind_by_rule"}
    names = (field.name for field in dataclasses.fields(ComparedMention) if field.name not in own)
    return ComparedMention(**{name: getattr(read_mention, name) for name in names}, founds=True)


def answer(doubt: ComparedMention, other: ComparedMention) -> Answered:
    """Return the record that the document of `doubt` answers the one of `other`."""
    return Answered(doubt.mention_id, other.mention_id, None, other.proposition, other.kind,
                    other.organisations, other.entities)


@pytest.mark.parametrize("proposition", ["Aster 4's performance claims are accurate", "Aster 4 performs well",
                                         "The investment will materialize (Aurel)"])
def test_what_leaves_open(proposition: str) -> None:
    assert leaves_open(mention("m1", proposition, certainty=Certainty.QUESTIONED))
    assert not leaves_open(mention("m1", proposition))


def test_what_says_what_it_doubts_is_left_alone() -> None:
    assert not leaves_open(mention("m1", "Aster 4 beats Borealis 2", certainty=Certainty.QUESTIONED))


def _scored(doubt: ComparedMention, first: ComparedMention, second: ComparedMention
            ) -> dict[tuple[int, int], float]:
    nodes = Nodes(Known([], {}), [first, second, doubt])
    return with_answers({(0, 1): 0.6, (1, 2): 0.3}, nodes, [answer(doubt, first)])


def test_a_doubt_is_one_with_what_it_answers_and_as_like_others() -> None:
    tops, leads = mention("m1", "Aster 4 tops LadderBench"), mention("m2", "Aster 4 leads LadderBench")
    doubt = mention("m3", "Aster 4's benchmark results are accurate", certainty=Certainty.QUESTIONED)
    assert _scored(doubt, tops, leads) == {(0, 1): 0.6, (0, 2): 1.0, (1, 2): 0.6}


def test_a_doubt_about_another_thing_or_another_kind_is_not() -> None:
    leads = mention("m2", "Aster 4 leads LadderBench")
    linked = {(0, 1): 0.6, (1, 2): 0.3}
    doubt = mention("m3", "Aster 4's benchmark results are accurate", certainty=Certainty.QUESTIONED)
    assert _scored(doubt, mention("m1", "Borealis 2 tops LadderBench", organisations=("Nord",),
                              entities=("Borealis 2",)), leads) == linked
    assert _scored(doubt, mention("m1", "Aster 4 costs little", kind=Kind.PRICE), leads) == linked


def test_what_one_sentence_tells_of_two_kinds_is_two_claims() -> None:
    quote = {"document_id": "d1", "quote": "Aster 4 is quick and needs 32 GB."}
    quick = mention("m1", "Aster 4 is quick", **quote)
    size = mention("m2", "Aster 4 needs 32 GB", **(quote | {"kind": Kind.SIZE}))
    assert not Nodes(Known([], {}), [quick, size]).may_join([0], [1])
    assert Nodes(Known([], {}), [quick, dataclasses.replace(size, document_id="d2")]).may_join([0], [1])


def test_what_one_sentence_tells_is_of_the_kinds_that_one_teller_gives() -> None:
    quote = {"document_id": "d1", "quote": "Aurel says that Aster 4 needs 32 GB."}
    stored = mention("m1", "Aster 4 needs 32 GB", **(quote | {"kind": Kind.SIZE}))
    other = mention("m2", "Aster 4 requires 32 GB", **(quote | {"kind": Kind.CAPABILITY}))
    assert not Nodes(Known([], {}), [stored, other]).may_join([0], [1])
    by_model = dataclasses.replace(other, kind_by_rule=Kind.SIZE)
    assert Nodes(Known([], {}), [stored, by_model]).may_join([0], [1])
    both_by_model = [dataclasses.replace(stored, kind_by_rule=Kind.SIZE), by_model]
    assert not Nodes(Known([], {}), both_by_model).may_join([0], [1])
