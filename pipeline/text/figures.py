"""Read the figures of a sentence and what each is of; tell which of two sentences may be the same."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

SCALES = {
    "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "b": 1e9,
    "trillion": 1e12, "tn": 1e12, "t": 1e12,
}  # fmt: skip
_UNITS = tomllib.loads(files("pipeline.text").joinpath("details.toml").read_text("utf-8"))["units"]
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
UNIT_WORDS = frozenset(_UNIT_OF)
_WORDED = {
    word: number
    for number, word in enumerate(
        ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 2
    )
}
_FIGURE = re.compile(
    r"(?P<currency>[$€£¥])?\s?(?<![\w.])"
    rf"(?P<number>\d+(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)*|(?:{'|'.join(_WORDED)})(?![a-z]))"
    r"(?:[\s-]?(?P<scale>thousand|million|billion|trillion|[kmbt]n?)(?![a-z]))?"
    r"(?:[\s-]?(?P<unit>%|x(?![a-z])|[a-z]+))?(?:\s(?P<head>[a-z]+))?"
)
_GLUED = re.compile(r"(?P<name>(?<=[a-z])(?=\d))|(?<=\d)(?=[a-z]{4,})")
_IN_NAME = "\x1f"  # stands between the letters and the digits of a name, and is a blank
_PART_OF_NAME = re.compile(rf"[a-z](?:{_IN_NAME}|-)\Z")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_MONTH_BEFORE = re.compile(rf"\b{_MONTH}\s(?:the\s)?\Z")
_MONTH_AFTER = re.compile(rf"(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}(?![a-z])")
_YEAR = re.compile(r"(?:19|20)\d\d")
# A plural after a figure, where the words after it name no unit, is what is counted.
_PLURAL = re.compile(r"(?!this|was|has|is|as|its|plus|versus|towards)[a-z]{2,}[^\Ws\d_]s")
_WORD_BEFORE = re.compile(r"([a-z]+)[^a-z]*\Z")
_WORD_AFTER = re.compile(r"[^a-z]*([a-z]+)")
_LETTERS = 5  # "scored" meets "scores"
# What tells figures of one unit apart: per what they are reckoned, their kind, what they compare.
_PER = re.compile(
    r"[a-z\s]{0,24}?(?:\bper\b|/|\ban?\b(?=\s(?:day|week|month|year|hour|second)))\s?"
    r"(?:\d+[kmb]?\s|million\s|m\s)?([a-z]+)(?:\s(tokens?))?"
)
_SECOND = frozenset({"s", "sec"})
# Units of one quantity: "17 GB" and "17 TB" are both of memory.
_QUANTITY = dict.fromkeys(("kb", "mb", "gb", "tb"), "bytes") | dict.fromkeys(("kw", "mw", "gw"), "watts")
_COMPARED = re.compile(r"\s?([a-z]+er|more|less|fewer)\b|\s?of\s(?:(?:the|all|its|their)\s)?([a-z]+)")
_SCORES = frozenset({"%", "x", "points"})
_PARAMETERS = frozenset("bm")  # "a 671b model": so are parameters told in this field, and nothing else
_TOKENS = (
    ("context", re.compile(r"\b(?:context|window)\b")),
    ("training", re.compile(r"\b(?:pre)?-?train\w*|\b(?:data|dataset|corpus)\b")),
    ("input", re.compile(r"\binputs?\b")),
    ("output", re.compile(r"\boutputs?\b")),
)
_MONEY = frozenset({"usd", "eur", "gbp", "cny"})
_VALUED = re.compile(r"\b(?:valu(?:e[sd]?|ing|ations?)|worth)\b[^.,;$€£¥\d]{0,30}\Z")
_VALUATION = re.compile(r"[\s-]?(?:(?:post|pre)-money\s)?valuation\b")
_NEAR = 40  # characters on either side of a figure that tell what it is a figure of
_ROUGHLY = re.compile(
    r"(?:\b(?:about|around|roughly|nearly|almost|approximately|some|circa|over|under|more than"
    r"|less than|at least|up to|close to|well over)|~|≈)\s*(?:us)?$"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is `written`; its `unit` is "" where none is known.

    `grain` is the size of its last digit that is meant, 0 where all are. An `amount` has a unit or a scale;
    what has none may be a version, which is never rounded. `of` is what it is a figure of: its unit and what
    that is reckoned for ("usd per month", "context tokens"), the things that it counts ("prompts"), or, of a
    bare number, the words beside it; "" of versions and dates, which are figures of nothing.
    """

    written: str
    value: float
    grain: float
    unit: str
    amount: bool
    of: str

    @property
    def scores(self) -> bool:
        """Return whether names alone tell what it is a figure of: a share, a score, a bare number."""
        return self.unit in _SCORES or not self.amount

    def agrees(self, other: Figure) -> bool:
        """Return True if both may be one figure: alike to the digit, or one is the other rounded."""
        if self.unit and other.unit and self.unit != other.unit:
            return False
        if self.value == other.value:
            return True
        grain = max(self.grain, other.grain)
        return self.amount and other.amount and abs(self.value - other.value) <= grain / 2


