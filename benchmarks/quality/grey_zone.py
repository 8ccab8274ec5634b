"""Count how many pairs of claims in the grey zone are one claim:
`python -m benchmarks.quality.grey_zone HOME DATA [--json]`.

HOME is a home into which DATA/ai_posts_2025q1.jsonl was ingested and processed. A pair is labelled where
posts of both sides stand under labelled claims of DATA/ai_claims_2025q1.jsonl: one, if they share a label.
The pair model was fitted to these labels, so the shares flatter.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import duckdb

from benchmarks.harness import CLAIMS, POSTS, argument_parser, claims_by_post
from models.training.data import rows_of
from pipeline.core.home import Home

BANDS = ((0.25, 0.30), (0.30, 0.35), (0.35, 0.40), (0.40, 0.45), (0.45, 0.50))


def main() -> None:
    """Print, for each band of scores, the pairs, those that are labelled, and those of them that are one
    claim.
    """
    parser = argument_parser(__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("data", type=Path)
    args = parser.parse_args()
    labels = claims_by_post(args.data / CLAIMS, sure=False)
    with duckdb.connect(str(Home(args.home).published), read_only=True) as connection:
        pairs = connection.execute("SELECT claim_id, other_id, score FROM grey_pairs").fetchall()
        evidence = connection.execute(
            "SELECT DISTINCT e.claim_id, d.url FROM evidence AS e JOIN documents AS d USING (document_id)"
        ).fetchall()
    posts = {post["url"]: post["id"] for post in rows_of(args.data / POSTS)}
    of_claim: dict[str, set[str]] = defaultdict(set)
    for claim_id, url in evidence:
        of_claim[claim_id] |= labels[posts[url]] if url in posts else set()
    rows = []
    for low, high in BANDS:
        band = [(of_claim[left], of_claim[right]) for left, right, score in pairs if low <= score < high]
        labelled = [(left, right) for left, right in band if left and right]
        rows.append({
            "score": f"{low:.2f} to {high:.2f}", "pairs": len(band), "labelled": len(labelled),
            "one": sum(bool(left & right) for left, right in labelled),
        })
    print(json.dumps(rows) if args.json else "\n".join(str(row) for row in rows))


if __name__ == "__main__":
    main()
