"""A text that breaks a model is named and left out; the texts beside it are read, and the stage goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.protocols.founding import Candidate, Founding
from models.protocols.language import DocumentText, Reading, Statement
from models.protocols.stance import StanceOpinion, StancePair, TextPair
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.core.inbox import InboxWriter
from pipeline.core.inbox_records import InboxDocument
from pipeline.core.vocabulary import Platform
from pipeline.run.nightly import process
from pipeline.run.report import RunReport
from pipeline.stages.judge import stage as judge_stage
from pipeline.stages.trace import stage as trace_stage
from pipeline.store.store import Store
from tests.conftest import NOW
from tests.fakes import FakeEmbedder, FakeFounder, FakeLanguage, FakeModels, FakeStance
from tests.worlds.nights import UNPUBLISHED

pytestmark = pytest.mark.slow  # whole nights

POISON = "\u200b10²"
TEXTS = ("Model Aster is out.", f"Model Aster {POISON} is out.", "Model Birch is not out.")


def checked(*texts: str) -> None:
    """Raise for the one text that breaks every model here."""
    if any(POISON in text for text in texts):
        raise OverflowError("a number that is too large")


class BrittleLanguage(FakeLanguage):
    def read(self, texts: Iterable[DocumentText]) -> Iterator[Reading]:
        for text in texts:
            checked(text.text)
            yield from super().read([text])

    def statement(self, sentence: str, when: datetime | None) -> Statement:
        checked(sentence)
        return super().statement(sentence, when)


class BrittleEmbedder(FakeEmbedder):
    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        checked(*texts)
        return super().encode(texts)


class BrittleStance(FakeStance):
    def judge(self, pairs: Sequence[StancePair]) -> list[StanceOpinion]:
        checked(*(pair.quote for pair in pairs))
        return super().judge(pairs)

    def read(self, pairs: Sequence[TextPair]) -> list[dict[str, float]]:
        checked(*(pair.text for pair in pairs))
        return super().read(pairs)


class BrittleFounder(FakeFounder):
    def judge(self, candidates: Sequence[Candidate]) -> list[Founding]:
        checked(*(candidate.quote for candidate in candidates))
        return super().judge(candidates)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Three posts, the second of which is poison."""
    home = Home(tmp_path)
    with InboxWriter.create(home.inbox, "20260302T030000Z", "x") as writer:
        for number, text in enumerate(TEXTS):
            writer.write(InboxDocument(f"https://x.example/{number}", Platform.X, "x", text, NOW,
                                       id=f"d{number}", author=f"a{number}"))
    return home


def night(home: Home, models: FakeModels) -> RunReport:
    return process(home, Config(), now=NOW, models=models, stages=UNPUBLISHED)


def unread(home: Home) -> list[tuple[str, str]]:
    store = Store.read_only(home.work)
    unread_rows = store.execute(
        "SELECT DISTINCT stage, place FROM store.issues WHERE code = 'unread' ORDER BY ALL"
    )
    store.close()
    return [(str(stage), str(issue_place)) for stage, issue_place in unread_rows]


@pytest.mark.parametrize(
    ("models", "stages"),
    [
        (FakeModels(language=BrittleLanguage()), {"extract"}),
        (FakeModels(founder=BrittleFounder()), {"found"}),
        (FakeModels(embedder=BrittleEmbedder()), {"cluster", "gather"}),
        (FakeModels(stance=BrittleStance()), {"cluster", "weigh"}),
    ],
)
def test_one_text_breaks_no_stage_and_takes_no_other_with_it(home: Home, models: FakeModels,
                                                             stages: set[str]) -> None:
    report = night(home, models)
    issues = unread(home)
    assert {stage for stage, _ in issues} <= stages and issues
    assert {issue_place for stage, issue_place in issues if stage != "gather"} <= {"d1"}
    store = Store.read_only(home.work)
    assert store.execute("SELECT count(*) FROM store.issues WHERE code = 'stage_failed'") == [(0,)]
    claims = {claim for (claim,) in store.execute("SELECT claim FROM store.claims")}
    store.close()
    assert {"Model Aster is out.", "Model Birch is out."} <= claims
    assert set(report.counts) >= {"extract", "found", "cluster", "gather", "weigh", "trace"}
    # An unreadable text is not tried again every night.
    later_report = process(home, Config(), now=NOW.replace(day=3), models=models, stages=UNPUBLISHED)
    assert {name: later_report.counts[name].inputs for name in ("extract", "found", "cluster", "weigh")} == {
        "extract": 0, "found": 0, "cluster": 0, "weigh": 0,
    }
    assert later_report.outcome == "ok"


