"""Tell boilerplate and typography, whose changes are no edits, from text; find notes of a correction.

Boilerplate is known by its own words, never by its place: a whole sentence or line of a closed form ("3 min
read", "1,204 views", "Updated 5 minutes ago", "Related: ..."). Whatever has one word more is text. A date, a
number, a negation or a hedge within a sentence is therefore never passed over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_LABEL = 200
"""Characters; a longer line is text."""
LONGEST_WORD = 256
"""Characters; longer runs without a space keep their normal form: sorting marks takes quadratic time."""

_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"),
        **dict.fromkeys("\u2014\u2015", " - "),
        **dict.fromkeys("\u00ad\u200b\u200e\u200f\u2060\ufeff"),
        **{chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)},
        "\u2026": "...",
        "\ufb00": "ff",
        "\ufb01": "fi",
        "\ufb02": "fl",
        "\ufb03": "ffi",
        "\ufb04": "ffl",
    }
)
_URL = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]]")
_TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|msclkid|twclid|igshid|mc_cid|mc_eid|_hsenc|_hsmi)=.*")

_SENTENCE_END = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][\"'”’)\]]))(?= (?![a-z]))")
_SEGMENTS = re.compile(r" ?[·•|] ?")
_FEW = r"(?:about |over |~)?(?:\d{1,3}|an?|one|a few)"
_UNIT = r"(?:s|sec(?:ond)?|m|min(?:ute)?|h|hr|hour|d|day|w|week|month|y|year)"
_AGO = rf"(?:{_FEW} ?{_UNIT}s? ago|just now|moments ago)"
_COUNTED = (
    r"(?:views?|likes?|comments?|shares?|reposts?|retweets?|repl(?:y|ies)|reactions?|claps?|upvotes?|reads)"
)
_COUNT = rf"(?:\d[\d,.]*[km]? {_COUNTED}|{_COUNTED}:? ?\(?\d[\d,.]*[km]?\)?)"
_ZONE = r"(?: (?:utc|gmt|c?est|cet|edt|[ep]s?t|pdt|bst|ist|jst))"
_CLOCK = rf"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?: ?[ap]\.?m\.?)?{_ZONE}?"
_PITCH = (
    r"(?:[ ,]+(?:the|our|your|all|a|of|and|or|to|in|from|us|more|most|latest|best|top|biggest|daily|weekly"
    r"|ai|"
    r"tech|news|stories|updates|headlines|analysis|every|each|morning|day|week|inbox|delivered|straight|"
    r"directly|sent|get|receive|free|for|here|now|today))"
)
_NEWSLETTER = r"(?:newsletters?|mailing list|briefing)"
_NAME = r"(?: [\w'&-]+){1,5}"

_AGE = re.compile(_AGO)
# Unmistakable: a whole sentence of this kind is furniture, wherever it stands.
_SENTENCE = re.compile(
    "|".join(
        (
            r"(?:\d{1,3}-)?\d{1,3}[- ]min(?:ute)?s?[- ]read",
            r"(?:estimated )?read(?:ing)? time:? (?:about |~)?(?:\d{1,3}-)?\d{1,3} ?min(?:ute)?s?",
            rf"(?:last )?(?:updated|edited|modified|refreshed|posted|published):? (?:{_AGO}|yesterday)",
            rf"{_COUNT}(?:(?:,|,? and)? {_COUNT})*",
            r"(?:viewed|read|shared) \d[\d,.]*[km]? times",
            r"(?:no comments(?: yet)?|be the first to comment|(?:leave|add|post) a (?:comment|reply))",
            rf"(?:sign up|subscribe)(?: now| today| here| free)? (?:to|for){_NAME} {_NEWSLETTER}{_PITCH}*",
            rf"(?:get|receive|have){_PITCH}*[ ,]+inbox{_PITCH}*",
            r"(?:enter )?your e-?mail(?: address)?|thanks for (?:subscribing|signing up)",
            r"(?:you can )?unsubscribe (?:at )?any ?time",
        )
    )
)
# Furniture where it is a whole line; within a paragraph it may be text.
_LINE = re.compile(
    "|".join(
        (
            _AGO,
            _CLOCK,
            r"(?:share|print|copy link|comments|read more|share (?:this )?(?:article|story|post|link))",
            r"(?:you may also like|recommended for you|most (?:read|popular)|trending(?: now)?|up next)",
            r"(?:related|related (?:articles?|stories|posts|links|coverage|reading)|read (?:more|also|next)|"
            r"also read|see also|more on this(?: story| topic)?|further reading)(?:: ?.*[^.!:])?",
        )
    )
)
_DAY = (
    r"(?:(?:mon|tues?|wednes|wed|thurs?|fri|satur|sat|sun)(?:day)?|(?:jan|febr)(?:uary)?|feb|mar(?:ch)?|"
    r"apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|"
    r"\d[\d./-]{0,9}(?:st|nd|rd|th)?)"
)
# A stamp of the last change: its day is kept, its clock is not.
_STAMP = re.compile(
    r"((?:last )?(?:updated|edited|modified|refreshed)|as of):?(?: on)?"
    rf"((?: {_DAY},?){{0,5}})(?: at)? {_CLOCK}"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence or a line: its words as they stand, and the key that is compared ("" for boilerplate)."""

    text: str
    key: str


