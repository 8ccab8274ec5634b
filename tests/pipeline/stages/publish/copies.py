"""A store with a row in each table that is published, and copies that are published from it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.stages.publish import stage
from pipeline.stages.publish.stage import publish
from pipeline.stages.publish.whole import write_whole
from pipeline.store.store import Store, public_views
from tests.conftest import NOW
from tests.worlds.newsroom import fill

# Rows for the tables that the newsroom leaves empty.
REST = """
INSERT INTO store.placements SELECT mention_id, claim_id, similarity, how FROM store.members;
INSERT INTO store.foundings BY NAME SELECT mention_id, 0.5 AS probability, true AS founds, 'm' AS model,
    'r1' AS run_id, NULL AS reason FROM store.mentions;
INSERT INTO store.passages BY NAME SELECT 'p' || mention_id AS passage_id, version_id, document_id, part,
    start_char, end_char, entities AS names, organisations, [] AS inherited, numbers, 'en' AS language,
    seen_at, 'm' AS model, 'r1' AS run_id FROM store.mentions;
INSERT INTO store.links
    SELECT document_id, 'https://elsewhere.example/', 'link', 'here' FROM store.documents;
INSERT INTO store.sightings BY NAME SELECT document_id, seen_at AS last_seen_at FROM store.documents;
INSERT INTO store.houses SELECT source_id, 'house:one', 'The House', '' FROM store.sources
    ORDER BY source_id LIMIT 2;
INSERT INTO store.stories BY NAME SELECT 's' || number AS story_id, 'A story' AS title,
    TIMESTAMP '2026-01-06' AS created_at, 'r1' AS run_id FROM range(3) AS r(number);
INSERT INTO store.story_claims
    SELECT claim_id, 's' || hash(claim_id) % 2, created_at, 'r1' FROM store.claims;
INSERT INTO store.story_heirs VALUES ('s2', 's1', TIMESTAMP '2026-01-07', 'r1');
INSERT INTO store.vectors SELECT mention_id, 'm', [0.6, 0.8] FROM store.mentions;
INSERT INTO store.claim_vectors SELECT claim_id, claim, 'm', [0.6, 0.8] FROM store.claims;
INSERT INTO store.claim_queries SELECT claim_id, claim, 'm', [0.8, 0.6] FROM store.claims;
INSERT INTO store.second_opinions SELECT claim_id, mention_id, 'm', evidence_id, 'supports', 'words', NULL,
    weighed_at, 'r1' FROM store.evidence;
INSERT INTO store.grey_pairs SELECT a.claim_id, b.claim_id, 0.5, 'r1'
    FROM store.claims AS a, store.claims AS b WHERE a.claim_id < b.claim_id;
INSERT INTO store.joins BY NAME SELECT a.claim_id, b.claim_id AS into_id, 0.9 AS forward, 0.9 AS backward,
    'm' AS model, a.created_at AS joined_at, 'r1' AS run_id
    FROM store.claims AS a, store.claims AS b WHERE a.claim_id > b.claim_id ORDER BY 1, 2 LIMIT 3;
INSERT INTO store.pages SELECT url, url FROM store.documents WHERE url IS NOT NULL;
INSERT INTO store.aliases SELECT url || '?a', url, seen_at, 'r1' FROM store.documents WHERE url IS NOT NULL;
INSERT INTO store.earlier_ids SELECT 'e' || document_id, document_id, '', 'r1' FROM store.documents;
INSERT INTO store.issues BY NAME SELECT 'i' || source_id AS issue_id, 'r1' AS run_id,
    TIMESTAMP '2026-01-06' AS seen_at, 'crawl' AS stage, 'error' AS severity, 'http_503' AS code, source_id,
    'words' AS message FROM store.sources;
INSERT INTO store.stage_runs SELECT run_id, 'publish', 1, 1, 0, 0, 1.0, '{}' FROM store.runs;
INSERT INTO store.rules VALUES (1, 'one', 'disputed', 'it holds', 'nothing', 'rules-1');
INSERT INTO store.decisions BY NAME SELECT 'x' || number AS decision_id, kind, target, value,
    'words' AS reason, 'ed' AS editor, TIMESTAMP '2026-01-08' AS decided_at, number
    FROM (SELECT kind, target, value, 10 + row_number() OVER () AS number FROM (
        SELECT 'stance' AS kind, min(mention_id) AS target, 'denies' AS value FROM store.members
        UNION ALL SELECT 'follow', min(claim_id), 'a sentence' FROM store.claims
        UNION ALL SELECT 'story_title', 's1', 'Another title'
        UNION ALL SELECT 'apart', min(claim_id), max(claim_id) FROM store.claims));
