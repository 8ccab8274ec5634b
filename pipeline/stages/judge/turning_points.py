"""The times at which a claim's status may have changed, found in one pass over all that is known of it.

The rules read everything up to a time, so that to ask them after each piece of evidence takes time that grows
with the square of the number of pieces. They depend on little of it: whether there is something of a kind,
whether two voices say it, what the subject said last, how many corroborate. A summary of that is kept up to
date piece by piece, and the rules are asked only where it changes. A new rule adds what it reads to it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial

from pipeline.core.vocabulary import HEARSAY, Certainty, Stance, VoiceKey
from pipeline.stages.judge.case import OPPOSITE, Case
from pipeline.stages.judge.corroboration import Corroboration
from pipeline.stages.judge.doubts import asks, knows, nameless, tells_of_many, tells_of_the_claim, weighs
from pipeline.stages.judge.evidence import Artefact, Item
from pipeline.stages.judge.foretold import foretells, may_lapse
from pipeline.stages.judge.releases import fulfils, may_fulfil
from pipeline.stages.judge.rules import measured_otherwise, shows, states_it

SEVERAL = 2  # voices, or documents of one voice: no rule asks for more with one feature


def turning_points(case: Case) -> list[datetime]:
    """Return the times, from the first piece of evidence on, at which the claim's status may have changed.

    `case` has everything, in the order of time.
    """
    summary, start = _Summary(case), case.items[0].at
    changes: defaultdict[datetime, list[Callable[[], None]]] = defaultdict(list)

    def at(time: datetime, change: Callable[..., None], *arguments: object) -> None:
        changes[max(time, start)].append(partial(change, *arguments))

    for item in case.items:
        at(item.at, summary.add, item)
    for page in case.artefacts:
        at(page.at, summary.add_page, page)
    for edit in case.rewordings:
        if edit.softens(case.subject.claim):
            at(edit.seen_at, summary.soften, edit.evidence_id, 1)
            if edit.restored_at is not None and not edit.holds(case.at):
                at(edit.restored_at, summary.soften, edit.evidence_id, -1)
    for rival in case.rivals:
        at(rival.at, summary.note, "rival")
    if case.ruling is not None:
        at(case.ruling.at, summary.note, "ruling")
    if case.subject.deadline is not None and case.overdue:
        at(case.subject.deadline, summary.note, "overdue")

    points: list[datetime] = []
    before: Hashable = None
    for time in sorted(changes):
        for change in changes[time]:
            change()
        after = summary.snapshot()
        if after != before:
            points.append(time)
        before = after
    return points


class _Summary:
    """Everything known so far on which the rules depend."""

    def __init__(self, case: Case) -> None:
        # A predicate is asked of an item by itself: what else is said only decides what comes of it.
        self._case = replace(case, items=(), artefacts=(), rivals=(), ruling=None, rewordings=())
        self._events: set[str] = set()
        self._voices: defaultdict[VoiceKey, _Voice] = defaultdict(_Voice)
        self._features: Counter[str] = Counter()  # by how many voices have each
        self._first: _Voice | None = None  # that carries the claim
        self._subjects_word = _SubjectsWord(self._case)
        self._pages = _Pages(self._case)
        self._corroboration = Corroboration(self._case)

    def add(self, item: Item) -> None:
        """Add a piece of evidence."""
        voice = self._voices[item.voice]
        self._features.subtract(voice.features())
        voice.add(self._case, item)
        self._features.update(voice.features())
        self._corroboration.add(item)
        self._subjects_word.add(item)
        self._pages.add_carrier(item)
        if self._first is None and item.carries and item.voice != HEARSAY:
            self._first = voice

    def add_page(self, page: Artefact) -> None:
        """Add a release page."""
        self._pages.add(page)

    def soften(self, evidence_id: str, by: int) -> None:
        """Note that a later version softened the words of a piece of evidence, or (-1) restored them."""
        self._corroboration.soften(evidence_id, by)

    def note(self, event: str) -> None:
        """Note what happens once."""
        self._events.add(event)

    def snapshot(self) -> Hashable:
        """Return all of it: as long as it stays the same, so does the status."""
        features = frozenset((feature, min(voices, SEVERAL))
                             for feature, voices in self._features.items() if voices)
        turn = self._first.turn(Stance.DENIES) if self._first is not None else None
        return (features, frozenset(self._events), turn is not None and turn.sure,
                self._subjects_word.snapshot(), self._pages.snapshot(), self._corroboration.snapshot())


class _Voice:
    """The features of what one voice has said."""

    def __init__(self) -> None:
        # Under None what counts for good, under a stance what counts as long as the voice stands by it.
        self._features: defaultdict[Stance | None, set[str]] = defaultdict(set)
        self._documents: defaultdict[tuple[Stance | None, str], set[str]] = defaultdict(set)
        self._earliest: dict[Stance, datetime] = {}
        self._own_words: dict[Stance, Item] = {}  # the last

    def turn(self, to: Stance) -> Item | None:
        """Return the item by which it turned `to` denial, or support, as `Case.turn` does."""
        old = OPPOSITE[to]
        last, before = self._own_words.get(to), self._own_words.get(old)
        at = self._earliest.get(old) if before is None else before.at
        return last if last is not None and at is not None and last.at > at else None

    def stands_by(self, stance: Stance | None) -> bool:
        """Return whether it has not taken back what it said for the claim, or against it."""
        return stance is None or self.turn(OPPOSITE[stance]) is None

    def add(self, case: Case, item: Item) -> None:
        """Add what the voice says."""
        self._earliest.setdefault(item.stance, item.at)
        if item.own_words:
            self._own_words[item.stance] = item
        stance = item.stance if item.stance in OPPOSITE and item.voice != HEARSAY else None
        self._features[None].update(_features(case, item))
        if stance is Stance.DENIES:
            self._features[stance].update(_features_of_denial(case, item))
        elif stance is Stance.SUPPORTS:
            self._features[stance].update(_features_of_support(case, item))
        if item.carries:
            self._note(stance, "carries", item)
        if nameless(case, item):
            self._note(None, "nameless", item)
        if tells_of_many(case, item):
            self._note(None, "many", item)

    def _note(self, stance: Stance | None, feature: str, item: Item) -> None:
        self._features[stance].add(feature)
        if len(self._documents[stance, feature]) < SEVERAL:
            self._documents[stance, feature].add(item.document_id)

    def features(self) -> set[str]:
        """Return the features of what it says and has not taken back."""
        standing = [stance for stance in (None, *OPPOSITE) if self.stands_by(stance)]
        features = set[str]().union(*(self._features[stance] for stance in standing))
        if "denies as the subject" in features:
            features.discard("denies plainly")
        if "carries" in features:
            # One voice may stand on both sides in two documents, where it is that of others.
            carried = set[str]().union(*(self._documents[stance, "carries"] for stance in standing))
            features |= {f"carries it apart from {against}" for against in features & {"nameless", "many"}
                         if len(carried | self._documents[None, against]) > 1}
        return features


def _features(case: Case, item: Item) -> Iterator[str]:
    if item.carries:
        for predicate in (knows, foretells, may_lapse):
            if predicate(case, item):
                yield predicate.__name__
    if asks(case, item):
        for feature in ("asks", "asks with weight") if weighs(case, item) else ("asks",):
            yield feature
            if tells_of_the_claim((item,)):
                yield f"{feature} and tells of it"


def _features_of_support(case: Case, item: Item) -> Iterator[str]:
    yield "supports"
    if not item.first_party:
        yield "supports from outside"
    if shows(case, item):
        yield "shows in time" if case.subject.in_time(item.said_by) else "shows late"


def _features_of_denial(case: Case, item: Item) -> Iterator[str]:
    yield "denies"
    if case.is_subject(item):
        yield "denies as the subject"
    if item.own_words and item.certainty is Certainty.ASSERTED:
        yield "denies plainly"
    if measured_otherwise(case, item):
        yield "measured by an artefact" if item.artefact else "measured"


class _SubjectsWord:
    """What the subject said, and whether it was its last word."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._denied: datetime | None = None  # first, surely
        self._supported: datetime | None = None  # last, surely
        self._last_denial: datetime | None = None
        self._others: datetime | None = None  # first carried it
        self._stated: dict[Hashable, datetime] = {}  # last, by how it was stated

    def add(self, item: Item) -> None:
        """Add a piece of evidence, whoever says it."""
        if not item.first_party:
            self._others = self._others or (item.at if item.carries else None)
            return
        surely = item.sure and self._case.by_the_subject(item)
        if item.stance is Stance.DENIES:
            self._last_denial = item.at
            self._denied = self._denied or (item.at if surely else None)
        elif item.stance is Stance.SUPPORTS and surely:
            self._supported = item.at
            in_time = self._case.subject.in_time(item.said_by)
            asserted = item.certainty is Certainty.ASSERTED
            self._stated[in_time, asserted, states_it(self._case, item)] = item.at

    def snapshot(self) -> Hashable:
        """Return whether it went over to denial, and how it stated the claim since it last denied it."""
        reversed_ = self._denied and self._supported and self._denied > self._supported
        stated = ((how, self._others is not None and self._others < at) for how, at in self._stated.items()
                  if self._last_denial is None or self._last_denial < at)
        return bool(reversed_), frozenset(stated)


class _Pages:
    """Whether the release pages that are there show what is claimed, by who carried it first."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._pages: list[Artefact] = []
        self._unread: list[Artefact] = []
        self._shown: set[str] = set()

    def add_carrier(self, item: Item) -> None:
        """Keep the first piece of evidence that carries the claim, and the first that foretells it."""
        first = self._case.items
        predicted = item.certainty is Certainty.PREDICTED
        if item.carries and (not first or (predicted and first[-1].certainty is not Certainty.PREDICTED)):
            self._case = replace(self._case, items=(*first, item))
            self._unread, self._shown = list(self._pages), set()

    def add(self, page: Artefact) -> None:
        """Add a release page."""
        self._pages.append(page)
        self._unread.append(page)

    def snapshot(self) -> Hashable:
        """Return whether one of them fulfils the claim, or may do so."""
        for page in self._unread:
            self._shown |= {predicate.__name__ for predicate in (fulfils, may_fulfil)
                            if predicate(self._case, page)}
        self._unread = []
        return frozenset(self._shown)
