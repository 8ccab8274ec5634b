"""The server that `dashboard/launch.py` starts; Streamlit finds it by the name `app`."""

from pathlib import Path

from streamlit.starlette import App

from dashboard import launch, server
from dashboard.handover import API_MODELS
from pipeline.core.config import Config

home = launch.home()
app = App(
    Path(__file__).resolve().with_name("script.py"),
    routes=server.routes(home, API_MODELS),
    middleware=server.middleware(open_api=Config.load(home.config_file).dashboard.open_api),
)
