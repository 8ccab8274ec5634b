"""Trace and judge claims of many statements:
`python -m benchmarks.speed.large_claims [SHAPE ...] [--sizes N ...]`.

Each shape is a made-up store in which one claim has N statements, or N claims have one each: all independent,
one voice, denials in between, edits, quotations, threads, near-duplicates and more. It prints the processor
seconds of both stages (trace + judge) in this process for each size, and how much more a statement costs at
the last size than at the one before: 1.0 where the time is linear, 2.0 where it grows with the square and the
size doubles.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.harness import argument_parser, timed
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.core.records import Claim, Document, Evidence, Link, Mention, Source, Version, stable_id
from pipeline.core.vocabulary import (
    Certainty,
    DateOrigin,
    Kind,
    LinkKind,
    Part,
    Platform,
    Precision,
    Role,
    Stance,
)
from pipeline.stages.judge.stage import judge
from pipeline.stages.trace.stage import trace
from pipeline.store.store import Store

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOW = START + timedelta(days=60)
SPAN = timedelta(days=7)  # holds all statements
SIZES = (500, 1000, 2000, 5000, 10000)
CLAIM = "Aurel trained Aster 4 on test sets"
STORY = ("The company trained its newest model on the very test sets that it is measured by, three people "
         "who know the matter said on Monday, and nobody in the team was told of it before. ")
SAID = "we trained the newest model on the very test sets that it is measured by today"


def words(number: int) -> str:
    """Return fourteen words that no other number has."""
    rng = random.Random(number)
    return " ".join(f"word{rng.randrange(100_000)}" for _ in range(14))


class World:
    """Rows to be written into a store: `size` statements, one after the other."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._rows: defaultdict[str, list[Any]] = defaultdict(list)
        self._sources: dict[str, Source] = {}
        self._claims: dict[str, Claim] = {}
        self._documents: dict[str, Document] = {}
        self._counts: Counter[str] = Counter()

    def at(self, number: int) -> datetime:
        """Return when the statement of that number is made."""
        return START + number * SPAN / self.size

    def claim(self, claim_id: str = "c1", kind: Kind = Kind.TRAINING_DATA, **fields: Any) -> None:
        """Add a claim about Aurel's Aster 4."""
        values: dict[str, Any] = {
            "claim": CLAIM, "kind": kind, "first_mention_id": "m-first", "organisations": ("aurel",),
            "entities": ("Aster 4",), "event_at": None, "event_precision": Precision.UNKNOWN,
            "merged_into": None, "created_at": START, "run_id": "r",
        }
        self._claims[claim_id] = Claim(claim_id, **(values | fields))
        self._rows["claims"].append(self._claims[claim_id])

    def source(self, name: str, role: Role = Role.PRESS, platform: Platform = Platform.NEWS,
               organisation: str | None = None) -> str:
        """Add a source where it is new; return its id."""
        account = platform is Platform.X
        source_id = f"x:{name}" if account else name
        if source_id not in self._sources:
            self._sources[source_id] = Source(source_id, name, platform, role, None, organisation)
            self._rows["sources"].append(self._sources[source_id])
        return source_id

    def outlet(self, number: int) -> str:
        """Return the id of an outlet of its own."""
        return self.source(f"outlet{number}")

    def user(self, number: int) -> str:
        """Return the id of an account of its own."""
        return self.source(f"user{number}", Role.COMMUNITY, Platform.X)

    def document(self, number: int, source_id: str, text: str = "", *, answers: int | None = None,
                 links: tuple[int, ...] = (), dated: bool = True, **fields: Any) -> str:
        """Add a document with its first version; return its id. `answers` and `links` are numbers of others.
        """
        document_id, at = f"d{number:06}", self.at(number)
        values: dict[str, Any] = {
            "url": _url(number), "source_id": source_id, "platform": self._sources[source_id].platform,
            "feed": source_id, "author": None, "author_name": None, "title": None, "language": "en",
            "published_at": at if dated else None,
            "published_precision": Precision.SECOND if dated else Precision.UNKNOWN,
            "published_from": DateOrigin.API if dated else DateOrigin.UNKNOWN, "seen_at": at,
            "in_reply_to": None if answers is None else _url(answers), "artefact": False, "score": None,
            "gone_at": None, "gone_after": None, "gone_evidence": None, "run_id": "r",
        }
        self._documents[document_id] = Document(document_id, **(values | fields))
        self._rows["documents"].append(self._documents[document_id])
        self.version(document_id, 1, text or words(number), at)
        self._rows["links"] += [Link(document_id, _url(target), LinkKind.LINK, None) for target in links]
        return document_id

    def version(self, document_id: str, number: int, text: str, seen_at: datetime) -> None:
        """Add a version of a document; a later version also gets an edit of the body."""
        version_id = f"v-{document_id}-{number}"
        self._rows["versions"].append(Version(version_id, document_id, number, None, text, version_id, None,
                                              seen_at, None, None, "r"))
        self._rows["extracted"].append({"version_id": version_id, "model": "by-hand", "mentions": 1})
        if number > 1:
            edit = {"version_id": version_id, "change": "body", "noted": False, "removed": "", "added": ""}
            self._rows["edits"].append(edit)

    def say(self, document_id: str, stance: Stance = Stance.SUPPORTS, *, claim_id: str = "c1",
            **fields: Any) -> None:
        """Add a statement of a document on a claim, in words of its own where no `quote` is given."""
        document, claim = self._documents[document_id], self._claims[claim_id]
        source, number = self._sources[document.source_id], self._counts[document_id]
        self._counts[document_id] += 1
        values: dict[str, Any] = {
            "mention_id": f"m-{document_id}-{number:06}", "version_id": f"v-{document_id}-1",
            "document_id": document_id, "kind": claim.kind, "part": Part.TEXT, "start_char": number * 100,
            "end_char": number * 100 + 50, "quote": f"[{document_id}-{number}] {words(number)} {claim.claim}",
            "proposition": claim.claim, "entities": claim.entities, "organisations": claim.organisations,
            "numbers": (), "event_at": None, "event_precision": Precision.UNKNOWN,
            "certainty": Certainty.ASSERTED, "negated": stance is Stance.DENIES, "speaker": source.name,
            "speaker_role": source.role, "speaker_organisation": source.organisation, "speech_verb": None,
            "by_author": "speaker" not in fields, "cues": (), "attributed_to": None,
            "said_at": document.published_at, "seen_at": document.seen_at, "model": "by-hand", "run_id": "r",
        }
        mention = Mention(**(values | fields))
        evidence_id = stable_id("e", claim_id, mention.mention_id)
        self._rows["mentions"].append(mention)
        self._rows["members"].append({"mention_id": mention.mention_id, "claim_id": claim_id,
                                      "similarity": 1.0, "how": "near", "run_id": "r"})
        self._rows["evidence"].append(Evidence(evidence_id, claim_id, mention.mention_id, stance, 0.9, (),
                                               "by-hand", START, "r"))
        if stance is Stance.SUPPORTS:
            self._rows["entailments"].append({"evidence_id": evidence_id, "model": "by-hand",
                                              "probability": 1.0, "run_id": "r"})

    def lay(self, store: Store) -> None:
        """Write all rows."""
        for table, rows in self._rows.items():
            store.append(table, rows)


