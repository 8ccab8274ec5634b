"""How later versions changed quoted words."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.core.vocabulary import Part
from pipeline.stages.judge.evidence import Rewording
from pipeline.stages.judge.softened_quotes import Lost, reword
from tests.worlds.builder import hours

OLD = "It was a quiet week. Aurel is launching Aster 5 on Friday. More on Monday."


def lost(text: str, **fields: Any) -> Rewording | None:
    """Return the rewording of OLD's middle sentence in `text`."""
    row: dict[str, Any] = {
        "claim_id": "c1", "evidence_id": "e1", "document_id": "d1",
        "quote": "Aurel is launching Aster 5 on Friday.", "part": Part.TEXT,
        "version_id": "v2", "unchanged_at": hours(1), "seen_at": hours(2), "noted": False,
        "before_title": "News", "before_text": OLD, "title": "News", "text": text,
    }
    return reword(Lost(**(row | fields)))


@pytest.mark.parametrize(
    ("text", "after", "hedged"),
    [
        ("It was a quiet week. Aurel is reportedly launching Aster 5 on Friday. More on Monday.",
         "Aurel is reportedly launching Aster 5 on Friday.", True),
        ("It was a quiet week. Aurel may launch Aster 5 on Friday. More on Monday.",
         "Aurel may launch Aster 5 on Friday.", True),
        ("It was a quiet week. Aurel is launching Aster 5 next Friday. More on Monday.",
         "Aurel is launching Aster 5 next Friday.", False),
        ("It was a quiet week. More on Monday.", None, False),
        ("Cats sleep. Ferries run late. It rains.", None, False),
    ],
)
def test_a_sentence_is_hedged_reworded_or_left_out(text: str, after: str | None, hedged: bool) -> None:
    rewording = lost(text)
    assert rewording is not None
    assert (rewording.after, rewording.hedged,
            rewording.before) == (after, hedged, "Aurel is launching Aster 5 on Friday.")
    assert rewording.softens("Aurel is launching Aster 5") is (hedged or after is None)


RAISED = "Aurel raised $10 billion from Birch in May, with 300 staff."


@pytest.mark.parametrize(("after", "softens"), [
    ("Correction: Aurel raised $5 billion from Birch in May, with 300 staff.", True),
    ("Aurel has not raised $10 billion from Birch in May, with 300 staff.", True),
    ("Aurel raised money from Birch in May, with 300 staff.", True),
    ("Aurel raised $10 billion from Birch in June, with 300 staff.", True),
    ("Aurel raised $10 billion from Birch in May, with 400 staff.", False),  # not in the claim
    ("Aurel raised 10 billion dollars from Birch in May, with 300 staff.", False),
    ("Aurel raised $10 billion from Birch in May, with 300 staff, not 280 as we wrote.", False),
])
def test_a_correction_of_the_claims_figure_or_time_or_its_opposite_ends_the_support(after: str,
                                                                                   softens: bool) -> None:
    rewording = lost(after, quote=RAISED, before_text=RAISED)
    assert rewording is not None and rewording.after == after
    assert rewording.softens("Aurel raised $10 billion in May") is softens


def test_a_name_that_gives_way_to_a_pronoun_ends_no_support() -> None:
    quote, new_quote = "Aster 5 is launching on Friday.", "It is launching on Friday."
    rewording = lost(new_quote, quote=quote, before_text=quote)
    assert (
        rewording is not None
        and rewording.after == new_quote
        and not rewording.softens("Aster 5 is launching on Friday")
    )
    other_rewording = lost("Aster 6 is launching on Friday.", quote=quote, before_text=quote)
    assert other_rewording is not None and other_rewording.softens("Aster 5 is launching on Friday")


@pytest.mark.parametrize(("before", "after"), [
    ("today", "on Tuesday"), ("tomorrow", "today"), ("next week", "this week"),
])
def test_the_same_day_in_other_words_ends_no_support(before: str, after: str) -> None:
    quote, text = f"Aurel released Aster 5 {before}.", f"Aurel released Aster 5 {after}."
    rewording = lost(text, quote=quote, before_text=quote)
    assert rewording is not None and not rewording.softens(f"Aurel released Aster 5 {before}")


@pytest.mark.parametrize(("after", "hedged"), [
    ("Aurel is launching Aster 5 on 4 May.", False),
    ("Aurel is launching Aster 5 in May.", False),
    ("Aurel is launching Aster 5 on May 4.", False),
    ("Aurel is launching Aster 5 early next May.", False),
    ("Aurel may be launching Aster 5.", True),
    ("Aurel May Be Launching Aster 5 on Friday", True),
    ("Aurel may be launching Aster 5 in May.", True),
])
def test_the_month_of_may_is_no_hedge(after: str, hedged: bool) -> None:
    rewording = lost(f"It was a quiet week. {after} More on Monday.")
    assert rewording is not None and rewording.hedged is hedged


def test_other_typography_is_no_rewording() -> None:
    assert lost("It was a quiet week. Aurel  is launching Aster\u00a05 on Friday. More on Monday!") is None


def test_a_hedge_that_stood_there_before_is_none_that_came() -> None:
    quote = "Aurel may launch Aster 5 on Friday."
    rewording = lost("Aurel may well launch Aster 5 on Friday.", quote=quote, before_text=quote)
    assert rewording is not None and not rewording.softens("Aurel launches Aster 5")


def test_a_headline_is_compared_with_the_headline() -> None:
    fields: dict[str, Any] = {"part": Part.TITLE, "quote": "Aurel will launch Aster 5",
                              "before_title": "Aurel will launch Aster 5"}
    rewording = lost(OLD, title="Aurel might launch Aster 5", noted=True, **fields)
    assert (
        rewording is not None
        and rewording.hedged
        and rewording.noted
        and rewording.after == "Aurel might launch Aster 5"
    )
    removed_headline = lost(OLD, title=None, **fields)
    assert removed_headline is not None and removed_headline.after is None
