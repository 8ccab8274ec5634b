"""Share what benchmarks have in common: command line, data sets, labels, given vectors, clocks."""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.training.data import rows_of

POSTS = "ai_posts_2025q1.jsonl"
CLAIMS = "ai_claims_2025q1.jsonl"


def argument_parser(doc: str | None) -> argparse.ArgumentParser:
    """Return a parser whose help is `doc`; with `--json` a script prints one JSON object on standard output.
    """
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    return parser


def claims_by_post(labels: Path, *, sure: bool) -> dict[str, set[str]]:
    """Return the labelled claims of each post from rows `{claim_id, mentions: [{id, sure}]}`; `sure` keeps
    sure labels only.
    """
    claims: dict[str, set[str]] = defaultdict(set)
    for row in rows_of(labels):
        for mention in row["mentions"]:
            if mention["sure"] or not sure:
                claims[mention["id"]].add(row["claim_id"])
    return claims


def find_chromium() -> str | None:
    """Return the path of Chromium: $RUMORTRAIL_CHROMIUM, else the first on the path. Without one, say so on
    standard error and return None.
    """
    names = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
    chromium = os.environ.get("RUMORTRAIL_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if chromium is None:
        print("no Chromium found: install it, or set RUMORTRAIL_CHROMIUM", file=sys.stderr)
    return chromium


class GivenVectors:
    """An embedder with given vectors for its texts, shape (texts, dimension)."""

    def __init__(self, name: str, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        self.name, self.dimension = name, int(vectors.shape[1])
        self._vectors = dict(zip(texts, vectors, strict=True))

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts, shape (len(texts), dimension)."""
        return np.stack([self._vectors[text] for text in texts])


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Run `work`; return its seconds by the clock and of the processor."""
    start, busy = time.perf_counter(), time.process_time()
    work()
    return round(time.perf_counter() - start, 3), round(time.process_time() - busy, 3)


def processor_seconds() -> float:
    """Return the processor seconds of this process and of the children that it waited for."""
    usages = [resource.getrusage(scope) for scope in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def run_apart(module: str, *arguments: object) -> dict[str, Any]:
    """Run `python -m module` in a process of its own; return the JSON object that its last line is.

    Raises RuntimeError with the module's errors where it fails.
    """
    command = [sys.executable, "-m", module, *map(str, arguments)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode:
        how = f"{' '.join(command)} ended with {finished.returncode}"
        raise RuntimeError(f"{how}:\n{finished.stderr[-2000:]}")
    figures: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
    return figures


def peak_gb() -> float:
    """Return the peak memory of this process."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss starts from the parent process's peak
        (line,) = (line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1e6
    unit = 1e9 if sys.platform == "darwin" else 1e6  # Linux counts in kilobytes, macOS in bytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
