"""The shape that each status has on all pages, as pixels for a card: colour alone would be no sign."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

SIDE = 34
"""Width and height of a shape in pixels."""
_FINE = 8  # drawn so many times larger, and then made small, so that its edges are smooth
# The corners in hundredths of the side, as the style sheets of the pages have them.
_CORNERS: dict[str, list[tuple[tuple[int, int], ...]]] = {
    "disputed": [((0, 0), (44, 50), (0, 100)), ((100, 0), (56, 50), (100, 100))],
    "contradicted": [((20, 0), (50, 30), (80, 0), (100, 20), (70, 50), (100, 80), (80, 100), (50, 70),
                      (20, 100), (0, 80), (30, 50), (0, 20))],
    "retracted": [((45, 0), (45, 28), (100, 28), (100, 100), (74, 100), (74, 54), (45, 54), (45, 84),
                   (0, 42))],
    "expired": [((4, 0), (96, 0), (60, 50), (96, 100), (4, 100), (40, 50))],
}  # fmt: skip
_TICK = ((14, 51), (26, 42), (41, 56), (73, 25), (86, 34), (43, 78))


@cache
def shape(status: str) -> NDArray[np.uint8]:
    """Return the shape of a status, 0 for the paper and 255 for ink; a square for a word that is none.

    Shape (SIDE, SIDE). An open circle is unverified, a half full one corroborated, a full one with a tick
    substantiated.
    """
    side = SIDE * _FINE
    picture = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(picture)
    whole = (0, 0, side - 1, side - 1)
    if status == "unverified":
        pen.ellipse(whole, outline=255, width=round(0.19 * side))
    elif status == "corroborated":
        pen.ellipse(whole, outline=255, width=round(0.14 * side))
        pen.chord(whole, 0, 180, fill=255)
    elif status == "substantiated":
        pen.ellipse(whole, fill=255)
        pen.polygon(_scaled(_TICK, side), fill=0)
    elif status in _CORNERS:
        for corners in _CORNERS[status]:
            pen.polygon(_scaled(corners, side), fill=255)
    else:
        pen.rectangle(whole, fill=255)
    return np.array(picture.resize((SIDE, SIDE), Image.Resampling.BOX))


def _scaled(corners: Sequence[tuple[int, int]], side: int) -> list[tuple[float, float]]:
    return [(x * side / 100, y * side / 100) for x, y in corners]
