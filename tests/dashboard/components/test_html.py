"""Templates: each has the names that it was given, whichever of a file is used first."""

from __future__ import annotations

from types import SimpleNamespace

from dashboard.components import html


def test_a_template_has_its_names_though_another_of_its_file_was_used_first() -> None:
    assert "<table" in html.Template("views/ask/page.html").table([], [], 0)
    template = html.Template("views/ask/page.html", type_words=str.lower)
    view = SimpleNamespace(name="claims", words="", columns=[(["status"], "where it stands")])
    assert "<small>varchar</small>" in template.schema([view], {("claims", "status"): "VARCHAR"})
