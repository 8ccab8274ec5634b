"""Read which model a sentence says that a code name stands for: "pony-alpha is GLM-5".

A code name is a name that is not known, and that the sentence shows to be one: by its form ("pony-alpha"), or
by what is said of it ("the anonymous model sonoma"). Other names are of products, and other joined words
describe: "Bing Chat was GPT-5", "my daily-driver is GLM-5". The model is a known name. Patterns of bounded
length look at the beginning of a text.
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
    r"|(?P<joined>[A-Za-z0-9][A-Za-z0-9_.]{0,30}(?:-[A-Za-z0-9][A-Za-z0-9_.]{0,30}){1,4}"
    r"(?![A-Za-z0-9_/-]|['’]s\b))"
    r"|(?P<proper>[A-Z][A-Za-z0-9_.]{1,30}(?: [A-Z][A-Za-z0-9_.]{0,30}){0,3}"
    r"(?![A-Za-z0-9_/-]|['’]s\b))"
    r"|(?P<plain>[a-z][a-z0-9]{2,30}(?![A-Za-z0-9_/-]|['’]s\b)))"
)
_NOUN = r"(?:model|checkpoint|chatbot|bot|entry|system|version|variant|build|submission)s?"
_CALLED = rf"(?:{_NOUN}|code ?-?names?|pseudonym|alias|name)"
_HIDDEN = (r"(?:anonymous|myster(?:y|ious)|stealth(?:y|ed)?|unnamed|unidentified|cloaked|disguised"
           r"|unlabell?ed|secret|code ?-?named?)")
_SURE = (
    r"(?: (?:now|actually|really|indeed|likely|probably|very|most|almost|certainly|clearly|secretly|in fact"
    r"|apparently|reportedly|allegedly|supposedly|presumably|obviously|definitely|officially|widely|generally"
    r"|all but|simply|just|none other than|not|(?:been )?(?:confirmed|revealed"
    r"|identified|unmasked|exposed|believed|thought|said|rumou?red|known)(?: (?:to be|as))?)){0,4}"
)
_LINK = (
    rf"(?:(?:is|was|are|were)(?:n['’]t)?{_SURE}|turn(?:s|ed) out to be{_SURE}"
    r"|(?:has|have|had)(?:n['’]t)?(?: now| not| since| just| finally)? been (?:confirmed|revealed|identified"
    rf"|unmasked|exposed)(?: (?:to be|as))?{_SURE}"
    rf"|(?:may|might|could|must|will)(?: well| actually| in fact)? be{_SURE}"
    r"|(?:appears?|seems?|looks?)(?: to be| like)|(?:identifies|introduces) itself as|={1,3}"
    r"|[，,]? ?也?(?:其实|应该|可能|的真身)?就?是|实为)"
)
_PLACED = (
    r"(?P<placed>,? (?:on|in|at|from|of|over at) [^.;!?]{1,50}?|, (?:the|an?|which|that) [^.;!?,]{1,80},"
    r"| \([^()\x00]{1,60}\))?"
)
_ALIAS = r"(?:alter ego|code ?-?name|alias|pseudonym)"
_BUILD = (r"(?:version|checkpoint|build|snapshot|variant|preview|release|incarnation|iteration|instance"
          rf"|nickname|name|{_ALIAS})")
_AS = (
    rf"(?P<as>(?:an? |the |its |our )?(?:(?:[\w’'-]+ ){{0,3}}?{_BUILD} (?:of|for) )?(?:the |an? |our )?"
    r"(?:x?[A-Z][\w. ]{0,30}['’]s? |[\u4e00-\u9fff]{1,8}的 ?)?"
    r"(?:(?:new|upcoming|unreleased|early|next|secret|rumou?red|final|full|stealth|forthcoming) ){0,3})"
)
# What may stand behind the model's name, so that it is the whole of what is said: "GLM-5 based" is not, and
# "GLM-5 or Kimi K2" says neither.
_END = (
    r"(?!['’]s\b)(?!,? ?(?:or|nor|and|but|/|&)(?: [\w’'-]+){0,4} ?\x00)(?!,? (?:or|nor|if|unless)\b)"
    r"(?!, ?\x00)"
    r"(?=\s*(?:$|[.,;:!?()\[\]—–\"“”’，。！？])|\s+(?:in|under|with|itself|after|indeed|according|as|on|by"
    r"|from|that|which|when|before|because|since|now|today|per|running|model|all along|confirmed"
    r"|variant|checkpoint|snapshot|build|preview"
    r"|(?:and|but) (?:it|its|it['’]s|we|they|is|was|will|has|not|that|this))\b)"
)
_SHOWN = (r"(?:test\w*|appear\w*|list\w*|runs?|ran|running|hid\w*|hiding|show(?:s|ed|n|ing)? up"
          r"|uploaded|posted|sat|competed|entered)")
# What may stand between a model and what is done with it; "GLM-5 beats what was tested as" is of another.
_DONE = (r"(?:(?:is|was|were|has|had|been|being|first|also|already|secretly|anonymously|quietly|briefly|that"
         r"|which|reportedly|actually|internally|formerly|previously|the|its|with|under|itself) ){0,5}?")
_THERE = (r"(?:(?! (?:against|besides?|with|versus|vs|alongside|next|than|like|and|but|while|or)\b)"
          r"[^.;!?\x00]){0,40}?")
_READ = (
    # "pony-alpha is GLM-5", "the anonymous model 'sonoma' on the arena is an early version of Grok 4 Fast"
    re.compile(rf"(?:\b[Bb]ehind )?{_CODE}(?: {_NOUN})?{_PLACED} ?{_LINK} ?{_AS}{_M}{_END}"),
    # "is pony-alpha GLM-5?"
    re.compile(rf"\b(?:[Ii]s|[Ww]as|[Cc]ould|[Mm]ight|[Cc]an)(?:n['’]t)? (?:the )?(?:[\w-]+ ){{0,3}}?{_CODE}"
               rf"{_PLACED}(?: (?:be|actually|really|just|secretly|in fact))* {_AS}{_M}(?=[^.;!]{{0,40}}\?)"),
    # "GLM-5 was tested on the arena as pony-alpha", "GLM-5 hid behind the name sonoma"
    re.compile(rf"{_M},? {_DONE}(?P<shown>{_SHOWN}\b{_THERE})(?<!such) (?:as|behind|under)(?: the| its)?"
               rf"(?: (?:[\w-]+ ){{0,3}}?{_CALLED}(?: of)?)? {_CODE}"),
    # "Zhipu tested GLM-5 under the pseudonym pony-alpha"
    re.compile(rf"\b(?:test(?:ed|ing)|ran|running|list(?:ed|ing)|h(?:id|iding)|upload(?:ed|ing)|post(?:ed|ing)"
               rf"|releas(?:ed|ing)|serv(?:ed|ing)) {_M}{_THERE} (?:as|under)(?: the| its| a)?"
               rf"(?: (?:[\w-]+ ){{0,2}}?{_CALLED}(?: of)?)? {_CODE}"),
    # "GLM-5, code-named pony-alpha", "GLM-5's code name is pony-alpha"
    re.compile(rf"{_M}(?:['’]s)?,? \(?{_DONE}(?P<cue>code ?-?named?)(?:,? {_LINK})? (?:the )?{_CODE}"),
    # "GLM-5, aka pony-alpha"
    re.compile(rf"{_M},? \(?a\.?k\.?a\.? {_CODE}"),
    # "the code name of GLM-5 is pony-alpha"
    re.compile(rf"(?P<cue>code ?-?name) (?:of|for) {_M} {_LINK} {_CODE}", re.IGNORECASE),
    # "GLM-5 is 'pony-alpha'"
    re.compile(rf"{_M} ?{_LINK} ?(?:the |之前的 ?|此前的 ?)?(?:[\w-]+ ){{0,3}}?{_CODE}"
               rf"(?=\s*(?:$|[.,;:!?)]| (?:on|in|at|from)\b))"),
)
_IS_HIDDEN = re.compile(rf"\b{_HIDDEN}\b|匿名|代号|神秘", re.IGNORECASE)
_EARLY = re.compile(rf"\b(?:upcoming|unreleased|early|secret|stealth|forthcoming|rumou?red|{_ALIAS})\b")
_STAGED = re.compile(r"[ -](?:alpha|gamma)$|\d-chatbot$", re.IGNORECASE)
_BETA = re.compile(r"[ -]beta$", re.IGNORECASE)  # products have one, too
_NAMED = re.compile(r"\b(?:code ?-?named?|pseudonym|alias|(?:as|behind|under|by) (?:the|its) name)"
                    r"(?: of)?,? $|代号(?:为|是)? ?$", re.IGNORECASE)
_BEHIND_HIDDEN = re.compile(rf"\b{_HIDDEN}(?: [\w-]+){{0,2}} {_NOUN}(?: called| named)?,? $|匿名模型 ?$",
                            re.IGNORECASE)
_BEHIND_NOUN = re.compile(r"\b(?:model|checkpoint),? $", re.IGNORECASE)
_BOARD = re.compile(r"\barena\b|openrouter", re.IGNORECASE)
_TESTED = re.compile(r"(?:test|r[au]n|appear|hid|compet|enter).*(?:arena|openrouter)", re.IGNORECASE)
_OPENS = re.compile(r"(?:^|[.:;!?—–\n(，。：]|\bthat)\s*$")
# What makes a question of it, or a sentence about something else: "the rival of pony-alpha is GLM-5".
_OTHERWISE = re.compile(
    r"\b(?:if|whether|unless|suppose|assuming|imagine|wish)\b[^.;!?]{0,40}$|\b(?:or|nor|than|like|with|for|to"
    r"|against|from|after|before|besides?|versus|vs|beat|beats|(?<!name )of) (?:the |a )?$", re.IGNORECASE)
# Joined words that English makes of a verb or a preposition: "runner-up", "sub-agent", "pay-per-use".
_COMPOUND = re.compile(
    r"(?:^|-)(?:re|sub|co|pre|post|non|un|semi|anti|self|inter|intra|super|ultra|micro|meta|pro|ex|per|mid"
    r"|cross|over|day|daily|price|cost|state|rank|top|runner|open|closed|fall|back|front|long|short|plan"
    r"|real|deep|hard|soft|easy|quick|slow|cheap|old|third|vibe|go|in|on|off|to|up|out|down|by|via)-"
    r"|-(?:up|to|in|on|off|out|down|over|back|end|driver|use|pick|choice|favou?rite|winner|leader|king|killer"
    r"|beater|agent|mode|coder|bit|quant|tier|class|grade|level|cost|performance|context|win|hit|maker|pilot"
    r"|ranker|seller|changer|candidate|project|mail|platform|brain|child|spot|away|ray|valley|breaker|thing|one"
    r"|horse|runner|case|model|version|preview|soon|now|day|week|wide|only|ready|free|friendly"
    r"|better|faster|cheaper|nano|mini|pro|lite|flash|plus|max|turbo|air|base|instruct|\w*(?:ed|ing|ly|est))$",
    re.IGNORECASE,
)
# What stands behind "the stealth model" and is no name.
_ADVERBIAL = re.compile(r"(?:ed|ing|ly|able|self)$|^(?:again|above|below|behind|there|everywhere|provider"
                        r"|api|endpoint|tokenizer|run|seen|shown|built|sent|pretty)$")
# Words that make a description of what looks like a name.
_DESCRIBES = frozenset(
    """a about access ai all an and another any apache are art as assistant at azure base based be beast
    behind best both but by champion cheap class closed code coming data default early end every
    everyone experimental fast first flagship for fp8 free from full funny good great here hidden high
    his how id in internal is it its killer large last latest leader level licence license like limited
    llm long loser low made mid mit model models more most multi must my name new next no non nothing
    now number of off on one only open or other our out own perfect point power powered pre preview
    private prompt public real released sad second secret self size small so some someone soon sota
    source state still strange style system tested than that the their then there these they this those
    time to today tomorrow top tuned two unclear under underneath unknown unranked up used version
    versions very was we weight weights weird well what when where which who why winner with worse worst
    wrong yes yesterday yet you your
    """.split()  # noqa: SIM905  # a list of words reads as words
)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a sentence says that a code name stands for: the code name as written, and the model's name.

    `sure` says that the sentence, or the name itself, shows that it is a code name: "dusk-river is GLM-5" may
    be read so, and no more.
    """

    code_name: str
    model: str
    sure: bool = True

    @property
    def key(self) -> tuple[str, ...]:
        """Return the code name's parts, by which two spellings of it are one."""
        return _parts(self.code_name)


