"""The pages of the dashboard, and the one that the address names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import streamlit as st
from altair.utils import schemapi

from dashboard import launch
from dashboard.auth import identity
from dashboard.components import layout
from dashboard.data import queries
from dashboard.data.queries import Copy
from dashboard.editing.service import Desk
from dashboard.views import about, review
from dashboard.views.ask import page as ask
from dashboard.views.check import page as check
from dashboard.views.check.page import Tools
from dashboard.views.claim import page as claim
from dashboard.views.claims import page as claims
from dashboard.views.entities import page as models
from dashboard.views.runs import page as runs
from dashboard.views.sources import page as sources
from dashboard.views.stories import page as stories
from dashboard.views.story import page as story
from dashboard.views.today import page as today
from dashboard.views.watches import page as watches
from pipeline.core.config import Config
from pipeline.core.errors import RumortrailError
from pipeline.core.home import Home
from pipeline.published.meaning import Load, Make
from pipeline.published.place import is_published

ABOUT = "Rumortrail follows claims about AI models from the first rumour to substantiation or contradiction."


def _desk(home: Home) -> Desk | None:
    """Return the desk of whoever is signed in; the page itself shows faults of the settings."""
    try:
        config = Config.load(home.config_file)
        name = identity.editor(home, config)
    except RumortrailError:
        return None
    return Desk(home, config, name, lambda: _editor(home) == name) if name else None


def _editor(home: Home) -> str | None:
    return identity.editor(home, Config.load(home.config_file))


def _claims(home: Home, make: Make | None, desk: Desk | None) -> Callable[[Copy], None]:
    def show(copy: Copy) -> None:
        claims.show(copy, Load(Config.load(home.config_file).models, make) if make else None, desk)

    return show


def _check(home: Home, tools: Tools | None, desk: Desk | None) -> Callable[[Copy], None]:
    def show(copy: Copy) -> None:
        check.show(copy, tools, home, Config.load(home.config_file), desk)

    return show


def _page(show: Callable[[Copy], None], home: Home, desk: Desk | None) -> Callable[[], None]:
    def run() -> None:
        layout.begin()
        try:
            config = Config.load(home.config_file)
            if not is_published(home, config):
                layout.nothing_published(home, config)
                return
            copy = queries.current(home, config)
            layout.notice(queries.warned(copy, datetime.now(UTC).replace(tzinfo=None)))
            layout.notice(config.dashboard.notice or queries.meta(copy).get("notice", ""))
            show(copy)
            layout.foot(copy, desk.editor if desk else None)
        except RumortrailError as error:
            layout.trouble(error)

    return run


def _front(show: Callable[[], None], news: st.Page) -> Callable[[], None]:
    """Return the front page; what an older address of Today names, before it moved, is shown there."""

    def run() -> None:
        if {"since", "show"} & set(st.query_params):
            st.switch_page(news, query_params=st.query_params.to_dict())
        show()

    return run


def main(make: Make | None = None, tools: Tools | None = None) -> None:
    """Run the page that the address names; `make` makes the model that search by meaning asks, `tools` check
    texts.
    """
    # Parts of a chart are not checked against Vega-Lite's schema as they are made: that takes longer than the
    # rest.
    schemapi.disable_debug_mode()
    home = launch.home()
    desk = _desk(home)
    st.set_page_config(
        page_title="Rumortrail",
        page_icon=str(layout.THEME / "mark.svg"),
        layout="wide",
        menu_items={"About": ABOUT},
    )
    dark = st.context.theme.type == "dark"
    st.logo(str(layout.THEME / f"wordmark-{'dark' if dark else 'light'}.svg"), size="large")
    news = st.Page(_page(today.show, home, desk), title="Today", url_path="today")
    pages = [
        st.Page(_front(_page(stories.show, home, desk), news), title="Stories", url_path="stories",
                default=True),
        news,
        st.Page(_page(_claims(home, make, desk), home, desk), title="Claims", url_path="claims"),
        st.Page(_page(_check(home, tools, desk), home, desk), title="Check", url_path="check"),
        st.Page(_page(models.show, home, desk), title="Models", url_path="models"),
        st.Page(_page(sources.show, home, desk), title="Sources", url_path="sources"),
        st.Page(
            _page(partial(review.show, desk=desk), home, desk),
            title="Review",
            url_path="review",
            visibility="visible" if desk else "hidden",
        ),
        st.Page(
            _page(partial(watches.show, desk=desk), home, desk),
            title="Watches",
            url_path="watches",
            visibility="visible" if desk else "hidden",
        ),
        st.Page(_page(ask.show, home, desk), title="Ask", url_path="ask"),
        st.Page(_page(runs.show, home, desk), title="Runs", url_path="runs"),
        st.Page(_page(about.show, home, desk), title="About", url_path="about"),
        st.Page(
            _page(partial(claim.show, desk=desk), home, desk),
            title="Claim",
            url_path="claim",
            visibility="hidden",
        ),
        st.Page(
            _page(partial(story.show, desk=desk), home, desk),
            title="Story",
            url_path="story",
            visibility="hidden",
        ),
    ]
    st.navigation(pages, position="top").run()
