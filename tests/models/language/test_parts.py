"""The small parts: sentences, figures, times, languages, verb forms."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.language import LanguageModelMissing, load
from models.language.parsing.language_id import language_of
from models.language.parsing.sentences import split
from models.language.propositions.phrases import tidy
from models.language.propositions.verb_groups import past, present
from models.language.slots.dates import event_time
from models.language.slots.quantities import numbers
from tests.models.language.language_world import article, found, reader

WEDNESDAY = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def test_sentences_keep_their_place() -> None:
    text = (
        "Dr. Pike of the U.S. office spoke. \u201cIt is done,\u201d he said. Version 4.5 is next, e.g. in "
        "May!\n- A bullet point that counts"
    )
    assert [text[sentence.start : sentence.end] for sentence in split("text", text)] == [
        "Dr. Pike of the U.S. office spoke.",
        "\u201cIt is done,\u201d he said.",
        "Version 4.5 is next, e.g. in May!",
        "A bullet point that counts",
    ]


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("Lumen 3 Launch: @heron said that it is out.", "@heron said that it is out."),
        ("Cost and Performance of Lumen 3.5: Users say it is cheap.", "Users say it is cheap."),
        (
            "He said one thing: Lumen 3 is out and it works.",
            "He said one thing: Lumen 3 is out and it works.",
        ),
    ],
)
def test_a_leading_label_is_set_apart(text: str, body: str) -> None:
    (sentence,) = split("text", text)
    assert text[sentence.label_end : sentence.end] == body
    assert sentence.start == 0


@given(st.text())
def test_sentences_never_overlap_and_lie_in_the_text(text: str) -> None:
    last_end = 0
    for sentence in split("text", text):
        assert last_end <= sentence.start <= sentence.label_end < sentence.end <= len(text)
        last_end = sentence.end


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("671B parameters", ("671b parameters",)),
        ("671 billion parameters", ("671b parameters",)),
        ("cost $5.5 million", ("5.5m usd",)),
        ("cost 5,576,000 dollars", ("5.576m usd",)),
        ("5 to 6 million US dollars", ("5m usd", "6m usd")),
        ("26.7% on the test", ("26.7 %",)),
        ("40 tokens/s", ("40 tokens/s",)),
        ("185 tokens per second", ("185 tokens/s",)),
        ("$2.5/$10 per million input/output tokens", ("2.5 usd", "10 usd")),
        ("$75 per 1M input tokens", ("75 usd",)),
        ("2,000 H800 GPUs", ("2000 gpus",)),
        ("10-100x faster", ("10x", "100x")),
        ("128k context", ("128000 tokens",)),
        ("80GB of memory", ("80 gb",)),
        ("1.5M samples", ("1.5m samples",)),
        ("in January 2025, version 4.5, under Apache 2.0", ()),
    ],
)
def test_figures_are_written_one_way(text: str, figures: tuple[str, ...]) -> None:
    assert numbers(text) == figures


@given(st.text())
def test_figures_never_fail(text: str) -> None:
    assert all(numbers(text))


@pytest.mark.parametrize("text", [
    "Halcyon Labs said on Tuesday that it will release Lumen 4",
    "Halcyon Labs announced today that it will invest in Brightwater",
    "Halcyon Labs on Tuesday said it will add voice to Lumen 4",
    "Halcyon Labs told reporters this week that Lumen 4 will be free",
    "Halcyon Labs will add ads to Lumen 4, the company said last month",
    "Halcyon Labs confirmed on March 3, 2026 that Lumen 4 will be free",
    "Halcyon Labs said today Lumen 4 will be free",
    "Halcyon Labs said in a post on Tuesday that Lumen 4 will be free",
    "On Monday, Halcyon Labs announced that it will open Lumen 4 to all",
    "On Monday, Halcyon Labs unveiled Lumen 4, which is due to become free in the coming weeks",
    "In an interview on Monday, the head of Halcyon Labs said that Lumen 4 will be free",
    "At its event on Tuesday, Halcyon Labs said Lumen 4 will be free",
    "According to a post on Monday, Lumen 4 will be free",
    "Halcyon Labs unveiled on Monday a plan that will change Lumen 4",
])
def test_the_time_of_saying_is_no_time_of_what_is_to_come(text: str) -> None:
    for ahead in (True, None):
        assert event_time(text, WEDNESDAY, ahead=ahead) == (None, "unknown")


@pytest.mark.parametrize(("text", "day"), [
    ("Halcyon Labs said on Tuesday that Lumen 4 will launch on May 5", "2026-05-05"),
    ("Halcyon Labs said Lumen 4 will launch on Tuesday", "2026-03-10"),
    ("Halcyon Labs confirmed Lumen 4 will launch today", "2026-03-04"),
    ("Halcyon Labs said it will launch on Tuesday.", "2026-03-10"),
    ("Halcyon Labs said Lumen will launch on Tuesday.", "2026-03-10"),
    ("Lumen 4 will launch on Tuesday, said Dana Whitcombe", "2026-03-10"),
    ("Lumen 4 will come in May, announced Halcyon Labs", "2026-05-31"),
    ("Halcyon Labs will announce Lumen 4 today", "2026-03-04"),
    ("Halcyon Labs announced Lumen 4 today", "2026-03-04"),
    ("On Monday, Halcyon Labs will announce that Lumen 4 is free", "2026-03-09"),
    ("On Monday, Lumen 4 will be free, Halcyon Labs said", "2026-03-09"),
    ("On Monday, Lumen 4 opens to all, who will pay nothing, Halcyon Labs said", "2026-03-09"),
    ("According to a post, on Monday, Lumen 4 will be free", "2026-03-09"),
])
def test_the_time_of_what_is_said_stays(text: str, day: str) -> None:
    resolved, _ = event_time(text, WEDNESDAY, ahead=True)
    assert resolved is not None and f"{resolved:%Y-%m-%d}" == day


@pytest.mark.parametrize(
    ("text", "ahead", "day", "precision"),
    [
        ("on 2026-05-07", None, "2026-05-07", "day"),
        ("on May 7, 2027", None, "2027-05-07", "day"),
        ("on May 7", True, "2026-05-07", "day"),
        ("on May 7", False, "2025-05-07", "day"),
        ("on May 7", None, None, "unknown"),
        ("7 May 2026", None, "2026-05-07", "day"),
        ("for February 25th, 2026", None, "2026-02-25", "day"),
        ("in February", True, "2027-02-28", "month"),
        ("in February", False, "2026-02-28", "month"),
        ("by late June 2026", None, "2026-06-30", "month"),
        ("in Q3", True, "2026-09-30", "quarter"),
        ("the fourth quarter of 2025", None, "2025-12-31", "quarter"),
        ("this summer", True, "2026-08-31", "quarter"),
        ("next month", None, "2026-04-30", "month"),
        ("last year", None, "2025-12-31", "year"),
        ("by the end of the year", None, "2026-12-31", "year"),
        ("by 2028", None, "2028-12-31", "year"),
        ("tomorrow", None, "2026-03-05", "day"),
        ("on Monday", True, "2026-03-09", "day"),
        ("on Monday", False, "2026-03-02", "day"),
        ("in two weeks", True, "2026-03-18", "month"),
        ("3 days ago", None, "2026-03-01", "day"),
        ("in the coming weeks", True, None, "unknown"),
        ("it may be done", True, None, "unknown"),
    ],
)
def test_times_resolve_against_the_day_of_publication(
    text: str, ahead: bool | None, day: str | None, precision: str
) -> None:
    resolved, found_precision = event_time(text, WEDNESDAY, ahead=ahead)
    assert (resolved.date().isoformat() if resolved else None, found_precision) == (day, precision)
    if resolved:
        assert (resolved.hour, resolved.minute, resolved.second, resolved.tzinfo) == (23, 59, 59, UTC)


@given(
    st.sampled_from([
        "in July", "next week", "on Monday", "Q3", "tomorrow", "this summer", "in 3 days", "last year",
        "on May 7",
    ]),
    st.sampled_from([True, False, None]),
)
def test_a_relative_time_without_a_date_is_unknown(text: str, ahead: bool | None) -> None:
    assert event_time(text, None, ahead=ahead) == (None, "unknown")


@given(st.text(), st.integers(min_value=-10_000, max_value=20_000), st.sampled_from([True, False, None]))
def test_times_never_fail(text: str, days: int, ahead: bool | None) -> None:
    published_at = WEDNESDAY + timedelta(days=days)
    resolved, precision = event_time(
        f"on {text} 2026-02-31 in 99 months by February 30, 2027", published_at, ahead=ahead
    )
    assert (resolved is None) == (precision == "unknown")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Halcyon Labs will release Lumen 4 in the spring, according to two people.", "en"),
        ("Halcyon Labs wird Lumen 4 im Frühjahr veröffentlichen, sagen zwei Personen.", "de"),
        ("Halcyon Labs publicará Lumen 4 en primavera, según dos personas.", "es"),
        ("Lumen 4", "en"),
        ("网传 Halcyon Labs 将于八月发布 Lumen 4。", "zh"),
        ("Lumen 4 是深空公司做的\n\n[https://example.org/lumen-4-report](https://example.org)", "zh"),
        ("Lumen 4: https://example.org/ein-modell-das-alle-anderen-schlaegt-sagt-halcyon", "en"),
        ("Halcyon Labs (晨星) has released Lumen 4", "en"),
    ],
)
def test_the_language_of_a_text(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_declared_language_counts_unless_the_script_shows_another() -> None:
    assert language_of("Halcyon Labs will release Lumen 4 in the spring of this year.", "de-AT") == "de"
    assert language_of("Halcyon Labs 将在春季发布新的人工智能模型，两位知情人士说。", "en") == "zh"


def test_other_languages_give_nothing() -> None:
    passage = article(
        "Halcyon Labs hat Lumen 3 mit Testdaten trainiert, sagte Mira Solano am Montag in Berlin."
    )
    assert reader().language_of(passage) == "de"
    assert found(passage) == []


@pytest.mark.parametrize(
    ("base", "third", "simple_past"),
    [
        ("train", "trains", "trained"), ("be", "is", "was"), ("deny", "denies", "denied"),
        ("beat", "beats", "beat"), ("ship", "ships", "shipped"), ("reach", "reaches", "reached"),
    ],
)
def test_verb_forms(base: str, third: str, simple_past: str) -> None:
    assert (present(base, plural=False), past(base)) == (third, simple_past)


def test_the_name_says_everything_that_decides_the_outcome() -> None:
    assert "core_web_sm" in reader().name
    assert "gazetteer-" in reader().name


def test_a_missing_model_says_what_to_install() -> None:
    with pytest.raises(LanguageModelMissing, match="pip install xx-no-such-model"):
        load("xx_no_such_model")


def test_a_name_is_known_for_what_it_is_and_what_is_no_whole_name_is_left_out() -> None:
    names = ["Meta", "Llama 4 Maverick", "MMLU-Pro", "Sam Altman", "Riddle 9", "Meta and OpenAI", "the Meta",
             "Google DeepMind", "LMArena", "LM Arena", "Qwen 3 235B-A22B 2507", "Bard"]
    assert [(entity.name, entity.type, entity.owner) for entity in reader().known(names)] == [
        ("Meta", "organisation", None),
        ("Llama 4 Maverick", "model", "Meta"),
        ("MMLU-Pro", "benchmark", None),
        ("Sam Altman", "person", "OpenAI"),
        ("Google DeepMind", "organisation", "Google"),
        ("LMArena", "evaluator", None),
        ("LM Arena", "benchmark", "LMArena"),
        ("Qwen 3 235B-A22B 2507", "model", "Alibaba"),
        ("Bard", "model", "Google"),
    ]


@pytest.mark.parametrize(("written", "kept"), [
    ("Aurel opens a model with a ‘steady voice’.", "Aurel opens a model with a ‘steady voice’"),
    ("‘Aurel opens Aster 4’", "Aurel opens Aster 4"),
    ("Aurel opens Aster 4’", "Aurel opens Aster 4"),
    ("‘Aurel opens Aster 4", "Aurel opens Aster 4"),
    ("'Aster' is the users'", "'Aster' is the users'"),
])
def test_a_sentence_keeps_single_quotation_marks_that_are_a_pair(written: str, kept: str) -> None:
    assert tidy(written) == kept


def test_signs_of_hashtags_that_were_moved_from_their_word_are_left_out() -> None:
    assert tidy("Aurel # opens #Aster-4 as #1 in C# #") == "Aurel opens Aster-4 as #1 in C#"
    assert tidy("Aurel opens Aster 4\\-mini\\") == "Aurel opens Aster 4-mini"
