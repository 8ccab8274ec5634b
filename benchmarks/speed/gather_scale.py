"""Gather, judge and publish a night at the end of millions of stored passages:
`python -m benchmarks.speed.gather_scale FOLDER --real WORK --passages N [--nights N]`.

WORK is the work file of a run over real items. FOLDER gets a store of N passages, made once and kept: copies
of WORK laid one behind the other in time, `--a-day` passages a day, each with its own ids, its own sign for
the full stop and its vectors turned by a rotation of its own, so that texts, names, claims and what was
gathered stay as they are in real data and no copy is like another (gather_scale.sql). Of the last copy a
thirteenth is held back for each night: new documents, passages and claims, which gather, judge and, with
`--publish`, publish then take in, each in a process of its own. Told are its processor seconds and peak
memory, and the statements of SQL that take longest. Models answer at once: of the pairs that the search finds
one in six belongs, as the shipped ones find. `--json` prints all as one object.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pyarrow as pa

from benchmarks.harness import GivenVectors, argument_parser, peak_gb, processor_seconds, run_apart
from models.protocols.language import Statement
from models.protocols.stance import TextPair
from models.protocols.vectors import Retriever
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.core.rows import Row
from pipeline.stages.gather.joining import VERSION as JOINING
from pipeline.stages.gather.relating import NOTHING
from pipeline.stages.gather.stage import gather
from pipeline.stages.judge import check_worthiness
from pipeline.stages.judge.inputs import evidence_tables
from pipeline.stages.judge.rules import VERSION as RULES
from pipeline.stages.judge.stage import SQL as JUDGE
from pipeline.stages.judge.stage import judge
from pipeline.stages.publish.stage import publish
from pipeline.store.queries import Statements
from pipeline.store.store import Store
from pipeline.store.vectors import Vectors, vectors_of

SQL = Statements(__package__, "gather_scale")

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SHARES = 13  # of the documents of the last copy, one a night
HELD_BACK = 4  # nights
AT_ONCE = 20  # copies
MODEL = "made"
PROMISING = 0.45  # cosine from which a pair is read
OF = {
    "of_documents": ("documents", "versions", "passages", "mentions", "sightings", "links", "edges"),
    "of_versions": ("speech",),
    "of_passages": ("passage_vectors",),
    "of_claims": ("claims", "claim_vectors", "claim_queries", "gathered", "compared", "storied", "verdicts",
                  "judged", "checkworthy", "story_claims", "releases", "rungs", "resolutions",
                  "resolution_texts", "outcomes"),
    "of_pairs": ("rivals",),
    "of_members": ("members", "placements", "evidence", "origins", "knowledge"),
    "of_evidence": ("entailments",),
    "of_all": ("stories", "story_heirs", "pages", "runs", "stage_runs"),
}
OF_A_NIGHT = ("documents", "versions", "passages", "mentions", "sightings", "links", "edges", "speech",
              "claims", "members", "placements", "evidence", "origins", "entailments")
MODELS = {"passage_vectors": MODEL, "claim_vectors": MODEL, "claim_queries": MODEL,
          "gathered": f"{MODEL}+{MODEL}", "compared": f"{MODEL}+{MODEL}+{MODEL}+{JOINING}"}
IDS = {"document_id", "version_id", "mention_id", "claim_id", "evidence_id", "passage_id", "story_id",
       "edge_id", "rival_id", "merged_into", "first_mention_id", "origin_document_id", "run_id", "heir",
       "split_from", "url", "in_reply_to", "page"}


class AtOnce:
    """Models that answer at once."""

    name = MODEL

    def statement(self, sentence: str, when: datetime | None) -> Statement:
        """Return that a sentence names nothing."""
        return NOTHING

    def entails(self, pairs: Sequence[TextPair]) -> list[float]:
        """Return that no text bears out a claim: nothing is joined."""
        return [0.0] * len(pairs)

    def promise(self, pairs: Sequence[TextPair]) -> list[float]:
        """Return the likeness of each pair, where it is found by the search."""
        return [1.0 if pair.likeness is None else pair.likeness if pair.likeness > PROMISING else 0.0
                for pair in pairs]

    def told(self, pairs: Sequence[TextPair]) -> list[float]:
        """Return for each pair how likely it belongs, one in six likely."""
        return [0.9 if crc32(f"{pair.claim}\n{pair.text}".encode()) % 6 == 0 else 0.1 for pair in pairs]

    def weighed(self, pairs: Sequence[TextPair], told: Sequence[float], others: Sequence[float] | None = None
                ) -> list[dict[str, float]]:
        """Return the shares of the labels."""
        return [{"supports": share * 0.8, "denies": share * 0.1, "questions": share * 0.05,
                 "reports": share * 0.05, "unrelated": 1 - share} for share in told]


class TimedStore(Store):
    """A store that counts the processor seconds of its statements."""

    spent: Counter[str]

    def _timed(self, sql: str, start: float) -> None:
        if not hasattr(self, "spent"):
            self.spent = Counter()
        self.spent[" ".join(sql.split())[:90]] += time.process_time() - start

    def execute(self, sql: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
        """Run one statement, timed."""
        start = time.process_time()
        rows = super().execute(sql, parameters)
        self._timed(sql, start)
        return rows

    def table(self, sql: str, parameters: dict[str, Any]) -> pa.Table:
        """Read a table, timed."""
        start = time.process_time()
        table = super().table(sql, parameters)
        self._timed(sql, start)
        return table

    def read(self, record: type[Row], sql: str, parameters: Any = ()) -> list[Row]:
        """Read records, timed."""
        start = time.process_time()
        rows = super().read(record, sql, parameters)
        self._timed(sql, start)
        return rows

    def append(self, table: str, records: Any, *, replace: bool = False) -> int:
        """Append records, timed."""
        start = time.process_time()
        count = super().append(table, records, replace=replace)
        self._timed(f"append {table}", start)
        return count


def _prepared(store: Store, real: Path, made: dict[str, Any]) -> None:
    run = store.connection.execute
    run(f"ATTACH '{real}' AS real (READ_ONLY)")
    for name, value in {"last": made["copies"] - 1, "span": made["span"], "nights": HELD_BACK,
                        "shares": SHARES}.items():
        run(f"SET VARIABLE {name} = {value}")
    run(f"SET VARIABLE now = TIMESTAMP '{NOW:%Y-%m-%d %H:%M:%S}'")
    run("SET VARIABLE real_first = (SELECT min(coalesce(said_at, seen_at)) FROM real.store.passages)")
    run("SET VARIABLE real_last = (SELECT max(coalesce(said_at, seen_at)) FROM real.store.passages)")
    for name in ("macros", "shares"):
        for statement in store.connection.extract_statements(SQL[name]):
            run(statement)
    for name, tables in OF.items():
        for table in tables:
            run(SQL[name].replace("TABLE_NAME", table))


def _columns(store: Store, table: str) -> str:
    """Return what copy k has in the columns of a table."""
    parts = []
    for name, kind in store.execute("SELECT column_name, data_type FROM information_schema.columns "
                                    "WHERE table_catalog = current_database() AND table_schema = 'store' "
                                    "AND table_name = ? ORDER BY ordinal_position", [table]):
        value = name
        if name == "model" and table in MODELS:
            value = f"'{MODELS[table]}'"
        elif name in IDS:
            value = f"anew({name}, k)"
        elif name == "evidence_ids":
            value = "list_transform(evidence_ids, lambda id: anew(id, k))"
        elif kind == "TIMESTAMP":
            value = f"moved({name}, k)"
        elif (table, name) in {("versions", "text"), ("versions", "title"), ("mentions", "quote"),
                               ("claims", "claim"), ("claim_vectors", "claim"), ("claim_queries", "claim"),
                               ("gathered", "claim"), ("compared", "claim"), ("storied", "claim")}:
            value = f"reworded({name}, k)"
        parts.append(f"{value} AS {name}")
    return ", ".join(parts)


def _turned(vectors: Vectors, copy: int) -> Vectors:
    chance = np.random.default_rng(copy)
    order = chance.permutation(vectors.shape[1])
    signs = chance.choice(np.asarray([-1, 1], dtype=np.float32), vectors.shape[1])
    return vectors[:, order] * signs


def build(folder: Path, real: Path, passages: int, a_day: int) -> dict[str, Any]:
    """Make the store; return what it was made of."""
    start = time.monotonic()
    store = Store.open(folder / "work.duckdb")
    run = store.connection.execute
    run(f"ATTACH '{real}' AS measured (READ_ONLY)")
    of_one = store.execute("SELECT count(*) FROM measured.store.passages")[0][0]
    run("DETACH measured")
    made = {"real": str(real), "of_one": of_one, "copies": max(1, round(passages / of_one)),
            "span": of_one / a_day * 86_400}
    _prepared(store, real, made)
    for table in ("sources", "names"):
        run(f"INSERT INTO store.{table} BY NAME SELECT * FROM real.store.{table}")
    last = made["copies"] - 1
    with_vectors = [table for table in MODELS if table.endswith(("vectors", "queries"))]
    for first in range(0, made["copies"], AT_ONCE):
        for table in (table for tables in OF.values() for table in tables if table not in with_vectors):
            run(f"INSERT INTO store.{table} BY NAME SELECT {_columns(store, table)} FROM real_{table} "
                f"CROSS JOIN range({first}, {min(first + AT_ONCE, last + 1)}) AS r(k) "
                f"WHERE k < {last} OR share >= {HELD_BACK}")
    for table in with_vectors:
        rows = store.table(f"SELECT * FROM real_{table} ORDER BY ALL", {})
        vectors, rows = vectors_of(rows.column("vector")), rows.drop_columns(["vector"])
        for copy in range(made["copies"]):
            flat = pa.array(_turned(vectors, copy).ravel())
            turned = rows.append_column("vector", pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1]))
            store.connection.register("turned", turned)
            run(f"INSERT INTO store.{table} BY NAME SELECT {_columns(store, table)} FROM turned "
                f"CROSS JOIN (SELECT {copy} AS k) WHERE k < {last} OR share >= {HELD_BACK}")
            store.connection.unregister("turned")
    run(SQL["counts"])
    # What was judged is told by its new ids, so that nothing is judged anew but what a night brings.
    config = Config()
    with evidence_tables(store):
        rules = f"{RULES}-{check_worthiness.VERSION}-{config.judge.corroborating_voices}"
        todo = store.execute(JUDGE["todo"], {"now": NOW, "rules": rules})
        # A verdict belongs to the time at which its claim was judged.
        judged_at = dict(store.execute("SELECT claim_id, judged_at FROM store.judged"))
        claims = [row for row in todo if row[0] in judged_at]
        store.connection.register("marks", pa.table({
            "claim_id": [claim for claim, _ in claims], "fingerprint": [mark for _, mark in claims]}))
        run("INSERT OR REPLACE INTO store.judged BY NAME SELECT m.claim_id, m.fingerprint, j.judged_at "
            "FROM marks AS m JOIN store.judged AS j USING (claim_id)")
        store.connection.unregister("marks")
    run("CHECKPOINT")
    made["rows"] = {table: store.execute(f"SELECT count(*) FROM store.{table}")[0][0] for table in
                    ("documents", "passages", "passage_vectors", "claims", "mentions", "members")}
    store.close()
    return made | {"built_s": round(time.monotonic() - start), "processor_s": round(processor_seconds()),
                   "work_mb": (folder / "work.duckdb").stat().st_size >> 20}


def add_night(folder: Path, made: dict[str, Any], night: int) -> dict[str, int]:
    """Add what a night found; return how many of what."""
    store = Store.open(folder / "work.duckdb")
    _prepared(store, Path(made["real"]), made)
    last = made["copies"] - 1
    counts = {}
    with store.transaction():
        for table in OF_A_NIGHT:
            store.connection.execute(
                f"INSERT INTO store.{table} BY NAME SELECT {_columns(store, table)} FROM real_{table} "
                f"CROSS JOIN (SELECT {last} AS k) WHERE share = {night}")
            counts[table] = store.execute(f"SELECT count(*) FROM real_{table} WHERE share = {night}")[0][0]
    texts = store.table(SQL["texts"], {})
    claims = store.table("SELECT reworded(claim, getvariable('last')) AS quote, vector "
                         "FROM real_claim_queries", {})
    (folder / "texts.json").write_text(json.dumps(
        texts.column("quote").to_pylist() + claims.column("quote").to_pylist()), "utf-8")
    np.save(folder / "texts.npy", _turned(np.concatenate(
        [vectors_of(table.column("vector")) for table in (texts, claims)]), last))
    store.close()
    return counts


def _gather(store: Store, run: RunContext, folder: Path) -> dict[str, Any]:
    model = AtOnce()
    vectors = GivenVectors(MODEL, json.loads((folder / "texts.json").read_text("utf-8")),
                           np.load(folder / "texts.npy"))
    counts = gather(store, run, model, vectors, Retriever(vectors, vectors), model, model,  # type: ignore[arg-type]
                    AtOnce)  # type: ignore[arg-type]
    return {"read": counts.inputs, "belong": counts.done, **counts.detail}


def worked(folder: Path, stage: str, night: int) -> dict[str, Any]:
    """Run a stage in this process; return its cost."""
    at = NOW + timedelta(hours=night)
    run = RunContext(f"{at:%Y%m%dT%H%M%SZ}", at, Home(folder), Config())
    store = TimedStore.open(folder / "work.duckdb")
    opened, start = processor_seconds(), time.monotonic()
    if stage == "gather":
        detail = _gather(store, run, folder)
    elif stage == "judge":
        counts = judge(store, run)
        detail = {"claims": counts.inputs, **counts.detail}
    else:
        detail = {"tables": publish(store, run).inputs}
    spent = getattr(store, "spent", Counter())
    store.close()
    return {"processor_s": round(processor_seconds() - opened, 1), "opening_s": round(opened, 1),
            "wall_s": round(time.monotonic() - start, 1), "peak_gb": round(peak_gb(), 2), "detail": detail,
            "statements": {sql: round(seconds, 1) for sql, seconds in spent.most_common(12)}}


def main() -> int:
    """Make what is missing, run the nights, print what each stage took."""
    parser = argument_parser(__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--real", type=Path, help="the work file of a run over real items")
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--a-day", type=int, default=20_000)
    parser.add_argument("--nights", type=int, nargs="*", default=[0])
    parser.add_argument("--publish", action="store_true", help="publish whole before, and each night anew")
    parser.add_argument("--stage", nargs=2, metavar=("STAGE", "NIGHT"), help="run it on FOLDER, and no more")
    args = parser.parse_args()
    if args.stage:
        print(json.dumps(worked(args.folder, args.stage[0], int(args.stage[1]))))
        return 0
    folder = args.folder / f"passages-{args.passages}"
    made_file = folder / "made.json"
    if not made_file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made_file.write_text(json.dumps(build(folder, args.real, args.passages, args.a_day)), "utf-8")
    made = json.loads(made_file.read_text("utf-8"))
    took: dict[str, Any] = {"made": made}
    if args.publish and not Home(folder).published.exists():
        took["whole copy"] = run_apart(__spec__.name, folder, "--stage", "publish", 0)
    for night in args.nights:
        counts = add_night(folder, made, night)
        stages = ["gather", "judge", *(["publish"] if args.publish else [])]
        took[f"night {night}"] = {"new": counts}
        for stage in stages:
            cost = run_apart(__spec__.name, folder, "--stage", stage, night)
            cost["ms_a_passage"] = round(1000 * cost["processor_s"] / counts["passages"], 2)
            took[f"night {night}"][stage] = cost
    print(json.dumps(took, indent=None if args.json else 1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
