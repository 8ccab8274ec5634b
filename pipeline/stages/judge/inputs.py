"""What claims are judged from: evidence, release pages, rivals, edits and decisions, as known at a time."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.core.errors import RumortrailError
from pipeline.core.records import FOLLOWED_WHOLE, WHOLE
from pipeline.core.vocabulary import Certainty, Kind, Precision, Stance, Status
from pipeline.stages.judge.case import Case, Subject
from pipeline.stages.judge.evidence import Artefact, Item, Rewording, Ruling, Telling
from pipeline.stages.judge.releases import signs_of
from pipeline.stages.judge.same_words import has_figures, of_one_thing, says
from pipeline.stages.judge.softened_quotes import Lost, reword
from pipeline.stages.judge.state_changes import not_yet, of_two_times
from pipeline.stages.judge.to_come import TO_COME
from pipeline.store.queries import Statements
from pipeline.store.store import Store
from pipeline.text.figures import figures, unmatched
from pipeline.text.names import tokens
from pipeline.text.slots import Slots, exclusive_readings

SQL = Statements(__package__, "inputs")

LABELLED, REAL = 0.30, 0.05
"""The share of passages on a claim that stand against it: in the labelled development set, from which the
relation model has its confidences, and in real posts. There one reading of 319 claims made of 1,920 raw items
has 42 of 949 passages that are said to stand against. The fourth wave of `benchmarks/labels` has 43 that
truly do, of 3,592 that belong. At the bound that 0.05 makes, 0.89, one passage of the final weeks is said to
stand against its claim, and does; a smaller share would leave nothing.
"""


def confidence_against(probability: float, weight: float = 1.0) -> float:
    """Return the model's confidence that something stands against its claim that means this probability in
    real posts.

    There the odds are lower, by how much rarer it is (Saerens et al. 2002). `weight` is the model's share of
    the confidence.
    """
    rarer = (REAL / (1 - REAL)) / (LABELLED / (1 - LABELLED))
    odds = probability / (1 - probability) / math.pow(rarer, weight)
    return odds / (1 + odds)


SURE = 0.5  # how probable the side of a passage must be to decide anything
FOLLOWED = 0.6
"""From which confidence a gathered passage stands against a claim that an editor follows. Such a claim was
chosen as the labelled ones were, so that the labels' odds hold. Of 20 followed development claims that are
disputed by this bound 17 have a labelled denial or doubt; by 0.5 24 of 31.
"""
WEIGHED = 0.4  # share of the model in a mention's stance beside the rules of speech (`models/stance`)
DECIDES = {
    "gathered": SURE,
    "gathered_against": confidence_against(SURE),  # 0.89
    "weighed_against": confidence_against(SURE, WEIGHED),  # 0.70
    "followed_against": FOLLOWED,
}
SETTLES = {
    "whole": WHOLE, "followed_whole": FOLLOWED_WHOLE, "settles_for": 0.88,
    "settles_against": confidence_against(0.80), "followed_settles_against": 0.80,
}
"""How sure a gathered passage must be that it supports, or denies (0.97), to settle its claim. At 0.88 95 in
100 do on the development labels, as `benchmarks/quality/sure_side.py` finds them; of denials 17 of 22 are
right from 0.70 on, which is too little, and 14 of 15 from 0.80 on: the bound for a claim that an editor
follows. At 1 none is ever sure enough.
"""
MOVED_ON = timedelta(days=30)
"""How far apart two figures that may change must have been told first to be one after the other, and no
rivals.
"""
# Words of a change: what was so before it is so no more.
_CHANGED = re.compile(
    r"\b(?:now|from (?:today|now on)|(?:starting|effective|as of) \w+|no longer|another|previously"
    r"|(?:down|up) from|instead of|cut(?:s|ting)?|raised to|rais(?:e[sd]?|ing) (?:\w+ ){0,3}?(?:prices?|fees?"
    r"|costs?|rates?)|lower(?:s|ed|ing)|reduc(?:e[sd]?|ing)|slash(?:e[sd]|ing)?|halv(?:e[sd]?|ing)|doubl(?:e[sd]?|ing)"
    r"|increas(?:e[sd]?|ing)|hik(?:e[sd]?|ing)|drop(?:s|ped|ping)?|price[- ](?:cut|drop|hike|rise))\b",
    re.IGNORECASE,
)
Complaint = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A claim and another that differs from it in a number, a date, or the model that a code name is."""

    claim_id: str
    rival_id: str
    slot: str


