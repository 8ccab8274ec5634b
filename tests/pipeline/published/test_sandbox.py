"""Test that a reader's question is answered within its bounds, and that it can do nothing else."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import duckdb
import psutil
import pyarrow as pa
import pytest

from dashboard.data import queries
from dashboard.data.queries import Copy
from dashboard.views.ask import chart, page, table
from pipeline.core.config import AskConfig, Config, DashboardConfig
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.exports.tables import Format
from pipeline.published import sandbox, sandbox_worker
from pipeline.published.database import open_published
from pipeline.published.question import check
from pipeline.published.sandbox import Answer, Unanswered
from pipeline.published.sql_reference import Question, questions


def silent(_: str) -> None:
    pass


@pytest.fixture
def copy(sample_home: Home) -> Copy:
    """The sample's copy; a question may take as long as a busy machine needs."""
    return queries.current(sample_home, Config(dashboard=DashboardConfig(ask_seconds=300.0)))


def ask(copy: Copy, sql: str, **bounds: float | str | int) -> Answer:
    settings = replace(copy.settings, **bounds)  # type: ignore[arg-type]
    return sandbox.ask(Path(copy.path), settings, sql, silent)


@pytest.fixture(scope="module")
def answered(sample_home: Home) -> Callable[..., pa.Table]:
    """Answer as the process of a question does, on the same kind of connection, but in this process."""
    connection = open_published(sample_home.published, AskConfig(), threads=1)

    def answer(sql: str, rows: int = 1000) -> pa.Table:
        check(connection, sql)
        return sandbox_worker.read(connection, sql, rows)[0]

    return answer


@pytest.fixture
def told(answered: Callable[..., pa.Table]) -> Callable[[str], Unanswered]:
    """Return the error for a refused question, worded as `sandbox` words the report of its process."""

    def tell(sql: str) -> Unanswered:
        with pytest.raises((duckdb.Error, DataError)) as error:
            answered(sql)
        return sandbox._refusal(type(error.value).__name__, str(error.value), 300.0, "2GB")

    return tell


def refused(copy: Copy, sql: str, **bounds: float | str | int) -> Unanswered:
    with pytest.raises(Unanswered) as caught:
        ask(copy, sql, **bounds)
    return caught.value


