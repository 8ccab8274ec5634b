"""Tests of Chinese sentences that may stand alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.chinese.sentences import needs_context, sentences, whole


def wholes(text: str) -> list[str]:
    """Return the sentences of a text that stand alone, in their own words."""
    return [stripped[0] for start, end in sentences(text) if (stripped := whole(text[start:end]))]


@pytest.mark.parametrize(("text", "expected"), [
    ("Halcyon Labs 周二发布了 Lumen 4。Lumen 4 的价格为三美元！",
     ["Halcyon Labs 周二发布了 Lumen 4", "Lumen 4 的价格为三美元"]),
    ("【Halcyon Labs 发布 Lumen 4】灯报 3 月 15 日消息，Halcyon Labs 今天发布了 Lumen 4。",
     ["Halcyon Labs 发布 Lumen 4", "Halcyon Labs 今天发布了 Lumen 4"]),
    ("【回应】据灯报报道，Halcyon Labs 正在修改合同。", ["Halcyon Labs 正在修改合同"]),
    ("#Halcyon Labs修改数十亿美元合同# 据灯报报道，Halcyon Labs 正在修改合同。",
     ["Halcyon Labs修改数十亿美元合同", "Halcyon Labs 正在修改合同"]),
    ("网传 Lumen 4 将于8月发布 https://example.org/a", ["Lumen 4 将于8月发布"]),
    ("1. Lumen 4 开源了全部模型权重", ["Lumen 4 开源了全部模型权重"]),
])
def test_what_a_post_puts_around_a_sentence_is_left_out(text: str, expected: list[str]) -> None:
    assert wholes(text) == expected


@pytest.mark.parametrize("text", [
    "Lumen 4 真的会在今年八月发布吗？", "Lumen 4 会不会开源呢",  # they ask
    "Halcyon Labs 否认 Lumen 4 推迟发布",  # it tells a denial of another statement
    "但是 Lumen 4 的价格降低了一半", "如果 Lumen 4 开源全部权重就好了",  # they go on with what came before
    "Lumen 4 的新功能包括：", "Halcyon Labs 的发言人表示",  # they break off
    "Halcyon Labs 说“Lumen 4 将于八月发布",  # a quotation that does not end
    "Halcyon Labs 发布】Lumen 4 的价格降低了一半",
    "Lumen 4 很好", "Lumen 4 见 https://example.org/lumen 的发布说明全文",
])
def test_what_cannot_stand_alone_is_none(text: str) -> None:
    assert wholes(text) == []


@pytest.mark.parametrize(("sentence", "needs"), [
    ("Lumen 4 的价格降低了一半，它很便宜", False), ("它比 Lumen 4 便宜一半", True),
    ("这让 Lumen 4 更便宜", True),
    ("我觉得 Lumen 4 的价格降低了一半", True), ("此外 Lumen 4 的价格降低了一半", False),
])
def test_a_sentence_that_points_back_or_speaks_of_its_writer_needs_its_context(sentence: str, needs: bool
                                                                               ) -> None:
    assert needs_context(sentence, sentence.index("Lumen")) is needs


@given(st.text(alphabet="模型发布的。！？；【】#“”，1 a\n据报道：月日消息", max_size=120))
def test_a_whole_sentence_stands_verbatim_at_its_place(text: str) -> None:
    for start, end in sentences(text):
        if (stripped := whole(text[start:end])) is not None:
            words, first, last = stripped
            assert text[start:end][first:last] == words == words.strip()


@pytest.mark.parametrize("text", ["Lumen 4 发布" + " " * 100_000 + "x", "#" + " " * 100_000 + "模型x"])
def test_a_sentence_of_a_stranger_that_is_endless_is_not_looked_at(text: str) -> None:
    assert wholes(text) == []
