"""The page Watches, and the dialog in which a watch is made, without a browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pipeline.core.home import Home
from pipeline.published.claim_filter import ClaimFilter
from pipeline.watches.database import connected
from pipeline.watches.history import History, read_histories
from pipeline.watches.records import QuietHours, Rhythm, Watch, WatchDraft
from pipeline.watches.store import WatchStore
from tests.dashboard.altered import altered
from tests.dashboard.pages import assert_harmless, html_of, run_script
from tests.hostile.inputs import TEXTS
from tests.pipeline.watches.conftest import spoil

pytestmark = pytest.mark.slow  # a page for each test

AT = datetime(2026, 3, 9, 3, 0, tzinfo=UTC)
PAGE = """
from pathlib import Path
from dashboard.data import queries
from dashboard.editing.service import Desk
from dashboard.views.watches.page import show
from pipeline.core.config import AskConfig, Config, MailConfig
from pipeline.core.home import Home
home = Home(Path({home!r}))
config = Config(ask=AskConfig(seconds=600.0), mail=MailConfig(sender="desk@paper.example"))
show(queries.current(home, config), Desk(home, config, "ada") if {editor} else None)
"""
CLAIMS = """
from pathlib import Path
from dashboard.data import queries
from dashboard.editing.service import Desk
from dashboard.views.claims.page import show
from pipeline.core.config import AskConfig, Config, MailConfig
from pipeline.core.home import Home
home = Home(Path({home!r}))
config = Config(ask=AskConfig(seconds=600.0), mail=MailConfig(sender="desk@paper.example"))
show(queries.current(home, config), None, Desk(home, config, "ada"))
"""


FORM = """
from pathlib import Path
from dashboard.editing.service import Desk
from dashboard.editing.watch_dialogs import make_watch
from dashboard.editing.watch_service import OwnWatches
from pipeline.core.config import Config, MailConfig
from pipeline.core.home import Home
from pipeline.published.claim_filter import ClaimFilter
config = Config(mail=MailConfig(sender="desk@paper.example"))
desk = Desk(Home(Path({home!r})), config, "ada")
make_watch.__wrapped__(OwnWatches(desk), ClaimFilter(organisations=("Aurora Labs",), single=True))
"""


@pytest.fixture
def home(sample_home: Home, tmp_path: Path) -> Home:
    return altered(sample_home, tmp_path / "home")


@pytest.fixture
def watch(home: Home) -> Watch:
    draft = WatchDraft(
        "Aurora", "ada", ClaimFilter(organisations=("Aurora Labs",)), True, "desk@paper.example",
        "https://hooks.example/services/SECRET", Rhythm.WEEKLY, QuietHours.of("22:00-07:00"), "Europe/Berlin",
    )  # fmt: skip
    return WatchStore(home.watches).add(draft, now=AT)


def page(home: Home, *, editor: bool = True) -> AppTest:
    return run_script(PAGE.format(home=str(home.path), editor=editor), {})


def sent(home: Home, watch: Watch, **messages: Any) -> None:
    """Write what became of messages: `state=(ended, fault)`."""
    with connected(home.watches) as connection:
        for state, (ended_at, fault) in messages.items():
            connection.execute(
                "INSERT INTO messages VALUES (?, ?, 'mail', ?, ?, x'', ?, 0, 0, ?, ?, 0)",
                (f"m-{state}", watch.watch_id, f"{AT:%FT%TZ}", f"{AT:%FT%TZ}", state,
                 f"{ended_at:%FT%TZ}" if ended_at else None, fault),
            )  # fmt: skip


def test_a_reader_is_told_where_to_sign_in_and_what_there_is_without(home: Home, watch: Watch) -> None:
    html = html_of(page(home, editor=False))
    assert "This page is for editors" in html and 'href="sign-in?next=watches"' in html
    assert "Aurora" not in html


def test_an_editor_without_a_watch_is_told_how_to_make_one(home: Home) -> None:
    assert "You have no watch yet" in html_of(page(home))


def test_a_watch_stands_there_with_its_claims_its_ways_and_its_week(home: Home, watch: Watch) -> None:
    WatchStore(home.watches).add(WatchDraft("Theirs", "bo", ClaimFilter(), True), now=AT)
    sent(home, watch, sent=(AT, None), waiting=(None, None))
    app = page(home)
    html = html_of(app)
    assert "Theirs" not in html
    assert 'href="claims?org=Aurora+Labs"' in html
    for text in (
        "by mail to desk@paper.example", "to a webhook at hooks.example", "by an Atom feed of its own",
        "each Monday", "quiet from 22:00 to 07:00", "9 Mar 2026", "1 message waiting",
        "No mail is sent yet", f"/watch/{watch.watch_id}.ics", f"/watch/{watch.watch_id}.atom",
    ):  # fmt: skip
        assert text in html, text
    assert "SECRET" not in html and watch.token not in html
    assert "In the last week it would have sent: " in app.expander[0].label
    assert "new independent voice" in html.lower() and "Aurora Labs trained Aster 2" in html


def test_a_watch_that_cannot_be_read_stands_beside_the_others(home: Home, watch: Watch) -> None:
    WatchStore(home.watches).add(WatchDraft("Seals", "ada", ClaimFilter(), True), now=AT)
    spoil(home.watches, watch.watch_id)
    app = page(home)
    html = html_of(app)
    assert all(text in html for text in ("Seals", "Aurora", "cannot be read", "the filter has no"))
    app.button(key=f"remove-{watch.watch_id}").click().run()
    assert "Remove it" in [button.label for button in app.button]


def test_a_watch_is_paused_and_goes_on(home: Home, watch: Watch) -> None:
    app = page(home)
    app.button(key=f"pause-{watch.watch_id}").click().run()
    assert WatchStore(home.watches).get(watch.watch_id).channels == ()
    assert "paused since" in html_of(app) and "The watch Aurora is paused." in html_of(app)
    app.button(key=f"pause-{watch.watch_id}").click().run()
    assert WatchStore(home.watches).get(watch.watch_id).paused_at is None
    assert "paused since" not in html_of(app)


def test_mail_that_its_reader_stopped_is_shown(home: Home, watch: Watch) -> None:
    WatchStore(home.watches).unsubscribe(watch.token, now=AT)
    assert "mail stopped by a reader, 9 Mar 2026" in html_of(page(home))


def test_why_nothing_was_sent_is_told_until_something_is(home: Home, watch: Watch) -> None:
    assert read_histories(home.watches) == {}
    sent(home, watch, failed=(AT, "post.example answered 550"))
    assert read_histories(home.watches)[watch.watch_id] == History(None, 0, "post.example answered 550")
    assert "post.example answered 550" in html_of(page(home))
    sent(home, watch, sent=(AT + timedelta(hours=1), None))
    assert read_histories(home.watches)[watch.watch_id] == History(AT + timedelta(hours=1), 0, None)


def test_names_filters_and_claims_that_mean_harm_are_text(
    hostile_home: Home, tmp_path: Path, home: Home
) -> None:
    hostile_copy = altered(hostile_home, tmp_path / "hostile")
    store = WatchStore(hostile_copy.watches)
    for text in (text for text in TEXTS if text.isprintable() and len(text) < 300):
        hostile_filter = ClaimFilter(words=text, sources=(text,))
        store.add(WatchDraft(text[:80], "ada", hostile_filter, webhook="https://a.example/"), now=AT)
    store.add(WatchDraft("All", "ada", ClaimFilter(), True), now=AT)
    html = html_of(page(hostile_copy))
    assert_harmless(html, "watches")
    assert "VISIBLE-SCRIPT" in html


def test_a_reader_subscribes_and_an_editor_watches_what_the_list_shows(home: Home) -> None:
    address = {"org": ["Aurora Labs"], "q": "aster", "single": "true"}
    app = run_script(CLAIMS.format(home=str(home.path)), address)
    html = html_of(app)
    assert "/feeds/claims.atom?org=Aurora+Labs&amp;q=aster&amp;single=true" in html
    assert "/calendar.ics?org=Aurora+Labs&amp;q=aster&amp;single=true" in html
    assert any("Watch these claims" in button.label for button in app.button)


def test_a_watch_is_made_where_it_can_be_and_else_it_is_said_why(home: Home) -> None:
    app = run_script(FORM.format(home=str(home.path)), {})
    for values, message in (
        ({}, "a watch has a name of 1 to 80 characters"),
        ({"Name": "Single voices"}, "choose one or more"),
        ({"Mail address": "victim@evil.example"}, "for another use `rumortrail watch add`"),
        ({"Mail address": "no address"}, "for another use"),
        ({"Mail address": "ada@paper.example", "Quiet hours": "at night"}, "are not quiet hours"),
        ({"Quiet hours": "22:00-07:00", "Time zone": "Atlantis"}, "is not a time zone"),
        ({"Time zone": "", "Webhook of Slack or Mattermost": "ftp://a.example"}, "begins with https://"),
    ):
        for label, value in values.items():
            next(field for field in app.text_input if field.label == label).set_value(value)
        app.button[0].click().run()
        assert message in html_of(app) and not WatchStore(home.watches).all()
    next(field for field in app.text_input if field.label.startswith("Webhook")).set_value("")
    app.button[0].click().run()
    (saved,) = WatchStore(home.watches).all()
    assert (saved.name, saved.owner, saved.mail, saved.zone) == (
        "Single voices", "ada", "ada@paper.example", "UTC"
    )  # fmt: skip
    assert saved.filter == ClaimFilter(organisations=("Aurora Labs",), single=True)
    assert (str(saved.quiet), saved.rhythm, saved.channels) == ("22:00-07:00", "nightly", ("mail",))
    assert app.session_state["told"][0].startswith("The watch is made.")
