"""The chain of the editors' journal: each entry's hash covers the hash of the entry before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64  # what the first entry follows


@dataclass(frozen=True, slots=True)
class Checked:
    """How many entries the chain has, what is wrong with it, and what could not be checked."""

    entries: int
    faults: list[str]
    notes: list[str]


def entry_hash(previous: str, fields: tuple[Any, ...]) -> str:
    """Return the SHA-256 of the JSON array (UTF-8, no spaces) of the hash before an entry and its fields.

    `fields` are decision_id, kind, target, value, reason, editor and decided_at as written.
    """
    text = json.dumps([previous, *fields], ensure_ascii=False, separators=(",", ":"), default=repr)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def chained(rows: Sequence[tuple[Any, ...]]) -> Iterator[str]:
    """Yield a sentence for each entry that was changed, is missing or is out of order.

    A row is the number, the hash before, the hash, and the hashed fields; rows are in the order of their
    numbers.
    """
    numbers = {digest: number for number, _, digest, *_ in rows}
    last, head = 0, GENESIS
    for number, previous, digest, *fields in rows:
        name = f"entry {number} ({fields[0]})"
        if number != last + 1:
            gap = f"entries {last + 1} to {number - 1} are missing"
            yield f"entry {last + 1} is missing" if number == last + 2 else gap
        if entry_hash(previous, tuple(fields)) != digest:
            yield f"{name} was changed after it was written"
        elif previous != head and number == last + 1:
            if previous == GENESIS or previous in numbers:
                yield f"{name} is out of order: it was written after entry {numbers.get(previous, 0)}"
            else:
                yield f"{name} does not follow entry {last}: that was replaced, or one between is missing"
        last, head = number, digest


def strangers(rows: Sequence[tuple[Any, ...]], known: Mapping[int, str]) -> Iterator[str]:
    """Yield a sentence for each entry whose hash is not the `known` one (by number); rows as in `chained`."""
    present = {number: digest for number, _, digest, *_ in rows}
    last = max(present, default=0)
    if cut := [number for number in known if number > last]:
        yield f"the journal ends with entry {last}; it had {max(cut)} entries: its end was cut off"
    for number in sorted(number for number in known
                         if number in present and present[number] != known[number]):
        yield f"entry {number} is not the one that was read before"