@pytest.mark.parametrize(
    "sql",
    [
        "FROM claims",
        "SELECT 1;",
        "-- a remark\nWITH a AS (SELECT 1) FROM a",
        "VALUES (1)",
        "DESCRIBE claims",
        "SUMMARIZE claims",
        "SHOW TABLES",
        "EXPLAIN FROM claims",
        "/* why */ EXPLAIN ANALYZE SELECT count(*) FROM claims",
        "PIVOT claims ON status IN ('disputed') USING count(*)",
    ],
)
def test_what_reads_is_answered(answered: Callable[..., pa.Table], sql: str) -> None:
    assert answered(sql).num_rows > 0


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "  -- nothing",
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP TABLE claims",
        "CREATE TABLE memory.x AS SELECT 1",
        "CREATE TEMP TABLE x AS SELECT 1",
        "CREATE MACRO m() AS 1",
        "INSERT INTO claims SELECT * FROM claims",
        "UPDATE claims SET status = 'substantiated'",
        "DELETE FROM claims",
        "DROP TABLE claims",
        "ATTACH '/tmp/x.db'",
        "DETACH published",
        "COPY claims TO '/tmp/x.csv'",
        "COPY (SELECT 1) TO '/tmp/x.csv'",
        "EXPORT DATABASE '/tmp/x'",
        "IMPORT DATABASE '/tmp/x'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET threads = 64",
        "SET memory_limit = '64GB'",
        "RESET memory_limit",
        "PRAGMA threads = 64",
        "PRAGMA enable_profiling = 'json'",
        "USE memory",
        "CALL enable_logging()",
        "BEGIN",
        "CHECKPOINT",
        "VACUUM",
        "ANALYZE",
        "PREPARE a AS SELECT 1",
        "EXECUTE a",
        "EXPLAIN ANALYZE CREATE TABLE memory.x AS SELECT 1",
        "EXPLAIN ANALYZE COPY claims TO '/tmp/x.csv'",
        "EXPLAIN /* */ ANALYZE COPY claims TO '/tmp/x.csv'",
        "SELECT * FROM query('DROP TABLE claims')",
    ],
)
def test_what_does_not_read_is_refused(copy: Copy, answered: Callable[..., pa.Table], sql: str) -> None:
    before = Path(copy.path).read_bytes()
    with pytest.raises((duckdb.Error, DataError)):
        answered(sql)
    assert Path(copy.path).read_bytes() == before
    assert not Path("/tmp/x.csv").exists()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "FROM '/etc/passwd'",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM read_parquet('https://127.0.0.1/x.parquet')",
        "SELECT * FROM sniff_csv('/etc/passwd')",
        "SELECT getenv('HOME')",
    ],
)
def test_nothing_of_the_machine_is_reached(answered: Callable[..., pa.Table], sql: str) -> None:
    with pytest.raises(duckdb.Error):
        answered(sql)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("", "no question"),
        ("DROP TABLE claims", "DROP does not"),
        ("SELECT * FROM read_csv('/etc/passwd')", "reaches no file"),
        ("SELECT getenv('HOME')", "does not exist"),
        ("SELECT {'a': 'x'::ENUM('x')}", "cast ENUMs to VARCHAR"),
    ],
)
def test_a_refusal_is_put_into_words(told: Callable[[str], Unanswered], sql: str, words: str) -> None:
    assert words in told(sql).words


@pytest.mark.parametrize(
    "sql", ["SELECT 1\nFROM claim", "SELECT * FROM read_csv('/etc/passwd')", "SELECT [DATE '10000-01-01']"]
)
def test_a_refusal_comes_back_from_the_process(
    copy: Copy, told: Callable[[str], Unanswered], sql: str
) -> None:
    error, local_error = refused(copy, sql), told(sql)
    assert (error.words, error.told, error.where) == (local_error.words, local_error.told, local_error.where)


def test_no_function_of_sql_writes_a_file(copy: Copy, tmp_path: Path) -> None:
    log = tmp_path / "log"
    try_it = f"SELECT * FROM enable_logging(storage = 'file', storage_config = {{'path': '{log}'}})"
    for sql in (try_it, f"SELECT a.*, write_log('x') FROM ({try_it}) AS a"):
        try:
            ask(copy, sql)
        except Unanswered:
            continue
    assert not log.exists()


def test_a_question_s_process_can_open_no_file(copy: Copy) -> None:
    program = (
        "import os; from pipeline.published import sandbox_worker; sandbox_worker._bound(200_000_000, 60)\n"
        "try: os.open('/etc/hostname', os.O_RDONLY)\n"
        "except OSError: print('refused')"
    )
    completed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300)
    assert completed.stdout == "refused\n", completed.stderr


@pytest.mark.parametrize(
    ("sql", "words", "why", "where"),
    [
        ("SELEC 1", "not SQL", 'near "SELEC"', "Line 1: SELEC 1\n        ^"),
        ("SELECT 1\nFROM claim", "does not exist", 'Did you mean "claims"',
         "Line 2: FROM claim\n             ^"),
        ("SELECT statsu FROM claims", "does not fit", '"status"',
         "Line 1: SELECT statsu FROM claims\n               ^"),
        ("SELECT 'x'::INTEGER", "cannot be read as", "'x'", "Line 1:"),
    ],
)
def test_an_error_says_what_and_where(
    told: Callable[[str], Unanswered], sql: str, words: str, why: str, where: str
) -> None:
    error = told(sql)
    assert words in error.words
    assert why in error.told
    assert where in error.where


