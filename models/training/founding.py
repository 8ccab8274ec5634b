"""Train the model that says which sentences may found a claim; write `models/weights/founding.json`.

    python -m models.training.founding LABELS DATA

LABELS is `benchmarks/labels`: `sentences.jsonl` names sentences that the language model wrote, by place and
SHA-256, and what a reader said of each. The sentences are written anew from the posts of DATA; one that
today's rules do not write any more is left out. Logistic regression over the inputs of `models.founding`;
fitted on the training part, measured on the final one, which shares no document with it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, precision_recall_curve

from models.embedding import embedder as embedding
from models.founding import inputs
from models.language import load as load_language
from models.passage_context import passage_context
from models.protocols import Candidate, DocumentText, FoundMention
from models.stance import model as stance
from models.training.data import rows_of
from models.training.relation.labels import items_of

NAME = "founding-1"
PULL = 0.02  # how little the weights may grow; of 0.005 to 0.3 by cross-validation on the training part
UNSURE = 0.5  # how much a label counts that two readers could give otherwise
ACCOUNTS = frozenset({"x", "reddit", "hackernews"})

Row = Mapping[str, Any]


def document_of(item: Row, items: Mapping[str, Row]) -> DocumentText:
    """Return a raw item as the language model reads it."""
    post = items.get(item.get("in_reply_to") or "", {})
    platform = item["platform"] if item["platform"] in {*ACCOUNTS, "news", "blog"} else "other"
    try:
        published = datetime.fromisoformat(item.get("published_at") or "")
    except ValueError:
        published = None
    return DocumentText(
        item.get("title"), item["text"] or "", platform, "", item.get("author"), None,
        item.get("author") or platform, "press" if platform == "news" else "community", None, published,
        item.get("language"), post.get("text"))


def candidates_of(labels: Sequence[Row], items: Mapping[str, Row]) -> list[tuple[Row, Candidate]]:
    """Return each label with the sentence that it is of."""
    wanted = {(row["id"], row["part"], row["start"], row["sha256"]): row for row in labels}
    names = sorted({row["id"] for row in labels})
    language = load_language()
    found = []
    readings = language.read(document_of(items[name], items) for name in names)
    for name, read in zip(names, readings, strict=True):
        for mention in read.mentions:
            digest = hashlib.sha256(mention.proposition.encode()).hexdigest()[:16]
            if (row := wanted.pop((name, mention.part, mention.start, digest), None)) is not None:
                found.append((row, _candidate(mention, items[name], items)))
    return found


def _candidate(mention: FoundMention, item: Row, items: Mapping[str, Row]) -> Candidate:
    body, inside = item[mention.part], mention.part == "text"
    post = items.get(item.get("in_reply_to") or "", {})
    answered = ". ".join(filter(None, (post.get("title"), post.get("text"))))[:600]
    before = body[max(0, mention.start - 200) : mention.start] if inside else None
    context = passage_context(item.get("title") if inside else None, answered, before)
    return Candidate(mention.proposition, body[mention.start : mention.end], context, mention.part,
                     mention.kind, mention.negated, mention.certainty, mention.entities)


def main() -> None:
    """Fit, measure on the final part, write the weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labels", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "weights" / "founding.json")
    given = parser.parse_args()
    items = items_of(given.data)
    pairs = candidates_of(rows_of(given.labels / "sentences.jsonl"), items)
    rows = [row for row, _ in pairs]
    values = inputs([candidate for _, candidate in pairs], embedding.load(), stance.load())
    good = np.array([row["verdict"] == "good" for row in rows])
    counts = np.array([1.0 if row["sure"] else UNSURE for row in rows])
    train = np.array([row["set"] == "train" for row in rows])
    mean, scale = values[train].mean(axis=0), np.maximum(values[train].std(axis=0), 0.001)
    # The embedding's many directions count together about as much as the few features.
    scale[-384:] *= 3
    model = LogisticRegression(C=PULL, max_iter=5000)
    model.fit((values[train] - mean) / scale, good[train], sample_weight=counts[train])
    shares = model.predict_proba((values - mean) / scale)[:, 1]
    final = ~train & np.array([row["sure"] for row in rows])
    precision, recall, _ = precision_recall_curve(good[final], shares[final])
    told = {f"recall at precision {least}": round(float(recall[precision >= least].max()), 3)
            for least in (0.8, 0.85, 0.9, 0.95)}
    average = round(float(average_precision_score(good[final], shares[final])), 3)
    print(json.dumps({"sentences": len(rows), "trained on": int(train.sum()), "final": int(final.sum()),
                      "average precision": average, **told}))
    for bound in (0.4, 0.5, 0.6, 0.7, 0.8):
        kept = final & (shares >= bound)
        print(f"at {bound}: {kept.sum()} kept, right {good[kept].mean():.3f}, recall "
              f"{(kept & good).sum() / (final & good).sum():.3f}")
    given.out.write_text(json.dumps({
        "name": NAME, "mean": mean.round(5).tolist(), "scale": scale.round(5).tolist(),
        "weights": model.coef_[0].round(5).tolist(), "bias": round(float(model.intercept_[0]), 5),
    }) + "\n", "utf-8")


if __name__ == "__main__":
    main()
