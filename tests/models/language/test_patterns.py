"""One case for each pattern that finds a claim, and for each that keeps a fragment or a passing remark from being one."""

from __future__ import annotations

import itertools

import pytest

from tests.models.language.language_world import article, found, only, post


@pytest.mark.parametrize(
    ("text", "proposition", "kind"),
    [
        ("Some users feel that Lumen 3 falls short compared to Otter 2.", "Lumen 3 falls short compared to Otter 2", "capability"),
        ("There is a call for Lumen 3 to get cheaper, as some users feel it falls short.", "Lumen 3 falls short", "capability"),
        ("Lumen 3 is out. Critics note its improvement over Otter 2.", "Lumen 3 has an improvement over Otter 2", "capability"),
        ("Comparisons are made to distilled Lumen models that can run on a phone.", "Distilled Lumen models can run on a phone", "capability"),
        ("Users say that open-source models like Lumen 3 can replace analysts.", "Open-source models like Lumen 3 can replace analysts", "capability"),
        ("Users say that Lumen 3 struggles at 8K tokens.", "Lumen 3 struggles at 8K tokens", "capability"),
        ("@heron highlighted Lumen Pro at $20/month versus Otter 2 at $200/month.", "Otter 2 costs $200/month", "price"),
        ("@heron congratulated Halcyon Labs on the launch of Lumen 3.", "Lumen 3 is launched", "release"),
        ("@heron shared LadderBench results showing Lumen 3 (no tools) achieving 33.8%.", "Lumen 3 achieves 33.8%", "benchmark_result"),
        ("@heron defended Halcyon's strategy, saying it follows common practice.", "Halcyon's strategy follows common practice", "other"),
        ("Many argue that Halcyon's claim is misleading.", "Halcyon's claim is misleading", "other"),
        ("Users note that Halcyon Labs does not label ads, with Marsh_Heron42 noting it shares the same policy as Brightwater.", "Halcyon Labs shares the same policy as Brightwater", "other"),
        ("@heron announced a partnership between Halcyon Labs and Brightwater to co-develop agents.", "A partnership between Halcyon Labs and Brightwater to co-develop agents was announced", "release"),
        ("Lumen 3 is highlighted as the smallest model capable of speech.", "Lumen 3 is the smallest model capable of speech", "capability"),
        ("Halcyon Labs is noted as being open-source.", "Halcyon Labs is open-source", "licence"),
        ("Lumen 3 runs on LadderBench, where Lumen 3 beats Otter 2.", "Lumen 3 beats Otter 2", "benchmark_result"),
        ("Chip exports of Halcyon Labs face further limits.", "Chip exports of Halcyon Labs face further limits", "deal"),
        ("Users say that Lumen 3 degrades at long inputs.", "Lumen 3 degrades at long inputs", "capability"),
        ("Halcyon Labs delays the release of Lumen 4.", "Halcyon Labs delays the release of Lumen 4", "delay"),
        ("Halcyon Labs shared a roadmap, revealing plans to ship Lumen 4 and to release Lumen 5.", "Halcyon Labs will release Lumen 5", "release"),
        ("Halcyon Labs's roadmap outlines plans to release Lumen 4.", "Halcyon Labs will release Lumen 4", "release"),
        ("Otter 2 pricing was widely called steep, with: @heron stating it's 15-20x more expensive than Lumen 3.", "Otter 2 is 15-20x more expensive than Lumen 3", "price"),
        ("Otter 2 benchmark scores are under scrutiny, with: @mirasolano questioned its performance against Lumen 3.", "Otter 2 performs well against Lumen 3", "capability"),
        ("There is skepticism about the performance of Otter 2.", "Otter 2 performs well", "capability"),
        ("Users doubt Halcyon Labs's $5 billion investment.", "Halcyon Labs's $5 billion investment is real", "deal"),
        ("@heron highlighted Otter 2. Trained with care, it rivals Lumen 3.", "Otter 2 rivals Lumen 3 trained with care", "training_data"),
    ],
)
def test_what_is_found(text: str, proposition: str, kind: str) -> None:
    mentions = found(article(text, title="Lumen 3 is out"))
    assert (proposition, kind) in [(m.proposition, m.kind) for m in mentions], [(m.proposition, m.kind) for m in mentions]


