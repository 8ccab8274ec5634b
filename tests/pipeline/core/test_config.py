"""Settings: defaults, every fault told at once, and a file that says what the code says."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path

import pytest

from pipeline.core.config import Config, PublishConfig, default_config
from pipeline.core.errors import ConfigError
from pipeline.core.home import Home


def test_the_written_defaults_are_the_defaults() -> None:
    written_defaults = tomllib.loads(default_config())
    assert written_defaults["crawl"].pop("timestamp_authority") == ""
    defaults = dataclasses.asdict(Config())
    assert defaults["crawl"].pop("timestamp_authority") == ()
    assert written_defaults == defaults


def test_a_missing_file_gives_the_defaults(tmp_path: Path) -> None:
    assert Config.load(tmp_path / "none.toml") == Config()


def test_a_given_key_replaces_only_itself(tmp_path: Path) -> None:
    file = tmp_path / "rumortrail.toml"
    file.write_text("[crawl]\ndelay = 0\n")
    assert Config.load(file) == dataclasses.replace(
        Config(), crawl=dataclasses.replace(Config().crawl, delay=0.0)
    )


@pytest.mark.parametrize(
    ("value", "authorities"),
    [
        ('""', ()),
        ('"https://a.example"', ("https://a.example",)),
        ('["https://a.example", "https://b.example"]', ("https://a.example", "https://b.example")),
        ("[]", ()),
    ],
)
def test_one_authority_or_several(tmp_path: Path, value: str, authorities: tuple[str, ...]) -> None:
    file = tmp_path / "rumortrail.toml"
    file.write_text(f"[crawl]\ntimestamp_authority = {value}\n")
    assert Config.load(file).crawl.timestamp_authority == authorities


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "rumortrail.toml"
    file.write_text('[crawl]\ndelay = "soon"\nmax_byte = 1\nretries = -1\nobey_robots = 1\n[jugde]\nx = 1\n')
    with pytest.raises(ConfigError) as error:
        Config.load(file)
    message = str(error.value)
    assert "5 faults" in message
    for text in (
        "delay = 'soon'",
        "max_byte is unknown",
        "retries = -1",
        "obey_robots = 1",
        "[jugde] is unknown",
    ):
        assert text in message
    assert "retries = -1 must be at least 0" in message
    assert "delay = 'soon' must be a number of at least 0" in message
    assert "[jugde] is unknown; allowed are crawl, engine, ingest, " in message
    assert "max_byte is unknown; allowed are contact, timeout, max_bytes, " in message


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("crawl = 1", r"[crawl] = 1 must be a section: write [crawl] on a line of its own"),
        ("[crawl]\nmax_items = 1.0", "[crawl] max_items = 1.0 must be a whole number of at least 0"),
        ("[crawl]\nmax_items = true", "[crawl] max_items = True must be a whole number of at least 0"),
        ("[crawl]\ntimeout = nan", "[crawl] timeout = nan must be at least 0"),
        ("[crawl]\nproxy = 1", "[crawl] proxy = 1 must be a text in quotes"),
        (
            "[crawl]\ntimestamp_authority = ['https://a.example', 1]",
            "= ['https://a.example', 1] must be a text in quotes, or a list of them",
        ),
        (
            "[crawl]\ntimestamp_authority = ['https://a.example/1', 'https://x:y@A.example/2']",
            "must be addresses at hosts that differ",
        ),
        (
            "[publisher]\nurl = 'a.example'",
            "url = 'a.example' must be an address that begins with https:// or http://",
        ),
    ],
)
def test_a_fault_says_what_is_there_and_what_is_allowed(tmp_path: Path, line: str, words: str) -> None:
    file = tmp_path / "rumortrail.toml"
    file.write_text(line)
    with pytest.raises(ConfigError) as error:
        Config.load(file)
    assert words in str(error.value) and "1 fault:" in str(error.value)


@pytest.mark.parametrize(
    "url",
    ["", "https://reader.example/v1", "http://localhost:8080/v1", "http://127.0.0.1:1", "http://[::1]:8080/v1"],
)
def test_a_second_reader_may_be_asked_here_or_sealed(tmp_path: Path, url: str) -> None:
    file = tmp_path / "rumortrail.toml"
    file.write_text(f'[second_reader]\nurl = "{url}"\n')
    assert Config.load(file).second_reader.url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://reader.example/v1", "http://10.0.0.1/v1", "http://127.0.0.1.example/v1", "http://0.0.0.0:8080/v1",
        "ftp://localhost/v1", "localhost:8080", "https:///v1", "https://reader.example/v1?key=SECRET-KEY",
        "https://a:SECRET-KEY@reader.example/v1", "http://localhost@reader.example/v1", "https://[::1/v1",
        "https://reader.example/v1#x",
    ],
)  # fmt: skip
def test_no_other_address_of_a_second_reader_is_taken(tmp_path: Path, url: str) -> None:
    file = tmp_path / "rumortrail.toml"
    file.write_text(f'[second_reader]\nurl = "{url}"\n')
    with pytest.raises(ConfigError, match=r"\[second_reader\] url") as error:
        Config.load(file)
    assert "@" not in url or "SECRET-KEY" not in str(error.value)


@pytest.mark.parametrize("section", ["engine", "publish"])
@pytest.mark.parametrize(("given", "address"), [
    ("", ""), ("s3://newsroom", "s3://newsroom"), ("s3://newsroom/a/b/", "s3://newsroom/a/b"),
    ("file:///mnt/rumortrail", "/mnt/rumortrail"), ("/mnt/rumortrail/", "/mnt/rumortrail"),
    ("file:///mnt/of%20all", "/mnt/of all"), ("//mnt/./a/../b#1", "/mnt/b#1"),
])  # fmt: skip
def test_a_storage_is_a_bucket_or_a_folder(tmp_path: Path, section: str, given: str, address: str) -> None:
    file = tmp_path / "rumortrail.toml"
    file.write_text(f'[{section}]\nstorage = "{given}"\n')
    assert getattr(Config.load(file), section).storage == address


@pytest.mark.parametrize("section", ["engine", "publish"])
@pytest.mark.parametrize("address", [
    "newsroom", "mnt/rumortrail", "https://newsroom.s3.example/a", "s3:///a", "file://host/a", "file:a",
    "s3://KEY:SECRET-KEY@newsroom/a", "s3://newsroom/a?key=1", "file:///a#b", "gs://newsroom", "/",
    "file:///", "//", "s3://",
])  # fmt: skip
def test_no_other_address_of_a_storage_is_taken(tmp_path: Path, section: str, address: str) -> None:
    file = tmp_path / "rumortrail.toml"
    file.write_text(f'[{section}]\nstorage = "{address}"\n')
    message = r"must be s3://BUCKET/PREFIX, file:///FOLDER or the whole path of a folder \(credentials"
    with pytest.raises(ConfigError, match=rf"\[{section}\] storage .* {message}") as error:
        Config.load(file)
    assert "SECRET-KEY" not in str(error.value)


@pytest.mark.parametrize("content", [b"[crawl", b"\xff\xfe"])
def test_broken_files_are_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "rumortrail.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match="not valid TOML"):
        Config.load(file)


def test_home_prefers_the_argument_then_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUMORTRAIL_HOME", str(tmp_path / "env"))
    assert Home.find(tmp_path / "given").path == tmp_path / "given"
    assert Home.find(None).path == tmp_path / "env"
    monkeypatch.delenv("RUMORTRAIL_HOME")
    monkeypatch.chdir(tmp_path)
    assert Home.find(None).path == tmp_path / "data"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('lake = "postgres:dbname=news password=mackerel"', "must be ducklake:postgres: and a database"),
        ('lake = "mysql://desk:mackerel@db/news"', "must be ducklake:postgres: and a database"),
        ('lake = "lake: password = \'mack erel\'"', "must be ducklake:postgres: and a database"),
        ('read = "both"', 'must be "file" or "lake"'),
    ],
)
def test_a_faulty_lake_is_told_without_its_password(tmp_path: Path, line: str, words: str) -> None:
    file = tmp_path / "rumortrail.toml"
    file.write_text(f"[publish]\n{line}\n", "utf-8")
    with pytest.raises(ConfigError) as caught:
        Config.load(file)
    assert words in str(caught.value)
    assert "mack" not in str(caught.value) and "erel" not in str(caught.value)


def test_the_settings_do_not_show_a_lake_s_password() -> None:
    assert "mackerel" not in repr(Config(publish=PublishConfig(lake="ducklake:postgres:password=mackerel")))
