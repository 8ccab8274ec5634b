"""A claim with what is known of it up to an instant, as the rules of the ladder read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from pipeline.core.records import (
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
from pipeline.text.attribution import first_hand
from pipeline.text.names import name_key, tokens, within

# What anybody can look at, as against what only insiders can know.
OPEN = frozenset({Kind.CAPABILITY, Kind.BENCHMARK_RESULT, Kind.PRICE, Kind.LICENCE})

# What an organisation says of itself to its own credit.
PRAISE = frozenset({Kind.CAPABILITY, Kind.BENCHMARK_RESULT})


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of evidence. `at` is when it was said, or seen where `said` is False; `source` is who publishes it."""

    claim_id: str
    evidence_id: str
    document_id: str
    stance: Stance
    at: datetime
    said: bool
    voice: VoiceKey
    voice_name: str
    independent: bool
    role: Role
    organisation: str | None
    by_author: bool
    certainty: Certainty
    speech_verb: str | None
    quote: str
    numbers: tuple[str, ...]
    source: str
    platform: Platform
    source_role: Role
    source_organisation: str | None
    artefact: bool
    gone: bool
    edited: bool
    own_work: bool = False  # an artefact whose authors speak of the thing as theirs ("we introduce", "our model")

    @property
    def first_party(self) -> bool:
        """Whether the subject of the claim speaks."""
        return self.role is Role.FIRST_PARTY

    @property
    def carries(self) -> bool:
        """Whether it carries the claim on, standing behind it or not."""
        return self.stance in (Stance.SUPPORTS, Stance.REPORTS)

    @property
    def own_words(self) -> bool:
        """Whether the voice itself speaks here, as against somebody who passes it on."""
        return self.independent or self.first_party

    @property
    def at_home(self) -> bool:
        """Whether it stands in the speaker's own document, or in one of the speaker's organisation."""
        return self.by_author or (self.organisation is not None and self.organisation == self.source_organisation)

    @property
    def measured(self) -> bool:
        """Whether it rests on a measurement: an artefact, figures, or first-hand knowledge."""
        return self.artefact or bool(self.numbers) or first_hand(self.quote)

    @property
    def repetition(self) -> tuple[object, ...] | None:
        """Equal for items of which all but the first are repetitions; None for a voice's own words."""
        return None if self.own_words or self.artefact else (self.voice, self.stance, self.certainty, self.role)


@dataclass(frozen=True, slots=True)
class Artefact:
    """A release page of one of the claim's organisations; `name` is its title, or the end of its URL.

    `text` is its beginning and its end, where platforms state their facts.
    """

    document_id: str
    name: str
    url: str
    organisation: str
    at: datetime
    said: bool
    platform: Platform = Platform.OTHER
    text: str = ""


@dataclass(frozen=True, slots=True)
class Rewording:
    """A later version of a document no longer says what a piece of evidence quotes.

    `after` is what stands in its place, None where nothing does; `hedged` says whether it was plain and is no more.
    `noted`: the page says that it was corrected. It changed between `unchanged_at`, where known, and `seen_at`; at
    `restored_at` the old words were seen to stand there again.
    """

    claim_id: str
    evidence_id: str
    document_id: str
    version_id: str
    before: str
    after: str | None
    hedged: bool
    noted: bool
    unchanged_at: datetime | None
    seen_at: datetime
    restored_at: datetime | None = None

    @property
    def softens(self) -> bool:
        """Whether the document stood behind its words no longer: they were hedged, or gone."""
        return self.hedged or self.after is None

    def holds(self, at: datetime) -> bool:
        """Whether the words were not restored by then."""
        return self.restored_at is None or self.restored_at > at


@dataclass(frozen=True, slots=True)
class Ruling:
    """What an editor decided."""

    status: Status
    editor: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rival:
    """A claim that cannot be true together with this one, and since when it is substantiated."""

    claim_id: str
    claim: str
    at: datetime
    said: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """The claim that is judged."""

    claim_id: str
    claim: str
    kind: Kind
    organisations: tuple[str, ...]
    entities: tuple[str, ...]
    event_at: datetime | None
    event_precision: Precision
    organisation_names: tuple[str, ...] = ()  # as they are written; `organisations` are for comparison

    @property
    def called(self) -> tuple[str, ...]:
        """The organisations as they are written."""
        return self.organisation_names or self.organisations

    @property
    def models(self) -> list[str]:
        """The entities that are no organisation."""
        return [entity for entity in self.entities if name_key(entity) not in {name_key(o) for o in self.organisations}]

    @property
    def specific(self) -> list[str]:
        """The models by their most specific names: of "Aster 4" and "Aster 4 Mini" the second."""
        names = {entity: tokens(entity) for entity in self.models}
        return [one for one, name in names.items() if name and not any(name != other and within(name, other) for other in names.values())]

    @property
    def deadline(self) -> datetime | None:
        """When the time that the claim names is over."""
        if self.event_at is None:
            return None
        midnight = self.event_at.time() == datetime.min.time()
        return self.event_at + timedelta(days=1) if self.event_precision is Precision.DAY and midnight else self.event_at

    def before_its_time(self, at: datetime) -> bool:
        """Whether what was said at `at` speaks of the future."""
        days = {Precision.DAY: 1, Precision.MONTH: 31, Precision.QUARTER: 92, Precision.YEAR: 366}.get(self.event_precision, 0)
        return self.deadline is not None and at < self.deadline - timedelta(days=days)

    @property
    def party(self) -> str | None:
        """The organisation that the claim is about; None where several are named and it cannot be told which."""
        if len(self.organisations) < 2:
            return self.organisations[0] if self.organisations else None
        claim = f" {name_key(self.claim)} "
        places = {name: claim.find(f" {name_key(name)}") for name in (*self.organisations, *self.entities)}
        named = {name: place for name, place in places.items() if place >= 0}
        first = min(named, key=lambda name: named[name], default=None)
        if first in self.organisations:
            return first
        unnamed = [name for name in self.organisations if name not in named]
        return unnamed[0] if len(unnamed) == 1 else None


