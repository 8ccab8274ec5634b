"""Count how many pairs of claims in the grey zone are one claim: `python benchmarks/grey_zone.py HOME DATA
[--json]`.

HOME is a home into which DATA/ai_posts_2025q1.jsonl was ingested and processed. A pair is labelled where
posts of both sides stand under labelled claims of DATA/ai_claims_2025q1.jsonl: one, if they share a label.
The pair model was fitted to these labels, so the shares flatter.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import duckdb
from harness import CLAIMS, POSTS, arguments, claims_by_post

from models.training.data import rows_of
from pipeline.core.home import Home

BANDS = ((0.25, 0.30), (0.30, 0.35), (0.35, 0.40), (0.40, 0.45), (0.45, 0.50))


def main() -> None:
    """Print, for each band of scores, the pairs, those that are labelled, and those of them that are one
    claim.
    """
    parser = arguments(__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("data", type=Path)
    given = parser.parse_args()
    labels = claims_by_post(given.data / CLAIMS, sure=False)
    with duckdb.connect(str(Home(given.home).published), read_only=True) as connection:
        pairs = connection.execute("SELECT claim_id, other_id, score FROM grey_pairs").fetchall()
        told = connection.execute(
            "SELECT DISTINCT e.claim_id, d.url FROM evidence AS e JOIN documents AS d USING (document_id)"
        ).fetchall()
    posts = {post["url"]: post["id"] for post in rows_of(given.data / POSTS)}
    of_claim: dict[str, set[str]] = defaultdict(set)
    for claim_id, url in told:
        of_claim[claim_id] |= labels[posts[url]] if url in posts else set()
    rows = []
    for low, high in BANDS:
        band = [(of_claim[one], of_claim[other]) for one, other, score in pairs if low <= score < high]
        labelled = [(one, other) for one, other in band if one and other]
        rows.append({
            "score": f"{low:.2f} to {high:.2f}", "pairs": len(band), "labelled": len(labelled),
            "one": sum(bool(one & other) for one, other in labelled),
        })
    print(json.dumps(rows) if given.json else "\n".join(str(row) for row in rows))


if __name__ == "__main__":
    main()
