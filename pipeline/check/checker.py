"""Check a text: read its statements, and put each to the claims of the published copy."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from math import inf
from urllib.parse import urlsplit

import duckdb

from models.claim_similarity import PairModel
from models.protocols.language import DocumentText
from models.protocols.of_a_run import Models
from pipeline.check.bearing import Met, met_claims
from pipeline.check.known_claims import ClaimState, KnownClaims, claim_states, read_claims
from pipeline.check.records import Bearing, Checked, CheckedStatement, FirstSaid, KnownClaim
from pipeline.check.sameness import Likeness
from pipeline.check.search import near_claims
from pipeline.check.statements import MOST, Statement, statements
from pipeline.core.config import Config
from pipeline.core.errors import BusyError, ModelError, NothingAskedError, RumortrailError
from pipeline.core.home import Home
from pipeline.core.page import Fetch, Page
from pipeline.core.text import counted, one_line
from pipeline.core.vocabulary import Certainty, Kind, Part, Platform, Precision, Role
from pipeline.decisions.overtaken import since_published
from pipeline.published.database import open_published
from pipeline.published.place import Identity, copy_of, identity

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

    `repair` mends what is given as crawlers mend what they collect, so that a text reads as it is stored.
    It may be used from several threads: models are loaded once, when the first text is checked. What is
    checked is kept nowhere.
    """

    def __init__(self, home: Home, config: Config, models: Models, repair: Callable[[str], str]) -> None:
        self._home, self._config, self._models, self._repair = home, config, models, repair
        self._lock = threading.Lock()
        self._known: tuple[Identity, KnownClaims] | None = None

    def check(self, text: str, *, said_at: datetime | None = None) -> Checked:
        """Return the statements of a text and the known claims that each of them speaks to.

        Relative times in it ("next week") count from `said_at`; where that is None they stay unknown. Raises
        DataError for a text without a letter, where nothing is published, where the copy has no vectors of
        these models, and where other texts are being checked for too long; ModelError where a model cannot be
        loaded.
        """
        precision = Precision.SECOND if said_at else Precision.UNKNOWN
        return self.check_page(Page("", None, text, said_at, precision, None))

    def check_link(self, url: str, fetch: Fetch) -> Checked:
        """Return the same for the page behind a link. Raises SourceError as `fetch` does, and as `check`."""
        return self.check_page(fetch(url))

    def check_page(self, page: Page) -> Checked:
        """Return the same for a page that was fetched, or a file that was read. Raises as `check` does."""
        notes = [*page.notes, *_cut(page.text)]
        is_whole = page.whole and len(page.text) <= LONGEST
        title = self._repair(one_line(page.title, TITLE)) or None
        text = self._repair(_beginning(page.text))
        if not any(map(str.isalpha, f"{title} {text}" if title else text)):
            raise NothingAskedError("there is nothing to check: give a text with words in it")
        if not self._lock.acquire(timeout=BUSY):
            raise BusyError("other texts are being checked: try again in a minute")
        try:
            return self._answer(replace(page, title=title, text=text, whole=is_whole, notes=tuple(notes)))
        except RumortrailError:
            raise
        except Exception as error:  # noqa: BLE001  # its words may hold words of the text, which no log may have
            failure = ModelError(f"a model cannot read this text ({type(error).__name__})")
        finally:
            self._lock.release()
        raise failure

    def _answer(self, page: Page) -> Checked:
        place = copy_of(self._home, self._config)
        with closing(open_published(place, self._config.ask)) as connection:
            known = self._claims(connection, identity(place))
            dated = page.published_at is not None and page.published_precision.to_the_day
            said_at = page.published_at if dated else None
            # Who wrote a text says nothing of its claims, and is mostly unknown for a pasted text.
            document = DocumentText(page.title, page.text, Platform.OTHER, urlsplit(page.url).hostname or "",
                                    None, None, "", Role.ANONYMOUS, None, said_at, page.language)
            language = self._models.language.language_of(document)
            (reading,) = self._models.language.read([document])
            all_statements = statements(document, reading, self._models.founder) if reading else []
            shown = [(statement, met) for statement, met
                     in zip(all_statements, self._met(all_statements, known), strict=True)
                     if met
                     or (statement.best and statement.best.founding >= min(LISTED, self._config.found.sure))]
            seconds = self._config.ask.seconds
            since_copy = since_published(connection, self._home, seconds=seconds).statuses
            claim_ids = (met_claim.target.claim_id for _, met in shown for met_claim in met)
            states = {
                state.claim_id: (replace(state, reason=since_copy[state.claim_id].words(known.published_at))
                                 if state.claim_id in since_copy else state, first)
                for state, first in claim_states(connection, claim_ids, seconds).values()
            }
        shift = len(page.title) + len(BETWEEN) if page.title else 0
        return Checked(
            BETWEEN.join(filter(None, (page.title, page.text))), page.url or None, page.title, said_at,
            page.published_precision if dated else Precision.UNKNOWN, page.whole, language,
            tuple(_statement(statement, met, 0 if statement.part == Part.TITLE else shift, states)
                  for statement, met in shown),
            (*page.notes, *_notes(language, reading is None, all_statements, shown)), known.published_at)

    def _met(self, all_statements: Sequence[Statement], known: KnownClaims) -> list[tuple[Met, ...]]:
        """Return for each statement the claims that it speaks to."""
        models, config = self._models, self._config
        near = near_claims(all_statements, known, models.embedder, models.retriever, config.gather.near)
        likeness = Likeness(known, all_statements, near, models.language, models.embedder, self._pair_model,
                            config.cluster.same)
        return met_claims(all_statements, near, likeness, models.stance, config)

    @cached_property
    def _pair_model(self) -> PairModel:
        return PairModel.load()

    def _claims(self, connection: duckdb.DuckDBPyConnection, copy: Identity) -> KnownClaims:
        """Return the claims of the copy, read anew where it is another."""
        if self._known is None or self._known[0] != copy:
            models = (self._models.embedder.name, self._models.retriever.claims.name)
            self._known = copy, read_claims(connection, models, self._config.ask.seconds)
        return self._known[1]


