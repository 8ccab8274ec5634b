"""Watches over whole nights: told after a publish, never by a replay; failures stand in the run's report."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.core.config import Config, WatchesConfig
from pipeline.core.home import Home
from pipeline.published.claim_filter import ClaimFilter
from pipeline.run.nightly import nightly, process
from pipeline.run.revisit import revisit
from pipeline.watches.records import QuietHours, WatchDraft
from pipeline.watches.store import WatchStore
from tests.conftest import NOW, Command, InboxWriter, document, query_published
from tests.fakes import FakeModels
from tests.pipeline.watches.conftest import DAY, mailing
from tests.receivers import SECRET, chat, post_office

pytestmark = pytest.mark.slow  # whole nights


@pytest.fixture
def crawled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.run.nightly.launcher.crawl", lambda *_, **__: [])


def test_a_night_is_told_once_and_a_replay_or_a_process_is_not(
    home: Home, crawled: None, write_inbox: InboxWriter
) -> None:
    with post_office() as (port, received):
        config = mailing(port)

        def letters() -> int:
            return sum(isinstance(line, bytes) for line in received)

        draft = WatchDraft("Desk", "ada", ClaimFilter(), True, "ada@paper.example")
        watch = WatchStore(home.watches).add(draft, now=NOW)
        write_inbox([document()])
        assert nightly(home, config, now=NOW, models=FakeModels()).exit_code == 0
        assert letters() == 1
        denial = "Model Aster does not have 70b parameters."
        write_inbox([document("https://other.example/1", text=denial, title=None)])
        process(home, config, now=NOW + timedelta(hours=1), models=FakeModels())
        nightly(home, config, now=NOW + timedelta(hours=2), models=FakeModels(), replay=True)
        assert letters() == 1
        feed = (home.watch_feeds / f"{watch.watch_id}.atom").read_text("utf-8")
        assert feed.count("<entry>") > 1
        nightly(home, config, now=NOW + DAY, models=FakeModels())
        assert letters() == 2
        nightly(home, config, now=NOW + 2 * DAY, models=FakeModels())
        assert letters() == 2


def test_what_fails_is_in_the_run_s_report_without_names_and_addresses(
    home: Home, crawled: None, write_inbox: InboxWriter, command: Command
) -> None:
    write_inbox([document()])
    with chat(500) as (broken_url, _), chat() as (url, posted):
        watches = WatchStore(home.watches)
        for name, hook in (("Merger", broken_url), ("Desk", url)):
            watches.add(WatchDraft(name, "ada", ClaimFilter(), webhook=hook), now=NOW)
        watches.add(WatchDraft("Letter", "ada", ClaimFilter(), mail="ada@paper.example"), now=NOW)
        report = nightly(home, mailing(1), now=NOW, models=FakeModels())
        assert (report.published, report.exit_code, len(posted)) == (True, 1, 1)
    messages = [issue.message for issue in report.changes.issues if issue.code == "delivery_failed"]
    assert len(messages) == 1 and "it is tried again" in messages[0]
    nightly(home, mailing(1), now=NOW + DAY, models=FakeModels())
    first = "run_id = (SELECT min(run_id) FROM runs)"
    issues = query_published(home, f"SELECT message FROM issues WHERE code = 'delivery_failed' AND {first}")
    assert len(issues) == 2
    words = str(issues) + str(query_published(home, "SELECT * FROM runs"))
    assert not any(secret in words for secret in ("paper.example", SECRET, "Merger", "Letter", "127.0.0.1:0"))
    _, status, _ = command("status", "--home", home.path)
    assert "Merger: 1 by webhook to be sent" in status
    assert not any(secret in status for secret in ("ada@", SECRET))


def test_a_revisit_sends_what_quiet_hours_held(home: Home, crawled: None, write_inbox: InboxWriter) -> None:
    write_inbox([document()])
    with post_office() as (port, received):
        draft = WatchDraft("Desk", "ada", ClaimFilter(), mail="ada@paper.example",
                           quiet=QuietHours.of("22:00-07:00"))  # fmt: skip
        WatchStore(home.watches).add(draft, now=NOW)
        nightly(home, mailing(port), now=NOW, models=FakeModels())  # at 03:00

        def look(hours: int, config: Config = mailing(port)) -> tuple[int, tuple[str, ...]]:  # noqa: B008
            report = revisit(home, config, now=NOW + timedelta(hours=hours), progress=lambda *_: None)
            return sum(isinstance(line, bytes) for line in received), report.untold

        assert look(2) == (0, ())
        sent_letters, untold_claims = look(5, mailing(1, watches=WatchesConfig()))
        assert (sent_letters, len(untold_claims)) == (0, 1)
        assert look(6) == (1, ())
        assert look(7) == (1, ())