def pieces(text: str) -> Iterator[Piece]:
    """Yield the sentences of `text` in reading order; a line break ends one."""
    cut_lines: dict[str, tuple[Piece, ...]] = {}
    for raw in text.splitlines():
        if line := " ".join(raw.split()):
            if line not in cut_lines:
                cut_lines[line] = tuple(_cut(line))
            yield from cut_lines[line]


def fold(text: str) -> str:
    """Return `text` with one form for each quote, dash, space and letter, without tracking parameters."""
    if text.isascii():
        plain = " ".join(text.split())
    else:
        plain = " ".join(_composed(word) for word in text.translate(_TYPOGRAPHY).split())
    return _URL.sub(_untracked, plain) if "=" in plain else plain


def _composed(word: str) -> str:
    return word if word.isascii() or len(word) > LONGEST_WORD else unicodedata.normalize("NFC", word)


def _untracked(url: re.Match[str]) -> str:
    page, mark, tail = url[0].partition("?")
    query, hash_mark, fragment = tail.partition("#")
    parameters = "&".join(parameter for parameter in query.split("&") if not _TRACKING.fullmatch(parameter))
    return page + (mark + parameters if parameters else "") + hash_mark + fragment


def _cut(line: str) -> Iterator[Piece]:
    if len(line) <= LONGEST_LABEL:
        key = _line_key(line)
        if key is not None:
            yield Piece(line, key)
            return
    for sentence in _SENTENCE_END.split(line):
        if words := sentence.strip():
            key = fold(words)
            yield Piece(words, "" if _is_furniture(key) else key)


def _line_key(line: str) -> str | None:
    """Return the key of a line that is boilerplate or has some in it; None for any other."""
    key = fold(line)
    segments = [segment for segment in _SEGMENTS.split(key) if segment]
    if len(segments) > 1:
        # A bar also divides the cells of a table, where an age is a value; so is a clock in either.
        ages = "|" not in key
        kept_segments = [
            segment
            for segment in segments
            if not (_is_furniture(segment) or (ages and _AGE.fullmatch(_label(segment))))
        ]
        return (" · " if ages else " | ").join(kept_segments) if len(kept_segments) < len(segments) else None
    if _is_furniture(key) or _LINE.fullmatch(_label(key)):
        return ""
    if stamp := _STAMP.fullmatch(_label(key).removesuffix(".")):
        return (stamp[1] + stamp[2]).rstrip(",") if stamp[2] else ""
    return None


def _is_furniture(words: str) -> bool:
    return len(words) <= LONGEST_LABEL and _SENTENCE.fullmatch(_label(words).removesuffix(".")) is not None


def _label(words: str) -> str:
    """Return `words` as the patterns expect them: lower case, without brackets or emphasis around them."""
    return words.casefold().strip("()[]*_ ")


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
        "january february march april may june july august september october november december jan feb mar"
        " apr"
        " jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday am pm a"
        " p m"
        " s st nd rd th utc gmt est edt et pst pdt pt cet at on to this the story article post appended from"
        " note",
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
    """Return whether `words`, a folded sentence, notes a correction or update; a mere date does not."""
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
