"""The page /api/, which describes the interface for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from dashboard.api.problems import TITLES

_HERE = Path(__file__).resolve().parent
_THEME = _HERE.parent / "theme"


def rendered(description: dict[str, Any]) -> str:
    """Return the page of a description in OpenAPI, as HTML without scripts."""
    templates = Environment(loader=FileSystemLoader(_HERE), autoescape=True)
    templates.filters["code"] = _code
    operations = [
        {"method": method.upper(), "path": path, **operation}
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]
    return templates.get_template("page.html").render(
        operations=operations,
        problems=TITLES,
        css=(_THEME / "css" / "base.css").read_text("utf-8"),
        address=description["servers"][0]["url"].rstrip("/") or "http://localhost:8501",
        version=description["info"]["version"],
    )


def _code(words: str) -> Markup:
    """Return our own words as HTML, with what stands between backticks as code."""
    parts = words.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if index % 2 else escape(part)
        for index, part in enumerate(parts)
    )
