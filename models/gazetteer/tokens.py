"""Cuts a text into words and numbers, and knows where a name may begin and end."""

from __future__ import annotations

import re

from models.gazetteer.patterns import WORD

# Links, handles and subreddits are one token each, so that no name is found inside them.
_TOKEN = re.compile(
    r"(?P<link>https?://\S+|www\.\S+)"
    r"|(?P<handle>(?<![\w@.])@\w(?:[\w.-]*\w)?|(?<![\w/])/?u/[\w-]+)"
    r"|(?P<hidden>(?<![\w/])/?r/\w+|[\w.+-]{1,64}@[\w-]+\.\w[\w.-]*)"
    rf"|{WORD}"
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
# "Llama 3 months ago" is no Llama 3.
_UNITS = frozenset(
    {"times", "percent", "thousand", "million", "billion", "trillion", "dollars"}
    | {"seconds", "minutes", "hours", "days", "weeks", "months", "years"}
)


class Tokens:
    """A text cut into words, numbers and plus signs, with the gap before each."""

    __slots__ = ("ends", "gaps", "handles", "lows", "starts", "text", "texts")

    def __init__(self, text: str) -> None:
        self.text = text
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

    def begins(self, i: int) -> bool:
        """Whether a name may begin at token `i`: it does not continue a word."""
        if i == 0 or self.gaps[i]:
            return not (self.gaps[i] == "." and self.lows[i].isdigit())
        return bool(_CJK.match(self.texts[i]) or _CJK.match(self.texts[i - 1])) or not self.lows[i - 1]

    def closes(self, i: int) -> bool:
        """Whether a name may end before token `i`: nothing stands glued to it but a plural or a plus."""
        if i >= len(self.starts) or self.gaps[i]:
            return True
        if _CJK.match(self.texts[i]) or _CJK.match(self.texts[i - 1]):
            return True
        if not self.lows[i - 1][-1:].isdigit():
            return False
        return self.lows[i] == "+" or (
            self.lows[i] == "s" and (i + 1 >= len(self.starts) or self.gaps[i + 1] != "")
        )

    def counts(self, i: int) -> bool:
        """Whether a number that ends before token `i` counts ("3 times", "3%") or is cut short ("3.x")."""
        end = self.ends[i - 1]
        if self.text[end : end + 1] == "%" or (
            self.text[end : end + 2] in (".x", ".X") and not self.text[end + 2 : end + 3].isalnum()
        ):
            return True
        return i < len(self.starts) and self.gaps[i] == " " and self.lows[i] in _UNITS
