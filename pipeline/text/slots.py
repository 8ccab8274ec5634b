"""The slots that keep look-alike claims apart: which model, which figure, which date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from models.identities import Identity, identity
from pipeline.core.vocabulary import Kind, Precision
from pipeline.text.details import Details, differ
from pipeline.text.figures import SCALES

SAME_FIGURE = 1.15  # figures within 15 % are one figure told roughly
_SENTENCE = 40  # words; longer texts name many things
SAME_DAY = timedelta(days=1)  # one day's news is another date elsewhere on Earth
_PART = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)*[A-Za-z]*")
_NAMED = re.compile(r"\b([A-Z][A-Za-z]*[A-Z]?[a-z]*)[ -]?"
                    r"([vVrR]?\d{1,3}(?:\.\d{1,2}){0,2}(?:[a-z]\b)?)(?![\d,%]|\.\d|\s?(?:%|percent))\b")
_NO_NAMES = frozenset(
    """a about all and any april around at august by december down february for from friday in its january
    july june march may monday november october of on only over part phase q rank saturday section september
    some stage step sunday than the these they this those thursday to top tuesday under up us version
    wednesday week with year""".split()  # noqa: SIM905  # a list of words reads as words
)
_FIGURE = re.compile(r"(\d+(?:\.\d+)?)([kmbt]?)(?:\s+(.+)|(x))?")
_SCORES = frozenset({"%", "points", "elo", ""})
# Kinds that people mix up when they tell the same thing; OTHER goes with all. A release is no accusation and
# no delay, a price no size.
_LIKE_KINDS = (
    {Kind.BENCHMARK_RESULT, Kind.BENCHMARK_GAMING, Kind.CAPABILITY},
    {Kind.BENCHMARK_GAMING, Kind.TRAINING_DATA, Kind.SAFETY},
    {Kind.CAPABILITY, Kind.SAFETY, Kind.SIZE, Kind.PRICE},
    {Kind.PRICE, Kind.DEAL},
    {Kind.RELEASE, Kind.LICENCE},
)
# "Orbit 3 mini" is a model of its own, not an Orbit 3.
_LESSER = frozenset({"mini", "nano", "lite", "tiny", "distill"})
_ADDED = frozenset({"ai", "model", "models", "preview", "version"})


@dataclass(frozen=True)
class ClaimText:
    """The words of a claim, and what they are about."""

    claim_id: str
    claim: str
    kind: Kind
    organisations: tuple[str, ...]
    entities: tuple[str, ...]
    event_at: datetime | None
    event_precision: Precision


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why two mentions cannot be one claim. `words` says what each has: "this / the other"."""

    slot: str
    words: str

    def turned(self) -> Conflict:
        """Return the same, seen from the other side."""
        left, _, right = self.words.partition(" / ")
        return Conflict(self.slot, f"{right} / {left}")


@dataclass(frozen=True)
class Slots:
    """What a mention's proposition fills in; a mention of a whole post has none (`proposition` is empty).

    `kind_by_rule` is known where `kind` is a model's and the rules' is known beside it.
    """

    text: str
    kind: Kind
    organisations: tuple[str, ...]
    entities: tuple[str, ...]
    numbers: tuple[str, ...]
    event_at: datetime | None
    event_precision: Precision
    proposition: str = ""
    kind_by_rule: Kind | None = None

    @cached_property
    def models(self) -> tuple[tuple[str, frozenset[str], str], ...]:
        """Return versioned names in order: family, the parts after it, and the name as it is called."""
        written = _NAMED.finditer(self.text if len(self.text.split()) <= _SENTENCE else "")
        names = [*self.entities, *(f"{m[1]} {m[2]}" for m in written if m[1].lower() not in _NO_NAMES)]
        names_by_model: dict[tuple[str, frozenset[str]], str] = {}
        for name in names:
            family, parts = _parts(name)
            if family and parts:
                names_by_model.setdefault((family, parts), name)
        return tuple((family, parts, name) for (family, parts), name in names_by_model.items())

    @cached_property
    def details(self) -> Details:
        """Return what the words of the proposition pin down."""
        return Details(self.proposition, (*self.entities, *self.organisations))

    @cached_property
    def identity(self) -> Identity | None:
        """Return which model a claim of the kind identity says that a code name stands for."""
        if self.kind is not Kind.IDENTITY:
            return None
        return identity(self.text, (name for name in self.entities if name not in self.organisations),
                        self.organisations)

    @cached_property
    def subject(self) -> str | None:
        """Return the family of the first versioned name that the gazetteer knows."""
        return next((family for family, _, name in self.models if name in self.entities), None)

    @cached_property
    def families(self) -> frozenset[str]:
        """Return the families of all versioned names."""
        return frozenset(family for family, _, _ in self.models)

    @cached_property
    def figures(self) -> dict[str, tuple[float, ...]]:
        """Return amounts by unit."""
        amounts: dict[str, tuple[float, ...]] = {}
        for number in self.numbers:
            match = _FIGURE.fullmatch(number)
            if match:
                unit = match[3] or match[4] or ""
                amounts[unit] = (*amounts.get(unit, ()), float(match[1]) * SCALES.get(match[2], 1.0))
        return amounts

    @property
    def period(self) -> tuple[datetime, datetime] | None:
        """Return first and last instant of the time that is spoken of."""
        if self.event_at is None:
            return None
        end = self.event_at
        month = end.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        match self.event_precision:
            case Precision.MONTH:
                return month, end
            case Precision.QUARTER:
                return _months_before(month, 2), end
            case Precision.YEAR:
                return month.replace(month=1), end
            case Precision.DAY | Precision.MINUTE | Precision.SECOND:
                return end - SAME_DAY, end + SAME_DAY
            case Precision.UNKNOWN:
                return None


