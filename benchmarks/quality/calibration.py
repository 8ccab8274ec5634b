"""Measure how well the score tells what is true:
`python -m benchmarks.quality.calibration DATA [HOME] [--json]`.

Each thread of DATA/rumoureval_threads.jsonl is a claim: its first post carries it, and each answer is a voice
of its own with the stance that a model gives which has seen no thread of that event. The score of the rules
is compared with what became of the claim, in two ways: among the claims that were settled (true or false),
and among all, where an unverified one counts as not true. Beside the Brier score stand those of the share of
true ones and of a logistic map of the score, both fitted on the other events. With HOME (see `verdicts.py`),
the scores of the matched claims of DATA/ai_claims_2025q1.jsonl that the labels call settled.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import CLAIMS, argument_parser
from benchmarks.quality.verdicts import Stored, compare
from models.protocols.threads import THREAD_STANCES
from models.training.data import rows_of
from pipeline.core.home import Home
from pipeline.core.vocabulary import Certainty, Kind, Platform, Precision, Role, Stance, VoiceKey, VoiceKind
from pipeline.stages.judge.case import Case, Subject
from pipeline.stages.judge.evidence import Item
from pipeline.stages.judge.rules import apply_rules

if TYPE_CHECKING:
    from models.training.threads import ThreadSet

THREADS = "rumoureval_threads.jsonl"
BINS = 4
START = datetime(2014, 1, 1, tzinfo=UTC)
STANCES = {"support": Stance.SUPPORTS, "deny": Stance.DENIES, "query": Stance.QUESTIONS}
SUBJECT = Subject("c", "What the first post says", Kind.OTHER, (), (), None, Precision.UNKNOWN)
SETTLED = {"substantiated": 1.0, "contradicted": 0.0}

Numbers = NDArray[np.float64]


def score_of(stances: Sequence[str]) -> float:
    """Return the rules' score of a thread by the stances of its posts after the first; comments are no
    evidence.
    """
    stances_by_number = [
        (0, Stance.SUPPORTS), *((n, STANCES[name]) for n, name in enumerate(stances, 1) if name in STANCES)
    ]
    items = tuple(_item(number, stance) for number, stance in stances_by_number)
    return apply_rules(Case(SUBJECT, START + timedelta(days=1), items)).score


def _item(number: int, stance: Stance) -> Item:
    return Item(
        claim_id="c",
        evidence_id=f"e{number:04d}",
        document_id=f"d{number}",
        stance=stance,
        at=START + timedelta(seconds=number),
        said=True,
        voice=VoiceKey.of(VoiceKind.SOURCE, str(number)),
        voice_name=f"account {number}",
        independent=True,
        role=Role.COMMUNITY,
        organisation=None,
        by_author=True,
        certainty=Certainty.ASSERTED,
        speech_verb=None,
        quote="",
        numbers=(),
        source=f"account {number}",
        source_id=f"s{number}",
        platform=Platform.OTHER,
        source_role=Role.COMMUNITY,
        source_organisation=None,
        artefact=False,
        gone=False,
        edited=False,
    )


def unseen_stances(data: ThreadSet, groups: NDArray[np.int64]) -> list[list[str]]:
    """Return the stances of each thread's posts by a model of the other events' threads."""
    from models.training.threads import fit_stance

    rows = np.arange(len(data.threads))
    by_thread: dict[int, list[str]] = {}
    for event in sorted(set(groups.tolist())):
        model = fit_stance(data, rows[groups != event], groups)
        for n in rows[groups == event]:
            by_thread[int(n)] = [
                THREAD_STANCES[place] for place in model.shares(data.features[n]).argmax(axis=1)
            ]
    return [by_thread[n] for n in range(len(data.threads))]


def measure(scores: Numbers, true: Numbers, groups: NDArray[np.int64]) -> dict[str, Any]:
    """Return Brier scores, and the share of true ones in each of BINS equal parts of the scores."""
    from sklearn.linear_model import LogisticRegression  # here, since it takes a second to load

    base, mapped = np.zeros(len(true)), np.zeros(len(true))
    for event in set(groups.tolist()):
        inside, outside = groups == event, groups != event
        base[inside] = true[outside].mean()
        mapped[inside] = LogisticRegression(C=1e3).fit(
            scores[outside, None], true[outside]
        ).predict_proba(scores[inside, None])[:, 1]
    return {
        "n": len(true),
        "share_true": round(float(true.mean()), 3),
        "brier": round(brier(scores, true), 4),
        "brier_share": round(brier(base, true), 4),
        "brier_mapped": round(brier(mapped, true), 4),
        "bins": bins(scores, true),
    }


def brier(told: Numbers, true: Numbers) -> float:
    """Return the mean squared distance (Brier 1950)."""
    return float(((told - true) ** 2).mean())


def bins(scores: Numbers, true: Numbers) -> list[dict[str, float]]:
    """Return lowest and highest score, mean, count and share of true ones by bin; equal scores share a bin.
    """
    edges = np.unique(np.quantile(scores, np.linspace(0, 1, BINS + 1)[1:-1]))
    bin_of = np.searchsorted(edges, scores, side="left")
    rows = []
    for number in sorted(set(bin_of.tolist())):
        inside = bin_of == number
        low, high, mean, share = scores[
            inside
        ].min(), scores[inside].max(), scores[inside].mean(), true[inside].mean()
        rows.append({
            key: round(float(value), 3)
            for key, value in {
                "from": low, "to": high, "mean": mean, "n": inside.sum(), "true": share
            }.items()
        })
    return rows


def settled_claims(home: Home, data: Path) -> dict[str, Any]:
    """Return the scores of the matched claims that the labels call settled, and their Brier score."""
    stored = Stored.read(home)
    matches = [
        (compare(label, stored).claim, SETTLED[label["status"]]) for label in rows_of(data / CLAIMS)
        if label["status"] in SETTLED
    ]
    scored = [(float(claim["score"]), true) for claim, true in matches if claim]
    scores, true = (np.asarray(column) for column in zip(*scored, strict=True))
    return {
        "n": len(scored), "share_true": round(float(true.mean()), 3), "brier": round(brier(scores, true), 4),
        "scores": scored,
    }


def main() -> None:
    """Print the figures."""
    from models.training.threads import ThreadSet, events  # here, since it loads scikit-learn

    parser = argument_parser(__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("home", type=Path, nargs="?")
    args = parser.parse_args()
    data = ThreadSet(rows_of(args.data / THREADS))
    groups = events(data.threads)
    scores = np.asarray([score_of(stances[1:]) for stances in unseen_stances(data, groups)])
    true = (data.fates == "true").astype(float)
    settled = np.isin(data.fates, ("true", "false"))
    report = {
        "settled": measure(scores[settled], true[settled], groups[settled]),
        "all": measure(scores, true, groups),
    }
    if args.home:
        report["claims"] = settled_claims(Home(args.home), args.data)
    if args.json:
        print(json.dumps(report))
        return
    for name, figures in report.items():
        print(name, {key: value for key, value in figures.items() if key != "bins"})
        for row in figures.get("bins", ()):
            print("   ", row)


if __name__ == "__main__":
    main()
