"""A page that was saved as plain text: its headline and its article, without the site's menus and footers.

Nothing is cut without proof that the text is a saved page: a headline that stands there twice (once beside
the navigation, once before the article), or two different marks of a page's end. Any other text stays as it
is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawlers.articles.metadata import letters
from crawlers.normalise.text_repair import repair

_HEAD_LINES = 40
"""Lines from the top that may be a page's head."""
_MAX_EXTRA = 80
"""Characters of navigation, or of the site's name, that may stand beside a headline."""
_MAX_TITLE = 250

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE_LINE = re.compile(
    rf"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s*)?"
    rf"(?:{_MONTH}\s+\d{{1,2}},?\s+\d{{4}}|\d{{1,2}}\s+{_MONTH}\s+\d{{4}}|\d{{4}}-\d\d-\d\d)"
    r"(?:[\s,|·-]+\d{1,2}:\d\d(?:\s*[ap]\.?m\.?)?(?:\s+[a-z]{2,4})?)?",
    re.IGNORECASE,
)
_NAVIGATION = re.compile(
    r"(?:skip to (?:main )?content|home|menu|search|news|technology|tech|subscribe|sign (?:in|up)|log ?in|"
    r"register|contact(?: us)?|about(?: us)?|advertise(?:ment| with us)?|newsletters?|more|close|share|"
    r"follow us|switch skin|random article|sidebar)",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    r"(?:advertisement|- ?advertisement ?-|sponsored|story continues below(?: advertisement)?|"
    r"(?:share|tweet|pin|email|print)(?: this)?|share (?:on|via|to) \w+(?: \w+)?|"
    r"facebook|twitter|whatsapp|linkedin|pinterest|telegram|copy link|listen to (?:this )?article|"
    r"\d+ (?:min(?:ute)?s?) read|image credits?:?.{0,60}|(?:click|tap) here to (?:share|subscribe).{0,60})",
    re.IGNORECASE,
)
_END = re.compile(
    r"(?P<source>source(?: link)?|read (?:the )?(?:full|original) (?:article|story)(?: here)?|via)|"
    r"(?P<related>related(?: (?:articles?|posts?|stories|news|topics|content))?|"
    r"(?:you (?:may|might) also like|more from .{1,40}|recommended(?: for you| stories| articles)?|"
    r"read next|up next|latest (?:news|posts|stories)|trending(?: now)?))|(?P<reply>"
    r"leave a (?:reply|comment|response)|cancel reply|post a comment|join the (?:conversation|discussion)|"
    r"please enter your (?:comment|name).{0,20}|your email address will not be published.{0,60}|"
    r"save my name,? email.{0,90})|(?P<comments>(?:\d+ |no |recent |latest )comments?|comments)|"
    r"(?P<popular>most (?:popular|read|viewed|commented)|popular (?:posts|articles|stories|now)|"
    r"editor['’]?s picks?)|"
    r"(?P<share>share this(?: article| story| post)?:?|like this:?|tags:?.{0,80}|filed under:?.{0,80})|"
    r"(?P<letter>(?:subscribe|sign up)(?: (?:to|for) .{1,60})?|newsletter|get the latest .{1,80})|"
    r"(?P<about>about the author|more by .{1,40}|(?:previous|next) (?:article|post).{0,120})|"
    r"(?P<legal>(?:copyright|©).{0,120}|all rights reserved\.?|privacy policy|cookie (?:policy|settings)|"
    r"terms (?:of (?:service|use)|and conditions))|"
    r"(?P<translate>translate\s*[»:>]?|select language)",
    re.IGNORECASE,
)
_PROSE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Plaintext:
    """A text's headline, if it shows one, and its body."""

    title: str | None
    text: str


def read_plaintext(text: str) -> Plaintext:
    """Return the headline and body of `text`, repaired, but no date: it would be the day of saving."""
    text = repair(text)
    lines = [line.strip() for line in text.split("\n")]
    end, marks = _end(lines)
    head = _headline(lines[:end], page=bool(marks))
    if head is None and len(marks) < 2:
        return _with_heading(text)
    title, start = head or _first_heading(lines[:end])
    body_lines = [line for line in lines[start:end] if not _is_inset(line)]
    while body_lines and (not body_lines[0] or (title and letters(body_lines[0]) == letters(title))):
        del body_lines[0]
    return Plaintext(title, re.sub(r"\n{3,}", "\n\n", "\n".join(body_lines)).strip())


