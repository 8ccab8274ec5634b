"""Speakers in Chinese texts: a quoted person is never taken for the outlet, nor hearsay for a voice."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.language.attribution import chinese
from models.language.names import document as documents
from models.language.names.entity_spans import KnownNames
from models.language.parsing.language_id import language_of
from models.protocols.language import DocumentText, FoundSpeech
from tests.models.language.language_world import article, post, reader, shipped_and_fictional


def read(passage: DocumentText) -> list[FoundSpeech]:
    known_names = KnownNames(shipped_and_fictional())
    return chinese.speech(documents.read(passage, known_names, str.islower), known_names)


def who(text: str) -> list[tuple[str, str | None, str | None]]:
    """Return the voices of an article's sentences."""
    return [(speech.voice, speech.speaker, speech.speaker_organisation) for speech in read(article(text))]


@pytest.mark.parametrize(
    ("text", "voice", "speaker", "organisation"),
    [
        ("Halcyon Labs否认使用了测试集。", "named", "Halcyon Labs", "Halcyon Labs"),
        ("Halcyon Labs官方表示，Lumen 5没有推迟。", "named", "Halcyon Labs", "Halcyon Labs"),
        ("OpenAI首席执行官奥特曼在播客中透露，新模型夏天发布。", "named", "Sam Altman", "OpenAI"),
        ("奥特曼（Sam Altman）昨日对OpenAI员工表示，价格会降。", "named", "Sam Altman", "OpenAI"),
        ("马斯克在X上发文称，Grok 3比对手都强。", "named", "Elon Musk", "xAI"),
        ("马斯克：Grok 3下周开源", "named", "Elon Musk", "xAI"),
        ("Halcyon Labs副总裁吴永坚也对记者表示，一切顺利。", "named", "吴永坚", "Halcyon Labs"),
        ("Halcyon Labs发言人强调，价格不变。", "staff", None, "Halcyon Labs"),
        ("前Halcyon Labs员工爆料称，模型是蒸馏的。", "staff", None, None),
        ("一位律师Jane Roe表示，这并不违法。", "named", "Jane Roe", None),
        ("据知情人士透露，Lumen 5要推迟。", "anonymous", None, None),
        ("两位知情人士称，Lumen 5要推迟。", "anonymous", None, None),
        ("网传Lumen 5要推迟到秋天。", "anonymous", None, None),
        ("据悉，Lumen 5要推迟到秋天。", "anonymous", None, None),
        ("有消息称，Lumen 5的参数达到三万亿。", "anonymous", None, None),
        ("据外媒报道，Halcyon Labs要涨价。", "anonymous", None, None),
        ("Halcyon Labs确认，将收购Cartway。", "named", "Halcyon Labs", "Halcyon Labs"),
        ("网友们纷纷表示，Lumen 4太贵了。", "community", None, None),
        ("分析师认为，价格还会跌。", "expert", None, None),
        ("@mirasolano 表示，Lumen 5没有推迟。", "named", "Mira Solano", "Halcyon Labs"),
    ],
)
def test_who_is_quoted(text: str, voice: str, speaker: str | None, organisation: str | None) -> None:
    passage = post(text, "somebody") if text.startswith("@") else article(text)
    (speech,) = read(passage)
    assert (speech.voice, speech.speaker, speech.speaker_organisation) == (voice, speaker, organisation)
    assert (speech.part, text[speech.start : speech.end]) == ("text", text)
    assert speech.certainty == ("reported" if voice == "anonymous" else "asserted")


@pytest.mark.parametrize(
    "text",
    [
        "Lumen 5今天发布了。", "DeepSeek说我的代码有问题。", "GPT-5告诉我这是对的。",
        "Lumen 4强调，这不合法。",
        "我认为Lumen 4不如Otter 2。", "微软被称为最大赢家。", "对于这些传闻，我们可以明确表示，绝无此事。",
        "Halcyon Labs的竞争对手表示不满。", "这些传闻没有任何根据。", "这是一种新的表示学习方法。",
        "总的来说，Lumen 4很好。", "Lumen 4的发布时间尚未确认，将于近期公布。",
    ],
)
def test_the_author_speaks_where_nobody_is_quoted(text: str) -> None:
    assert who(text) == []


def test_an_outlet_passes_on_what_somebody_else_says() -> None:
    for text, speaker, through in (
        ("据彭博社报道，苹果CEO库克表示，今年不会发布。", "Tim Cook", "彭博社"),
        ("据彭博社援引知情人士报道，苹果要涨价。", None, "彭博社"),
        ("路透社援引三名知情人士的话称，谷歌要收购Halcyon Labs。", None, "路透社"),
    ):
        (speech,) = read(article(text))
        assert (speech.speaker, speech.attributed_to) == (speaker, through)


