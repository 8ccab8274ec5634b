"""Check a text: read its statements, and put each to the claims of the published copy."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from functools import cached_property
from urllib.parse import urlsplit

import duckdb

from crawlers.normalise.text_repair import repair
from models.claim_similarity import PairModel
from models.protocols import DocumentText, Models
from pipeline.check.bearing import Met, met_claims
from pipeline.check.known_claims import KnownClaims, Standing, read_claims, standings
from pipeline.check.records import Checked, CheckedStatement, FirstSaid, KnownClaim
from pipeline.check.sameness import Likeness
from pipeline.check.search import near_claims
from pipeline.check.statements import MOST, Statement, statements
from pipeline.core.config import Config, Home
from pipeline.core.errors import DataError
from pipeline.core.page import Fetch, Page
from pipeline.core.records import Certainty, Kind, Part, Role
from pipeline.core.text import counted, one_line
from pipeline.published.database import open_published

LONGEST = 50_000
"""Characters of a text that are read, some eight thousand words."""
LISTED = 0.4
"""Probability of founding a claim from which a statement that nobody made before is listed: lower than what
founds one, since a list can be read over, and a claim stands for good.
"""
BUSY = 60.0
"""Seconds that a text waits for another one that is being checked."""
TITLE = 500  # characters of a page's title
BETWEEN = "\n\n"  # the title of a page and its text


class Checker:
    """Checks texts against the published copy of a home, one at a time, by the models of a run.

    It may be used from several threads: models are loaded once, when the first text is checked. What is
    checked is kept nowhere.
    """

    def __init__(self, home: Home, config: Config, models: Models) -> None:
        self._home, self._config, self._models = home, config, models
        self._lock = threading.Lock()
        self._known: tuple[tuple[int, int, int], KnownClaims] | None = None

    def check(self, text: str, *, said_at: datetime | None = None) -> Checked:
        """Return the statements of a text and the known claims that each of them speaks to.

        Relative times in it ("next week") count from `said_at`; where that is None they stay unknown. Raises
        DataError for a text without a letter, where nothing is published, where the copy has no vectors of
        these models, and where other texts are being checked for too long; ModelError where a model cannot be
        loaded.
        """
        return self._checked(None, text, None, said_at, None, ())

    def check_link(self, url: str, fetch: Fetch) -> Checked:
        """Return the same for the page behind a link. Raises SourceError as `fetch` does, and as `check`."""
        return self.check_page(fetch(url))

    def check_page(self, page: Page) -> Checked:
        """Return the same for a page that was fetched. Raises as `check` does."""
        said_at = page.published_at if page.published_precision.to_the_day else None
        return self._checked(page.title, page.text, page.url, said_at, page.language, page.notes)

    def warm(self) -> None:
        """Load the models and the claims, so that the first text is answered as soon as others are."""
        self._checked(None, "Nothing is said here.", None, None, "en", ())

    def _checked(self, title: str | None, text: str, url: str | None, said_at: datetime | None,
                 language: str | None, notes: Sequence[str]) -> Checked:
        notes = [*notes, *_cut(text)]
        title, text = repair(_line(title)) or None, repair(_beginning(text))
        told = BETWEEN.join(filter(None, (title, text)))
        if not any(map(str.isalpha, told)):
            raise DataError("there is nothing to check: give a text with words in it")
        if not self._lock.acquire(timeout=BUSY):
            raise DataError("other texts are being checked: try again in a minute")
        try:
            with closing(open_published(self._home.published, self._config.ask)) as connection:
                return self._against(connection, told, title, text, url, said_at, language, notes)
        finally:
            self._lock.release()

    def _against(self, connection: duckdb.DuckDBPyConnection, told: str, title: str | None, text: str,
                 url: str | None, said_at: datetime | None, language: str | None, notes: Sequence[str]
                 ) -> Checked:
        models, known = self._models, self._claims(connection)
        document = DocumentText(title, text, "", urlsplit(url or "").hostname or "", None, None,
                                "", Role.ANONYMOUS, None, said_at, language)
        tongue = models.language.language_of(document)
        (reading,) = models.language.read([document])
        found = statements(document, reading, models.founder) if reading else []
        near = near_claims(found, known, models.embedder, models.retriever, self._config.gather.near)
        likeness = Likeness(known, found, near, models.language, models.embedder, self._pair_model,
                            self._config.cluster.same)
        met = met_claims(found, near, likeness, models.stance, self._config.gather.related,
                         self._config.weigh.sure)
        kept = [(one, some) for one, some in zip(found, met, strict=True)
                if some or (one.best and one.best.founding >= min(LISTED, self._config.found.sure))]
        standing = standings(connection, (one.target.claim_id for _, some in kept for one in some),
                             self._config.ask.seconds)
        shift = len(title) + len(BETWEEN) if title else 0
        answered = tuple(_statement(one, some, 0 if one.part == Part.TITLE else shift, standing)
                         for one, some in kept)
        return Checked(told, url, title, said_at, tongue, answered,
                       (*notes, *_notes(tongue, reading is None, found, kept)), known.published_at)

    @cached_property
    def _pair_model(self) -> PairModel:
        return PairModel.load()

    def _claims(self, connection: duckdb.DuckDBPyConnection) -> KnownClaims:
        """Return the claims of the copy, read anew where its file was replaced."""
        found = self._home.published.stat()
        identity = (found.st_ino, found.st_mtime_ns, found.st_size)
        if self._known is None or self._known[0] != identity:
            models = (self._models.embedder.name, self._models.retriever.claims.name)
            self._known = identity, read_claims(connection, models, self._config.ask.seconds)
        return self._known[1]


def _beginning(text: str) -> str:
    """Return what is read of a text: it ends with a line or a sentence, where there is any."""
    if len(text) <= LONGEST:
        return text
    last = max(text.rfind(mark, LONGEST // 2, LONGEST) for mark in ("\n", ". ", "! ", "? ", "。"))
    return text[: last + 1 if last > 0 else LONGEST]


def _cut(text: str) -> list[str]:
    if len(text) <= LONGEST:
        return []
    return [f"Of {len(text):,} characters the first {len(_beginning(text)):,} were read."]


def _line(title: str | None) -> str:
    return one_line(title or "", TITLE)


def _notes(language: str, slow: bool, found: Sequence[Statement], kept: Sequence[object]) -> list[str]:
    notes = []
    if slow:
        notes.append("The text takes too long to read: give a shorter part of it.")
    if len(found) == MOST:
        notes.append(f"Only the first {MOST} statements were checked.")
    if language != "en":
        notes.append("Sentences are taken apart in English only: of this text only those are shown that speak"
                     " to a known claim.")
    elif left := len(found) - len(kept):
        notes.append(f"{counted(left, 'more sentence names', 'more sentences name')} something that is"
                     " followed here, and nothing that can be checked by itself was found there.")
    return notes


def _statement(one: Statement, met: Sequence[Met], shift: int,
               standing: dict[str, tuple[Standing, tuple[FirstSaid, ...]]]) -> CheckedStatement:
    best = one.best.mention if one.best else None
    known = tuple(_known(some, *standing[some.target.claim_id]) for some in met)
    return CheckedStatement(
        one.start + shift, one.end + shift, one.quote, best.proposition if best else None,
        Kind(best.kind) if best else Kind.OTHER, best.speaker if best else None,
        best.negated if best else False, Certainty(best.certainty) if best else Certainty.ASSERTED, known)


def _known(met: Met, standing: Standing, first: tuple[FirstSaid, ...]) -> KnownClaim:
    target, conflict = met.target, met.conflict
    ours, _, theirs = conflict.words.partition(" / ") if conflict else ("", "", "")
    return KnownClaim(target.claim_id, target.claim, target.kind, met.bearing, round(met.sure, 3),
                      conflict.slot if conflict else None, (ours, theirs) if conflict else None,
                      standing.status, standing.reason, standing.voices, standing.mentions, first,
                      standing.last_seen_at)
