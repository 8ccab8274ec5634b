"""After a crawl: seal the archives that have no seal, and have their Merkle roots time-stamped."""

from __future__ import annotations

from pipeline.archive.seals import SUFFIX, archives, in_use, load_seal, seal, seal_file, timestamp_file
from pipeline.archive.timestamps import ask_authority
from pipeline.core.context import RunContext
from pipeline.core.errors import DataError, SourceError
from pipeline.core.files import replacing
from pipeline.store.store import Store

STAMPS_A_RUN = 20
"""Roots sent to the authority in one run, the newest first: the rest of a backlog follows in later runs."""


def seal_archives(store: Store, run: RunContext) -> None:
    """Write `<run>.merkle.json` beside each archive without one, and `<run>.tsr` if there is an authority.

    An archive that a revisit is writing meanwhile is left to a later run. What cannot be sealed or stamped is
    recorded as an issue, and tried again in the next run.
    """
    unsealed = [one for one in archives(run.home.archive) if not seal_file(one).exists() and not in_use(one)]
    for number, archive in enumerate(unsealed):
        run.progress("seal", number, len(unsealed))
        try:
            made = seal(archive)
        except OSError as error:
            store.record_issue(run, "crawl", "seal_failed", str(error), place=archive.name)
            continue
        if made.end < made.size:
            words = f"the last {made.size - made.end} bytes are no whole record: they are left out"
            store.record_issue(run, "crawl", "archive_cut", words, place=archive.name)
    if run.config.crawl.timestamp_authority:
        _stamp(store, run)


def _stamp(store: Store, run: RunContext) -> None:
    """Ask for the time stamps that are missing, up to the first failure."""
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
            store.record_issue(run, "crawl", "seal_failed", str(error), place=archive.name)
        except (SourceError, OSError) as error:
            place = archive.name.removesuffix(SUFFIX)
            store.record_issue(run, "crawl", "timestamp_failed", str(error), place=place)
            return
