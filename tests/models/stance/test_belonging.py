"""What a text shares with a claim."""

from __future__ import annotations

import pytest

from models.stance.belonging import FEATURES, features

CLAIM = "Aurel trained Aster 4 on 40 trillion tokens."


def shared(text: str, context: str | None = None, claim: str = CLAIM) -> dict[str, float]:
    return dict(zip(FEATURES, features(claim, text, context, 0.5), strict=True))


def test_words_count_by_their_stems_and_with_what_a_text_stands_in() -> None:
    bare, in_context = (
        shared("It was trained on tokens."),
        shared("It was trained on tokens.", "title: Aster 4"),
    )
    assert 0 < bare["shared"] == in_context["shared"] < 1
    assert in_context["shared with context"] > bare["shared with context"] == bare["shared"]


@pytest.mark.parametrize(("text", "share", "other"), [
    ("Aster 4 saw 40 trillion.", 1.0, 0.0),
    ("Aster 3 saw 15 trillion.", 0.0, 1.0),
    ("Aster saw trillions.", 0.0, 0.0),
])
def test_figures_are_shared_or_other_ones(text: str, share: float, other: float) -> None:
    sign_values = shared(text)
    assert (sign_values["figures"], sign_values["other figures"]) == (share, other)


def test_a_claim_without_a_figure_is_in_between() -> None:
    assert shared("Aster 4", claim="Aurel is late.")["figures"] == 0.5


def test_another_language_shares_names_and_figures() -> None:
    sign_values = shared("Aurel 用 40 万亿 token 训练了 Aster 4")
    assert sign_values["other language"] == 1.0
    assert sign_values["names and figures, other language"] == sign_values["names and figures"] > 0.3
    assert shared("Aster 4")["other language"] == 0.0
    assert shared("Aster 4 很慢", claim="Aster 4 跑得很慢")["other language"] == 0.0


def test_the_cosine_of_the_retriever_is_the_last_feature() -> None:
    assert FEATURES[-1] == "likeness" and features(CLAIM, "Aster 4", None, 0.25)[-1] == 0.25


def test_texts_without_words_are_no_trouble() -> None:
    assert shared("!!", claim="?")["shared"] == 0.0
