"""A place of a text that a claim holds through several members is one piece of its evidence."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.core.vocabulary import DecisionKind, Stance
from pipeline.store.store import Store
from tests.worlds.builder import World, hours

pytestmark = pytest.mark.slow  # a store for each test

PLACE = {"start": 10, "end": 60}


class Page(World):
    """A claim, and one document that speaks to it."""

    def member(self, mention_id: str, how: str, stance: Stance = Stance.SUPPORTS, *, claim_id: str = "c1",
               placed: str | None = None, similarity: float = 0.9, **place: int) -> None:
        """Append a member that the machine `placed` in a claim, with its evidence."""
        fields: dict[str, Any] = PLACE | place
        self.mention(claim_id, "d1", mention_id=mention_id, **fields)
        machine = "gathered" if how == "gathered" or (placed and "g" in mention_id) else "near"
        self.row("placements", mention_id=mention_id, claim_id=placed or claim_id, similarity=similarity,
                 how=machine)
        self.store.execute("UPDATE store.members SET how = ?, similarity = ? WHERE mention_id = ?",
                           [how, similarity, mention_id])
        self.stance(claim_id, mention_id, stance)

    def listed(self, claim_id: str = "c1") -> list[tuple[Any, ...]]:
        """Return the members that the claim's evidence lists, with their stances."""
        return self.store.execute(
            "SELECT mention_id, stance FROM evidence WHERE claim_id = ? ORDER BY ALL", [claim_id])


@pytest.fixture
def page(store: Store) -> Page:
    page = Page(store)
    page.source("Wire")
    page.document("d1", "wire", hours(1), "Aurel trained Aster 4 on test sets. " * 9)
    page.version("d1", 2, "Aurel trained Aster 4 on test sets. " * 8, hours(9))
    page.claim("c1", mention_id="n1")
    page.claim("c2", mention_id="n9")
    return page


@pytest.mark.parametrize("order", [("n1", "g1", "g2"), ("g2", "g1", "n1")])
def test_the_one_that_says_it_in_so_many_words_stands_for_all(page: Page, order: tuple[str, ...]) -> None:
    for mention_id in order:
        page.member(mention_id, "gathered" if "g" in mention_id else "near")
    assert page.listed() == [("n1", "supports")]
    assert page.store.execute("SELECT mentions FROM claims WHERE claim_id = 'c1'") == [(1,)]


def test_of_two_that_were_gathered_the_surest_stands_for_both(page: Page) -> None:
    page.member("g1", "gathered", similarity=0.6)
    page.member("g2", "merge", placed="c1", similarity=0.8)
    assert page.listed() == [("g2", "supports")]


def test_other_places_texts_and_claims_are_others(page: Page) -> None:
    page.member("n1", "near")
    page.member("g1", "gathered", start=60, end=90)
    page.member("g2", "gathered", number=2)
    page.member("g3", "gathered", claim_id="c2")
    page.member("n2", "near")  # one sentence quotes two speakers
    assert [mention for mention, _ in page.listed()] == ["g1", "g2", "n1", "n2"]
    assert page.listed("c2") == [("g3", "supports")]


@pytest.mark.parametrize("place", [(0, 11), (59, 70), (0, 9_000), (255, 256), (250, 800), (10, 2_000)])
def test_a_place_is_held_wherever_the_two_overlap(page: Page, place: tuple[int, int]) -> None:
    """Overlaps count across the bounds of stretches too."""
    start, end = place
    page.member("n1", "near", start=10, end=60 if start < 60 else 5_000)
    page.member("g1", "gathered", start=start, end=end)
    assert page.listed() == [("n1", "supports")]


def test_members_of_a_long_document_are_not_all_compared(page: Page) -> None:
    """The counts of `test_large_claims.py` do not include DuckDB's own comparisons."""
    [(_, plan)] = page.store.execute("EXPLAIN FROM step.repeated")
    assert "stretch = stretch" in plan


@pytest.mark.parametrize("decided", ["n1", "g1"])
def test_an_editor_s_stance_on_either_holds(page: Page, decided: str) -> None:
    page.member("n1", "near")
    page.member("g1", "gathered", start=0, end=99)
    page.decide(DecisionKind.STANCE, decided, Stance.DENIES, hours(20))
    assert page.listed() == [("n1", "denies")]


def test_the_newest_of_an_editor_s_stances_on_both_holds(page: Page) -> None:
    page.member("n1", "near")
    page.member("g1", "gathered")
    page.decide(DecisionKind.STANCE, "n1", Stance.DENIES, hours(20))
    page.decide(DecisionKind.STANCE, "g1", Stance.QUESTIONS, hours(21))
    assert page.listed() == [("n1", "questions")]


def test_what_an_editor_takes_out_of_a_claim_does_not_stand_there_again(page: Page) -> None:
    page.member("n1", "move", claim_id="c2", placed="c1")
    page.member("g1", "gathered")
    assert (page.listed(), page.listed("c2")) == ([], [("n1", "supports")])


def test_what_an_editor_s_merge_brings_there_stands(page: Page) -> None:
    page.member("n1", "move", claim_id="c2", placed="c1")
    page.member("g1", "merge", placed="c1")
    assert page.listed() == [("g1", "supports")]


def test_nor_does_it_where_a_gathered_passage_was_taken_out_before(page: Page) -> None:
    page.member("g1", "move", claim_id="c2", placed="c1")
    page.member("n1", "near")
    assert (page.listed(), page.listed("c2")) == ([], [("g1", "supports")])


def test_what_an_editor_puts_into_a_claim_stands_for_what_was_gathered_there(page: Page) -> None:
    page.member("g1", "gathered", similarity=1.0)
    page.member("n1", "move", placed="c2")
    assert page.listed() == [("n1", "supports")]
