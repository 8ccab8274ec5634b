"""Train the model that says which sentences may found a claim; write `models/weights/founding.json`.

    python -m models.training.founding LABELS DATA

LABELS is `benchmarks/labels`: `sentences.jsonl` names sentences that the language model wrote, by place and
SHA-256, and what a reader said of each. The sentences are written anew from the posts of DATA; one that
today's rules do not write any more is left out, and so is one that nobody wrote in these words, which never
founds a claim. Logistic regression over the inputs of `models.founding`; fitted on the training part and the
made-up sentences of `founding.toml`. Cross-validation of the training part says from which probability on a
sentence may found (`[found] sure`); measured on the final part, which shares no document with it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, precision_recall_curve
from sklearn.model_selection import GroupKFold

from models.embedding import embedder as embedding
from models.embedding import retriever
from models.founding.model import Placed, inputs
from models.language import load as load_language
from models.language.wording import stretch
from models.passage_context import passage_context
from models.protocols import Candidate, DocumentText, Embedder, FoundMention
from models.training.data import rows_of
from models.training.relation.labels import items_of

NAME = "founding-5"
PULL = 0.01  # how little the weights may grow; of 0.005 to 0.05 by cross-validation on the training part
DIRECTIONS = 2  # how much the embeddings' many directions count beside the few features; of 1 to 5 likewise
UNSURE = 0.5  # how much a label counts that two readers could give otherwise
MADE_UP = 0.3  # how much a made-up sentence counts; of 0.2 to 0.4 likewise
PARTS = 8
BOUNDS = (0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85)
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
        for mention in (*read.mentions, *read.sentences):
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


def made_up() -> Iterator[tuple[bool, Candidate]]:
    """Yield the sentences of `founding.toml` in all their surroundings, and whether each is good."""
    given = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    names = given["names"]
    surroundings = given["around"]["plain"]
    number = 0
    for good in (True, False):
        for family in given["good" if good else "bad"]:
            for form in family["say"]:
                for around in surroundings:
                    number += 1
                    put = {slot: words[(number + shift) % len(words)] for slot, words, shift in (
                        *((slot, words, 0) for slot, words in names.items()),
                        ("org2", names["org"], 1), ("model2", names["model"], 1))}
                    claim = form.format_map(put)
                    entities = tuple(name for slot, name in put.items() if f"{{{slot}}}" in form)
                    yield good, Candidate(claim, around.format(s=claim), None, "text", family["kind"], False,
                                          "predicted" if " will " in claim else "asserted", entities)


@dataclass(frozen=True, slots=True)
class Sentences:
    """Sentences as arrays, one row each: the model's inputs, the label, how much it counts, the document."""

    values: NDArray[np.float64]
    good: NDArray[np.bool_]
    counts: NDArray[np.float64]
    items: NDArray[np.str_]

    def only(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Sentences:
        """Return these rows."""
        return Sentences(self.values[rows], self.good[rows], self.counts[rows], self.items[rows])


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted model: the odds of a row are `((row - mean) / scale) @ weights + bias`."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float

    def shares(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of each row."""
        odds = ((values - self.mean) / self.scale) @ self.weights + self.bias
        return np.asarray(1 / (1 + np.exp(-odds)))


def fit(judged: Sentences, made: Sentences, width: int) -> Fitted:
    """Return the model of judged and made-up sentences; the last `width` columns are the embeddings."""
    mean, scale = judged.values.mean(axis=0), np.maximum(judged.values.std(axis=0), 0.05)
    scale[-width:] = np.maximum(judged.values[:, -width:].std(axis=0), 0.001) * DIRECTIONS
    model = LogisticRegression(C=PULL, max_iter=5000)
    model.fit((np.vstack([judged.values, made.values]) - mean) / scale, np.hstack([judged.good, made.good]),
              sample_weight=np.hstack([judged.counts, made.counts]))
    return Fitted(mean, scale, model.coef_[0], float(model.intercept_[0]))


def crossed(judged: Sentences, made: Sentences, width: int) -> NDArray[np.float64]:
    """Return the probability of each row by a model that saw no sentence of its document."""
    shares = np.full(len(judged.good), np.nan)
    for learnt, asked in GroupKFold(PARTS).split(judged.values, groups=judged.items):
        shares[asked] = fit(judged.only(learnt), made, width).shares(judged.values[asked])
    return shares


def tell(name: str, judged: Sentences, shares: NDArray[np.float64]) -> None:
    """Print how many of the sentences of a part each bound keeps, and how many of these are good."""
    for which, rows in ((f"{name}, surely judged", judged.counts == 1), (f"{name}, all", judged.counts > 0)):
        good = judged.good[rows]
        precision, recall, _ = precision_recall_curve(good, shares[rows])
        print(json.dumps({
            "part": which, "sentences": int(rows.sum()), "good": round(float(good.mean()), 3),
            "average precision": round(float(average_precision_score(good, shares[rows])), 3),
            **{f"recall at precision {least}": round(float(recall[precision >= least].max()), 3)
               for least in (0.85, 0.9, 0.92, 0.95)}}))
        for bound in BOUNDS:
            kept = rows & (shares >= bound)
            print(f"  at {bound}: {kept.sum()} kept, good {judged.good[kept].mean():.3f}, recall "
                  f"{(kept & judged.good).sum() / good.sum():.3f}")


def sentences(candidates: Sequence[Candidate], good: Sequence[bool], counts: Sequence[float],
              items: Sequence[str], embedders: Sequence[Embedder]) -> Sentences:
    """Return the candidates that stand in their quotations as somebody wrote them."""
    placed: list[Placed | None] = [
        (one, place) if (place := stretch(one.claim, one.quote)) else None for one in candidates]
    rows = np.array([one is not None for one in placed])
    return Sentences(inputs([one for one in placed if one is not None], embedders), np.array(good)[rows],
                     np.array(counts)[rows], np.array(items)[rows])


def main() -> None:
    """Fit, measure by cross-validation and on the final part, write the weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labels", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "weights" / "founding.json")
    given = parser.parse_args()
    embedders = embedding.load(), retriever.load().passages
    width = sum(embedder.dimension for embedder in embedders)
    pairs = candidates_of(rows_of(given.labels / "sentences.jsonl"), items_of(given.data))
    parts = {
        part: sentences([one for row, one in pairs if row["set"] == part],
                        [row["verdict"] == "good" for row, _ in pairs if row["set"] == part],
                        [1.0 if row["sure"] else UNSURE for row, _ in pairs if row["set"] == part],
                        [row["id"] for row, _ in pairs if row["set"] == part], embedders)
        for part in ("train", "final")}
    told = list(made_up())
    made = sentences([one for _, one in told], [good for good, _ in told], [MADE_UP] * len(told),
                     ["made up"] * len(told), embedders)
    model = fit(parts["train"], made, width)
    print(f"{len(pairs)} sentences, {sum(len(part.good) for part in parts.values())} as somebody wrote them")
    tell("training, crossed", parts["train"], crossed(parts["train"], made, width))
    tell("final", parts["final"], model.shares(parts["final"].values))
    given.out.write_text(json.dumps({
        "name": NAME, "mean": model.mean.round(5).tolist(), "scale": model.scale.round(5).tolist(),
        "weights": model.weights.round(5).tolist(), "bias": round(model.bias, 5),
    }) + "\n", "utf-8")


if __name__ == "__main__":
    main()