@pytest.mark.parametrize(
    "text",
    [
        "A sarcastic tone dominates, with users predicting that Lumen 4 will need a century.",
        "@heron introduced a guide on building agents with Lumen 3.",
        "@heron introduced Pebble, a Python package that wraps the models of Halcyon Labs.",
        "Anyone want a script that runs Lumen 3 on a phone?",
        "Lumen 3 scarcity is a major factor.",
        "Lumen 3 won a Twitter poll, beating the other option.",
        "Some users suggest that such votes are steered by Halcyon Labs.",
        "Critics criticize the reasoning of Lumen 3.",
        "Users find Lumen 3 verbose.",
        "Users are split over the move from Lumen 2 to Lumen 3, which complicates the choice.",
        "There are worries about settings, particularly for Lumen 3, which may affect speed.",
        "Halcyon Labs spoke on Monday, showcasing its vision.",
        "Lumen 3 is under scrutiny.",
        "The script runs Lumen 3.",
        "The poll favours Lumen 3.",
        "Lumen 2 and Lumen 3 scored 53 and 51.",
        "Other models like Lumen 3 struggled.",
        "Critics say that Halcyon Labs hides the changes.",
        "Users note that Lumen 3 does not reach the same level.",
        "With Lumen 3, it achieves a 76% win rate.",
        "Halcyon Labs may make an official announcement anytime soon.",
        "Halcyon Labs is in the news. Ada Brook, its head of research, called the rumour \"simply not true\".",
    ],
)
def test_what_is_no_claim(text: str) -> None:
    assert [m.proposition for m in found(article(text))] == []


@pytest.mark.parametrize(
    ("text", "proposition"),
    [
        ("Halcyon Labs says that their Lumen 3 model leads LadderBench.", "Halcyon Labs' Lumen 3 model leads LadderBench"),
        ("Users expect that Lumen 4 will improve video, with some expressing hope for adding sound.", "Lumen 4 will improve video"),
        ("Lumen 3's method involves training against itself to improve.", "Lumen 3's method involves training against itself to improve"),
        ("Critics say that Lumen 3 costs $5 (Reddit post).", "Lumen 3 costs $5"),
        ("Halcyon Labs plans to build chips, as announced by its chief executive.", "Halcyon Labs plans to build chips"),
        ("Some say that Lumen 3 may not fail but rather act on its goals.", "Lumen 3 acts on its goals"),
        ("Lumen 3 costs $5 per million tokens site.example/2026/03/lumen-3-pri...", "Lumen 3 costs $5 per million tokens"),
        ("Lumen 4 is delayed to July https://short.example/a1B2", "Lumen 4 is delayed to July"),
        ("Lumen 3 is fast. It's topped LadderBench by a huge margin.", "Lumen 3 has topped LadderBench by a huge margin"),
    ],
)
def test_a_proposition_holds_no_scraps(text: str, proposition: str) -> None:
    assert proposition in [m.proposition for m in found(article(text, title="Lumen 3 is out"))]


def test_no_organisation_is_taken_for_a_model() -> None:
    propositions = [m.proposition for m in found(post("Halcyon Labs is hiring. It will be the default model. It generates images. It is beginning to roll out. Critics like its accuracy.", "heron"))]
    assert not [p for p in propositions if "hiring" not in p]


def test_we_as_mankind_is_nobody_in_particular() -> None:
    assert found(post("As a species, we can improve our reasoning by training.", "HalcyonLabs")) == []


@pytest.mark.parametrize(
    "text",
    ["A leaker claims Lumen 4 is delayed.", "Lumen 4 is delayed, a leaked slide says.", "Lumen 4 is delayed, a leaker claims", "A leaked memo claims that Lumen 4 is delayed."],
)
def test_an_unnamed_leaker_is_an_anonymous_voice(text: str) -> None:
    mention = only(post(text, "heron"))
    assert mention.proposition == "Lumen 4 is delayed"
    assert (mention.speaker, mention.by_author, mention.speaker_role, mention.certainty) == (None, False, "anonymous", "reported")


