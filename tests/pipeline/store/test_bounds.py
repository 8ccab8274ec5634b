"""Times that an earlier Rumortrail took for times of publication become what they prove."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.core.inbox_records import InboxDocument
from pipeline.core.vocabulary import DateOrigin, EdgeKind, Platform, Precision
from pipeline.stages.ingest.older_lines import bounded
from tests.worlds.builder import World
from tests.worlds.upgraded import upgraded

BOUNDS = 22


def utc(*parts: int) -> datetime:
    """A time as the store has it: of UTC, without its zone."""
    return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)  # type: ignore[misc, arg-type]


MADE = utc(2026, 2, 13, 9)


@pytest.mark.parametrize(
    ("platform", "url", "days", "expected"),
    [
        (Platform.HUGGINGFACE, "https://hub.example/aurel/aster", 14, (None, "unknown", None)),
        (Platform.HUGGINGFACE, "https://hub.example/aurel/aster", 0,
         (utc(2026, 2, 13), "day", utc(2026, 2, 13))),
        (Platform.ARXIV, "https://arxiv.org/abs/2602.01234", 3,
         (utc(2026, 2, 1), "month", MADE + timedelta(days=3, hours=1))),
        (Platform.ARXIV, "https://arxiv.org/abs/cs/0701001", 3, (None, "unknown", None)),
        (Platform.ARXIV, "https://arxiv.org/abs/2602.01234", 0,
         (utc(2026, 2, 13), "day", utc(2026, 2, 13))),
    ],
)  # fmt: skip
def test_the_making_of_a_thing_is_a_bound(
    platform: Platform, url: str, days: int, expected: tuple[datetime | None, str, datetime | None]
) -> None:
    def fill(world: World) -> None:
        source = world.source("Hub", platform=platform)
        seen_at = MADE + timedelta(days=days, hours=1)
        world.document("page", source, MADE, "Aster 4 is there.", url=url, seen_at=seen_at)
        world.claim("c", "Aster 4 is there.", mention_id="m")
        world.mention("c", "page", mention_id="m", said_at=MADE, seen_at=seen_at)

    ask = upgraded(BOUNDS, fill).connection.execute
    row = ask("SELECT published_at, published_precision, said_at FROM store.documents JOIN store.mentions "
              "USING (document_id)").fetchone()
    assert row == expected
    assert ask("SELECT not_before FROM store.documents").fetchall() == [(MADE,)]
    # An inbox line that was read only after the upgrade gives the same.
    line = bounded(InboxDocument(
        url, platform, "hub", "Aster 4 is there.", MADE + timedelta(days=days, hours=1), published_at=MADE,
        published_precision=Precision.SECOND, published_from=DateOrigin.API))
    assert (line.published_at, line.published_precision, line.not_before) == (*expected[:2], MADE)
    assert ask("SELECT * FROM store.traced").fetchall() == []


def test_times_that_were_given_or_were_exact_stay() -> None:
    def fill(world: World) -> None:
        source_id = world.source("Hub", platform=Platform.HUGGINGFACE)
        world.document("given", source_id, MADE, published_from=DateOrigin.GIVEN)
        world.document("release", world.source("Forge", platform=Platform.GITHUB), MADE)

    ask = upgraded(BOUNDS, fill).connection.execute
    assert ask("SELECT published_at, published_precision, not_before FROM store.documents").fetchall() == [
        (MADE, "second", None)
    ] * 2


@pytest.mark.slow
def test_a_clock_that_many_entries_share_was_a_day() -> None:
    def fill(world: World) -> None:
        source = world.source("Aurel")
        for number in range(8):
            published_at = MADE.replace(hour=8) + timedelta(days=number)
            world.document(f"same{number}", source, published_at, published_from=DateOrigin.FEED)
            world.document(f"own{number}", source, published_at + timedelta(minutes=7 * number + 3),
                           published_from=DateOrigin.FEED)
            world.document(f"page{number}", source, published_at, published_from=DateOrigin.META)

    ask = upgraded(BOUNDS, fill).connection.execute
    days = ask("SELECT document_id FROM store.documents WHERE published_precision = 'day' "
               "ORDER BY document_id").fetchall()
    assert days == [(f"same{number}",) for number in range(8)]


def test_directions_that_rest_on_dates_without_a_zone_are_sought_again() -> None:
    def fill(world: World) -> None:
        source = world.source("Courier")
        second_precisions = {"exact": Precision.SECOND, "exact2": Precision.SECOND}
        for name, precision in ({"day": Precision.DAY, "month": Precision.MONTH} | second_precisions).items():
            world.document(name, source, MADE, precision=precision, published_from=DateOrigin.META)
            world.store.execute("INSERT INTO store.traced VALUES (?, 'r')", [name])
        world.follows("day", "exact", EdgeKind.QUOTATION)
        world.follows("exact", "month", EdgeKind.NEAR_DUPLICATE)
        world.follows("exact2", "exact", EdgeKind.NEAR_DUPLICATE)
        world.follows("day", "exact2", EdgeKind.LINK)

    ask = upgraded(BOUNDS, fill).connection.execute
    assert ask("SELECT document_id FROM store.traced ORDER BY ALL").fetchall() == [("exact2",)]
    assert ask("SELECT document_id, kind FROM store.edges ORDER BY ALL").fetchall() == [
        ("day", "link"), ("exact2", "near_duplicate")
    ]
