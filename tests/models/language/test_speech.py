"""Who says something: speech verbs, attributions, quotations, accounts, crowds and rumours."""

from __future__ import annotations

import dataclasses

import pytest

from models.protocols.language import DocumentText
from tests.models.language.language_world import WEDNESDAY, article, found, only, post, reader


@pytest.mark.parametrize(
    ("text", "speaker", "organisation", "role", "verb"),
    [
        ("Dana Whitcombe said that Lumen 4 is delayed.", "Dana Whitcombe", None, "press", "say"),
        ("Lumen 4 is delayed, Dana Whitcombe told The Ledger.", "Dana Whitcombe", None, "press", "tell"),
        ("Dana Whitcombe told Rowan Pike that Lumen 4 is delayed.", "Dana Whitcombe", None, "press", "tell"),
        (
            "Dana Whitcombe, an engineer at Halcyon Labs, said Lumen 4 is delayed.", "Dana Whitcombe",
            "Halcyon Labs", "first_party", "say",
        ),
        (
            "Dana Whitcombe, VP of research at Brightwater, said Lumen 4 is delayed.", "Dana Whitcombe",
            "Brightwater", "press", "say",
        ),
        (
            "Mira Solano confirmed that Lumen 4 is delayed.", "Mira Solano", "Halcyon Labs", "first_party",
            "confirm",
        ),
        (
            "Halcyon Labs acknowledged that Lumen 4 is delayed.", "Halcyon Labs", "Halcyon Labs",
            "first_party", "acknowledge",
        ),
        ("Lumen 4 is delayed, according to Mira Solano.", "Mira Solano", "Halcyon Labs", "first_party", None),
        ("The Ledger reported that Lumen 4 is delayed.", "The Ledger", None, "press", "report"),
    ],
)
def test_the_speaker_is_who_says_so(
    text: str, speaker: str, organisation: str | None, role: str, verb: str | None
) -> None:
    mention = only(article(text))
    assert mention.proposition == "Lumen 4 is delayed"
    assert (
        mention.speaker, mention.speaker_organisation, mention.speaker_role, mention.speech_verb
    ) == (speaker, organisation, role, verb)
    assert not mention.by_author


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("Lumen 4 is delayed, Reuters reports.", "Reuters"),
        ("Lumen 4 is delayed, the Wall Street Journal reported on Monday.", "The Wall Street Journal"),
        ("Reuters reported that Lumen 4 is delayed.", "Reuters"),
        ("Bloomberg: Lumen 4 is delayed.", "Bloomberg"),
        ("Lumen 4 is delayed, per The Information.", "The Information"),
        ("The Information's report that Lumen 4 is delayed spread on Monday.", "The Information"),
        ("Lumen 4 is delayed (via The Verge).", "The Verge"),
        ("Lumen 4 is delayed to July - Bloomberg", "Bloomberg"),
        ("Lumen 4 is delayed to July | TechCrunch", "TechCrunch"),
        ("Lumen 4 is delayed to July (theverge.com)", "The Verge"),
        ("Lumen 4 is delayed to July (lantern.example)", "lantern.example"),
        ('"Lumen 4 is delayed to July," Reuters reported.', "Reuters"),
    ],
)
def test_an_outlet_that_is_named_as_the_source_is_relayed(text: str, outlet: str) -> None:
    for mention in (only(article(text)), only(article("It is said.", title=text))):
        assert mention.proposition in ("Lumen 4 is delayed", "Lumen 4 is delayed to July")
        assert (mention.attributed_to, mention.certainty) == (outlet, "reported")


@pytest.mark.parametrize("text", [
    "Lumen 4 is delayed to July | TechCrunch", "TechCrunch: Lumen 4 is delayed to July.",
    "Lumen 4 is delayed to July (techcrunch.com)",
])
def test_an_outlet_is_not_the_source_of_its_own_report(text: str) -> None:
    own = dataclasses.replace(article(text), source_name="TechCrunch: AI", host="techcrunch.com")
    assert (only(own).attributed_to, only(own).certainty) == (None, "asserted")


@pytest.mark.parametrize("text", [
    "Halcyon Labs told The Verge that Lumen 4 is delayed.", "Lumen 4 is delayed to July (github.com)",
    "Mira Solano said in an interview with Bloomberg that Lumen 4 is delayed.",
])
def test_an_outlet_that_is_only_spoken_to_and_a_host_of_everybody_are_no_source(text: str) -> None:
    assert (only(article(text)).attributed_to, only(article(text)).certainty) == (None, "asserted")


