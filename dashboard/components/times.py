"""Stored UTC times as the reader's clock shows them, no finer than they are known, with the exact instant on hover."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st


def zone() -> tzinfo:
    """The reader's time zone as the browser tells it; UTC where it tells none that is known."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def zone_name() -> str:
    """The reader's zone in words: "Europe/Berlin"."""
    return str(getattr(zone(), "key", "UTC"))


def local(at: datetime) -> datetime:
    """The wall time of the stored instant `at` (UTC without a zone) where the reader is, without a zone."""
    return at.replace(tzinfo=UTC).astimezone(zone()).replace(tzinfo=None)


def date_words(at: datetime, precision: str = "second") -> str:
    """`at` in words, no finer than `precision`.

    Only an instant that is known to the second moves with the reader's zone: a day that was told as a day stays it.
    """
    if precision == "year":
        return str(at.year)
    if precision == "quarter":
        return f"Q{(at.month + 2) // 3} {at.year}"
    if precision == "month":
        return f"{at:%B} {at.year}"
    if precision == "day":
        return _day(at)
    here = at.replace(tzinfo=UTC).astimezone(zone())
    return f"{_day(here)}, {here:%H:%M %Z}"


def by_day(precision: str | None) -> str:
    """How fine a time that a claim speaks of is told: by the day at most, since nobody promises a second."""
    return "day" if precision in (None, "second") else precision


def day_words(at: datetime) -> str:
    """The reader's day in which the instant `at` falls."""
    return _day(local(at))


def when(at: datetime | None, precision: str = "second", *, clock: bool = True) -> str:
    """A stored time as HTML, as far as it is known; without `clock` only its day; "date unknown" where it is not."""
    if at is None or precision == "unknown":
        return '<span class="rt-unknown">date unknown</span>'
    shown = day_words(at) if precision == "second" and not clock else date_words(at, precision)
    exact = f"{at:%Y-%m-%d %H:%M:%S} UTC" if precision == "second" else f"known to the {precision}"
    return f'<time datetime="{at.isoformat(timespec="seconds")}Z" title="{exact}">{shown}</time>'


def _day(at: datetime) -> str:
    return f"{at.day} {at:%b} {at.year}"
