"""Whether a sentence tells readers that the page was corrected or updated (in English)."""

from __future__ import annotations

import re

HEAD = 400
"""Characters of a sentence that are looked at."""

_WORD = re.compile(r"[^\W\d_]+")
_COLON = re.compile(r":(?!\d)| - ")
_NAMES = frozenset(
    re.findall(
        r"\w+",
        "correction corrections corrected clarification clarified update updates updated erratum errata"
        " retraction retracted edit edited editor editors editorial",
    )
)
# What may stand between the name of a note and its colon: when, and to what.
_BESIDE = frozenset(
    re.findall(
        r"\w+",
        "january february march april may june july august september october november december jan feb mar apr"
        " jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday am pm a p m"
        " s st nd rd th utc gmt est edt et pst pdt pt cet at on to this the story article post appended from note",
    )
)
_HEADING = frozenset({"correction", "corrections", "clarification", "erratum", "retraction", "note"})
_PAGE = r"(?:article|story|post|piece|report|headline|page|entry|column|newsletter)"
_CHANGED = r"(?:updated|corrected|amended|clarified|revised|edited|changed|retracted)"
_STATEMENT = re.compile(
    rf"\b(?:this|our) {_PAGE}(?:'s headline)? (?:has been|was|is|has since been) (?:since )?{_CHANGED}\b"
    rf"|\bthe headline (?:has been|was) (?:since )?{_CHANGED}\b"
    rf"|\b(?:an?|the) (?:earlier|previous|prior|original) version of (?:this|our) {_PAGE}\b"
    rf"|\bwe(?:'ve| have) (?:since )?{_CHANGED} (?:this|our|the) {_PAGE}\b"
    r"|^\W*\((?:corrects|updates|adds|clarifies|removes) "
)


def is_note(words: str) -> bool:
    """Whether `words`, a folded sentence, notes a correction or update. A mere stamp of a day does not."""
    plain = words[:HEAD].casefold()
    if _STATEMENT.search(plain):
        return True
    colon = _COLON.search(plain)
    head = _WORD.findall(plain[: colon.start()] if colon else plain)
    if not head or head[0] not in _NAMES or not set(head) <= _NAMES | _BESIDE:
        return False
    if head[0].startswith("editor") and "note" not in head:
        return False  # a byline
    if colon is None:  # a heading, with its note in the next line; "Edit" and "Update" alone may be buttons
        return not _HEADING.isdisjoint(head)
    return not _BESIDE.issuperset(_WORD.findall(plain[colon.end() :]))