def test_who_has_left_does_not_speak_for_the_organisation() -> None:
    mention = only(article("Dana Whitcombe, a former engineer at Halcyon Labs, said Lumen 4 is delayed."))
    assert (
        mention.speaker, mention.speaker_organisation, mention.speaker_role
    ) == ("Dana Whitcombe", None, "press")


def test_an_outlet_speaks_where_nobody_else_does() -> None:
    mention = only(article("Lumen 4 is delayed."))
    assert (mention.speaker, mention.by_author, mention.speaker_role) == ("The Daily Byte", True, "press")


def test_a_later_surname_is_the_person_introduced() -> None:
    first, second = found(
        article(
            "Dana Whitcombe, an engineer at Halcyon Labs, said Lumen 4 is delayed. Lumen 3 costs $3 per "
            "million tokens, Whitcombe said."
        )
    )
    assert first.speaker == second.speaker == "Dana Whitcombe"
    assert second.speaker_organisation == "Halcyon Labs"


def test_the_executive_is_the_one_who_spoke_before() -> None:
    second_mention = found(
        article(
            "Mira Solano said Lumen 4 is delayed. The executive said Lumen 3 costs $3 per million tokens."
        )
    )[1]
    assert second_mention.speaker == "Mira Solano"


def test_an_exec_in_the_headline_is_the_one_whom_the_text_names() -> None:
    passage = article(
        "Dana Whitcombe, vice president of research at Brightwater, said that Otter 2 was not trained on "
        "test sets.",
        title="Brightwater exec denies that Otter 2 was trained on test sets",
    )
    headline, body = found(passage)
    assert (headline.part, headline.speaker, headline.negated) == ("title", "Dana Whitcombe", True)
    assert (body.part, body.speaker, body.negated) == ("text", "Dana Whitcombe", True)
    assert headline.proposition == body.proposition == "Otter 2 was trained on test sets"


def test_an_unnamed_researcher_is_not_the_chief_executive() -> None:
    mention = found(
        article("A Halcyon Labs researcher said Lumen 4 is delayed. Mira Solano was not there.")
    )[0]
    assert (mention.speaker, mention.speaker_organisation) == (None, None)


def test_a_quotation_that_runs_on_keeps_its_speaker() -> None:
    first, second = found(
        article(
            "\u201cWe did not train Lumen 3 on test sets,\u201d Mira Solano said. \u201cLumen 3 was never "
            "tuned for LadderBench.\u201d"
        )
    )
    assert (first.proposition, first.negated) == ("Halcyon Labs trained Lumen 3 on test sets", True)
    assert (second.proposition, second.negated) == ("Lumen 3 was tuned for LadderBench", True)
    assert first.speaker == second.speaker == "Mira Solano"
    assert not second.by_author


@pytest.mark.parametrize("text", [
    '"Lumen 4 is delayed," said Dana Whitcombe, who leads research at Halcyon Labs and formerly built chips '
    'for a rival of the company, "and Lumen 3 costs $3."',
    '"Lumen 4 is delayed," said Dana Whitcombe, who leads research at Halcyon Labs and formerly built chips '
    'for a rival of the company. "Lumen 3 costs $3."',
    '"Lumen 4 is delayed," Dana Whitcombe, who leads research at Halcyon Labs and formerly built chips, said '
    'in an interview with a newspaper of the capital on Monday. "Lumen 3 costs $3."',
])
def test_a_quotation_that_runs_on_behind_a_long_credit_keeps_its_speaker(text: str) -> None:
    mentions = {mention.proposition: mention.speaker for mention in found(article(text))}
    assert mentions["Lumen 4 is delayed"] == mentions["Lumen 3 costs $3"] == "Dana Whitcombe"


def test_a_quotation_behind_another_sentence_has_no_speaker_of_the_one_before() -> None:
    text = '"Lumen 4 is delayed," said Dana Whitcombe. Not all agree. "Lumen 3 costs $3 per million tokens."'
    assert [mention.speaker for mention in found(article(text))] == ["Dana Whitcombe", None]


def test_a_quotation_without_a_speaker_is_nobodys_word_and_not_the_outlets() -> None:
    text = "A letter went to all labs.\n\n“Lumen 4 costs $3 per million tokens at Halcyon Labs.”\n\nThe end."
    mention = only(article(text))
    assert (mention.speaker, mention.by_author, mention.speaker_role) == (None, False, "anonymous")
    assert mention.certainty == "reported"


def test_a_quotation_is_signed_behind_a_dash() -> None:
    text = "“Lumen 4 costs $3 per million tokens.”\n\n—Dana Whitcombe, PM at Brightwater"
    assert found(article(text))[0].speaker == "Dana Whitcombe"


