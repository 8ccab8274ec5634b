"""The figures of stances and threads by hand, and that no label moves an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.protocols.stance import STANCE_LABELS, StanceModel
from models.protocols.threads import Thread, ThreadOpinion
from pipeline.core.errors import ConfigError
from pipeline.evaluation.rows import StanceRow, ThreadRow
from pipeline.evaluation.stance import (
    NEAREST,
    allowed_labels,
    calibration_error,
    eval_stance,
    label_scores,
    restrict,
)
from pipeline.evaluation.threads import eval_threads
from tests.fakes import FakeStance

ROWS = [
    StanceRow(id=1, claim="Orbit sings", text="Orbit sings at dawn", label="supports"),
    StanceRow(id="b", claim="Orbit sings", text="Orbit does not sing", label="denies"),
    StanceRow(id="c", claim="Orbit sings", text="Does Orbit sing?", label="reports"),
    StanceRow(id="d", claim="Orbit sings", text="Comet is cheap", label="unrelated"),
]
THREAD = {
    "id": 7,
    "veracity": "false",
    "posts": [
        {"id": 1, "in_reply_to": None, "time": 10, "text": "Orbit sings", "stance": "support"},
        {"id": "2", "in_reply_to": 1, "time": 20, "text": "It does not sing", "stance": "deny"},
        {"id": 3, "in_reply_to": 2, "time": None, "text": "Does it?", "stance": "comment"},
    ],
}


class FakeThreads:
    """The fake stance of each post, in the labels of threads; a thread with a denial is false."""

    def judge(self, thread: Thread, stance: StanceModel) -> ThreadOpinion:
        labels = tuple("deny" if " not " in post.text else "query" if "?" in post.text else "support"
                       for post in thread.posts)
        return ThreadOpinion(labels, "false" if "deny" in labels else "true")


def test_figures_by_hand() -> None:
    figures, predictions = eval_stance(ROWS, FakeStance())
    assert predictions == [
        {"id": 1, "label": "supports", "score": 0.6},
        {"id": "b", "label": "denies", "score": 0.6},
        {"id": "c", "label": "questions", "score": 0.6},
        {"id": "d", "label": "supports", "score": 0.6},
    ]
    assert figures["n"] == 4 and figures["accuracy"] == 0.5 and figures["left_out"] == 0
    assert figures["f1"] == pytest.approx({"supports": 2 / 3, "denies": 1, "questions": 0, "reports": 0,
                                           "unrelated": 0})
    assert figures["macro_f1"] == pytest.approx((2 / 3 + 1) / 5)
    assert figures["ece"] == pytest.approx(0.1)


def test_only_allowed_labels_are_answered_and_counted() -> None:
    figures, predictions = eval_stance(ROWS, FakeStance(), ("supports", "denies", "reports"))
    assert [row["label"] for row in predictions] == ["supports", "denies", "reports", "supports"]
    # The share of "unrelated" is left out; the other shares add up to 0.9.
    assert predictions[2]["score"] == pytest.approx((0.6 + 0.1) / 0.9, abs=1e-6)
    assert (figures["n"], figures["left_out"], figures["accuracy"]) == (3, 1, 1)


def test_a_label_that_does_not_occur_has_no_f1() -> None:
    scores = label_scores(["a", "b"], ["a", "a"], ("a", "b", "c"))
    assert scores["f1"] == pytest.approx({"a": 2 / 3, "b": 0})
    assert (scores["accuracy"], scores["macro_f1"]) == pytest.approx((1 / 2, 1 / 3))


def test_calibration_by_hand() -> None:
    assert calibration_error([True, False], [1.0, 1.0]) == pytest.approx(0.5)
    # The gaps of two bins, each weighted by its number of rows.
    assert calibration_error([True, True, False], [0.9, 0.9, 0.2]) == pytest.approx((0.2 + 0.2) / 3)


@given(st.lists(st.sampled_from(STANCE_LABELS), min_size=1, unique=True),
       st.lists(st.floats(0, 1), min_size=5, max_size=5))
def test_no_probability_is_lost(labels: list[str], shares: list[float]) -> None:
    given_shares = dict(zip(STANCE_LABELS, shares, strict=True))
    restricted = restrict(given_shares, labels)
    assert list(restricted) == labels
    assert sum(restricted.values()) == pytest.approx(sum(shares))
    assert all(restricted[label] >= given_shares[label] for label in labels)


def test_each_label_has_a_nearest_among_all_others() -> None:
    assert all(set(NEAREST[label]) == set(STANCE_LABELS) - {label} for label in STANCE_LABELS)
    assert restrict({"questions": 1.0}, ("supports", "reports")) == {"supports": 0, "reports": 1}
    assert restrict({"reports": 1.0}, ("supports", "unrelated")) == {"supports": 0, "unrelated": 1}


def test_labels_are_named_in_any_order() -> None:
    assert allowed_labels(" reports,supports") == ("supports", "reports")
    for given_labels in ("", "supports,maybe"):
        with pytest.raises(ConfigError, match="supports,denies"):
            allowed_labels(given_labels)


def test_labels_never_reach_the_stance_model() -> None:
    _, predictions = eval_stance(ROWS, FakeStance())
    for labels in ([None] * 4, ["reports", "supports", "nonsense", "denies"]):
        rows = [row.model_copy(update={"label": label}) for row, label in zip(ROWS, labels, strict=True)]
        assert eval_stance(rows, FakeStance())[1] == predictions
    assert eval_stance([row.model_copy(update={"label": None}) for row in ROWS], FakeStance())[0] == {"n": 4}


def test_threads_by_hand() -> None:
    figures, predictions = eval_threads([ThreadRow.model_validate(THREAD)], FakeThreads(), FakeStance())
    posts = [{"id": 1, "stance": "support"}, {"id": "2", "stance": "deny"}, {"id": 3, "stance": "query"}]
    assert predictions == [{"id": 7, "veracity": "false", "posts": posts}]
    assert (figures["threads"], figures["posts"], figures["veracity_accuracy"],
            figures["veracity_macro_f1"]) == (1, 3, 1, 1)
    assert figures["stance_accuracy"] == pytest.approx(2 / 3)
    assert figures["stance_f1"] == {"support": 1, "deny": 1, "query": 0, "comment": 0}


def test_figures_are_of_what_is_labelled() -> None:
    bare_thread = {"id": 7, "posts": [{"id": 1, "text": "Orbit sings"}]}
    rows = [ThreadRow.model_validate(THREAD), ThreadRow.model_validate(bare_thread)]
    figures, predictions = eval_threads(rows, FakeThreads(), FakeStance())
    assert (figures["posts"], figures["veracity_accuracy"], len(predictions)) == (4, 1, 2)
    assert eval_threads(rows[1:], FakeThreads(), FakeStance())[0] == {"threads": 1, "posts": 1}
