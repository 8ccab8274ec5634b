"""Count the minimal pairs that would be melted: `python benchmarks/minimal_pairs.py [--count N] [--show]`.

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
from harness import arguments

from models.claim_similarity import PairModel, Profiles, Rarity
from models.protocols.language import DocumentText, FoundMention, Language
from models.protocols.vectors import Embedder
from pipeline.core.config import Config
from pipeline.core.vocabulary import Certainty, Kind, Precision
from pipeline.run.models import LazyModels
from pipeline.stages.cluster.average_link import group
from pipeline.stages.cluster.nodes import Known, Nodes, Said
from pipeline.stages.cluster.scores import affinity
from pipeline.stages.gather.joining import same_details

SEED = 7
SAID = datetime(2026, 3, 2, 9, tzinfo=UTC)
DETAILS = ("version", "number", "unit", "date", "name", "negation")

_PARTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
FAMILIES = [(one["maker"], one["name"], one["versions"]) for one in _PARTS["family"]]
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
    seen: set[tuple[str, str]] = set()
    while len(seen) < count:
        detail = DETAILS[len(seen) % len(DETAILS)]
        made = _pair(draw, detail)
        if made is not None and (made.left, made.right) not in seen:
            seen.add((made.left, made.right))
            yield made


def _pair(draw: random.Random, detail: str) -> MinimalPair | None:
    sentence = draw.choice([one for one in SENTENCES if _fits(one, detail)])
    ours, family = _filled(draw)
    theirs = dict(ours)
    if detail == "version":
        theirs["model"] = family[1] + draw.choice(
            [one for one in family[2] if family[1] + one != ours["model"]]
        )
    elif detail == "number":
        theirs["number"] = _other_number(draw, ours["number"])
    elif detail == "unit":
        ours["amount"], theirs["amount"] = draw.sample(draw.choice(UNITS), 2)
    elif detail == "date":
        ours["time"], theirs["time"] = draw.sample(draw.choice(TIMES), 2)
    elif detail == "name":
        slots = [slot for slot in NAMED if f"{{{slot}}}" in sentence]
        slot = draw.choice(slots)
        theirs[slot] = draw.choice([one for one in _choices(slot) if one not in ours.values()])
        if {"maker", "place"} <= set(slots) and theirs["maker"] == theirs["place"]:
            return None
    else:
        theirs["not"] = draw.choice(NEGATIONS)
    return MinimalPair(detail, _written(sentence, ours), _written(sentence, theirs))


def _fits(sentence: str, detail: str) -> bool:
    wanted = {
        "version": ("{model}",),
        "number": ("{number}", "{amount}"),
        "unit": ("{amount}",),
        "date": ("{time}",),
        "negation": ("{not}",),
    }
    if detail == "name":  # who says so is no part of what is claimed
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
    place = draw.choice([one for one in PLACES if one != family[0]])
    return {
        "maker": family[0],
        "model": family[1] + draw.choice(family[2]),
        "number": number,
        "place": place,
        "time": draw.choice(draw.choice(TIMES)),
        "person": draw.choice(PEOPLE),
        "benchmark": draw.choice(BENCHMARKS),
        "other": draw.choice([one for one in _choices("other") if not one.startswith(family[1])]),
        "amount": draw.choice(draw.choice(UNITS)),
        "not": "",
    }, family


def _other_number(draw: random.Random, number: str) -> str:
    """Return a number that is near, or half, or twice as large, and written as finely."""
    value = float(number)
    step = 0.1 if "." in number else 1
    other = draw.choice((value + step, value + 2 * step, value - step, value * 2, value + 10 * step))
    return f"{other:.1f}" if "." in number else str(int(other))


def _written(sentence: str, values: dict[str, str]) -> str:
    text = sentence.replace("{amount}", values["amount"]).format_map(values)
    for helped, plain in AFFIRMED:
        helper, verb = helped.split()
        text = text.replace(helped, plain).replace(f"{helper} never {verb}", f"never {plain}")
    return f"{text}."


def clustered(language: Language, embedder: Embedder, made: Sequence[MinimalPair]) -> tuple[list[int], int]:
    """Return the pairs, by number, that clustering would put into one claim, and of how many both are read.

    Each sentence is put to it as it stands, and as extract reads it out of a post.
    """
    sentences = list(dict.fromkeys(text for pair in made for text in (pair.left, pair.right)))
    posts = [
        DocumentText(None, text, "x", "x.com", "someone", None, "someone", "community", None, SAID)
        for text in sentences
    ]
    read = dict(zip(sentences, language.read(posts), strict=True))
    said = {text: [_stated(language, text), *map(_said, read[text].mentions)] for text in sentences}
    model = PairModel.load()
    every = [one for some in said.values() for one in some]
    profiles = profiles_of(model, embedder, every)
    rows = {id(one): row for row, one in enumerate(every)}
    rarity = Rarity(len(every), Counter(word for words in profiles.words for word in set(words)))
    same = Config().cluster.same

    def one_claim(left: Said, right: Said) -> bool:
        nodes = Nodes(Known([], {}), [left, right])
        some = profiles.take([rows[id(left)], rows[id(right)]])
        scores = affinity(model, nodes, some, profiles.take([]), [], rarity, same)
        # A denial stands in the claim that it denies, on the other side.
        return (
            len(group(nodes.weights, scores, same, may_join=nodes.may_join).groups) == 1
            and left.negated == right.negated
        )

    melted = [
        number
        for number, pair in enumerate(made)
        if any(one_claim(a, b) for a, b in zip_pairs(said[pair.left], said[pair.right]))
    ]
    return melted, sum(bool(read[pair.left].mentions and read[pair.right].mentions) for pair in made)


def zip_pairs(left: Sequence[Said], right: Sequence[Said]) -> Iterator[tuple[Said, Said]]:
    """Yield the two sentences as they stand, and each two mentions of theirs."""
    yield left[0], right[0]
    yield from product(left[1:], right[1:])


def profiles_of(model: PairModel, embedder: Embedder, said: Sequence[Said]) -> Profiles:
    """Return what the pair model looks at."""
    texts = [one.text for one in said]
    names = [(*one.entities, *one.organisations) for one in said]
    vectors = np.asarray(embedder.encode(texts), dtype=np.float32)
    return model.profile(texts, vectors, embedder.name, [one.day for one in said], names)


def _stated(language: Language, text: str) -> Said:
    what = language.statement(text, SAID)
    return Said(
        text,
        text,
        text,
        text,
        Kind(what.kind),
        None,
        False,
        Certainty.ASSERTED,
        what.organisations,
        what.entities,
        what.numbers,
        what.event_at,
        Precision(what.event_precision),
        SAID,
        True,
    )


def _said(mention: FoundMention) -> Said:
    return Said(
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
    """Return the pairs, by number, that no slot keeps apart, so that joining would ask the relation model.

    How near their sentences are is left out, so that it holds for any embedder and any relation model.
    """
    return [
        number
        for number, pair in enumerate(made)
        if same_details(_stated(language, pair.left).slots, _stated(language, pair.right).slots)
    ]


def main() -> None:
    """Print how many pairs are melted, in all and by detail."""
    parser = arguments(__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--show", action="store_true", help="print the pairs that are melted")
    given = parser.parse_args()
    models = LazyModels(Config().models)
    made = list(pairs(given.count))
    clustering, read = clustered(models.language, models.embedder, made)
    joining = joined(models.language, made)
    figures = {
        "pairs": len(made),
        "read_from_posts": read,
        "melted_by_clustering": len(clustering),
        "left_to_the_model_by_joining": len(joining),
        "by_detail": dict(Counter(made[number].detail for number in {*clustering, *joining})),
    }
    print(
        json.dumps(figures)
        if given.json
        else "\n".join(f"{name}: {value}" for name, value in figures.items())
    )
    if given.show:
        for number in sorted({*clustering, *joining}):
            print(f"{made[number].detail}\n  {made[number].left}\n  {made[number].right}")


if __name__ == "__main__":
    main()
