"""Judge: verdicts in the store, night after night."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.core.config import Config, JudgeConfig
from pipeline.core.context import RunContext
from pipeline.core.vocabulary import (
    Certainty,
    DecisionKind,
    Extent,
    Kind,
    Outcome,
    Part,
    Platform,
    Precision,
    ReadAnew,
    ReleaseStage,
    Role,
    Stance,
    Status,
)
from pipeline.published.claim import read_claim
from pipeline.stages.judge import history, inputs
from pipeline.stages.judge import stage as judge_stage
from pipeline.stages.judge.case import Case
from pipeline.stages.judge.rules import RULES, Assessment
from pipeline.stages.judge.stage import judge
from pipeline.stages.publish.stage import publish
from pipeline.store.store import Store
from tests.fakes import SendingEngine
from tests.worlds.builder import hours
from tests.worlds.judged import Judged

pytestmark = pytest.mark.slow  # a store for each test

FIRST_PARTY = {"role": Role.FIRST_PARTY, "organisation": "aurel"}
HUB = "# Aster\n\nTask: text-generation\nLibrary: transformers"  # a hub's page that holds weights
REPORTED: dict[str, Any] = {"speaker": None, "certainty": Certainty.REPORTED}


@pytest.fixture
def world(store: Store, run: RunContext) -> Judged:
    """Outlets, a forum, the subject's blog and model hub, and a claim."""
    world = Judged(store, run)
    world.people()
    world.source("Aurel Hub", Role.FIRST_PARTY, "aurel", Platform.HUGGINGFACE)
    world.claim("c1", kind=Kind.TRAINING_DATA)
    return world


def test_a_rumour_denied_by_the_accused_is_disputed_and_says_by_whom(world: Judged) -> None:
    # The story of Llama 4's scores: an anonymous post, an outlet that tells of it, a vice president's denial.
    world.claim("c2", "Meta trained Llama 4 Maverick and Llama 4 Scout on test sets", Kind.BENCHMARK_GAMING,
                ("meta",), ("Llama 4 Maverick", "Llama 4 Scout"))
    world.document("article", "the-lantern", hours(0))
    origin = "a post on a Chinese social media site from a user who says they resigned from Meta"
    rumour = world.mention("c2", "article", attributed_to=origin, **REPORTED)
    denial = world.mention("c2", "article", speaker="Ahmad Al-Dahle", role=Role.FIRST_PARTY,
                           organisation="meta", negated=True, verb="say")
    ids = (world.stance("c2", rumour, Stance.REPORTS), world.stance("c2", denial, Stance.DENIES))
    world.night()
    (step,) = world.verdicts("c2")
    assert (step.status, step.rule, step.voices) == (Status.DISPUTED, "disputed", 1)
    assert "Ahmad Al-Dahle, the subject itself (quoted by The Lantern)" in step.reason
    assert f"“{origin}” (passed on by The Lantern)" in step.reason
    assert set(step.evidence_ids) == set(ids) and step.moved_at == hours(0)
    assert step.would_change


@pytest.mark.parametrize(("below", "below_stance", "status"), [
    ((Certainty.HEDGED,), Stance.SUPPORTS, Status.UNVERIFIED),
    ((Certainty.REPORTED,), Stance.REPORTS, Status.UNVERIFIED),
    ((Certainty.HEDGED, Certainty.ASSERTED), Stance.SUPPORTS, Status.CORROBORATED),
    ((), Stance.SUPPORTS, Status.CORROBORATED),
])
def test_a_headline_is_as_sure_as_the_text_below_it(
        world: Judged, below: tuple[Certainty, ...], below_stance: Stance, status: Status) -> None:
    world.claim("c2", "Aurel bars its staff from Aster 4", Kind.OTHER)
    world.say("c2", "the-lantern", hours(0), quote="Staff of Aurel may not use Aster 4 any more")
    world.document("d9", "courier", hours(1))
    said = [world.mention("c2", "d9", part=Part.TITLE, quote="Aurel forbids Aster 4 to its own people")]
    said += [world.mention("c2", "d9", certainty=certainty, quote=f"Aster 4 is off limits ({number})")
             for number, certainty in enumerate(below)]
    for mention_id in said:
        world.stance("c2", mention_id, Stance.SUPPORTS if mention_id == said[0] else below_stance)
    world.night()
    assert world.verdicts("c2")[-1].status is status


def test_who_does_not_belong_to_a_claims_organisation_is_no_first_party(world: Judged) -> None:
    world.claim("c2", kind=Kind.SIZE)
    world.say("c2", "courier", hours(0), speaker="Borea's chief", role=Role.FIRST_PARTY, organisation="Borea")
    world.claim("c3", kind=Kind.SIZE)
    world.say("c3", "courier", hours(0), speaker="Aurel's chief", role=Role.PRESS, organisation="Aurel",
              verb="say")
    world.night()
    assert world.last("c2").status is Status.UNVERIFIED
    assert world.last("c3").status is Status.SUBSTANTIATED


def test_an_organisation_is_no_first_party_of_another_whose_name_is_chinese_too(world: Judged) -> None:
    our_name, their_name = "深度求索", "月之暗面"
    world.source("Ours", Role.FIRST_PARTY, our_name)
    world.source("Theirs", Role.FIRST_PARTY, their_name)
    world.source("Theirs Hub", Role.FIRST_PARTY, their_name, Platform.HUGGINGFACE)
    world.claim("c2", f"{our_name} trained Aster 4 on 9 TB", Kind.SIZE, (our_name,))
    world.say("c2", "theirs", hours(0))
    world.claim("c3", f"{our_name} trained Aster 4 on 9 TB", Kind.SIZE, (our_name,))
    world.say("c3", "ours", hours(0))
    world.claim("c4", f"{our_name} released Aster 4 today", Kind.RELEASE, (our_name,))
    world.say("c4", "theirs", hours(0))
    world.document("page", "theirs-hub", hours(1), HUB, title="Aster 4", artefact=True)
    world.night()
    assert [world.last(claim).rule for claim in ("c2", "c3", "c4")] == ["one_voice", "admitted", "one_voice"]
    assert "the subject itself" not in world.last("c2").reason


def test_a_part_of_an_organisation_speaks_for_the_whole_in_one_voice(world: Judged) -> None:
    world.source("Aurel Minds", Role.FIRST_PARTY, "Aurel Minds", Platform.X)
    world.row("names", name="Aurel Minds", type="organisation", owner="Aurel", model="fake")
    world.claim("c2", "Aurel trained Aster 4 on 9 TB", Kind.SIZE)
    world.say("c2", "x:aurel-minds", hours(0))
    world.claim("c3", "Aurel Minds trained Aster 4 on 9 TB", Kind.SIZE, ("Aurel Minds",))
    world.say("c3", "aurel-blog", hours(0))
    world.claim("c4", "Aster 4 writes plays", Kind.OTHER)
    world.say("c4", "x:aurel-minds", hours(0))
    world.say("c4", "aurel-blog", hours(1))
    world.night()
    assert [world.last(claim).rule for claim in ("c2", "c3")] == ["admitted", "admitted"]
    assert (world.last("c4").status, world.last("c4").voices) == (Status.UNVERIFIED, 1)


