"""The digest as the body of an incoming webhook that both Slack and Mattermost take."""

from __future__ import annotations

import json
import re
from typing import Any

from pipeline.core.config import PublisherConfig
from pipeline.core.context import RunContext
from pipeline.core.text import shorten
from pipeline.digest.changes import Piece, Row, Section, Style, headline
from pipeline.text.sanitize import plain

ROWS = 8
SECTION = 1_000
"""Rows, and characters, of one list. With seven lists the body stays under 9,000 characters: Slack takes 100
attachments and 40,000 characters, Mattermost 16,383."""

_TEXT, _THEIRS, _QUOTED = 300, 160, 500

# Neither chat has an escape that the other honours. A look-alike is inert in both: no mention, link, picture,
# code, formula, emphasis or emoji begins with it.
_INERT = str.maketrans(
    {"@": "＠", "#": "＃", "<": "‹", ">": "›", "&": "＆", "*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"}
    | {"[": "［", "]": "］", "|": "∣", "\\": "＼", "$": "＄", "!": "ǃ"}
)


def webhook_body(run: RunContext, sections: list[Section]) -> str:
    """Return the JSON to post: `text` with the headline, and an attachment for each list with rows."""
    body = {
        "text": shorten(f"Rumortrail, {run.now:%Y-%m-%d %H:%M} UTC: {headline(sections)}", _TEXT),
        "attachments": [_attachment(run, section) for section in sections if section.rows],
    }
    return json.dumps(body, ensure_ascii=False)


def inert(text: str, limit: int = _THEIRS) -> str:
    """Return a stranger's text on one line, with look-alikes for all that either chat acts on."""
    flat = plain(text, limit).translate(_INERT)
    flat = re.sub(r":(?=\S)", "∶", flat)
    return re.sub(r"(?<=\w)\.(?=[^\W\d])", "․", flat)


def _attachment(run: RunContext, section: Section) -> dict[str, Any]:
    lines: list[str] = []
    for row in section.rows[:ROWS]:
        bullet = "• " + chat_row(run.config.publisher, row)
        if sum(map(len, lines)) + len(lines) + len(bullet) > SECTION:
            break
        lines.append(bullet)
    if len(lines) < len(section.rows):
        lines.append(f"and {len(section.rows) - len(lines):,} more")
    title = f"{section.title} ({section.count:,})"
    return {"fallback": title, "title": title, "text": "\n".join(lines), "mrkdwn_in": ["text"]}


def chat_row(publisher: PublisherConfig, row: Row) -> str:
    """Return a row as text in which neither chat acts on anything but our own emphasis and claims' pages."""
    return "".join(_piece(publisher, piece) for piece in row)


def _piece(publisher: PublisherConfig, piece: Piece) -> str:
    style, text = piece
    if style is Style.FOREIGN:
        return inert(text)
    if style is Style.QUOTE:
        return f"“{inert(text, _QUOTED)}”"
    if style is Style.CLAIM:
        return publisher.claim(text) or inert(text)
    return f"*{text}*" if style is Style.STRONG else text
