"""Write judged and made-up sentences anew, in the form that the founding model reads."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any

from models.language import load as load_language
from models.language.wording import stretch
from models.protocols.founding import Candidate
from models.protocols.language import DocumentText, FoundMention
from models.training.data import passage_in

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
    """Return each label with its sentence.

    Left out are sentences that today's rules no longer write, and sentences that nobody wrote in these words:
    those never found a claim.
    """
    labels_by_place = {(row["id"], row["part"], row["start"], row["sha256"]): row for row in labels}
    item_ids = sorted({row["id"] for row in labels})
    language = load_language()
    labelled = []
    readings = language.read(document_of(items[item_id], items) for item_id in item_ids)
    for item_id, reading in zip(item_ids, readings, strict=True):
        for mention in (*reading.mentions, *reading.sentences):
            digest = hashlib.sha256(mention.proposition.encode()).hexdigest()[:16]
            if (row := labels_by_place.pop((item_id, mention.part, mention.start, digest), None)) is not None:
                candidate = _candidate(mention, items[item_id], items)
                if stretch(candidate.claim, candidate.quote) is not None:
                    labelled.append((row, candidate))
    return labelled


def _candidate(mention: FoundMention, item: Row, items: Mapping[str, Row]) -> Candidate:
    quote, context = passage_in(item, mention.part, mention.start, mention.end, items)
    return Candidate(mention.proposition, quote, context, mention.part, mention.kind, mention.negated,
                     mention.certainty, mention.entities)


def made_up() -> Iterator[tuple[bool, Candidate]]:
    """Yield the sentences of `made_up.toml` in all their surroundings, and whether each is good."""
    made = tomllib.loads(files("models.training.founding").joinpath("made_up.toml").read_text("utf-8"))
    names = made["names"]
    number = 0
    for good in (True, False):
        for family in made["good" if good else "bad"]:
            for form in family["say"]:
                for around in made["around"]:
                    number += 1
                    fillers = {slot: words[(number + shift) % len(words)] for slot, words, shift in (
                        *((slot, words, 0) for slot, words in names.items()),
                        ("org2", names["org"], 1), ("model2", names["model"], 1))}
                    claim = form.format_map(fillers)
                    entities = tuple(name for slot, name in fillers.items() if f"{{{slot}}}" in form)
                    quote, context = around["quote"].format(s=claim), around.get("context")
                    yield good, Candidate(claim, quote, context and context.format_map(fillers), "text",
                                          family["kind"], False,
                                          "predicted" if " will " in claim else "asserted", entities)
