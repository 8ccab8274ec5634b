"""Count the minimal pairs that would be melted:
`python -m benchmarks.quality.minimal_pairs [--count N] [--show]`.

A minimal pair is two sentences that differ in one detail, a version, a number, a unit, a date, a name or a
negation, and so are two claims. Each pair is put to clustering as two mentions, and to joining as two claims.
`--show` prints the pairs that are melted.
"""

from __future__ import annotations

import json
import random
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import numpy as np

from benchmarks.harness import argument_parser
from models.claim_similarity import PairModel, Profiles, Rarity
from models.protocols.language import DocumentText, FoundMention, Language
from models.protocols.vectors import Embedder
from pipeline.core.config import Config
from pipeline.core.vocabulary import Certainty, Kind, Precision
from pipeline.run.models import LazyModels
from pipeline.stages.cluster.average_link import group
from pipeline.stages.cluster.nodes import ComparedMention, Known, Nodes
from pipeline.stages.cluster.scores import affinity
from pipeline.stages.gather.joining import same_details

SEED = 7
SAID = datetime(2026, 3, 2, 9, tzinfo=UTC)
DETAILS = ("version", "number", "unit", "date", "name", "negation")

_PARTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
FAMILIES = [(family["maker"], family["name"], family["versions"]) for family in _PARTS["family"]]
PEOPLE, BENCHMARKS, PLACES = _PARTS["people"], _PARTS["benchmarks"], _PARTS["places"]
TIMES, UNITS = _PARTS["times"], _PARTS["units"]
SENTENCES, AFFIRMED = _PARTS["sentences"], _PARTS["affirmed"]
NEGATIONS = (" not", " never")
NAMED = ("maker", "benchmark", "person", "place", "other")


@dataclass(frozen=True, slots=True)
class MinimalPair:
    """Two sentences that differ in one detail."""

    detail: str
    left: str
    right: str


def pairs(count: int, seed: int = SEED) -> Iterator[MinimalPair]:
    """Yield pairs, the six details in turn, none twice."""
    draw = random.Random(seed)
    drawn: set[tuple[str, str]] = set()
    while len(drawn) < count:
        detail = DETAILS[len(drawn) % len(DETAILS)]
        pair = _pair(draw, detail)
        if pair is not None and (pair.left, pair.right) not in drawn:
            drawn.add((pair.left, pair.right))
            yield pair


def _pair(draw: random.Random, detail: str) -> MinimalPair | None:
    sentence = draw.choice([choice for choice in SENTENCES if _fits(choice, detail)])
    left, family = _filled(draw)
    right = dict(left)
    if detail == "version":
        right["model"] = family[1] + draw.choice(
            [choice for choice in family[2] if family[1] + choice != left["model"]]
        )
    elif detail == "number":
        right["number"] = _other_number(draw, left["number"])
    elif detail == "unit":
        left["amount"], right["amount"] = draw.sample(draw.choice(UNITS), 2)
    elif detail == "date":
        left["time"], right["time"] = draw.sample(draw.choice(TIMES), 2)
    elif detail == "name":
        slots = [slot for slot in NAMED if f"{{{slot}}}" in sentence]
        slot = draw.choice(slots)
        right[slot] = draw.choice([choice for choice in _choices(slot) if choice not in left.values()])
        if {"maker", "place"} <= set(slots) and right["maker"] == right["place"]:
            return None
    else:
        right["not"] = draw.choice(NEGATIONS)
    return MinimalPair(detail, _written(sentence, left), _written(sentence, right))


def _fits(sentence: str, detail: str) -> bool:
    wanted = {
        "version": ("{model}",),
        "number": ("{number}", "{amount}"),
        "unit": ("{amount}",),
        "date": ("{time}",),
        "negation": ("{not}",),
    }
    if detail == "name":  # the speaker is no part of the claim
        return any(f"{{{slot}}}" in sentence for slot in NAMED) and " says " not in sentence
    return any(slot in sentence for slot in wanted[detail])


def _choices(slot: str) -> Sequence[str]:
    return {
        "maker": tuple(dict.fromkeys(maker for maker, _, _ in FAMILIES)),
        "benchmark": BENCHMARKS,
        "person": PEOPLE,
        "place": PLACES,
        "other": tuple(name + versions[0] for _, name, versions in FAMILIES),
    }[slot]


def _filled(draw: random.Random) -> tuple[dict[str, str], tuple[str, str, Sequence[str]]]:
    family = draw.choice(FAMILIES)
    number = draw.choice(
        [str(draw.randint(2, 20)), str(draw.randint(21, 99)), f"{draw.randint(1, 9)}.{draw.randint(1, 9)}"]
    )
    place = draw.choice([choice for choice in PLACES if choice != family[0]])
    return {
        "maker": family[0],
        "model": family[1] + draw.choice(family[2]),
        "number": number,
        "place": place,
        "time": draw.choice(draw.choice(TIMES)),
        "person": draw.choice(PEOPLE),
        "benchmark": draw.choice(BENCHMARKS),
        "other": draw.choice([choice for choice in _choices("other") if not choice.startswith(family[1])]),
        "amount": draw.choice(draw.choice(UNITS)),
        "not": "",
    }, family


