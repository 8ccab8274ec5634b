"""Stories as news: which claims moved, from where to where, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup

from dashboard.components import html
from dashboard.components import stories as parts
from dashboard.components.charts import sparkline
from pipeline.published.story_rows import StoryLine

_html: Any = html.Template("views/today/stories.html", parts=parts, spark=sparkline.documents)


def moved(stories: Sequence[StoryLine], now: datetime) -> list[Markup]:
    """Return a row for each story that moved, with its documents of the last days on one scale."""
    first = (now - timedelta(days=sparkline.DAYS - 1)).date()
    scale = sparkline.scale([story.days for story in stories], first, now.date())
    most = max((story.claims for story in stories), default=1)
    return [_html.moved(story, scale, most) for story in stories]
