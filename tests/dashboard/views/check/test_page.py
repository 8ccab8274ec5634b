"""The page Check, without a browser: what it shows, refuses, keeps, and never writes down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pipeline.check.records import Bearing, Checked, CheckedStatement, FirstSaid, KnownClaim
from pipeline.core import inbox
from pipeline.core.errors import SourceError
from pipeline.core.home import Home
from pipeline.core.inbox_records import InboxDocument
from pipeline.core.page import Page
from pipeline.core.text import encodable
from pipeline.core.vocabulary import Certainty, Kind, Precision, Status
from tests.conftest import NOW
from tests.dashboard.pages import assert_harmless, html_of
from tests.hostile.inputs import TEXTS, URLS

SCRIPT = """
from pathlib import Path
from dashboard.data import queries
from dashboard.editing.service import Desk
from dashboard.views.check.page import show
from pipeline.core.config import AskConfig, Config, DashboardConfig
from pipeline.core.home import Home
from tests.dashboard.views.check import test_page
patient = Config(ask=AskConfig(seconds=600.0), dashboard=DashboardConfig(ask_seconds=600.0))
home = Home(Path({home!r}))
desk = Desk(Home(Path({desk!r})), patient, "ada") if {desk!r} else None
show(queries.current(home, patient), test_page.TOOLS, home, patient, desk)
"""
WORDS = "Basalt 4 has 95 billion parameters. It is sunny."
FIRST = FirstSaid("Ilse Brandt, in Courier", "Courier", "courier", None, "It has 70.", NOW, Precision.DAY,
                  NOW)
RIVAL = KnownClaim("c0123456789abcdef", "Basalt 4 has 70 billion parameters", Kind.SIZE, Bearing.RIVALS,
                   0.99, "number", ("95b parameters", "70b parameters"), Status.DISPUTED, "It is denied.", 2,
                   3, (FIRST, FIRST), NOW)
STATEMENT = CheckedStatement(0, 35, WORDS[:35], WORDS[:34], Kind.SIZE, None, False, Certainty.ASSERTED,
                             (RIVAL,))
CHECKED = Checked(WORDS, None, None, None, Precision.UNKNOWN, True, "en", (STATEMENT,), ("A note.",), NOW)


class Stub:
    """A checker that answers every text with `answer`, or raises it."""

    answer: Any = CHECKED
    asked: tuple[str, ...] = ()

    def check(self, text: str) -> Checked:
        self.asked = (*self.asked, text)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def check_link(self, url: str, fetch: Any) -> Checked:
        fetch(url)
        return self.check(url)


STUB = Stub()


def _fetch(url: str) -> Page:
    if "private" in url:
        raise SourceError("This address is not fetched: 10.0.0.1 is not a public address.")
    return Page(url, None, WORDS, None, Precision.UNKNOWN, None)


TOOLS = SimpleNamespace(checker=lambda *_: STUB, fetch=lambda _: _fetch)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    STUB.answer, STUB.asked = CHECKED, ()


def opened(home: Home, desk: Path | None = None) -> AppTest:
    app = AppTest.from_string(SCRIPT.format(home=str(home.path), desk=str(desk or "")), default_timeout=600)
    return app.run()


def checked(app: AppTest, text: str) -> str:
    app.text_area[0].set_value(text)
    app.button[0].click()
    return html_of(app.run())


def test_a_text_and_its_answer(sample_home: Home) -> None:
    app = opened(sample_home)
    assert "rt-answers" not in html_of(app)
    html = checked(app, WORDS)
    assert "<b>1 checkable statement</b> · 1 seen before · 0 not seen before" in html
    assert ">Basalt 4 has 95 billion parameters.</mark>" in html and "It is sunny." in html
    assert "Rivals" in html and 'href="claim?id=c0123456789abcdef"' in html
    assert "95b parameters" in html and "about the same time by 1 other" in html and "A note." in html
    assert not app.query_params, "no address holds what was pasted"
    assert [button.label for button in app.button] == ["Check"], "only an editor may keep or follow"


def test_what_was_not_seen_before_is_said(sample_home: Home) -> None:
    STUB.answer = replace(CHECKED, statements=(replace(STATEMENT, known=()),))
    assert "Not seen before" in checked(opened(sample_home), WORDS)
    STUB.answer = replace(CHECKED, statements=())
    html = checked(opened(sample_home), WORDS)
    assert "Nothing to check was found" in html and "A note." in html


def test_a_link_is_fetched_and_a_refusal_told(sample_home: Home) -> None:
    app = opened(sample_home)
    assert "rt-answers" in checked(app, " https://a.example/1 ")
    assert STUB.asked == ("https://a.example/1",)
    html = checked(app, "https://private.example/")
    assert "This could not be checked." in html and "10.0.0.1 is not a public address" in html
    assert "rt-answers" not in html, "an older answer is not left beside it"


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_a_hostile_text_is_shown_as_text(sample_home: Home, text: str) -> None:
    text = text[:40_000].replace("\0", "") or "x"
    url = encodable(URLS[len(text) % len(URLS)] or "") or None
    first = replace(FIRST, name=text[:300], url=url, quote=text)
    rival = replace(RIVAL, claim=text[:400], reason=text, differs=(text[:90], text[:90]), first=(first,))
    statement = replace(STATEMENT, start=0, end=len(text), quote=text, known=(rival,))
    STUB.answer = replace(CHECKED, text=text + text, url=url, title=text[:200], statements=(statement,),
                          notes=(text,))
    assert_harmless(checked(opened(sample_home), "anything"), text[:60])


def test_an_editor_keeps_the_text(sample_home: Home, tmp_path: Path) -> None:
    app = opened(sample_home, tmp_path)
    checked(app, WORDS)
    assert {button.label for button in app.button} == {"Check", "Keep this text", "Follow this claim …"}
    assert not list(tmp_path.rglob("*.gz")), "nothing is kept unless it is asked for"
    next(button for button in app.button if button.label == "Keep this text").click()
    assert "Kept. The next run reads it" in html_of(app.run())
    (file,) = tmp_path.rglob("*.gz")
    documents = [line.record for line in inbox.read(file) if isinstance(line.record, InboxDocument)]
    assert [(document.text, document.source) for document in documents] == [(WORDS, "found:ada")]
