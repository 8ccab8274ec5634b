"""The lists of a site: whatever models, organisations and sources are called, each page has an address of its
own.
"""

from __future__ import annotations

import dataclasses
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.core.config import PublisherConfig
from pipeline.pages.links import files
from pipeline.pages.site import lists as pages
from pipeline.pages.site.rows import ClaimRow, Lists, Rung, SourceRow, Subject
from pipeline.published.slips import Promise, Slip

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LINKS = files("https://paper.example")


def lists(subjects: list[Subject], sources: list[SourceRow] | None = None) -> Lists:
    firsts = {source.source_id: [] for source in sources or []}
    return Lists({}, subjects, {}, sources or [], firsts, [], {"published_at": NOW.isoformat()})  # type: ignore[arg-type]


def subject(kind: str, name: str) -> Subject:
    return Subject(kind, name, None, [])


def slip(model: str, organisation: str) -> Slip:
    values: dict[str, Any] = {field.name: "x" for field in fields(Promise)}
    at = NOW.replace(tzinfo=None)
    values |= {"deadline": at + timedelta(days=9), "earliest": at + timedelta(days=8)}
    values |= {"said_at": at, "seen_at": at, "model": model, "organisation": organisation}
    values |= {"precision": "day", "state": "open"}
    return Slip(model, organisation, (Promise(**values),), None)


def written(subjects: list[Subject], slips: dict[str, list[Slip]] | None = None) -> list[str]:
    held = lists(subjects)
    face = pages.face(PublisherConfig(), LINKS, "", "", stories=False)
    return [name for name, _ in pages.subjects(held, slips or {}, face, LINKS)]


def test_the_second_chart_of_a_model_is_not_the_chart_of_another() -> None:
    slips = {"llama": [slip("llama", "a"), slip("llama", "b")], "llama-2": [slip("llama-2", "a")]}
    names = written([subject("model", "llama"), subject("model", "llama-2")], slips)
    assert len(names) == len(set(names))
    assert {"models/llama.svg", "models/llama-2.svg", "models/llama-2.csv"} <= set(names)


def test_a_model_is_no_organisation_and_no_list() -> None:
    subjects = [subject("organisation", "x"), *(subject("model", name) for name in ("org-x", "index", "x"))]
    names = written(subjects)
    assert len(names) == len(set(names))
    assert {"models/index.html", "models/org-x.html", "models/x.html"} <= set(names)


def test_a_source_is_not_the_list_of_sources() -> None:
    values: dict[str, Any] = {field.name: 0 for field in fields(SourceRow)}
    source = SourceRow(**values | {"source_id": "index", "name": "Index", "platform": "news"})
    face = pages.face(PublisherConfig(), LINKS, "", "", stories=False)
    names = [name for name, _ in pages.sources(lists([], [source]), face)]
    assert len(names) == len(set(names)) == 2


def test_a_rate_has_the_interval_of_the_track_records() -> None:
    values: dict[str, Any] = {field.name: 0 for field in fields(SourceRow)}
    values |= {"source_id": "a", "name": "A", "platform": "news", "role": "press", "low": 0.4, "high": 0.9}
    source = SourceRow(**values | {"few": False, "rate": 0.7})
    face = pages.face(PublisherConfig(), LINKS, "", "", stories=False)
    for _, page in pages.sources(lists([], [source]), face):
        assert b"90 %" in page.replace(b"40 to 90 %", b"") and b"95 %" not in page


def test_a_claim_is_dated_no_finer_than_it_is_known_and_a_stage_has_the_word_of_all_pages() -> None:
    values: dict[str, Any] = {field.name: NOW for field in fields(ClaimRow)}
    values |= {"claim": "C", "claim_id": "c1", "kind": "release", "status": "unverified", "story_id": None}
    values |= {"voices": 1, "mentions": 1, "importance": 0, "first_precision": "month"}
    rungs = {"x": [Rung("x", "api", NOW, True, None, "c1")]}
    bare = lists([Subject("model", "x", None, ["c1"])])
    held = dataclasses.replace(bare, claims={"c1": ClaimRow(**values)}, rungs=rungs)
    face = pages.face(PublisherConfig(), LINKS, "", "", stories=False)
    (_, claims), *_ = pages.claim_lists(held, face)
    assert b"first said March 2026" in claims
    written_pages = dict(pages.subjects(held, {}, face, LINKS))
    assert all(b">API" in written_pages[f"models/{name}.html"] for name in ("index", "x"))


def test_numbers_of_claims_are_written_as_everywhere() -> None:
    values: dict[str, Any] = {field.name: NOW for field in fields(ClaimRow)}
    values |= {"claim": "C", "kind": "other", "status": "unverified", "first_precision": "day"}
    values |= {"voices": 1, "mentions": 1, "importance": 0}
    claims = {str(n): ClaimRow(**values | {"claim_id": str(n)}) for n in range(1_433)}
    held = dataclasses.replace(lists([Subject("model", "x", None, list(claims))]), claims=claims)
    face = pages.face(PublisherConfig(), LINKS, "", "", stories=False)
    for _, page in pages.subjects(held, {}, face, LINKS):
        assert b"1,433 unverified" in page
    bare = [name for name, page in pages.subjects(held, {}, face, LINKS) if b">1433<" in page]
    assert not bare


def test_numbers_of_sources_are_written_as_everywhere() -> None:
    values: dict[str, Any] = {field.name: 1_433 for field in fields(SourceRow)}
    values |= {"source_id": "a", "name": "A", "platform": "news", "role": "press", "few": True}
    face = pages.face(PublisherConfig(), LINKS, "", "", stories=False)
    (_, index), (_, own) = pages.sources(lists([], [SourceRow(**values | {"lead_days": None})]), face)
    assert index.count(b">1,433<") == 3 and own.count(b" 1,433 ") == 4
    assert b"1433" not in index + own
