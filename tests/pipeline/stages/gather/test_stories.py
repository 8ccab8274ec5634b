"""Stories: what belongs under one title, over nights, merges, splits and orders of arrival."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.core.records import Claim
from pipeline.core.vocabulary import Kind, Precision
from pipeline.stages.gather import stories as stage
from pipeline.stages.gather import story_groups
from pipeline.stages.gather.stories import tell_stories
from tests.conftest import NOW
from tests.worlds.builder import said
from tests.worlds.laid import EmptyStore

pytestmark = pytest.mark.slow  # whole nights

MODEL = "by-hand"
TOPICS = 20
ACCUSED = "Aurel trained Aster 4 on test sets"


def night(number: int) -> RunContext:
    return RunContext(f"r{number}", NOW + timedelta(days=number), Home(Path("unused")), Config())


def spoken(store: EmptyStore, claim_id: str, topic: Sequence[float], *, words: str = "", day: float = 0,
           documents: Sequence[str] = (), names: Sequence[str] = ("Aster 4",),
           organisations: Sequence[str] = ("Aurel",), mentions: int = 1) -> None:
    """Append a claim with a vector along `topic`, said on a day in as many mentions."""
    vector = np.zeros(TOPICS)
    vector[: len(topic)] = topic
    words = words or f"Claim {claim_id}"
    store.put("claims", [Claim(claim_id, words, Kind.OTHER, f"{claim_id}-m0", tuple(organisations),
                               tuple(names), None, Precision.UNKNOWN, None, NOW, "r1")])
    heard_of(store, claim_id, day=day, documents=documents or [f"d-{claim_id}"], mentions=mentions)
    store.put("claim_vectors", [{"claim_id": claim_id, "claim": words, "model": MODEL,
                                 "vector": vector / np.linalg.norm(vector)}])


def heard_of(store: EmptyStore, claim_id: str, *, day: float, documents: Sequence[str], mentions: int = 1,
             start: int = 0) -> None:
    at = NOW + timedelta(days=day)
    ids = [f"{claim_id}-m{number}" for number in range(start, start + mentions)]
    store.put("mentions", [
        said(mention, "words", at=at + timedelta(minutes=number),
             document_id=documents[number % len(documents)])
        for number, mention in enumerate(ids)])
    store.put("members", [{"mention_id": mention, "claim_id": claim_id, "similarity": 1.0, "how": "near",
                           "run_id": "r1"} for mention in ids])


def story_of_claim(store: EmptyStore) -> dict[str, str]:
    """Return the story of each claim that is in one."""
    return dict(store.execute("SELECT claim_id, story_id FROM store.story_claims ORDER BY claim_id"))


def claims_by_story(store: EmptyStore) -> list[list[str]]:
    """Return the claims of each story."""
    claims: dict[str, list[str]] = {}
    for claim, story in story_of_claim(store).items():
        claims.setdefault(story, []).append(claim)
    return sorted(claims.values())


def everything(store: EmptyStore) -> list[list[tuple[object, ...]]]:
    return [store.execute(f"SELECT * FROM store.{table} ORDER BY ALL")
            for table in ("stories", "story_claims", "story_heirs", "storied")]


def background(store: EmptyStore) -> None:
    """Append claims about other things on those days, so that names are as rare as in a large store."""
    for number in range(12):
        spoken(store, f"z{number:02d}", [0.0] * (8 + number) + [1.0], names=(f"Orbit {number}",),
               organisations=(f"House {number}",), day=number % 3)


def test_what_touches_is_one_story_and_what_does_not_is_none(store: EmptyStore) -> None:
    background(store)
    spoken(store, "accusation", [1, 0.3], words=ACCUSED, mentions=3)
    spoken(store, "denial", [1, 0.4], day=0.5)
    spoken(store, "resignation", [1, 0.5], day=1, documents=["d-accusation"])
    spoken(store, "price", [0, 0, 0, 1], organisations=("Borea",), names=("Vesper 2",))
    assert tell_stories(store, night(1), MODEL) == {"stories_new": 1}
    assert claims_by_story(store) == [["accusation", "denial", "resignation"]]
    [(title, claims, mentions, organisations, entities, origin)] = store.execute(
        "SELECT title, claims, mentions, organisations, entities, split_from FROM stories")
    assert (title, claims, organisations, entities, origin) == (ACCUSED, 3, ["Aurel"], ["Aster 4"], None)
    assert mentions == 0  # no weigh stage ran here
    published_stories = store.execute("SELECT claim_id, story_id FROM claims WHERE story_id IS NOT NULL")
    assert dict(published_stories) == story_of_claim(store)


def test_two_matters_of_one_model_are_two_stories_and_one_claim_between_melts_them_not(
    store: EmptyStore
) -> None:
    background(store)
    for number in range(3):
        spoken(store, f"licence{number}", [1, 0, 0, 0.1 * number])
        spoken(store, f"doubts{number}", [0, 1, 0, 0.1 * number])
    spoken(store, "between", [1, 0.6])
    tell_stories(store, night(1), MODEL)
    stories = story_of_claim(store)
    assert stories["licence0"] == stories["licence1"] == stories["licence2"]
    assert stories["doubts0"] == stories["doubts1"] == stories["doubts2"] != stories["licence0"]


def test_the_same_words_of_other_days_open_no_story(store: EmptyStore) -> None:
    background(store)
    spoken(store, "a", [1], day=0)
    spoken(store, "b", [1], day=45)
    assert tell_stories(store, night(1), MODEL) == {}
    assert claims_by_story(store) == []


def test_a_story_grows_and_keeps_its_id(store: EmptyStore) -> None:
    background(store)
    spoken(store, "a", [1])
    spoken(store, "b", [1, 0.1])
    tell_stories(store, night(1), MODEL)
    first_story = story_of_claim(store)["a"]
    spoken(store, "before", [1, 0.2], day=-1, words=ACCUSED, mentions=4)
    assert tell_stories(store, night(2), MODEL) == {"stories_grown": 1}
    assert set(story_of_claim(store).values()) == {first_story}
    assert store.execute("SELECT title, run_id FROM store.stories") == [(ACCUSED, "r1")]
    since_run = dict(store.execute("SELECT claim_id, run_id FROM store.story_claims"))
    assert since_run == {"a": "r1", "b": "r1", "before": "r2"}


def test_a_night_with_nothing_new_changes_nothing(store: EmptyStore) -> None:
    background(store)
    for number in range(4):
        spoken(store, f"a{number}", [1, 0.1 * number])
    tell_stories(store, night(1), MODEL)
    stored_before = everything(store)
    assert tell_stories(store, night(2), MODEL) == {}
    assert everything(store) == stored_before


def two_stories(store: EmptyStore) -> tuple[str, str]:
    background(store)
    for number in range(4):
        spoken(store, f"a{number}", [1, 0, 0.1 * number], day=0.1 * number)
    for number in range(3):
        spoken(store, f"b{number}", [0, 1, 0.1 * number], day=1 + 0.1 * number)
    assert tell_stories(store, night(1), MODEL) == {"stories_new": 2}
    stories = story_of_claim(store)
    return stories["a0"], stories["b0"]


def reworded(store: EmptyStore, claim_id: str, topic: Sequence[float]) -> None:
    """Tell a claim anew, with a vector along `topic`."""
    vector = np.zeros(TOPICS)
    vector[: len(topic)] = topic
    store.execute("UPDATE store.claims SET claim = claim || ' after all' WHERE claim_id = $claim",
                  {"claim": claim_id})
    store.append("claim_vectors", (
        {"claim_id": claim, "claim": words, "model": MODEL, "vector": vector / np.linalg.norm(vector)}
        for claim, words in store.execute("SELECT claim_id, claim FROM store.claims WHERE claim_id = $claim",
                                          {"claim": claim_id})), replace=True)


def test_stories_merge_and_the_old_id_leads_to_the_heir(store: EmptyStore) -> None:
    heir, merged = two_stories(store)
    for number in range(3):
        reworded(store, f"b{number}", [1, 0, 0.1 * number])
    assert tell_stories(store, night(2), MODEL) == {"stories_grown": 1, "stories_merged": 1}
    assert set(story_of_claim(store).values()) == {heir}
    assert store.execute("SELECT story_id, heir, run_id FROM store.story_heirs") == [(merged, heir, "r2")]
    assert store.execute("SELECT story_id, heir FROM story_heirs") == [(merged, heir)]
    assert store.execute("SELECT story_id FROM stories") == [(heir,)]


def test_an_heir_is_never_one_that_was_taken_over(store: EmptyStore) -> None:
    heir, merged = two_stories(store)
    store.append("story_heirs", [{"story_id": "s-oldest", "heir": merged, "since": NOW, "run_id": "r0"}])
    for number in range(3):
        reworded(store, f"b{number}", [1, 0, 0.1 * number])
    tell_stories(store, night(2), MODEL)
    assert dict(store.execute("SELECT story_id, heir FROM story_heirs")) == {"s-oldest": heir, merged: heir}


def test_a_story_splits_and_says_from_what(store: EmptyStore) -> None:
    background(store)
    for number in range(5):
        spoken(store, f"a{number}", [1, 0, 0.1 * number], day=0.1 * number)
    tell_stories(store, night(1), MODEL)
    first_story = story_of_claim(store)["a0"]
    for number in (0, 1):
        reworded(store, f"a{number}", [-1, 0, 0.1 * number])
    assert tell_stories(store, night(2), MODEL) == {"stories_split": 1}
    assert claims_by_story(store) == [["a0", "a1"], ["a2", "a3", "a4"]]
    stories = story_of_claim(store)
    assert stories["a2"] == first_story != stories["a0"]
    assert dict(store.execute("SELECT story_id, split_from FROM stories"))[stories["a0"]] == first_story


def test_a_claim_that_an_editor_merged_takes_its_story_along(store: EmptyStore) -> None:
    heir, merged = two_stories(store)
    store.execute("UPDATE store.claims SET merged_into = 'a0' WHERE claim_id LIKE 'b%'")
    store.execute("UPDATE store.members SET claim_id = 'a0' WHERE claim_id LIKE 'b%'")
    assert tell_stories(store, night(2), MODEL)["stories_merged"] == 1
    assert dict(store.execute("SELECT story_id, heir FROM story_heirs")) == {merged: heir}
    assert set(story_of_claim(store).values()) == {heir}


def test_a_story_is_held_together_by_what_it_was(store: EmptyStore) -> None:
    """Claims that one night would not have grouped stay together unless they are clearly two stories."""
    background(store)
    spoken(store, "a", [1])
    spoken(store, "b", [1, 0.2])
    tell_stories(store, night(1), MODEL)
    for cosine in np.arange(0.9, -1, -0.1):
        reworded(store, "b", [cosine, (1 - cosine**2) ** 0.5])
        claims, vectors = stage._around(store, ["a", "b"], MODEL)
        seed_positions = [number for number, claim in enumerate(claims) if claim.claim_id in ("a", "b")]
        odds = story_groups.Likeness(claims, vectors).odds(seed_positions[:1], seed_positions[1:])[0, 0]
        if odds < story_groups.BOUND:
            break
    assert story_groups.BOUND - story_groups.HOLD < odds < story_groups.BOUND
    tell_stories(store, night(2), MODEL)
    assert claims_by_story(store) == [["a", "b"]]


@pytest.mark.parametrize("batch", [1, 3])
def test_small_batches_tell_the_same_plain_stories(store: EmptyStore, monkeypatch: pytest.MonkeyPatch,
                                                   batch: int) -> None:
    monkeypatch.setattr(stage, "BATCH", batch)
    background(store)
    for number in range(3):
        spoken(store, f"a{number}", [1, 0, 0.1 * number])
        spoken(store, f"b{number}", [0, 1, 0.1 * number], names=("Vesper 2",), organisations=("Borea",))
    tell_stories(store, night(1), MODEL)
    assert claims_by_story(store) == [["a0", "a1", "a2"], ["b0", "b1", "b2"]]


claim = st.tuples(st.integers(0, 3), st.floats(0, 1), st.integers(0, 40), st.integers(0, 2))


@given(st.lists(claim, min_size=2, max_size=8), st.randoms(use_true_random=False), st.integers(1, 3))
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_claims_in_any_order(store: EmptyStore, claims: list[tuple[int, float, int, int]], random: object,
                                 nights: int) -> None:
    """Within a night the order of arrival does not matter; over nights no story is lost or told twice."""
    def put(number: int) -> None:
        topic, lean, day, house_number = claims[number]
        vector = [0.0, 0.0, 0.0, 0.0, lean]
        vector[topic] = 1.0
        spoken(store, f"c{number}", vector, day=day, organisations=(f"House {house_number}",),
               names=(f"Model {house_number}",))

    def clear() -> None:
        for table in ("claims", "claim_vectors", "mentions", "members", "stories", "story_claims",
                      "story_heirs", "storied"):
            store.execute(f"DELETE FROM store.{table}")

    clear()
    order = list(range(len(claims)))
    for number in order:
        put(number)
    tell_stories(store, night(1), MODEL)
    at_once = everything(store)
    clear()
    random.shuffle(order)  # type: ignore[attr-defined]
    for number in order:
        put(number)
    tell_stories(store, night(1), MODEL)
    assert everything(store) == at_once
    clear()
    ever_seen: set[str] = set()
    for part_number in range(nights):
        for number in order[part_number::nights]:
            put(number)
        tell_stories(store, night(part_number + 1), MODEL)
        ever_seen |= set(story_of_claim(store).values())
        assert tell_stories(store, night(part_number + 1), MODEL) == {}
    heirs = dict(store.execute("SELECT story_id, heir FROM store.story_heirs"))
    story_ids = {story for (story,) in store.execute("SELECT story_id FROM stories")}
    assert not heirs.keys() & story_ids
    assert all(heirs.get(story, story) in story_ids for story in ever_seen), "an id that leads nowhere"
