"""Write what a passage stands in as one line, in the words and order that the relation model has learnt."""

from __future__ import annotations

TITLE, ANSWERED, BEFORE = 120, 220, 160  # characters


def passage_context(title: str | None, answered: str | None, before: str | None) -> str:
    """Return the title, the beginning of the answered post and the end of the words before, as one line."""
    parts = (
        ("title", _line(title)[:TITLE]), ("answers", _line(answered)[:ANSWERED]),
        ("before", _line(before)[-BEFORE:]),
    )
    return " | ".join(f"{name}: {words.strip()}" for name, words in parts if words.strip())


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