@pytest.mark.parametrize("text", [
    "Dana Whitcombe is reportedly in discussions with Halcyon Labs about a phone of tomorrow.",
    "Lumen 4 was allegedly used to write the apology of a game studio.",
    "Designer Dana Whitcombe Reportedly Discussing a Mystery Hardware Project With Halcyon Labs",
])
def test_what_is_reportedly_so_is_hearsay_in_its_own_words_too(text: str) -> None:
    (reading,) = reader().read([article(text)])
    (mention,) = (*reading.mentions, *reading.sentences)
    assert (mention.certainty, mention.speaker_role, mention.by_author) == ("reported", "anonymous", False)


@pytest.mark.parametrize("text", [
    "Halcyon Labs temporarily blocked internal access to Lumen 4, citing data concerns.",
    "Halcyon Labs opened Lumen 4 to all schools of Norway, saying that it is safe for children.",
])
def test_a_deed_is_told_by_the_writer_whatever_is_said_with_it(text: str) -> None:
    (reading,) = reader().read([article(text)])
    (deed,) = (mention for mention in (*reading.mentions, *reading.sentences)
               if mention.proposition == text.rstrip("."))
    assert (deed.speaker, deed.by_author) == ("The Daily Byte", True)


def test_what_is_alleged_beside_the_statement_leaves_it_plain() -> None:
    (reading,) = reader().read([article("Police arrest a man in Norway for allegedly lying about Lumen 4.")])
    assert [mention.certainty for mention in (*reading.mentions, *reading.sentences)] == ["asserted"]


def test_what_somebody_reportedly_said_is_hearsay() -> None:
    mention = only(article("Halcyon Labs reportedly told its staff that Lumen 4 costs $3 per million."))
    assert (mention.speaker, mention.certainty) == ("Halcyon Labs", "reported")


@pytest.mark.parametrize("text", [
    "Lumen 4 will debut in June, Halcyon Labs will announce this week at its conference.",
    "Halcyon Labs will say on Monday that Lumen 4 will debut in June.",
])
def test_what_somebody_will_say_is_not_said_yet(text: str) -> None:
    mention = only(article(text))
    assert (mention.proposition, mention.speaker) == ("Lumen 4 will debut in June", "The Daily Byte")
    assert mention.certainty == "reported"


@pytest.mark.parametrize("text", [
    "Halcyon Labs wants to release Lumen 4 in May.",
    "Halcyon Labs ordered its staff to train Lumen 4 on images.",
    "Halcyon Labs fears that Lumen 4 will be copied by Brightwater.",
    "Halcyon Labs hopes Lumen 4 will beat Otter 2.",
    "Halcyon Labs worries that Otter 2 is better than Lumen 4.",
])
def test_what_an_organisation_has_in_mind_is_told_by_the_writer(text: str) -> None:
    (reading,) = reader().read([article(text)])
    (mention,) = (*reading.mentions, *reading.sentences)
    assert mention.proposition == text.rstrip(".")
    assert (mention.speaker, mention.by_author, mention.speaker_role) == ("The Daily Byte", True, "press")


def test_the_company_that_said_so_is_the_one_that_the_sentence_is_about() -> None:
    text = "Halcyon Labs has raised $5 billion in a round led by Brightwater, the company said."
    mention = only(article(text))
    assert (mention.speaker, mention.speaker_organisation) == ("Halcyon Labs", "Halcyon Labs")


def test_what_has_yet_to_come_is_told_as_not_so() -> None:
    mention = only(article("Lumen 4 has yet to launch in Norway."))
    assert (mention.proposition, mention.negated) == ("Lumen 4 launched in Norway", True)


def test_a_quotation_of_several_sentences_belongs_to_who_is_named_at_its_end() -> None:
    mentions = found(
        article(
            "\u201cLumen 3 was trained on test sets. Otter 2 beats Lumen 3 on LadderBench,\u201d said Dana "
            "Whitcombe."
        )
    )
    assert {mention.speaker for mention in mentions} == {"Dana Whitcombe"}
    assert len(mentions) == 2


def test_an_account_speaks_for_itself_under_the_name_that_is_known() -> None:
    official = found(
        post("We trained Lumen 3 on 15 trillion tokens. It costs $2 per million tokens.", "HalcyonLabs")
    )
    assert [mention.proposition for mention in official] == [
        "Halcyon Labs trained Lumen 3 on 15 trillion tokens", "Lumen 3 costs $2 per million tokens"
    ]
    assert {
        (mention.speaker, mention.by_author, mention.speaker_role) for mention in official
    } == {("Halcyon Labs", True, "first_party")}


