"""Times as pages, feeds and files write them, and how exactly they say it; what is ambiguous is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime

from pipeline.core.vocabulary import Precision

_ISO = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?",
    re.IGNORECASE,
)
_WORDS = {
    "%B %d %Y": Precision.DAY, "%d %B %Y": Precision.DAY, "%b %d %Y": Precision.DAY,
    "%d %b %Y": Precision.DAY, "%B %Y": Precision.MONTH, "%b %Y": Precision.MONTH,
}  # fmt: skip
_PERIODS = (
    re.compile(r"(?P<year>[12][0-9]{3})年?"),
    re.compile(r"(?P<year>[12][0-9]{3})[-/.年](?P<month>[0-9]{1,2})月?"),
    re.compile(r"(?P<month>[0-9]{1,2})[-/.](?P<year>[12][0-9]{3})"),
    re.compile(r"(?P<year>[12][0-9]{3})[- ]?[Qq](?P<quarter>[1-4])"),
    re.compile(r"[Qq](?P<quarter>[1-4])[- ]?(?P<year>[12][0-9]{3})"),
    # Where a part is not known, systems write zeros.
    re.compile(r"(?P<year>[12][0-9]{3})-00-00"),
    re.compile(r"(?P<year>[12][0-9]{3})-(?P<month>[0-9]{2})-00"),
)
_IN_WORDS = re.compile(r"\b(sept)\b|(?<=[a-z])\.|(?<=\d)(?:st|nd|rd|th)\b|,", re.IGNORECASE)
"""What differs between the ways to write a date in words."""
_SECONDS = re.compile(r"\d:\d\d:\d\d|T\d{6}")
_URL_DAY = re.compile(r"/((?:19|20)\d\d)([/-]?)(\d\d)\2(\d\d)(?=[/_-]|$)")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as written, in UTC; a clock time without its zone is not `zoned` and read as UTC.

    `offset` is that of the zone it was written in.
    """

    at: datetime
    precision: Precision
    zoned: bool
    offset: timedelta = field(default=timedelta(), compare=False)

    def day(self) -> Moment:
        """Return the day as written, without the clock time."""
        local = self.at + self.offset
        begins = datetime.combine(local.date(), time(), UTC) - self.offset
        return day_of(begins, local.date())


def day_of(begins: datetime, day: date) -> Moment:
    """Return `day`, which begins at the instant `begins` where it was written, as a time.

    West of Greenwich it begins then, hours after it begins in UTC. East of it, it begins on the day before in
    UTC, and counts from where both have the same day.
    """
    return Moment(max(begins, datetime.combine(day, time(), UTC)), Precision.DAY, True)


def read_moment(text: str) -> Moment:
    """Return the time that `text` states: ISO 8601 and variants, RFC 5322, or an English date in words.

    Midnight is how systems write a day, and is read as one; a clock time without seconds is that minute. A
    month, quarter or year alone is a time of that precision, from its first moment. Raises ValueError for
    anything that is no date or could be two (04/07/2025).
    """
    text = text.strip()
    if len(text) > 100:
        raise ValueError(f"a date of {len(text)} characters")
    for period in _PERIODS:
        if period_match := period.fullmatch(text):
            return _period(period_match.groupdict(), text)
    match = _ISO.fullmatch(text)
    if match:
        return _iso(match, text)
    words = " ".join(_IN_WORDS.sub(lambda match: "sep" if match[1] else " ", text).split())
    for form, precision in _WORDS.items():
        try:
            return Moment(datetime.strptime(words, form).replace(tzinfo=UTC), precision, True)
        except ValueError:
            continue
    try:
        basic = re.match(r"\d{8}(?:T|$)", text)
        parsed = datetime.fromisoformat(text) if basic else parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise ValueError(f"{text!r} is not a date; write 2025-04-07 or 2025-04-07T09:30:00Z") from error
    if re.fullmatch(r"\d{8}", text):
        return _moment(parsed, Precision.DAY, text)
    return _moment(parsed, Precision.SECOND if _SECONDS.search(text) else Precision.MINUTE, text)


def url_day(url: str) -> Moment | None:
    """Return the day in a URL's path (/2025/04/07/, /2025-04-07-, /20250407/), if it has exactly one."""
    days = set()
    for year, _, month, day in _URL_DAY.findall(url.split("?", 1)[0]):
        try:
            days.add(datetime(int(year), int(month), int(day), tzinfo=UTC))
        except ValueError:
            continue
    return Moment(days.pop(), Precision.DAY, True) if len(days) == 1 else None


def _period(parts: dict[str, str | None], text: str) -> Moment:
    month, quarter = parts.get("month"), parts.get("quarter")
    precision = Precision.QUARTER if quarter else Precision.MONTH if month else Precision.YEAR
    first_month = 3 * int(quarter) - 2 if quarter else int(month or 1)
    try:
        return Moment(datetime(int(parts["year"] or 0), first_month, 1, tzinfo=UTC), precision, True)
    except ValueError as error:
        raise ValueError(f"{text!r} is an impossible date: {error}") from error


def _iso(match: re.Match[str], text: str) -> Moment:
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    stamp = f"{year}-{int(month):02}-{int(day):02}"
    if hour is not None:
        stamp += f"T{int(hour):02}:{minute}:{second or '00'}.{(fraction or '0')[:6]:0<6}"
        stamp += "+00:00" if zone and zone[0].isalpha() else _offset(zone)
    try:
        parsed = datetime.fromisoformat(stamp)
    except ValueError as error:
        raise ValueError(f"{text!r} is an impossible date: {error}") from error
    precision = Precision.DAY if hour is None else Precision.MINUTE if second is None else Precision.SECOND
    return _moment(parsed, precision, text)


def _offset(zone: str | None) -> str:
    if not zone:
        return ""
    digits = zone[1:].replace(":", "")
    return f"{zone[0]}{digits[:2]}:{digits[2:] or '00'}"


def _moment(parsed: datetime, precision: Precision, text: str) -> Moment:
    zoned = parsed.tzinfo is not None or not precision.clock
    try:
        at = parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError(f"{text!r} is an impossible date: {error}") from error
    if not precision.clock or parsed.time() == time():
        return day_of(at, parsed.date())
    return Moment(at, precision, zoned, parsed.utcoffset() or timedelta())
