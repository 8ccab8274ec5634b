"""Stand in for the models behind their protocols: quick, deterministic and predictable."""

from __future__ import annotations

import pickle
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.protocols.founding import Candidate, Founder, Founding
from models.protocols.language import DocumentText, FoundMention, KnownName, Language, Reading, Statement
from models.protocols.stance import EntailmentModel, StanceModel, StanceOpinion, StancePair, TextPair
from models.protocols.vectors import Embedder, Retriever
from pipeline.core.engine import Batch, Lost, Result


class FakeLanguage:
    """Every sentence that names "Model <word>" is a mention; "not" in it negates; the account speaks."""

    name = "fake-language-1"

    def language_of(self, passage: DocumentText) -> str:
        return passage.language or "en"

    def read(self, texts: Iterable[DocumentText]) -> Iterator[Reading]:
        for text in texts:
            parts = (("title", text.title or ""), ("text", text.text))
            yield Reading(tuple(mention for part_name, words in parts
                                for mention in self._sentences(part_name, words, text)))

    def statement(self, sentence: str, when: datetime | None) -> Statement:
        names = tuple(re.findall(r"Model \w+", sentence))
        return Statement("release", (), names, tuple(re.findall(r"\b\d+b\b", sentence)), None, "unknown")

    def known(self, names: Iterable[str]) -> Iterator[KnownName]:
        yield from (KnownName(name, "model", None) for name in names if name.startswith("Model "))

    def _sentences(self, part: str, text: str, passage: DocumentText) -> Iterator[FoundMention]:
        for match in re.finditer(r"[^.\n]*Model \w+[^.\n]*\.?", text):
            quote = match.group().strip()
            start = match.start() + match.group().index(quote)
            model = re.search(r"Model \w+", quote)
            assert model
            negated = " not " in quote
            yield FoundMention(
                part=part,
                start=start,
                end=start + len(quote),
                proposition=quote.replace(" not ", " "),
                kind="size" if "parameters" in quote else "release",
                speaker=passage.author or passage.source_name,
                by_author=True,
                speaker_organisation=None,
                speaker_role=passage.source_role,
                speech_verb=None,
                attributed_to=None,
                negated=negated,
                certainty="asserted",
                event_at=None,
                event_precision="unknown",
                organisations=(),
                entities=(model.group(),),
                numbers=tuple(re.findall(r"\b\d+b\b", quote)),
                cues=("not",) if negated else (),
            )


class FakeEmbedder:
    """Hashed bags of words: texts with the same words have the same vector."""

    name = "fake-embedder-1"
    dimension = 64

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                vectors[row, zlib.crc32(word.encode()) % self.dimension] += 1
        norms: NDArray[np.float32] = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.maximum(norms, 1e-9)


class FakeStance:
    """A negated mention denies, every other supports."""

    name = "fake-stance-1"

    def judge(self, pairs: Sequence[StancePair]) -> list[StanceOpinion]:
        return [StanceOpinion("denies" if pair.negated else "supports", 0.9, pair.cues) for pair in pairs]

    def read(self, pairs: Sequence[TextPair]) -> list[dict[str, float]]:
        return [self._shares(pair) for pair in pairs]

    def promise(self, pairs: Sequence[TextPair]) -> list[float]:
        return [1.0] * len(pairs)

    def told(self, pairs: Sequence[TextPair]) -> list[dict[str, float]]:
        return self.read(pairs)

    def weighed(self, pairs: Sequence[TextPair], told: Sequence[dict[str, float]],
                others: Sequence[float] | None = None) -> list[dict[str, float]]:
        return list(told)

    def _shares(self, pair: TextPair) -> dict[str, float]:
        stance = "denies" if " not " in pair.text else "questions" if "?" in pair.text else "supports"
        labels = ("supports", "denies", "questions", "reports", "unrelated")
        return {label: 0.6 if label == stance else 0.1 for label in labels}


class FakeEntailment:
    """A text that supports a claim says all of it."""

    name = "fake-entailment-1"

    def entails(self, pairs: Sequence[TextPair]) -> list[float]:
        return [1.0] * len(pairs)


class FakeFounder:
    """Every sentence may found a claim."""

    name = "fake-founder-1"

    def judge(self, candidates: Sequence[Candidate]) -> list[Founding]:
        return [Founding(1.0, "unsound", candidate.kind) for candidate in candidates]

    def kind(self, sentence: str, by_rule: str) -> str:
        return by_rule


@dataclass(frozen=True)
class FakeModels:
    """All the fakes above; the embedder searches for passages."""

    language: Language = field(default_factory=FakeLanguage)
    embedder: Embedder = field(default_factory=FakeEmbedder)
    stance: StanceModel = field(default_factory=FakeStance)
    entailment: EntailmentModel = field(default_factory=FakeEntailment)
    founder: Founder = field(default_factory=FakeFounder)

    @property
    def retriever(self) -> Retriever:
        return Retriever(self.embedder, self.embedder)


class SendingEngine:
    """An engine whose four workers are this process: arguments and results are pickled all the same."""

    workers = 4

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def map(self, function: Callable[[Batch], Result], batches: Iterable[Batch],
            lost: Lost[Result] | None = None) -> Iterator[Result]:
        for batch in batches:
            work, copied_batch = pickle.loads(pickle.dumps((function, batch)))
            self.sent.append(copied_batch)
            yield pickle.loads(pickle.dumps(work(copied_batch)))
