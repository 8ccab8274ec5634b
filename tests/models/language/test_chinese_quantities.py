"""Figures of Chinese texts are written as those of English ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.language.slots.chinese_quantities import quantities
from models.language.slots.quantities import numbers


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("总共6710亿参数", "671B parameters in total"),
        ("参数量达到6710亿", "it has 671B parameters"),
        ("671B参数的模型", "671B parameters"),
        ("370亿激活参数", "37B active parameters"),
        ("训练只花了557万美元", "training cost just $5.57 million"),
        ("融资3亿元", "raised 300 million yuan"),
        ("1.5万亿个token", "1.5 trillion tokens"),
        ("三万亿参数", "3 trillion parameters"),
        ("用了2048张H800", "with 2,048 H800s"),
        ("提升了百分之二十", "up 20%"),
        ("准确率是88.5％", "88.5% accuracy"),
        ("快了两倍", "2x faster"),
        ("每秒40个token", "40 tokens/s"),
        ("128K上下文", "128k context"),
        ("上下文长度为128K", "128k context"),
        ("32B的小模型", "a small 32B model"),
        ("推迟3个月", "3 months later"),
        ("5到6亿美元", "$500-600 million"),
        ("6亿5000万美元", "$650 million"),
        ("五点五亿美元", "$550 million"),
        ("每百万token收2美元", "$2 per million tokens"),
        ("4位量化要24G显存", "4 bit quantisation takes 24 GB"),
    ],
)
def test_both_languages_give_one_figure(chinese: str, english: str) -> None:
    chinese_figures = set(numbers(chinese))
    assert chinese_figures and chinese_figures <= set(numbers(english)), (numbers(chinese), numbers(english))


@pytest.mark.parametrize(
    "text",
    [
        "2025年3月15日发布", "24年9月", "第3代和第二版", "3月底上线", "晚上9点半", "发表于 2025-1-24 14:18",
        "一个人的一天",        "元宇宙2年", "看 https://t.example/p/2029840",
    ],
)
def test_dates_orders_and_addresses_are_no_figures(text: str) -> None:
    assert [figure for figure in numbers(text) if figure != "2 years"] == []


def test_figures_keep_their_order_and_english_ones_their_place() -> None:
    assert numbers("先用了100张卡，再用了200 GPUs，最后是3万块H100，花了1000万元") == (
        "100 gpus", "200 gpus", "30000 gpus", "10m cny"
    )


@given(st.text(st.sampled_from("0123456789.,万亿千百十一两三点元美张卡个月年第%$ -到参数bkx:"), max_size=60))
def test_places_are_in_order_and_any_text_can_be_read(text: str) -> None:
    end = 0
    for quantity in quantities(text):
        assert end <= quantity.start < quantity.end <= len(text)
        end = quantity.end
    assert all(numbers(text))
