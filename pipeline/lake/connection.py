"""Attach a lake to a connection of DuckDB, with the extensions that `rumortrail[cluster]` brings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

from pipeline.core.errors import ConfigError, DataError
from pipeline.core.text import one_line
from pipeline.lake.address import PUBLISHED, Lake
from pipeline.storage.objects import S3, s3_settings

MEMORY = "2GB"
EXTENSIONS = ("ducklake", "postgres_scanner", "httpfs")


def attach_night(connection: duckdb.DuckDBPyConnection, lake: Lake, name: str, snapshot: int) -> None:
    """Attach a lake as it was at a snapshot, to be read, and let the connection reach no other file.

    Raises DataError where it cannot be reached.
    """
    load_extensions(connection)
    _attach(connection, lake, name, f"READ_ONLY, SNAPSHOT_VERSION {snapshot}")
    (path,) = connection.execute(
        "SELECT tags['data_path'] FROM duckdb_databases() WHERE database_name = ?", [name]
    ).fetchall()[0]
    give_credentials(connection, path)
    connection.execute("SET allowed_directories = [?]", [path])


@contextmanager
def reading(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Attach a file of DuckDB as `source` to a database in memory, which spills beside it and can open lakes.
    """
    settings: dict[str, Any] = {"memory_limit": MEMORY, "temp_directory": f"{file}.spill"}
    connection = duckdb.connect(":memory:", config=settings)
    try:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"ATTACH {quoted(str(file))} AS source (READ_ONLY)")
        load_extensions(connection)
        yield connection
    finally:
        connection.close()


def attach_to_write(
    connection: duckdb.DuckDBPyConnection, lake: Lake, name: str, data_path: str | None, new_path: str
) -> None:
    """Attach a lake to be written by the one writer; where its files lie nowhere yet, make it at `new_path`.

    A commit fails where another writer committed meanwhile: none is tried again upon a snapshot that it does
    not know (docs/adr/0008-a-lake-with-one-writer.md). Raises DataError where the lake cannot be reached.
    """
    connection.execute("SET ducklake_max_retry_count = 0")
    give_credentials(connection, data_path or new_path)
    # DuckLake lost or kept twice rows that lay in the catalogue in place of small files (ducklake #1094).
    data_path_option = "" if data_path else f", DATA_PATH {quoted(new_path)}"
    _attach(connection, lake, name, f"DATA_INLINING_ROW_LIMIT 0{data_path_option}")
    if not data_path:
        connection.execute(f"CALL {name}.set_option('parquet_compression', 'zstd')")


def load_extensions(connection: duckdb.DuckDBPyConnection) -> None:
    """Load what DuckDB needs for a lake; DuckDB refuses an extension that it did not sign itself.

    Raises ConfigError where a package is missing or is for another DuckDB.
    """
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    for extension in EXTENSIONS:
        file = _file(extension)
        try:
            connection.execute(f"LOAD {quoted(str(file))}")
        except duckdb.Error as error:
            raise ConfigError(f"{file} cannot be loaded: {one_line(error, 300)}") from error
    if authorities := os.environ.get("SSL_CERT_FILE"):  # obstore looks there, httpfs does not
        connection.execute(f"SET GLOBAL ca_cert_file = {quoted(authorities)}")


def _file(extension: str) -> Path:
    package = f"duckdb_extension_{extension}"
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ConfigError(f"a lake needs {package.replace('_', '-')}: pip install 'rumortrail[cluster]'")
    folder = Path(spec.origin).parent / "extensions"
    file = folder / f"v{duckdb.__version__}" / f"{extension}.duckdb_extension"
    if not file.exists():
        versions = ", ".join(sorted(version.name for version in folder.glob("v*")))
        mismatch = (
            f"{package.replace('_', '-')} is for DuckDB {versions}, and DuckDB here is v{duckdb.__version__}"
        )
        raise ConfigError(f"{mismatch}: pip install 'rumortrail[cluster]' brings both to one version")
    return file


def give_credentials(connection: duckdb.DuckDBPyConnection, path: str) -> None:
    """Give the connection what the environment says of the S3 server, for what lies under `path` alone."""
    if not path.startswith(S3):
        return
    settings = s3_settings()
    options = {
        "KEY_ID": settings.get("access_key_id"), "SECRET": settings.get("secret_access_key"),
        "SESSION_TOKEN": settings.get("session_token"), "REGION": settings.get("region"),
    }  # fmt: skip
    endpoint = settings.get("endpoint", "")
    if endpoint:
        scheme, _, host = endpoint.rpartition("://")
        options |= {"ENDPOINT": host.rstrip("/"), "URL_STYLE": "path"}
    clauses = [f"{key} {quoted(value)}" for key, value in options.items() if value]
    if endpoint:
        clauses.append(f"USE_SSL {str(scheme != 'http').lower()}")
    clauses.append(f"SCOPE {quoted(path)}")
    connection.execute(f"CREATE OR REPLACE SECRET rumortrail_storage (TYPE s3, {', '.join(clauses)})")


def not_written(lake: Lake, error: duckdb.Error) -> DataError:
    """Return the error for a lake that could not be written."""
    if "maximum retry count" in str(error):
        return DataError(f"{lake} was not written: another program committed to it meanwhile. Run again")
    return DataError(f"{lake} was not written: {one_line(error, 300)}")


def quoted(words: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + words.replace("'", "''") + "'"


def _attach(connection: duckdb.DuckDBPyConnection, lake: Lake, name: str, options: str) -> None:
    # The password goes in a secret: what is attached can be asked for its address.
    secret = ""
    if lake.password is not None:
        connection.execute(
            f"CREATE OR REPLACE SECRET rumortrail_lake (TYPE postgres, PASSWORD {quoted(lake.password)})")
        secret = ", META_SECRET 'rumortrail_lake'"
    schema = "" if lake.schema == PUBLISHED else f", METADATA_SCHEMA {quoted(lake.schema)}"
    try:
        connection.execute(f"ATTACH {quoted(str(lake))} AS {name} ({options}{secret}{schema})")
    except duckdb.Error as error:
        raise DataError(f"{lake} cannot be attached: {one_line(error, 300)}") from error
