"""Which words tell of users' own use, and whose voice that is."""

from __future__ import annotations

import pytest

from pipeline.core.context import RunContext
from pipeline.core.vocabulary import Platform, Role
from pipeline.stages.trace.stage import trace
from pipeline.store.store import Store
from pipeline.text.attribution import own_use
from tests.worlds.builder import World, hours


@pytest.mark.parametrize(
    "quote",
    [
        "Many users report that Aster 4 stalls on long files.",
        "Several commenters highlight issues with Aster 4, noting that it rewrites files.",
        "Some share their experiences with Aster 4, which rewrites files.",
    ],
)
def test_users_tell_of_their_own_use(quote: str) -> None:
    assert own_use(quote)


@pytest.mark.parametrize(
    "quote",
    [
        "Users claim that Aster 4 stalls.",
        "Many think Aster 4 is slow.",
        "Some predict that Aster 4 will stall.",
        "The report says that Aster 4 stalls.",
    ],
)
def test_opinion_and_guessing_are_no_use(quote: str) -> None:
    assert not own_use(quote)


def test_many_texts_that_tell_of_users_are_one_voice_and_an_aggregator_s_is_none(
    store: Store, run: RunContext
) -> None:
    world = World(store)
    for name in ("mira", "Jo Fern"):
        world.source(name, Role.COMMUNITY, platform=Platform.X)
    world.source("Paper Mill", Role.AGGREGATOR)
    world.claim("c1")
    words = "Many users report that Aster 4 stalls on long files"
    users = {"speaker": None, "role": Role.COMMUNITY}
    world.say("c1", "x:mira", hours(0), document_id="d1", quote=words, **users)
    world.say("c1", "x:jo-fern", hours(1), document_id="d2", quote=words.replace("Many", "Several"), **users)
    world.say("c1", "paper-mill", hours(2), document_id="d3", quote=words.replace("Many", "Some"), **users)
    trace(store, run)
    voices = dict(
        store.connection.execute(
            "SELECT m.document_id, o.voice FROM store.origins AS o "
            "JOIN store.mentions AS m USING (mention_id)"
        ).fetchall()
    )
    assert voices["d1"] == voices["d2"] == "users"
    assert voices["d3"] != "users"
