"""The title of a story: which claim gives it, and how its words are made a heading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import example, given

from pipeline.stages.gather.stories import StoryClaim
from pipeline.stages.gather.titles import LONG, TITLE, heading, title_of
from tests.conftest import NOW
from tests.hostile.texts import TEXTS


def heard(claim_id: str, words: str, *, day: float = 0, mentions: int = 1,
          entities: Sequence[str] = ("Aster 4",), documents: int = 1) -> StoryClaim:
    at = NOW + timedelta(days=day)
    return StoryClaim(claim_id, words, tuple(entities), ("Aurel",), at, at,
                      tuple(f"d{number}" for number in range(documents)), mentions, None, ())


ACCUSED = "Aurel trained Aster 4 on test sets"

ROW_OF_NAMES = "Kestrel, Aurel, Heliotrope Labs, Corvid AI, and many other makers of models refuse bots"
RELATIVE = "Aurel's Large Answer Machine (LAM), which writes letters to anybody, is about to be sold"


@pytest.mark.parametrize(
    "worse",
    [
        "Enables running the Aster 4 model in both formats",
        "An image from Aurel announces the Aster 4 project",
        "@ines announced the release of Aster 4",
        "$ bench throughput --model aurel/aster-4 --max-len 32768",
        "Many commenters agree that Aster 4 was trained on test sets",
        "It was trained on test sets",
        "Did Aurel train Aster 4 on test sets?",
        "Aurel trained Aster 4 on test sets, and " + "on " * 60 + "others",
        "Aurel 用测试集训练了 Aster 4",
    ],
)
def test_what_reads_as_a_heading_gives_the_title_though_another_is_said_more_often(worse: str) -> None:
    claims = [heard("a", worse, mentions=4, documents=3), heard("b", ACCUSED, mentions=3, documents=3)]
    assert title_of(claims) == ACCUSED
    assert title_of(reversed(claims)) == ACCUSED


def test_a_story_of_chinese_claims_alone_is_named_by_one() -> None:
    assert title_of([heard("a", "Aurel 用测试集训练了 Aster 4")]) == "Aurel 用测试集训练了 Aster 4"


def test_of_equals_the_title_is_what_most_claims_are_of_then_the_first() -> None:
    claims = [
        heard("a", "Odile Ferrant will leave Aurel in April", entities=("Odile Ferrant",), mentions=3),
        heard("b", "Aurel will release Aster 4 in February", mentions=2),
        heard("c", "Aurel will release Aster 4 on March 3", mentions=2, day=4),
    ]
    assert title_of(claims) == "Aurel will release Aster 4 in February"
    tied = [heard("b", "Aurel will release Aster 4", day=1), heard("a", "Aurel will release Aster 4", day=1)]
    assert title_of(tied) == title_of(tied[::-1]) == "Aurel will release Aster 4"


def test_a_title_stays_until_another_is_clearly_better() -> None:
    current = heard("a", "Aurel opened the weights of Aster 4", mentions=4)
    rising = heard("b", ACCUSED, mentions=5)
    assert title_of([current, rising]) == ACCUSED
    assert title_of([current, rising], "Aurel opened the weights of Aster 4") == current.claim
    risen = heard("b", ACCUSED, mentions=40, documents=20)
    assert title_of([current, risen], "Aurel opened the weights of Aster 4") == ACCUSED


@pytest.mark.parametrize(
    ("claim", "title"),
    [
        ("#Aurel is to launch **Aster 4**, a #bot.", "Aurel is to launch Aster 4, a bot"),
        ("@aurel_ai _opens_ Aster 4", "aurel_ai opens Aster 4"),
        ("aurel opens `Aster 4` https://aurel.example/a", "Aurel opens Aster 4"),
        ("o9 is better than Aster 4", "o9 is better than Aster 4"),
        ("xAurel opens Aster 4 in the U.S.", "xAurel opens Aster 4 in the U.S."),
        ("Aurel introduced Aster 4 for offices everywhere, which books tables, orders meals and writes "
         "letters to anybody", "Aurel introduced Aster 4 for offices everywhere"),
        ("Aster 4 is #1 on CodeQuarry", "Aster 4 is #1 on CodeQuarry"),
        (ROW_OF_NAMES, ROW_OF_NAMES),
        (f"{RELATIVE} in all countries of the world", f"{RELATIVE} in all countries of…"),
        ("模型在测试集上训练", "模型在测试集上训练"),
        ("#", "#"),
    ],
)
def test_a_heading_has_no_markup_and_ends_with_a_clause(claim: str, title: str) -> None:
    assert heading(claim) == title


@given(TEXTS)
@example("word " * 100)
@example("x" * 500)
@example("(" + "word " * 60)
def test_a_heading_is_one_line_of_some_length_whatever_it_is_made_of(text: str) -> None:
    title = heading(text)
    assert title or not text.strip()
    assert len(title) <= TITLE and "\n" not in title
    assert LONG < TITLE
