"""What `rumortrail eval threads` measures. No label of the input ever reaches a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.protocols.stance import StanceModel
from models.protocols.threads import THREAD_STANCES, VERACITIES, Thread, ThreadModel, ThreadPost
from pipeline.core.context import Progress, silent
from pipeline.evaluation.rows import ThreadRow
from pipeline.evaluation.stance import label_scores


def eval_threads(
    rows: Sequence[ThreadRow], model: ThreadModel, stance: StanceModel, progress: Progress = silent
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Say where the posts of each thread stand, and what became of its claim.

    Returns threads, posts, stance_accuracy, stance_macro_f1, stance_f1 and the same three of veracity, each
    over what is labelled and absent where nothing is; and the predictions `{id, veracity, posts: [{id,
    stance}]}`.
    """
    predictions: list[dict[str, Any]] = []
    for number, row in enumerate(rows):
        progress("threads", number, len(rows))
        opinion = model.judge(thread_of(row), stance)
        posts = [{"id": post.id, "stance": answer}
                 for post, answer in zip(row.posts, opinion.stances, strict=True)]
        predictions.append({"id": row.id, "veracity": opinion.veracity, "posts": posts})
    progress("threads", len(rows), len(rows))
    stances = [
        (post.stance, answer["stance"])
        for row, prediction in zip(rows, predictions, strict=True)
        for post, answer in zip(row.posts, prediction["posts"], strict=True)
    ]
    fates = [(row.veracity, prediction["veracity"])
             for row, prediction in zip(rows, predictions, strict=True)]
    counts = {"threads": len(rows), "posts": len(stances)}
    scores = _scores("stance", stances, THREAD_STANCES) | _scores("veracity", fates, VERACITIES)
    return counts | scores, predictions


def thread_of(row: ThreadRow) -> Thread:
    """Return the thread as a model sees it: without its labels."""
    parents = [None if post.in_reply_to is None else str(post.in_reply_to) for post in row.posts]
    posts = zip(row.posts, parents, strict=True)
    return Thread(tuple(ThreadPost(str(post.id), parent, post.time, post.text) for post, parent in posts))


def _scores(name: str, pairs: Sequence[tuple[str | None, str]], names: Sequence[str]) -> dict[str, Any]:
    labelled = [(label, answer) for label, answer in pairs if label is not None and label in names]
    if not labelled:
        return {}
    labels, answers = [label for label, _ in labelled], [answer for _, answer in labelled]
    return {f"{name}_{metric}": value for metric, value in label_scores(labels, answers, names).items()}
