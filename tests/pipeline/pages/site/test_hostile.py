"""Texts and names that mean harm, through a whole site: they are shown as text, and name no file."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb
import pytest
from lxml import html

from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.pages.links import file_name
from pipeline.pages.site.write import write_site
from tests.pipeline.pages.site.conftest import check_links
from tests.shared import Canary

NAMES = ["../../etc/passwd", "..", ".", "", "CON", "a/b", "a\\b", "x" * 400, "c1.html", "ünï", "大模型",
         "%2e%2e", "a\x00b", "</script>", "\ud83e", "GPT-5", "gpt-5", " gpt-5"]  # fmt: skip


def test_any_name_becomes_one_plain_file_name() -> None:
    file_names = [file_name(name) for name in NAMES]
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,60}", name) for name in file_names)
    assert len(set(file_names)) == len(NAMES) and file_name("c0123456789abcdef") == "c0123456789abcdef"


@pytest.fixture(scope="module")
def hostile(hostile_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the hostile home, in which a claim, a model and a source also have names of the worst."""
    home, root = Home(tmp_path_factory.mktemp("home")), tmp_path_factory.mktemp("out") / "site"
    shutil.copy2(hostile_home.published, home.published)
    with duckdb.connect(str(home.published)) as connection:
        [(first,)] = connection.execute("SELECT min(claim_id) FROM claims").fetchall()
        for view in ("claims", "evidence", "status_history", "timeline", "changes", "subjects", "rivals"):
            connection.execute(f"UPDATE {view} SET claim_id = '../../<b>' WHERE claim_id = ?", [first])
        connection.execute("UPDATE subjects SET subject = '../' || subject WHERE type = 'model'")
    return write_site(home, Config(), root, workers=1).root


@pytest.mark.slow
def test_nothing_lies_outside_and_every_link_leads_somewhere(hostile: Path) -> None:
    assert [path.name for path in hostile.parent.iterdir()] == ["site"]
    assert not check_links(hostile).broken
    names = [path.name for path in hostile.rglob("*") if not path.name.startswith(".rumortrail")]
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9_.-]*", name) for name in names)


def test_strangers_text_is_no_markup(hostile: Path, canary: Canary) -> None:
    for file in hostile.rglob("*.html"):
        tree = html.fromstring(file.read_bytes())
        assert not tree.xpath("//@onerror | //@onload | //iframe | //object | //base[@href]")
        loaded_urls = tree.xpath("//img/@src | //script/@src | //link[@rel='stylesheet']/@href")
        assert not [url for url in loaded_urls if not url.startswith("data:")]
        links = tree.xpath("//*[not(@rel='icon')]/@href")
        assert not [url for url in links if url.lower().startswith(("javascript:", "data:"))]


@pytest.mark.browser
def test_a_browser_that_opens_every_kind_of_page_asks_nobody(
    hostile: Path, canary: Canary, browser: object
) -> None:
    page = browser.new_page()  # type: ignore[attr-defined]
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    kinds = [next((hostile / kind).glob("[!i]*.html")) for kind in ("c", "embed", "models", "sources")]
    for file in (hostile / "index.html", hostile / "claims/index.html", *kinds):
        page.goto(file.as_uri())
        page.wait_for_load_state()
    page.goto((hostile / "index.html").as_uri())
    for word in ("script", "img", "alert", "onerror"):
        page.fill("#search input", word)
        page.locator("#search-told:not(:empty)").wait_for()
    page.close()
    assert not dialogs and not canary.asked