@pytest.mark.parametrize(
    ("text", "outlet"),
    [("据彭博社报道，Halcyon Labs要涨价。", "Bloomberg"),
     ("据《华夏晚报》报道，Halcyon Labs要裁员。", "华夏晚报")],
)
def test_the_report_of_an_outlet_is_passed_on_by_whoever_tells_it(text: str, outlet: str) -> None:
    (speech,) = read(article(text))
    assert (speech.voice, speech.speaker, speech.attributed_to) == ("author", "The Daily Byte", outlet)
    assert speech.certainty == "reported"


def test_a_quotation_belongs_to_whoever_stands_beside_it() -> None:
    altman = ("named", "Sam Altman", "OpenAI")
    assert who("OpenAI CEO奥特曼说：“我们没有用测试集训练过。新模型很快就来。”") == [altman, altman]
    staff = ("staff", None, "Halcyon Labs")
    assert who("“我们从来没有这么做过。传闻全是假的。”Halcyon Labs发言人表示。") == [staff, staff, staff]


def test_he_and_the_company_are_whoever_spoke_last() -> None:
    text = "Mira Solano表示，Lumen 5没有推迟。他还强调，价格不变。该公司表示，一切顺利。"
    assert [speaker for _, speaker, _ in who(text)] == ["Mira Solano"] * 3


def test_doubts_and_questions_of_the_author_are_told() -> None:
    speeches = read(article("Lumen 5真的会来吗？它或将推迟。这不可能。"))
    assert [(speech.voice, speech.certainty) for speech in speeches] == [
        ("author", "questioned"),
        ("author", "hedged"),
    ]


def test_posts_that_are_repeated_are_other_peoples() -> None:
    text = (
        "老王 发表于 2025-2-6 16:35\nLumen 4是用测试集训练的吧 ...\n早就辟谣了，别传了。\n"
        "> 还有人信\n我不信。"
    )
    speeches = read(post(text, "somebody", "other"))
    assert [(speech.voice, speech.speaker, text[speech.start : speech.end]) for speech in speeches] == [
        ("community", "老王", "Lumen 4是用测试集训练的吧 ..."), ("community", None, "> 还有人信"),
    ]
    text = "别信//@mirasolano:Lumen 5很快就来//@小明:什么时候出"
    assert [speech.speaker for speech in read(post(text, "somebody"))] == ["Mira Solano", "@小明"]


@pytest.mark.parametrize("text", ["转发//@Somebody:Lumen 5很快就来", "@somebody 表示，Lumen 5很快就来。"])
def test_the_authors_own_account_is_the_author(text: str) -> None:
    (speech,) = read(post(text, "somebody"))
    assert (speech.voice, speech.speaker, speech.certainty) == ("author", "somebody", "asserted")


def test_the_reader_gives_speech_of_chinese_texts_only() -> None:
    chinese_reading, english = reader().read([
        article("据知情人士透露，Lumen 5要推迟。", language="zh"), article("Lumen 5 is out, 据悉.")
    ])
    assert [speech.voice for speech in chinese_reading.speech] == [
        "anonymous"
    ] and chinese_reading.mentions == ()
    assert not any(speech.speech_verb == "据悉" for speech in english.speech)


@pytest.mark.parametrize("text", ["有消息称，Lumen 5参数达到3万亿。", "奥特曼：GPT-5今年夏天见", "今年没戏"])
def test_short_chinese_is_chinese(text: str) -> None:
    assert language_of(text) == language_of(text, "en") == "zh"
    assert language_of("このモデルは夏に公開されます") == "ja"


PIECES: Any = st.sampled_from([
    "据", "彭博社", "报道", "，", "。", "奥特曼", "表示", "说", "：", "“", "”", "「", "」", "网传", "OpenAI",
    "发言人", "的", "对", "在", "中", "（", "）", "\n", "> ", "//@sama:",
    "老王 发表于 2025-2-6 16:35\n", " ...",
    "他", "吗？", " ", "GPT-5", "援引知情人士",
])


@given(st.lists(PIECES, max_size=50).map("".join))
def test_any_text_can_be_read_and_places_are_in_order(text: str) -> None:
    end = 0
    for speech in read(article(text)):
        assert end <= speech.start < speech.end
        assert text[speech.start : speech.end] == text[speech.start : speech.end].strip()
        end = speech.end
