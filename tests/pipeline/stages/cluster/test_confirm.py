"""Two groups that the relation model does not confirm do not become one claim."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from models.protocols.stance import TextPair
from pipeline.core.context import RunContext
from pipeline.stages.cluster.stage import cluster
from pipeline.store.store import Store
from tests.fakes import FakeEmbedder, FakeStance
from tests.worlds.builder import claims_of, said

CLAIM = "Aurel trained Aster 4 on test sets"
NEAR = "Aurel trained Aster 4 on the test sets"


class Refusing(FakeStance):
    """Answer each pair with a likelihood of belonging, and record the pairs."""

    def __init__(self, belongs: float) -> None:
        self.belongs, self.asked = belongs, list[TextPair]()

    def read(self, pairs: Sequence[TextPair]) -> list[dict[str, float]]:
        self.asked += pairs
        return [{"supports": self.belongs, "denies": 0.0, "questions": 0.0, "reports": 0.0,
                 "unrelated": 1 - self.belongs} for _ in pairs]


@pytest.mark.parametrize(("belongs", "claims"), [(0.29, 2), (0.31, 1)])
def test_what_hardly_belongs_is_a_claim_of_its_own(store: Store, run: RunContext, belongs: float, claims: int
                                                   ) -> None:
    model = Refusing(belongs)
    store.append("mentions", [said("m1", CLAIM), said("m2", NEAR)])
    cluster(store, run, FakeEmbedder(), model)
    assert len(set(claims_of(store).values())) == claims
    assert [(pair.claim, pair.text) for pair in model.asked] == [(CLAIM, NEAR)]


def test_the_same_words_need_no_confirmation(store: Store, run: RunContext) -> None:
    model = Refusing(0.0)
    store.append("mentions", [said("m1", CLAIM), said("m2", CLAIM)])
    cluster(store, run, FakeEmbedder(), model)
    assert len(set(claims_of(store).values())) == 1
    assert model.asked == []


def test_a_stored_claim_is_asked_about_by_its_first_words(store: Store, run: RunContext) -> None:
    store.append("mentions", [said("m1", CLAIM)])
    cluster(store, run, FakeEmbedder(), Refusing(0.0))
    store.append("mentions", [said("m2", NEAR)])
    model = Refusing(0.0)
    cluster(store, run, FakeEmbedder(), model)
    assert len(set(claims_of(store).values())) == 2
    assert [(pair.claim, pair.text) for pair in model.asked] == [(CLAIM, NEAR)]
