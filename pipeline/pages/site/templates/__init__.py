"""The templates of a site's lists. From outside: `page` fills one."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment
from markupsafe import Markup

from pipeline.core.text import counted, utf8
from pipeline.exports import slip_svg
from pipeline.exports.templates import environment
from pipeline.exports.wording import STAGE_WORDS, day
from pipeline.pages.links import file_name


@cache
def _environment() -> Environment:
    templates = environment(__package__)
    templates.filters["day"] = lambda at, known="day": day(at, known) if isinstance(at, datetime) else ""
    templates.filters["stage"] = lambda stage: STAGE_WORDS.get(str(stage), str(stage))
    templates.filters["words"] = lambda word: str(word or "").replace("_", " ")
    templates.filters["counted"] = counted
    templates.filters["file"] = file_name
    return templates


@cache
def _style() -> tuple[str, str]:
    style = files(__package__).joinpath("site.css").read_text("utf-8")
    style += slip_svg.AUTO
    return style, base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def page(name: str, /, *, scripts: str = "", **values: object) -> bytes:
    """Return the template `name` with `values`; `scripts` is what its policy (CSP) allows to run."""
    style, digest = _style()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    policy += f"; {scripts}" if scripts else ""
    context = {"policy": Markup(policy), "style": Markup(style), "script": "", **values}
    html = _environment().get_template(name).render(context)
    return utf8(html)
