"""Deadlines as a calendar (iCalendar, RFC 5545): one event for each release or other dated claim."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vDuration

from pipeline.core.config import PublisherConfig
from pipeline.core.text import shorten
from pipeline.core.times import words_of
from pipeline.core.vocabulary import Precision, Status
from pipeline.exports.spans import Span, span_of
from pipeline.published.deadlines import Deadline, Ledger, NamedDate
from pipeline.text.names import name_key, tokens
from pipeline.text.sanitize import host_of, plain

DATES = 12
"""Other dates of a release that an event tells of, those nearest to its own."""
REFRESHED = timedelta(hours=12)
_CLAIM, _QUOTE, _HOW, _REASON, _NAME = 300, 1_000, 2_500, 600, 120

# A calendar program makes links of addresses and may read HTML. A look-alike is neither.
_SCHEME, _MARKUP = re.compile("://"), re.compile("<(?=[A-Za-z/!?])")
_WWW = re.compile(r"\bwww\.", re.IGNORECASE)

_BY_STATUS = {
    Status.SUBSTANTIATED: "met",
    Status.EXPIRED: "missed",
    Status.CONTRADICTED: "missed",
    Status.RETRACTED: "void",
}
_VOIDS = {
    "no_subject": "Cannot be resolved",
    "no_time": "Cannot be resolved",
    "unknown_publication": "Cannot be resolved",
    "withdrawn": "Withdrawn",
}


def calendar(
    ledger: Ledger,
    publisher: PublisherConfig,
    name: str = "",
    *,
    page: Callable[[str], str | None] | None = None,
    front: str = "",
) -> bytes:
    """Return the deadlines of `ledger` as an iCalendar file; `name` says which they are, where not all.

    `page` gives the address of a claim's page, `front` is that of the front page: without `page` both are the
    dashboard's.
    An event of a release keeps its UID when another date is named: its SEQUENCE is the revision. The same
    ledger and publisher give the same bytes.
    """
    address_of, front = (page, front) if page else (publisher.claim, publisher.url)
    ical = Calendar()
    ical.add("prodid", "-//Rumortrail//Deadlines//EN")
    ical.add("version", "2.0")
    full_name = f"{publisher.name or 'Rumortrail'}: deadlines of claims about AI models"
    # Readers differ in whether they take the name of a calendar for escaped text.
    title = re.sub(r"\s*[,;\\]\s*", " · ", f"{full_name}, {theirs(name, 160)}" if name else full_name)
    ical.add("name", title)
    ical.add("x-wr-calname", title)
    ical.add("refresh-interval", vDuration(REFRESHED), parameters={"VALUE": "DURATION"})
    ical.add("x-published-ttl", vDuration(REFRESHED))
    if host_of(front):
        ical.add("url", front)
    for deadline in ledger.deadlines:
        address = address_of(deadline.date.claim_id)
        ical.add_component(_event(deadline, ledger.published_at, publisher, address))
    return bytes(ical.to_ical())


def _event(deadline: Deadline, now: datetime, publisher: PublisherConfig, address: str | None) -> Event:
    named = deadline.date
    assert named.deadline is not None  # a ledger holds no deadline without a time
    span = span_of(named.deadline, named.precision)
    event = Event()
    event.add("uid", _uid(deadline, publisher))
    event.add("sequence", deadline.revision)
    event.add("dtstamp", deadline.changed_at.astimezone(UTC))
    event.add("dtstart", span.begins)
    if span.ends is not None:
        event.add("dtend", span.ends)
    event.add("summary", f"{_headline(named, span, now)}: {theirs(named.claim, _CLAIM)}")
    event.add("description", "\n\n".join(_description(deadline, span)))
    event.add("categories", [str(named.kind).replace("_", " "), str(named.status)])
    event.add("transp", "TRANSPARENT")  # it is no appointment: nobody is busy for a quarter
    if host_of(address):
        event.add("url", address)
    return event


def _uid(deadline: Deadline, publisher: PublisherConfig) -> str:
    """Return the id of the release, by the names of its organisation and model, or of the claim."""
    named = deadline.date
    if named.model is None:
        key = named.claim_id
    else:
        model = " ".join(tokens(named.model)) or name_key(named.model)
        key = f"{name_key(named.organisation or '')}/{model}"
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"rumortrail {publisher.url} deadline {key}"))


def _headline(named: NamedDate, span: Span, now: datetime) -> str:
    state = named.state or _BY_STATUS.get(named.status, "open")
    if state == "void":
        return _VOIDS.get(named.void or "withdrawn", "Cannot be resolved")
    if state != "open":
        return state.capitalize()
    assert named.deadline is not None
    return span.due if now < named.deadline else f"Still open, {span.was_due}"


def _description(deadline: Deadline, span: Span) -> Iterator[str]:
    named = deadline.date
    yield f"Status: {named.status}. {theirs(named.reason, _REASON)}".strip()
    if named.outcome and named.state not in (None, "open"):
        yield f"Outcome: {theirs(named.outcome, _REASON)}"
    yield from _words(named)
    yield f"The date: {span.words}"
    if deadline.before:
        yield _others("Earlier dates named", deadline.before[-DATES:], len(deadline.before))
    if deadline.after:
        yield _others("Later dates named", deadline.after[:DATES], len(deadline.after))
    how = named.how_now or named.how
    yield f"How it will be resolved:\n{_lines(how)}"


def _words(named: NamedDate) -> Iterator[str]:
    """Yield who said it, where and when, to the letter, and the address of the document."""
    if named.quote is None:
        yield "No stored document says this any more."
        return
    outlet = named.source if named.source != named.speaker else None
    speaker = theirs(named.speaker or "somebody", _NAME)
    where = f", in {theirs(outlet, _NAME)}," if outlet else ""
    address = f"\n{plain(named.url, 2_000)}" if host_of(named.url) else ""
    yield f"Said by {speaker}{where} {_said(named)}: “{theirs(named.quote, _QUOTE)}”{address}"


def _said(named: NamedDate) -> str:
    if named.said_at is None:
        return f"at an unknown time (seen {words_of(named.seen_at)})"
    if named.said_precision is not None and named.said_precision.to_the_day:
        return f"on {words_of(named.said_at)}"
    return f"in {words_of(named.said_at, named.said_precision or Precision.MONTH)}"


def _others(words: str, dates: Iterable[NamedDate], total: int) -> str:
    listed = list(dates)
    more = f"\n- and {total - len(listed):,} more" if total > len(listed) else ""
    return f"{words}:\n" + "\n".join(f"- {_other(date_named)}" for date_named in listed) + more


def _other(other: NamedDate) -> str:
    due = "a time that cannot be fixed"
    if other.deadline is not None and other.precision is not Precision.UNKNOWN:
        due = span_of(other.deadline, other.precision).named
    state = f" ({other.state})" if other.state else ""
    return f"{due}{state}, said by {theirs(other.speaker or 'somebody', _NAME)} {_said(other)}"


def _lines(how: str) -> str:
    """Return a resolution text, which quotes the claim and names, with its lines."""
    return shorten("\n".join(theirs(line, _HOW) for line in how.splitlines() if line.strip()), _HOW)


def theirs(text: object, limit: int) -> str:
    """Return a stranger's text on one line that no calendar program takes for a link or for HTML."""
    shown = _SCHEME.sub("∶//", plain(text, limit))
    return _WWW.sub(lambda match: f"{match.group()[:3]}․", _MARKUP.sub("‹", shown))