def _url(number: int) -> str:
    return f"https://site.example/d{number:06}"


Shape = Callable[[World], None]
SHAPES: dict[str, Shape] = {}


def _shape(lay: Shape) -> Shape:
    SHAPES[lay.__name__.strip("_").replace("_", " ")] = lay
    return lay


@_shape
def _independent_outlets(world: World) -> None:
    world.claim()
    for number in range(world.size):
        world.say(world.document(number, world.outlet(number)))


@_shape
def _users_of_a_model(world: World) -> None:
    world.claim(kind=Kind.CAPABILITY)
    for number in range(world.size):
        world.say(world.document(number, world.user(number)))


@_shape
def _one_voice(world: World) -> None:
    world.claim()
    for number in range(world.size):
        world.say(world.document(number, world.outlet(0)))


@_shape
def _people_quoted_by_one_outlet(world: World) -> None:
    world.claim()
    for number in range(world.size):
        speaker = f"Person{number} Name{number % 97}"
        world.say(world.document(number, world.outlet(0)), speaker=speaker, speaker_role=Role.EXPERT)


@_shape
def _one_document(world: World) -> None:
    world.claim()
    document_id = world.document(0, world.outlet(0), STORY)
    for _ in range(world.size):
        world.say(document_id)


@_shape
def _rumour(world: World) -> None:
    world.claim()
    for number in range(world.size):
        world.say(world.document(number, world.outlet(number)), Stance.REPORTS, speaker=None,
                  speaker_role=Role.ANONYMOUS, certainty=Certainty.REPORTED)


