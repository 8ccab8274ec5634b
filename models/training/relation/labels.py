"""Make pairs of readers' labels (`benchmarks/labels`) and the posts that they point into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.stance.model import reading
from models.training.data import passage_in, rows_of
from models.training.relation.data import Pair

FILES = ("ai_posts_2025q1", "raw_reddit", "raw_news", "raw_hackernews", "raw_x", "raw_vendor", "raw_zh")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A claim and a passage in its context, as a reader labelled them; `set` is train, dev or
    final. The claim is a reader's sentence, or one that the pipeline `founded` in the words of a post. The
    story is empty where a reader wrote the claim for a passage.
    """

    claim_id: str
    claim: str
    story: str
    set: str
    id: str
    text: str
    context: str
    label: str
    sure: bool
    language: str
    founded: bool = False

    @property
    def pair(self) -> Pair:
        """Return the pair as the model reads it."""
        model_text = reading(self.claim, self.text, self.context)
        return Pair(self.claim, model_text, (self.label,), "label", self.story)


def items_of(data: Path) -> dict[str, Row]:
    """Return the raw items of a folder by id; the first of several with the same id."""
    items: dict[str, Row] = {}
    for name in FILES:
        for row in rows_of(data / f"{name}.jsonl"):
            items.setdefault(row["id"], row)
    return items


def passage_of(row: Row, items: Mapping[str, Row]) -> tuple[str, str]:
    """Return the words of a labelled span and their context."""
    return passage_in(items[row["id"]], row["part"], row["start"], row["end"], items)


def relations(labels: Path, items: Mapping[str, Row]) -> list[Labelled]:
    """Return the labelled relations in the order of the file."""
    claims = {row["claim_id"]: row for row in rows_of(labels / "claims.jsonl")}
    labelled = []
    for row in rows_of(labels / "relations.jsonl"):
        claim = claims[row["claim_id"]]
        text, context = passage_of(row, items)
        labelled.append(Labelled(
            row["claim_id"], claim_of(claim, items), claim.get("story", ""), claim["set"], row["id"], text,
            context, row["label"], row["sure"], items[row["id"]].get("language") or "en",
            "claim" not in claim))
    return labelled


def claim_of(row: Row, items: Mapping[str, Row]) -> str:
    """Return the sentence of a labelled claim: a reader's words, or those of the span that founded it."""
    return str(row["claim"] if "claim" in row else items[row["id"]][row["part"]][row["start"] : row["end"]])


def founded(labels: Path, items: Mapping[str, Row]) -> Iterable[Pair]:
    """Yield each surely founding passage of the training part beside the claim that a reader wrote of it."""
    for row in rows_of(labels / "foundings.jsonl"):
        if row["founds"] and row["sure"] and row["set"] == "train" and row.get("claim"):
            text, context = passage_of(row, items)
            model_text = reading(row["claim"], text, context)
            yield Pair(row["claim"], model_text, ("supports",), "founding", row["id"])