def figures(text: str) -> tuple[Figure, ...]:
    """Return all numbers of a text in lower case, those in names among them."""
    text = _GLUED.sub(lambda match: _IN_NAME if match["name"] is not None else " ", text)
    return tuple(_figure(match, text) for match in _FIGURE.finditer(text))


def unmatched(ours: Sequence[Figure], theirs: Sequence[Figure]) -> list[Figure]:
    """Return our figures that none of theirs agrees with, each of theirs taken once, the same ones first."""
    remaining, candidates = list(ours), list(theirs)
    for alike in (_same, Figure.agrees):
        for figure in tuple(remaining):
            if (other := next((other for other in candidates if alike(figure, other)), None)) is not None:
                remaining.remove(figure)
                candidates.remove(other)
    return remaining


def _same(figure: Figure, other: Figure) -> bool:
    return figure.value == other.value and figure.unit == other.unit


def _figure(match: re.Match[str], text: str) -> Figure:
    written = match["number"].replace(",", "")
    scale = SCALES.get(match["scale"] or "", 1.0)
    unit = next(
        (_UNIT_OF[word] for word in (match["currency"], match["unit"], match["head"]) if word in _UNIT_OF), ""
    )
    wording = " ".join(filter(None, (match["number"], match["scale"], unit)))
    amount = bool(unit or match["scale"])
    of = _figure_of(match, text, unit)
    if written in _WORDED:
        return Figure(wording, _WORDED[written] * scale, 0.0, unit, amount, of)
    integer, _, decimals = written.partition(".")
    if "." in decimals:  # "3.1.2" is a version
        parts = [int(part) for part in written.split(".")]
        return Figure(wording, sum(part / 1e3**place for place, part in enumerate(parts)), 0.0, "", False, "")
    value = float(written) * scale
    grain = scale / 10 ** len(decimals)
    if not decimals and _ROUGHLY.search(text[: match.start()]):
        grain = scale * 10 ** (len(integer) - len(integer.rstrip("0")))
    rounded = bool(decimals) or match["scale"] is not None or unit == "%" or grain > scale
    return Figure(wording, value, grain if rounded else 0.0, unit, amount, of)


def same_quantity(one: Figure, other: Figure) -> bool:
    """Return whether two figures are figures of the same, so that only one of them can be right."""
    return one.of == other.of != ""


def _figure_of(match: re.Match[str], text: str, unit: str) -> str:
    """Return what a figure is a figure of, as `Figure.of` has it."""
    start, end = match.span("number")
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    if _PART_OF_NAME.search(before):
        return ""
    if match["scale"] in _PARAMETERS and unit == "models":
        unit = "parameters"
    if unit:
        return _with_basis(unit, match, text)
    words = [word for word in (match["unit"], match["head"]) if word]
    counted = next((word for word in words if _PLURAL.fullmatch(word)), "")
    if match["scale"]:
        parameters = "parameters" if match["scale"] in _PARAMETERS else ""
        return counted or ("context tokens" if "context" in words else parameters)
    dated = _MONTH_BEFORE.search(before) or _MONTH_AFTER.match(after) or _YEAR.fullmatch(match["number"])
    if dated or after[:1].isalpha():  # "4o" is a name
        return ""
    if counted:
        return counted
    left, right = _WORD_BEFORE.search(before), _WORD_AFTER.match(after)
    return " # ".join(word[1][:_LETTERS] if word else "" for word in (left, right))


def _with_basis(unit: str, match: re.Match[str], text: str) -> str:
    """Return a unit with what its figure is reckoned for, or of which kind it is."""
    end = match.end("unit") if match["unit"] in _UNIT_OF else match.end()
    if match["currency"]:
        end = match.end("scale") if match["scale"] else match.end("number")
    near = text[max(0, match.start() - _NEAR) : match.start()], text[end : end + _NEAR]
    kind = ""
    if unit in _SCORES:
        compared = _COMPARED.match(near[1])
        kind = (compared[1] or compared[2]) if compared else ""
    elif unit in _MONEY:
        kind = "value in" if _VALUED.search(near[0]) or _VALUATION.match(near[1]) else ""
    elif unit == "parameters":
        kind = "active" if re.search(r"\bactiv\w+", match[0] + near[1][:20]) else ""
    elif unit == "tokens":
        kind = next((kind for kind, words in _TOKENS if any(map(words.search, near))), "")
    per = _PER.match(near[1])
    rate = ["per", "second" if per[1] in _SECOND else per[1], per[2] or ""] if per else []
    return " ".join(filter(None, (kind, _QUANTITY.get(unit, unit), *rate)))
