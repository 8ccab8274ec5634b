"""Extract: mentions of new versions, quotes to the letter, a sentence once, a re-run that does nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from models.protocols import DocumentText, KnownName, Reading, Statement
from pipeline.core.context import RunContext
from pipeline.core.records import Document, Mention, Precision, Role, StageCounts, Version
from pipeline.core.rows import build
from pipeline.stages import extract as stage
from pipeline.stages.extract import extract
from pipeline.store.store import Store
from tests.fakes import FakeLanguage
from tests.worlds.builder import World, hours


@dataclass
class Recorder:
    """Reads as the fake does and remembers what it was given."""

    name: str = "recorder-1"
    asked: list[DocumentText] = field(default_factory=list)

    def language_of(self, passage: DocumentText) -> str:
        return "de" if "nicht" in passage.text else "en"

    def read(self, texts: Iterable[DocumentText]) -> Iterator[Reading]:
        given = list(texts)
        self.asked += given
        return FakeLanguage().read(given)

    def statement(self, sentence: str, when: datetime | None) -> Statement:
        return FakeLanguage().statement(sentence, when)

    def known(self, names: Iterable[str]) -> Iterator[KnownName]:
        return FakeLanguage().known(names)


class Misplaced:
    """Gives the fake's mentions, moved past the end of the text, and one that stands where it should."""

    name = "misplaced-1"

    def language_of(self, passage: DocumentText) -> str:
        return "en"

    def read(self, texts: Iterable[DocumentText]) -> Iterator[Reading]:
        for reading in FakeLanguage().read(texts):
            moved = (replace(m, start=m.start + 1000, end=m.end + 1000) for m in reading.mentions)
            yield Reading((*moved, *reading.mentions))

    def statement(self, sentence: str, when: datetime | None) -> Statement:
        return FakeLanguage().statement(sentence, when)

    def known(self, names: Iterable[str]) -> Iterator[KnownName]:
        return FakeLanguage().known(names)


@pytest.fixture
def world(store: Store) -> World:
    world = World(store)
    world.source("The Lantern")
    return world


def add(world: World, document_id: str, text: str) -> Document:
    """A document that no extract has read yet."""
    document = world.document(document_id, "the-lantern", hours(0), text)
    world.store.connection.execute("DELETE FROM store.extracted")
    return document


def mentions(store: Store) -> list[Mention]:
    rows = store.connection.execute("SELECT * FROM store.mentions "
                                    "ORDER BY document_id, version_id, start_char")
    columns = [column[0] for column in rows.description or ()]

    return [build(Mention, dict(zip(columns, row, strict=True))) for row in rows.fetchall()]


def test_a_mention_carries_its_quote_its_speaker_and_its_times(store: Store, run: RunContext,
                                                               world: World) -> None:
    text = "Good morning. Model Aster has 70b parameters. Bye."
    add(world, "d1", text)
    counts = extract(store, run, FakeLanguage())
    (mention,) = mentions(store)
    assert counts == StageCounts(1, 1, 0, 0, {"passages": 0, "mentions": 1, "other_language": 0,
                                              "broken_quotes": 0})
    assert mention.quote == "Model Aster has 70b parameters." == text[mention.start_char : mention.end_char]
    assert (mention.speaker, mention.by_author, mention.speaker_role) == ("The Lantern", True, Role.PRESS)
    assert (mention.said_at, mention.seen_at) == (hours(0), hours(1))
    assert (mention.kind, mention.numbers, mention.entities,
            mention.model) == ("size", ("70b",), ("Model Aster",), "fake-language-1")


def test_a_second_run_does_nothing(store: Store, run: RunContext, world: World) -> None:
    add(world, "d1", "Model Aster has 70b parameters.")
    extract(store, run, FakeLanguage())
    before = mentions(store)
    recorder = Recorder()
    assert extract(store, run, recorder) == StageCounts(0, 0, 0, 0, {"passages": 0, "mentions": 0,
                                                                     "other_language": 0,
                                                                     "broken_quotes": 0})
    assert recorder.asked == []
    assert mentions(store) == before


def test_a_version_without_a_mention_is_skipped_and_not_read_again(store: Store, run: RunContext,
                                                                   world: World) -> None:
    add(world, "d1", "Nothing here.")
    assert (extract(store, run, FakeLanguage()).skipped, extract(store, run, FakeLanguage()).inputs) == (1, 0)


