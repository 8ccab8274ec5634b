"""Words by which a text shows where it stands: patterns over English, read with the claim beside them."""

from __future__ import annotations

import re

from models.lexicon import cues

DENIAL = cues().word("denial")
# Without \b at the end: "really?" and "source?" end in no word.
DOUBT = re.compile(rf"\b(?:{cues().patterns['doubt']})", re.IGNORECASE)
HEARSAY = cues().word("hearsay")
ADMISSION = cues().word("admission")
NEGATION = re.compile(
    r"\b(?:not(?! (?:only|just|merely|least)\b)|never|no longer|nor|cannot|lacks?|fail(?:s|ed)? to"
    r"|\w+n['’]t)\b|\bno(?= [a-z]+)",
    re.IGNORECASE,
)
