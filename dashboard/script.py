"""The script that Streamlit runs, once for each thing that a reader does.

Here alone the dashboard meets models and crawlers: it hands over a way to make an `Embedder`, which search
calls when it needs one, and the tools with which a text is checked and a link fetched.
"""

import gc

from crawlers.engine.single_page import fetcher
from dashboard.app import main
from dashboard.views.check.page import Tools
from pipeline.core.config import ModelConfig
from pipeline.published.meaning import Embedder
from pipeline.run.checking import checker
from pipeline.run.models import shared


def _embedder(models: ModelConfig) -> Embedder:
    return shared(models).embedder


# Streamlit collects all garbage after each run: looking through all that was loaded took a tenth of a second
# each time. The first run takes it out of what is looked through.
if not gc.get_freeze_count():
    gc.collect()
    gc.freeze()
main(_embedder, Tools(checker, fetcher))
