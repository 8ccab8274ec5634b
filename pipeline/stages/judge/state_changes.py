"""Tell words about a state from words about its end, or about the time before it: "ban lifted" denies nothing
of the ban, and "not yet available" nothing of what is said later.

A change of state presupposes the state before it (Karttunen 1973, "Presuppositions of compound sentences").
So what tells that a state ended speaks of a later time than the claim that it is so, and a report of the
state of an earlier time than the claim that it ended. "Not yet" says that the state may come (Löbner 1989).
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
    r"|no longer"
    r")\b",
    re.IGNORECASE,
)


_NOT = r"(?:not|never|no|none|cannot|without|\w+n['’]t)"
_NOT_YET = re.compile(
    rf"\b{_NOT} (?:[^\s.,;:!?]+ ){{0,9}}?yet\b(?! (?:another|again|more))"
    rf"|\b(?:has|have|had|is|are|was|were) yet to\b|\bstill (?:{_NOT}|un\w+|to come|awaiting|waiting)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=65536)
def not_yet(quote: str) -> bool:
    """Return whether the words say that a state is not reached yet."""
    return _NOT_YET.search(quote) is not None


def of_two_times(claim: str, quote: str) -> bool:
    """Return whether one of them tells that a state ended and the other does not."""
    return _ends(claim) is not _ends(quote)


@lru_cache(maxsize=65536)
def _ends(words: str) -> bool:
    return _ENDED.search(words) is not None
