"""The promised dates of a release, as the published copy has them."""

from __future__ import annotations

from pipeline.core.config import AskConfig
from pipeline.core.home import Home
from pipeline.published.claim import AsOf
from pipeline.published.database import open_published
from pipeline.published.slips import slips_for, slips_of
from tests.conftest import query_published


def test_the_slips_of_a_model_of_its_maker_and_of_its_claims_are_one(sample_home: Home) -> None:
    [(model, organisation, claim, seen_at)] = query_published(
        sample_home, "SELECT model, organisation, claim_id, seen_at FROM goalposts ORDER BY revision LIMIT 1")
    with open_published(sample_home.published, AskConfig()) as connection:
        [slip] = slips_of(connection, "model", model, seconds=10)
        assert slips_of(connection, "organisation", organisation, seconds=10) == [slip]
        assert slips_for(connection, [claim], seconds=10) == [slip]
        assert slips_of(connection, "model", "no such model", seconds=10) == []
        assert slips_for(connection, [claim], seconds=10, as_of=AsOf(seen=seen_at)) == []
    first = slip.promises[0]
    assert (slip.model, first.claim_id) == (model, claim)
    assert first.quote
    assert first.earliest <= first.deadline
    assert slip.finding.startswith(f"{model}: 1 date named")