def _end(lines: list[str]) -> tuple[int, frozenset[str]]:
    """Return where the article ends, and the kinds of marks that show it; all lines and no marks otherwise.

    It ends at a mark that no prose follows, or that another kind of mark follows with no prose between.
    Teasers and comments may follow, so prose there must not outweigh the article unless it is a comment
    section.
    """
    prose = [(i, len(line)) for i, line in enumerate(lines) if _is_prose(line)]
    first_prose = prose[0][0] if prose else len(lines)
    matches = [(i, _END.fullmatch(line)) for i, line in enumerate(lines) if i > first_prose]
    marks = [(i, str(match.lastgroup)) for i, match in matches if match]
    for at, (i, kind) in enumerate(marks):
        later = frozenset(other for _, other in marks[at:])
        next_other = next((j for j, other in marks[at + 1 :] if other != kind), i)
        prose_after = sum(length for j, length in prose if j > i)
        prose_before = sum(length for j, length in prose if j < i)
        adjacent = next_other > i and not any(i < j < next_other for j, _ in prose)
        if not prose_after or (adjacent and (prose_after <= prose_before or later & {"reply", "comments"})):
            return i, later
    return len(lines), frozenset()


def _headline(lines: list[str], *, page: bool) -> tuple[str, int] | None:
    """Return the headline that stands twice at the top, and the line after its last standing there."""
    top = [(i, line) for i, line in enumerate(lines) if line][:_HEAD_LINES]
    for at, (j, line) in enumerate(top):
        key = letters(line)
        if len(key) < 15 or len(line) > _MAX_TITLE or len(line.split()) < 3:
            continue
        before = top[:at]
        copies = [i for i, other in before if not other.endswith(".") and _is_copy(letters(other), key)]
        other_lines = [other for i, other in before if i not in copies]
        if not copies or any(map(_is_prose, other_lines)):
            continue
        glued = any(letters(lines[i]) != key for i in copies)
        if glued or page or any(_is_furniture(other) for other in other_lines):
            return line, j + 1
    return None


def _is_copy(other: str, key: str) -> bool:
    return len(other) - len(key) <= _MAX_EXTRA and (other.endswith(key) or other.startswith(key))


def _first_heading(lines: list[str]) -> tuple[str | None, int]:
    """Return the first line that is not furniture, if it looks like a headline, and where the text starts."""
    for i, line in enumerate(lines):
        if line and not _is_furniture(line):
            return (line, i + 1) if _is_heading(line) else (None, i)
    return None, 0


def _with_heading(text: str) -> Plaintext:
    """Return an ordinary text as it is, but a first line that stands alone and is no sentence is a title."""
    match = re.match(r"\s*(\S[^\n]*)\n[ \t]*\n\s*(?=\S)", text)
    if match and _is_heading(match[1].strip()) and len(match[1].split()) >= 3:
        return Plaintext(match[1].strip(), text[match.end() :])
    return Plaintext(None, text)


def _is_heading(line: str) -> bool:
    marked = line[-1:] in (*":;,-",) or line[:1] in (*"-*>#|•",)
    return 8 <= len(line) <= _MAX_TITLE and not _PROSE_END.search(line) and not marked


def _is_prose(line: str) -> bool:
    return len(line.split()) >= 25 or (len(line) >= 60 and bool(_PROSE_END.search(line)))


def _is_inset(line: str) -> bool:
    """Return whether a line is the site's own inside the article: an advertisement, a sharing button, a call
    to subscribe.
    """
    mark = _END.fullmatch(line)
    return bool(_INSIDE.fullmatch(line) or (mark and mark.lastgroup in ("letter", "share")))


def _is_furniture(line: str) -> bool:
    return any(pattern.fullmatch(line) for pattern in (_DATE_LINE, _NAVIGATION, _INSIDE))
