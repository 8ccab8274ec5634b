"""Each question of docs/sql.md gets the answer that can be seen by reading tests/newsroom.py."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.core.config import AskConfig, Config, Home
from pipeline.core.context import RunContext
from pipeline.published.database import open_published, query
from pipeline.published.sql_reference import questions
from pipeline.stages.publish.stage import publish
from pipeline.store.store import Store
from tests.conftest import NOW
from tests.worlds.newsroom import fill

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "sql.md").read_text("utf-8")
QUESTIONS = {question.words: question.sql for question in questions()}
REAL = {"DeepSeek": "Aurel"}  # the newsroom's stories are about nobody real

ANSWERS: dict[str, list[tuple[Any, ...]]] = {
    'What changed since yesterday, and why?': [
        ("2026-03-02 03:00", "disputed", "substantiated", "Aurel trained Aster 4 on test sets", "Aurel admits it."),
        ('2026-03-02 03:00', None, 'expired', 'Aurel releases Aster 5 by 31 January', 'Its time is over.'),
    ],
    'What moved last, and why?': [
        ("2026-01-31 00:00", "expired", "Aurel releases Aster 5 by 31 January", "Its time is over."),
        ("2026-01-30 12:00", "unverified", "Aurel releases Aster 5 by 05 March", "One voice."),
        ("2026-01-13 20:00", "substantiated", "Aurel trained Aster 4 on test sets", "Aurel admits it."),
        ('2026-01-07 16:00', 'substantiated', "Brisk's Dart 4 reads 4 million tokens", 'A page shows it.'),
        ('2026-01-07 15:00', 'substantiated', "Brisk's Dart 3 reads 3 million tokens", 'A page shows it.'),
        ('2026-01-07 14:00', 'substantiated', "Brisk's Dart 2 reads 2 million tokens", 'A page shows it.'),
        ('2026-01-07 13:00', 'substantiated', "Brisk's Dart 1 reads 1 million tokens", 'A page shows it.'),
        ("2026-01-06 08:00", "disputed", "Training Aster 4 cost 6 million dollars", "An expert denies it."),
        ("2026-01-05 17:00", "unverified", "Aster 4 has 90 B parameters", "One voice carries it."),
        ("2026-01-05 16:00", "corroborated", "Aster 4 has 70 B parameters", "Two voices stand behind it."),
    ],
    'What deserves a check and is not settled, and why?': [
        ('Training Aster 4 cost 6 million dollars', ['kind: price'], 'disputed', 1),
        ('Aster 4 has 90 B parameters', ['kind: size'], 'unverified', 1),
        ('Aurel releases Aster 5 by 05 March', ['kind: release'], 'unverified', 1),
    ],
    'Which predictions are due this week?': [
        ('2026-03-05 00:00', 'day', 'Aurel releases Aster 5 by 05 March', 'unverified', 1),
    ],
    "How did one claim's status change over time?": [
        ("2026-01-05 16:00", "corroborated", "Two voices stand behind it."),
    ],
    'What was known on a day? (Where the claims stood then, judged by nothing that came later.)': [
        ('corroborated', 'Aster 4 has 70 B parameters', 2, 'Two voices stand behind it.'),
        ('unverified', 'Aster 4 has 90 B parameters', 1, 'One voice carries it.'),
        ('disputed', 'Training Aster 4 cost 6 million dollars', 1, 'An expert denies it.'),
        ('unverified', 'Aurel trained Aster 4 on test sets', 1, 'One voice carries it.'),
    ],
    'Which claims stood otherwise on a day than we thought on that day? (What was said by then, and not seen yet.)': [
        ("Aurel trained Aster 4 on test sets", "unverified", "disputed", "2026-01-06 12:00", "Aurel denies it."),
    ],
    'How do the claims about one organisation stand, month by month?': [
        ('2026-01-01', 'unverified', 2),
        ('2026-01-01', 'corroborated', 1),
        ('2026-01-01', 'disputed', 1),
        ('2026-01-01', 'expired', 1),
        ('2026-01-01', 'substantiated', 1),
    ],
    'What is claimed about one model, and by which benchmark?': [
        ('benchmark_gaming', 'Aurel trained Aster 4 on test sets', 'substantiated', None),
        ('size', 'Aster 4 has 90 B parameters', 'unverified', None),
        ('size', 'Aster 4 has 70 B parameters', 'corroborated', None),
        ('price', 'Training Aster 4 cost 6 million dollars', 'disputed', None),
    ],
    'Which numbers compete for one model?': [
        ("Aster 4 has 70 B parameters", "corroborated", "Aster 4 has 90 B parameters", "unverified", "70 B against 90 B"),
    ],
    "What does the story of DeepSeek's training cost rest on (supporting and doubting voices)?": [
        ("c-price", "Training Aster 4 cost 6 million dollars", "disputed", "supports", "The Lantern", "The Lantern", "2026-01-05 18:00", "The Lantern has learned that it cost 6 million dollars."),
        ("c-price", "Training Aster 4 cost 6 million dollars", "disputed", "denies", "Ines Okafor", "Ines Okafor", "2026-01-06 08:00", "Nobody trains that for 6 million."),
    ],
    'What is much talked about and badly supported? (Importance and credibility are two figures that never mix.)': [
        ('Aster 4 has 90 B parameters', 0.3, 1, 3),
        ('Training Aster 4 cost 6 million dollars', 0.4, 1, 2),
        ('Aurel releases Aster 5 by 05 March', 0.3, 1, 1),
    ],
    'Which claims are much repeated and still rest on a single voice?': [
        ('Aster 4 has 90 B parameters', 1, 3),
    ],
    'For which claims does nobody stand who has a name?': [
        ('Aster 4 has 90 B parameters', 'unverified', 3, 3),
        ('Aurel releases Aster 5 by 05 March', 'unverified', 1, 1),
    ],
    'Who repeats whom?': [
        ('Copyist Daily', 'Kestrel', 3, ['near_duplicate']),
    ],
    'Which outlets carried claims and never named anybody who says so?': [
        ('Copyist Daily', 4, 2),
    ],
    'What did one person say about one company?': [
        ("2026-01-05 16:00", "second", "Aster 4 has 70 B parameters", "supports", "I counted 70 B parameters.", "Ines Okafor", "https://site.example/d-counted"),
        ("2026-01-06 08:00", "second", "Training Aster 4 cost 6 million dollars", "denies", "Nobody trains that for 6 million.", "Ines Okafor", "https://site.example/d-doubt"),
    ],
    'Who was first on claims that proved true?': [
        ('Sparrow', 'source', 4, 2.0),
        ('Kestrel', 'source', 1, 8.33),
    ],
    'Which accounts were first and right most often, where there are enough cases to say so?': [
        ('Sparrow', 'x', 4, 4, 0.55, 0.99),
    ],
    'How long from the rumour to its confirmation, by organisation?': [
        ('Brisk', 4, 2.0, 2.0, 2.0),
        ('Aurel', 1, 8.33, 8.33, 8.33),
    ],
    'How did the dates of one release move, who said them, and how did each come out?': [
        ('Aurel', 'Aster 5', 1, 'Aurel releases Aster 5 by 31 January', 'The Lantern', '2026-01-05 13:00', '2026-01-31 00:00', None, 'missed', None),
        ('Aurel', 'Aster 5', 2, 'Aurel releases Aster 5 by 05 March', 'Kestrel', '2026-01-30 12:00', '2026-03-05 00:00', 33, 'open', None),
    ],
    'How far has each model come, and by what?': [
        ("Aurel", "Aster 5", "string_found", "2026-01-30 12:00", "https://site.example/d-c-march", "aster-5 in a list"),
    ],
    'How many dated claims could be checked at all? (Tell it beside every figure of accuracy.)': [
        ('release', 2, 2, 1, 0, 1, 0),
    ],
    'Who denies, in which words?': [
        ("Aurel trained Aster 4 on test sets", "Mara Quill", "first_party", "We never trained on test sets.", "https://site.example/d-denial"),
        ("Training Aster 4 cost 6 million dollars", "Ines Okafor", "expert", "Nobody trains that for 6 million.", "https://site.example/d-doubt"),
    ],
    'Which denials were later admitted by the same organisation?': [
        ("Aurel trained Aster 4 on test sets", "Mara Quill", "2026-01-06 12:00", "We never trained on test sets.", "Mara Quill", "2026-01-13 20:00", "Yes, the test sets were in it."),
    ],
    'What was found deleted within a day of a denial?': [
        ('Aurel trained Aster 4 on test sets', 'Mara Quill', '2026-01-06 12:00', 'Kestrel', None, 'Aster 4 has seen the tests.', 'https://site.example/d-kestrel', '2026-01-06 18:00'),
    ],
    'Which posts behind a claim were edited or deleted?': [
        ("Aster 4 has 70 B parameters", "edited", "2026-01-08 00:00", "version 2 of https://site.example/d-70: body changed"),
        ("Aurel trained Aster 4 on test sets", "edited", "2026-01-07 14:00", "version 2 of https://site.example/d-copy: headline changed"),
        ("Aurel trained Aster 4 on test sets", "gone", "2026-01-06 18:00", "https://site.example/d-kestrel is gone: answered 404"),
    ],
    'Who changed a text without saying so?': [
        ('Copyist Daily', 'https://site.example/d-copy', None, '2026-01-07 14:00', 'headline', 'Aster 4 may have seen the tests', 'Aster 4 has seen the tests'),
    ],
    'Which hedged headlines became plain?': [
        ("Copyist Daily", "https://site.example/d-copy", "Aster 4 may have seen the tests", "hedged", "Aster 4 has seen the tests", "2026-01-07 14:00"),
    ],
    'Which plain statements were hedged, or left out, without a note?': [
        ("Aster 4 has 70 B parameters", "2026-01-08 00:00", "“has learned” became “reportedly”, without a note"),
    ],
    'Which stances did an editor change?': [
        ('Aster 4 has 90 B parameters', 'Copy 1: 90 B, it is said.', 'reports', 0.9, 'supports', 'Edda', '2026-01-08 20:00', 'it says so itself'),
    ],
    'Which languages and platforms do the documents come from?': [
        ('news', 'en', 7, 7),
        ('x', 'en', 7, 7),
        ('bluesky', 'en', 2, 2),
        ('blog', 'en', 1, 1),
    ],
    'Is each quote where we say it is? (No row is the right answer.)': [],
    'Which sources could not be read in the last run?': [
        ("Copyist Daily", "failed", "answered 503"),
    ],
    'How long was each source unread, in all?': [
        ('The Lantern', 'failing', 1, 144, False),
        ('Copyist Daily', 'failing', 1, 0, True),
    ],
    'Which sources could not be read while a disputed claim moved? What they said of it may be missing.': [
        ("Training Aster 4 cost 6 million dollars", "The Lantern", "failing", "2026-01-06 03:00", "2026-01-12 03:00", "its own source"),
    ],
    'Which sources are ailing, or gave much less than usual in their last crawl?': [
        ('Sparrow', False, 0, '2026-03-02 03:00', None, 10, 40.0),
    ],
}


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The newsroom's published copy, opened as `ask` opens it."""
    store = Store.open(":memory:")
    run = RunContext("20260302T030000Z", NOW, Home(tmp_path_factory.mktemp("newsroom")), Config())
    fill(store, run)
    publish(store, run)
    store.close()
    connection = open_published(run.home.published, AskConfig())
    yield connection
    connection.close()


