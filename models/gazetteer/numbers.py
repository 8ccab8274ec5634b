"""Reads the numbers in names: versions, sizes, dates, years."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.gazetteer.tokens import Tokens

_NUMBER = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,2}){0,2}")
_TRAILING_ZERO = re.compile(r"^([0-9]+)\.0$")
_SIZE_UNITS = frozenset({"b", "m", "t"})


def read_slot(slot: str, tokens: Tokens, i: int) -> Iterator[tuple[int, str]]:
    """The ways to read a slot at token `i`: the token after it and the value in its canonical spelling."""
    if not tokens.lows[i][:1].isdigit():
        return
    if slot == "n":
        yield from _numbers(tokens, i)
    elif slot == "n.m":
        yield from (
            (end, value) for end, value in _numbers(tokens, i) if "." in tokens.lows[i] or end > i + 1
        )
    elif slot == "size":
        yield from _sizes(tokens, i)
    elif slot == "date":
        yield from _dates(tokens, i)
    elif slot == "year" and len(tokens.lows[i]) == 4 and tokens.lows[i][:2] in ("19", "20"):
        yield i + 1, tokens.lows[i]


def _glued(tokens: Tokens, i: int, gap: str) -> bool:
    return i < len(tokens.lows) and tokens.gaps[i] == gap


def _numbers(tokens: Tokens, i: int) -> Iterator[tuple[int, str]]:
    low = tokens.lows[i]
    if not _NUMBER.fullmatch(low):
        return
    yield i + 1, _TRAILING_ZERO.sub(r"\1", low)
    # Identifiers write 3.7 as "claude-3-7-sonnet".
    if len(low) == 1 and tokens.gaps[i] == "-" and _glued(tokens, i + 1, "-"):
        minor = tokens.lows[i + 1]
        if len(minor) == 1 and minor.isdigit():
            yield i + 2, _TRAILING_ZERO.sub(r"\1", f"{low}.{minor}")


def _sizes(tokens: Tokens, i: int) -> Iterator[tuple[int, str]]:
    value, end = tokens.lows[i], i + 1
    if _glued(tokens, end, "") and tokens.lows[end] == "x" and _glued(tokens, end + 1, ""):
        value += f"x{tokens.lows[end + 1]}"
        end += 2
    if not (end < len(tokens.lows) and tokens.gaps[end] == "" and tokens.lows[end] in _SIZE_UNITS):
        return
    value += tokens.lows[end].upper()
    end += 1
    if (
        end < len(tokens.lows)
        and tokens.gaps[end] in ("-", " ")
        and tokens.lows[end] == "a"
        and _glued(tokens, end + 2, "")
        and tokens.lows[end + 2] == "b"
    ):
        value += f"-A{tokens.lows[end + 1]}B"
        end += 3
    yield end, value


def _month(text: str) -> bool:
    return "01" <= text <= "12"


def _day(text: str) -> bool:
    return "01" <= text <= "31"


def _dates(tokens: Tokens, i: int) -> Iterator[tuple[int, str]]:
    low, gap = tokens.lows[i], tokens.gaps[i]
    if len(low) == 8 and low.isdigit() and _month(low[4:6]) and _day(low[6:]):
        yield i + 1, f"{low[:4]}-{low[4:6]}-{low[6:]}"
    elif len(low) == 4 and low.isdigit() and (gap.strip() or low[0] == "0"):
        # V3-0324 is MMDD, Large-2411 YYMM; after a space only with a leading zero ("Llama 3 1024 GPUs").
        if (_month(low[:2]) and _day(low[2:])) or ("22" <= low[:2] <= "35" and _month(low[2:])):
            yield i + 1, low
        elif low[:2] == "20" and _glued(tokens, i + 1, "-") and _glued(tokens, i + 2, "-"):
            month, day = tokens.lows[i + 1], tokens.lows[i + 2]
            if len(month) == len(day) == 2 and _month(month) and _day(day):
                yield i + 3, f"{low}-{month}-{day}"
    elif len(low) == 2 and low.isdigit() and _glued(tokens, i + 1, "-"):
        day = tokens.lows[i + 1]
        if len(day) == 2 and _month(low) and _day(day):
            yield i + 2, low + day
