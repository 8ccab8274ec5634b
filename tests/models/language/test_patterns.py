"""One case for each pattern that finds a claim, and for each that keeps a passing remark from being one."""

from __future__ import annotations

import itertools

import pytest

from tests.models.language.language_world import article, cases, found, only, post, reader


@pytest.mark.parametrize(("text", "proposition", "kind"), cases("what_is_found"))
def test_what_is_found(text: str, proposition: str, kind: str) -> None:
    mentions = found(article(text, title="Lumen 3 is out"))
    assert (proposition, kind) in [
        (mention.proposition, mention.kind) for mention in mentions
    ], [(mention.proposition, mention.kind) for mention in mentions]


@pytest.mark.parametrize(
    "text",
    [
        "A sarcastic tone dominates, with users predicting that Lumen 4 will need a century.",
        "@heron introduced a guide on building agents with Lumen 3.",
        "@heron introduced Pebble, a Python package that wraps the models of Halcyon Labs.",
        "Anyone want a script that runs Lumen 3 on a phone?", "Lumen 3 scarcity is a major factor.",
        "Lumen 3 won a Twitter poll, beating the other option.",
        "Some users suggest that such votes are steered by Halcyon Labs.",
        "Critics criticize the reasoning of Lumen 3.", "Users find Lumen 3 verbose.",
        "Users are split over the move from Lumen 2 to Lumen 3, which complicates the choice.",
        "There are worries about settings, particularly for Lumen 3, which may affect speed.",
        "Halcyon Labs spoke on Monday, showcasing its vision.", "Lumen 3 is under scrutiny.",
        "The script runs Lumen 3.", "The poll favours Lumen 3.", "Lumen 2 and Lumen 3 scored 53 and 51.",
        "Other models like Lumen 3 struggled.", "Critics say that Halcyon Labs hides the changes.",
        "Users note that Lumen 3 does not reach the same level.", "With Lumen 3, it achieves a 76% win rate.",
        "Halcyon Labs may make an official announcement anytime soon.",
        "Halcyon Labs is in the news. Ada Brook, its head of research, called the rumour \"simply not "
        "true\".",
    ],
)
def test_what_is_no_claim(text: str) -> None:
    assert [mention.proposition for mention in found(article(text))] == []


@pytest.mark.parametrize(("text", "proposition"), cases("a_proposition_holds_no_scraps"))
def test_a_proposition_holds_no_scraps(text: str, proposition: str) -> None:
    assert proposition in [mention.proposition for mention in found(article(text, title="Lumen 3 is out"))]


def test_no_organisation_is_taken_for_a_model() -> None:
    propositions = [
        mention.proposition
        for mention in found(
            post(
                "Halcyon Labs is hiring. It will be the default model. It generates images. It is beginning "
                "to roll out. Critics like its accuracy.",
                "heron",
            )
        )
    ]
    assert not [proposition for proposition in propositions if "hiring" not in proposition]


def test_we_as_mankind_is_nobody_in_particular() -> None:
    assert found(post("As a species, we can improve our reasoning by training.", "HalcyonLabs")) == []


@pytest.mark.parametrize(
    "text",
    [
        "A leaker claims Lumen 4 is delayed.", "Lumen 4 is delayed, a leaked slide says.",
        "Lumen 4 is delayed, a leaker claims", "A leaked memo claims that Lumen 4 is delayed.",
    ],
)
def test_an_unnamed_leaker_is_an_anonymous_voice(text: str) -> None:
    mention = only(post(text, "heron"))
    assert mention.proposition == "Lumen 4 is delayed"
    assert (
        mention.speaker, mention.by_author, mention.speaker_role, mention.certainty
    ) == (None, False, "anonymous", "reported")


def test_what_something_is_seen_as_and_does_is_the_crowds_word() -> None:
    mentions = found(article("Lumen 3 is seen as a breakthrough, allowing small firms to compete."))
    assert mentions
    assert {(mention.speaker, mention.by_author) for mention in mentions} == {(None, False)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Lumen 3 is out, as reported by: @heron said that Otter 2 is delayed.",
            [("Lumen 3 is out", "@heron"), ("Otter 2 is delayed", "@heron")],
        ),
        (
            "Lumen 3 costs $5 per million tokens, according to: @heron .",
            [("Lumen 3 costs $5 per million tokens", "@heron")],
        ),
        (
            "Lumen 3 was released on Monday under an open license.: @heron said that Otter 2 is delayed.",
            [("Lumen 3 was released under an open license", "egret"), ("Otter 2 is delayed", "@heron")],
        ),
        (
            "Lumen 3 leads the LadderBench leaderboard by a wide margin, with: @heron noting that Lumen 3 "
            "costs $5.",
            [(
                "Lumen 3 leads the LadderBench leaderboard by a wide margin", "egret"
            ), ("Lumen 3 costs $5", "@heron")],
        ),
    ],
)
def test_a_recap_that_runs_into_a_handle_is_read_as_two_sentences(
    text: str, told: list[tuple[str, str]]
) -> None:
    passage = post(text, "egret")
    mentions = found(passage)
    assert [(mention.proposition, mention.speaker) for mention in mentions] == told
    extents = [(mention.start, mention.end) for mention in mentions]
    assert all(extent[1] <= next_extent[0] for extent, next_extent in itertools.pairwise(extents))


def test_a_contested_identity_is_a_denial() -> None:
    mention = only(article("The Lumen 3 code is not the actual Lumen 3 code."))
    assert (mention.proposition, mention.negated) == ("The Lumen 3 code is the actual Lumen 3 code", True)


def test_a_comparison_that_is_denied() -> None:
    mention = found(article("Others criticize Lumen 3, stating it is not as advanced as Otter 2."))[-1]
    assert (mention.proposition, mention.negated, mention.kind) == (
        "Lumen 3 is as advanced as Otter 2", True, "capability"
    )


@pytest.mark.parametrize(("language", "text"), cases("another_language_is_told_and_gives_no_claim"))
def test_another_language_is_told_and_gives_no_claim(language: str, text: str) -> None:
    assert reader().language_of(article(text)) == language
    assert found(article(text)) == []
    assert found(article(text, title=text)) == []
