"""Keep look-alikes apart where similarity cannot: another version of a model, another figure of one unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.core.vocabulary import Kind, Precision
from pipeline.text.slots import Slots, close, one_model, reading_conflict


def differs(claim: Slots, names: Sequence[str], inherited: Sequence[str], numbers: Sequence[str], quote: str,
            *, against: bool) -> bool:
    """Return True if a passage fills a slot of the claim differently, so that it speaks of something else.

    `names` are said in the passage, `inherited` come from what it stands in. A passage `against` the claim
    may well name another figure: that is how figures are denied.
    """
    if not against and _other_reading(claim, names, quote):
        return True
    named = _slots(names, numbers, quote)
    around = _slots(inherited, (), "")
    if _other_version(claim, named) or (not named.families & claim.families
                                        and _other_version(claim, around)):
        return True
    return not against and _other_figure(claim, named)


def _other_reading(claim: Slots, names: Sequence[str], quote: str) -> bool:
    """Return True if a passage says of the claim's code name that it is another model."""
    reading = Slots(quote, Kind.IDENTITY, (), tuple(names), (), None, Precision.UNKNOWN)
    conflict = reading_conflict(claim, reading)
    return conflict is not None and conflict.slot == "identity"


def _slots(names: Iterable[str], numbers: Sequence[str], text: str) -> Slots:
    return Slots(text, Kind.OTHER, (), tuple(names), tuple(numbers), None, Precision.UNKNOWN)


def _other_version(claim: Slots, passage: Slots) -> bool:
    """Return True if the passage names models of the claim's family, and none is the claim's."""
    if not claim.models:
        return False
    family, parts, _ = claim.models[0]
    versions = [theirs for kin, theirs, _ in passage.models if kin == family]
    return bool(versions) and not any(one_model(parts, theirs) for theirs in versions)


def _other_figure(claim: Slots, passage: Slots) -> bool:
    return any(not any(close(a, b) for a in ours for b in passage.figures[unit])
               for unit, ours in claim.figures.items() if unit in passage.figures)
