"""The first document that another may have been taken from, beside a search through all of them."""

from __future__ import annotations

from pipeline.stages.trace.citations import Citations
from pipeline.stages.trace.earliest import Earliest
from pipeline.stages.trace.model import Post
from pipeline.text.names import begins_with, names_it
from tests.worlds.threads import BEHIND, CITED, random_thread

THREADS = 400


def first(posts: list[Post]) -> Post | None:
    return min(posts, key=lambda post: post.order, default=None)


def test_it_is_the_first_of_another_kin_that_is_not_certainly_younger() -> None:
    for seed in range(THREADS):
        posts = list(random_thread(seed, most=12).posts.values())
        earliest = Earliest(posts, kin=lambda post: post.source_id)
        for post in posts:
            others = [other for other in posts
                      if other.source_id != post.source_id and not other.certainly_after(post)]
            assert earliest.before(post) == first(others)


def test_words_cite_the_earliest_document_of_a_publisher_that_they_name() -> None:
    cited = 0
    for seed in range(THREADS):
        posts = list(random_thread(seed, most=12).posts.values())
        citations = Citations(posts)
        for post in posts:
            may_be = [other for other in posts
                      if other.source_id != post.source_id and not other.certainly_after(post)
                      and not (post.wire and other.wire and other.group == post.group)]
            for words in filter(None, (*BEHIND, *CITED, "courier and The Lantern said so")):
                named = [other for other in may_be if any(names_it(words, name) for name in other.names)]
                begun = [other for other in may_be if any(begins_with(words, name) for name in other.names)]
                assert citations.in_words(words, post) == first(named)
                assert citations.opening(words, post) == first(begun)
                cited += bool(named) + bool(begun)
            own = [other for other in posts if other.group == post.group and not other.wire
                   and not other.certainly_after(post) and other.document_id != post.document_id]
            assert not post.wire or citations.agencys_own(post) == first(own)
    assert cited > THREADS
