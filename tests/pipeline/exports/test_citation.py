"""The words to cite evidence by: the quote, who says it where and when, and what was archived."""

from __future__ import annotations

from dataclasses import replace

from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.exports.citation import cited
from pipeline.published.claim import read_claim
from tests.worlds.sample import claim_id
from tests.worlds.stories import STORIES


def test_it_names_quote_speaker_role_publisher_address_time_and_hash(sample_home: Home) -> None:
    case = read_claim(sample_home, Config(), claim_id(STORIES[0].claim))
    statements = {statement.source_id: statement for statement in case.statements}
    citation = cited(statements["meridian"])
    for part in (
        "“It is simply not true that we trained Aster 2 on Lyra.",
        "Mara Lindqvist (first party, Aurora Labs)",
        "“Aurora Labs denies training on a benchmark”, The Meridian Wire, https://meridianwire.example/",
        "said 2026-03-07 18:45:00 UTC",
        "SHA-256 of headline and text ",
    ):
        assert part in citation, part
    assert "said 2026-03-08," in cited(statements["ledger"]), "only the day is known"
    undated_citation = cited(replace(statements["ledger"], said_at=None, speaker=None, url=None))
    assert "said at an unknown time" in undated_citation and "nobody named" in undated_citation
