"""HTML for what leaves the system, as Jinja templates that escape whatever is put into them.

From outside: `render` fills a template of this folder, `text_of` gives a file as it is, `environment` opens
the templates of another room in the same way.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.text.sanitize import line, safe


def environment(package: str) -> Environment:
    """Return the templates that lie in `package`: each value is escaped, unless it is Markup of our own."""
    templates = Environment(
        loader=PackageLoader(package, ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    # Text from strangers: on one line and cut, or to its last character.
    templates.filters["line"] = lambda text, limit=300: Markup(line(text, limit))
    templates.filters["commas"] = "{:,}".format
    templates.filters["whole"] = lambda text: Markup(safe(text, max(1, len(str(text)))))
    return templates


@cache
def _own() -> Environment:
    return environment(__package__)


def text_of(name: str) -> str:
    """Return the file `name` of this folder."""
    return files(__package__).joinpath(name).read_text("utf-8")


def render(name: str, **values: object) -> str:
    """Return the template `name` with `values`: each is escaped, unless it is Markup of our own."""
    return _own().get_template(name).render(**values)