def identity(text: str, models: Iterable[str], others: Iterable[str] = ()) -> Identity | None:
    """Return which of the known `models` a text says that a code name stands for; None where it says none.

    `others` are known names that are no code names: organisations, people, benchmarks.
    """
    text = text[:LONGEST].replace("\x00", " ")
    names = sorted({name for name in models if _parts(name)}, key=lambda name: (-len(_parts(name)), name))
    known_parts = {_parts(name) for name in (*names, *others)}
    masked_text = _masked(text, names)
    for pattern in _READ:
        for match in pattern.finditer(masked_text):
            code, form = _written(match)
            model = names[int(match["m"])]
            if _OTHERWISE.search(masked_text[: match.start()]):
                continue
            if _parts(code) in known_parts or _describes(code, form, model):
                continue
            if (sure := _shown(match, code, form)) or _possible(match, code, form):
                return Identity(code, model, sure)
    return None


def _written(match: re.Match[str]) -> tuple[str, str]:
    """Return the name of a match that may be a code name, and the form in which it is written."""
    form = next(form for form in ("quoted", "joined", "proper", "plain") if match[form])
    return match[form].strip(" .,"), form


def _describes(code: str, form: str, model: str) -> bool:
    """Return whether what looks like a name describes, or is a version: "open-source", "Seed-2.0"."""
    parts = _parts(code)
    if not parts or _DESCRIBES & set(code.lower().replace("-", " ").split()):
        return True
    if form == "joined" and _COMPOUND.search(code):
        return True
    if parts[-1] == "chatbot":
        return False
    return any(part[0].isdigit() for part in parts) or parts[0] == _parts(model)[0]


