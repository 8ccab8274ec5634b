"""Headlines are read as sentences: verbs are no surnames, and names stay names."""

from __future__ import annotations

import pytest
from hypothesis import given

from models.language.parsing.parser import DEFAULT, Parser
from models.language.parsing.truecase import in_sentence_case, is_headline
from tests.hostile.texts import TEXTS
from tests.models.language.language_world import article, reader


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(DEFAULT)


@pytest.mark.parametrize(
    ("words", "headline"),
    [
        ("Halcyon Labs Wants You to Trust Lumen 4", True),
        ("OpenAI Leaders Say AI Needs a Watchdog", True),
        ("Halcyon Labs says it wants you to trust Lumen 4", False),
        ("Lumen 4 Launches", False),  # too short to tell
    ],
)
def test_a_headline_has_a_capital_at_each_longer_word(words: str, headline: bool) -> None:
    assert is_headline(words) is headline


@pytest.mark.parametrize(
    ("title", "text", "cased"),
    [
        ("Schools Lift Ban on Lumen 4, Say Fears Were Early", "",
         "Schools Lift Ban on Lumen 4, say fears were early"),
        ("Schools Lift Ban on Lumen 4, Say Fears Were Early", "The schools lift the ban.",
         "Schools lift ban on Lumen 4, say fears were early"),
        ("Lumen 4 Isn't Safe, Study Finds", "", "Lumen 4 isn't Safe, Study finds"),
        ("The White House Seeks Opinions on Lumen 4", "", "The White House seeks opinions on Lumen 4"),
        # The text knows a name that is a word as well.
        ("Lumen 4 Beats Epic Games, Says Check Point", "He left Epic Games for Check Point, said Ann.",
         "Lumen 4 beats Epic Games, says Check Point"),
    ],
)
def test_words_that_are_no_names_are_written_small(parser: Parser, title: str, text: str, cased: str) -> None:
    read = in_sentence_case({"title": title, "text": text}, parser.is_no_name)
    assert read == {"title": cased, "text": text}


@given(TEXTS, TEXTS)
def test_nothing_but_case_changes(title: str, text: str) -> None:
    read = in_sentence_case({"title": title, "text": text}, str.islower)
    assert [len(part) for part in read.values()] == [len(title), len(text)]
    assert [part.lower() for part in read.values()] == [title.lower(), text.lower()]


@pytest.mark.parametrize(
    ("title", "speaker"),
    [
        ("Halcyon Labs Says Lumen 4 Will Launch in August", "Halcyon Labs"),
        ("Lumen 4 Was Trained on Test Sets, Halcyon Labs Admits", "Halcyon Labs"),
        ("Marlow Says Lumen 4 Was Trained on Test Sets", "Marlow"),
        ("Lumen 4 Was Trained on Test Sets, Study Finds", None),
        ("Lumen 4 Offline as Anonymous Hackers Claim Responsibility", None),
    ],
)
def test_who_speaks_in_a_headline_has_no_verb_for_a_name(title: str, speaker: str | None) -> None:
    (reading,) = reader().read([article("Nothing more is known.", title=title)])
    assert {said.speaker for said in reading.speech if said.speaker} == ({speaker} if speaker else set())
    told = [*reading.mentions, *reading.sentences]
    assert all(mention.speaker == speaker for mention in told if not mention.by_author)


def test_a_name_behind_what_a_chief_says_has_not_their_post() -> None:
    title = "Halcyon Labs CEO Says the Company Will Pursue Gulf State Investments After All"
    (reading,) = reader().read([article("Nothing more is known.", title=title)])
    assert "Gulf State" not in {said.speaker for said in reading.speech}
