"""The pattern language in which the gazetteer writes names: `GPT-{n}[ {tier}]`, `(on) X`, `Meta AI`.

A space or hyphen between two parts stands for any join (none, space, hyphen, underscore); parts written
without one must stand together; other punctuation stands for itself. `{slot}` is a number, size, date, year,
or one of the entry's own words (`{slot=one,other}`: only these); `[a|b]` may be left out; `(a|b)` must stand
there but is no part of the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

CJK = r"\u3040-\u30ff\u3400-\u9fff"  # written without spaces: every character is a word of its own
WORD = rf"[{CJK}]|[^\W\d_{CJK}]+|[0-9]+(?:\.[0-9]+)*|\+"
LOOSE = frozenset(" -_\t\n\u00a0\u202f\u2010\u2011\u2012\u2013")
SLOTS = frozenset({"n", "n.m", "size", "date", "year"})
_WORD = re.compile(WORD)


class PatternError(ValueError):
    """A pattern that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Slot:
    """`{name}` in a pattern; `only` are the values that it is limited to, all where empty."""

    name: str
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """`[a|b]` (optional) or `(a|b)` (outside the name)."""

    optional: bool
    choices: tuple[tuple[Part, ...], ...]


Part = str | Slot | Group
Pattern = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One token or slot that comes next; `join` is "" (stands together), " " (any join) or punctuation."""

    join: str
    token: str
    text: str
    slot: str | None
    inside: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """One way to write a name: its steps, and the values of the word slots that it chose."""

    steps: tuple[Step, ...]
    chosen: tuple[tuple[str, str], ...]


def parse(pattern: str) -> Pattern:
    """Return the parts of a pattern. Raises PatternError where brackets do not pair or nothing is left."""
    parts, end = _parse(pattern, 0, "")
    if end != len(pattern):
        raise PatternError(f"{pattern!r} closes a bracket that was not opened")
    if not _WORD.search(pattern) and "{" not in pattern:
        raise PatternError(f"{pattern!r} holds no word")
    return parts[0]


def _parse(pattern: str, at: int, closing: str) -> tuple[list[Pattern], int]:
    choices: list[list[Part]] = [[]]
    text = ""
    while at < len(pattern) and pattern[at] not in "])":
        char = pattern[at]
        if char not in "[({" and not (char == "|" and closing):
            text += char
            at += 1
            continue
        if text:
            choices[-1].append(text)
            text = ""
        if char == "|":
            choices.append([])
            at += 1
        elif char == "{":
            end = pattern.find("}", at)
            if end < 0:
                raise PatternError(f"{pattern!r} opens a {{ that it does not close")
            name, _, only = pattern[at + 1 : end].partition("=")
            choices[-1].append(Slot(name, tuple(value.strip() for value in only.split(",") if value.strip())))
            at = end + 1
        else:
            closer = "]" if char == "[" else ")"
            inner, end = _parse(pattern, at + 1, closer)
            if end >= len(pattern) or pattern[end] != closer:
                raise PatternError(f"{pattern!r} opens a {char} that it does not close")
            choices[-1].append(Group(char == "[", tuple(inner)))
            at = end + 1
    if text:
        choices[-1].append(text)
    if not closing and at < len(pattern):
        raise PatternError(f"{pattern!r} closes a bracket that was not opened")
    return [tuple(choice) for choice in choices], at


def slots(pattern: Pattern) -> set[str]:
    """Return the names of all slots in a pattern; `{n.m}` fills `n`."""
    names: set[str] = set()
    for part in pattern:
        if isinstance(part, Slot):
            names.add(_fills(part.name))
        elif isinstance(part, Group):
            for choice in part.choices:
                names |= slots(choice)
    return names


def _fills(slot: str) -> str:
    return "n" if slot == "n.m" else slot


Item = tuple[str, str, bool, str]  # ("text" or "slot", text or slot name, inside the name, slot a word fills)


def expand(pattern: Pattern, words: Mapping[str, Mapping[str, str]]) -> Iterator[Chain]:
    """Yield every way to write the pattern; `words` maps a word slot's spellings to the value they stand for.

    Raises PatternError for a slot or value that is not known.
    """
    for items in _flatten(pattern, words, True):
        steps: list[Step] = []
        chosen: dict[str, str] = {}
        gap = ""
        for kind, value, inside, fills in items:
            if kind == "slot":
                steps.append(Step(_join(gap), "", "", value, inside))
                gap = ""
                continue
            if fills:
                chosen[fills] = words[fills][value]
            end = 0
            for match in _WORD.finditer(value):
                gap += value[end : match.start()]
                steps.append(Step(_join(gap), match[0].lower(), match[0], None, inside))
                gap, end = "", match.end()
            gap += value[end:]
        if steps:
            yield Chain(tuple(steps), tuple(chosen.items()))


def _flatten(pattern: Pattern, words: Mapping[str, Mapping[str, str]], inside: bool) -> Iterator[list[Item]]:
    options: list[list[list[Item]]] = []
    for part in pattern:
        if isinstance(part, str):
            options.append([[("text", part, inside, "")]])
        elif isinstance(part, Slot):
            if part.name in words:
                if unknown := set(part.only) - set(words[part.name].values()):
                    raise PatternError(f"{{{part.name}}} has no {', '.join(sorted(unknown))}")
                spellings = (
                    spelling
                    for spelling, value in words[part.name].items()
                    if not part.only or value in part.only
                )
                options.append([[("text", spelling, inside, part.name)] for spelling in spellings])
            elif part.name in SLOTS:
                options.append([[("slot", part.name, inside, "")]])
            else:
                raise PatternError(
                    f"{{{part.name}}} is no slot; there are {', '.join(sorted(SLOTS | set(words)))}"
                )
        else:
            choices = [
                items
                for choice in part.choices
                for items in _flatten(choice, words, inside and part.optional)
            ]
            options.append([[], *choices] if part.optional else choices)
    for combination in product(*options):
        yield [item for items in combination for item in items]


@lru_cache(maxsize=1024)
def _join(gap: str) -> str:
    if not gap:
        return ""
    punctuation = gap.strip()
    return " " if not punctuation or all(char in LOOSE for char in punctuation) else punctuation


def render(pattern: Pattern, values: Mapping[str, str]) -> str | None:
    """Return the pattern with these values, without optional groups that lack a value; None where another
    value lacks.
    """
    written = ""
    for part in pattern:
        if isinstance(part, str):
            written += part
        elif isinstance(part, Slot):
            value = values.get(_fills(part.name))
            if value is None:
                return None
            written += value
        elif part.optional:
            with_slots = [choice for choice in part.choices if slots(choice)]
            written += next(
                (text for choice in with_slots if (text := render(choice, values)) is not None), ""
            )
    return written
