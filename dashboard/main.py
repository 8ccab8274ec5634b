"""The server that `dashboard/launch.py` starts; Streamlit finds it by the name `app`."""

from pathlib import Path

from streamlit.starlette import App

from dashboard import launch, server

app = App(
    Path(__file__).resolve().with_name("script.py"),
    routes=server.routes(launch.home()),
    middleware=server.middleware(),
)
