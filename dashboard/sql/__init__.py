"""The dashboard's SQL over the published copy, one file a page; a statement is named by the line `-- name: NAME` above it."""

from functools import cache
from importlib.resources import files


@cache
def statements(page: str) -> dict[str, str]:
    """The named statements of `dashboard/sql/<page>.sql`."""
    found: dict[str, list[str]] = {}
    for line in files(__package__).joinpath(f"{page}.sql").read_text("utf-8").splitlines():
        if line.startswith("-- name:"):
            found[line.removeprefix("-- name:").strip()] = []
        else:
            next(reversed(found.values())).append(line)
    return {name: "\n".join(lines).strip() for name, lines in found.items()}
