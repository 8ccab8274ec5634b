"""Parts of a story on a page: its link, the state of its claims at a glance, and what moved last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup

from dashboard.components import html
from pipeline.published.story_rows import CONTESTED_FIRST, StatusCount


def words(states: Iterable[StatusCount]) -> str:
    """Return how many claims stand where: "1 disputed, 2 corroborated"."""
    return ", ".join(f"{state.claims:,} {state.status}" for state in states)


def key(used: Iterable[StatusCount]) -> Markup:
    """Return a legend of the statuses in `used`, the contested first."""
    used_statuses = {state.status for state in used}
    legend: Markup = _html.key([status for status in CONTESTED_FIRST if status in used_statuses])
    return legend


def states(counts: Sequence[StatusCount], most: int) -> Markup:
    """Return the claims by status as a bar and in numbers; the bar of `most` claims is of full width."""
    bar: Markup = _html.states(counts, max(most, 1))
    return bar


_html: Any = html.Template("components/stories.html", words=words)
link, step, at = _html.link, _html.step, _html.at
