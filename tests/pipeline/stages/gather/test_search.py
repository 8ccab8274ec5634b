"""A search through parts of the store finds what looking at each claim and each passage alone finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from pipeline.core.text import one_line
from pipeline.stages.gather import candidates, search
from pipeline.stages.gather.candidates import SPARSE, Pairs, name_keys, nearest, ranked, terms
from pipeline.stages.gather.search import Search
from pipeline.store.store import Store
from tests.conftest import NOW
from tests.worlds.builder import World
from tests.worlds.laid import EmptyStore

MOST = {True: 4, False: 3}
WIDE = 6
FLOOR = 0.1
NAMES = ("Aster 4", "aster-5", "Borage", "Borage Labs", "Çedar", " - ", "Dill")
WORDS = ("saw", "quick", "sets", "token", "chip", "leak")


def rows_of(chance: np.random.Generator, count: int, start: str) -> list[dict[str, Any]]:
    """Return claims or passages, some of them with equal vectors and equal words, in the order of ids."""
    vectors = chance.normal(size=(max(1, count // 2), 4)).round(int(chance.integers(0, 3))).astype(np.float32)
    rows = []
    for number in range(count):
        since, until = sorted(chance.integers(0, 30, 2).tolist())
        ever = chance.random() < 0.2
        rows.append({
            "id": f"{start}{number:03}", "names": list(chance.choice(NAMES, chance.integers(0, 3))),
            "since": -np.inf if ever else float(since), "until": np.inf if ever else float(until),
            "time": float(chance.integers(0, 30)), "english": bool(chance.random() < 0.6),
            "words": " ".join(chance.choice(WORDS, 2)), "vector": vectors[chance.integers(len(vectors))]})
    return rows


def one_by_one(claims: Sequence[Mapping[str, Any]], passages: Sequence[Mapping[str, Any]]
               ) -> list[tuple[str, str, float]]:
    """Return the candidates of each claim by the definition, each claim and passage looked at alone."""
    searches = []
    for claim in claims:
        keys = name_keys(claim["names"])
        for english in (True, False):
            vector = claim["vector"].astype(np.float64)
            near = [(row, np.float32(vector @ passage["vector"].astype(np.float64)))
                    for row, passage in enumerate(passages)
                    if passage["english"] == english and claim["since"] <= passage["time"] <= claim["until"]
                    and (not keys or keys & name_keys(passage["names"]))]
            searches.append((claim, english, sorted(near, key=lambda pair: (-pair[1], pair[0]))[:WIDE]))
    rows = sorted({row for *_, near in searches for row, _ in near})
    if not rows:
        return []
    sparse = TfidfVectorizer(analyzer=terms, sublinear_tf=True, dtype=np.float32)
    table = sparse.fit_transform([passages[row]["words"] for row in rows])
    pairs = []
    for claim, english, near in searches:
        scored = []
        for row, cosine in near:
            if cosine >= np.float32(FLOOR) or not english:
                shared = (table[[rows.index(row)]] @ sparse.transform([claim["words"]]).T).toarray()[0, 0]
                scored.append((-(cosine + np.float32(SPARSE) * shared), row, cosine))
        taken: Counter[str] = Counter()
        for _, row, cosine in sorted(scored):
            quote = one_line(passages[row]["words"])
            if taken.total() < 2 * MOST[english] and (quote in taken or len(taken) < MOST[english]):
                taken[quote] += 1
                pairs.append((claim["id"], passages[row]["id"], float(cosine)))
    return pairs


def table_of(rows: Sequence[Mapping[str, Any]], places: Mapping[str, int]) -> pa.Table:
    """Return rows as the statements of the search give them."""
    return pa.table({"place": pa.array([places[row["id"]] for row in rows], pa.int64()),
                     "names": pa.array([row["names"] for row in rows], pa.list_(pa.string())),
                     **{name: [row[name] for row in rows] for name in ("since", "until", "time", "english")}})


@pytest.mark.parametrize("seed", range(40))
def test_a_search_in_parts_finds_what_a_search_one_by_one_finds(
    store: Store, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    monkeypatch.setattr(search, "CLAIMS", int(chance.integers(1, 9)))
    monkeypatch.setattr(search, "PASSAGES", int(chance.integers(1, 30)))
    monkeypatch.setattr(candidates, "TABLE", int(chance.integers(1, 200)))
    monkeypatch.setattr(search, "WIDE", WIDE)
    monkeypatch.setattr(search, "nearest", lambda pairs: nearest(pairs, WIDE))
    claims, passages = rows_of(chance, 12, "c"), rows_of(chance, 60, "p")
    places: dict[str, int] = {}
    for table, key, rows in (("claim_queries", "claim_id", claims),
                             ("passage_vectors", "passage_id", passages)):
        others = rows_of(chance, 20, "other")  # not looked for; one of two is deleted again
        for row in others[1::4]:
            row |= {"model": "older", "vector": np.ones(3, dtype=np.float32)}
        mixed = [*rows, *others]
        chance.shuffle(mixed)
        words = {"claim": "some words"} if table == "claim_queries" else {}
        store.append(table, [{key: row["id"], "model": row.get("model", "made"),
                              "vector": row["vector"].tolist()} | words for row in mixed])
        store.execute(f"DELETE FROM store.{table} WHERE {key} IN ({','.join('?' * 10)})",
                      [row["id"] for row in others[::2]])
        places |= dict(store.execute(f"SELECT {key}, rowid FROM store.{table}"))
    expected = one_by_one(claims, passages)
    claim_table, passage_table = table_of(claims, places), table_of(passages, places)
    vectors = np.stack([row["vector"] for row in passages])
    by_made = Search(store, "made", "made", FLOOR)
    for found in (by_made.put_passages(claim_table, passage_table, vectors),
                  by_made.look_for(claim_table, passage_table)):
        parts = ranked(found.pairs, found.passages, [passages[row]["words"] for row in found.passages],
                       lambda rows: [claims[row]["words"] for row in rows], MOST)
        pairs = Pairs.joined(parts)
        read = zip(pairs.claims.tolist(), pairs.passages.tolist(), pairs.cosines.tolist(), strict=True)
        assert expected and expected == [
            (claims[claim]["id"], passages[passage]["id"], cosine) for claim, passage, cosine in read]


def test_nothing_is_found_for_no_claim_and_in_no_passage(store: Store) -> None:
    by_made = Search(store, "made", "made", FLOOR)
    claims = by_made.live("made+made", NOW.timestamp(), NOW.timestamp())
    passages = by_made.passages(-np.inf, np.inf)
    assert not len(claims) and not len(passages) and not len(by_made.claims(["c1"]))
    rows = rows_of(np.random.default_rng(0), 3, "r")
    store.append("claim_queries", [{"claim_id": row["id"], "claim": "words", "model": "made",
                                    "vector": row["vector"].tolist()} for row in rows])
    table = table_of(rows, {row["id"]: place for place, row in enumerate(rows)})
    none = np.zeros((0, 4), dtype=np.float32)
    for found in (by_made.put_passages(claims, table, np.stack([row["vector"] for row in rows])),
                  by_made.put_passages(table, passages, none), by_made.put_passages(claims, passages, none),
                  by_made.look_for(table, passages), by_made.look_for(claims, passages)):
        assert not len(found.pairs.claims) and not len(found.passages)


def test_a_claim_waits_for_a_vector_of_its_words_by_the_model_that_searches(store: EmptyStore) -> None:
    World(store).claim("c1", "Aster 4 saw test sets.", mention_id="m1", first_seen_at=NOW)
    store.append("gathered", [{"claim_id": "c1", "claim": "Aster 4 saw test sets.", "model": "both"}])
    by_made = Search(store, "made", "made", FLOOR)
    found = []
    for model, words in (("older", "Aster 4 saw test sets."), ("made", "Aster 4 saw sets."),
                         ("made", "Aster 4 saw test sets.")):
        store.append("claim_queries", [{"claim_id": "c1", "claim": words, "model": model, "vector": [1.0]}],
                     replace=True)
        found.append((len(by_made.claims(["c1"])), len(by_made.live("both", 0, NOW.timestamp()))))
    assert found == [(0, 0), (0, 0), (1, 1)]
