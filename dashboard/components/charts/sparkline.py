"""How much was said of each claim, day by day, as a row of small bars; grey, as being repeated speaks neither for nor against it.

The bars are HTML, made on the server: Streamlit takes SVG out of what it is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dashboard.components import html
from dashboard.data import queries
from dashboard.data.queries import Copy
from dashboard.data.today import DayCount

DAYS = 14


def sparklines(copy: Copy, claims: Sequence[str], until: datetime) -> dict[str, str]:
    """The sparkline of each of `claims` over the days up to that of `until`, by one question for all of them."""
    if not claims:
        return {}
    wanted = sorted(set(claims))
    found = queries.read(copy, DayCount, "today", "days", claims=wanted, until=until, days=DAYS)
    counts: dict[str, list[DayCount]] = {claim_id: [] for claim_id in wanted}
    for day in found:
        counts[day.claim_id].append(day)
    return {claim_id: sparkline(days, until) for claim_id, days in counts.items()}


def sparkline(days: Sequence[DayCount], until: datetime) -> str:
    """One claim's days as bars, as high as the busiest of them lets them be; the words say what they show."""
    by_day = {day.back: day.mentions for day in days if 0 <= day.back < DAYS}
    most = max(by_day.values(), default=0)
    bars = "".join(_bar(by_day.get(back, 0), most) for back in reversed(range(DAYS)))
    words = _words(by_day, sum(day.undated for day in days if day.back in by_day), until)
    return f'<span class="rt-spark" role="img" aria-label="{words}" title="{words}">{bars}</span>'


def _bar(mentions: int, most: int) -> str:
    # A day on which something was said is seen, however busy another was.
    height = max(12, round(100 * mentions / most)) if mentions else 0
    return f'<i style="height: {height}%"></i>' if height else "<i></i>"


def _words(by_day: dict[int, int], undated: int, until: datetime) -> str:
    total = sum(by_day.values())
    if not total:
        return f"no mention in {DAYS} days"
    busiest = min(by_day, key=lambda back: (-by_day[back], back))
    day = until - timedelta(days=busiest)
    most = f", {'most' if len(by_day) > 1 else 'all'} on {day.day} {day:%b} (UTC)"
    unknown = (
        f"; {undated:,} with no known date, on the day we saw {'it' if undated == 1 else 'them'}"
        if undated
        else ""
    )
    return f"{html.plural(total, 'mention')} in {DAYS} days{most}{unknown}"
