"""`rumortrail watch` and what `rumortrail status` tells of watches, on the sample's copy."""

from __future__ import annotations

import re
import shutil

import pytest

from pipeline.core.home import Home
from pipeline.watches.store import WatchStore
from tests.conftest import Command
from tests.pipeline.watches.conftest import spoil
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
    with post_office() as (port, received), chat() as (url, posted):
        desk.config_file.write_text(SETTINGS.format(port=port))
        home_option = ("--home", desk.path)
        assert "There is no watch yet" in command("watch", "list", *home_option)[1]
        filter_options = ("--org", "Northwind AI", "--words", "fjord licence")
        ways = ("--atom", "--mail", "ada@paper.example", "--webhook", url)
        hours = ("--quiet", "22:00-07:00", "--zone", "Europe/Berlin")
        code, added, _ = command("watch", "add", "Licence", *filter_options, *ways, *hours, *home_option)
        (watch,) = WatchStore(desk.watches).all()
        assert code == 0
        assert f"{watch.watch_id}: Licence, “fjord licence”, Northwind AI" in added
        _, listing, _ = command("watch", "list", *home_option)
        assert all(text in listing for text in (watch.watch_id, "atom, mail, webhook", "22:00-07:00"))
        _, trial, _ = command("watch", "test", watch.watch_id, "--days", "1", *home_option)
        assert "Disputed (was unverified), 1 independent voice." in trial
        assert "https://desk.paper.example/c/" in trial
        assert (received, posted) == ([], [])
        code, sending, _ = command("watch", "test", watch.watch_id, "--send", *home_option)
        assert (code, "Sent by mail." in sending, "Sent by webhook." in sending) == (0, True, True)
        (letter,) = (line for line in received if isinstance(line, bytes))
        assert b"Subject: Test: Licence: " in letter and len(posted) == 1
        assert command("watch", "send", *home_option)[1] == "0 sent\n"
        for output in (added, listing, trial, sending):
            assert not re.search(f"{SECRET}|ada@|{watch.token}", output)
        assert command("watch", "remove", watch.watch_id, *home_option)[1] == "removed: Licence\n"
        code, _, error = command("watch", "remove", watch.watch_id, *home_option)
        assert (code, "there is no watch" in error) == (2, True)


def test_hostile_text_is_shown_and_does_nothing(home: Home, hostile_home: Home, command: Command) -> None:
    shutil.copy(hostile_home.published, home.published)
    command("watch", "add", "[red]All[/] \\[x]", "--atom", "--home", home.path)
    (watch,) = WatchStore(home.watches).all()
    code, output, _ = command("watch", "test", watch.watch_id, "--days", "60", "--home", home.path)
    assert (code, "[red]All[/] \\[x]" in output) == (0, True)
    assert {character for character in output if not character.isprintable()} == {"\n"}


def test_a_fault_is_told(desk: Home, command: Command) -> None:
    home_option = ("--home", desk.path)
    for options, text in {
        (): "choose one or more",
        ("--mail", "Ada <ada@paper.example>"): "one address",
        ("--atom", "--status", "true"): "none of statuses; allowed are unverified",
        ("--atom", "--quiet", "at night"): "22:00-07:00",
        ("--atom", "--zone", "Berlin"): "Europe/Berlin",
    }.items():
        code, _, error = command("watch", "add", "Desk", *options, *home_option)
        assert (code, text in error) == (2, True), (options, error)
    _, output, _ = command("watch", "add", "Desk", "--mail", "ada@paper.example", *home_option)
    assert "until `host` under [mail] in rumortrail.toml is set" in output
    (watch,) = WatchStore(desk.watches).all()
    code, output, _ = command("watch", "test", watch.watch_id, "--send", *home_option)
    assert (code, "Not sent by mail" in output) == (1, True)


def test_one_watch_that_cannot_be_read_does_not_hide_the_others(desk: Home, command: Command) -> None:
    home_option = ("--home", desk.path)
    for name in ("Old", "Desk"):
        command("watch", "add", name, "--atom", *home_option)
    sound, broken = sorted(WatchStore(desk.watches).all(), key=lambda watch: watch.name)
    spoil(desk.watches, broken.watch_id)
    code, listing, _ = command("watch", "list", *home_option)
    assert (code, sound.watch_id in listing) == (1, True)
    assert f"Not read: Old: watch {broken.watch_id} is stored with a fault" in " ".join(listing.split())
    assert command("watch", "remove", broken.watch_id, *home_option)[:2] == (0, "removed: Old\n")
    assert command("watch", "list", *home_option)[0] == 0
