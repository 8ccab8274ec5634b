"""`rumortrail judge`: judge what changed, or with `--as-of` show where claims stood at another time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from pipeline.cli import console as show
from pipeline.cli.options import HomeOption, NowOption, open_home
from pipeline.cli.runs import out, run_stages
from pipeline.core.config import Config
from pipeline.core.errors import ConfigError, DataError
from pipeline.core.home import Home
from pipeline.core.times import parse_span
from pipeline.store.queries import Statements

if TYPE_CHECKING:
    from pipeline.stages.judge.history import History

SQL = Statements("pipeline.stages.judge", "queries")

_CLAIM = "With --as-of: the claim whose history to show; default: all claims."
_AS_OF = "Show where claims stood then (a day: at its end), and write nothing."
_KNOWN = "With --as-of: by what had been seen by then, not by what had been said."


def judge(
    claim: Annotated[str | None, typer.Argument(help=_CLAIM)] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help=_AS_OF)] = None,
    known: Annotated[bool, typer.Option("--known", help=_KNOWN)] = False,
    home: HomeOption = None,
    now: NowOption = None,
) -> None:
    """Judge each claim whose evidence changed: unverified, corroborated, disputed and so on.

    A second call finds nothing left to do. With --as-of nothing is judged: it shows where claims stood by
    what had been said until then, as far as it is known now; with --known, by what we had seen until then.

    Example: `rumortrail judge`, or `rumortrail judge --as-of 2026-03-01 --known`
    """
    if as_of is None and (claim or known):
        usage = "write `rumortrail judge --as-of 2026-03-01 [CLAIM] [--known]`"
        raise ConfigError(f"a claim and --known need --as-of: {usage}")
    if as_of is None:
        run_stages(home, now, ["judge"], "judge")
    home_folder, config = open_home(home)
    print_standing(out, home_folder, config, as_of, known=known, claim_id=claim)


def last_instant(given: str) -> datetime:
    """Return the instant that is meant; of a day its last. Raises ConfigError for what is no time."""
    try:
        begins, ends = parse_span(given)
    except ValueError as error:
        raise ConfigError(f"--as-of {given!r} is not a time: "
                          "write it as 2026-03-01 or 2026-03-01T03:00:00Z") from error
    return max(begins, ends - timedelta(microseconds=1))


def print_standing(console: Console, home: Home, config: Config, given: str, *, known: bool,
                   claim_id: str | None) -> None:
    """Print where claims stood: a table of all, or the steps of one with its reasons and blind spots.

    Raises DataError where the claim is not there, or nothing was said or seen of it by then.
    """
    from pipeline.stages.judge.history import histories  # it and the store load numpy and Arrow
    from pipeline.store.store import Store

    at = last_instant(given)
    store = Store.read_only(home.work)
    try:
        voices = config.judge.corroborating_voices
        judged = list(histories(store, at, corroborating_voices=voices, known=known, claim_id=claim_id))
        blind_spots = store.execute(SQL["blind"], {"claim_id": claim_id, "at": at}) if claim_id else []
    finally:
        store.close()
    verb = "seen" if known else "said"
    if claim_id is None:
        columns = ["claim_id", "claim", "status", "score", "voices", "since", "rule"]
        rows = [_row(history) for history in sorted(judged, key=lambda history: history.subject.claim)]
        console.print(f"By what had been {verb} until {at:%Y-%m-%d %H:%M} UTC:")
        show.table(console, columns, rows, limit=config.ask.rows)
        return
    if not judged:
        raise DataError(f"nothing had been {verb} of a claim {claim_id!r} until {at:%Y-%m-%d %H:%M} UTC")
    [history] = judged
    console.print(f"[bold]{show.foreign(history.subject.claim, 1000)}[/]\nBy what had been {verb} until "
                  f"{at:%Y-%m-%d %H:%M} UTC:")
    for step in history.steps:
        when = f"{step.at:%Y-%m-%d %H:%M}" if step.said else f"seen {step.at:%Y-%m-%d %H:%M}"
        console.print(f"{when}  {show.styled(step.assessment.status)} {step.assessment.score:.2f}  "
                      f"{show.foreign(step.reason, 1000)}", soft_wrap=True)
    console.print(f"What would change it: {escape(history.steps[-1].assessment.rule.would_change)}",
                  soft_wrap=True)
    for source, kind, since, until, message in blind_spots:
        span = f"{since:%Y-%m-%d} to {until:%Y-%m-%d}" if until else f"since {since:%Y-%m-%d}"
        console.print(f"Not read: {show.foreign(source, 1000)} ({kind}, {span}): "
                      f"{show.foreign(message or '', 1000)}", soft_wrap=True)


def _row(history: History) -> tuple[object, ...]:
    step = history.steps[-1]
    assessment = step.assessment
    since = step.at if step.said else None
    return (history.subject.claim_id, history.subject.claim, assessment.status, assessment.score,
            assessment.voices, since, assessment.rule.id)
