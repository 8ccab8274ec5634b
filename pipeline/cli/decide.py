"""`rumortrail decide`: write and list editors' decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from pipeline.cli import console
from pipeline.cli.options import HomeOption, NowOption, clock, open_home
from pipeline.core.config import Config
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.core.records import Decision
from pipeline.core.vocabulary import DecisionKind
from pipeline.decisions.journal import Journal, as_value, check_value
from pipeline.decisions.preview import Consequences
from pipeline.published.database import open_published
from pipeline.published.place import copy_of

out = Console(soft_wrap=True)


_TARGET = ("The claim (merge, apart, status, note, hide), mention (split, move, stance), story (story_merge, "
           "story_split, story_title) or decision (undo).")
_VALUE = ("The other claim (merge, apart, move), the stance, the status, the other story, the claims that "
          "leave a story, or its title.")
_KINDS = ("merge, apart, split, move, stance, status, note, hide, story_merge, story_split, story_title or "
          "undo.")


def decide(
    kind: Annotated[
        DecisionKind | None,
        typer.Argument(help=_KINDS),
    ] = None,
    target: Annotated[str | None, typer.Argument(help=_TARGET)] = None,
    value: Annotated[str | None, typer.Argument(help=_VALUE)] = None,
    reason: Annotated[str, typer.Option(help="The reason; shown beside the decision.")] = "",
    editor: Annotated[str, typer.Option(help="Who decides.", envvar="RUMORTRAIL_EDITOR")] = "",
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Write it even where the target is not published (yet).")
    ] = False,
    home: HomeOption = None,
    now: NowOption = None,
) -> None:
    """Write an editor's decision into the journal, or list the journal; the next run obeys it.

    merge CLAIM CLAIM, apart CLAIM CLAIM, split MENTION, move MENTION CLAIM, stance MENTION STANCE, status
    CLAIM STATUS, note CLAIM, hide CLAIM, story_merge STORY STORY, story_split STORY "CLAIM CLAIM",
    story_title STORY "TITLE", undo DECISION. The command says what will change; `undo` takes it back.
    `rumortrail follow` makes a claim of a sentence, and `undo` ends that too.

    Example: `rumortrail decide status c1234 retracted --reason "the paper withdrew its story" --editor ada`
    """
    home_folder, config = open_home(home)
    journal = Journal(home_folder.journal)
    if kind is None:
        _list(journal.read())
    elif target is None:
        raise DataError(f"{kind} of what? `rumortrail decide --help` says what each kind needs")
    elif kind is DecisionKind.UNDO:
        _undo(journal, target, reason, editor, clock(now))
    else:
        value = as_value(kind, value)
        check_value(kind, target, value)
        lines = _preview(home_folder, config, kind, target, value, anyway)
        decision = journal.decide(kind, target, value, reason=reason, editor=editor, now=clock(now))
        _say(f"{decision.decision_id}: {kind} {target} {value or ''}".rstrip(), lines)
        undo_hint = f"`rumortrail decide undo {decision.decision_id}` takes it back"
        out.print(f"The next `rumortrail process` obeys it; {undo_hint}.")


def _preview(
    home: Home, config: Config, kind: DecisionKind, target: str, value: str | None, anyway: bool
) -> list[str]:
    """Return what will change; why that is not known, where the decision is written `anyway`."""
    try:
        connection = open_published(copy_of(home, config), config.ask)
        try:
            return Consequences(connection, config.ask.seconds).of(kind, target, value)
        finally:
            connection.close()
    except DataError as error:
        problem = str(error)
        if anyway:
            return [problem]
        hint = "" if "--anyway" in problem else ". --anyway writes the decision all the same"
        raise DataError(f"{problem}{hint}") from error


def _undo(journal: Journal, decision_id: str, reason: str, editor: str, now: datetime) -> None:
    entry = next((entry for entry in journal.read() if entry.decision_id == decision_id), None)
    if entry is not None and entry.undone_at is not None:
        out.print(f"{escape(decision_id)} was already undone on {entry.undone_at:%Y-%m-%d %H:%M} UTC")
        return
    journal.undo(decision_id, reason=reason, editor=editor, now=now)
    if entry is not None:
        summary = f"{entry.kind} {entry.target} {entry.value or ''}".rstrip()
        line = f"{summary}, by {entry.editor} on {entry.decided_at:%Y-%m-%d}: {entry.reason}"
        _say(f"undone: {decision_id}", [line])
    if entry is not None and entry.kind is DecisionKind.FOLLOW:
        out.print("From the next `rumortrail process` on the claim is no longer shown. What was gathered for "
                  "it is kept, and shown again once it is followed again.")
    else:
        out.print("From the next `rumortrail process` on, an earlier decision on the same counts again.")


def _list(entries: list[Decision]) -> None:
    columns = ["#", "decision", "at", "editor", "kind", "target", "value", "reason", "undone"]
    rows = [
        (d.number, d.decision_id, d.decided_at, d.editor, d.kind, d.target, d.value, d.reason, d.undone_at)
        for d in entries
    ]
    console.table(Console(width=None if out.is_terminal else 200), columns, rows, limit=len(rows))


def _say(heading: str, lines: list[str]) -> None:
    out.print(console.foreign(heading, 300))
    for line in lines:
        out.print(f"  {console.foreign(line, 300)}")
