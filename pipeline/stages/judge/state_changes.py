"""Tell words about a state from words about its end: "ban lifted" denies nothing of the ban.

A change of state presupposes the state before it (Karttunen 1973, "Presuppositions of compound sentences").
So what tells that a state ended speaks of a later time than the claim that it is so, and a report of the
state of an earlier time than the claim that it ended.
"""

from __future__ import annotations

import re
from functools import lru_cache

_STATE = (r"(?:bans?|blocks?|blockades?|suspensions?|pauses?|freezes?|moratoriums?|restrictions?|waitlists?"
          r"|paywalls?)")
_ENDED = re.compile(
    r"\b(?:"
    r"(?:lift|end|revers|drop|remov|eas|overturn|scrap|abandon|rescind|repeal)(?:e?s|e?d|ing|ped|ping|e)?"
    rf" (?:\S+ ){{0,3}}?{_STATE}"
    rf"|{_STATE} (?:(?:is|was|has been|being) )?"
    r"(?:lifted|reversed|ended|dropped|removed|overturned|rescinded|scrapped)"
    rf"|after (?:an? |the |its )?(?:\S+ ){{0,2}}?{_STATE}"
    r"|(?:available|accessible|open|online|working) (?:once )?again"
    r"|once again (?:available|accessible|open|online|working)|back online"
    r"|restored|reinstated|reinstates|unbanned|unbans|unblocked|unblocks"
    r")\b",
    re.IGNORECASE,
)


def of_two_times(claim: str, quote: str) -> bool:
    """Return whether one of them tells that a state ended and the other does not."""
    return _ends(claim) is not _ends(quote)


@lru_cache(maxsize=65536)
def _ends(words: str) -> bool:
    return _ENDED.search(words) is not None
