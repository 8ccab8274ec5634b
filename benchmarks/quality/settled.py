"""Draw settled claims to be read beside their evidence:
`python -m benchmarks.quality.settled HOME [--seed 11]`.

HOME is a home that was processed. All *contradicted* claims are drawn, and of the *substantiated* and
*corroborated* ones as many as are wanted, at random by the seed. A reader says of each whether the verdict
holds from these sources: whether what moved it is about this claim, on the side that it is said to be, by the
voice and role that it is said to be, independent, and says the thing itself (docs/benchmarks.md, Verdicts).
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipeline.core.home import Home

SETTLED = """
SELECT v.claim_id, v.status, v.rule, v.reason, v.evidence_ids, c.kind, c.claim
FROM store.verdicts AS v
JOIN store.judged AS j USING (claim_id, judged_at)
JOIN store.claims AS c USING (claim_id)
QUALIFY row_number() OVER (PARTITION BY v.claim_id ORDER BY v.step DESC) = 1
ORDER BY v.claim_id
"""
EVIDENCE = """
SELECT k.evidence_id, k.stance, k.role, k.voice, k.independent, m.certainty, s.name, m.said_at, m.quote
FROM store.knowledge AS k
JOIN store.mentions AS m USING (mention_id)
JOIN store.documents AS d USING (document_id)
JOIN store.sources AS s USING (source_id)
WHERE k.claim_id = ? AND k.present
QUALIFY row_number() OVER (PARTITION BY k.evidence_id ORDER BY k.known_at DESC) = 1
ORDER BY m.said_at, k.evidence_id
"""
Row = tuple[Any, ...]


def drawn(rows: Sequence[Row], seed: int, wanted: int) -> list[Row]:
    """Return all contradicted claims, filled up to `wanted` with other settled claims."""
    contradicted = [row for row in rows if row[1] == "contradicted"]
    confirmed = [row for row in rows if row[1] in ("substantiated", "corroborated")]
    random.Random(seed).shuffle(confirmed)
    return contradicted + confirmed[: max(0, wanted - len(contradicted))]


def main() -> None:
    """Print the claims with their evidence; what the verdict rests on is marked with a star."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("home", type=Path)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--n", type=int, default=40)
    args = parser.parse_args()
    with duckdb.connect(str(Home(args.home).work), read_only=True) as connection:
        rows = connection.execute(SETTLED).fetchall()
        for claim_id, status, rule, reason, rests_on, kind, claim in drawn(rows, args.seed, args.n):
            print(f"\n{status} ({rule}) [{kind}] {claim}\n    {reason}")
            for evidence_id, *cells in connection.execute(EVIDENCE, [claim_id]).fetchall():
                mark = "*" if evidence_id in rests_on else " "
                print(f"  {mark} " + " | ".join(" ".join(str(value).split()) for value in cells))


if __name__ == "__main__":
    main()
