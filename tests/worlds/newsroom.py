"""A small newsroom: a reader can see the answer to each question of docs/sql.md in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.core.context import RunContext
from pipeline.core.vocabulary import (
    Certainty,
    DecisionKind,
    EdgeKind,
    Kind,
    Outcome,
    Part,
    Platform,
    Precision,
    Role,
    Stance,
    Status,
)
from pipeline.stages.track import track
from pipeline.store.store import Store
from tests.worlds.builder import World, hours

NIGHTS = tuple(datetime(2026, month, day, 3, tzinfo=UTC) for month, day in ((1, 6), (1, 12), (3, 2)))
LANTERN, COPYIST, KESTREL, SPARROW, OKAFOR, AUREL = (
    "the-lantern", "copyist-daily", "x:kestrel", "x:sparrow", "bluesky:ines-okafor", "aurel-blog",
)  # fmt: skip
SUPPORTS, DENIES, REPORTS = Stance.SUPPORTS, Stance.DENIES, Stance.REPORTS
ONE_VOICE = "One voice carries it."


def fill(store: Store, run: RunContext) -> None:
    """Write the newsroom's three nights; `run` is the last."""
    newsroom = _Newsroom(store)
    newsroom.publishers()
    newsroom.tests()
    newsroom.sizes()
    newsroom.releases()
    newsroom.price()
    newsroom.sparrow()
    newsroom.nights()
    newsroom.names("model", "Aster 4", "Aster 5", owner="Aurel")
    newsroom.names("benchmark", "Lyra")
    track(store, run)


