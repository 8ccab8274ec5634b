"""Extract: mentions of new versions, quotes to the letter, a sentence once, a re-run that does nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from models.protocols.language import DocumentText, KnownName, Language, Reading
from pipeline.core.context import RunContext
from pipeline.core.records import Mention, StageCounts
from pipeline.core.vocabulary import Platform, Precision, Role
from pipeline.stages import extract as stage
from pipeline.stages.extract import extract
from pipeline.store.store import Store
from tests.fakes import FakeLanguage
from tests.worlds.builder import World, hours


class Recorder(FakeLanguage):
    """Read as the fake does and record the texts that it was given."""

    def __init__(self, name: str = "recorder-1") -> None:
        self.name = name
        self.asked: list[DocumentText] = []

    def language_of(self, passage: DocumentText) -> str:
        return "de" if "nicht" in passage.text else "en"

    def read(self, texts: Iterable[DocumentText]) -> Iterator[Reading]:
        texts_given = list(texts)
        self.asked += texts_given
        return super().read(texts_given)


class Misplaced(FakeLanguage):
    """Give the fake's mentions twice: shifted past the end of the text, and in their right places."""

    name = "misplaced-1"

    def read(self, texts: Iterable[DocumentText]) -> Iterator[Reading]:
        for reading in super().read(texts):
            moved_spans = (replace(m, start=m.start + 1000, end=m.end + 1000) for m in reading.mentions)
            yield Reading((*moved_spans, *reading.mentions))


class Unread(World):
    """A world whose versions no extract has read yet."""

    def __init__(self, store: Store, context: RunContext) -> None:
        super().__init__(store)
        self.context = context
        self.source("The Lantern")

    def version(self, *given: Any, **fields: Any) -> str:
        version_id = super().version(*given, **fields)
        self.store.execute("DELETE FROM store.extracted WHERE version_id = ?", [version_id])
        return version_id

    def extract(self, language: Language | None = None) -> StageCounts:
        """Extract the versions that were not read yet."""
        return extract(self.store, self.context, language or FakeLanguage())

    @property
    def mentions(self) -> list[Mention]:
        """Return all mentions."""
        order = "ORDER BY document_id, version_id, start_char"
        return self.store.read(Mention, f"SELECT * FROM store.mentions {order}")

    @property
    def quotes(self) -> list[str]:
        """Return the words of all mentions."""
        return [mention.quote for mention in self.mentions]


@pytest.fixture
def world(store: Store, run: RunContext) -> Unread:
    return Unread(store, run)


def test_a_mention_carries_its_quote_its_speaker_and_its_times(world: Unread) -> None:
    text = "Good morning. Model Aster has 70b parameters. Bye."
    world.document("d1", "the-lantern", hours(0), text)
    counts = world.extract()
    (mention,) = world.mentions
    assert counts == StageCounts(1, 1, 0, 0, {"passages": 0, "mentions": 1, "other_language": 0,
                                              "broken_quotes": 0})
    assert mention.quote == "Model Aster has 70b parameters." == text[mention.start_char : mention.end_char]
    assert (mention.speaker, mention.by_author, mention.speaker_role) == ("The Lantern", True, Role.PRESS)
    assert (mention.said_at, mention.seen_at) == (hours(0), hours(1))
    assert (mention.kind, mention.numbers, mention.entities,
            mention.model) == ("size", ("70b",), ("Model Aster",), "fake-language-1")


def test_a_forum_lends_its_users_neither_its_name_nor_its_owner(world: Unread) -> None:
    world.source("ann", Role.COMMUNITY, None, Platform.OTHER, source_id="forum.lab.example:ann")
    world.source("forum.lab.example", Role.COMMUNITY, None, Platform.OTHER, source_id="forum.lab.example")
    world.source("paper.example", Role.COMMUNITY, None, Platform.OTHER, source_id="paper.example")
    text, address = "Model Aster has 70b parameters.", "https://forum.lab.example/"
    world.document("d1", "forum.lab.example:ann", hours(0), text, author="ann", url=f"{address}1")
    world.document("d2", "forum.lab.example", hours(1), text, url=f"{address}2")
    world.document("d3", "forum.lab.example", hours(2), text, author="Guest", url=f"{address}3")
    world.document("d4", "paper.example", hours(3), text, author="Dee Byline", url="https://paper.example/4")
    recorder = Recorder()
    world.extract(recorder)
    assert [(asked_text.source_name, asked_text.host) for asked_text in recorder.asked] == [
        ("ann", ""), ("", ""), ("", ""), ("paper.example", "paper.example/4")]


