"""Find a sentence in its quotation: whether somebody wrote it so, and which words stand around it.

A claim is told in words that somebody wrote: a sentence, or the content of reported speech, as one stretch of
the quotation. Markup, quotation marks, the first letter's case and blank space may differ, and when it was
said or "also" may be missing (`passing_words`); another word or a comma may not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from models.language import passing_words
from models.language.parsing.sentences import LINK
from models.lexicon import any_of, cues

OPENINGS = ("whole", "label", "joint", "source", "said that", "said", "comma", "and")
ENDINGS = ("whole", "joint", "stop", "comma", "source", "and")
"""Kinds of words before and after a sentence; a dependent clause ("when ...") has none."""

_MARKUP = re.compile(r"[*`\"“”„«»@#\\]|(?<!\w)_+|_+(?!\w)|\(\s*\)|\[\s*\]")
_BLANK = re.compile(r"\s+")
_LOOSE = re.compile(r" +(?=[,.;:!?)\]%}])|(?<=[(\[]) +")
_SINGLE = str.maketrans("‘’", "''")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_JOINTS = frozenset({
    "actually", "additionally", "again", "also", "and", "apparently", "breaking", "but", "finally", "first",
    "furthermore", "fyi", "here", "however", "indeed", "instead", "interestingly", "lastly", "meanwhile",
    "moreover", "news", "note", "notably", "now", "ok", "okay", "otherwise", "plus", "recently", "similarly",
    "so", "still", "then", "therefore", "thus", "today", "too", "update", "well", "yeah", "yes", "yet",
})
_SOURCE = re.compile(r"\b(?:according to|per)\b[^,]*,$")
_ENDS = re.compile(rf"(?:\s*(?:[#@]\w+|{LINK}|[|→…]|\.{{3}}))+[\s.!]*$")
_STARTS = re.compile(r"^(?:[\s>|→•·*#–—:-]|\d{1,2}[.)]\s)+(?=\S)")
_OPENING = any_of(phrase.replace("_", " ") for phrase in cues().phrases["opening"])
_BINDS = re.compile(rf"(?:\**(?:{_OPENING})\**,\**\s+|(?:and|but)\s+)+", re.IGNORECASE)
# A first word that is a name in lower case: "o3-mini", "iPhone".
_LOWER_NAME = re.compile(r"[a-z]+(?:[A-Z\d]|-\d)")
_CODE = re.compile(r"<\w[^>]*>?|[{}\\]|=>|->|`{3}|\w\(\)|\w_\w+_|\|.*\||(?:^|\s)--\w|^\$\s")
_CREDIT = re.compile(r"\s\|\s[^|]*$")  # the site behind a headline, the artist behind a caption
# A hashtag is a word of its sentence ("#AI"), also where the parser took its sign for another; "#1" is a
# rank, and "C#" a name. A backslash stands before a sign that is none of Markdown's.
_EMPHASIS = re.compile(r"\*+|`|(?<!\w)_+|_+(?!\w)|(?<![\w&/])#(?!\d)|\\+(?=[^\w\s]|$)")
# Pronouns for writer and reader, whom a page of claims does not name ("US" and "A.I." are no pronouns).
_PERSONS = re.compile(r"\b(?:[Mm]y|me|mine|[Yy]ours?|[Yy]ou|[Ww]e|[Oo]urs?|us)\b|(?<![.\w])I(?!\.?\w|\.)")
_POINTING = re.compile(
    r"\b(?:its?|this|that|these|those|they|them|their|he|she|his|her|here|there"
    rf"|the (?:{any_of(cues().words['company'])}))\b", re.IGNORECASE)
# Additive words and times that count from what was told before: they presuppose another sentence (Karttunen
# 1974). "More authors sue X" presupposes others as well, but readers found such headlines to stand alone.
_GOES_ON = re.compile(
    r"\W*(?:(?:another|further|additional|others?(?! than))\s+\w"
    r"|within (?:minutes|hours|days|weeks|months),?\s"
    r"|(?:\w+ )?(?:hours|days|weeks|months) later\b)", re.IGNORECASE)
_FOLLOWING = re.compile(r"\bfollowing\b", re.IGNORECASE)
# A sentence that ends with these breaks off.
_HANGS = re.compile(
    r"\b(?:like|including|such as|namely|and|or|the|an|(?-i:a))$", re.IGNORECASE)
# What is left of a sentence that was cut: "said it would […]", "said it would ...". Dots at a word are often
# only a writer's manner.
_CUT = re.compile(r"(?:(?P<apart>\[\s*(?:…|\.{3,4})\s*\]|(?<=\s)(?:…|\.{3,4}))|…|\.{3,4})[\s\"”’')]*$")
_ONLY_LINKS = re.compile(rf"(?:\s*{LINK})*\s*$")
_ASIDE = re.compile(r"\([^()]*\)\s+\w")
_LEADS = re.compile(r"\b(?:at|via|to|from|on|in|for|with|of|by)$", re.IGNORECASE)  # to a link, or to a list
FEWEST, MOST = 4, 45
"""Words of a whole sentence that may found a claim."""
_NEAR = 8  # words between a speech verb and its "that": "said on Monday in a post that"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A sentence as it stands in a quotation: the words before and after it, and what these are (one of
    `OPENINGS`, one of `ENDINGS`).
    """

    before: str
    after: str
    opening: str
    ending: str


