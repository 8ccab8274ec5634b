"""Tell by the parse which times, and which "also", a sentence may be told without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from models.language.parsing.parser import Tree
from models.language.passing_words import MONTHS, TIMES
from models.lexicon import cues

Token = Any

_VERBS = cues().verbs
# Verbs of saying, and of doing once what is told: their time is that of the news.
_TELLS = (_VERBS["say"] | _VERBS["perform"] | _VERBS["launch"] | _VERBS["admit"] | _VERBS["deny"]
          | _VERBS["accuse"] | _VERBS["report"])
_DONE = frozenset({"has", "have", "had", "was", "were", "been", "'s", "'ve"})
_HANGS = ("npadvmod", "advmod", "prep", "dep")
# "Only launched yesterday", "since last week": the time is what is said.
_BOUND = frozenset({"only", "not", "n't", "never", "since", "until", "by", "before", "after", "than", "as",
                    "from"})


def times_of_telling(tree: Tree, verb: Token) -> list[list[Token]]:
    """Return the times, as runs of tokens, at which a clause was said, or what it tells was done.

    None where its verb is no such one, or not in the past, and none that another word needs.
    """
    adverbs = {tree.word(child) for child in verb.children if child.dep_ in ("advmod", "neg")}
    if tree.base(verb) not in _TELLS or not _past(tree, verb) or adverbs & _BOUND:
        return []
    # When a model was released is worth saying, and a month's name says it.
    return [run for run in _times(tree) if _tells_when(tree, run, verb)
            and not (is_deed(tree.base(verb)) and tree.word(run[-1]) in MONTHS)]


def additive(tree: Tree, verb: Token) -> list[list[Token]]:
    """Return each "also" that hangs on a verb, as runs of tokens; "not only X but also Y" has none."""
    return [[child] for child in verb.children
            if child.dep_ == "advmod" and tree.word(child) == "also" and _word_before(tree, child) != "but"]


def is_deed(base: str) -> bool:
    """Return whether a verb tells what is done and not said, so that its time may be left out only where its
    date is known: "released an update on Monday" and "on Friday" are two.
    """
    return base in _VERBS["launch"]


def _past(tree: Tree, verb: Token) -> bool:
    """Return whether a verb tells what was said or done."""
    auxiliaries = [tree.word(child) for child in verb.children if child.dep_ in ("aux", "auxpass")]
    return _DONE.issuperset(auxiliaries) if verb.tag_ == "VBN" else verb.tag_ == "VBD" and not auxiliaries


def _tells_when(tree: Tree, run: list[Token], verb: Token) -> bool:
    """Return whether a time is that of the verb: it hangs on it, stands beside it, or opens the sentence."""
    first, last = run[0], run[-1]
    following = tree.tokens[last.i + 1] if last.i + 1 < len(tree.tokens) else None
    owned = following is not None and following.tag_ in ("NN", "NNS", "POS")  # "last week's event"
    if owned or _word_before(tree, first) in _BOUND:
        return False
    tops = [token for token in run if token.head not in run or token.head == token]
    hangs = all(token.head == verb and token.dep_ in _HANGS for token in tops)
    beside = last.i == verb.i - 1 or first.i == verb.i + 1
    return hangs or beside or (first.i == 0 and verb.dep_ == "ROOT")


def _word_before(tree: Tree, token: Token) -> str:
    return tree.word(tree.tokens[token.i - 1]) if token.i else ""


def _times(tree: Tree) -> Iterator[list[Token]]:
    """Yield the tokens of each time that a sentence names by the date of its post."""
    starts, length = [], 0
    for token in tree.tokens:
        starts.append(length)
        length += len(tree.word(token)) + 1
    text = " ".join(map(tree.word, tree.tokens))
    for match in TIMES.finditer(text):
        yield [token for token, start in zip(tree.tokens, starts, strict=True)
               if match.start() <= start < match.end()]
