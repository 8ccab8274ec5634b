"""A sentence that an editor follows becomes a claim, and what was stored before is gathered for it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.protocols.language import DocumentText, FoundPassage, Reading, Statement
from models.protocols.stance import TextPair
from pipeline.core.config import Config
from pipeline.core.errors import ModelError
from pipeline.core.home import Home
from pipeline.core.records import followed_claim_id
from pipeline.core.vocabulary import DecisionKind, Outcome, Status
from pipeline.decisions.journal import Journal
from pipeline.run.nightly import process
from pipeline.stages.gather.pairs import FOLLOWED_ROUND, ROUND
from pipeline.stages.gather.relating import EARLIER
from tests.conftest import NOW, InboxWriter, document, fill_inbox
from tests.fakes import FakeFounder, FakeLanguage, FakeModels, FakeStance
from tests.worlds.nights import UNPUBLISHED, stored

pytestmark = pytest.mark.slow  # whole nights

SENTENCE = "Model Aster has 70b parameters."
CLAIM = followed_claim_id(SENTENCE)
ALIKE = "Model Aster has seventy billion parameters"
OTHER = followed_claim_id(ALIKE)
JUNE = datetime(2026, 6, 30, 23, 59, 59, tzinfo=UTC)


class Passages(FakeLanguage):
    """Finds no claim: every sentence that names a model, or is `named` otherwise, is a passage."""

    named = r"[^.\s][^.]*Model \w+[^.]*\.|Model \w+[^.]*\."

    def read(self, texts: Iterable[DocumentText]) -> Iterator[Reading]:
        for text in texts:
            matches = re.finditer(self.named, text.text)
            yield Reading(passages=tuple(self._passage(match) for match in matches), author=text.source_name)

    def _passage(self, match: re.Match[str]) -> FoundPassage:
        names = tuple(re.findall(r"Model \w+", match[0]))
        return FoundPassage("text", match.start(), match.end(), names, (), (), ())

    def statement(self, sentence: str, when: datetime | None) -> Statement:
        names = tuple(re.findall(r"Model \w+", sentence))
        return Statement("size", ("Northwind AI",), names, (), JUNE, "month")


@dataclass
class Counting(FakeStance):
    """Read as the fake does and record the pairs that were asked."""

    asked: list[TextPair] = field(default_factory=list)

    def read(self, pairs: Sequence[TextPair]) -> list[dict[str, float]]:
        self.asked += pairs
        return super().read(pairs)


class Newsroom:
    """A home folder with documents and one run of the pipeline per night."""

    def __init__(self, home: Home, relations: Counting | None = None, language: Passages | None = None
                 ) -> None:
        self.home = home
        self.relations = relations or Counting()
        self.language = language or Passages()
        self.days = 0

    def copy(self, home: Home) -> Newsroom:
        """Return a newsroom with the same nights in another folder, and with unused models."""
        shutil.copytree(self.home.path, home.path, dirs_exist_ok=True)
        other_newsroom = Newsroom(home)
        other_newsroom.days = self.days
        return other_newsroom

    def night(self) -> None:
        """Run the pipeline; each night is a day later."""
        models = FakeModels(language=self.language, stance=self.relations)
        report = process(self.home, Config(), now=NOW + timedelta(days=self.days), models=models,
                         stages=UNPUBLISHED)
        assert report.outcome is Outcome.OK, report
        self.days += 1

    def follow(self, sentence: str = SENTENCE, editor: str = "ada") -> str:
        """Follow a sentence; return the decision's id."""
        decision, _ = Journal(self.home.journal).follow(
            sentence, reason="a tip", editor=editor, now=NOW + timedelta(days=self.days, hours=-1)
        )
        return decision.decision_id

    def decide(self, kind: DecisionKind, target: str, value: str | None = None) -> None:
        """Write a decision."""
        now = NOW + timedelta(days=self.days)
        Journal(self.home.journal).decide(kind, target, value, reason="we asked", editor="bo", now=now)

    def undo(self, decision_id: str) -> None:
        """Take a decision back."""
        now = NOW + timedelta(days=self.days)
        Journal(self.home.journal).undo(decision_id, reason="no more", editor="ada", now=now)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a question to the work file."""
        return stored(self.home, sql)


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """A newsroom with a night's passages and no claim, to copy."""
    newsroom = Newsroom(Home(tmp_path_factory.mktemp("first")))
    fill_inbox(newsroom.home, [
        document(title=None, text=SENTENCE),
        document("https://other.example/1", title=None, source="other",
                 text="Model Aster does not have 70b parameters."),
        document("https://other.example/2", title=None, source="other",
                 text="Model Borage was released today."),
    ])
    newsroom.night()
    assert newsroom.ask("FROM claims") == []
    return newsroom


