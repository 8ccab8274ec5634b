"""A filter of claims in words, for the title of a feed or calendar and for the list of watches."""

from __future__ import annotations

from datetime import timedelta

from pipeline.core.text import shorten
from pipeline.published.claim_filter import ClaimFilter

LONGEST = 160
_FLAGS = {
    "single": "single voice",
    "denied": "denied by the subject",
    "due": "deadline ahead",
    "followed": "followed by an editor",
}


def filter_words(chosen: ClaimFilter) -> str:
    """Return what claims pass the filter, as "disputed, Meta, in Courier"; "all claims" for the empty one.

    Names and words stand in it as they were given: they are anybody's.
    """
    parts = [f"“{chosen.words}”"] if chosen.words else []
    parts += [str(value).replace("_", " ") for value in (*chosen.statuses, *chosen.kinds)]
    parts += [*chosen.organisations, *chosen.models, *(f"in {source}" for source in chosen.sources)]
    if chosen.stories:
        parts.append("one story" if len(chosen.stories) == 1 else f"{len(chosen.stories)} stories")
    if chosen.since:
        parts.append(f"moved since {chosen.since:%Y-%m-%d}")
    if chosen.until:
        parts.append(f"moved until {chosen.until - timedelta(seconds=1):%Y-%m-%d}")
    if chosen.rivals:
        parts.append("any rival" if chosen.rivals == "any" else f"rival {chosen.rivals}s")
    parts += [words for flag, words in _FLAGS.items() if getattr(chosen, flag)]
    return shorten(", ".join(parts), LONGEST) or "all claims"