def test_a_claim_whose_texts_cannot_be_judged_keeps_its_last_judgement(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    night(home, FakeModels())
    verdicts = "SELECT claim_id, status FROM step.judgements ORDER BY ALL"
    store = Store.read_only(home.work)
    verdicts_before = store.execute(verdicts)
    ((poisoned,),) = store.execute("SELECT claim_id FROM store.claims WHERE claim LIKE '%Birch%'")
    store.close()
    assert poisoned in {claim for claim, _ in verdicts_before} and len(verdicts_before) > 1
    full_case = judge_stage.full_case

    def brittle(inputs: judge_stage.Inputs, claim_id: str) -> object:
        checked(inputs.subjects[claim_id].claim.replace("Birch", POISON))
        return full_case(inputs, claim_id)

    monkeypatch.setattr(judge_stage, "full_case", brittle)
    monkeypatch.setattr(judge_stage, "VERSION", "other-rules")  # all claims are judged anew
    report = process(home, Config(), now=NOW.replace(day=3), models=FakeModels(), stages=UNPUBLISHED)
    assert (report.broken, report.counts["judge"].inputs) == (
        (),
        len({claim for claim, _ in verdicts_before}),
    )
    assert unread(home) == [("judge", poisoned)]
    store = Store.read_only(home.work)
    assert store.execute(verdicts) == verdicts_before
    store.close()
    last_report = process(home, Config(), now=NOW.replace(day=4), models=FakeModels(), stages=UNPUBLISHED)
    assert last_report.counts["judge"].inputs == 0


def test_an_edit_that_cannot_be_compared_is_an_edit_all_the_same(home: Home,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.stages.ingest.stage.compare", lambda *texts: checked(texts[1].text))
    night(home, FakeModels())
    with InboxWriter.create(home.inbox, "20260303T030000Z", "x") as writer:
        for day in (3, 4):
            seen_at = NOW.replace(day=day)
            writer.write(InboxDocument("https://x.example/1", Platform.X, "x", f"{day}: {POISON}", seen_at,
                                       id="d1", author="a1"))
    report = process(home, Config(), now=NOW.replace(day=5), models=FakeModels(), stages=UNPUBLISHED)
    assert report.broken == ()
    store = Store.read_only(home.work)
    assert store.execute("SELECT change, removed, added FROM store.edits") == [("body", "", "")] * 2
    store.close()
    assert [stage for stage, _ in unread(home)] == ["ingest", "ingest"]


def test_a_claim_whose_texts_cannot_be_traced_counts_for_nobody(home: Home,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    follow = trace_stage._follow

    def brittle(told: Sequence[trace_stage.Statement], *rest: object) -> object:
        checked(*(statement.quote for statement in told))
        return follow(told, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(trace_stage, "_follow", brittle)
    night(home, FakeModels())
    ((stage, _),) = unread(home)
    assert stage == "trace"
    store = Store.read_only(home.work)
    voices = store.execute("SELECT voice, independent, reason FROM store.origins WHERE voice = 'hearsay'")
    store.close()
    assert voices
    assert all(not independent and "could not be read" in reason for _, independent, reason in voices)
    assert process(home, Config(), now=NOW.replace(day=3), models=FakeModels()).outcome == "ok"