def test_a_runaway_question_is_stopped(copy: Copy) -> None:
    endless = "SELECT count(*) FROM range(1000000) AS a, range(1000000) AS b, range(1000000) AS c"
    assert "Stopped after 1 s" in refused(copy, endless, ask_seconds=1.0).words
    assert ask(copy, "SELECT 1").table.num_rows == 1


@pytest.mark.parametrize(
    "sql",
    [
        # DuckDB does not count this against its memory limit: without a bound it takes all memory.
        "SELECT repeat('x', 100_000_000) FROM range(1000)",
        "SELECT list(repeat('x', 1000) || i) FROM range(10_000_000) AS t(i)",
    ],
)
def test_a_question_too_large_ends_and_the_server_stays(copy: Copy, sql: str) -> None:
    assert "takes more than the 200MB" in refused(copy, sql, ask_memory="200MB").words
    assert ask(copy, "SELECT 1").table.num_rows == 1


def test_a_question_that_heeds_no_interrupt_is_killed(copy: Copy) -> None:
    time_before = os.times().children_user
    deaf_sql = "SELECT levenshtein(repeat('a', 200000), repeat('b', 200000))"
    assert "Stopped after 0.5 s" in refused(copy, deaf_sql, ask_seconds=0.5).words
    assert os.times().children_user - time_before < 10


def test_a_question_s_process_has_its_time_on_the_processor(copy: Copy) -> None:
    program = (
        "import resource\nfrom pipeline.published import sandbox_worker\n"
        "sandbox_worker._bound(200_000_000, 5)\n"
        "print(resource.getrlimit(resource.RLIMIT_CPU)[0])"
    )
    completed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300)
    assert 7 <= int(completed.stdout) < 30, completed.stderr


def test_no_module_is_loaded_from_where_the_server_was_started(
    copy: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "duckdb.py").write_text("raise SystemExit(1)")
    path = str(Path(copy.path).resolve())
    monkeypatch.chdir(tmp_path)
    assert ask(replace(copy, path=path), "SELECT 1").table.num_rows == 1


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT list_resize(['x'::ENUM('x')], 10, 'x'::ENUM('x'))",
        "SELECT {'a': 'x'::ENUM('x')}",
        "SELECT MAP {'a': ['x'::ENUM('x')]}",
    ],
)
def test_an_enum_within_a_value_is_refused(answered: Callable[..., pa.Table], sql: str) -> None:
    with pytest.raises(DataError, match="cast ENUMs to VARCHAR"):
        answered(sql)


def test_an_enum_weighs_what_it_is_written_out(copy: Copy) -> None:
    value = "x" * 900
    cut_answer = ask(copy, f"SELECT '{value}'::ENUM('{value}') AS a FROM range(20000)", ask_rows=20_000)
    assert cut_answer.more
    assert str(cut_answer.table.schema.field("a").type) == "string"
    assert 0 < cut_answer.table.nbytes <= 8_000_000
    assert ask(copy, "SELECT 'x'::ENUM('x') AS a WHERE false").table.num_rows == 0


def test_a_list_weighs_its_values(copy: Copy) -> None:
    assert "One row takes more" in refused(copy, "SELECT list_resize([true], 2_000_000, true)").words


@pytest.mark.parametrize(
    "value",
    [
        "MAP {1: {'a': DATE '2026-01-01'}}",
        "union_value(k := 2)",
        "[[NULL]]",
        "[1, 2]::INTEGER[2]",
        "{'a': [1]}",
        "NULL",
    ],
)
def test_a_value_that_holds_others_is_answered(answered: Callable[..., pa.Table], value: str) -> None:
    assert answered(f"SELECT {value} AS a FROM range(3)", 2).num_rows == 2
    assert answered(f"SELECT {value} AS a WHERE false").num_rows == 0


def test_a_map_weighs_its_values() -> None:
    map_array = pa.array([[(1, 2)] * 3, [(1, 2)]], pa.map_("int8", "int8")).slice(0, 1)
    assert sandbox_worker._values(map_array) == 6


