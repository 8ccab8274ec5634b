"""An apposition beside a model's name becomes a mention of its own."""

from __future__ import annotations

import pytest

from tests.models.language.language_world import article, found, post


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "propositions"),
    [
        (
            "@HalcyonLabs announced the release of Lumen 4, an open-source reasoning model with performance "
            "on par with Otter 2.",
            {
                "Halcyon Labs announced the release of Lumen 4", "Lumen 4 is an open-source reasoning model",
                "Lumen 4 has performance on par with Otter 2",
            },
        ),
        (
            "Halcyon Labs released Lumen 4, an open-weight model claimed to be close to Otter 2 in "
            "intelligence.",
            {
                "Halcyon Labs released Lumen 4", "Lumen 4 is an open-weight model",
                "Lumen 4 is close to Otter 2 in intelligence",
            },
        ),
        (
            "Brightwater's Otter 2, a 30B model, was released in April.",
            {"Otter 2 is a 30B model", "Brightwater's Otter 2 was released in April"},
        ),
        (
            "Halcyon Labs announced Lumen 4, outperforming Otter 2 on maths.",
            {"Halcyon Labs announced Lumen 4", "Lumen 4 outperforms Otter 2 on maths"},
        ),
        (
            "Halcyon Labs released Lumen 4, its largest model yet.",
            {"Halcyon Labs released Lumen 4, its largest model"},
        ),
    ],
)
def test_what_stands_beside_a_name(text: str, propositions: set[str]) -> None:
    assert {m.proposition for m in found(article(text))} == propositions


def test_who_announces_speaks_of_it_and_who_is_told_to_have_released_does_not() -> None:
    announced_kinds = {
        m.kind: m for m in found(post("@HalcyonLabs announced Lumen 4, an open-source model.", "recap"))
    }
    assert (
        announced_kinds["licence"].speaker, announced_kinds["licence"].speaker_role
    ) == ("Halcyon Labs", "first_party")
    released_kinds = {
        m.kind: m for m in found(post("Halcyon Labs released Lumen 4, an open-source model.", "recap"))
    }
    assert released_kinds["licence"].speaker_role != "first_party"


def test_what_is_only_claimed_stays_so() -> None:
    mentions = {
        mention.proposition: mention
        for mention in found(
            article("Halcyon Labs released Lumen 4, an open model claimed to be close to Otter 2.")
        )
    }
    assert mentions["Lumen 4 is close to Otter 2"].certainty == "reported"
    assert mentions["Halcyon Labs released Lumen 4"].certainty == "asserted"
