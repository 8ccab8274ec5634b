"""Resolve the time that Chinese words name: "4月7日", "明年第一季度", "下周", "年底".

As in `dates`, a month, quarter or year resolves to its end. A relative time stays unknown where the day of
the text is unknown.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from models.language.slots.period_ends import When, end_of_day, end_of_month

_YEAR = re.compile(r"(?:(20[12][0-9])|([今明去]))年的?$")
# A date without a year needs the day of the text; so do "next week" and "tomorrow".
_FOUND = re.compile(
    r"(?<![0-9])(?P<month>1[0-2]|0?[1-9])月(?!活)(?:份|(?P<day>[12][0-9]|3[01]|0?[1-9])[日号])?"
    r"|第?(?P<quarter>[一二三四1-4])季度"
    r"|(?P<half>[上下])半年"
    r"|(?P<end>年[底末内])"
    r"|(?P<year>(?:20[12][0-9]|[今明去])年)(?![0-9底末内]|第|[一二三四上下])"
    r"|(?P<day_away>[今明昨])[天日](?!本)"
    r"|(?P<away>[本这上下])个?(?P<unit>周|星期|月)(?![一二三四五六日天初])"
)
_AWAY = {"今": 0, "明": 1, "去": -1, "昨": -1, "本": 0, "这": 0, "上": -1, "下": 1}
_QUARTERS = {char: place for place, char in enumerate("一二三四", 1)}


def chinese_time(text: str, said: date | None, *, ahead: bool | None) -> tuple[datetime | None, str]:
    """Return the first time that Chinese words in `text` name, and its precision ("unknown" with None)."""
    for match in _FOUND.finditer(text):
        if (resolved := _resolved(text, match, said, ahead)) is not None:
            return resolved
    return None, "unknown"


def _resolved(text: str, match: re.Match[str], said: date | None, ahead: bool | None) -> When | None:
    if match["day_away"]:
        return end_of_day(said + timedelta(days=_AWAY[match["day_away"]]), "day") if said else None
    if match["unit"]:
        return _away(_AWAY[match["away"]], match["unit"], said)
    if match["year"]:
        year = _year(match["year"], said)
        return end_of_month(year, 12, "year") if year else None
    # The "年" of "明年底" belongs to the year and to the matched "年底".
    year = _year(text[max(0, match.start() - 7) : match.start() + bool(match["end"])], said)
    if match["end"]:
        year = year or (said.year if said else None)
        return end_of_month(year, 12, "year") if year else None
    if match["half"]:
        year = year or (said.year if said else None)
        return end_of_month(year, 6 if match["half"] == "上" else 12, "year") if year else None
    if match["quarter"]:
        month = 3 * (_QUARTERS.get(match["quarter"]) or int(match["quarter"]))
        year = year or _nearest(month, said, ahead)
        return end_of_month(year, month, "quarter") if year else None
    month = int(match["month"])
    year = year or _nearest(month, said, ahead)
    if year is None:
        return None
    if not match["day"]:
        return end_of_month(year, month, "month")
    try:
        return end_of_day(date(year, month, int(match["day"])), "day")
    except ValueError:
        return None


def _year(words: str, said: date | None) -> int | None:
    """Return the year that words end with."""
    match = _YEAR.search(words)
    if match is None:
        return None
    if match[1]:
        return int(match[1])
    return said.year + _AWAY[match[2]] if said else None


def _nearest(month: int, said: date | None, ahead: bool | None) -> int | None:
    """Return the year of a month that is named alone: the next one, or the last."""
    if said is None or ahead is None:
        return None
    return said.year + ((month < said.month) if ahead else -(month > said.month))


def _away(step: int, unit: str, said: date | None) -> When | None:
    if said is None:
        return None
    if unit == "月":
        months = said.year * 12 + said.month - 1 + step
        return end_of_month(months // 12, months % 12 + 1, "month")
    return end_of_day(said + timedelta(days=6 - said.weekday() + 7 * step), "month")
