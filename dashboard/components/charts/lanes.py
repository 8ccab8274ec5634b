"""The lanes of a claim's timeline: which lane each mark has, and how high it is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

from dashboard.components.html import STANCES
from dashboard.components.times import date_words, local
from dashboard.data.claim import Point
from pipeline.core.vocabulary import HEARSAY, Precision
from pipeline.text.sanitize import plain

VOICES = 6
"""Voices that have a lane of their own; the others share one."""
LANE = 46
"""How high a lane is, in pixels."""
_OTHERS, _NOBODY = "other voices", "nobody stands behind it"
_BINS = 48


def frame(points: Sequence[Point]) -> pd.DataFrame:
    """Return a row for each mark, with the words of its tooltip."""
    spoken: set[tuple[str, str]] = set()
    heard_voices: set[str] = set()
    rows: list[dict[str, Any]] = []
    for point in points:
        # A mention that only passes a voice on is not that voice speaking again.
        first = (point.voice, point.stance) not in spoken and (
            point.independent or point.voice not in heard_voices
        )
        own = point.voice != HEARSAY and first
        spoken.add((point.voice, point.stance))
        heard_voices.add(point.voice)
        said = f"unknown, seen {date_words(point.seen_at)}"
        at = local(point.seen_at)
        if point.said_at:
            said = date_words(point.said_at, point.said_precision)
            # Only an instant moves with the zone: a date that was given as a day stays that day.
            at = local(point.said_at) if Precision(point.said_precision).clock else point.said_at
        rows.append(
            {
                "stance": point.stance,
                "at": at,
                "own": own,
                "dated": point.said_at is not None,
                "Who": plain(point.speaker),
                "In": plain(point.source),
                "Said": said,
                "Voice": plain(point.voice_name),
            }
        )
    return pd.DataFrame(rows, columns=["stance", "at", "own", "dated", "Who", "In", "Said", "Voice"])


def voice_lanes(points: Sequence[Point]) -> list[str]:
    """Return the lane of each point: the name of its voice, for those that speak most."""
    often = Counter(point.voice for point in points if point.voice != HEARSAY)
    names: dict[str, str] = {HEARSAY: _NOBODY}
    for voice, _ in often.most_common(VOICES):
        name = next(plain(point.voice_name, 32) for point in points if point.voice == voice)
        names[voice] = name if name not in names.values() else f"{name} ({len(names) + 1})"
    return [names.get(point.voice, _OTHERS) for point in points]


def order(marks: pd.DataFrame, *, by_voice: bool) -> list[str]:
    """Return the lanes from the top: stances in order; voices by their first words, the unnamed ones last."""
    if not by_voice:
        return [lane for lane in STANCES if (marks["lane"] == lane).any()] or ["supports"]
    lanes = list(dict.fromkeys(marks.sort_values("at", kind="stable")["lane"]))
    last = [lane for lane in (_OTHERS, _NOBODY) if lane in lanes]
    return [lane for lane in lanes if lane not in last] + last or [_NOBODY]


def places(marks: pd.DataFrame, middles: dict[str, float]) -> list[float]:
    """Return a height for each mark: in the middle of its lane, apart from those of about the same time."""
    if marks.empty:
        return []
    first, last = marks["at"].min(), marks["at"].max()
    step = max((last - first) / _BINS, pd.Timedelta(minutes=1))
    counts: dict[tuple[str, int], int] = {}
    heights = []
    for lane, at in zip(marks["lane"], marks["at"], strict=True):
        slot = (lane, int((at - first) / step))
        nth = counts[slot] = counts.get(slot, -1) + 1
        offset = (nth + 1) // 2 * (13 if nth % 2 else -13)
        heights.append(middles[lane] + max(-LANE / 2 + 6, min(LANE / 2 - 6, offset)))
    return heights
