"""Threads: their shape, their features, and the answers on plain cases."""

from __future__ import annotations

import json
from importlib.resources import files

import numpy as np

from models.protocols.threads import THREAD_STANCES, VERACITIES, Thread, ThreadPost
from models.stance.thread_features import (
    POST_FEATURES,
    THREAD_FEATURES,
    place,
    post_features,
    source_of,
    thread_features,
)
from models.stance.threads import load, pairs
from tests.fakes import FakeStance


def thread(*posts: tuple[str, str | None, str]) -> Thread:
    return Thread(
        tuple(
            ThreadPost(name, parent, 60.0 * number, text) for number, (name, parent, text) in enumerate(posts)
        )
    )


ASKED = thread(
    ("a", None, "Halcyon Labs was hacked last night"),
    ("b", "a", "Is this true? Any source?"),
    ("c", "b", "No, that is fake. Stop spreading it."),
    ("d", "a", "Thoughts are with everybody there"),
)


def test_places() -> None:
    assert [
        (post_place.depth, post_place.parent.id if post_place.parent else None) for post_place in place(ASKED)
    ] == [(0, None), (1, "a"), (2, "b"), (1, "a")]


def test_odd_threads_have_places_too() -> None:
    circle = thread(("a", "b", "one"), ("b", "a", "two"), ("c", "c", "itself"))
    assert source_of(circle).id == "a"
    assert [post_place.depth for post_place in place(circle)][:2] == [0, 1]
    lost_thread = thread(("x", "gone", "an answer"), ("y", None, "the source"), ("z", None, "another"))
    assert source_of(lost_thread).id == "y"
    assert [post_place.depth for post_place in place(lost_thread)] == [1, 0, 1]


def test_a_post_is_read_beside_the_source_and_its_parent() -> None:
    pair = pairs(ASKED)[2]
    assert (pair.claim, pair.text) == (ASKED.posts[0].text, ASKED.posts[2].text)
    assert pair.context == f"answers: {ASKED.posts[1].text}"


def test_signs_are_finite_whatever_a_post_is() -> None:
    odd = Thread((
        ThreadPost("a", None, None, ""), ThreadPost("b", "a", -1e12, "https://x.example/?a=b"),
        ThreadPost("b", "a", 1e12, "😀" * 500),
    ))
    features = post_features(odd, FakeStance().read(pairs(odd)))
    assert features.shape == (3, len(POST_FEATURES))
    veracity_values = thread_features(odd, features, np.full((3, 4), 0.25))
    assert veracity_values.shape == (len(THREAD_FEATURES),)
    assert np.isfinite(features).all() and np.isfinite(veracity_values).all()


def test_a_question_mark_inside_a_link_is_no_question() -> None:
    features = post_features(
        thread(("a", None, "See https://x.example/?page=2")), FakeStance().read([pairs(ASKED)[0]])
    )
    assert features[0, POST_FEATURES.index("asks")] == 0
    assert features[0, POST_FEATURES.index("link")] == 1


def test_plain_cases() -> None:
    assert load().judge(ASKED, FakeStance()).stances[:2] == ("support", "query")
    judged = load().judge(thread(("a", None, "Halcyon Labs was hacked")), FakeStance())
    assert judged.stances == ("support",) and judged.veracity in VERACITIES


def test_the_weights_fit_the_signs() -> None:
    weights = json.loads(files("models").joinpath("weights/threads.json").read_text("utf-8"))
    for part, features, answers in (
        ("stance", POST_FEATURES, THREAD_STANCES), ("veracity", THREAD_FEATURES, VERACITIES)
    ):
        assert weights[part]["signs"] == list(features)
        assert weights[part]["answers"] == list(answers)
        assert np.asarray(weights[part]["weights"]).shape == (len(answers), len(features))