def test_a_board_tells_of_a_result_on_itself_and_is_no_party_to_it(world: Judged) -> None:
    world.source("Quarry", Role.FIRST_PARTY, "Quarry", Platform.X)
    world.row("names", name="Quarry", type="evaluator", owner=None, model="fake")
    world.row("names", name="CodeQuarry", type="benchmark", owner="Quarry", model="fake")
    for claim, board in (("c2", "Quarry"), ("c3", "CodeQuarry")):
        organisations = ("aurel", *(("Quarry",) if board == "Quarry" else ()))
        world.claim(claim, f"Aurel's Aster 4 is first on {board}", Kind.BENCHMARK_RESULT, organisations,
                    ("Aster 4", board))
        world.say(claim, "x:quarry", hours(0))
    world.claim("c4", "Aurel paid Quarry for a private test", Kind.DEAL, ("aurel", "Quarry"))
    world.say("c4", "x:quarry", hours(0))
    world.claim("c5", "Aster 4 is first on MazeEval", Kind.BENCHMARK_RESULT, entities=("Aster 4", "MazeEval"))
    world.say("c5", "x:quarry", hours(0))
    world.night()
    assert [world.last(f"c{number}").rule for number in (2, 3, 4, 5)] == [
        "shown", "shown", "admitted", "one_voice"
    ]
    assert world.last("c2").reason == "The board itself tells of the result: Quarry (2026-01-05)."


@pytest.mark.parametrize(("bound", "cases"), [
    (1.0, [(0.99, ("Aster 4",), "one_voice")]),
    (0.8, [
        (0.79, ("Aster 4",), "one_voice"),
        (0.8, ("Aster 4",), "admitted"),
        (0.99, (), "one_voice"),  # its names come from the surrounding text
    ]),
])
def test_what_was_gathered_settles_only_where_it_is_surely_about_the_claim(
    world: Judged, monkeypatch: pytest.MonkeyPatch, bound: float,
    cases: list[tuple[float, tuple[str, ...], str]],
) -> None:
    monkeypatch.setitem(inputs.SETTLES, "settles_for", bound)
    mentions = {}
    for number, (confidence, names, _) in enumerate(cases):
        claim = world.claim(f"c-{number}", "Aster 4 is under the MIT licence", Kind.LICENCE)
        world.document(f"post{number}", "aurel-blog", hours(0))
        mention = mentions[claim] = world.mention(claim, f"post{number}", entities=names, organisations=())
        world.row("placements", mention_id=mention, claim_id=claim, similarity=0.9, how="gathered")
        world.stance(claim, mention, Stance.SUPPORTS, confidence)
    world.night()
    assert [world.last(claim).rule for claim in mentions] == [rule for *_, rule in cases]
    for mention in mentions.values():
        world.decide(DecisionKind.STANCE, mention, "reports", hours(1))
    world.night(1)
    assert {world.last(claim).status for claim in mentions} == {Status.UNVERIFIED}


@pytest.mark.parametrize(("how", "founder", "bound"), [
    ("near", "m-{}", "whole"), ("gathered", "m-{}", "whole"), ("gathered", "", "followed_whole"),
])
def test_what_supports_a_claim_corroborates_it_only_where_it_bears_out_the_whole(
    world: Judged, how: str, founder: str, bound: str
) -> None:
    lowest = inputs.SETTLES[bound]
    # None: no model read it, or the model failed on it.
    expected_status = {lowest: Status.CORROBORATED, lowest - 0.01: Status.UNVERIFIED, None: Status.UNVERIFIED}
    words = "Aster 4 runs in a browser with 24 billion parameters"
    claims = {}
    for number, entails in enumerate(expected_status):
        claim = world.claim(f"c-{number}", words, Kind.SIZE, mention_id=founder.format(number))
        claims[entails] = claim
        world.say(claim, "courier", hours(0), mention_id=f"m-{number}", quote=f"{words}.")
        world.document(f"d-{number}", "daily-quill", hours(1))
        mention = world.mention(claim, f"d-{number}", quote="24 billion parameters run in it.",
                                entities=("Aster 4",))
        world.row("placements", mention_id=mention, claim_id=claim, similarity=0.9, how=how)
        world.ask("UPDATE store.members SET how = ? WHERE mention_id = ?", [how, mention])
        world.stance(claim, mention, Stance.SUPPORTS, 0.95, entails=entails)
    world.night()
    assert {entails: world.last(claim).status for entails, claim in claims.items()} == expected_status


@pytest.mark.parametrize(("entails", "status"), [
    (0.3, Status.UNVERIFIED), (0.95, Status.CORROBORATED), (None, Status.CORROBORATED),
])
def test_what_a_claim_was_made_of_counts_where_it_bears_out_the_words_that_the_claim_has_by_now(
    world: Judged, entails: float | None, status: Status
) -> None:
    claim = world.claim("c-told", "A letter against Aster 4 starts a feud", Kind.SIZE, mention_id="m-first")
    world.document("first", "courier", hours(0))
    first = world.mention(claim, "first", quote="Some write against Aster 4.", mention_id="m-first")
    world.stance(claim, first, Stance.SUPPORTS, 0.95, entails=entails)
    world.document("second", "daily-quill", hours(1))
    world.stance(claim, world.mention(claim, "second"), Stance.SUPPORTS, 0.95, entails=1.0)
    world.night()
    assert world.last(claim).status is status


@pytest.mark.parametrize(("words", "quote", "status"), [
    ("Aster 4 is sold to some for $9,000", "Some can buy Aster 4 now.", Status.UNVERIFIED),
    ("Aster 4 is sold to some for $9,000", "Some can buy Aster 4 at $9,000.", Status.CORROBORATED),
    ("Aster 4 has one million users", "Millions use Aster 4.", Status.CORROBORATED),  # no amount in figures
    ("Aurel sells Aster 4", "Aurel sells it.", Status.CORROBORATED),
])
def test_what_supports_a_claim_says_the_whole_of_it_only_with_its_amounts(
    world: Judged, words: str, quote: str, status: Status
) -> None:
    claim = world.claim("c-amount", words, Kind.PRICE, mention_id="m-first")
    world.say(claim, "courier", hours(0), mention_id="m-first", quote=f"{words}.")
    world.document("second", "daily-quill", hours(1))
    world.stance(claim, world.mention(claim, "second", quote=quote), Stance.SUPPORTS, 0.95, entails=0.95)
    world.night()
    assert world.last(claim).status is status


@pytest.mark.parametrize(("claim", "quote", "proposition", "rule"), [
    ("Aster 4 leans to the left", "Aster 4 does not lean towards one skin colour when it reads letters.",
     "Aster 4 leans towards one skin colour", "unverified"),
    ("Aster 4 leans to the left", "Aster 4 does not lean to the left.", "Aster 4 leans to the left",
     "disputed"),
    ("Aster 4 has 100 trillion parameters", "Aster4 will not have 100 trillion parameters.",
     "Aster4 will have 100 trillion parameters", "disputed"),
])
def test_a_denial_that_clustering_put_with_a_claim_disputes_it_where_it_says_the_same(
    world: Judged, claim: str, quote: str, proposition: str, rule: str
) -> None:
    claim_id = world.claim("c-near", claim, Kind.SAFETY, mention_id="m-first")
    world.say(claim_id, "courier", hours(0), mention_id="m-first")
    world.say(claim_id, "the-lantern", hours(1), certainty=Certainty.HEDGED)
    world.document("near", "daily-quill", hours(2))
    denial = world.mention(claim_id, "near", quote=quote, proposition=proposition, negated=True)
    world.stance(claim_id, denial, Stance.DENIES, 0.9)
    world.night()
    assert world.last(claim_id).rule == rule


