"""Test a checker around its models: what it accepts, refuses, keeps and never discloses."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models.protocols.founding import Candidate, Founding
from models.protocols.language import FoundMention, FoundPassage, Language
from pipeline.check import checker as module
from pipeline.check.checker import LONGEST, Checker
from pipeline.check.records import as_json
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.errors import BusyError, DataError, ModelError, NothingAskedError
from pipeline.core.home import Home
from pipeline.core.page import Page
from pipeline.core.vocabulary import DecisionKind, Kind, Precision
from pipeline.decisions.journal import Journal
from pipeline.decisions.sync import copy_journal
from pipeline.stages.publish.stage import publish
from pipeline.store.store import Store
from tests.conftest import NOW
from tests.fakes import FakeEmbedder, FakeFounder, FakeLanguage, FakeModels
from tests.worlds.builder import World, hours
from tests.worlds.laid import EmptyStore

CLAIM = "Model Basalt has 70b parameters"


class Named(FakeLanguage):
    """The fake, which finds passages too, since searching needs them."""

    def read(self, texts):  # type: ignore[no-untyped-def]
        for reading in super().read(texts):
            yield replace(reading, passages=tuple(_passage(mention) for mention in reading.mentions))


class Broken(FakeLanguage):
    """A model that fails on every text, with the text in its message."""

    def read(self, texts):  # type: ignore[no-untyped-def]
        raise ValueError(f"broken by {next(iter(texts)).text}")


def _passage(one: FoundMention) -> FoundPassage:
    return FoundPassage(one.part, one.start, one.end, one.entities, one.organisations, (), one.numbers)


def made(home: Home, language: Language | None = None) -> Checker:
    models = FakeModels(language=language or Named())
    return Checker(home, Config(), models, lambda text: text.replace("\0", ""))


def lay(home: Home, *, vectors: bool = True) -> None:
    """Publish a copy with one claim, and the fakes' vectors if wanted."""
    store = EmptyStore()
    world = World(store)
    courier = world.source("Courier")
    world.claim("c1", CLAIM, Kind.SIZE, (), ("Model Basalt",), mention_id="m1")
    world.say("c1", courier, hours(1), mention_id="m1")
    vector = FakeEmbedder().encode([CLAIM])[0].tolist()
    if vectors:
        world.row("vectors", mention_id="m1", model=FakeEmbedder.name, vector=vector)
        world.row("claim_queries", claim_id="c1", claim=CLAIM, model=FakeEmbedder.name, vector=vector)
    run = RunContext("r1", NOW, home)
    copy_journal(store, run)
    publish(store, run)
    store.close()


