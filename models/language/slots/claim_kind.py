"""What a proposition is about, and whether it is the sort of sentence that can be true or false of a model or its maker."""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.gazetteer import Entity


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_SCORES = r"benchmark\w*|leaderboard\w*|scores?|evals?|evaluations?|test sets?|arena|charts?|results"
_GAMING = _words(
    rf"^(?!.*\b(?:polls?|votes?)\b)(?=.*\b(?:{_SCORES})\b)(?=.*\b(?:gam(?:e|ed|es|ing)|cheat\w*|artificially|inflat\w+|manipulat\w+|rigg?\w*|cherry[- ]pick\w*|overfit\w*"
    r"|contaminat\w+|boost(?:ed|s|ing)?\b|fak(?:e|ed|ing)|selectively|mislead\w*|misrepresent\w*|skew\w*|doctored|best[- ]of|cons@\d+|decept\w+|deceiv\w+)\b)"
    r"|(?=.*\btrain)(?=.*\btest[- ]?(?:sets?|data)\b)"
    r"|train\w*\b.*\btest[- ]?(?:set|data)|test[- ]set (?:leak|contamin)\w*"
    r"|train\w*\b.*\bto (?:present|perform|look|do|score) well\b.*\bbenchmark"
    r"|(?:experimental|unreleased|special|custom\w*|different|tuned|optimi[sz]ed)\b.*\b(?:version|variant|build)\b.*\b(?:lm ?arena|chatbot arena|lmsys|leaderboard|benchmark)"
    r"|\breward[- ]hack\w*|\bspecification gaming"
)
# Of a benchmark: made to do well on it.
_TUNED = _words(r"\b(?:tuned|optimi[sz]ed|overfit\w*|trained) (?:\w+ly )?(?:for|on|to)\b")
_DELAY = _words(r"\b(?:delay\w*|postpon\w+|push(?:ed|es|ing)? back|slipp?(?:ed|s|ing)|behind schedule|put on hold|later than (?:planned|expected)|shelved|cancell?ed|scrapp(?:ed|ing))\b")
_DEAL = _words(
    r"\b(?:invest(?:s|ed|ing|ment|ments|ors?)?|fund(?:s|ed|ing|raising)?|acqui(?:re[sd]?|ring|sition)|valu(?:ed at|ation)|partner(?:s|ed|ing)? with|partnerships?"
    r"|merger?|stake|contract|bid|buyout|takeover|offers?\b(?= (?:for|to|of|at))|joint venture|raises?|raised|raising|ipo|sue[sd]?|suing|lawsuit|antitrust|tariffs?|export (?:controls?|bans?|curbs?|restrictions?)|chip exports?|sanction\w*|revenue|profit\w*|market (?:cap|value|share)|shares? (?:fell|rose|drop\w*)|subsid\w+)\b"
)
_MONEY = _words(r"[$€£¥]\s?\d|\b\d[\d.,]*\s?(?:million|billion|thousand|m|bn)?\s?(?:us )?(?:dollars|usd|euros|yuan|cents)\b")
_PRICE = _words(
    r"\b(?:pric(?:e|es|ed|ing|ey)|costs?|costing|costly|cheap\w*|expensive|affordab\w+|(?:is|are|for|available|now|completely|access\w*) free\b|free (?:of charge|tier|to use|users?|for)"
    r"|subscription\w*|paywall\w*|budget|per million|per (?:input|output)|fees?|cost[- ](?:effective|efficient)\w*|spen(?:d|ds|t|ding))\b"
)
_TRAINING_COST = _words(r"\b(?:train\w*|pre-?train\w*|develop\w*|built?|build\w*|creat\w+)\b")
_LICENCE = _words(r"\b(?:licen[cs]\w+|open[- ]?source[ds]?|open[- ]?sourcing|open[- ]?weights?|open[- ]?weight|apache[- ]2|mit[- ]licen|proprietary|closed[- ]source|weights (?:are|were|will be)|terms of (?:service|use)|tos)\b")
_PEOPLE = _words(
    r"\b(?:joins?|joined|joining|leaves|left|leaving|resign\w*|quits?|quitting|hire[sd]?|hiring|fire[sd]|firing|appoint\w*|steps? down|stepp(?:ed|ing) down|depart\w*|lay(?:s|ing)?[- ]?offs?|laid off|co-?found(?:ed|er)|promot(?:ed|ion) to)\b"
)
_TRAINING = _words(
    r"\b(?:train(?:s|ed|ing)? (?:on|with|using|from|by|in|via|data|set)|trained|distill?(?:s|ed|ing|ation|ations)?|data ?sets?|synthetic data|training data|copyright\w*|scrap(?:e|ed|ing)|pirat\w+|pre-?train(?:ed|s|ing)?|fine-?tun\w+|corpus|outputs (?:of|from)|steal\w*|stole|stolen|theft|copied|us(?:e[sd]?|ing)\b.*\bto (?:pre-?|fine-?)?(?:train|tune|distil)|us(?:e[sd]?|ing)\b.*\b(?:outputs?|models?)\b.*\b(?:train\w*|distil\w*)|reinforcement learning|rlhf|grpo|post-?training|scaling laws?)\b"
)
_SIZE = _words(
    r"\b(?:parameters?|params?|context (?:window|length|size)|(?:input|output) (?:tokens|limit)|\d+(?:\.\d+)?[bmt]\b|\d+k (?:context|tokens)|vram|\d+\s?[gt]b\b|\d[\d,]*\s?k?\s(?:\w+ )?(?:gpus|h100s?|h800s?|a100s?)|mixture[- ]of[- ]experts|moe|gpus?|clusters?|data ?centers?|gigawatts?)\b"
)
_RESULT = _words(
    r"\b(?:scor(?:e|es|ed|ing)|benchmark\w*|leaderboard|arena|elo|sota|state[- ]of[- ]the[- ]art|outperform\w*|surpass\w*|beat(?:s|en|ing)?|outdo\w*|rank(?:s|ed|ing|ings)?|first place|second place|tops?|topped|topping|pass@\d|accuracy|win rate|ties?|tied|best (?:model|llm|non|open|coding|performing)|gold medal|(?:achiev\w+|reach\w*|hits?)(?= \d[\d.]* ?%)|solv(?:es|ed|ing) \d+|\d+(?:\.\d+)? ?% (?:on|in|of|accuracy))\b"
)
_SAFETY = _words(
    r"\b(?:safe|safety|unsafe|security|secure|censor\w*|uncensored|jailbr\w+|bias(?:ed|es)?|harmful|privacy|leak(?:s|ed|ing)? (?:data|user|personal)|misalign\w*|align(?:ed|ment)|decepti\w+|deceiv\w*|sandbag\w*|sabotag\w*|red[- ]team\w*|vulnerab\w+|malicious|malware|backdoor\w*|exploit\w*|propaganda|surveill\w*|ban(?:s|ned|ning)?|user data|guardrails?|refus(?:e|es|ed|als?)|dangerous|threat|weapon\w*|bioweapon\w*|ccp|hack(?:s|ed|ing)?|risks?|watermark\w*|play(?:s|ing)? dumb|underperforms? (?:deliberately|intentionally))\b"
)
_CAPABILITY = _words(
    r"\b(?:can(?:not|'t|’t)?|able|unable|abilit(?:y|ies)|capab\w+|supports?|supported|perform(?:s|ed|ing|ance)?|better|worse|faster|slower|speed\w*|slow|fast|quick\w*|tokens/s|tokens per second|latency|throughput|reason(?:s|ing)|hallucinat\w+|improv\w+|features?|multimodal|multilingual|struggl\w+|fail(?:s|ed|ing|ure)?|excel\w*|weak\w*|strong\w*|super\w*ior\w*|inferior|quality|degrad\w+|regress\w*|accura\w+|inaccura\w+|reliab\w+|unreliab\w+|understand\w*|generat(?:e|es|ed|ing|ion)|handles?|handled|handling|match(?:es|ed|ing)?|rival(?:s|ed|ing)?|compar(?:able|es)|competitive|equal\w*|on par|close to|behind|ahead of|lags?|runs?|running|efficien\w+|intelligen\w+|smart\w*|dumb\w*|overthink\w*|cod(?:es|ing)|math\w*|writ(?:es|ing)|vision|voice|image|video|tool use|agentic|agents?|memory|diminish\w+|plateau\w*|optimi[sz]\w+|\d+x|oversold|overhyped|modes?|thinking|lack(?:s|ed|ing)?|limit(?:s|ed|ation|ations)|bugs?|broken|censorship|compatib\w+|works?|requires?|needs?|uses?|enables?|allows?|integrat\w+|best|worst|largest|smallest|fastest|most (?:capable|powerful|advanced)|less|more)\b"
)
_RELEASE_VERB = _words(
    r"\b(?:releas\w+|launch\w*|announc\w+|introduc\w+|unveil\w*|roll(?:s|ed|ing)? out|ship(?:s|ped|ping)?|debut\w*|drop(?:s|ped|ping)?|com(?:es?|ing) (?:out|soon|to|in|this|next|later|on)|availab\w+|deploy\w*|publish\w*|preview\w*|open[- ]sourc(?:ed|es|ing)|made (?:public|available)|discontinu\w+|retir\w+|deprecat\w+|rolling|now (?:live|out|supports?|in)|is (?:live|out|here)|went live|goes live|teas\w+|arriv\w+|upcoming|expected (?:in|on|by|to|this|next)|in the works|add(?:s|ed|ing)|updat\w+|upgrad\w+|unif(?:y|ies|ied|ying)|merg(?:e|es|ed|ing)|integrat(?:e|es|ed|ing))\b"
)
# Which model is meant, not what is said of it: "open-source models like X can ...".
_WHICH = _words(r"^(?:(?:the|some|most|all|other|new|smaller|larger) )*(?:open[- ]?(?:source|weights?)|closed[- ]source|proprietary|distill?ed|fine-?tuned|quanti[sz]ed|uncensored|censored)\s+(?=.*\b(?:models?|versions?|variants?|llms?)\b)")
_OTHERS = _words(r"\b(?:open[- ]?(?:source|weights?)|closed[- ]source|proprietary) (?:\w+ )?(?:models|alternatives|competitors|rivals|offerings|llms)\b")
_EVEN = _words(r"\bas [\w-]+ as\b|\b(?:fall|falls|fell|falling) short\b|\blags?\b|\bat the level of\b")
_RELEASE_MAIN = frozenset(
    ["release", "launch", "announce", "introduce", "unveil", "roll", "ship", "debut", "drop", "deploy", "publish", "preview", "open-source", "relaunch", "come", "arrive", "discontinue", "retire", "deprecate", "tease", "add", "merge", "unify", "present", "showcase", "go"]
)
_EFFORT = frozenset(["interview", "host", "attend", "grow", "keep", "continue", "look", "try", "hope", "thank", "wait", "love", "like", "enjoy", "want"])
# Verbs whose subject does nothing that could be checked.
_IDLE = frozenset(["keep", "continue", "work", "look", "try", "want", "need", "hope", "thank", "like", "love", "enjoy", "wait", "feel", "believe", "think", "know", "let", "go", "get", "make", "do", "see", "remain", "stay"])
# "degrades at 8K tokens" tells of no size.
_DOES = frozenset(["degrade", "struggle", "fail", "perform", "excel", "hallucinate", "improve", "work", "handle", "process", "generate", "run"])
# "is just 14B but better than": what is compared is what it can do.
_BETTER = _words(r"\b(?:better|worse|smarter|stronger|weaker|more \w+|less \w+) than\b|\bas good as\b")
_CONTEST = frozenset(["beat", "outperform", "surpass", "score", "rank", "top", "outrank", "outscore", "exceed"])
_OPINION = _words(
    r"\b(?:generat\w+|garner\w*|spark\w*|draw\w*) (?:\w+ )?(?:interest|buzz|attention|discussion|debate|excitement)\b|"
    r"\bunder scrutiny\b|\b(?:is|are) (?:an? )?(?:strong|good|solid|great|viable) (?:\w+ )?(?:model|competitor|contender|performer|choice|option)s?$|\b(?:is|are|was|were|remains?) (?:a|an|the|one)(?: \w+){0,3} (?:factor|concern|issue|problem|step|challenge|reason|point|topic|highlight|consideration|trend|milestone)$|"
    r"^(?:\S+ ){1,16}?(?:is|are|was|were|seems?|feels?|looks?|can be|could be)(?: \w+ly| so| very| really| quite| pretty| just| a| an| also| the)* "
    r"(?:amazing|great|cool|interesting|impressive|exciting|fun|awesome|useful|important|helpful|beautiful|crazy|wild|insane|nice|good|bad|ok|okay|terrible|horrible|fantastic|incredible|perfect|promising|excellent|remarkable|significant|notable|fascinating|effective|beneficial|delight\w*|joy|pleasure|surprising|lovely|funny|neat|solid|huge|big deal|favorite|favourite|underrated|overrated|overhyped|mind-?blowing|game[- ]changer|valuable|disappointing)\b(?! (?:than|on|at|in|for) \w+ing\b)(?!.*\d)"
)


def kind_of(text: str, main_verb: str, entities: Sequence[Entity], reported: bool) -> str | None:
    """The kind of a proposition, or None where it is no claim that could be checked.

    `main_verb` is its verb's base form; `reported` says that somebody else says so, which lets other kinds through.
    """
    types = {entity.type for entity in entities}
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


def without_names(text: str, entities: Sequence[Entity]) -> str:
    """The text with known names blanked: "QwQ-32B" holds no figure of the claim."""
    for entity in sorted(entities, key=lambda e: -len(e.text)):
        for name in (entity.text, entity.name):
            text = text.replace(name, " ")
    return text


_IN_ORDER = (
    ("safety", _SAFETY),
    ("benchmark_result", _RESULT),
    ("training_data", _TRAINING),
    ("licence", _LICENCE),
    ("release", _RELEASE_VERB),
    ("size", _SIZE),
    ("capability", _CAPABILITY),
)
