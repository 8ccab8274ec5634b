"""`rumortrail editor`: the editors who may sign in to the dashboard with a password and decide."""

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
    help="Name the editors who sign in to the dashboard with a password.\n\n"
    "docs/dashboard.md says how to sign in through OpenID Connect instead.\n\n"
    "Example: `rumortrail editor add ada`",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
Name = Annotated[str, typer.Argument(help="The name that is shown with each decision.")]


@app.command()
def add(name: Name, home: HomeOption = None) -> None:
    """Add an editor, or give one a new password, which signs out whoever used the old one.

    The password is asked for twice, or read from standard input where that is no terminal.

    Example: `rumortrail editor add ada`
    """
    home_folder, _ = open_home(home)
    if sys.stdin.isatty():
        question = f"Password for {name} ({SHORTEST} characters or more)"
        password = typer.prompt(question, hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    Accounts(home_folder.accounts).put(name, password)
    out.print(f"{escape(name)} may now sign in and decide.")


@app.command()
def remove(name: Name, home: HomeOption = None) -> None:
    """Take an editor's account away; the editor's decisions stay.

    Example: `rumortrail editor remove ada`
    """
    home_folder, _ = open_home(home)
    Accounts(home_folder.accounts).remove(name)
    out.print(f"{escape(name)} may no longer sign in, and is signed out.")


@app.command(name="list")
def list_(home: HomeOption = None) -> None:
    """List the editors who have a password.

    Example: `rumortrail editor list`
    """
    home_folder, config = open_home(home)
    names = [*Accounts(home_folder.accounts).all()]
    hint = "No editor has a password yet: `rumortrail editor add NAME`"
    out.print("\n".join(map(escape, names)) or hint)
    if config.sign_in.editors:
        out.print(f"Through OpenID Connect: {escape(config.sign_in.editors)}")
