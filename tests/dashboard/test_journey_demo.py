"""A journalist's first errand on the demo: find the Llama 4 claim, read where it stands, cite its denial."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.config import Home
from tests.dashboard.conftest import Watched, served

pytestmark = pytest.mark.browser


def test_find_the_llama_4_claim_and_cite_its_denial(watch: Callable[..., Watched], demo_home: Path) -> None:
    with served(Home(demo_home)) as base:
        watched = watch(base)
        page = watched.visit("/claims")
        assert "demo" in page.locator(".rt-notice").inner_text().lower()
        page.get_by_placeholder("Search claims").fill('llama 4 "test sets"')
        page.get_by_placeholder("Search claims").press("Enter")
        watched.address("q=llama")
        link = page.locator(".rt-claim a", has_text="test sets").first
        link.wait_for()
        link.click()
        watched.address("/claim?id=")
        watched.ready()
        assert page.locator(".rt-why .rt-chip").inner_text() == "disputed"
        assert page.locator(".rt-reason").inner_text().strip()
        page.get_by_role("button", name="denies", exact=True).click()
        watched.address("stance=denies")
        denial = page.locator(".rt-card", has_text="Ahmad Al-Dahle").first
        denial.wait_for()
        words = denial.inner_text()
        assert "not true" in denial.locator("blockquote").inner_text()
        assert "first party" in words
        assert denial.locator("a.rt-out").get_attribute("href").startswith("http")
        watched.untouched()
