"""Make training pairs of the stance model from open data sets, in the formats of `docs/ingest.md`.

A pair allows one label or several: natural-language inference's *neutral* and a thread's *comment* only say
that the text takes no side, so it *reports* or is *unrelated*. The loss sums the probabilities of all allowed
labels.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

from models.stance.cues import ADMISSION, DENIAL, DOUBT, HEARSAY, NEGATION

HELD_OUT = 7  # every seventh story, thread or claim is kept to measure on
NO_SIDE = ("reports", "unrelated")
_THREAD_LABELS = {"support": ("supports",), "deny": ("denies",), "query": ("questions",), "comment": NO_SIDE}
_PLAIN_CUES = (ADMISSION, DENIAL, DOUBT, HEARSAY, NEGATION)


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, a text on it, the allowed labels, the data set, and the group for holding out."""

    claim: str
    text: str
    labels: tuple[str, ...]
    source: str
    group: str

    @property
    def held_out(self) -> bool:
        """Return True if the pair is kept to measure on."""
        return int(hashlib.sha256(self.group.encode()).hexdigest(), 16) % HELD_OUT == 0


def plain(headline: str) -> bool:
    """Return True if a headline states its story without a word of denial, doubt or hearsay."""
    return (
        "?" not in headline and ":" not in headline and not any(cue.search(headline) for cue in _PLAIN_CUES)
    )


def inference_pairs(rows: Iterable[dict[str, Any]]) -> Iterator[Pair]:
    """Yield pairs from rows `{source, claim, text, label}` with the labels supports, denies and neutral."""
    for row in rows:
        labels = NO_SIDE if row["label"] == "neutral" else (row["label"],)
        yield Pair(row["claim"], row["text"], labels, row["source"], row["claim"])


def thread_pairs(threads: Iterable[dict[str, Any]]) -> Iterator[Pair]:
    """Yield each reply of a thread against the thread's first post."""
    for thread in threads:
        root = next((post for post in thread["posts"] if post["in_reply_to"] is None), None)
        if root is None:
            continue
        for post in thread["posts"]:
            if post is not root and post.get("stance") in _THREAD_LABELS:
                yield Pair(
                    root["text"], post["text"], _THREAD_LABELS[post["stance"]], "thread", str(thread["id"])
                )


def article_pairs(rows: Sequence[dict[str, Any]], source: str) -> Iterator[Pair]:
    """Yield pairs from rows `{claim, text, label}` of headlines and articles.

    An article that only discusses its headline may also question it.
    """
    stories = _stories(rows)
    for row, story in zip(rows, stories, strict=True):
        labels = ("reports", "questions") if row["label"] == "reports" else (row["label"],)
        yield Pair(row["claim"], row["text"], labels, source, f"story {story}")


@dataclass(frozen=True, slots=True)
class Story:
    """The headlines of one story by side: `told` say it, `denied` say the opposite, `open` take no side."""

    name: str
    told: tuple[str, ...]
    denied: tuple[str, ...]
    open: tuple[str, ...]


def headline_stories(rows: Sequence[dict[str, Any]]) -> list[Story]:
    """Return the stories with the side of each headline, derived from the articles' labels toward it.

    FNC-1 was made of Emergent (Ferreira & Vlachos 2016): a headline and an article of one story agree where
    both say or both deny the claim, disagree where one denies it, and else the article discusses. So
    agreement and disagreement colour the graph of headlines and articles with two colours, and a headline
    that coloured articles only discuss takes no side.
    """
    edges: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    discussed: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        headline, article = f"h{row['claim']}", f"a{row['text']}"
        if row["label"] == "unrelated":
            continue
        if row["label"] == "reports":
            discussed[headline].add(article)
        else:
            agrees = row["label"] == "supports"
            edges[headline].append((article, agrees))
            edges[article].append((headline, agrees))
    stories: list[Story] = []
    seen: dict[str, tuple[int, int]] = {}  # node -> component, colour
    components: list[list[str]] = []
    for start in sorted(edges):
        if start in seen:
            continue
        number = len(components)
        seen[start], queue = (number, 1), [start]
        for node in queue:
            for other, agrees in edges[node]:
                if other not in seen:
                    seen[other] = (number, seen[node][1] if agrees else -seen[node][1])
                    queue.append(other)
        components.append(queue)
    undecided: dict[int, list[str]] = defaultdict(list)
    for headline, articles in sorted(discussed.items()):
        numbers = {seen[article][0] for article in articles if article in seen}
        if headline not in seen and len(numbers) == 1 and sum(article in seen for article in articles) >= 2:
            undecided[numbers.pop()].append(headline[1:])
    for number, nodes in enumerate(components):
        sides: dict[int, list[str]] = {1: [], -1: []}
        for node in nodes:
            if node.startswith("h"):
                sides[seen[node][1]].append(node[1:])
        # The side with more plain headlines tells the story.
        teller = max(sides, key=lambda side: (sum(map(plain, sides[side])), side))
        stories.append(Story(nodes[0], tuple(sides[teller]), tuple(sides[-teller]), tuple(undecided[number])))
    return stories


def headline_pairs(
    stories: Sequence[Story], groups: dict[str, str], cap: int = 60, seed: int = 7
) -> Iterator[Pair]:
    """Yield plain headlines as claims with other headlines of their story; at most `cap` per story and label.
    """
    chance = random.Random(seed)
    for story in stories:
        claims = [headline for headline in story.told if plain(headline)]
        for texts, labels in (
            (story.told, ("supports",)), (story.denied, ("denies",)), (story.open, ("reports", "questions"))
        ):
            candidates = [(claim, text) for claim, text in product(claims, texts) if claim != text]
            for claim, text in chance.sample(candidates, min(cap, len(candidates))):
                allowed = (
                    labels if labels != ("supports",) or not HEARSAY.search(text) else ("supports", "reports")
                )
                yield Pair(claim, text, allowed, "headline", groups[claim])


def story_groups(rows: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Return the hold-out group of each headline."""
    return {row["claim"]: f"story {story}" for row, story in zip(rows, _stories(rows), strict=True)}


def _stories(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Return the story of each row: the stored one, else that of rows tied by related headlines and articles.
    """
    if rows and "story" in rows[0]:
        return [str(row["story"]) for row in rows]
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for row in rows:
        nodes = [f"h{row['claim']}", *([f"a{row['text']}"] if row["label"] != "unrelated" else [])]
        for left, right in pairwise(nodes):
            parent[root(left)] = root(right)
    return [hashlib.sha256(root(f"h{row['claim']}").encode()).hexdigest()[:12] for row in rows]


_SPACE = re.compile(r"\s+")


def tidy(text: str) -> str:
    """Return a headline without the additions of a feed: "Read more", links, the outlet after a bar."""
    text = re.sub(
        r"(?:Read more|Read more at|via @)\S*.*$|https?://\S+|\s[|]\s.*$|\s-\s[A-Z][\w.& ]{2,30}$", "", text
    )
    return _SPACE.sub(" ", text).strip(" -–—.")
