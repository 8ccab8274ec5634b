"""The first of many documents that another one may have been taken from, found without going through them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from pipeline.stages.trace.model import Post

_SOMETIME = datetime.min.replace(tzinfo=UTC)


class Earliest:
    """Documents in an order of preference; those of one `kin` do not follow one another."""

    def __init__(self, posts: Iterable[Post], kin: Callable[[Post], str],
                 order: Callable[[Post], Any] = lambda post: post.order) -> None:
        by_time = sorted(posts, key=lambda post: post.begins or _SOMETIME)
        self._kin = kin
        self._begins = [post.begins or _SOMETIME for post in by_time]
        # After each post the two best so far, of two kins: one of them may be kin of the post asked for.
        self._best: list[list[Post]] = [[]]
        for post in by_time:
            best = {kin(other): other for other in sorted([*self._best[-1], post], key=order, reverse=True)}
            self._best.append(sorted(best.values(), key=order)[:2])

    def before(self, post: Post) -> Post | None:
        """Return the best that is no kin of `post` and not certainly after it."""
        earlier_count = len(self._begins) if post.ended is None else bisect_left(self._begins, post.ended)
        return next((best for best in self._best[earlier_count] if self._kin(best) != self._kin(post)), None)
