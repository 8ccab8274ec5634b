"""Text as its writer meant it: mis-decoded passages put right, control characters out, everything else as it came.

Quotes are cut from the stored text by offset, so nothing that is right is touched: no quote is straightened, no
ligature undone, no character normalised.

UTF-8 that was read as a single-byte code page, found and undone passage by passage.

ftfy (Speer 2019, doi:10.5281/zenodo.2591652) asks whether a whole line is mojibake in one of the code pages that it
knows. Pages arrive with right and wrong passages side by side, in code pages that it does not know (Thai 874,
KOI8-R) and with the bytes that a page leaves undefined taken from Windows-1252. So here a run of characters is put
right when its bytes are strict UTF-8 for something that people write, and

- it cannot have been meant: a letter, then a currency sign, then a quotation mark; a capital inside a small word;
- or it could have been meant ("รถ" is a Thai word, and the bytes of "ö"), but its line holds no genuine word of that
  code page, and the text proves elsewhere that it was read so.

Work of a library on hostile input, ended when it takes too long: while it works, nothing else of a night goes on.
"""

from __future__ import annotations

import re
import signal
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise
from types import FrameType

from ftfy import TextFixerConfig, fix_encoding_and_explain

_WHOLE_LINES = TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    replace_lossy_sequences=False,
    decode_inconsistent_utf8=False,
    fix_c1_controls=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_surrogates=False,
    remove_control_chars=False,
    normalization=None,
)
_FTFY_ALONE = {"macroman", "cp437", "iso-8859-2"}
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\v\f]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_C1_CONTROL = re.compile("[\x80-\x9f]")
_C1 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_ROUNDS = 6
_ALONE = re.compile(r"(?<![^\x00-\x7f])(?<![^\x00-\x7f] )[^\x00-\x7f](?![^\x00-\x7f ])")
"""A character beyond ASCII with no other one beside it, not even past a space, which may have been a byte A0."""


def repair(text: str) -> str:
    """`text` with mojibake undone, line ends as newlines, control characters out, lone surrogates as U+FFFD.

    A passage changes only where it is UTF-8 that was read as a single-byte code page (see `crawlers.normalise.text_repair`), also
    when that happened several times over. A C1 control that remains is read as Windows-1252, as HTML does.
    """
    if text.isascii():
        return _plain(text)
    text = _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    text = _LONE.sub("\ufffd", text)
    for _ in range(_ROUNDS):
        clean = _plain(_named(_decoded(text)).lstrip("\ufeff"))
        if clean == text:
            break
        text = clean
    return text


def _decoded(text: str) -> str:
    """The control characters stay until nothing is left to undo: they are bytes of what was scrambled twice."""
    for _ in range(_ROUNDS):
        better = _by_line(unscramble(text))
        if better == text:
            break
        text = better
    return text


def _named(text: str) -> str:
    return text.translate(_C1) if _C1_CONTROL.search(text) else text


def _plain(text: str) -> str:
    return _CONTROL.sub("", _LINE_END.sub("\n", text))


def _by_line(text: str) -> str:
    """ftfy's judgement on lines that are mojibake as a whole, for the code pages that only it knows."""
    return "\n".join(line if line.isascii() else _line(line) for line in text.split("\n"))


def _line(line: str) -> str:
    # UTF-8 needs two bytes at least for what is not ASCII, and ftfy reads a line as a whole or not at all: a
    # curly apostrophe inside a word spares the far dearer look at everything else.
    if _ALONE.search(line):
        return line
    fixed, steps = fix_encoding_and_explain(line, _WHOLE_LINES)
    return fixed if any(action == "encode" and page in _FTFY_ALONE for action, page in steps or ()) else line