@pytest.mark.parametrize(("claim", "quote", "hour", "rule"), [
    ("Aurel will release Aster 4 in March", "Aurel has released Aster 4", 24 * 70, "one_voice"),
    ("Aurel will release Aster 4 in March", "Aurel has released Aster 4", 24 * 120, "expired"),
    ("Aurel will release Aster 4 in March", "Aurel has released Aster 4 Mini", 24 * 70, "expired"),
    ("Aurel will release Aster 4 in March", "Aurel wants to release Aster 4", 24 * 70, "expired"),
    ("Aster for phones will debut in March", "Aster for phones launched on Tuesday", 24 * 70, "one_voice"),
    ("Aster for phones will debut in March", "Aster launched a search on Tuesday", 24 * 70, "expired"),
])
def test_a_foretold_release_does_not_expire_where_another_claim_tells_that_it_is_there(
    world: Judged, claim: str, quote: str, hour: float, rule: str
) -> None:
    names = ("Aster 4",) if "Aster 4" in claim else ("Aster",)
    end = datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC)
    world.claim("c2", claim, Kind.RELEASE, entities=names, event_at=end, event_precision=Precision.MONTH)
    world.say("c2", "courier", hours(0), certainty=Certainty.PREDICTED)
    world.night(150)
    assert world.last("c2").rule == "expired"
    world.claim("c3", quote, Kind.RELEASE, entities=names)
    world.say("c3", "the-lantern", hours(hour), quote=quote, kind=Kind.RELEASE, entities=names)
    world.night(151)
    assert world.last("c2").rule == rule, world.last("c2").reason


def test_what_stands_against_a_claim_is_rarer_in_real_posts_than_among_the_labels() -> None:
    assert round(inputs.confidence_against(0.5), 2) == 0.89
    assert round(inputs.confidence_against(0.8), 2) == 0.97 == round(inputs.SETTLES["settles_against"], 2)
    assert round(inputs.confidence_against(0.5, inputs.WEIGHED), 2) == 0.7


AGAINST = [
    ("gathered", Stance.DENIES, 0.88, "one_voice"),
    ("gathered", Stance.DENIES, 0.9, "disputed"),
    ("gathered", Stance.QUESTIONS, 0.88, "one_voice"),
    ("gathered", Stance.QUESTIONS, 0.9, "disputed"),
    ("near", Stance.DENIES, 0.69, "one_voice"),
    ("near", Stance.DENIES, 0.71, "disputed"),
    ("gathered", Stance.SUPPORTS, 0.51, "unverified"),
]


def test_a_weak_denial_or_question_disputes_nothing_unless_an_editor_confirms_it(world: Judged) -> None:
    world.source("Expert", Role.EXPERT)
    mentions = {}
    for number, (model, stance, confidence, _) in enumerate(AGAINST):
        claim = world.claim(f"c-{number}", kind=Kind.TRAINING_DATA)
        world.say(claim, "courier", hours(0))
        world.document(f"post{number}", "expert", hours(1))
        mention = mentions[claim] = world.mention(claim, f"post{number}")
        world.row("placements", mention_id=mention, claim_id=claim, similarity=0.9, how=model)
        world.stance(claim, mention, stance, confidence)
    world.ask("UPDATE store.members SET how = p.how FROM store.placements AS p "
              "WHERE p.mention_id = members.mention_id")
    world.night()
    assert [world.last(claim).rule for claim in mentions] == [rule for *_, rule in AGAINST]
    aside = " it, which changes nothing: that voice is not read surely enough."
    asides_told = [world.last(claim).reason.endswith(aside) for claim in mentions]
    assert asides_told == [rule == "one_voice" for *_, rule in AGAINST]
    recalled = {claim_history.subject.claim_id: claim_history.steps[-1].reason
                for claim_history in history.histories(world.store, world.tonight.now, corroborating_voices=2,
                                                       known=True)}
    assert recalled == {claim: world.last(claim).reason for claim in mentions}
    stances = [(mention, case_row[1]) for mention, case_row in zip(mentions.values(), AGAINST, strict=True)]
    assert world.ask("SELECT mention_id, stance FROM main.evidence WHERE starts_with(document_id, 'post') "
                     "ORDER BY document_id") == stances
    for mention, stance in stances:
        world.decide(DecisionKind.STANCE, mention, stance, hours(2))
    world.night(1)
    counts = dict(world.ask("SELECT mention_id, count(*) FROM store.knowledge GROUP BY mention_id"))
    for (claim, mention), (_, stance, _, rule) in zip(mentions.items(), AGAINST, strict=True):
        if stance is not Stance.SUPPORTS:
            # A passage that was too weak before gets a new row of knowledge.
            assert (world.last(claim).rule, counts[mention]) == ("disputed", 1 + (rule == "one_voice")), claim


def test_a_weaker_denial_disputes_a_claim_that_an_editor_follows(world: Judged) -> None:
    world.source("Expert", Role.EXPERT)
    for confidence, founder in ((0.59, ""), (0.61, ""), (0.61, "m-first")):
        claim = world.claim(f"c-{confidence}-{founder}", kind=Kind.TRAINING_DATA, mention_id=founder)
        world.say(claim, "courier", hours(0))
        world.document(f"post-{claim}", "expert", hours(1))
        mention = world.mention(claim, f"post-{claim}")
        world.row("placements", mention_id=mention, claim_id=claim, similarity=0.9, how="gathered")
        world.ask("UPDATE store.members SET how = 'gathered' WHERE mention_id = ?", [mention])
        world.stance(claim, mention, Stance.DENIES, confidence)
    world.night()
    rules = [world.last(claim).rule for claim in ("c-0.59-", "c-0.61-", "c-0.61-m-first")]
    assert rules == ["one_voice", "disputed", "one_voice"]


@pytest.mark.parametrize(("claim", "carried_at", "denied_at", "status"), [
    ("Aster 4 is available in Freedonia", 48, 0, Status.CORROBORATED),
    ("Aster 4 is available in Freedonia", 0, 48, Status.DISPUTED),
    ("Aster 4 will be available in Freedonia", 0, 48, Status.CORROBORATED),
])
def test_a_state_that_is_not_reached_yet_denies_nothing_that_is_said_later_or_foretold(
    world: Judged, claim: str, carried_at: int, denied_at: int, status: Status
) -> None:
    world.claim("c2", claim, Kind.OTHER, mention_id="m-denial")
    world.document("denial", "the-lantern", hours(denied_at))
    denial = world.mention("c2", "denial", quote="Aster 4 is not yet available in Freedonia",
                           mention_id="m-denial", negated=True)
    world.stance("c2", denial, Stance.DENIES)
    for source in ("courier", "daily-quill"):
        world.document(source, source, hours(carried_at))
        world.stance("c2", world.mention("c2", source, quote=f"{source} has learned that {claim}"))
    world.night(9)
    assert world.last("c2").status is status


def test_only_that_a_state_is_not_reached_yet_disputes_nothing(world: Judged) -> None:
    world.claim("c2", "Aster 4 is available in Freedonia", Kind.OTHER, mention_id="m-denial")
    world.document("denial", "the-lantern", hours(0))
    denial = world.mention("c2", "denial", quote="Aster 4 is not yet available in Freedonia",
                           mention_id="m-denial", negated=True)
    world.stance("c2", denial, Stance.DENIES)
    world.night(1)
    assert world.last("c2").status is Status.UNVERIFIED


def test_that_a_state_ended_denies_nothing_unless_an_editor_says_so(world: Judged) -> None:
    world.source("Expert", Role.EXPERT)
    world.claim("c2", "Aster 4 is banned in Freedonia", Kind.OTHER)
    world.say("c2", "courier", hours(0))
    world.document("post", "expert", hours(1))
    mention = world.mention("c2", "post", quote="Freedonia lifts its ban on Aster 4")
    world.stance("c2", mention, Stance.DENIES, 0.99)
    world.night()
    assert world.last("c2").rule == "one_voice"
    assert world.last("c2").reason.endswith("1 passage of 1 voice denies it, which changes nothing: "
                                            "that voice tells of another time.")
    world.decide(DecisionKind.STANCE, mention, "denies", hours(2))
    world.night(1)
    assert world.last("c2").rule == "disputed"


