"""The documentation is complete and its commands and queries work."""

from __future__ import annotations

import re
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.main import get_command

from pipeline.cli.app import app
from pipeline.core.config import default_config
from pipeline.core.vocabulary import (
    Certainty,
    DecisionKind,
    EdgeKind,
    Kind,
    Outcome,
    Platform,
    Role,
    Stance,
    Status,
)
from pipeline.store.store import Store

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = get_command(app).commands  # type: ignore[attr-defined]
SQL = (ROOT / "docs" / "sql.md").read_text("utf-8")
PAGES = [*(page for page in ROOT.glob("*.md") if page.name != "CHANGELOG.md"), *(ROOT / "docs").rglob("*.md")]


def test_every_view_and_column_is_documented_and_nothing_else_is(store: Store) -> None:
    rows = store.connection.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'main' AND table_name <> 'migrations'"
    ).fetchall()
    documented = set()
    for section in SQL.split("\n### ")[1:]:
        view, _, body = section.partition("\n")
        for cells in re.findall(r"^\| (`.*?) \|", body, re.MULTILINE):
            documented |= {(view.strip(), column) for column in re.findall(r"`(\w+)`", cells)}
    assert documented == set(rows)


def test_every_setting_has_a_comment() -> None:
    for line in default_config().splitlines():
        if re.match(r"\w+ = ", line) and not line.startswith("port"):
            assert "# " in line, line


def test_every_word_that_a_column_can_hold_is_documented() -> None:
    enumeration = set(re.findall(r"\w+", SQL))
    for words in (Kind, Certainty, Stance, Status, EdgeKind, DecisionKind, Role, Outcome):
        assert {str(word) for word in words} <= enumeration, words.__name__
    ingest = (ROOT / "docs" / "ingest.md").read_text("utf-8")
    platforms = ingest.partition("| `platform` |")[2].partition("\n")[0]
    assert {str(platform) for platform in Platform} <= set(re.findall(r"`(\w+)`", platforms))


def test_every_page_is_documented_and_looked_at() -> None:
    app = (ROOT / "dashboard" / "app.py").read_text("utf-8")
    browser_tests = (ROOT / "tests" / "dashboard" / "browser" / "test_every_page.py").read_text("utf-8")
    pages = (ROOT / "docs" / "dashboard.md").read_text("utf-8").partition("## Pages")[2].partition("\n## ")[0]
    titles = dict(re.findall(r'title="(\w+)",\s+url_path="(\w+)"', app))
    assert len(titles) >= 9
    for title, address in titles.items():
        assert f"| {title} |" in pages, title
        assert address == "stories" or f'"/{address}' in browser_tests, address


def test_links_between_documents_lead_somewhere() -> None:
    for file in PAGES:
        text = re.sub(r"`[^`]*`", "", file.read_text("utf-8"))
        for target, anchor in re.findall(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)", text):
            page = file.parent / target if target else file
            assert page.exists(), f"{file.name} links to {target}"
            if anchor:
                assert anchor in _anchors(page.read_text("utf-8")), f"{file.name} links to {target}#{anchor}"


def _anchors(page: str) -> set[str]:
    """Return the anchors of a page's headings, made as GitHub makes them."""
    page = re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL)
    headings = [heading.lower() for heading in re.findall(r"^#+ (.+)$", page, re.MULTILINE)]
    return {re.sub(r"[^\w -]", "", heading).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(ROOT)))
def test_paths_and_commands_in_documents_exist(file: Path) -> None:
    text = file.read_text("utf-8")
    folders = "pipeline|crawlers|models|dashboard|tests|benchmarks|deploy"
    for path in re.findall(rf"(?<![\w/.-])((?:{folders})/[\w./-]+)", text):
        name = path.rstrip("./")
        assert re.search(r"NAME|PAGE|00NN", name) or (ROOT / name).exists(), name
    for module in re.findall(r"python -m ([a-z_.]+)", text):
        assert find_spec(module.rstrip(".")), module
    for name in re.findall(r"(?:^ {4}|^|`)(?:\.venv/bin/)?rumortrail ([a-z]+)\b", text, re.MULTILINE):
        assert name in COMMANDS, name
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"`make ([a-z-]+)|^ +make ([a-z-]+)", text, re.MULTILINE):
        assert re.search(rf"^{''.join(target)}:", makefile, re.MULTILINE), target


def test_the_tests_that_are_named_exist() -> None:
    tests = "\n".join(file.read_text("utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    named_tests = re.findall(r"`(test_\w+)`", (ROOT / "docs" / "architecture.md").read_text("utf-8"))
    assert len(named_tests) >= 12
    assert [name for name in named_tests if f"def {name}(" not in tests] == []


def test_every_dependency_is_explained_and_no_other() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    cells = " ".join(re.findall(r"^\| (.+?) \|", page, re.MULTILINE)[2:])
    dependencies = [*project["dependencies"], *project["optional-dependencies"]["cluster"],
                    *project["optional-dependencies"]["pytorch"]]
    assert set(re.findall(r"[\w.-]+", cells)) == {_name(line) for line in dependencies}
    page_words = set(re.findall(r"[\w-]+", page))
    for extra in ("dev", "cluster"):
        assert {_name(line) for line in project["optional-dependencies"][extra]} <= page_words


def _name(requirement: str) -> str:
    return re.split(r"[<>=;]", requirement)[0].strip()


def test_the_top_level_is_as_decided() -> None:
    folders = {"pipeline", "crawlers", "models", "dashboard", "tests", "tests_cluster", "docs", "benchmarks",
               "deploy"}
    papers = {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "NOTICE"}
    lock_files = {f"requirements{name}.txt" for name in ("", "-dev", "-cluster", "-cluster-dev")}
    allowed_names = folders | papers | lock_files | {"pyproject.toml", "Makefile"}
    built = {"data", "build"}
    names = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert {name for name in names if not name.endswith(".egg-info")} - built == allowed_names


def test_every_command_is_documented_with_an_example() -> None:
    operations = (ROOT / "docs" / "operations.md").read_text("utf-8")
    for name, command in COMMANDS.items():
        assert re.search(rf"`{name}\b", operations), name
        assert "Example: `rumortrail" in (command.help or ""), name