_PAGES = ("cp1252", "cp874", "cp1251", "cp1250", "cp1254", "cp1257", "cp1253", "koi8-r")
_LEADS = ((0xC2, 0xDF), (0xE0, 0xEF), (0xF0, 0xF4))
_TWO = re.compile("[^\x00-\x7f]{2}")
"""Every byte of a character that UTF-8 writes with several is beyond ASCII in every page."""
_ORDINARY = frozenset("…‘’“”‚„–—‹›«»•·\u00a0\u00ad™®©°§´¹²³ªº")
"""What may stand right after a word, or between a word and a quotation mark's end."""

_SYMBOLS = (
    (0xA0, 0xBF), (0xD7, 0xD7), (0xF7, 0xF7), (0x2C6, 0x2DD), (0x2000, 0x200F), (0x2010, 0x2027), (0x202F, 0x205E), (0x20A0, 0x20C0),
    (0x2100, 0x214F), (0x2150, 0x218F), (0x2190, 0x23FF), (0x2460, 0x27BF), (0x2900, 0x297F), (0x2B00, 0x2BFF),
    (0x3000, 0x303F), (0xFE0F, 0xFE0F), (0xFEFF, 0xFEFF), (0xFF00, 0xFFEF), (0x1F000, 0x1FAFF),
)  # fmt: skip
_LATIN = ((0xC0, 0x17F), (0x192, 0x192), (0x1A0, 0x1A1), (0x1AF, 0x1B0), (0x218, 0x21B), (0x300, 0x36F), (0x1E00, 0x1EFF), (0xFB00, 0xFB06))
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
    """One code page read backwards; what it leaves undefined falls back on Windows-1252, then on the byte itself."""

    name: str
    bytes_of: dict[str, int]
    run: re.Pattern[str]
    sequence: re.Pattern[str]
    cut_quote: re.Pattern[str]
    cut_space: re.Pattern[str]
    latin: bool


@dataclass(slots=True)
class _Reading:
    """What a text gives when it is read through one page; spans are (start, end, what it stands for)."""

    strong: list[tuple[int, int, str]] = field(default_factory=list)
    weak: list[tuple[int, int, str]] = field(default_factory=list)
    genuine: int = 0

    @property
    def score(self) -> int:
        return 2 * len(self.strong) + len(self.weak)


def unscramble(text: str) -> str:
    """`text` with the passages of the one code page undone that explains most; the text itself where none does.

    Call it until nothing changes: passages may have been read wrongly several times, or in different pages.
    """
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
    """A cheap look: a character that some page has as a first byte, then one that it has as a following byte."""
    pairs = []
    for name in _PAGES:
        page = _page(name)
        pairs.append(f"[{_chars(page.bytes_of, 0xC2, 0xF4)}][{_chars(page.bytes_of, 0x80, 0xBF)}]")
    return re.compile("|".join(pairs))


def _read(page: _Page, text: str) -> _Reading:
    whole = _Reading()
    start = 0
    beside: list[tuple[int, int, str]] = []
    alone: list[tuple[int, int, str]] = []
    for line in text.split("\n"):
        if not line.isascii():
            found = _Reading()
            for run in page.run.finditer(line):
                _read_run(page, line, run.start(), run.end(), start, found)
            whole.strong += found.strong
            whole.genuine += found.genuine
            if not found.genuine:
                (beside if found.strong else alone).extend(found.weak)
        start += len(line) + 1
    if whole.genuine < len(whole.strong):
        whole.weak = beside + alone
    else:
        whole.weak = [piece for piece in beside if _kind(piece[2]) == "symbol"]
    return whole


