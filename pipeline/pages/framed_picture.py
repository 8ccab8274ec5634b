"""A picture of a page as a file of its own: with its colours, a title, and the line to cite it."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from pipeline.pages import style

_HEAD, _FOOT, _SIDE = 46, 30, 14


def framed(picture: Markup, *, title: str, source: str) -> str:
    """Return `picture`, an SVG element of our own, under `title` and above `source`, on paper."""
    match = re.fullmatch(r'<svg xmlns="[^"]*" viewBox="0 0 (\d+) (\d+)"[^>]*>(.*)</svg>', picture, re.DOTALL)
    assert match
    width, height = int(match[1]), int(match[2])
    inner = f'<g transform="translate({_SIDE} {_HEAD})">{match[3]}</g>'
    wide, tall = width + 2 * _SIDE, _HEAD + height + _FOOT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}" width="{wide}" height="{tall}">'
        f"<style>{style.PICTURE}</style>"
        f'<rect width="{wide}" height="{tall}" fill="#fcfbf8"/>'
        f'<text class="title" x="{_SIDE}" y="30">{escape(title)}</text>{inner}'
        f'<text class="tick" x="{_SIDE}" y="{tall - 11}">{escape(source)}</text></svg>\n'
    )