def test_an_answer_is_cut_at_its_rows_and_says_so(copy: Copy) -> None:
    cut_answer = ask(copy, "FROM range(1000000000000)", ask_rows=700)
    assert (cut_answer.table.num_rows, cut_answer.more) == (700, True)
    full_answer = ask(copy, "FROM range(700)", ask_rows=700)
    assert (full_answer.table.num_rows, full_answer.more) == (700, False)


def test_an_answer_is_cut_at_its_weight(copy: Copy) -> None:
    cut_answer = ask(copy, "SELECT repeat('x', 1_000_000) FROM range(40)")
    assert cut_answer.more
    assert 0 < cut_answer.table.nbytes <= 8_000_000
    assert "One row takes more" in refused(copy, "SELECT repeat('x', 9_000_000)").words


def test_types_times_and_equal_names_survive(copy: Copy) -> None:
    answer = ask(copy, "SELECT 1 AS a, 2 AS a, TIMESTAMP '2026-01-05 16:00' AS t, INTERVAL 3 DAY AS i")
    assert answer.table.column_names == ["a", "a:1", "t", "i"]
    assert answer.types == ("INTEGER", "INTEGER", "TIMESTAMP", "INTERVAL")
    assert [str(value)
            for value in answer.table.to_pylist()[0].values()] == ["1", "2", "2026-01-05 16:00:00", "3 days"]


