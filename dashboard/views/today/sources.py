"""Sources and texts as news: edits and deletions, failures to read, decisions of editors."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from dashboard.components import health, stories
from dashboard.components.html import Template, spaced
from dashboard.data.today import ChangedText, Cited, Decided, Failing

DID = {
    "merge": "merged it into another claim",
    "apart": "kept it apart from another claim",
    "split": "split a mention off",
    "move": "moved a mention",
    "stance": "set a stance",
    "status": "set the status",
    "note": "left a note",
    "hide": "hid a claim",
    "follow": "followed a claim",
    "story_merge": "merged a story into another",
    "story_split": "split claims off a story",
    "story_title": "renamed a story",
    "undo": "took a decision back",
}
_html = Template("views/today/sources.html", unwell=health.unwell, stories=stories)
broken = _html.broken


def changed(text: ChangedText, cited: Mapping[str, Cited]) -> Markup:
    """Return a document that was edited or deleted: how we know, and which claim it is evidence for."""
    return _html.changed(text, cited.get(text.evidence_id))


def failing(source: Failing) -> Markup:
    """Return a source that cannot be read, since when and why, or one that is read again."""
    return _html.failing(source, source.outcome in ("failed", "partial") or source.ailing)


def decided(item: Decided) -> Markup:
    """Return what an editor decided, on which claim and why."""
    return _html.decided(item, DID.get(item.kind, spaced(item.kind)))
