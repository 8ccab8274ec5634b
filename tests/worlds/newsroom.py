"""A small newsroom: a store of fictional stories, to each question of docs/sql.md an answer that can be seen by reading."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.core.context import RunContext
from pipeline.core.records import (
    Certainty,
    DecisionKind,
    Edge,
    EdgeKind,
    Kind,
    Origin,
    Outcome,
    Part,
    Platform,
    Precision,
    Role,
    Run,
    Stance,
    Status,
    Verdict,
)
from pipeline.stages.track import track
from pipeline.store.store import Store
from tests.worlds.builder import World, hours

NIGHTS = tuple(datetime(2026, month, day, 3, tzinfo=UTC) for month, day in ((1, 6), (1, 12), (3, 2)))
LANTERN, COPYIST, KESTREL, SPARROW, OKAFOR, AUREL = (
    "the-lantern", "copyist-daily", "x:kestrel", "x:sparrow", "bluesky:ines-okafor", "aurel-blog",
)  # fmt: skip
NOBODY: dict[str, Any] = {"speaker": None, "certainty": Certainty.REPORTED}


def fill(store: Store, run: RunContext) -> None:
    """Write the newsroom's three nights; `run` is the last."""
    room = _Newsroom(store)
    room.tests()
    room.sizes()
    room.releases()
    room.price()
    room.sparrow()
    room.nights()
    room.names()
    track(store, run)


