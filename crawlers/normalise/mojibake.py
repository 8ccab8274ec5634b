"""UTF-8 that was read as a single-byte code page, found and undone passage by passage.

ftfy (Speer 2019, doi:10.5281/zenodo.2591652) asks whether a whole line is mojibake in one of the code pages
that it knows. Pages arrive with right and wrong passages side by side, in code pages that it does not know
(Thai 874, KOI8-R) and with the bytes that a page leaves undefined taken from Windows-1252. Of the 257 cases
of tests/crawlers/normalise/test_text_repair.py ftfy alone gets 73 wrong, and it changes two of the 24 clean
texts (the German and the Portuguese one), which would move the offsets of quotes. So here a run of characters
is put right when its bytes are strict UTF-8 for something that people write, and

- it cannot have been meant: a letter, then a currency sign, then a quotation mark; a capital inside a small
  word;
- or it could have been meant ("รถ" is a Thai word, and the bytes of "ö"), but its line holds no genuine word
  of that code page, and the text proves elsewhere that it was read so.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise

_PAGES = ("cp1252", "cp874", "cp1251", "cp1250", "cp1254", "cp1257", "cp1253", "koi8-r")
_LEADS = ((0xC2, 0xDF), (0xE0, 0xEF), (0xF0, 0xF4))
_TWO = re.compile("[^\x00-\x7f]{2}")
"""Every byte of a character that UTF-8 writes with several is beyond ASCII in every page."""
_ORDINARY = frozenset("…‘’“”‚„–—‹›«»•·\u00a0\u00ad™®©°§´¹²³ªº")
"""Characters that may stand right after a word, or between a word and a closing quotation mark."""

_SYMBOLS = (
    (0xA0, 0xBF), (0xD7, 0xD7), (0xF7, 0xF7), (0x2C6, 0x2DD), (0x2000, 0x200F), (0x2010, 0x2027),
    (0x202F, 0x205E), (0x20A0, 0x20C0), (0x2100, 0x214F), (0x2150, 0x218F), (0x2190, 0x23FF),
    (0x2460, 0x27BF), (0x2900, 0x297F), (0x2B00, 0x2BFF), (0x3000, 0x303F), (0xFE0F, 0xFE0F),
    (0xFEFF, 0xFEFF), (0xFF00, 0xFFEF), (0x1F000, 0x1FAFF),
)  # fmt: skip
_LATIN = (
    (0xC0, 0x17F), (0x192, 0x192), (0x1A0, 0x1A1), (0x1AF, 0x1B0), (0x218, 0x21B), (0x300, 0x36F),
    (0x1E00, 0x1EFF), (0xFB00, 0xFB06),
)  # fmt: skip
_SCRIPTS = {
    "greek": ((0x370, 0x3FF),),
    "cyrillic": ((0x400, 0x45F), (0x490, 0x4FF)),
    "hebrew": ((0x591, 0x5EA), (0x5F3, 0x5F4)),
    "arabic": ((0x600, 0x6FF),),
    "indic": ((0x900, 0xDFF),),
    "thai": ((0xE00, 0xE7F),),
    "georgian": ((0x10A0, 0x10FF),),
    "cjk": ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7A3)),
}


@dataclass(frozen=True, slots=True)
class _Page:
    """One code page read backwards; what it leaves undefined is Windows-1252's, else the byte itself."""

    name: str
    bytes_of: dict[str, int]
    run: re.Pattern[str]
    sequence: re.Pattern[str]
    cut_quote: re.Pattern[str]
    cut_space: re.Pattern[str]
    latin: bool


@dataclass(slots=True)
class _Reading:
    """The reading of a text through one page; spans are (start, end, what it stands for)."""

    strong: list[tuple[int, int, str]] = field(default_factory=list)
    weak: list[tuple[int, int, str]] = field(default_factory=list)
    genuine: int = 0

    @property
    def score(self) -> int:
        return 2 * len(self.strong) + len(self.weak)


