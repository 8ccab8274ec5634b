"""The days on which a named time falls, no finer than it was named, with the words for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pipeline.core.times import words_of
from pipeline.core.vocabulary import Precision

_WEEK = timedelta(days=7)
_MONTHS = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `begins` to before `ends`; a time that is known to the second has no `ends`.

    `named` are the words for it: "17 March 2026", "Q2 2026"; `day` is False where no day was named.
    """

    begins: date
    ends: date | None
    named: str
    day: bool

    @property
    def due(self) -> str:
        """Return the words for a deadline that is to come."""
        return "Due" if self.day else f"Due {self._in}, no day named"

    @property
    def was_due(self) -> str:
        """Return the words for a deadline that is over."""
        return f"was due on {self.named}" if self.day else f"was due {self._in}"

    @property
    def words(self) -> str:
        """Return how exactly the time was named."""
        if self.ends is None:
            return f"{self.named}, named to the second."
        if self.day:
            return f"{self.named}, in UTC."
        last = self.ends - timedelta(days=1)
        return f"{self.named}. No day was named: the event covers all of it, until {words_of(last)} in UTC."

    @property
    def _in(self) -> str:
        return self.named if self.named.startswith("the ") else f"in {self.named}"


def span_of(deadline: datetime, precision: Precision) -> Span:
    """Return the span of a time of which `deadline` is the last second, or the first moment after it.

    A month is the precision of weeks, too: one that does not end with a month is the seven days to its end.
    """
    if precision is Precision.SECOND:
        at = deadline.astimezone(UTC)
        return Span(at, None, f"{words_of(at)}, {at:%H:%M:%S} UTC", True)
    last = (deadline.astimezone(UTC) - timedelta(microseconds=1)).date()
    after = last + timedelta(days=1)
    if precision is Precision.DAY:
        return Span(last, after, words_of(last), True)
    if after.day != 1:
        return Span(after - _WEEK, after, f"the week to {words_of(last)}", False)
    months = _MONTHS[precision]
    number = last.year * 12 + last.month - months
    begins = date(number // 12, number % 12 + 1, 1)
    return Span(begins, after, _months(begins, last, precision), False)


def _months(first: date, last: date, precision: Precision) -> str:
    months = _MONTHS[precision]
    if last.month % months == 0:
        return words_of(last, precision)
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first:%B}{year} to {last:%B} {last.year}"
