"""Short texts: cut to a length, on one line, fit for a terminal; counted nouns, lists, speakers, instants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

UNNAMED = "nobody named"
"""What is shown for a speaker where the words name none."""


def shorten(text: str, limit: int) -> str:
    """Return `text`; of more than `limit` characters the beginning and "…", `limit` together."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def one_line(text: object, limit: int | None = None) -> str:
    """Return `text` with one space for each run of white space, shortened to `limit` characters if given.

    None gives "".
    """
    flat = " ".join(("" if text is None else str(text)).split())
    return flat if limit is None else shorten(flat, limit)


def encodable(text: str) -> str:
    """Return `text` with U+FFFD for each half of a surrogate pair that stands alone: UTF-8 has no such thing.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def utf8(text: str) -> bytes:
    """Return `text` in UTF-8; what that cannot hold, half a surrogate pair, as a backslash escape."""
    return text.encode("utf-8", "backslashreplace")


def printable(text: str, keep: str = "") -> str:
    """Return `text` with "�" for what would move a terminal's cursor or turn the direction of writing.

    Characters in `keep` stay.
    """
    return "".join(c if c.isprintable() or c in keep else "�" for c in text)


def speaker_in(speaker: str | None, source: str) -> str:
    """Return who speaks, and in which source where that is another: "Ilse Brandt, in Courier".

    Where nobody is named it says so; the source never stands for the speaker.
    """
    return source if speaker == source else f"{speaker or UNNAMED}, in {source}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return `number` and `noun` for a sentence: "1 voice", "1,204 voices"."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def enumerated(words: Sequence[str], joint: str = "and") -> str:
    """Return the words as a sentence lists them: "Aurel", "Aurel and Corvid", "Aurel, Corvid and Lumen"."""
    return f" {joint} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def instant(at: datetime) -> str:
    """Return an instant of UTC for a sentence: "1 March 2026, 08:05:00 UTC"."""
    return f"{at.day} {at:%B} {at.year}, {at:%H:%M:%S} UTC"
