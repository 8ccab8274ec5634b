"""After a crawl: seal the archives that have no seal, and have their Merkle roots time-stamped."""

from __future__ import annotations

from pipeline.archive.chain import seal
from pipeline.archive.seals import SUFFIX, archives, load_seal, seal_file, timestamp_file, timestamps
from pipeline.archive.timestamps import ask_authority, authority_name
from pipeline.core.context import RunContext
from pipeline.core.errors import DataError, SourceError
from pipeline.core.files import in_use, replacing
from pipeline.store.store import Store

STAMPS_A_RUN = 20
"""Roots sent to each authority in one run, the newest first: the rest of a backlog follows in later runs."""


def seal_archives(store: Store, run: RunContext) -> None:
    """Write `<run>.merkle.json` beside each archive without one, and `<run>@<host>.tsr` for each authority.

    An archive that a revisit is writing meanwhile is left to a later run. What cannot be sealed or stamped is
    recorded as an issue, and tried again in the next run. No authority waits for another's answer.
    """
    unsealed = [
        archive
        for archive in archives(run.home.archive)
        if not seal_file(archive).exists() and not in_use(archive)
    ]
    for number, archive in enumerate(unsealed):
        run.progress("seal", number, len(unsealed))
        try:
            sealed = seal(archive)
        except (DataError, OSError) as error:
            store.record_issue(run, "crawl", "seal_failed", str(error), place=archive.name)
            continue
        if sealed.end < sealed.size:
            message = f"the last {sealed.size - sealed.end} bytes are not a whole record and are left out"
            store.record_issue(run, "crawl", "archive_cut", message, place=archive.name)
    for number, url in enumerate(run.config.crawl.timestamp_authority):
        _stamp(store, run, url, first=number == 0)


def _stamp(store: Store, run: RunContext, url: str, *, first: bool) -> None:
    """Ask for the time stamps of one authority that are missing, up to its first failure.

    A time stamp without an authority's name counts as the first authority's, the only one at that time.
    """
    names = {authority_name(url)} | ({""} if first else set())
    unstamped = [archive for archive in archives(run.home.archive) if not names & timestamps(archive).keys()]
    for number, archive in enumerate(reversed(unstamped[-STAMPS_A_RUN:])):
        run.progress("time stamps", number, min(len(unstamped), STAMPS_A_RUN))
        try:
            sealed = load_seal(archive)
            if sealed is not None:
                answer = ask_authority(run.config.crawl, url, bytes.fromhex(sealed.root))
                with replacing(timestamp_file(archive, authority_name(url))) as file:
                    file.write(answer)
        except DataError as error:
            store.record_issue(run, "crawl", "seal_failed", str(error), place=archive.name)
        except (SourceError, OSError) as error:
            place = archive.name.removesuffix(SUFFIX)
            store.record_issue(run, "crawl", "timestamp_failed", str(error), place=place)
            return
