"""Empty lakes and nights to put into them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.core.config import AskConfig, Config, PublishConfig
from pipeline.core.home import Home
from pipeline.lake.address import SCHEME, Lake, read_address
from pipeline.published.database import open_published
from pipeline.published.place import Place, copy_of
from tests.conftest import command, home  # noqa: F401
from tests_cluster.lake.world import PublishedNight, hashes, little_nights, three_nights
from tests_cluster.servers import PASSWORD, S3, Postgres


@pytest.fixture
def address(postgres: Postgres) -> str:
    """The address of a lake that is not there yet, with its password."""
    return f"{SCHEME}{postgres.database()} password={PASSWORD}"


@pytest.fixture
def lake(address: str) -> Lake:
    """A lake that is not there yet."""
    return read_address(address)


@pytest.fixture(scope="session")
def nights(tmp_path_factory: pytest.TempPathFactory) -> list[PublishedNight]:
    """Three nights, as published files that nobody changes."""
    return three_nights(tmp_path_factory.mktemp("nights"))


@pytest.fixture(scope="session")
def little(tmp_path_factory: pytest.TempPathFactory) -> list[PublishedNight]:
    """Three nights of few tables, as files that nobody changes."""
    return little_nights(tmp_path_factory.mktemp("little"))


@pytest.fixture
def bucket(s3: S3) -> str:
    """The address of an empty bucket, which the environment has the keys of."""
    return s3.bucket()


Read = Callable[..., dict[str, str]]


@pytest.fixture
def read(address: str, tmp_path: Path) -> Read:
    """`read(day)` returns the hashes of all tables as a reader of the lake has them."""

    def read_lake(day: str = "") -> dict[str, str]:
        config = Config(publish=PublishConfig(lake=address, read="lake"))
        place: Place = copy_of(Home(tmp_path), config, day)
        with open_published(place, AskConfig()) as connection:
            return hashes(connection, "published")

    return read_lake


@pytest.fixture
def storage(tmp_path: Path) -> str:
    """A folder for the files of a lake."""
    return str(tmp_path / "storage")