def _shown(match: re.Match[str], code: str, form: str) -> bool:
    """Return whether the name's form, or what is said of it, shows that it is a code name."""
    before = match.string[max(0, match.start(form) - 60) : match.start(form)].rstrip("\"“”‘'«`「")
    groups = match.groupdict()
    if _STAGED.search(code) or groups.get("cue") or _NAMED.search(before) or _BEHIND_HIDDEN.search(before):
        return form != "plain" or _ADVERBIAL.search(code) is None
    if form == "plain":
        return False
    if _IS_HIDDEN.search(groups.get("placed") or ""):
        return True
    if form == "proper":
        return " " in code and _early(match)
    return _BEHIND_NOUN.search(before) is not None or _early(match) or (
        form == "quoted" and _IS_HIDDEN.search(match.string) is not None)


def _early(match: re.Match[str]) -> bool:
    """Return whether a match says that the name is of an early version of the model, or its code name."""
    return "as" in match.re.groupindex and _EARLY.search(match["as"]) is not None


def _possible(match: re.Match[str], code: str, form: str) -> bool:
    """Return whether the name may well be a code name, though nothing shows it."""
    groups = match.groupdict()
    if form in ("quoted", "joined") and _TESTED.match(groups.get("shown") or ""):
        return True
    if form == "quoted" and " " not in code and _BOARD.search(groups.get("placed") or ""):
        return True
    if "as" not in match.re.groupindex:
        return False
    return (form == "proper" and _BETA.search(code) is not None) or (
        form == "joined" and code[1:] == code[1:].lower() and _stands_alone(match))


