"""`rumortrail watch`: watches, which tell by Atom, mail or webhook what moved about some claims."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli import console
from pipeline.cli.options import HomeOption, NowOption, clock, open_home
from pipeline.core.errors import DataError, SourceError
from pipeline.published.claim_filter import ClaimFilter, in_a_line
from pipeline.watches.records import Channel, QuietHours, Rhythm, Watch, WatchDraft
from pipeline.watches.store import WatchStore

out = Console(soft_wrap=True)
app = typer.Typer(
    name="watch",
    help="Be told what moved: by Atom, mail or webhook, about the claims that pass a filter.\n\n"
    "docs/watches.md says what is told, and when.\n\n"
    "Example: `rumortrail watch add \"Disputed\" --status disputed --mail desk@paper.example`",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
WatchId = Annotated[str, typer.Argument(help="The id of the watch, as `rumortrail watch list` shows it.")]
Several = list[str] | None


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The name of the watch; it stands in what is sent.")],
    organisations: Annotated[Several, typer.Option("--org", help="An organisation; may be repeated.")] = None,
    models: Annotated[Several, typer.Option("--model", help="A model; may be repeated.")] = None,
    kinds: Annotated[Several, typer.Option("--kind", help="A kind of claim; may be repeated.")] = None,
    sources: Annotated[Several, typer.Option("--source", help="A source that carries it, by name.")] = None,
    statuses: Annotated[Several, typer.Option("--status", help="Claims that have or had it.")] = None,
    stories: Annotated[Several, typer.Option("--story", help="The id of a story; may be repeated.")] = None,
    words: Annotated[str, typer.Option(help='Words that a passage holds: gpt "test set"')] = "",
    single: Annotated[bool, typer.Option("--single", help="Claims that rest on one voice or none.")] = False,
    due: Annotated[bool, typer.Option("--due", help="Open claims that name a time to come.")] = False,
    denied: Annotated[bool, typer.Option("--denied", help="Claims that their subject denies.")] = False,
    followed: Annotated[bool, typer.Option("--followed", help="Claims that an editor follows.")] = False,
    rivals: Annotated[str, typer.Option(help="With a rival: any, number, date, version, subject.")] = "",
    atom: Annotated[bool, typer.Option("--atom", help="Write an Atom feed.")] = False,
    mail: Annotated[str, typer.Option(help="The mail address that is told.")] = "",
    webhook: Annotated[
        str, typer.Option(help="A webhook of Slack or Mattermost.", envvar="RUMORTRAIL_WATCH_WEBHOOK")
    ] = "",
    rhythm: Annotated[Rhythm, typer.Option(help="When it is told.")] = Rhythm.NIGHTLY,
    quiet: Annotated[str, typer.Option(help="Hours in which nothing is sent: 22:00-07:00")] = "",
    zone: Annotated[str, typer.Option(help="The time zone of its clock: Europe/Berlin")] = "UTC",
    owner: Annotated[str, typer.Option(help="Its owner.", envvar="RUMORTRAIL_EDITOR")] = "editor",
    home: HomeOption = None,
    now: NowOption = None,
) -> None:
    """Keep a watch. The next nightly run tells it what is new then.

    Example: `rumortrail watch add "Meta" --org Meta --mail ada@paper.example --quiet 22:00-07:00 --zone
    Europe/Berlin`
    """
    home_folder, config = open_home(home)
    claim_filter = ClaimFilter(
        statuses=tuple(statuses or ()),
        kinds=tuple(kinds or ()),
        organisations=tuple(organisations or ()),
        models=tuple(models or ()),
        sources=tuple(sources or ()),
        stories=tuple(stories or ()),
        words=words,
        single=single,
        due=due,
        denied=denied,
        followed=followed,
        rivals=rivals,
    )
    hours = QuietHours.of(quiet)
    draft = WatchDraft(name, owner, claim_filter, atom, mail.strip(), webhook.strip(), rhythm, hours, zone)
    watch = WatchStore(home_folder.watches).add(draft, now=clock(now))
    out.print(console.foreign(f"{watch.watch_id}: {watch.name}, {_filter(watch)}", 500))
    if watch.mail and not config.mail.host:
        out.print("No mail is sent until `host` under [mail] in rumortrail.toml is set.", markup=False)
    if watch.atom:
        out.print(
            f"Its feed, from the next run on: {home_folder.watch_feeds / watch.watch_id}.atom", markup=False
        )
    out.print(f"See what it would tell: `rumortrail watch test {watch.watch_id}`")


@app.command(name="list")
def list_(home: HomeOption = None) -> None:
    """List the watches. Mail addresses and webhooks are not shown.

    Exit code 1: a watch cannot be read, and tells nothing.

    Example: `rumortrail watch list`
    """
    home_folder, _ = open_home(home)
    store = WatchStore(home_folder.watches)
    columns = ["watch", "name", "owner", "filter", "tells by", "rhythm", "quiet hours", "since"]
    rows = [
        (w.watch_id, w.name, w.owner, _filter(w), _channels(w), w.rhythm, _quiet(w), w.created_at)
        for w in store.all()
    ]
    faulty = store.faulty()
    if not rows and not faulty:
        out.print("There is no watch yet: `rumortrail watch add NAME --mail ADDRESS`")
        return
    if rows:
        console.table(Console(width=None if out.is_terminal else 200), columns, rows, limit=len(rows))
    for watch in faulty:
        out.print(f"[red]Not read[/]: {console.foreign(f'{watch.name}: {watch.fault}', 500)}")
    raise typer.Exit(int(bool(faulty)))


@app.command()
def test(
    watch: WatchId,
    days: Annotated[float, typer.Option(help="How many days back.", min=0.0, max=3_650.0)] = 7.0,
    send: Annotated[bool, typer.Option("--send", help="Send it too, marked as a test.")] = False,
    home: HomeOption = None,
) -> None:
    """Show what a watch would have been told over the last days, in one message.

    Exit code 1: a channel did not take the test message.

    Example: `rumortrail watch test w0123456789abcdef --days 30`
    """
    from pipeline.watches import notice
    from pipeline.watches.events import opened
    from pipeline.watches.feed import recent
    from pipeline.watches.messages import compose
    from pipeline.watches.send import hand_over

    home_folder, config = open_home(home)
    saved_watch = WatchStore(home_folder.watches).get(watch)
    with opened(home_folder, config) as copy:
        events = recent(copy, saved_watch.filter, days)[::-1]
    out.print(console.foreign(f"{saved_watch.name}: {notice.headline(events)}", 300))
    for line in notice.text(notice.by_claim(events), config.publisher).splitlines():
        out.print(console.foreign(line, 2_000))
    failed = False
    for channel in (c for c in saved_watch.channels if c is not Channel.ATOM) if send else ():
        message = compose(saved_watch, events, channel, config=config, now=datetime.now(UTC), test=True)
        try:
            hand_over(saved_watch, channel, *message, config, os.environ)
            out.print(f"Sent by {channel}.")
        except SourceError as error:
            failed = True
            out.print(f"[red]Not sent by {channel}[/]: {console.foreign(str(error), 300)}")
    raise typer.Exit(int(failed))


@app.command()
def remove(watch: WatchId, home: HomeOption = None) -> None:
    """Remove a watch, with what it has not sent yet and its feed.

    Example: `rumortrail watch remove w0123456789abcdef`
    """
    home_folder, _ = open_home(home)
    removed = WatchStore(home_folder.watches).remove(watch)
    (home_folder.watch_feeds / f"{removed.watch_id}.atom").unlink(missing_ok=True)
    out.print(console.foreign(f"removed: {removed.name}", 200))


@app.command()
def send(home: HomeOption = None, now: NowOption = None) -> None:
    """Send what waits: what is told at once, what quiet hours held back, and what failed before.

    Each nightly run and each revisit does so too. Exit code 1: something could not be sent.

    Example: `rumortrail watch send`
    """
    from pipeline.watches.tell import send as send_watches

    home_folder, config = open_home(home)
    report = send_watches(home_folder, config, os.environ, now=clock(now))
    out.print(f"{report.sent:,} sent")
    for fault in report.faults:
        out.print(f"[red]Not sent[/]: {console.foreign(fault, 500)}")
    raise typer.Exit(int(bool(report.faults)))


def unsent_lines(file: Path, now: datetime) -> list[str]:
    """Return what waits to be told, and what was given up, in a line each; no line holds an address."""
    from pipeline.watches.outbox import MessageState, Outbox

    outbox = Outbox(file)
    states = {
        MessageState.WAITING: "to be sent",
        MessageState.SENDING: "being sent",
        MessageState.FAILED: "given up",
        MessageState.UNKNOWN: "interrupted; it may or may not have arrived",
    }
    try:
        lines = [
            f"{entry.name}: {entry.messages:,} by {entry.channel} {states[entry.state]}"
            + (f". {entry.fault}" if entry.fault else "")
            for entry in outbox.unsent(now)
        ]
        return lines + [f"{name}: {events:,} held back by its quiet hours" for name, events in outbox.held()]
    except DataError as error:
        return [str(error)]


def _filter(watch: Watch) -> str:
    return in_a_line(watch.filter)


def _channels(watch: Watch) -> str:
    stopped: Sequence[str] = ["mail stopped by a reader"] if watch.mail_stopped_at else []
    return "paused" if watch.paused_at else ", ".join([*watch.channels, *stopped])


def _quiet(watch: Watch) -> str:
    return f"{watch.quiet} {watch.zone}" if watch.quiet else ""