def unscramble(text: str) -> str:
    """Return `text` with the passages of one code page undone, that which explains most; to be repeated."""
    if not _TWO.search(text) or not _suspect().search(text):
        return text
    best: tuple[int, _Page, _Reading] | None = None
    for name in _PAGES:
        page = _page(name)
        if not page.sequence.search(text):
            continue
        reading = _read(page, text)
        if reading.strong and (best is None or reading.score > best[0]):
            best = (reading.score, page, reading)
    return _mend(text, best[1], best[2]) if best else text


@cache
def _page(name: str) -> _Page:
    chars: dict[int, str] = {}
    for byte in range(0x80, 0x100):
        for encoding in (name, "cp1252", "latin-1"):
            char = bytes([byte]).decode(encoding, "ignore")
            if char:
                chars[byte] = char
                break
    bytes_of = {chr(byte): byte for byte in range(0x80, 0xA0)} | {char: byte for byte, char in chars.items()}
    low = _chars(bytes_of, 0x80, 0xBF)
    first = [_chars(bytes_of, start, end) for start, end in _LEADS]
    sequence = "|".join(f"[{lead}][{low}]{{{count}}}" for count, lead in enumerate(first, 1))
    nbsp_lead, quote = re.escape(chars[0xC2]), re.escape(chars[0xE2] + chars[0x80])
    return _Page(
        name,
        bytes_of,
        re.compile(f"[{''.join(map(re.escape, bytes_of))}]+"),
        re.compile(sequence),
        re.compile(f"{quote}(?![{low}])"),
        re.compile(rf"(?<=[a-z.,;:!?)\]’”])(?:{nbsp_lead})(?: |$)", re.MULTILINE),
        unicodedata.name(chars[0xC3], "").startswith("LATIN"),
    )


def _chars(bytes_of: dict[str, int], start: int, end: int) -> str:
    return "".join(re.escape(char) for char, byte in bytes_of.items() if start <= byte <= end)


@cache
def _suspect() -> re.Pattern[str]:
    """Return a quick pattern: some page's first byte, then a byte that may follow it."""
    pairs = []
    for name in _PAGES:
        page = _page(name)
        pairs.append(f"[{_chars(page.bytes_of, 0xC2, 0xF4)}][{_chars(page.bytes_of, 0x80, 0xBF)}]")
    return re.compile("|".join(pairs))


def _read(page: _Page, text: str) -> _Reading:
    total = _Reading()
    offset = 0
    weak_beside: list[tuple[int, int, str]] = []
    weak_alone: list[tuple[int, int, str]] = []
    for line in text.split("\n"):
        if not line.isascii():
            line_reading = _Reading()
            for run in page.run.finditer(line):
                _read_run(page, line, run.start(), run.end(), offset, line_reading)
            total.strong += line_reading.strong
            total.genuine += line_reading.genuine
            if not line_reading.genuine:
                (weak_beside if line_reading.strong else weak_alone).extend(line_reading.weak)
        offset += len(line) + 1
    if total.genuine < len(total.strong):
        total.weak = weak_beside + weak_alone
    else:
        total.weak = [piece for piece in weak_beside if _kind(piece[2]) == "symbol"]
    return total


def _read_run(page: _Page, line: str, start: int, end: int, offset: int, reading: _Reading) -> None:
    pieces = list(_pieces(page, line, start, end))
    explained = sum(last - first for first, last, _ in pieces)
    whole = explained == end - start
    if any(char.isalpha() and page.bytes_of[char] >= 0xA0 for char in _outside(line, start, end, pieces)):
        reading.genuine += 1
    if not pieces:
        return
    kinds = [_kind(meant) for _, _, meant in pieces]
    counts = Counter(kinds)
    mostly = explained >= 0.8 * (end - start)
    aliens = sum(map(_alien, line[start:end]))
    proven: list[bool] = []
    for (first, last, _), kind in zip(pieces, kinds, strict=True):
        chars = line[first:last]
        if any(map(_is_control, chars)):
            proven.append(kind != "")
        elif kind in _SCRIPTS:
            # A word of another script, with symbols amid its letters; or four letters at least, since no word
            # of the page's own script has its bytes alternate like that.
            letters = counts[kind]
            proven.append((mostly and letters > 1 and letters + aliens > 3) or (whole and letters > 3))
        else:
            before, after = line[first - 1 : first], line[last : last + 1]
            impossible = kind in ("symbol", "latin") and _impossible(page, chars, before, after, whole=whole)
            proven.append(impossible)
    any_proven = whole and any(proven)
    for (first, last, meant), kind, is_proven in zip(pieces, kinds, proven, strict=True):
        if kind and (is_proven or any_proven):
            reading.strong.append((offset + first, offset + last, meant))
        elif kind and whole:
            reading.weak.append((offset + first, offset + last, meant))


