"""Text on a card: which font draws which character, how wide words are, and where lines break."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import as_file, files
from itertools import groupby, zip_longest
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Face = Literal["serif", "sans"]
Shape = NDArray[np.uint8]
"""A character: 0 for the paper, 255 for ink. Shape (height, width)."""
_FILES = {"serif": "serif.ttf", "sans": "sans.ttf", "han": "han.otf"}
_MISSING = "\U0010fffd"  # no font has a shape for it
# A line may break at a space, and between two characters of a script without spaces: not after an opening
# mark, nor before a closing one.
_WIDE = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_OPEN, _CLOSE = "（《「『【〈［｛", "，。、；：！？）》」』】〉］｝"
_TOKENS = re.compile(rf"\s+|[{_OPEN}]*(?:[{_WIDE}]|[^\s{_WIDE}]+)[{_CLOSE}]*")


@cache
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """Return the shipped font `name` at `size` pixels."""
    with as_file(files(__package__).joinpath("fonts", _FILES[name])) as file:
        return ImageFont.truetype(file, size)


def drawable(text: str) -> str | None:
    """Return `text` without the signs that no font here draws, such as emoji; None where words would go too.

    A sentence that loses a letter, a figure or a mathematical sign may say another thing, or the opposite.
    """
    text = unicodedata.normalize("NFC", text)  # a letter and its accent may be two characters
    drawn = {c for c in text if c.isspace() or _font_of(c, "serif")}
    if not any(map(str.isalnum, text)) or any(_means(c) for c in {*text} - drawn):
        return None
    return " ".join("".join(c for c in text if c in drawn).split())


def _means(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character) in ("Sm", "Sc")


@lru_cache(maxsize=20_000)
def width(text: str, face: Face, size: int) -> float:
    """Return how many pixels wide `text` is."""
    return sum(_width(run, name, size) for name, run in _runs(text, face))


def placed(text: str, face: Face, size: int) -> Iterator[tuple[Shape, int, int]]:
    """Yield the shapes of the characters of `text`, each with its place from the start of the base line.

    Shapes are cached: drawing each text as a whole takes ten times as long.
    """
    x = 0.0
    for name, run in _runs(text, face):
        for character, following in zip_longest(run, run[1:], fillvalue=""):
            shape, left, top = _shape(character, name, size)
            if shape is not None:
                yield shape, round(x) + left, top
            # The second of two characters may move towards the first.
            x += _width(character + following, name, size) - _width(following, name, size)


def lines(text: str, face: Face, size: int, wide: int) -> list[str]:
    """Return `text` in lines of at most `wide` pixels; a word that is longer is cut."""
    finished, line, line_width = [], "", 0.0
    for token in _TOKENS.findall(text):
        if not line and token.isspace():
            continue
        # Measure token by token: the widths of most tokens are cached, those of lines are not.
        if line and line_width + width(token, face, size) > wide:
            finished.append(line.rstrip())
            line, line_width = "", 0.0
            if token.isspace():
                continue
        while width(token, face, size) > wide:
            piece = token[: max(1, int(len(token) * wide / width(token, face, size)))]
            while len(piece) > 1 and width(piece, face, size) > wide:
                piece = piece[:-1]
            finished.append(piece)
            token = token[len(piece) :]
        line += token
        line_width += width(token, face, size)
    return [*finished, line.rstrip()] if line.strip() else finished


def ended(line: str, face: Face, size: int, wide: int) -> str:
    """Return `line` with "…" at its end, cut until that fits."""
    while line and width(line + "…", face, size) > wide:
        line = line[:-1].rstrip()
    return line + "…"


def _runs(text: str, face: Face) -> list[tuple[str, str]]:
    pairs = [(_font_of(c, face) or face, c) for c in text]
    return [(name, "".join(c for _, c in run)) for name, run in groupby(pairs, key=lambda pair: pair[0])]


@lru_cache(maxsize=20_000)
def _font_of(character: str, face: Face) -> str | None:
    """Return the font that draws a character: our Latin one, else the Chinese one, or None."""
    if unicodedata.category(character)[0] == "C" or unicodedata.combining(character):
        return None
    if character.isspace():
        return face
    return next((name for name in (face, "han") if _has(name, character)), None)


def _has(name: str, character: str) -> bool:
    return bytes(font(name, 20).getmask(character)) != _missing(name)


@cache
def _missing(name: str) -> bytes:
    return bytes(font(name, 20).getmask(_MISSING))


@lru_cache(maxsize=5_000)
def _shape(character: str, name: str, size: int) -> tuple[Shape | None, int, int]:
    """Return a character's shape, None for a space, and its place from the start of the base line."""
    left, top, right, bottom = (round(edge) for edge in font(name, size).getbbox(character, anchor="ls"))
    if right <= left or bottom <= top:
        return None, 0, 0
    picture = Image.new("L", (right - left, bottom - top), 0)
    ImageDraw.Draw(picture).text((-left, -top), character, fill=255, font=font(name, size), anchor="ls")
    return np.array(picture), left, top


@lru_cache(maxsize=20_000)
def _width(run: str, name: str, size: int) -> float:
    return font(name, size).getlength(run)
