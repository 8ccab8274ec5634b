"""What claims are judged from: their evidence, release pages, rivals, edits and editors' decisions, now or as known at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.core.records import Certainty, Kind, Status
from pipeline.stages.judge.case import Artefact, Case, Item, Rewording, Rival, Ruling, Subject
from pipeline.stages.judge.history import as_of, steps
from pipeline.stages.judge.releases import TO_COME
from pipeline.stages.judge.softened_quotes import Lost, reword
from pipeline.store.queries import Statements
from pipeline.store.store import Store
from pipeline.text.names import is_page_of, tokens

SQL = Statements(__package__, "inputs")

Complaint = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A claim and another that differs from it in a number or a date."""

    claim_id: str
    rival_id: str
    slot: str


def gather(store: Store, known: datetime | None = None) -> None:
    """Lay out the evidence, as it is or as it was known at `known`, in temporary tables.

    Call it before a Docket is opened, and `clear` afterwards.
    """
    if known is None:
        store.execute(SQL["present"])
    else:
        store.execute(SQL["recalled"], {"known": known})
    store.execute(SQL["gather"])
    store.execute(SQL["reworded"], {"known": known})


def clear(store: Store) -> None:
    """Drop what `gather` laid out."""
    store.execute(SQL["done"])
    store.execute(SQL["put_away"])
    store.execute(SQL["forget_losing"])


class Docket:
    """What a batch of claims is judged from; `complain(claim_id, message)` is told of decisions that cannot be followed.

    With `known` only pages, edits, decisions and rivals count that had been seen by then.
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
        pairs = store.read(_Pair, SQL["rivals"], {"claims": wanted, "known": known})
        both = sorted({*wanted, *(pair.rival_id for pair in pairs)})
        self.subjects = {s.claim_id: s for s in store.read(Subject, SQL["claims"], {"claims": both})}
        self.items: dict[str, list[Item]] = defaultdict(list)
        for item in store.read(Item, SQL["items"], {"claims": both}):
            self.items[item.claim_id].append(item)
        organisations = sorted({name for subject in self.subjects.values() for name in subject.organisations})
        self.pages: dict[str, list[Artefact]] = defaultdict(list)
        for page in store.read(Artefact, SQL["pages"], {"organisations": organisations, "known": known}):
            self.pages[page.organisation].append(page)
        self.rewordings: dict[str, list[Rewording]] = defaultdict(list)
        for lost in store.read(Lost, SQL["lost"], {"claims": both}):
            if (edit := reword(lost)) is not None:
                self.rewordings[edit.claim_id].append(edit)
        self.rulings = dict(self._rulings(store, both, known))
        self.rivals: dict[str, list[str]] = defaultdict(list)
        for pair in pairs:
            if self._excludes(pair):
                self.rivals[pair.claim_id].append(pair.rival_id)

    def case(self, claim_id: str, until: datetime | None = None) -> Case:
        """All that is known of a claim, its rivals judged first, by themselves; up to what was said `until` then."""
        rivals = [rival for rival_id in self.rivals[claim_id] if (rival := self._substantiated(rival_id, until)) is not None]
        return self._case(claim_id, rivals, until)

    def _rulings(self, store: Store, claims: Sequence[str], known: datetime | None) -> Iterable[tuple[str, Ruling]]:
        for target, value, editor, reason, at in store.execute(SQL["rulings"], {"claims": claims, "known": known}):
            try:
                yield target, Ruling(Status(value), editor, reason, at)
            except ValueError:
                self.complain(target, f"{editor} decided {value!r}; a status is one of {', '.join(Status)}")

    def _excludes(self, pair: _Pair) -> bool:
        """Whether only one of the two can be true: a figure of one model, or the time of one event, past or future."""
        one, other = self.subjects[pair.claim_id], self.subjects[pair.rival_id]
        if not _of_one_model(one, other):
            return False
        return pair.slot != "date" or (bool(one.models) and self._foretells(one) == self._foretells(other))

    def _foretells(self, subject: Subject) -> bool:
        said = self.items[subject.claim_id]
        return TO_COME.search(subject.claim) is not None or any(item.carries and item.certainty is Certainty.PREDICTED for item in said)

    def _substantiated(self, claim_id: str, until: datetime | None) -> Rival | None:
        found = steps(self._case(claim_id, [], until))
        if not found or found[-1].standing.status is not Status.SUBSTANTIATED:
            return None
        return Rival(claim_id, self.subjects[claim_id].claim, found[-1].at, found[-1].said)

    def _case(self, claim_id: str, rivals: Sequence[Rival], until: datetime | None) -> Case:
        subject = self.subjects[claim_id]
        of_releases = subject.kind in (Kind.RELEASE, Kind.DELAY)
        pages = [page for name in subject.organisations for page in self.pages[name]] if of_releases else []
        case = Case(
            subject=subject,
            at=self.now,
            items=tuple(self.items[claim_id]),
            artefacts=tuple(page for page in pages if is_page_of(page.name, subject.models)),
            rivals=tuple(rivals),
            ruling=self.rulings.get(claim_id),
            rewordings=tuple(self.rewordings[claim_id]),
            corroborating_voices=self.corroborating_voices,
        )
        return case if until is None else replace(as_of(case, until), at=until)


def _of_one_model(one: Subject, other: Subject) -> bool:
    """Whether both name the same models, by their most specific names; where one names none, it may."""
    ours, theirs = ({tuple(tokens(name)) for name in subject.specific} for subject in (one, other))
    return not ours or not theirs or bool(ours & theirs)
