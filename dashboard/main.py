"""The server that `dashboard/launch.py` starts; Streamlit finds it by the name `app`.

Here and in `script.py` alone the dashboard meets models: it hands over how they are made.
"""

from pathlib import Path

from streamlit.starlette import App

from dashboard import launch, server
from dashboard.api.service import Models
from pipeline.core.config import Config, ModelConfig
from pipeline.published.meaning import Embedder
from pipeline.run.checking import checker
from pipeline.run.models import shared


def _embedder(models: ModelConfig) -> Embedder:
    return shared(models).embedder


home = launch.home()
app = App(
    Path(__file__).resolve().with_name("script.py"),
    routes=server.routes(home, Models(_embedder, checker)),
    middleware=server.middleware(open_api=Config.load(home.config_file).dashboard.open_api),
)