def test_a_recap_names_the_account_and_its_label_is_no_part_of_what_is_said() -> None:
    passage = post("Lumen 3 launch: @mirasolano announced that Lumen 3 is available today.", "mirasolano")
    mention = only(passage)
    assert mention.proposition == "Lumen 3 is available today"
    assert passage.text[
        mention.start : mention.end
    ] == "@mirasolano announced that Lumen 3 is available today."
    assert (
        mention.speaker, mention.by_author, mention.speaker_organisation
    ) == ("Mira Solano", True, "Halcyon Labs")


def test_what_a_person_announces_is_not_their_employers_announcement() -> None:
    announcement, size = found(
        post("@mirasolano introduced Otter 2, a model with 30 billion parameters.", "mirasolano")
    )
    assert announcement.proposition == "Otter 2, a model with 30 billion parameters, was introduced"
    assert size.proposition == "Otter 2 has 30 billion parameters"


def test_a_crowd_is_a_community_without_a_name() -> None:
    mention = only(
        post("Some users argue that Lumen 3 is worse than Otter 2 at coding.", "r/models", "reddit")
    )
    assert (mention.speaker, mention.by_author, mention.speaker_role) == (None, False, "community")


def test_a_forum_name_is_a_speaker() -> None:
    mention = only(post("Marsh_Heron42 notes that Lumen 3 scores 71% on LadderBench.", "r/models", "reddit"))
    assert mention.speaker == "Marsh_Heron42"


@pytest.mark.parametrize(
    "text",
    [
        "Rumor has it that Lumen 4 is delayed.",
        "Sources say that Lumen 4 is delayed.",
        "Lumen 4 is reportedly delayed.",
        "There is a rumor that Lumen 4 is delayed.",
        "Lumen 4 is rumored to be delayed.",
    ],
)
def test_a_rumour_has_no_speaker(text: str) -> None:
    mention = only(article(text))
    assert mention.proposition == "Lumen 4 is delayed"
    assert (
        mention.speaker, mention.by_author, mention.speaker_role, mention.certainty
    ) == (None, False, "anonymous", "reported")


VOICES = [
    (
        "Lumen 4 is delayed, according to two people familiar with the matter.",
        "two people familiar with the matter",
    ),
    (
        "The Ledger reported that Lumen 4 is delayed, citing two people close to Halcyon Labs.",
        "two people close to Halcyon Labs",
    ),
    ("A leak spotted by Rowan Pike says that Lumen 4 is delayed.", "Rowan Pike"),
    (
        "Lumen 4 is delayed, according to a slide that Brightwater showed to partners.",
        "a slide that Brightwater showed to partners",
    ),
    (
        "Lumen 4 is delayed, according to a mail to partners that The Ledger has read.",
        "a mail to partners that The Ledger has read",
    ),
    (
        "Lumen 4 is delayed, according to a  memo that Brightwater  sent out.",
        "a  memo that Brightwater  sent out",
    ),
    (
        "A rumor that Lumen 4 is delayed spread on Monday. The rumor originated from a post on a forum by a "
        "user claiming to work there.",
        "a post on a forum by a user claiming to work there",
    ),
]


@pytest.mark.parametrize(("text", "attributed_to"), VOICES)
def test_a_voice_that_is_not_stored_is_kept_in_words(text: str, attributed_to: str) -> None:
    mention = only(article(text))
    assert mention.proposition == "Lumen 4 is delayed"
    assert mention.attributed_to == attributed_to


@pytest.mark.parametrize("text", [text for text, _ in VOICES])
def test_whom_it_is_attributed_to_stands_in_the_text(text: str) -> None:
    for mention in found(article(text)):
        assert mention.attributed_to is None or mention.attributed_to in text


@pytest.mark.parametrize("thing", ["AI", "LLMs", "AGI"])
def test_a_technology_says_nothing(thing: str) -> None:
    text = f"Mira Solano predicts that {thing} will write nearly all of the code of Lumen 4 within a year."
    statements = [*found(article(text)), *next(iter(reader().read([article(text)]))).speech]
    assert thing not in {statement.speaker for statement in statements}


@pytest.mark.parametrize("who", [
    "A Halcyon Labs employee, who asked not to be named,",
    "An engineer at Halcyon Labs who requested anonymity",
    "A Halcyon Labs engineer", "A former Halcyon Labs researcher", "A fired Halcyon Labs engineer",
    "A Halcyon Labs spokesperson, who asked not to be named,",
])
def test_who_is_not_named_or_has_left_does_not_speak_for_the_organisation(who: str) -> None:
    mention = only(article(f"{who} said Lumen 4 was trained on videos."))
    assert (mention.speaker, mention.speaker_organisation, mention.speaker_role, mention.certainty) == (
        None, None, "anonymous", "reported")
    assert mention.attributed_to == who.rstrip(",")


