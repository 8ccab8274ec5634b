"""Gloss Chinese text in English, word by word, so that an encoder which knows English alone can read it.

A gloss is for models: nobody is shown it, and it founds no claim. Words are cut so that there are as few as
possible, and of equally many those whose lengths are most unequal. The words of the table come from CC-CEDICT
and from a list made for posts about AI models; the card is `models/weights/gloss.md`.
"""

from __future__ import annotations

import gzip
import math
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from models.chinese.han import HAN, has_han

FILE = "gloss.tsv.gz"
"""A word, a tab and its gloss on each line, compressed by gzip; in `models/weights`."""
_RUN = re.compile(f"{HAN.pattern}+")
_PAUSE = re.compile(r"([，；：！？])(?!\d)")
_ALONE = r"(?<![0-9A-Za-z.,_-])"  # a figure after these is a part of a name, as in "GPT-4" and "H100"
_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(?:\.[0-9]{1,4})?"
_SCALE = r"(?:[ \t]?[万亿]|[千百](?![度问川卡]))(?:亿|万(?!亿))?"
_AMOUNT = re.compile(
    rf"{_ALONE}(?<!第)(?:({_NUMBER})[ \t]?[-~—–至到][ \t]?)?((?:{_NUMBER}{_SCALE})+)(?![万亿千百十])")
_PART = re.compile(rf"({_NUMBER})({_SCALE})")
_SCALES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_LARGE = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
_DATE = re.compile(
    rf"{_ALONE}(?:([0-9]{{4}})[ \t]?年[ \t]?)?(?:(1[0-2]|0?[1-9])[-~至到])?(1[0-2]|0?[1-9])[ \t]?月"
    r"(?:[ \t]?([12][0-9]|3[01]|0?[1-9])(?:[-~至到]([12][0-9]|3[01]|0?[1-9]))?[ \t]?[日号])?")
_YEAR = re.compile(rf"{_ALONE}([0-9]{{4}})[ \t]?年")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")
_SPACES = re.compile(r"[ \t]{2,}")
_MARKS = str.maketrans({
    "。": ". ", "、": ", ", "【": "[", "】": "]", "—": "-", "·": " ", "…": "...", "‘": "'", "’": "'",
    **dict.fromkeys("《》「」『』“”", '"'),
})


class Glossary:
    """English glosses of Chinese words; the gloss of a word that only serves grammar is empty."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words
        self._longest = max(map(len, words), default=1)

    def gloss(self, text: str) -> str:
        """Return the text with each Chinese word replaced by its gloss, and with the amounts, dates and marks
        of English. A character without a gloss is left out; other text is brought to Unicode's NFKC.
        """
        if not has_han(text):
            return text
        plain = unicodedata.normalize("NFKC", _PAUSE.sub(r"\1 ", text))
        figures = _YEAR.sub(r" \1 ", _DATE.sub(_date, _AMOUNT.sub(_amount, plain)))
        english = _RUN.sub(lambda run: f" {self._glosses(run.group())} ", figures).translate(_MARKS)
        return _SPACES.sub(" ", english).strip()

    def _glosses(self, run: str) -> str:
        return " ".join(filter(None, (self._words.get(word, "") for word in self.words(run))))

    def words(self, run: str) -> list[str]:
        """Return the words of a run of Chinese characters: a shortest path through the table, in which a
        character that it lacks counts twice.
        """
        costs, starts = [(0, 0)], [0]
        for end in range(1, len(run) + 1):
            best: tuple[int, int] | None = None
            best_start = end - 1
            for start in range(max(0, end - self._longest), end):
                known = run[start:end] in self._words
                if known or start == end - 1:
                    words, squares = costs[start]
                    cost = (words + (1 if known else 2), squares - (end - start) ** 2)
                    if best is None or cost < best:
                        best, best_start = cost, start
            costs.append(best or costs[-1])
            starts.append(best_start)
        cut: list[str] = []
        end = len(run)
        while end:
            cut.append(run[starts[end] : end])
            end = starts[end]
        return cut[::-1]


def _amount(match: re.Match[str]) -> str:
    """Return an amount with Chinese scales, or a range of them, in English: 30亿 is 3 billion."""
    amount = 0.0
    scale = 1
    for number, scales in _PART.findall(match[2]):
        scale = math.prod(_SCALES[character] for character in scales.strip())
        amount += float(number.replace(",", "")) * scale
    low = f"{_written(float(match[1].replace(',', '')) * scale)} to " if match[1] else ""
    return f" {low}{_written(amount)} "


def _written(amount: float) -> str:
    for size, name in _LARGE:
        if amount >= size:
            return f"{amount / size:,.10g} {name}"
    return f"{amount:,.10g}"


def _date(match: re.Match[str]) -> str:
    """Return a date, or a range of months or days, in English: 2025年8月7日 is August 7, 2025."""
    year, first_month, month, day, last_day = match.groups()
    months = " to ".join(_MONTHS[int(number) - 1] for number in (first_month, month) if number)
    days = " to ".join(filter(None, (day, last_day)))
    return f" {' '.join(filter(None, (months, days)))}{f', {year}' if year else ''} "


def gloss(text: str) -> str:
    """Return the gloss of a text by the shipped table, which whoever loads a model has checked."""
    return _shipped().gloss(text) if has_han(text) else text


@cache
def _shipped() -> Glossary:
    table = files("models").joinpath("weights", FILE).read_bytes()
    lines = gzip.decompress(table).decode("utf-8").splitlines()
    return Glossary(dict(line.split("\t") for line in lines))
