"""Read figures with Chinese scales and units: "6710亿参数", "557万美元", "百分之二十", "三万亿个token"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FIGURE = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_WORDS = r"[一二两三四五六七八九十][零〇一二两三四五六七八九十百千]{0,6}(?:点[零一二三四五六七八九]{1,4})?"
_SCALES = {
    "万亿": 1e12, "千亿": 1e11, "百亿": 1e10, "十亿": 1e9, "亿": 1e8,
    "千万": 1e7, "百万": 1e6, "万": 1e4, "千": 1e3,
    "k": 1e3, "m": 1e6, "b": 1e9, "bn": 1e9, "t": 1e12,
}
# The first unit that fits is taken. "24年9月" is a date and "第3代" an ordinal: neither is a figure.
_UNITS: tuple[tuple[str, str], ...] = (
    (r"美元|美金|美刀|刀(?!具|片|法)", "usd"),
    (r"欧元", "eur"),
    (r"英镑", "gbp"),
    (r"日元", "jpy"),
    (r"港元|港币", "hkd"),
    (r"韩元", "krw"),
    (r"人民币|元(?![素年宇旦件])|块钱", "cny"),
    (r"激活参数|活跃参数", "active parameters"),
    (r"参数", "parameters"),
    (r"(?:token|词元|令牌)s?\s?(?:/|每)\s?(?:s(?![a-z])|秒)", "tokens/s"),
    (r"token|词元|令牌|上下文", "tokens"),
    (r"(?:(?:GPU|卡|H[128]00|A[18]00)\s?)小?时", "gpu hours"),
    (r"[张块枚片][A-Za-z\d ]{0,14}(?:显卡|加速卡|算力卡|芯片|卡|GPU|H\d00|A\d00|H20|TPU|NPU)", "gpus"),
    (r"卡(?![车片路])|GPU|显卡|加速卡", "gpus"),
    (r"[%％]|百分点", "%"),
    (r"倍", "x"),
    (r"分钟", "min"),
    (r"分(?![之别析布成享为])", "points"),
    (r"层(?!次|级|面)", "layers"),
    (r"专家", "experts"),
    (r"(?:活跃|注册|付费|日活|月活)?用户", "users"),
    (r"员工|人(?![工民类机])", "people"),
    (r"秒", "s"),
    (r"小时", "h"),
    (r"天", "days"),
    (r"周(?![一二三四五六日年])|星期", "weeks"),
    (r"个月", "months"),
    (r"年(?!\d{1,2}月|[初中底末代度级])", "years"),
    (r"G(?=显存|内存)|GB", "gb"),
    (r"吉瓦", "gw"),
    (r"兆瓦", "mw"),
    (r"帧", "fps"),
    (r"位(?=量化|精度)", "bit"),
)
_UNIT = re.compile("|".join(f"(?P<u{at}>{pattern})" for at, (pattern, _) in enumerate(_UNITS)), re.I)
# Only with these units is a number in words a figure: "一天" and "三个人" mostly mean something else.
_WORTH_WORDS = frozenset({"usd", "eur", "cny", "parameters", "active parameters", "tokens", "x", "gpus", "%"})
_BEGINS = re.compile(r"[\d$¥￥€£一二两三四五六七八九十百第]")
_FOUND = re.compile(
    # Dates, times of day and ordinals.
    r"(?P<none>(?<!\d)\d{2,4}年(?=\d{1,2}月)|(?<!\d)(?:19|20)\d\d年|(?<!\d)\d{1,2}月(?:\d{1,2}[日号])?"
    r"|(?<!\d)\d{1,2}[日号](?!线)|第\s?(?:\d+|[一二三四五六七八九十]+)|(?<!\d)\d{1,2}点(?:\d{1,2}分?|半|钟))"
    rf"|百分之(?P<share>{_FIGURE}|{_WORDS})"
    rf"|(?<![\d.,A-Za-z])(?P<currency>[$¥￥€£])?(?P<n>{_FIGURE}|{_WORDS})"
    rf"(?:\s?[-~—–～到至]\s?(?P<n2>{_FIGURE}|{_WORDS}))?"
    r"\s?[多余]?(?P<scale>万亿|千亿|百亿|十亿|亿|千万|百万|万|千|(?:bn|[kmbt])(?![A-Za-z]))?[多余]?"
    rf"(?:(?<=亿)(?P<more>{_FIGURE})万)?\s?(?:(?:个(?!月)|名|位(?!量化|精度)|级别|级)?的?\s?)",
    re.I,
)
_PARAMETERS_BEFORE = re.compile(r"参数(?:总量|规模|数量|量|总数|数)?[^\d，。！？；]{0,6}$")
_CONTEXT_BEFORE = re.compile(r"上下文(?:长度|窗口)?[^\d，。！？；]{0,6}$")
_PER_SECOND_BEFORE = re.compile(r"每秒[^\d，。！？；]{0,6}$")
_CURRENCIES = {"$": "usd", "¥": "cny", "￥": "cny", "€": "eur", "£": "gbp"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure's place, its one or two values and its unit; without values for dates and ordinals."""

    start: int
    end: int
    values: tuple[float, ...]
    unit: str | None


def quantities(text: str) -> Iterator[Quantity]:
    """Yield the figures with a Chinese scale or unit, in order; dates and ordinals have no values."""
    end = 0
    for begin in _BEGINS.finditer(text):
        match = _FOUND.match(text, begin.start()) if begin.start() >= end else None
        if match is None:
            continue
        end = match.end()
        if match["none"]:
            yield Quantity(*match.span(), (), None)
        elif match["share"]:
            yield Quantity(*match.span(), (_value(match["share"]),), "%")
        elif (quantity := _quantity(text, match)) is not None:
            yield quantity


def _quantity(text: str, match: re.Match[str]) -> Quantity | None:
    scale = (match["scale"] or "").lower()
    unit_match = _UNIT.match(text, match.end())
    unit = _CURRENCIES.get(match["currency"] or "")
    if unit is None and unit_match is not None:
        unit = _UNITS[int(str(unit_match.lastgroup)[1:])][1]
    text_before = text[max(0, match.start() - 16) : match.start()]
    if unit is None and scale and _PARAMETERS_BEFORE.search(text_before):
        unit = "parameters"
    if unit is None and scale and _CONTEXT_BEFORE.search(text_before):
        unit = "tokens"
    if unit == "tokens" and _PER_SECOND_BEFORE.search(text_before):
        unit = "tokens/s"
    in_words = not match["n"][0].isdigit()
    if (unit is None and (not scale or scale.isascii())) or (
        in_words and unit not in _WORTH_WORDS and not (scale and not scale.isascii())
    ):
        return None
    values = [_value(n) * _SCALES.get(scale, 1.0) for n in (match["n"], match["n2"]) if n]
    if match["more"]:
        values[-1] += _value(match["more"]) * 1e4
    end = unit_match.end() if unit_match is not None else match.end()
    if unit == "years" and values[0] >= 15:  # "24年" is a year
        return Quantity(match.start(), end, (), None)
    return Quantity(match.start(), end, tuple(values), unit)


def _value(figure: str) -> float:
    """Return the value of a number in digits or in words below ten thousand."""
    if figure[0].isdigit():
        return float(figure.replace(",", ""))
    integer, _, decimals = figure.partition("点")
    total = digit = 0
    for char in integer:
        if char in _PLACES:
            total += (digit or 1) * _PLACES[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    fraction = "".join(str(_DIGITS[char]) for char in decimals)
    return float(f"{total + digit}.{fraction or 0}")