def test_the_denial_that_a_claim_was_made_of_counts_however_sure_it_is(world: Judged) -> None:
    world.claim("c2", "Aurel raised $10 billion", Kind.DEAL, entities=(), mention_id="m-post-c2-0")
    world.document("post", "courier", hours(1))
    mention = world.mention("c2", "post", negated=True, mention_id="m-post-c2-0")
    world.stance("c2", mention, Stance.DENIES, 0.6)
    world.night()
    assert world.last("c2").rule == "denied_by_others"


def test_each_change_is_a_step_at_the_time_it_was_said(world: Judged) -> None:
    world.say("c1", "the-lantern", hours(0), Stance.REPORTS, **REPORTED)
    world.say("c1", "courier", hours(2), Stance.REPORTS, **REPORTED)
    denial = world.say("c1", "aurel-blog", hours(5), Stance.DENIES)
    admission = world.say("c1", "aurel-blog", hours(9))
    assert world.night() == 1
    steps = world.verdicts()
    assert [(step.step, step.status, step.moved_at) for step in steps] == [
        (1, Status.UNVERIFIED, hours(0)), (2, Status.DISPUTED, hours(5)), (3, Status.SUBSTANTIATED, hours(9))
    ]
    assert steps[1].evidence_ids[-1] == denial
    assert steps[2].evidence_ids == (denial, admission)
    assert "admission" not in steps[0].reason and steps[0].voices == 0


def test_the_rules_that_judged_are_stored_for_people_to_read(world: Judged) -> None:
    for voices in (2, 3):
        config = Config(judge=JudgeConfig(corroborating_voices=voices))
        judge(world.store, replace(world.first, config=config))
        rows = world.ask("SELECT number, rule, status, holds_when, would_change FROM rules")
        assert rows == [
            (number, rule.id, rule.status, rule.holds_when(voices), rule.would_change)
            for number, rule in enumerate(RULES, 1)
        ]
    assert [rung for (rung,) in world.ask("SELECT rung FROM release_stages")] == list(ReleaseStage)


def test_a_second_run_judges_nothing(world: Judged) -> None:
    world.say("c1", "the-lantern", hours(0))
    assert world.night() == 1
    verdicts_before = world.ask("SELECT * FROM store.verdicts")
    assert world.night(1) == 0
    assert world.ask("SELECT * FROM store.verdicts") == verdicts_before


def test_a_changed_claim_is_judged_anew_and_the_old_judgement_stays(world: Judged) -> None:
    world.say("c1", "the-lantern", hours(0))
    world.night()
    world.say("c1", "courier", hours(1))
    world.night(1)
    assert [verdict.status for verdict in world.verdicts()] == [Status.UNVERIFIED, Status.CORROBORATED]
    assert world.ask("SELECT count(DISTINCT judged_at) FROM store.verdicts") == [(2,)]


def test_a_repetition_that_changes_nothing_adds_no_judgement(world: Judged) -> None:
    world.say("c1", "x:mira", hours(0), document_id="post")
    world.night()
    verdicts_before = world.verdicts()
    for number in range(3):
        world.say("c1", "x:mira", hours(2 + number), document={"links": ("post",)}, **REPORTED)
        world.night(1 + number)
    assert [(verdict.status, verdict.voices, verdict.score) for verdict in world.verdicts()] == [
        (verdict.status, verdict.voices, verdict.score) for verdict in verdicts_before
    ]


def test_only_what_changed_is_judged(world: Judged) -> None:
    world.claim("c2", kind=Kind.TRAINING_DATA)
    world.say("c1", "the-lantern", hours(0))
    world.say("c2", "the-lantern", hours(0))
    assert world.night() == 2
    world.say("c2", "courier", hours(1))
    assert world.night(1) == 1


def test_a_deleted_origin_is_told_and_is_no_retraction(world: Judged) -> None:
    world.say("c1", "x:mira", hours(0), document_id="post")
    world.night()
    world.ask("UPDATE store.documents SET gone_at = ?, gone_evidence = '404'", [hours(30)])
    assert world.night(1) == 1
    (step,) = world.verdicts()
    assert step.status is Status.UNVERIFIED
    assert step.reason.endswith("The earliest document, at mira, has since been deleted; "
                                "that is not a retraction.")


def test_of_two_origins_of_one_day_neither_is_told_as_the_earliest(world: Judged) -> None:
    dated_document = {"precision": Precision.DAY, "seen_at": hours(20)}
    world.say("c1", "the-lantern", hours(-12), document=dated_document, document_id="article")
    world.say("c1", "courier", hours(1))
    world.ask("UPDATE store.documents SET gone_at = ?, gone_evidence = '404' WHERE document_id = 'article'",
              [hours(30)])
    world.night()
    deletion_note = (
        "One of the earliest documents, at The Lantern, has since been deleted; that is not a retraction."
    )
    assert world.last().reason.endswith(deletion_note)


def test_an_edit_is_told_where_the_text_no_longer_says_so(world: Judged) -> None:
    cases = {
        "silently": ("Aurel trained it.", "Now about the weather.", "", True),
        "the words are left": ("Aurel trained it.", "Aurel trained it. This was added.", "", False),
        "other quotes": ("It's trained on test sets.", "It’s trained on test sets.", "trivial", False),
    }
    for claim, (quote, text, change, _) in cases.items():
        world.claim(claim, kind=Kind.TRAINING_DATA)
        world.say(claim, "the-lantern", hours(0), document_id=f"of {claim}", quote=quote)
        version_id = world.version(f"of {claim}", 2, text, hours(8))
        if change:
            world.edit(version_id, change)
    world.night()
    for claim, (*_, is_told) in cases.items():
        reason = world.verdicts(claim)[0].reason
        assert reason.endswith("The Lantern has since edited its text, which no longer says so.") is is_told
        assert ("edited" in reason) is is_told


def test_a_text_that_was_read_anew_is_no_edit(world: Judged) -> None:
    anew: dict[str, dict[str, Any]] = {
        "more of the page": {"extent": Extent.FEED, "read_anew": ReadAnew.FULLER},
        "another reader": {"read_anew": ReadAnew.READER},
    }
    for claim, fields in anew.items():
        world.claim(claim, kind=Kind.TRAINING_DATA)
        world.say(claim, "the-lantern", hours(0), document_id=f"of {claim}", quote="Aurel trained it.")
        world.version(f"of {claim}", 2, "Now about the weather.", hours(8), **fields)
    world.night()
    for claim in anew:
        assert "edited" not in world.verdicts(claim)[0].reason


def test_an_edit_is_blamed_only_for_what_no_reader_left_out_before_it(world: Judged) -> None:
    cases: dict[str, tuple[ReadAnew | None, ReadAnew | None, str]] = {
        "a reader left it out": (ReadAnew.READER, None, "corroborated"),
        "an edit took it away": (None, ReadAnew.READER, "softened"),
    }
    for claim, (second_reading, third_reading, _) in cases.items():
        world.claim(claim, kind=Kind.TRAINING_DATA)
        world.say(claim, "courier", hours(0))
        world.say(claim, "the-lantern", hours(1), document_id=claim,
                  document={"text": "Aurel trained Aster 4 on test sets. More soon."})
        world.version(claim, 2, "More soon.", hours(10), read_anew=second_reading)
        world.version(claim, 3, "More on Monday.", hours(20), read_anew=third_reading)
        world.version(claim, 4, "More on Tuesday.", hours(30))
    world.night(2)
    publish(world.store, world.tonight)
    for claim, (_, _, rule) in cases.items():
        assert world.last(claim).rule == rule
        edited_rows = world.ask(
            "SELECT edited FROM store.knowledge WHERE claim_id = ? ORDER BY edited", [claim]
        )
        assert edited_rows == [(False,), (rule == "softened",)]
        statements = read_claim(world.tonight.home, Config(), claim).statements
        assert [statement.quote_stands for statement in statements] == [False, rule != "softened"]


