"""Finds every way in which a text could be naming something: tokens walked through one trie of all names.

A trie is chosen over one large regular expression because names share beginnings ("Llama 4", "Llama 4 Scout") and
overlap: the walk gives all of them in time that does not grow with the number of names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from models.gazetteer.patterns import LOOSE, WORD, Chain

# Links, handles and subreddits are one token each, so that no name is found inside them.
_TOKEN = re.compile(
    r"(?P<link>https?://\S+|www\.\S+)"
    r"|(?P<handle>(?<![\w@.])@\w(?:[\w.-]*\w)?|(?<![\w/])/?u/[\w-]+)"
    r"|(?P<hidden>(?<![\w/])/?r/\w+|[\w.+-]{1,64}@[\w-]+\.\w[\w.-]*)"
    rf"|{WORD}"
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_NUMBER = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,2}){0,2}")
_TRAILING_ZERO = re.compile(r"^([0-9]+)\.0$")
_SIZE_UNITS = frozenset({"b", "m", "t"})
# "Llama 3 months ago" is no Llama 3.
_UNITS = frozenset(
    {"times", "percent", "thousand", "million", "billion", "trillion", "dollars"}
    | {"seconds", "minutes", "hours", "days", "weeks", "months", "years"}
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a way of writing names.

    `entry` indexes the gazetteer's entries; `name` is the canonical name where it is fixed, else the entry's `write`
    renders it from the slots. `firm` rules stand alone, others need one of `needs` in the text or its context. `exact`
    holds the spelling of the first tokens where case matters; `lead` and `trail` count tokens that must stand there
    but are no part of the name.
    """

    entry: int
    name: str | None
    firm: bool
    needs: tuple[str, ...]
    exact: tuple[str, ...]
    lead: int
    trail: int
    chosen: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Node:
    """A place in the trie."""

    tokens: dict[tuple[str, str], Node] = field(default_factory=dict)
    slots: dict[tuple[str, str], Node] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Hit:
    """A possible name: code points `start` to `end`, by this rule, with these slot values."""

    start: int
    end: int
    rule: Rule
    values: tuple[tuple[str, str], ...]


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
        return self.lows[i] == "+" or (self.lows[i] == "s" and (i + 1 >= len(self.starts) or self.gaps[i + 1] != ""))

    def counts(self, i: int) -> bool:
        """Whether a number that ends before token `i` counts something ("3 times", "3%")."""
        after = self.text[self.ends[i - 1] : self.ends[i - 1] + 1]
        if after == "%":
            return True
        return i < len(self.starts) and self.gaps[i] == " " and self.lows[i] in _UNITS


class Matcher:
    """The trie of all names."""

    def __init__(self) -> None:
        self._root = Node()

    def add(self, chain: Chain, rule: Rule) -> None:
        """Let `chain` name what `rule` says."""
        node = self._root
        for index, step in enumerate(chain.steps):
            join = step.join if index else " "
            if step.slot is None:
                node = node.tokens.setdefault((join, step.token), Node())
            else:
                node = node.slots.setdefault((join, step.slot), Node())
        node.rules.append(rule)

    def hits(self, tokens: Tokens) -> list[Hit]:
        """Every possible name in the text, in the order of their first tokens, overlaps and all."""
        found: list[Hit] = []
        first, slots = self._root.tokens, self._root.slots
        for i, low in enumerate(tokens.lows):
            if ((" ", low) in first or (slots and low[:1].isdigit())) and tokens.begins(i):
                for end, rule, values in self._walk(self._root, tokens, i, i, ()):
                    hit = _hit(tokens, i, end, rule, values)
                    if hit:
                        found.append(hit)
        return found

    def _walk(
        self, node: Node, tokens: Tokens, first: int, i: int, values: tuple[tuple[str, str], ...]
    ) -> Iterator[tuple[int, Rule, tuple[tuple[str, str], ...]]]:
        if node.rules and tokens.closes(i):
            for rule in node.rules:
                yield i, rule, values
        if i >= len(tokens.lows) or not (node.tokens or node.slots):
            return
        for join in (" ",) if i == first else _joins(tokens.gaps[i]):
            after = node.tokens.get((join, tokens.lows[i]))
            if after:
                yield from self._walk(after, tokens, first, i + 1, values)
            for (slot_join, slot), after in node.slots.items():
                if slot_join == join:
                    for end, value in read_slot(slot, tokens, i):
                        name = "n" if slot == "n.m" else slot
                        yield from self._walk(after, tokens, first, end, (*values, (name, value)))


