"""Where the published copy is read; a night of a lake is tested in tests_cluster/lake."""

from __future__ import annotations

import pytest

from pipeline.core.config import Config, PublishConfig
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.published.place import copy_of, identity, is_published


def test_the_file_is_read_unless_the_settings_say_otherwise(home: Home) -> None:
    lake = Config(publish=PublishConfig(lake="ducklake:postgres:dbname=news"))
    assert copy_of(home, Config()) == copy_of(home, lake) == home.published
    assert not is_published(home, Config())
    with pytest.raises(DataError, match="nothing is published at"):
        identity(home.published)


def test_without_a_lake_there_is_no_earlier_day(home: Home) -> None:
    with pytest.raises(DataError, match=r"only a lake keeps the copy of each day: set \[publish\] lake"):
        copy_of(home, Config(), "2026-03-01")
    with pytest.raises(DataError, match=r'read = "lake" needs its address: set \[publish\] lake'):
        copy_of(home, Config(publish=PublishConfig(read="lake")))
