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

    A publisher does not cite itself, and nobody cites what is surely younger.
    """

    def __init__(self, posts: Iterable[Post]) -> None:
        self._posts = list(posts)
        self._named: dict[VoiceKey | None, dict[str, Earliest]] = {}

    def in_words(self, words: str, post: Post) -> Post | None:
        """Return the document that `post` cites by a name anywhere in `words`."""
        tokens = name_key(words).split()
        return self._earliest((" ".join(tokens[begin : begin + length]) for begin in range(len(tokens))
                               for length in range(1, min(self._longest, len(tokens) - begin) + 1)), post)

    def opening(self, words: str, post: Post) -> Post | None:
        """Return the document that `post` cites by a name with which `words` begin."""
        tokens = name_key(words).split()
        return self._earliest((" ".join(tokens[:length]) for length in range(1, self._longest + 1)), post)

    def agencys_own(self, post: Post) -> Post | None:
        """Return the agency's own document that its story in `post` may be."""
        agency_posts = self._agencies.get(post.group)
        return agency_posts.before(post) if agency_posts else None

    def _earliest(self, names: Iterable[str], post: Post) -> Post | None:
        # A publisher has the story from the agency, not from others that print it too.
        by_name = self._index(post.group if post.wire else None)
        cited = (by_name[name].before(post) for name in set(names) if name in by_name)
        return min(filter(None, cited), key=lambda candidate: candidate.order, default=None)

    def _index(self, agency: VoiceKey | None) -> dict[str, Earliest]:
        """Return the documents by name, without what others print of an agency."""
        if agency not in self._named:
            posts: defaultdict[str, list[Post]] = defaultdict(list)
            for post in self._posts:
                for name in () if post.wire and post.group == agency else _keys(post):
                    posts[name].append(post)
            self._named[agency] = {name: Earliest(named_posts, kin=lambda post: post.source_id)
                                   for name, named_posts in posts.items()}
        return self._named[agency]

    @cached_property
    def _longest(self) -> int:
        """Return the number of words in the longest name."""
        return max((name.count(" ") + 1 for post in self._posts for name in _keys(post)), default=0)

    @cached_property
    def _agencies(self) -> dict[VoiceKey | None, Earliest]:
        posts: defaultdict[VoiceKey | None, list[Post]] = defaultdict(list)
        for post in self._posts:
            if not post.wire:
                posts[post.group].append(post)
        return {group: Earliest(posted, kin=lambda post: post.document_id) for group, posted in posts.items()}


def _keys(post: Post) -> Iterator[str]:
    return (key for key in {name_key(name) for name in post.names} if len(key) >= SHORTEST)
