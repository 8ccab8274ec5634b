"""Features of posts in a thread: plain patterns over English, none of them a word of any topic."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, log1p

import numpy as np
from numpy.typing import NDArray

from models.protocols.stance import STANCE_LABELS
from models.protocols.threads import Thread, ThreadPost
from models.stance.cues import ADMISSION, DENIAL, DOUBT, HEARSAY, NEGATION

DEEP = 50  # steps followed from a post to its source; a circle of answers has no end

_LINK = re.compile(r"https?://\S+|\bt\.co/\S+", re.I)
_HANDLE = re.compile(r"@\w+")
_WORD = re.compile(r"[a-z][a-z'’]+|\d+")


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.I)


# Each feature is one pattern; a post has it (1) or not (0).
PATTERNS: dict[str, re.Pattern[str]] = {
    "asks": re.compile(r"\?"), "ends_asking": re.compile(r"\?[\"'”’)\s]*$"),
    "opens_asking": re.compile(
        r"^\W*(?:who|what|when|where|why|how|which|is|are|was|were|did|do|does|has|have|can|could|any)\b",
        re.I,
    ),
    "wants_proof": _words(
        r"sources?|proof|evidence|link|verif\w+|confirm(?:ed|ation)?|credible|official|legit|for real|really"
        r"|says who"
        r"|(?:is|are|was) (?:this|that|it|these|they) (?:true|real|legit|confirmed)|how do (?:you|we"
        r"|they) know"
    ),
    "denial": DENIAL, "doubt": DOUBT, "hearsay": HEARSAY, "admission": ADMISSION, "negation": NEGATION,
    "no": re.compile(r"^\W*(?:no|nope|nah|wrong|false|not)\b", re.I),
    "false": _words(
        r"fake\w*|lies?|liars?|lying|bs|bullshit|bull|crap|wrong|false\w*|hoax\w*|photoshop\w*|untrue"
        r"|rumou?rs?|myth"
        r"|propaganda|spreading|stop|delete|mistak\w+|inaccurate|incorrect|misinform\w*|debunk\w*"
        r"|isn['’]?t true|not true"
    ),
    "agrees": _words(r"yes|yep|yeah|true|agreed?|exactly|indeed|correct|right|confirm\w*|of course|fact"),
    "contrasts": _words(r"but|however|actually|although|though|instead|rather|except"),
    "hopes": _words(
        r"hop(?:e|es|ing)|pray\w*|thoughts|rip|condolences|safe|sad|tragic|terrible|horrible|awful|omg|wow"
        r"|god|please"
        r"|thanks?|sorry"
    ),
    "laughs": re.compile(r"\b(?:lol|lmao|ha(?:ha)+|rofl)\b|[:;]-?[)D(P]|[\U0001f300-\U0001faff]", re.I),
    "swears": _words(r"fuck\w*|shit\w*|damn|hell|ass|idiots?|stupid|morons?|dumb|wtf|disgust\w+"),
    "breaking": _words(
        r"breaking|updates?|developing|just in|latest|live|now|report(?:s|ing|ed)?|witness\w*|officials?"
        r"|according|says?"
        r"|said|statement"
    ),
    "i": _words(r"i|i['’]m|i['’]ve|me|my|we|our|us"), "you": _words(r"you|your|you['’]re|u|ur"),
    "opinion": _words(
        r"think|believe|feel|guess|suppose|seems?|should|would|maybe|perhaps|probably|might|wonder"
    ),
    "shouts": re.compile(r"!"), "trails": re.compile(r"\.\.|…"), "link": _LINK,
    "quotes": re.compile(r"\bRT\b|\bvia\b|\bMT\b|[\"“”]"), "hashtag": re.compile(r"#\w"),
    "capitals": re.compile(r"\b[A-Z]{4,}\b"), "figure": re.compile(r"\b\d+"),
}


@dataclass(frozen=True, slots=True)
class Placed:
    """A post with its place in the thread: its number of steps from the source, and the post that it answers.
    """

    post: ThreadPost
    depth: int
    parent: ThreadPost | None


def place(thread: Thread) -> list[Placed]:
    """Return each post's place, in the thread's order.

    The source is the first post that answers none, else the first post. A post that answers none, or one that
    the thread does not have, answers the source.
    """
    source = source_of(thread)
    by_id = {post.id: post for post in thread.posts}
    placed = []
    for post in thread.posts:
        chain = [post]
        while chain[-1] is not source and len(chain) <= DEEP:
            chain.append(by_id.get(chain[-1].in_reply_to or "", source))
        placed.append(Placed(post, len(chain) - 1, chain[1] if len(chain) > 1 else None))
    return placed


def source_of(thread: Thread) -> ThreadPost:
    """Return the post that the thread begins with."""
    return next((post for post in thread.posts if post.in_reply_to is None), thread.posts[0])


POST_FEATURES = (
    *(f"says_{label}" for label in STANCE_LABELS),
    *PATTERNS,
    *(f"parent_{name}" for name in ("asks", "denial", "negation", "false", "link")),
    "words",
    "handles",
    "questions",
    "capital_share",
    "like_source",
    "like_parent",
    "new_words",
    "is_source",
    "answers_source",
    "depth",
    "answers",
    "hours",
    *(f"source_{name}" for name in ("asks", "hearsay", "breaking", "link")),
    "siblings_asking",
    "siblings_denying",
    "asks_briefly",
    "link_in_answer",
    "like_source_negated",
)


def post_features(thread: Thread, opinions: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
    """Return the features of each post, one row a post in the thread's order: shape (posts,
    len(POST_FEATURES)).
    """
    placed = place(thread)
    source = source_of(thread)
    bags = {post.id: words(post.text) for post in thread.posts}
    shown = {post.id: _shown(post.text) for post in thread.posts}
    answered = Counter(item.parent.id for item in placed if item.parent)
    times = [post.time for post in thread.posts if post.time is not None]
    start = source.time if source.time is not None else min(times, default=0.0)
    replies = [shown[item.post.id] for item in placed if item.depth]
    asking = sum(features["asks"] for features in replies) / max(1, len(replies))
    denying = sum(features["false"] or features["denial"] for features in replies) / max(1, len(replies))
    rows = []
    for item, opinion in zip(placed, opinions, strict=True):
        post, features = item.post, shown[item.post.id]
        of_parent = shown[item.parent.id] if item.parent else dict.fromkeys(PATTERNS, False)
        like_source = alike(bags[post.id], bags[source.id]) if item.depth else 0.0
        like_parent = alike(bags[post.id], bags[item.parent.id]) if item.parent else 0.0
        letters = [char for char in _plain(post.text) if char.isalpha()]
        count = len(_WORD.findall(_plain(post.text).lower()))
        rows.append([
            *(log(max(opinion[label], 1e-4)) for label in STANCE_LABELS),
            *(features[name] for name in PATTERNS),
            *(of_parent[name] for name in ("asks", "denial", "negation", "false", "link")), log1p(count),
            log1p(len(_HANDLE.findall(post.text))), log1p(post.text.count("?")),
            sum(char.isupper() for char in letters) / max(1, len(letters)), like_source, like_parent,
            log1p(len(bags[post.id] - bags[source.id])), item.depth == 0, item.depth == 1, log1p(item.depth),
            log1p(answered[post.id]),
            log1p(max(0.0, (post.time if post.time is not None else start) - start) / 3600),
            *(shown[source.id][name] and item.depth > 0 for name in ("asks", "hearsay", "breaking", "link")),
            asking, denying, features["asks"] and count <= 12, features["link"] and item.depth > 0,
            like_source * features["negation"],
        ])
    return np.asarray(rows, dtype=np.float64)


_SHOWN = (
    "asks", "hearsay", "doubt", "denial", "negation", "opinion", "breaking", "link", "quotes", "shouts",
    "capitals", "figure", "i", "trails",
)
_ANSWERED = ("false", "wants_proof", "agrees", "hopes", "laughs", "link", "negation", "opinion")
THREAD_FEATURES = (
    *(f"share_{name}" for name in ("support", "deny", "query", "comment")),
    *(f"most_{name}" for name in ("support", "deny", "query")),
    *(f"some_{name}" for name in ("support", "deny", "query")),
    "answers",
    "hours",
    "depth",
    *(f"source_{name}" for name in _SHOWN),
    "source_words",
    *(f"answers_{name}" for name in _ANSWERED),
)


def thread_features(
    thread: Thread, features: NDArray[np.float64], shares: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the features of a thread: shape (len(THREAD_FEATURES),).

    `features` are its `post_features`, `shares` the probabilities of support, deny, query and comment, one
    row a post.
    """
    column = {name: features[:, index] for index, name in enumerate(POST_FEATURES)}
    replies = column["is_source"] == 0
    source = int(np.argmax(column["is_source"]))
    answers = shares[replies] if replies.any() else np.zeros((1, shares.shape[1]))
    return np.asarray(
        [
            *answers.mean(axis=0),
            *answers[:, :3].max(axis=0),
            *np.log1p(answers[:, :3].sum(axis=0)),
            log1p(replies.sum()),
            column["hours"].max(),
            column["depth"].max(),
            *(column[name][source] for name in _SHOWN),
            column["words"][source],
            *(float(column[name][replies].mean()) if replies.any() else 0.0 for name in _ANSWERED),
        ]
    )


def _shown(text: str) -> dict[str, bool]:
    plain = _plain(text)
    return {
        name: bool(pattern.search(text if name == "link" else plain)) for name, pattern in PATTERNS.items()
    }


def words(text: str) -> frozenset[str]:
    """Return the content words of a post, without links and handles."""
    return frozenset(word for word in _WORD.findall(_plain(text).lower()) if len(word) > 3 or word.isdigit())


def alike(left: frozenset[str], right: frozenset[str]) -> float:
    """Return the cosine of two sets of words (0 to 1)."""
    return len(left & right) / (len(left) * len(right)) ** 0.5 if left and right else 0.0


def _plain(text: str) -> str:
    """Return the text without links and handles: a link's address may hold a question mark."""
    return _HANDLE.sub(" ", _LINK.sub(" ", text)).strip()
