"""Plain features of a sentence and of the words around it in the text, for the founding model."""

from __future__ import annotations

import re

from models.language.wording import ENDINGS, OPENINGS, Stretch
from models.protocols.founding import Candidate

CERTAINTIES = ("asserted", "hedged", "predicted", "reported", "questioned")
_WORD = re.compile(r"[^\W_]+(?:[.'’:/-][^\W_]+)*")


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b", re.IGNORECASE)


def _first(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"^(?:{'|'.join(alternatives)})\b", re.IGNORECASE)


# Only the words before or beside the sentence tell who or what these stand for.
POINTING = _words("it", "its", "this", "that", "these", "those", "they", "them", "their", "he", "she", "his",
                  "her", "we", "our", "us", "i", "my", "me", "you", "your")
_PERSONS = {
    "reader": _words("you", "your", "yourself"),
    "writer": _words("i", "my", "me", "mine", "imo", "i'm", "i've"),
    "writers": _words("we", "our", "us"),
}
_OPENINGS = {
    "pronoun first": _first("its?", "they", "their", "he", "she", "his", "her", "we", "our", "i", "my", "you",
                            "your", "this", "that", "these", "those", "there", "here"),
    "article first": _first("the"),
    "joint first": _first("and", "but", "so", "also", "however", "then", "meanwhile", "additionally", "plus",
                          "because", "while", "although", "though", "since", "even", "still", "yet",
                          "instead", "once"),
}
_SIGNS = {
    **_PERSONS, **_OPENINGS,
    "thing": _words("its?", "it's"),
    "others": _words("they", "them", "their", "he", "she", "his", "her"),
    "near": _words("this", "these", "here", "there"),
    "some first": _first("an?", "one", "some", "any", "another", "many", "most", "all", "people", "users",
                         "other"),
    "name first": re.compile(r"^[@#]?[A-Z][\w.-]*\s+[A-Z0-9][\w.-]*"),
    "small first": re.compile(r"^[a-z]"),
    "order first": _first("use", "try", "run", "check", "get", "make", "see", "read", "learn", "discover",
                         "download", "build", "using", "how", "why", "what", "when", "where", "which", "who",
                         "if", "for", "with", "in", "on", "by", "from", "as", "to", "meet", "introducing",
                         "announcing", "ask", "don't", "do", "let", "give", "imagine", "join"),
    "sign": re.compile(r"[|&~=→]|->"),
    "bracket": re.compile(r"[(\[]"),
    "colon": re.compile(r":"),
    "mark": re.compile(r"[\"“”'’]"),
    "cut": re.compile(r"\.\.\.|…"),
    "picture": re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]"),
    "hashtag": re.compile(r"#"),
    "digit": re.compile(r"\d"),
    "money": re.compile(r"[$€£]|\b(?:dollars?|[mb]illion)\b", re.IGNORECASE),
    "share": re.compile(r"%|\bpercent\b", re.IGNORECASE),
    "event": _words("release[sd]?", "launch(?:es|ed)?", "announce[sd]?", "unveil(?:s|ed)?", "introduce[sd]?",
                    "roll(?:ed|ing)", "available", "open[- ]sourced?", "acquire[sd]?", "su(?:es|ed|ing)",
                    "invest(?:s|ed|ing)?", "raise[sd]?", "ban(?:s|ned)?", "block(?:s|ed)?", "fired",
                    "join(?:s|ed)", "left", "signed", r"partner\w*", "hired?"),
    "taste": _words("better", "best", "good", "great", "bad", "worse", "worst", "cool", "nice", "easy",
                    "amazing", "impressive", "awesome", "fun", "crazy", "insane", "excellent", "terrible",
                    "solid", "decent", "pretty", "love", "hate", "useless", "useful", "powerful",
                    "interesting", "exciting", "revolutionary", "favou?rite", "hard", "huge", r"incredibl\w+",
                    "really", "very", "super", "quite", "so", "too", r"perfect\w*", r"beautiful\w*",
                    "fantastic", "brilliant"),
    "praise": _words(r"revolution\w*", "stands? out", "sota", "state[- ]of[- ]the[- ]art",
                     r"game[- ]chang\w*", "potential", "promis(?:es|ing)", "easily", "certainly",
                     "basically", "literally",
                     "kind of", "a lot", r"seamless\w*", r"effort\w*", "cutting[- ]edge",
                     "leading", "mega", "dumb", "shill", "bullshit", "stupid", "lame", "strong",
                     r"impact\w*", "excited"),
    "duty": _words("should", "must", "needs?", "has to", "have to", "ought"),
    "intent": _words("aims?", "attempts?", "designed", "hopes?", "wants?", "tr(?:y|ies|ying)", "goal",
                     "poised", "set out"),
    "defined before": re.compile(r"\bthe [a-z-]+(?:'s)?(?=$|[,.;]| (?:is|are|was|were|has|have|had|will|can"
                                 r"|and|to|with|on|from)\b)"),
    "hedge": _words("may", "might", "could", "maybe", "perhaps", "if", "would", "should", "must", "probably",
                    "likely", "seems?", "think", "guess", "believe", "hope", "want", "need"),
    "ability": _words("can", "can't", "cannot"),
    "future": _words("will", "going to", "set to", "plans?"),
    "anybody": _words("llms?", "ai", "models?", "chatbots?", "people", "users", "everyone", "anyone",
                      "nobody", "most", "always", "never", "companies", "tools?", "developers"),
    "example": _words("like", "such as", "etc"),
    "denied": re.compile(r"\b(?:not?|never|without)\b|n['’]t\b", re.IGNORECASE),
    "relative time": _words("today", "yesterday", "tomorrow", "now", "currently", "recently", "just",
                            "already", "yet", "soon", "last", "next", "this (?:week|month|year)"),
    "day": _words(r"20\d\d", "january", "february", "march", "april", "may", "june", "july", "august",
                  "september", "october", "november", "december",
                  r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"),
    "is": _words("is", "are", "was", "were"),
    "has": _words("has", "have", "had"),
    "doing": _words(r"\w+ing"),
    "speech": _words("says?", "said", "according", "told", "reports?", "reported", "claims?", "claimed",
                     "announced", "confirmed", "revealed"),
    "compared": _words("than", "vs", r"outperform\w*", r"beat\w*", r"surpass\w*"),
    "joint": _words("and"),
    "contrast": _words("but", "although", "while", "though"),
    "left hanging": re.compile(r"\b(?:of|to|in|for|on|with|by|at|as|from|the|an?|and|or|that|which|is|are|so"
                               r"|do|one|time|moment|other|same|more|such)$", re.IGNORECASE),
    "told before": re.compile(r"\b(?:the|this|our|their|his|her|its) (?:company|models?|team|startup|tool"
                              r"|feature|app|project|paper|article|author|study|chatbot|firm|system|service"
                              r"|platform|update|former|latter|same|new|latest|first|above|following)\b",
                              re.IGNORECASE),
}
_AROUND = {**_PERSONS, **_OPENINGS,
           **{name: _SIGNS[name] for name in ("hedge", "cut", "taste", "speech")}}


