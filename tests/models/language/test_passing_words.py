"""Sentences without the time at which they were said, which means nothing away from its post: its date is
kept.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from models.language.passing_words import without
from models.language.wording import stretch
from tests.models.language.language_world import article, found, reader


def told(text: str) -> dict[str, date | None]:
    """Return what an article of Wednesday 4 March 2026 says in somebody's words, and the days named."""
    (reading,) = reader().read([article(text)])
    return {mention.proposition: mention.event_at.date() if mention.event_at else None
            for mention in (*reading.mentions, *reading.sentences)
            if stretch(mention.proposition, text) is not None}


@pytest.mark.parametrize(("text", "sentence", "day"), [
    ("Halcyon Labs announced yesterday it’s partnering with Brightwater to enhance Lumen 4.",
     "Halcyon Labs announced it’s partnering with Brightwater to enhance Lumen 4", date(2026, 3, 3)),
    ("Halcyon Labs announced Tuesday it’s letting more people use Lumen 4.",
     "Halcyon Labs announced it’s letting more people use Lumen 4", None),
    ("On Friday, Halcyon Labs claimed it was paying for Lumen 4.",
     "Halcyon Labs claimed it was paying for Lumen 4", None),
    ("Halcyon Labs today announced Lumen 4.", "Halcyon Labs announced Lumen 4", date(2026, 3, 4)),
    ("Halcyon Labs, on Tuesday, announced Lumen 4.", "Halcyon Labs announced Lumen 4", date(2026, 3, 3)),
    ("Halcyon Labs announced the Lumen 4 chatbot in February, noting that it is new.",
     "Halcyon Labs announced the Lumen 4 chatbot", date(2026, 2, 28)),
    ("Back in January, Halcyon Labs announced Lumen 4.", "Halcyon Labs announced Lumen 4", date(2026, 1, 31)),
    ("Halcyon Labs launched Lumen 4 last month.", "Halcyon Labs launched Lumen 4", date(2026, 2, 28)),
    ("Halcyon Labs announced at a fair on Tuesday that it will end Lumen 4, its best model, soon.",
     "Halcyon Labs announced at a fair that it will end Lumen 4, its best model, soon", None),
])
def test_a_sentence_is_told_without_when_it_was_said_and_keeps_the_day(
    text: str, sentence: str, day: date | None
) -> None:
    assert told(text)[sentence] == day
    assert not [words for words in told(text) if "day" in words.lower() or "month" in words]


@pytest.mark.parametrize("sentence", [
    "Halcyon Labs will launch Lumen 4 on Tuesday",
    "Lumen 4 went down on Tuesday for hours",
    "Halcyon Labs released Lumen 4 in February",
    "Halcyon Labs only launched Lumen 4 two weeks ago",
    "Halcyon Labs presented Lumen 4 at this week's fair",
    "Halcyon Labs has offered Lumen 4 since last week",
    "ChatGPT launched today",
    "Halcyon Labs announced Lumen 4 on March 2",
])
def test_a_time_that_is_part_of_what_is_claimed_stays(sentence: str) -> None:
    assert sentence in told(f"{sentence}.")


def test_of_a_deed_without_a_known_date_the_time_stays() -> None:
    """Otherwise two updates of two days would be one."""
    dated = article("Halcyon Labs released an update of Lumen 4 on Monday.")
    assert [mention.proposition for mention in found(dated)] == ["Halcyon Labs released an update of Lumen 4"]
    assert [mention.proposition for mention in found(replace(dated, published_at=None))] == [
        "Halcyon Labs released an update of Lumen 4 on Monday"]


def test_a_time_that_something_is_foretold_for_is_not_left_out_of_its_sentence() -> None:
    quote = "Halcyon Labs will launch Lumen 4 on Tuesday in Europe."
    assert stretch("Halcyon Labs will launch Lumen 4", quote) is None
    assert stretch("Halcyon Labs will launch Lumen 4 in Europe", quote) is None
    assert stretch("Heron Labs is planning to end Lumen 4, its owner announced",
                   "Heron Labs is planning to end Lumen 4, its owner announced Wednesday.") is not None
    assert stretch("Heron Labs announced Lumen 4: The firm will sell it",
                   "Heron Labs announced Lumen 4 Tuesday: The firm will sell it.") is not None
    assert stretch("Lumen 4 came just under 2.5", "Lumen 4 came just under 2.5 years ago.") is None
    assert stretch("As part of a fair, Heron Labs launched Lumen 4",
                   "As part of a fair today, Heron Labs launched Lumen 4.") is not None
    assert stretch("Halcyon Labs launched Lumen 4", "Halcyon Labs launched Lumen 4 on Tuesday.") is not None


def test_also_is_left_out_where_it_hangs_on_the_verb() -> None:
    assert "The updated Lumen 4 app includes a new voice" in told(
        "The updated Lumen 4 app also includes a new voice.")
    assert "Lumen 4 not only costs less but also has a new voice" in told(
        "Lumen 4 not only costs less but also has a new voice.")


def test_a_phrase_that_stands_twice_is_left_where_it_is() -> None:
    twice = "Today, Heron said that today is fine"
    assert without(twice, ["Today"]) == twice
    assert without("Heron, today, said so", ["today"]) == "Heron said so"
    assert without("Heron said so, today", ["today"]) == "Heron said so"
