"""The data of a story's charts as CSV, and the picture of its claims as SVG."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.components import handout, html
from dashboard.data.queries import Copy
from dashboard.views.story import as_of
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.core.rows import aware
from pipeline.core.text import utf8
from pipeline.exports.tables import write_csv
from pipeline.published.stories import StoryFile


def of_timeline(copy: Copy, story: StoryFile, day: date | None, part: int, title: str) -> None:
    """Draw what a reader takes from a part of the chart of the claims: its picture, the data of all parts and
    a line to cite.
    """
    name, suffix = _name(story, day)
    numbered = f"-part{part}" if part > 1 else ""
    handout.put(copy, f"{title}: {story.subject.title}", f"story-{name}{numbered}{suffix}",
                csv=partial(statuses, story), svg=partial(picture, copy, story.subject.story_id, day, part))


def picture(copy: Copy, story_id: str, day: date | None, part: int = 1) -> bytes:
    """Return a part of the claims of a story over time as an SVG file, as of the end of `day`."""
    # Imported where a file is made: the page does not wait for what it needs.
    from pipeline.pages.story import story_svg
    from pipeline.published.stories import read_story

    home = Home(Path(copy.path).parent)
    config = Config.load(home.config_file)
    story = read_story(home, config, story_id, as_of.instant(day))
    return utf8(story_svg(story, config.publisher, day, part))


def _name(story: StoryFile, day: date | None) -> tuple[str, str]:
    name = story.subject.story_id if story.subject.story_id.isalnum() else "story"
    return name, f"-{day:%Y-%m-%d}" if day else ""


def show(story: StoryFile, day: date | None) -> None:
    """Draw a button for each file."""
    day_words = f" As known on {html.day(day)}." if day else ""
    st.html(html.section("Download", f"What the charts are made of. No cell runs as a formula.{day_words}"))
    name, suffix = _name(story, day)
    files: dict[str, tuple[str, Callable[[StoryFile], bytes]]] = {
        "Claims and statuses (CSV)": ("statuses", statuses),
        "Denials and documents (CSV)": ("marks", marks),
        "The spread (CSV)": ("spread", spread),
        "Documents a day (CSV)": ("days", days),
    }
    with st.container(horizontal=True, key="handout"):
        for label, (kind, make) in files.items():
            st.download_button(
                label, partial(make, story), f"story-{name}-{kind}{suffix}.csv", "text/csv",
                icon=":material/download:", on_click="ignore",
            )  # fmt: skip


def statuses(story: StoryFile) -> bytes:
    """Return a row for each status that each claim took; one that was not judged has one row too."""
    columns = ["claim_id", "claim", "first_at", "first_is_said", "first_precision", "status", "since",
               "since_is_said", "until", "reason", "deadline", "voices", "mentions"]
    rows: list[list[Any]] = []
    for claim in story.claims:
        head = [claim.claim_id, claim.claim, claim.first_at, claim.first_is_said, claim.first_precision]
        tail = [claim.event_at, claim.voices, claim.mentions]
        bands = [[move.status, move.at, move.at_is_said, move.until, move.reason]
                 for move in story.moves if move.claim_id == claim.claim_id]
        rows += [[*head, *band, *tail] for band in bands or [[claim.status, None, None, None, None]]]
    return _csv(columns, rows)


def marks(story: StoryFile) -> bytes:
    """Return a row for each denial and artefact."""
    columns = ["claim_id", "what", "stance", "speaker", "role", "source", "url", "quote", "said_at",
               "said_precision", "seen_at", "evidence_id"]
    return _csv(columns, [
        [mark.claim_id, mark.what, mark.stance, mark.speaker, mark.speaker_role, mark.source, mark.url,
         mark.quote, mark.said_at, mark.said_precision, mark.seen_at, mark.evidence_id]
        for mark in story.marks
    ])


def spread(story: StoryFile) -> bytes:
    """Return a row for each document, with whom it follows."""
    columns = ["document_id", "source", "author", "speaker", "url", "said_at", "said_precision", "seen_at",
               "independent", "artefact", "stances", "claim_ids", "sign", "follows", "follows_document_id"]
    return _csv(columns, [
        [document.document_id, document.source, document.author, document.speaker, document.url,
         document.said_at, document.said_precision, document.seen_at, document.independent,
         document.artefact, " ".join(document.stances), " ".join(document.claim_ids), document.kind,
         document.follows, document.follows_id]
        for document in story.spread
    ])


def days(story: StoryFile) -> bytes:
    """Return a row for each day of UTC on which a document spoke to the story."""
    return _csv(["day", "documents"], [[day.day, day.documents] for day in story.days])


def _csv(columns: list[str], rows: list[list[Any]]) -> bytes:
    out = io.StringIO(newline="")
    # Outside of the copy, which holds UTC without a zone, the zone stands beside the time.
    write_csv(columns, [[aware(value) for value in row] for row in rows], out)
    return utf8(out.getvalue())