def conflict(left: Slots, right: Slots) -> Conflict | None:
    """Return the first slot that two mentions fill differently; None where none does."""
    return next(conflicts(left, right), None)


def conflicts(left: Slots, right: Slots) -> Iterator[Conflict]:
    """Yield the slots that two mentions fill differently, the one that tells most first."""
    if readings := reading_conflict(left, right):
        yield readings
    if versions := _version(left, right):
        yield Conflict("version", versions)
    ours, theirs = kinds_by_one(left, right)
    if not _same_words(left, right) and not _like_kinds(ours, theirs):
        yield Conflict("kind", f"{ours} / {theirs}")
    if _strangers(left, right):
        yield Conflict("subject",
                       f"{_said(left.entities or left.organisations)} / "
                       f"{_said(right.entities or right.organisations)}")
    if dates := _date(left, right):
        yield Conflict("date", dates)
    unit, amounts = _number(left, right) or ("", None)
    if amounts and _of_one_quantity(left.details, right.details, unit):
        yield Conflict("number", amounts)
    if left.proposition and right.proposition and (difference := differ(left.details, right.details)):
        yield Conflict(difference.detail, f"{difference.left} / {difference.right}")
    if amounts:
        yield Conflict("figures", amounts)


def reading_conflict(left: Slots, right: Slots) -> Conflict | None:
    """Return how two claims about what a code name is differ: two models for one name are rival readings.
    """
    if left.identity is None or right.identity is None:
        return None
    ours, theirs = left.identity, right.identity
    if ours.key != theirs.key:
        return Conflict("subject", f"{ours.code_name} / {theirs.code_name}")
    # "Grok 4 Fast" is not "Grok 4" here: such a claim says nothing but which model of a family it is.
    if _parts(ours.model) == _parts(theirs.model):
        return None
    return Conflict("identity", f"{ours.model} / {theirs.model}")


def exclusive_readings(left: Slots, right: Slots) -> bool:
    """Return whether two claims surely speak of one code name, and of models that cannot be one.

    A claim of "Grok 4" may mean "Grok 4 Fast": the two stay apart, and neither makes the other untrue.
    """
    ours, theirs = left.identity, right.identity
    if ours is None or theirs is None or not (ours.sure and theirs.sure and ours.key == theirs.key):
        return False
    our_model, their_model = _parts(ours.model), _parts(theirs.model)
    return our_model[0] != their_model[0] or not one_model(our_model[1], their_model[1])


def _parts(name: str) -> tuple[str, frozenset[str]]:
    """Return the family of a model's name and the parts after it."""
    family, *later_parts = [part.lower() for part in _PART.findall(name)] or [""]
    parts = frozenset(part for part in later_parts if part not in _ADDED)
    if any(character.isdigit() for character in family):
        letters = family.rstrip("0123456789.")
        family, parts = letters or family, parts | {family}
    return family, parts


