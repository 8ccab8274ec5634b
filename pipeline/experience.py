"""What users tell of their own use: together they are one voice of a claim, on what anybody can try."""

from __future__ import annotations

import re
from functools import lru_cache

USERS = "users"  # the voice, however many texts tell of them
_USERS = r"users|commenters|developers|testers|customers|members|people|participants|reviewers|redditors|many|several|some|others"
_TROUBLE = r"issues?|problems?|bugs?|errors?|failures?|limitations?|improvements?|degradation|regressions?|slowdowns?"
# "Users report", "several commenters highlight issues with", "some share their experiences with": not "users claim", "think", "predict".
_EXPERIENCE = re.compile(
    rf"\b(?:{_USERS}) (?:\w+ ){{0,4}}?(?:report(?:ed|ing)?|experienc(?:e|ed|ing)|encounter(?:ed|ing)?|notic(?:e|ed|ing)|observ(?:e|ed|ing)|found|complain(?:ed|ing)?"
    rf"|(?:highlight|note|describe|face|mention)(?:d|ed|ing)? (?:\w+ ){{0,2}}?(?:{_TROUBLE})"
    r"|(?:shar|discuss|describ|recount)(?:e|ed|ing)? (?:\w+ ){0,2}?experiences?)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=65536)
def own_use(quote: str) -> bool:
    """Whether the words tell what more than one user met with in their own use."""
    return _EXPERIENCE.search(quote) is not None
