"""Load the models of a run when they are first used."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property

from models.protocols.founding import Founder
from models.protocols.language import Language
from models.protocols.second_reader import NoAnswer, SecondReader
from models.protocols.stance import EntailmentModel, StanceModel
from models.protocols.vectors import Embedder, Retriever
from pipeline.core.config import Config, ModelConfig
from pipeline.core.errors import ConfigError, ModelError, SourceError
from pipeline.core.http import StatusError, post, user_agent
from pipeline.core.setting_types import on_this_machine

SECOND_READER_KEY = "RUMORTRAIL_SECOND_READER_KEY"
"""The variable of the environment with the key that the second reader's server asks for."""

_MOST = 1_000_000
"""Bytes of a server's answer; an opinion is some hundred."""


SPOT, SECONDS = 10_000, 30
"""Characters of a text that somebody waits for and that is read on the spot, and processor seconds that a
longer one may take, in a process of its own: 50,000 characters take 1 to 6, whatever they are made of.
"""
_LOCK = threading.Lock()
_shared: dict[str, LazyModels] = {}


class LazyModels:
    """Loads each model, with its library, when a stage first uses it.

    `bounds` says how long texts are read, as `models.language.load_beside` takes it. Raises ModelError where
    a model or its weights are missing.
    """

    def __init__(self, config: ModelConfig, **bounds: int) -> None:
        self.config = config
        self._bounds = bounds

    @cached_property
    def language(self) -> Language:
        """Return the model that finds mentions."""
        with _as_model_error():
            from models import language

            return language.load_beside(self.config.language, self.config.gazetteer, **self._bounds)

    @cached_property
    def embedder(self) -> Embedder:
        """Return the model that makes vectors."""
        with _as_model_error():
            from models.embedding import embedder as embedding

            return embedding.load(self.config.embedding)

    @cached_property
    def retriever(self) -> Retriever:
        """Return the models by which passages are searched for."""
        with _as_model_error():
            from models.embedding import retriever

            return retriever.load()

    @cached_property
    def stance(self) -> StanceModel:
        """Return the model that tells where a mention stands."""
        with _as_model_error():
            from models.stance import model as stance

            return stance.load(self.retriever)

    @cached_property
    def entailment(self) -> EntailmentModel:
        """Return the model that tells whether a passage bears out the whole of a claim."""
        with _as_model_error():
            from models.entailment import model as entailment

            return entailment.load()

    @cached_property
    def founder(self) -> Founder:
        """Return the model that says which sentences may found a claim."""
        with _as_model_error():
            from models.founding import model as founding

            return founding.load(self.embedder, self.retriever.passages)


def shared(config: ModelConfig) -> LazyModels:
    """Return the models of a process that stays, once for all that ask: they take half a gigabyte."""
    key = repr(config)
    with _LOCK:
        if key not in _shared:
            _shared.clear()
            # Where strangers ask, no long text is read without a bound of its time.
            _shared[key] = LazyModels(config, small=SPOT, seconds=SECONDS)
        return _shared[key]


def second_reader(config: Config, environment: Mapping[str, str]) -> SecondReader | None:
    """Return the second reader of `[second_reader]`, or None where no server is named.

    Raises ConfigError where the model is not named, or the key cannot be sent; no message has the key.
    """
    settings = config.second_reader
    if not settings.url:
        return None
    from models.second_reader.chat import ChatReader

    model = settings.model.strip()
    if not model:
        raise ConfigError("[second_reader] url is set and model is not: name the model to ask")
    headers = {"Content-Type": "application/json", "User-Agent": user_agent()}
    if key := environment.get(SECOND_READER_KEY, "").strip():
        if not (key.isascii() and key.isprintable()):
            raise ConfigError(f"{SECOND_READER_KEY} holds characters that no key has")
        headers["Authorization"] = f"Bearer {key}"
    url = f"{settings.url.rstrip('/')}/chat/completions"
    # What is asked on this machine stays on it.
    proxy = "" if on_this_machine(url) else config.crawl.proxy or None

    def ask(body: bytes) -> bytes:
        name = "[second_reader] url"
        try:
            answer = post(name, url, body, headers, seconds=settings.seconds, limit=_MOST + 1, proxy=proxy)
        except StatusError as error:
            raise NoAnswer(str(error), rejected=error.status in (400, 422)) from None
        except SourceError as error:
            raise NoAnswer(str(error)) from None
        if len(answer) > _MOST:
            raise NoAnswer(f"{name} answered with more than {_MOST:,} bytes")
        return answer

    return ChatReader(model, ask)


@contextmanager
def _as_model_error() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, ImportError) as error:
        raise ModelError(f"{error}") from error
