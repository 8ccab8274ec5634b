"""Reading the published copy."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from dashboard.components.filters import OPTIONS
from dashboard.data import claim as rows
from dashboard.data import queries
from dashboard.data.queries import Copy
from dashboard.views.claim import evidence
from dashboard.views.claim.as_of import Known
from dashboard.views.claims import listing as claim_list
from pipeline.core.config import AskConfig, Config
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.published import claim
from pipeline.published.claim_filter import ClaimFilter
from pipeline.store.queries import Statements
from tests.dashboard.altered import altered
from tests.worlds.sample import MERGED, claim_id
from tests.worlds.stories import STORIES

pytestmark = pytest.mark.slow  # each test publishes a copy

LYRA = claim_id(STORIES[0].claim)


@pytest.fixture
def copy(sample_home: Home) -> Copy:
    """The sample's copy."""
    return queries.current(sample_home, Config())


def _claims(copy: Copy, sort: str = "checkworthy", **filters: object) -> list[str]:
    return [claim.claim for claim in claim_list.claims(copy, ClaimFilter(**filters), sort=sort)]  # type: ignore[arg-type]


def test_nothing_published_is_a_data_error(home: Home) -> None:
    with pytest.raises(DataError, match="nothing is published"):
        queries.current(home, Config())


def test_a_replaced_copy_is_read_anew_and_the_old_one_is_not_mixed_in(
    sample_home: Home, hostile_home: Home, home: Home
) -> None:
    notice = "UPDATE meta SET value = '{} night' WHERE key = 'notice'"
    altered(sample_home, home.path, notice.format("first"))
    first = queries.current(home, Config())
    assert queries.meta(first)["notice"] == "first night"
    assert queries.totals(first).claims == len(STORIES)
    fresh_home = altered(hostile_home, home.path / "elsewhere", notice.format("second"))
    fresh_home.published.replace(home.published)
    second = queries.current(home, Config())
    assert second.identity != first.identity
    assert queries.meta(second)["notice"] == "second night"
    assert queries.totals(second).claims > len(STORIES)
    # A page that began with the old copy ends with it.
    assert queries.claim(first, LYRA) == queries.claim(second, LYRA)


def test_reading_can_change_nothing(sample_home: Home, copy: Copy) -> None:
    queries.meta(copy)
    connection = queries._connection(copy.path, copy.identity, copy).cursor()
    for sql in (
        "DELETE FROM published.claims",
        "ATTACH '/tmp/x.duckdb'",
        "COPY (SELECT 1) TO '/tmp/x'",
        "SELECT * FROM '/etc/passwd'",
    ):
        with pytest.raises(duckdb.Error):
            connection.execute(sql)


def test_a_slow_query_is_stopped(sample_home: Home) -> None:
    slow_copy = queries.current(sample_home, Config(ask=AskConfig(seconds=1e-9)))
    with pytest.raises(DataError, match="stopped after"):
        for word in range(50):
            claim_list.claims(slow_copy, ClaimFilter(kinds=[f"slow{word}"]))


def test_claims_come_with_what_moved_last_first(copy: Copy) -> None:
    claims = claim_list.claims(copy, ClaimFilter(), sort="moved")
    move_times = [claim.last_moved_at for claim in claims if claim.last_moved_at]
    assert len(claims) == claims[0].total == len(STORIES)
    assert move_times == sorted(move_times, reverse=True)
    assert [claim.moved_is_said for claim in claims].count(False) == 1


def test_claims_come_with_what_is_most_worth_a_check_first(copy: Copy) -> None:
    # In the sample, a claim with more mentions is more worth a check.
    mentions = [claim.mentions for claim in claim_list.claims(copy, ClaimFilter())]
    assert mentions == sorted(mentions, reverse=True)
    assert mentions[0] > mentions[-1]