def test_what_the_page_says_beyond_its_feed_was_said_when_it_was_published(world: Judged) -> None:
    world.say("c1", "the-lantern", hours(0), document_id="d1")
    world.version("d1", 2, "We were wrong about Aster 4.", hours(8), read_anew=ReadAnew.FULLER)
    saying = {"said_at": hours(0)}
    world.stance("c1", world.mention("c1", "d1", negated=True, number=2, **saying), Stance.DENIES)
    world.night()
    assert None not in [verdict.moved_at for verdict in world.verdicts()]


def test_only_what_an_edit_added_was_said_after_the_last_look(world: Judged) -> None:
    earliest = {None: hours(6), ReadAnew.READER: hours(0), ReadAnew.FULLER: hours(0)}
    for read_anew in earliest:
        document, claim = f"d-{read_anew}", world.claim(f"c-{read_anew}", kind=Kind.TRAINING_DATA)
        world.document(document, "the-lantern", hours(0))
        world.version(document, 2, "It is so.", hours(8), unchanged_at=hours(6), read_anew=read_anew)
        world.stance(claim, world.mention(claim, document, number=2))
    expected = {f"c-{read_anew}": said_at for read_anew, said_at in earliest.items()}
    assert dict(world.ask("SELECT claim_id, said_earliest FROM evidence")) == expected
    with inputs.evidence_tables(world.store):
        read_items = inputs.Inputs(world.store, list(expected), now=hours(9), corroborating_voices=2).items
    assert {claim: [item.said_earliest for item in read_items[claim]] for claim in expected} == {
        claim: [said_at] for claim, said_at in expected.items()
    }


def test_what_an_edit_adds_has_no_known_time_of_being_said(world: Judged) -> None:
    world.say("c1", "the-lantern", hours(0), document_id="d1")
    world.version("d1", 2, "We were wrong about Aster 4.", hours(8))
    world.stance("c1", world.mention("c1", "d1", negated=True, number=2), Stance.DENIES)
    world.night()
    status_moves = [(verdict.status, verdict.moved_at) for verdict in world.verdicts()]
    assert status_moves == [(Status.UNVERIFIED, hours(0)), (Status.RETRACTED, None)]


def test_evidence_of_unknown_time_moves_at_no_known_time(world: Judged) -> None:
    world.say("c1", "the-lantern", None)
    world.night()
    assert world.verdicts()[0].moved_at is None


def test_a_dated_prediction_expires_at_its_deadline(world: Judged) -> None:
    due_at = world.first.now + timedelta(days=1, hours=5)
    world.claim("c2", "Aurel will release Aster 5 in March", Kind.RELEASE, entities=("Aster 5",),
                event_at=due_at, event_precision=Precision.SECOND)
    said_id = world.say("c2", "the-lantern", hours(0), certainty=Certainty.PREDICTED)
    world.night()
    assert [verdict.status for verdict in world.verdicts("c2")] == [Status.UNVERIFIED]
    assert world.night(1) == 0
    assert world.night(2) == 1
    last_step = world.last("c2")
    assert (last_step.status, last_step.moved_at, last_step.evidence_ids) == (
        Status.EXPIRED,
        due_at,
        (said_id,),
    )


def test_a_release_page_substantiates_a_release_and_moves_it_when_it_appeared(world: Judged) -> None:
    world.claim("c2", "Aurel will release Aster 5", Kind.RELEASE, ("Aurel",), ("Aster 5", "Aurel"))
    world.say("c2", "the-lantern", hours(0), Stance.REPORTS, **REPORTED)
    world.night()
    assert world.last("c2").status is Status.UNVERIFIED
    world.document("page", "aurel-hub", hours(48), HUB, title="aurel/Aster-5-12B", artefact=True)
    world.document("other", "aurel-hub", hours(40), HUB, title="aurel/Aster-5.1-12B", artefact=True)
    assert world.night(1) == 1
    last_step = world.last("c2")
    assert (last_step.status, last_step.rule, last_step.moved_at) == (
        Status.SUBSTANTIATED,
        "released",
        hours(48),
    )


def test_a_rival_number_that_is_substantiated_contradicts(world: Judged) -> None:
    world.claim("c2", "Aster 4 has 70b parameters", Kind.SIZE)
    world.claim("c3", "Aster 4 has 90b parameters", Kind.SIZE)
    world.rivals("c2", "c3", "number", "70b / 90b")
    world.say("c2", "the-lantern", hours(0))
    world.say("c3", "courier", hours(1))
    world.night()
    assert {world.last(claim_id).status for claim_id in ("c2", "c3")} == {Status.UNVERIFIED}
    world.say("c3", "aurel-blog", hours(6))
    assert world.night(1) == 2
    assert world.last("c3").status is Status.SUBSTANTIATED
    last_step = world.last("c2")
    assert (last_step.status, last_step.rule, last_step.moved_at) == (Status.CONTRADICTED, "outrun", hours(6))


def brittle(monkeypatch: pytest.MonkeyPatch, *unbearable: str) -> None:
    """Let the rules break on those claims."""
    apply = history.apply_rules

    def rules(case: Case) -> Assessment:
        if case.subject.claim_id in unbearable:
            raise OverflowError("a number that is too large")
        return apply(case)

    monkeypatch.setattr(history, "apply_rules", rules)


