"""Write figures with their units in one way: "671b parameters", "5.5m usd", "26.7 %", "40 tokens/s".

Figures in English and in Chinese give the same: "671B parameters" and "6710亿参数".
"""

from __future__ import annotations

import re

from models.language.slots.chinese_quantities import quantities

_SCALE = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mm": 1e6, "mil": 1e6, "million": 1e6, "b": 1e9,
    "bn": 1e9, "billion": 1e9, "t": 1e12, "tn": 1e12, "trillion": 1e12,
}
_CURRENCY = {
    "$": "usd", "us$": "usd", "€": "eur", "£": "gbp", "¥": "cny", "rmb": "cny", "usd": "usd",
    "dollars": "usd", "dollar": "usd", "euros": "eur", "euro": "eur", "eur": "eur", "yuan": "cny",
    "pounds": "gbp", "pound": "gbp",
}
# Pounds are money after a scale, else mostly a weight.
_MONEY = re.compile(r"\s*(dollars?|usd|euros?|yuan|rmb)\b", re.I)
_SCALED_MONEY = re.compile(r"\s*(?:us\s)?(dollars?|usd|euros?|eur|yuan|rmb|pounds?)\b", re.I)
_FIGURE = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALES = r"thousand|million|billion|trillion|mn|bn|tn|mil|[kmbt]"
_UNITS = (
    (r"tok(?:en)?s?\s*(?:/|per\s+)\s*s(?:ec(?:ond)?)?|t/s|tps", "tokens/s"),
    (r"active\s+param(?:eter)?s?", "active parameters"),
    (r"param(?:eter)?s?", "parameters"),
    (r"(?:input |output )?tokens?", "tokens"),
    (r"context", "tokens"),
    (r"(?:\w+\s+){0,2}?(?:gpus?|h100s?|h800s?|a100s?|h200s?|tpus?|cards?|chips?)", "gpus"),
    (r"gpu[\s-]hours?", "gpu hours"),
    (r"%|percent(?:age points?)?|pct", "%"),
    (r"gb|gigabytes?|gib", "gb"),
    (r"tb|terabytes?", "tb"),
    (r"mb", "mb"),
    (r"tflops?|teraflops?", "tflops"),
    (r"flops?", "flops"),
    (r"bits?", "bit"),
    (r"fps", "fps"),
    (r"x|×|times", "x"),
    (r"elo(?:\s+points?)?", "elo"),
    (r"points?|pts", "points"),
    (r"layers?", "layers"),
    (r"experts?", "experts"),
    (r"users?", "users"),
    (r"employees|people|staff", "people"),
    (r"seconds?|secs?", "s"),
    (r"minutes?|mins?", "min"),
    (r"hours?|hrs?", "h"),
    (r"days?", "days"),
    (r"weeks?", "weeks"),
    (r"months?", "months"),
    (r"years?", "years"),
    (r"messages?|queries|requests|prompts", "requests"),
    (r"gw|gigawatts?", "gw"),
    (r"mw|megawatts?", "mw"),
)
_UNIT_NAMES = [
    (re.compile(rf"(?:{pattern})\b" if pattern[0] != "%" else rf"(?:{pattern})", re.I), name)
    for pattern, name in _UNITS
]
_NUMBER = re.compile(
    rf"(?<![\w.$€£¥])(?<!\bper )(?<!/ )(?<!/)(?P<cur>us\$|[$€£¥])?\s?(?P<n>{_FIGURE})"
    rf"(?:\s?(?:-|–|to)\s?(?:[$€£¥])?(?P<n2>{_FIGURE}))?"
    rf"(?:[\s-]?(?P<scale>{_SCALES})\b)?(?P<gap>[\s-]?)",
    re.I,
)
_YEAR = re.compile(r"(?:19|20)\d\d$")
_MONTH_BEFORE = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?\s*$|[A-Za-z]-?$|\b(?:version|v|q|apache|cuda"
    r"|python|ios|rtx|gtx|series|gen|level|step|part|fig\.?|table|section)\s*$",
    re.I,
)
_NOUN = re.compile(
    r"(?:[a-z-]+\s)?([a-z]{3,}s)\b(?<!models)(?<!variants)(?<!versions)(?<!is)(?<!ss)(?<!has)(?<!was)"
    r"(?<!beats)(?<!runs)(?<!ches)"
)
_CONTEXT = re.compile(r"(?:\w+ ){0,2}(?:context|window)", re.I)
_SLASHED = re.compile(r"\s?/\s?\$?(\d+(?:\.\d+)?)(?=[\s.,]|$)")