def _joins(gap: str) -> tuple[str, ...]:
    if not gap:
        return ("", " ")
    if len(gap) <= 2 and all(char in LOOSE for char in gap):
        return (" ",)
    if gap in (":", " ("):  # "llama3:70b"; "o3-mini (high)"
        return (" ",)
    return (gap.strip(),) if len(gap) <= 3 else ()


def _hit(tokens: Tokens, first: int, end: int, rule: Rule, values: tuple[tuple[str, str], ...]) -> Hit | None:
    begin, last = first + rule.lead, end - rule.trail
    if rule.exact and tuple(tokens.texts[begin : begin + len(rule.exact)]) != rule.exact:
        shouted = not rule.firm and len(rule.exact) == 1 and tokens.texts[begin] == rule.exact[0].upper()
        if not shouted:
            return None
    if values and values[-1][0] == "n" and tokens.lows[last - 1][-1].isdigit() and tokens.counts(last):
        return None
    start = tokens.starts[begin]
    if values and tokens.lows[begin][0].isdigit() and start and tokens.text[start - 1] in "$€£¥":
        return None
    stop = tokens.ends[last - 1]
    if "(" in tokens.text[start:stop]:
        if tokens.text[stop : stop + 1] != ")":
            return None
        stop += 1
    return Hit(start, stop, rule, (*rule.chosen, *values))


def read_slot(slot: str, tokens: Tokens, i: int) -> Iterator[tuple[int, str]]:
    """The ways to read a slot at token `i`: the token after it and the value in its canonical spelling."""
    if not tokens.lows[i][:1].isdigit():
        return
    if slot == "n":
        yield from _numbers(tokens, i)
    elif slot == "n.m":
        yield from ((end, value) for end, value in _numbers(tokens, i) if "." in tokens.lows[i] or end > i + 1)
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
        if len(minor) == 1 and minor.isdigit():
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
    if _glued(tokens, end, "-") and tokens.lows[end] == "a" and _glued(tokens, end + 2, "") and tokens.lows[end + 2] == "b":
        value += f"-A{tokens.lows[end + 1]}B"
        end += 3
    yield end, value


def _month(text: str) -> bool:
    return "01" <= text <= "12"


def _day(text: str) -> bool:
    return "01" <= text <= "31"


def _dates(tokens: Tokens, i: int) -> Iterator[tuple[int, str]]:
    low, gap = tokens.lows[i], tokens.gaps[i]
    if len(low) == 8 and low.isdigit() and _month(low[4:6]) and _day(low[6:]):
        yield i + 1, f"{low[:4]}-{low[4:6]}-{low[6:]}"
    elif len(low) == 4 and low.isdigit() and (gap.strip() or low[0] == "0"):
        # MMDD as in V3-0324, YYMM as in Large-2411; after a space only with a leading zero ("Llama 3 1024 GPUs").
        if (_month(low[:2]) and _day(low[2:])) or ("22" <= low[:2] <= "35" and _month(low[2:])):
            yield i + 1, low
        elif low[:2] == "20" and _glued(tokens, i + 1, "-") and _glued(tokens, i + 2, "-"):
            month, day = tokens.lows[i + 1], tokens.lows[i + 2]
            if len(month) == len(day) == 2 and _month(month) and _day(day):
                yield i + 3, f"{low}-{month}-{day}"
    elif len(low) == 2 and low.isdigit() and _glued(tokens, i + 1, "-"):
        day = tokens.lows[i + 1]
        if len(day) == 2 and _month(low) and _day(day):
            yield i + 2, low + day
