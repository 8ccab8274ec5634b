"""An editor's own watches."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dashboard.editing import watch_service
from dashboard.editing.service import Desk
from dashboard.editing.watch_service import OwnWatches, may_mail
from pipeline.core.config import Config, MailConfig, SignInConfig
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.published.claim_filter import ClaimFilter
from pipeline.watches.records import WatchDraft
from pipeline.watches.store import WatchStore
from tests.pipeline.watches.conftest import spoil

CONFIG = Config(
    mail=MailConfig(
        host="post.example", sender="Rumortrail <desk@paper.example>", to="Night <night@other.example>"
    ),
    sign_in=SignInConfig(editors="bo@third.example"),
)


@pytest.fixture
def ada(home: Home) -> OwnWatches:
    return OwnWatches(Desk(home, CONFIG, "ada"))


def draft(name: str = "Otters", owner: str = "ada", **fields: object) -> WatchDraft:
    return WatchDraft(name, owner, ClaimFilter(organisations=("Meta",)), **({"atom": True} | fields))  # type: ignore[arg-type]


def test_an_editor_makes_changes_pauses_and_removes_a_watch(ada: OwnWatches, home: Home) -> None:
    watch = ada.save(draft())
    assert ada.all() == WatchStore(home.watches).all() == [watch]
    after = ada.save(draft("Otters and seals"), watch.watch_id)
    assert (after.name, after.watch_id, after.token) == ("Otters and seals", watch.watch_id, watch.token)
    ada.pause(watch.watch_id, paused=True)
    assert ada.all()[0].paused_at is not None and ada.all()[0].channels == ()
    ada.pause(watch.watch_id, paused=False)
    assert ada.all() == [after]
    ada.remove(watch.watch_id)
    assert ada.all() == []


def test_a_watch_that_cannot_be_read_is_removed_by_its_owner_alone(ada: OwnWatches, home: Home) -> None:
    theirs = WatchStore(home.watches).add(draft(owner="bo"), now=datetime.now(UTC))
    for watch in (ada.save(draft()), theirs):
        spoil(home.watches, watch.watch_id)
    (own,) = ada.faulty()
    with pytest.raises(DataError):
        ada.remove(theirs.watch_id)
    ada.remove(own.watch_id)
    assert [watch.watch_id for watch in WatchStore(home.watches).faulty()] == [theirs.watch_id]


def test_another_editors_watch_is_neither_shown_nor_touched(ada: OwnWatches, home: Home) -> None:
    their_watch = WatchStore(home.watches).add(draft(owner="bo"), now=datetime.now(UTC))
    assert ada.all() == []
    for attempt in (
        lambda: ada.save(draft(), their_watch.watch_id), lambda: ada.remove(their_watch.watch_id),
        lambda: ada.pause(their_watch.watch_id, paused=True),
    ):
        with pytest.raises(DataError, match="another editor's"):
            attempt()
    assert WatchStore(home.watches).all() == [their_watch]


def test_who_is_signed_out_changes_nothing(home: Home) -> None:
    signed_out = OwnWatches(Desk(home, CONFIG, "ada", lambda: False))
    watch = WatchStore(home.watches).add(draft(), now=datetime.now(UTC))
    for attempt in (
        lambda: signed_out.save(draft()), lambda: signed_out.remove(watch.watch_id),
        lambda: signed_out.pause(watch.watch_id, paused=True),
    ):
        with pytest.raises(DataError, match="no longer signed in"):
            attempt()
    assert WatchStore(home.watches).all() == [watch]


def test_the_number_of_watches_is_bounded(ada: OwnWatches, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_service, "MOST", 2)
    watches = [ada.save(draft(str(number))) for number in range(2)]
    with pytest.raises(DataError, match="an editor can have at most"):
        ada.save(draft("one more"))
    ada.save(draft("renamed"), watches[0].watch_id)


@pytest.mark.parametrize(
    ("address", "editor", "allowed"),
    [
        ("ada@home.example", "Ada@home.example", True),
        ("night@other.example", "ada", True),
        ("bo@third.example", "ada", True),
        ("anybody@PAPER.example", "ada", True),
        ("eve@other.example", "ada", False),
        ("eve@third.example", "ada", False),
        ("victim@evil.example", "ada", False),
        ("victim@notpaper.example", "ada", False),
        ("paper.example", "ada", False),
        ("", "ada", False),
    ],
)
def test_mail_goes_to_addresses_that_are_known_here(address: str, editor: str, allowed: bool) -> None:
    assert may_mail(address, editor, CONFIG) is allowed


def test_without_settings_only_ones_own_address_is_known() -> None:
    assert may_mail("ada@home.example", "ada@home.example", Config())
    assert not may_mail("ada@home.example", "ada", Config())


def test_mail_to_others_is_refused_but_one_that_was_made_on_the_machine_stays(
    ada: OwnWatches, home: Home
) -> None:
    with pytest.raises(DataError, match="rumortrail watch add"):
        ada.save(draft(mail="victim@evil.example"))
    assert ada.save(draft(mail="desk@paper.example")).mail == "desk@paper.example"
    foreign_watch = WatchStore(home.watches).add(draft(mail="reader@far.example"), now=datetime.now(UTC))
    assert ada.save(draft("Renamed", mail="reader@far.example"), foreign_watch.watch_id).name == "Renamed"
    with pytest.raises(DataError, match="rumortrail watch add"):
        ada.save(draft(mail="victim@evil.example"), foreign_watch.watch_id)


def test_mail_that_its_reader_stopped_stays_stopped(ada: OwnWatches, home: Home) -> None:
    watch = ada.save(draft(mail="desk@paper.example"))
    WatchStore(home.watches).unsubscribe(watch.token, now=datetime.now(UTC))
    assert ada.save(draft("Once more", mail="desk@paper.example"), watch.watch_id).mail_stopped_at is not None
