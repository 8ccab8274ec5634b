"""Write what `rumortrail eval reading` reads from the labels:
`python -m benchmarks.quality.reading DATA OUT [--set final]`.

DATA is the folder of raw posts that `benchmarks/labels` points into. OUT gets `claims.jsonl` (the readers'
claims of the set with at least two documents that surely speak to them), `documents.jsonl` (every labelled
item of these claims, and the posts that these answer) and `pairs.jsonl` (claim and passage, for `rumortrail
eval relation`). Then:

    rumortrail eval reading OUT/claims.jsonl --documents OUT/documents.jsonl --json
    rumortrail eval relation OUT/pairs.jsonl --json
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from models.training.data import rows_of
from models.training.relation.labels import items_of, relations

LABELS = Path(__file__).parents[1] / "labels"
Row = Mapping[str, Any]


def reading_rows(
    labels: Iterable[Row], claims: Mapping[str, Row], items: Mapping[str, Row]
) -> list[dict[str, Any]]:
    """Return the claims with each labelled document's stance, by its surest passage."""
    spoken: dict[str, dict[str, tuple[tuple[bool, bool], str]]] = defaultdict(dict)
    for row in labels:
        rank = (row["label"] != "unrelated", row["sure"])
        surest = spoken[row["claim_id"]].get(row["id"])
        if surest is None or rank > surest[0]:
            spoken[row["claim_id"]][row["id"]] = (rank, row["label"])
    rows = []
    for claim_id, documents in spoken.items():
        sure = [name for name, ((related, certain), _) in documents.items() if related and certain]
        if len(sure) < 2:
            continue
        dated = sorted((items[name]["published_at"] or "", name) for name in sure)
        claim = claims[claim_id]
        rows.append({
            "claim_id": claim_id, "claim": claim["claim"], "status": claim.get("status"),
            "first_id": next((name for time, name in dated if time), None),
            "mentions": [{"id": name, "stance": label, "sure": certain}
                         for name, ((_, certain), label) in sorted(documents.items())],
        })
    return rows


def labelled(data: Path, of_set: str) -> dict[str, Sequence[Row]]:
    """Return the rows of the three files for the claims of a set (train, dev or final), by name."""
    items = items_of(data)
    claims = {row["claim_id"]: row for row in rows_of(LABELS / "claims.jsonl")
              if "claim" in row and row["set"] == of_set}
    labels = [row for row in rows_of(LABELS / "relations.jsonl") if row["claim_id"] in claims]
    pairs = [
        {"id": f"{row.claim_id}|{row.id}", "claim": row.claim, "text": row.text, "context": row.context,
         "label": row.label, "language": row.language}
        for row in relations(LABELS, items) if row.claim_id in claims and row.sure
    ]
    item_ids = {row["id"] for row in labels}
    answered = {str(items[name].get("in_reply_to")) for name in item_ids} & items.keys()
    return {
        "claims": reading_rows(labels, claims, items),
        "pairs": pairs,
        "documents": [items[name] for name in sorted(item_ids | answered)],
    }


def write(rows: Iterable[Row], file: Path) -> None:
    """Write rows as JSON lines."""
    with file.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def main() -> None:
    """Write the three files."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--set", default="final", choices=["train", "dev", "final"])
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for name, rows in labelled(given.data, given.set).items():
        write(rows, given.out / f"{name}.jsonl")
        print(f"{name}: {len(rows)}")


if __name__ == "__main__":
    main()