def _version(left: Slots, right: Slots) -> str | None:
    """Compare the subjects; the first model named is the subject.

    "Llama 4" and "Llama 4 Scout" go together, "Llama 3" and "Llama 4" do not.
    """
    for first, second, swapped in ((left, right, False), (right, left, True)):
        if not first.models:
            continue
        family, parts, name = first.models[0]
        rivals = [
            (rival_parts, rival_name)
            for rival_family, rival_parts, rival_name in second.models
            if rival_family == family
        ]
        if rivals and not any(one_model(parts, rival_parts) for rival_parts, _ in rivals):
            return f"{rivals[0][1]} / {name}" if swapped else f"{name} / {rivals[0][1]}"
    return None


def one_model(parts: frozenset[str], their: frozenset[str]) -> bool:
    return (parts <= their or their <= parts) and not (parts ^ their) & _LESSER


def kinds_by_one(left: Slots, right: Slots) -> tuple[Kind, Kind]:
    """Return the kinds of two as the same teller has them: the model, or the rules where it told but one."""
    if left.kind_by_rule is None or right.kind_by_rule is None:
        return left.kind_by_rule or left.kind, right.kind_by_rule or right.kind
    return left.kind, right.kind


def _same_words(left: Slots, right: Slots) -> bool:
    """Return whether both say the same in the same words, whoever told of which kind that is."""
    return left.proposition != "" and left.proposition == right.proposition


def _like_kinds(kind: Kind, other: Kind) -> bool:
    return kind == other or Kind.OTHER in (kind, other) or any(kind in like and other in like
                                                             for like in _LIKE_KINDS)


def _strangers(left: Slots, right: Slots) -> bool:
    """Return whether both are about known organisations or models and share none."""
    if left.organisations and right.organisations:
        ours, theirs = {*left.organisations, *left.entities}, {*right.organisations, *right.entities}
        if not ours & theirs:
            return True
    if left.subject is None or right.subject is None:
        return False
    return left.subject not in right.families and right.subject not in left.families


def other_date(left: Slots, right: Slots) -> bool:
    """Return True if both speak of a time, and the two times do not meet."""
    ours, theirs = left.period, right.period
    return ours is not None and theirs is not None and not (ours[0] <= theirs[1] and theirs[0] <= ours[1])


def _date(left: Slots, right: Slots) -> str | None:
    return f"{_day(left)} / {_day(right)}" if other_date(left, right) else None


def _number(left: Slots, right: Slots) -> tuple[str, str] | None:
    """Return the first unit in which no figures are alike, and the first figure of each."""
    for unit in sorted(left.figures.keys() & right.figures.keys()):
        ours, theirs = left.figures[unit], right.figures[unit]
        # Scores are of one thing only where all names agree; among many figures none is the claim.
        if (unit in _SCORES and set(left.entities) != set(right.entities)) or max(len(ours), len(theirs)) > 2:
            continue
        if not any(close(a, b) for a in ours for b in theirs):
            return unit, f"{_amount(ours[0], unit)} / {_amount(theirs[0], unit)}"
    return None


def _of_one_quantity(left: Details, right: Details, unit: str) -> bool:
    """Return whether amounts in one unit may be figures of the same thing, by the words around them; a number
    without a unit never is.
    """
    ours, theirs = ({figure.of for figure in side.figures if figure.unit == unit} for side in (left, right))
    return bool(unit) and (not ours or not theirs or bool(ours & theirs))


def close(a: float, b: float) -> bool:
    """Return whether two figures are one told roughly."""
    low, high = sorted((a, b))
    return high == low or (low > 0 and high / low <= SAME_FIGURE)


def _amount(value: float, unit: str) -> str:
    for letter, scale in (("t", 1e12), ("b", 1e9), ("m", 1e6)):
        if value >= scale:
            return f"{value / scale:g}{letter} {unit}".strip()
    return f"{value:g}{'' if unit == 'x' else ' '}{unit}".strip()


def _day(slots: Slots) -> str:
    assert slots.event_at is not None
    at = slots.event_at
    match slots.event_precision:
        case Precision.MONTH:
            return f"{at:%B %Y}"
        case Precision.QUARTER:
            return f"quarter {(at.month + 2) // 3} of {at.year}"
        case Precision.YEAR:
            return str(at.year)
        case _:
            return f"{at.day} {at:%B %Y}"


def _said(names: Sequence[str]) -> str:
    return ", ".join(names[:2])


def _months_before(month: datetime, count: int) -> datetime:
    index = month.year * 12 + month.month - 1 - count
    return month.replace(year=index // 12, month=index % 12 + 1)
