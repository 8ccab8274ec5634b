"""The picture that a shared link shows (Open Graph): 1200 x 630 pixels, the same bytes each time."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from pipeline.core.config import PublisherConfig
from pipeline.core.text import counted
from pipeline.exports.wording import carried
from pipeline.exports.wording import day as day_of
from pipeline.pages import card_text, status_shape
from pipeline.pages.card_text import Face
from pipeline.pages.rendering import NAME
from pipeline.published.claim import CaseFile
from pipeline.published.database import published_at
from pipeline.published.stories import StoryFile
from pipeline.text.sanitize import plain

WIDTH, HEIGHT = 1200, 630
_MARGIN, _TOP, _FOOT = 72, 168, 480
_SIZES = (76, 66, 58, 50, 44, 38)
_FOOT_SIZES = (30, 28, 26, 24, 22)
_PAPER = (252, 251, 248)
_COLOURS = {
    "ink": (29, 33, 38), "soft": (85, 91, 99), "accent": (217, 164, 0),
    "unverified": (85, 91, 99), "corroborated": (10, 102, 168), "disputed": (130, 83, 0),
    "substantiated": (0, 104, 74), "contradicted": (172, 50, 9), "retracted": (138, 53, 115),
    "expired": (101, 90, 72),
}  # fmt: skip
_LAYERS = {"ink": 5, "soft": 4, "accent": 1, "status": 5}
"""The steps from the paper to each colour, sixteen with the paper: the edges of letters need several."""


def claim_card(case: CaseFile, publisher: PublisherConfig) -> bytes:
    """Return the card of a claim as PNG: its sentence, where it stands, and by how many voices."""
    subject = case.subject
    last_move = case.moves[-1] if case.moves and case.moves[-1].at_is_said else None
    since = f"since {day_of(last_move.at)}" if last_move else ""
    facts = [carried(subject, "independent voice"), _as_known_words(case.meta)]
    return _card(subject.claim, subject.status, since, facts, publisher, "claim")


def story_card(told: StoryFile, publisher: PublisherConfig) -> bytes:
    """Return the card of a story as PNG: its title, how many claims stand where, the contested first."""
    states = told.states
    others = ", ".join(f"{state.claims:,} {state.status}" for state in states[1:3])
    first = f"{states[0].claims:,} {states[0].status}" if states else counted(len(told.claims), "claim")
    colour = str(states[0].status) if states else "unverified"
    facts = [
        f"{counted(len(told.claims), 'claim')}, {counted(told.voices, 'independent voice')}",
        _as_known_words(told.meta),
    ]
    return _card(told.subject.title, colour, others and f"and {others}", facts, publisher, "story", first)


def _as_known_words(meta: dict[str, str]) -> str:
    at = published_at(meta)
    return f"as known on {day_of(at)}" if at else ""


def _card(
    sentence: str,
    status: str,
    beside: str,
    facts: list[str],
    publisher: PublisherConfig,
    kind: str,
    state: str = "",
) -> bytes:
    canvas = _Canvas.blank(status)
    canvas.box("status", (0, 0, WIDTH, 14))
    name = card_text.drawable(plain(publisher.name or NAME, 40)) or NAME
    canvas.text("ink", (_MARGIN, 96), name, "serif", 38)
    dot = _MARGIN + card_text.width(name, "serif", 38)
    canvas.dot("accent", (dot + 8, 84))
    right = WIDTH - _MARGIN - card_text.width(kind, "sans", 28)
    canvas.text("soft", (right, 96), kind, "sans", 28)
    _sentence(canvas, sentence, kind)
    state = state or status
    canvas.shape("status", (_MARGIN, _FOOT + 54 - status_shape.SIDE), status_shape.shape(status))
    canvas.text("status", (_MARGIN + 46, _FOOT + 54), state, "sans", 50)
    x = _MARGIN + 46 + card_text.width(state, "sans", 50) + 20
    canvas.text("soft", (x, _FOOT + 54), beside, "sans", 30)
    foot_line = " · ".join(filter(None, facts))
    line_width = WIDTH - 2 * _MARGIN
    fitting = (size for size in _FOOT_SIZES if card_text.width(foot_line, "sans", size) <= line_width)
    size = next(fitting, _FOOT_SIZES[-1])
    canvas.text("soft", (_MARGIN, _FOOT + 108), foot_line, "sans", size)
    return canvas.png()


def _sentence(canvas: _Canvas, sentence: str, kind: str) -> None:
    """Write the sentence as large as it fits, or a notice where the fonts here cannot draw it."""
    text = card_text.drawable(plain(sentence, 400))
    if text is None:
        text = f"A {kind} with characters that this picture cannot draw: its page has the words"
    line_width = WIDTH - 2 * _MARGIN
    # Width per pixel of font size: a text that is wider than all lines together is not broken into lines.
    relative_width = card_text.width(text, "serif", _SIZES[-1]) / _SIZES[-1]
    for size in _SIZES:
        most_lines = int((_FOOT - _TOP) // (size * 1.2))
        if relative_width * size > most_lines * line_width and size != _SIZES[-1]:
            continue
        lines = card_text.lines(text, "serif", size, line_width)
        if len(lines) <= most_lines:
            break
    if len(lines) > most_lines:
        lines = [*lines[: most_lines - 1], card_text.ended(lines[most_lines - 1], "serif", size, line_width)]
    for number, line in enumerate(lines):
        canvas.text("ink", (_MARGIN, _TOP + size * (0.85 + 1.2 * number)), line, "serif", size)


@dataclass(frozen=True, slots=True)
class _Canvas:
    """A picture; each pixel holds one of four colours, in steps from the paper."""

    pixels: NDArray[np.uint8]
    status: str

    @classmethod
    def blank(cls, status: str) -> _Canvas:
        return cls(np.zeros((HEIGHT, WIDTH), np.uint8), status)

    def text(self, layer: str, at: tuple[float, float], words: str, face: Face, size: int) -> None:
        left, base = round(at[0]), round(at[1])
        for shape, x, y in card_text.placed(words, face, size):
            self._ink(layer, left + x, base + y, shape)

    def box(self, layer: str, place: tuple[int, int, int, int]) -> None:
        left, top, right, bottom = place
        self.pixels[top : bottom + 1, left : right + 1] = _steps(layer)[-1]

    def dot(self, layer: str, at: tuple[float, float]) -> None:
        self.shape(layer, at, _dot())

    def shape(self, layer: str, at: tuple[float, float], shape: NDArray[np.uint8]) -> None:
        self._ink(layer, round(at[0]), round(at[1]), shape)

    def _ink(self, layer: str, left: int, top: int, shape: NDArray[np.uint8]) -> None:
        height, width = shape.shape
        area = self.pixels[max(0, top) : top + height, max(0, left) : left + width]
        np.maximum(area, _steps(layer)[shape[: area.shape[0], : area.shape[1]]], out=area)

    def png(self) -> bytes:
        """Return the picture with its palette, two pixels to a byte.

        Pillow takes twice as long. A tighter packing takes four times as long and has a third of the size.
        """
        rows = np.zeros((HEIGHT, 1 + WIDTH // 2), np.uint8)  # before each row: it is not filtered
        rows[:, 1:] = self.pixels[:, ::2] << 4 | self.pixels[:, 1::2]
        parts = (
            (b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 4, 3, 0, 0, 0)),
            (b"PLTE", _palette(self.status)),
            (b"IDAT", zlib.compress(rows.tobytes(), 1)),
            (b"IEND", b""),
        )
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
            for name, body in parts
        )


@cache
def _dot() -> NDArray[np.uint8]:
    picture = Image.new("L", (13, 13), 0)
    ImageDraw.Draw(picture).ellipse((0, 0, 12, 12), fill=255)
    return np.array(picture)


@cache
def _steps(layer: str) -> NDArray[np.uint8]:
    """Return for each shade of grey the number of its colour in the palette, in which 0 is the paper."""
    before = sum(steps for steps in list(_LAYERS.values())[: list(_LAYERS).index(layer)])
    levels = [round(value / 255 * _LAYERS[layer]) for value in range(256)]
    return np.array([before + level if level else 0 for level in levels], np.uint8)


@cache
def _palette(status: str) -> bytes:
    """Return the colours as three bytes each: the paper, and the steps of each layer."""
    colours = [_PAPER]
    for layer, steps in _LAYERS.items():
        ink = _COLOURS[status if layer == "status" else layer]
        for step in range(1, steps + 1):
            red, green, blue = (round(a + (b - a) * step / steps) for a, b in zip(_PAPER, ink, strict=True))
            colours.append((red, green, blue))
    return bytes(value for colour in colours for value in colour)
