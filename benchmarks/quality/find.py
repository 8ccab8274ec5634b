"""Measure how well claims are found in posts: `python -m benchmarks.quality.find DATA [--json]`.

`find_labels.jsonl` holds hand labels on 200 sentences of DATA/ai_posts_2025q1.jsonl, by post, part and
character span: 120 drawn at random from posts that name a known model or organisation and 80 from the others,
one sentence a post. A sentence is a claim where it says something checkable about a model or its maker; then
`kind`, `speaker` (a span, "author", or null where nobody is named) and `certainty` list the right answers for
its claims, and `negated` says whether one of them is denied. Half of the posts, by the hash of the id, is
`tune`; `final` was not looked at in tuning.

The posts and those that they answer go through ingest and extract. A sentence counts as found where a mention
overlaps its span; a field is right where every mention there agrees with the labels. Beside these: the share
of surely labelled posts of DATA/ai_claims_2025q1.jsonl that give a mention at all, and posts read in a second
of processor time.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.harness import CLAIMS, POSTS, argument_parser
from models.language import load
from models.protocols.language import Language
from models.training.data import rows_of
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.run.nightly import take_in
from pipeline.stages.extract import extract
from pipeline.store.store import Store

LABELS = Path(__file__).with_name("find_labels.jsonl")
_NOW = datetime(2025, 4, 1, tzinfo=UTC)
_FIELDS = (
    "document_id, part, start_char, end_char, kind, speaker, by_author, speaker_role, negated, certainty, "
    "proposition"
)

Row = Mapping[str, Any]
Figures = dict[str, float]


def wanted(posts: Sequence[Row], ids: set[str]) -> list[Row]:
    """Return the posts with these ids, and those that they answer."""
    parents = {post["in_reply_to"] for post in posts if post["id"] in ids and post.get("in_reply_to")}
    return [post for post in posts if post["id"] in ids | parents]


def mentions_of(posts: Sequence[Row], language: Language) -> tuple[dict[str, list[Row]], float]:
    """Return the mentions that ingest and extract store, by post, and extract's seconds of processor time."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        file = Path(folder) / "posts.jsonl"
        file.write_text("".join(f"{json.dumps(post)}\n" for post in posts), "utf-8")
        take_in(home, Config(), [file], now=_NOW)
        store = Store.open(home.work)
        try:
            start = time.process_time()
            extract(store, RunContext("find", _NOW, home), language)
            seconds = time.process_time() - start
            rows = store.connection.execute(f"SELECT {_FIELDS} FROM store.mentions ORDER BY ALL").fetchall()
        finally:
            store.close()
    by_post: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_post[row[0]].append(dict(zip(_FIELDS.split(", "), row, strict=True)))
    return by_post, seconds


def overlapping_mentions(label: Row, mentions: Sequence[Row]) -> list[Row]:
    """Return the mentions that overlap a labelled sentence."""
    return [
        m for m in mentions
        if m["part"] == label["part"] and m["start_char"] < label["end"] and label["start"] < m["end_char"]
    ]


def same_speaker(label: Row, post: Row, mention: Row) -> bool:
    """Return True if a mention's speaker is one that the label allows.

    A span is met by a name that shares a whole word with it ("DeepSeek researcher" for "the researcher of
    DeepSeek"); a handle of the post's own account also by "author". Where the label has nobody, the mention
    must name nobody.
    """
    for allowed in label["speaker"]:
        if allowed is None or allowed == "author":
            if mention["by_author"] == (allowed == "author") and (
                mention["by_author"] or mention["speaker"] is None
            ):
                return True
            continue
        span = post[label["part"]][allowed[0] : allowed[1]]
        if mention["by_author"] and span.lstrip("@").lower() == str(post["author"]).lower():
            return True
        if _words(span) & _words(mention["speaker"] or ""):
            return True
    return False


def _words(name: str) -> set[str]:
    return {
        word for word in re.findall(r"[\w-]+", name.lower().replace("'s", ""))
        if word not in ("and", "others", "the")
    }


def measure(
    labels: Sequence[Row], posts: Mapping[str, Row], mentions: Mapping[str, Sequence[Row]]
) -> Figures:
    """Return precision, recall and F1 of claims and of negation, and the other fields' accuracy on the claims
    found.
    """
    pairs = [(label, overlapping_mentions(label, mentions.get(label["id"], []))) for label in labels]
    figures = _f1("claim", [(label["claim"], bool(overlapping)) for label, overlapping in pairs])
    matched = [(label, overlapping) for label, overlapping in pairs if label["claim"] and overlapping]
    checks: dict[str, Callable[[Row, Row], bool]] = {
        "kind": lambda label, m: m["kind"] in label["kind"],
        "speaker": lambda label, m: same_speaker(label, posts[label["id"]], m),
        "certainty": lambda label, m: m["certainty"] in label["certainty"],
    }
    for name, right in checks.items():
        figures[f"{name}_accuracy"] = _mean(
            [all(right(label, m) for m in overlapping) for label, overlapping in matched]
        )
    denied = [(label["negated"], any(m["negated"] for m in overlapping)) for label, overlapping in matched]
    return {"sentences": len(labels), "matched": len(matched)} | figures | _f1("negation", denied)


def _f1(name: str, pairs: Sequence[tuple[bool, bool]]) -> Figures:
    """Return precision, recall and F1 of pairs (labelled, found)."""
    both = sum(is_labelled and is_found for is_labelled, is_found in pairs)
    precision = both / max(1, sum(is_found for _, is_found in pairs))
    recall = both / max(1, sum(is_labelled for is_labelled, _ in pairs))
    f1 = 2 * precision * recall / (precision + recall) if both else 0.0
    return {f"{name}_precision": precision, f"{name}_recall": recall, f"{name}_f1": f1}


def _mean(right: Sequence[bool]) -> float:
    return sum(right) / max(1, len(right))


def report(data: Path, language: Language) -> dict[str, Figures]:
    """Return all figures: of `tune`, of `final`, and of the surely labelled posts."""
    posts = rows_of(data / POSTS)
    by_id = {post["id"]: post for post in posts}
    labels = rows_of(LABELS)
    sure = {m["id"] for claim in rows_of(data / CLAIMS) for m in claim["mentions"] if m["sure"]}
    chosen = wanted(posts, sure | {label["id"] for label in labels})
    mentions, seconds = mentions_of(chosen, language)
    figures = {
        half: measure([row for row in labels if row["half"] == half], by_id, mentions)
        for half in ("tune", "final")
    }
    hits = sum(bool(mentions.get(post)) for post in sure)
    figures["posts"] = {
        "surely_labelled": len(sure), "with_a_mention": hits / len(sure), "per_second": len(chosen) / seconds
    }
    return figures


def main() -> None:
    """Print the figures."""
    parser = argument_parser(__doc__)
    parser.add_argument("data", type=Path)
    args = parser.parse_args()
    figures = report(args.data, load())
    if args.json:
        print(json.dumps(figures, indent=1))
        return
    for name, values in figures.items():
        print(name)
        for figure, value in values.items():
            print(f"  {figure:20} {value:.3f}" if isinstance(value, float) else f"  {figure:20} {value}")


if __name__ == "__main__":
    main()
