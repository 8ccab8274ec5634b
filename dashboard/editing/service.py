"""An editor's desk: foretells and writes decisions, and lists those that wait for the next run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from dashboard.data import queries
from dashboard.data.queries import Copy
from pipeline.check.keep import keep
from pipeline.check.records import Checked
from pipeline.core.config import Config
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.core.records import Decision, followed_claim_id
from pipeline.core.vocabulary import DecisionKind
from pipeline.decisions.journal import Journal, as_sentence, as_value, check_value
from pipeline.decisions.preview import Consequences

TAKEN_BACK = "taken back in the dashboard"


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of one signed-in editor, over the journal that `rumortrail decide` writes, too."""

    home: Home
    config: Config
    editor: str
    still: Callable[[], bool] = lambda: True
    """Returns whether the editor is still one: a dialog may stay open after the sign-in ended."""

    def foretell(self, copy: Copy, kind: DecisionKind, target: str, value: str | None) -> list[str]:
        """Return a line for each thing that the decision will change, and for each that speaks against it.

        Raises DataError where it cannot be made: the target or the value is not there.
        """
        value = as_value(kind, value)
        check_value(kind, target, value)
        with queries.cursor(copy) as cursor:
            return Consequences(cursor, self.config.ask.seconds).of(kind, target, value)

    def decide(self, copy: Copy, kind: DecisionKind, target: str, value: str | None, reason: str) -> Decision:
        """Write a decision on something in the copy. Raises DataError as `foretell`, and without a reason."""
        self.vouched()
        self.foretell(copy, kind, target, value)
        return Journal(self.home.journal).decide(
            kind, target, value, reason=reason, editor=self.editor, now=datetime.now(UTC)
        )

    def foretell_follow(self, copy: Copy, sentence: str) -> list[str]:
        """Return what becomes of a sentence that is followed. Raises DataError where it is no claim."""
        sentence = as_sentence(sentence)
        return self.foretell(copy, DecisionKind.FOLLOW, followed_claim_id(sentence), sentence)

    def follow(self, sentence: str, reason: str) -> tuple[Decision, bool]:
        """Write that a sentence is followed; return the decision, and whether it is a new one.

        Raises DataError where it is no claim, and without a reason.
        """
        self.vouched()
        return Journal(self.home.journal).follow(
            sentence, reason=reason, editor=self.editor, now=datetime.now(UTC)
        )

    def keep(self, checked: Checked) -> None:
        """Write a text that was checked into the inbox, with the editor as its finder.

        Raises DataError where the sign-in ended, or it cannot be written.
        """
        self.vouched()
        try:
            keep(self.home, checked, self.editor, datetime.now(UTC))
        except OSError as error:
            raise DataError(f"the inbox cannot be written: {error.strerror}") from error

    def undo(self, decision_id: str, reason: str = TAKEN_BACK) -> None:
        """Take a decision back. Raises DataError where there is none of that id."""
        self.vouched()
        Journal(self.home.journal).undo(decision_id, reason=reason, editor=self.editor, now=datetime.now(UTC))

    def vouched(self) -> None:
        """Raise DataError where the editor is signed in no longer."""
        if not self.still():
            raise DataError("you are no longer signed in as an editor: sign in again")

    def waiting(self, copy: Copy) -> list[Decision]:
        """Return the decisions that the copy lacks, the newest first, without those taken back."""
        published = int(queries.meta(copy).get("journal_entries", 0))
        entries = [entry for entry in Journal(self.home.journal).read() if entry.number > published]
        undone = {entry.number for entry in entries if entry.kind is DecisionKind.UNDO or entry.undone_at}
        return [entry for entry in reversed(entries) if entry.number not in undone]


def id_named(words: str) -> str:
    """Return the id of the claim or story that an editor names by its id or by the address of its page."""
    words = words.strip()
    return parse_qs(urlsplit(words).query).get("id", [words])[0].strip()
