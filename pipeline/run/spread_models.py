"""The models of a run, spread over an engine's workers: what is given to one is read in batches by many.

Each wrapper answers as the model behind it, to the last bit: every text is read by itself, so it does not
matter which ones it is sent with. What costs little (names, the language of a text, weighing what was read)
is done here, and so are batches that are read sooner than sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache, cached_property, partial
from importlib.metadata import version
from importlib.resources import files
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.language.beside import SMALL, length, together
from models.onnx.weights import DEFAULT
from models.protocols.founding import Candidate, Founder, Founding
from models.protocols.language import DocumentText, KnownName, Language, Reading, Statement
from models.protocols.of_a_run import Models
from models.protocols.stance import EntailmentModel, StanceModel, StanceOpinion, StancePair, TextPair
from models.protocols.vectors import Embedder, Retriever
from pipeline.core.config import ModelConfig
from pipeline.core.engine import Engine
from pipeline.core.errors import ModelError
from pipeline.engine.local import Processes
from pipeline.run.models import LazyModels

LEAST = 16
"""Items of a batch that is sent; of less than two such batches all are read here."""
MOST = 256
"""Items of the largest batch: no worker is given much when the others have nothing left."""
EACH = 4
"""Batches for each worker, if there is enough, so that all end at about the same time."""

Item = TypeVar("Item")


class SpreadModels:
    """The models of `models.protocols.of_a_run.Models`, which read where the engine has workers.

    On this machine texts are read in processes of their own already. A user's own embedding model
    rounds differently in another batch, so it reads here.
    """

    def __init__(self, config: ModelConfig, engine: Engine) -> None:
        self._here = LazyModels(config)
        self._config, self._engine = config, engine
        self._exact = config.embedding == DEFAULT

    @cached_property
    def language(self) -> Language:
        """Return the model that finds mentions."""
        if isinstance(self._engine, Processes):
            return self._here.language
        return SpreadLanguage(self._here.language, self._desk("language", self._here.language.name))

    @cached_property
    def embedder(self) -> Embedder:
        """Return the model that makes vectors."""
        if not self._exact:
            return self._here.embedder
        return SpreadEmbedder(self._here.embedder, self._desk("embedder", self._here.embedder.name))

    @cached_property
    def retriever(self) -> Retriever:
        """Return the models by which passages are searched for."""
        here = self._here.retriever
        return Retriever(SpreadEmbedder(here.claims, self._desk("retriever.claims", here.claims.name)),
                         SpreadEmbedder(here.passages, self._desk("retriever.passages", here.passages.name)))

    @cached_property
    def stance(self) -> StanceModel:
        """Return the model that tells where a mention stands."""
        return SpreadStance(self._here.stance, self._desk("stance", self._here.stance.name))

    @cached_property
    def entailment(self) -> EntailmentModel:
        """Return the model that tells whether a passage bears out the whole of a claim."""
        return SpreadEntailment(self._here.entailment, self._desk("entailment", self._here.entailment.name))

    @cached_property
    def founder(self) -> Founder:
        """Return the model that says which sentences may found a claim."""
        if not self._exact:
            return self._here.founder
        return SpreadFounder(self._here.founder, self._desk("founder", self._here.founder.name))

    def _desk(self, model: str, name: str) -> _Desk:
        return _Desk(self._engine, self._config, model, name)


class _Desk:
    """Hands the texts for one model to the workers; `name` is what the model must be called there."""

    def __init__(self, engine: Engine, config: ModelConfig, model: str, name: str) -> None:
        self._engine, self._config, self._model, self._name = engine, config, model, name

    def ask(self, method: str, items: Sequence[Item], here: Callable[[Sequence[Item]], Iterable[Any]]
            ) -> list[Any]:
        """Return what the model's `method` answers to items, one answer an item; `here` is that method in
        this process, for a few.
        """
        if len(items) < 2 * LEAST:
            return list(here(items))
        size = min(MOST, max(LEAST, -(-len(items) // (EACH * self._engine.workers))))
        parts = (items[start : start + size] for start in range(0, len(items), size))
        return [result for answers in self.answers(method, parts) for result in answers]

    def answers(self, method: str, parts: Iterable[Sequence[Item]]) -> Iterator[list[Any]]:
        """Yield what the model's `method` answers to each part."""
        ask_worker = partial(answer, self._model, method, name=self._name, config=self._config)
        return self._engine.map(ask_worker, parts)


