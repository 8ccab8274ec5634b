"""The dashboard: its pages, and the one that the address names."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from dashboard import frame, queries
from dashboard.meaning import Load, Make
from dashboard.pages import about, claim, claims, runs, sources
from dashboard.queries import Copy
from pipeline.config import Config, Home
from pipeline.errors import RumortrailError


def _home() -> Home:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path)
    return Home.find(parser.parse_known_args(sys.argv[1:])[0].home)


def _claims(home: Home, make: Make | None) -> Callable[[Copy], None]:
    def show(copy: Copy) -> None:
        claims.show(copy, Load(Config.load(home.config_file).models, make) if make else None)

    return show


def _page(show: Callable[[Copy], None], home: Home) -> Callable[[], None]:
    def run() -> None:
        frame.begin()
        try:
            config = Config.load(home.config_file)
            if not home.published.exists():
                frame.nothing_published(home, config)
                return
            copy = queries.current(home, config)
            frame.notice(config.dashboard.notice or queries.meta(copy).get("notice", ""))
            show(copy)
            frame.foot(copy)
        except RumortrailError as error:
            frame.trouble(error)

    return run


def main(make: Make | None = None) -> None:
    """Lay out the pages and run the one that the address names; `make` makes the model that search by meaning asks."""
    home = _home()
    st.set_page_config(
        page_title="Rumortrail",
        page_icon=str(frame.THEME / "mark.svg"),
        layout="wide",
        menu_items={
            "About": "Rumortrail follows claims about AI models from the first rumour to their substantiation or contradiction."
        },
    )
    dark = st.context.theme.type == "dark"
    st.logo(str(frame.THEME / f"wordmark-{'dark' if dark else 'light'}.svg"), size="large")
    pages = [
        st.Page(_page(_claims(home, make), home), title="Claims", url_path="claims", default=True),
        st.Page(_page(runs.show, home), title="Runs", url_path="runs"),
        st.Page(_page(sources.show, home), title="Sources", url_path="sources"),
        st.Page(_page(about.show, home), title="About", url_path="about"),
        st.Page(_page(claim.show, home), title="Claim", url_path="claim", visibility="hidden"),
    ]
    st.navigation(pages, position="top").run()