@pytest.fixture(scope="module")
def checked_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with such a copy."""
    home = Home(tmp_path_factory.mktemp("checked"))
    lay(home)
    return home


@pytest.mark.slow
def test_a_statement_meets_the_claim_that_it_repeats(checked_home: Home) -> None:
    (statement,) = made(checked_home).check(f"{CLAIM}.").statements
    assert statement.quote == f"{CLAIM}." and [claim.claim_id for claim in statement.known] == ["c1"]
    (other_statement,) = made(checked_home).check("Model Agate has 70b parameters.").statements
    assert other_statement.known == (), "nothing is made to match"


def test_a_statement_is_of_the_kind_that_the_founder_gives_it(checked_home: Home) -> None:
    class Bargainer(FakeFounder):
        def judge(self, candidates: Sequence[Candidate]) -> list[Founding]:
            return [Founding(1.0, "unsound", "deal") for _ in candidates]

    checker = Checker(checked_home, Config(), FakeModels(language=Named(), founder=Bargainer()), str)
    assert checker.check(f"{CLAIM}.").statements[0].kind is Kind.DEAL


def test_a_page_is_one_text_with_its_title(checked_home: Home) -> None:
    published_at = datetime(2026, 3, 1, tzinfo=UTC)
    page = Page("https://a.example/1", "Model Basalt  is out", f"{CLAIM}.", published_at, Precision.DAY, "en",
                whole=False, notes=("A teaser.",))
    checked = made(checked_home).check_link("https://a.example/1", lambda _: page)
    assert checked.text == f"Model Basalt is out\n\n{CLAIM}."
    assert [checked.text[statement.start : statement.end] for statement in checked.statements] == [
        statement.quote for statement in checked.statements] == ["Model Basalt is out", f"{CLAIM}."]
    assert (checked.said_at, checked.whole, checked.notes) == (published_at, False, ("A teaser.",))
    payload = as_json(checked)
    assert payload["said_at"] == "2026-03-01T00:00:00Z"
    assert payload["statements"][1]["known"][0]["bearing"] == "repeats"
    vague_page = replace(page, published_precision=Precision.MONTH)
    assert made(checked_home).check_page(vague_page).said_at is None


@pytest.mark.slow
def test_a_decision_that_was_taken_back_is_told_as_that(home: Home) -> None:
    made_by = Journal(home.journal)
    decision = made_by.decide(
        DecisionKind.STATUS, "c1", "disputed", reason="counted", editor="ada", now=NOW
    )
    lay(home)
    checker = made(home)
    assert "taken back" not in (checker.check(f"{CLAIM}.").statements[0].known[0].reason or "")
    made_by.undo(decision.decision_id, reason="miscounted", editor="bo", now=NOW)
    reason = checker.check(f"{CLAIM}.").statements[0].known[0].reason
    assert reason and "taken back on" in reason and "holds until the next run" in reason


@pytest.mark.slow
def test_of_a_long_text_the_beginning_is_read(checked_home: Home) -> None:
    checked = made(checked_home).check(f"{CLAIM}. " * 3_000)
    assert len(checked.text) <= LONGEST and not checked.whole
    assert "were read" in checked.notes[0] and "Only the first 100 statements" in checked.notes[1]


@pytest.mark.parametrize("text", ["", " \n", "12 + 3 = …", "\0"])
def test_what_has_no_word_is_refused(checked_home: Home, text: str) -> None:
    with pytest.raises(NothingAskedError, match="there is nothing to check"):
        made(checked_home).check(text)


def test_a_text_that_breaks_a_model_is_told_without_its_words(checked_home: Home) -> None:
    with pytest.raises(ModelError) as caught:
        made(checked_home, Broken()).check("A secret about Model Basalt.")
    assert "secret" not in str(caught.value) and "ValueError" in str(caught.value)
    assert caught.value.__context__ is None and caught.value.__cause__ is None


@pytest.mark.slow
def test_a_copy_without_vectors_is_told(checked_home: Home, home: Home) -> None:
    checker = made(home)
    with pytest.raises(DataError, match="nothing is published"):
        checker.check(f"{CLAIM}.")
    shutil.copy(checked_home.published, home.published)
    assert checker.check(f"{CLAIM}.").statements[0].known
    lay(home, vectors=False)
    with pytest.raises(DataError, match="has no vectors of fake-embedder-1"):
        checker.check(f"{CLAIM}.")


def test_an_empty_copy_knows_nothing(home: Home, store: Store, run: RunContext) -> None:
    publish(store, run)
    (statement,) = made(home).check(f"{CLAIM}.").statements
    assert statement.known == ()


def test_one_text_is_checked_at_a_time(checked_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    entered, release = threading.Event(), threading.Event()

    class Slow(Named):
        def read(self, texts):  # type: ignore[no-untyped-def]
            entered.set()
            release.wait(60)
            yield from super().read(texts)

    monkeypatch.setattr(module, "BUSY", 0.0)
    checker = made(checked_home, Slow())
    first = threading.Thread(target=checker.check, args=(f"{CLAIM}.",))
    first.start()
    entered.wait(60)
    with pytest.raises(BusyError, match="other texts are being checked"):
        checker.check(f"{CLAIM}.")
    release.set()
    first.join()
