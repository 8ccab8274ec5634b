"""Make training pairs: headlines turned into denials and reports, and families of facts.

Open stance data has few denials and nearly no rival numbers, questions or hearsay. `templates.toml` holds the
frames, `facts/*.toml` the families: wordings of one claim, and texts that support, deny, question or report
it, or speak of something else. Slots (`{model}`, `{maker}`, ...) are filled at random; several texts are put
together as a recap of a discussion does. The same seed makes the same pairs.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from models.training.relation.data import NO_SIDE, Pair, Story, plain, tidy

_TEMPLATES = tomllib.loads(Path(__file__).with_name("templates.toml").read_text("utf-8"))
_NAMES, _HEADLINES = _TEMPLATES["names"], _TEMPLATES["headlines"]
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|will|would|has|have|had|can|could|did|does|do|should|may|might)\b(?! not)", re.I
)
_SHORT = {
    "will": "won't", "can": "can't", "is": "isn't", "are": "aren't", "was": "wasn't", "were": "weren't",
    "did": "didn't", "does": "doesn't",
}
FOLDER = Path(__file__).parent / "facts"
STANCES = ("supports", "denies", "questions", "reports")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def negated(headline: str, chance: random.Random) -> str | None:
    """Return a sentence with "not" behind its first auxiliary; None where it has none."""
    auxiliary = _AUXILIARY.search(headline)
    if not auxiliary:
        return None
    word = auxiliary.group()
    if chance.random() < 0.4:
        negation = _SHORT.get(word.lower(), f"{word} not")
    else:
        negation = f"{word} {chance.choice(('not', 'not', 'never'))}"
    return headline[: auxiliary.start()] + negation + headline[auxiliary.end() :]


def _say(template: str, headline: str, chance: random.Random) -> str | None:
    negation = negated(headline, chance)
    if "{n}" in template and negation is None:
        return None
    person = chance.choice(_HEADLINES["who"])
    lowered = headline
    if headline[1:2].islower() and chance.random() < 0.7:
        lowered = headline[:1].lower() + headline[1:]
    return _capital(template.format(h=headline, l=lowered, n=negation or "", w=person, W=_capital(person)))


def turned_headlines(
    stories: Sequence[Story], groups: dict[str, str], each: int = 40, seed: int = 8
) -> Iterator[Pair]:
    """Yield plain headlines, each with a frame around another headline of the same story; at most `each` a
    story.

    The claim may itself be a denial: repeating it supports it, telling the plain story denies it.
    """
    chance = random.Random(seed)
    frames = [(_HEADLINES[label], label) for label in ("denies", "reports", "questions", "supports")]
    for story in stories:
        headlines = [
            headline for headline in map(tidy, story.told) if plain(headline) and 20 < len(headline) < 140
        ]
        if not headlines:
            continue
        group = groups[story.told[0]]
        for _ in range(min(each, 6 * len(headlines))):
            claim, other = chance.choice(headlines), chance.choice(headlines)
            templates, label = chance.choice(frames[:1] + frames)
            text = _say(chance.choice(templates), other, chance)
            if text is None:
                continue
            pairs = [(claim, text, label)]
            if label == "denies" and chance.random() < 0.25:
                denial = _say(chance.choice(_HEADLINES["denies"]), claim, chance)
                pairs = [(text, claim, "denies")] + ([(denial, text, "supports")] if denial else [])
            for pair_claim, pair_text, pair_label in pairs:
                labels = ("reports", "questions") if pair_label == "questions" else (pair_label,)
                yield Pair(pair_claim, pair_text, labels, "turned", group)


def families() -> list[dict[str, list[str]]]:
    """Return the families of all files, in the files' order."""
    files = sorted(FOLDER.glob("*.toml"))
    return [fact for file in files for fact in tomllib.loads(file.read_text("utf-8"))["fact"]]


def fact_pairs(count: int, seed: int = 10) -> Iterator[Pair]:
    """Yield `count` pairs; a family belongs to one hold-out group."""
    chance = random.Random(seed)
    pool = families()
    topics = _TEMPLATES["facts"]["topics"]
    for _ in range(count):
        number = chance.randrange(len(pool))
        fact, values = pool[number], slots(chance)
        stance = chance.choices((*STANCES, "asides"), (28, 28, 16, 18, 10))[0]
        # The text may be the claim itself, as where a post first made the claim.
        claim = chance.choice(fact["claims"])
        parts = [chance.choice(fact[stance])]
        for _ in range(chance.choices((0, 1, 2), (55, 30, 15))[0]):
            index = chance.randrange(len(parts) + 1)
            parts.insert(
                index, chance.choice((fact if chance.random() < 0.5 else chance.choice(pool))["asides"])
            )
        body = " ".join(parts).format(**values)
        if chance.random() < 0.25 and ":" not in body[:40]:
            body = f"{chance.choice(topics)}: {body}"
        elif chance.random() < 0.12 and stance != "asides":
            body = f"{values['model']}: {chance.choice(topics).lower()}. {body}"
        labels = NO_SIDE if stance == "asides" else (stance,)
        yield Pair(claim.format(**values), body, labels, "facts", f"family {fact['claims'][0]}")


def slots(chance: random.Random) -> dict[str, Any]:
    """Return a value for each slot; `n` and `m`, the models, the makers and the months differ."""
    values: dict[str, Any] = {}
    values["model"], values["other"] = chance.sample(_NAMES["model"], 2)
    values["maker"], values["rival"] = chance.sample(_NAMES["maker"], 2)
    values["n"], values["m"] = chance.sample(range(2, 99), 2)
    values["month"], values["month2"] = chance.sample(_NAMES["month"], 2)
    return values | {
        name: chance.choice(_NAMES[name]) for name in ("bench", "handle", "user", "outlet", "person")
    }
