"""`rumortrail judge`: judge what changed, or tell where claims stood at another time."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console

from pipeline import show
from pipeline.errors import ConfigError
from pipeline.options import HomeOption, NowOption, clock, open_home


def judge(
    claim: Annotated[str | None, typer.Argument(help="With --as-of: the claim whose steps to tell; default all claims.")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Tell where claims stood then (a day: at its end), and write nothing.")] = None,
    known: Annotated[bool, typer.Option("--known", help="With --as-of: by what had been seen by then, not by what had been said.")] = False,
    home: HomeOption = None,
    now: NowOption = None,
) -> None:
    """Say where each claim stands that something happened to.

    What is done already is left: a second call does nothing. With --as-of nothing is judged: it tells where claims stood
    by what had been said until then, as far as it is known now; with --known, by what we had seen until then.

    Example: `rumortrail judge`, or `rumortrail judge --as-of 2026-03-01 --known`
    """
    if as_of is None and (claim or known):
        raise ConfigError("a claim and --known go with --as-of: write `rumortrail judge --as-of 2026-03-01 [CLAIM] [--known]`")
    where, config = open_home(home)
    if as_of is not None:
        from pipeline.standing import print_standing

        print_standing(Console(width=None if sys.stdout.isatty() else 160), where, config, as_of, known=known, claim_id=claim)
        return
    from pipeline.run import process

    with show.progress(Console(stderr=True)) as progress:
        report = process(where, config, now=clock(now), stages=["judge"], command="judge", progress=progress)
    show.run_report(Console(), report)
    raise typer.Exit(report.exit_code)
