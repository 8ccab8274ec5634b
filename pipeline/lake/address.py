"""The address of a lake, `ducklake:postgres:...`, which may hold a password that nobody is shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.core.errors import ConfigError

SCHEME = "ducklake:postgres:"
PUBLISHED = "public"
"""The schema of PostgreSQL that holds the catalogue of the published lake, where DuckLake looks by itself."""
HOME = "rumortrail_home"
"""The schema that holds the catalogue of a home that was moved: readers of the lake need no right to it."""


@dataclass(frozen=True, slots=True)
class Lake:
    """A lake: the catalogue's database without a password, its password, and the schema of the catalogue."""

    database: str
    password: str | None = field(default=None, repr=False)
    schema: str = PUBLISHED

    def __str__(self) -> str:
        return f"{SCHEME}{self.database}"


def read_address(address: str, schema: str = PUBLISHED) -> Lake:
    """Return the lake at `address`: `ducklake:postgres:` and what libpq takes, which is words like
    `dbname=news host=db user=desk`, or `postgresql://desk@db/news`.

    A password that is not in it is looked for where libpq looks: PGPASSWORD, or the file of PGPASSFILE.
    Raises ConfigError, which shows nothing of an address that cannot be read.
    """
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    try:
        settings = conninfo_to_dict(address.removeprefix(SCHEME))
    except ProgrammingError:
        settings = {}
    if not address.startswith(SCHEME) or not settings.get("dbname"):
        raise ConfigError(
            f"the address of a lake is {SCHEME} and a database of PostgreSQL with its name, for example"
            f" {SCHEME}dbname=news host=db.example user=desk (docs/lake.md)"
        )
    password = settings.pop("password", None)
    return Lake(make_conninfo("", **settings), None if password is None else str(password), schema)