def test_the_server_s_secrets_do_not_go_along(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    environments: list[dict[str, str]] = []

    def look(_: str) -> None:
        for child in psutil.Process().children():
            # A worker may end during the look.
            with suppress(psutil.NoSuchProcess):
                if "pipeline.published.sandbox_worker" in " ".join(child.cmdline()):
                    environments.append(child.environ())

    sandbox.ask(Path(copy.path), copy.settings, "SELECT count(*) FROM range(20000) AS a, range(20000) AS b "
                     "WHERE a.range % 7 = b.range % 5", look)
    assert environments
    assert all("GITHUB_TOKEN" not in environment for environment in environments)


def test_who_leaves_ends_the_question(copy: Copy) -> None:
    class Left(Exception):
        pass

    def leave(_: str) -> None:
        raise Left

    endless = "SELECT count(*) FROM range(1000000) AS a, range(1000000) AS b, range(1000000) AS c"
    with pytest.raises(Left):
        sandbox.ask(Path(copy.path), copy.settings, endless, leave)
    running = []
    for child in psutil.Process(os.getpid()).children():
        with suppress(psutil.NoSuchProcess):
            running.append(" ".join(child.cmdline()))
    assert not [line for line in running if "pipeline.published.sandbox_worker" in line]
    assert ask(copy, "SELECT 1").table.num_rows == 1


def test_one_question_is_answered_at_a_time(copy: Copy) -> None:
    """Questions are answered in order of arrival; a waiting reader is told how many are before."""
    endless = "SELECT count(*) FROM range(1000000) AS a, range(1000000) AS b, range(1000000) AS c"
    order: list[str] = []
    heard_notices: list[str] = []
    begun_event, let_go = threading.Event(), threading.Event()

    def first(_: str) -> None:
        begun_event.set()
        if let_go.is_set():
            raise Left

    class Left(Exception):
        pass

    def ask_first() -> None:
        with suppress(Left):
            sandbox.ask(Path(copy.path), copy.settings, endless, first)
        order.append("first")

    def ask_next(name: str) -> None:
        sandbox.ask(Path(copy.path), copy.settings, "SELECT 1", heard_notices.append)
        order.append(name)

    threads = [threading.Thread(target=ask_first)]
    threads[0].start()
    assert begun_event.wait(300)
    for position, name in enumerate(("second", "third"), 1):
        threads.append(threading.Thread(target=ask_next, args=[name]))
        threads[-1].start()
        wait_until(lambda index=position: len(sandbox._queue) > index)
    wait_until(lambda: "Waiting: 2 questions ahead of yours …" in heard_notices)
    let_go.set()
    for thread in threads:
        thread.join()
    assert order == ["first", "second", "third"]
    assert "Waiting: 1 question ahead of yours …" in heard_notices
    assert not sandbox._queue


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until `condition()` is true."""
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.1)
    pytest.fail("it did not become so")


def test_too_many_that_wait_are_told_so(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_queue", deque(range(sandbox.WAITING + 1)))
    assert "are waiting already" in refused(copy, "SELECT 1").words


# All types that DuckDB has, each with its least and its greatest value.
def test_every_type_of_value_is_answered_shown_and_downloaded(copy: Copy) -> None:
    names = [name for name, *_ in duckdb.sql("DESCRIBE FROM test_all_types()").fetchall()]
    plain_columns = [f'"{name}"' for name in names if not re.search("array|list|struct|map|union", name)]
    answer = ask(copy, f"SELECT {', '.join(plain_columns)} FROM test_all_types()")
    table.table(answer)
    for form in Format:
        assert page._file(answer, form)
    for line in page._file(answer, Format.JSONL).splitlines():
        json.loads(line, parse_constant=pytest.fail)
    axes = chart.axes(answer)
    for x_axis, y_axis in itertools.product(axes.along, axes.up):
        _, picture = chart.chart(answer, x_axis, y_axis, dark=False)
        json.dumps(picture.to_dict(), allow_nan=False)


_NO_CALENDAR_HAS = [
    ("DATE '10000-01-01'", "10000-01-01"),
    ("DATE 'infinity'", "infinity"),
    ("DATE '0044-03-15 (BC)'", "-0043-03-15"),
    ("TIMESTAMP '-infinity'", "-infinity"),
    ("TIMESTAMP_NS '2026-03-02 03:00:00.123456789'", "2026-03-02 03:00:00.123456789"),
    ("TIMESTAMPTZ 'infinity'", "infinity"),
    ("TIMESTAMPTZ '12000-01-01 00:00:00+00'", "12000-01-01 00:00:00.000000+00"),
]


def test_a_time_that_no_calendar_has_is_written_out(copy: Copy) -> None:
    columns = ", ".join(f"{sql} AS c{number}" for number, (sql, _) in enumerate(_NO_CALENDAR_HAS))
    answer = ask(copy, f"SELECT {columns} UNION ALL SELECT {', '.join(['NULL'] * len(_NO_CALENDAR_HAS))}")
    for number, (_, shown_value) in enumerate(_NO_CALENDAR_HAS):
        assert shown_value in answer.table.column(f"c{number}").to_pylist()
        column = replace(answer, table=answer.table.select([number]), types=answer.types[number : number + 1])
        assert shown_value in table.table(column)[0]


def test_such_a_time_among_others_is_written_out(copy: Copy) -> None:
    days = "if(range = 700, DATE '10000-01-01', DATE '2026-03-02')"
    answer = ask(copy, f"SELECT {days} AS day FROM range(1000)")
    days_written = answer.table.column("day").to_pylist()
    assert (days_written[0], days_written[700]) == ("2026-03-02", "10000-01-01")


@pytest.mark.parametrize("sql", ["[DATE '10000-01-01']", "{'a': [{'b': DATE '10000-01-01'}]}",
                                 "MAP {1: TIMESTAMP 'infinity'}"])  # fmt: skip
def test_a_list_of_such_times_says_what_to_do(told: Callable[[str], Unanswered], sql: str) -> None:
    assert "cast it to VARCHAR" in told(f"SELECT {sql}").words


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.words)
def test_every_documented_question_can_be_asked_here(answered: Callable[..., pa.Table], question: Question
                                                     ) -> None:
    assert len(question.sql) <= sandbox.LONGEST
    answered(question.sql)