@contextmanager
def evidence_tables(store: Store, known: datetime | None = None) -> Iterator[None]:
    """Lay out the evidence, as it was known at `known` or is now, in the tables that Inputs reads."""
    store.execute(SQL["keys"])
    store.execute(SQL["parties"])
    store.execute(SQL["ruled"], {"known": known})
    if known is None:
        store.execute(SQL["present"], DECIDES)
    else:
        store.execute(SQL["recalled"], {"known": known})
    store.execute(SQL["judging"], SETTLES)
    store.execute(SQL["losing"], {"known": known})
    store.execute(SQL["telling"], {"known": known})
    try:
        yield
    finally:
        store.execute(SQL["drop"])


class Inputs:
    """What a batch of claims is judged from; `complain(claim_id, message)` is told of decisions that cannot
    be followed.

    With `known` only pages, edits, decisions and rivals count that had been seen by then. It is made, and
    read, inside `evidence_tables`. A rival that cannot be read, and is none of `claims`, is left out.
    """

    def __init__(
        self,
        store: Store,
        claims: Iterable[str],
        *,
        now: datetime,
        corroborating_voices: int,
        known: datetime | None = None,
        complain: Complaint = lambda _claim, _message: None,
    ) -> None:
        self.now = now
        self.corroborating_voices = corroborating_voices
        self.complain = complain
        wanted = sorted(claims)
        self._wanted = frozenset(wanted)
        self._unread: set[str] = set()
        pairs = store.read(_Pair, SQL["rivals"], {"claims": wanted, "known": known})
        claim_ids = sorted({*wanted, *(pair.rival_id for pair in pairs)})
        self.subjects = {s.claim_id: s for s in store.read(Subject, SQL["claims"], {"claims": claim_ids})}
        self.items: dict[str, list[Item]] = defaultdict(list)
        self.idle: dict[str, list[Item]] = defaultdict(list)
        for item in store.read(Item, SQL["items"], {"claims": claim_ids}):
            with self.reading(item.claim_id):
                claim = self.subjects[item.claim_id].claim
                # A later or earlier state is no denial.
                late = item.stance is Stance.DENIES and not item.ruled and of_two_times(claim, item.quote)
                item = _read_beside(claim, item)
                (self.idle if item.weak or late else self.items)[item.claim_id].append(item)
        for claim_id in claim_ids:
            with self.reading(claim_id):
                self._leave_out_what_is_not_yet(claim_id)
        organisations = sorted({name for subject in self.subjects.values() for name in subject.organisations})
        self.pages: dict[str, list[Artefact]] = defaultdict(list)
        for page in store.read(Artefact, SQL["pages"], {"organisations": organisations, "known": known}):
            self.pages[page.organisation].append(page)
        self.rewordings: dict[str, list[Rewording]] = defaultdict(list)
        for lost in store.read(Lost, SQL["lost"], {"claims": claim_ids}):
            with self.reading(lost.claim_id):
                if (edit := reword(lost)) is not None:
                    self.rewordings[edit.claim_id].append(edit)
        self.tellings: dict[str, list[Telling]] = defaultdict(list)
        for telling in store.read(Telling, SQL["tellings"], {"claims": wanted}):
            self.tellings[telling.claim_id].append(telling)
        self.rulings = dict(self._rulings(store, claim_ids, known))
        self.rivals: dict[str, list[str]] = defaultdict(list)
        for pair in pairs:
            with self.reading(pair.rival_id):
                if pair.rival_id not in self._unread and self._excludes(pair):
                    self.rivals[pair.claim_id].append(pair.rival_id)

    def _leave_out_what_is_not_yet(self, claim_id: str) -> None:
        """Make words idle that a state is not reached yet: before anybody said that it is, or of what is
        foretold, they deny nothing.
        """
        items = self.items[claim_id]
        first = min((item.at for item in items if item.carries), default=None)
        if first is None:
            return
        to_come = TO_COME.search(self.subjects[claim_id].claim) is not None
        kept: list[Item] = []
        for item in items:
            early = item.stance is Stance.DENIES and not item.ruled and (to_come or item.at < first)
            (self.idle[claim_id] if early and not_yet(item.quote) else kept).append(item)
        self.items[claim_id] = kept

    @contextmanager
    def reading(self, claim_id: str) -> Iterator[None]:
        """Leave the claim out as a rival where the block breaks; of one of `claims` raise what broke it."""
        try:
            yield
        except RumortrailError:
            raise
        except Exception:
            if claim_id in self._wanted:
                raise
            self._unread.add(claim_id)

    def case(self, claim_id: str, until: datetime | None = None) -> Case:
        """Return all that is known of a claim but its rivals; with `until`, only what was said by then."""
        subject = self.subjects[claim_id]
        of_releases = subject.kind in (Kind.RELEASE, Kind.DELAY)
        pages = [page for name in subject.organisations for page in self.pages[name]] if of_releases else []
        case = Case(
            subject=subject,
            at=self.now,
            items=tuple(self.items[claim_id]),
            idle=tuple(self.idle[claim_id]),
            artefacts=tuple(signs_of(pages, subject.models)),
            ruling=self.rulings.get(claim_id),
            rewordings=tuple(self.rewordings[claim_id]),
            tellings=tuple(self.tellings[claim_id]),
            corroborating_voices=self.corroborating_voices,
        )
        return case if until is None else case.as_of(until)

    def _rulings(
        self, store: Store, claims: Sequence[str], known: datetime | None
    ) -> Iterator[tuple[str, Ruling]]:
        rows = store.execute(SQL["rulings"], {"claims": claims, "known": known})
        for target, value, editor, reason, at in rows:
            try:
                yield target, Ruling(Status(value), editor, reason, at)
            except ValueError:
                self.complain(target, f"{editor} decided {value!r}; a status is one of {', '.join(Status)}")

    def _excludes(self, pair: _Pair) -> bool:
        """Return whether only one of the two can be true: a figure of one model, the time of one event, or
        what one code name is."""
        claim, rival = self.subjects[pair.claim_id], self.subjects[pair.rival_id]
        if pair.slot == "identity":
            return exclusive_readings(_reading(claim), _reading(rival))
        if not _of_one_model(claim, rival) or not of_one_thing(claim.claim, rival.claim):
            return False
        if pair.slot == "number" and not _differ_in_parameters(claim, rival) and self._moved_on(pair):
            return False
        return pair.slot != "date" or (bool(claim.models)
                                       and self._foretells(claim) == self._foretells(rival)
                                       and not all(map(self._told_on_its_day, (claim, rival))))

    def _moved_on(self, pair: _Pair) -> bool:
        """Return whether both may have been true, one after the other: they were not said near each other, or
        the words of one tell of a change.
        """
        first_times = []
        for claim_id in (pair.claim_id, pair.rival_id):
            carrying = [item for item in self.items[claim_id] if item.carries] or self.items[claim_id]
            words = (self.subjects[claim_id].claim, *(item.quote for item in carrying))
            if any(map(_CHANGED.search, words)):
                return True
            first_times += [min(item.at for item in carrying)] if carrying else []
        return bool(first_times) and max(first_times) - min(first_times) > MOVED_ON

    def _told_on_its_day(self, subject: Subject) -> bool:
        """Return whether it was told as done on the very day that it names: two of these are two events."""
        return subject.event_precision is Precision.DAY and any(
            item.carries and item.certainty is Certainty.ASSERTED
            and subject.in_time(item.at) and not subject.before_its_time(item.at)
            for item in self.items[subject.claim_id])

    def _foretells(self, subject: Subject) -> bool:
        predicted = (item.certainty is Certainty.PREDICTED
                     for item in self.items[subject.claim_id] if item.carries)
        return TO_COME.search(subject.claim) is not None or any(predicted)


