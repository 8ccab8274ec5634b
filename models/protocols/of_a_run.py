"""The models that a run is given."""

from __future__ import annotations

from typing import Protocol

from models.protocols.founding import Founder
from models.protocols.language import Language
from models.protocols.stance import EntailmentModel, StanceModel
from models.protocols.vectors import Embedder, Retriever


class Models(Protocol):
    """The models of one run."""

    @property
    def language(self) -> Language:
        """Return the model that finds mentions."""

    @property
    def embedder(self) -> Embedder:
        """Return the model that makes vectors."""

    @property
    def retriever(self) -> Retriever:
        """Return the models by which passages are searched for."""

    @property
    def stance(self) -> StanceModel:
        """Return the model that judges where a mention stands."""

    @property
    def entailment(self) -> EntailmentModel:
        """Return the model that judges whether a passage bears out the whole of a claim."""

    @property
    def founder(self) -> Founder:
        """Return the model that judges which sentences may found a claim."""