def _read_run(page: _Page, line: str, start: int, end: int, offset: int, found: _Reading) -> None:
    pieces = list(_pieces(page, line, start, end))
    explained = sum(last - first for first, last, _ in pieces)
    whole = explained == end - start
    if any(char.isalpha() and page.bytes_of[char] >= 0xA0 for char in _outside(line, start, end, pieces)):
        found.genuine += 1
    if not pieces:
        return
    kinds = [_kind(meant) for _, _, meant in pieces]
    counts = Counter(kinds)
    mostly = explained >= 0.8 * (end - start)
    aliens = sum(map(_alien, line[start:end]))
    proven: list[bool] = []
    for (first, last, _), kind in zip(pieces, kinds, strict=True):
        given = line[first:last]
        if any(map(_is_control, given)):
            proven.append(kind != "")
        elif kind in _SCRIPTS:
            # A word of another script, with symbols amid its letters; or four letters at least, since no word of the
            # page's own script has its bytes alternate like that.
            letters = counts[kind]
            proven.append((mostly and letters > 1 and letters + aliens > 3) or (whole and letters > 3))
        else:
            proven.append(kind in ("symbol", "latin") and _impossible(page, given, line[first - 1 : first], line[last : last + 1], whole=whole))
    some = whole and any(proven)
    for (first, last, meant), kind, sure in zip(pieces, kinds, proven, strict=True):
        if kind and (sure or some):
            found.strong.append((offset + first, offset + last, meant))
        elif kind and whole:
            found.weak.append((offset + first, offset + last, meant))


def _pieces(page: _Page, line: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    for match in page.sequence.finditer(line, start, end):
        try:
            meant = bytes(page.bytes_of[char] for char in match[0]).decode("utf-8")
        except UnicodeDecodeError:
            continue
        yield match.start(), match.end(), meant


def _outside(line: str, start: int, end: int, pieces: list[tuple[int, int, str]]) -> set[str]:
    left: set[str] = set()
    at = start
    for first, last, _ in [*pieces, (end, end, "")]:
        left.update(line[at:first])
        at = last
    return left


@lru_cache(maxsize=65_536)
def _kind(char: str) -> str:
    """"symbol", "latin", a script's name, "control" for a byte that was scrambled twice, or "" for what nobody writes."""
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
    """Not a letter, vowel sign or digit, and not what may stand beside one."""
    kind = unicodedata.category(char)
    return char not in _ORDINARY and kind[0] not in "LM" and kind != "Nd"


def _impossible(page: _Page, given: str, before: str, after: str, *, whole: bool) -> bool:
    """Whether `given`, which would be a symbol or a Latin letter, cannot have been meant as it stands."""
    alien = any(map(_alien, given[1:]))
    if len(given) > 2:
        return alien or any(a.islower() and b.isupper() for a, b in pairwise(given))
    small_before = before.isascii() and before.islower()
    if not page.latin:
        return whole and small_before
    if before.isupper():
        return False
    inside = after.isascii() and after.islower()
    return small_before or (alien and (inside or page.bytes_of[given[0]] <= 0xC3))


def _mend(text: str, page: _Page, reading: _Reading) -> str:
    parts, at = [], 0
    for start, end, meant in sorted(reading.strong + reading.weak):
        parts += [text[at:start], meant]
        at = end
    lines = ("".join(parts) + text[at:]).split("\n")
    return "\n".join(line if line.isascii() else _restore_lost(page, line) for line in lines)


def _restore_lost(page: _Page, line: str) -> str:
    """A closing quotation mark whose third byte was dropped as undefined, a no-break space made a plain one.

    Both only in a text that was read through this page. The quotation mark must have one to close: 0x9D is the only
    byte that Windows-1252 leaves undefined and that ends a character which people write.
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


_AGAIN = 0.5
"""Seconds after which a library that took the end for a fault of its own is told again."""


class _TimeIsUp(Exception):
    """Raised in the midst of whatever is at work."""


@contextmanager
def bounded(seconds: float, what: str) -> Iterator[None]:
    """Give the block so many seconds of processor time. Raises ValueError, which names `what`, when they are used up.

    Python code alone can be ended so, and in the main thread alone; in another one the block is not bounded.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _end)
    try:
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds, _AGAIN)
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    except _TimeIsUp:
        raise ValueError(f"{what} that takes more than {seconds:g} s of processor time to read") from None
    finally:
        signal.signal(signal.SIGVTALRM, before)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise _TimeIsUp
