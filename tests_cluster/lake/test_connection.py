"""Test the settings of a connection that reads or writes a lake."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipeline.lake.connection import load_extensions


def test_the_authorities_of_the_environment_are_those_of_object_storage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "it's mine.pem"))
    with duckdb.connect() as connection:
        load_extensions(connection)
        # The setting must hold for a cursor too: DuckLake opens connections of its own.
        setting = connection.cursor().execute("SELECT current_setting('ca_cert_file')").fetchone()
    assert setting == (str(tmp_path / "it's mine.pem"),)
