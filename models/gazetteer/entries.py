"""Reads the gazetteer's TOML files into entries and reports every broken one with its file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

_COMMON = ("name", "aliases", "cased", "in_chinese", "short", "needs")
_OWNED = (*_COMMON, "bare", "owner", "patterns", "write", "words")
KEYS: Mapping[str, tuple[str, ...]] = {
    "organisation": (*_COMMON, "owner", "evaluator", "domains", "not_domains", "handles"),
    "family": (*_OWNED, "version", "models"),
    "model": (*_OWNED, "family", "version"),
    "benchmark": _OWNED,
    "venue": (*_OWNED, "domains"),
    "hardware": _OWNED,
    "person": (*_COMMON, "organisation", "title", "handles"),
    "other": ("name", "aliases", "cased"),
}
_HEADER = re.compile(r"\s*\[\[\s*([\w-]+)\s*\]\]")
_KEY = re.compile(r"\s*([\w-]+)\s*=")


class GazetteerError(ValueError):
    """One or more broken entries; the message lists each with its file and line."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"the gazetteer has {len(self.faults)} fault(s):\n  " + "\n  ".join(self.faults))


def _once(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


_Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]
_Texts = Annotated[tuple[_Text, ...], AfterValidator(_once)]
_Domain = Annotated[
    str,
    StringConstraints(
        strict=True,
        strip_whitespace=True,
        pattern=r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$",
    ),
]
_TEXTS: TypeAdapter[tuple[str, ...]] = TypeAdapter(_Texts)


def _spellings(raw: Any) -> dict[str, str]:
    """Map each spelling in `["Ultra", "Code = Coder | Code-Instruct"]` to its value, itself a spelling."""
    spellings: dict[str, str] = {}
    for text in _TEXTS.validate_python(raw):
        name, _, alternatives = (part.strip() for part in text.partition("="))
        for spelling in (name, *(alternative.strip() for alternative in alternatives.split("|"))):
            if spelling:
                spellings.setdefault(spelling, name)
    return spellings


class Entry(BaseModel):
    """One table of a gazetteer file. `place` is its `file:line`.

    `bare` says whether the name alone is taken (None: yes); `words` maps slot, then spelling, to a value.
    """

    model_config = ConfigDict(frozen=True)

    kind: str
    name: _Text
    place: str
    replace: StrictBool = False
    bare: StrictBool | None = None
    evaluator: StrictBool = False
    aliases: _Texts = ()
    cased: _Texts = ()
    in_chinese: _Texts = ()
    short: _Texts = ()
    needs: _Texts = ()
    patterns: _Texts = ()
    write: _Text | None = None
    words: dict[str, Annotated[dict[str, str], BeforeValidator(_spellings)]] = Field(default_factory=dict)
    models: _Texts = ()
    owner: _Text | None = Field(default=None, validation_alias=AliasChoices("owner", "organisation"))
    family: _Text | None = None
    version: _Text | None = None
    title: _Text | None = None
    domains: tuple[_Domain, ...] = ()
    not_domains: tuple[_Domain, ...] = ()
    handles: dict[str, _Texts] = Field(default_factory=dict)


def read_entries(files: Iterable[tuple[str, str]], faults: list[str]) -> dict[tuple[str, str], Entry]:
    """Return the entries of all files, `(file name, TOML text)`, keyed by kind and name.

    A later file extends an earlier one. Broken parts are left out and reported in `faults`.
    """
    entries: dict[tuple[str, str], Entry] = {}
    for file, text in files:
        seen_keys: set[tuple[str, str]] = set()
        for kind, table, place, key_lines in _tables(file, text, faults):
            entry = _entry(kind, table, place, key_lines, faults)
            if entry is None:
                continue
            key = (kind, entry.name)
            if key in seen_keys:
                faults.append(f"{place}: [[{kind}]] {entry.name!r} stands twice in this file; join the two")
                continue
            seen_keys.add(key)
            entries[key] = entry if entry.replace or key not in entries else _extend(entries[key], entry)
    return entries