def features(candidate: Candidate, stretch: Stretch) -> list[float]:
    """Return plain features of a sentence that stands at `stretch` in its quotation."""
    claim, quote, context = candidate.claim, candidate.quote, candidate.context or ""
    words = claim.split() or [""]
    left, right = _WORD.findall(stretch.before.lower()), _WORD.findall(stretch.after.lower())
    end = quote.rstrip()[-1:]
    # A name's first word, lest another spelling of the rest hides it.
    names = [claim.lower().find(name.lower().split()[0]) for name in candidate.entities if name.strip()]
    positions = [position for position in names if position >= 0]
    capital = sum(word[:1].isupper() for word in words) / len(words)
    return [float(value) for value in (
        *(pattern.search(claim) is not None for pattern in _SIGNS.values()),
        *(pattern.search(quote) is not None for pattern in _AROUND.values()),
        *(stretch.opening == name for name in OPENINGS), *(stretch.ending == name for name in ENDINGS),
        stretch.opening == stretch.ending == "whole", min(len(left), 30) / 10, min(len(right), 30) / 10,
        "".join(right[:1]).endswith("ing"),
        len(words) / 20, len(words) > 25, len(words) > 35,
        claim.count(",") / 3, candidate.negated, candidate.part == "title",
        0 in names, len(positions) / 2, len(names) / 3, min(positions, default=320) / 50,
        *(candidate.certainty == name for name in CERTAINTIES), candidate.kind == "other",
        capital, capital > 0.7, end in (".", "!"), end == "!", end == "?", end == ":",
        bool(context), "answers:" in context, "title:" in context, "before:" in context,
    )]
