"""Check-worthiness: which features are found, how they rank claims, and the score in store and digest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.core.context import RunContext
from pipeline.core.vocabulary import Certainty, Kind, Platform, Precision, Role, Stance
from pipeline.digest.changes import changes, markdown, sections
from pipeline.stages.judge.case import Subject
from pipeline.stages.judge.check_worthiness import PARTS, WEIGHTS, assess, signs
from pipeline.stages.judge.evidence import Item
from pipeline.store.store import Store
from tests.pipeline.stages.judge.test_rules import item
from tests.worlds.builder import hours
from tests.worlds.judged import Judged

pytestmark = pytest.mark.slow  # a store for each


def claim(text: str, kind: Kind = Kind.OTHER) -> Subject:
    """A claim about nobody in particular."""
    return Subject("c1", text, kind, (), (), None, Precision.UNKNOWN)


def found(text: str, kind: Kind = Kind.OTHER, *items: Item) -> set[str]:
    """Return the names of the features that the claim has."""
    return set(signs(claim(text, kind), items or [item(1)]))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Aster 4 answers in verse", set()),
        ("Aster 4 is #1 on the Lyra board", {"comparison"}),
        ("Aster 4 outperforms Borealis 3", {"comparison"}),
        ("Aster 4 is 3.5x faster than Borealis 3", {"comparison"}),
        ("Fjord reaches Aster-4-level answers", {"comparison"}),
        ("Aurel looks for talent rather than money, other than in sales", set()),
        ("Aurel's topic is laptops", set()),
        ("Aurel should be prouder of its impressive work", {"taste"}),
        ("Aurel was sued over copyright", {"gravity"}),
        ("Aurel issues a tissue of suet", set()),
        ("Aurel stole private data", {"gravity"}),
        ("Aurel owes a billion to the taxman", {"gravity"}),
        ("Aster 4 has 8 billion parameters", set()),
        ("Aurel announced a workshop", {"announcement"}),
        ("Aurel's presentation", set()),
    ],
)
def test_words_of_the_claim_are_signs(text: str, names: set[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize("kind", list(Kind))
def test_kinds_are_signs(kind: Kind) -> None:
    measured = {"measured"} if kind in (Kind.BENCHMARK_RESULT, Kind.BENCHMARK_GAMING, Kind.SIZE) else set()
    matter = {"matter"} if kind in (Kind.BENCHMARK_GAMING, Kind.SAFETY, Kind.LICENCE, Kind.PEOPLE, Kind.DEAL,
                                    Kind.DELAY) else set()
    assert found("It is so", kind) == measured | matter


def test_evidence_gives_signs() -> None:
    one_item = item(1)
    assert found("It is so", Kind.OTHER, replace(one_item, numbers=("7 %",))) == {"figure"}
    assert found("It is so", Kind.OTHER, replace(one_item, stance=Stance.DENIES)) == {"disputed"}
    assert found("It is so", Kind.OTHER, replace(one_item, stance=Stance.QUESTIONS)) == {"disputed"}
    assert found("It is so", Kind.OTHER, replace(one_item, stance=Stance.REPORTS)) == set()
    assert found("It is so", Kind.OTHER, replace(one_item, certainty=Certainty.REPORTED)) == {"hedged"}
    assert found("It is so", Kind.OTHER, replace(one_item, quote="There is scepticism about it.")) == {
        "hedged"
    }


def test_spread_counts_sources_bursts_and_platforms_and_no_account_twice() -> None:
    one_source = [item(1), replace(item(2), source="Outlet 1")]
    assert "spread" not in signs(claim("It is so"), one_source)
    burst = [item(1), item(2)]
    slow_items = [item(1), item(100)]
    mixed = [item(1), item(2, platform=Platform.X)]
    strengths = [signs(claim("It is so"), items)["spread"].strength for items in (slow_items, burst, mixed)]
    assert strengths == [0.125, 0.25, 0.375]
    assert signs(claim("It is so"), mixed)["spread"].words == "2 sources in two days, 2 platforms"
    assert signs(claim("It is so"), slow_items)["spread"].words == "2 sources"
    assert signs(claim("It is so"), [*slow_items, item(2)])["spread"].words == "3 sources, 2 in two days"
    assert signs(claim("It is so"), [item(number) for number in range(40)])["spread"].strength == 1.0


def test_each_sign_stands_in_one_part_and_moves_the_score_its_own_way() -> None:
    assert sorted(name for names in PARTS.values() for name in names) == sorted(WEIGHTS)
    plain_claim = assess(claim("Aster 4 answers in verse"), [item(1)])
    assert plain_claim.why == ()
    assert 0 < plain_claim.checkworthy < 0.2
    announced_claim = assess(claim("Aurel announced Aster 4"), [item(1)])
    assert announced_claim.checkworthy < plain_claim.checkworthy
    assert announced_claim.why == ("only announced: announced",)
    accused = assess(
        claim("Aurel leaked private data of 40 % of users", Kind.SAFETY),
        [item(1, numbers=("40 %",)), item(2, Stance.DENIES), item(3, Stance.QUESTIONS)]
    )
    assert accused.checkworthy > 0.5
    assert accused.why == (
        "checkable: 40 %",
        "contested: denied",
        "consequential: safety, leaked",
        "spreading: 3 sources in two days",
    )


def test_how_well_a_claim_is_supported_is_no_part_of_it() -> None:
    strong = [item(number, role=Role.EXPERT, artefact=True) for number in (1, 2)]
    weak = [item(number, role=Role.ANONYMOUS, voice="hearsay") for number in (1, 2)]
    assert assess(claim("It is so"), strong) == assess(claim("It is so"), weak)


def test_judging_stores_it_and_new_evidence_changes_it(store: Store, run: RunContext) -> None:
    world = Judged(store, run)
    outlet, forum = world.source("The Lantern"), world.source("mira", Role.COMMUNITY, platform=Platform.X)
    world.claim("c1", "Aurel announced Aster 4", Kind.RELEASE)
    world.claim("c2", "Aster 4 was trained on test sets", Kind.BENCHMARK_GAMING)
    world.say("c1", outlet, hours(0))
    world.say("c2", outlet, hours(0))

    def shown() -> dict[str, tuple[float, list[str]]]:
        rows = world.ask("SELECT claim_id, checkworthy, checkworthy_why FROM claims")
        return {claim_id: (score, reasons) for claim_id, score, reasons in rows}

    world.night()
    first_night = world.tonight
    worth_before = shown()
    assert worth_before["c2"][0] > worth_before["c1"][0]
    assert worth_before["c2"][1] == [
        "checkable: benchmark gaming",
        "consequential: benchmark gaming, test sets",
    ]
    # The digest lists the most check-worthy claim first.
    assert [move.claim_id for move in changes(store, first_night).moves] == ["c2", "c1"]
    digest = markdown(first_night, sections(changes(store, first_night)))
    assert digest.index("`c2`") < digest.index("`c1`")
    world.say("c1", forum, hours(1), Stance.DENIES)
    world.night(1)
    second_night = world.tonight
    worth_after = shown()
    assert worth_after["c1"][0] > worth_before["c1"][0]
    assert "contested: denied" in worth_after["c1"][1]
    assert worth_after["c2"] == worth_before["c2"]
    # The digest of a run lists the rows that the view `changes` has for it.
    for run_shown in (first_night, second_night):
        status_moves = {(move.claim_id, move.before, move.status) for move in changes(store, run_shown).moves}
        shows = "SELECT claim_id, status_before, status FROM changes WHERE run_id = ?"
        assert status_moves == set(world.ask(shows, [run_shown.run_id]))
    assert [move.before for move in changes(store, second_night).moves] == ["unverified"]
