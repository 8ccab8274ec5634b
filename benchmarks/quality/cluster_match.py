"""Measure claim matching:
`python -m benchmarks.quality.cluster_match CLAIMS QUERIES` (rows as `rumortrail eval match` reads them).
"""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.harness import argument_parser
from models.embedding import embedder
from models.training.data import rows_of
from pipeline.evaluation.clustering import eval_match


def main() -> None:
    """Print the figures of both features together and of each alone."""
    parser = argument_parser(__doc__)
    parser.add_argument("claims", type=Path)
    parser.add_argument("queries", type=Path)
    args = parser.parse_args()
    figures, _ = eval_match(rows_of(args.claims), rows_of(args.queries), embedder.load())
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}, indent=1))


if __name__ == "__main__":
    main()
