"""The dashboard's SQL over the published copy, one file a page; a statement is named by the line `-- name: NAME` above it.

`{NAME}` in a statement stands for the statement of that name, which stands above it in the same file. (One letter in braces
is a class of a regular expression.)
"""

import re
from functools import cache
from importlib.resources import files


@cache
def statements(page: str) -> dict[str, str]:
    """The named statements of `dashboard/sql/<page>.sql`."""
    lines: dict[str, list[str]] = {}
    for line in files(__package__).joinpath(f"{page}.sql").read_text("utf-8").splitlines():
        if line.startswith("-- name:"):
            lines[line.removeprefix("-- name:").strip()] = []
        else:
            next(reversed(lines.values())).append(line)
    found: dict[str, str] = {}
    for name, body in lines.items():
        found[name] = re.sub(r"\{([a-z]{2,})\}", lambda part: f"({found[part[1]]})", "\n".join(body).strip())
    return found