@dataclass(frozen=True)
class Case:
    """What the ladder decides on: the claim, and everything known of it up to `at`."""

    subject: Subject
    at: datetime
    items: tuple[Item, ...]
    artefacts: tuple[Artefact, ...] = ()
    rivals: tuple[Rival, ...] = ()
    ruling: Ruling | None = None
    rewordings: tuple[Rewording, ...] = ()
    corroborating_voices: int = 2

    @property
    def kind(self) -> Kind:
        """What the claim is about."""
        return self.subject.kind

    @property
    def overdue(self) -> bool:
        """Whether the time that the claim names is over."""
        return self.subject.deadline is not None and self.at >= self.subject.deadline

    @cached_property
    def carriers(self) -> list[Item]:
        """Items that carry the claim, by time."""
        return [item for item in self.items if item.carries]

    @cached_property
    def denials(self) -> list[Item]:
        """Denials by a voice that has not taken them back since; hearsay is no voice."""
        return [i for i in self._standing(Stance.DENIES) if self.turn(i.voice, Stance.SUPPORTS) is None]

    @cached_property
    def supports(self) -> list[Item]:
        """Support by a voice that has not taken it back since; hearsay is no voice."""
        return [i for i in self._standing(Stance.SUPPORTS) if self.turn(i.voice, Stance.DENIES) is None]

    def _standing(self, stance: Stance) -> list[Item]:
        return [item for item in self.items if item.stance is stance and item.voice != HEARSAY]

    @cached_property
    def _by_voice(self) -> dict[VoiceKey, list[Item]]:
        voices: dict[VoiceKey, list[Item]] = {}
        for item in self.items:
            voices.setdefault(item.voice, []).append(item)
        return voices

    @cached_property
    def _turns(self) -> dict[tuple[VoiceKey, Stance], Item | None]:
        return {}

    def turn(self, voice: VoiceKey, to: Stance) -> Item | None:
        """The voice's own words by which it went over from support to denial, or back, where those are its last."""
        if (voice, to) not in self._turns:
            self._turns[voice, to] = self._turned(voice, to)
        return self._turns[voice, to]

    def _turned(self, voice: VoiceKey, to: Stance) -> Item | None:
        old = Stance.DENIES if to is Stance.SUPPORTS else Stance.SUPPORTS
        said = self._by_voice.get(voice, [])
        before = [i.at for i in said if i.stance is old and i.own_words] or [i.at for i in said if i.stance is old][:1]
        after = [i for i in said if i.stance is to and i.own_words]
        return after[-1] if before and after and after[-1].at > before[-1] else None

    @cached_property
    def voices(self) -> int:
        """How many voices carry the claim; hearsay and whoever only passes it on add none."""
        return len({item.voice for item in self.carriers if item.voice != HEARSAY})

    @cached_property
    def corroborating(self) -> list[Item]:
        """One supporting item for each voice that speaks for itself, can know, and has not softened its words since."""
        return [item for item in self.spoken if item.evidence_id not in self._softened]

    @cached_property
    def _softened(self) -> set[str]:
        return {edit.evidence_id for edit in self.rewordings if edit.softens and edit.holds(self.at)}

    @cached_property
    def spoken(self) -> list[Item]:
        """One supporting item for each voice that speaks for itself and can know, whatever later versions made of its words."""
        found: dict[str, Item] = {}
        for item in self.supports:
            praise = item.first_party and self.kind in PRAISE
            if item.own_words and item.role is not Role.AGGREGATOR and self.can_know(item) and not praise:
                kept = found.get(item.voice)
                # A voice's firm words count, wherever else it has softened them.
                if kept is None or (kept.evidence_id in self._softened and item.evidence_id not in self._softened):
                    found[item.voice] = item
        return list(found.values())

    def can_know(self, item: Item) -> bool:
        """Whether the speaker can know: a reporter, an expert, the subject, whoever has it first-hand, anyone where all can look."""
        if item.role in (Role.FIRST_PARTY, Role.PRESS, Role.EXPERT) or item.artefact:
            return True
        return self.kind in OPEN or first_hand(item.quote)

    def by_the_subject(self, item: Item) -> bool:
        """Whether the subject says it about itself, where its words can be trusted to be its own."""
        subject = self.subject
        # An account is known by its handle; what others have the subject say must come from press or an expert.
        trusted = item.by_author or item.source_role in (Role.PRESS, Role.EXPERT) or item.source_organisation in subject.organisations
        ours = item.organisation or item.source_organisation
        party = self.kind in (Kind.DEAL, Kind.PEOPLE) or (subject.party is not None and ours in (None, subject.party))
        return item.first_party and trusted and party