class SpreadLanguage:
    """A language model that reads on the workers what is not read on the spot."""

    def __init__(self, here: Language, desk: _Desk) -> None:
        self._here, self._desk = here, desk
        self.name = here.name

    def language_of(self, passage: DocumentText) -> str:
        """Return the two-letter code of the language that a passage is written in."""
        return self._here.language_of(passage)

    def known(self, names: Iterable[str]) -> Iterator[KnownName]:
        """Yield what is known of each of these names."""
        return self._here.known(names)

    def statement(self, sentence: str, when: datetime | None) -> Statement:
        """Return what a sentence is about."""
        return self._here.statement(sentence, when)

    def read(self, texts: Iterable[DocumentText]) -> Iterator[Reading | None]:
        """Yield the reading of each text, in order; None for one that takes more than its processor time."""
        documents = list(texts)
        if sum(map(length, documents)) <= SMALL:
            yield from self._here.read(documents)
            return
        for readings in self._desk.answers("read", together(documents)):
            yield from readings


class SpreadEmbedder:
    """An embedder that reads many texts on the workers."""

    def __init__(self, here: Embedder, desk: _Desk) -> None:
        self._here, self._desk = here, desk
        self.name = here.name

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return self._here.dimension

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), dimension)."""
        vectors = self._desk.ask("encode", texts, self._here.encode)
        return np.stack(vectors) if vectors else self._here.encode(texts)


class SpreadStance:
    """A relation model that reads many pairs on the workers, and weighs here what was read."""

    def __init__(self, here: StanceModel, desk: _Desk) -> None:
        self._here, self._desk = here, desk
        self.name = here.name

    def judge(self, pairs: Sequence[StancePair]) -> list[StanceOpinion]:
        """Return one opinion for each pair, in order."""
        return self._desk.ask("judge", pairs, self._here.judge)

    def read(self, pairs: Sequence[TextPair]) -> list[dict[str, float]]:
        """Return the probabilities of the five labels for each pair, in order."""
        return self._desk.ask("read", pairs, self._here.read)

    def promise(self, pairs: Sequence[TextPair]) -> list[float]:
        """Return for each pair, in order, how likely it belongs by what is known before it is read."""
        return self._desk.ask("promise", pairs, self._here.promise)

    def told(self, pairs: Sequence[TextPair]) -> list[Any]:
        """Return what the model reads of each pair, in order, before it is weighed."""
        return self._desk.ask("told", pairs, self._here.told)

    def weighed(self, pairs: Sequence[TextPair], told: Sequence[Any], others: Sequence[float] | None = None
                ) -> list[dict[str, float]]:
        """Return the probabilities that `read` returns, from what is `told` of the pairs."""
        return self._here.weighed(pairs, told, others)


class SpreadEntailment:
    """An entailment model that reads many pairs on the workers."""

    def __init__(self, here: EntailmentModel, desk: _Desk) -> None:
        self._here, self._desk = here, desk
        self.name = here.name

    def entails(self, pairs: Sequence[TextPair]) -> list[float]:
        """Return for each pair, in order, how likely its text says all that matters in its claim."""
        return self._desk.ask("entails", pairs, self._here.entails)


class SpreadFounder:
    """A founding model that judges many sentences on the workers."""

    def __init__(self, here: Founder, desk: _Desk) -> None:
        self._here, self._desk = here, desk
        self.name = here.name

    def judge(self, candidates: Sequence[Candidate]) -> list[Founding]:
        """Return what it finds of each sentence, in order."""
        return self._desk.ask("judge", candidates, self._here.judge)

    def kind(self, sentence: str, by_rule: str) -> str:
        """Return what a sentence that an editor wrote is about."""
        return self._here.kind(sentence, by_rule)


def spread(config: ModelConfig, engine: Engine) -> Models:
    """Return the models of a run, spread over the workers of an engine where it has several."""
    return LazyModels(config) if engine.workers == 1 else SpreadModels(config, engine)


def answer(model: str, method: str, part: Sequence[Any], *, name: str, config: ModelConfig) -> list[Any]:
    """Return what a model's method answers to a part, in a worker, which loads each model once.

    Raises ModelError where the model is called otherwise here than where the part came from: its weights or
    files are others.
    """
    reader: Any = _models(config)
    for attribute in model.split("."):
        reader = getattr(reader, attribute)
    if reader.name != name:
        raise ModelError(
            f"a worker reads by {reader.name}, and the run by {name}: its files must be the same"
        )
    return list(getattr(reader, method)(part))


@cache
def _models(config: ModelConfig) -> LazyModels:
    # Whatever is sent to be read takes time, so that it is read within a bound.
    return LazyModels(config, small=0)


@cache
def installed() -> str:
    """Return what this process has installed: the version of Rumortrail, and the digest of its weights."""
    pinned = files("models").joinpath("weights", "SHA256SUMS").read_bytes()
    return f"Rumortrail {version('rumortrail')} with the weights {hashlib.sha256(pinned).hexdigest()[:12]}"
