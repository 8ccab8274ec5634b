"""Tell words about what is to come."""

from __future__ import annotations

import re

# A headline's future: "Aurel to launch Aster 4".
_HEADLINE = (
    r"^(?-i:(?!(?:According|Due|How|\w+ing)\b)(?:[a-z]?[A-Z0-9][\w.’'&-]*,? ){1,4}"
    r"to (?!(?:the|an?|its|their|all|some|more|everyone)\b)[a-z]{2,}\b)"
)
# Present tense and future meaning: "we are going to launch", "coming soon".
TO_COME = re.compile(
    r"\b(?:will|going to|plan(?:s|ned|ning)? to|preparing|intends? to|aims? to|expects? to|soon|upcoming"
    r"|coming (?:to|in|this|next)|in the coming"
    r"|later this|next (?:week|month|quarter|year|spring|summer|autumn|fall|winter))\b|['’]ll\b"
    rf"|{_HEADLINE}",
    re.IGNORECASE,
)