@pytest.fixture(scope="module")
def second_night(first_night: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """A newsroom that has followed the sentence for a night, to copy."""
    newsroom = first_night.copy(Home(tmp_path_factory.mktemp("second")))
    newsroom.follow()
    newsroom.night()
    return newsroom


@pytest.fixture
def newsroom(first_night: Newsroom, home: Home) -> Newsroom:
    """A newsroom with a night's passages and no claim."""
    return first_night.copy(home)


@pytest.fixture
def followed(second_night: Newsroom, home: Home) -> Newsroom:
    """A newsroom that has followed the sentence for a night."""
    return second_night.copy(home)


@pytest.fixture(scope="module")
def two_followed(first_night: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """A newsroom that has followed the sentence and a similar one for a night, to copy."""
    newsroom = first_night.copy(Home(tmp_path_factory.mktemp("both")))
    newsroom.follow()
    newsroom.follow(ALIKE)
    newsroom.night()
    return newsroom


@pytest.fixture
def both(two_followed: Newsroom, home: Home) -> Newsroom:
    """A newsroom that has followed the sentence and a similar one for a night."""
    return two_followed.copy(home)


def test_a_followed_sentence_is_a_claim_with_what_it_is_about(followed: Newsroom) -> None:
    assert followed.ask("SELECT claim_id, claim, followed_by, followed_why FROM claims") == [
        (CLAIM, SENTENCE, "ada", "a tip")
    ]
    assert followed.ask("SELECT kind, organisations, entities, event_at, event_precision FROM claims") == [
        ("size", ["Northwind AI"], ["Model Aster"], JUNE.replace(tzinfo=None), "month")
    ]


class Bargainer(FakeFounder):
    """Takes every followed sentence for a deal, but breaks on some."""

    def __init__(self, breaks: bool) -> None:
        self.breaks = breaks

    def kind(self, sentence: str, by_rule: str) -> str:
        assert by_rule == "size"
        if self.breaks:
            raise ValueError("no such sentence")
        return "deal"


@pytest.mark.parametrize(("breaks", "kind"), [(False, "deal"), (True, "size")])
def test_its_kind_is_the_founders_or_else_the_rules(newsroom: Newsroom, breaks: bool, kind: str) -> None:
    newsroom.follow()
    models = FakeModels(language=newsroom.language, founder=Bargainer(breaks))
    process(newsroom.home, Config(), now=NOW + timedelta(days=newsroom.days), models=models,
            stages=UNPUBLISHED)
    assert newsroom.ask("SELECT kind FROM claims") == [(kind,)]


class Unfounded(FakeModels):
    """Models of which the founder cannot be loaded."""

    def __getattribute__(self, name: str) -> Any:
        if name == "founder":
            raise ModelError("founding.onnx is missing")
        return super().__getattribute__(name)


def test_gathering_needs_no_founder_where_nothing_is_followed(
    newsroom: Newsroom, write_inbox: InboxWriter
) -> None:
    write_inbox([document("https://late.example/1", title=None, text="Model Aster sings.")], run_id="r2")
    report = process(newsroom.home, Config(), now=NOW + timedelta(days=newsroom.days),
                     models=Unfounded(language=newsroom.language), stages=UNPUBLISHED)
    assert report.broken == ("found",)


def test_evidence_is_gathered_from_what_was_stored_before(followed: Newsroom) -> None:
    rows = followed.ask("SELECT stance, quote, proposition, source FROM evidence ORDER BY stance")
    assert rows == [
        ("denies", "Model Aster does not have 70b parameters.", SENTENCE, "other"),
        ("supports", SENTENCE, SENTENCE, "wire"),
    ]
    assert followed.ask("SELECT mentions, supports, denies, status FROM claims") == [(2, 1, 1, "disputed")]
    assert followed.ask("SELECT DISTINCT how FROM store.members") == [("gathered",)]


def test_what_names_nothing_is_searched_only_where_it_answers(newsroom: Newsroom, write_inbox: InboxWriter
                                                              ) -> None:
    newsroom.language.named = r"[^.]+\."
    write_inbox([document("https://late.example/1", title=None, text="This was debunked."),
                 document("https://late.example/2", title=None, text="That was debunked.",
                          in_reply_to="https://other.example/1")], run_id="r2")
    newsroom.night()
    urls = newsroom.ask("SELECT d.url FROM store.passages JOIN store.documents AS d USING (document_id) "
                           "SEMI JOIN store.passage_vectors USING (passage_id) WHERE d.url LIKE '%late%'")
    assert urls == [("https://late.example/2",)]


@dataclass
class Sparing(Counting):
    """A comment of a few words is not worth reading where a search found it."""

    def promise(self, pairs: Sequence[TextPair]) -> list[float]:
        return [float(pair.likeness is None or "debunked" not in pair.text) for pair in pairs]


@pytest.mark.parametrize("before", [True, False])
def test_of_short_comments_those_that_answer_what_speaks_to_the_claim_are_read_whatever_their_words(
    newsroom: Newsroom, write_inbox: InboxWriter, before: bool
) -> None:
    newsroom.relations = Sparing()
    if not before:
        newsroom.follow()
        newsroom.night()
    write_inbox([document("https://late.example/1", title=None, text="Model Aster: debunked.",
                          in_reply_to="https://other.example/1"),
                 document("https://late.example/2", title=None, text="Model Aster was debunked.",
                          in_reply_to="https://other.example/2")], run_id="r2")
    if before:
        newsroom.night()
        newsroom.follow()
    newsroom.night()
    asked = [pair.text for pair in newsroom.relations.asked]
    assert [text for text in asked if "debunked" in text] == ["Model Aster: debunked."]


def test_what_comes_in_later_is_gathered_too(followed: Newsroom, write_inbox: InboxWriter) -> None:
    write_inbox([document("https://late.example/1", title=None, source="late",
                          text="Model Aster has 70b parameters indeed.")], run_id="r2")
    followed.night()
    assert followed.ask("SELECT mentions FROM claims") == [(3,)]


def test_one_of_which_nothing_speaks_is_a_claim_as_well(newsroom: Newsroom) -> None:
    newsroom.follow("Model Zinnia eats whole libraries")
    newsroom.night()
    columns = "mentions, status, reason, voices, first_said_at, followed_by"
    assert newsroom.ask(f"SELECT {columns} FROM claims") == [(0, "unverified", None, 0, None, "ada")]
    assert newsroom.ask("FROM evidence") == []


def test_taken_back_it_is_no_longer_shown_and_followed_again_it_comes_back(newsroom: Newsroom) -> None:
    decision_id = newsroom.follow()
    newsroom.night()
    newsroom.undo(decision_id)
    newsroom.night()
    assert newsroom.ask("FROM claims") == []
    assert newsroom.ask("FROM evidence") == []
    read_before = len(newsroom.relations.asked)
    newsroom.follow(f"  {SENTENCE.upper()} ", "bo")
    newsroom.night()
    assert newsroom.ask("SELECT claim_id, claim, mentions, followed_by FROM claims") == [
        (CLAIM, SENTENCE, 2, "bo")
    ]
    assert len(newsroom.relations.asked) == read_before, "what was read once is kept"


def test_taken_back_before_a_run_it_never_is_a_claim(newsroom: Newsroom) -> None:
    newsroom.undo(newsroom.follow())
    newsroom.night()
    assert newsroom.ask("FROM store.claims") == []


def test_an_editors_word_on_it_counts_without_evidence(newsroom: Newsroom) -> None:
    sentence = "Model Zinnia eats whole libraries"
    newsroom.follow(sentence)
    newsroom.decide(DecisionKind.STATUS, followed_claim_id(sentence), Status.CONTRADICTED)
    newsroom.night()
    assert newsroom.ask("SELECT code FROM store.issues") == []
    newsroom.night()
    ((status, reason, evidence),) = newsroom.ask("SELECT status, reason, evidence_ids FROM claims")
    assert (status, evidence) == ("contradicted", [])
    assert reason == "bo decided so: we asked. Left to the rules it would be unverified."


def test_its_words_stay_the_editors_whatever_leaves_it(followed: Newsroom) -> None:
    for (mention,) in followed.ask("SELECT mention_id FROM evidence ORDER BY mention_id"):
        followed.decide(DecisionKind.SPLIT, mention)
    followed.night()
    rows = followed.ask("SELECT claim_id, claim, mentions, reason FROM claims WHERE followed_by IS NOT NULL")
    assert rows == [(CLAIM, SENTENCE, 0, None)], "and what they proved of it is gone with them"


def test_merged_into_another_that_one_is_followed(both: Newsroom) -> None:
    both.decide(DecisionKind.MERGE, CLAIM, OTHER)
    both.night()
    ((claim_id, mentions, followed),) = both.ask("SELECT claim_id, mentions, followed_by FROM claims")
    assert (claim_id, followed) == (OTHER, "ada")
    assert mentions >= 2


def test_one_that_stands_for_another_is_shown_when_it_is_no_longer_followed(newsroom: Newsroom) -> None:
    newsroom.follow()
    taken_back = newsroom.follow(ALIKE)
    newsroom.night()
    newsroom.decide(DecisionKind.MERGE, CLAIM, OTHER)
    newsroom.undo(taken_back)
    newsroom.night()
    assert [row[0] for row in newsroom.ask("SELECT claim_id FROM claims")] == [OTHER]


def test_what_editors_put_into_it_does_not_reword_it(both: Newsroom) -> None:
    own_mentions = both.ask(f"SELECT mention_id FROM evidence WHERE claim_id = '{CLAIM}' ORDER BY mention_id")
    both.decide(DecisionKind.MERGE, OTHER, CLAIM)
    for (mention,) in own_mentions:
        both.decide(DecisionKind.SPLIT, mention)
    both.night()
    ((claim, mentions),) = both.ask(f"SELECT claim, mentions FROM claims WHERE claim_id = '{CLAIM}'")
    assert mentions
    assert claim == SENTENCE


def test_what_an_editor_took_out_is_not_put_back_by_another_model(followed: Newsroom) -> None:
    ((denial,),) = followed.ask("SELECT mention_id FROM evidence WHERE stance = 'denies'")
    followed.decide(DecisionKind.SPLIT, denial)
    followed.night()
    followed.relations.name = "fake-stance-2"
    followed.night()
    assert followed.ask(f"SELECT mentions, denies FROM claims WHERE claim_id = '{CLAIM}'") == [(1, 0)]


@dataclass
class Unmoved(Counting):
    """Read as the fake does, but let only texts that contain `but` belong to a claim."""

    but: str = "nothing"

    def _shares(self, pair: TextPair) -> dict[str, float]:
        share = 0.1 if self.but in pair.text else 0.9
        return {"supports": 1 - share, "denies": 0.0, "questions": 0.0, "reports": 0.0, "unrelated": share}


class Saying(Passages):
    """Every sentence that names a model is a passage, and one that has "claims" in it a mention too."""

    def read(self, texts: Iterable[DocumentText]) -> Iterator[Reading]:
        for text, reading in ((text, next(iter(super(Saying, self).read([text])))) for text in texts):
            mentions = self._sentences("text", text.text, text) if "claims" in text.text else ()
            yield replace(reading, mentions=tuple(mentions))


@pytest.mark.parametrize(("but", "follows", "read"), [
    ("nothing", False, ROUND), ("number", False, 60), ("nothing", True, FOLLOWED_ROUND),
])
def test_only_where_one_of_the_first_may_belong_are_the_others_read(
    home: Home, write_inbox: InboxWriter, but: str, follows: bool, read: int
) -> None:
    statement = "Model Aster claims 70b parameters"
    write_inbox([document(f"https://other.example/{number}", title=None, source="other",
                          text=f"Model Aster has number {number} of 70b parameters.") for number in range(60)]
                + ([] if follows else [document(title=None, text=f"{statement}.")]))
    relations = Unmoved(but=but)
    newsroom = Newsroom(home, relations, Saying())
    if follows:
        newsroom.follow("Model Aster has number 70b parameters")
    newsroom.night()
    assert len(relations.asked) == read


@dataclass
class Half(Counting):
    """Be half sure that a passage belongs; one with " not " in it denies the claim."""

    def _shares(self, pair: TextPair) -> dict[str, float]:
        share = Config().gather.related - EARLIER / 2
        side = "denies" if " not " in pair.text else "supports"
        return {label: share if label == side else 0.0
                for label in ("supports", "denies", "questions", "reports")} | {"unrelated": 1 - share}


def test_what_stands_against_a_claim_belongs_a_little_earlier(home: Home, write_inbox: InboxWriter) -> None:
    write_inbox([document("https://other.example/1", title=None, source="other",
                          text="Model Aster does not have 70b parameters."),
                 document("https://other.example/2", title=None, source="other",
                          text="Model Aster does have 70b parameters.")])
    newsroom = Newsroom(home, Half())
    newsroom.follow("Model Aster has 70b parameters")
    newsroom.night()
    assert newsroom.ask("SELECT stance, url FROM evidence") == [("denies", "https://other.example/1")]
