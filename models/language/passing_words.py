"""Words that tie a sentence to its post and say nothing of what it claims: when somebody said or did it, as
"yesterday" or "on Tuesday", and "also".

Away from its post such a time means nothing, and the date that it stands for is kept beside the sentence. A
time that is part of the claim stays: one for which something is foretold, or at which something was so. Which
is which tells `models.language.propositions.passing` by the parse.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from models.lexicon import any_of, cues

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PART = r"(?: (?:morning|afternoon|evening|night))?"
_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|a few|several)"
_TIME = (
    r"(?:(?:back|just|earlier|late|early) )?"
    rf"(?:(?:(?:on|this|last|past) )?(?:{any_of(DAYS)})\b{_PART}|(?:today|yesterday)\b{_PART}|tonight"
    r"|(?:this|last) (?:morning|afternoon|evening|night|week|weekend|month|quarter|year)"
    rf"|(?:in|last) (?:{any_of(MONTHS)})\b(?!,? \d)"
    rf"|(?:(?:nearly|almost|about|over) )?{_COUNT} (?:hours?|days?|weeks?|months?|years?) ago)\b(?!['’-])"
)
TIMES = re.compile(rf"(?<![\w.-]){_TIME}", re.IGNORECASE)
_FORETELLS = re.compile(
    r"\b(?:will|wo|would|going to|set to|plan(?:s|ned|ning)? to|aims? to|intends? to|expects? to)\b|'ll\b",
    re.IGNORECASE)
SAYS = any_of(cues().words["says_beside_name"] | {
    "announced", "announces", "unveiled", "unveils", "disclosed", "promised", "vowed"})
_TIMES_TO_COME = re.compile(rf"(?P<said>\b(?:{SAYS}) )?(?<![\w.-]){_TIME}", re.IGNORECASE)
_SAYING = re.compile(rf"\b(?:{SAYS})$", re.IGNORECASE)
_GAP = rf"(?:,? (?:{_TIME}|also),?)? "
_MARK = rf"(?: (?:{_TIME}|also))?"
_BEFORE = re.compile(rf"{_TIME},?", re.IGNORECASE)
_AFTER = re.compile(rf",? ?{_TIME}(?=[\s.,;!]|$)", re.IGNORECASE)


def find(sentence: str, text: str) -> re.Match[str] | None:
    """Return where a sentence stands in a text that has such words besides, else None.

    A time behind words that foretell something is no such word, unless it stands beside a verb of saying.
    """
    if TIMES.search(text) is None and "also" not in text.lower():
        return None
    # The words of most sentences are not in the text, and that is told much sooner than where they are.
    if not _in_order(sentence.lower(), text.lower()):
        return None
    words = (re.escape(word[:-1]) + _MARK + word[-1] if word[-1] in ",:;" else re.escape(word)
             for word in sentence.split())
    match = re.search(rf"(?<!\w){_GAP.join(words)}(?!\w)", text, re.IGNORECASE)
    return match if match and _times_to_come(match[0]) == _times_to_come(sentence) else None


def _in_order(sentence: str, text: str) -> bool:
    """Return whether a text has the words of a sentence one after the other, whatever stands between them."""
    end = 0
    for word in sentence.split():
        bare = word.rstrip(",:;")
        place = text.find(bare, end)
        if place < 0:
            return False
        end = place + len(bare)
    return True


def _times_to_come(text: str) -> int:
    """Return how many times stand behind words that foretell something."""
    to_come = _FORETELLS.search(text)
    if to_come is None:
        return 0
    return sum(match["said"] is None for match in _TIMES_TO_COME.finditer(text, to_come.end()))


def around(sentence: str, before: str, after: str) -> tuple[str, str]:
    """Return the words before and after a sentence without a time that opens or ends it."""
    before = "" if _BEFORE.fullmatch(before) else before
    foretold = _FORETELLS.search(sentence) and not _SAYING.search(sentence)
    match = None if foretold else _AFTER.match(after)
    return before, after[match.end() :].lstrip() if match else after


def without(text: str, phrases: Iterable[str]) -> str:
    """Return a sentence without phrases, each of which stands in it once, and the commas around them."""
    for phrase in phrases:
        places = list(re.finditer(rf"(?<!\w){re.escape(phrase)}(?!\w)", text, re.IGNORECASE))
        if len(places) != 1:
            continue
        before, after = text[: places[0].start()].rstrip(), text[places[0].end() :].lstrip()
        if not after or (after.startswith(",") and (not before or before.endswith(","))):
            before, after = before.removesuffix(",").rstrip(), after.removeprefix(",").lstrip()
        text = f"{before}{'' if after[:1] in tuple(',.;:!?)') else ' '}{after}".strip()
    return text
