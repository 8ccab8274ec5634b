"""The index of words and meanings in the published copy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.config import AskConfig
from pipeline.core.context import RunContext
from pipeline.core.vocabulary import DecisionKind
from pipeline.published.database import open_published, query
from pipeline.published.search_terms import LONGEST, next_prefix, words
from pipeline.stages.publish.stage import publish
from pipeline.store.store import Store
from tests.conftest import NOW
from tests.worlds.builder import World
from tests.worlds.newsroom import fill

pytestmark = pytest.mark.slow  # a published copy for each

ASK = AskConfig(seconds=20.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GPT-4.5's “Test  set”", ["gpt", "4", "5", "s", "test", "set"]),
        ("Ünïcode ﬁne Ａ１ İstanbul", ["unicode", "fine", "a1", "istanbul"]),
        ("snake_case", ["snake", "case"]),
        ("大模型v3", ["大模", "模型", "型", "v3"]),
        ("… — 🙂", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text(max_size=60))
def test_words_are_already_plain(text: str) -> None:
    latin = [word for word in words(text) if word[0] < "\u0250"]
    assert words(" ".join(latin)) == latin
    assert all(word and len(word) <= LONGEST for word in words(text))


@given(st.text(min_size=1, max_size=5, alphabet=st.characters(exclude_categories=["Cs"])),
       st.text(max_size=3))
def test_what_begins_with_a_word_stands_before_the_next_prefix(word: str, rest: str) -> None:
    if set(word) != {"\U0010ffff"}:
        assert word <= word + rest < next_prefix(word)


@pytest.mark.slow
def test_every_passage_holds_the_words_that_its_text_holds(store: Store, run: RunContext) -> None:
    """SQL splits texts into the same words as `words`, which splits the search."""
    fill(store, run)
    quotes = ("Plain, ASCII-only v2.0 text_here", "Typographic “marks” – and’s", "naïve 模型", "z" * 60)
    mentions = [row[0] for row in store.connection.execute("SELECT mention_id FROM evidence "
                                                           "ORDER BY mention_id LIMIT 4").fetchall()]
    for mention_id, quote in zip(mentions, quotes, strict=True):
        store.connection.execute("UPDATE store.mentions SET quote = ? WHERE mention_id = ?",
                                 [quote, mention_id])
    publish(store, run)
    temp_sql = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'temp' OR schema_name = 'search'"
    assert store.execute(temp_sql) == [], "nothing of the index is left in the store"
    copy = open_published(run.home.published, ASK)
    indexed_words: dict[int, list[str]] = {}
    for passage, word in query(
        copy,
        "SELECT p.passage, w.word FROM search.postings AS p JOIN search.words AS w ON w.number = p.word "
        "ORDER BY p.passage, p.position",
        seconds=20,
    )[1]:
        indexed_words.setdefault(passage, []).append(word)
    held_texts: dict[int, str] = {}
    joins = "JOIN search.claims USING (claim_id) JOIN search.passages USING (place)"
    for passage, claim, entities, organisations in query(
        copy, f"SELECT passage, claim, entities, organisations FROM claims {joins} WHERE mention IS NULL",
        seconds=20,
    )[1]:
        held_texts[passage] = " ".join([claim, *entities, *organisations])
    for passage, *texts in query(
        copy, f"SELECT passage, quote, speaker, source, author, title FROM evidence {joins} "
              "WHERE mention = hash(mention_id)", seconds=20,
    )[1]:
        held_texts[passage] = " ".join(filter(None, texts))
    count = "SELECT (SELECT count(*) FROM claims) + (SELECT count(*) FROM evidence)"
    assert query(copy, count, seconds=20)[1] == [(len(held_texts),)]
    assert indexed_words == {passage: words(text) for passage, text in held_texts.items() if words(text)}


def test_each_claim_has_the_vector_of_its_own_words(store: Store, run: RunContext) -> None:
    fill(store, run)
    claims_told = store.connection.execute(
        "SELECT claim_id, any_value(claim), list(mention_id ORDER BY mention_id) FROM claims "
        "JOIN mentions USING (claim_id) GROUP BY claim_id HAVING count(*) > 1 ORDER BY claim_id LIMIT 2"
    ).fetchall()
    vectors = {}
    for (_, claim, mentions), vector in zip(claims_told, ([0.6, -0.8, 0.0], [0.0, 0.0, 1.0]), strict=True):
        # Its words are those of its last mention; the other mentions differ.
        store.connection.execute("UPDATE store.mentions SET proposition = 'otherwise' "
                                 "WHERE mention_id IN (SELECT unnest(?))", [mentions])
        store.connection.execute("UPDATE store.mentions SET proposition = ? WHERE mention_id = ?",
                                 [claim, mentions[-1]])
        vectors |= {key: [1.0, 0.0, 0.0] for key in mentions[:-1]} | {mentions[-1]: vector}
    store.append("vectors", [{"mention_id": key, "model": "small", "vector": value}
                             for key, value in vectors.items()], replace=True)
    publish(store, run)
    vector_rows = query(
        open_published(run.home.published, ASK),
        "SELECT c.claim_id, v.model, v.scale, v.vector FROM search.vectors AS v "
        "JOIN search.claims AS c ON c.place = v.claim ORDER BY c.claim_id",
        seconds=20,
    )[1]
    assert [(claim_id, model) for claim_id, model, _, _ in vector_rows] == [
        (claim_id, "small") for claim_id, _, _ in claims_told
    ]
    for (_, _, scale, vector), expected in zip(vector_rows, ([0.6, -0.8, 0.0], [0.0, 0.0, 1.0]), strict=True):
        assert np.frombuffer(vector, dtype=np.int8) * scale == pytest.approx(expected, abs=0.005)


def test_one_that_an_editor_follows_has_the_vector_of_its_sentence(store: Store, run: RunContext) -> None:
    world = World(store)
    world.claim("c1", "Zephyr 9 ate the sun", mention_id="")
    world.decide(DecisionKind.FOLLOW, "c1", "Zephyr 9 ate the sun", NOW)
    world.row("claim_vectors", claim_id="c1", claim="Zephyr 9 ate the sun", model="small", vector=[0.6, -0.8])
    publish(store, run)
    sql = "SELECT claim, model FROM search.vectors"
    assert query(open_published(run.home.published, ASK), sql, seconds=20)[1] == [(0, "small")]
    publish(store, run)
    assert query(open_published(run.home.published, ASK), sql, seconds=20)[1] == [(0, "small")]
