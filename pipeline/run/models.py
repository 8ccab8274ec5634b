"""Load the models of a run when they are first used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from models.protocols import Embedder, Founder, Language, StanceModel
from pipeline.core.config import ModelConfig
from pipeline.core.errors import ModelError


class LazyModels:
    """Loads each model, with its library, when a stage first uses it.

    Raises ModelError where a model or its weights are missing.
    """

    def __init__(self, config: ModelConfig) -> None:
        self.config = config

    @cached_property
    def language(self) -> Language:
        """Return the model that finds mentions."""
        with _as_model_error():
            from models import language

            return language.load(self.config.language, self.config.gazetteer)

    @cached_property
    def embedder(self) -> Embedder:
        """Return the model that makes vectors."""
        with _as_model_error():
            from models.embedding import embedder as embedding

            return embedding.load(self.config.embedding)

    @cached_property
    def stance(self) -> StanceModel:
        """Return the model that tells where a mention stands."""
        with _as_model_error():
            from models.stance import model as stance

            return stance.load()


    @cached_property
    def founder(self) -> Founder:
        """Return the model that says which sentences may found a claim."""
        with _as_model_error():
            from models.founding import TrainedFounder

            return TrainedFounder(self.embedder, self.stance)


@contextmanager
def _as_model_error() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, ImportError) as error:
        raise ModelError(f"{error}") from error
