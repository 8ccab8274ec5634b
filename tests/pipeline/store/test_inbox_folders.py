"""Crawls are told apart by the inbox folder that they wrote, whichever run read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pipeline.core.config import Config, IngestConfig
from pipeline.core.context import RunContext
from pipeline.core.records import Issue
from pipeline.core.vocabulary import Outcome, Severity
from pipeline.stages.ingest.stage import ingest
from pipeline.store.store import Store
from tests.conftest import NOW, InboxWriter, document
from tests.worlds.builder import World
from tests.worlds.laid import EmptyStore
from tests.worlds.upgraded import upgraded

pytestmark = pytest.mark.slow  # a store for each test, and many for some

INBOX_FOLDERS = 32
DAYS = [NOW + timedelta(days=number) for number in range(4)]
FOLDERS = [f"{day:%Y%m%dT%H%M%SZ}" for day in DAYS]
NIGHTS: list[tuple[Outcome, list[str]]] = [
    (Outcome.PARTIAL, ["http_403", "timeout"]), (Outcome.PARTIAL, ["http_403"]), (Outcome.OK, []),
    (Outcome.FAILED, []),
]  # fmt: skip
"""How the source's crawls ended, and with which issues."""
VIEWS = ("silences", "blind_spots", "source_health", "crawls")


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in store.connection.execute(sql).fetchall()]


@pytest.fixture
def lines(write_inbox: InboxWriter) -> int:
    """Put four nights into the inbox; return how many lines they have."""
    nights = []
    for folder, day, (outcome, codes) in zip(FOLDERS, DAYS, NIGHTS, strict=True):
        at = day.isoformat()
        night: list[dict[str, Any]] = [
            {"type": "source", "source": "wire", "name": "Wire", "platform": "news", "role": "press",
             "organisation": "Aurel"},
            document(f"https://wire.example/{folder}", seen_at=at),
            *({"type": "issue", "source": "wire", "code": code, "message": f"answered {code}",
               "severity": "error", "seen_at": at, "place": "https://wire.example/feed"} for code in codes),
            {"type": "crawl", "source": "wire", "outcome": outcome, "documents": 1, "requests": 1,
             "started_at": at, "finished_at": at, "message": "answered 503"},
        ]  # fmt: skip
        write_inbox(night, run_id=folder)
        nights += night
    return len(nights)


