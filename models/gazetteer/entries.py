"""Reads the gazetteer's TOML files into entries and tells every broken one with its file and line.

What words mean, once decided.
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KINDS = ("organisation", "family", "model", "benchmark", "person", "venue", "hardware", "other")
_NAMES = ("aliases", "cased", "short", "needs", "patterns")
_OWNED: Mapping[str, type] = {
    "name": str,
    "bare": bool,
    "owner": str,
    "write": str,
    "words": dict,
    **dict.fromkeys(_NAMES, list),
}
KEYS: Mapping[str, Mapping[str, type]] = {
    "organisation": {
        "name": str, "aliases": list, "cased": list, "short": list, "needs": list,
        "domains": list, "not_domains": list, "handles": dict,
    },
    "family": {**_OWNED, "version": str, "models": list},
    "model": {**_OWNED, "family": str, "version": str},
    "benchmark": _OWNED,
    "venue": _OWNED,
    "hardware": _OWNED,
    "person": {
        "name": str, "aliases": list, "cased": list, "short": list, "needs": list,
        "organisation": str, "title": str, "handles": dict,
    },
    "other": {"name": str, "aliases": list, "cased": list},
}  # fmt: skip
_TYPES: Mapping[type, str] = {
    str: "a text in quotes",
    list: "a list of texts",
    bool: "true or false",
    dict: "a table",
}
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_HEADER = re.compile(r"\s*\[\[\s*([\w-]+)\s*\]\]")


class GazetteerError(ValueError):
    """One or more broken entries; the message lists each with its file and line."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"the gazetteer has {len(self.faults)} fault(s):\n  " + "\n  ".join(self.faults))


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of a gazetteer file. `place` is its `file:line`.

    `bare` says whether the name alone is taken (None: yes); `words` maps slot, then spelling, to a value.
    """

    kind: str
    name: str
    place: str
    bare: bool | None = None
    aliases: tuple[str, ...] = ()
    cased: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    write: str | None = None
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    models: tuple[str, ...] = ()
    owner: str | None = None
    family: str | None = None
    version: str | None = None
    title: str | None = None
    domains: tuple[str, ...] = ()
    not_domains: tuple[str, ...] = ()
    handles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_entries(files: Iterable[tuple[str, str]], faults: list[str]) -> dict[tuple[str, str], Entry]:
    """The entries of all files, `(file name, TOML text)`, keyed by kind and name.

    A later file extends an earlier one. What is broken is left out and told in `faults`.
    """
    entries: dict[tuple[str, str], Entry] = {}
    for file, text in files:
        seen: set[tuple[str, str]] = set()
        for kind, table, place, key_line in _tables(file, text, faults):
            entry, replaces = _entry(kind, table, place, key_line, faults)
            if entry is None:
                continue
            key = (kind, entry.name)
            if key in seen:
                faults.append(f"{place}: [[{kind}]] {entry.name!r} stands twice in this file; join the two")
                continue
            seen.add(key)
            entries[key] = entry if replaces or key not in entries else _extend(entries[key], entry)
    return entries


def read_text(file: Path, faults: list[str]) -> str:
    """The text of a user's file; empty, and a fault, where it cannot be read."""
    try:
        return file.read_text("utf-8")
    except OSError as error:
        faults.append(f"{file}: cannot be read: {error.strerror or error}")
    except UnicodeDecodeError as error:
        faults.append(f"{file}: is not UTF-8: {error.reason} at byte {error.start}")
    return ""


Table = tuple[str, dict[str, Any], str, Mapping[str, str]]


def _tables(file: str, text: str, faults: list[str]) -> list[Table]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        number = (
            line[1] if line else max(1, len(text.splitlines()))
        )  # what names no line is "at end of document"
        faults.append(f"{file}:{number}: is not valid TOML: {error}")
        return []
    lines = _lines(file, text)
    tables: list[Table] = []
    for kind, given in data.items():
        if kind not in KINDS:
            where = lines.get((kind, 0), (f"{file}:1", {}))[0]
            faults.append(f"{where}: [[{kind}]] is no kind of entry; there are {', '.join(KINDS)}")
        elif not isinstance(given, list) or not all(isinstance(table, dict) for table in given):
            faults.append(f"{file}:1: {kind} must be written as [[{kind}]], with two brackets")
        else:
            for index, table in enumerate(given):
                place, keys = lines.get((kind, index), (f"{file}:1", {}))
                tables.append((kind, table, place, keys))
    return tables


