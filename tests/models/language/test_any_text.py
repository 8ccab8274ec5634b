"""No text breaks a reader, and all spans that it returns are correct."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.language.slots.claim_kind import kind_of
from models.language.slots.dates import event_time
from models.language.slots.quantities import numbers
from models.protocols.language import DocumentText
from tests.hostile.texts import TEXTS
from tests.models.language.language_world import reader

pytestmark = pytest.mark.slow  # many examples

WHEN = st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(TEXTS, st.none() | TEXTS, st.none() | TEXTS, st.sampled_from(("news", "x", "reddit")), WHEN,
       st.sampled_from((None, "en", "zh")))
def test_any_text_is_read(text: str, title: str | None, parent: str | None, platform: str,
                          when: datetime | None, language: str | None) -> None:
    given_ = DocumentText(title, text, platform, "daily.example", "mirasolano", "Mira", "The Daily Byte",
                          "press", None, when, language, parent)
    reader().language_of(given_)
    (reading,) = reader().read([given_])
    texts_by_part = {"title": title or "", "text": text}
    for span in (*reading.mentions, *reading.passages, *reading.speech):
        assert 0 <= span.start < span.end <= len(texts_by_part[span.part])


@SLOW
@given(TEXTS, WHEN, st.sampled_from((True, False, None)))
def test_any_sentence_has_slots(text: str, when: datetime | None, ahead: bool | None) -> None:
    reader().statement(text, when)
    numbers(text)
    event_time(text, when, ahead=ahead)


@pytest.mark.parametrize("name", ["claude-3-²-sonnet", "gpt-4-①", "Llama-4-²", "Otter 4-²-x", "V3-0²01"])
def test_names_with_odd_digits_are_read(name: str) -> None:
    reader().statement(f"{name} is out, and Lumen 3 is not.", None)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("It cost 500 million euro to train.", ("500m eur",)),
        ("It cost 500 million pound to train.", ("500m gbp",)),
        ("It cost 2 billion US dollars.", ("2b usd",)),
        ("It is 10² times as large.", ()),
        ("① It is out. ② It costs 5 dollars.", ("5 usd",)),
    ],
)
def test_figures_in_odd_digits_and_currencies(text: str, figures: tuple[str, ...]) -> None:
    assert numbers(text) == figures


# The beginnings of the patterns for kinds and figures, repeated in one long sentence.
@pytest.mark.parametrize("piece", ["0", "1,", "$", "-1 ", "A ", "trained on ", "will cost ", "  "])
def test_twice_the_sentence_takes_about_twice_the_time(piece: str) -> None:
    def seconds(length: int) -> float:
        started_at = time.process_time()
        kind_of((piece * length)[:length], "", (), True)
        return time.process_time() - started_at

    _assert_linear(seconds, 4_000)


# Parts that patterns and names may repeat without end; the text is one word, one sentence or one line.
@pytest.mark.parametrize(
    "piece",
    ["GPT-5-", "Aa-", "Aa de ", "A", "1", "1,", "@a", "a.b", "“Lumen 3 ", "“Lumen 3”表示", "> ", "[(", "\n",
     " ", "Mira Solano Halcyon Labs Lumen 3 ", "Lumen 3 \n", "some_user-1 ",
     "Mira Solano of Halcyon Labs said: "],
)  # fmt: skip
def test_twice_the_text_takes_about_twice_the_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        given_ = DocumentText(None, text, "news", "", None, None, "The Daily Byte", "press", None, None)
        started_at = time.process_time()
        list(reader().read([given_]))
        return time.process_time() - started_at

    seconds(100)
    _assert_linear(seconds, 15_000)


def _assert_linear(seconds: Callable[[int], float], length: int) -> None:
    """Assert that twice the length takes about twice the time."""
    once = twice = float("inf")
    for _ in range(3):  # a busy machine makes a reading slower, never quicker
        once, twice = min(once, seconds(length)), min(twice, seconds(2 * length))
        if twice < 3.5 * once + 0.1:
            return
    pytest.fail(f"{2 * length:,} characters took {twice} s, {length:,} took {once} s")