def test_what_something_is_seen_as_and_does_is_the_crowds_word() -> None:
    mentions = found(article("Lumen 3 is seen as a breakthrough, allowing small firms to compete."))
    assert mentions
    assert {(m.speaker, m.by_author) for m in mentions} == {(None, False)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Lumen 3 is out, as reported by: @heron said that Otter 2 is delayed.", [("Lumen 3 is out", "@heron"), ("Otter 2 is delayed", "@heron")]),
        ("Lumen 3 costs $5 per million tokens, according to: @heron .", [("Lumen 3 costs $5 per million tokens", "@heron")]),
        ("Lumen 3 was released on Monday under an open license.: @heron said that Otter 2 is delayed.", [("Lumen 3 was released on Monday under an open license", "egret"), ("Otter 2 is delayed", "@heron")]),
        ("Lumen 3 leads the LadderBench leaderboard by a wide margin, with: @heron noting that Lumen 3 costs $5.", [("Lumen 3 leads the LadderBench leaderboard by a wide margin", "egret"), ("Lumen 3 costs $5", "@heron")]),
    ],
)
def test_a_recap_that_runs_into_a_handle_is_read_as_two_sentences(text: str, told: list[tuple[str, str]]) -> None:
    passage = post(text, "egret")
    mentions = found(passage)
    assert [(m.proposition, m.speaker) for m in mentions] == told
    ends = [(m.start, m.end) for m in mentions]
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(ends))


def test_a_contested_identity_is_a_denial() -> None:
    mention = only(article("The Lumen 3 code is not the actual Lumen 3 code."))
    assert (mention.proposition, mention.negated) == ("The Lumen 3 code is the actual Lumen 3 code", True)


def test_a_comparison_that_is_denied() -> None:
    mention = found(article("Others criticize Lumen 3, stating it is not as advanced as Otter 2."))[-1]
    assert (mention.proposition, mention.negated, mention.kind) == ("Lumen 3 is as advanced as Otter 2", True, "capability")


FOREIGN = [
    ("de", "Halcyon Labs hat Lumen 4 am Dienstag veröffentlicht, und das Modell kostet drei Dollar pro Million Token."),
    ("fr", "Halcyon Labs a publié Lumen 4 mardi, et le modèle coûte trois dollars par million de jetons."),
    ("es", "Halcyon Labs publicó Lumen 4 el martes, y el modelo cuesta tres dólares por millón de tokens."),
    ("pt", "A Halcyon Labs lançou o Lumen 4 na terça-feira, e o modelo custa três dólares por milhão de tokens."),
    ("it", "Halcyon Labs ha pubblicato Lumen 4 martedì, e il modello costa tre dollari per milione di token."),
    ("tr", "Halcyon Labs Lumen 4 modelini salı günü yayınladı ve model milyon jeton başına üç dolara mal oluyor."),
    ("ru", "Halcyon Labs выпустила Lumen 4 во вторник, и модель стоит три доллара за миллион токенов."),
    ("uk", "Halcyon Labs випустила Lumen 4 у вівторок, і ця модель коштує три долари за мільйон токенів."),
    ("zh", "Halcyon Labs 周二发布了 Lumen 4，该模型每百万个令牌的价格为三美元。"),
    ("ja", "Halcyon Labs は火曜日に Lumen 4 を公開しました。このモデルの価格は百万トークンあたり三ドルです。"),
    ("ko", "Halcyon Labs는 화요일에 Lumen 4를 공개했으며 이 모델의 가격은 백만 토큰당 3달러입니다."),
    ("ar", "أصدرت شركة Halcyon Labs نموذج Lumen 4 يوم الثلاثاء، ويكلف النموذج ثلاثة دولارات لكل مليون رمز."),
    ("he", "חברת Halcyon Labs שחררה את Lumen 4 ביום שלישי, והמודל עולה שלושה דולרים למיליון אסימונים."),
    ("hi", "Halcyon Labs ने मंगलवार को Lumen 4 जारी किया और इस मॉडल की कीमत प्रति दस लाख टोकन तीन डॉलर है।"),
    ("th", "Halcyon Labs เปิดตัว Lumen 4 เมื่อวันอังคาร และโมเดลนี้มีราคาสามดอลลาร์ต่อหนึ่งล้านโทเค็น"),
    ("el", "Η Halcyon Labs κυκλοφόρησε το Lumen 4 την Τρίτη και το μοντέλο κοστίζει τρία δολάρια ανά εκατομμύριο."),
]


@pytest.mark.parametrize(("language", "text"), FOREIGN)
def test_another_language_is_told_and_gives_no_claim(language: str, text: str) -> None:
    from tests.models.language.language_world import reader

    assert reader().language_of(article(text)) == language
    assert found(article(text)) == []
    assert found(article(text, title=text)) == []
