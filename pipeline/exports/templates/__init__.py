"""HTML for what leaves the system, as Jinja templates that escape whatever is put into them.

From outside: `render` fills a template, `text_of` gives a file as it is.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from pipeline.text.sanitize import line, safe


@cache
def _environment() -> Environment:
    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    # Text from strangers: on one line and cut, or to its last character.
    made.filters["line"] = lambda text, limit=300: Markup(line(text, limit))
    made.filters["whole"] = lambda text: Markup(safe(text, max(1, len(str(text)))))
    return made


def text_of(name: str) -> str:
    """The file `name` of this folder."""
    return files(__package__).joinpath(name).read_text("utf-8")


def render(name: str, **values: object) -> str:
    """The template `name` with `values`: each is escaped, unless it is Markup of our own."""
    return _environment().from_string(text_of(name)).render(**values)