def _other_number(draw: random.Random, number: str) -> str:
    """Return another number, near or twice as large, with as many decimals."""
    value = float(number)
    step = 0.1 if "." in number else 1
    changed = draw.choice((value + step, value + 2 * step, value - step, value * 2, value + 10 * step))
    return f"{changed:.1f}" if "." in number else str(int(changed))


def _written(sentence: str, values: dict[str, str]) -> str:
    text = sentence.replace("{amount}", values["amount"]).format_map(values)
    for helped, plain in AFFIRMED:
        helper, verb = helped.split()
        text = text.replace(helped, plain).replace(f"{helper} never {verb}", f"never {plain}")
    return f"{text}."


def clustered(language: Language, embedder: Embedder, made: Sequence[MinimalPair]) -> tuple[list[int], int]:
    """Return the numbers of the pairs that clustering melts, and how many pairs extract reads in full.

    Clustering gets each sentence as it stands, and as extract reads it from a post.
    """
    sentences = list(dict.fromkeys(text for pair in made for text in (pair.left, pair.right)))
    posts = [
        DocumentText(None, text, "x", "x.com", "someone", None, "someone", "community", None, SAID)
        for text in sentences
    ]
    readings = dict(zip(sentences, language.read(posts), strict=True))
    said_of = {text: [_stated(language, text), *map(_said, readings[text].mentions)] for text in sentences}
    model = PairModel.load()
    all_said = [saying for of_text in said_of.values() for saying in of_text]
    profiles = profiles_of(model, embedder, all_said)
    rows = {id(saying): row for row, saying in enumerate(all_said)}
    rarity = Rarity(len(all_said), Counter(word for words in profiles.words for word in set(words)))
    same = Config().cluster.same

    def one_claim(left: ComparedMention, right: ComparedMention) -> bool:
        nodes = Nodes(Known([], {}), [left, right])
        pair_profiles = profiles.take([rows[id(left)], rows[id(right)]])
        scores = affinity(model, nodes, pair_profiles, profiles.take([]), [], rarity, same)
        # A denial stands in the claim that it denies, on the other side.
        return (
            len(group(nodes.weights, scores, same, may_join=nodes.may_join).groups) == 1
            and left.negated == right.negated
        )

    melted = [
        number
        for number, pair in enumerate(made)
        if any(one_claim(a, b) for a, b in zip_pairs(said_of[pair.left], said_of[pair.right]))
    ]
    return melted, sum(bool(readings[pair.left].mentions and readings[pair.right].mentions) for pair in made)


def zip_pairs(left: Sequence[ComparedMention], right: Sequence[ComparedMention]
              ) -> Iterator[tuple[ComparedMention, ComparedMention]]:
    """Yield the two sentences as they stand, then each pair of their mentions."""
    yield left[0], right[0]
    yield from product(left[1:], right[1:])


def profiles_of(model: PairModel, embedder: Embedder, said: Sequence[ComparedMention]) -> Profiles:
    """Return the profiles that the pair model compares."""
    texts = [saying.text for saying in said]
    names = [(*saying.entities, *saying.organisations) for saying in said]
    vectors = np.asarray(embedder.encode(texts), dtype=np.float32)
    return model.profile(texts, vectors, embedder.name, [saying.day for saying in said], names)


def _stated(language: Language, text: str) -> ComparedMention:
    statement = language.statement(text, SAID)
    return ComparedMention(
        text,
        text,
        text,
        text,
        Kind(statement.kind),
        None,
        False,
        Certainty.ASSERTED,
        statement.organisations,
        statement.entities,
        statement.numbers,
        statement.event_at,
        Precision(statement.event_precision),
        SAID,
        True,
    )


def _said(mention: FoundMention) -> ComparedMention:
    return ComparedMention(
        mention.proposition,
        mention.proposition,
        mention.proposition,
        mention.proposition,
        Kind(mention.kind),
        mention.speaker,
        mention.negated,
        Certainty(mention.certainty),
        mention.organisations,
        mention.entities,
        mention.numbers,
        mention.event_at,
        Precision(mention.event_precision),
        SAID,
        True,
    )


def joined(language: Language, made: Sequence[MinimalPair]) -> list[int]:
    """Return the numbers of the pairs that no slot keeps apart: joining would ask the relation model.

    Nearness is not tested, so that the figure holds for any embedder and relation model.
    """
    return [
        number
        for number, pair in enumerate(made)
        if same_details(_stated(language, pair.left).slots, _stated(language, pair.right).slots)
    ]


def main() -> None:
    """Print how many pairs are melted, in all and by detail."""
    parser = argument_parser(__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--show", action="store_true", help="print the pairs that are melted")
    args = parser.parse_args()
    models = LazyModels(Config().models)
    made = list(pairs(args.count))
    clustering, read_count = clustered(models.language, models.embedder, made)
    joining = joined(models.language, made)
    figures = {
        "pairs": len(made),
        "read_from_posts": read_count,
        "melted_by_clustering": len(clustering),
        "left_to_the_model_by_joining": len(joining),
        "by_detail": dict(Counter(made[number].detail for number in {*clustering, *joining})),
    }
    print(
        json.dumps(figures)
        if args.json
        else "\n".join(f"{name}: {value}" for name, value in figures.items())
    )
    if args.show:
        for number in sorted({*clustering, *joining}):
            print(f"{made[number].detail}\n  {made[number].left}\n  {made[number].right}")


if __name__ == "__main__":
    main()
