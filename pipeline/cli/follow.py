"""`rumortrail follow`: make a claim of a sentence."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli import console
from pipeline.cli.options import HomeOption, NowOption, clock, open_home
from pipeline.decisions.journal import Journal

out = Console(soft_wrap=True)


def follow(
    sentence: Annotated[str, typer.Argument(help="The claim, as a sentence that stands alone.")],
    reason: Annotated[str, typer.Option(help="Why; shown beside the claim.")] = "to be followed",
    editor: Annotated[str, typer.Option(help="Who follows it.", envvar="RUMORTRAIL_EDITOR")] = "editor",
    as_json: Annotated[bool, typer.Option("--json", help="Print the claim's id as JSON.")] = False,
    home: HomeOption = None,
    now: NowOption = None,
) -> None:
    """Make a claim of a sentence; the next run gathers what speaks to it, from everything stored so far.

    The sentence is written into the editors' journal. Following it again changes nothing; `rumortrail decide
    undo` takes it back.

    Example: `rumortrail follow "Meta trained Llama 4 on test sets." --editor ada`
    """
    home_folder, _ = open_home(home)
    decision, is_new = Journal(home_folder.journal).follow(
        sentence, reason=reason, editor=editor, now=clock(now)
    )
    if as_json:
        typer.echo(json.dumps({"claim_id": decision.target, "decision_id": decision.decision_id}))
        return
    out.print(console.foreign(f"{decision.target}: {decision.value}", 500))
    if not is_new:
        since = f"by {decision.editor} since {decision.decided_at:%Y-%m-%d %H:%M} UTC"
        out.print(console.foreign(f"It is followed already, {since}: {decision.reason}", 500))
    out.print(f"The next `rumortrail process` gathers what speaks to it; `rumortrail decide undo "
              f"{decision.decision_id}` takes it back.")
