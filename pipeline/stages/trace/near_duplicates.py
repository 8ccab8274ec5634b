"""Near-duplicate texts: MinHash signatures of word shingles, and locality-sensitive hashing to find pairs.

A. Z. Broder, On the resemblance and containment of documents (1997); datasketch makes the signatures. The
bands are kept in the store, so that a new text meets all old ones with one join and no index is rebuilt.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import islice
from typing import Any

import numpy as np

from pipeline.core.context import RunContext
from pipeline.store.queries import Statements
from pipeline.store.row_by_row import row_by_row
from pipeline.store.store import Store

SQL = Statements(__package__, "queries")

PERMUTATIONS = 128
BANDS = 32  # of four rows: pairs are candidates from a resemblance of about 0.42 on
SHINGLE = 3  # words
FEWEST = 12  # a text of fewer words may be worded alike by chance
LONGEST = 2000  # words looked at
RESEMBLANCE = 0.6  # the share of shingles that two texts have in common of all that they have
CONTAINMENT = 0.8  # the share of the shorter text's shingles that the longer one has: a cut story
LOOSEST = 0.4  # below this resemblance the estimate of containment is too coarse
BUCKET = 30  # copies of one text are chained, not all paired with all
BATCH = 500
WORD = re.compile(r"\w+")
NOISE = re.compile(r"https?://\S+|[@#](?=\w)")


@cache
def method() -> str:
    """Return the method's name and version; signatures of another one cannot be compared."""
    return f"minhash-{PERMUTATIONS}-{SHINGLE}-datasketch-{version('datasketch')}"


@dataclass(frozen=True, slots=True)
class Signature:
    """A row of `store.signatures`."""

    document_id: str
    version_id: str
    model: str
    shingles: int
    minhash: list[int]
    bands: list[int]


def sign(document_id: str, version_id: str, title: str | None, text: str) -> Signature:
    """Return the signature of one version; a text that is too short to compare has no bands."""
    text_shingles = shingles(text) or shingles(f"{title or ''} {text}")
    if not text_shingles:
        return Signature(document_id, version_id, method(), 0, [], [])
    from datasketch import MinHash  # here, since it loads much of SciPy, and many nights sign nothing

    minhash = MinHash(num_perm=PERMUTATIONS, seed=1)
    minhash.update_batch([shingle.encode("utf-8", "surrogatepass") for shingle in sorted(text_shingles)])
    values = np.asarray(minhash.hashvalues, dtype=np.uint32)
    bands = [
        int.from_bytes(hashlib.blake2b(bytes([number]) + row.tobytes(), digest_size=8).digest(), "big")
        for number, row in enumerate(values.reshape(BANDS, -1))
    ]
    return Signature(document_id, version_id, method(), len(text_shingles), values.tolist(), bands)


def shingles(text: str) -> set[str]:
    """Return runs of three words, without addresses, handles' signs and case; none for a short text."""
    words = [match.group() for match in islice(WORD.finditer(NOISE.sub(" ", text.casefold())), LONGEST)]
    if len(words) < FEWEST:
        return set()
    return {" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}


def find_copies(store: Store, run: RunContext) -> int:
    """Sign each document whose newest version is not signed, and store the pairs with nearly the same text.

    Reads documents and versions; writes signatures and copies. A pair stays when one of the two is edited
    later: what the older version said was still copied. Returns how many documents were signed.
    """
    todo = [row[0] for row in store.execute(SQL["unsigned"], {"model": method()})]
    for start in range(0, len(todo), BATCH):
        batch = todo[start : start + BATCH]
        signatures = row_by_row(
            store, run, "trace", store.execute(SQL["texts"], {"versions": batch}),
            lambda rows: [sign(*row) for row in rows], lambda row: str(row[0]),
            unread=lambda row: Signature(row[0], row[1], method(), 0, [], []))
        signed = {"documents": [signature.document_id for signature in signatures]}
        with store.transaction():
            store.append("signatures", signatures, replace=True)
            store.execute(SQL["untrace"], signed)
            store.append("copies", [_copy(*row) for row in store.execute(SQL["copies"], _bounds(signed))])
        run.progress("trace", start + len(batch), len(todo))
    return len(todo)


def _bounds(signed: dict[str, Any]) -> dict[str, Any]:
    bounds = {"bucket": BUCKET, "resemblance": RESEMBLANCE, "containment": CONTAINMENT, "loosest": LOOSEST}
    return signed | bounds | {"permutations": PERMUTATIONS, "model": method()}


def _copy(document_id: str, other_id: str, similarity: float) -> dict[str, Any]:
    return {"document_id": document_id, "other_id": other_id, "similarity": similarity}
