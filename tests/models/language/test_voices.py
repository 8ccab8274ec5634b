"""Who speaks where a sentence itself names nobody, where lines are quoted, and what is nobody's word."""

from __future__ import annotations

import time

import pytest

from models.protocols.language import DocumentText, FoundSpeech
from tests.models.language.language_world import article, found, post, reader


def speech(passage: DocumentText) -> list[FoundSpeech]:
    (reading,) = reader().read([passage])
    return list(reading.speech)


def speaker_of(text: str, words: str, title: str | None = None) -> str | None:
    """Return who speaks in the sentence of an article that holds the words."""
    place = text.index(words)
    return next((s.speaker for s in speech(article(text, title)) if s.start <= place < s.end), None)


def test_a_line_that_a_post_quotes_is_not_its_authors_word() -> None:
    text = "> Lumen 4 was trained on the test sets.\n\nLumen 4 was trained on clean data."
    quoted, own = (mention for mention in found(post(text, "somebody", "reddit")))
    assert (quoted.speaker, quoted.by_author, quoted.certainty) == (None, False, "reported")
    assert own.speaker == "somebody"
    # Who is named in the line speaks; "we" in it is not who quotes.
    text = "> Halcyon Labs says that Lumen 4 is delayed.\n> We trained Lumen 4 on test sets.\nI doubt it."
    assert [(said.voice, said.speaker) for said in speech(post(text, "somebody", "reddit"))] == [
        ("named", "Halcyon Labs"), ("anonymous", None)]


@pytest.mark.parametrize("text", [
    "> Lumen 4 is delayed.", ">90% of all runs show that Lumen 4 is delayed.\nReally.",
    "Lumen 4 is delayed. > No.",
])
def test_a_mark_that_no_line_end_follows_and_a_figure_quote_nothing(text: str) -> None:
    assert {mention.speaker for mention in found(post(text, "somebody", "hackernews"))} == {"somebody"}


def test_a_note_on_a_page_is_its_publishers() -> None:
    (mention,) = found(article("> Lumen 4 is delayed.\n\nThat is all."))
    assert mention.by_author


@pytest.mark.parametrize(("text", "title", "speaker"), [
    ("Kelpwire, a chip startup, sells to Halcyon Labs. The startup said Lumen 4 is delayed.", None,
     "Kelpwire"),
    ("Lumen 4 is delayed, the startup said.", "Dutch chip startup Kelpwire plans Lumen-like tool",
     "Kelpwire"),
    ("A repair company, Kelpwire, said that Lumen 4 is delayed.", None, "Kelpwire"),
    ("Kelpwire is adding Lumen 4 to its phones, the company announced.", None, "Kelpwire"),
    ("Kelpwire is testing Lumen 4 in its phones. The company said Lumen 4 is delayed.", None, "Kelpwire"),
    ("Halcyon Labs founder Dana Whitcombe has left Lumen 4 behind and it is delayed, the company announced.",
     None, "Halcyon Labs"),
    ("The Ledger reported that Kelpwire uses Lumen 4. The company said Lumen 4 is delayed.", None,
     "Kelpwire"),
    ("The UK's Commerce and Markets Authority said Halcyon Labs holds the market. The watchdog said Lumen 4 "
     "is delayed.", None, "Commerce and Markets Authority"),
    ("Lumen 4 won a prize of the Ministry of Sound and Light. Lumen 4 is delayed, the ministry explained.",
     None, "Ministry of Sound and Light"),
])
def test_a_description_speaks_for_whom_the_text_names(text: str, title: str | None, speaker: str) -> None:
    assert speaker_of(text, "is delayed" if "is delayed" in text else "is adding", title) == speaker


@pytest.mark.parametrize(("text", "told_by"), [
    ("A startup says that Lumen 4 is delayed.", "A startup"),
    ("Two people met. The watchdog said that Lumen 4 is delayed.", "The watchdog"),
])
def test_a_body_that_nobody_can_name_is_no_voice_of_the_outlet(text: str, told_by: str) -> None:
    (mention,) = found(article(text))
    assert (mention.speaker, mention.by_author, mention.certainty) == (None, False, "reported")
    assert mention.attributed_to == told_by


def test_he_is_whoever_spoke_in_a_sentence_that_names_nothing_known() -> None:
    text = ("Dana Whitcombe said that Lumen 4 is late. Kelpwire CEO Rowan Pike said the market is hot. "
            "He expects Lumen 4 in May.")
    assert speaker_of(text, "expects") == "Rowan Pike"


def test_he_is_nobody_where_another_is_presented_since() -> None:
    text = ("Dana Whitcombe said that Lumen 4 is late. It drew experts like Rowan Pike, an engineer, to it. "
            "Lumen 4 was ready, he said.")
    assert speaker_of(text, "was ready") is None


