"""Random documents that answer, copy, cite and quote one another, and their statements about one claim."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.core.vocabulary import Certainty, EdgeKind, Part, Platform, Precision, Role, VoiceKey
from pipeline.stages.trace.model import Post, Statement, Way
from tests.worlds.builder import hours

NAMES = ("The Lantern", "Courier", "Daily Quill", "mira", "Jo Fern", "Paper Mill", "Aurel Blog",
         "Tin Gazette: AI")
ROLES = {"Paper Mill": Role.AGGREGATOR, "mira": Role.COMMUNITY, "Jo Fern": Role.COMMUNITY,
         "Aurel Blog": Role.FIRST_PARTY}
PEOPLE = ("Ines Moor", "Moor", "Vera Holt", "Holt", "Jo Fern", "Fern", "The Lantern", "sources",
          "Dr Ines Moor", "Courier")
BEHIND = (None, None, None, None, "The Lantern", "the Courier", "a post by a user", "an employee",
          "people familiar with it", "Ines Moor", "@mira", "Wired", "a report in Daily Quill")
SENTENCES = (
    "we trained the newest model on the very test sets that it is measured by",
    "we trained the newest model on the very test sets that it is measured by today and tomorrow",
    "nobody in the team was told of it before the results were shown to all", "short one",
)  # fmt: skip
QUOTES = ("It is so", "I tested it myself", "according to The Lantern it is so", f"{SENTENCES[0]}.",
          "Users report issues with it")
CUES = ("according to ", "via ", "as first reported by ")
CITED = (*NAMES, "Reuters", "nobody at all", "The Lantern on Monday")


@dataclass(frozen=True)
class Thread:
    """What `trace` reads of one claim: statements, documents by id, ways, texts and phrases that cite."""

    statements: list[Statement]
    posts: dict[str, Post]
    ways: list[Way]
    texts: dict[str, list[str]]
    phrases: dict[str, list[str]]

    def ways_from(self, documents: Sequence[str]) -> list[Way]:
        """Return the ways from these documents."""
        return [way for way in self.ways if way.document_id in documents]


def random_thread(seed: int, most: int = 8) -> Thread:
    """Return one to `most` documents with what they say of a claim; the same seed gives the same ones."""
    chance = random.Random(seed)
    count = chance.randint(1, most)
    sources = [_source(chance, number, name)
               for number, name in enumerate(chance.sample(NAMES, chance.randint(1, len(NAMES))))]
    undated, quoting, citing = chance.choice([0, 0.1, 0.5, 1]), chance.choice([0, 0.3, 0.8]), chance.random()
    documents = [f"d{number:02}" for number in range(count)]
    posts = {document_id: _post(chance, document_id, chance.choice(sources), undated)
             for document_id in documents}
    texts = {document_id: [_text(chance, quoting) for _ in range(chance.choice([1, 1, 2]))]
             for document_id in documents}
    phrases = {document_id: [chance.choice(CUES) + chance.choice(CITED) + chance.choice(["", " and others"])]
               for document_id in documents if chance.random() < citing / 2}
    speaking_documents = [document_id for document_id in documents if chance.random() < 0.7] or documents[:1]
    statements = [_statement(chance, posts[document_id], position)
                  for document_id in speaking_documents for position in range(chance.choice([1, 1, 1, 2, 3]))]
    return Thread(statements, posts, _ways(chance, documents), texts, phrases)


def _source(chosen: random.Random, number: int, name: str) -> Post:
    """Return a template for all posts of one source."""
    role = ROLES.get(name, Role.PRESS)
    platform = Platform.X if role is Role.COMMUNITY else Platform.NEWS
    slug = name.lower().replace(" ", "-")
    group = chosen.choice([None, None, VoiceKey("house:post"), VoiceKey(f"outlet:{number}")])
    return Post(
        "", platform, f"x:{slug}" if platform is Platform.X else slug, name, role,
        "aurel" if role is Role.FIRST_PARTY else None, None, None, None, Precision.UNKNOWN, False, group,
        name if group else None,
    )  # fmt: skip


def _post(chosen: random.Random, document_id: str, source: Post, undated: float) -> Post:
    said_at = None if chosen.random() < undated else hours(chosen.choice([chosen.uniform(0, 60),
                                                                          chosen.randint(0, 4)]))
    dated_precision = chosen.choice([Precision.SECOND, Precision.SECOND, Precision.DAY, Precision.MONTH])
    wire = source.group is None and source.platform is Platform.NEWS and chosen.random() < 0.1
    return Post(
        document_id, source.platform, source.source_id, source.source_name, source.source_role,
        source.organisation, chosen.choice([None, "Vera Holt"]), None, said_at,
        Precision.UNKNOWN if said_at is None else dated_precision, chosen.random() < 0.1,
        VoiceKey("house:reuters") if wire else source.group, "Reuters" if wire else source.group_name,
        "(Reuters) -" if wire else None, chosen.choice([None, None, None, hours(chosen.uniform(0, 60))]),
    )  # fmt: skip


def _text(chosen: random.Random, quoting: float) -> str:
    sentences = [f"“{sentence}” " if chosen.random() < 0.5 else f"{sentence}. "
                 for sentence in SENTENCES if chosen.random() < quoting]
    return "Some text of its own. " + "".join(sentences)


def _ways(chosen: random.Random, documents: list[str]) -> list[Way]:
    count = len(documents)
    kinds = chosen.choice([[EdgeKind.LINK], [EdgeKind.REPLY],
                           [EdgeKind.LINK, EdgeKind.REPLY, EdgeKind.REPOST, EdgeKind.QUOTE]])
    order, ways_per_document = chosen.choice(["any", "chain", "back"]), chosen.choice([0, 1, 2, 4])
    all_ways = set()
    for number, document_id in enumerate(documents):
        for _ in range(ways_per_document):
            origin = {"any": chosen.randrange(count), "chain": max(0, number - 1),
                      "back": chosen.randrange(max(number, 1))}[order]
            words = chosen.choice(["https://site.example/1", "It is so", None, "here"])
            all_ways.add(Way(document_id, documents[origin], chosen.choice(kinds), words))
    for _ in range(chosen.choice([0, 0, 1, 3, count])):
        left, right = chosen.choice(documents), chosen.choice(documents)
        all_ways |= {Way(*pair, EdgeKind.NEAR_DUPLICATE) for pair in ((left, right), (right, left))}
    return sorted((way for way in all_ways if way.document_id != way.origin_document_id), key=repr)


def _statement(chosen: random.Random, post: Post, place: int) -> Statement:
    in_own_words = chosen.random() < 0.6
    other_role = chosen.choice([Role.EXPERT, Role.ANONYMOUS, Role.COMMUNITY])
    role = Role.FIRST_PARTY if chosen.random() < 0.08 else post.source_role if in_own_words else other_role
    return Statement(
        "c1", f"m-{post.document_id}-{place}", post.document_id, chosen.choice([Part.TEXT, Part.TITLE]),
        place * 10, chosen.choice(QUOTES), chosen.random() < 0.2,
        chosen.choice([*[Certainty.ASSERTED] * 5, *Certainty]),
        post.source_name if in_own_words else chosen.choice([None, *PEOPLE]), role,
        post.organisation if in_own_words else chosen.choice([None, None, None, "aurel"]),
        in_own_words and chosen.random() < 0.7, chosen.choice(BEHIND), ("aurel",),
    )  # fmt: skip