def test_a_sentence_that_stays_is_one_mention_and_a_new_one_has_no_time_of_saying(
    store: Store, run: RunContext, world: World
) -> None:
    world.document("d1", "the-lantern", hours(0), "Model Aster is out. Model Birch is next.")
    world.version("d1", 2, "Update. Model Aster is out. Model Cedar is cancelled.", hours(5))
    store.connection.execute("DELETE FROM store.extracted")
    extract(store, run, FakeLanguage())
    by_quote = {m.quote: m for m in mentions(store)}
    assert list(by_quote) == ["Model Aster is out.", "Model Birch is next.", "Model Cedar is cancelled."]
    assert by_quote["Model Aster is out."].version_id == "v-d1-1"
    cedar = by_quote["Model Cedar is cancelled."]
    assert (cedar.version_id, cedar.said_at, cedar.seen_at) == ("v-d1-2", None, hours(5))


def test_a_trivial_edit_says_nothing_new(store: Store, run: RunContext, world: World) -> None:
    world.document("d1", "the-lantern", hours(0), "Model Aster's out.")
    version_id = world.version("d1", 2, "Model Aster’s out.", hours(5))
    store.append("edits", [{"version_id": version_id, "change": "trivial", "noted": False, "removed": "",
                            "added": ""}])
    store.connection.execute("DELETE FROM store.extracted")
    assert extract(store, run, FakeLanguage()).inputs == 1
    assert [m.quote for m in mentions(store)] == ["Model Aster's out."]


def test_a_later_version_read_in_a_later_run_carries_over_too(store: Store, run: RunContext,
                                                              world: World) -> None:
    add(world, "d1", "Model Aster is out.")
    extract(store, run, FakeLanguage())
    version = Version("v2", "d1", 2, None, "Model Aster is out. Model Birch is next.", "x", None, hours(9),
                      None, None, "r2")
    store.append("versions", [version])
    counts = extract(store, run, FakeLanguage())
    assert (counts.inputs, counts.detail["mentions"]) == (1, 1)
    assert [m.quote for m in mentions(store)] == ["Model Aster is out.", "Model Birch is next."]


def test_a_quote_that_does_not_stand_there_is_an_issue_and_never_a_mention(store: Store, run: RunContext,
                                                                           world: World) -> None:
    add(world, "d1", "Model Aster is out.")
    counts = extract(store, run, Misplaced())
    assert [m.quote for m in mentions(store)] == ["Model Aster is out."]
    assert counts.detail["broken_quotes"] == 1
    (issue,) = store.connection.execute("SELECT code, severity, place, message FROM store.issues").fetchall()
    assert issue[:3] == ("quote_outside", "error", "v-d1-1")
    assert "1000 to 1019 of 19" in issue[3]


def test_other_languages_are_kept_marked_and_counted(store: Store, run: RunContext, world: World) -> None:
    document = add(world, "d1", "Das geht nicht.")
    store.append("documents", [replace(document, language=None)], replace=True)
    counts = extract(store, run, Recorder())
    assert (counts.skipped, counts.detail["other_language"]) == (1, 1)
    assert store.connection.execute("SELECT language FROM store.documents").fetchall() == [("de",)]


def test_a_declared_language_stays(store: Store, run: RunContext, world: World) -> None:
    add(world, "d1", "Das geht nicht.")
    extract(store, run, Recorder())
    assert store.connection.execute("SELECT language FROM store.documents").fetchall() == [("en",)]


def test_a_reply_is_read_with_its_parent_and_an_inexact_day_is_no_day(store: Store, run: RunContext,
                                                                      world: World) -> None:
    world.document("d1", "the-lantern", hours(0), "It is out.", title="Model Aster")
    world.document("d2", "the-lantern", hours(1), "Is it?", reply_to="d1")
    world.document("d3", "the-lantern", hours(2), "Later.", precision=Precision.MONTH)
    store.connection.execute("DELETE FROM store.extracted")
    recorder = Recorder()
    extract(store, run, recorder)
    first, reply, month = recorder.asked
    assert (first.parent, reply.parent) == (None, "Model Aster. It is out.")
    assert (reply.published_at, month.published_at) == (hours(1), None)
    assert (first.source_name, first.source_role, first.host) == ("The Lantern", "press", "site.example")