@_shape
def _denials_in_between(world: World) -> None:
    world.claim()
    for number in range(world.size):
        stance = Stance.DENIES if number % 2 else Stance.SUPPORTS
        world.say(world.document(number, world.outlet(number)), stance)


@_shape
def _every_voice_takes_it_back(world: World) -> None:
    world.claim()
    middle = world.size // 2
    for number in range(world.size):
        stance = Stance.DENIES if number >= middle else Stance.SUPPORTS
        world.say(world.document(number, world.outlet(number % max(middle, 1))), stance)


@_shape
def _questions(world: World) -> None:
    world.claim(kind=Kind.CAPABILITY)
    for number in range(world.size):
        stance = Stance.QUESTIONS if number % 2 else Stance.REPORTS
        certainty = Certainty.QUESTIONED if number % 2 else Certainty.REPORTED
        world.say(world.document(number, world.user(number)), stance, certainty=certainty)


@_shape
def _all_edited(world: World) -> None:
    world.claim()
    for number in range(world.size):
        quote = f"{words(number)} {CLAIM}"
        document_id = world.document(number, world.outlet(number), quote)
        world.say(document_id, quote=quote)
        later = world.at(number) + timedelta(hours=3 + number % 50)
        world.version(document_id, 2, quote.replace("trained", "reportedly trained"), later)


@_shape
def _quoting_the_one_before(world: World) -> None:
    world.claim()
    for number in range(world.size):
        quotation = f" As was said: “{words(number - 1)}”." if number else ""
        document_id = world.document(number, world.outlet(number), f"{words(number)} and no more.{quotation}")
        world.say(document_id, quote=words(number - 1) if number else words(0))


@_shape
def _quoting_the_first(world: World) -> None:
    world.claim()
    for number in range(world.size):
        text = f"{words(number)}. As was said: “{SAID}”." if number else SAID
        world.say(world.document(number, world.outlet(number), text), quote=SAID)


@_shape
def _citing_the_one_before(world: World) -> None:
    world.claim()
    for number in range(world.size):
        text = f"{words(number)}, according to outlet{max(0, number - 1)}, which has it."
        world.say(world.document(number, world.outlet(number), text))


@_shape
def _a_storys_reprints(world: World) -> None:
    world.claim()
    for number in range(world.size):
        text = f"LONDON, March 2 (Reuters) - {words(number)}"
        world.say(world.document(number, world.outlet(number), text))


@_shape
def _answers_to_one_post(world: World) -> None:
    world.claim()
    for number in range(world.size):
        world.say(world.document(number, world.user(number), answers=0 if number else None))


@_shape
def _each_answers_the_one_before(world: World) -> None:
    world.claim()
    for number in range(world.size):
        world.say(world.document(number, world.user(number), answers=number - 1 if number else None))


@_shape
def _answers_with_denials(world: World) -> None:
    world.claim()
    for number in range(world.size):
        stance = Stance.DENIES if number % 3 == 2 else Stance.SUPPORTS
        world.say(world.document(number, world.user(number), answers=number - 1 if number else None), stance)


@_shape
def _answers_below_a_silent_thread(world: World) -> None:
    world.claim()
    middle = world.size // 2
    for number in range(world.size):
        document_id = world.document(number, world.user(number), answers=min(number, middle) - 1
                                     if number else None)
        if number >= middle:
            world.say(document_id)


@_shape
def _each_links_to_ten(world: World) -> None:
    world.claim()
    for number in range(world.size):
        links = tuple(range(max(0, number - 10), number))
        world.say(world.document(number, world.outlet(number), links=links))


@_shape
def _near_duplicates(world: World) -> None:
    world.claim()
    for number in range(world.size):
        text = STORY + words(number)[:30]
        world.say(world.document(number, world.outlet(number), text), quote=CLAIM)


@_shape
def _near_duplicates_of_one_source(world: World) -> None:
    world.claim()
    for number in range(world.size):
        text = STORY + words(number)[:30]
        world.say(world.document(number, world.outlet(0), text, dated=False), quote=CLAIM)