@pytest.mark.parametrize(("text", "speaker"), [
    ("Kelpwire is big. Now Kelpwire wants more. Kelpwire said Lumen 4 is delayed.", "Kelpwire"),
    ("The new “Hey Kelpwire” button is here. Kelpwire said Lumen 4 is delayed.", "Kelpwire"),
    ("The Ledger’s Dana Whitcombe said that Lumen 4 is delayed.", "Dana Whitcombe"),
    ('"Lumen 4 is delayed," Dr. Dana Whitcombe said. Dana Whitcombe left.', "Dana Whitcombe"),
    ("Halcyon Health Care said that Lumen 4 is delayed.", "Halcyon Health Care"),
    (".#Halcyon said that Lumen 4 is delayed.", "Halcyon Labs"),
])
def test_a_name_is_whole_and_nobody_elses(text: str, speaker: str) -> None:
    assert speaker_of(text, "Lumen 4") == speaker


@pytest.mark.parametrize("text", [
    "Halcyon Edge AI said that Lumen 4 is delayed.", "The Lumen 4 GitHub mentions that Lumen 4 is delayed.",
    "Kelpwire Assistant says that Lumen 4 is delayed.",
])
def test_a_product_and_a_page_are_no_voice(text: str) -> None:
    assert all(said.voice == "author" for said in speech(article(text)))


@pytest.mark.parametrize("text", [
    "Halcyon Labs charges schools $5 for Lumen 4.", "Mira Solano asked Lumen 4 for a poem.",
    "Lumen 4 can now answer your questions.", "Halcyon Labs can answer your questions on Lumen 4.",
    "Halcyon Labs has maintained its lead with Lumen 4.", "Halcyon Labs is warning its staff about Lumen 4.",
    "Mira Solano figured out a way around Lumen 4.",
])
def test_a_deed_with_a_verb_of_speaking_is_told_by_the_writer(text: str) -> None:
    assert all(said.voice == "author" for said in speech(article(text)))


@pytest.mark.parametrize("text", [
    "Halcyon Labs blames the outage on Lumen 4.", "Mira Solano denies the delay of Lumen 4.",
    "Mira Solano predicts a delay of Lumen 4.", "Mira Solano answered the rumour of Lumen 4 on Monday.",
    'Mira Solano echoes it: "Wait for Lumen 4 until May."',
])
def test_a_thing_that_is_denied_foretold_answered_or_quoted_is_said(text: str) -> None:
    assert [said.voice for said in speech(article(text))] == ["named"]


def test_what_a_crowd_reports_is_told_by_the_crowd() -> None:
    (said,) = speech(article("Users report outages of Lumen 4 in Spain."))
    assert said.voice == "community"


def test_what_somebody_may_say_is_told_by_the_writer() -> None:
    (mention,) = found(article("Dana Whitcombe might say that Lumen 4 is delayed."))
    assert (mention.by_author, mention.certainty) == (True, "hedged")
    (mention,) = found(article('"I would say that Lumen 4 is delayed," Dana Whitcombe told The Ledger.'))
    assert mention.speaker == "Dana Whitcombe"


def test_a_source_of_somebodys_words_is_kept() -> None:
    (mention,) = found(article("According to court papers, Dana Whitcombe said that Lumen 4 is delayed."))
    assert (mention.speaker, mention.attributed_to, mention.certainty) == (
        "Dana Whitcombe", "court papers", "reported")


def test_the_next_paragraph_speaks_no_quotation_of_the_one_before() -> None:
    text = ('"Lumen 4 is a big number," Dana Whitcombe told us in May. "Lumen 4 is a big deal."\n\n'
            "Rowan Pike, an engineer, said it is fine.")
    assert speaker_of(text, "big deal") == "Dana Whitcombe"
    text = '"Lumen 4 is a big deal." Rowan Pike said the price is fine.'
    assert speaker_of(text, "big deal") is None


@pytest.mark.parametrize("text", [
    '"Lumen 4 is delayed," Dana Whitcombe insists.', '"Lumen 4 is delayed," opined Dana Whitcombe.',
    'Dana Whitcombe said on Monday: "Lumen 4 is delayed and we know it well."',
])
def test_any_verb_of_speaking_beside_a_quotation_tells_whose_it_is(text: str) -> None:
    assert speaker_of(text, "Lumen 4") == "Dana Whitcombe"


def test_a_long_hostile_text_is_read_in_linear_time() -> None:
    def seconds(times: int) -> float:
        text = ("> Rowan Pike said, the company said. " + "The Company and Company of Watchdog said he said. "
                + "Lumen 4 is late, the watchdog said.\n") * times
        start = time.process_time()
        speech(post(text, "somebody", "reddit"))
        return time.process_time() - start

    seconds(10)
    assert seconds(400) < 12 * max(seconds(100), 0.05)
