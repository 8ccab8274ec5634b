"""Cut a text into words and numbers, and read the versions, sizes, dates and years of names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.chinese.han import is_han
from models.gazetteer.patterns import CJK, WORD

# Links, handles and subreddits are one token each, so that no name is found inside them. They end where
# Chinese or Japanese begins, which follows without a space.
_LETTER = rf"[^\W{CJK}]"
_LINKED = rf"[^\s{CJK}\u3000-\u303f\uff00-\uffef]"
# The characters of an e-mail address before its "@", as what they are not: one class is fast.
_LOCAL = rf"[^\s!-*,/:-@\[-^`{{-\u00a9\u2000-\u206f\u3000-\u303f{CJK}\uff00-\uffef]"
_ACCOUNT = rf"(?:(?:(?![{CJK}])[\w.-])*{_LETTER}|\w(?:[\w.-]*\w)?)"
_TOKEN = re.compile(
    rf"(?P<link>https?://{_LINKED}+|www\.{_LINKED}+)"
    rf"|(?P<handle>@(?<!{_LETTER}@)(?<![@.]@){_ACCOUNT}|(?<![^\W{CJK}])/?u/(?<!//u/)[\w-]+)"
    rf"|(?P<hidden>(?<![^\W{CJK}])/?r/(?<!//r/){_LETTER}+|{_LOCAL}{{1,64}}@[\w-]+\.\w[\w.-]*)"
    rf"|{WORD}"
)
_CJK = re.compile(rf"[{CJK}]")
# Letters, digits and joins of full width stand for the plain ones, character for character.
_WIDE = {
    code: code - 0xFEE0
    for code in (
        0xFF0B, 0xFF0D, 0xFF0E, *range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)
    )
} | {0x3000: 0x20, 0x2022: 0xB7, 0x30FB: 0xB7}  # a blank; the dots between the parts of a name
_HAS_WIDE = re.compile("[" + "".join(map(chr, _WIDE)) + "]")
# "ChatGPT4月份", "Llama 4月底": what is counted, in one character or two after the number.
_COUNTED = re.compile(r"个月|个小时|[倍亿万元天日月年岁秒]|美元|美金|分钟|小时")
# "Llama 3 months ago" is no Llama 3.
_UNITS = frozenset(
    {"times", "percent", "thousand", "million", "billion", "trillion", "dollars"}
    | {"seconds", "minutes", "hours", "days", "weeks", "months", "years"}
)


class Tokens:
    """A text cut into words, numbers and plus signs, with the gap before each."""

    __slots__ = ("_chinese", "ends", "gaps", "handles", "lows", "starts", "text", "texts")

    def __init__(self, text: str) -> None:
        self.text = text = text.translate(_WIDE) if _HAS_WIDE.search(text) else text
        self._chinese: bool | None = None
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.texts: list[str] = []
        self.lows: list[str] = []
        self.gaps: list[str] = []
        self.handles: list[tuple[int, int]] = []
        end = 0
        for match in _TOKEN.finditer(text):
            start, stop = match.span()
            if kind := match.lastgroup:
                if kind == "handle":
                    self.handles.append((start, stop))
                word = low = ""
            else:
                word = match[0]
                low = word.lower()
            self.starts.append(start)
            self.ends.append(stop)
            self.texts.append(word)
            self.lows.append(low)
            self.gaps.append(text[end:start])
            end = stop

    @property
    def chinese(self) -> bool:
        """Return True if the text is Chinese: a word of it in three is a Han character."""
        if self._chinese is None:
            self._chinese = not self.text.isascii() and 3 * sum(map(is_han, self.texts)) > len(self.texts)
        return self._chinese

    def begins(self, i: int) -> bool:
        """Return True if a name may begin at token `i`: it does not continue a word."""
        if i == 0 or self.gaps[i]:
            return not (self.gaps[i] == "." and is_number(self.lows[i]))
        return bool(_CJK.match(self.texts[i]) or _CJK.match(self.texts[i - 1])) or not self.lows[i - 1]

    def closes(self, i: int) -> bool:
        """Return True if a name may end before token `i`: only a plural or a plus may be glued to it."""
        if i >= len(self.starts) or self.gaps[i]:
            return True
        if _CJK.match(self.texts[i]) or _CJK.match(self.texts[i - 1]):
            return True
        if not is_number(self.lows[i - 1][-1:]):
            return is_number(self.lows[i]) and self._counts_glued(i)
        return self.lows[i] == "+" or (
            self.lows[i] == "s" and (i + 1 >= len(self.starts) or self.gaps[i + 1] != "")
        )

    def counts(self, i: int) -> bool:
        """Return True if a number before token `i` counts something ("3 times", "3%") or is cut short
        ("3.x").
        """
        end = self.ends[i - 1]
        if self.text[end : end + 1] == "%" or (
            self.text[end : end + 2] in (".x", ".X") and not self.text[end + 2 : end + 3].isalnum()
        ):
            return True
        if i < len(self.starts) and self.gaps[i] == " " and self.lows[i] in _UNITS:
            return True
        return self._counts_glued(i - 1)

    def _counts_glued(self, i: int) -> bool:
        """Return whether the number at token `i` counts what follows it without a space: "Llama 4月底".

        "GPT-4", "o3" and "R2" are written as one: only a number after a space or after a word can be a count.
        """
        apart = self.gaps[i] == " " or (self.gaps[i] == "" and i > 0 and len(self.lows[i - 1]) > 1)
        return apart and _COUNTED.match(self.text, self.ends[i]) is not None


def is_number(word: str) -> bool:
    """Return True for digits of the kind that names are written with: "²", "①" and "٣" count nothing."""
    return word.isascii() and word.isdigit()


_NUMBER = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,2}){0,2}")
_TRAILING_ZERO = re.compile(r"^([0-9]+)\.0$")
_SIZE_UNITS = frozenset({"b", "m", "t"})


def read_slot(slot: str, tokens: Tokens, i: int) -> Iterator[tuple[int, str]]:
    """Yield the ways to read a slot at token `i`: the token after it, and the value in its canonical
    spelling.
    """
    if not is_number(tokens.lows[i][:1]):
        return
    if slot == "n":
        yield from _numbers(tokens, i)
    elif slot == "n.m":
        yield from (
            (end, value) for end, value in _numbers(tokens, i) if "." in tokens.lows[i] or end > i + 1
        )
    elif slot == "size":
        yield from _sizes(tokens, i)
    elif slot == "date":
        yield from _dates(tokens, i)
    elif slot == "year" and len(tokens.lows[i]) == 4 and tokens.lows[i][:2] in ("19", "20"):
        yield i + 1, tokens.lows[i]


def _glued(tokens: Tokens, i: int, gap: str) -> bool:
    return i < len(tokens.lows) and tokens.gaps[i] == gap


def _numbers(tokens: Tokens, i: int) -> Iterator[tuple[int, str]]:
    low = tokens.lows[i]
    if not _NUMBER.fullmatch(low):
        return
    yield i + 1, _TRAILING_ZERO.sub(r"\1", low)
    # Identifiers write 3.7 as "claude-3-7-sonnet".
    if len(low) == 1 and tokens.gaps[i] == "-" and _glued(tokens, i + 1, "-"):
        minor = tokens.lows[i + 1]
        if len(minor) == 1 and is_number(minor):
            yield i + 2, _TRAILING_ZERO.sub(r"\1", f"{low}.{minor}")


def _sizes(tokens: Tokens, i: int) -> Iterator[tuple[int, str]]:
    value, end = tokens.lows[i], i + 1
    if _glued(tokens, end, "") and tokens.lows[end] == "x" and _glued(tokens, end + 1, ""):
        value += f"x{tokens.lows[end + 1]}"
        end += 2
    if not (end < len(tokens.lows) and tokens.gaps[end] == "" and tokens.lows[end] in _SIZE_UNITS):
        return
    value += tokens.lows[end].upper()
    end += 1
    if (
        end < len(tokens.lows)
        and tokens.gaps[end] in ("-", " ")
        and tokens.lows[end] == "a"
        and _glued(tokens, end + 2, "")
        and tokens.lows[end + 2] == "b"
    ):
        value += f"-A{tokens.lows[end + 1]}B"
        end += 3
    yield end, value


def _month(text: str) -> bool:
    return "01" <= text <= "12"


def _day(text: str) -> bool:
    return "01" <= text <= "31"


def _dates(tokens: Tokens, i: int) -> Iterator[tuple[int, str]]:
    low, gap = tokens.lows[i], tokens.gaps[i]
    if len(low) == 8 and is_number(low) and _month(low[4:6]) and _day(low[6:]):
        yield i + 1, f"{low[:4]}-{low[4:6]}-{low[6:]}"
    elif len(low) == 4 and is_number(low) and (gap.strip() or low[0] == "0"):
        # V3-0324 is MMDD, Large-2411 YYMM; after a space only with a leading zero ("Llama 3 1024 GPUs").
        if (_month(low[:2]) and _day(low[2:])) or ("22" <= low[:2] <= "35" and _month(low[2:])):
            yield i + 1, low
        elif low[:2] == "20" and _glued(tokens, i + 1, "-") and _glued(tokens, i + 2, "-"):
            month, day = tokens.lows[i + 1], tokens.lows[i + 2]
            if len(month) == len(day) == 2 and _month(month) and _day(day):
                yield i + 3, f"{low}-{month}-{day}"
    elif len(low) == 2 and is_number(low) and _glued(tokens, i + 1, "-"):
        day = tokens.lows[i + 1]
        if len(day) == 2 and _month(low) and _day(day):
            yield i + 2, low + day
