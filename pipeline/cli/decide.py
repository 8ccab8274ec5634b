"""`rumortrail decide`: what editors say."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from pipeline.cli import console
from pipeline.cli.console import HomeOption, NowOption, clock, open_home
from pipeline.core.config import Config, Home
from pipeline.core.errors import DataError
from pipeline.core.records import Decision, DecisionKind
from pipeline.decisions.journal import Journal, check_value
from pipeline.decisions.preview import Consequences
from pipeline.published.database import open_published

out = Console(soft_wrap=True)


def decide(
    kind: Annotated[
        DecisionKind | None, typer.Argument(help="merge, apart, split, move, stance, status, note, hide or undo.")
    ] = None,
    target: Annotated[
        str | None,
        typer.Argument(
            help="The claim (merge, apart, status, note, hide), the mention (split, move, stance) or the decision (undo)."
        ),
    ] = None,
    value: Annotated[
        str | None, typer.Argument(help="The claim to merge into, to keep apart from or to move to, the stance, or the status.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; shown beside the decision.")] = "",
    editor: Annotated[str, typer.Option(help="Who decides.", envvar="RUMORTRAIL_EDITOR")] = "",
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also where the target is not published (yet).")
    ] = False,
    home: HomeOption = None,
    now: NowOption = None,
) -> None:
    """Write an editor's decision into the journal, or list the journal; the next run obeys it.

    merge CLAIM CLAIM, apart CLAIM CLAIM, split MENTION, move MENTION CLAIM, stance MENTION STANCE, status CLAIM STATUS, note CLAIM,
    hide CLAIM, undo DECISION. What will change is told; `undo` takes it back.

    Example: `rumortrail decide status c1234 retracted --reason "the paper withdrew its story" --editor ada`
    """
    where, config = open_home(home)
    journal = Journal(where.journal)
    if kind is None:
        _list(journal.read())
    elif target is None:
        raise DataError(f"{kind} of what? `rumortrail decide --help` tells what each kind needs")
    elif kind is DecisionKind.UNDO:
        _undo(journal, target, reason, editor, clock(now))
    else:
        check_value(kind, target, value)
        told = _told(where, config, kind, target, value, anyway)
        made = journal.decide(kind, target, value, reason=reason, editor=editor, now=clock(now))
        _say(f"{made.decision_id}: {kind} {target} {value or ''}".rstrip(), told)
        out.print(
            f"The next `rumortrail process` obeys it; `rumortrail decide undo {made.decision_id}` takes it back."
        )


def _told(
    where: Home, config: Config, kind: DecisionKind, target: str, value: str | None, anyway: bool
) -> list[str]:
    """What will change; why that cannot be told, where it is written `anyway`."""
    try:
        connection = open_published(where.published, config.ask)
        try:
            return Consequences(connection, config.ask.seconds).of(kind, target, value)
        finally:
            connection.close()
    except DataError as error:
        if not anyway:
            raise DataError(
                f"{error}. --anyway writes it all the same" if "--anyway" not in str(error) else str(error)
            ) from error
        return [str(error)]


def _undo(journal: Journal, decision_id: str, reason: str, editor: str, now: datetime) -> None:
    found = next((one for one in journal.read() if one.decision_id == decision_id), None)
    if found is not None and found.undone_at is not None:
        out.print(f"{escape(decision_id)} was taken back on {found.undone_at:%Y-%m-%d %H:%M} UTC already")
        return
    journal.undo(decision_id, reason=reason, editor=editor, now=now)
    if found is not None:
        words = f"{found.kind} {found.target} {found.value or ''}".rstrip()
        _say(
            f"undone: {decision_id}",
            [f"{words}, by {found.editor} on {found.decided_at:%Y-%m-%d}: {found.reason}"],
        )
    out.print(
        "From the next `rumortrail process` on it holds no more; an earlier decision on the same holds again."
    )


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