"""

# Columns that a stage changes together: the model and the words of a vector, a text and its hash.
KNOWN_OTHERWISE = {("vectors", "vector"), ("claim_vectors", "vector"), ("claim_queries", "vector"),
                   ("versions", "text")}  # fmt: skip
PUBLISHED = (
    "aliases", "checkworthy", "claim_queries", "claim_vectors", "claims", "crawls", "decisions", "documents",
    "earlier_ids", "edges", "edits", "entailments", "evidence", "foundings", "grey_pairs", "heirs", "houses",
    "intervals", "issues", "joins", "judged", "links", "members", "mentions", "names", "origins", "outcomes",
    "pages", "passages", "placements", "release_stages", "releases", "resolution_texts", "resolutions",
    "rewordings", "rivals", "rules", "rungs", "runs", "second_opinions", "sightings", "sources", "stage_runs",
    "stories", "story_claims", "story_heirs", "vectors", "verdicts", "versions",
)  # fmt: skip
"""The tables of the store that public views, or the index, are made from."""


@dataclass
class World:
    """A store, two homes that are published from it, and how often a copy was written whole."""

    store: Store
    folder: Path
    whole: int = 0

    def publish(self, home: str) -> Path:
        """Publish to one of the homes."""
        run = RunContext("20260302T030000Z", NOW, Home(self.folder / home), Config())
        run.home.path.mkdir(exist_ok=True)
        publish(self.store, run)
        return run.home.published

    def same(self, expected: Path | None = None) -> None:
        """Publish, and compare the copy with `expected`, else with one that is published from nothing."""
        incremental = self.publish("one")
        if expected is None:
            shutil.rmtree(self.folder / "other", ignore_errors=True)
            expected = self.publish("other")
            self.whole -= 1  # the copy from nothing
        assert differing(incremental, expected) == []

    def retitle(self) -> None:
        """Give every document another title."""
        self.store.connection.execute("UPDATE store.documents SET title = 'Another'")


def differing(one: Path, other: Path) -> list[str]:
    """Return the tables in which two copies hold different rows, regardless of order and row numbers."""
    index_sql = """SELECT c.claim_id, p.mention, w.word, o.position FROM {0}.search.postings AS o
        JOIN {0}.search.words AS w ON w.number = o.word JOIN {0}.search.passages AS p USING (passage)
        JOIN {0}.search.claims AS c USING (place)"""
    vectors = "SELECT c.claim_id, v.* EXCLUDE (claim) FROM {0}.search.vectors AS v " \
              "LEFT JOIN {0}.search.claims AS c ON c.place = v.claim"  # fmt: skip
    numbers_sql = "SELECT count(*) FROM (SELECT number, lag(number) OVER (ORDER BY word) AS before " \
               "FROM {0}.search.words) WHERE number <= before"  # fmt: skip
    queries = {name: f'FROM {{0}}.main."{name}"' for name in (*public_views(), "meta")} | {
        "the index": index_sql, "its vectors": vectors, "its numbers": numbers_sql,
        "its claims": "SELECT claim_id FROM {0}.search.claims", "marks": "FROM {0}.kept.marks",
    }
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"ATTACH '{one}' AS one (READ_ONLY); ATTACH '{other}' AS other (READ_ONLY)")
        differ = []
        for name, sql in queries.items():
            sums_sql = " UNION ALL ".join(f"SELECT sum(hash(row)), count(*) FROM ({sql.format(side)}) AS row"
                                          for side in ("one", "other"))
            if len(set(connection.execute(sums_sql).fetchall())) == 1:
                continue
            left, right = sql.format("one"), sql.format("other")
            either = f"(({left}) EXCEPT ALL ({right})) UNION ALL (({right}) EXCEPT ALL ({left}))"
            rows = connection.execute(either).fetchall()
            differ += [f"{name}: {rows[:2]}"] if rows else []
        return differ


def fill_all(folder: Path) -> None:
    """Write to a folder a store that has a row at least in each table that is published."""
    with closing(Store.open(folder / "work.duckdb")) as store:
        fill(store, RunContext("20260302T030000Z", NOW, Home(folder / "one"), Config()))
        for statement in store.connection.extract_statements(REST):
            store.connection.execute(statement)


@contextmanager
def world_in(folder: Path, filled: Path) -> Iterator[World]:
    """Take the filled store and its copy over into a folder, and count from there on."""
    shutil.copytree(filled, folder, dirs_exist_ok=True)  # with the time of the copy, which it notes
    with closing(Store.open(folder / "work.duckdb")) as store, pytest.MonkeyPatch.context() as patch:
        new_world = World(store, folder)

        def counted(*given: Any) -> None:
            new_world.whole += 1
            write_whole(*given)

        patch.setattr(stage, "write_whole", counted)
        yield new_world