class _Newsroom(World):
    def publishers(self) -> None:
        self.source("The Lantern")
        self.source("Copyist Daily")
        self.source("Kestrel", Role.ANONYMOUS, platform=Platform.X)
        self.source("Sparrow", Role.COMMUNITY, platform=Platform.X)
        self.source("Ines Okafor", Role.EXPERT, platform=Platform.BLUESKY)
        self.source("Aurel Blog", Role.FIRST_PARTY, "Aurel", Platform.BLOG)

    def about(
        self, claim_id: str, text: str, kind: Kind, organisation: str = "Aurel", entity: str = "Aster 4",
        due: datetime | None = None,
    ) -> None:  # fmt: skip
        precision = Precision.DAY if due else Precision.UNKNOWN
        self.claim(claim_id, text, kind, (organisation,), (entity,), due, precision)
        self.worth(claim_id, 0.9 if kind is Kind.PRICE else 0.5, f"kind: {kind}")

    def tell(
        self, claim_id: str, source: str, at: float, stance: Stance, words: str, document_id: str,
        voice: str | None = None, document: dict[str, Any] | None = None, **mention: Any,
    ) -> str:  # fmt: skip
        """Write a document that is its quote; without a `voice` the source speaks for itself."""
        document_fields = {
            "document_id": document_id, "document": {"text": words} | (document or {}), "quote": words,
            "start": 0,
            "end": len(words),
        }
        evidence_id = self.say(claim_id, source, hours(at), stance, **document_fields, **mention)
        self.voice(claim_id, document_id, f"m-{document_id}-{claim_id}-0", voice)
        return evidence_id

    def voice(self, claim_id: str, document_id: str, mention_id: str, voice: str | None) -> None:
        source = self.documents[document_id].source_id
        independent = voice is None or voice.startswith("organisation:")
        name = voice or self.sources[source].name
        self.origin(
            claim_id, mention_id, voice or f"source:{source}", name, document_id, independent=independent
        )

    def judged(
        self, claim_id: str, night: datetime, voices: int, score: float, *steps: tuple[float, Status, str]
    ) -> None:
        """Write a judgement; a step holds the hours after the start, the status and the reason."""
        self.judge(
            claim_id,
            night,
            [(hours(moved_at), status, score, reason) for moved_at, status, reason in steps],
            voices,
        )

    def tests(self) -> None:
        """Write a rumour that is denied, deleted and admitted; a copyist's headline loses its hedge."""
        self.about("c-tests", "Aurel trained Aster 4 on test sets", Kind.BENCHMARK_GAMING)
        deleted = {"gone_at": hours(30), "gone_after": hours(20), "gone_evidence": "answered 404"}
        self.tell(
            "c-tests", KESTREL, 0, SUPPORTS, "Aster 4 has seen the tests.", "d-kestrel", document=deleted
        )
        first, later = "Aster 4 may have seen the tests", "Aster 4 has seen the tests"
        self.document("d-copy", COPYIST, hours(2), "Somebody says so.", title=first)
        self.version("d-copy", 2, "Somebody says so.", hours(50), later)
        headlines = ((first, Certainty.HEDGED, REPORTS), (later, Certainty.ASSERTED, SUPPORTS))
        for number, (headline, certainty, stance) in enumerate(headlines, start=1):
            mention = self.mention(
                "c-tests", "d-copy", number=number, part=Part.TITLE, start=0, end=len(headline),
                quote=headline,
                mention_id=f"m-copy-{number}", speaker=None, certainty=certainty,
            )  # fmt: skip
            self.stance("c-tests", mention, stance)
            self.voice("c-tests", "d-copy", mention, f"source:{KESTREL}")
        self.row("edits", version_id="v-d-copy-2", change="headline", noted=False, removed=first, added=later)
        self.follows("d-copy", "d-kestrel", EdgeKind.NEAR_DUPLICATE)
        quill: dict[str, Any] = {"speaker": "Mara Quill", "role": Role.FIRST_PARTY, "organisation": "Aurel"}
        aurel = "organisation:aurel"
        self.tell("c-tests", AUREL, 24, DENIES, "We never trained on test sets.", "d-denial", aurel, **quill)
        self.tell(
            "c-tests", LANTERN, 200, SUPPORTS, "Yes, the test sets were in it.", "d-admits", aurel, **quill
        )
        rumour, denied = (0.0, Status.UNVERIFIED, ONE_VOICE), (24.0, Status.DISPUTED, "Aurel denies it.")
        admitted = (200.0, Status.SUBSTANTIATED, "Aurel admits it.")
        self.judged("c-tests", NIGHTS[0], 1, 0.5, rumour)
        self.judged("c-tests", NIGHTS[1], 1, 0.4, rumour, denied)
        self.judged("c-tests", NIGHTS[2], 2, 0.97, rumour, denied, admitted)

    def sizes(self) -> None:
        """Write two numbers for one model: two voices of about the same time stand behind one, and the other
        is only repeated.
        """
        self.about("c-70", "Aster 4 has 70 B parameters", Kind.SIZE)
        self.about("c-90", "Aster 4 has 90 B parameters", Kind.SIZE)
        evidence_id = self.tell(
            "c-70", LANTERN, 3, SUPPORTS, "The Lantern has learned that it has 70 B parameters.", "d-70",
            document={"precision": Precision.DAY, "seen_at": hours(9)},
        )
        self.tell("c-70", OKAFOR, 4, SUPPORTS, "I counted 70 B parameters.", "d-counted")
        self.version("d-70", 2, "It reportedly has 70 B parameters.", hours(60))
        self.row(
            "edits", version_id="v-d-70-2", change="body", noted=True, removed="learned", added="reportedly"
        )
        self.row(
            "rewordings", claim_id="c-70", evidence_id=evidence_id, document_id="d-70", version_id="v-d-70-2",
            before="has learned", after="reportedly", hedged=True, noted=False, unchanged_at=None,
            seen_at=hours(60),
        )  # fmt: skip
        self.tell("c-90", KESTREL, 5, SUPPORTS, "90 B, trust me.", "d-90")
        for number in (1, 2):
            words, copy = f"Copy {number}: 90 B, it is said.", f"d-90-{number}"
            self.tell(
                "c-90", COPYIST, 5 + number, REPORTS, words, copy, f"source:{KESTREL}", speaker=None,
                certainty=Certainty.REPORTED,
            )  # fmt: skip
            self.follows(copy, "d-90", EdgeKind.NEAR_DUPLICATE)
        self.judged("c-70", NIGHTS[0], 2, 0.6, (4.0, Status.CORROBORATED, "Two voices stand behind it."))
        self.judged("c-90", NIGHTS[0], 1, 0.3, (5.0, Status.UNVERIFIED, ONE_VOICE))
        self.rivals("c-70", "c-90", "number", "70 B against 90 B")
        self.rivals("c-90", "c-70", "number", "70 B against 90 B")
        self.decide(DecisionKind.STANCE, "m-d-90-1-c-90-0", "supports", hours(80), "it says so itself")

    def releases(self) -> None:
        """Write a release whose date is moved: the first date was missed, the second is this week."""
        due_at = {"c-january": datetime(2026, 1, 31, tzinfo=UTC), "c-march": datetime(2026, 3, 5, tzinfo=UTC)}
        for claim_id, source, hour, state in (
            ("c-january", LANTERN, 1, "missed"), ("c-march", KESTREL, 600, "open")
        ):
            day = due_at[claim_id]
            text = f"Aurel releases Aster 5 by {day:%d %B}"
            self.about(claim_id, text, Kind.RELEASE, entity="Aster 5", due=day)
            self.tell(claim_id, source, hour, SUPPORTS, f"Out by {day:%d %B}.", f"d-{claim_id}")
            self.release(claim_id, "Aster 5", "Aurel", deadline=day, seen_at=hours(hour + 1), state=state)
        self.reached("c-march", "string_found", hours(600), "d-c-march", "aster-5 in a list")
        rumour, expired = (1.0, Status.UNVERIFIED, "One voice."), (612.0, Status.EXPIRED, "Its time is over.")
        self.judged("c-january", NIGHTS[2], 1, 0.1, rumour, expired)
        self.judged(
            "c-march", NIGHTS[1] + timedelta(days=20), 1, 0.3, (600.0, Status.UNVERIFIED, "One voice.")
        )

    def price(self) -> None:
        """Write a cost that one outlet tells and an expert denies, and that is followed."""
        self.about("c-price", "Training Aster 4 cost 6 million dollars", Kind.PRICE)
        learned = "The Lantern has learned that it cost 6 million dollars."
        self.tell("c-price", LANTERN, 6, SUPPORTS, learned, "d-cost")
        self.tell("c-price", OKAFOR, 20, DENIES, "Nobody trains that for 6 million.", "d-doubt")
        rumour, denied = (6.0, Status.UNVERIFIED, "One voice."), (
            20.0, Status.DISPUTED, "An expert denies it."
        )
        self.judged("c-price", NIGHTS[0], 1, 0.4, rumour, denied)
        words = "Training Aster 4 cost 6 million dollars"
        self.decide(DecisionKind.FOLLOW, "c-price", words, hours(30), "a tip")

    def sparrow(self) -> None:
        """Write an account that was first and right four times, two days ahead."""
        for number in range(1, 5):
            claim_id, text = f"c-k{number}", f"Brisk's Dart {number} reads {number} million tokens"
            self.about(claim_id, text, Kind.CAPABILITY, "Brisk", f"Dart {number}")
            self.tell(claim_id, SPARROW, number, SUPPORTS, f"I saw it read {number} million.", f"d-k{number}")
            shown = (number + 48.0, Status.SUBSTANTIATED, "A page shows it.")
            self.judged(claim_id, NIGHTS[1], 1, 0.96, shown)

    def nights(self) -> None:
        """Write runs and crawls: The Lantern was unread for a while, Copyist Daily in the last night."""
        for number, night in enumerate(NIGHTS):
            self.run(night, timedelta(minutes=20))
            for feed in (LANTERN, COPYIST, SPARROW):
                expected = {"expect_min": 5, "expect_max": 50}
                if (number, feed) in ((0, LANTERN), (2, COPYIST)):
                    self.crawl(feed, night, Outcome.FAILED, message="answered 503", **expected)
                else:
                    listed_count = 10 if (number, feed) == (2, SPARROW) else 40
                    self.crawl(feed, night, listed=listed_count, **expected)
