"""The protocol of a model that reads whole threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from models.protocols.stance import StanceModel

THREAD_STANCES = ("support", "deny", "query", "comment")
VERACITIES = ("true", "false", "unverified")
"""A post's stances toward the first one, and what that one's claim can turn out to be (RumourEval 2017)."""


@dataclass(frozen=True, slots=True)
class ThreadPost:
    """One post of a thread; `in_reply_to` is the id of the post that it answers, `time` is in Unix seconds.
    """

    id: str
    in_reply_to: str | None
    time: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A post that makes a claim and what was answered to it, in any order; there is at least one post."""

    posts: tuple[ThreadPost, ...]


@dataclass(frozen=True, slots=True)
class ThreadOpinion:
    """Each post's stance ("support", "deny", "query", "comment") and the claim's veracity ("true", "false",
    "unverified").
    """

    stances: tuple[str, ...]
    veracity: str


class ThreadModel(Protocol):
    """Reads whole threads."""

    def judge(self, thread: Thread, stance: StanceModel) -> ThreadOpinion:
        """Return the opinion on a thread, its posts' stances in the thread's order; `stance` reads each
        toward the first.
        """
