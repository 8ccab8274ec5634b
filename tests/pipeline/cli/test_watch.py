"""`rumortrail watch` and what `rumortrail status` tells of watches, on the sample's copy."""

from __future__ import annotations

import re
import shutil

import pytest

from pipeline.core.home import Home
from pipeline.watches.store import WatchStore
from tests.conftest import Command
from tests.receivers import SECRET, chat, post_office

SETTINGS = """
[publisher]
url = "https://desk.paper.example"
[watches]
private_webhooks = true
[mail]
host = "127.0.0.1"
port = {port}
encrypted = false
sender = "desk@paper.example"
timeout = 5.0
"""


@pytest.fixture
def desk(home: Home, sample_home: Home) -> Home:
    """A home of its own with the sample's copy."""
    shutil.copy(sample_home.published, home.published)
    return home


def test_a_watch_from_its_making_to_its_removal(desk: Home, command: Command) -> None:
    with post_office() as (port, taken), chat() as (url, got):
        desk.config_file.write_text(SETTINGS.format(port=port))
        at = ("--home", desk.path)
        assert "There is no watch yet" in command("watch", "list", *at)[1]
        chosen = ("--org", "Northwind AI", "--words", "fjord licence")
        ways = ("--atom", "--mail", "ada@paper.example", "--webhook", url)
        hours = ("--quiet", "22:00-07:00", "--zone", "Europe/Berlin")
        code, told, _ = command("watch", "add", "Licence", *chosen, *ways, *hours, *at)
        (watch,) = WatchStore(desk.watches).all()
        assert code == 0
        assert f"{watch.watch_id}: Licence, “fjord licence”, Northwind AI" in told
        _, listed, _ = command("watch", "list", *at)
        assert all(part in listed for part in (watch.watch_id, "atom, mail, webhook", "22:00-07:00"))
        _, tried, _ = command("watch", "test", watch.watch_id, "--days", "1", *at)
        assert "Disputed (was unverified), 1 independent voice." in tried
        assert "https://desk.paper.example/c/" in tried
        assert (taken, got) == ([], [])
        code, sent, _ = command("watch", "test", watch.watch_id, "--send", *at)
        assert (code, "Sent by mail." in sent, "Sent by webhook." in sent) == (0, True, True)
        (letter,) = (part for part in taken if isinstance(part, bytes))
        assert b"Subject: Test: Licence: " in letter and len(got) == 1
        assert command("watch", "send", *at)[1] == "0 sent\n"
        for words in (told, listed, tried, sent):
            assert not re.search(f"{SECRET}|ada@|{watch.token}", words)
        assert command("watch", "remove", watch.watch_id, *at)[1] == "removed: Licence\n"
        code, _, error = command("watch", "remove", watch.watch_id, *at)
        assert (code, "there is no watch" in error) == (2, True)


def test_hostile_text_is_shown_and_does_nothing(home: Home, hostile_home: Home, command: Command) -> None:
    shutil.copy(hostile_home.published, home.published)
    command("watch", "add", "[red]All[/] \\[x]", "--atom", "--home", home.path)
    (watch,) = WatchStore(home.watches).all()
    code, told, _ = command("watch", "test", watch.watch_id, "--days", "60", "--home", home.path)
    assert (code, "[red]All[/] \\[x]" in told) == (0, True)
    assert {character for character in told if not character.isprintable()} == {"\n"}


def test_a_fault_is_told(desk: Home, command: Command) -> None:
    at = ("--home", desk.path)
    for given, words in {
        (): "choose one or more",
        ("--mail", "Ada <ada@paper.example>"): "one address",
        ("--atom", "--status", "true"): "none of statuses; allowed are unverified",
        ("--atom", "--quiet", "at night"): "22:00-07:00",
        ("--atom", "--zone", "Berlin"): "Europe/Berlin",
    }.items():
        code, _, error = command("watch", "add", "Desk", *given, *at)
        assert (code, words in error) == (2, True), (given, error)
    _, told, _ = command("watch", "add", "Desk", "--mail", "ada@paper.example", *at)
    assert "until [mail] host in rumortrail.toml names a server" in told
    (watch,) = WatchStore(desk.watches).all()
    code, told, _ = command("watch", "test", watch.watch_id, "--send", *at)
    assert (code, "Not sent by mail" in told) == (1, True)
