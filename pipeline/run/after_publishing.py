"""Tell what a new published copy holds: lake, feeds, mail and webhooks, watches, site."""

from __future__ import annotations

import os

from pipeline.core.context import RunContext
from pipeline.core.errors import DataError
from pipeline.core.vocabulary import Severity
from pipeline.digest.deliver import deliver
from pipeline.digest.feed import write_feed
from pipeline.pages.site.write import site_folder, write_site
from pipeline.run.error_boundary import aside
from pipeline.store.store import Store
from pipeline.watches import tell as watches
from pipeline.watches.feed import write_feeds


def after_publishing(store: Store, run: RunContext, *, tell: bool) -> None:
    """Write the night into the lake and the feeds; with `tell`, also send the digest, tell the watches and
    write the site. What fails is an issue.
    """
    if run.config.publish.lake:
        aside(store, run, "lake", lambda: _publish_lake(run))
    aside(store, run, "feed", lambda: write_feed(store, run))
    aside(store, run, "feed", lambda: write_feeds(run.home, run.config))
    if tell:
        aside(store, run, "deliver", lambda: _tell(store, run))
        aside(store, run, "watches", lambda: _tell_watches(store, run))
        if run.config.site.out:
            aside(store, run, "site", lambda: _write_site(run))


def _tell(store: Store, run: RunContext) -> None:
    """Send the digest; where it cannot be sent, the run ends with exit code 1."""
    for fault in deliver(run.home, run.config, run.run_id, os.environ)[1]:
        store.record_issue(run, "deliver", "delivery_failed", fault, severity=Severity.ERROR)


def _tell_watches(store: Store, run: RunContext) -> None:
    """Tell the watches what is new; where one cannot be told, the run ends with exit code 1."""
    watches.look_at_copy(run.home, run.config, now=run.ended)
    for fault in watches.send(run.home, run.config, os.environ, now=run.ended, nightly=True).faults:
        store.record_issue(run, "deliver", "delivery_failed", fault, severity=Severity.ERROR)


def _publish_lake(run: RunContext) -> None:
    """Write the night into the lake; where it cannot be, its readers stay with the night before.

    Raises DataError, which says what to do then.
    """
    # Loads what asks PostgreSQL, an extra that a home without a lake does not need.
    from pipeline.lake.address import read_address
    from pipeline.lake.night import write_night

    config = run.config.publish
    lake = read_address(config.lake)
    try:
        write_night(lake, run.home.published, config.storage or str(run.home.lake))
    except DataError as error:
        rest = "the next run, or `rumortrail publish`, writes what is lacking"
        problem = f"the lake may lack this night: {error}; {run.home.published.name} has it, and {rest}"
        raise DataError(problem) from error


def _write_site(run: RunContext) -> None:
    """Write what moved into the folder of `[site] out`, which may be relative to the home folder."""
    write_site(run.home, run.config, site_folder(run.home, run.config), progress=run.progress)