def _beginning(text: str) -> str:
    """Return the part of a text that is read; it ends with a line or a sentence, where there is one."""
    if len(text) <= LONGEST:
        return text
    last = max(text.rfind(mark, LONGEST // 2, LONGEST) for mark in ("\n", ". ", "! ", "? ", "。"))
    return text[: last + 1 if last > 0 else LONGEST]


def _cut(text: str) -> list[str]:
    if len(text) <= LONGEST:
        return []
    return [f"Of {len(text):,} characters the first {len(_beginning(text)):,} were read."]


def _notes(language: str, slow: bool, all_statements: Sequence[Statement],
           shown: Sequence[object]) -> list[str]:
    notes = []
    if slow:
        notes.append("The text takes too long to read: give a shorter part of it.")
    if len(all_statements) == MOST:
        notes.append(f"Only the first {MOST} statements were checked.")
    if language != "en":
        notes.append("This text is not in English: only sentences about known claims are shown.")
    elif left := len(all_statements) - len(shown):
        names, makes = ("names", "makes") if left == 1 else ("name", "make")
        notes.append(f"{counted(left, 'more sentence')} {names} a tracked organisation, model or person,"
                     f" but {makes} no statement that can be checked.")
    return notes


def _statement(statement: Statement, met: Sequence[Met], shift: int,
               states: dict[str, tuple[ClaimState, tuple[FirstSaid, ...]]]) -> CheckedStatement:
    best = statement.best.mention if statement.best else None
    known_claims = [_known(met_claim, *states[met_claim.target.claim_id]) for met_claim in met]
    # Rivals are all equally sure: the one with the most voices comes first.
    known_claims.sort(key=lambda claim: claim.voices if claim.bearing is Bearing.RIVALS else inf,
                      reverse=True)
    return CheckedStatement(
        statement.start + shift, statement.end + shift, statement.quote, best.proposition if best else None,
        Kind(best.kind) if best else Kind.OTHER, best.speaker if best else None,
        best.negated if best else False, Certainty(best.certainty) if best else Certainty.ASSERTED,
        tuple(known_claims))


def _known(met: Met, state: ClaimState, first: tuple[FirstSaid, ...]) -> KnownClaim:
    target, conflict = met.target, met.conflict
    ours, _, theirs = conflict.words.partition(" / ") if conflict else ("", "", "")
    if conflict and conflict.slot == "date":  # months are read in lower case
        ours, theirs = ours[:1].upper() + ours[1:], theirs[:1].upper() + theirs[1:]
    return KnownClaim(target.claim_id, target.claim, target.kind, met.bearing, round(met.sure, 3),
                      conflict.slot if conflict else None, (ours, theirs) if conflict else None,
                      state.status, state.reason, state.voices, state.mentions, first, state.last_seen_at)