def _pieces(page: _Page, line: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    for match in page.sequence.finditer(line, start, end):
        try:
            meant = bytes(page.bytes_of[char] for char in match[0]).decode("utf-8")
        except UnicodeDecodeError:
            continue
        yield match.start(), match.end(), meant


def _outside(line: str, start: int, end: int, pieces: list[tuple[int, int, str]]) -> set[str]:
    outside: set[str] = set()
    at = start
    for first, last, _ in [*pieces, (end, end, "")]:
        outside.update(line[at:first])
        at = last
    return outside


@lru_cache(maxsize=65_536)
def _kind(char: str) -> str:
    """Return "symbol", "latin", a script's name, "control" for a twice scrambled byte, or ""."""
    code = ord(char)
    if unicodedata.category(char) in ("Cn", "Co", "Cc"):
        return "control" if _is_control(char) else ""
    if any(low <= code <= high for low, high in _SYMBOLS):
        return "symbol"
    if any(low <= code <= high for low, high in _LATIN):
        return "latin"
    for script, ranges in _SCRIPTS.items():
        if any(low <= code <= high for low, high in ranges):
            return script
    return ""


def _is_control(char: str) -> bool:
    return "\x80" <= char <= "\x9f"


def _alien(char: str) -> bool:
    """Return whether a character is no letter, vowel sign or digit, nor one that may stand beside those."""
    kind = unicodedata.category(char)
    return char not in _ORDINARY and kind[0] not in "LM" and kind != "Nd"


def _impossible(page: _Page, chars: str, before: str, after: str, *, whole: bool) -> bool:
    """Return whether `chars`, a symbol or a Latin letter, cannot have been meant as it stands."""
    alien = any(map(_alien, chars[1:]))
    if len(chars) > 2:
        return alien or any(a.islower() and b.isupper() for a, b in pairwise(chars))
    small_before = before.isascii() and before.islower()
    if not page.latin:
        return whole and small_before
    if before.isupper():
        return False
    inside = after.isascii() and after.islower()
    return small_before or (alien and (inside or page.bytes_of[chars[0]] <= 0xC3))


def _mend(text: str, page: _Page, reading: _Reading) -> str:
    parts, at = [], 0
    for start, end, meant in sorted(reading.strong + reading.weak):
        parts += [text[at:start], meant]
        at = end
    lines = ("".join(parts) + text[at:]).split("\n")
    return "\n".join(line if line.isascii() else _restore_lost(page, line) for line in lines)


def _restore_lost(page: _Page, line: str) -> str:
    """Restore a closing quotation mark without its third byte, and a no-break space made a plain one.

    Both only in a text that was read through this page. The quotation mark must have one to close: 0x9D is
    the only byte that Windows-1252 leaves undefined and that ends a character which people write.
    """
    parts, at, open_quote = [], 0, False
    for cut in page.cut_quote.finditer(line):
        between = line[at : cut.start()]
        if "“" in between or "”" in between:
            open_quote = between.rfind("“") > between.rfind("”")
        parts += [between, "”" if open_quote else cut[0]]
        open_quote = open_quote and parts[-1] != "”"
        at = cut.end()
    line = "".join(parts) + line[at:]
    return line if page.run.fullmatch(line) else page.cut_space.sub("\u00a0", line)
