"""Tell the kind of a proposition, and whether such a sentence can be true or false of a model or its maker.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.chinese.han import has_han
from models.gazetteer import Entity
from models.identities import identity
from models.lexicon import cues


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_SCORES = r"benchmark\w*|leaderboard\w*|scores?|evals?|evaluations?|test sets?|arena|charts?|results"
_GAMING = _words(
    rf"^(?!.*\b(?:polls?|votes?)\b)(?=.*\b(?:{_SCORES})\b)(?=.*\b(?:gam(?:e|ed|es|ing)|cheat\w*|artificially"
    rf"|inflat\w+|manipulat\w+|rigg?\w*|cherry[- ]pick\w*|overfit\w*"
    r"|contaminat\w+|boost(?:ed|s|ing)?\b|fak(?:e|ed|ing)|selectively|mislead\w*|misrepresent\w*|skew\w*"
    r"|doctored|best[- ]of|cons@\d+|decept\w+|deceiv\w+)\b)"
    r"|(?m:^)(?=.*\btrain)(?=.*\btest[- ]?(?:sets?|data)\b)"
    r"|train\w*\b.*\btest[- ]?(?:set|data)|test[- ]set (?:leak|contamin)\w*"
    r"|train\w*\b.*\bto (?:present|perform|look|do|score) well\b.*\bbenchmark"
    r"|(?:experimental|unreleased|special|custom\w*|different|tuned|optimi[sz]ed)\b.*\b(?:version|variant"
    r"|build)\b.*\b(?:lm ?arena|chatbot arena|lmsys|leaderboard|benchmark)"
    r"|\breward[- ]hack\w*|\bspecification gaming"
)
# Of a model and a benchmark: made to do well on it.
_TUNED = _words(r"\b(?:tuned|optimi[sz]ed|overfit\w*|trained) (?:\w+ly )?(?:for|on|to)\b")
_DELAY = cues().word("delay")
_DEAL = cues().word("deal")
_MONEY = _words(
    r"[$€£¥]\s?\d|\b\d[\d.,]{0,40}\s?(?:million|billion|thousand|m|bn)?\s?(?:us )?(?:dollars|usd|euros|yuan"
    r"|cents)\b"
)
_PRICE = cues().word("price")
_TRAINING_COST = cues().word("training_cost")
_LICENCE = cues().word("licence")
_PEOPLE = cues().word("people")
_TRAINING = cues().word("training_data")
_SIZE = cues().word("size")
_RESULT = cues().word("benchmark_result")
_SAFETY = cues().word("safety")
_CAPABILITY = cues().word("capability")
_RELEASE_VERB = cues().word("release")
# Words that only select the model: "open-source models like X can ...".
_WHICH = _words(
    r"^(?:(?:the|some|most|all|other|new|smaller|larger) )*(?:open[- ]?(?:source|weights?)|closed[- ]source"
    r"|proprietary|distill?ed|fine-?tuned|quanti[sz]ed|uncensored|censored)\s+(?=.*\b(?:models?|versions?"
    r"|variants?|llms?)\b)"
)
_OTHERS = _words(
    r"\b(?:open[- ]?(?:source|weights?)|closed[- ]source|proprietary) (?:\w+ )?(?:models|alternatives"
    r"|competitors|rivals|offerings|llms)\b"
)
_EVEN = _words(r"\bas [\w-]+ as\b|\b(?:fall|falls|fell|falling) short\b|\blags?\b|\bat the level of\b")
_RELEASE_MAIN = cues().verbs["release"]
_EFFORT = cues().verbs["effort"]
_IDLE = cues().verbs["idle"]
_DOES = cues().verbs["does"]
# "is just 14B but better than" compares abilities, not sizes.
_BETTER = _words(r"\b(?:better|worse|smarter|stronger|weaker|more \w+|less \w+) than\b|\bas good as\b")
_CONTEST = cues().verbs["compete"]
_OPINION = _words(
    r"\b(?:generat\w+|garner\w*|spark\w*|draw\w*) (?:\w+ )?"
    r"(?:interest|buzz|attention|discussion|debate|excitement)\b|\bunder scrutiny\b"
    r"|\b(?:is|are) (?:an? )?(?:strong|good|solid|great|viable) (?:\w+ )?"
    r"(?:model|competitor|contender|performer|choice|option)s?$"
    r"|\b(?:is|are|was|were|remains?) (?:a|an|the|one)(?: \w+){0,3} (?:factor|concern|issue|problem|step"
    r"|challenge|reason|point|topic|highlight|consideration|trend|milestone)$"
    r"|^(?:\S+ ){1,16}?(?:is|are|was|were|seems?|feels?|looks?|can be|could be)"
    r"(?: \w+ly| so| very| really| quite| pretty| just| a| an| also| the)* "
    rf"(?:{cues().patterns['opinion']})\b(?! (?:than|on|at|in|for) \w+ing\b)(?!.*\d)"
)


def kind_of(text: str, main_verb: str, entities: Sequence[Entity], reported: bool) -> str | None:
    """Return the kind of a proposition, or None where it is no claim that could be checked.

    `main_verb` is its verb's base form; with `reported` (said by somebody else) the kind "other" passes, too.
    """
    types = {entity.type for entity in entities}
    if tells_identity(text, entities):
        return "identity"
    text = _WHICH.sub("", text)
    if main_verb != "be":
        text = _OTHERS.sub("models", text)
    if _GAMING.search(text) or ("benchmark" in types and _TUNED.search(text)):
        return "benchmark_gaming"
    if _OPINION.search(text) or main_verb in _EFFORT:
        return None
    if _DELAY.search(text):
        return "delay"
    if main_verb in _CONTEST:
        return "benchmark_result"
    if main_verb in _RELEASE_MAIN and _RELEASE_VERB.search(text):
        return "release"
    if _LICENCE.search(text) and main_verb in ("be", "license", "remain", "have", "use", "call"):
        return "licence"
    money = _MONEY.search(text) is not None
    if _DEAL.search(text) and not (_TRAINING_COST.search(text) and _PRICE.search(text)):
        return "deal"
    if _PRICE.search(text) or money:
        return "price"
    if _PEOPLE.search(text) and "person" in types:
        return "people"
    for kind, pattern in _IN_ORDER:
        if pattern.search(text if kind != "size" else without_names(text, entities)):
            return "capability" if kind == "size" and (main_verb in _DOES or _BETTER.search(text)) else kind
    if "benchmark" in types:
        return "benchmark_result"
    if _EVEN.search(text):
        return "capability"
    return "other" if reported and main_verb not in _IDLE else None


def tells_identity(text: str, entities: Sequence[Entity]) -> bool:
    """Return whether a text says which known model a code name stands for."""
    models = [entity.name for entity in entities if entity.type == "model"]
    other_names = (entity.name for entity in entities if entity.type != "model")
    return bool(models) and identity(text, models, other_names) is not None


def chinese_kind(text: str) -> str | None:
    """Return the kind of a Chinese sentence by its words; None where they tell none, and for other languages.
    """
    if not has_han(text):
        return None
    return next((kind for kind, pattern in _CHINESE if pattern.search(text)), None)


def without_names(text: str, entities: Sequence[Entity]) -> str:
    """Return the text with known names blanked: "QwQ-32B" holds no figure of the claim."""
    for entity in sorted(entities, key=lambda e: -len(e.text)):
        for name in (entity.text, entity.name):
            text = text.replace(name, " ")
    return text


_CHINESE = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in (
    ("benchmark_gaming", r"刷分|刷榜|作弊|造假|测试集|注水|过拟合|针对.{0,8}(?:榜|基准|跑分).{0,8}优化"),
    ("delay", r"推迟|延期|延后|跳票|推后|搁置"),
    ("deal", r"收购|投资|融资|入股|合作协议|签署|达成合作|估值"),
    ("price", r"价格|定价|降价|涨价|收费|免费|成本|[元刀]每|美元|人民币|块钱"),
    ("people", r"离职|辞职|跳槽|挖角|加盟|任命|出任|解雇|裁员|卸任"),
    ("safety", r"安全|越狱|漏洞|泄露|有害|审查"),
    ("training_data", r"训练数据|数据集|语料|蒸馏|训练.{0,6}(?:书籍|视频|图片)"),
    ("licence", r"许可证|许可|开源协议|商用"),
    ("size", r"参数|上下文(?:长度|窗口)|万张|[块张]GPU|token"),
    ("benchmark_result", r"跑分|得分|评分|基准|榜首|榜单|排行榜|登顶|分数"),
    ("release", r"发布|推出|上线|开源|开放|亮相|问世|面世|公测|内测"),
    ("capability", r"支持|能够|可以|擅长|性能|超过|超越|击败|优于|媲美|能力"),
))
_IN_ORDER = (
    ("safety", _SAFETY),
    ("benchmark_result", _RESULT),
    ("training_data", _TRAINING),
    ("licence", _LICENCE),
    ("release", _RELEASE_VERB),
    ("size", _SIZE),
    ("capability", _CAPABILITY),
)
