"""Turn entries into the trie of all names, with how each name is written and which versions are declared."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from models.gazetteer.entries import Entry
from models.gazetteer.matcher import Matcher, Rule
from models.gazetteer.patterns import Chain, Pattern, PatternError, expand, parse, render, slots
from models.gazetteer.tokens import Tokens

Key = frozenset[tuple[str, str]]
Values = Mapping[str, str]


_AHEAD = 2  # whole versions by which a short name may be later than any declared one


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """The thing that a name stands for: canonical name, entry (by index), and the slots of its family's
    names.

    `declared` tells members that the data names from those that only a pattern gives; `keys` are the names by
    which a short name may need it.
    """

    name: str
    entry: int
    kind: str
    owner: str | None
    family: int | None
    family_name: str | None
    version: str | None
    values: Values
    declared: bool
    keys: frozenset[str]


class Names:
    """All names, compiled. Faults of the entries are added to `faults`."""

    def __init__(self, entries: Sequence[Entry], faults: list[str]) -> None:
        self.entries = entries
        self.matcher = Matcher()
        self.families: dict[str, int] = {}
        self.meaning = lru_cache(maxsize=16384)(self._meaning)
        self._members: dict[tuple[int, Key], tuple[int, str]] = {}
        self._slots: dict[str, tuple[int, Values]] = {}
        self._faults = faults
        self._write: dict[int, Pattern] = {}
        self._numbered: set[int] = set()
        self._version: dict[int, Pattern] = {}
        self._numbers: dict[tuple[int, str], str] = {}
        self._lines: dict[tuple[int, str], list[tuple[int, ...]]] = {}
        self._firm: list[tuple[str, int, str]] = []
        self._own: dict[int, Matcher] = {}
        self._literals: dict[tuple[str, ...], list[tuple[tuple[str, ...], int, str]]] = {}
        self._check_references()
        for index, entry in enumerate(entries):
            self._compile_patterns(index, entry)
        for index, entry in enumerate(entries):
            for name in entry.models:
                if not self._declare(index, index, name):
                    self._literal(index, (name,), name, True, False)
            if entry.kind == "model" and entry.family in self.families:
                self._declare(index, self.families[entry.family], entry.name)
        # Organisations first: where a family bears its owner's name, the bare name is the organisation.
        for index in sorted(range(len(entries)), key=lambda i: (entries[i].kind == "family", i)):
            self._compile_names(index, entries[index])
        self._check_schemes()

    def _fault(self, entry: Entry, message: str) -> None:
        self._faults.append(f"{entry.place}: [[{entry.kind}]] {entry.name!r} {message}")

    def _check_references(self) -> None:
        organisations = {entry.name for entry in self.entries if entry.kind == "organisation"}
        known_names = {name for entry in self.entries for name in (entry.name, *entry.models)}
        self.families = {
            entry.name: index for index, entry in enumerate(self.entries) if entry.kind == "family"
        }
        for entry in self.entries:
            if entry.owner is not None and entry.owner not in organisations:
                self._fault(entry, f"belongs to {entry.owner!r}, which is no [[organisation]]")
            if entry.kind == "family" and entry.owner is None:
                self._fault(entry, "needs an owner")
            if entry.kind == "model" and entry.owner is None and entry.family is None:
                self._fault(entry, "needs an owner or a family")
            for need in entry.needs:
                if need not in known_names:
                    self._fault(entry, f"needs {need!r}, which is the name of no entry")
            if entry.family is not None and entry.family not in self.families:
                self._fault(entry, f"is of family {entry.family!r}, which is no [[family]]")

    def _compile_patterns(self, index: int, entry: Entry) -> None:
        own_matcher = self._own[index] = Matcher()
        parsed: list[tuple[Pattern, bool, bool]] = []
        for texts, firm, cased in (
            (entry.patterns, True, False),
            (entry.cased, True, True),
            (entry.short, False, False),
        ):
            for text in texts:
                try:
                    parsed.append((parse(text), firm, cased))
                except PatternError as error:
                    self._fault(entry, str(error))
        try:
            write = parse(entry.write) if entry.write else next((p for p, _, _ in parsed if slots(p)), None)
            self._version[index] = parse(entry.version or "{n}") if entry.kind == "family" else ()
        except PatternError as error:
            self._fault(entry, str(error))
            return
        for pattern, firm, cased in parsed:
            used = slots(pattern)
            if not used:
                self._literal(index, pattern, entry.name, firm, cased)
                continue
            if write is None or not used <= slots(write):
                self._fault(
                    entry, f"has slots {sorted(used)} that `write` (or its first pattern) does not write"
                )
                continue
            self._write[index] = write
            if "n" in slots(write):
                self._numbered.add(index)
            try:
                chains = list(expand(pattern, entry.words))
            except PatternError as error:
                self._fault(entry, str(error))
                continue
            for chain in chains:
                rule = self._rule(index, chain, None, firm, cased)
                self.matcher.add(chain, rule)
                if firm:
                    own_matcher.add(chain, rule)

    def _rule(self, index: int, chain: Chain, name: str | None, firm: bool, cased: bool, *needs: str) -> Rule:
        lead = next(i for i, step in enumerate(chain.steps) if step.inside)
        inside = [step for step in chain.steps if step.inside]
        trail = len(chain.steps) - lead - len(inside)
        exact: list[str] = []
        for step in inside:
            if step.slot is not None:
                break
            exact.append(step.text)
        # A lone word that needs context must also look like a name: "Scout", not "scout".
        if not cased and (firm or len(inside) > 1 or inside[0].slot is not None):
            exact = []
        return Rule(
            index,
            name,
            firm,
            () if firm else needs or self._needs(index),
            tuple(exact),
            lead,
            trail,
            chain.chosen,
        )

    def _needs(self, index: int) -> tuple[str, ...]:
        entry = self.entries[index]
        if entry.needs:
            return entry.needs
        family = self.families.get(entry.family or "")
        owner = entry.owner or (self.entries[family].owner if family is not None else None)
        return tuple(name for name in (entry.name, entry.family, owner) if name)

    def _literal(self, index: int, pattern: Pattern, name: str, firm: bool, cased: bool, *needs: str) -> None:
        chains = list(expand(pattern, {}))
        if not chains:
            self._fault(self.entries[index], f"has a name, {name!r}, that holds no word")
        for chain in chains:
            tokens = tuple(step.token for step in chain.steps)
            rule = self._rule(index, chain, name, firm, cased, *needs)
            if firm and self._taken(index, name, tokens, rule.exact):
                continue
            if firm:
                self._firm.append(
                    ("".join(step.join + step.text for step in chain.steps).strip(), index, name)
                )
            self.matcher.add(chain, rule)

    def _check_schemes(self) -> None:
        """Tell names that a family's scheme already gives to another model."""
        for text, index, name in self._firm:
            for hit in self.matcher.hits(Tokens(text)):
                if (hit.start, hit.end) == (0, len(text)) and hit.rule.firm and hit.rule.name is None:
                    meaning = self.meaning(hit.rule, hit.values)
                    family = self.entries[hit.rule.entry].name
                    if meaning and meaning.name != name and self.entries[index].family != family:
                        self._fault(
                            self.entries[index],
                            f"is also called {text!r}, which is a {family} ({meaning.name})",
                        )

    def _taken(self, index: int, name: str, tokens: tuple[str, ...], exact: tuple[str, ...]) -> bool:
        entry = self.entries[index]
        earlier = self._literals.setdefault(tokens, [])
        for other_exact, other_index, other_name in earlier:
            other = self.entries[other_index]
            if exact and other_exact and exact != other_exact:
                continue
            if (other_name, _type(other)) == (name, _type(entry)):
                return False
            if entry.kind == "family" and other.kind == "organisation":
                return True
            self._fault(
                entry,
                f"is also called {' '.join(tokens)!r}, which is {other_name!r} ({other.kind}, {other.place});"
                " put one of them under `short` with what it `needs`",
            )
            return True
        earlier.append((exact, index, name))
        return False

    def _compile_names(self, index: int, entry: Entry) -> None:
        special = {*entry.cased, *entry.short}
        if entry.name not in special and entry.bare is not False:
            self._literal(index, (entry.name,), entry.name, True, False)
        for alias in entry.aliases:
            try:
                self._literal(index, parse(alias), entry.name, True, False)
            except PatternError as error:
                self._fault(entry, str(error))
        for name in entry.in_chinese:
            for chain in expand((name,), {}):
                if not self._taken(index, entry.name, tuple(step.token for step in chain.steps), ()):
                    rule = self._rule(index, chain, entry.name, True, False)
                    self.matcher.add(chain, replace(rule, chinese=True))
        if entry.kind == "person" and " " in entry.name:
            surname = entry.name.split()[-1]
            if surname not in special and surname not in entry.aliases:
                self._literal(index, (surname,), entry.name, False, False, entry.name)

    def _declare(self, index: int, family: int, name: str) -> bool:
        tokens = Tokens(name)
        for hit in self._own[family].hits(tokens):
            if (hit.start, hit.end) == (0, len(name)):
                self._members[family, frozenset(hit.values)] = (index, name)
                self._slots[name] = (family, dict(hit.values))
                number = dict(hit.values).get("n", "")
                # "Gemini 2" is written "Gemini 2.0" because its maker writes it so.
                spelled = (
                    f"{number}.0" if re.search(rf"(?<![0-9.]){re.escape(number)}\.0\b", name) else number
                )
                self._numbers.setdefault((family, number), spelled)
                if number:
                    self._lines.setdefault((family, self._line(family, dict(hit.values))), []).append(
                        _parts(number)
                    )
                return True
        return False

    def _meaning(self, rule: Rule, values: tuple[tuple[str, str], ...]) -> Meaning | None:
        """Return what a rule with these slots names; None where too little is known to write it."""
        chosen: Values = dict(values)
        index, name, declared = rule.entry, rule.name, True
        family = (
            index
            if self.entries[index].kind == "family"
            else self.families.get(self.entries[index].family or "")
        )
        if name is not None:
            family, chosen = self._slots.get(name, (family, {}))
        elif member := self._members.get((index, frozenset(values))):
            index, name = member
        else:
            name, declared = render(self._write[index], self._spelled(index, chosen)), False
        if name is None:
            return None
        entry, parent = self.entries[index], None if family is None else self.entries[family]
        version = entry.version if entry.kind == "model" else None
        if family is not None and version is None:
            version = render(self._version.get(family, ()), self._spelled(family, chosen)) or None
        owner = entry.owner or (parent.owner if parent else None)
        keys = {name, entry.name, f"maker of {owner}"}
        if parent:
            keys |= {parent.name, f"{parent.name} {version}"}
        family_name = parent.name if parent else None
        return Meaning(
            name, index, _type(entry), owner, family, family_name, version, chosen, declared, frozenset(keys)
        )

    def _spelled(self, index: int, values: Values) -> Values:
        number = values.get("n")
        return values if number is None else {**values, "n": self._numbers.get((index, number), number)}

    def lacks_number(self, index: int, values: Values) -> bool:
        """Return True if a number is missing that the family's names have."""
        return "n" not in values and index in self._numbered

    def credible(self, index: int, values: Values) -> bool:
        """Return True if a short name's own number is a declared version or a later one ("V4", but no "v1").

        Apps number theirs in three parts ("v3.3.96") and phones run far ahead ("16 Pro"): no models unless
        declared.
        """
        versions = self._lines.get((index, self._line(index, values)))
        if "n" not in values or not versions:
            return True
        number = _parts(values["n"])
        last = max(versions)
        return number in versions or (number > last and number[0] <= last[0] + _AHEAD and len(number) < 3)

    def _line(self, index: int, values: Values) -> str:
        return render(self._version.get(index, ()), {**values, "n": "#"}) or ""

    def plausible(self, index: int, values: Values) -> bool:
        """Return True if such a member is declared, or if nothing of its version is declared yet."""
        if (index, frozenset(values.items())) in self._members:
            return True
        return (index, values.get("n", "")) not in self._numbers


def _parts(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.split("."))


def _type(entry: Entry) -> str:
    return "model" if entry.kind == "family" else entry.kind
