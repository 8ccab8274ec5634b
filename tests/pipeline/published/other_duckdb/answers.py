"""Answer the questions of docs/sql.md with the installed DuckDB: `python -m ... HOME`.

A home without a published copy is given that of the newsroom first. Prints the version of DuckDB, the form of
the file, and each answer.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

from pipeline.core.config import AskConfig, Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.published.database import open_published, query
from pipeline.published.sql_reference import questions
from pipeline.stages.publish.stage import publish
from tests.conftest import NOW
from tests.worlds.laid import EmptyStore
from tests.worlds.newsroom import fill


def main() -> None:
    """Publish if nothing is published, and print the answers as one JSON object."""
    home = Home(Path(sys.argv[1]))
    if not home.published.exists():
        home.path.mkdir(parents=True)
        run = RunContext("20260302T030000Z", NOW, home, Config())
        store = EmptyStore()
        fill(store, run)
        publish(store, run)
        store.close()
    with open_published(home.published, AskConfig()) as copy:
        form = "SELECT tags['storage_version'] FROM duckdb_databases() WHERE database_name = 'published'"
        report = {
            "duckdb": duckdb.__version__,
            "form": query(copy, form, seconds=20)[1][0][0],
            "answers": {question.words: query(copy, question.sql, seconds=60) for question in questions()},
        }
    print(json.dumps(report, default=str))


if __name__ == "__main__":
    main()
