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
# What somebody "is launching" is not there, unless it is so now.
_ARRIVING = re.compile(
    r"\b(?:is|are) (?:also |finally |soon )?(?:launch|releas|introduc|gett|bring|add|com|integrat|incorporat"
    r"|open|prepar|plann)ing\b", re.IGNORECASE)
_NOW = re.compile(r"\b(?:now|today|already)\b", re.IGNORECASE)


def foretold_at(words: str) -> int | None:
    """Return where those words end that first tell what is to come, or is arriving; None where none do."""
    arriving = None if _NOW.search(words) else _ARRIVING.search(words)
    return min((match.end() for match in (TO_COME.search(words), arriving) if match), default=None)
