"""Words by which a text shows where it stands: patterns over English, read with the claim beside them."""

from __future__ import annotations

import re

from models.lexicon import cues

DENIAL = cues().word("denial")
# Without \b at the end: "really?" and "source?" end in no word.
DOUBT = re.compile(rf"\b(?:{cues().patterns['doubt']})", re.IGNORECASE)
HEARSAY = cues().word("hearsay")
ADMISSION = cues().word("admission")
# Without "do": "don't reveal your secrets to it" is advice.
_NOT = r"(?:did|does|ha[sd]|have)(?: not|n['’]t) (?:yet |immediately |publicly |officially )?"
# Words by which somebody declines to take a side, or which tell that nothing is said of it: silence denies
# nothing.
NO_SIDE = re.compile(
    rf"\b(?:(?:can(?:not|['’]t)|could(?: not|n['’]t)|unable to|declin\w+ to|{_NOT}|ha(?:d|s|ve) yet to)"
    r"\s*(?:yet |independently )?(?:confirm(?:ed)?|verif(?:y|ied)|comment(?:ed)?|respond(?:ed)?)"
    r"|(?:can(?:not|['’]t)|(?:could|ha[sd])(?: not|n['’]t)) (?:yet )?be(?:en)? (?:confirmed|verified)"
    rf"|{_NOT}(?:sa(?:y|id) (?:if|whether|how|when|why|which|anything)|mention(?:ed)?|address(?:ed)?"
    r"|specif(?:y|ied)|disclosed?|reveal(?:ed)?|explain(?:ed)?)"
    r"|no (?:comment|word (?:yet )?(?:on|about|whether)|mention of)"
    r"|sa(?:y|ys|id|ying) nothing|without (?:mentioning|saying (?:if|whether))"
    r"|(?:is|was|are|were|remain(?:s|ed)?|stay(?:s|ed)?) silent)\b",
    re.IGNORECASE,
)
NEGATION = re.compile(
    r"\b(?:not(?! (?:only|just|merely|least)\b)|never|no longer|nor|cannot|lacks?|fail(?:s|ed)? to"
    r"|\w+n['’]t)\b|\bno(?= [a-z]+)",
    re.IGNORECASE,
)
