"""The index of neighbours: which stored vectors are nearest to a new one. It can always be rebuilt from the store."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from usearch.index import Index, Matches

from pipeline.store import Store

EXACT_UP_TO = 50_000  # vectors; up to here every one is compared, which no rebuild can change
READ = 20_000
_META = "neighbours.json"


class Neighbours:
    """Vectors of one embedder in the order in which they were stored; `mention_ids[key]` names each.

    HNSW (Malkov & Yashunin 2018) by usearch; exact search while there are at most `EXACT_UP_TO` vectors.
    """

    def __init__(self, folder: Path, model: str) -> None:
        self.folder = folder
        self.model = model
        self.mention_ids: list[str] = []
        self._index: Index | None = None
        self.rebuilt = False

    @classmethod
    def open(cls, folder: Path, store: Store, model: str) -> Neighbours:
        """The index in `folder`, brought up to what the store holds for `model`; built anew where it cannot be trusted."""
        found = cls(folder, model)
        kept = found._read()
        stored = [mention_id for (mention_id,) in store.execute("cluster", "indexed", {"model": model})]
        if kept is not None and kept == stored[: len(kept)]:
            found.mention_ids = kept
        else:
            found._index, found.mention_ids, found.rebuilt = None, [], bool(stored)
        for start in range(len(found.mention_ids), len(stored), READ):
            rows = store.execute("cluster", "vectors", {"mentions": stored[start : start + READ], "model": model})
            vectors = dict(rows)
            ids = stored[start : start + READ]
            found.add(ids, np.asarray([vectors[mention_id] for mention_id in ids], dtype=np.float32))
        return found

    def add(self, mention_ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Put vectors behind those that are there."""
        if not mention_ids:
            return
        if self._index is None:
            self._index = Index(ndim=vectors.shape[1], metric="ip", dtype="f32", connectivity=16, expansion_add=128, expansion_search=128)
        first = len(self.mention_ids)
        # One thread: the graph depends on the order in which vectors arrive.
        self._index.add(np.arange(first, first + len(mention_ids), dtype=np.uint64), vectors, threads=1)
        self.mention_ids += mention_ids

    def nearest(self, vectors: NDArray[np.float32], count: int, *, exact: bool | None = None) -> Iterator[list[str]]:
        """The mention ids of the `count` nearest stored vectors for each of `vectors`, nearest first."""
        if self._index is None or not len(vectors):
            yield from ([] for _ in range(len(vectors)))
            return
        whole = len(self.mention_ids) <= EXACT_UP_TO if exact is None else exact
        for start in range(0, len(vectors), 1000):
            block = np.atleast_2d(vectors[start : start + 1000])
            found = self._index.search(block, min(count, len(self.mention_ids)), exact=whole, threads=0)
            for row in [found] if isinstance(found, Matches) else found:
                yield [self.mention_ids[int(key)] for key in row.keys]

    def save(self) -> None:
        """Write the index; a kill in the middle leaves the old one, or one that `open` sees through."""
        if self._index is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        data = bytes(self._index.save() or b"")
        ids = "\n".join(self.mention_ids).encode("utf-8")
        names = {"index": f"neighbours-{_digest(data)[:12]}.usearch", "ids": f"neighbours-{_digest(ids)[:12]}.txt"}
        _write(self.folder / names["index"], data)
        _write(self.folder / names["ids"], ids)
        meta = {**names, "model": self.model, "index_sha256": _digest(data), "ids_sha256": _digest(ids)}
        _write(self.folder / _META, json.dumps(meta).encode("utf-8"))
        for file in self.folder.glob("neighbours-*"):
            if file.name not in names.values():
                file.unlink(missing_ok=True)

    def _read(self) -> list[str] | None:
        """The kept ids, with the index loaded; None where anything is missing, damaged or of another model."""
        try:
            meta = json.loads((self.folder / _META).read_text("utf-8"))
            data = (self.folder / Path(meta["index"]).name).read_bytes()
            ids = (self.folder / Path(meta["ids"]).name).read_bytes()
            sound = (meta["model"], meta["index_sha256"], meta["ids_sha256"]) == (self.model, _digest(data), _digest(ids))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if not sound:
            return None
        self._index = Index.restore(data)
        kept = ids.decode("utf-8").split("\n")
        return kept if self._index is not None and len(self._index) == len(kept) else None


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _write(file: Path, data: bytes) -> None:
    """Put `data` into `file` whole or not at all."""
    fresh = file.with_name(f".{file.name}.new")
    with fresh.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)