def _stands_alone(match: re.Match[str]) -> bool:
    """Return whether a sentence is no more than that a name is a model: "dusk-river is GLM-5"."""
    opens = _OPENS.search(match.string[: match.start()]) is not None
    ends = re.match(r"\s*(?:$|[.,;!])", match.string[match.end() :]) is not None
    return opens and ends and not match["placed"] and not match["as"]


def _masked(text: str, names: list[str]) -> str:
    """Return the text with each of the names, however it is joined, as its number between zero bytes."""
    matches = list(_PART.finditer(text))
    parts = [match[0].lower() for match in matches]
    spans: list[tuple[int, int, int]] = []
    used: set[int] = set()
    for number, name in enumerate(names):
        name_parts = list(_parts(name))
        for start in range(len(parts) - len(name_parts) + 1):
            span = range(start, start + len(name_parts))
            if parts[start : span.stop] == name_parts and not used.intersection(span):
                used.update(span)
                spans.append((matches[start].start(), matches[span.stop - 1].end(), number))
    return "".join(_pieces(text, sorted(spans)))


def _pieces(text: str, spans: list[tuple[int, int, int]]) -> Iterator[str]:
    end = 0
    for start, stop, number in spans:
        yield text[end:start]
        yield f"\x00{number}\x00"
        end = stop
    yield text[end:]


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part.lower() for part in _PART.findall(name))
