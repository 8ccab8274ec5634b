"""Train the model of threads and write it to `models/weights/threads.json`.

    python -m models.training.threads THREADS [--out FILE]

THREADS holds rows `{id, veracity, posts: [{id, in_reply_to, time, text, stance}]}`. Prints figures by
cross-validation over groups of threads whose first posts are nearly the same, and over events. Deterministic.

The stance model has read six sevenths of these threads with their labels, so its opinions on them are too
good. They are therefore weighed on the threads that were held out from it alone, on top of a model of the
other features.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from models.embedding import retriever
from models.protocols.stance import STANCE_LABELS
from models.protocols.threads import THREAD_STANCES, VERACITIES, Thread, ThreadPost
from models.stance import model as stance
from models.stance.thread_features import (
    POST_FEATURES,
    THREAD_FEATURES,
    post_features,
    source_of,
    thread_features,
)
from models.stance.threads import MultinomialLogistic, pairs
from models.training.data import rows_of
from models.training.relation.data import Pair

NAME = "threads-1"
FOLDS = 5
# Exponents that raise rare labels: 0 favours accuracy, 1 the recall of denials. They and the strengths below
# were chosen by cross-validation on these threads, so that macro-F1 rises before accuracy falls.
RARE, RARE_FATE = 0.3, 0.5
POSTS, OPINIONS, FATES = 0.02, 0.5, 0.02  # how freely the weights may grow: the inverse strength of L2
ALIKE = 0.35  # TF-IDF cosine from which two first posts tell one rumour
PAUSE = 3 * 86400.0  # seconds without a new thread between two events
TOLD = len(STANCE_LABELS)  # the first features are the stance model's


def thread_of(row: dict[str, Any]) -> Thread:
    """Return the thread of a row, without its labels."""
    posts = (
        ThreadPost(
            str(p["id"]), None if p["in_reply_to"] is None else str(p["in_reply_to"]), p["time"], p["text"]
        )
        for p in row["posts"]
    )
    return Thread(tuple(posts))


def rumours(threads: Sequence[Thread]) -> NDArray[np.int64]:
    """Return the group of each thread; similar first posts tie threads together."""
    vectors = TfidfVectorizer(sublinear_tf=True, stop_words="english").fit_transform(
        [source_of(thread).text for thread in threads]
    )
    return np.asarray(connected_components(vectors @ vectors.T > ALIKE)[1], dtype=np.int64)


def events(threads: Sequence[Thread]) -> NDArray[np.int64]:
    """Return the event of each thread; a long pause between first posts separates events."""
    times = np.asarray([source_of(thread).time or 0.0 for thread in threads])
    order = np.argsort(times, kind="stable")
    event_numbers = np.zeros(len(threads), dtype=np.int64)
    event_numbers[order[1:]] = np.cumsum(np.diff(times[order]) > PAUSE)
    return event_numbers


def fit(
    features: NDArray[np.float64], labels: NDArray[np.str_], answers: Sequence[str], freedom: float,
    rare: float = 0.0,
) -> MultinomialLogistic:
    """Return a logistic model over raw features; `rare` is the exponent that raises rare labels."""
    scale = StandardScaler().fit(features)
    fitted = LogisticRegression(C=freedom, max_iter=1000).fit(scale.transform(features), labels)
    order = [list(fitted.classes_).index(answer) for answer in answers]
    weights = fitted.coef_[order] / scale.scale_
    share = np.asarray([np.mean(labels == answer) for answer in answers])
    return MultinomialLogistic(
        tuple(answers), weights, fitted.intercept_[order] - weights @ scale.mean_ - rare * np.log(share)
    )


class ThreadSet:
    """The threads with their features and labels, and which of them the stance model has not read."""

    def __init__(self, rows: Sequence[dict[str, Any]]) -> None:
        self.threads = [thread_of(row) for row in rows]
        model = stance.load(retriever.load())
        self.features = [post_features(thread, model.read(pairs(thread))) for thread in self.threads]
        self.stances = [np.asarray([post["stance"] for post in row["posts"]]) for row in rows]
        self.fates = np.asarray([row["veracity"] for row in rows])
        self.unread = np.asarray([Pair("", "", (), "thread", str(row["id"])).held_out for row in rows])


def fit_stance(data: ThreadSet, chosen: NDArray[np.int64], groups: NDArray[np.int64]) -> MultinomialLogistic:
    """Return the posts' model, fitted on the chosen threads.

    The stance model's opinions are fitted on the threads that it has not read, the other features on all of
    them.
    """
    plain = fit(_posts(data.features, chosen)[:, TOLD:], _posts(data.stances, chosen), THREAD_STANCES, POSTS)
    stacked, labels = [], []
    for train, test in _folds(chosen, groups):
        if (test := test[data.unread[test]]).size:
            partial = fit(
                _posts(data.features, train)[:, TOLD:], _posts(data.stances, train), THREAD_STANCES, POSTS
            )
            features = _posts(data.features, test)
            stacked.append(np.hstack([features[:, :TOLD],
                                      features[:, TOLD:] @ partial.weights.T + partial.bias]))
            labels.append(_posts(data.stances, test))
    upper = fit(np.concatenate(stacked), np.concatenate(labels), THREAD_STANCES, OPINIONS, RARE)
    stance_weights, scores = upper.weights[:, :TOLD], upper.weights[:, TOLD:]
    return MultinomialLogistic(
        THREAD_STANCES, np.hstack([stance_weights, scores @ plain.weights]), upper.bias + scores @ plain.bias
    )


def fit_fate(data: ThreadSet, chosen: NDArray[np.int64], groups: NDArray[np.int64]) -> MultinomialLogistic:
    """Return the threads' model, fitted on the chosen threads with their posts judged by a model that has not
    read them.
    """
    features, labels = [], []
    for train, test in _folds(chosen, groups):
        posts = fit_stance(data, train, groups)
        features += [
            thread_features(data.threads[n], data.features[n], posts.shares(data.features[n])) for n in test
        ]
        labels += [data.fates[n] for n in test]
    return fit(np.stack(features), np.asarray(labels), VERACITIES, FATES, RARE_FATE)


def measure(data: ThreadSet, groups: NDArray[np.int64]) -> dict[str, float]:
    """Return figures by cross-validation over groups, beside those of the most frequent label in training.

    Posts are measured on the threads that the stance model has not read, veracity on all and on those.
    """
    results: dict[str, list[NDArray[Any]]] = {
        name: [] for name in ("post", "post_told", "fate", "fate_told", "usual", "unread")
    }
    for chosen, test in _folds(np.arange(len(data.threads)), groups):
        posts, fate = fit_stance(data, chosen, groups), fit_fate(data, chosen, groups)
        shares = [posts.shares(data.features[n]) for n in test]
        rows = np.stack([
            thread_features(data.threads[n], data.features[n], share)
            for n, share in zip(test, shares, strict=True)
        ])
        for n, share in zip(test, shares, strict=True):
            if data.unread[n]:
                results["post"].append(np.asarray(THREAD_STANCES)[share.argmax(axis=1)])
                results["post_told"].append(data.stances[n])
        results["unread"].append(data.unread[test])
        results["fate"].append(np.asarray(VERACITIES)[fate.shares(rows).argmax(axis=1)])
        results["fate_told"].append(data.fates[test])
        names, counts = np.unique(data.fates[chosen], return_counts=True)
        results["usual"].append(np.full(len(test), names[counts.argmax()]))
    predicted_posts, true_posts, predicted_fates, true_fates, usual_fates, unread = (
        np.concatenate(results[name]) for name in results
    )
    stance_f1 = f1_score(true_posts, predicted_posts, labels=THREAD_STANCES, average=None)
    return {
        "posts": len(predicted_posts), "post_accuracy": accuracy_score(true_posts, predicted_posts),
        "post_macro_f1": f1_score(true_posts, predicted_posts, average="macro"),
        **{f"post_f1_{name}": score for name, score in zip(THREAD_STANCES, stance_f1, strict=True)},
        "veracity_accuracy": accuracy_score(true_fates, predicted_fates),
        "veracity_macro_f1": f1_score(true_fates, predicted_fates, average="macro"),
        "unread_veracity_accuracy": accuracy_score(true_fates[unread], predicted_fates[unread]),
        "unread_always_usual_accuracy": accuracy_score(true_fates[unread], usual_fates[unread]),
        "always_usual_accuracy": accuracy_score(true_fates, usual_fates),
        "always_usual_macro_f1": f1_score(true_fates, usual_fates, average="macro"),
    }


def _folds(
    chosen: NDArray[np.int64], groups: NDArray[np.int64]
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    folds = min(FOLDS, len(set(groups[chosen].tolist())))
    return [
        (chosen[train], chosen[test])
        for train, test in GroupKFold(folds).split(chosen, groups=groups[chosen])
    ]


def _posts(parts: Sequence[NDArray[Any]], chosen: NDArray[np.int64]) -> NDArray[Any]:
    return np.concatenate([parts[n] for n in chosen])


def main() -> None:
    """Measure, train on all threads, write the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("threads", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "weights" / "threads.json")
    args = parser.parse_args()
    data = ThreadSet(rows_of(args.threads))
    groups = rumours(data.threads)
    for name, fold_groups in (("rumours", groups), ("events", events(data.threads))):
        figures = {key: round(float(value), 3) for key, value in measure(data, fold_groups).items()}
        print(json.dumps({"folds of": name, "groups": int(fold_groups.max()) + 1} | figures))
    all_rows = np.arange(len(data.threads))
    card = {
        "name": NAME,
        "stance": _written(fit_stance(data, all_rows, groups), POST_FEATURES),
        "veracity": _written(fit_fate(data, all_rows, groups), THREAD_FEATURES),
    }
    args.out.write_text(json.dumps(card, indent=1) + "\n", "utf-8")


def _written(model: MultinomialLogistic, features: Sequence[str]) -> dict[str, Any]:
    rows = [[round(float(value), 4) for value in row] for row in model.weights]
    return {
        "answers": model.answers, "signs": features, "weights": rows,
        "bias": [round(float(value), 4) for value in model.bias],
    }


if __name__ == "__main__":
    main()
