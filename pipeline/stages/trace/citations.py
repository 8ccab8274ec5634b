"""The documents on a claim by the names of their publishers, as other documents cite them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from pipeline.core.vocabulary import VoiceKey
from pipeline.stages.trace.earliest import Earliest
from pipeline.stages.trace.model import Post
from pipeline.text.names import name_key

SHORTEST = 3  # letters of a name that is looked for in words


class Citations:
    """Finds the document that words cite: the earliest of a publisher of that name.

    A publisher does not cite itself, and nobody what is surely younger.
    """

    def __init__(self, posts: Iterable[Post]) -> None:
        self._posts = list(posts)
        self._named: dict[VoiceKey | None, dict[str, Earliest]] = {}

    def in_words(self, words: str, post: Post) -> Post | None:
        """Return the document that `post` cites by a name anywhere in `words`."""
        told = name_key(words).split()
        return self._earliest((" ".join(told[begin : begin + length]) for begin in range(len(told))
                               for length in range(1, min(self._longest, len(told) - begin) + 1)), post)

    def opening(self, words: str, post: Post) -> Post | None:
        """Return the document that `post` cites by a name with which `words` begin."""
        told = name_key(words).split()
        return self._earliest((" ".join(told[:length]) for length in range(1, self._longest + 1)), post)

    def agencys_own(self, post: Post) -> Post | None:
        """Return the agency's own document that its story in `post` may be."""
        own = self._agencies.get(post.group)
        return own.before(post) if own else None

    def _earliest(self, names: Iterable[str], post: Post) -> Post | None:
        # It has the story from the agency, not from others that print it too.
        named = self._index(post.group if post.wire else None)
        cited = (named[name].before(post) for name in set(names) if name in named)
        return min(filter(None, cited), key=lambda other: other.order, default=None)

    def _index(self, without: VoiceKey | None) -> dict[str, Earliest]:
        """Return the documents by name, without what others print of an agency."""
        if without not in self._named:
            posts: defaultdict[str, list[Post]] = defaultdict(list)
            for post in self._posts:
                for name in () if post.wire and post.group == without else _keys(post):
                    posts[name].append(post)
            self._named[without] = {name: Earliest(some, kin=lambda post: post.source_id)
                                    for name, some in posts.items()}
        return self._named[without]

    @cached_property
    def _longest(self) -> int:
        """Return of how many words the longest name is."""
        return max((name.count(" ") + 1 for post in self._posts for name in _keys(post)), default=0)

    @cached_property
    def _agencies(self) -> dict[VoiceKey | None, Earliest]:
        posts: defaultdict[VoiceKey | None, list[Post]] = defaultdict(list)
        for post in self._posts:
            if not post.wire:
                posts[post.group].append(post)
        return {group: Earliest(some, kin=lambda post: post.document_id) for group, some in posts.items()}


def _keys(post: Post) -> Iterator[str]:
    return (key for key in {name_key(name) for name in post.names} if len(key) >= SHORTEST)
