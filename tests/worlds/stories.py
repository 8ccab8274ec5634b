"""The rumours of `stories.toml`, and hostile texts."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter

from pipeline.core.vocabulary import Certainty, EdgeKind, Kind, Platform, Precision, Role, Stance, Status


@dataclass(frozen=True, slots=True)
class Publisher:
    """A source, by its key in `SOURCES`."""

    name: str
    platform: Platform
    role: Role
    host: str
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One mention in one document; `after` names the document key that it was taken from."""

    source: str
    stance: Stance
    quote: str
    speaker: str | None = None
    at: datetime | None = None
    role: Role | None = None
    organisation: str | None = None
    after: str | None = None
    how: EdgeKind = EdgeKind.LINK
    key: str | None = None
    attributed_to: str | None = None
    certainty: Certainty = Certainty.ASSERTED
    cues: tuple[str, ...] = ()
    precision: Precision = Precision.SECOND
    title: str | None = None
    night: int = 0
    gone: bool = False
    edited: str | None = None
    artefact: bool = False
    url: str | None = ""


@dataclass(frozen=True, slots=True)
class Move:
    """A status that a claim took at an instant, as judged in a night."""

    night: int
    status: Status
    score: float
    reason: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A claim with its mentions and the statuses that it went through."""

    claim: str
    kind: Kind
    organisations: tuple[str, ...]
    said: tuple[StatementRow, ...]
    moves: tuple[Move, ...]
    would_change: str
    event_at: datetime | None = None
    entities: tuple[str, ...] = ()
    rival: tuple[str, str, str] | None = None


_TOLD = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
SOURCES = TypeAdapter(dict[str, Publisher]).validate_python(_TOLD["source"])
STORIES = TypeAdapter(tuple[Story, ...]).validate_python(_TOLD["story"])


def hostile_texts(canary: str) -> tuple[str, ...]:
    """Return texts that try to run, load, link, hide or break something; nothing may fetch `canary`."""
    return (
        f"<script>fetch('{canary}/script')</script> VISIBLE-SCRIPT",
        f"<img src={canary}/img onerror=alert(1)> VISIBLE-IMG",
        f"<svg onload=alert(2)><image href='{canary}/svg'/></svg> VISIBLE-SVG",
        f"<iframe src='{canary}/frame'></iframe> VISIBLE-FRAME",
        f"<style>@import '{canary}/css'; * {{ background: url({canary}/bg) }}</style> VISIBLE-STYLE",
        "<a href='javascript:alert(3)' onmouseover=alert(4)>hover</a> "
        f"<meta http-equiv=refresh content='0;url={canary}/meta'> VISIBLE-ANCHOR",
        f"![tracker]({canary}/markdown.png) [click]({canary}/link) VISIBLE-MARKDOWN",
        f"{canary}/autolink <{canary}/angle> www.canary.example VISIBLE-AUTOLINK",
        "![x](data:text/html,<script>alert(5)</script>) [y](javascript:alert(6)) ![z][ref]\n\n"
        f"[ref]: {canary}/ref VISIBLE-SCHEMES",
        r"$\href{" + canary + r"/latex}{x}$ $$\frac{1}{2}$$ :smile: :rocket: :material/bomb: :red[colour]"
        " VISIBLE-LATEX",
        "abc \u202egnp.exe\u202c \u2066isolate\u2069 VISIBLE-BIDI",
        "zero" + "\u200b\u200d\u2060\ufeff" * 500 + "width VISIBLE-ZERO",
        "z" + "\u0301\u0327" * 400 + "algo VISIBLE-ZALGO",
        "nul\x01\x08\x1b[31m red VISIBLE-CONTROL",
        "W" * 1_000_000,
        "</style></title></textarea>--><b>VISIBLE-CLOSER</b> {{7*7}} ${7*7} %s {canary}",
    )


HOSTILE_URLS = (
    "javascript:alert(7)", "data:text/html,<script>alert(8)</script>", "//canary.example/x",
    "http://user:pass@evil.example\u202e/x", "vbscript:msgbox(1)", None,
)  # fmt: skip