def told(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return what each view says, but not which run read it."""
    return {view: rows(store, f"SELECT COLUMNS(name -> name <> 'run_id') FROM {view} ORDER BY ALL")
            for view in VIEWS}


def claimed(store: Store) -> Store:
    """Return the store with a claim about the organisation whose channel the source is."""
    world = World(store, "r0")
    world.source("Lantern")
    world.document("d", "lantern", DAYS[0])
    world.claim("c", organisations=("Aurel",))
    world.mention("c", "d", said_at=DAYS[0], seen_at=DAYS[3])
    return store


def test_nights_that_one_run_reads_are_nights(lines: int, run: RunContext) -> None:
    store = claimed(EmptyStore())
    ingest(store, replace(run, run_id="later"))
    days = [day.replace(tzinfo=None) for day in DAYS]
    assert rows(store, "SELECT kind, since, until, nights, times, documents "
                       "FROM silences ORDER BY kind, since, nights") == [
        ("blocked", days[0], days[2], 1, 1, 1), ("blocked", days[0], days[2], 2, 1, 1),
        ("failing", days[0], days[1], 1, 1, 1), ("failing", days[3], None, 1, 1, 1),
    ]  # fmt: skip
    assert rows(store, "SELECT DISTINCT run_id FROM silences") == [("later",)]
    assert rows(store, "SELECT kind, since, until FROM blind_spots ORDER BY kind, since") == [
        ("blocked", days[0], days[2]), ("failing", days[0], days[1]), ("failing", days[3], None)]
    store.close()


def test_a_run_that_is_killed_between_any_two_lines_changes_no_view(lines: int, run: RunContext) -> None:
    run = replace(run, config=Config(ingest=IngestConfig(batch=1)))
    undisturbed = claimed(EmptyStore())
    ingest(undisturbed, run)
    expected = told(undisturbed)
    undisturbed.close()
    assert all(expected.values())
    for before in range(1, lines):
        left = iter(range(before - 1))

        def kill(*_: object, left: Any = left) -> None:
            if next(left, None) is None:
                raise KeyboardInterrupt

        store = claimed(EmptyStore())
        with pytest.raises(KeyboardInterrupt):
            ingest(store, replace(run, progress=kill))
        ingest(store, replace(run, run_id="later"))
        assert told(store) == expected, f"killed after line {before}"
        store.close()


def crawl(world: World, run_id: str, day: int, outcome: Outcome, *codes: str, feed: str = "wire") -> None:
    """A crawl as an earlier Rumortrail stored it, with an issue of each code."""
    at = DAYS[day] + timedelta(minutes=5)
    world.row("crawls", run_id=run_id, feed=feed, started_at=at, finished_at=at, outcome=outcome, documents=0,
              requests=1, message=None)
    for code in codes:
        issue = Issue(f"{run_id}-{feed}-{day}-{code}", run_id, at, "crawl", Severity.ERROR, code, feed, None,
                      "answered")
        world.row("issues", **{name: getattr(issue, name) for name in Issue.__slots__
                               if name != "inbox_folder"})


def read(world: World, *paths: str) -> None:
    for path in paths:
        world.row("inbox_files", path=path, lines=1, bytes=1)


def folders(store: Store) -> list[tuple[Any, ...]]:
    """Return the folder and run of each crawl, and the codes of the issues that are of its folder."""
    return rows(store, """
        SELECT feed, inbox_folder, run_id,
               (SELECT list(code ORDER BY code) FROM store.issues AS i
                WHERE i.inbox_folder = c.inbox_folder AND i.source_id = c.feed)
        FROM store.crawls AS c ORDER BY feed, started_at, inbox_folder""")


class TestUpgrade:
    def test_a_crawl_keeps_the_folder_that_it_wrote(self) -> None:
        def fill(world: World) -> None:
            read(world, *(f"{folder}/{feed}.jsonl.gz" for folder in FOLDERS[:3] for feed in ("wire", "blog")),
                 f"{FOLDERS[0]}/wire.2.jsonl.gz", f"{FOLDERS[1]}-revisit/wire.jsonl.gz", "kept/wire.jsonl.gz")
            crawl(world, FOLDERS[0], 0, Outcome.PARTIAL, "http_403")
            crawl(world, "later", 1, Outcome.PARTIAL, "http_403", "timeout")
            crawl(world, FOLDERS[2], 2, Outcome.OK)
            for day in range(3):
                crawl(world, "later", day, Outcome.OFF if day < 2 else Outcome.OK, feed="blog")

        assert folders(upgraded(INBOX_FOLDERS, fill)) == [
            ("blog", FOLDERS[0], "later", None), ("blog", FOLDERS[1], "later", None),
            ("blog", FOLDERS[2], "later", None), ("wire", FOLDERS[0], FOLDERS[0], ["http_403"]),
            ("wire", FOLDERS[1], "later", ["http_403", "timeout"]), ("wire", FOLDERS[2], FOLDERS[2], None),
        ]

    def test_crawls_whose_issues_cannot_be_told_apart_stay_together(self) -> None:
        def fill(world: World) -> None:
            read(world, *(f"{folder}/wire.jsonl.gz" for folder in FOLDERS[:3]))
            crawl(world, "later", 0, Outcome.PARTIAL, "http_403")
            crawl(world, "later", 1, Outcome.OK)
            crawl(world, FOLDERS[2], 2, Outcome.OK)

        assert folders(upgraded(INBOX_FOLDERS, fill)) == [
            ("wire", "later", "later", ["http_403"]), ("wire", "later", "later", ["http_403"]),
            ("wire", FOLDERS[2], FOLDERS[2], None),
        ]

    def test_what_no_name_tells_is_known_by_its_run(self) -> None:
        def fill(world: World) -> None:
            read(world, f"{FOLDERS[0]}/wire.jsonl.gz", f"{FOLDERS[0]}-002/wire.jsonl.gz", "9/blog.jsonl.gz")
            for run_id in (FOLDERS[0], f"{FOLDERS[0]}-002"):
                crawl(world, run_id, 0, Outcome.PARTIAL, "timeout")
            crawl(world, "later", 0, Outcome.OK, feed="blog")
            crawl(world, "later", 0, Outcome.PARTIAL, "timeout", feed="gone")

        store = upgraded(INBOX_FOLDERS, fill)
        assert folders(store) == [
            ("blog", "later", "later", None), ("gone", "later", "later", ["timeout"]),
            ("wire", FOLDERS[0], FOLDERS[0], ["timeout"]),
            ("wire", f"{FOLDERS[0]}-002", f"{FOLDERS[0]}-002", ["timeout"]),
        ]

    def test_what_else_went_wrong_is_of_no_folder(self) -> None:
        def fill(world: World) -> None:
            world.row("issues", issue_id="i", run_id="r", seen_at=NOW, stage="judge", severity="error",
                      code="unread", source_id=None, place="c", message="words")
            world.row("issues", issue_id="j", run_id="r", seen_at=NOW, stage="crawl", severity="error",
                      code="timeout", source_id="wire", place=None, message="its crawl was killed")

        store = upgraded(INBOX_FOLDERS, fill)
        assert rows(store, "SELECT issue_id, inbox_folder FROM store.issues ORDER BY 1") == [
            ("i", None), ("j", "r")]