def test_what_is_dated_by_a_month_had_been_said_when_the_month_was_over(
    store: Store, run: RunContext, world: World
) -> None:
    month = hours(0).replace(day=1, hour=0)
    for document_id, precision, seen_at in (
        ("month", Precision.MONTH, hours(9000)), ("early", Precision.MONTH, hours(3)),
        ("year", Precision.YEAR, hours(90_000)), ("day", Precision.DAY, hours(9000)),
    ):  # fmt: skip
        world.document(document_id, "the-lantern", month, "Model Aster is out.", precision=precision,
                       seen_at=seen_at)
    store.connection.execute("DELETE FROM store.extracted")
    extract(store, run, FakeLanguage())
    moment = timedelta(microseconds=1)
    assert dict(store.execute("SELECT document_id, said_at FROM store.mentions")) == {
        "month": month.replace(month=2) - moment, "early": hours(3),
        "year": month.replace(year=month.year + 1) - moment, "day": month,
    }


def test_the_oldest_are_read_first_whatever_order_they_came_in(store: Store, run: RunContext,
                                                               world: World) -> None:
    for document_id, at in (("c", hours(3)), ("b", None), ("a", hours(2))):
        world.document(document_id, "the-lantern", at, f"Text of {document_id}.", seen_at=hours(9))
    store.connection.execute("DELETE FROM store.extracted")
    recorder = Recorder()
    extract(store, run, recorder)
    assert [p.text for p in recorder.asked] == ["Text of a.", "Text of c.", "Text of b."]


def test_a_run_that_dies_between_batches_ends_in_the_same_place(store: Store, run: RunContext, world: World,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(7):
        world.document(f"d{n}", "the-lantern", hours(n), f"Model M{n} is out. Model N{n} is next.")
    store.connection.execute("DELETE FROM store.extracted")
    monkeypatch.setattr(stage, "BATCH", 2)

    class Dying(FakeLanguage):
        batches = 0

        def read(self, texts: Iterable[DocumentText]) -> Iterator[Reading]:
            self.batches += 1
            if self.batches == 3:
                raise KeyboardInterrupt
            return super().read(texts)

    with pytest.raises(KeyboardInterrupt):
        extract(store, run, Dying())
    assert len(mentions(store)) == 8
    assert extract(store, run, FakeLanguage()).inputs == 3
    after = mentions(store)
    store.connection.execute("DELETE FROM store.extracted; DELETE FROM store.mentions")
    extract(store, run, FakeLanguage())
    assert mentions(store) == after
    assert len({m.mention_id for m in after}) == len(after) == 14


def test_progress_is_told_and_issues_have_no_duplicates(store: Store, run: RunContext, world: World) -> None:
    told: list[tuple[str, int, int | None]] = []
    watched = replace(run, progress=lambda stage, done, total: told.append((stage, done, total)))
    add(world, "d1", "Model Aster is out.")
    extract(store, watched, Misplaced())
    store.connection.execute("DELETE FROM store.extracted")
    extract(store, watched, Misplaced())
    assert told[-1] == ("extract", 1, 1)
    assert len(store.connection.execute("SELECT * FROM store.issues").fetchall()) == 1


class Known(Recorder):
    """Knows one name, and says what it was asked."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.named: list[str] = []

    def known(self, names: Iterable[str]) -> Iterator[KnownName]:
        self.named += list(names)
        return iter([KnownName("Model Heron", "model", "Aurel")])


def test_what_each_name_is_is_stored_once_for_each_language_model(world: World, run: RunContext) -> None:
    add(world, "d1", "Model Heron is out. Model Egret is not.")
    first, again, newer = Known("reader-1"), Known("reader-1"), Known("reader-2")
    for language in (first, again, newer):
        extract(world.store, run, language)
    assert (first.named, again.named, newer.named) == (["Model Egret", "Model Heron"], [],
                                                       ["Model Egret", "Model Heron"])
    found = world.store.connection.execute("FROM store.names ORDER BY name").fetchall()
    assert found == [("Model Egret", "unknown", None, "reader-2"),
                     ("Model Heron", "model", "Aurel", "reader-2")]
