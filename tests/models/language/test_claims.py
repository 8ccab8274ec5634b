"""The proposition of a claim, its denial, certainty, kind and slots; and what is no claim."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.gazetteer import Entity
from models.language.slots.claim_kind import kind_of
from tests.models.language.language_world import article, cases, found, only, post, reader


@pytest.mark.parametrize(
    ("text", "proposition"),
    [
        (
            "Halcyon Labs denied that it trained Lumen 3 on test sets.",
            "Halcyon Labs trained Lumen 3 on test sets",
        ),
        (
            "It is simply not true that Halcyon Labs trained Lumen 3 on test sets.",
            "Halcyon Labs trained Lumen 3 on test sets",
        ),
        ("The claim that Lumen 3 has 900 billion parameters is false.", "Lumen 3 has 900 billion parameters"),
        (
            "The story that Otter 2 was trained on Lumen 3 outputs is a hoax.",
            "Otter 2 was trained on Lumen 3 outputs",
        ),
        (
            "Halcyon Labs has no plans to release Lumen 4 as open source.",
            "Halcyon Labs will release Lumen 4 as open source",
        ),
        (
            "Halcyon Labs did not train Lumen 3 on customer data.",
            "Halcyon Labs trained Lumen 3 on customer data",
        ),
        (
            "Halcyon Labs never used customer data to train Lumen 3.",
            "Halcyon Labs used customer data to train Lumen 3",
        ),
        ("Lumen 4 will not be delayed.", "Lumen 4 will be delayed"),
        ("Lumen 3 does not beat Otter 2 on LadderBench.", "Lumen 3 beats Otter 2 on LadderBench"),
        (
            "Brightwater refuted reports that Otter 2 costs $40 per million tokens.",
            "Otter 2 costs $40 per million tokens",
        ),
        (
            "Mira Solano dismissed claims that Lumen 3 is slower than Otter 2.",
            "Lumen 3 is slower than Otter 2",
        ),
        ("Halcyon Labs debunked the rumor that Lumen 3 is based on Otter 2.", "Lumen 3 is based on Otter 2"),
        (
            "Halcyon Labs walked back its claim that Lumen 3 beats Otter 2 on LadderBench.",
            "Lumen 3 beats Otter 2 on LadderBench",
        ),
        ("Lumen 3 is a distilled copy, but not open source.", None),
    ],
)
def test_a_denial_meets_what_it_denies(text: str, proposition: str | None) -> None:
    if proposition is None:  # a contrast denies only its second half, which stands in no proposition
        assert not any(mention.negated for mention in found(article(text)))
        return
    mention = only(article(text))
    assert (mention.proposition, mention.negated) == (proposition, True)


def test_not_to_deny_is_neither_to_deny_nor_to_say() -> None:
    mention = only(article("Mira Solano did not deny that Lumen 4 is delayed."))
    assert (
        mention.negated, mention.certainty, mention.speaker, mention.by_author
    ) == (False, "reported", "The Daily Byte", True)


@pytest.mark.parametrize(
    "text",
    [
        "Halcyon Labs cannot confirm that Lumen 4 is delayed.",
        "Mira Solano did not say that Lumen 4 is delayed.",
        "How do I install Lumen 3?",
        "Try Lumen 3 today on our site!",
        "Thanks to everyone for the love on Lumen 3.",
        "Lumen 3 is amazing.",
        "Users discuss Lumen 3 and share their experiences.",
        "@someone jokingly said that Lumen 3 will do your dishes.",
        "The weather in Lisbon was fine.",
    ],
)
def test_chat_is_no_claim(text: str) -> None:
    assert found(article(text)) == []


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("Lumen 4 has 2 trillion parameters.", "asserted"),
        ("Lumen 4 may have 2 trillion parameters.", "hedged"),
        ("Lumen 4 possibly has 2 trillion parameters.", "hedged"),
        ("Lumen 4 appears to have 2 trillion parameters.", "hedged"),
        ("Rowan Pike suspects that Lumen 4 has 2 trillion parameters.", "hedged"),
        ("Lumen 4 allegedly has 2 trillion parameters.", "reported"),
        ("Lumen 4 will have 2 trillion parameters.", "predicted"),
        ("Lumen 4 is expected to have 2 trillion parameters.", "predicted"),
        ("Rowan Pike doubts that Lumen 4 has 2 trillion parameters.", "questioned"),
        ("There is skepticism that Lumen 4 has 2 trillion parameters.", "questioned"),
        ("There is no evidence that Lumen 4 has 2 trillion parameters.", "questioned"),
        ("It is unclear whether Lumen 4 has 2 trillion parameters.", "questioned"),
    ],
)
def test_certainty_is_the_speakers_own(text: str, certainty: str) -> None:
    mention = only(article(text))
    assert mention.proposition in (
        "Lumen 4 has 2 trillion parameters", "Lumen 4 will have 2 trillion parameters"
    )
    assert (mention.certainty, mention.negated) == (certainty, False)


def test_a_headline_that_asks_questions() -> None:
    mention = only(article("Nobody knows.", title="Is Lumen 4 delayed?"))
    assert (
        mention.part, mention.proposition, mention.certainty
    ) == ("title", "Lumen 4 is delayed", "questioned")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Halcyon Labs released Lumen 4.", "release"),
        ("Halcyon Labs delayed Lumen 4.", "delay"),
        ("Lumen 3 scores 71% on LadderBench.", "benchmark_result"),
        ("Halcyon Labs cherry-picked the LadderBench scores of Lumen 3.", "benchmark_gaming"),
        ("Halcyon Labs trained Lumen 3 on test sets.", "benchmark_gaming"),
        ("Lumen 3 can read handwriting.", "capability"),
        ("Lumen 3 has 900 billion parameters.", "size"),
        ("Lumen 3 is a 14B model.", "size"),
        ("Lumen 3 is just 14B but better than Otter 2.", "capability"),
        ("Halcyon Labs trained Lumen 3 on pirated books.", "training_data"),
        ("Training Lumen 3 cost $6 million.", "price"),
        ("Lumen 3 costs $2 per million tokens.", "price"),
        ("Otter 2 is open source under the MIT license.", "licence"),
        ("Mira Solano is leaving Halcyon Labs.", "people"),
        ("Lumen 3 can be jailbroken by children.", "safety"),
        ("Halcyon Labs raised $2 billion at a $30 billion valuation.", "deal"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert only(article(text)).kind == kind


def test_a_size_in_a_name_is_no_claim_about_size() -> None:
    name = Entity(0, 9, "Lumen 32B", "Lumen-32B", "model", None, None, None, False)
    assert kind_of("Lumen 32B overthinks", "overthink", [name], True) == "capability"
    assert kind_of("Lumen 32B has 32B parameters", "have", [name], True) == "size"


def test_the_subject_is_named_first() -> None:
    mention = found(article("Halcyon Labs released Lumen 3. Unlike Otter 2, it can read handwriting."))[-1]
    assert mention.entities[0] == "Lumen 3"


def test_slots() -> None:
    trained, beats = found(
        article("Lumen 3, which was trained on 2,000 GPUs for $5.5 million, beats Otter 2 on LadderBench.")
    )
    assert trained.proposition == "Lumen 3 was trained on 2,000 GPUs for $5.5 million"
    assert (trained.organisations, trained.entities) == (("Halcyon Labs",), ("Lumen 3",))
    assert trained.numbers == ("2000 gpus", "5.5m usd")
    assert beats.organisations == ("Halcyon Labs", "Brightwater")
    assert beats.entities == ("Lumen 3", "Otter 2", "LadderBench")


@pytest.mark.parametrize(("text", "last"), cases("a_proposition_stands_alone"))
def test_a_proposition_stands_alone(text: str, last: str) -> None:
    assert found(article(text))[-1].proposition == last


@pytest.mark.parametrize(
    "text",
    [
        "It has 900 billion parameters.",
        "Halcyon Labs and Brightwater spoke. The company will release a new model in May.",
        "A new startup spoke at the fair, and so did Halcyon Labs. A model was shown there. It has 900 "
        "billion parameters.",
    ],
)
def test_what_stays_unknown_gives_no_proposition(text: str) -> None:
    assert not any(
        "900 billion" in mention.proposition or "in May" in mention.proposition
        for mention in found(article(text))
    )


def test_a_reply_is_read_with_the_post_it_answers() -> None:
    mention = only(post("The model leaks user data.", "heron", "reddit", parent="Lumen 3 is out"))
    assert mention.proposition == "Lumen 3 leaks user data"
    assert mention.entities == ("Lumen 3",)


@pytest.mark.parametrize(
    ("text", "event_at", "precision"),
    [
        (
            "Halcyon Labs will release Lumen 4 in July.", datetime(2026, 7, 31, 23, 59, 59, tzinfo=UTC),
            "month",
        ),
        (
            "Halcyon Labs will delay Lumen 4 to July, Rowan Pike said on Monday.",
            datetime(2026, 7, 31, 23, 59, 59, tzinfo=UTC), "month",
        ),
        (
            "Lumen 4 will be released by the end of the year.",
            datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), "year",
        ),
        ("Lumen 4 will be released next week.", datetime(2026, 3, 15, 23, 59, 59, tzinfo=UTC), "month"),
        ("Halcyon Labs released Lumen 3 on Monday.", datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC), "day"),
        ("Lumen 4 will be released soon.", None, "unknown"),
    ],
)
def test_the_time_a_claim_speaks_of(text: str, event_at: datetime | None, precision: str) -> None:
    mention = only(article(text))
    assert (mention.event_at, mention.event_precision) == (event_at, precision)


def test_without_a_date_of_publication_relative_times_stay_unknown() -> None:
    assert only(article("Halcyon Labs will release Lumen 4 in July.", published_at=None)).event_at is None
    mention = only(article("Halcyon Labs will release Lumen 4 in July 2027.", published_at=None))
    assert mention.event_at == datetime(2027, 7, 31, 23, 59, 59, tzinfo=UTC)


def test_a_sentence_can_hold_several_claims() -> None:
    mentions = found(
        article(
            "Brightwater acknowledged that Otter 2 is slower than Lumen 3, but denied that it was trained on "
            "Lumen 3 outputs."
        )
    )
    assert [(mention.proposition, mention.negated) for mention in mentions] == [
        ("Otter 2 is slower than Lumen 3", False),
        ("Otter 2 was trained on Lumen 3 outputs", True),
    ]
    assert len({mention.start for mention in mentions}) == 1


_WORDS = st.sampled_from([
    "Lumen 3", "Otter 2", "Halcyon Labs", "Mira Solano", "said", "denied", "that", "not", "it", "the company",
    "was trained on", "test sets", "will release", "in July", "costs $3", "“", "”", ".", ",", "?", ":",
    "@heron", "https://x.example/a", "(", ")", "—", "which", "because", "and", "is", "😀", "\n", "rumor",
    "reportedly", "5%",
])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    title=st.none() | st.lists(_WORDS, max_size=8).map(" ".join),
    text=st.lists(_WORDS, max_size=40).map(" ".join),
)
def test_whatever_the_text_every_quote_stands_where_it_is_said_to_stand(title: str | None, text: str) -> None:
    for mention in found(article(text, title=title)):
        body = (title or "") if mention.part == "title" else text
        assert 0 <= mention.start < mention.end <= len(body)
        assert body[mention.start : mention.end].strip() == body[mention.start : mention.end] != ""
        assert mention.proposition.strip() == mention.proposition != ""
        assert mention.event_at is None or mention.event_precision != "unknown"


@pytest.mark.parametrize(("sentence", "kind"), [
    ("Lumen 4 costs 75 dollars per million input tokens and 150 dollars per million output tokens.", "price"),
    ("Lumen 4 is number one on LMArena.", "benchmark_result"),
])
def test_the_kind_of_a_sentence_that_is_followed(sentence: str, kind: str) -> None:
    assert reader().statement(sentence, None).kind == kind


def test_instead_of_stays_and_instead_goes() -> None:
    kept, left = (only(article(text)).proposition for text in (
        "Lumen 4 answers questions instead of asking them back, Dana Whitcombe said.",
        "Halcyon Labs will instead release Lumen 4 in May, Dana Whitcombe said."))
    assert kept == "Lumen 4 answers questions instead of asking them back"
    assert left == "Halcyon Labs will release Lumen 4 in May"