def test_a_second_run_does_nothing(world: Unread) -> None:
    world.document("d1", "the-lantern", hours(0), "Model Aster has 70b parameters.")
    world.extract()
    mentions_before = world.mentions
    recorder = Recorder()
    assert world.extract(recorder) == StageCounts(0, 0, 0, 0, {"passages": 0, "mentions": 0,
                                                               "other_language": 0, "broken_quotes": 0})
    assert recorder.asked == []
    assert world.mentions == mentions_before


def test_a_version_without_a_mention_is_skipped_and_not_read_again(world: Unread) -> None:
    world.document("d1", "the-lantern", hours(0), "Nothing here.")
    assert (world.extract().skipped, world.extract().inputs) == (1, 0)


def test_a_sentence_that_stays_is_one_mention_and_a_new_one_has_no_time_of_saying(world: Unread) -> None:
    world.document("d1", "the-lantern", hours(0), "Model Aster is out. Model Birch is next.")
    world.version("d1", 2, "Update. Model Aster is out. Model Cedar is cancelled.", hours(5))
    world.extract()
    by_quote = {mention.quote: mention for mention in world.mentions}
    assert list(by_quote) == ["Model Aster is out.", "Model Birch is next.", "Model Cedar is cancelled."]
    assert by_quote["Model Aster is out."].version_id == "v-d1-1"
    cedar = by_quote["Model Cedar is cancelled."]
    assert (cedar.version_id, cedar.said_at, cedar.seen_at) == ("v-d1-2", None, hours(5))


def test_a_trivial_edit_says_nothing_new(world: Unread) -> None:
    world.document("d1", "the-lantern", hours(0), "Model Aster's out.")
    version_id = world.version("d1", 2, "Model Aster’s out.", hours(5))
    world.edit(version_id, "trivial")
    assert world.extract().inputs == 1
    assert world.quotes == ["Model Aster's out."]


def test_a_later_version_read_in_a_later_run_carries_over_too(world: Unread) -> None:
    world.document("d1", "the-lantern", hours(0), "Model Aster is out.")
    world.extract()
    world.version("d1", 2, "Model Aster is out. Model Birch is next.", hours(9))
    counts = world.extract()
    assert (counts.inputs, counts.detail["mentions"]) == (1, 1)
    assert world.quotes == ["Model Aster is out.", "Model Birch is next."]


def test_a_quote_that_does_not_stand_there_is_an_issue_and_never_a_mention(world: Unread) -> None:
    world.document("d1", "the-lantern", hours(0), "Model Aster is out.")
    counts = world.extract(Misplaced())
    assert world.quotes == ["Model Aster is out."]
    assert counts.detail["broken_quotes"] == 1
    (issue,) = world.store.execute("SELECT code, severity, place, message FROM store.issues")
    assert issue[:3] == ("quote_outside", "error", "v-d1-1")
    assert "1000 to 1019 of 19" in issue[3]


def test_a_text_that_takes_too_long_is_told_and_not_read_again(world: Unread) -> None:
    class Slow(FakeLanguage):
        name = "slow-1"

        def read(self, texts: Iterable[DocumentText]) -> Iterator[Reading | None]:
            for text, reading in zip(texts_given := list(texts), super().read(texts_given), strict=True):
                yield None if "slow" in text.text else reading

    world.document("d1", "the-lantern", hours(0), "Model Aster is slow.")
    world.document("d2", "the-lantern", hours(1), "Model Birch is out.")
    counts = world.extract(Slow())
    assert (counts.done, counts.failed, world.quotes) == (1, 1, ["Model Birch is out."])
    assert world.store.execute("SELECT code, severity, place FROM store.issues") == [
        ("slow_text", "error", "v-d1-1")]
    assert world.extract(Slow()).inputs == 0