# Numbers in links, times of day and dates are no figures.
_NO_FIGURE = re.compile(
    r"[h\d](?:(?<=h)ttps?://\S+|(?<![\d:]\d)\d?:\d\d(?::\d\d)?(?![\d:])"
    r"|(?<!\d\d)(?:(?<=1)9|(?<=2)0)\d\d([-/.])\d{1,2}\1\d{1,2}(?!\d))"
)
# A power is no figure: its base alone would be a wrong one.
_POWER = re.compile(r"(?<![\d.,])\d[\d.,]*+[⁰¹²³⁴-⁹⁻]+")
_HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff01-\uff65]")
_BORDER = "\x00"  # stands for a Han character: the edge of a word, and no blank


def numbers(text: str) -> tuple[str, ...]:
    """Return the figures in `text`, in order and once each; years, dates and version numbers are none."""
    text = _NO_FIGURE.sub(lambda match: " " * len(match[0]), text)
    if not text.isascii():
        text = _POWER.sub(lambda match: " " * len(match[0]), text)
    figures: list[tuple[int, str]] = []
    if not text.isascii() and _HAN.search(text):
        characters = list(_HAN.sub(_BORDER, text))
        for quantity in quantities(text):
            figures += [(quantity.start, _write(value, quantity.unit)) for value in quantity.values]
            characters[quantity.start : quantity.end] = _BORDER * (quantity.end - quantity.start)
        text = "".join(characters)
    figures += [
        (match.start(), figure) for match in _NUMBER.finditer(text) for figure in _normal(text, match)
    ]
    figures.sort(key=lambda item: item[0])
    return tuple(dict.fromkeys(figure for _, figure in figures))


def _normal(text: str, match: re.Match[str]) -> list[str]:
    currency = _CURRENCY.get((match["cur"] or "").lower())
    scale = _SCALE.get((match["scale"] or "").lower(), 1.0)
    scale_word = (match["scale"] or "").lower()
    unit = currency or _unit(text, match)
    if unit is None and scale_word:
        if currency_match := _SCALED_MONEY.match(text, match.end()):
            unit = _CURRENCY[currency_match[1].lower()]
        else:
            noun = _NOUN.match(text, match.end())
            context = scale_word == "k" and _CONTEXT.match(text, match.end())
            unit = (
                noun[1].lower() if noun else "tokens" if context
                else {"b": "parameters", "m": "parameters"}.get(scale_word)
            )
    if unit is None and not scale_word:
        currency_match = _MONEY.match(text, match.end() - len(match["gap"]))
        unit = _CURRENCY[currency_match[1].lower()] if currency_match else None
    if unit is None and (
        _MONTH_BEFORE.search(text, max(0, match.start() - 12), match.start()) or _YEAR.match(match["n"])
    ):
        return []
    if unit is None and not scale_word and "." not in match["n"] and float(match["n"].replace(",", "")) < 10:
        return []
    figures = [_write(_amount(value) * scale, unit) for value in (match["n"], match["n2"]) if value]
    if currency and (
        slashed := _SLASHED.match(text, match.end("scale") if match["scale"] else match.end("n"))
    ):
        figures.append(_write(_amount(slashed[1]), currency))
    return figures


def _unit(text: str, match: re.Match[str]) -> str | None:
    if (
        not match["gap"] and not match["scale"]
        and text[match.end() : match.end() + 1] not in ("%", "x", "×", "G", "T", "M", "f", "b")
    ):
        return None
    for pattern, name in _UNIT_NAMES:
        if pattern.match(text, match.end()):
            return name
    return None


def _amount(value: str) -> float:
    return float(value.replace(",", ""))


def _write(amount: float, unit: str | None) -> str:
    for size, letter in ((1e12, "t"), (1e9, "b"), (1e6, "m")):
        if amount >= size:
            figure = f"{amount / size:.6g}{letter}"
            break
    else:
        figure = f"{amount:.10g}"
    if unit is None:
        return figure
    return f"{figure}x" if unit == "x" else f"{figure} {unit}"
