"""Whose questions dispute a claim, and whose do not."""

from __future__ import annotations

import pytest

from pipeline.core.vocabulary import HEARSAY, Certainty, Kind, Role, Stance, Status
from pipeline.stages.judge.case import Case
from pipeline.stages.judge.doubts import carriers, debated, doubts, several
from pipeline.stages.judge.evidence import Item
from pipeline.stages.judge.history import steps
from pipeline.stages.judge.rules import apply_rules
from tests.pipeline.stages.judge.test_rules import capability, case, item, ours, rumour
from tests.worlds.builder import hours

USER = {"role": Role.COMMUNITY, "source_role": Role.COMMUNITY}


def user(number: int, quote: str = "Is it?", **fields: object) -> Item:
    """A user's question."""
    return item(number, Stance.QUESTIONS, quote=quote, **(USER | fields))


def nameless(number: int, stance: Stance, **fields: object) -> Item:
    """A post whose author is not known."""
    return rumour(number, stance, **(USER | {"certainty": Certainty.ASSERTED} | fields))


FORUM = {"voice": "source:forum", "by_author": False, "independent": False}
SITUATIONS: list[tuple[str, str, Case]] = [
    ("disputed", "two users question what anybody can look at",
     capability(item(1), item(2), user(3), user(4))),
    ("corroborated", "one user questions it", capability(item(1), item(2), user(3))),
    ("corroborated", "one user asks what other users see",
     capability(item(1), item(2), user(3, "Do other users see this?"))),
    ("corroborated", "one user questions it twice",
     capability(item(1), item(2), user(3), user(4, voice="source:outlet-3"))),
    ("corroborated", "two users question what only insiders know", case(item(1), item(2), user(3), user(4))),
    ("disputed", "one text tells of several who doubt",
     case(item(1), item(2), user(3, "Many users express skepticism.", **FORUM), kind=Kind.PRICE)),
    ("corroborated", "several doubt what only insiders know",
     case(item(1), item(2), user(3, "Many users express skepticism.", **FORUM), kind=Kind.PEOPLE)),
    ("disputed", "of one forum some say it and others doubt it",
     capability(item(1, quote="Users praise it.", **FORUM),
                user(3, "There is skepticism about it.", **FORUM))),
    ("one_voice", "of one text some say it and others doubt it",
     capability(item(1, quote="Users praise it.", **FORUM),
                user(3, "Others doubt it.", document_id="d1", **FORUM))),
    ("disputed", "only doubts are stored, and they tell that it is claimed",
     capability(user(1, "Several commenters question Aurel's claimed lead.", **FORUM))),
    ("unverified", "it is only asked about", capability(user(1, "Do users like it?", **FORUM))),
    ("disputed", "one text has several doubt what it denies as hearsay",
     capability(item(1), item(2),
                rumour(3, Stance.DENIES, quote="It does not win: ann_x and ben_y question it."))),
    ("corroborated", "a denial that is hearsay",
     capability(item(1), item(2), rumour(3, Stance.DENIES, quote="It does not win."))),
    ("disputed", "people argue whether it is so",
     capability(item(1, Stance.REPORTS, quote="Commenters debate whether it can see.", **FORUM))),
    ("one_voice", "people talk about it",
     capability(item(1, Stance.REPORTS, quote="Commenters discuss that it can see.", **FORUM))),
    ("denied_by_others", "a denial that tells of the claim is a denial alone",
     capability(item(1, Stance.DENIES, quote="What is claimed is wrong."))),
    ("disputed", "posts without a known author say it and deny it",
     case(nameless(1, Stance.SUPPORTS), nameless(2, Stance.DENIES), kind=Kind.SIZE)),
    ("disputed", "a post without a known author denies what an ordinary user says of what insiders know",
     case(item(1, **USER), nameless(2, Stance.DENIES))),
    ("corroborated", "a post without a known author denies what two papers say",
     capability(item(1), item(2), nameless(3, Stance.DENIES))),
    ("hearsay", "one post without a known author says both",
     case(nameless(1, Stance.SUPPORTS), nameless(2, Stance.DENIES, document_id="d1"))),
    ("unverified", "a paper reports it and a post without a known author denies it",
     case(item(1, Stance.REPORTS), item(2, Stance.REPORTS), nameless(3, Stance.DENIES))),
    ("one_voice", "a paper says that users deny it",
     case(item(1, **USER), nameless(2, Stance.DENIES, source_role=Role.PRESS))),
    ("one_voice", "somebody whom a post quotes without a name denies it",
     case(item(1, **USER), nameless(2, Stance.DENIES, by_author=False))),
    ("hearsay", "a post without a known author passes a denial on",
     case(nameless(1, Stance.SUPPORTS), nameless(2, Stance.DENIES, certainty=Certainty.REPORTED))),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "why", "told"), SITUATIONS, ids=[why for _, why, _ in SITUATIONS])
