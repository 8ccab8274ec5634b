"""Words by which a text shows where it stands: patterns over English, read with the claim beside them."""

from __future__ import annotations

import re

from models.lexicon import cues

DENIAL = cues().word("denial")
# Without \b at the end: "really?" and "source?" end in no word.
DOUBT = re.compile(rf"\b(?:{cues().patterns['doubt']})", re.IGNORECASE)
HEARSAY = cues().word("hearsay")
ADMISSION = cues().word("admission")
# Words by which somebody declines to take a side.
NO_SIDE = re.compile(
    r"\b(?:(?:can(?:not|['’]t)|could(?: not|n['’]t)|unable to|declin\w+ to"
    r"|did(?: not|n['’]t) (?:immediately )?)"
    r"\s*(?:yet |independently )?"
    r"(?:confirm|verify|comment|respond|be (?:confirmed|verified))|no comment)\b",
    re.IGNORECASE,
)
NEGATION = re.compile(
    r"\b(?:not(?! (?:only|just|merely|least)\b)|never|no longer|nor|cannot|lacks?|fail(?:s|ed)? to"
    r"|\w+n['’]t)\b|\bno(?= [a-z]+)",
    re.IGNORECASE,
)
