"""Measure stories: `python -m benchmarks.quality.stories LABELS DATA [--fit] [--json]`.

LABELS is the folder of `claims.jsonl`, `relations.jsonl` and `foundings.jsonl`, DATA that of the items that
they name. The labelled claims, each with the documents that speak to it, are told to the stage week by week;
B-cubed says whether those of one story came together: `alone`, and `among` the claims that other passages
of the same months found, which are of no labelled story. `final` is to be looked at once.

With `--fit` the weights are fitted on the training stories and printed.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.harness import argument_parser
from models.embedding import embedder as embedding
from models.protocols.language import Language
from models.protocols.vectors import Embedder
from models.training.data import rows_of
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.core.records import Claim, Mention
from pipeline.core.vocabulary import Certainty, Kind, Part, Precision, Role
from pipeline.evaluation.clustering import bcubed
from pipeline.run.models import LazyModels
from pipeline.stages.gather.stories import tell_stories
from pipeline.stages.gather.story_groups import WEIGHTS, Likeness, StoryClaim
from pipeline.store.store import Store

SETS = ("train", "dev", "final")
NIGHT = timedelta(days=7)
NEAR_DAYS = 60  # beyond this distance a pair with a claim of no labelled story says nothing
OTHERS = 0.05  # weight of a pair of two stories; a claim's pairs within its story weigh 1 together


@dataclass(frozen=True)
class Labelled:
    """A claim with its story (None: no labelled one), its set, and its documents with their times."""

    claim_id: str
    claim: str
    story: str | None
    part: str
    documents: dict[str, datetime]

    @property
    def first_at(self) -> datetime:
        """Return when the first document spoke to the claim."""
        return min(self.documents.values())


def labelled(labels: Path, data: Path) -> tuple[list[Labelled], list[Labelled]]:
    """Return the labelled claims with dated items, and the claims that other passages found."""
    related: dict[str, set[str]] = defaultdict(set)
    for row in rows_of(labels / "relations.jsonl"):
        if row["label"] != "unrelated":
            related[row["claim_id"]].add(row["id"])
    founding = [row for row in rows_of(labels / "foundings.jsonl") if row["founds"] and row.get("claim")]
    wanted = {item for items in related.values() for item in items} | {row["id"] for row in founding}
    times = dict(_times(data, wanted))
    claims = [Labelled(row["claim_id"], row["claim"], row["story"], row["set"],
                       {item: times[item] for item in sorted(related[row["claim_id"]]) if item in times})
              for row in rows_of(labels / "claims.jsonl") if "claim" in row and "story" in row]
    spoken = {item for claim in claims for item in claim.documents}
    unlabelled = [Labelled(f"other-{number}", row["claim"], None, row["set"], {row["id"]: times[row["id"]]})
                  for number, row in enumerate(founding) if row["id"] in times and row["id"] not in spoken]
    return [claim for claim in claims if claim.documents], unlabelled


def _times(data: Path, wanted: set[str]) -> Iterator[tuple[str, datetime]]:
    for file in sorted(data.glob("*.jsonl")):
        for row in rows_of(file):
            if row.get("id") in wanted and (published_at := row.get("published_at")):
                yield row["id"], _time(published_at)


def _time(given: str) -> datetime:
    """Return the instant, or the beginning of the day or month that the text gives."""
    try:
        when = datetime.fromisoformat(given)
    except ValueError:
        when = datetime.fromisoformat(f"{given}-01"[: len("2025-01-01")])
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def assigned_stories(
    claims: Sequence[Labelled], language: Language, embedder: Embedder
) -> Iterator[str | None]:
    """Yield the story that the stage puts each claim to, told week by week."""
    vectors = embedder.encode([claim.claim for claim in claims])
    order = sorted(range(len(claims)), key=lambda number: claims[number].first_at)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(":memory:")
        night = claims[order[0]].first_at
        while order:
            night += NIGHT
            arrived = [number for number in order if claims[number].first_at < night]
            order = order[len(arrived):]
            store.append("claims", [_claim(claims[number], language) for number in arrived])
            for number in arrived:
                mentions = [_mention(claims[number], item) for item in claims[number].documents]
                store.append("mentions", mentions)
                store.append("members", [{"mention_id": mention.mention_id, "similarity": 1.0, "how": "near",
                                          "claim_id": claims[number].claim_id, "run_id": "evaluation"}
                                         for mention in mentions])
            store.append("claim_vectors", [
                {"claim_id": claims[number].claim_id, "claim": claims[number].claim, "model": embedder.name,
                 "vector": vectors[number]} for number in arrived])
            tell_stories(store, RunContext("evaluation", night, Home(Path(folder)), Config()), embedder.name)
        assigned = dict(store.execute("SELECT claim_id, story_id FROM store.story_claims"))
        store.close()
    yield from (assigned.get(claim.claim_id) for claim in claims)


def _claim(claim: Labelled, language: Language) -> Claim:
    about = language.statement(claim.claim, claim.first_at)
    return Claim(claim.claim_id, claim.claim, Kind(about.kind), f"{claim.claim_id}:{min(claim.documents)}",
                 about.organisations, about.entities, None, Precision.UNKNOWN, None, claim.first_at,
                 "evaluation")


def _mention(claim: Labelled, item: str) -> Mention:
    at = claim.documents[item]
    return Mention(
        mention_id=f"{claim.claim_id}:{item}", version_id=f"v-{item}", document_id=item, part=Part.TEXT,
        start_char=0, end_char=len(claim.claim), quote=claim.claim, proposition=claim.claim, kind=Kind.OTHER,
        speaker=None, speaker_role=Role.COMMUNITY, speaker_organisation=None, speech_verb=None,
        attributed_to=None, negated=False, certainty=Certainty.ASSERTED, event_at=None,
        event_precision=Precision.UNKNOWN, organisations=(), entities=(), numbers=(), cues=(), said_at=at,
        seen_at=at, model="evaluation", run_id="evaluation")


def measure(claims: Sequence[Labelled], others: Sequence[Labelled], language: Language,
            embedder: Embedder) -> dict[str, dict[str, float]]:
    """Return B-cubed by set, the labelled claims alone and among others."""
    figures: dict[str, dict[str, float]] = {}
    for name, all_claims in (("alone", claims), ("among", [*claims, *others])):
        assigned = assigned_stories(all_claims, language, embedder)
        stories = [story or claim.claim_id for claim, story in zip(all_claims, assigned, strict=True)]
        for part in SETS:
            labels = [claim.story if claim.part == part else None for claim in all_claims]
            # Other labelled stories are no distractors: most are of other months.
            counted = [n for n, claim in enumerate(all_claims) if claim.part == part or claim.story is None]
            precision, recall, f1 = bcubed([stories[n] for n in counted], [labels[n] for n in counted])
            figures[f"{part}, {name}"] = {"claims": len([label for label in labels if label]),
                                          "precision": round(precision, 3), "recall": round(recall, 3),
                                          "f1": round(f1, 3)}
    return figures


def fitted(claims: Sequence[Labelled], others: Sequence[Labelled], language: Language,
           embedder: Embedder) -> dict[str, float]:
    """Return weights and bias fitted on pairs of training claims, and of these with others of their days."""
    training = [claim for claim in (*claims, *others) if claim.part == "train"]
    heard = []
    for claim in training:
        about = language.statement(claim.claim, claim.first_at)
        heard.append(StoryClaim(claim.claim_id, claim.claim, about.entities, about.organisations,
                                claim.first_at, max(claim.documents.values()), tuple(claim.documents),
                                len(claim.documents), None, ()))
    vectors = np.asarray(embedder.encode([claim.claim for claim in training]), dtype=np.float32)
    rows = range(len(training))
    tables = Likeness(heard, vectors).features(rows, rows)
    size = Counter(claim.story for claim in training)
    pairs, same_story, weights = [], [], []
    for a in rows:
        for b in rows[a + 1 :]:
            left, right = training[a], training[b]
            is_near = abs(left.first_at - right.first_at) <= timedelta(days=NEAR_DAYS)
            if left.story is None or (right.story is None and not is_near):
                continue
            pairs.append((a, b))
            same_story.append(left.story == right.story)
            weights.append(1 / (size[left.story] - 1) if same_story[-1] else OTHERS)
    features = np.stack([tables[name][tuple(np.transpose(pairs))] for name in WEIGHTS], axis=1)
    model = LogisticRegression(max_iter=1000).fit(features, same_story, sample_weight=weights)
    learnt: dict[str, Any] = dict(zip(WEIGHTS, model.coef_[0], strict=True)) | {"bias": model.intercept_[0]}
    return {name: round(float(value), 2) for name, value in learnt.items()}


def main() -> None:
    """Print the figures, or the fitted weights."""
    parser = argument_parser(__doc__)
    parser.add_argument("labels", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--fit", action="store_true", help="print weights fitted on the training stories")
    args = parser.parse_args()
    claims, unlabelled = labelled(args.labels, args.data)
    language, embedder = LazyModels(Config().models).language, embedding.load()
    figures: dict[str, Any] = (fitted if args.fit else measure)(claims, unlabelled, language, embedder)
    if args.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(name, value)


if __name__ == "__main__":
    main()
