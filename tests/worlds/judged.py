"""A world whose nights are traced and judged, and the questions that tests ask of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pipeline.core.context import RunContext
from pipeline.core.records import Verdict
from pipeline.core.vocabulary import Platform, Role
from pipeline.stages.judge.stage import judge
from pipeline.stages.trace.stage import trace
from pipeline.store.queries import Statements
from pipeline.store.store import Store
from tests.worlds.builder import World

SQL = Statements("pipeline.stages.judge", "queries")


class Judged(World):
    """Rows in a store, judged a night after the other; `tonight` is the newest run."""

    def __init__(self, store: Store, first: RunContext) -> None:
        super().__init__(store)
        self.first = self.tonight = first

    def people(self, organisation: str = "aurel") -> None:
        """Append three outlets, the subject's blog, and a user."""
        for name in ("The Lantern", "Courier", "Daily Quill"):
            self.source(name)
        self.source("Aurel Blog", Role.FIRST_PARTY, organisation, Platform.BLOG)
        self.source("mira", Role.COMMUNITY, platform=Platform.X)

    def mention(self, claim_id: str, document_id: str, *, quote: str | None = None, **fields: Any) -> str:
        """Append a member mention as `World.mention` does; each document has its own wording."""
        quote = quote or f"[{document_id}] {self.claims[claim_id].claim}"
        return super().mention(claim_id, document_id, quote=quote, **fields)

    def night(self, number: int = 0) -> int:
        """Trace and judge on the `number`th night; return how many claims were judged."""
        night_at = self.first.now + timedelta(days=number)
        self.tonight = replace(self.first, run_id=f"night{number}", now=night_at)
        trace(self.store, self.tonight)
        return judge(self.store, self.tonight).done

    def verdicts(self, claim_id: str = "c1") -> list[Verdict]:
        """Return the steps of the claim's newest judgement."""
        return self.store.read(Verdict, SQL["last"], {"claims": [claim_id]})

    def last(self, claim_id: str = "c1") -> Verdict:
        """Return where the claim stands."""
        return self.verdicts(claim_id)[-1]

    def ask(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""
        return self.store.execute(sql, parameters)
