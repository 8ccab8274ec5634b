"""Passages of English and Chinese texts: what stays together, where texts are cut, and exact offsets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.chinese.han import is_han
from models.language.passages import LONGEST, WHOLE, spans


def cut(text: str, whole: int = WHOLE) -> list[str]:
    return [text[start:end] for start, end in spans(text, whole)]


@pytest.mark.parametrize(
    "text",
    [
        "Heard from two people that Lumen 5 slips to autumn. No source, sorry.",
        "Lumen 5?\nNot this year.",
        "听两个朋友说Lumen 5要推迟到秋天。没有来源，抱歉。",
        "Lumen 5？\n今年没戏。",
        "> all of it is a quotation\n> and so is this",
    ],
)
def test_a_short_post_is_one_passage(text: str) -> None:
    assert cut(f"\n {text} \n") == [text]


def test_blank_texts_have_no_passage() -> None:
    assert [spans(text) for text in ("", " \n\t", "\u3000\u2028")] == [[], [], []]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Halcyon Labs released Lumen 4 on Tuesday, two days late. The model costs $3 per million tokens, "
            "e.g. half of Otter 2. Nobody outside has measured it so far.",
            [
                "Halcyon Labs released Lumen 4 on Tuesday, two days late.",
                "The model costs $3 per million tokens, e.g. half of Otter 2.",
                "Nobody outside has measured it so far.",
            ],
        ),
        (
            "该公司周二发布了新模型，比原计划晚了整整两天时间。价格是每百万词元三美元，只有上一代产品的一半左右！目前外界还没有人对它做过任何测量？"
            "内部测试显示它在数学上仍然不如对手；但在写代码方面已经明显领先了一大截",
            [
                "该公司周二发布了新模型，比原计划晚了整整两天时间。",
                "价格是每百万词元三美元，只有上一代产品的一半左右！",
                "目前外界还没有人对它做过任何测量？",
                "内部测试显示它在数学上仍然不如对手；",
                "但在写代码方面已经明显领先了一大截",
            ],
        ),
        (
            "“我们从来没有用测试集训练过这个模型，一次也没有。”她在周三的采访里这样对记者说道。「这些传闻没有任何根据，我们不会再回应了。」",
            [
                "“我们从来没有用测试集训练过这个模型，一次也没有。”",
                "她在周三的采访里这样对记者说道。",
                "「这些传闻没有任何根据，我们不会再回应了。」",
            ],
        ),
        (
            "他说这个模型是从别人那里蒸馏出来的……没有人相信他说的这些话吧?反正我看完之后是完全不信的!你们自己去看那篇论文就知道了.作者写得很清楚",
            [
                "他说这个模型是从别人那里蒸馏出来的……",
                "没有人相信他说的这些话吧?反正我看完之后是完全不信的!",
                "你们自己去看那篇论文就知道了.作者写得很清楚",
            ],
        ),
        (
            "“模型很快就会开源，大家再等一等吧。”，他在群里这样回答了所有提问的人。"
            "Halcyon says Lumen 5 will be open next month. "
            "不过谁也不知道是不是真的会开源。",
            [
                "“模型很快就会开源，大家再等一等吧。”，他在群里这样回答了所有提问的人。",
                "Halcyon says Lumen 5 will be open next month.",
                "不过谁也不知道是不是真的会开源。",
            ],
        ),
    ],
)
def test_sentences_end_where_they_end(text: str, expected: list[str]) -> None:
    assert cut(text, 60) == expected


def test_a_fragment_goes_with_its_neighbour() -> None:
    text = "No. Halcyon Labs never trained Lumen 4 on the test set of LadderBench. Really. Not once."
    assert cut(text, 75) == [
        "No. Halcyon Labs never trained Lumen 4 on the test set of LadderBench.", "Really. Not once."
    ]
    assert cut("假的。这家公司从来没有用天梯测试集训练过第四代模型，一次都没有。真的。别信。", 61) == [
        "假的。这家公司从来没有用天梯测试集训练过第四代模型，一次都没有。", "真的。别信。"
    ]


def test_lines_of_quotation_are_no_part_of_the_reply() -> None:
    assert cut("> Lumen 4 was trained on the test set\n\nThat was debunked weeks ago.") == [
        "> Lumen 4 was trained on the test set", "That was debunked weeks ago."
    ]
    assert cut("> 第四代是用测试集训练的\n早就辟谣了") == ["> 第四代是用测试集训练的", "早就辟谣了"]


def test_long_lines_are_cut_at_blanks_and_commas() -> None:
    words = cut("word " * 300)
    assert [len(piece) for piece in words] == sorted((len(piece) for piece in words), reverse=True)
    assert all(piece.split() == ["word"] * len(piece.split()) for piece in words)
    clauses = cut("这一句话根本没有句号，" * 60)
    assert len(clauses) > 1 and all(clause.endswith("，") for clause in clauses)
    assert max(map(len, cut("长" * 1000))) == LONGEST // 2 and max(map(len, cut("x" * 1500))) == LONGEST


PIECES = st.sampled_from([
    "据说", "模型", "发布了", "。", "！", "？", "；", "…", "……", "，", "“", "”", "「", "」", "\n", "> ", " ",
    "\u3000", ".", "!", "?", "Lumen 4 ", "It costs $3. ", "e.g. ", "no", "长句子" * 40, "word " * 50,
    "\u2028", "😀", "\r\n",
])


@given(st.lists(PIECES, max_size=60).map("".join), st.sampled_from([0, 60, WHOLE]))
def test_passages_are_ordered_disjoint_trimmed_and_leave_out_only_blank_space(text: str, whole: int) -> None:
    end = 0
    for start, stop in spans(text, whole):
        assert end <= start < stop
        assert text[end:start].strip() == ""
        passage = text[start:stop]
        assert passage == passage.strip()
        assert len(passage) + sum(map(is_han, passage)) <= LONGEST
        end = stop
    assert text[end:].strip() == ""


@given(st.text(max_size=400))
def test_any_text_can_be_cut(text: str) -> None:
    assert "".join("".join(cut(text)).split()) == "".join(text.split())