def stretch(sentence: str, quote: str) -> Stretch | None:
    """Return where a sentence stands in a quotation.

    None where its words are no single stretch of the quotation, or are part of another clause.
    """
    wanted, text = _plain(sentence), _plain(quote)
    if not wanted:
        return None
    match = re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", text, re.IGNORECASE)
    match = match or passing_words.find(wanted, text)
    if match is None:
        return None
    before, after = passing_words.around(wanted, text[: match.start()].strip(), text[match.end() :].strip())
    opening, ending = _opening(before.lower()), _ending(after.lower())
    return Stretch(before, after, opening, ending) if opening and ending else None


def whole(sentence: str) -> tuple[str, int, int] | None:
    """Return a sentence in its own words, without emphasis, and where in it these begin and end: bullets and
    what only binds it to the sentence before ("Meanwhile, ...") are left out before them, links, hashtags
    and one credit behind them.

    None for one of fewer than `FEWEST` or more than `MOST` words, for one that breaks off, and for code and
    tables.
    """
    start = match.end() if (match := _STARTS.match(sentence)) else 0
    bound = _BINDS.match(sentence, start)
    start = bound.end() if bound else start
    end = match.start() if (match := _ENDS.search(sentence, start)) else len(sentence.rstrip())
    if sentence.count("|", start, end) == 1 and (match := _CREDIT.search(sentence[:end], start)):
        end = match.start()
    text = _BLANK.sub(" ", without_markup(sentence[start:end])).strip().rstrip(".!").rstrip(" –—-")
    if not FEWEST <= len(text.split()) <= MOST:
        return None
    text = capitalised(text) if bound else text
    leads = _LEADS.search(text) and end < len(sentence.rstrip(" \n.!"))
    breaks_off = text[-1:] in tuple(",;:") or text.count("(") != text.count(")") or _HANGS.search(text)
    if breaks_off or _CODE.search(text) or leads or re.search(LINK, text):
        return None
    return (text, start, end) if stretch(text, sentence[start:end]) else None


def without_markup(text: str) -> str:
    """Return words without Markdown's signs and without the signs of hashtags."""
    return _EMPHASIS.sub("", text)


def capitalised(text: str) -> str:
    """Return a sentence with a capital, but for a name that begins with a small letter."""
    return text[:1].upper() + text[1:] if text[:1].islower() and not _LOWER_NAME.match(text) else text


def cut_at(text: str, end: int) -> int | None:
    """Return where the dots begin if the sentence that ends at `end` was cut there, else None.

    It was where they stand apart or in brackets, end the text, or follow a word that needs another one.
    """
    dots = _CUT.search(text, max(0, end - 12), end)
    if dots is None:
        return None
    hangs = _HANGS.search(text, max(0, dots.start() - 12), dots.start())
    return dots.start() if dots["apart"] or hangs or _ONLY_LINKS.match(text, end) else None


def leads_on(proposition: str, sentence: str) -> bool:
    """Return True if a proposition leads to a link or a list in its sentence: by its last word, or by "the
    following" before a list.
    """
    if _FOLLOWING.search(proposition) and sentence.rstrip().endswith(":"):
        return True
    last = _LEADS.search(proposition)
    return last is not None and re.search(
        rf"\b{last[0]}\s*(?::|[\[(<]*(?:{LINK}))", sentence, re.IGNORECASE) is not None


def needs_context(text: str, first: int) -> bool:
    """Return True if a sentence needs its context: it speaks of its writer or reader, goes on with
    another sentence, or refers back before its first name, which stands at `first`.
    """
    return bool(_PERSONS.search(text) or goes_on(text) or _POINTING.search(text, 0, first))


def goes_on(text: str) -> bool:
    """Return True if a sentence begins with words that presuppose another one: "Another group ...",
    "Within days, ...".
    """
    return _GOES_ON.match(text) is not None


def _opening(before: str) -> str | None:
    words = _WORD.findall(before)
    if not words:
        return "whole"
    if before[-1] in ":.!?)]|…":
        return "label"
    if len(words) <= 3 and _JOINTS.issuperset(words):
        return "joint"
    if _SOURCE.search(before):
        return "source"
    if words[-1] == "that":
        return "said that" if any(_says().fullmatch(word) for word in words[-_NEAR:-1]) else None
    if before[-1] == ",":
        return "comma"
    if _says().fullmatch(words[-1]):
        return "said"
    return "and" if words[-1] in ("and", "but", "or") else None


def _ending(after: str) -> str | None:
    words = _WORD.findall(after)
    if not words:
        return "whole"
    if len(words) <= 3 and _JOINTS.issuperset(words):
        return "joint"
    begins_with_source = words[0] in ("according", "per") or _says().fullmatch(words[0])
    if after[0] == ",":
        attributed = any(word in ("according", "per") or _says().fullmatch(word) for word in words[:6])
        return "source" if attributed else "comma"
    if _ASIDE.match(after):
        return None  # "a large language (very general) model"
    if after[0] in ".!?;:()[]|…—–-":
        return "stop"
    if begins_with_source:
        return "source"
    return "and" if words[0] in ("and", "but") else None


@cache
def _says() -> re.Pattern[str]:
    """Return a pattern for forms of verbs, and nouns, that introduce somebody's words."""
    verbs = cues().verbs
    names = ("say", "hedge", "report", "predict", "deny", "admit", "perform")
    stems = {re.escape(verb.removesuffix("e").removesuffix("y")) for name in names for verb in verbs[name]}
    other_words = "said|told|found|shown|wrote|written|thought|felt|heard|true|has|fact"
    return re.compile(rf"(?:{any_of(stems)})(?:e|y)?(?:s|es|ed|ing|ies|ied)?|{other_words}")


def _plain(text: str) -> str:
    """Return a text without markup and quotation marks, blank space made one space."""
    unmarked = _BLANK.sub(" ", _MARKUP.sub("", text.translate(_SINGLE)))
    return _LOOSE.sub("", unmarked).strip()
