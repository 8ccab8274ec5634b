"""The vectors of mentions: made once for the same words, kept in the store, read back as arrays.

The index of neighbours: which stored vectors are nearest to a new one. It can always be rebuilt from the
store.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from usearch.index import Index, Matches

from models.protocols.vectors import Embedder
from pipeline.core.context import RunContext
from pipeline.core.files import replacing, sha256_of
from pipeline.stages.cluster.nodes import ComparedMention
from pipeline.store.embedded import embedded
from pipeline.store.queries import Statements
from pipeline.store.store import Store
from pipeline.store.vectors import Vectors, vectors_of

SQL = Statements(__package__, "queries")

def made(store: Store, run: RunContext, embedder: Embedder, said: Sequence[ComparedMention]) -> Vectors:
    """Return one vector a mention; words that were embedded before are not embedded again.

    Words that break the embedder are near to no others. Raises ModelError where the embedder's answer is no
    table of numbers with a row a text.
    """
    ids = [mention.mention_id for mention in said]
    twins = dict(store.execute(SQL["same_words"], {"mentions": ids, "model": embedder.name}))
    vectors_by_id = dict(zip(twins, kept(store, embedder.name, list(twins.values())), strict=True))
    missing: dict[str, ComparedMention] = {}
    for mention in said:
        if mention.mention_id not in vectors_by_id:
            missing.setdefault(mention.text, mention)
    if missing:
        fresh = embedded(store, run, "cluster", embedder,
                         [(mention.document_id, text) for text, mention in missing.items()])
        by_text = dict(zip(missing, fresh, strict=True))
        vectors_by_id.update({mention.mention_id: by_text[mention.text] for mention in said
                              if mention.mention_id not in vectors_by_id})
    return np.stack([vectors_by_id[mention_id] for mention_id in ids])


def kept(store: Store, model: str, mention_ids: Sequence[str]) -> Vectors:
    """Return the stored vectors of `model` for mentions, in their order: shape (count, dimension)."""
    wanted = sorted(set(mention_ids))
    place = {mention: row for row, mention in enumerate(wanted)}
    return column(store, "vectors",
                  {"mentions": wanted, "model": model})[[place[mention] for mention in mention_ids]]


def column(store: Store, name: str, parameters: dict[str, Any]) -> Vectors:
    """Return the vectors that statement `name` finds, one a row, in its order."""
    return vectors_of(store.table(SQL[name], parameters).column(0))


def keep(store: Store, embedder: Embedder, said: Sequence[ComparedMention], vectors: Vectors) -> None:
    """Store the vectors of mentions, instead of those of another model."""
    rows = ({"mention_id": mention.mention_id, "model": embedder.name, "vector": vector}
            for mention, vector in zip(said, vectors, strict=True))
    store.append("vectors", rows, replace=True)


EXACT_UP_TO = 50_000  # vectors; up to here every one is compared, which no rebuild can change
READ = 20_000
# Half precision: a unit vector's cosine moves by less than 0.001, and a million vectors take one gigabyte,
# not two.
_GRAPH: dict[str, Any] = {"dtype": "f16", "connectivity": 16, "expansion_add": 128, "expansion_search": 192}
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
        """Open the index in `folder`, brought up to the store's vectors of `model`, or built anew."""
        neighbours = cls(folder, model)
        saved_ids = neighbours._read()
        rows = store.execute(SQL["indexed"], {"model": model})
        stored = [mention_id for mention_id, _ in rows]
        if saved_ids is not None and saved_ids == stored[: len(saved_ids)]:
            neighbours.mention_ids = saved_ids
        else:
            neighbours._index, neighbours.mention_ids, neighbours.rebuilt = None, [], bool(stored)
        for start in range(len(neighbours.mention_ids), len(stored), READ):
            part = rows[start : start + READ]
            wanted = {"model": model, "first": part[0][1], "last": part[-1][1]}
            neighbours.add([mention_id for mention_id, _ in part], column(store, "vectors_between", wanted))
        return neighbours

    def add(self, mention_ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Put vectors behind those that are there."""
        if not mention_ids:
            return
        if self._index is None:
            self._index = Index(ndim=vectors.shape[1], metric="ip", **_GRAPH)
        first = len(self.mention_ids)
        # One thread: the graph depends on the order in which vectors arrive.
        self._index.add(np.arange(first, first + len(mention_ids), dtype=np.uint64), vectors, threads=1)
        self.mention_ids += mention_ids

    def nearest(self, vectors: NDArray[np.float32], count: int, *,
                exact: bool | None = None) -> Iterator[list[str]]:
        """Yield for each of `vectors` the mention ids of the `count` nearest stored ones, nearest first."""
        if self._index is None or not len(vectors):
            yield from ([] for _ in range(len(vectors)))
            return
        use_exact = len(self.mention_ids) <= EXACT_UP_TO if exact is None else exact
        for start in range(0, len(vectors), 1000):
            block = np.atleast_2d(vectors[start : start + 1000])
            matches = self._index.search(block, min(count, len(self.mention_ids)), exact=use_exact, threads=0)
            for row in [matches] if isinstance(matches, Matches) else matches:
                yield [self.mention_ids[int(key)] for key in row.keys]

    def save(self) -> None:
        """Write the index; a kill in the middle leaves the old one, or one that `open` sees through."""
        if self._index is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        # By usearch itself: a copy of the whole index in memory would double what the run needs.
        fresh = self.folder / ".neighbours.new"
        self._index.save(str(fresh))
        digest = sha256_of(fresh)
        ids = "\n".join(self.mention_ids).encode("utf-8")
        ids_digest = hashlib.sha256(ids).hexdigest()
        names = {"index": f"neighbours-{digest[:12]}.usearch", "ids": f"neighbours-{ids_digest[:12]}.txt"}
        _settle(fresh, self.folder / names["index"])
        with replacing(self.folder / names["ids"]) as stream:
            stream.write(ids)
        meta = {**names, "model": self.model, "index_sha256": digest, "ids_sha256": ids_digest}
        with replacing(self.folder / _META) as stream:
            stream.write(json.dumps(meta).encode("utf-8"))
        for file in self.folder.glob("neighbours-*"):
            if file.name not in names.values():
                file.unlink(missing_ok=True)

    def _read(self) -> list[str] | None:
        """Load the index and return its ids; None where anything is missing, damaged or of another model."""
        try:
            meta = json.loads((self.folder / _META).read_text("utf-8"))
            file = self.folder / Path(meta["index"]).name
            ids = (self.folder / Path(meta["ids"]).name).read_bytes()
            sound = meta["model"] == self.model and meta["ids_sha256"] == hashlib.sha256(ids).hexdigest()
            if not sound or meta["index_sha256"] != sha256_of(file):
                return None
        except (OSError, ValueError, KeyError, TypeError):
            return None
        self._index = Index.restore(str(file))
        if self._index is not None:
            # A restored index has usearch's own width. Its setter stands where mypy does not look for it.
            self._index.expansion_search = _GRAPH["expansion_search"]  # type: ignore[misc]
        mention_ids = ids.decode("utf-8").split("\n")
        if self._index is None or len(self._index) != len(mention_ids):
            return None
        return mention_ids if self._index.dtype.name == _GRAPH["dtype"].upper() else None


def _settle(fresh: Path, file: Path) -> None:
    """Give a written file its name once it is on the disk."""
    with fresh.open("rb") as stream:
        os.fsync(stream.fileno())
    fresh.replace(file)
