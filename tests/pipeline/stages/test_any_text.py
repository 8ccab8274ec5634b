"""No text breaks a stage's own reading of it: slots, candidates, features, quotations."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.claim_similarity import aspect_counts, stems
from models.founding.features import features
from models.language.wording import Stretch, stretch
from models.passage_context import passage_context
from models.protocols.founding import Candidate
from models.protocols.stance import StancePair
from models.stance.features import features as stance_features
from models.stance.rules import opinion
from pipeline.core.vocabulary import (
    HEARSAY,
    Certainty,
    EdgeKind,
    Kind,
    Part,
    Precision,
    Role,
    VoiceKey,
    VoiceKind,
)
from pipeline.stages.gather.attach import Passage, Speech, speech_in
from pipeline.stages.gather.candidates import name_keys
from pipeline.stages.gather.slots_agree import differs
from pipeline.stages.trace import stage as trace_stage
from pipeline.stages.trace.credits import credits_of
from pipeline.stages.trace.model import Post, Statement, Way
from pipeline.stages.trace.near_duplicates import sign
from pipeline.stages.trace.quotations import Wordings, find_quotations, overlap, quoted
from pipeline.stages.trace.reach import find_reach
from pipeline.text.attribution import cited, first_hand, is_speaker, naming, own_use, told_by
from pipeline.text.slots import Slots, conflict
from tests.hostile.texts import TEXTS
from tests.worlds.builder import START, hours

pytestmark = pytest.mark.slow  # many examples

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
NUMBERS = st.lists(TEXTS, max_size=3).map(tuple)
NAMES = st.lists(TEXTS, max_size=3).map(tuple)
WHEN = st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SLOTS = st.builds(Slots, TEXTS, st.sampled_from(Kind), NAMES, NAMES, NUMBERS, WHEN,
                  st.sampled_from(Precision))


@SLOW
@given(SLOTS, SLOTS, NAMES, TEXTS)
def test_any_slots_are_compared(one: Slots, other: Slots, inherited: tuple[str, ...], quote: str) -> None:
    conflict(one, other)
    differs(one, other.entities, inherited, other.numbers, quote, against=False)
    name_keys((*one.entities, *inherited))


@SLOW
@given(TEXTS, TEXTS, NAMES, st.lists(st.tuples(st.integers(0, 80), st.integers(1, 80)), max_size=4))
def test_any_sentence_has_features_and_a_speaker(claim: str, quote: str, names: tuple[str, ...],
                                                 places: list[tuple[int, int]]) -> None:
    passage_context(claim, quote, quote)
    features(Candidate(claim, quote, None, "text", "other", False, "asserted", names),
             Stretch(quote, quote, "whole", "whole"))
    stretch(claim, quote)
    stance_features(claim, quote)
    opinion(StancePair(claim, quote, None, claim, False, "asserted", None, ()))
    aspect_counts([claim, quote])
    list(stems(quote))
    passage = Passage("p", "v", "d", Part.TEXT, 5, 5 + len(quote), names, (), (), (), None, None, "en", None,
                      START, None, quote, None, None, None, Role.COMMUNITY)
    speech_in(passage, claim, [Speech("v", Part.TEXT, start, start + length, "anonymous", None, None, None,
                                      None, Certainty.REPORTED) for start, length in places])


@SLOW
@given(st.lists(st.tuples(TEXTS, st.none() | st.integers(0, 9)), min_size=1, max_size=4))
def test_any_texts_are_traced(posts: list[tuple[str, int | None]]) -> None:
    texts = {f"d{number}": [text, f"> {text}", f"“{text}”"] for number, (text, _) in enumerate(posts)}
    known_posts = {f"d{number}": Post(f"d{number}", "news", "s", "S", Role.PRESS, None, None, None,
                                      None if hour is None else hours(hour), Precision.SECOND, False)
                   for number, (_, hour) in enumerate(posts)}
    find_quotations(Wordings(texts), known_posts, known_posts.keys())
    for text, _ in posts:
        quoted(text)
        overlap(text, posts[0][0])
        sign("d", "v", text, text)
        for phrase in (naming, cited, told_by, is_speaker, first_hand, own_use):
            phrase(text)


DOCUMENTS = 5
PLACES = st.integers(0, DOCUMENTS - 1).map("d{}".format)
POSTS = st.builds(
    Post, st.just(""), st.sampled_from(["news", "reddit", "blog"]), st.sampled_from(["s", "t", "x:wren"]),
    TEXTS, st.sampled_from(Role), st.none() | TEXTS, st.none() | TEXTS, st.none() | TEXTS,
    st.none() | st.integers(0, 9).map(hours), st.sampled_from(Precision), st.booleans(),
    st.none() | st.just(VoiceKey.of(VoiceKind.HOUSE, "house")), st.none() | TEXTS, st.none() | TEXTS,
)  # fmt: skip
STATEMENTS = st.builds(
    Statement, st.just("c"), st.just(""), PLACES, st.sampled_from(Part), st.integers(0, 9), TEXTS,
    st.booleans(), st.sampled_from(Certainty), st.none() | TEXTS, st.sampled_from(Role), st.none() | TEXTS,
    st.booleans(), st.none() | TEXTS, NAMES,
)  # fmt: skip
WAYS = st.builds(Way, PLACES, PLACES, st.sampled_from(EdgeKind), st.none() | TEXTS)
THREADS = st.tuples(
    st.lists(POSTS, min_size=DOCUMENTS, max_size=DOCUMENTS), st.lists(STATEMENTS, min_size=1, max_size=6),
    st.lists(WAYS, max_size=9), st.lists(TEXTS, min_size=DOCUMENTS, max_size=DOCUMENTS),
)  # fmt: skip


@settings(SLOW, max_examples=30)
@given(THREADS)
def test_any_thread_is_traced(
    thread: tuple[list[Post], list[Statement], list[Way], list[str]]
) -> None:
    """Documents that answer, repost and quote one another in any way, themselves and in circles too."""
    drawn_posts, drawn_statements, pointed, texts = thread
    posts = {f"d{n}": replace(post, document_id=f"d{n}") for n, post in enumerate(drawn_posts)}
    statements = [replace(statement, mention_id=f"m{n}") for n, statement in enumerate(drawn_statements)]
    documents_of = {"c": [statement.document_id for statement in statements]}
    reach = find_reach(documents_of, lambda some: [way for way in pointed if way.document_id in some])["c"]
    wordings = Wordings({f"d{n}": [text, f"> {texts[n - 1]}\n{text}"] for n, text in enumerate(texts)})
    phrases = {f"d{n}": [f"according to {text}"] for n, text in enumerate(texts)}
    credits = credits_of({f"d{n}": f"According to A {text}, so it is" for n, text in enumerate(texts)},
                         [(f"d{n}", 0, text) for n, text in enumerate(texts)])
    origins, edges, _ = trace_stage._follow(
        statements, reach, posts, wordings, phrases, credits, {}, "run")
    assert [origin.mention_id for origin in origins] == sorted(one.mention_id for one in statements)
    for origin in origins:
        assert origin.origin_document_id is None or origin.origin_document_id in posts
        assert not (origin.independent and origin.voice == HEARSAY)
    assert all(edge.document_id in posts for edge in edges)
