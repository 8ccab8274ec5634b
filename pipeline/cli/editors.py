"""`rumortrail editor`: who may sign in to the dashboard with a password and decide."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from pipeline.cli.options import HomeOption, open_home
from pipeline.decisions.accounts import SHORTEST, Accounts

out = Console(soft_wrap=True)
app = typer.Typer(
    name="editor",
    help="Name the editors who sign in to the dashboard with a password (docs/dashboard.md tells of OpenID Connect).\n\n"
    "Example: `rumortrail editor add ada`",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
Name = Annotated[str, typer.Argument(help="As it stands under each decision.")]


@app.command()
def add(name: Name, home: HomeOption = None) -> None:
    """Add an editor, or give one a new password; whoever is signed in with the old one is signed out.

    The password is asked for twice, or read from standard input where that is no terminal.

    Example: `rumortrail editor add ada`
    """
    where, _ = open_home(home)
    if sys.stdin.isatty():
        words = f"Password for {name} ({SHORTEST} characters or more)"
        password = typer.prompt(words, hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    Accounts(where.accounts).put(name, password)
    out.print(f"{escape(name)} may sign in and decide. `rumortrail editor remove` takes that back.")


@app.command()
def remove(name: Name, home: HomeOption = None) -> None:
    """Take an editor's account away; what the editor decided stays.

    Example: `rumortrail editor remove ada`
    """
    where, _ = open_home(home)
    Accounts(where.accounts).remove(name)
    out.print(f"{escape(name)} may no longer sign in; whoever was signed in by that name is signed out.")


@app.command(name="list")
def list_(home: HomeOption = None) -> None:
    """List the editors who have a password.

    Example: `rumortrail editor list`
    """
    where, config = open_home(home)
    names = [*Accounts(where.accounts).all()]
    out.print("\n".join(map(escape, names)) if names else "Nobody has a password: `rumortrail editor add NAME`")
    if config.sign_in.editors:
        out.print(f"Through OpenID Connect: {escape(config.sign_in.editors)}")
