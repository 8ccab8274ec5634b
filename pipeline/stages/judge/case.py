"""A claim with what is known of it up to an instant, as the rules read it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

from pipeline.core.vocabulary import HEARSAY, Certainty, Kind, Precision, Role, Stance, VoiceKey, VoiceKind
from pipeline.stages.judge.accounts import Accounts, corroborating
from pipeline.stages.judge.evidence import Artefact, Item, Rewording, Rival, Ruling, Telling
from pipeline.stages.judge.to_come import foretold_at
from pipeline.text.attribution import first_hand
from pipeline.text.figures import Figure, figures
from pipeline.text.names import name_key, tokens, within
from pipeline.text.slots import ClaimText

Answer = TypeVar("Answer")
Predicate = Callable[["Case", Item], object]

# What anybody can look at, as against what only insiders can know.
OPEN = frozenset({Kind.CAPABILITY, Kind.BENCHMARK_RESULT, Kind.PRICE, Kind.LICENCE})

# What can be measured: of these a figure that is not the claim's own tells of a measurement.
MEASURABLE = frozenset({Kind.CAPABILITY, Kind.BENCHMARK_RESULT, Kind.SIZE, Kind.SAFETY})

# What an organisation says of itself to its own credit.
PRAISE = frozenset({Kind.CAPABILITY, Kind.BENCHMARK_RESULT})

# What stays so once it is so, whenever somebody tells of it.
LASTING = PRAISE | {Kind.SIZE, Kind.LICENCE, Kind.TRAINING_DATA, Kind.IDENTITY}

# Kinds on which any organisation of a claim may speak; on others only the one that it is chiefly about.
OF_ALL = frozenset({Kind.DEAL, Kind.PEOPLE})

# Whose quotations of somebody are taken for their words.
QUOTING = (Role.PRESS, Role.EXPERT)

OPPOSITE = {Stance.SUPPORTS: Stance.DENIES, Stance.DENIES: Stance.SUPPORTS}

DAYS = {Precision.DAY: 1, Precision.MONTH: 31, Precision.QUARTER: 92, Precision.YEAR: 366}  # at most


OPENING = 5  # words in which a claim names whom it is about, if its time alone tells that it is to come
SHORT = 2  # letters of a word that names nobody by itself
# What tells more about somebody ("a project that aims to ...") is not what is claimed.
_RELATIVE_CLAUSE = re.compile(r"\b(?:that|which|who|whose)\b.*", re.IGNORECASE | re.DOTALL)


# Who speaks without a verb of saying: "according to Aurel", "Aurel: it is so".
_NAMED_AS_SOURCE = re.compile(
    r"\baccording to\b|\b(?:announced|confirmed) by\b|^[^,.;:]{2,60}:\s", re.IGNORECASE
)
# What a maker does and need not say: "Aurel launches Aster 4" is the word of the outlet that tells it.
_DEEDS = frozenset({"debut", "deploy", "drop", "introduce", "launch", "open", "open-source", "publish",
                    "release", "relaunch", "roll", "ship", "unveil"})


class Shortfall(StrEnum):
    """Why a voice that carries a claim does not corroborate it; those that come nearer to it stand later."""

    TAKEN_BACK = "taken_back"
    PASSED_ON = "passed_on"
    TOLD = "told"
    NEUTRAL = "neutral"
    HEDGED = "hedged"
    PRAISE = "praise"
    UNKNOWING = "unknowing"
    UNSURE = "unsure"
    REPEATED = "repeated"
    APART = "apart"
    SOFTENED = "softened"
    SUBJECT = "subject"


@dataclass(frozen=True)
class Subject(ClaimText):
    """The claim that is judged. `boards` are the keys of those on whose boards it claims a result."""

    organisation_names: tuple[str, ...] = ()  # as they are written; `organisations` are keys of their parents
    boards: tuple[str, ...] = ()

    @property
    def called(self) -> tuple[str, ...]:
        """Return the organisations as they are written."""
        return self.organisation_names or self.organisations

    def written(self, key: str | None) -> str | None:
        """Return the organisation of that key as it is written, else the first one."""
        return next((name for name in self.called if name_key(name) == key), next(iter(self.called), None))

    @cached_property
    def models(self) -> list[str]:
        """Return the entities that are no organisation."""
        organisations = {name_key(name) for name in (*self.organisations, *self.organisation_names)}
        return [entity for entity in self.entities if name_key(entity) not in organisations]

    @cached_property
    def specific(self) -> list[str]:
        """Return the models by their most specific names: of "Aster 4" and "Aster 4 Mini" the second."""
        names = {model: tokens(model) for model in self.models}
        return [
            model
            for model, name in names.items()
            if name and not any(name != other and within(name, other) for other in names.values())
        ]

    @property
    def deadline(self) -> datetime | None:
        """Return when the time that the claim names is over."""
        if self.event_at is None:
            return None
        midnight = self.event_at.time() == datetime.min.time()
        whole_day = self.event_precision is Precision.DAY and midnight
        return self.event_at + timedelta(days=1) if whole_day else self.event_at

    def in_time(self, at: datetime) -> bool:
        """Return whether `at` is before the time that the claim names is over, where it names one."""
        return self.deadline is None or at < self.deadline

    def before_its_time(self, at: datetime) -> bool:
        """Return whether what was said at `at` speaks of the future."""
        span = timedelta(days=DAYS.get(self.event_precision, 0))
        return self.deadline is not None and at < self.deadline - span

    def is_plan(self, at: datetime) -> bool:
        """Return whether it is, as said at `at`, a plan of one that it is about: in words or time to come."""
        if self._foretold_at is not None:
            return self._names_before(self._foretold_at)
        return self.before_its_time(at) and self._names_before(len(" ".join(self.claim.split()[:OPENING])))

    @cached_property
    def _foretold_at(self) -> int | None:
        return foretold_at(_RELATIVE_CLAUSE.sub("", self.claim))

    def _names_before(self, end: int) -> bool:
        """Return whether the words before a place in the claim have one that names whom it is about."""
        words = set(tokens(self.claim[:end]))
        named = (tokens(name) for name in (*self.called, *self.entities))
        return any(word in words for name in named for word in name if len(word) > SHORT)

    @cached_property
    def party(self) -> str | None:
        """Return the organisation that the claim is about; None where several are named and none is chief."""
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
    """What the rules decide on: the claim, and everything known of it up to `at`, the items by time.

    `idle` items stand against the claim on its page, and no rule looks at them: they are read too unsurely,
    or tell of another time. `whole` is the case of which this one is the beginning.
    """

    subject: Subject
    at: datetime
    items: tuple[Item, ...]
    artefacts: tuple[Artefact, ...] = ()
    rivals: tuple[Rival, ...] = ()
    ruling: Ruling | None = None
    rewordings: tuple[Rewording, ...] = ()
    corroborating_voices: int = 2
    tellings: tuple[Telling, ...] = ()
    idle: tuple[Item, ...] = ()
    whole: Case | None = field(default=None, repr=False, compare=False)

    def in_order(self) -> Case:
        """Return the case with everything by time, and as the beginning of no other one."""
        return replace(
            self,
            items=tuple(sorted(self.items, key=lambda item: (item.at, item.evidence_id))),
            idle=tuple(sorted(self.idle, key=lambda item: (item.at, item.evidence_id))),
            artefacts=tuple(sorted(self.artefacts, key=lambda page: (page.at, page.document_id))),
            rivals=tuple(sorted(self.rivals, key=lambda rival: (rival.at, rival.claim_id))),
            rewordings=tuple(sorted(self.rewordings, key=lambda edit: (edit.seen_at, edit.evidence_id))),
            whole=None,
        )

    def as_of(self, at: datetime) -> Case:
        """Return the case with what had been said by then, as far as it is known now."""
        return replace(
            self,
            at=min(at, self.at),  # a document dated in the future does not make a deadline pass
            items=self.items[: bisect_right(self.items, at, key=lambda item: item.at)],
            idle=self.idle[: bisect_right(self.idle, at, key=lambda item: item.at)],
            artefacts=tuple(page for page in self.artefacts if page.at <= at),
            rivals=tuple(rival for rival in self.rivals if rival.at <= at),
            ruling=self.ruling if self.ruling and self.ruling.at <= at else None,
            rewordings=tuple(edit for edit in self.rewordings if edit.seen_at <= at),
            whole=self.whole or self,
        )

    def matching(self, predicate: Predicate) -> list[Item]:
        """Return the items for which a predicate holds, by time.

        The predicate may look at the claim and the item, at no other item: it is asked once for each item,
        and the answer counts for every time as of which the case is read.
        """
        whole_case = self.whole or self
        if predicate not in whole_case._matching:
            places = [place for place, item in enumerate(whole_case.items) if predicate(whole_case, item)]
            whole_case._matching[predicate] = places, [whole_case.items[place] for place in places]
        places, items = whole_case._matching[predicate]
        return items[: bisect_left(places, len(self.items))]

    @cached_property
    def _matching(self) -> dict[Predicate, tuple[list[int], list[Item]]]:
        return {}

    def once(self, question: Callable[[Case], Answer]) -> Answer:
        """Return the answer to a question about the case, worked out when it is first asked."""
        if question not in self._answers:
            self._answers[question] = question(self)
        answer: Answer = self._answers[question]
        return answer

    @cached_property
    def _answers(self) -> dict[Callable[[Case], Any], Any]:
        return {}

    @property
    def kind(self) -> Kind:
        """Return what the claim is about."""
        return self.subject.kind

    @property
    def overdue(self) -> bool:
        """Return whether the time that the claim names is over."""
        return not self.subject.in_time(self.at)

    @cached_property
    def carriers(self) -> list[Item]:
        """Return the items that carry the claim, by time."""
        return self.matching(_carries)

    @cached_property
    def denials(self) -> list[Item]:
        """Return the denials by voices that have not taken them back since; hearsay is no voice."""
        return self.standing_by(Stance.DENIES, _denies)

    @cached_property
    def supports(self) -> list[Item]:
        """Return the support by voices that have not taken it back since; hearsay is no voice."""
        return self.standing_by(Stance.SUPPORTS, _supports)

    def standing_by(self, stance: Stance, predicate: Predicate) -> list[Item]:
        """Return the items for which a predicate holds, but those of voices that took that stance back."""
        items = self.matching(predicate)
        voices = {item.voice for item in items}
        standing = {voice for voice in voices if self.turn(voice, OPPOSITE[stance]) is None}
        return [item for item in items if item.voice in standing]

    @cached_property
    def _turns(self) -> dict[tuple[VoiceKey, Stance], Item | None]:
        return {}

    def turn(self, voice: VoiceKey, to: Stance) -> Item | None:
        """Return the item by which a voice turned `to` denial, or support, if that is its last word."""
        if (voice, to) not in self._turns:
            self._turns[voice, to] = self._turned(voice, to)
        return self._turns[voice, to]

    def _turned(self, voice: VoiceKey, to: Stance) -> Item | None:
        old = OPPOSITE[to]
        before = self._said(voice, old, own_words=True)[-1:] or self._said(voice, old, own_words=False)[:1]
        after = self._said(voice, to, own_words=True)[-1:]
        return after[0] if before and after and after[0].at > before[0].at else None

    def _said(self, voice: VoiceKey, stance: Stance, *, own_words: bool) -> list[Item]:
        places, items = (self.whole or self)._by_voice.get((voice, stance, own_words), ([], []))
        return items[: bisect_left(places, len(self.items))]

    @cached_property
    def _by_voice(self) -> dict[tuple[VoiceKey, Stance, bool], tuple[list[int], list[Item]]]:
        voices: dict[tuple[VoiceKey, Stance, bool], tuple[list[int], list[Item]]] = {}
        for place, item in enumerate(self.items):
            places, items = voices.setdefault((item.voice, item.stance, item.own_words), ([], []))
            places.append(place)
            items.append(item)
        return voices

    @cached_property
    def voices(self) -> int:
        """Return how many voices carry the claim; hearsay and whoever only passes it on add none."""
        return len({item.voice for item in self.carriers if item.voice != HEARSAY})

    @cached_property
    def corroborating(self) -> list[Item]:
        """Return the accounts that corroborate the claim, of those that no later version has softened."""
        firm = [item for item in self.accounts if item.evidence_id not in self.softened]
        return corroborating(firm, lasting=self.lasting)

    @cached_property
    def softened(self) -> dict[str, Rewording]:
        """Return by evidence id the first edit that softened its words, where it still holds."""
        return {edit.evidence_id: edit for edit in reversed(self.rewordings)
                if edit.holds(self.at) and edit.softens(self.subject.claim)}

    @cached_property
    def spoken(self) -> list[Item]:
        """Return the accounts that corroborate the claim, or would if no later version had softened them."""
        return corroborating(self.accounts, lasting=self.lasting)

    @property
    def lasting(self) -> bool:
        """Return whether it makes no difference when voices speak: the claim tells what stays so, or when."""
        return self.kind in LASTING or self.subject.event_at is not None

    def no_accounts(self) -> Accounts:
        """Return the accounts of the claim before any is given."""
        return Accounts(praise=self.kind in PRAISE, lasting=self.lasting,
                        of_a_plan=lambda item: self.subject.is_plan(item.at))

    @cached_property
    def accounts(self) -> list[Item]:
        """Return one supporting item for each voice that speaks for itself, plainly, and can know."""
        accounts = self.no_accounts()
        for item in self.standing_by(Stance.SUPPORTS, is_account):
            # A voice's firm words count, wherever else it has softened them.
            accounts.add(item, firm=item.evidence_id not in self.softened)
        return list(accounts.items.values())

    def shortfall(self, item: Item) -> Shortfall | None:
        """Return why an item is no voice for the claim; None where it is one."""
        taken_back = item.stance is Stance.SUPPORTS and self.turn(item.voice, Stance.DENIES) is not None
        return Shortfall.TAKEN_BACK if taken_back else self.shortfall_by_itself(item)

    def shortfall_by_itself(self, item: Item) -> Shortfall | None:
        """Return the same, as far as the item tells by itself."""
        if not item.own_words:
            return Shortfall.PASSED_ON
        if item.role is Role.AGGREGATOR or item.certainty is Certainty.REPORTED:
            return Shortfall.TOLD
        if item.plain and item.stance is Stance.REPORTS:
            return Shortfall.NEUTRAL
        if not item.plain:
            return Shortfall.HEDGED
        if item.first_party and self.kind in PRAISE:
            return Shortfall.PRAISE
        if not self.can_know(item):
            return Shortfall.UNKNOWING
        return None if item.sure else Shortfall.UNSURE

    @property
    def shortfalls(self) -> dict[Shortfall, int]:
        """Count by reason the voices that carry the claim and do not corroborate it: of several items of one
        voice the reason of the nearest.
        """
        counted = {item.voice for item in self.corroborating} | {HEARSAY}
        nearest: dict[VoiceKey, Shortfall] = {}
        order = list(Shortfall)
        for item in self.carriers:
            if item.voice not in counted:
                reason = self.shortfall(item) or self._outside(item)
                nearest[item.voice] = max(reason, nearest.get(item.voice, reason), key=order.index)
        return {reason: count for reason in order if (count := list(nearest.values()).count(reason))}

    def _outside(self, item: Item) -> Shortfall:
        """Return why an item that tells the claim as an account does is none that corroborates it."""
        if item.first_party:
            return Shortfall.SUBJECT
        if item.evidence_id in self.softened:
            return Shortfall.SOFTENED
        return Shortfall.APART if item in self.accounts else Shortfall.REPEATED

    def can_know(self, item: Item) -> bool:
        """Return whether the speaker can know: by its role, first-hand, or because anybody can look.

        Of what a model can do anybody may judge who tried it, or tells figures of their own.
        """
        if item.role in (Role.FIRST_PARTY, Role.PRESS, Role.EXPERT) or item.artefact:
            return True
        if self.kind in OPEN - PRAISE or first_hand(item.quote):
            return True
        return self.kind in PRAISE and self.measures(item)

    def measures(self, item: Item) -> bool:
        """Return whether it rests on a measurement: an artefact, first-hand knowledge, a figure of its own.

        Whoever repeats the claim's figures, for it or against it, has measured nothing.
        """
        if item.artefact or first_hand(item.quote):
            return True
        told_figures = [figure for number in item.numbers for figure in figures(number.lower())]
        return self.kind in MEASURABLE and not all(
            any(figure.agrees(claimed) for claimed in self._figures) for figure in told_figures
        )

    @cached_property
    def _figures(self) -> tuple[Figure, ...]:
        return figures(self.subject.claim.lower())

    def is_subject(self, item: Item) -> bool:
        """Return whether the subject speaks, whoever passes it on."""
        as_subject = item.voice.kind is VoiceKind.ORGANISATION and item.voice.id in self.subject.organisations
        return item.first_party or as_subject

    @property
    def speakers(self) -> tuple[str, ...]:
        """Return the organisations, as written, whose own word is the subject's (`by_the_subject`)."""
        if self.kind in OF_ALL:
            return self.subject.called
        name = self.subject.written(self.subject.party) if self.subject.party else None
        return (name,) if name else ()

    def by_the_subject(self, item: Item) -> bool:
        """Return whether the subject says it about itself, in words that can be trusted to be its own."""
        if not item.first_party:
            return False
        subject = self.subject
        trusted = _trusted(item) or item.source_organisation in subject.organisations
        organisation = item.organisation or item.source_organisation
        party = subject.party is not None and organisation in (None, subject.party)
        return trusted and (party or self.kind in OF_ALL)

    def by_the_board(self, item: Item) -> bool:
        """Return whether the board on which a result is claimed tells of it itself."""
        return item.organisation in self.subject.boards and not item.first_party and _trusted(item)


def _carries(_: Case, item: Item) -> bool:
    return item.carries


def _supports(_: Case, item: Item) -> bool:
    return item.stance is Stance.SUPPORTS and item.voice != HEARSAY


def _denies(_: Case, item: Item) -> bool:
    return item.stance is Stance.DENIES and item.voice != HEARSAY


def is_account(case: Case, item: Item) -> bool:
    """Return whether it supports the claim in the way of somebody who knows it and stands behind it."""
    return _supports(case, item) and case.shortfall_by_itself(item) is None


def _trusted(item: Item) -> bool:
    """Return whether the words can be taken for the speaker's own.

    An account is known by its handle; what others quote must come from press or an expert, in words that tell
    of its saying it: without these they may tell of a deed, which they know from whomever.
    """
    told = item.speech_verb is not None and item.speech_verb.lower() not in _DEEDS
    quoted = told or _NAMED_AS_SOURCE.search(item.quote) is not None
    return item.by_author or (item.source_role in QUOTING and quoted)
