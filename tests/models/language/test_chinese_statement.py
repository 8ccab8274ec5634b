"""What a Chinese sentence that an editor follows is about: kind, names, figures, date."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from models.language.slots.chinese_dates import chinese_time
from tests.models.language.language_world import WEDNESDAY, reader


@pytest.mark.parametrize(
    ("sentence", "kind", "names", "figures"),
    [
        ("Meta用测试集训练了Llama 4。", "benchmark_gaming", {"Meta", "Llama 4"}, ()),
        ("Llama 4在跑分上作弊", "benchmark_gaming", {"Llama 4"}, ()),
        ("GPT-5将于2026年8月发布", "release", {"GPT-5"}, ()),
        ("DeepSeek R2推迟到下个月", "delay", {"DeepSeek-R2"}, ()),
        ("Kimi K2有1万亿参数", "size", {"Kimi K2"}, ("1t parameters",)),
        ("DeepSeek-V3的训练成本是557万美元", "price", {"DeepSeek-V3"}, ("5.57m usd",)),
        ("微软收购了OpenAI", "deal", {"Microsoft", "OpenAI"}, ()),
        ("GPT-5很有意思", "other", {"GPT-5"}, ()),
    ],
)
def test_kind_names_and_figures(sentence: str, kind: str, names: set[str], figures: tuple[str, ...]) -> None:
    statement = reader().statement(sentence, WEDNESDAY)
    assert (statement.kind, statement.numbers) == (kind, figures)
    assert names <= {*statement.entities, *statement.organisations}


@pytest.mark.parametrize(
    ("words", "year", "month", "day", "precision"),
    [
        ("将于2026年8月7日发布", 2026, 8, 7, "day"), ("8月7号发布", 2026, 8, 7, "day"),
        ("2月发布", 2027, 2, 28, "month"), ("2026年8月份发布", 2026, 8, 31, "month"),
        ("明年第一季度", 2027, 3, 31, "quarter"), ("今年下半年", 2026, 12, 31, "year"),
        ("2027年推出", 2027, 12, 31, "year"), ("明年年底", 2027, 12, 31, "year"),
        ("年底前", 2026, 12, 31, "year"),
        ("明天上线", 2026, 3, 5, "day"), ("下周上线", 2026, 3, 15, "month"), ("下个月", 2026, 4, 30, "month"),
    ],
)  # fmt: skip
def test_dates(words: str, year: int, month: int, day: int, precision: str) -> None:
    last_second = datetime(year, month, day, 23, 59, 59, tzinfo=UTC)
    assert chinese_time(words, date(2026, 3, 4), ahead=True) == (last_second, precision)


@pytest.mark.parametrize(
    "words", ["月活用户", "2月30日", "日本公司", "很快发布", "第三代", "今年", "8月发布", "明天上线"]
)
def test_nothing_is_guessed(words: str) -> None:
    assert chinese_time(words, None, ahead=True) == (None, "unknown")
