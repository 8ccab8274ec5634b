"""The earliest possible origin of a document, compared with a search through all documents."""

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
            eligible = [rival for rival in posts
                        if rival.source_id != post.source_id and not rival.certainly_after(post)]
            assert earliest.before(post) == first(eligible)


def test_words_cite_the_earliest_document_of_a_publisher_that_they_name() -> None:
    cited = 0
    for seed in range(THREADS):
        posts = list(random_thread(seed, most=12).posts.values())
        citations = Citations(posts)
        for post in posts:
            may_be = [rival for rival in posts
                      if rival.source_id != post.source_id and not rival.certainly_after(post)
                      and not (post.wire and rival.wire and rival.group == post.group)]
            for words in filter(None, (*BEHIND, *CITED, "courier and The Lantern said so")):
                named_posts = [
                    rival for rival in may_be if any(names_it(words, name) for name in rival.names)
                ]
                opening_posts = [
                    rival for rival in may_be if any(begins_with(words, name) for name in rival.names)
                ]
                assert citations.in_words(words, post) == first(named_posts)
                assert citations.opening(words, post) == first(opening_posts)
                cited += bool(named_posts) + bool(opening_posts)
            group_posts = [rival for rival in posts if rival.group == post.group and not rival.wire
                           and not rival.certainly_after(post) and rival.document_id != post.document_id]
            assert not post.wire or citations.agencys_own(post) == first(group_posts)
    assert cited > THREADS