def _lines(file: str, text: str) -> dict[tuple[str, int], tuple[str, dict[str, str]]]:
    """Where each `[[kind]]` and its keys stand: tomllib does not tell lines, so headers are counted."""
    found: dict[tuple[str, int], tuple[str, dict[str, str]]] = {}
    counts: dict[str, int] = {}
    keys: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            kind = header[1]
            keys = {}
            found[kind, counts.get(kind, 0)] = (f"{file}:{number}", keys)
            counts[kind] = counts.get(kind, 0) + 1
        elif key := re.match(r"\s*([\w-]+)\s*=", line):
            keys.setdefault(key[1], f"{file}:{number}")
    return found


def _entry(
    kind: str, table: dict[str, Any], place: str, key_line: Mapping[str, str], faults: list[str]
) -> tuple[Entry | None, bool]:
    allowed = KEYS[kind]
    replaces = table.pop("replace", False)
    if not isinstance(replaces, bool):
        faults.append(f"{key_line.get('replace', place)}: replace must be true or false")
    values: dict[str, Any] = {}
    for key, value in table.items():
        where = key_line.get(key, place)
        if key not in allowed:
            faults.append(
                f"{where}: [[{kind}]] has no {key!r}; allowed are {', '.join((*allowed, 'replace'))}"
            )
        elif not _fits(value, allowed[key]):
            faults.append(f"{where}: {key} = {value!r} must be {_TYPES[allowed[key]]}")
        elif allowed[key] is list:
            values[key] = _texts(key, value, where, faults)
        elif allowed[key] is str:
            values[key] = value.strip()
            if not values[key]:
                faults.append(f"{where}: {key} is empty")
        elif allowed[key] is bool:
            values[key] = value
        elif key == "words":
            values[key] = {slot: _words(slot, given, where, faults) for slot, given in value.items()}
        else:
            values[key] = {name: _texts(name, given, where, faults) for name, given in value.items()}
    if "name" not in table:
        faults.append(f"{place}: [[{kind}]] needs a name")
    if kind == "person":
        values["owner"] = values.pop("organisation", None)
    for domain in (*values.get("domains", ()), *values.get("not_domains", ())):
        if not _DOMAIN.fullmatch(domain):
            faults.append(f'{key_line.get("domains", place)}: {domain!r} is no domain such as "example.com"')
    # What is sound of a broken entry is kept, so that what refers to it is not called broken, too.
    if not values.get("name"):
        return None, False
    return Entry(kind=kind, place=place, **values), bool(replaces)


def _fits(value: Any, wanted: type) -> bool:
    return type(value) is wanted


def _texts(key: str, value: Any, where: str, faults: list[str]) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
        faults.append(f'{where}: {key} must be a list of texts, such as {key} = ["one", "two"]')
        return ()
    return tuple(dict.fromkeys(text.strip() for text in value))


def _words(slot: str, value: Any, where: str, faults: list[str]) -> dict[str, str]:
    """`["Ultra", "Code = Coder | Code-Instruct"]` as spelling to value; the value spells itself, too."""
    spellings: dict[str, str] = {}
    for text in _texts(slot, value, where, faults):
        name, _, others = (part.strip() for part in text.partition("="))
        for spelling in (name, *(other.strip() for other in others.split("|"))):
            if spelling:
                spellings.setdefault(spelling, name)
    return spellings


def _extend(old: Entry, new: Entry) -> Entry:
    changes: dict[str, Any] = {"place": new.place}
    for item in dataclasses.fields(Entry):
        given, had = getattr(new, item.name), getattr(old, item.name)
        if item.name in ("kind", "name", "place") or given is None or given == () or given == {}:
            continue
        if isinstance(had, tuple):
            changes[item.name] = tuple(dict.fromkeys((*had, *given)))
        elif item.name == "words":
            changes[item.name] = {
                slot: {**had.get(slot, {}), **given.get(slot, {})} for slot in {**had, **given}
            }
        elif item.name == "handles":
            changes[item.name] = {
                name: tuple(dict.fromkeys((*had.get(name, ()), *given.get(name, ()))))
                for name in {**had, **given}
            }
        else:
            changes[item.name] = given
    return dataclasses.replace(old, **changes)


Values = Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """What words mean: canonical name, the entry (by index) that knows it, the slots of the family's names.

    `declared` tells what the data names from what only a scheme does; `keys` are the names by which a short
    name that needs it may ask for it.
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
