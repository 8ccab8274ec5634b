"""The words to cite a piece of evidence by."""

from __future__ import annotations

from datetime import datetime

from pipeline.core.text import UNNAMED
from pipeline.published.claim_rows import Claim, Evidence
from pipeline.text.sanitize import plain


def cited(item: Evidence) -> str:
    """Return quote, speaker, role, publisher, address, times in UTC, and the hash of what was archived."""
    speaker = plain(item.speaker or UNNAMED, 200)
    role = item.speaker_role.replace("_", " ")
    if item.speaker_organisation:
        role += f", {plain(item.speaker_organisation, 120)}"
    title = f"“{plain(item.title, 300)}”, " if item.title else ""
    said = f"said {_said(item.said_at, item.said_precision)}, seen {item.seen_at:%Y-%m-%d %H:%M:%S} UTC"
    hashed = "the archived page" if item.sha256 else "headline and text"
    address = plain(item.url or "no address", 2_000)
    return (
        f"“{item.quote}”\n{speaker} ({role}), in {title}{plain(item.source, 200)}, {address}; "
        f"{said}; version {item.version}, SHA-256 of {hashed} {item.sha256 or item.text_sha256}."
    )


def _said(at: datetime | None, precision: str) -> str:
    if at is None or precision == "unknown":
        return "at an unknown time"
    forms = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
    if precision == "quarter":
        return f"Q{(at.month + 2) // 3} {at.year}"
    return f"{at:{forms[precision]}}" if precision in forms else f"{at:%Y-%m-%d %H:%M:%S} UTC"


def cited_claim(claim: Claim, as_of: datetime | None) -> str:
    """Return the words to cite a claim by: its sentence, where it stood and when, and its id."""
    at = f"as published {as_of:%Y-%m-%d %H:%M} UTC" if as_of else "at an unknown time"
    voices = f"{claim.voices:,} independent {'voice' if claim.voices == 1 else 'voices'}"
    return (f"“{plain(claim.claim, 600)}”: {claim.status}, {voices} in {claim.mentions:,} "
            f"{'mention' if claim.mentions == 1 else 'mentions'}, {at}. Rumortrail, claim {claim.claim_id}.")


def cited_chart(title: str, published: datetime | None) -> str:
    """Return the words to cite a chart by: what it shows, and the copy that it was made of."""
    made = f"data published {published:%Y-%m-%d %H:%M} UTC" if published else "data of an unknown day"
    return f"“{plain(title, 200)}”, chart by Rumortrail, {made}."
