"""Text on a card: which font draws which character, how wide words are, and where lines break."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import as_file, files
from itertools import groupby
from typing import Literal

from PIL import ImageDraw, ImageFont

Face = Literal["serif", "sans"]
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
    """Return `text` without the characters that no font here draws; None where too little is left."""
    kept = "".join(c for c in text if c.isspace() or _font_of(c, "serif"))
    letters = sum(c.isalnum() for c in text)
    if not letters or sum(c.isalnum() for c in kept) < 0.9 * letters:
        return None
    return " ".join(kept.split())


def width(text: str, face: Face, size: int) -> float:
    """Return how many pixels wide `text` is."""
    return sum(_width(run, name, size) for name, run in _runs(text, face))


def draw(canvas: ImageDraw.ImageDraw, at: tuple[float, float], text: str, face: Face, size: int) -> None:
    """Draw `text` on `canvas`; `at` is where its base line begins."""
    x, y = at
    for name, run in _runs(text, face):
        canvas.text((x, y), run, fill=255, font=font(name, size), anchor="ls")
        x += _width(run, name, size)


def lines(text: str, face: Face, size: int, wide: int) -> list[str]:
    """Return `text` in lines of at most `wide` pixels; a word that is longer is cut."""
    found, line = [], ""
    for token in _TOKENS.findall(text):
        if not line and token.isspace():
            continue
        if line and width(line + token, face, size) > wide:
            found.append(line.rstrip())
            line = ""
            if token.isspace():
                continue
        while width(token, face, size) > wide:
            kept = token[: max(1, int(len(token) * wide / width(token, face, size)))]
            while len(kept) > 1 and width(kept, face, size) > wide:
                kept = kept[:-1]
            found.append(kept)
            token = token[len(kept) :]
        line += token
    return [*found, line.rstrip()] if line.strip() else found


def ended(line: str, face: Face, size: int, wide: int) -> str:
    """Return `line` with "…" at its end, cut until that fits."""
    while line and width(line + "…", face, size) > wide:
        line = line[:-1].rstrip()
    return line + "…"


def _runs(text: str, face: Face) -> list[tuple[str, str]]:
    named = [(_font_of(c, face) or face, c) for c in text]
    return [(name, "".join(c for _, c in run)) for name, run in groupby(named, key=lambda one: one[0])]


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


@lru_cache(maxsize=20_000)
def _width(run: str, name: str, size: int) -> float:
    return font(name, size).getlength(run)
