"""How a run ended, and what failed in it as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crawlers.link_targets import LINKED
from pipeline.core.inbox_records import InboxCrawl
from pipeline.core.records import StageCounts
from pipeline.core.vocabulary import Outcome
from pipeline.digest.changes import Changes


@dataclass(frozen=True, slots=True)
class RunReport:
    """How a run ended: counts and seconds by stage, what it changed, whether it published, what stages broke,
    how the crawl of each source ended, and what failed in the run as a whole.
    """

    run_id: str
    outcome: Outcome
    counts: dict[str, StageCounts]
    seconds: dict[str, float]
    changes: Changes
    published: bool
    broken: tuple[str, ...] = ()
    crawled: tuple[InboxCrawl, ...] = ()
    message: str | None = None

    @property
    def exit_code(self) -> int:
        """Return 0 if all went well, 1 if a source or a document failed, 2 if a stage broke or every source
        failed.
        """
        if self.broken or none_read(self.crawled):
            return 2
        return int(self.outcome is not Outcome.OK)


def none_read(crawled: Sequence[InboxCrawl]) -> bool:
    """Return True where sources were asked and all failed; the links of posts are no source."""
    asked_crawls = _asked(crawled)
    return bool(asked_crawls) and all(crawl.outcome is Outcome.FAILED for crawl in asked_crawls)


def _asked(crawled: Sequence[InboxCrawl]) -> list[InboxCrawl]:
    return [crawl for crawl in crawled if crawl.outcome is not Outcome.OFF and crawl.source != LINKED.id]


def what_failed(broken: Sequence[str], crawled: Sequence[InboxCrawl]) -> str | None:
    """Return what failed in a run as a whole; None where nothing did."""
    if broken:
        return f"failed: {', '.join(broken)}"
    if not none_read(crawled):
        return None
    messages = {crawl.message for crawl in _asked(crawled)}
    reason = messages.pop() if len(messages) == 1 else None
    return f"no source could be read: {reason}" if reason else "no source could be read"
