"""The calendar of deadlines, as icalendar reads it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.config import PublisherConfig
from pipeline.core.vocabulary import Kind, Precision, Status
from pipeline.exports.calendar import calendar
from pipeline.published.deadlines import Deadline, Ledger, NamedDate
from pipeline.text.sanitize import host_of, plain
from tests.conftest import NOW
from tests.hostile.inputs import TEXTS, URLS

DESK = PublisherConfig("The Paper", "https://desk.paper.example")
MARCH = datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC)
FEBRUARY = datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC)
DATE = NamedDate(
    claim_id="c1", claim="Aurel releases Aster 5 in March", kind=Kind.RELEASE, status=Status.UNVERIFIED,
    reason="One voice carries it.", model="Aster 5", organisation="Aurel", deadline=MARCH,
    precision=Precision.MONTH, speaker="Mara Quill", source="Courier", url="https://courier.example/1",
    quote="Aster 5; in March, we hear.", said_at=NOW - timedelta(days=3), said_precision=Precision.SECOND,
    seen_at=NOW, state="open", void=None, outcome="Its deadline has not passed.",
    how="Asked for: its release.\nOtherwise: Missed, once that time is over.", how_now=None, changed_at=NOW,
)  # fmt: skip


def ledger(*deadlines: Deadline) -> Ledger:
    return Ledger(NOW, deadlines)


def events(file: bytes) -> list[Any]:
    """Return the events of a file, as an independent parser reads them."""
    parsed = icalendar.Calendar.from_ical(file)
    assert not parsed.errors and not any(event.errors for event in parsed.events)
    return parsed.events


def only(named: NamedDate, **around: Any) -> Any:
    (event,) = events(calendar(ledger(Deadline(named, **around)), DESK))
    return event


def test_an_event_says_what_who_when_and_how_exactly() -> None:
    event = only(DATE)
    assert event["SUMMARY"] == "Due in March 2026, no day named: Aurel releases Aster 5 in March"
    assert (event.start, event.end) == (date(2026, 3, 1), date(2026, 4, 1))
    assert event["URL"] == "https://desk.paper.example/c/c1"
    assert event["DTSTAMP"].dt == NOW
    assert (event["SEQUENCE"], event["TRANSP"]) == (0, "TRANSPARENT")
    assert event["CATEGORIES"].cats == ["release", "unverified"]
    assert event["DESCRIPTION"] == (
        "Status: unverified. One voice carries it.\n\n"
        "Said by Mara Quill, in Courier, on 27 February 2026: “Aster 5; in March, we hear.”\n"
        "https://courier.example/1\n\n"
        "The date: March 2026. No day was named: the event covers all of it, until 31 March 2026 in UTC.\n\n"
        "How it will be resolved:\nAsked for: its release.\nOtherwise: Missed, once that time is over."
    )


def test_the_file_is_folded_and_the_same_each_time() -> None:
    file = calendar(ledger(Deadline(DATE)), DESK)
    assert file == calendar(ledger(Deadline(DATE)), DESK)
    lines = file.split(b"\r\n")
    assert max(map(len, lines)) <= 75 and lines[-1] == b""
    assert b"\n" not in file.replace(b"\r\n", b"")
    parsed = icalendar.Calendar.from_ical(file)
    assert parsed["PRODID"] == "-//Rumortrail//Deadlines//EN"
    assert parsed.calendar_name == "The Paper: deadlines of claims about AI models"
    assert parsed["REFRESH-INTERVAL"].dt == timedelta(hours=12)
    empty = icalendar.Calendar.from_ical(calendar(ledger(), PublisherConfig(), "watch “Otters”, a\\b"))
    assert empty.calendar_name == "Rumortrail: deadlines of claims about AI models · watch “Otters” · a · b"
    assert not empty.events and "URL" not in empty


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"precision": Precision.DAY}, "Due: "),
        ({"deadline": FEBRUARY}, "Still open, was due in February 2026: "),
        ({"deadline": FEBRUARY, "precision": Precision.DAY}, "Still open, was due on 28 February 2026: "),
        ({"state": "met"}, "Met: "),
        ({"state": "missed", "deadline": FEBRUARY}, "Missed: "),
        ({"state": "void", "void": "withdrawn"}, "Withdrawn: "),
        ({"state": "void", "void": "no_subject"}, "Cannot be resolved: "),
        ({"state": None, "status": Status.EXPIRED}, "Missed: "),
        ({"state": None, "status": Status.CONTRADICTED}, "Missed: "),
        ({"state": None, "status": Status.SUBSTANTIATED}, "Met: "),
        ({"state": None, "status": Status.RETRACTED}, "Withdrawn: "),
        ({"state": None, "status": Status.DISPUTED}, "Due in March 2026, no day named: "),
    ],
)
def test_the_title_tells_how_it_came_out(changed: dict[str, Any], words: str) -> None:
    event = only(replace(DATE, **changed))
    assert event["SUMMARY"] == f"{words}Aurel releases Aster 5 in March"
    assert event["DESCRIPTION"].startswith(f"Status: {changed.get('status', 'unverified')}. ")


def test_a_day_is_one_day_and_an_instant_has_its_time() -> None:
    event = only(replace(DATE, precision=Precision.DAY))
    assert (event.start, event.end) == (date(2026, 3, 31), date(2026, 4, 1))
    instant = datetime(2026, 3, 17, 14, 30, tzinfo=UTC)
    event = only(replace(DATE, precision=Precision.SECOND, deadline=instant))
    assert event.start == event.end == instant


def test_another_date_for_a_release_updates_its_event_and_keeps_the_old_one() -> None:
    earlier = replace(DATE, claim_id="c0", deadline=FEBRUARY, state="missed", speaker="Ilse Brandt")
    lost_date = replace(
        DATE, claim_id="c2", deadline=None, precision=Precision.UNKNOWN, state="void", said_at=None
    )
    first, second = only(earlier), only(DATE, revision=1, before=(earlier,), after=(lost_date,))
    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)
    description = second["DESCRIPTION"]
    listed = "- February 2026 (missed), said by Ilse Brandt on 27 February 2026"
    assert f"Earlier dates named:\n{listed}" in description
    assert (
        "Later dates named:\n- a time that cannot be fixed (void), said by Mara Quill at an unknown time"
        " (seen 2 March 2026)" in description
    )
    respelled = only(replace(DATE, model="aster-5", organisation="AUREL"))
    assert respelled["UID"] == first["UID"], "one release, however it is written"
    other_fields = ({"model": "Aster 6"}, {"organisation": "Borea"}, {"model": None}, {"model": "紫微"},
                    {"model": "星"}, {"model": None, "claim_id": "c9"})
    assert len({first["UID"], *(only(replace(DATE, **fields))["UID"] for fields in other_fields)}) == 7
    revised = only(DATE, before=(replace(earlier, changed_at=NOW + timedelta(days=2)),))
    assert revised["DTSTAMP"].dt == NOW + timedelta(days=2)


def test_of_many_dates_the_nearest_are_told() -> None:
    many_dates = tuple(replace(DATE, claim_id=f"c{n}", speaker=f"Voice {n}") for n in range(30))
    description = only(DATE, revision=30, before=many_dates)["DESCRIPTION"]
    assert "Voice 29" in description and "Voice 17 " not in description and "- and 18 more" in description


def test_what_is_not_known_is_not_told() -> None:
    event = only(replace(DATE, quote=None, reason=None, speaker=None, source=None, url=None))
    words = "Status: unverified.\n\nNo stored document says this any more.\n\n"
    assert event["DESCRIPTION"].startswith(words)
    (lone_event,) = events(calendar(ledger(Deadline(DATE)), PublisherConfig()))
    assert "URL" not in lone_event
    quarter = only(replace(DATE, said_precision=Precision.QUARTER, source="Mara Quill"))
    assert "Said by Mara Quill in Q1 2026: “" in quarter["DESCRIPTION"]


INJECTED = (
    "x\r\nEND:VEVENT\nBEGIN:VALARM\rACTION:AUDIO\nATTACH:http://canary.example/a\u2028UID:1\x85\x0b\\n\\N;,"
)


@pytest.mark.slow
@pytest.mark.parametrize("text", [*TEXTS, INJECTED], ids=lambda text: ascii(text[:20]))
def test_hostile_text_is_text(text: str) -> None:
    _stays_text(text)


@given(st.text())
def test_any_text_is_text(text: str) -> None:
    _stays_text(text)


def _stays_text(text: str) -> None:
    names = {"claim", "reason", "speaker", "source", "quote", "outcome", "how", "how_now", "url", "model",
             "organisation"}  # fmt: skip
    hostile_date = replace(DATE, **dict.fromkeys(names, text))
    file = calendar(ledger(Deadline(hostile_date, 1, (hostile_date,), (hostile_date,))), DESK, text)
    (event,) = events(file)
    assert not event.subcomponents
    assert set(event) == set(only(DATE))
    assert event["URL"] == "https://desk.paper.example/c/c1"
    assert len(file) < 40_000
    unfolded = file.decode().replace("\r\n ", "")
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]", unfolded)
    assert "http://canary" not in unfolded.replace(f"\\n{text}\\n", "") and "<script" not in unfolded
    assert not re.search(r"<[A-Za-z/!?]", event["SUMMARY"] + event["DESCRIPTION"])


@pytest.mark.parametrize("url", URLS, ids=lambda url: ascii(url)[:20])
def test_an_address_that_is_none_is_not_told(url: str | None) -> None:
    description = only(replace(DATE, url=url))["DESCRIPTION"].split("we hear.”\n")[1].split("\n")[0]
    assert description == (plain(url, 2_000) if host_of(url) else "")
