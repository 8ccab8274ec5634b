"""One story, as known on any day: its claims on one time axis, its origin and spread, and what is open."""

from __future__ import annotations

from datetime import datetime, timedelta

import streamlit as st

from dashboard.components import layout, slip
from dashboard.data import queries
from dashboard.data.queries import Copy
from dashboard.editing import story_dialogs
from dashboard.editing.service import Desk
from dashboard.views.story import as_of, downloads, sections, spread, timeline
from pipeline.core.errors import DataError
from pipeline.exports.overtaken import story_since
from pipeline.published.slips import slips_for
from pipeline.text.sanitize import words


def show(copy: Copy, desk: Desk | None = None) -> None:
    """Draw the page of the story that the address names by `id`, as of the day that it names by `asof`.

    An editor at `desk` may decide, as of now.
    """
    story_id = st.query_params.get("id", "")
    story = queries.story(copy, story_id) if story_id else None
    if story is None:
        st.set_page_config(page_title="Story · Rumortrail")
        layout.unknown("story", story_id, ".", "All stories")
        return
    st.set_page_config(page_title=f"{words(story.subject.title, 80)} · Rumortrail")
    now = queries.published_at(copy)
    if now is None:
        raise DataError(f"{copy.path} does not say when it was published: run `rumortrail publish`")
    top = st.container()
    day = as_of.picker(story.learned, now.date())
    if day:
        story = queries.story(copy, story.subject.story_id, as_of.instant(day)) or story
    else:
        story = story_since(story, queries.since(copy))
    until = min(now, datetime.combine(day + timedelta(days=1), datetime.min.time())) if day else now
    top.html(sections.head(story, day, until.date()))
    if not story.claims:
        return
    if desk and day is None:
        claims = {claim.claim_id: claim.claim for claim in story.claims}
        story_dialogs.decide_story(copy, desk, story.subject.story_id, story.subject.title, claims)
    timeline.show(copy, story, until, day)
    sections.open_questions(story)
    sections.rival(copy, story, day)
    if day is None:
        with queries.cursor(copy) as cursor:
            claim_ids = [claim.claim_id for claim in story.claims]
            slips = slips_for(cursor, claim_ids, seconds=copy.bounds.seconds)
        slip.show(copy, slips)
    spread.show(story)
    sections.fell(story)
    sections.around(story)
    if day is None:
        story_dialogs.decided(copy, story.subject.story_id)
    downloads.show(story, day)