@pytest.mark.parametrize("text", [
    "A Halcyon Labs spokesperson said that the fired engineer had not trained Lumen 4.",
    "Halcyon Labs' CEO, formerly president of Y Corp, said Lumen 4 is delayed.",
])
def test_words_about_others_make_nobody_anonymous(text: str) -> None:
    assert {mention.speaker_organisation for mention in found(article(text))} == {"Halcyon Labs"}


def test_an_executive_on_condition_of_anonymity_is_anonymous() -> None:
    text = "A Halcyon Labs executive said on condition of anonymity that Lumen 4 is delayed."
    assert only(article(text)).speaker_role == "anonymous"


@pytest.mark.parametrize("who", [
    "A spokesperson for Halcyon Labs", "Halcyon Labs' CEO", "The Halcyon Labs team",
])
def test_whose_post_it_is_speaks_for_the_organisation(who: str) -> None:
    mention = only(article(f"{who} said Lumen 4 is delayed."))
    assert (mention.speaker_organisation, mention.speaker_role) == ("Halcyon Labs", "first_party")


@pytest.mark.parametrize("text", [
    "Halcyon Labs Adds Lumen 4 to Brightwater OS, Expanding Access Further",
    "Halcyon Labs revealed a price of $20 for Lumen 4.",
    "Halcyon Labs has built a Lumen 3 app using Brightwater's development tools.",
    "Halcyon Labs recently showed off Lumen 4, its conversational AI.",
])
def test_a_deed_of_an_organisation_is_told_by_the_outlet(text: str) -> None:
    reading = next(iter(reader().read([article(text)])))
    assert not reading.speech
    assert all(mention.by_author for mention in reading.mentions)


def test_the_company_is_none_that_is_known_after_an_unknown_subject() -> None:
    text = ("With the help of Halcyon Labs, Gelmark is giving its bot a voice. "
            "Starting next week, the company will roll out a public test of Lumen 3.")
    assert not [mention.proposition for mention in found(article(text)) if "Halcyon" in mention.proposition]


def test_the_company_is_the_known_subject_before() -> None:
    text = ("Gelmark has a new bot. Halcyon Labs unveiled Lumen 3 on Tuesday. "
            "The company will release Lumen 4 in May.")
    assert "Halcyon Labs will release Lumen 4 in May" in [
        mention.proposition for mention in found(article(text))
    ]


def test_who_wastes_no_time_denies_nothing() -> None:
    text = "Halcyon Labs certainly isn't wasting its time bringing the new Lumen 4 to the masses."
    assert not [mention for mention in found(article(text)) if mention.negated]


def test_a_name_ends_with_its_line() -> None:
    text = "Snapchat\n\nSnap said that Lumen 4 is delayed."
    assert only(article(text)).speaker == "Snap"


def test_at_a_place_of_many_the_maker_speaks_and_not_the_place() -> None:
    page = DocumentText(None, "Llama 4 Maverick has 400 billion parameters.", "blog", "github.com/meta-llama",
                        "meta-llama", None, "github.com", "community", None, WEDNESDAY, None)
    mention = only(page)
    assert (mention.speaker, mention.speaker_organisation, mention.by_author) == ("Meta", "Meta", True)
    statement = only(
        dataclasses.replace(page, source_name="Meta Llama on GitHub", source_organisation="Meta")
    )
    assert statement.speaker == "Meta Llama on GitHub"


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        # What a relative clause tells of somebody's words is not the sentence's.
        ("Ann Lee, the Halcyon Labs founder who predicted the release of Lumen 4, dies at 94.",
         "The Daily Byte"),
        ("Lumen 4 was trained on test sets, said Ann Lee, who predicted the release of Lumen 3.", "Ann Lee"),
        ("Halcyon Labs co-founder Ann Lee, a pioneer whose “Lee’s Law” predicted a steady rise of Lumen 4 "
         "for decades, has died at the age of 94, Halcyon Labs announced.", "Halcyon Labs"),
    ],
)
def test_who_speaks_in_a_relative_clause_does_not_speak_the_sentence(text: str, speaker: str) -> None:
    (reading,) = reader().read([article(text)])
    whole = [*reading.sentences, *(m for m in reading.mentions if "trained" in m.proposition)]
    assert {mention.speaker for mention in whole} == {speaker}
    assert {said.speaker for said in reading.speech} <= {speaker}
