"""Trace: situations that a journalist knows, each with the voices that should result."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.core.context import RunContext
from pipeline.core.vocabulary import Certainty, LinkKind, Part, Platform, Precision, Role
from pipeline.stages.trace.near_duplicates import shingles, sign
from pipeline.stages.trace.stage import trace
from pipeline.store.store import Store
from tests.worlds.builder import World, hours
from tests.worlds.judged import Judged
from tests.worlds.laid import EmptyStore

pytestmark = pytest.mark.slow  # a store for each test

LONG = (
    "Aurel is said to have trained its new model Aster 4 on the very test sets by which it was later "
    "measured, three engineers who left the"
    " company in spring say in letters that were handed over on Monday together with tables of scores and a "
    "list of file names."
)


REPORTED: dict[str, Any] = {"speaker": None, "certainty": Certainty.REPORTED}


@pytest.fixture
def world(store: Store, run: RunContext) -> Judged:
    """Five outlets, a forum and a claim."""
    world = Judged(store, run)
    for name in ("The Lantern", "Courier", "Daily Quill", "Tin Gazette"):
        world.source(name)
    world.source("Paper Mill", Role.AGGREGATOR)
    world.source("Aurel Blog", Role.FIRST_PARTY, "aurel", Platform.BLOG)
    world.source("mira", Role.COMMUNITY, platform=Platform.X)
    world.source("Jo Fern", Role.COMMUNITY, platform=Platform.X)
    world.claim("c1")
    return world


class Found(NamedTuple):
    """The voice of each document, whether it is independent, and the edges."""

    origins: dict[str, tuple[str, bool]]
    edges: set[tuple[str, str | None, str | None, str]]

    @property
    def voices(self) -> set[str]:
        return {voice for voice, _ in self.origins.values()}


def traced(world: Judged, run_id: str = "first") -> Found:
    """Trace and return the result; a document with several mentions gives its last one."""
    trace(world.store, replace(world.first, run_id=run_id))
    rows = world.ask("SELECT m.document_id, o.voice, o.independent FROM store.origins AS o "
                     "JOIN store.mentions AS m USING (mention_id) ORDER BY mention_id")
    edges = world.ask("SELECT document_id, origin_document_id, origin_name, kind FROM store.edges")
    return Found({document: (voice, independent) for document, voice, independent in rows}, set(edges))


def test_posts_without_a_known_author_are_no_voice(world: Judged) -> None:
    listing = world.source("r/Open", Role.COMMUNITY, platform=Platform.REDDIT, source_id="r-open")
    nameless: dict[str, Any] = {"speaker": None, "by_author": True, "role": Role.COMMUNITY}
    for number in range(2):
        world.say("c1", listing, hours(number), document_id=f"n{number}", **nameless)
    world.document("gone", listing, hours(2))
    repost_fields: dict[str, Any] = {"links": ("gone",), "link_kind": LinkKind.REPOST}
    world.say("c1", "x:mira", hours(3), document_id="copy", document=repost_fields)
    assert traced(world).origins == {"n0": ("hearsay", False), "n1": ("hearsay", False),
                                     "copy": ("hearsay", False)}


# --- the golden situations ------------------------------------------------------------------------------


def test_twenty_outlets_that_quote_one_post_are_one_voice(world: Judged) -> None:
    world.say("c1", "x:mira", hours(0), document_id="post")
    for number in range(20):
        outlet = world.source(f"Outlet {number}")
        world.say("c1", outlet, hours(1 + number), document_id=f"a{number}", document={"links": ("post",)})
    claim_trace = traced(world)
    assert claim_trace.voices == {"source:x:mira"}
    assert [document for document, (_, independent) in claim_trace.origins.items() if independent] == ["post"]


def test_two_people_with_first_hand_knowledge_are_two(world: Judged) -> None:
    world.say("c1", "x:mira", hours(0), document_id="d1",
              quote="I worked on Aster 4 and we trained it on test sets")
    world.say("c1", "x:jo-fern", hours(1), document_id="d2",
              quote="I have seen the test sets in the training data", document={"reply_to": "d1"})
    assert traced(world).origins == {"d1": ("source:x:mira", True), "d2": ("source:x:jo-fern", True)}


def test_a_reply_that_agrees_without_knowing_is_no_voice_of_its_own(world: Judged) -> None:
    world.say("c1", "x:mira", hours(0), document_id="d1")
    world.say("c1", "x:jo-fern", hours(1), document_id="d2", document={"reply_to": "d1"})
    assert traced(world).origins["d2"] == ("source:x:mira", False)


def test_an_aggregator_adds_nothing(world: Judged) -> None:
    world.say("c1", "paper-mill", hours(0), document_id="d1")
    assert traced(world).origins == {"d1": ("hearsay", False)}


def test_an_aggregator_passes_on_the_voice_that_it_links_to(world: Judged) -> None:
    world.say("c1", "the-lantern", hours(0), document_id="d1")
    world.say("c1", "paper-mill", hours(1), document_id="d2", document={"links": ("d1",)})
    assert traced(world).origins["d2"] == ("source:the-lantern", False)


def test_a_wire_story_on_several_outlets_is_one_voice(world: Judged) -> None:
    world.say("c1", "the-lantern", hours(0), document_id="d1", document={"text": LONG})
    world.say("c1", "courier", hours(2), document_id="d2", document={"text": "From our wires. " + LONG})
    world.say("c1", "daily-quill", hours(3), document_id="d3",
              document={"text": LONG + " Read more on our page."})
    claim_trace = traced(world)
    assert claim_trace.origins == {
        "d1": ("source:the-lantern", True), "d2": ("source:the-lantern", False),
        "d3": ("source:the-lantern", False)
    }
    assert {e for e in claim_trace.edges if e[3] == "near_duplicate"} >= {
        ("d2", "d1", None, "near_duplicate"),
        ("d3", "d1", None, "near_duplicate"),
    }


def test_who_says_it_again_passes_nobody_on(world: Judged) -> None:
    world.say("c1", "the-lantern", hours(0), document_id="d1", document={"text": LONG})
    world.say("c1", "the-lantern", hours(2), document_id="d2", document={"text": LONG + " Read more."})
    assert traced(world).voices == {"source:the-lantern"}
    assert world.ask("SELECT reason FROM store.origins ORDER BY mention_id") == [
        ("The Lantern says so itself; no earlier voice is found.",),
        ("The Lantern had said so before.",),
    ]


def test_copies_of_unknown_time_are_one_voice_without_a_direction(world: Judged) -> None:
    world.say("c1", "the-lantern", None, document_id="d1", document={"text": LONG})
    world.say("c1", "courier", hours(2), document_id="d2", document={"text": LONG})
    claim_trace = traced(world)
    assert len(claim_trace.voices) == 1
    assert claim_trace.edges == set()
    rows = world.ask("SELECT DISTINCT origin_document_id, reason FROM store.origins")
    assert all(origin is None and "not known" in reason for origin, reason in rows)


def test_copies_of_the_same_day_have_no_direction(world: Judged) -> None:
    midnight = hours(0).replace(hour=0)
    world.say("c1", "the-lantern", midnight, document_id="d1",
              document={"text": LONG, "precision": Precision.DAY})
    world.say("c1", "courier", hours(2), document_id="d2", document={"text": LONG})
    claim_trace = traced(world)
    assert claim_trace.edges == set()
    assert len(claim_trace.voices) == 1


def test_publishers_of_one_organisation_are_one_voice(world: Judged) -> None:
    for name in ("North Post", "South Post"):
        source = world.source(name, Role.PRESS, "post-group")
        world.say("c1", source, hours(0))
    assert traced(world).voices == {"organisation:post group"}


def test_the_subjects_officials_are_one_first_party_voice(world: Judged) -> None:
    official = {"role": Role.FIRST_PARTY, "organisation": "aurel", "negated": True}
    world.say("c1", "the-lantern", hours(0), document_id="d1", speaker="Vera Holt",
              **(official | {"organisation": "Aurel"}))
    world.say("c1", "courier", hours(1), document_id="d2", speaker="Abel Stone", **official)
    world.say("c1", "aurel-blog", hours(2), document_id="d3", negated=True)
    claim_trace = traced(world)
    assert claim_trace.voices == {"organisation:aurel"}
    assert claim_trace.origins["d3"][1] and not claim_trace.origins["d1"][1]


def test_two_outlets_that_quote_one_person_are_one_voice(world: Judged) -> None:
    world.say("c1", "the-lantern", hours(0), document_id="d1", speaker="Ines Moor")
    world.say("c1", "courier", hours(1), document_id="d2", speaker="Moor")
    claim_trace = traced(world)
    assert claim_trace.origins == {"d1": ("speaker:ines moor", True), "d2": ("speaker:ines moor", False)}
    # Only the same name is the same speaker for sure.
    assert ("d2", "d1", None, "same_speaker") not in claim_trace.edges


def test_a_quoted_person_and_their_own_account_are_one_voice(world: Judged) -> None:
    world.say("c1", "the-lantern", hours(1), document_id="d1", speaker="Jo Fern")
    world.say("c1", "x:jo-fern", hours(0), document_id="d2")
    claim_trace = traced(world)
    assert claim_trace.origins == {"d1": ("source:x:jo-fern", False), "d2": ("source:x:jo-fern", True)}
    assert ("d1", "d2", None, "same_speaker") in claim_trace.edges


def test_an_account_speaks_under_its_persons_name(world: Judged) -> None:
    # The language model knows whose account it is; the outlet knows the person by the same name.
    world.say("c1", "x:mira", hours(0), document_id="d1", speaker="Mira Quell", by_author=True)
    world.say("c1", "courier", hours(1), document_id="d2", speaker="Mira Quell")
    assert traced(world).origins == {"d1": ("source:x:mira", True), "d2": ("source:x:mira", False)}


def test_an_officials_account_speaks_for_the_organisation(world: Judged) -> None:
    world.say("c1", "x:mira", hours(0), document_id="d1", speaker="Mira Quell", by_author=True,
              organisation="Aurel")
    world.say("c1", "aurel-blog", hours(1), document_id="d2")
    assert traced(world).voices == {"organisation:aurel"}


def test_a_headline_and_the_person_quoted_under_it_are_one_voice(world: Judged) -> None:
    world.document("d1", "the-lantern", hours(0))
    world.mention("c1", "d1", part=Part.TITLE, start=0, mention_id="a")
    world.mention("c1", "d1", speaker="Ines Moor", mention_id="b")
    assert traced(world).voices == {"speaker:ines moor"}


def test_unattributed_rumour_is_no_voice_however_often_it_is_told(world: Judged) -> None:
    for number, source in enumerate(("the-lantern", "courier", "daily-quill")):
        world.say("c1", source, hours(number), **REPORTED)
    assert set(traced(world).origins.values()) == {("hearsay", False)}


def test_a_named_origin_that_is_not_stored_is_one_voice_for_all_who_name_it(world: Judged) -> None:
    world.say("c1", "courier", hours(0), document_id="d1", attributed_to="The Harbour Times", **REPORTED)
    world.say("c1", "daily-quill", hours(1), document_id="d2", attributed_to="Harbour Times", **REPORTED)
    claim_trace = traced(world)
    assert set(claim_trace.origins.values()) == {("unstored:harbour times", False)}
    assert ("d1", None, "The Harbour Times", "attribution") in claim_trace.edges


def test_descriptions_of_one_unnamed_voice_are_one_voice(world: Judged) -> None:
    world.say("c1", "courier", hours(0), document_id="d1",
              attributed_to="a post on a foreign social site", **REPORTED)
    world.say("c1", "daily-quill", hours(1), document_id="d2",
              attributed_to="an anonymous post by a former employee", **REPORTED)
    assert set(traced(world).origins.values()) == {("unstored:a post on a foreign social site", False)}


def test_a_voice_that_only_the_sentence_names_is_found(world: Judged) -> None:
    quotes = ("According to a post on a foreign social site, it is so.",
              "A post on a foreign site claims that it is so.", "Rumour says it is so.")
    world.say("c1", "courier", hours(0), document_id="d1", speaker=None, quote=quotes[0])
    world.say("c1", "daily-quill", hours(1), document_id="d2", speaker=None, quote=quotes[1])
    world.say("c1", "tin-gazette", hours(2), document_id="d3", speaker="Rumour", quote=quotes[2])
    world.say("c1", "the-lantern", hours(3), document_id="d4")
    world.say("c1", "x:mira", hours(4), document_id="d5", speaker=None,
              quote="The Lantern writes that it is so.")
    described = ("unstored:a post on a foreign social site", False)
    traced_origins = traced(world).origins
    assert (traced_origins["d1"], traced_origins["d2"], traced_origins["d3"],
            traced_origins["d5"]) == (described, described, ("hearsay", False), ("source:the-lantern", False))


def test_who_asks_asks_for_themselves_and_is_nobodys_origin(world: Judged) -> None:
    world.say("c1", "courier", hours(0), document_id="d1")
    world.say("c1", "x:mira", hours(1), document_id="d2", certainty=Certainty.QUESTIONED,
              document={"links": ("d1",)})
    world.say("c1", "x:jo-fern", hours(2), document_id="d3", document={"reply_to": "d2"})
    assert traced(world).origins == {"d1": ("source:courier", True), "d2": ("source:x:mira", True),
                              "d3": ("source:x:jo-fern", True)}


def test_a_description_is_the_post_that_another_outlet_points_to(world: Judged) -> None:
    world.say("c1", "x:mira", hours(0), document_id="post")
    world.say("c1", "courier", hours(1), document_id="d1",
              attributed_to="a post on a social site", **REPORTED)
    world.say("c1", "daily-quill", hours(2), document_id="d2", attributed_to="one user's post",
              document={"links": ("post",)}, **REPORTED)
    assert traced(world).voices == {"source:x:mira"}


def test_according_to_a_stored_outlet_leads_to_its_document(world: Judged) -> None:
    world.say("c1", "the-lantern", hours(0), document_id="d1")
    world.say("c1", "courier", hours(1), document_id="d2",
              document={"text": "This was first reported by The Lantern on Monday."})
    claim_trace = traced(world)
    assert claim_trace.origins["d2"] == ("source:the-lantern", False)
    assert ("d2", "d1", None, "attribution") in claim_trace.edges
    words = world.ask("SELECT words FROM store.edges WHERE kind = 'attribution'")
    assert words == [("first reported by The Lantern",)]


def test_an_outlets_own_unnamed_sources_are_its_own_voice(world: Judged) -> None:
    world.say("c1", "the-lantern", hours(0), document_id="d1",
              attributed_to="people familiar with the matter")
    world.say("c1", "x:mira", hours(1), document_id="d2", speaker=None,
              attributed_to="people familiar with the matter")
    assert traced(world).origins == {"d1": ("source:the-lantern", True), "d2": ("hearsay", False)}


def test_a_denial_that_answers_a_rumour_is_the_deniers_own_voice(world: Judged) -> None:
    world.say("c1", "x:mira", hours(0), document_id="d1")
    world.say("c1", "x:jo-fern", hours(1), document_id="d2", negated=True, document={"reply_to": "d1"})
    assert traced(world).origins["d2"] == ("source:x:jo-fern", True)


def test_a_repost_of_a_repost_leads_to_the_first(world: Judged) -> None:
    world.say("c1", "x:mira", hours(0), document_id="d1")
    world.document("middle", "x:jo-fern", hours(1), links=("d1",), link_kind=LinkKind.REPOST)
    world.say("c1", "courier", hours(2), document_id="d3",
              document={"links": ("middle",), "link_kind": LinkKind.QUOTE})
    assert traced(world).origins["d3"] == ("source:x:mira", False)


def test_a_link_for_background_gives_no_origin(world: Judged) -> None:
    world.document("handbook", "daily-quill", hours(0))
    world.say("c1", "courier", hours(1), document_id="d1", document={"links": ("handbook",)})
    assert traced(world).origins == {"d1": ("source:courier", True)}


def test_a_test_of_ones_own_stays_ones_own_beside_a_link(world: Judged) -> None:
    world.say("c1", "aurel-blog", hours(0), document_id="d1")
    world.say("c1", "x:mira", hours(1), document_id="d2", quote="I ran Aster 4 and got the same",
              document={"links": ("d1",)})
    assert traced(world).origins == {"d1": ("organisation:aurel", True), "d2": ("source:x:mira", True)}


def test_documents_that_point_at_each_other_do_not_hang(world: Judged) -> None:
    for document, target in (("d1", "d2"), ("d2", "d3"), ("d3", "d1")):
        world.say("c1", "x:mira", None, document_id=document, document={"links": (target,)})
    assert traced(world).voices == {"source:x:mira"}


def test_nothing_follows_what_is_younger(world: Judged) -> None:
    world.say("c1", "courier", hours(0), document_id="d1", document={"links": ("d2",)})
    world.say("c1", "the-lantern", hours(5), document_id="d2")
    claim_trace = traced(world)
    assert claim_trace.origins["d1"] == ("source:courier", True)
    assert claim_trace.edges == set()


# --- night after night ------------------------------------------------------------------------------------


def test_a_second_run_does_nothing(world: Judged) -> None:
    world.say("c1", "x:mira", hours(0), document_id="d1")
    world.say("c1", "courier", hours(1), document_id="d2", document={"links": ("d1",)})
    assert trace(world.store, world.first).done == 2
    content_before = _content(world.store)
    counts = trace(world.store, replace(world.first, run_id="later"))
    assert (counts.inputs, counts.detail["claims"]) == (0, 0)
    assert _content(world.store) == content_before


def test_an_origin_that_arrives_late_meets_the_copies_that_came_first(world: Judged) -> None:
    world.say("c1", "courier", hours(2), document_id="link", document={"links": ("origin",)})
    world.say("c1", "daily-quill", hours(3), document_id="copy", document={"text": LONG})
    world.say("c1", "tin-gazette", hours(4), document_id="named", attributed_to="The Lantern", **REPORTED)
    assert traced(world).origins["named"] == ("unstored:lantern", False)
    world.say("c1", "the-lantern", hours(0), document_id="origin", document={"text": LONG})
    claim_trace = traced(world, "later")
    assert claim_trace.voices == {"source:the-lantern"}
    assert claim_trace.edges == {
        ("link", "origin", None, "link"), ("copy", "origin", None, "near_duplicate"),
        ("named", "origin", None, "attribution")
    }


def test_an_origin_outside_the_claim_that_arrives_late_reaches_it(world: Judged) -> None:
    world.document("middle", "daily-quill", hours(1), links=("origin",), link_kind=LinkKind.REPOST)
    world.say("c1", "courier", hours(2), document_id="d1",
              document={"links": ("middle",), "link_kind": LinkKind.REPOST})
    assert traced(world).origins["d1"] == ("source:daily-quill", False)
    world.say("c1", "the-lantern", hours(0), document_id="origin")
    assert traced(world, "later").origins["d1"] == ("source:the-lantern", False)


def test_a_member_that_moves_takes_its_origin_along(world: Judged) -> None:
    world.say("c1", "x:mira", hours(0), document_id="d1")
    world.say("c1", "courier", hours(1), document_id="d2", document={"links": ("d1",)})
    traced(world)
    world.claim("c2")
    world.ask("UPDATE store.members SET claim_id = 'c2' WHERE mention_id LIKE 'm-d1%'")
    traced(world, "later")
    rows = world.ask("SELECT claim_id, voice FROM store.origins ORDER BY claim_id")
    assert rows == [("c1", "source:courier"), ("c2", "source:x:mira")]


def test_an_edited_text_is_compared_anew(world: Judged) -> None:
    world.say("c1", "the-lantern", hours(0), document_id="d1", document={"text": LONG})
    world.say("c1", "courier", hours(1), document_id="d2", document={"text": "Nothing here yet."})
    assert len(traced(world).voices) == 2
    world.version("d2", 2, LONG, hours(9))
    assert traced(world, "later").voices == {"source:the-lantern"}


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(6)), nights=st.lists(st.booleans(), min_size=6, max_size=6))
def test_it_comes_out_the_same_in_whatever_order_documents_are_collected(run: RunContext, order: list[int],
                                                                         nights: list[bool]) -> None:
    def collected(order: list[int], nights: list[bool]) -> object:
        store = EmptyStore()
        world = World(store)
        for name in ("A Post", "B Post", "C Post", "D Post", "E Post", "F Post"):
            world.source(name)
        world.claim("c1")
        rows: list[dict[str, object]] = [
            {"source": "a-post", "at": hours(0), "document": {"text": LONG}},
            {"source": "b-post", "at": hours(1), "document": {"links": ("t0",)}},
            {"source": "c-post", "at": hours(2), "document": {"text": LONG + " More."}},
            {"source": "d-post", "at": None, "document": {"text": LONG + " Less."}},
            {"source": "f-post", "at": hours(4), "document": {
                "text": "Letters say “three engineers who left the company in spring say in letters” it."
            }},
            {"source": "e-post", "at": hours(3), "speaker": None, "attributed_to": "A Post",
             "certainty": Certainty.REPORTED},
        ]
        for position, number in enumerate(order):
            world.say("c1", document_id=f"t{number}", **rows[number])  # type: ignore[arg-type]
            if nights[position]:
                trace(store, run)
        trace(store, run)
        content = _content(store)
        store.close()
        return content

    assert collected(order, nights) == collected(list(range(6)), [False] * 6)


def _content(store: Store) -> tuple[list[tuple[object, ...]], ...]:
    return tuple(
        store.connection.execute(query).fetchall()
        for query in (
            "SELECT * FROM store.origins ORDER BY ALL",
            "SELECT * EXCLUDE (run_id) FROM store.edges ORDER BY ALL",
            "SELECT document_id FROM store.traced ORDER BY ALL",
        )
    )


# --- near-duplicates --------------------------------------------------------------------------------------


def test_short_texts_are_never_near_duplicates() -> None:
    assert shingles("Aster 4 is out now and it is good") == set()
    assert sign("d", "v", None, "Aster 4 is out now").bands == []


def test_a_cut_story_is_found_and_another_story_is_not(world: Judged) -> None:
    other_text = " ".join(f"word{number}" for number in range(60))
    half = " ".join(LONG.split()[: len(LONG.split()) * 2 // 3])
    for document, text in (("full", LONG), ("cut", half), ("other", other_text)):
        world.document(document, "the-lantern", hours(0), text)
    traced(world)
    pairs = world.ask("SELECT document_id, other_id FROM store.copies")
    assert pairs == [("cut", "full")]


@pytest.mark.parametrize(
    ("first", "second", "after"),
    [((0, "second"), (1, "second"), False), ((30, "second"), (0, "day"), True),
     ((20, "second"), (0, "day"), False)],
)
def test_a_time_is_later_only_beyond_its_rounding(first: tuple[int, str], second: tuple[int, str],
                                                  after: bool) -> None:
    from pipeline.stages.trace.model import Post

    def post(hour: float, precision: str) -> Post:
        dated_at: datetime = hours(hour)
        return Post(
            "d", "news", "s", "S", Role.PRESS, None, None, None, dated_at, Precision(precision), False
        )

    assert post(*first).certainly_after(post(*second)) is after
