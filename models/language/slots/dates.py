"""Resolve the time that a claim speaks of against the document's own date; never guess.

A month, quarter, season or year resolves to its end, since it is read as a deadline. A week has no precision
of its own: it resolves to its last second with the precision of a month. A relative time in a document
without a date, and "soon" or "in the coming weeks" anywhere, stay unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from models.language.passing_words import DAYS, MONTHS, SAYS
from models.language.slots.chinese_dates import chinese_time
from models.language.slots.period_ends import When, end_of_day, end_of_month
from models.lexicon import any_of

_WORDS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10,
}
_MONTH = (
    r"(?P<month>january|february|march|april|may|june|july|august|september|october|november|december|jan|feb"
    r"|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
)
_YEAR = r"(?P<year>20[12]\d)\b"
_SEASON_END = {"spring": 5, "summer": 8, "fall": 11, "autumn": 11}
_IN = (
    r"(?:in|to|by|until|till|before|during|for|since|from|of|early|mid|late|this|next|last|end of"
    r"|beginning of|start of)"
)


_FUTURE = (
    r"will|would|won['’]t|going to|plan(?:s|ned|ning)? to|plans|aims? to|intends? to|set to|expects? to|to be"
    r"|due to (?:be|become|launch|open|start|arrive|come|ship)"
)
_WHEN_SAID = (
    rf"(?:earlier |late |early )?(?:(?:on |this |last |next )?(?:{any_of(DAYS)})|today|tonight|yesterday"
    rf"|(?:this|last) (?:week|month|quarter|year)|(?:on |in )?{_MONTH.replace('?P<month>', '?:')}"
    r"(?: \d{1,2}(?:st|nd|rd|th)?\b)?(?:,? 20[12]\d\b)?)"
)
# "Said on Tuesday that it will", "told reporters on Tuesday it will", "on Tuesday said it will", "it will, it
# said on Tuesday". In "said it will launch on Tuesday" a clause begins between the two.
_CLAUSE = r"(?:that|it|they|he|she|we|you|to|will|would|is|are|was|were|has|have|plans?)\b"
_ADDRESSEE = rf"(?: (?!{_CLAUSE})(?-i:[a-z])\w*){{0,3}}?"
_TIME_OF_SAYING = re.compile(
    rf"(?<=\s)(?:{SAYS}){_ADDRESSEE} (?P<after>{_WHEN_SAID})"
    r"(?=,? (?:(?:that|it|they|he|she|we|its|the|a|an|plans?|to)\b|(?-i:[A-Z]))|[.!,\"”]|\s*$)"
    rf"|(?P<before>\b{_WHEN_SAID}) (?=(?:{SAYS})\b)"
    # A time that opens the sentence belongs to its first verb: "On Monday, Aurel said it will".
    rf"|^(?:(?:in|at|during) [^,.;:]{{1,60}} )?(?P<opening>{_WHEN_SAID}),"
    rf"(?=(?:(?!\b(?:{_FUTURE})\b)[^.,;:])*? (?:{SAYS})\b)"
    rf"|^according to [^,.;:]{{1,60}} (?P<source>{_WHEN_SAID})(?=,)",
    re.IGNORECASE,
)
_TO_COME = re.compile(rf"\b(?:{_FUTURE})\b|['’]ll\b", re.IGNORECASE)


def _without_time_of_saying(text: str) -> str:
    """Return a text that speaks of the future with blanks where it says when it was said."""
    if _TO_COME.search(text) is None:
        return text
    for match in _TIME_OF_SAYING.finditer(text):
        start, end = next(match.span(name) for name, words in match.groupdict().items() if words)
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def event_time(text: str, said: datetime | None, *, ahead: bool | None) -> tuple[datetime | None, str]:
    """Return the first time that `text` names, and its precision ("unknown" with None).

    `said` is when the text was published. `ahead` says whether the text speaks of the future (True) or the
    past (False), which decides a bare "in July" or "on Monday"; with None these stay unknown. The time at
    which something was announced is not the time of what is announced.
    """
    text = _without_time_of_saying(text)
    hits = [
        (_place(match), order, resolve, match) for order, (pattern, resolve) in enumerate(_RULES)
        if (match := pattern.search(text))
    ]
    for _, _, resolve, match in sorted(hits, key=lambda hit: hit[:2]):
        if (resolved := resolve(match, said.date() if said else None, ahead)) is not None:
            return resolved
    return chinese_time(text, said.date() if said else None, ahead=ahead)


def _place(match: re.Match[str]) -> int:
    """Return where the named time itself begins: "for February 25" and "February 25" compete as equals."""
    return match.start("month") if "month" in match.re.groupindex and match["month"] else match.start()


def _month_number(match: re.Match[str]) -> int:
    return next(i for i, name in enumerate(MONTHS, 1) if name.startswith(match["month"].lower()[:3]))


def _iso(match: re.Match[str], _said: date | None, _ahead: bool | None) -> When | None:
    try:
        return end_of_day(date(int(match[1]), int(match[2]), int(match[3])), "day")
    except ValueError:
        return None


def _month_day(match: re.Match[str], said: date | None, ahead: bool | None) -> When | None:
    month, day = _month_number(match), int(match["day"])
    if match["year"]:
        years = [int(match["year"])]
    elif said is None or ahead is None:
        return None
    else:
        years = [said.year, said.year + 1] if ahead else [said.year, said.year - 1]
    for year in years:
        try:
            event_day = date(year, month, day)
        except ValueError:
            return None
        if match["year"] or said is None or (event_day >= said if ahead else event_day <= said):
            return end_of_day(event_day, "day")
    return None


def _month_only(match: re.Match[str], said: date | None, ahead: bool | None) -> When | None:
    month = _month_number(match)
    if match["year"]:
        return end_of_month(int(match["year"]), month)
    if said is None or ahead is None:
        return None
    if ahead:
        return end_of_month(said.year if month >= said.month else said.year + 1, month)
    return end_of_month(said.year if month <= said.month else said.year - 1, month)


def _quarter(match: re.Match[str], said: date | None, ahead: bool | None) -> When | None:
    word = (match["q"] or match["word"]).lower()
    quarter = int(word) if word.isdigit() else ("first", "second", "third", "fourth").index(word) + 1
    current_quarter = (said.month + 2) // 3 if said else 0
    if match["year"]:
        year = int(match["year"])
    elif said is None or ahead is None:
        return None
    elif ahead:
        year = said.year if quarter >= current_quarter else said.year + 1
    else:
        year = said.year if quarter <= current_quarter else said.year - 1
    return end_of_month(year, quarter * 3, "quarter")


def _half(match: re.Match[str], said: date | None, ahead: bool | None) -> When | None:
    if match["year"] is None and said is None:
        return None
    year = int(match["year"]) if match["year"] else said.year if said else 0
    month = 6 if (match["h"] or match["word"]).lower() in ("1", "first") else 12
    return end_of_month(year, month, "year") if match["year"] or ahead else None


def _season(match: re.Match[str], said: date | None, ahead: bool | None) -> When | None:
    month = _SEASON_END[match["season"].lower()]
    if match["year"]:
        return end_of_month(int(match["year"]), month, "quarter")
    if said is None or not ahead:
        return None
    return end_of_month(said.year if month >= said.month else said.year + 1, month, "quarter")


def _year_only(match: re.Match[str], _said: date | None, _ahead: bool | None) -> When | None:
    return end_of_month(int(match["year"]), 12, "year")


def _relative(match: re.Match[str], said: date | None, _ahead: bool | None) -> When | None:
    if said is None:
        return None
    qualifier, unit = match["which"].lower(), match["unit"].lower()
    step = {"next": 1, "last": -1, "previous": -1}.get(qualifier, 0)
    if unit in ("week", "weekend"):
        return end_of_day(said + timedelta(days=6 - said.weekday() + 7 * step), "month")
    if unit == "year":
        return end_of_month(said.year + step, 12, "year")
    if unit == "quarter":
        months = (said.year * 4 + (said.month - 1) // 3) + step
        return end_of_month(months // 4, (months % 4) * 3 + 3, "quarter")
    months = said.year * 12 + said.month - 1 + step
    return end_of_month(months // 12, months % 12 + 1)


def _near(match: re.Match[str], said: date | None, _ahead: bool | None) -> When | None:
    if said is None:
        return None
    days = {"tomorrow": 1, "yesterday": -1}.get(match[1].lower(), 0)
    return end_of_day(said + timedelta(days=days), "day")


def _weekday(match: re.Match[str], said: date | None, ahead: bool | None) -> When | None:
    if said is None:
        return None
    days_apart = DAYS.index(match["day"].lower()) - said.weekday()
    qualifier = (match["which"] or "").lower()
    if ahead is None and not qualifier:
        return None
    if qualifier in ("this", "next") or (ahead and qualifier != "last"):
        return end_of_day(
            said + timedelta(days=days_apart % 7 + (7 if qualifier == "next" and days_apart > 0 else 0)),
            "day",
        )
    return end_of_day(said + timedelta(days=-(-days_apart % 7 or (7 if qualifier == "last" else 0))), "day")


def _span(match: re.Match[str], said: date | None, ahead: bool | None) -> When | None:
    if said is None or not (ahead or match["ago"]):
        return None
    word, unit = match["n"].lower(), match["unit"].lower()
    count = _WORDS.get(word) or int(word)
    sign = -1 if match["ago"] else 1
    if unit == "hour":
        return end_of_day(said + timedelta(days=sign * -(-count // 24)), "day")
    if unit in ("day", "week"):
        days = count * (1 if unit == "day" else 7)
        return end_of_day(said + timedelta(days=sign * days), "day" if unit == "day" else "month")
    months = said.year * 12 + said.month - 1 + sign * count * (1 if unit == "month" else 12)
    return end_of_month(months // 12, months % 12 + 1, "month" if unit == "month" else "year")


def _rule(
    pattern: str, resolve: Callable[[re.Match[str], date | None, bool | None], When | None]
) -> tuple[re.Pattern[str], Callable[[re.Match[str], date | None, bool | None], When | None]]:
    return re.compile(pattern, re.IGNORECASE), resolve


# In order of exactness; the earliest match in the text counts.
_RULES = (
    _rule(r"\b(20[12]\d)-(\d\d)-(\d\d)\b", _iso),
    _rule(
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*[%x]|\.\d)(?:(?:,\s*|\s+){_YEAR})?",
        _month_day,
    ),
    _rule(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:(?:,\s*|\s+){_YEAR})?", _month_day),
    _rule(rf"\b{_IN}[\s-]+{_MONTH}(?:,?\s+(?:of\s+)?{_YEAR})?", _month_only),
    _rule(rf"\b{_MONTH},?\s+{_YEAR}", _month_only),
    _rule(
        rf"\b(?:q(?P<q>[1-4])|(?P<word>first|second|third|fourth)\s+quarter)\b(?:\s+(?:of\s+)?(?:{_YEAR}))?",
        _quarter,
    ),
    _rule(rf"\b(?:h(?P<h>[12])|(?P<word>first|second)\s+half)\b(?:\s+(?:of\s+)?(?:{_YEAR}))?", _half),
    _rule(
        rf"\b(?:{_IN}\s+)(?:the\s+)?(?P<season>spring|summer|fall|autumn)\b(?:\s+(?:of\s+)?{_YEAR})?", _season
    ),
    _rule(
        r"\b(?:(?:later|early|earlier|sometime|by the end of)\s+)?(?P<which>this|next"
        r"|last)\s+(?P<unit>week(?:end)?|month|quarter|year)\b",
        _relative,
    ),
    _rule(
        r"\b(?:by\s+|before\s+|at\s+)?(?:the\s+)?(?P<which>end)\s+of\s+(?:the\s+)?(?P<unit>week|month|quarter"
        r"|year)\b",
        _relative,
    ),
    _rule(r"\b(today|tonight|tomorrow|yesterday)\b(?!['’]s)", _near),
    _rule(
        r"\b(?:on|by|until|before|(?P<which>this|next|last))\s+(?P<day>monday|tuesday|wednesday|thursday"
        r"|friday|saturday|sunday)\b",
        _weekday,
    ),
    _rule(
        r"\b(?:in|within)\s+(?:the\s+next\s+)?(?P<n>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|one"
        r"|an?)\s+(?P<unit>hour|day|week|month|year)s?\b(?P<ago>(?!))?",
        _span,
    ),
    _rule(
        r"\b(?P<n>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|one|an?)\s+(?P<unit>day|week|month"
        r"|year)s?\s+(?P<ago>ago)\b",
        _span,
    ),
    _rule(
        rf"\b(?:in|by|until|before|during|for|early|mid|late|end of)[\s-]+(?:the\s+end\s+of\s+)?{_YEAR}",
        _year_only,
    ),
)