@_shape
def _a_release_and_its_pages(world: World) -> None:
    text = "Aurel will release Aster 4 Ultra in April"
    world.claim(claim=text, kind=Kind.RELEASE, entities=("Aster 4 Ultra",), event_at=START + timedelta(40),
                event_precision=Precision.DAY)
    hub = world.source("hub", Role.FIRST_PARTY, Platform.HUGGINGFACE, "aurel")
    for number in range(world.size):
        if number % 2:
            world.document(number, hub, f"Library: transformers {words(number)}", title=f"Aster 4 {number}",
                           artefact=True)
        else:
            world.say(world.document(number, world.outlet(number)), certainty=Certainty.PREDICTED)


@_shape
def _a_bit_of_everything(world: World) -> None:
    world.claim()
    rng = random.Random(7)
    stances = [Stance.SUPPORTS] * 5 + [Stance.DENIES] * 2 + [Stance.REPORTS] * 3 + [Stance.QUESTIONS]
    certainties = [Certainty.ASSERTED] * 4 + [Certainty.REPORTED, Certainty.HEDGED, Certainty.QUESTIONED]
    blog = world.source("blog", Role.FIRST_PARTY, Platform.BLOG, "aurel")
    for number in range(world.size):
        source = rng.choice([world.outlet, world.user])(rng.randrange(1 + world.size // 3))
        answers = rng.randrange(number) if number and rng.random() < 0.3 else None
        document_id = world.document(number, blog if rng.random() < 0.02 else source, answers=answers)
        speaker = {"speaker": f"Person Name{rng.randrange(50)}", "speaker_role": Role.EXPERT}
        world.say(document_id, rng.choice(stances), certainty=rng.choice(certainties),
                  **(speaker if rng.random() < 0.2 else {}))


@_shape
def _a_claim_for_each_answer(world: World) -> None:
    for number in range(world.size):
        world.claim(f"k{number:06}", claim=f"Aurel trained Aster {number} on test sets")
        document_id = world.document(number, world.user(number), answers=number - 1 if number else None)
        world.say(document_id, claim_id=f"k{number:06}")


@_shape
def _a_claim_for_each_near_duplicate(world: World) -> None:
    for number in range(world.size):
        world.claim(f"k{number:06}", claim=f"Aurel trained Aster {number} on test sets")
        document_id = world.document(number, world.outlet(number), STORY + words(number)[:30])
        world.say(document_id, claim_id=f"k{number:06}")


def night(home: Path) -> RunContext:
    """Return the run that traces and judges."""
    return RunContext("r1", NOW, Home(home), Config())


def lay(shape: str, size: int) -> Store:
    """Return a store in memory that holds the shape."""
    world, store = World(size), Store.open(":memory:")
    SHAPES[shape](world)
    world.lay(store)
    return store


def measure(shape: str, size: int, home: Path) -> dict[str, float]:
    """Return the processor time of both stages, in seconds."""
    store, run = lay(shape, size), night(home)
    seconds = {"trace": timed(lambda: trace(store, run))[1], "judge": timed(lambda: judge(store, run))[1]}
    store.close()
    return seconds


def growth(sizes: list[int], seconds: list[float]) -> float:
    """Return how many times as much a statement costs at the last size as at the one before."""
    return (seconds[-1] / sizes[-1]) / (seconds[-2] / sizes[-2])


def main() -> None:
    """Measure the shapes that are named, or all; print a row of a table for each."""
    parser = argument_parser(__doc__)
    parser.add_argument("shapes", nargs="*", metavar="SHAPE", choices=[*SHAPES, []])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    args = parser.parse_args()
    sizes = sorted(args.sizes)
    if not args.json:
        print("| shape |", " | ".join(f"{size:,}" for size in sizes), "| growth |")
        print("| --- |" + " --- |" * (len(sizes) + 1))
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        measure(next(iter(SHAPES)), 10, Path(folder))  # loads everything before the time is taken
        for shape in args.shapes or SHAPES:
            timings = [measure(shape, size, Path(folder)) for size in sizes]
            totals = [sum(seconds.values()) for seconds in timings]
            figures[shape] = dict(zip(map(str, sizes), timings, strict=True))
            if not args.json:
                cells = " | ".join(f"{seconds['trace']:.2f} + {seconds['judge']:.2f}" for seconds in timings)
                growth_cell = f"{growth(sizes, totals):.2f}" if len(sizes) > 1 else ""
                print(f"| {shape} | {cells} | {growth_cell} |", flush=True)
    if args.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