class _Newsroom:
    def __init__(self, store: Store) -> None:
        self.store, self.world = store, World(store)
        self.world.source("The Lantern")
        self.world.source("Copyist Daily")
        self.world.source("Kestrel", Role.ANONYMOUS, platform=Platform.X)
        self.world.source("Sparrow", Role.COMMUNITY, platform=Platform.X)
        self.world.source("Ines Okafor", Role.EXPERT, platform=Platform.BLUESKY)
        self.world.source("Aurel Blog", Role.FIRST_PARTY, "Aurel", Platform.BLOG)

    def names(self) -> None:
        """What the names are, as the gazetteer would say."""
        known = {"Aster 4": "model", "Aster 5": "model", "Lyra": "benchmark"}
        self.store.append("names", [{"name": name, "type": type_, "owner": "Aurel" if type_ == "model" else None, "model": "test"} for name, type_ in known.items()])

    def claim(
        self,
        claim_id: str,
        text: str,
        kind: Kind,
        organisation: str = "Aurel",
        entity: str = "Aster 4",
        due: datetime | None = None,
    ) -> None:
        precision = Precision.DAY if due else Precision.UNKNOWN
        self.world.claim(claim_id, text, kind, (organisation,), (entity,), due, precision)
        self.store.append(
            "checkworthy",
            [
                {
                    "claim_id": claim_id,
                    "checkworthy": 0.9 if kind is Kind.PRICE else 0.5,
                    "why": [f"kind: {kind}"],
                }
            ],
        )

    def say(
        self,
        claim_id: str,
        source: str,
        at: float,
        stance: Stance,
        words: str,
        document_id: str,
        voice: str | None,
        **mention: Any,
    ) -> str:
        """A document that is its quote; `voice` is whose it is, None where it speaks for itself."""
        document = {"text": words}
        evidence_id = self.world.say(
            claim_id,
            source,
            hours(at),
            stance,
            document_id=document_id,
            document=document,
            quote=words,
            start=0,
            end=len(words),
            **mention,
        )
        self.origin(claim_id, document_id, source, voice)
        return evidence_id

    def origin(self, claim_id: str, document_id: str, source: str, voice: str | None) -> None:
        name = self.world.sources[source].name
        mentions = self.store.connection.execute(
            "SELECT mention_id FROM store.mentions WHERE document_id = ?", [document_id]
        ).fetchall()
        rows = [
            Origin(
                claim_id,
                mention_id,
                voice or f"source:{source}",
                voice or name,
                document_id,
                voice is None or voice.startswith("organisation:"),
                "by hand",
            )
            for (mention_id,) in mentions
        ]
        self.store.append("origins", rows)

    def judge(
        self,
        claim_id: str,
        night: datetime,
        steps: Iterable[tuple[float, Status, str]],
        voices: int,
        score: float,
    ) -> None:
        """A judgement with its steps: (hours after the start, status, reason)."""
        rows = [
            Verdict(
                claim_id,
                night,
                number,
                hours(at),
                status,
                score,
                voices,
                "by hand",
                reason,
                (),
                "Another voice.",
                f"{night:%Y%m%dT%H%M%SZ}",
                hours(at),
            )
            for number, (at, status, reason) in enumerate(steps)
        ]
        self.store.append("verdicts", rows)
        self.store.append(
            "judged", [{"claim_id": claim_id, "fingerprint": "f", "judged_at": night}], replace=True
        )

    def follows(self, document_id: str, origin: str, kind: EdgeKind) -> None:
        self.store.append(
            "edges", [Edge(f"g-{document_id}", document_id, origin, None, kind, 0.9, "as it says", "r1")]
        )

    def tests(self) -> None:
        """A rumour that is denied, deleted, and admitted in the end; a copyist whose headline loses its hedge."""
        self.claim("c-tests", "Aurel trained Aster 4 on test sets", Kind.BENCHMARK_GAMING)
        self.say("c-tests", KESTREL, 0, Stance.SUPPORTS, "Aster 4 has seen the tests.", "d-kestrel", None)
        first, later = "Aster 4 may have seen the tests", "Aster 4 has seen the tests"
        copy = self.world.document("d-copy", COPYIST, hours(2), "Somebody says so.", title=first)
        self.world.version("d-copy", 2, "Somebody says so.", hours(50), later)
        for number, (headline, certainty) in enumerate(
            ((first, Certainty.HEDGED), (later, Certainty.ASSERTED)), start=1
        ):
            mention = self.world.mention(
                "c-tests", copy.document_id, number=number, part=Part.TITLE, start=0, end=len(headline), quote=headline,
                mention_id=f"m-copy-{number}", speaker=None, certainty=certainty,
            )  # fmt: skip
            self.world.stance("c-tests", mention, Stance.REPORTS if number == 1 else Stance.SUPPORTS)
        self.origin("c-tests", "d-copy", COPYIST, f"source:{KESTREL}")
        self.store.append(
            "edits",
            [
                {
                    "version_id": "v-d-copy-2",
                    "change": "headline",
                    "noted": False,
                    "removed": first,
                    "added": later,
                }
            ],
        )
        self.follows("d-copy", "d-kestrel", EdgeKind.NEAR_DUPLICATE)
        quill: dict[str, Any] = {"speaker": "Mara Quill", "role": Role.FIRST_PARTY, "organisation": "Aurel"}
        self.say(
            "c-tests",
            AUREL,
            24,
            Stance.DENIES,
            "We never trained on test sets.",
            "d-denial",
            "organisation:aurel",
            **quill,
        )
        self.say(
            "c-tests",
            LANTERN,
            200,
            Stance.SUPPORTS,
            "Yes, the test sets were in it.",
            "d-admits",
            "organisation:aurel",
            **quill,
        )
        deleted = {"at": hours(30).replace(tzinfo=None), "before": hours(20).replace(tzinfo=None)}
        self.store.connection.execute(
            "UPDATE store.documents SET gone_at = $at, gone_after = $before, gone_evidence = 'answered 404' WHERE document_id = 'd-kestrel'",
            deleted,
        )
        rumour, denied = (
            (0.0, Status.UNVERIFIED, "One voice carries it."),
            (24.0, Status.DISPUTED, "Aurel denies it."),
        )
        self.judge("c-tests", NIGHTS[0], [rumour], 1, 0.5)
        self.judge("c-tests", NIGHTS[1], [rumour, denied], 1, 0.4)
        self.judge(
            "c-tests", NIGHTS[2], [rumour, denied, (200.0, Status.SUBSTANTIATED, "Aurel admits it.")], 2, 0.97
        )

    def sizes(self) -> None:
        """Two numbers for one model: one that two voices stand behind, and one that is only repeated."""
        self.claim("c-70", "Aster 4 has 70 B parameters", Kind.SIZE)
        self.claim("c-90", "Aster 4 has 90 B parameters", Kind.SIZE)
        plain = self.say(
            "c-70",
            LANTERN,
            3,
            Stance.SUPPORTS,
            "The Lantern has learned that it has 70 B parameters.",
            "d-70",
            None,
        )
        self.say("c-70", OKAFOR, 4, Stance.SUPPORTS, "I counted 70 B parameters.", "d-counted", None)
        self.world.version("d-70", 2, "It reportedly has 70 B parameters.", hours(60))
        self.store.append(
            "edits",
            [
                {
                    "version_id": "v-d-70-2",
                    "change": "body",
                    "noted": True,
                    "removed": "learned",
                    "added": "reportedly",
                }
            ],
        )
        self.store.append("rewordings", [{
            "claim_id": "c-70", "evidence_id": plain, "document_id": "d-70", "version_id": "v-d-70-2", "before": "has learned",
            "after": "reportedly", "hedged": True, "noted": False, "unchanged_at": None, "seen_at": hours(60),
        }])  # fmt: skip
        self.say("c-90", KESTREL, 5, Stance.SUPPORTS, "90 B, trust me.", "d-90", None)
        for number in (1, 2):
            self.say(
                "c-90",
                COPYIST,
                5 + number,
                Stance.REPORTS,
                f"Copy {number}: 90 B, it is said.",
                f"d-90-{number}",
                f"source:{KESTREL}",
                **NOBODY,
            )
            self.follows(f"d-90-{number}", "d-90", EdgeKind.NEAR_DUPLICATE)
        self.judge("c-70", NIGHTS[0], [(4.0, Status.CORROBORATED, "Two voices stand behind it.")], 2, 0.6)
        self.judge("c-90", NIGHTS[0], [(5.0, Status.UNVERIFIED, "One voice carries it.")], 1, 0.3)
        for one, other in (("c-70", "c-90"), ("c-90", "c-70")):
            self.store.append(
                "rivals",
                [{"claim_id": one, "rival_id": other, "slot": "number", "words": "70 B against 90 B"}],
            )
        self.world.decide(DecisionKind.STANCE, "m-d-90-1-c-90-0", "supports", hours(80), "it says so itself")

    def releases(self) -> None:
        """A release whose date is moved: the first date was missed, the second is this week."""
        due = {"c-january": datetime(2026, 1, 31, tzinfo=UTC), "c-march": datetime(2026, 3, 5, tzinfo=UTC)}
        for claim_id, (source, at, state) in {
            "c-january": (LANTERN, 1, "missed"),
            "c-march": (KESTREL, 600, "open"),
        }.items():
            self.claim(
                claim_id,
                f"Aurel releases Aster 5 by {due[claim_id]:%d %B}",
                Kind.RELEASE,
                entity="Aster 5",
                due=due[claim_id],
            )
            self.say(
                claim_id, source, at, Stance.SUPPORTS, f"Out by {due[claim_id]:%d %B}.", f"d-{claim_id}", None
            )
            release = {
                "claim_id": claim_id,
                "model": "Aster 5",
                "organisation": "Aurel",
                "release_key": "aster 5",
                "rung": "preview",
                "rung_reached": None,
            }
            self.store.append("releases", [release])
            self.store.append("resolutions", [{
                "claim_id": claim_id, "seen_at": hours(at + 1), "deadline": due[claim_id], "precision": "day",
                "how": "by a release page", "void": None, "run_id": "r1",
            }])  # fmt: skip
            self.store.append(
                "outcomes",
                [{"claim_id": claim_id, "state": state, "resolved_at": None, "reason": "it was looked for"}],
            )
        self.store.append("rungs", [{
            "claim_id": "c-march", "rung": "string_found", "reached_at": hours(600), "said": True, "document_id": "d-c-march",
            "evidence_id": None, "words": "aster-5 in a list",
        }])  # fmt: skip
        self.judge(
            "c-january",
            NIGHTS[2],
            [(1.0, Status.UNVERIFIED, "One voice."), (612.0, Status.EXPIRED, "Its time is over.")],
            1,
            0.1,
        )
        self.judge(
            "c-march", NIGHTS[1] + timedelta(days=20), [(600.0, Status.UNVERIFIED, "One voice.")], 1, 0.3
        )

    def price(self) -> None:
        """A cost that one outlet tells and an expert denies."""
        self.claim("c-price", "Training Aster 4 cost 6 million dollars", Kind.PRICE)
        self.say(
            "c-price",
            LANTERN,
            6,
            Stance.SUPPORTS,
            "The Lantern has learned that it cost 6 million dollars.",
            "d-cost",
            None,
        )
        self.say("c-price", OKAFOR, 20, Stance.DENIES, "Nobody trains that for 6 million.", "d-doubt", None)
        self.judge(
            "c-price",
            NIGHTS[0],
            [(6.0, Status.UNVERIFIED, "One voice."), (20.0, Status.DISPUTED, "An expert denies it.")],
            1,
            0.4,
        )

    def sparrow(self) -> None:
        """An account that was first and right four times, two days ahead."""
        for number in range(1, 5):
            self.claim(
                f"c-k{number}",
                f"Brisk's Dart {number} reads {number} million tokens",
                Kind.CAPABILITY,
                "Brisk",
                f"Dart {number}",
            )
            self.say(
                f"c-k{number}",
                SPARROW,
                number,
                Stance.SUPPORTS,
                f"I saw it read {number} million.",
                f"d-k{number}",
                None,
            )
            self.judge(
                f"c-k{number}",
                NIGHTS[1],
                [(number + 48.0, Status.SUBSTANTIATED, "A page shows it.")],
                1,
                0.96,
            )

    def nights(self) -> None:
        """Runs and crawls: The Lantern could not be read for a while, Copyist Daily not in the last night."""
        for number, night in enumerate(NIGHTS):
            run_id = f"{night:%Y%m%dT%H%M%SZ}"
            self.store.append(
                "runs", [Run(run_id, "nightly", night, night + timedelta(minutes=20), Outcome.OK, None)]
            )
            for feed in (LANTERN, COPYIST, SPARROW):
                failed = (number, feed) in ((0, LANTERN), (2, COPYIST))
                listed = None if failed else 10 if (number, feed) == (2, SPARROW) else 40
                self.store.append("crawls", [{
                    "run_id": run_id, "feed": feed, "started_at": night, "finished_at": night + timedelta(minutes=1),
                    "outcome": "failed" if failed else "ok", "documents": 0 if failed else 9, "requests": 3,
                    "message": "answered 503" if failed else None, "listed": listed, "expect_min": 5, "expect_max": 50,
                }])  # fmt: skip
