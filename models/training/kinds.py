"""Train the model that says of which kind a sentence is; write `models/weights/kinds.json`.

    python -m models.training.kinds LABELS DATA

LABELS is `benchmarks/labels`: `kinds.jsonl` says what readers took sentences of posts, and claims of readers,
to be about. A sentence is learnt as the founder reads it, its kind by the rules beside it; one that the rules
write no more, and a claim, as one that an editor follows. The made-up sentences of `kinds.toml` give examples
of rare kinds. The strength of regularisation is chosen by cross-validation over the items of the training
part; measured on the final part, which shares no item with it. Deterministic; some minutes, and quickest with
OMP_NUM_THREADS=1.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix, f1_score, precision_recall_fscore_support
from sklearn.model_selection import GroupKFold

from models.embedding import embedder as embedding
from models.embedding import retriever
from models.founding.kinds import IDENTITY, KindModel, inputs
from models.founding.model import embeddings
from models.language import load as load_language
from models.onnx import weights
from models.training.data import label_arguments, rows_of
from models.training.founding.plain import Sentences
from models.training.founding.sentences import candidates_of
from models.training.relation.labels import items_of

NAME = "kinds-1"
UNSURE = 0.5  # the weight of a label on which two readers could differ, beside a sure one's of 1
FILLED = 3  # times that a made-up sentence is filled with names, mostly others each time
MADE_UP = 0.3  # the weight of each
INVERSE_REGULARISATIONS = (0.03, 0.06, 0.1, 0.2)  # inverse strengths of L2 to choose from
PARTS = 5

Floats = NDArray[np.float64]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence with its kind by the rules and by a reader; `second` is empty, or would do as well."""

    text: str
    by_rule: str
    kind: str
    second: str
    sure: bool
    set: str
    group: str


def labelled(labels: Path, items: Mapping[str, Row]) -> Iterator[Labelled]:
    """Yield the sentences and claims of `kinds.jsonl`, in its order."""
    rows = rows_of(labels / "kinds.jsonl")
    claims = {row["claim_id"]: row for row in rows_of(labels / "claims.jsonl")}
    spans = {_span(row) for row in rows if "id" in row}
    sentences = [row for row in rows_of(labels / "sentences.jsonl") if _span(row) in spans]
    candidates = {_span(row): candidate for row, candidate in candidates_of(sentences, items)}
    language = load_language()
    for row in rows:
        if "claim_id" in row:
            text, group = claims[row["claim_id"]]["claim"].rstrip("."), row["claim_id"]
            by_rule = language.statement(text, None).kind
        elif (candidate := candidates.get(_span(row))) is not None:
            text, group, by_rule = candidate.claim, row["id"], candidate.kind
        else:
            span = items[row["id"]][row["part"]][row["start"] : row["end"]]
            text, group = " ".join(span.split()).rstrip("."), row["id"]
            by_rule = language.statement(text, None).kind
        yield Labelled(text, by_rule, row["kind"], row.get("second", ""), row["sure"], row["set"], group)


def _span(row: Row) -> tuple[str, str, int, int] | None:
    return (row["id"], row["part"], row["start"], row["end"]) if "id" in row else None


def made_up() -> Iterator[Labelled]:
    """Yield the sentences of `kinds.toml`, filled with invented names."""
    folder = files("models.training")
    names = tomllib.loads(folder.joinpath("founding", "made_up.toml").read_text("utf-8"))["names"]
    language = load_language()
    forms = [(kind, form)
             for kind, forms in tomllib.loads(folder.joinpath("kinds.toml").read_text("utf-8")).items()
             for form in forms]
    for number, (kind, form) in enumerate(forms * FILLED):
        fillers = {slot: words[number % len(words)] for slot, words in names.items()}
        fillers |= {f"{slot}2": names[slot][(number + 1) % len(names[slot])] for slot in ("org", "model")}
        text = form.format_map(fillers)
        yield Labelled(text, language.statement(text, None).kind, kind, "", True, "train", "made up")


def fitted(judged: Sentences, made: Sentences, inverse_regularisation: float) -> LogisticRegression:
    """Return the model of judged and made-up sentences; what a code name is, is left to the rules."""
    learnt = judged.only(np.flatnonzero(judged.labels != IDENTITY))
    return LogisticRegression(C=inverse_regularisation, max_iter=5000).fit(
        np.vstack([learnt.values, made.values]), np.hstack([learnt.labels, made.labels]),
        sample_weight=np.hstack([learnt.counts, made.counts]))


