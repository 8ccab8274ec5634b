"""Split a title or text into sentences that keep their place, and set a leading label apart.

A statistical splitter is not used: offsets must be exact before anything is parsed, and only sentences that
can bear a claim are parsed at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from models.lexicon import cues

# Longer than any sentence a person writes: tables, logs, walls of links.
LONGEST = 900
SHORTEST = 12

# A line that a forum or a mail marks as somebody else's words; ">90 %" is a figure.
QUOTED_LINE = re.compile(r"\s*(?:(?:>|&gt;)(?!\d)|》(?=\s))")

# A link, with or without its scheme, as posts end with: "site.example/2025/some-story...".
LINK = r"https?://\S+|www\.\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,12}/\S*"

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
# Chinese closes its quotes after the stop, and a comma or colon after them goes on; "?" and "!" may stand
# between Han characters without a space.
_END = re.compile(
    r"[.!?…。！？；](?:"
    r"(?<![。！？；])[.!?…]*[\"'”’»)\]*_]*(?!:)(?=\s+[\"'“‘«(\[*_]*[@#$A-Z0-9À-ÞЀ-Я\u3400-\u9fff])"
    r"|(?<![。！？；])[.!?…]*[\"'”’»)\]]*\s*$"
    r"|(?:(?<=[。！？；])|(?<=…)…|(?<=[\u3400-\u9fff][!?.])(?=[\u3400-\u9fff!?]))"
    r"[。！？；…!?]*+[\"'」』”’）】》]*+(?![，、：:,]))"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|cf|etc|al|approx|fig|figs|no|nos|vol|eq|mr|mrs|ms|dr|prof|st|jr|sr|inc|ltd|co|corp|gov|sen|rep|dept"
    r"|est|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|u\.s|u\.k|a\.i|a\.m|p\.m|ver|v)|(?:^|[\s(])[A-Z])\.$",
    re.IGNORECASE,
)
_LAST_LINK = re.compile(rf"(?:^|\s)(?:{LINK})$")
_BULLET = re.compile(r"[\s>]*(?:[-*•·–—:]+|#{1,6}|\d{1,2}[.)])?\s+|[\s>]+")
# Headlines string parts together: "X launched - 40 % faster | Some Site".
_DASH = re.compile(r"\s[|—–-]\s")
# "Topic words: @handle said": the words before the handle are the recap's, not the speaker's.
_HANDLE_LABEL = re.compile(r"(.{2,400}?)[,.]*:\s+(?=@\w{2,})")
# A whole sentence that a recap puts before the next handle: "X was released.: @handle said".
_TOLD = re.compile(r"(?<=[^.]{25}[a-z\d)])\.(?=:\s+@\w)")
# A recap credits a sentence to an account, then quotes it: "X is out, as reported by: @handle said that ...".
_CREDITED = re.compile(
    r"\b(?:by|to):\s+(?=@\w+\s+(?:also |further )?(?:\w{2,}[^aiu\Ws]s|\w+ed|said|wrote|found|told|thought)\b)"
)
# A label that is itself a sentence: "X stands out, with: @handle noting".
_ITSELF = re.compile(r"(.{40,}?),?\s+(?:with|including|and|from|via):\s+(?=@\w)")
# After these the sentence goes on with the handle: "as reported by: @handle".
_GOES_ON = frozenset({"by", "to"})
# "@handle Their words": no verb says that they speak.
_BARE_HANDLE = re.compile(r"@\w+:?\s+(?=[\"“]?[A-Z])")
# "Cost and Performance: Users say": a few words without a verb, mostly capitalised.
_TOPIC_LABEL = re.compile(r"\**([A-Z0-9](?:[^.:!?\n]|\.(?=\d)){1,90})\**:\**\s+(?=[\"'“‘@A-Z0-9])")
# "**Status** The model is ...": a field's name, or a dateline, in bold at a line's beginning.
_BOLD_LABEL = re.compile(r"\*\*[^*\n]{2,60}\*\*\s+(?=[A-Z])")
_SMALL = cues().words["small"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's place in `part`; `label_end` is where a leading label stops (`start` where there is none).

    `source` is the outlet's name or host, or the account, that the sentence names behind its words as its
    source; the words end at `body_end`.
    """

    part: str
    start: int
    end: int
    label_end: int
    paragraph: int
    body_end: int
    source: str | None = None


