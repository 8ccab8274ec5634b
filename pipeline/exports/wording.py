"""The words in which dossier and pages say a time, a voice, an address and where a claim stands."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup, escape

from pipeline.core.text import counted, enumerated, instant
from pipeline.core.times import words_of
from pipeline.core.vocabulary import HEARSAY, RUMOUR, Platform, Precision, Role
from pipeline.published.claim import CaseFile
from pipeline.published.claim_rows import Claim, Evidence
from pipeline.text.sanitize import host_of, safe

STATUS_WORDS = {
    "unverified": f"only one independent voice or {RUMOUR} carries it, however many repeat it",
    "corroborated": "several independent voices that can know it stand behind it",
    "disputed": "somebody denies it or an expert questions it, and others carry it or are not known",
    "substantiated": "a primary document shows it, or its subject, who must know, states or admits it",
    "contradicted": "a measurement found otherwise, or a claim that rules it out is substantiated",
    "retracted": "the voice it comes from took it back, and no other stands behind it",
    "expired": "the time it named has passed, and nothing shows that it came true",
}

STAGE_WORDS = {
    "string_found": "name found",
    "announced": "announced",
    "preview": "preview",
    "api": "API",
    "open_weights": "open weights",
}
"""The stages of a release."""

ROLE_WORDS = {str(role): str(role).replace("_", " ") for role in Role}

PLATFORM_WORDS = {str(platform): str(platform) for platform in Platform} | {
    "news": "news site",
    "x": "X",
    "reddit": "Reddit",
    "hackernews": "Hacker News",
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
    "telegram": "Telegram",
    "huggingface": "Hugging Face",
    "github": "GitHub",
    "arxiv": "arXiv",
}


def when(at: datetime | None, precision: str = Precision.SECOND) -> str:
    """Return a time in words, no finer than it is known."""
    if at is None or precision == Precision.UNKNOWN:
        return "unknown"
    if precision == Precision.SECOND:
        return instant(at)
    if precision == Precision.MINUTE:
        return f"{words_of(at)}, {at:%H:%M} UTC"
    return f"{words_of(at, precision)}, the {'hour' if precision == Precision.DAY else 'day'} unknown"


def day(at: datetime, precision: str = Precision.DAY) -> str:
    """Return the day of a time in words, or the month, quarter or year where no more is known."""
    return "unknown" if precision == Precision.UNKNOWN else words_of(at, precision)


def link(url: str | None) -> Markup:
    """Return an address in full, as a link where it is a plain web address."""
    if url is None:
        return Markup('<span class="soft">no address</span>')
    shown = Markup(safe(url, 2_100))
    host = host_of(url)
    if host is None:
        return Markup('<span class="soft">no web address: </span>') + shown
    elsewhere = Markup(" (host {})").format(host) if host not in url else ""
    return anchor(url, shown) + elsewhere


def anchor(url: str, words: Markup) -> Markup:
    """Return a link to a plain web address, by which nobody learns where it was clicked."""
    rel = "noreferrer noopener nofollow"
    return Markup(f'<a href="{escape(url)}" rel="{rel}" referrerpolicy="no-referrer">{words}</a>')


def finding(case: CaseFile) -> str:
    """Return where the claim stands and by how many voices, in one sentence of our own words."""
    subject, moves = case.subject, case.moves
    dated = moves and moves[-1].at_is_said
    since = f" since {day(moves[-1].at)}" if dated else ""
    return f"{subject.status.capitalize()}{since}: {carried(subject, 'independent voice')}."


def carried(claim: Claim, noun: str) -> str:
    """Return how many voices carry, deny and question a claim; `noun` is the word for one that carries it."""
    rumour = f"{RUMOUR} only" if claim.supports + claim.reports else "nobody"
    parts = [f"carried by {counted(claim.voices, noun) if claim.voices else rumour}"]
    for voices, verb in ((claim.denied_by, "denied"), (claim.questioned_by, "questioned")):
        parts += [f"{verb} by {voices:,}"] if voices else []
    return enumerated(parts)


def voice(statement: Evidence, *, first: bool) -> str:
    """Return whose voice a statement is; `first`: it is the first word of its voice on that side."""
    if statement.voice_key == HEARSAY:
        return f"an {RUMOUR}; nobody stands behind it, so it counts as no voice"
    if not statement.is_voice:
        return "shown, and not counted"  # the reason, which says that it was not traced, stands beside it
    if statement.independent:
        return "an independent voice" if first else "an independent voice again; repetition adds no voice"
    return "repeats another voice; repetition adds no voice"
