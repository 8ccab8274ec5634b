"""The reference of the published copy: docs/sql.md is what its sources say, and programs read the same."""

from __future__ import annotations

from pathlib import Path

from pipeline.published import sql_reference

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "sql.md").read_text("utf-8")


def test_the_page_is_what_the_sources_say() -> None:
    assert sql_reference.page() == PAGE, "python -m pipeline.published.sql_reference > docs/sql.md"


def test_every_question_is_read_with_its_heading() -> None:
    questions = sql_reference.questions()
    assert len(questions) == PAGE.count("```sql\n")
    assert len({question.words for question in questions}) == len(questions)
    first = questions[0]
    assert (first.heading, first.words) == ("What is new", "What changed since yesterday, and why?")
    assert first.sql.startswith("SELECT h.judged_at") and first.sql.endswith("LIMIT 100")
    assert all("-- " not in question.sql for question in questions)


def test_every_view_is_read_in_plain_words() -> None:
    views = {view.name: view for view in sql_reference.views()}
    assert views["meta"].columns == ()
    assert views["meta"].words.startswith("Two columns, key and value: published_at")
    assert views["claims"].columns[0] == (("claim_id",), "the claim's id; it never changes")
    stance_columns = next(names for names, _ in views["claims"].columns if "denies" in names)
    assert stance_columns == ("supports", "denies", "questions", "reports")
    descriptions = [view.words for view in views.values()]
    descriptions += [description for view in views.values() for _, description in view.columns]
    assert not any("](" in description or "`" in description for description in descriptions)
