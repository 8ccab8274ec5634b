"""The pair model: each feature counts in its direction, and the shipped weights are complete."""

from __future__ import annotations

import numpy as np
import pytest

from models import claim_similarity
from models.claim_similarity import PairModel, Rarity
from models.embedding import embedder
from models.training.claim_similarity import space_of

NO_RARITY = Rarity(0, {})


def model() -> PairModel:
    aspects = claim_similarity.aspect_counts(["x"]).shape[1]
    return PairModel(
        "test", {"dense": 4.0, "words": 4.0, "aspects": 2.0, "days": -1.0}, -4.0, (1.0,) * aspects, {}
    )


def score(
    left: str, right: str, days: tuple[float | None, float | None] = (0.0, 0.0), names: tuple[str, ...] = ()
) -> float:
    vectors = np.ones((1, 1), dtype=np.float32)
    left_profile, right_profile = (
        model().profile([text], vectors, "none", [day], [names])
        for text, day in zip((left, right), days, strict=True)
    )
    return float(model().scores(left_profile, right_profile, NO_RARITY)[0, 0])


def test_shared_words_and_aspects_speak_for_one_claim() -> None:
    assert score(
        "Orbit costs ten dollars", "Orbit costs nine dollars"
    ) > score("Orbit costs ten dollars", "Comet sings")


def test_names_alone_are_no_sign() -> None:
    same_name = score("Orbit 3 sings", "Orbit 3 dances"), score(
        "Orbit 3 sings", "Orbit 3 dances", names=("Orbit 3",)
    )
    assert same_name[0] > same_name[1]


def test_time_apart_speaks_against_up_to_a_bound() -> None:
    scores = [score("Orbit sings", "Orbit sings", (0.0, day)) for day in (0.0, 5.0, 20.0, 300.0)]
    assert scores[0] > scores[1] > scores[2] == scores[3]
    assert scores[0] > score("Orbit sings", "Orbit sings", (0.0, None)) > scores[2]


def test_rare_words_weigh_more() -> None:
    rarity = Rarity(1000, {"common": 900})
    assert rarity("unheard") > rarity("common") >= 1


def test_empty_sides_have_their_shapes() -> None:
    empty = model().profile([], np.zeros((0, 1), dtype=np.float32), "none", [])
    profile = model().profile(["Orbit"], np.ones((1, 1), dtype=np.float32), "none", [1.0])
    assert model().scores(profile, empty, NO_RARITY).shape == (1, 0)
    assert model().scores(empty, empty, NO_RARITY).shape == (0, 0)


def test_reporting_words_are_left_out() -> None:
    assert list(
        claim_similarity.stems("Commenters reportedly suggested that Orbit costs $5.5")
    ) == ["orbit", "cost", "5.5"]


def test_the_shipped_model_is_whole() -> None:
    shipped = PairModel.load()
    assert set(shipped.weights) == set(claim_similarity.FEATURES)
    assert shipped.weights["dense"] > 0 > shipped.weights["days"]
    assert len(shipped.aspect_rarity) == claim_similarity.aspect_counts(["x"]).shape[1]
    assert embedder.load().name in shipped.spaces


def test_a_space_damps_what_its_field_shares() -> None:
    space = claim_similarity.Space(
        np.zeros(2, np.float32), np.asarray([[1, 0]], np.float32), np.asarray([0.1], np.float32)
    )
    near_placed, far_placed = space.place(np.asarray([[0.9, 0.1], [0.9, -0.1]], np.float32))
    assert np.linalg.norm(near_placed) == pytest.approx(1)
    assert near_placed @ far_placed < 0.5  # without the space their cosine is 0.98


def test_the_space_of_vectors_is_their_gentle_whitening() -> None:
    drawn_vectors = np.random.default_rng(0).standard_normal((500, 3)).astype(np.float32) * np.asarray(
        [9, 1, 1], np.float32
    ) + 5
    space = space_of(drawn_vectors)
    assert np.allclose(space.mean, drawn_vectors.mean(axis=0), atol=1e-3)
    assert abs(space.directions[0, 0]) > 0.99
    assert space.kept[0] < 0.5 < 0.9 < space.kept[1]
