"""Cut Chinese text into sentences that may stand alone in their own words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.chinese.han import is_han

SHORTEST, LONGEST = 16, 200
"""Width of a sentence that may found a claim; a Chinese character says as much as two letters."""
_LONGEST_RAW = 1000  # characters with what stands before and behind the words: no longer one is looked at

# A headline in brackets and a topic before the words are sentences of their own; so is what stands behind a
# line break.
_SENTENCE = re.compile(
    r"【[^【】\n]{1,120}】|[#＃][^#＃\n]{4,120}[#＃]|(?:[^。！？!?；\n【]|[!?](?=[\w/]))+[。！？!?；]*[”」』）]*")
# What stands before a sentence: marks, bullets, topics, the outlet's name and day of a wire report, and who
# tells it, which is kept beside the sentence (`models/language/attribution/chinese.py`).
_STARTS = re.compile(
    r"(?:[\s>|→•·*–—:：、，,)）】」』”-]|#+\s|\d{1,2}[.、)）]\s?|[①-⑳]|(?:[\w ]{2,12}?\s?)?"
    r"(?:20\d\d\s?年\s?)?\d{1,2}\s?月\s?\d{1,2}\s?日(?:[上下]午|晚间?|凌晨)?(?:最新)?(?:消息|讯|报道|电)[，,：:]"
    r"|(?:根据|据)[^，。；：\n]{0,30}?(?:报道|消息|透露|介绍|爆料|披露|称|悉|传|了解)(?:称)?[，,：:]"
    r"|(?:网传|坊间传|有?消息称|爆料称|听说)[，,：:]?)+")
_ENDS = re.compile(
    r"(?:[\s。！!；;，,、…~～*]|https?://[!-~]+|[#＃][^#＃\n]{1,40}[#＃]|@[\w-]+|（[^（）]{0,12}）|\([^()]{0,12}\)$"
    r"|[\U0001f300-\U0001faff\u2600-\u27bf])+$")
_BRACKETS = re.compile(r"^(?:【\s*(.*?)\s*】|[#＃]\s*([^#＃]*?)\s*[#＃])$", re.DOTALL)
_PAIRED = (("“", "”"), ("「", "」"), ("《", "》"), ("（", "）"), ("【", "】"))
_ASKS = re.compile(r"[?？]|(?:吗|呢|么|吧)[”」』]?$|^(?:如何|怎么|为什么|为何|是否|谁|哪)")
# What rejects a statement answers another claim.
_DENIES = re.compile(r"否认|辟谣|澄清|驳斥|不属实|谣言|并非事实|不实(?:消息|报道|传闻)?")
_CODE = re.compile(r"https?://|<\w[^>]*>?|[{}\\]|=>|->|`{3}|\|.*\||//@|@\w")
# Words for writer and reader, whom a page of claims does not name.
_PERSONS = re.compile(r"[我您咱俺]|你(?!好)|笔者|楼主|小编|本人|大家|各位|lz")
_POINTING = re.compile(r"[它他她]|[这那]|此(?!外|次|前)|其(?!他|实|余|它)|该|上述|前者|后者|对方|官方")
# A sentence that begins with these goes on with the one before it; one that ends with these breaks off.
_JOINS = re.compile(
    r"^(?:但|而(?!且)|而且|不过|所以|因此|因为|于是|然后|同时|另外|此外|并且?|也|还|又|就|都|则|以及|或者?|如果|虽然|即使"
    r"|例如|比如|例|其中|不仅|甚至|尤其|特别是|由于|当|随着|至于|以|对|在|把|被|让|使|从|给)")
_HANGS = re.compile(
    r"(?:[的和与及或在是把被让对从以如将：:—–#＃-]|包括|例如|比如|以及|称|表示|指出|如下|以下)$")

Span = tuple[int, int]


def sentences(text: str) -> Iterator[Span]:
    """Yield the places of the sentences of a text as code points `(start, end)`, in order."""
    for match in _SENTENCE.finditer(text):
        if match[0].strip():
            yield match.span()


def whole(sentence: str) -> tuple[str, int, int] | None:
    """Return a sentence in its own words and where in it these begin and end: what a wire report or a post
    puts before and behind them is left out.

    None for one that is too short or too long, asks, tells a denial, breaks off, goes on with the sentence
    before it, or holds code or an address.
    """
    if len(sentence) > _LONGEST_RAW:
        return None
    start, end = 0, len(sentence)
    if (match := _BRACKETS.match(sentence)) is not None:
        start, end = match.span(match.lastindex or 0)
    start = match.end() if (match := _STARTS.match(sentence, start, end)) else start
    asked = sentence[start:end].rstrip()
    end = match.start() if (match := _ENDS.search(sentence, start, end)) else end
    text = sentence[start:end]
    width = len(text) + sum(map(is_han, text))
    if not SHORTEST <= width <= LONGEST or _ASKS.search(asked) or _CODE.search(text):
        return None
    if any(text.count(opening) != text.count(closing) for opening, closing in _PAIRED):
        return None
    return None if _DENIES.search(text) or _JOINS.match(text) or _HANGS.search(text) else (text, start, end)


def needs_context(text: str, first: int) -> bool:
    """Return True if a sentence needs its context: it speaks of its writer or reader, or refers back before
    its first name, which stands at `first`.
    """
    return bool(_PERSONS.search(text) or _POINTING.search(text, 0, first))
