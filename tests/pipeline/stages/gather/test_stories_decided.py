"""Editors' decisions on stories: merges, splits and titles hold for good, and an undone one has no effect."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from pipeline.core.records import Decision
from pipeline.core.vocabulary import DecisionKind
from pipeline.stages.gather.stories import tell_stories
from tests.conftest import NOW
from tests.pipeline.stages.gather.test_stories import (
    MODEL,
    background,
    everything,
    night,
    spoken,
    story_of_claim,
)
from tests.worlds.laid import EmptyStore

pytestmark = pytest.mark.slow  # whole nights

MERGE, SPLIT, TITLE = DecisionKind.STORY_MERGE, DecisionKind.STORY_SPLIT, DecisionKind.STORY_TITLE


def decide(store: EmptyStore, kind: DecisionKind, target: str, value: str) -> str:
    """Write a decision as the run copies it from the journal; return its id."""
    number = store.execute("SELECT count(*) FROM store.decisions")[0][0] + 1
    at = NOW + timedelta(minutes=number)
    store.append("decisions", [Decision(f"x{number}", kind, target, value, "so it is", "ada", at,
                                        number=number)])
    return f"x{number}"


def take_back(store: EmptyStore, decision: str) -> None:
    store.execute("UPDATE store.decisions SET undone_at = $at WHERE decision_id = $id",
                  {"at": NOW, "id": decision})


def heirs(store: EmptyStore) -> dict[str, str]:
    return dict(store.execute("SELECT story_id, heir FROM story_heirs"))


def titles(store: EmptyStore) -> dict[str, str]:
    return dict(store.execute("SELECT story_id, title FROM stories"))


@pytest.fixture
def two(store: EmptyStore) -> tuple[str, str]:
    """Two stories of three claims each, a0 to a2 and b0 to b2, that the model keeps apart."""
    background(store)
    for number in range(3):
        spoken(store, f"a{number}", [1, 0, 0.1 * number], day=0.1 * number)
        spoken(store, f"b{number}", [0, 1, 0.1 * number], names=("Vesper 2",), organisations=("Borea",),
               day=40 + number)
    tell_stories(store, night(1), MODEL)
    stories = story_of_claim(store)
    return stories["a0"], stories["b0"]


def stories_of(store: EmptyStore, letters: str) -> set[str | None]:
    """Return the stories of the claims whose ids begin with these letters."""
    stories = story_of_claim(store)
    return {stories.get(claim) for claim in (f"{letter}{n}" for letter in letters for n in range(3))}


def test_a_merge_holds_although_the_model_would_split(store: EmptyStore, two: tuple[str, str]) -> None:
    story_id, heir = two
    decide(store, MERGE, story_id, heir)
    assert tell_stories(store, night(2), MODEL) == {"stories_grown": 1, "stories_merged": 1}
    assert stories_of(store, "ab") == {heir}
    assert heirs(store) == {story_id: heir}
    stored_before = everything(store)
    assert tell_stories(store, night(3), MODEL) == {}
    assert everything(store) == stored_before, "a run anew changes nothing"
    spoken(store, "a8", [1, 0, 0.2], day=1)
    spoken(store, "b8", [0, 1, 0.2], names=("Vesper 2",), organisations=("Borea",), day=41)
    tell_stories(store, night(4), MODEL)
    stories = story_of_claim(store)
    assert {stories["a8"], stories["b8"]} == {heir}, "both halves grow, into one story"
    assert stories_of(store, "ab") == {heir}


def test_a_split_holds_although_the_model_would_join(store: EmptyStore, two: tuple[str, str]) -> None:
    story_id, _ = two
    decide(store, SPLIT, story_id, "a0 a1")
    assert tell_stories(store, night(2), MODEL) == {"stories_split": 1}
    stories = story_of_claim(store)
    assert stories["a0"] == stories["a1"] != stories["a2"] == story_id, "what stays keeps the address"
    assert dict(store.execute("SELECT story_id, split_from FROM stories"))[stories["a0"]] == story_id
    for number in range(4):
        spoken(store, f"a1{number}", [1, 0, 0.1], day=0.2)
    tell_stories(store, night(3), MODEL)
    assert story_of_claim(store)["a0"] != story_of_claim(store)["a2"]
    stored_before = everything(store)
    assert tell_stories(store, night(4), MODEL) == {}
    assert everything(store) == stored_before


def test_one_claim_that_is_split_off_is_in_no_story(store: EmptyStore, two: tuple[str, str]) -> None:
    decide(store, SPLIT, two[0], "a1")
    tell_stories(store, night(2), MODEL)
    assert "a1" not in story_of_claim(store)
    store.execute("DELETE FROM store.storied")  # all claims are compared again
    tell_stories(store, night(3), MODEL)
    assert story_of_claim(store).get("a1") != story_of_claim(store)["a0"] == two[0]


def test_a_title_is_kept_while_the_story_grows_and_goes_with_a_merge(store: EmptyStore, two: tuple[str, str]
                                                                     ) -> None:
    story_id, heir = two
    title_decision = decide(store, TITLE, story_id, "The test set affair")
    spoken(store, "a9", [1], day=-1, words="Louder words", mentions=9)
    tell_stories(store, night(2), MODEL)
    assert titles(store)[story_id] == "The test set affair"
    assert store.execute(f"SELECT titled_by, machine_title FROM stories WHERE story_id = '{story_id}'") == [
        ("ada", "Louder words")]
    decide(store, MERGE, story_id, heir)
    tell_stories(store, night(3), MODEL)
    assert titles(store) == {heir: "The test set affair"}
    decide(store, TITLE, heir, "Two affairs")
    assert titles(store) == {heir: "Two affairs"}, "its own title comes before one that it took over"
    take_back(store, title_decision)
    assert titles(store) == {heir: "Two affairs"}
    assert store.execute("SELECT kind, story_id FROM decisions ORDER BY number") == [
        ("story_title", heir), ("story_merge", heir), ("story_title", heir)]


def test_a_claim_that_an_editor_hid_titles_no_story(store: EmptyStore, two: tuple[str, str]) -> None:
    story_id, _ = two
    spoken(store, "a7", [1, 0, 0.1], words="Aurel trained Aster 4 on test sets", mentions=9)
    tell_stories(store, night(2), MODEL)
    assert titles(store)[story_id] == "Aurel trained Aster 4 on test sets"
    hide_decision = decide(store, DecisionKind.HIDE, "a7", "")
    tell_stories(store, night(3), MODEL)
    assert titles(store)[story_id].startswith("Claim a")
    stored_before = everything(store)
    assert tell_stories(store, night(4), MODEL) == {}
    assert everything(store) == stored_before
    take_back(store, hide_decision)
    tell_stories(store, night(5), MODEL)
    assert story_of_claim(store)["a7"] == story_id
    assert titles(store)[story_id] == "Aurel trained Aster 4 on test sets"


def test_a_merge_that_is_taken_back_gives_the_story_its_id_back(
    store: EmptyStore, two: tuple[str, str]
) -> None:
    decision_id = decide(store, MERGE, *two)
    tell_stories(store, night(2), MODEL)
    take_back(store, decision_id)
    tell_stories(store, night(3), MODEL)
    assert (stories_of(store, "a"), stories_of(store, "b"), heirs(store)) == ({two[0]}, {two[1]}, {})
    assert tell_stories(store, night(4), MODEL) == {}


def test_a_split_that_is_taken_back_leads_home(store: EmptyStore, two: tuple[str, str]) -> None:
    decision_id = decide(store, SPLIT, two[0], "a0 a1")
    tell_stories(store, night(2), MODEL)
    split_story = story_of_claim(store)["a0"]
    take_back(store, decision_id)
    tell_stories(store, night(3), MODEL)
    assert stories_of(store, "a") == {two[0]}
    assert heirs(store) == {split_story: two[0]}
    assert tell_stories(store, night(4), MODEL) == {}


def test_of_two_decisions_the_later_one_holds(store: EmptyStore, two: tuple[str, str]) -> None:
    story_id, heir = two
    decide(store, MERGE, story_id, heir)
    decide(store, SPLIT, story_id, "a1 b1")  # in the same night: a split of the merged story
    tell_stories(store, night(2), MODEL)
    stories = story_of_claim(store)
    assert stories["a1"] == stories["b1"] != stories["a0"] == stories["b0"] == heir
    decide(store, MERGE, stories["a1"], heir)
    tell_stories(store, night(3), MODEL)
    assert stories_of(store, "ab") == {heir}
    assert heirs(store) == {story_id: heir, stories["a1"]: heir}


def test_a_claim_that_is_in_no_story_is_put_to_one(store: EmptyStore, two: tuple[str, str]) -> None:
    decision_id = decide(store, MERGE, "z00", two[0])
    tell_stories(store, night(2), MODEL)
    assert story_of_claim(store)["z00"] == two[0]
    take_back(store, decision_id)
    tell_stories(store, night(3), MODEL)
    assert "z00" not in story_of_claim(store)


def test_a_decision_follows_a_claim_that_was_merged_into_another(
    store: EmptyStore, two: tuple[str, str]
) -> None:
    decide(store, SPLIT, two[0], "a1")
    tell_stories(store, night(2), MODEL)
    spoken(store, "c0", [1, 0, 0.1], day=0.1)
    store.execute("UPDATE store.claims SET merged_into = 'c0' WHERE claim_id = 'a1'")
    store.execute("UPDATE store.members SET claim_id = 'c0' WHERE claim_id = 'a1'")
    tell_stories(store, night(3), MODEL)
    assert story_of_claim(store).get("c0") != story_of_claim(store)["a0"]


def test_what_is_not_there_becomes_an_issue_and_waits(store: EmptyStore, two: tuple[str, str]) -> None:
    decide(store, MERGE, "s404", two[0])
    decide(store, SPLIT, two[0], "a0 c404")
    decide(store, TITLE, "s404", "Nothing")
    tell_stories(store, night(2), MODEL)
    assert [words for (words,) in store.execute("SELECT message FROM store.issues ORDER BY message")] == [
        f"the merge of s404 into {two[0]} names a story that is not there",
        f"the split of {two[0]} names a claim that is not there: c404",
        "the title of s404 names a story that is not there"]
    assert story_of_claim(store).get("a0") != story_of_claim(store)["a1"] == two[0]


def test_stories_that_are_told_anew_are_found_by_the_claim_that_began_them(store: EmptyStore,
                                                                         two: tuple[str, str]) -> None:
    decision_id = decide(store, TITLE, two[0], "The affair")
    for table in ("stories", "story_claims", "story_heirs", "storied"):
        store.execute(f"DELETE FROM store.{table}")
    spoken(store, "a9", [1, 0, 0.1], day=-1)  # it is the first claim now, so the story has another id
    tell_stories(store, night(2), MODEL)
    assert story_of_claim(store)["a0"] != two[0]
    tell_stories(store, night(3), MODEL)
    assert heirs(store) == {two[0]: story_of_claim(store)["a0"]}
    assert titles(store)[story_of_claim(store)["a0"]] == "The affair"
    take_back(store, decision_id)
    assert titles(store)[story_of_claim(store)["a0"]] != "The affair"


@pytest.mark.parametrize("seed", range(4))
def test_any_decisions_over_any_nights(store: EmptyStore, seed: int) -> None:
    """Of any decisions the newest holds, every id leads to a story, and a second run changes nothing."""
    random = Random(seed)
    ever_seen: set[str] = set()
    decisions: dict[str, tuple[DecisionKind, set[str], set[str]]] = {}
    for number in range(5):
        for claim in range(number * 4, number * 4 + 4):
            topic = random.randrange(3)
            vector = [0.0, 0.0, 0.0, random.random()]
            vector[topic] = 1.0
            house_number = random.choice((topic, 3))
            spoken(store, f"c{claim}", vector, day=random.randrange(20), names=(f"Model {house_number}",),
                   organisations=(f"House {house_number}",))
        decision_count = random.choice((0, 1, 1, 3))
        for _ in range(decision_count):
            _decide_any(store, random, decisions)
        tell_stories(store, night(number + 1), MODEL)
        ever_seen |= set(story_of_claim(store).values())
        # Several decisions of one night may be about one story: each applies to the result of the one before.
        if len(decisions) <= 1 or decision_count < 2:
            _hold(story_of_claim(store), decisions)
        stored_before = everything(store)
        assert tell_stories(store, night(number + 1), MODEL) == {}
        assert everything(store) == stored_before
        story_ids = {story for (story,) in store.execute("SELECT story_id FROM stories")}
        redirected = heirs(store)
        assert not redirected.keys() & story_ids
        assert all(redirected.get(story, story) in story_ids for story in ever_seen), (
            "an id that leads nowhere"
        )


def _decide_any(store: EmptyStore, random: Random, said: dict[str, tuple[DecisionKind, set[str], set[str]]]
                ) -> None:
    """Decide something about stories as they are published, or take something back."""
    stories = story_of_claim(store)
    by_story: dict[str, list[str]] = {}
    for claim, story in stories.items():
        by_story.setdefault(story, []).append(claim)
    if said and random.random() < 0.25:
        taken_back = random.choice(sorted(said))
        take_back(store, taken_back)
        del said[taken_back]
        return
    if len(by_story) > 1 and random.random() < 0.5:
        story_id, heir = random.sample(sorted(by_story), 2)
        said[decide(store, MERGE, story_id, heir)] = (MERGE, set(by_story[story_id]), set(by_story[heir]))
    elif divisible_stories := sorted(story for story, claims in by_story.items() if len(claims) > 1):
        story = random.choice(divisible_stories)
        claims = sorted(by_story[story])
        leaving = set(random.sample(claims, random.randrange(1, len(claims))))
        decision_id = decide(store, SPLIT, story, " ".join(sorted(leaving)))
        said[decision_id] = (SPLIT, leaving, set(claims) - leaving)


def _hold(stories: dict[str, str], said: dict[str, tuple[DecisionKind, set[str], set[str]]]) -> None:
    """Assert what the newest decision asks for."""
    for kind, first_claims, second_claims in list(said.values())[-1:]:
        homes = [{stories.get(claim) for claim in claim_ids} for claim_ids in (first_claims, second_claims)]
        if kind is MERGE:
            assert len(homes[0] | homes[1]) == 1
            assert None not in homes[0]
        else:
            assert len(homes[0]) == 1
            assert not (homes[0] & homes[1]) - {None}