def test_whose_doubt_counts(rule: str, why: str, told: Case) -> None:
    assert apply_rules(told).rule.id == rule


def test_the_reason_tells_many_from_one_voice() -> None:
    doubted = case(item(1), item(2), user(3, "Many users express skepticism.", **FORUM), kind=Kind.PRICE)
    assert apply_rules(doubted).finding.reason == (
        "It is questioned by several people (as told in Outlet 3) and carried by outlet-1 and outlet-2."
    )


def test_the_reason_says_that_who_denies_it_is_not_known() -> None:
    denied_case = case(item(1, **USER), nameless(2, Stance.DENIES))
    assert apply_rules(denied_case).finding.reason == (
        "It is denied by a post without a known author (in Outlet 2) and carried by outlet-1."
    )
    denied_case = case(item(1, **USER), nameless(2, Stance.DENIES), nameless(3, Stance.DENIES))
    assert "posts without a known author (in Outlet 2, Outlet 3)" in apply_rules(denied_case).finding.reason


def test_a_second_nameless_denial_is_no_repetition_of_the_first() -> None:
    denied_case = case(rumour(1, Stance.REPORTS), nameless(2, Stance.DENIES, document_id="d1"),
                       *(nameless(number, Stance.DENIES) for number in (3, 9)))
    assert [(step.assessment.status, step.at) for step in steps(denied_case)] == [
        (Status.UNVERIFIED, hours(1)), (Status.DISPUTED, hours(3))
    ]


def test_rumour_that_asks_is_no_voice() -> None:
    assert doubts(capability(item(1), rumour(2, Stance.QUESTIONS, quote="Is it?"))) == []


def test_the_subject_that_asks_and_an_expert_count_everywhere() -> None:
    doubted = case(item(1), ours(2, Stance.QUESTIONS), item(3, Stance.QUESTIONS, role=Role.EXPERT))
    assert [doubt.evidence_id for doubt in doubts(doubted)] == ["e002", "e003"]


def test_who_carries_it_beside_a_denial() -> None:
    denied_case = case(item(1), item(2, voice=HEARSAY), item(3, Stance.DENIES, "source:outlet-1"))
    assert [carrier.evidence_id for carrier in carriers(denied_case, [denied_case.items[2]])] == ["e002"]


@pytest.mark.parametrize("quote", ["Several testers disagree.", "Ann and Ben question it.",
                                   "There's growing skepticism about it.", "The thread shows skepticism.",
                                   "The community doubts it."])
def test_several(quote: str) -> None:
    assert several(quote)


@pytest.mark.parametrize("quote", ["Mira doubts it.", "Do other users see this?", "There is a price for it.",
                                   "I question this."])
def test_one(quote: str) -> None:
    assert not several(quote)


def test_debated() -> None:
    assert debated("Users argue whether it is so.") and debated("The figure is still disputed.")
    assert not debated("Users argue that it is so.")