def test_filters_narrow_and_combine(copy: Copy) -> None:
    assert len(_claims(copy, statuses=["disputed", "expired"])) == 4
    assert _claims(copy, statuses=["retracted"]) == ["Jonas Achterberg leaves Northwind AI"]
    assert len(_claims(copy, kinds=["size"], organisations=["Northwind AI"])) == 2
    assert _claims(copy, kinds=["size"], organisations=["Aurora Labs"]) == []
    day = datetime(2026, 3, 9)  # noqa: DTZ001  # the published copy holds UTC without a zone
    assert len(_claims(copy, since=day)) + len(_claims(copy, until=day)) == len(STORIES)
    single_claims = claim_list.claims(copy, ClaimFilter(single=True))
    assert 0 < len(single_claims) < len(STORIES)
    assert all(claim.voices <= 1 for claim in single_claims)


@pytest.mark.parametrize(
    "sort", ["checkworthy", "moved", "first", "voices", "denied", "repeated", "due", "best", "no such order"]
)
def test_every_order_gives_every_claim_once(copy: Copy, sort: str) -> None:
    assert sorted(_claims(copy, sort=sort)) == sorted(story.claim for story in STORIES)


def test_hostile_filters_are_only_values(copy: Copy) -> None:
    for text in ("'; DROP TABLE claims; --", "\\", '"', "\x00", "a" * 10_000, "(((", "[a-z"):
        filters = ClaimFilter([text], [text], [text], [text], [text], rivals=text)
        claim_list.claims(copy, filters, search=text, sort=text)
        queries.names(copy, "claim_list", "sources", most=OPTIONS, also=[text])
        assert queries.claim(copy, text) is None
    assert queries.totals(copy).claims == len(STORIES)


def test_pages_follow_one_another(monkeypatch: pytest.MonkeyPatch, copy: Copy) -> None:
    monkeypatch.setattr(claim_list, "PAGE", 5)
    listed_pages = [claim_list.claims(copy, ClaimFilter(), page=page) for page in (1, 2, 3, 4)]
    pages = [[claim.claim_id for claim in claims] for claims in listed_pages]
    assert [len(page) for page in pages] == [5, 5, 3, 0]
    assert len({claim for page in pages for claim in page}) == len(STORIES)


def _voices(copy: Copy, claim: str, stances: list[str], *, newest: bool = False) -> list[rows.Voice]:
    return Known(copy, claim).read(rows.Voice, "voices", stances=stances, newest=newest, limit=50, offset=0)


def test_repetitions_stand_under_the_voice_they_repeat(copy: Copy) -> None:
    voices = _voices(copy, LYRA, [])
    assert [(row.name, row.mentions) for row in voices][:2] == [("@kestrel_at_dusk", 5), ("Ines Okafor", 1)]
    assert sum(row.mentions for row in voices) == 12
    cards = evidence.read(Known(copy, LYRA), [voices[0].voice_key], [], each=3)
    assert [card.independent for card in cards] == [True, False, False]
    denials = _voices(copy, LYRA, ["denies"], newest=True)
    assert [(row.name, row.mentions) for row in denials] == [("Aurora Labs", 3)]


def test_what_nobody_stands_behind_comes_last(copy: Copy) -> None:
    for newest in (False, True):
        voices = _voices(copy, claim_id(STORIES[11].claim), [], newest=newest)
        assert voices[-1].voice_key == "hearsay"
        assert [row.voice_key for row in voices].count("hearsay") == 1


def test_a_quote_that_an_edit_took_out_is_told(copy: Copy) -> None:
    cards = evidence.read(Known(copy, LYRA), ["source:kestrel"], ["reports"])
    edited = {card.source: card.quote_stands for card in cards if card.versions > 1}
    assert edited == {"Circuit Courier": False}


def test_a_merged_claim_leads_to_the_one_that_took_it_over(copy: Copy) -> None:
    assert queries.merged_into(copy, MERGED) == LYRA
    assert queries.merged_into(copy, LYRA) is None


def test_every_parameter_of_every_statement_is_bound(copy: Copy) -> None:
    """No SQL is put together from strings: every value is a named parameter."""
    data, published = Path(queries.__file__).parent, Path(claim.__file__).parent
    files = [("dashboard.data", file) for file in data.glob("*.sql")]
    for package, file in [*files, *(("pipeline.published", file) for file in published.glob("*.sql"))]:
        for name, sql in Statements(package, file.stem).items():
            code = re.sub(r"--.*|'[^']*'", "", sql)
            assert not re.search(r"[{}%?]", code), f"{file.name}: {name}"