def test_of_a_long_text_the_beginning_is_read_and_told(world: Unread,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "READ_LENGTH", 60)
    text = "Model Aster is out. Model Birch is next. Model Cedar is cancelled, at last."
    world.document("d1", "the-lantern", hours(0), text)
    recorder = Recorder()
    world.extract(recorder)
    assert [asked_text.text for asked_text in recorder.asked] == ["Model Aster is out. Model Birch is next."]
    assert world.quotes == ["Model Aster is out.", "Model Birch is next."]
    assert world.store.execute("SELECT code, severity, place, message FROM store.issues") == [
        ("long_text", "warning", "v-d1-1", "of 75 characters the beginning is read")]


@pytest.mark.parametrize(("lengths", "batches"), [
    ([10, 10, 10], [3]), ([60, 60, 60], [1, 1, 1]), ([50, 50, 1], [2, 1]), ([10_000, 1], [1, 1]), ([], []),
])  # fmt: skip
def test_what_is_stored_together_is_bounded(lengths: list[int], batches: list[int],
                                            monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "BATCH_LENGTH", 100)
    monkeypatch.setattr(stage, "READ_LENGTH", 100)
    todo = [(f"v{number}", length) for number, length in enumerate(lengths)]
    assert [len(batch) for batch in stage._batches(todo)] == batches


def test_other_languages_are_kept_marked_and_counted(world: Unread) -> None:
    document = world.document("d1", "the-lantern", hours(0), "Das geht nicht.")
    world.store.append("documents", [replace(document, language=None)], replace=True)
    counts = world.extract(Recorder())
    assert (counts.skipped, counts.detail["other_language"]) == (1, 1)
    assert world.store.execute("SELECT language FROM store.documents") == [("de",)]


def test_a_declared_language_stays(world: Unread) -> None:
    world.document("d1", "the-lantern", hours(0), "Das geht nicht.")
    world.extract(Recorder())
    assert world.store.execute("SELECT language FROM store.documents") == [("en",)]


def test_a_reply_is_read_with_its_parent_and_an_inexact_day_is_no_day(world: Unread) -> None:
    world.document("d1", "the-lantern", hours(0), "It is out.", title="Model Aster")
    world.document("d2", "the-lantern", hours(1), "Is it?", reply_to="d1")
    world.document("d3", "the-lantern", hours(2), "Later.", precision=Precision.MONTH)
    recorder = Recorder()
    world.extract(recorder)
    post, reply, month = recorder.asked
    assert (post.parent, reply.parent) == (None, "Model Aster. It is out.")
    assert (reply.published_at, month.published_at) == (hours(1), None)
    assert (post.source_name, post.source_role, post.host) == ("The Lantern", "press", "site.example/d1")


def test_what_is_dated_by_a_month_had_been_said_when_the_month_was_over(world: Unread) -> None:
    month = hours(0).replace(day=1, hour=0)
    for document_id, precision, seen_at in (
        ("month", Precision.MONTH, hours(9000)), ("early", Precision.MONTH, hours(3)),
        ("year", Precision.YEAR, hours(90_000)), ("day", Precision.DAY, hours(9000)),
    ):  # fmt: skip
        world.document(document_id, "the-lantern", month, "Model Aster is out.", precision=precision,
                       seen_at=seen_at)
    world.extract()
    instant = timedelta(microseconds=1)
    assert dict(world.store.execute("SELECT document_id, said_at FROM store.mentions")) == {
        "month": month.replace(month=2) - instant, "early": hours(3),
        "year": month.replace(year=month.year + 1) - instant, "day": month,
    }


