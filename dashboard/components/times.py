"""Stored UTC times on the reader's clock, no finer than they are known; the exact instant on hover."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st
from markupsafe import Markup

from pipeline.core.times import words_of
from pipeline.core.vocabulary import Precision

_EXACT = {"second": "%Y-%m-%d %H:%M:%S", "minute": "%Y-%m-%d %H:%M"}
_STAMPS = {"second": "%Y-%m-%dT%H:%M:%SZ", "minute": "%Y-%m-%dT%H:%MZ", "day": "%Y-%m-%d", "month": "%Y-%m"}


def zone() -> tzinfo:
    """Return the reader's time zone as the browser names it; UTC where it names none that is known."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def zone_name() -> str:
    """Return the reader's zone in words: "Europe/Berlin"."""
    return str(getattr(zone(), "key", "UTC"))


def local(at: datetime) -> datetime:
    """Return the reader's wall time, without a zone, at the stored instant `at` (UTC without a zone)."""
    return at.replace(tzinfo=UTC).astimezone(zone()).replace(tzinfo=None)


def date_words(at: datetime, precision: str = "second") -> str:
    """Return `at` in words, no finer than `precision`.

    Only an instant whose clock time is known moves with the reader's zone: a day stays that day.
    """
    if precision in ("year", "quarter", "month"):
        return words_of(at, precision)
    if precision == "day":
        return _day(at)
    reader_time = at.replace(tzinfo=UTC).astimezone(zone())
    return f"{_day(reader_time)}, {reader_time:%H:%M %Z}"


def by_day(precision: str | None) -> str:
    """Return how finely a time that a claim names is shown: to the day at most."""
    return "day" if precision is None or Precision(precision).clock else precision


def day_words(at: datetime) -> str:
    """Return the reader's day in which the instant `at` falls."""
    return _day(local(at))


def when(at: datetime | None, precision: str = "second", *, clock: bool = True) -> Markup:
    """Return a stored time as HTML, as finely as it is known; without `clock` only its day."""
    if at is None or precision == "unknown":
        return Markup('<span class="rt-unknown">date unknown</span>')
    shown = day_words(at) if Precision(precision).clock and not clock else date_words(at, precision)
    precision_words = "" if precision == "second" else f"known to the {precision}"
    exact = f"{at:{_EXACT[precision]}} UTC" if precision in _EXACT else ""
    stamp = f"{at:{_STAMPS.get(precision, '%Y')}}"
    title = ", ".join(filter(None, (exact, precision_words)))
    return Markup('<time datetime="{}" title="{}">{}</time>').format(stamp, title, shown)


def _day(at: datetime) -> str:
    return f"{at.day} {at:%b} {at.year}"
