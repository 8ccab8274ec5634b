"""The loader of named SQL: a statement is named by the line `-- name: NAME` above it.

`{NAME}` in a statement stands for the statement of that name, which stands above it in the same file, and
`{PACKAGE.FILE.NAME}` for one of another file. (One letter in braces is a class of a regular expression.)
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files


class Statements(Mapping[str, str]):
    """The named statements of `<file>.sql` in a package, read when the first of them is asked for."""

    def __init__(self, package: str, file: str) -> None:
        self.package, self.file = package, file

    def __getitem__(self, name: str) -> str:
        return _load(self.package, self.file)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_load(self.package, self.file))

    def __len__(self) -> int:
        return len(_load(self.package, self.file))


@cache
def _load(package: str, file: str) -> dict[str, str]:
    """Read the statements of one file; what stands above the first name is comment."""
    lines: dict[str, list[str]] = {}
    for line in files(package).joinpath(f"{file}.sql").read_text("utf-8").splitlines():
        if line.startswith("-- name:"):
            lines[line.removeprefix("-- name:").strip()] = []
        elif lines:
            next(reversed(lines.values())).append(line)
    statements: dict[str, str] = {}
    for name, body in lines.items():
        text = "\n".join(body).strip()
        statements[name] = re.sub(r"\{([a-z_.]{2,})\}", lambda part: f"({_named(part[1], statements)})", text)
    return statements


def _named(name: str, statements: Mapping[str, str]) -> str:
    place, _, statement_name = name.rpartition(".")
    package, _, file = place.rpartition(".")
    return (_load(package, file)[statement_name] if place else statements[statement_name]).rstrip(";")
