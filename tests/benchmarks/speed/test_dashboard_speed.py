"""Test that the dashboard's benchmark computes its figures as documented, and visits pages that exist."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.speed import dashboard_speed
from pipeline.core.home import Home

APP = Path(__file__).resolve().parents[3] / "dashboard" / "app.py"


def test_the_95th_percentile_is_a_visit_that_was_measured() -> None:
    assert dashboard_speed.percentile([float(n) for n in range(1, 21)], 0.95) == 19.0
    assert dashboard_speed.percentile([float(n) for n in range(20, 0, -1)], 0.5) == 10.0
    assert dashboard_speed.percentile([3.0], 0.95) == 3.0


def test_a_page_is_compared_with_the_empty_page_of_its_run() -> None:
    figures = dashboard_speed.figures({"empty": [1.0, 2.0, 3.0], "claims": [4.0, 5.0, 9.0]})
    assert figures["claims"] == {"median_s": 5.0, "p95_s": 9.0, "ratio": 2.5}


def test_each_visit_is_for_something_else_and_each_page_exists(sample_home: Home) -> None:
    pages = dashboard_speed.pages(sample_home.published, 5)
    assert all(len(addresses) == 5 for addresses in pages.values())
    assert len(set(pages["claim"])) == len(set(pages["source"])) == 5
    known_paths = set(re.findall(r'url_path="(\w+)"', APP.read_text("utf-8"))) | {""}
    assert {
        address.split("?")[0].strip("/") for addresses in pages.values() for address in addresses
    } <= known_paths
