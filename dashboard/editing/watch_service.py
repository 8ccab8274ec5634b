"""An editor's own watches: kept in the file that `rumortrail watch` keeps, too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import getaddresses, parseaddr

from dashboard.editing.service import Desk
from pipeline.core.config import Config
from pipeline.core.errors import DataError
from pipeline.watches.records import FaultyWatch, Watch, WatchDraft
from pipeline.watches.store import WatchStore

MOST = 20
"""Watches of one editor that are made on the dashboard."""


@dataclass(frozen=True, slots=True)
class OwnWatches:
    """The watches of the editor at a desk. What changes one raises DataError where the sign-in has ended, or
    the watch is another's.
    """

    desk: Desk

    @property
    def _store(self) -> WatchStore:
        return WatchStore(self.desk.home.watches)

    def all(self) -> list[Watch]:
        """Return the editor's watches that can be read, the oldest first."""
        return [watch for watch in self._store.all() if watch.owner == self.desk.editor]

    def faulty(self) -> list[FaultyWatch]:
        """Return the editor's watches that cannot be read and tell nothing."""
        return [watch for watch in self._store.faulty() if watch.owner == self.desk.editor]

    def save(self, draft: WatchDraft, watch_id: str | None = None) -> Watch:
        """Keep a new watch, or the changes to one. Raises DataError where it cannot be kept.

        A mail address must be one that is known here (`may_mail`), except one that the watch had before.
        """
        self.desk.vouched()
        before = self._mine(watch_id) if watch_id else None
        if before is None and len(self.all()) + len(self.faulty()) >= MOST:
            raise DataError(f"an editor can have at most {MOST} watches: remove one first")
        unchanged = before is not None and draft.mail == before.mail
        if draft.mail and not unchanged and not may_mail(draft.mail, self.desk.editor, self.desk.config):
            raise DataError(
                "mail is sent from here to your own address, to those of [mail] to and [sign_in] editors, "
                "and to others at the domain of [mail] sender; for another use `rumortrail watch add` on the "
                "machine"
            )
        if watch_id:
            return self._store.change(watch_id, draft)
        return self._store.add(draft, now=datetime.now(UTC))

    def remove(self, watch_id: str) -> None:
        """Remove a watch with all that it has not sent; it need not be one that can be read."""
        self.desk.vouched()
        if watch_id not in {watch.watch_id for watch in self.faulty()}:
            self._mine(watch_id)
        self._store.remove(watch_id)

    def pause(self, watch_id: str, *, paused: bool) -> None:
        """Let a watch tell nothing until it goes on; what happens meanwhile is not told later."""
        self.desk.vouched()
        self._mine(watch_id)
        self._store.pause(watch_id, datetime.now(UTC) if paused else None)

    def _mine(self, watch_id: str) -> Watch:
        watch = self._store.get(watch_id)
        if watch.owner != self.desk.editor:
            raise DataError("this watch is another editor's")
        return watch


def may_mail(address: str, editor: str, config: Config) -> bool:
    """Return whether an editor may have mail sent to an address: their own, or one that the settings know."""
    address = address.strip().lower()
    allowed = {mail.lower() for _, mail in getaddresses([config.mail.to, config.sign_in.editors])}
    own_domain = parseaddr(config.mail.sender)[1].rpartition("@")[2].lower()
    at_home = bool(own_domain) and address.endswith(f"@{own_domain}")
    return address == editor.lower() or address in allowed or at_home
