"""After a crawl: seals the archives that have no seal yet, and has their roots time-stamped where that is wished."""

from __future__ import annotations

from crawlers.sealing import (
    SUFFIX,
    archives,
    in_use,
    load_seal,
    seal,
    seal_file,
    timestamp_file,
)
from crawlers.timestamp import ask_authority
from pipeline.context import RunContext
from pipeline.errors import DataError, SourceError
from pipeline.store import Store
from pipeline.whole import replacing

STAMPS_A_RUN = 20
"""Roots sent to the authority in one run, the newest first: what it missed for some nights is caught up with."""


def seal_archives(store: Store, run: RunContext) -> None:
    """Write `<run>.merkle.json` beside each archive without one, and `<run>.tsr` where an authority is configured.

    One that a revisit beside this run is writing is left to a later run. What cannot be sealed or stamped is recorded as an issue, and tried again in the next run.
    """
    unsealed = [
        archive for archive in archives(run.home.archive) if not seal_file(archive).exists() and not in_use(archive)
    ]
    for number, archive in enumerate(unsealed):
        run.progress("seal", number, len(unsealed))
        try:
            made = seal(archive)
        except OSError as error:
            run.issue(store, "crawl", "seal_failed", str(error), place=archive.name)
            continue
        if made.end < made.size:
            words = f"the last {made.size - made.end} bytes are no whole record; they are neither sealed nor used"
            run.issue(store, "crawl", "archive_cut", words, place=archive.name)
    if run.config.crawl.timestamp_authority:
        _stamp(store, run)


def _stamp(store: Store, run: RunContext) -> None:
    """Ask for the time stamps that are missing; the first failure ends it for tonight."""
    missing = [archive for archive in archives(run.home.archive) if not timestamp_file(archive).exists()]
    for number, archive in enumerate(reversed(missing[-STAMPS_A_RUN:])):
        run.progress("time stamps", number, min(len(missing), STAMPS_A_RUN))
        try:
            sealed = load_seal(archive)
            if sealed is not None:
                answer = ask_authority(run.config.crawl, bytes.fromhex(sealed.root))
                with replacing(timestamp_file(archive)) as file:
                    file.write(answer)
        except DataError as error:
            run.issue(store, "crawl", "seal_failed", str(error), place=archive.name)
        except (SourceError, OSError) as error:
            place = archive.name.removesuffix(SUFFIX)
            run.issue(store, "crawl", "timestamp_failed", str(error), place=place)
            return