def test_the_oldest_are_read_first_whatever_order_they_came_in(world: Unread) -> None:
    for document_id, published_at in (("c", hours(3)), ("b", None), ("a", hours(2))):
        world.document(document_id, "the-lantern", published_at, f"Text of {document_id}.", seen_at=hours(9))
    recorder = Recorder()
    world.extract(recorder)
    assert [text.text for text in recorder.asked] == ["Text of a.", "Text of c.", "Text of b."]


def test_a_run_that_dies_between_batches_ends_in_the_same_place(
    world: Unread, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(7):
        world.document(f"d{n}", "the-lantern", hours(n), f"Model M{n} is out. Model N{n} is next.")
    monkeypatch.setattr(stage, "BATCH", 2)

    class Dying(FakeLanguage):
        batches = 0

        def read(self, texts: Iterable[DocumentText]) -> Iterator[Reading]:
            self.batches += 1
            if self.batches == 3:
                raise KeyboardInterrupt
            return super().read(texts)

    with pytest.raises(KeyboardInterrupt):
        world.extract(Dying())
    assert len(world.mentions) == 8
    assert world.extract().inputs == 3
    mentions_after = world.mentions
    world.store.execute("DELETE FROM store.extracted; DELETE FROM store.mentions")
    world.extract()
    assert world.mentions == mentions_after
    assert len({mention.mention_id for mention in mentions_after}) == len(mentions_after) == 14


def test_progress_is_told_and_issues_have_no_duplicates(world: Unread) -> None:
    progress: list[tuple[str, int, int | None]] = []
    watched = replace(
        world.context, progress=lambda stage, done, total: progress.append((stage, done, total))
    )
    world.document("d1", "the-lantern", hours(0), "Model Aster is out.")
    extract(world.store, watched, Misplaced())
    world.store.execute("DELETE FROM store.extracted")
    extract(world.store, watched, Misplaced())
    assert progress[-1] == ("extract", 1, 1)
    assert len(world.store.execute("SELECT * FROM store.issues")) == 1


class Known(Recorder):
    """Know one name, and record the names that were asked."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.named: list[str] = []

    def known(self, names: Iterable[str]) -> Iterator[KnownName]:
        self.named += list(names)
        return iter([KnownName("Model Heron", "model", "Aurel")])


def test_what_each_name_is_is_stored_once_for_each_language_model(world: Unread) -> None:
    world.document("d1", "the-lantern", hours(0), "Model Heron is out. Model Egret is not.")
    first_reader, same_reader, newer = Known("reader-1"), Known("reader-1"), Known("reader-2")
    for language in (first_reader, same_reader, newer):
        world.extract(language)
    assert (first_reader.named, same_reader.named, newer.named) == (["Model Egret", "Model Heron"], [],
                                                                    ["Model Egret", "Model Heron"])
    names_stored = world.store.execute("FROM store.names ORDER BY name")
    assert names_stored == [("Model Egret", "unknown", None, "reader-2"),
                            ("Model Heron", "model", "Aurel", "reader-2")]


def test_of_a_text_of_many_statements_the_first_are_kept(world: Unread,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "READ_STATEMENTS", 2)
    text = "Model Aster is out. Model Birch is next. Model Cedar is out."
    world.document("d1", "the-lantern", hours(0), text)
    world.extract()
    assert world.quotes == ["Model Aster is out.", "Model Birch is next."]
    assert [code for (code,) in world.store.execute("SELECT code FROM store.issues")] == ["long_text"]


@pytest.mark.parametrize(("url", "host"), [
    ("https://github.com/northwind/aster/blob/main/README.md", "github.com/northwind"),
    ("https://github.com/northwind/aster/issues/4", "github.com"),
    ("https://github.com/northwind/aster/discussions/9", "github.com"),
    ("https://hub.example/northwind/aster/discussions/1", "hub.example"),
    ("https://paper.example/", "paper.example"), ("", ""),
])
def test_a_page_is_of_the_account_in_its_path_where_strangers_do_not_write(url: str, host: str) -> None:
    assert stage._host(url) == host
