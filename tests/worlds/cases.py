"""Random cases of few words, so that voices repeat, deny, soften and take back what they and others said."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from pipeline.core.vocabulary import (
    HEARSAY,
    Certainty,
    Kind,
    Platform,
    Precision,
    Role,
    Stance,
    Status,
    VoiceKey,
)
from pipeline.stages.judge.case import Case, Subject
from pipeline.stages.judge.evidence import Artefact, Item, Rewording, Rival, Ruling
from tests.worlds.builder import hours

CLAIMS = {
    Kind.RELEASE: ("Aurel releases Aster 4", "Aurel will release Aster 4 in January",
                   "Aurel announces Aster 4", "Aurel no longer offers Aster 4",
                   "Aurel releases the API of Aster 4 for subscribers", "Aster 4 has open weights"),
    Kind.DELAY: ("Aurel delays Aster 4", "Aurel delays Aster 4 to next month"),
    Kind.TRAINING_DATA: ("Aurel trained Aster 4 on test sets",),
    Kind.BENCHMARK_RESULT: ("Aurel's Aster 4 is first on Quarry", "Aster 4 scores 80% on Quarry"),
    Kind.CAPABILITY: ("Aster 4 answers in 3 seconds", "Aster 4 writes plays"),
    Kind.SIZE: ("Aster 4 has 70 billion parameters",),
    Kind.PRICE: ("Aster 4 costs $3", "Aster 4 will cost $3 soon"),
    Kind.LICENCE: ("Aster 4 is under the MIT licence",),
    Kind.PEOPLE: ("Vera Holt leaves Aurel", "Vera Holt will leave Aurel next month"),
    Kind.DEAL: ("Aurel buys Borea", "Aurel plans to buy Borea"),
    Kind.SAFETY: ("Aster 4 leaks prompts",),
    Kind.BENCHMARK_GAMING: ("Aurel trained Aster 4 on test sets",),
    Kind.IDENTITY: ("The model called blueberry is Aster 4",),
    Kind.OTHER: ("Aster 4 is called Aurora inside Aurel", "Aurel will move to Paris soon"),
}
QUOTES = (
    "It is so.", "Aurel releases Aster 4 today", "We released Aster 4", "Aster 4 will come soon",
    "Aster 4 is available in the API now", "Aster 4 Mini is out", "I tested it and it is so",
    "We have seen the papers", "Users question the claimed result", "It is debated whether Aster 4 does it",
    "Aster 4 was spotted in the code", "Aurel trained Aster 4 on the test sets that it is measured by",
    "Aurel trained Aster 4 on the test sets that it is not measured by", "Aurel has acquired it",
    "It no longer is offered", "Several developers doubt it", "Aurel has now been doing so",
    "short words of it here", "Short words of it, here!", "Breaking: short words of it here",
    "模型已经发布了", "Aurel admits it", "Aster 4 has open weights", "for subscribers Aster 4 is there",
    "my own tests of Aster 4 say otherwise",
)  # fmt: skip
VOICES = ("source:a", "source:b", "source:c", "speaker:ann", "organisation:aurel", "unstored:x", "users",
          "hearsay", "house:h", "organisation:borea")
_STANCES: tuple[Sequence[Stance], ...] = (
    (Stance.SUPPORTS, Stance.DENIES), tuple(Stance), (Stance.SUPPORTS,), (*[Stance.SUPPORTS] * 4, *Stance),
    (Stance.DENIES, Stance.QUESTIONS, Stance.REPORTS), (Stance.DENIES,),
)  # fmt: skip
_CERTAINTIES: tuple[Sequence[Certainty], ...] = (
    (Certainty.ASSERTED,), tuple(Certainty), (*[Certainty.ASSERTED] * 6, *Certainty),
    (Certainty.PREDICTED, Certainty.ASSERTED),
)  # fmt: skip
_ROLES: tuple[Sequence[Role], ...] = (
    (Role.PRESS,), tuple(Role), (Role.FIRST_PARTY, Role.PRESS), (Role.COMMUNITY,),
    (Role.COMMUNITY, Role.EXPERT),
)  # fmt: skip


def random_case(seed: int, most: int = 14) -> Case:
    """Return a case of one to `most` pieces of evidence; the same seed gives the same one."""
    return _Chooser(random.Random(seed), most).case()


class _Chooser:
    """Chooses some properties once for a whole case, so that its items have them in common."""

    def __init__(self, chosen: random.Random, most: int) -> None:
        self._chosen = chosen
        self._count = chosen.randint(1, most)
        self._span = chosen.choice([2, 3, 10, 20, 45])  # hours
        self._to_the_hour = chosen.choice([0.1, 0.5, 1])  # share of items dated to the hour
        self._voices = chosen.sample(VOICES, chosen.randint(1, len(VOICES)))
        if chosen.random() < 0.4:
            self._voices += [f"source:v{number}" for number in range(chosen.randint(1, 12))]
        self._stances = chosen.choice(_STANCES)
        self._certainties = chosen.choice(_CERTAINTIES)
        self._roles = chosen.choice(_ROLES)
        self._quotes: Sequence[str] = chosen.choice([
            QUOTES, chosen.sample(QUOTES, 3), [f"I tested it: {quote}" for quote in QUOTES],
            [f"words of number {number} that nobody else says" for number in range(30)],
        ])  # fmt: skip
        self._own_sources = chosen.random() < 0.5

    def case(self) -> Case:
        chance = self._chosen
        subject = self._subject()
        items = tuple(self._item(number) for number in range(self._count))
        of_release = subject.kind in (Kind.RELEASE, Kind.DELAY)
        pages = tuple(map(self._page, range(chance.choice([0, 0, 1, 2, 4]) if of_release else 0)))
        edits = tuple(self._edit(number, chance.choice(items))
                      for number in range(chance.choice([0, 0, 0, 1, 3, 8, 14])))
        rivals = (Rival("r0", "other", self._at(), True),) if chance.random() < 0.15 else ()
        ruling = (Ruling(chance.choice(list(Status)), "Edda", "so it is", self._at())
                  if chance.random() < 0.06 else None)
        now = hours(chance.choice([20, 40, 1000]))
        return Case(subject, now, items, pages, rivals, ruling, edits, chance.choice([2, 2, 2, 1, 3, 4]))

    def _at(self) -> datetime:
        return hours(self._chosen.uniform(0, self._span))

    def _subject(self) -> Subject:
        chance = self._chosen
        kind = chance.choice(list(CLAIMS))
        event, precision = None, Precision.UNKNOWN
        if chance.random() < 0.55:
            event = hours(chance.choice([0, 5, 10, 15, 30, 24 * 20]))
            precision = chance.choice([Precision.DAY, Precision.DAY, Precision.MONTH, Precision.SECOND,
                                       Precision.YEAR])
            event = event.replace(hour=0) if precision is Precision.DAY else event
        organisations = chance.choice([("aurel",), ("aurel",), ("aurel", "borea"), ()])
        entities = chance.choice([("Aster 4",), ("Aster 4", "Aurel"), ("Aster",), ()])
        return Subject("c1", chance.choice(CLAIMS[kind]), kind, organisations, entities, event, precision,
                       boards=chance.choice([(), (), ("quarry",)]))

    def _item(self, number: int) -> Item:
        chance = self._chosen
        voice, role = VoiceKey(chance.choice(self._voices)), chance.choice(self._roles)
        first_party = role is Role.FIRST_PARTY
        said_at = hours(chance.randint(0, self._span)) if chance.random() < self._to_the_hour else self._at()
        own_source = self._own_sources and voice != HEARSAY
        source = voice.id if own_source else chance.choice(["s1", "s2", "s3", f"s{number}"])
        return Item(
            claim_id="c1", evidence_id=f"e{number:03}", stance=chance.choice(self._stances), at=said_at,
            document_id=f"d{chance.randint(0, self._count) if chance.random() < 0.5 else number}",
            said=chance.random() < 0.8, voice=voice, voice_name=voice.id or "rumour",
            independent=voice != HEARSAY and chance.random() < 0.8, role=role,
            organisation=chance.choice(["aurel", "aurel", None] if first_party
                                       else [None, None, "borea", "quarry"]),
            by_author=chance.random() < 0.6, certainty=chance.choice(self._certainties),
            speech_verb=chance.choice([None, "say", "admit"]), quote=chance.choice(self._quotes),
            numbers=chance.choice([(), (), ("3 seconds",), ("70 billion",), ("5 seconds", "3 seconds")]),
            source=source, source_id=source, platform=Platform.NEWS,
            source_role=chance.choice([Role.FIRST_PARTY, Role.PRESS] if first_party
                                      else [Role.PRESS, role, role]),
            source_organisation=chance.choice(["aurel", None] if first_party
                                              else [None, None, None, "borea"]),
            artefact=chance.random() < 0.07, gone=chance.random() < 0.1, edited=chance.random() < 0.1,
            own_work=chance.random() < 0.1, sure=chance.random() < 0.8,
            said_earliest=chance.choice([None, said_at, said_at - timedelta(hours=9)]),
            said_latest=chance.choice([None, said_at, said_at - timedelta(hours=2)]),
        )  # fmt: skip

    def _page(self, number: int) -> Artefact:
        chance = self._chosen
        said_at = hours(chance.uniform(-30, self._span))
        name = chance.choice(["aurel/Aster-4", "Aster 4 Mini", "aurel/Aster-4-70B", "Aster 4 Preview"])
        return Artefact(
            f"p{number}", name, "https://site.example", "aurel", said_at, chance.random() < 0.5,
            chance.choice([Platform.HUGGINGFACE, Platform.BLOG, Platform.GITHUB]),
            chance.choice(["Library: transformers", "API is available", "announced"]),
            chance.choice([None, said_at - timedelta(hours=40), said_at - timedelta(days=400)]),
        )  # fmt: skip

    def _edit(self, number: int, item: Item) -> Rewording:
        chance = self._chosen
        seen_at = item.at + timedelta(hours=chance.uniform(0, 20))
        words_after = chance.choice(
            [None, "It may be so.", "Aurel did not train Aster 4", f"{item.quote} indeed"]
        )
        restored_at = seen_at + timedelta(hours=chance.uniform(0, 10)) if chance.random() < 0.33 else None
        return Rewording("c1", item.evidence_id, item.document_id, f"v{number}", item.quote, words_after,
                         chance.random() < 0.4, chance.random() < 0.5, chance.choice([None, item.at]),
                         seen_at, restored_at)
