"""`rumortrail mcp`: the published copy for assistants."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli.options import HomeOption, open_home
from pipeline.core.errors import ConfigError

# Standard output carries the protocol alone.
err = Console(stderr=True)


def mcp(
    home: HomeOption = None,
    http: Annotated[
        bool, typer.Option("--http", help="Serve over streamable HTTP, at /mcp, instead of standard input.")
    ] = False,
    port: Annotated[int, typer.Option(help="With --http.")] = 8766,
    host: Annotated[str, typer.Option(help="With --http: an address of this machine.")] = "127.0.0.1",
    name: Annotated[
        list[str] | None,
        typer.Option(help="With --http: also serve others, who reach this machine by this name."),
    ] = None,
) -> None:
    """Answer an assistant's questions from the published copy (Model Context Protocol); nothing is written.

    An assistant starts it by itself and asks over standard input and output. With `--http` it waits for any
    number of them, on this machine alone unless a --name is given: whoever reaches it can read everything.

    Example: `rumortrail mcp --http --port 8766`
    """
    # Here, since no other command needs them.
    from pipeline.assistants import http as over_http
    from pipeline.assistants.server import make
    from pipeline.assistants.tools import Tools
    from pipeline.published.meaning import Load
    from pipeline.run.interactive import checker, embedder

    home_folder, _ = open_home(home)
    server = make(Tools(home_folder, lambda config: Load(config.models, embedder), checker))
    if not http:
        server.run("stdio")
        return
    if not over_http.local(host) and not name:
        raise ConfigError(
            f"others can reach {host}: allow it with --name and the name by which they reach this machine"
        )
    err.print(f"For assistants: http://{host}:{port}{over_http.PATH}  (stop it with Ctrl-C)")
    over_http.serve(server, host, port, name or [])
