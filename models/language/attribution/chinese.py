"""Tell who speaks in Chinese text: "据X报道", "X表示", quotations, hearsay, posts that are repeated.

Patterns of bounded length search each sentence once; nothing is parsed. A sentence without a clear speaker is
its author's, and a model that somebody asks is no speaker.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from models.language.attribution.source_credits import outlet_voice
from models.language.names.document import FORUMS, Document, account
from models.language.names.entity_spans import KnownNames
from models.language.parsing.frames import Voice
from models.language.parsing.parser import Named
from models.language.parsing.sentences import QUOTED_LINE, ends
from models.protocols.language import FoundSpeech

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_REACH = 40  # a subject begins at most so many characters before its verb

_VERBS = 8  # speech verbs examined in one sentence

# Verbs that any speaker takes, and verbs that only a person takes: users of a chatbot write "DeepSeek说".
_STATES = (
    r"(?<!的)表示(?![层法学为])|透露|指出|宣布|强调|回应|否认|坦言|解释|警告|补充|声称|宣称|承认|澄清|辟谣|证实|披露"
    r"|爆料|直言|重申|预测|发文|发推|写道|(?<![未法不待要需再先])确认(?=[，,：:将了])|(?<![号简人统俗职名对尊堪自戏昵泛通])称(?![为之号呼赞作得职道霸奇])"
)
_SAYS = r"认为|告诉|提到|谈到|(?<![来如话小传听据是以得再者])说(?![明法不服辞的])"
_VERB = re.compile(
    rf"(?:(?P<states>{_STATES})|(?P<says>{_SAYS}))(?:称|道|说|表示)?(?P<opens>\s?(?:[：:，,]\s?[“「『\"]?|[“「『\"]))?"
)
_ACCORDING = re.compile(
    r"(?<![证依数根占票收])(?:根据|据)(?P<who>[^，。！？；\n]{1,30}?)"
    r"(?P<verb>报道|透露|介绍|爆料|披露|援引|引述|消息|表示|称|说法)"
)
_CITING = frozenset({"援引", "引述"})
_CITED = re.compile(r"(?P<who>[^，。！？；：“”\n]{1,20}?)(?:援引|引述)")
_HEARSAY = re.compile(
    r"网传|据传|据悉|据说|据了解|据爆料|(?<!没)听说|(?:有|坊间)(?:传闻|传言)|(?:传闻|传言)[称说指：]|坊间传|有爆料"
    r"|(?:有|据)消息(?:称|说|指)|消息称|爆料称|据(?:外媒|媒体)"
)
_ANONYMOUS = re.compile(
    r"知情人|消息人士|内部人士|人士$|匿名|爆料[者人]|内部员工|消息源|消息$|内幕|^(?:可靠|最新|多方|内部|小道)$"
)
_COMMUNITY = re.compile(r"网友|网民|用户|楼主|开发者|玩家|粉丝|不少人|很多人|有人|许多人")
_EXPERT = re.compile(r"分析师|专家|学者|教授|研究人员|研究者|研究团队")
_OUTLET = re.compile(r"(?:日报|晚报|时报|早报|周刊|杂志|新闻|通讯社|电视台|财经|[社网报])$")
_MEDIA = re.compile(r"^(?:多家|部分|国内|国外|境外|海外)?(?:外媒|媒体)$")
_OWN = re.compile(r"(?:^|\s)(?:我们?|笔者|小编|本人|咱们?)")
_PRONOUN = re.compile(
    r"^(?:而|但|不过|对此|随后|此外|同时)?(?P<who>他们|他|她|对方|该公司|公司|这家公司|官方|该公司发言人)(?:也|还|则|又)?$"
)
_ROLE = (
    r"(?:(?:联合)?创始人|创办人|联创|首席[\u4e00-\u9fff]{2,6}|CEO|CTO|CFO|COO|副?总裁|董事长|总经理|掌门人|老板"
    r"|(?:新闻)?发言人|公关|高管|负责人|研究员|科学家|工程师|员工|产品经理|主管)"
)
_ADVERB = (
    r"(?:也|还|则|曾|又|就|都|再次|随后|进一步|明确|公开|今日|今天|昨日|昨天|近日|日前|此前|当时|随即|紧急|正式|对此|最新"
    r"|同时|率先|独家|周[一二三四五六日]|\d{1,2}月\d{1,2}日|\s)"
)
# Adverbs with one phrase of place or person at most among them, up to the verb.
_TAIL = rf"{_ADVERB}*+(?:(?:在|[对向于]|通过)[^，]{{1,18}}?{_ADVERB}*+)?$"
_ASIDE = r"(?:（[^）]{0,40}）|\([^)]{0,40}\))?"
# Chinese names by their surname, foreign ones by the dot between their parts or by Latin capitals.
_HAN_NAME = (
    r"(?:(?!马上|何[时必况]|许[多久]|谢谢|程[度序]|曾经|彭博|苏州|沈阳|韩[国媒]|郑州|董事|林业|陈述|胡说|杜绝|夏[天季]|文[章件中]"
    r"|庞大|汤|顾客|段落|严[重厉]|温和|陆续|范围|洪水|龙头|雷达|金额)"
    r"[张王李赵刘陈杨黄吴徐孙胡朱郭何罗宋郑谢韩唐冯董程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶余潘杜戴夏钟汪田姜范姚谭廖邹熊陆"
    r"郝孔崔邱秦顾侯邵孟龙段雷钱尹黎贺龚文庞陶洪翟颜倪严温俞章鲁葛聂柳邢岳梅莫庄闫阎林马梁][\u4e00-\u9fff]{1,2}?"
    r"|[\u4e00-\u9fff]{1,6}?(?:[·•][\u4e00-\u9fff]{1,6}?){1,2}|[A-Z][\w.'-]*[a-z](?:\s[A-Z][\w.'-]*[a-z]){0,3})"
)
# Words that may stand between a known name and its verb: its representative, perhaps by name, and adverbs.
_BETWEEN = re.compile(
    rf"[）)]?{_ASIDE}(?:官方|公司|方面|团队|集团|官微|项目组)?(?P<former>的?(?:前|原))?(?:的?(?:现任|高级|资深)?(?P<role>{_ROLE}))*+\s?"
    rf"(?P<name>{_HAN_NAME})??{_ASIDE}{_TAIL}"
)
_BARE_NAME = re.compile(
    rf"(?:^|[的\s]|(?<=[\u4e00-\u9fff])(?=[A-Z])|{_ROLE})(?P<name>{_HAN_NAME}){_ASIDE}{_TAIL}"
)
_HEDGED = re.compile(r"疑似|或将|或许|也许|(?<!不)可能|大概|貌似|好像|似乎|估计")
_ASKED = re.compile(r"(?:[？?]|[吗么][。！!]?)[”」』\"）)]*$")
_POSTED = re.compile(
    r"^\s*(?P<name>[^\s|#：:][^|#\n]{0,30}?)\s发表于\s\d{4}-\d{1,2}-\d{1,2}(?:\s\d{1,2}:\d\d)?\s*$"
)
_REPOSTED = re.compile(r"//@(?P<name>[\w-]{2,30})[:：]")
_CLOSING = {"“": "”", "「": "」", "『": "』"}
_LATIN = re.compile(r"[A-Z][\w. -]+")
_HEADER = 80  # characters of the line that heads a quoted post
_QUOTED_LINES = 6  # within which a forum's cut quotation ends in "..."
_LONGEST_QUOTATION = 2000


@dataclass(frozen=True, slots=True)
class _Said:
    voice: Voice
    verb: str | None = None
    attributed_to: str | None = None
    certainty: str = "asserted"


def speech(document: Document, gazetteer: KnownNames) -> list[FoundSpeech]:
    """Return how each sentence of a Chinese document is said, but those that its author plainly asserts."""
    reader = _Reader(document, gazetteer)
    return [statement for part in ("title", "text") for statement in reader.read(part)]


class _Reader:
    """Reads one document's sentences in order; remembers the last speaker, for "他" and "该公司"."""

    def __init__(self, document: Document, gazetteer: KnownNames) -> None:
        self._document = document
        self._gazetteer = gazetteer
        self._last: Voice | None = None
        self._text = ""
        self._names: list[Named] = []
        self._starts: list[int] = []

    def read(self, part: str) -> Iterator[FoundSpeech]:
        """Yield how the sentences of a part are said, in order."""
        self._text = self._document.part(part)
        self._names = self._document.names(part)
        self._starts = [name.start for name in self._names]
        past_end = len(self._text) + 1
        regions = iter((*self._quotations(), (past_end, past_end, None)))
        region_start, region_end, quoted_voice = next(regions)
        reposts = self._others()
        for start, end in _sentences(self._text, 0, len(self._text)):
            while region_end <= start:
                region_start, region_end, quoted_voice = next(regions)
            speaker = quoted_voice if region_start <= start + 1 and end <= region_end + 1 else None
            statement = reposts.get(start) or self._said(start, end)
            if statement is None and speaker is not None:
                statement = _Said(speaker, "说")
            statement = statement or self._unsure(start, end)
            if statement is None:
                continue
            if statement.voice.kind == "outlet":  # its report is passed on, as in English
                statement = _Said(self._document.author, statement.verb,
                                  statement.attributed_to or statement.voice.name, "reported")
            if statement.voice.name and statement.voice.kind == "named":
                self._last = statement.voice
            yield FoundSpeech(part, start, end, statement.voice.kind, statement.voice.name,
                              statement.voice.organisation, statement.verb, statement.attributed_to,
                              statement.certainty)

    def _said(self, start: int, end: int) -> _Said | None:
        """Return who says a sentence: the subject of its verb, else the source in "据X", else hearsay."""
        credit = self._credited(start, end)
        begin = credit[1] if credit else start
        for verb in islice(_VERB.finditer(self._text, begin, end), _VERBS):
            voice = self._subject(max(begin, verb.start() - _REACH), verb)
            if voice is not None:
                anonymous = voice.kind == "anonymous"
                cited = _CITED.search(self._text, begin, verb.start()) if anonymous and not credit else None
                attributed_to = credit[2] if credit else cited["who"].strip() if cited else None
                certainty = "reported" if anonymous else "asserted"
                return _Said(voice, verb["states"] or verb["says"], attributed_to, certainty)
        if credit:
            return credit[0]
        if (labelled_voice := self._label(start, end)) is not None:
            return _Said(labelled_voice)
        hearsay = _HEARSAY.search(self._text, start, end)
        return _Said(Voice("anonymous"), hearsay[0], certainty="reported") if hearsay else None

    def _credited(self, start: int, end: int) -> tuple[_Said, int, str] | None:
        """Return the attribution of "据X报道", where it ends, and X as written."""
        match = _ACCORDING.search(self._text, start, end)
        if match is None:
            return None
        words = match["who"].strip().removesuffix("的").strip("《》「」“” ")
        stop = match.end()
        if match["verb"] in _CITING and _ANONYMOUS.search(self._text, stop, min(end, stop + 12)):
            return _Said(Voice("anonymous"), match["verb"], words, "reported"), stop, words
        if _MEDIA.search(words):
            return _Said(Voice("anonymous"), match["verb"], words, "reported"), stop, words
        voice = Voice("anonymous") if _ANONYMOUS.search(words) else self._named(*match.span("who"), True)
        if voice is None and (_OUTLET.search(words) or _LATIN.fullmatch(words)):
            voice = Voice("outlet" if _OUTLET.search(words) else "named", words)
        voice = voice or self._kind(words)
        if voice is None:
            return None
        certainty = "asserted" if voice.organisation or voice.kind == "expert" else "reported"
        return _Said(voice, match["verb"], certainty=certainty), stop, words

    def _subject(self, start: int, verb: re.Match[str]) -> Voice | None:
        """Return the voice in the words of a clause before its verb."""
        for at in range(verb.start() - 1, start - 1, -1):
            if self._text[at] in "，,。；;！!？?：:“”「」『』\"\n":
                start = at + 1
                break
        words = self._text[start : verb.start()].strip()
        if not words or (_OWN.search(words) and not verb["opens"]):
            return None
        if (pronoun := _PRONOUN.search(words)) is not None:
            person = pronoun["who"] in ("他", "她", "他们", "对方")
            last = self._last
            return last if last and (person or last.organisation) else None
        voice = self._named(start, verb.start(), verb["says"] is None)
        if voice is not None:
            return None if verb["says"] and voice.name == voice.organisation else voice
        if (kind := self._kind(words)) is not None:
            return kind
        has_known_name = bisect_left(self._starts, verb.start()) > bisect_left(self._starts, start)
        bare_name = _BARE_NAME.search(words) if verb["opens"] and not has_known_name else None
        return Voice("named", bare_name["name"]) if bare_name else None

    def _kind(self, words: str) -> Voice | None:
        """Return the voice of unnamed speakers: sources, experts, users."""
        for pattern, kind in ((_ANONYMOUS, "anonymous"), (_EXPERT, "expert"), (_COMMUNITY, "community")):
            if pattern.search(words):
                return Voice(kind)
        return None

    def _named(self, start: int, end: int, outlets: bool) -> Voice | None:
        """Return the last known name of a span as a voice, or whoever speaks for it."""
        at = bisect_left(self._starts, end) - 1
        while at >= 0 and self._text[max(0, self._names[at].start - 1)] in "对向给":  # the addressee
            at -= 1
        if at < 0 or self._names[at].start < start:
            return None
        name = self._names[at]
        between = _BETWEEN.match(self._text, name.end, end)
        if between is None:
            return None
        entity = name.entity
        if between["role"] and entity is not None and entity.type == "organisation":
            has_left = between["former"] or self._text[max(0, name.start - 1) : name.start] in ("前", "原")
            organisation = None if has_left else entity.name
            person = between["name"]
            return Voice("named", person, organisation) if person else Voice("staff", None, organisation)
        return None if between["name"] else self._voice(name, outlets)

    def _voice(self, name: Named, outlets: bool) -> Voice | None:
        """Return the voice of a known name itself; a model has none, an outlet only where it reports."""
        entity = name.entity
        if entity is None:
            return account(self._text[name.start : name.end], self._document, self._gazetteer)
        if entity.type == "person":
            return Voice("named", entity.name, entity.owner)
        if entity.type == "organisation":
            return Voice("named", entity.name, entity.name)
        if entity.type != "venue" or not outlets:
            return None
        return outlet_voice(entity.name, self._document, self._gazetteer) or Voice("named", entity.name)

    def _label(self, start: int, end: int) -> Voice | None:
        """Return the person before a colon that opens a sentence, or the organisation before a quotation."""
        at = bisect_left(self._starts, start)
        if at == len(self._names) or self._names[at].start != start:
            return None
        name = self._names[at]
        following = self._text[name.end : min(end, name.end + 2)]
        voice = self._voice(name, False) if following[:1] in ("：", ":") else None
        return voice if voice and (voice.name != voice.organisation or following[1:] in _CLOSING) else None

    def _unsure(self, start: int, end: int) -> _Said | None:
        author = self._document.author
        if _ASKED.search(self._text, max(start, end - 6), end):
            return _Said(author, certainty="questioned")
        return _Said(author, certainty="hedged") if _HEDGED.search(self._text, start, end) else None

    def _quotations(self) -> Iterator[tuple[int, int, Voice | None]]:
        """Yield the quotations with the speaker who is named right before or right after."""
        text = self._text
        at = 0
        while at < len(text):
            if text[at] not in _CLOSING:
                at += 1
                continue
            stop = text.find(_CLOSING[text[at]], at + 1, at + _LONGEST_QUOTATION)
            if stop < 0:
                at += 1
                continue
            yield at + 1, stop, self._beside(at, stop)
            at = stop + 1

    def _beside(self, start: int, stop: int) -> Voice | None:
        for verb in _VERB.finditer(self._text, max(0, start - 12), start + 1):
            if verb["opens"] and verb.end() == start + 1:
                return self._subject(max(0, verb.start() - _REACH), verb)
        next_verb = _VERB.search(self._text, stop + 1, stop + 1 + _REACH)
        return self._subject(stop + 1, next_verb) if next_verb else None

    def _others(self) -> dict[int, _Said]:
        """Return the sentences that this post repeats from other people's posts, by where they start."""
        text = self._text
        reposts: dict[int, _Said] = {}
        lines = [line.span() for line in _LINE.finditer(text) if not line[0].isspace()]
        is_forum = self._document.passage.platform in FORUMS
        for line_number, (start, end) in enumerate(lines):
            if is_forum and QUOTED_LINE.match(text, start, end):
                reposts |= dict.fromkeys(_starts(text, start, end), _Said(Voice("community")))
            for match in _REPOSTED.finditer(text, start, end):
                following = text.find("//@", match.end(), end)
                place = match.start(), following if following > 0 else end
                voice = account(f"@{match['name']}", self._document, self._gazetteer)
                reposts |= dict.fromkeys(_starts(text, *place), _Said(voice))
            if posted := _POSTED.match(text[start : min(end, start + _HEADER)]):
                quoted = lines[line_number + 1 : line_number + 1 + _QUOTED_LINES]
                last = next(
                    (at for at, (_, stop) in enumerate(quoted) if text.startswith("...", stop - 3)), 0
                )
                for place in quoted[: last + 1]:
                    reposts |= dict.fromkeys(_starts(text, *place), _Said(Voice("community", posted["name"])))
        return reposts


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a span without the blanks around them; a reposted text begins one, too."""
    for line in _LINE.finditer(text, start, end):
        stops = {line.end(), *ends(text, *line.span())}
        stops |= {match.start() for match in _REPOSTED.finditer(text, *line.span())}
        at = line.start()
        for stop in sorted(stops):
            words = text[at:stop]
            if stripped := words.strip():
                first = at + len(words) - len(words.lstrip())
                yield first, first + len(stripped)
            at = stop


def _starts(text: str, start: int, end: int) -> Iterator[int]:
    return (first for first, _ in _sentences(text, start, end))