def _read_beside(claim: str, item: Item) -> Item:
    """Return the item as its words allow beside the claim's.

    Clustering puts together what is near: such a denial counts where it says the same. What supports a claim
    says the whole of it only with each of its figures.
    """
    if item.ruled:
        return item
    if not item.sure and item.proposition is not None:
        same = says(f"{item.quote} {item.proposition}", claim)
        return replace(item, sure=same, weak=item.weak or (item.stance is Stance.DENIES and not same))
    whole = item.stance is not Stance.SUPPORTS or has_figures(claim, item.quote)
    return replace(item, sure=item.sure and whole)


def _reading(subject: Subject) -> Slots:
    return Slots(subject.claim, subject.kind, subject.organisation_names, subject.entities, (), None,
                 Precision.UNKNOWN)


def _differ_in_parameters(claim: Subject, rival: Subject) -> bool:
    """Return whether each tells another number of parameters: that stays so, while a price, a deal, or the
    context that a maker offers may be another one later.
    """
    ours, theirs = (figures(subject.claim.lower()) for subject in (claim, rival))
    return all(any(figure.of.endswith("parameters") for figure in differing)
               for differing in (unmatched(ours, theirs), unmatched(theirs, ours)))


def _of_one_model(claim: Subject, rival: Subject) -> bool:
    """Return whether both name the same models, by their most specific names, or one names none."""
    claim_models, rival_models = ({tuple(tokens(name)) for name in subject.specific}
                                  for subject in (claim, rival))
    return not claim_models or not rival_models or bool(claim_models & rival_models)