def plain(value: Any) -> Any:
    """A value as it is written in ANSWERS."""
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
    for name, other in REAL.items():
        sql = sql.replace(name, other)
    columns, rows = query(newsroom, sql, seconds=10)
    # How importance is reckoned is held by tests/pipeline/test_trace.py; here only the order that it gives.
    told = [tuple(plain(value) for column, value in zip(columns, row, strict=True) if not column.startswith("importance")) for row in rows]
    assert told == ANSWERS[question]


def test_a_quote_that_is_not_verbatim_is_found(store: Store, run: RunContext) -> None:
    fill(store, run)
    store.connection.execute("UPDATE store.mentions SET quote = 'Aster 4 has seen nothing.' WHERE document_id = 'd-kestrel'")
    publish(store, run)
    rows = query(open_published(run.home.published, AskConfig()), QUESTIONS["Is each quote where we say it is? (No row is the right answer.)"], seconds=10)[1]
    assert rows == [("m-d-kestrel-c-tests-0",)]


def test_on_any_day_each_claim_stands_in_one_place(newsroom: duckdb.DuckDBPyConnection) -> None:
    known = "last_step AND judged_at <= $day AND (judged_until IS NULL OR judged_until > $day)"
    as_we_know_now = "judged_until IS NULL AND since <= $day AND (until IS NULL OR until > $day)"
    for day in ("2026-01-05 12:00", "2026-01-06 03:00", "2026-01-06 12:00", "2026-01-12 03:00", "2026-03-02 03:00"):
        for sense in (known, as_we_know_now):
            sql = f"SELECT claim_id, count(*) FROM status_history WHERE {sense} GROUP BY claim_id HAVING count(*) > 1"
            assert query(newsroom, sql.replace("$day", f"TIMESTAMP '{day}'"), seconds=10)[1] == []


def test_the_last_word_of_the_history_is_where_a_claim_stands(newsroom: duckdb.DuckDBPyConnection) -> None:
    last = "SELECT claim_id, status, since FROM status_history WHERE last_step AND judged_until IS NULL AND until IS NULL ORDER BY ALL"
    stands = "SELECT claim_id, status, last_moved_at FROM claims ORDER BY ALL"
    assert query(newsroom, last, seconds=10)[1] == query(newsroom, stands, seconds=10)[1]
