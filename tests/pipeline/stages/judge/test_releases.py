"""Releases: which stage a claim's words require, which stages a model has reached, and the evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.core.vocabulary import Certainty, Kind, Platform, ReleaseStage, Stance
from pipeline.stages.judge.evidence import Artefact
from pipeline.stages.judge.releases import asked, page_stage, reached, shows
from pipeline.stages.judge.to_come import TO_COME
from tests.pipeline.stages.judge.test_rules import case, item, launch, ours, page
from tests.worlds.builder import hours


@pytest.mark.parametrize(
    ("claim", "stage"),
    [
        ("The string Aster 5 was found in the code base of Aurel's site", ReleaseStage.STRING_FOUND),
        ("Aster 5 exists", ReleaseStage.STRING_FOUND),
        ("Aurel announced Aster 5", ReleaseStage.ANNOUNCED),
        ("Aurel unveiled Aster 5", ReleaseStage.ANNOUNCED),
        ("Aster 5 is in preview", ReleaseStage.PREVIEW),
        ("Aurel will release Aster 5", ReleaseStage.PREVIEW),
        ("Aurel announced the release of Aster 5", ReleaseStage.PREVIEW),
        ("Aurel introduces Aster 5", ReleaseStage.PREVIEW),
        ("Aster 5 is coming in June", ReleaseStage.PREVIEW),
        ("Aster 5 is available in the API", ReleaseStage.API),
        ("Aster 5 reaches general availability", ReleaseStage.API),
        ("Aurel will release the weights of Aster 5", ReleaseStage.OPEN_WEIGHTS),
        ("Aurel will open-source Aster 5", ReleaseStage.OPEN_WEIGHTS),
        ("Aurel releases Aster 5 as an open-weight model", ReleaseStage.OPEN_WEIGHTS),
    ],
)
def test_a_claim_asks_for_the_lowest_stage_that_its_words_allow(claim: str, stage: ReleaseStage) -> None:
    assert asked(claim) is stage


@pytest.mark.parametrize(("claim", "to_come"), [
    ("Aurel to unveil Aster 4", True), ("xAurel to release its chatbot on Saturday", True),
    ("Aurel, Corvid AI to build data centers", True), ("Aurel Opens Aster to Public", False),
    ("According to new reports, Aurel has begun", False), ("Aurel brings Aster 4 to iPhone", False),
    ("Aster 4 moves Aurel to the top", False), ("Aurel used Aster 4 to write letters", False),
])
def test_a_headline_with_to_tells_what_is_to_come(claim: str, to_come: bool) -> None:
    assert (TO_COME.search(claim) is not None) is to_come


def test_a_stage_shows_itself_and_those_below_but_weights_are_no_api() -> None:
    for shown_stage in ReleaseStage:
        for asked_stage in ReleaseStage:
            api_only = (shown_stage, asked_stage) == (ReleaseStage.OPEN_WEIGHTS, ReleaseStage.API)
            expected = (
                list(ReleaseStage).index(shown_stage) >= list(ReleaseStage).index(asked_stage)
                and not api_only
            )
            assert shows(shown_stage, asked_stage) is expected


def release(platform: Platform, text: str) -> Artefact:
    """A release page with this text."""
    return replace(page(), platform=platform, text=text)


@pytest.mark.parametrize(
    ("platform", "text", "stage"),
    [
        (Platform.HUGGINGFACE, "Aster\n\nParameters: 70000000000", ReleaseStage.OPEN_WEIGHTS),
        (Platform.HUGGINGFACE, "Aster\n\nLibrary: transformers", ReleaseStage.OPEN_WEIGHTS),
        (Platform.HUGGINGFACE, "The weights will follow.", ReleaseStage.ANNOUNCED),
        (Platform.GITHUB, "The weights are attached.\n\nTag: v4", ReleaseStage.OPEN_WEIGHTS),
        (Platform.GITHUB, "Fixes.\n\nTag: v4", ReleaseStage.PREVIEW),
        (Platform.GITHUB, "We announce more soon.\n\nTag: v4\nPre-release: yes", ReleaseStage.PREVIEW),
        (Platform.GITHUB, "The API is open to all.", ReleaseStage.API),
        (Platform.BLOG, "Aster 4 costs $2 per million tokens", ReleaseStage.API),
    ],
)
def test_what_a_page_shows_by_itself(platform: Platform, text: str, stage: ReleaseStage) -> None:
    assert page_stage(release(platform, text), ("Aster 4",)) is stage


def test_each_stage_has_the_earliest_that_shows_it() -> None:
    sighting = item(1, quote="The name Aster 4 was spotted in Aurel's list of models")
    announcement = ours(2, quote="We will launch Aster 4 next week", certainty=Certainty.PREDICTED)
    repeated = ours(3, quote="Aster 4 launches next week", certainty=Certainty.PREDICTED)
    available = ours(4, quote="Aster 4 is available in our API today")
    stages = reached(case(sighting, announcement, repeated, available, subject=launch("Aster 4 will launch"),
                          kind=Kind.RELEASE, artefacts=(page(9),)))
    assert [(reach.stage, reach.at, reach.evidence_id) for reach in stages] == [
        (ReleaseStage.STRING_FOUND, hours(1), "e001"),
        (ReleaseStage.ANNOUNCED, hours(2), "e002"),
        (ReleaseStage.API, hours(4), "e004"),
        (ReleaseStage.OPEN_WEIGHTS, hours(9), None),
    ]


def test_only_the_subject_can_reach_more_than_a_sighting() -> None:
    items = [item(1, quote="Aster 4 is available in the API today"),
             item(2, Stance.DENIES, quote="Aster 4 was spotted nowhere")]
    other_page = replace(page(2), name="aurel/Aster-4-Mini")
    assert (
        reached(case(*items, subject=launch("Aster 4 is out"), kind=Kind.RELEASE, artefacts=(other_page,)))
        == []
    )
