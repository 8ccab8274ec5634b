"""Mentions for the tests of clustering; everything in them is fictional."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pipeline.core.records import Certainty, Kind, Mention, Part, Precision, Role
from pipeline.store.store import Store
from tests.conftest import NOW


def said(mention_id: str, proposition: str, *, at: datetime | None = None, **fields: Any) -> Mention:
    """A mention of those words; its hour follows from its id's number, so that ids are in order of time."""
    number = int("".join(filter(str.isdigit, mention_id)) or 0)
    values: dict[str, Any] = {
        "mention_id": mention_id, "version_id": f"v{mention_id}", "document_id": f"d{mention_id}", "part": Part.TEXT,
        "start_char": 0, "end_char": len(proposition), "quote": proposition, "proposition": proposition,
        "kind": Kind.RELEASE, "speaker": None, "speaker_role": Role.PRESS, "speaker_organisation": None,
        "speech_verb": None, "attributed_to": None, "negated": False, "certainty": Certainty.ASSERTED, "event_at": None,
        "event_precision": Precision.UNKNOWN, "organisations": (), "entities": (), "numbers": (), "cues": (),
        "said_at": at or NOW - timedelta(days=2) + timedelta(minutes=number), "seen_at": NOW, "model": "fake", "run_id": "r1",
    }  # fmt: skip
    return Mention(**(values | fields))


def claims_of(store: Store) -> dict[str, str]:
    """Which claim each mention belongs to."""
    return dict(store.connection.execute("SELECT mention_id, claim_id FROM store.members ORDER BY mention_id").fetchall())
