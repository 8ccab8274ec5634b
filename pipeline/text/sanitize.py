"""Turn text from strangers into HTML that shows it and does nothing else.

Streamlit's Markdown loads images, makes links, and reads LaTeX, emoji shortcodes and directives out of any
string. So nothing that came from the network is given to a Streamlit element that reads Markdown: it goes
through `safe` into `st.html`, and where an element takes a label only, through `words`.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from pipeline.core.text import one_line, shorten

LIMIT = 4_000

# Unicode's explicit bidirectional controls (UAX #9): they can make a text read as what it is not.
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_ODD = re.compile(
    f"(?P<bidi>[{_BIDI}])"
    f"|(?P<invisible>[{_INVISIBLE}]{{3,}})"
    "|(?P<control>[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff])"
)
_LONG_WORD = re.compile(r"\S{60,}")
_MARKS_KEPT = 4


def safe(text: object, limit: int = LIMIT) -> str:
    """Return `text` as HTML: escaped, with hidden characters made visible and floods of them counted.

    Of more than `limit` characters the first are shown, and how many there are.
    """
    full_text = "" if text is None else str(text)
    return "".join(_pieces(_tame_marks(full_text[:limit].replace("\r\n", "\n")))) + _cut(full_text, limit)


def plain(text: object, limit: int = 80) -> str:
    """Return `text` on one line, hidden characters made visible, for places that show text as it is."""
    shown = _ODD.sub(lambda match: f"[{_named(match)}]", _tame_marks(one_line(text, 4 * limit)))
    return shorten(shown, limit)


def line(text: object, limit: int = 300) -> str:
    """Return `safe` of `text` on one line, shortened to `limit` characters."""
    return safe(one_line(text, limit), limit)


def marked(text: str, cues: Iterable[str], limit: int = LIMIT) -> str:
    """Return `safe` of `text` with each of `cues` that it contains marked."""
    shown = text[:limit]
    pattern = _cue_pattern(cues)
    if pattern is None:
        return safe(text, limit)
    parts, end = [], 0
    for match in pattern.finditer(shown):
        parts += [safe(shown[end : match.start()], limit), f"<mark>{safe(match.group(), limit)}</mark>"]
        end = match.end()
    return "".join(parts) + safe(shown[end:], limit) + _cut(text, limit)


def unmarked(text: str, cues: Iterable[str], limit: int = LIMIT) -> list[str]:
    """Return those of `cues` that `marked` finds nowhere in `text`."""
    patterns = {cue: _cue_pattern([cue]) for cue in cues}
    return [cue for cue, pattern in patterns.items() if pattern and not pattern.search(text[:limit])]


def _cue_pattern(cues: Iterable[str]) -> re.Pattern[str] | None:
    longest_first = sorted({cue for cue in cues if cue.strip()}, key=len, reverse=True)
    words = "|".join(map(re.escape, longest_first))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if longest_first else None


def link(url: str | None) -> str:
    """Return a link that shows its host and sends no referrer; what is not http(s) is shown as text."""
    host = host_of(url)
    if url is None:
        return '<span class="rt-nolink">no address</span>'
    if host is None:
        return f'<span class="rt-nolink">no web address: {line(url, 80)}</span>'
    return (
        f'<a class="rt-out" href="{html.escape(url)}" target="_blank" rel="noreferrer '
        f'noopener" referrerpolicy="no-referrer">{safe(host, 80)}</a>'
    )


@lru_cache(maxsize=2_000)
def host_of(url: str | None) -> str | None:
    """Return the host that a click on `url` would reach, in ASCII; None where it is no plain web address."""
    if not url or len(url) > 2_000 or re.search(rf"[\s<>\"'`\\\x00-\x1f\x7f-\x9f{_BIDI}{_INVISIBLE}]", url):
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    host = host.removeprefix("www.")
    return f"{host}:{port}" if port else host


def words(text: object, limit: int = 120) -> str:
    """Return the letters, digits and spaces of `text`, for labels that read Markdown: these make none."""
    characters = "".join(c if unicodedata.category(c)[0] in "LN" else " " for c in str(text)[: 4 * limit])
    return one_line(characters, limit)


def _pieces(text: str) -> Iterable[str]:
    end = 0
    for match in _ODD.finditer(text):
        yield _plain(text[end : match.start()])
        yield _note(_named(match))
        end = match.end()
    yield _plain(text[end:])


def _named(match: re.Match[str]) -> str:
    count = f"{len(match.group()):,} invisible characters"
    return count if match["invisible"] else f"U+{ord(match.group()):04X}"


def _plain(text: str) -> str:
    """Return `text` escaped, with a place to break in each long word."""
    end, parts = 0, []
    for match in _LONG_WORD.finditer(text):
        word = match.group()
        pieces = (html.escape(word[at : at + 30]) for at in range(0, len(word), 30))
        parts += [html.escape(text[end : match.start()]), "<wbr>".join(pieces)]
        end = match.end()
    return "".join(parts) + html.escape(text[end:])


def _tame_marks(text: str) -> str:
    """Return `text` with at most four combining marks on a letter: more paint over the lines around it."""
    if text.isascii() or not any(map(unicodedata.combining, text)):
        return text
    characters, mark_count = [], 0
    for c in text:
        mark_count = mark_count + 1 if unicodedata.combining(c) else 0
        if mark_count <= _MARKS_KEPT:
            characters.append(c)
    return "".join(characters)


def _cut(text: str, limit: int) -> str:
    return f" {_note(f'{limit:,} of {len(text):,} characters shown')}" if len(text) > limit else ""


def _note(words: str) -> str:
    return f'<span class="rt-note">{words}</span>'
