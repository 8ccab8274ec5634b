"""The one style sheet of the pages, and the policy that lets a page use it and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.resources import files

from markupsafe import Markup

from pipeline.exports import slip_svg


def _sheet(name: str, *others: str) -> str:
    """Return a style sheet of this room, and others behind it, without what only their readers need."""
    text = "\n".join((files(__package__).joinpath(name).read_text("utf-8"), *others))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", text)).strip()


def _policy(sheet: str, *rules: str) -> str:
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return "; ".join(
        ("default-src 'none'", f"style-src 'sha256-{digest}'", "img-src data:", "base-uri 'none'", *rules)
    )


_SLIP_DARK = f"@media screen and (prefers-color-scheme: dark) {{{slip_svg.DARK}}}"
SHEET = Markup(_sheet("pages.css", slip_svg.STYLE, _SLIP_DARK))
"""The style of the pages. It stands in each: a reader waits for one answer, not two."""
EMBEDDED = Markup(_sheet("embed.css"))
"""The style of a page that other sites frame."""
POLICY = _policy(SHEET, "form-action 'self'", "frame-ancestors 'none'")
"""The Content-Security-Policy of a page: no script, nothing is fetched, nobody frames it."""
EMBED_POLICY = _policy(EMBEDDED, "form-action 'none'", "frame-ancestors *")
"""The same for a page that every site may frame."""


def in_page(policy: str) -> str:
    """Return `policy` as a page can hold it itself: who may frame it only a server can say."""
    return "; ".join(part for part in policy.split("; ") if not part.startswith("frame-ancestors"))


def _picture() -> str:
    """Return the light colours and the rules for pictures out of the sheet: a file is printed as it is."""
    variables = re.match(r":root\{[^}]*\}", SHEET)
    assert variables
    rules = re.findall(r"(?:^|(?<=\}))(?:svg [^{}]*|\.(?:fill|line)-[^{}]*)\{[^}]*\}", SHEET)
    return variables.group().replace("color-scheme:light dark;", "") + "".join(rules) + (
        "svg{font-family:var(--sans)}svg .title{font:600 17px var(--serif)}"
    )


PICTURE = Markup(_picture())
"""The style of a picture that is a file of its own."""
FILE_POLICY = _policy(PICTURE, "form-action 'none'", "frame-ancestors 'none'", "sandbox")
"""The Content-Security-Policy of the files beside a page: a picture with its style, data, a card."""
SLIP_POLICY = _policy(slip_svg.AUTO, "form-action 'none'", "frame-ancestors 'none'", "sandbox")
"""The same for a slip chart, which has a style of its own."""
