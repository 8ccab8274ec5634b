"""Measure how far verdicts agree with hand labels:
`python -m benchmarks.quality.verdicts HOME DATA [--json]`.

HOME is a home into which DATA/ai_posts_2025q1.jsonl was ingested and processed. Each claim of
DATA/ai_claims_2025q1.jsonl is matched to the stored claim that most of its posts speak to; of equals, the one
with the larger share of such documents, then the lesser id. Status and earliest post are compared. The text
of a labelled claim never takes part in the matching. Each disagreement is printed with its cause:

    unmatched      none of its posts gives a mention
    not extracted  the posts that would decide give no mention
    apart          they give mentions, but in other claims
    mixed          the verdict rests on documents that the labels have elsewhere or nowhere
    stance         they stand in the claim, with another stance
    rule           they stand in the claim with their stance, and the rules decide otherwise
    order          the earliest post stands in the claim, and another document there counts as earlier
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.harness import CLAIMS, argument_parser
from models.training.data import rows_of
from pipeline.core.home import Home

AGAINST, FOR = frozenset({"denies", "questions"}), frozenset({"supports", "reports"})
# The stances of posts that decide a label's status; for any other status every post counts.
DECIDING = {
    "disputed": AGAINST, "contradicted": AGAINST, "retracted": AGAINST, "corroborated": FOR,
    "substantiated": FOR,
}

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Stored:
    """A home's claims by id, their stances by document, and the claims of each document."""

    claims: dict[str, Row]
    stances: dict[str, dict[str, set[str]]]
    of_document: dict[str, set[str]]

    @classmethod
    def read(cls, home: Home) -> Stored:
        """Read the published copy."""
        with duckdb.connect(str(home.published), read_only=True) as connection:
            result = connection.execute(
                "SELECT claim_id, claim, status, rule, voices, score, first_document_id, evidence_ids FROM "
                "claims"
            )
            names = [column[0] for column in result.description]
            claims: dict[str, dict[str, Any]] = {
                row[0]: dict(zip(names, row, strict=True)) for row in result.fetchall()
            }
            stances: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
            of_document: dict[str, set[str]] = defaultdict(set)
            cited: dict[str, str] = {}
            for claim, document, stance, evidence in connection.execute(
                "SELECT claim_id, document_id, stance, evidence_id FROM evidence"
            ).fetchall():
                stances[claim][document].add(stance)
                of_document[document].add(claim)
                cited[evidence] = document
        for claim_row in claims.values():
            claim_row["rests_on"] = {cited[key] for key in claim_row["evidence_ids"] or () if key in cited}
        return cls(dict(claims), stances, of_document)

    def match(self, documents: set[str]) -> str | None:
        """Return the claim that most of these documents speak to."""
        counts = Counter(claim for document in documents for claim in self.of_document.get(document, ()))
        return min(
            counts, key=lambda claim: (-counts[claim], -counts[claim] / len(self.stances[claim]), claim),
            default=None,
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """One labelled claim beside the stored one; a cause is None where the two agree."""

    claim_id: str
    wanted: str
    claim: Row | None
    held: int
    posts: int
    status_cause: str | None
    first_cause: str | None


def compare(label: Row, stored: Stored) -> Comparison:
    """Return a labelled claim beside its match."""
    labelled = {mention["id"]: mention["stance"] for mention in label["mentions"]}
    match = stored.match(set(labelled))
    claim = stored.claims[match] if match else None
    held = sum(match in stored.of_document.get(document, ()) for document in labelled) if match else 0
    status = (
        None if claim and claim["status"] == label["status"]
        else _status_cause(label, labelled, match, stored)
    )
    first = (
        None if claim and claim["first_document_id"] == label["first_id"]
        else _first_cause(label["first_id"], match, stored)
    )
    return Comparison(label["claim_id"], label["status"], claim, held, len(labelled), status, first)


def _status_cause(label: Row, labelled: Mapping[str, str], match: str | None, stored: Stored) -> str:
    if match is None:
        return "unmatched"
    deciding = DECIDING.get(label["status"], AGAINST | FOR)
    posts = {document for document, stance in labelled.items() if stance in deciding}
    if not any(stored.of_document.get(document) for document in posts):
        return "not extracted"
    in_claim = {document for document in posts if document in stored.stances[match]}
    if not in_claim:
        return "apart"
    if stored.claims[match]["rests_on"] - labelled.keys():
        return "mixed"
    return "rule" if any(stored.stances[match][document] & deciding for document in in_claim) else "stance"


def _first_cause(first: str, match: str | None, stored: Stored) -> str:
    if match is None:
        return "unmatched"
    if not stored.of_document.get(first):
        return "not extracted"
    return "order" if first in stored.stances[match] else "apart"


def figures(found: Sequence[Comparison]) -> dict[str, float]:
    """Return the shares of agreement, and that of the most usual status as the figure to beat."""
    usual = Counter(item.wanted for item in found).most_common(1)[0][1]
    return {
        "n": len(found),
        "status": round(sum(item.status_cause is None for item in found) / len(found), 3),
        "status_usual": round(usual / len(found), 3),
        "first": round(sum(item.first_cause is None for item in found) / len(found), 3),
        "held": round(sum(item.held for item in found) / sum(item.posts for item in found), 3),
    }


def halves(labels: Sequence[Row]) -> dict[str, str]:
    """Return the half of each claim: `tune` where its id begins with q1a (stories of January to
    mid-February), else `final`.
    """
    return {label["claim_id"]: "tune" if label["claim_id"].startswith("q1a") else "final" for label in labels}


def report(home: Home, data: Path) -> tuple[dict[str, dict[str, float]], list[Comparison]]:
    """Return the figures of all claims and of each half, and the comparisons."""
    labels = rows_of(data / CLAIMS)
    stored = Stored.read(home)
    compared = [compare(label, stored) for label in labels]
    half = halves(labels)
    groups = {"all": compared} | {
        name: [item for item in compared if half[item.claim_id] == name] for name in ("tune", "final")
    }
    return {name: figures(group) for name, group in groups.items() if group}, compared


def main() -> None:
    """Print the figures, and a line for each disagreement."""
    parser = argument_parser(__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("data", type=Path)
    args = parser.parse_args()
    measured, compared = report(Home(args.home), args.data)
    if args.json:
        print(json.dumps(measured))
        return
    for name, values in measured.items():
        print(f"{name:6}", "  ".join(f"{key} {value}" for key, value in values.items()))
    for field in ("status_cause", "first_cause"):
        print(field, dict(Counter(
            cause for item in compared if (cause := getattr(item, field))).most_common()))
    for item in (item for item in compared if item.status_cause or item.first_cause):
        verdict = (
            f"{item.claim['status']} by {item.claim['rule']}, {item.claim['claim']}"
            if item.claim else "no claim"
        )
        causes = f"status: {item.status_cause or 'agrees'}; earliest post: {item.first_cause or 'agrees'}"
        print(f"{item.claim_id} {item.wanted} ({item.held}/{item.posts} posts): {causes}; {verdict}")


if __name__ == "__main__":
    main()
