"""Draw the calibration plot of the model card: how often answers are right, by probability."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

SIDE, EDGE = 320, 44


def calibration_plot(sure: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 10) -> str:
    """Return an SVG after Niculescu-Mizil & Caruana (2005), with the diagonal of a perfect model.

    It has a dot for each bin of `sure` with at least 20 answers, its area by their number.
    """
    places = np.minimum((sure * bins).astype(int), bins - 1)
    dots = []
    for place in range(bins):
        mask = places == place
        if mask.sum() >= 20:
            x, y = _point(float(sure[mask].mean()), float(right[mask].mean()))
            dots.append(
                f'<circle cx="{x}" cy="{y}" r="{3 + 9 * float(mask.mean()) ** 0.5:.1f}" fill="#2f6f8f"/>'
            )
    x0, y0 = _point(0, 0)
    x1, y1 = _point(1, 1)
    marks = "".join(
        f'<text x="{_point(share, 0)[0]}" y="{y0 + 16}" text-anchor="middle">{share:.1f}</text>'
        f'<text x="{x0 - 6}" y="{_point(0, share)[1] + 4}" text-anchor="end">{share:.1f}</text>'
        for share in (0.0, 0.5, 1.0)
    )
    size: Any = SIDE + 2 * EDGE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" font-family="sans-serif" '
        f'font-size="12">'
        f'<rect width="{size}" height="{size}" fill="#ffffff"/>'
        f'<rect x="{x0}" y="{y1}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#999999"/>'
        f'<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}" stroke="#999999" stroke-dasharray="4 '
        f'4"/>{marks}{"".join(dots)}'
        f'<text x="{size / 2}" y="{size - 8}" text-anchor="middle">probability of the answer</text>'
        f'<text x="{size / 2}" y="24" text-anchor="middle">Share of right answers, held-out '
        f'pairs</text></svg>\n'
    )


def _point(x: float, y: float) -> tuple[float, float]:
    return round(EDGE + x * SIDE, 1), round(EDGE + (1 - y) * SIDE, 1)
