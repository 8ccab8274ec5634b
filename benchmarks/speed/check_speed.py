"""Measure how long a text takes to be checked: `python -m benchmarks.speed.check_speed HOME [--claims 5000]`.

HOME is a finished demo. Its published copy is copied, and its claims are laid beside themselves, each with
its vectors moved a little, until there are so many: all share their names, so that a text meets as many
candidates as it can. Prints the seconds of the wall and of the processor for each text, the least of
`--times`, with the models loaded.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np

from benchmarks.harness import argument_parser, timed
from pipeline.check.checker import Checker
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.run.interactive import checker

HEADLINE = "Basalt 4 has 95 billion parameters, two people say"
PARAGRAPH = """\
Basalt 4 has 95 billion parameters, two people with knowledge of the model told the Courier on Sunday. It is
not true that Heliotrope Labs trained Marigold 3 on private user chats, the company said last week. Pellucid
Systems will release Driftwood 5 in May, according to an internal roadmap. Corvid AI has raised $400 million
at a valuation of $5 billion, one person said. Meta denied that it trained Llama 4 on test sets."""
NOISE = 0.02  # of a dimension, in which unit vectors have 0.05 on the average


def grown(home: Home, folder: Path, claims: int) -> Home:
    """Return a home in `folder` whose copy has that many claims, made of those of `home`."""
    copy = Home(folder)
    shutil.copy(home.published, copy.published)
    shutil.copy(home.config_file, copy.config_file)
    chance = np.random.default_rng(7)
    with duckdb.connect(str(copy.published)) as connection:
        stored = connection.execute("SELECT * FROM search.vectors").fetchall()
        stored_claims = connection.execute("SELECT count(*) FROM claims").fetchall()[0][0]
        for number in range(1, -(-claims // stored_claims)):
            connection.execute(
                "INSERT INTO claims SELECT * REPLACE (claim_id || $number AS claim_id) FROM claims "
                "ORDER BY rowid LIMIT $own", {"number": f"-{number}", "own": stored_claims})
            moved = [(claim + number * stored_claims, model, words, *_moved(scale, vector, chance))
                     for claim, model, words, scale, vector in stored]
            connection.executemany("INSERT INTO search.vectors VALUES (?, ?, ?, ?, ?)", moved)
    return copy


def _moved(scale: float, vector: bytes, chance: np.random.Generator) -> tuple[float, bytes]:
    values = np.frombuffer(vector, dtype=np.int8) * np.float32(scale)
    values = values + chance.normal(0, NOISE, len(values)).astype(np.float32)
    values /= np.linalg.norm(values)
    step = float(np.abs(values).max()) / 127
    return step, np.rint(values / step).astype(np.int8).tobytes()


def least(work: Callable[[], object], times: int) -> dict[str, float]:
    """Return the least seconds of the wall and of the processor that `work` takes."""
    walls, processors = zip(*(timed(work) for _ in range(times)), strict=True)
    return {"wall_s": round(min(walls), 2), "processor_s": round(min(processors), 2)}


def measured(checking: Checker, times: int) -> dict[str, dict[str, float]]:
    """Return the seconds of each text."""
    texts = {"headline": HEADLINE, "paragraph of 5 statements": PARAGRAPH,
             "article of 40 statements": "\n\n".join([PARAGRAPH] * 8)}
    return {name: least(lambda text=text: checking.check(text), times) for name, text in texts.items()}


def main() -> None:
    """Print the figures as one JSON object."""
    parser = argument_parser(__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--claims", type=int, default=5_000)
    parser.add_argument("--times", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = grown(Home(args.home), Path(folder), args.claims)
        checking = checker(home, Config.load(home.config_file))
        first = least(lambda: checking.check(HEADLINE), 1)
        print(json.dumps({"claims": args.claims, "first, with loading": first,
                          **measured(checking, args.times)}, indent=1))


if __name__ == "__main__":
    main()
