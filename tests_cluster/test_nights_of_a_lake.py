"""Whole nights on a cluster that also write a lake: PostgreSQL is killed, and nothing is lost or doubled."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from benchmarks.speed.ray_cluster import Machines
from benchmarks.speed.same import dump_copy
from pipeline.cli.status import print_status
from pipeline.core.config import AskConfig, Config, PublishConfig
from pipeline.core.home import Home
from pipeline.core.vocabulary import Outcome
from pipeline.lake.address import SCHEME, read_address
from pipeline.lake.catalogue import Catalogue
from pipeline.lake.nights import newest_in
from pipeline.lake.rows import Rows
from pipeline.published.database import open_published
from pipeline.published.place import copy_of
from pipeline.run.nightly import nightly, process
from pipeline.run.report import RunReport
from tests_cluster.conftest import Played, Views, of_the_news, play, views_of
from tests_cluster.servers import PASSWORD, Postgres

KILLS = int(os.environ.get("RUMORTRAIL_CLUSTER_KILLS", "2"))
SEED = 17
READING = (0.5, 10.0)
"""Seconds after a night's beginning, in which it crawls and reads."""
COMMITTING = (0.0, 0.15)
"""Seconds after a commit of the lake began: it takes about the last of them."""

pytestmark = pytest.mark.timeout(3_000)


@dataclass
class Killing:
    """Kills PostgreSQL once, at a moment of a night; `stays_away` until `over` is called."""

    postgres: Postgres
    stays_away: bool
    happened: list[str] = field(default_factory=list)

    def kill(self, where: str) -> None:
        """Kill it, unless it was."""
        if not self.happened:
            self.happened.append(where)
            self.postgres.kill()
            if not self.stays_away:
                self.postgres.start()

    def over(self) -> None:
        """Start it again where it stayed away."""
        if self.happened and self.stays_away:
            self.postgres.start()


Moment = Callable[[random.Random, Killing], AbstractContextManager[None]]
"""Opens a block in which PostgreSQL is killed at a moment."""


@contextmanager
def while_posts_are_read(chance: random.Random, killing: Killing) -> Iterator[None]:
    """Kill it some seconds after the block began."""
    delay = chance.uniform(*READING)
    timer = threading.Timer(delay, killing.kill, [f"{delay:.1f} s after the night began"])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


@contextmanager
def before_a_statement(chance: random.Random, killing: Killing) -> Iterator[None]:
    """Kill it between two statements by which the lake is compared, written, and counted."""
    number = chance.randrange(5, 120)

    def tell(count: int, _: str) -> None:
        if count == number:
            killing.kill(f"before statement {number} of the lake")

    with _told(tell):
        yield


@contextmanager
def within_the_commit(chance: random.Random, killing: Killing) -> Iterator[None]:
    """Kill it while DuckLake commits the night."""
    delay = chance.uniform(*COMMITTING)
    timer = threading.Timer(delay, killing.kill, [f"{delay:.3f} s after the commit began"])

    def tell(_: int, statement: str) -> None:
        if statement == "COMMIT" and not timer.ident:
            timer.start()

    with _told(tell):
        yield
    if timer.ident:
        timer.join()


@contextmanager
def after_the_commit(_: random.Random, killing: Killing) -> Iterator[None]:
    """Kill it when the night is in the lake, and nobody has counted its rows."""
    commits = 0

    def tell(_: int, statement: str) -> None:
        nonlocal commits
        if commits:
            killing.kill("after the commit")
        commits += statement == "COMMIT"

    with _told(tell):
        yield


@contextmanager
def _told(tell: Callable[[int, str], None]) -> Iterator[None]:
    """Tell number and text of each statement on the lake before it is executed."""
    begin = Rows.__init__

    def begin_told(self: Rows, *given: Any) -> None:
        begin(self, *given)
        execute, number = self._execute, 0

        def told(statement: Any, *parameters: Any) -> Any:
            nonlocal number
            number += 1
            tell(number, str(statement))
            return execute(statement, *parameters)

        vars(self)["_execute"] = told

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rows, "__init__", begin_told)
        yield


