"""Random documents that answer, copy, cite and quote one another, and what they say of one claim."""

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
        """Return where these documents lead."""
        return [way for way in self.ways if way.document_id in documents]


def random_thread(seed: int, most: int = 8) -> Thread:
    """Return one to `most` documents with what they say of a claim; the same seed gives the same ones."""
    chosen = random.Random(seed)
    count = chosen.randint(1, most)
    sources = [_source(chosen, number, name)
               for number, name in enumerate(chosen.sample(NAMES, chosen.randint(1, len(NAMES))))]
    undated, quoting, citing = chosen.choice([0, 0.1, 0.5, 1]), chosen.choice([0, 0.3, 0.8]), chosen.random()
    documents = [f"d{number:02}" for number in range(count)]
    posts = {document_id: _post(chosen, document_id, chosen.choice(sources), undated)
             for document_id in documents}
    texts = {document_id: [_text(chosen, quoting) for _ in range(chosen.choice([1, 1, 2]))]
             for document_id in documents}
    phrases = {document_id: [chosen.choice(CUES) + chosen.choice(CITED) + chosen.choice(["", " and others"])]
               for document_id in documents if chosen.random() < citing / 2}
    speaking = [document_id for document_id in documents if chosen.random() < 0.7] or documents[:1]
    statements = [_statement(chosen, posts[document_id], place)
                  for document_id in speaking for place in range(chosen.choice([1, 1, 1, 2, 3]))]
    return Thread(statements, posts, _ways(chosen, documents), texts, phrases)


def _source(chosen: random.Random, number: int, name: str) -> Post:
    """Return a post that all posts of one source are made from."""
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
    at = None if chosen.random() < undated else hours(chosen.choice([chosen.uniform(0, 60),
                                                                     chosen.randint(0, 4)]))
    dated = chosen.choice([Precision.SECOND, Precision.SECOND, Precision.DAY, Precision.MONTH])
    wire = source.group is None and source.platform is Platform.NEWS and chosen.random() < 0.1
    return Post(
        document_id, source.platform, source.source_id, source.source_name, source.source_role,
        source.organisation, chosen.choice([None, "Vera Holt"]), None, at,
        Precision.UNKNOWN if at is None else dated, chosen.random() < 0.1,
        VoiceKey("house:reuters") if wire else source.group, "Reuters" if wire else source.group_name,
        "(Reuters) -" if wire else None, chosen.choice([None, None, None, hours(chosen.uniform(0, 60))]),
    )  # fmt: skip


def _text(chosen: random.Random, quoting: float) -> str:
    forms = [f"“{sentence}” " if chosen.random() < 0.5 else f"{sentence}. "
             for sentence in SENTENCES if chosen.random() < quoting]
    return "Some text of its own. " + "".join(forms)


def _ways(chosen: random.Random, documents: list[str]) -> list[Way]:
    count = len(documents)
    kinds = chosen.choice([[EdgeKind.LINK], [EdgeKind.REPLY],
                           [EdgeKind.LINK, EdgeKind.REPLY, EdgeKind.REPOST, EdgeKind.QUOTE]])
    shape, each = chosen.choice(["any", "chain", "back"]), chosen.choice([0, 1, 2, 4])
    ways = set()
    for number, document_id in enumerate(documents):
        for _ in range(each):
            origin = {"any": chosen.randrange(count), "chain": max(0, number - 1),
                      "back": chosen.randrange(max(number, 1))}[shape]
            words = chosen.choice(["https://site.example/1", "It is so", None, "here"])
            ways.add(Way(document_id, documents[origin], chosen.choice(kinds), words))
    for _ in range(chosen.choice([0, 0, 1, 3, count])):
        one, other = chosen.choice(documents), chosen.choice(documents)
        ways |= {Way(*pair, EdgeKind.NEAR_DUPLICATE) for pair in ((one, other), (other, one))}
    return sorted((way for way in ways if way.document_id != way.origin_document_id), key=repr)


def _statement(chosen: random.Random, post: Post, place: int) -> Statement:
    own = chosen.random() < 0.6
    others = chosen.choice([Role.EXPERT, Role.ANONYMOUS, Role.COMMUNITY])
    role = Role.FIRST_PARTY if chosen.random() < 0.08 else post.source_role if own else others
    return Statement(
        "c1", f"m-{post.document_id}-{place}", post.document_id, chosen.choice([Part.TEXT, Part.TITLE]),
        place * 10, chosen.choice(QUOTES), chosen.random() < 0.2,
        chosen.choice([*[Certainty.ASSERTED] * 5, *Certainty]),
        post.source_name if own else chosen.choice([None, *PEOPLE]), role,
        post.organisation if own else chosen.choice([None, None, None, "aurel"]),
        own and chosen.random() < 0.7, chosen.choice(BEHIND), ("aurel",),
    )  # fmt: skip
