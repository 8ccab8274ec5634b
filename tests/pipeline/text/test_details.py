"""The details that a sentence pins down: figures, times, names, denial."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.details import Details, differ, unshared

DIFFERENT = (
    ("Aster 4 costs $40 million", "Aster 4 costs $41 million", "number"),
    ("Aster 4 has 70B parameters", "Aster 4 has 72 billion parameters", "number"),
    ("It runs on 17 GB", "It runs on 17 TB", "number"),
    ("It needs 8 GPUs", "It needs 8 TPUs", "figures"),
    ("It was trained on 15 trillion tokens", "It was trained on 15 billion tokens", "number"),
    ("Gemini 2.5 Pro reads 2.5 pages a second", "Gemini 2.5 Pro reads 2.5 tokens a second", "figures"),
    ("Aster 4 speaks 200 languages", "Aster 4 comes as 4 models", "figures"),
    ("Aster R1 is the fastest model", "Aster has 671b parameters", "figures"),
    ("Aster comes on March 14", "Aster has 200 users", "figures"),
    ("Aster comes in 2025", "Aster has 200 users", "figures"),
    ("Aster has 671b parameters", "Aster has 37b active parameters", "figures"),
    ("Aster has 671b parameters", "Aster is a 70b model", "number"),
    ("Aster was trained on 15T tokens", "Aster reads a context of 128k tokens", "figures"),
    ("Aster has a 128k context", "Aster has a context window of 1m tokens", "number"),
    ("Aster costs $3 per million input tokens", "Aster costs $15 per million output tokens", "figures"),
    ("Aster costs $20 a month", "Aster costs $25 per month", "number"),
    ("Aster costs $20 a month", "Aster cost $5.5 million", "figures"),
    ("Aster runs at 1,500 tokens/s", "Aster runs at 500 tokens per second", "number"),
    ("Aster scores 92% on MMLU", "Aster scores 88% on MMLU", "number"),
    ("Aster scores 92% on MMLU", "Aster scores 88% on GPQA", "figures"),
    ("Aster scores 92% on MMLU", "Aster scores 88%", "figures"),
    ("Aster is 40% cheaper", "Aster is 30% faster", "figures"),
    ("Aster answers 200 prompts", "Aster answers 300 prompts", "number"),
    ("Aster answers 200 prompts", "Aster learned 300 songs", "figures"),
    ("Aster scored 92 on MMLU", "Aster scores 88 on MMLU", "number"),
    ("Aster scored 92 on MMLU", "Aster is rated 88 by users", "figures"),
    ("A round values Aurel at 340 billion dollars", "A round brings Aurel 40 billion dollars", "figures"),
    ("Aurel raised $40 billion", "Aurel has a $300 billion valuation", "figures"),
    ("Aurel is worth $300 billion", "Aurel has a $200 billion valuation", "number"),
    ("Aster 4 has 70B parameters", "Aster 4 Air has 12B parameters", "figures"),
    ("Borage has 70B parameters", "Lodestone has 72B parameters", "figures"),
    ("Orbit 4.1 is out", "Orbit 4.5 is out", "figures"),
    ("Aster beats Orbit 4.1 at chess", "Aster plays chess better than Orbit 4.5 does", "figures"),
    ("Aurel releases it in June", "Aurel releases it in July", "date"),
    ("Aurel releases it on Monday", "Aurel releases it on Friday", "date"),
    ("Aurel releases it in the first quarter", "Aurel releases it in the third quarter", "date"),
    ("Ines Okafor leaves Aurel", "Paul Lund leaves Aurel", "name"),
    ("Aurel cut the price of Aurel One", "Lodestone cut the price of Aurel One", "name"),
    ("Aster beats Borage on MMLU", "Aster beats Borage on GPQA", "name"),
    ("Aurel trained it on test sets", "Aurel never trained it on test sets", "negation"),
    ("Aurel didn’t delay it", "Aurel did delay it", "negation"),
    ("Aster 4 is out", "Aster 4 Mini is out", "version"),
    ("aster-4 is out", "aster-4-mini is out", "version"),
)
ALIKE = (
    ("It costs $5.6 million", "It costs 5.576 million dollars"),
    ("It has about 70B parameters", "It has 72 billion parameters"),
    ("It scores 100 percent", "It scores 100%"),
    ("OpenAI is in talks", "Open AI is in talks"),
    ("Claude 3.5 Sonnet leads", "Claude Sonnet 3.5 leads"),
    ("Samsung bans A.I. tools", "Samsung bans AI tools"),
    ("Samsung Bans Every Chatbot For Its Staff", "Samsung bans every chatbot for its staff"),
    ("It is not only cheap", "It is cheap"),
    ("It needs two GPUs", "It needs 2 GPUs"),
    ("It has sixteen experts", "It has 16 experts"),
)
UNSHARED = (
    ("Aurel releases it", "Aurel releases it in May", "date"),
    ("Aurel bought 8 chips", "Aurel bought chips", "number"),
    ("Aster beats Borage", "Borage beats Aster", "order"),
    ("Aurel raised prices", "Aurel lowered prices", "opposite"),
    ("Aurel may be sold", "Aurel is sold", "hedge"),
    ("Aurel will pay", "Aurel pays", "future"),
    ("Users leave", "Users leave because answers got worse", "clause"),
    ("All models are free", "models are free", "degree"),
    ("Aster is as fast as Borage", "Aster is faster than Borage", "degree"),
)


@pytest.mark.parametrize(("one", "other", "detail"), DIFFERENT)
def test_sentences_that_differ(one: str, other: str, detail: str) -> None:
    difference, reverse = differ(Details(one), Details(other)), differ(Details(other), Details(one))
    assert difference is not None and reverse is not None
    assert (difference.detail, reverse.detail) == (detail, detail)
    assert (difference.left, difference.right) == (reverse.right, reverse.left)


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_sentences_that_say_it_in_other_words(one: str, other: str) -> None:
    assert differ(Details(one), Details(other)) is None
    assert differ(Details(other), Details(one)) is None


@pytest.mark.parametrize(("one", "other", "detail"), UNSHARED)
def test_what_only_one_of_two_sentences_pins_down(one: str, other: str, detail: str) -> None:
    assert unshared(Details(one), Details(other)) == detail
    assert unshared(Details(other), Details(one)) == detail


def test_a_no_before_a_name_answers_a_post() -> None:
    assert not Details("No Lodestone 1 scored 92", ("Lodestone 1",)).denies
    assert Details("No model scored 92", ("Lodestone 1",)).denies


def test_a_name_that_one_sentence_alone_has_is_left_to_who_reads_them() -> None:
    assert unshared(Details("Aurel's Aster 4 is out"), Details("Aster 4 is out", ("Aster 4",))) is None


@given(st.text(max_size=120), st.text(max_size=120))
def test_any_two_texts_are_compared_and_none_differs_from_itself(one: str, other: str) -> None:
    left, right = Details(one), Details(other)
    assert differ(left, left) is None and unshared(left, left) is None
    assert (differ(left, right) is None) == (differ(right, left) is None)