def split(part: str, text: str) -> Iterator[Sentence]:
    """Yield the sentences of `text` in order; fragments too short and runs too long to be sentences are left
    out.
    """
    for paragraph, line in enumerate(_LINE.finditer(text)):
        at = line.start()
        stops = {line.end(), *ends(text, line.start(), line.end())}
        stops |= {match.end() for match in _TOLD.finditer(text, line.start(), line.end())}
        if part == "title":
            stops |= {match.end() for match in _DASH.finditer(text, line.start(), line.end())}
        for end in sorted(stops):
            bullet = _BULLET.match(text, at, end)
            start = bullet.end() if bullet else at
            stop = end
            while stop > start:
                if text[stop - 1].isspace() or (text[stop - 1] in "|—–-" and part == "title"):
                    stop -= 1
                elif link := _LAST_LINK.search(text, start, stop):
                    stop = link.start()
                else:
                    break
            credit = _CREDITED.search(text, start, stop)
            own_sentence = _ITSELF.match(text, start, stop)
            if own_sentence:
                spans = [(start, own_sentence.end(1)), (own_sentence.end(), stop)]
            else:
                spans = [(start, credit.start() + 3), (credit.end(), stop)] if credit else [(start, stop)]
            for first, last in spans:
                if SHORTEST <= last - first <= LONGEST:
                    yield Sentence(part, first, last, label_end(text, first, last), paragraph, last)
            at = end


def ends(text: str, start: int, stop: int) -> Iterator[int]:
    """Yield the ends of sentences between two places of a line, except that of the last sentence."""
    for match in _END.finditer(text, start, stop):
        dot = match[0].startswith(".") and not match[0].startswith("..")
        if not (dot and _ABBREVIATION.search(text, max(start, match.start() - 8), match.start() + 1)):
            yield match.end()


def quoted_lines(text: str) -> frozenset[int]:
    """Return which lines are marked as quoted, by the number that `Sentence.paragraph` has.

    A text of one line has none: its line ends were lost, and nobody knows where the quotation ends.
    """
    lines = [(number, line) for number, line in enumerate(_LINE.finditer(text)) if not line[0].isspace()]
    quoted = frozenset(number for number, line in lines if QUOTED_LINE.match(text, *line.span()))
    return quoted if len(lines) > 1 else frozenset()


def label_end(text: str, start: int, stop: int) -> int:
    """Return where the words after a leading "Topic:" begin; `start` where there is no such label."""
    match = _HANDLE_LABEL.match(text, start, stop)
    if match and "@" not in match[1] and match[1].split()[-1].lower() not in _GOES_ON:
        bare_handle = _BARE_HANDLE.match(text, match.end(), stop)
        return bare_handle.end() if bare_handle else match.end()
    match = _TOPIC_LABEL.match(text, start, stop)
    if match and stop - match.end() >= SHORTEST and _title_like(match[1]) and not _opens_bracket(match[1]):
        return match.end()
    match = _BOLD_LABEL.match(text, start, stop)
    if match and stop - match.end() >= SHORTEST and not text[:start].rpartition("\n")[2].strip(" \t>-*•#"):
        return match.end()
    return start


def _opens_bracket(label: str) -> bool:
    """Return whether a colon stands in brackets: "Some Company (NASDAQ: SOME) reported"."""
    return label.count("(") > label.count(")")


def _title_like(label: str) -> bool:
    words = [word for word in re.split(r"[\s/]+", label.strip("*'\"“”‘’ ")) if word]
    content = [word for word in words if word.lower() not in _SMALL]
    capitals = sum(1 for word in content if not word[0].islower())
    return len(words) <= 12 and bool(content) and capitals >= 0.6 * len(content)
