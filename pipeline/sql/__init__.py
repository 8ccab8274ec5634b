"""The SQL of each stage, one file a stage; a statement is named by the line `-- name: NAME` above it."""

from functools import cache
from importlib.resources import files


@cache
def statements(stage: str) -> dict[str, str]:
    """The named statements of `pipeline/sql/<stage>.sql`; a file without a name line is one statement named ""."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in files(__package__).joinpath(f"{stage}.sql").read_text("utf-8").splitlines():
        if line.startswith("-- name:"):
            name = line.removeprefix("-- name:").strip()
        else:
            found.setdefault(name, []).append(line)
    return {key: "\n".join(lines).strip() for key, lines in found.items()}
