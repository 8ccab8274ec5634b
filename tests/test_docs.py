"""The documentation is complete and its commands and queries work."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.core.config import default_config
from pipeline.core.records import (
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
SQL = (ROOT / "docs" / "sql.md").read_text("utf-8")


def test_every_view_and_column_is_documented_and_nothing_else_is(store: Store) -> None:
    rows = store.connection.execute(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'main' AND table_name <> 'migrations'"
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
    documented = set(re.findall(r"\w+", SQL))
    for words in (Kind, Certainty, Stance, Status, EdgeKind, DecisionKind, Role, Outcome):
        assert {str(word) for word in words} <= documented, words.__name__
    columns = (ROOT / "docs" / "ingest.md").read_text("utf-8").partition("| `platform` |")[2].partition("\n")[0]
    assert {str(platform) for platform in Platform} <= set(re.findall(r"`(\w+)`", columns))


def test_every_page_is_documented_and_looked_at() -> None:
    app = (ROOT / "dashboard" / "app.py").read_text("utf-8")
    seen = (ROOT / "tests" / "dashboard" / "browser" / "test_every_page.py").read_text("utf-8")
    pages = (ROOT / "docs" / "dashboard.md").read_text("utf-8").partition("## Pages")[2].partition("\n## ")[0]
    titles = dict(re.findall(r'title="(\w+)",\s+url_path="(\w+)"', app))
    assert len(titles) >= 9
    for title, address in titles.items():
        assert f"| {title} |" in pages, title
        assert address == "today" or f'"/{address}' in seen, address


def test_links_between_documents_lead_somewhere() -> None:
    for file in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(((?!https?:|#|mailto:)[^)#\s]+)", re.sub(r"`[^`]*`", "", file.read_text("utf-8"))):
            assert (file.parent / target).exists(), f"{file.name} links to {target}"


def test_the_top_level_is_as_decided() -> None:
    allowed = {"pipeline", "crawlers", "models", "dashboard", "tests", "docs", "benchmarks", "deploy", "pyproject.toml", "README.md", "CONTRIBUTING.md", "Makefile", "CHANGELOG.md", "LICENSE", "constraints.txt"}
    built = {"data", "build"}
    names = {p.name for p in ROOT.iterdir() if not p.name.startswith(".") and not p.name.endswith(".egg-info")} - built
    assert names == allowed


def test_every_command_is_documented_with_an_example() -> None:
    from typer.main import get_command

    from pipeline.cli.app import app

    commands = get_command(app).commands  # type: ignore[attr-defined]
    operations = (ROOT / "docs" / "operations.md").read_text("utf-8")
    for name, command in commands.items():
        assert re.search(rf"`{name}\b", operations), name
        assert "Example: `rumortrail" in (command.help or ""), name
