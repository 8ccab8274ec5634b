"""Check-worthiness: which signs are found, how they order, and that it is in the store and the digest."""

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
    """The names of the signs that the claim shows."""
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
    plain = item(1)
    assert found("It is so", Kind.OTHER, replace(plain, numbers=("7 %",))) == {"figure"}
    assert found("It is so", Kind.OTHER, replace(plain, stance=Stance.DENIES)) == {"disputed"}
    assert found("It is so", Kind.OTHER, replace(plain, stance=Stance.QUESTIONS)) == {"disputed"}
    assert found("It is so", Kind.OTHER, replace(plain, stance=Stance.REPORTS)) == set()
    assert found("It is so", Kind.OTHER, replace(plain, certainty=Certainty.REPORTED)) == {"hedged"}
    assert found("It is so", Kind.OTHER, replace(plain, quote="There is scepticism about it.")) == {"hedged"}


def test_spread_counts_sources_bursts_and_platforms_and_no_account_twice() -> None:
    alone = [item(1), replace(item(2), source="Outlet 1")]
    assert "spread" not in signs(claim("It is so"), alone)
    burst = [item(1), item(2)]
    slow = [item(1), item(100)]
    wide = [item(1), item(2, platform=Platform.X)]
    strengths = [signs(claim("It is so"), items)["spread"].strength for items in (slow, burst, wide)]
    assert strengths == [0.125, 0.25, 0.375]
    assert signs(claim("It is so"), wide)["spread"].words == "2 sources in two days, 2 platforms"
    assert signs(claim("It is so"), slow)["spread"].words == "2 sources"
    assert signs(claim("It is so"), [*slow, item(2)])["spread"].words == "3 sources, 2 in two days"
    assert signs(claim("It is so"), [item(n) for n in range(40)])["spread"].strength == 1.0


def test_each_sign_stands_in_one_part_and_moves_the_score_its_own_way() -> None:
    assert sorted(name for names in PARTS.values() for name in names) == sorted(WEIGHTS)
    plain = assess(claim("Aster 4 answers in verse"), [item(1)])
    assert plain.why == ()
    assert 0 < plain.checkworthy < 0.2
    announced = assess(claim("Aurel announced Aster 4"), [item(1)])
    assert announced.checkworthy < plain.checkworthy
    assert announced.why == ("only announced: announced",)
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
    strong = [item(n, role=Role.EXPERT, artefact=True) for n in (1, 2)]
    weak = [item(n, role=Role.ANONYMOUS, voice="hearsay") for n in (1, 2)]
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
        return {claim_id: (score, why) for claim_id, score, why in rows}

    world.night()
    first = world.tonight
    before = shown()
    assert before["c2"][0] > before["c1"][0]
    assert before["c2"][1] == ["checkable: benchmark gaming", "consequential: benchmark gaming, test sets"]
    # The digest tells first what is most worth a check.
    assert [move.claim_id for move in changes(store, first).moves] == ["c2", "c1"]
    digest = markdown(first, sections(changes(store, first)))
    assert digest.index("`c2`") < digest.index("`c1`")
    world.say("c1", forum, hours(1), Stance.DENIES)
    world.night(1)
    second = world.tonight
    after = shown()
    assert after["c1"][0] > before["c1"][0]
    assert "contested: denied" in after["c1"][1]
    assert after["c2"] == before["c2"]
    # What the digest tells of a run is what the view `changes` holds of it.
    for told in (first, second):
        moves = {(m.claim_id, m.before, m.status) for m in changes(store, told).moves}
        shows = "SELECT claim_id, status_before, status FROM changes WHERE run_id = ?"
        assert moves == set(world.ask(shows, [told.run_id]))
    assert [m.before for m in changes(store, second).moves] == ["unverified"]
