"""Read, compare, pin and write the floors under the figures of `make bench` (`floors.toml`).

A floor belongs to files, which it knows by their SHA-256: a figure on other data is not compared with it.
"""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

# the distance of a floor below its figure; smaller differences come from arithmetic on other processors
TOLERANCE = 0.005
HEADER = (
    "# What `make bench` holds; `python -m benchmarks.quality.bench --help` tells how floors are pinned and "
    "lowered."
    f"\n# A floor is a figure that was seen less {TOLERANCE}. It holds on the files with these SHA-256"
    " alone.\n"
)


@dataclass(frozen=True, slots=True)
class Floors:
    """The floors of one measurement: file names with their SHA-256, and the least of each metric."""

    files: Mapping[str, str]
    least: Mapping[str, float]


class Verdict(StrEnum):
    """The comparison of a figure with its floor."""

    HELD = "held"
    BELOW = "BELOW ITS FLOOR"
    OTHER_DATA = "other data: not compared"
    NO_FLOOR = "no floor yet"


@dataclass(frozen=True, slots=True)
class Line:
    """One figure beside its floor."""

    measurement: str
    metric: str
    figure: float
    floor: float | None
    verdict: Verdict


def digests(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of files in hexadecimal."""
    digest_of = {}
    for name in names:
        with (folder / name).open("rb") as stream:
            digest_of[name] = hashlib.file_digest(stream, "sha256").hexdigest()
    return digest_of


def compare(
    measurement: str, figures: Mapping[str, float], files: Mapping[str, str], floors: Floors | None
) -> list[Line]:
    """Return each figure beside its floor; an unmeasured metric with a floor is NaN and below it."""
    same_files = floors is not None and dict(floors.files) == dict(files)
    lines = []
    for metric in (*figures, *(name for name in (floors.least if floors else ()) if name not in figures)):
        figure = figures.get(metric, math.nan)
        floor = floors.least.get(metric) if floors else None
        if floor is None:
            verdict = Verdict.NO_FLOOR
        elif not same_files:
            verdict = Verdict.OTHER_DATA
        else:
            verdict = Verdict.HELD if figure >= floor else Verdict.BELOW
        lines.append(Line(measurement, metric, figure, floor, verdict))
    return lines


def lowered(floors: Floors, lines: Iterable[Line]) -> Floors:
    """Return the floors, each lowered under its figure where that fell below it; no floor rises."""
    fallen = {
        line.metric: _under(line.figure) for line in lines
        if line.verdict is Verdict.BELOW and not math.isnan(line.figure)
    }
    return replace(floors, least={**floors.least, **fallen})


def raised(figures: Mapping[str, float], files: Mapping[str, str], floors: Floors | None) -> Floors:
    """Return the floors put under today's figures; on the same files none is lowered."""
    old = floors.least if floors and dict(floors.files) == dict(files) else {}
    fresh = {metric: max(_under(figure), old.get(metric, 0.0)) for metric, figure in figures.items()}
    return Floors(dict(files), {**old, **fresh})


def _under(figure: float) -> float:
    return max(0.0, math.floor((figure - TOLERANCE) * 1000 + 1e-9) / 1000)


def read(file: Path) -> dict[str, Floors]:
    """Return the floors by measurement; none where there is no file. Raises ValueError for any other file."""
    if not file.exists():
        return {}
    try:
        tables = tomllib.loads(file.read_text("utf-8"))
        return {
            name: Floors(
                dict(table["files"]), {metric: float(floor) for metric, floor in table["floors"].items()}
            )
            for name, table in tables.items()
        }
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{file} is no file of floors: {error!r}; restore it from the repository") from error


def write(file: Path, floors: Mapping[str, Floors]) -> None:
    """Write all floors, in order of their names."""
    lines = [HEADER]
    for name in sorted(floors):
        lines += [
            f"[{name}.files]",
            *(
                f"{json.dumps(key)} = {json.dumps(value)}"
                for key, value in sorted(floors[name].files.items())
            ),
            "",
        ]
        lines += [
            f"[{name}.floors]",
            *(f"{json.dumps(key)} = {value}" for key, value in sorted(floors[name].least.items())), "",
        ]
    file.write_text("\n".join(lines), "utf-8")
