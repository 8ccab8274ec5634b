"""Every room says what is in it and what the outside may call, and no room is too full."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOP = ("pipeline", "crawlers", "models", "dashboard")
PACKAGES = (*TOP, "benchmarks")
ROOMS = sorted(
    file.parent.relative_to(ROOT) for package in PACKAGES for file in (ROOT / package).rglob("__init__.py")
)


def _modules(room: Path) -> set[str]:
    """Return the names of the modules and rooms directly inside `room`."""
    files = {file.stem for file in (ROOT / room).glob("*.py")} - {"__init__", "__main__"}
    return files | {file.parent.name for file in (ROOT / room).glob("*/__init__.py")}


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def _names(file: Path) -> set[str]:
    """Return the names defined at the top level of `file`."""
    names: set[str] = set()
    for node in _tree(file).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


# A pattern finds the imports, since parsing every file of the four packages would take four seconds.
_IMPORT = re.compile(rf"^[ \t]*from ((?:{'|'.join(TOP)})(?:\.\w+)*) import (\([^)]*\)|.*)", re.MULTILINE)


@cache
def _callers() -> dict[Path, set[str]]:
    """Return for each room those of its modules that are imported from outside."""
    imported: dict[Path, set[str]] = defaultdict(set)
    for top in TOP:
        for file in (ROOT / top).rglob("*.py"):
            for name, what in _IMPORT.findall(file.read_text("utf-8")):
                place = Path(*name.split("."))
                for module in [place] if (ROOT / place).with_suffix(".py").exists() else []:
                    if module.parent not in file.relative_to(ROOT).parents:
                        imported[module.parent].add(module.name)
                if place in ROOMS and place not in file.relative_to(ROOT).parents:
                    imported[place] |= set(re.findall(r"\w+", re.sub(r" as \w+", "", what))) & _modules(place)
    return imported


@pytest.mark.parametrize("room", ROOMS, ids=str)
def test_a_room_says_what_is_in_it_and_what_the_outside_may_call(room: Path) -> None:
    docstring = ast.get_docstring(_tree(ROOT / room / "__init__.py"))
    assert docstring, "a room begins with a docstring"
    assert len(docstring.splitlines()) <= 10
    modules = re.findall(r"`([a-z]\w*(?:\.\w+)*)`", docstring)
    own_names = _modules(room) | _names(ROOT / room / "__init__.py")
    for name in modules:
        module, _, attribute = name.partition(".")
        if module in PACKAGES or module == "rumortrail":
            continue
        assert module in own_names, f"{name} is not there"
        assert not attribute or attribute in _names(ROOT / room / f"{module}.py"), f"{name} is not there"
    assert {name.partition(".")[0] for name in modules} >= _callers()[room], "called from outside, not named"


@pytest.mark.parametrize("room", ROOMS, ids=str)
def test_no_room_is_too_full(room: Path) -> None:
    modules = [file for file in (ROOT / room).glob("*.py") if file.name not in ("__init__.py", "__main__.py")]
    assert len(modules) <= (8 if str(room) in PACKAGES else 25)


def test_every_room_is_in_a_contract() -> None:
    """A new stage, page or room without its line in pyproject.toml could import what it likes."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    kinds: dict[str, set[str]] = {"layers": set(), "independence": set()}
    for contract in settings["contracts"]:
        for line in contract.get("layers", contract.get("modules", [])):
            kinds.get(contract["type"], set()).update(line.replace(" ", "").split("|"))
    for top in TOP:
        rooms = {f"{top}.{room.name}" for room in ROOMS if len(room.parts) == 2 and room.parts[0] == top}
        assert rooms <= kinds["layers"], top
    for parent in ("pipeline/stages", "dashboard/views"):
        names = {".".join((*Path(parent).parts, name)) for name in _modules(Path(parent))}
        assert names == {name for name in kinds["independence"] if name.startswith(parent.replace("/", "."))}


def test_at_most_one_import_is_excepted_from_the_contracts() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    assert not settings["exclude_type_checking_imports"], "imports that serve only types count, too"
    exceptions = [line for contract in settings["contracts"] for line in contract.get("ignore_imports", [])]
    assert len(exceptions) <= 1
