"""docs/sql.md as programs read it: nothing of it is left out or told otherwise."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from pipeline.published import sql_reference

PAGE = Path(__file__).resolve().parents[3] / "docs" / "sql.md"


def test_the_package_holds_the_page_itself() -> None:
    assert files("pipeline").joinpath("sql.md").read_bytes() == PAGE.read_bytes()


def test_every_question_is_read_with_its_heading() -> None:
    found = sql_reference.questions()
    assert len(found) == PAGE.read_text("utf-8").count("```sql\n")
    assert len({question.words for question in found}) == len(found)
    first = found[0]
    assert (first.heading, first.words) == ("What is new", "What changed since yesterday, and why?")
    assert first.sql.startswith("SELECT h.judged_at") and first.sql.endswith("LIMIT 100")


def test_every_view_is_read_in_plain_words() -> None:
    views = {view.name: view for view in sql_reference.views()}
    assert views["meta"].columns == ()
    assert views["meta"].words.startswith("Two columns, key and value: published_at")
    assert views["claims"].columns[0] == (("claim_id",), "the claim's id; it never changes")
    together = next(names for names, _ in views["claims"].columns if "denies" in names)
    assert together == ("supports", "denies", "questions", "reports")
    told = " ".join([view.words for view in views.values()] + [words for view in views.values() for _, words in view.columns])
    assert "](" not in told and "`" not in told