def cross_validated(judged: Sentences, made: Sentences, groups: Sequence[str], inverse_regularisation: float
                    ) -> NDArray[np.str_]:
    """Return what models say of sentences that saw none of the same item."""
    kinds = np.full(len(groups), "", dtype=judged.labels.dtype)
    for training, held_out in GroupKFold(PARTS).split(judged.values, groups=groups):
        model = fitted(judged.only(training), made, inverse_regularisation)
        kinds[held_out] = model.predict(judged.values[held_out])
    return kinds


def measures(rows: Sequence[Labelled], kinds: Sequence[str]) -> dict[str, float]:
    """Return how often the kinds are the readers' first, or first or second, and the mean F1 of kinds."""
    first = [row.kind == kind for row, kind in zip(rows, kinds, strict=True)]
    either = [kind in (row.kind, row.second) for row, kind in zip(rows, kinds, strict=True)]
    labels = sorted({row.kind for row in rows})
    macro = f1_score([row.kind for row in rows], kinds, labels=labels, average="macro", zero_division=0)
    return {"sentences": len(rows), "first": round(float(np.mean(first)), 3),
            "first or second": round(float(np.mean(either)), 3), "macro-F1": round(float(macro), 3)}


def tell(name: str, rows: Sequence[Labelled], kinds: Sequence[str]) -> None:
    """Print the measures of all sentences and of the surely judged ones."""
    sure = [number for number, row in enumerate(rows) if row.sure]
    print(json.dumps({"part": name, **measures(rows, kinds)}), flush=True)
    print(json.dumps({"part": f"{name}, surely judged",
                      **measures([rows[number] for number in sure], [kinds[number] for number in sure])}))


def tell_kinds(rows: Sequence[Labelled], by_rule: Sequence[str], by_model: Sequence[str]) -> None:
    """Print precision and recall of each kind, by the rules and by the model, and what the model mistakes."""
    truth, labels = [row.kind for row in rows], sorted({row.kind for row in rows})
    columns = [precision_recall_fscore_support(truth, kinds, labels=labels, zero_division=0)
               for kinds in (by_rule, by_model)]
    for place, kind in enumerate(labels):
        rules, model = ((column[0][place], column[1][place]) for column in columns)
        print(f"  {kind} ({columns[0][3][place]}): rules {rules[0]:.2f}, {rules[1]:.2f}; "
              f"model {model[0]:.2f}, {model[1]:.2f}")
    labels = sorted({*labels, *by_model})
    table = confusion_matrix(truth, by_model, labels=labels)
    mistakes = [(int(table[row, column]), labels[row], labels[column])
                for row, column in zip(*np.nonzero(table), strict=True) if row != column]
    print("  " + "; ".join(f"{kind} as {said}: {count}"
                           for count, kind, said in sorted(mistakes, reverse=True)[:15]))


def main() -> None:
    """Choose the regularisation, fit, measure on the final part, write the weights."""
    parser = label_arguments(__doc__)
    parser.add_argument("--out", type=Path, default=weights.OWN)
    args = parser.parse_args()
    embedders = embedding.load(), retriever.load().passages
    rows = list(labelled(args.labels, items_of(args.data)))
    rules = sorted({row.by_rule for row in rows})

    def learnt(rows: Sequence[Labelled], weight: float) -> Sentences:
        vectors = embeddings([row.text for row in rows], embedders)
        return Sentences(inputs(vectors, [row.by_rule for row in rows], rules),
                      np.array([row.kind for row in rows]),
                      np.array([weight if row.sure else weight * UNSURE for row in rows]))

    train = [row for row in rows if row.set == "train"]
    final = [row for row in rows if row.set == "final"]
    judged, made = learnt(train, 1.0), learnt(list(made_up()), MADE_UP)
    groups = [row.group for row in train]
    answers = {inverse: cross_validated(judged, made, groups, inverse) for inverse in INVERSE_REGULARISATIONS}
    for inverse, kinds in answers.items():
        tell(f"training, cross-validated, inverse regularisation {inverse}", train, kinds.tolist())
    chosen = max(answers, key=lambda inverse: measures(train, answers[inverse].tolist())["first"])
    model = fitted(judged, made, chosen)
    card = json.dumps({
        "name": NAME, "inverse_regularisation": chosen, "kinds": model.classes_.tolist(), "rules": rules,
        "weights": model.coef_.round(4).tolist(), "bias": model.intercept_.round(4).tolist(),
    }).encode() + b"\n"
    (args.out / "kinds.json").write_bytes(card)
    by_rule = [row.by_rule for row in final]
    by_model = KindModel(card).kinds(embeddings([row.text for row in final], embedders), by_rule)
    tell("final, rules", final, by_rule)
    tell("final, model", final, by_model)
    tell_kinds(final, by_rule, by_model)


if __name__ == "__main__":
    main()
