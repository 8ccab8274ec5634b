"""Which documents may enter the inbox, and which issues describe the others."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from crawlers.normalise.validate import MAX_LINKS, MAX_NAME, MAX_TITLE, StatedTime, document
from pipeline.core.inbox_records import InboxDocument, InboxLink
from pipeline.core.vocabulary import DateOrigin, LinkKind, Platform, Precision

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
GOOD: dict[str, Any] = {
    "url": "https://wire.example/glimmer?utm_source=x", "platform": "news", "source": "wire.example",
    "text": "Lumenforge released Glimmer 9.", "seen_at": NOW,
}


def make(**changes: Any) -> InboxDocument:
    return document(**({"undated": ignored} | GOOD | changes))


def ignored(_: str) -> None:
    """Stand in for the callback that gets unreadable dates."""


def test_a_plain_document() -> None:
    assert make() == InboxDocument(
        "https://wire.example/glimmer", Platform.NEWS, "wire.example", "Lumenforge released Glimmer 9.", NOW
    )


@pytest.mark.parametrize(("given", "kept"), [
    ('<a href="https://wire.example/ottilie" rel="author">Ottilie Marsh</a>', "Ottilie Marsh"),
    ('<a href="https://wire.example/ott', None),
    ("<img src=x>", None),
    ("Ottilie <3", "Ottilie <3"),
])
def test_an_author_is_a_name_and_no_markup(given: str, kept: str | None) -> None:
    assert make(author=given).author == kept


def test_everything_is_put_in_order() -> None:
    document = make(
        id=" 7 ",
        title="Itโ€™s\nout \x00",
        author=" Ottilie Marsh ",
        text="  Itโ€™s out.\r\nToday. ",
        published_at="2026-03-01T10:00:00+02:00",
        in_reply_to="https://twitter.com/a/status/1?s=2",
        links=[
            "https://m.wire.example.com/a", InboxLink("https://x.com/a/status/1", LinkKind.QUOTE, "a\nb"),
            {"url": "mailto:a@b.example"},
        ],
        score=5,
    )
    assert (document.id, document.title, document.author, document.text) == (
        "7", "It’s out", "Ottilie Marsh", "It’s out.\nToday.",
    )
    assert document.published_at == datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
    assert (document.published_precision, document.published_from) == (Precision.SECOND, DateOrigin.GIVEN)
    assert document.in_reply_to == "https://x.com/a/status/1"
    assert document.links == (
        InboxLink("https://wire.example.com/a"), InboxLink("https://x.com/a/status/1", LinkKind.QUOTE, "a b"),
    )


def test_clean_text_is_stored_as_it_came() -> None:
    text = "“It’s” 'it' ﬁne —\tรถ В\u00a02025\n\n  e\u0301"
    assert make(text=text, title="'A' ﬁne “title”").text == text


@pytest.mark.parametrize(
    ("published_at", "precision", "expected"),
    [
        ("2026-03-01", Precision.DAY, datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T05:00:00", Precision.SECOND, datetime(2026, 3, 1, 5, tzinfo=UTC)),
        (datetime(2026, 3, 1, 5), Precision.SECOND, datetime(2026, 3, 1, 5, tzinfo=UTC)),  # noqa: DTZ001
        (NOW + timedelta(hours=23), Precision.SECOND, NOW + timedelta(hours=23)),
        ("2026-02", Precision.MONTH, datetime(2026, 2, 1, tzinfo=UTC)),
        ("2026", Precision.YEAR, datetime(2026, 1, 1, tzinfo=UTC)),
        (None, Precision.UNKNOWN, None),
    ],
)
def test_publication_times(published_at: object, precision: Precision, expected: datetime | None) -> None:
    document = make(published_at=published_at)
    assert (document.published_at, document.published_precision) == (expected, precision)


@pytest.mark.parametrize(
    ("published_at", "told"),
    [
        ("2026-02-30", "'2026-02-30' is an impossible date"),
        ("soon", "'soon' is not a date; write 2025-04-07"),
        (1772420400, "a date as text"),
        ("1989-12-31", "before 1990"),
        (NOW + timedelta(hours=25), "after it was seen"),
        ("2026-04", "after it was seen"),
    ],
)
def test_an_unreadable_date_costs_the_time_and_not_the_document(published_at: object, told: str) -> None:
    faults: list[str] = []
    document = make(published_at=published_at, published_precision="day", undated=faults.append)
    assert (document.published_at, document.published_precision) == (None, Precision.UNKNOWN)
    assert document.published_from is DateOrigin.UNKNOWN
    assert len(faults) == 1 and told in faults[0] and len(faults[0]) < 500


def test_given_precision_and_origin_are_kept_and_never_without_a_time() -> None:
    document = make(published_at=NOW, published_precision="day", published_from="json_ld")
    assert (document.published_precision, document.published_from) == (Precision.DAY, DateOrigin.JSON_LD)
    document = make(published_at=None, published_precision="day", published_from="json_ld")
    assert (document.published_precision, document.published_from) == (Precision.UNKNOWN, DateOrigin.UNKNOWN)


@pytest.mark.parametrize(
    ("published_at", "precision", "expected"),
    [
        ("2026", Precision.YEAR, datetime(2026, 1, 1, tzinfo=UTC)),
        ("20260301", Precision.DAY, datetime(2026, 3, 1, tzinfo=UTC)),
        ("1772334000", Precision.SECOND, datetime(2026, 3, 1, 3, tzinfo=UTC)),
        ("2026-02", Precision.MONTH, datetime(2026, 2, 1, tzinfo=UTC)),
        ("2026-03-01", Precision.DAY, datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T04:00:00", Precision.DAY, datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T04:00:00+05:00", Precision.SECOND, datetime(2026, 2, 28, 23, tzinfo=UTC)),
    ],
)
def test_a_time_of_an_api_is_no_more_exact_than_it_is_written(
    published_at: str, precision: Precision, expected: datetime
) -> None:
    stated_time = TypeAdapter(StatedTime).validate_python(published_at)
    document = make(published_at=stated_time, published_precision="second", published_from="api")
    assert (document.published_at, document.published_precision) == (expected, precision)


@pytest.mark.parametrize(
    ("published_at", "not_before", "precision", "expected"),
    [
        (None, datetime(2026, 2, 27, 3, tzinfo=UTC), Precision.UNKNOWN, None),
        (None, "2026-03-02T01:00:00Z", Precision.DAY, datetime(2026, 3, 2, tzinfo=UTC)),
        ("2026-02", datetime(2026, 2, 27, 3, tzinfo=UTC), Precision.MONTH, datetime(2026, 2, 1, tzinfo=UTC)),
        ("2026-02", datetime(2026, 2, 28, 3, tzinfo=UTC), Precision.MONTH, datetime(2026, 2, 1, tzinfo=UTC)),
        ("2025", datetime(2025, 12, 31, 3, tzinfo=UTC), Precision.YEAR, datetime(2025, 1, 1, tzinfo=UTC)),
        ("2026-03", datetime(2026, 3, 2, 1, tzinfo=UTC), Precision.DAY, datetime(2026, 3, 2, tzinfo=UTC)),
        ("2026", "2026-03-01", Precision.YEAR, datetime(2026, 1, 1, tzinfo=UTC)),
        (NOW, datetime(2026, 2, 27, 3, tzinfo=UTC), Precision.SECOND, NOW),
    ],
)
def test_a_bound_is_no_time_unless_it_leaves_one_day(
    published_at: object, not_before: object, precision: Precision, expected: datetime | None
) -> None:
    document = make(published_at=published_at, not_before=not_before)
    assert (document.published_at, document.published_precision) == (expected, precision)
    assert document.not_before is not None and document.not_before <= document.seen_at


@pytest.mark.parametrize("not_before", ["soon", "1970-01-01", NOW + timedelta(days=2), 7, {"a": 1}])
def test_an_unreadable_bound_costs_the_bound_alone(not_before: object) -> None:
    faults: list[str] = []
    document = make(published_at="2026-03-01", not_before=not_before, undated=faults.append)
    assert (document.published_at, document.not_before) == (datetime(2026, 3, 1, tzinfo=UTC), None)
    assert len(faults) == 1 and faults[0].startswith("not_before: ")


def test_a_time_beyond_all_years_is_none() -> None:
    late_time = datetime.fromisoformat("9999-12-31T23:59:59-14:00")
    faults: list[str] = []
    assert make(published_at=late_time, undated=faults.append).published_at is None
    assert "impossible" in faults[0]


def test_an_id_is_enough_and_a_reply_may_name_one() -> None:
    document = make(url=None, id="reddit:abc/1", in_reply_to="reddit:abc")
    assert (document.url, document.id, document.in_reply_to) == (None, "reddit:abc/1", "reddit:abc")


def test_many_spaces_in_a_title_take_little_time() -> None:
    start = time.process_time()
    for _ in range(20):
        with pytest.raises(ValueError, match="title: "):
            make(title="a" + " " * 8_000 + "b")
    assert time.process_time() - start < 2  # processor seconds; about seven if it tried from each space anew


def test_a_title_is_enough() -> None:
    assert make(text=None, title="Glimmer 9 is out").text == ""


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"platform": "myspace"}, "platform: .*'hackernews'.*got 'myspace'"),
        ({"platform": None}, "platform: "),
        ({"source": " "}, "source: "),
        ({"url": None}, "neither url nor id"),
        ({"url": "file:///etc/passwd"}, "url: only http and https"),
        ({"url": 7}, "url: .*got 7"),
        ({"text": "", "title": "\x00"}, "neither title nor text"),
        ({"text": ["a"]}, "text: "),
        ({"text": "a" * 2_000_001}, "text: 2000001 characters; at most 2000000"),
        ({"text": "a" * 11, "max_text": 10}, "text: 11 characters; at most 10"),
        ({"title": "a" * (MAX_TITLE + 1)}, "title: "),
        ({"title": "a" * 50_000_000}, "title: "),
        ({"author": "a" * (MAX_NAME + 1)}, "author: "),
        ({"published_at": NOW, "published_precision": "unknown"}, "published_precision: "),
        ({"published_precision": "hour"}, "published_precision: "),
        ({"in_reply_to": "https://"}, "in_reply_to: "),
        ({"score": "many"}, "score: "),
        ({"score": 2**63}, "score: "),
        ({"links": "https://a.example/"}, "links: "),
        ({"links": [{"kind": "link"}]}, "links.0.url: Field required"),
        ({"links": [{"url": "https://a.example/", "kind": "hug"}]}, "links.0.kind: "),
        ({"sha256": "XYZ"}, "sha256: "),
        ({"nonsense": 1}, "nonsense: "),
        ({"platform": "myspace", "score": "many"}, "platform: .*; score: "),
    ],
)
def test_faults_are_told(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told) as error:
        make(**changes)
    assert len(str(error.value)) < 1000


def test_file_addresses_only_where_allowed() -> None:
    assert make(url="file:///home/reader/a%20b.txt", allow_file=True).url == "file:///home/reader/a%20b.txt"
    with pytest.raises(ValueError, match="url: "):
        make(url="file://host/share", allow_file=True)


def test_links_are_bounded_and_each_stands_once() -> None:
    document = make(links=[f"https://a.example/{i % 400}" for i in range(MAX_LINKS + 50)])
    assert len(document.links) == 400
    (link,) = make(links=[{"url": "https://a.example/", "words": "a\x00" * 50_000}]).links
    assert link.words == "a" * (MAX_NAME // 2)


def test_lone_surrogates_are_replaced() -> None:
    assert make(text="a\ud800b", title="\udc00").text == "a\ufffdb"


FIELDS = st.sampled_from(
    [
        "url", "platform", "source", "text", "id", "title", "author", "published_at", "links", "score",
        "in_reply_to", "language",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(FIELDS, JSON, max_size=6))
def test_anything_is_a_document_or_a_value_error(changes: dict[str, Any]) -> None:
    try:
        document = make(**changes)
    except ValueError:
        return
    assert document.url or document.id
    assert document.text or document.title
