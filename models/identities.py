"""Read which model a sentence says that a code name stands for: "pony-alpha is GLM-5".

A code name is a name that is not known: in quotation marks, joined by hyphens, behind "the anonymous model",
or in capitals. The model is a known name. Patterns of bounded length look at the beginning of a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST = 400  # characters of a text that are read
_PART = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)*")
_M = r"\x00(?P<m>\d+)\x00"
_CODE = (
    r"(?:[\"“”‘'«`「](?P<quoted>[^\x00\"“”’'»`」\n]{2,40})[\"“”’'»`」]"
    r"|(?P<joined>[A-Za-z0-9][A-Za-z0-9_.]{0,30}(?:-[A-Za-z0-9][A-Za-z0-9_.]{0,30}){1,4}(?![A-Za-z0-9_-]))"
    r"|(?P<proper>[A-Z][A-Za-z0-9_.]{1,30}(?: [A-Z][A-Za-z0-9_.]{0,30}){0,3}(?![A-Za-z0-9_-]))"
    r"|(?P<plain>[a-z][a-z0-9]{2,30}(?![A-Za-z0-9_-])))"
)
_CALLED = (r"(?:model|checkpoint|chatbot|bot|entry|system|version|variant|build|submission"
           r"|code ?-?names?|pseudonym|alias|name)s?")
_SURE = (
    r"(?: (?:now|actually|really|indeed|likely|probably|very|most|almost|certainly|clearly|secretly|in fact"
    r"|apparently|reportedly|allegedly|simply|just|none other than|not|(?:been )?(?:confirmed|revealed"
    r"|identified|unmasked|exposed|believed|thought|said|rumou?red|known)(?: (?:to be|as))?)){0,4}"
)
_LINK = (
    rf"(?:(?:is|was|are|were|has|have|had)(?:n['’]t)?{_SURE}|turn(?:s|ed) out to be{_SURE}"
    rf"|(?:may|might|could|must|will|would|should)(?: well| actually| in fact)? be{_SURE}"
    r"|(?:appears?|seems?|looks?)(?: to be| like)|={1,3}|其实(?:就)?是|就是|实为|是)"
)
_PLACED = (
    r"(?:,? (?:on|in|at|from|of|over at) [^.;!?]{1,50}?|, (?:the|an?|which|that) [^.;!?,]{1,80},"
    r"| \([^()\x00]{1,60}\))?"
)
_BUILD = (r"(?:version|checkpoint|build|snapshot|variant|preview|release|incarnation|iteration|instance"
          r"|alter ego|code ?-?name|alias|nickname|pseudonym|name)")
_AS = (
    rf"(?:an? |the |its |our )?(?:(?:[\w’'-]+ ){{0,3}}?{_BUILD} (?:of|for) )?(?:the |an? |our )?"
    r"(?:[A-Z][\w. ]{0,30}['’]s? )?"
    r"(?:(?:new|upcoming|unreleased|early|next|secret|rumou?red|final|full|stealth|forthcoming) ){0,3}"
)
# What may stand behind the model's name, so that it is the whole of what is said: "GLM-5 based" is not.
_END = (
    r"(?!['’]s\b)(?=\s*(?:$|[.,;:!?()\[\]—–\"“”’，。！？])|\s+(?:in|under|with|itself|after|indeed|and|but"
    r"|according|as|on|by|from|that|which|when|before|because|since|for|now|today|per|or|running|without"
    r"|model)\b)"
)
_SHOWN = (r"(?:test\w*|appear\w*|list\w*|runs?|ran|running|hid\w*|hiding|show(?:s|ed|n|ing)? up"
          r"|serv\w*|known|deployed|uploaded|posted|live|went|sat|competed|entered|behind)")
_READ = (
    # "pony-alpha is GLM-5", "the anonymous model 'sonoma' on the arena is an early version of Grok 4 Fast"
    re.compile(rf"{_CODE}{_PLACED} ?{_LINK} ?{_AS}{_M}{_END}"),
    # "GLM-5 was tested on the arena as pony-alpha", "GLM-5 hid behind the name sonoma"
    re.compile(rf"{_M}(?:,? (?:[\w’'-]+ ){{0,5}}?{_SHOWN}\b[^.;!?]{{0,40}}?)"
               rf"(?<!such) (?:as|behind|under)(?: the| its)?"
               rf"(?: (?:[\w-]+ ){{0,3}}?{_CALLED}(?: of)?)? {_CODE}"),
    # "GLM-5, code-named pony-alpha", "GLM-5's code name is pony-alpha"
    re.compile(rf"{_M}(?:['’]s)?,? (?:[\w’'-]+ ){{0,4}}?(?P<cue>code ?-?named?|nicknamed|a\.?k\.?a\.?)"
               rf"(?:,? {_LINK})? (?:the )?{_CODE}"),
    # "the code name of GLM-5 is pony-alpha"
    re.compile(rf"(?P<cue>code ?-?name) (?:of|for) {_M} {_LINK} {_CODE}", re.IGNORECASE),
    # "GLM-5 is 'pony-alpha'"
    re.compile(rf"{_M} {_LINK} (?:the )?(?:[\w-]+ ){{0,3}}?{_CODE}"
               rf"(?=\s*(?:$|[.,;:!?)]| (?:on|in|at|from)\b))"),
)
_BARE = len(_READ) - 1  # the place of the last one, which must be seen to speak of a code name
_CUE = re.compile(
    r"\b(?:code ?-?names?d?|anonymous\w*|myster\w+|stealth\w*|unnamed|unidentified|cloaked|disguis\w+"
    r"|(?:lm)?arena|openrouter|pseudonym\w*|alias|leaderboard|unmask\w*|secret(?:ly)?)\b|匿名|代号|神秘",
    re.IGNORECASE,
)
_STAGED = re.compile(r"\b(?:alpha|beta|gamma|chatbot|bot|ray)\b$", re.IGNORECASE)
# Words that make a description of what looks like a name.
_DESCRIBES = frozenset(
    """a about ai all an and another any are art as assistant at base based be best both but by class
    closed code data end every fast first for free from full here high his how in is it its large last
    latest level like llm long low made mid model models more most multi my name new next no non nothing
    now of off on one only open or other our out own power powered pre real released sad second self
    size small so some source state style system tested than that the their then there these they this
    those time to today tomorrow top tuned two under up version versions was we weight weights well what
    when where which who why with yes yesterday you your
    """.split()  # noqa: SIM905  # a list of words reads as words
)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a sentence says that a code name stands for: the code name as written, and the model's name."""

    code_name: str
    model: str

    @property
    def key(self) -> tuple[str, ...]:
        """Return the code name's parts, by which two spellings of it are one."""
        return _parts(self.code_name)


