"""Measure quality and throughput: `make bench`, or `python -m benchmarks.quality.bench [DATA]`.

Quality is measured on the data sets in DATA; each figure is compared with its floor
(`benchmarks/quality/floors.toml`). Exit code 1: a figure is below its floor. Data sets that DATA lacks are
passed over, with a message. A floor holds on the very files that it was pinned on.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.harness import POSTS, argument_parser
from benchmarks.quality import floors as pinned
from benchmarks.quality.floors import Line, Verdict
from benchmarks.quality.measures import MEASURES, Bench, Measure
from benchmarks.speed import throughput
from pipeline.core.text import counted

FLOORS = Path(__file__).with_name("floors.toml")
DATA = Path(__file__).parents[3] / "shared" / "data"
COLOURS = {
    Verdict.HELD: "green", Verdict.BELOW: "bold red", Verdict.OTHER_DATA: "yellow", Verdict.NO_FLOOR: "yellow"
}


def options(line: Sequence[str] | None, names: Sequence[str]) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argument_parser(__doc__)
    parser.add_argument(
        "data", type=Path, nargs="?", default=DATA, metavar="DATA", help="the folder of the data sets"
    )
    parser.add_argument(
        "--only", nargs="+", choices=names, metavar="NAME", help="these measurements alone: %(choices)s"
    )
    parser.add_argument("--no-throughput", action="store_true", help="leave the comparison of throughput out")
    pin = parser.add_mutually_exclusive_group()
    pin.add_argument(
        "--lower", action="store_true",
        help="write a lower floor where a figure fell below: a loss that is meant",
    )
    pin.add_argument(
        "--raise", dest="rise", action="store_true",
        help=f"pin floors {pinned.TOLERANCE} below today's figures; on the same data none is lowered",
    )
    return parser.parse_args(line)


def missing(measure: Measure, data: Path) -> list[str]:
    """Return the files that the measurement needs and `data` lacks."""
    return [name for name in measure.files if not (data / name).is_file()]


def table(lines: Iterable[Line]) -> Table:
    """Return a table of the figures with their floors."""
    quality_table = Table("measurement", "metric", title="Quality")
    quality_table.add_column("figure", justify="right")
    quality_table.add_column("floor", justify="right")
    quality_table.add_column("")
    for line in lines:
        figure = "not measured" if math.isnan(line.figure) else f"{line.figure:.4f}"
        floor = "" if line.floor is None else f"{line.floor:.3f}"
        quality_table.add_row(
            line.measurement, line.metric, figure, floor, f"[{COLOURS[line.verdict]}]{line.verdict}[/]"
        )
    return quality_table


def quality(
    given: argparse.Namespace, measures: Sequence[Measure], floors_file: Path, out: Console
) -> tuple[list[Line], list[str]]:
    """Return the figures beside their floors, and the names of skipped measurements; pin floors if asked to.

    Raises ValueError for a broken file of floors.
    """
    bench = Bench(given.data)
    floors = pinned.read(floors_file)
    lines: list[Line] = []
    skipped = []
    for measure in measures:
        if lacks := missing(measure, given.data):
            skipped.append(measure.name)
            out.print(f"[yellow]{measure.name} is skipped[/]: {given.data} has no {', '.join(lacks)}")
            continue
        with out.status(measure.name):
            figures = measure.figures(bench)
        files = pinned.digests(given.data, measure.files)
        floor = floors.get(measure.name)
        compared = pinned.compare(measure.name, figures, files, floor)
        lines += compared
        if given.rise:
            floors[measure.name] = pinned.raised(figures, files, floor)
        elif given.lower and floor:
            floors[measure.name] = pinned.lowered(floor, compared)
    if lines:
        out.print(table(lines))
    if lines and (given.rise or given.lower):
        pinned.write(floors_file, floors)
        out.print(f"{floors_file.name} is written: look at what changed before it is committed.")
    return lines, skipped


def main(
    line: Sequence[str] | None = None, measures: Sequence[Measure] = MEASURES, floors_file: Path = FLOORS
) -> int:
    """Run the command and return the exit code. `measures` and `floors_file` are for tests."""
    args = options(line, [measure.name for measure in measures])
    console = Console(stderr=args.json, width=None if sys.stdout.isatty() else 120)
    chosen = [measure for measure in measures if not args.only or measure.name in args.only]
    lines, skipped = quality(args, chosen, floors_file, console)
    report: dict[str, Any] = {
        "quality": [
            asdict(line) | {"figure": None if math.isnan(line.figure) else line.figure} for line in lines
        ]
    }
    report["skipped"] = skipped
    if not args.no_throughput and not args.only:
        if (args.data / POSTS).is_file():
            report["throughput"] = throughput.compare(args.data / POSTS, console)
        else:
            skipped.append("throughput")
            console.print(f"[yellow]throughput is skipped[/]: {args.data} has no {POSTS}")
    if args.json:
        print(json.dumps(report))
    below = [line for line in lines if line.verdict is Verdict.BELOW]
    if below and not args.lower:
        console.print(
            f"[bold red]{counted(len(below), 'figure')} below the floor.[/] `--lower` writes the lower floor"
            " where the loss is meant."
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