@dataclass(frozen=True)
class Kill:
    """When PostgreSQL is killed in a night, whether it is back before the night ends, and what comes next: a
    `process` in the same night, or the next night.
    """

    moment: Moment
    stays_away: bool
    processed: bool = True


PLAYS = [
    [Kill(while_posts_are_read, True), Kill(before_a_statement, False, processed=False),
     Kill(within_the_commit, True)],
    [Kill(before_a_statement, True, processed=False), Kill(while_posts_are_read, False),
     Kill(after_the_commit, False)],
]


def plays() -> list[list[Kill]]:
    """Return when PostgreSQL is killed in each night; more of them, drawn by chance, with more kills."""
    chance = random.Random(SEED)
    kills = [kill for three in PLAYS for kill in three]
    return PLAYS + [chance.sample(kills, 3) for _ in range(max(0, KILLS // 3 - len(PLAYS)))]


def of_lake(home: Home, config: Config, out: Path) -> Views:
    """Return what a reader of the lake sees; nothing where it holds no night."""
    reading = replace(config, publish=replace(config.publish, read="lake"))
    with Catalogue.open(read_address(config.publish.lake)) as catalogue:
        if newest_in(catalogue) is None:
            return {}
    with closing(open_published(copy_of(home, reading), AskConfig())) as connection:
        dump_copy(connection, home.path, out)
    return {file.name: file.read_text("utf-8") for file in sorted(out.iterdir())}


@pytest.mark.usefixtures("everything_is_sent")
@pytest.mark.parametrize("number", range(len(plays())))
def test_postgresql_is_killed_in_each_night(
    machines: Machines, one_process: Played, postgres: Postgres, tmp_path: Path, number: int
) -> None:
    chance, kills = random.Random(SEED + number), plays()[number]
    address = f"{SCHEME}{postgres.database()} password={PASSWORD}"
    lakes: list[Views] = [{}]

    def night(home: Home, config: Config, **named: Any) -> RunReport:
        count = len(lakes)
        kill, wanted = kills[count - 1], of_the_news(one_process.nights[count - 1])
        killing = Killing(postgres, kill.stays_away)
        try:
            with kill.moment(chance, killing):
                report = nightly(home, config, **named)
        finally:
            killing.over()
        faults = [issue.message for issue in report.changes.issues if issue.code == "stage_failed"]
        print(f"night {count}: PostgreSQL killed {killing.happened}; {report.outcome}: {faults}")
        assert killing.happened, "the night was over before"
        assert not list(home.path.glob("logs/*-lake.txt")), "an error that nobody foresaw"
        for fault in faults:
            assert fault.startswith("the lake may lack this night: ") and "PostgreSQL" in fault
            assert fault.endswith("`rumortrail publish`, writes what is lacking") and PASSWORD not in fault
        if faults:
            assert (report.outcome, report.exit_code) == (Outcome.PARTIAL, 1)
            status = StringIO()
            print_status(Console(file=status, width=1_000), home, config)
            lacking = "which published.duckdb has" if lakes[-1] else "holds no night yet"
            assert lacking in status.getvalue() and "`rumortrail publish`" in status.getvalue()
        # The file is published all the same, and readers of the lake see this night or the last one.
        assert report.published and not report.broken
        of_file = views_of(home, tmp_path / f"file{count}")
        assert of_the_news(of_file) == wanted
        seen = of_lake(home, config, tmp_path / f"lake{count}")
        assert seen in ((lakes[-1], of_file) if faults else (of_file,))
        if kill.processed or count == len(kills):
            again = process(home, config, now=named["now"], models=named["models"], engine=named["engine"])
            assert again.outcome == Outcome.OK
            of_file = views_of(home, tmp_path / f"file{count}-again")
            seen = of_lake(home, config, tmp_path / f"lake{count}-again")
            assert seen == of_file and of_the_news(seen) == wanted
        lakes.append(seen)
        return report

    played = play(tmp_path, machines.engine, PublishConfig(lake=address), night)
    assert of_the_news(played.views) == of_the_news(lakes[-1]) == of_the_news(one_process.views)
    with Catalogue.open(read_address(address)) as catalogue:
        run_ids = [run_id for _, run_id, *_ in catalogue.rows("nights", before="infinity", most=100)]
    assert len(run_ids) == len(set(run_ids)) >= 2
