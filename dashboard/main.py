"""What `dashboard/launch.py` starts: the server, as Streamlit finds it by the name `app`.

It has a folder of its own: beside a folder named `pages`, Streamlit takes every module there for a script and runs it
without the main one (its older scheme of several pages) until `st.navigation` is called.
"""

from pathlib import Path

from streamlit.starlette import App

from dashboard import launch, server

app = App(
    Path(__file__).resolve().with_name("script.py"),
    routes=server.routes(launch.home()),
    middleware=server.middleware(),
)
