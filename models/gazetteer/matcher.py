"""Find every possible name in a text: its tokens are walked through one trie of all names.

A trie is chosen over one large regular expression because names share beginnings ("Llama 4", "Llama 4 Scout")
and overlap: the walk gives all of them in time that does not grow with the number of names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from models.gazetteer.patterns import LOOSE, Chain
from models.gazetteer.tokens import Tokens, is_number, read_slot


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One way to write a name, and what it means.

    `entry` indexes the gazetteer's entries; `name` is the canonical name where it is fixed, else the entry's
    `write` renders it from the slots. `firm` rules stand alone, others need one of `needs` in the text or its
    context. `exact` is the spelling of the first tokens where case matters; `lead` and `trail` count tokens
    that must stand there but are no part of the name. A `chinese` rule holds only in Chinese text.
    """

    entry: int
    name: str | None
    firm: bool
    needs: tuple[str, ...]
    exact: tuple[str, ...]
    lead: int
    trail: int
    chosen: tuple[tuple[str, str], ...]
    chinese: bool = False

    def same(self, other: Rule) -> bool:
        """Return True if the other rule takes the same words in the same sense."""
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)


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


class Matcher:
    """The trie of all names."""

    def __init__(self) -> None:
        self._root = Node()

    def add(self, chain: Chain, rule: Rule) -> None:
        """Add a way to write a name, with its rule."""
        node = self._root
        for index, step in enumerate(chain.steps):
            join = step.join if index else " "
            if step.slot is None:
                node = node.tokens.setdefault((join, step.token), Node())
            else:
                node = node.slots.setdefault((join, step.slot), Node())
        # Optional parts let one entry's patterns meet in one place; the first says it all.
        if not any(rule.same(other) for other in node.rules):
            node.rules.append(rule)

    def hits(self, tokens: Tokens) -> list[Hit]:
        """Return every possible name in the text, in the order of their first tokens, overlapping ones
        included.
        """
        hits: list[Hit] = []
        first_tokens, slots = self._root.tokens, self._root.slots
        for i, low in enumerate(tokens.lows):
            if ((" ", low) in first_tokens or (slots and is_number(low[:1]))) and tokens.begins(i):
                self._walk(self._root, tokens, i, i, (), hits)
        return hits

    def _walk(
        self,
        node: Node,
        tokens: Tokens,
        first: int,
        i: int,
        values: tuple[tuple[str, str], ...],
        hits: list[Hit],
    ) -> None:
        if node.rules and tokens.closes(i):
            for rule in node.rules:
                hit = _hit(tokens, first, i, rule, values)
                if hit:
                    hits.append(hit)
        if i >= len(tokens.lows):
            return
        low = tokens.lows[i]
        numeric = bool(node.slots) and is_number(low[:1])
        for join in (" ",) if i == first else _joins(tokens.gaps[i]):
            child = node.tokens.get((join, low))
            if child:
                self._walk(child, tokens, first, i + 1, values, hits)
            if numeric:
                for (slot_join, slot), child in node.slots.items():
                    if slot_join == join:
                        name = "n" if slot == "n.m" else slot
                        for end, value in read_slot(slot, tokens, i):
                            self._walk(child, tokens, first, end, (*values, (name, value)), hits)


@lru_cache(maxsize=1024)
def _joins(gap: str) -> tuple[str, ...]:
    if not gap:
        return ("", " ")
    if len(gap) <= 2 and all(char in LOOSE for char in gap):
        return (" ",)
    if gap in (":", " (", " ["):  # "llama3:70b"; "o3-mini (high)"; "FLUX.1 [dev]"
        return (" ",)
    return (gap.strip(),) if len(gap) <= 3 else ()


def _hit(tokens: Tokens, first: int, end: int, rule: Rule, values: tuple[tuple[str, str], ...]) -> Hit | None:
    if rule.chinese and not tokens.chinese:
        return None
    begin, last = first + rule.lead, end - rule.trail
    if rule.exact and tuple(tokens.texts[begin : begin + len(rule.exact)]) != rule.exact:
        shouted = not rule.firm and len(rule.exact) == 1 and tokens.texts[begin] == rule.exact[0].upper()
        if not shouted:
            return None
    if values and values[-1][0] == "n" and is_number(tokens.lows[last - 1][-1]) and tokens.counts(last):
        return None
    start = tokens.starts[begin]
    if values and is_number(tokens.lows[begin][0]) and start and tokens.text[start - 1] in "$€£¥":
        return None
    stop = tokens.ends[last - 1]
    inside = tokens.text[start:stop]
    if closing := ")" if "(" in inside else "]" if "[" in inside else "":
        if tokens.text[stop : stop + 1] != closing:
            return None
        stop += 1
    return Hit(start, stop, rule, (*rule.chosen, *values))
