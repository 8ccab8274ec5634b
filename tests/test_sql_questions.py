"""Each question of docs/sql.md gets the answer that can be seen by reading tests/worlds/newsroom.py."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.core.config import AskConfig, Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.published.database import open_published, query
from pipeline.published.sql_reference import questions
from pipeline.stages.publish.stage import publish
from pipeline.store.store import Store
from tests.conftest import NOW
from tests.worlds.laid import EmptyStore
from tests.worlds.newsroom import fill

pytestmark = pytest.mark.slow  # every question of docs/sql.md

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "sql.md").read_text("utf-8")
QUESTIONS = {question.words: question.sql for question in questions()}
REAL = {"DeepSeek": "Aurel"}  # the newsroom's stories are about nobody real

ANSWERS: dict[str, list[list[Any]]] = json.loads(
    Path(__file__).with_name("sql_answers.json").read_text("utf-8")
)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The newsroom's published copy, opened as `ask` opens it."""
    store = EmptyStore()
    run = RunContext("20260302T030000Z", NOW, Home(tmp_path_factory.mktemp("newsroom")), Config())
    fill(store, run)
    publish(store, run)
    store.close()
    connection = open_published(run.home.published, AskConfig())
    yield connection
    connection.close()


def plain(value: Any) -> Any:
    """Return a value as it is written in `sql_answers.json`."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return round(value, 2) if isinstance(value, float) else value


def test_there_are_enough_questions_and_each_has_an_answer() -> None:
    assert len(QUESTIONS) >= 20
    assert set(ANSWERS) == set(QUESTIONS)
    assert PAGE.count("```sql\n") == len(QUESTIONS), "a query without a question, or a question asked twice"


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_gets_its_answer(newsroom: duckdb.DuckDBPyConnection, question: str) -> None:
    sql = QUESTIONS[question]
    for name, replacement in REAL.items():
        sql = sql.replace(name, replacement)
    columns, rows = query(newsroom, sql, seconds=600)
    # The trace tests assert how importance is computed; here only the order that it gives is compared.
    kept_columns = [number for number, column in enumerate(columns) if not column.startswith("importance")]
    answer = [[plain(row[number]) for number in kept_columns] for row in rows]
    assert answer == ANSWERS[question]


def test_a_quote_that_is_not_verbatim_is_found(store: Store, run: RunContext) -> None:
    fill(store, run)
    store.connection.execute(
        "UPDATE store.mentions SET quote = 'Aster 4 has seen nothing.' WHERE document_id = 'd-kestrel'"
    )
    quote_sql = QUESTIONS["Is each quote where we say it is? (No row is the right answer.)"]
    assert store.execute(quote_sql) == [("m-d-kestrel-c-tests-0",)]


def test_on_any_day_each_claim_stands_in_one_place(newsroom: duckdb.DuckDBPyConnection) -> None:
    as_known_then = "last_step AND judged_at <= $day AND (judged_until IS NULL OR judged_until > $day)"
    as_we_know_now = "judged_until IS NULL AND since <= $day AND (until IS NULL OR until > $day)"
    for day in (
        "2026-01-05 12:00", "2026-01-06 03:00", "2026-01-06 12:00", "2026-01-12 03:00", "2026-03-02 03:00"
    ):
        for sense in (as_known_then, as_we_know_now):
            sql = f"SELECT claim_id FROM status_history WHERE {sense} GROUP BY claim_id HAVING count(*) > 1"
            assert query(newsroom, sql.replace("$day", f"TIMESTAMP '{day}'"), seconds=600)[1] == []


def test_the_last_word_of_the_history_is_where_a_claim_stands(newsroom: duckdb.DuckDBPyConnection) -> None:
    last_step_sql = "SELECT claim_id, status, since FROM status_history "
    last_step_sql += "WHERE last_step AND judged_until IS NULL AND until IS NULL ORDER BY ALL"
    claims_sql = "SELECT claim_id, status, last_moved_at FROM claims ORDER BY ALL"
    assert query(newsroom, last_step_sql, seconds=600)[1] == query(newsroom, claims_sql, seconds=600)[1]
