"""The script that Streamlit runs, once for each thing that a reader does.

Here alone the dashboard meets a model: it hands over a way to make an `Embedder`, which search calls when it
needs one.
"""

from dashboard.app import main
from pipeline.core.config import ModelConfig
from pipeline.published.meaning import Embedder
from pipeline.run.models import LazyModels


def _embedder(models: ModelConfig) -> Embedder:
    return LazyModels(models).embedder


main(_embedder)
