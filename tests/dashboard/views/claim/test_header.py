"""The top of a claim's page."""

from __future__ import annotations

from datetime import datetime

from dashboard.views.claim.header import since
from pipeline.core.vocabulary import Status
from pipeline.published.claim_rows import Move


def test_a_status_of_an_unknown_time_is_told_by_the_day_of_its_judgement() -> None:
    at = datetime(2026, 3, 1, 4)  # noqa: DTZ001  # the published copy holds UTC without a zone
    said, judged = (since(Move(at, Status.DISPUTED, "", known, None)) for known in (True, False))
    assert said.startswith("since <time") and judged.startswith("time unknown; judged on <time")