def test_a_claim_that_cannot_be_judged_breaks_no_rival(
    world: Judged, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.claim("c2", "Aster 4 has 70b parameters", Kind.SIZE)
    world.claim("c3", "Aster 4 has 90b parameters", Kind.SIZE)
    world.rivals("c2", "c3", "number", "70b / 90b")
    world.say("c2", "the-lantern", hours(0))
    world.say("c3", "aurel-blog", hours(1))
    brittle(monkeypatch, "c3")
    world.night()
    assert world.last("c2").rule == "one_voice"
    assert world.ask("SELECT stage, code, place FROM store.issues") == [("judge", "unread", "c3")]


def test_claims_that_cannot_be_judged_stop_no_stage_that_has_judged_others(
    world: Judged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge_stage, "BATCH", 2)
    for number in range(2, 6):
        world.claim(f"c{number}", kind=Kind.SIZE)
        world.say(f"c{number}", "the-lantern", hours(number))
    brittle(monkeypatch, "c4", "c5")
    world.night()
    assert [len(world.verdicts(f"c{number}")) for number in range(2, 6)] == [1, 1, 0, 0]
    assert world.ask("SELECT place FROM store.issues ORDER BY place") == [("c4",), ("c5",)]


def test_claims_are_judged_on_workers_as_they_are_here(
    world: Judged, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker may judge a rival, a faulty decision is an issue, and a claim that breaks stops no other."""
    monkeypatch.setattr(judge_stage, "SHARD", 2)
    world.claim("c2", "Aster 4 has 70b parameters", Kind.SIZE)
    world.claim("c3", "Aster 4 has 90b parameters", Kind.SIZE)
    world.rivals("c2", "c3", "number", "70 B against 90 B")
    world.rivals("c3", "c2", "number", "70 B against 90 B")
    world.claim("c4", "Aster 5 is out on 1 April 2026", Kind.RELEASE)
    for number, claim in enumerate(("c1", "c2", "c3", "c4")):
        world.say(claim, "the-lantern", hours(number))
        world.say(claim, "courier", hours(number + 1))
    world.decide(DecisionKind.STATUS, "c1", "debunked", hours(10))
    world.claim("c5", kind=Kind.SIZE)
    world.say("c5", "courier", hours(1))
    brittle(monkeypatch, "c5")
    engine = SendingEngine()
    judgement_queries = ("SELECT * EXCLUDE (run_id) FROM store.verdicts ORDER BY ALL",
                         "SELECT * EXCLUDE (run_id, seen_at, issue_id) FROM store.issues ORDER BY ALL",
                         "SELECT * FROM store.checkworthy ORDER BY ALL")
    world.night()
    judged_here = [world.ask(sql) for sql in judgement_queries]
    for table in ("verdicts", "judged", "issues", "resolution_texts", "resolutions", "checkworthy"):
        world.ask(f"DELETE FROM store.{table}")
    world.first = replace(world.first, engine=engine)
    world.night()
    assert [world.ask(sql) for sql in judgement_queries] == judged_here and all(judged_here)
    assert len(engine.sent) > 2


def test_another_version_is_no_rival_that_excludes(world: Judged) -> None:
    world.claim("c2", "Aster 4 has 70b parameters", Kind.SIZE)
    world.claim("c3", "Aster 5 has 90b parameters", Kind.SIZE)
    world.rivals("c3", "c2", "version", "4 / 5")
    world.say("c2", "the-lantern", hours(0))
    world.say("c3", "aurel-blog", hours(6))
    world.night()
    assert world.last("c2").status is Status.UNVERIFIED


def test_an_editors_status_wins_from_the_moment_it_was_made_until_it_is_undone(world: Judged) -> None:
    world.say("c1", "the-lantern", hours(0))
    world.night()
    world.decide(DecisionKind.STATUS, "c1", "contradicted", hours(10))
    assert world.night(1) == 1
    steps = world.verdicts()
    assert [(verdict.status, verdict.moved_at) for verdict in steps] == [(Status.UNVERIFIED, hours(0)),
                                                                         (Status.CONTRADICTED, hours(10))]
    assert steps[-1].reason == "Edda decided so: it was checked. Left to the rules it would be unverified."
    world.ask("UPDATE store.decisions SET undone_at = decided_at")
    world.night(2)
    assert [verdict.status for verdict in world.verdicts()] == [Status.UNVERIFIED]


def test_an_editors_stance_replaces_the_machines(world: Judged) -> None:
    world.say("c1", "the-lantern", hours(0))
    world.say("c1", "courier", hours(1), document_id="d2")
    world.night()
    assert world.last().status is Status.CORROBORATED
    world.decide(DecisionKind.STANCE, "m-d2-c1-0", "denies", hours(20))
    world.night(1)
    assert world.last().status is Status.DISPUTED


def test_a_decision_that_is_no_status_is_recorded_and_not_followed(world: Judged) -> None:
    world.say("c1", "the-lantern", hours(0))
    world.decide(DecisionKind.STATUS, "c1", "debunked", hours(10))
    world.night()
    assert world.last().status is Status.UNVERIFIED
    assert world.ask("SELECT code FROM store.issues") == [("decision_unknown",)]


def test_judging_again_at_the_same_instant_replaces_that_judgement(world: Judged) -> None:
    world.say("c1", "the-lantern", hours(0))
    world.say("c1", "courier", hours(1))
    world.night()
    world.ask("UPDATE store.evidence SET stance = 'reports'")
    world.night()
    assert [(verdict.step, verdict.status) for verdict in world.verdicts()] == [(1, Status.UNVERIFIED)]


def test_the_published_view_shows_where_a_claim_stands(world: Judged) -> None:
    world.say("c1", "the-lantern", hours(0))
    world.say("c1", "courier", hours(1))
    world.night()
    row = world.ask("SELECT status, voices, supports, rule FROM main.claims")
    assert row == [("corroborated", 2, 2, "corroborated")]


# --- edits, time, and what could not be read --------------------------------------------------------------


def timeline(world: Judged, *events: str, claim: str = "%") -> list[tuple[Any, ...]]:
    """The rows of the timeline with these events, of all claims or of one, in order."""
    event_list = ", ".join(f"'{event}'" for event in events)
    return world.ask('SELECT "at", event, status, reason FROM timeline '
                     f"WHERE event IN ({event_list}) AND claim_id LIKE ? ORDER BY \"at\", status", [claim])


def test_a_hedge_stands_on_the_timeline_and_moves_the_status(world: Judged) -> None:
    events = {False: "hedged", True: "corrected"}
    for is_noted in events:
        claim = world.claim(f"c-{is_noted}", kind=Kind.TRAINING_DATA)
        world.say(claim, "courier", hours(0))
        world.say(claim, "the-lantern", hours(1), document_id=f"d-{is_noted}",
                  quote="Aurel trained Aster 4 on test sets",
                  document={"text": "Aurel trained Aster 4 on test sets. More soon."})
    world.night()
    hedged_text = "Aurel reportedly trained Aster 4 on test sets. More soon."
    for is_noted in events:
        assert world.last(f"c-{is_noted}").status is Status.CORROBORATED
        world.edit(world.version(f"d-{is_noted}", 2, hedged_text, hours(30)), "body", noted=is_noted)
    world.night(1)
    for is_noted, event in events.items():
        last_step = world.last(f"c-{is_noted}")
        assert (last_step.status, last_step.rule, last_step.moved_at,
                last_step.since) == (Status.UNVERIFIED, "softened", None, hours(30))
        assert "The Lantern no longer stands behind it" in last_step.reason
        assert "Courier alone still stands behind it" in last_step.reason
        [(event_at, event_name, _, words)] = timeline(world, "hedged", "corrected", claim=f"c-{is_noted}")
        assert (event_at, event_name) == (hours(30), event)
        assert words.startswith("“Aurel trained Aster 4 on test sets” became “Aurel reportedly trained "
                                "Aster 4 on test sets.”, with")


def test_words_that_are_restored_count_again_and_the_hedge_stays_told(world: Judged) -> None:
    world.say("c1", "courier", hours(0))
    world.say("c1", "the-lantern", hours(1), document_id="d1", quote="Aurel trained Aster 4 on test sets",
              document={"text": "Aurel trained Aster 4 on test sets. More soon."})
    world.night()
    for number, hour, words in ((2, 30, "Aurel reportedly trained Aster 4 on test sets."),
                                (3, 40, "Aurel trained Aster 4 on test sets.")):
        world.version("d1", number, f"{words} More soon.", hours(hour))
    assert world.night(1) == 1
    assert [(verdict.status, verdict.since) for verdict in world.verdicts()] == [
        (Status.UNVERIFIED, hours(0)), (Status.CORROBORATED, hours(1)), (Status.UNVERIFIED, hours(30)),
        (Status.CORROBORATED, hours(40))
    ]
    assert "edited" not in world.last().reason
    assert len(timeline(world, "hedged")) == 1


def test_words_that_are_restored_and_left_out_again_no_longer_count(world: Judged) -> None:
    world.say("c1", "courier", hours(0))
    plain_quote = "Aurel trained Aster 4 on test sets."
    world.say("c1", "the-lantern", hours(1), document_id="d1", quote=plain_quote,
              document={"text": f"{plain_quote} More soon."})
    world.night()
    for number, hour, words in ((2, 30, ""), (3, 40, plain_quote), (4, 50, "")):
        world.version("d1", number, f"{words} More soon.", hours(hour))
    world.night(3)
    assert [(verdict.status, verdict.since) for verdict in world.verdicts()] == [
        (Status.UNVERIFIED, hours(0)), (Status.CORROBORATED, hours(1)), (Status.UNVERIFIED, hours(30)),
        (Status.CORROBORATED, hours(40)), (Status.UNVERIFIED, hours(50))
    ]
    assert world.last().rule == "softened"
    [(event_at, _, _, _)] = timeline(world, "hedged")
    assert event_at == hours(50)
    assert world.night(4) == 0


def test_a_correction_of_the_figure_or_its_opposite_ends_an_outlets_support(world: Judged) -> None:
    statement = "Aurel raised $10 billion"
    corrected = {"c2": "Correction: Aurel raised $5 billion.", "c3": "Aurel has not raised $10 billion."}
    for claim in corrected:
        world.claim(claim, statement, Kind.DEAL, entities=())
        world.say(claim, "courier", hours(0))
        world.say(claim, "the-lantern", hours(1), document_id=f"d-{claim}", quote=f"{statement}.",
                  document={"text": f"{statement}. More soon."})
    world.night()
    for claim, words in corrected.items():
        assert world.last(claim).status is Status.CORROBORATED
        version_id = world.version(f"d-{claim}", 2, f"{words} More soon.", hours(30))
        world.edit(version_id, "body", noted=True)
    world.night(1)
    for claim, words in corrected.items():
        last_step = world.last(claim)
        assert (last_step.status, last_step.rule) == (Status.UNVERIFIED, "softened")
        assert f"became “{words}”" in last_step.reason


def test_a_step_of_unknown_time_never_follows_a_newer_one(world: Judged) -> None:
    world.claim("c2", kind=Kind.SIZE)
    world.say("c2", "the-lantern", None, document={"seen_at": hours(1)})
    world.say("c2", "aurel-blog", hours(5))
    world.night()
    assert [(verdict.status, verdict.moved_at, verdict.since) for verdict in world.verdicts("c2")] == [
        (Status.UNVERIFIED, None, hours(1)), (Status.SUBSTANTIATED, hours(5), hours(5))
    ]
    assert [status for _, _, status, _ in timeline(world, "status")] == ["unverified", "substantiated"]


CHANGED = [
    (Kind.DEAL, "Aurel raised $10 billion", "Aurel raised $40 billion", 20, None, "outrun"),
    (Kind.DEAL, "Aurel raised $10 billion", "Aurel raised $40 billion", 20,
     "We have raised 40 billion dollars from more than ten new investors.", "outrun"),
    (Kind.DEAL, "Aurel raised $10 billion", "Aurel raised $40 billion", 20,
     "We have raised another 40 billion dollars.", "corroborated"),
    (Kind.DEAL, "Aurel raised $10 billion", "Aurel raised $40 billion", 400, None, "corroborated"),
    (Kind.PRICE, "Aster 5 costs $20 a month", "Aster 5 costs $10 a month", 20, None, "outrun"),
    (Kind.PRICE, "Aster 5 costs $20 a month", "Aster 5 costs $10 a month", 20,
     "Starting today, Aster 5 costs $10 a month, down from $20.", "corroborated"),
    (Kind.PRICE, "Aster 5 costs $20 a month", "Aster 5 costs $10 a month", 200, None, "corroborated"),
    (Kind.PRICE, "Aster 5 with 7b parameters costs $20", "Aster 5 with 7b parameters costs $10", 200, None,
     "corroborated"),
    (Kind.SIZE, "Aster 5 has 7b parameters", "Aster 5 has 9b parameters", 200, None, "outrun"),
    (Kind.SIZE, "Aster 5 has 128k context", "Aster 5 has 64k context", 20, None, "outrun"),
    (Kind.SIZE, "Aster 5 has 128k context", "Aster 5 has 64k context", 200, None, "corroborated"),
]


def test_a_claim_was_true_before_its_price_its_deal_or_its_context_changed(world: Judged) -> None:
    pairs = {}
    for number, (kind, claim, rival, days, quote, rule) in enumerate(CHANGED):
        entities = ("Aster 5",) if "Aster" in claim else ()
        claim_id = world.claim(f"one{number}", claim, kind, entities=entities)
        rival_id = world.claim(f"other{number}", rival, kind, entities=entities)
        world.rivals(claim_id, rival_id, "number", "one / the other")
        world.say(claim_id, "the-lantern", hours(0), quote=claim)
        world.say(claim_id, "courier", hours(1), quote=f"{claim}, as Courier has it")
        world.say(rival_id, "aurel-blog", hours(24 * days), quote=quote or rival)
        pairs[claim_id, rival_id] = (rule, "admitted")
    world.night(401)
    assert {pair: tuple(world.last(claim).rule for claim in pair) for pair in pairs} == pairs


def test_a_past_event_and_a_future_one_are_no_rivals_nor_are_other_models(world: Judged) -> None:
    due_at = world.first.now + timedelta(days=30)
    claims = {
        "past": ("Aurel's last release, Aster 4, was in February", ("Aster 4",), hours(0)),
        "other": ("Aurel will release Aster 5 in March", ("Aster 5",), due_at),
        "same": ("Aurel will release Aster 4 in April", ("Aster 4",), due_at),
    }
    for claim_id, (words, entities, event_at) in claims.items():
        world.claim(claim_id, words, Kind.RELEASE, ("aurel",), entities, event_at, Precision.MONTH)
    world.say("past", "aurel-blog", hours(2), quote="Aster 4 was released in February")
    world.say("other", "the-lantern", hours(1), certainty=Certainty.PREDICTED)
    world.say("same", "courier", hours(1), certainty=Certainty.PREDICTED)
    for earlier_id, rival_id in (("past", "other"), ("past", "same")):
        world.rivals(earlier_id, rival_id, "date", "a / b")
    world.night()
    assert world.last("past").status is Status.SUBSTANTIATED
    assert {world.last(claim).status for claim in ("other", "same")} == {Status.UNVERIFIED}


@pytest.mark.parametrize(("days_before", "status"), [(0, Status.UNVERIFIED), (3, Status.CONTRADICTED)])
def test_what_is_told_as_done_on_two_days_is_no_rival_of_itself(
    world: Judged, days_before: int, status: Status
) -> None:
    for claim_id, day in (("first", 0), ("second", 24 * 20)):
        end = hours(day).replace(hour=23, minute=59, second=59)
        world.claim(claim_id, "Aurel rolls out Aster 4 today", Kind.RELEASE, ("aurel",), ("Aster 4",), end,
                    Precision.DAY)
    world.say("first", "the-lantern", hours(-24 * days_before))
    world.say("second", "aurel-blog", hours(24 * 20), quote="Aster 4 is rolled out today")
    world.rivals("first", "second", "date", "a / b")
    world.night(30)
    assert world.last("second").status is Status.SUBSTANTIATED
    assert world.last("first").status is status


def test_a_paper_by_the_subject_s_own_staff_shows_nothing(world: Judged) -> None:
    world.source("arXiv", Role.EXPERT, platform=Platform.ARXIV)
    for claim_id, text in (("own", "We introduce Aster 4. It scores 90."),
                           ("outside", "We measure six models. Aster 4 scores 90.")):
        world.claim(claim_id, "Aster 4 scored 90 on LadderBench", Kind.BENCHMARK_RESULT)
        world.say(claim_id, "arxiv:arxiv", hours(1), document={"artefact": True, "text": text})
    world.night()
    assert [world.last(claim).rule for claim in ("own", "outside")] == ["one_voice", "shown"]


def test_the_rung_that_is_asked_for_and_those_reached_are_kept(world: Judged) -> None:
    world.claim("c2", "Aurel will release the weights of Aster 5", Kind.RELEASE, ("Aurel",),
                ("Aster 5", "Aurel"))
    world.say("c2", "aurel-blog", hours(1), quote="Aster 5 is available in our API today")
    world.night()
    rung_sql = "SELECT status, rung, rung_reached FROM claims WHERE claim_id = 'c2'"
    assert world.ask(rung_sql) == [("unverified", "open_weights", "api")]
    world.document("page", "aurel-hub", hours(20), HUB, title="aurel/Aster-5", artefact=True)
    world.night(1)
    assert world.ask(rung_sql) == [("substantiated", "open_weights", "open_weights")]
    rungs = world.ask("SELECT model, organisation, rung, document_id, evidence_id IS NULL "
                      "FROM releases ORDER BY reached_at")
    assert rungs == [("Aster 5", "Aurel", "api", "d000", False),
                     ("Aster 5", "Aurel", "open_weights", "page", True)]


def test_blind_spots_are_the_sources_that_bear_on_the_claim(world: Judged) -> None:
    world.source("Borea Blog", Role.FIRST_PARTY, "borea", Platform.BLOG)
    world.claim("c2", kind=Kind.SIZE)
    world.say("c1", "the-lantern", hours(0))
    world.say("c1", "the-lantern", hours(60))
    world.say("c2", "daily-quill", hours(0))
    for night_of, hour in (("n1", 30), ("n2", 54), ("n3", 78)):
        for feed in ("the-lantern", "aurel-blog", "borea-blog", "courier", "daily-quill"):
            outcome = Outcome.FAILED if night_of == "n1" else Outcome.OK
            world.crawl(feed, hours(hour), outcome, run_id=night_of, message="the server answered 500")
    world.night()
    rows = world.ask("SELECT claim_id, feed, kind, since, until, message, bears_as "
                     "FROM blind_spots ORDER BY ALL")
    span = (hours(30), hours(54))
    assert [row for row in rows if row[0] == "c1"] == [
        ("c1", "aurel-blog", "failing", *span, "the server answered 500", "its subject"),
        ("c1", "the-lantern", "failing", *span, "the server answered 500", "its own source"),
    ]
    assert [row for row in rows if row[0] == "c2"] == []


def foretold_weights(world: Judged, due: datetime) -> None:
    """Append a claim that foretells open weights by `due`, said by an outlet before the first night."""
    world.claim("c2", "Aurel will release the open weights of Aster 5", Kind.RELEASE, ("Aurel",),
                ("Aster 5", "Aurel"), event_at=due, event_precision=Precision.SECOND)
    world.say("c2", "the-lantern", world.first.now - timedelta(days=5), certainty=Certainty.PREDICTED)


def test_a_page_shows_weights_from_the_version_on_that_has_them(world: Judged) -> None:
    start = world.first.now
    foretold_weights(world, start + timedelta(days=10))
    world.document("page", "aurel-hub", None, "# Aster 5\n\nComing.", title="aurel/Aster-5-12B",
                   artefact=True, seen_at=start + timedelta(days=1), not_before=start + timedelta(days=1))
    world.night(12)
    assert (world.last("c2").status, world.last("c2").since) == (Status.EXPIRED, start + timedelta(days=10))
    world.version("page", 2, HUB, start + timedelta(days=30), "aurel/Aster-5-12B", start + timedelta(days=29))
    assert world.night(31) == 1  # the page's newest version is part of the claim's inputs
    assert world.last("c2").status is Status.EXPIRED
    assert world.ask("SELECT state FROM store.outcomes WHERE claim_id = 'c2'") == [("missed",)]
    rungs = "SELECT rung, reached_at, said FROM store.rungs WHERE claim_id = 'c2' ORDER BY reached_at"
    assert world.ask(rungs) == [("announced", start + timedelta(days=1), False),
                                ("open_weights", start + timedelta(days=30), False)]


def test_a_version_that_was_not_there_at_the_last_look_may_have_come_in_time_since(world: Judged) -> None:
    start = world.first.now
    foretold_weights(world, start + timedelta(days=10))
    world.document("page", "aurel-hub", None, "# Aster 5\n\nComing.", title="aurel/Aster-5-12B",
                   artefact=True, seen_at=start + timedelta(days=1), not_before=start + timedelta(days=1))
    world.version("page", 2, HUB, start + timedelta(days=12), "aurel/Aster-5-12B")
    world.night(13)
    assert world.last("c2").status is Status.UNVERIFIED  # it came between the looks, before the time or after
    assert world.ask("SELECT state FROM store.outcomes WHERE claim_id = 'c2'") == [("open",)]


def test_an_edit_of_an_old_page_is_no_new_release(world: Judged) -> None:
    start = world.first.now
    foretold_weights(world, start + timedelta(days=60))
    world.document("page", "aurel-hub", start - timedelta(days=400), HUB, title="aurel/Aster-5-12B",
                   artefact=True, seen_at=start - timedelta(days=300))
    world.version("page", 2, f"{HUB}\n\nA typo less.", start + timedelta(days=1), "aurel/Aster-5-12B",
                  start - timedelta(days=1))
    world.night(2)
    assert world.last("c2").status is Status.UNVERIFIED


def test_a_page_that_turns_out_to_be_of_another_model_shows_nothing(world: Judged) -> None:
    start = world.first.now
    foretold_weights(world, start + timedelta(days=60))
    world.document("page", "aurel-hub", start, HUB, title="aurel/Aster-5-12B", artefact=True)
    world.night(1)
    assert world.last("c2").status is Status.SUBSTANTIATED
    world.version("page", 2, HUB, start + timedelta(days=2), "aurel/Aster-5-Mini")
    world.night(3)
    assert world.last("c2").status is Status.UNVERIFIED


def test_what_a_reader_reads_anew_is_as_old_as_its_page(world: Judged) -> None:
    start = world.first.now
    foretold_weights(world, start + timedelta(days=10))
    world.document("page", "aurel-hub", start, "# Aster 5", title="aurel/Aster-5-12B", artefact=True)
    world.version("page", 2, HUB, start + timedelta(days=30), "aurel/Aster-5-12B", read_anew=ReadAnew.FULLER)
    world.night(31)
    assert (world.last("c2").status, world.last("c2").since) == (Status.SUBSTANTIATED, start)


def test_more_of_a_page_that_was_edited_meanwhile_is_no_older_than_the_edit(world: Judged) -> None:
    start = world.first.now
    foretold_weights(world, start + timedelta(days=10))
    world.document(
        "page", "aurel-hub", start, "# Aster 5\n\nComing.", title="aurel/Aster-5-12B", artefact=True
    )
    world.version("page", 2, HUB, start + timedelta(days=30), "aurel/Aster-5-12B", start + timedelta(days=29))
    world.version("page", 3, f"{HUB}\n\nAnd more.", start + timedelta(days=31), "aurel/Aster-5-12B",
                  read_anew=ReadAnew.FULLER)
    world.night(32)
    assert world.last("c2").status is Status.EXPIRED


def test_an_editor_s_stance_on_a_passage_that_another_stands_for_holds(world: Judged) -> None:
    world.say("c1", "courier", hours(0), quote="Courier has it that Aurel trained Aster 4 on test sets")
    evidence_id = world.say("c1", "the-lantern", hours(1), document_id="d1")
    world.store.execute("""
        INSERT INTO store.mentions
        SELECT m.* REPLACE ('twin' AS mention_id)
        FROM store.mentions AS m JOIN store.evidence AS e USING (mention_id) WHERE e.evidence_id = ?
    """, [evidence_id])
    world.row("members", mention_id="twin", claim_id="c1", how="gathered", similarity=0.6, run_id="r1")
    world.stance("c1", "twin", Stance.SUPPORTS)
    world.decide(DecisionKind.STANCE, "twin", Stance.DENIES, hours(2))
    world.night()
    assert world.last().status is Status.DISPUTED
