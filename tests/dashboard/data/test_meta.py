"""The warning that stands on every page."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.data import queries
from dashboard.data.meta import Night, warning
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.run.nightly import nightly, process
from tests.conftest import NOW
from tests.fakes import FakeModels

BEGAN = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def test_a_good_night_needs_none() -> None:
    assert warning(Night(BEGAN, None), BEGAN + timedelta(hours=47)) == ""
    assert warning(Night(None, None), BEGAN) == ""


def test_a_night_that_is_long_ago_is_told() -> None:
    message = warning(Night(BEGAN, None), BEGAN + timedelta(days=5))
    assert message.startswith("The last night that published anything was 2026-03-02, 5 days ago:")


def test_a_night_that_broke_is_told() -> None:
    assert warning(Night(BEGAN, "failed: gather, weigh"), BEGAN).startswith(
        "The last run did not end well (failed: gather, weigh).")


@pytest.mark.slow
def test_a_copy_warns_of_its_night_until_something_caught_up(home: Home,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    def warned(at: datetime) -> str:
        os.utime(home.published, (at.timestamp(), at.timestamp()))
        return queries.warned(queries.current(home, Config()), at.replace(tzinfo=None))

    monkeypatch.setattr("pipeline.run.nightly.launcher.crawl", lambda *_, **__: [])
    with monkeypatch.context() as context:
        context.setitem(nightly.__globals__["STAGES"], "judge", lambda *_: 1 / 0)
        nightly(home, Config(), now=NOW, models=FakeModels())
    assert "failed: judge" in warned(NOW)
    later = NOW + timedelta(hours=2)
    process(home, Config(), now=later, models=FakeModels())
    assert warned(later) == ""
    os.utime(home.published, (later.timestamp(), later.timestamp()))
    copy = queries.current(home, Config())
    assert "5 days ago" in queries.warned(copy, (NOW + timedelta(days=5)).replace(tzinfo=None))
    os.utime(home.published, None)  # a replay writes the copy long after the time for which it is
    copy = queries.current(home, Config())
    assert queries.warned(copy, (NOW + timedelta(days=5)).replace(tzinfo=None)) == ""
