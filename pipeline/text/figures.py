"""Read the figures of a sentence with their units, and tell which of two sentences may be the same."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

_SCALES = {
    "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "b": 1e9,
    "trillion": 1e12, "tn": 1e12, "t": 1e12,
}  # fmt: skip
_UNITS = tomllib.loads(files("pipeline.text").joinpath("details.toml").read_text("utf-8"))["units"]
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_WORDED = {
    word: number
    for number, word in enumerate(
        ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 2
    )
}
_FIGURE = re.compile(
    r"(?P<currency>[$€£¥])?\s?(?<![\w.])"
    rf"(?P<number>\d+(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)*|{'|'.join(_WORDED)})"
    r"(?:[\s-]?(?P<scale>thousand|million|billion|trillion|[kmbt]n?)(?![a-z]))?"
    r"(?:[\s-]?(?P<unit>%|x(?![a-z])|[a-z]+))?(?:\s(?P<head>[a-z]+))?"
)
_GLUED = re.compile(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z]{4,})")
_ROUGHLY = re.compile(
    r"(?:\b(?:about|around|roughly|nearly|almost|approximately|some|circa|over|under|more than"
    r"|less than|at least|up to|close to|well over)|~|≈)\s*(?:us)?$"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is `written`; its `unit` is "" where none is known.

    `grain` is the size of its last digit that is meant, 0 where all are. An `amount` has a unit or a scale;
    what has none may be a version, which is never rounded.
    """

    written: str
    value: float
    grain: float
    unit: str
    amount: bool

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
    text = _GLUED.sub(" ", text)
    return tuple(_figure(match, text) for match in _FIGURE.finditer(text))


def unmatched(ours: Sequence[Figure], theirs: Sequence[Figure]) -> list[Figure]:
    """Return our figures that none of theirs agrees with, each of theirs taken once, the same ones first."""
    left, others = list(ours), list(theirs)
    for alike in (_same, Figure.agrees):
        for one in tuple(left):
            if (other := next((other for other in others if alike(one, other)), None)) is not None:
                left.remove(one)
                others.remove(other)
    return left


def _same(figure: Figure, other: Figure) -> bool:
    return figure.value == other.value and figure.unit == other.unit


def _figure(match: re.Match[str], text: str) -> Figure:
    written = match["number"].replace(",", "")
    scale = _SCALES.get(match["scale"] or "", 1.0)
    unit = next(
        (_UNIT_OF[word] for word in (match["currency"], match["unit"], match["head"]) if word in _UNIT_OF), ""
    )
    shown = " ".join(filter(None, (match["number"], match["scale"], unit)))
    amount = bool(unit or match["scale"])
    if written in _WORDED:
        return Figure(shown, _WORDED[written] * scale, 0.0, unit, amount)
    whole, _, decimals = written.partition(".")
    if "." in decimals:  # "3.1.2" is a version
        parts = [int(part) for part in written.split(".")]
        return Figure(shown, sum(part / 1e3**place for place, part in enumerate(parts)), 0.0, "", False)
    value = float(written) * scale
    grain = scale / 10 ** len(decimals)
    if not decimals and _ROUGHLY.search(text[: match.start()]):
        grain = scale * 10 ** (len(whole) - len(whole.rstrip("0")))
    rounded = bool(decimals) or match["scale"] is not None or unit == "%" or grain > scale
    return Figure(shown, value, grain if rounded else 0.0, unit, amount)
