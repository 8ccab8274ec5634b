"""The public views and the published copy with DuckDB 2, beside the DuckDB that is installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.other_duckdb, pytest.mark.timeout(1800)]

PROJECT = Path(__file__).resolve().parents[3]
OTHER = Path(__file__).with_name("other_duckdb") / "package"
PUBLIC_VIEWS = (
    "tests/test_sql_questions.py", "tests/pipeline/store/test_decisions.py",
    "tests/pipeline/store/test_source_health.py", "tests/pipeline/store/test_subjects.py",
    "tests/pipeline/published/test_claim.py", "tests/pipeline/published/test_claim_filter.py",
    "tests/pipeline/published/test_deadlines.py", "tests/pipeline/published/test_search.py",
    "tests/pipeline/published/test_sandbox.py", "tests/pipeline/published/test_stories.py",
    "tests/pipeline/stages/publish/test_stage.py", "tests/pipeline/stages/publish/test_search_index.py",
    "tests/pipeline/stages/publish/test_moved.py::test_a_night_without_news_writes_no_row",
)  # fmt: skip
"""The tests that ask the public views, of the work file or of a copy."""


@pytest.fixture(scope="module")
def other() -> dict[str, str]:
    """The environment in which the other DuckDB takes the place of the installed one."""
    if not (OTHER / "duckdb").exists():
        pytest.skip(f"no other DuckDB: `make {OTHER.relative_to(PROJECT)}/.installed` installs it")
    return os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (OTHER, PROJECT)))}


def _answers(home: Path, environment: dict[str, str]) -> dict[str, Any]:
    module = "tests.pipeline.published.other_duckdb.answers"
    argv = [sys.executable, "-m", module, home]
    result = subprocess.run(argv, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    answers: dict[str, Any] = json.loads(result.stdout)
    return answers


def test_what_either_writes_both_open_and_answer_alike(tmp_path: Path, other: dict[str, str]) -> None:
    here = os.environ | {"PYTHONPATH": str(PROJECT)}
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    answers = [_answers(ours, here), _answers(theirs, other), _answers(ours, other), _answers(theirs, here)]
    assert [answer["duckdb"] for answer in answers[::3]] == [duckdb.__version__] * 2
    assert all(answer["duckdb"].startswith("2.") for answer in answers[1:3])
    assert {answer["form"] for answer in answers} == {"v1.0.0+"}
    assert all(answer["answers"] == answers[0]["answers"] for answer in answers)


def test_the_tests_of_the_public_views_pass_with_the_other_duckdb(other: dict[str, str]) -> None:
    arguments = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", *PUBLIC_VIEWS]
    completed = subprocess.run(arguments, cwd=PROJECT, env=other, capture_output=True, text=True, check=False)
    assert completed.returncode == 0, completed.stdout[-10_000:] + completed.stderr
