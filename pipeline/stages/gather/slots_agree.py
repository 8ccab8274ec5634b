"""Keep look-alikes apart where similarity cannot: another version of a model, another figure of one unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.core.vocabulary import Kind, Precision
from pipeline.text.slots import Slots, close, one_model, reading_conflict


def differs(claim: Slots, names: Sequence[str], inherited: Sequence[str], numbers: Sequence[str], quote: str,
            *, against: bool) -> bool:
    """Return True if a passage fills a slot of the claim otherwise, so that it speaks of something else.

    `names` are said in the passage, `inherited` come from what it stands in. A passage `against` the claim
    may well name another figure: that is how figures are denied.
    """
    if not against and _other_reading(claim, names, quote):
        return True
    said = _slots(names, numbers, quote)
    stood = _slots(inherited, (), "")
    if _other_version(claim, said) or (not said.families & claim.families and _other_version(claim, stood)):
        return True
    return not against and _other_figure(claim, said)


def _other_reading(claim: Slots, names: Sequence[str], quote: str) -> bool:
    """Return True if a passage says of the claim's code name that it is another model."""
    reading = Slots(quote, Kind.IDENTITY, (), tuple(names), (), None, Precision.UNKNOWN)
    found = reading_conflict(claim, reading)
    return found is not None and found.slot == "identity"


def _slots(names: Iterable[str], numbers: Sequence[str], text: str) -> Slots:
    return Slots(text, Kind.OTHER, (), tuple(names), tuple(numbers), None, Precision.UNKNOWN)


def _other_version(claim: Slots, said: Slots) -> bool:
    """Return True if all models of the claim's family that the passage names are other ones."""
    if not claim.models:
        return False
    family, parts, _ = claim.models[0]
    rivals = [theirs for kin, theirs, _ in said.models if kin == family]
    return bool(rivals) and not any(one_model(parts, theirs) for theirs in rivals)


def _other_figure(claim: Slots, said: Slots) -> bool:
    return any(not any(close(a, b) for a in ours for b in said.figures[unit])
               for unit, ours in claim.figures.items() if unit in said.figures)