def identity(text: str, models: Iterable[str], others: Iterable[str] = ()) -> Identity | None:
    """Return which of the known `models` a text says that a code name stands for; None where it says none.

    `others` are known names that are no code names: organisations, people, benchmarks.
    """
    text = text[:LONGEST].replace("\x00", " ")
    cued = _CUE.search(text) is not None
    names = sorted({name for name in models if _parts(name)}, key=lambda name: (-len(_parts(name)), name))
    known = {_parts(name) for name in (*names, *others)}
    masked = _masked(text, names)
    for place, pattern in enumerate(_READ):
        for match in pattern.finditer(masked):
            if (code := _code_name(match, cued=cued, bare=place == _BARE)) and _parts(code) not in known:
                return Identity(code, names[int(match["m"])])
    return None


def _code_name(match: re.Match[str], *, cued: bool, bare: bool) -> str | None:
    """Return the code name of a match, if it can be one there."""
    code = (match["quoted"] or match["joined"] or match["proper"] or match["plain"]).strip(" .,")
    called = bool(match.re.groupindex.get("cue")) or _behind_a_noun(match)
    words = code.lower().replace("-", " ").split()
    if not words or (match["quoted"] is None and _DESCRIBES & set(words)):
        return None
    staged = _STAGED.search(code) is not None or any(character.isdigit() for character in code)
    if bare and not (cued or staged):
        return None
    if match["plain"]:
        return code if called else None
    if match["proper"]:
        return code if called or cued or staged or len(words) > 1 else None
    return code


def _behind_a_noun(match: re.Match[str]) -> bool:
    start = min(match.start(name) for name in ("quoted", "joined", "proper", "plain") if match[name])
    before = match.string[max(0, start - 40) : start]
    return re.search(rf"\b{_CALLED},? [\"“‘'«`]?$", before, re.IGNORECASE) is not None


def _masked(text: str, names: list[str]) -> str:
    """Return the text with each of the names, however it is joined, as its number between zero bytes."""
    written = list(_PART.finditer(text))
    parts = [match[0].lower() for match in written]
    found: list[tuple[int, int, int]] = []
    taken: set[int] = set()
    for number, name in enumerate(names):
        wanted = list(_parts(name))
        for start in range(len(parts) - len(wanted) + 1):
            place = range(start, start + len(wanted))
            if parts[start : place.stop] == wanted and not taken.intersection(place):
                taken.update(place)
                found.append((written[start].start(), written[place.stop - 1].end(), number))
    return "".join(_pieces(text, sorted(found)))


def _pieces(text: str, places: list[tuple[int, int, int]]) -> Iterator[str]:
    end = 0
    for start, stop, number in places:
        yield text[end:start]
        yield f"\x00{number}\x00"
        end = stop
    yield text[end:]


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part.lower() for part in _PART.findall(name))
