"""Words by which a text shows where it stands: patterns over English, read with the claim beside them."""

from __future__ import annotations

import re

# Words by which a speaker rejects what is said, whatever the grammar around them.
DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ials?)|refut\w+|debunk\w*|rebut\w*|disput(?:e|es|ed|ing)|reject(?:s|ed|ing)?|dismiss\w*"
    r"|contradict\w*|disprov\w+|(?:not|n['’]t|isn['’]t|hardly|far from) (?:true|accurate|correct|the case)|untrue|false|no truth"
    r"|inaccurate|fabricated|hoax|baseless|unfounded|nonsense|misinformation|misunderst\w+|misconception|misleading"
    r"|exaggerat\w+|overstat\w+|fear-?monger\w*|correct(?:s|ed) (?:itself|himself|herself|themselves)"
    r"|i was wrong|we were wrong|retract\w*)\b",
    re.IGNORECASE,
)
# Words of doubt that ask for more without rejecting.
DOUBT = re.compile(
    r"\b(?:skeptic\w*|sceptic\w*|doubt\w*|question(?:s|ed|ing|able)?|dubious\w*|suspicio\w+|unconvinced|wonder(?:s|ed|ing)?"
    r"|unclear|uncertain\w*|unsure|concerns? (?:about|over)|is (?:it|this|that) (?:true|real)|really\?|source\?)",
    re.IGNORECASE,
)
# Words that tell of a claim as somebody else's.
HEARSAY = re.compile(
    r"\b(?:rumou?r(?:s|ed)?|reportedly|allegedly|alleged|purported(?:ly)?|supposedly|unconfirmed|unverified|unsubstantiated"
    r"|speculat\w+|leak(?:s|ed)?|word is|sources (?:say|said|claim)|is said to|are said to|claims? to)\b",
    re.IGNORECASE,
)
# Words by which a speaker stands behind it, even against their own interest.
ADMISSION = re.compile(
    r"\b(?:admit(?:s|ted|ting)?|acknowledg\w+|conced(?:e|es|ed|ing)|confirm(?:s|ed|ing)?|apologi[sz]\w+|own(?:s|ed) up)\b",
    re.IGNORECASE,
)
# Words by which somebody declines to take a side.
NO_SIDE = re.compile(
    r"\b(?:(?:can(?:not|['’]t)|could(?: not|n['’]t)|unable to|declin\w+ to|did(?: not|n['’]t) (?:immediately )?)\s*(?:yet |independently )?"
    r"(?:confirm|verify|comment|respond|be (?:confirmed|verified))|no comment)\b",
    re.IGNORECASE,
)
NEGATION = re.compile(
    r"\b(?:not(?! (?:only|just|merely|least)\b)|never|no longer|nor|cannot|lacks?|fail(?:s|ed)? to|\w+n['’]t)\b|\bno(?= [a-z]+)", re.IGNORECASE
)