def read_text(file: Path, faults: list[str]) -> str:
    """Return the text of a user's file; where it cannot be read, report that in `faults` and return ""."""
    try:
        return file.read_text("utf-8")
    except OSError as error:
        faults.append(f"{file}: cannot be read: {error.strerror or error}")
    except UnicodeDecodeError as error:
        faults.append(f"{file}: is not UTF-8: {error.reason} at byte {error.start}")
    return ""


def _tables(
    file: str, text: str, faults: list[str]
) -> Iterable[tuple[str, dict[str, Any], str, Mapping[str, str]]]:
    """Yield kind, table, place and the places of its keys."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = re.search(r"at line (\d+)", str(error))  # an error without a line is "at end of document"
        number = match[1] if match else max(1, len(text.splitlines()))
        faults.append(f"{file}:{number}: is not valid TOML: {error}")
        return
    lines = _lines(file, text)
    for kind, tables in data.items():
        if kind not in KEYS:
            place = lines.get((kind, 0), (f"{file}:1", {}))[0]
            faults.append(f"{place}: [[{kind}]] is no kind of entry; there are {', '.join(KEYS)}")
        elif not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            faults.append(f"{file}:1: {kind} must be written as [[{kind}]], with two brackets")
        else:
            for index, table in enumerate(tables):
                yield kind, table, *lines.get((kind, index), (f"{file}:1", {}))


def _lines(file: str, text: str) -> dict[tuple[str, int], tuple[str, dict[str, str]]]:
    """Find the place of each `[[kind]]` and its keys: no TOML library reports lines, so headers are counted.
    """
    places: dict[tuple[str, int], tuple[str, dict[str, str]]] = {}
    counts: dict[str, int] = {}
    keys: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            kind, keys = header[1], {}
            places[kind, counts.get(kind, 0)] = (f"{file}:{number}", keys)
            counts[kind] = counts.get(kind, 0) + 1
        elif key := _KEY.match(line):
            keys.setdefault(key[1], f"{file}:{number}")
    return places


def _entry(
    kind: str, table: dict[str, Any], place: str, key_lines: Mapping[str, str], faults: list[str]
) -> Entry | None:
    """Validate a table. The sound keys of a broken one are kept, so that nothing that refers to it is blamed.
    """
    allowed = (*KEYS[kind], "replace")
    for key in (key for key in table if key not in allowed):
        key_place = key_lines.get(key, place)
        faults.append(f"{key_place}: [[{kind}]] has no {key!r}; allowed are {', '.join(allowed)}")
    valid = {key: value for key, value in table.items() if key in allowed}
    try:
        return Entry.model_validate({**valid, "kind": kind, "place": place})
    except ValidationError as error:
        problems = error.errors()
    for problem in problems:
        faults.append(f"{key_lines.get(str(problem['loc'][0]), place)}: {_message(kind, problem)}")
        valid.pop(str(problem["loc"][0]), None)
    return Entry.model_validate({**valid, "kind": kind, "place": place}) if "name" in valid else None


def _message(kind: str, problem: Any) -> str:
    """Say in plain words what was given and what is allowed."""
    key = [part for part in problem["loc"] if isinstance(part, str)][-1]
    expected = {"string_type": "a text in quotes", "bool_type": "true or false", "dict_type": "a table"}
    match problem["type"]:
        case "missing":
            return f"[[{kind}]] needs a {key}"
        case "string_pattern_mismatch":
            return f'{problem["input"]!r} is no domain such as "example.com"'
        case "string_too_short" if len(problem["loc"]) == 1:
            return f"{key} is empty"
        case name if name in expected and len(problem["loc"]) == 1:
            return f"{key} = {problem['input']!r} must be {expected[name]}"
    return f'{key} must be a list of texts, such as {key} = ["one", "two"]'


def _extend(old: Entry, new: Entry) -> Entry:
    changes = {key: _merged(getattr(old, key), getattr(new, key)) for key in new.model_fields_set}
    return old.model_copy(update=changes)


def _merged(old: Any, new: Any) -> Any:
    """Return both values as one: lists and tables grow, of other values the new one counts."""
    if isinstance(new, tuple):
        return _once((*old, *new))
    if isinstance(new, dict):
        return old | {key: _merged(old[key], value) if key in old else value for key, value in new.items()}
    return new
