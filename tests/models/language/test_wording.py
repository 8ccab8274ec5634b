"""Sentences as propositions: which words around them are left out, and which sentences point to others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.language.wording import capitalised, cut_at, needs_context, stretch, whole
from models.protocols.language import DocumentText
from tests.models.language.language_world import article, reader


@pytest.mark.parametrize(("sentence", "told"), [
    ("Lumen is out.", None),
    ("Heron Labs releases Lumen 3 today!", "Heron Labs releases Lumen 3 today"),
    ("- **Heron Labs** releases `Lumen 3` today #ai #lumen https://heron.example/a",
     "Heron Labs releases Lumen 3 today"),
    ("#HeronLabs releases #Lumen 3, #1 in #AI and written in C#",
     "HeronLabs releases Lumen 3, #1 in AI and written in C#"),
    ("Heron Labs releases Lumen 3\\-mini for 4\\.50 dollars\\.",
     "Heron Labs releases Lumen 3-mini for 4.50 dollars"),
    ("Heron Labs writes \\n where Lumen 3 wrote \\t", None),
    ("2. Heron Labs releases Lumen 3 | heron.example/lumen...", "Heron Labs releases Lumen 3"),
    ("Heron Labs\n releases _Lumen 3_ today", "Heron Labs releases Lumen 3 today"),
    ("Heron Labs releases Lumen 3 at https://heron.example/a today", None),
    ("from heron import lumen_3_large() as model", None),
    ("| Lumen 3 | 48 | 52 | LadderBench |", None),
    ("<b>Heron Labs</b> releases Lumen 3 today", None),
    ("Heron " * 46, None),
    ("Lumen 3 is suited for long texts, thanks to features like:", None),
    ("Heron Labs is using Lumen 3 for an assistant. | Illustration by A. Painter",
     "Heron Labs is using Lumen 3 for an assistant"),
    ("Heron Labs raises $600 million in its Series A", "Heron Labs raises $600 million in its Series A"),
    ("Lumen 3 is what all have been waiting for", "Lumen 3 is what all have been waiting for"),
    ("The licence of Lumen 3 is available at: https://heron.example/a", None),
    ("Heron Labs tells more of Lumen 3 at https://heron.example/a", None),
    ("Heron Labs can be run with Lumen 3, as shown by:", None),
    ("python -m heron.launch_server --model-path heron/Lumen-3", None),
    ("$ time uv pip install lumen 3", None),
    ("Heron Labs says that Lumen 3 would be getting eyes, ears,", None),
    ("HERN) reported revenue of $3 billion from Lumen 3", None),
    ("Heron Labs lists what Lumen 3 needs:", None),
    ("Heron Labs to launch Lumen 3 soon - https://heron.example/a", "Heron Labs to launch Lumen 3 soon"),
    ("Meanwhile, the heron of Heron Labs bought Lumen Inc.", "The heron of Heron Labs bought Lumen Inc"),
    ("- **However,** Lumen 3 costs half of that of Lumen 2.", "Lumen 3 costs half of that of Lumen 2"),
    ("But in fact, xHeron bought Lumen Inc for a song.", "xHeron bought Lumen Inc for a song"),
    ("Otherwise, Lumen 3 would be free for all.", "Otherwise, Lumen 3 would be free for all"),
    ("Now that Lumen 3 is out, Heron Labs rests.", "Now that Lumen 3 is out, Heron Labs rests"),
    ("Meanwhile, Heron Labs rests.", None),
])
def test_a_sentence_is_told_without_what_stands_around_it(sentence: str, told: str | None) -> None:
    wording = whole(sentence)
    assert (wording[0] if wording else None) == told


@pytest.mark.parametrize(("text", "is_cut"), [
    ("Heron Labs said it would release Lumen 3 in …", True), ("Heron Labs releases Lumen 3 for […]", True),
    ("Heron Labs releases Lumen 3 [...]", True), ("Heron Labs releases Lumen 3…", True),
    ("Heron Labs releases Lumen 3... https://heron.example/a", True),
    ("Heron Labs releases the...\nMore.", True),
    ("Heron Labs releases Lumen 3...\nIt is fast.", False), ("Heron Labs releases Lumen 3.", False),
])
def test_a_sentence_that_ends_in_dots_was_cut_unless_more_follows(text: str, is_cut: bool) -> None:
    first_line = text.split("\n")[0].removesuffix(" https://heron.example/a")
    assert (cut_at(text, len(first_line)) is not None) is is_cut


@pytest.mark.parametrize(("text", "propositions"), [
    ("Halcyon Labs said it would release Lumen 4 in May …", []),
    ("Halcyon Labs said that it would […]", []),
    ("Halcyon Labs will release Lumen 4 in May and charge $3 for …",
     ["Halcyon Labs will release Lumen 4 in May"]),
    ("Lumen 4 costs $3 per million tokens, Halcyon Labs said in a...",
     ["Lumen 4 costs $3 per million tokens"]),
])
def test_what_was_cut_makes_no_claim_and_what_stands_before_does(text: str, propositions: list[str]) -> None:
    (reading,) = reader().read([article(text)])
    assert [mention.proposition for mention in (*reading.mentions, *reading.sentences)] == propositions


@pytest.mark.parametrize("text", [
    "License: A custom licence, the Lumen 4 Community License, is available at: https://halcyon.example/license",
    "Lumen 4 is available at [our site](https://halcyon.example/lumen)",
])
def test_a_sentence_that_leads_to_a_link_makes_no_claim_that_ends_before_it(text: str) -> None:
    (reading,) = reader().read([article(text)])
    endings = [mention.proposition.split()[-1] for mention in (*reading.mentions, *reading.sentences)]
    assert "at" not in endings


@given(st.text(max_size=300))
def test_any_sentence_keeps_its_place(text: str) -> None:
    wording = whole(text)
    if wording is not None:
        worded, start, end = wording
        assert 0 <= start < end <= len(text)
        words = "".join(text[start:end].replace("*", "").replace("`", "").replace("_", "")).split()
        assert set(worded.split()) <= {*words, capitalised(words[0]), worded.split()[-1]}


@pytest.mark.parametrize(("sentence", "pointing"), [
    ("Heron Labs said that it will release Lumen 3", False),
    ("It will release Lumen 3, Heron Labs said", True),
    ("We release Lumen 3", True),
    ("The company also partnered with Heron Labs", True),
    ("Heron Labs says the company will release Lumen 3", False),
    ("Heron Labs lets you try Lumen 3", True),
    ("Lumen 3 launches in the US and I.D. cards are asked for", False),
    ("Lumen 3 is the best A.I. of Heron Labs", False),
    ("Another group of writers is suing Heron Labs", True),
    ("More authors sued Heron Labs over Lumen 3", False),
    ("Within days, Heron Labs announced a pause of Lumen 3", True),
    ("Days later Heron Labs withdrew Lumen 3", True),
    ("Other than Heron Labs, nobody runs Lumen 3", False),
    ("Heron Labs brings Lumen 3 to another country", False),
])
def test_what_points_before_its_first_name_is_told(sentence: str, pointing: bool) -> None:
    first_name = min(position for name in ("Heron", "Lumen") if (position := sentence.find(name)) >= 0)
    assert needs_context(sentence, first_name) is pointing


def test_sentences_that_assert_something_of_a_name_are_found_whole() -> None:
    text = ("Heron Labs closing in on a deal with Lumen Inc #deal. Is Lumen 3 out? Heron Labs "
            "denied that Lumen 3 was trained on test sets. It names Lumen 3. The weather was fine.")
    (reading,) = reader().read([DocumentText(None, text, "x", "", "ann", None, "x", "community", None, None)])
    assert [sentence.proposition for sentence in reading.sentences] == [
        "Heron Labs closing in on a deal with Lumen Inc"]
    (sentence,) = reading.sentences
    assert text[sentence.start : sentence.end] == sentence.proposition


@pytest.mark.parametrize("text", [
    "Another group of writers is suing Halcyon Labs over Lumen 4.",
    "Announced adoption of Lumen 4 by the global car industry.",
    "Lumen 4 can be run locally using the following hardware and software:",
    "Halcyon Labs said that its app Lumen 4 would be getting eyes, ears,",
])
def test_what_is_no_whole_sentence_or_hangs_on_another_makes_no_claim(text: str) -> None:
    (reading,) = reader().read([article(text)])
    assert not [sentence.proposition for sentence in reading.sentences]
    assert not [mention.proposition for mention in reading.mentions
                if stretch(mention.proposition, text) is not None]


def test_a_statement_that_goes_on_behind_brackets_is_not_told_without_its_end() -> None:
    text = "Halcyon Labs unveils Lumen 4, a large language (very general) model for phones."
    assert stretch("Halcyon Labs unveils Lumen 4, a large language", text) is None
    assert stretch("Halcyon Labs unveils Lumen 4", "Halcyon Labs unveils Lumen 4 (its fourth).") is not None


@pytest.mark.parametrize("text", [
    "**Variations** Lumen 4 comes in two sizes, 8B and 70B parameters.",
    "- **SPRINGFIELD, OHIO** Lumen 4 comes in two sizes, 8B and 70B parameters.",
])
def test_a_label_in_bold_at_the_beginning_of_a_line_is_no_part_of_its_sentence(text: str) -> None:
    (reading,) = reader().read([article(text)])
    assert {mention.proposition for mention in (*reading.mentions, *reading.sentences)} == {
        "Lumen 4 comes in two sizes, 8B and 70B parameters"}


def test_a_colon_in_brackets_ends_no_label() -> None:
    sentence = "Halcyon Labs (NASDAQ: HALC) reported revenue of $3 billion for Lumen 4"
    (reading,) = reader().read([article(f"{sentence}.")])
    assert sentence in {mention.proposition for mention in (*reading.mentions, *reading.sentences)}
