"""Every entrance is listed here: a new one fails until it is listed and tested with the hostile inputs."""

from __future__ import annotations

from pathlib import Path

from crawlers.engine.process import SPIDERS
from crawlers.files import importer
from pipeline.cli.app import _COMMANDS
from pipeline.run.stages import STAGES
from tests.crawlers.spiders.test_golden import CASES
from tests.hostile import test_files, test_night

ROOT = Path(__file__).resolve().parents[2]


def modules(room: str) -> set[str]:
    return {file.stem for file in (ROOT / room).glob("*.py")} - {"__init__"}


def test_every_spider_has_hostile_answers() -> None:
    """`test_spiders` takes the cases of the golden answers."""
    assert {spider_class for spider_class, *_ in CASES.values()} == set(SPIDERS.values())


def test_every_format_of_files_has_hostile_files() -> None:
    formats = {*importer.TEXT, *importer.HTML, *importer.WARC, *importer.JSON_LINES}
    assert formats == set(test_files.ENDINGS)


def test_every_stage_has_hostile_texts() -> None:
    assert set(STAGES) == set(test_night.STAGES)


def test_every_page_shows_what_came_of_them() -> None:
    views = {file.stem if file.parent.name == "views" else file.parent.name
             for pattern in ("*.py", "*/page.py") for file in (ROOT / "dashboard/views").glob(pattern)}
    assert views - {"__init__"} == set(test_night.PAGES)


def test_every_export_writes_what_came_of_them() -> None:
    # tests/dashboard/api and tests/pipeline/assistants put hostile texts through these.
    exports = {module for module in modules("pipeline/exports") if not module.startswith("json_")}
    assert exports == {"tables", "dossier", "claimreview", "timeline_svg", "calendar", "spans", "wording",
                       "citation", "atom", "status_feed", "slip_svg", "slip_marks", "overtaken"}
    assert modules("pipeline/digest") == {"changes", "deliver", "feed", "mail", "smtp", "webhook"}
    # tests/pipeline/watches/test_messages.py writes all of these.
    assert modules("pipeline/watches") >= {"feed", "messages", "notice"}


def test_every_command_that_shows_text_is_run_on_them() -> None:
    quiet = {"nightly", "revisit", "crawl", "ingest", "fetch", "process", "judge", "decide", "follow",
             "dashboard", "demo", "deliver", "evidence", "verify", "mcp", "migrate", *STAGES}
    assert set(_COMMANDS) - quiet == set(test_night.COMMANDS)
