"""Whose report a plain statement passes on, where the text beside it says so: "first reported by Courier".

A headline names nobody, and the sentence below it says "according to a report in The Lantern". The outlet has
no account of its own then, here or in what it says of the matter later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.core.vocabulary import Certainty, Part, Platform, Role, VoiceKey
from pipeline.stages.trace.model import Post, Statement, host_key
from pipeline.text.attribution import Naming, credits_in, first_hand, naming
from pipeline.text.names import begins_with, name_key

LEAD = 700  # characters at the beginning of a text, of which its headline tells
NEAR = 350  # characters between a sentence and the one that says whose report it is
REPORTING = (Platform.NEWS, Platform.BLOG, Platform.FILE, Platform.OTHER)


@dataclass(frozen=True, slots=True)
class Credit:
    """Words of a text by which somebody else is named as the source of what stands there: where they begin in
    the text, and for whom.
    """

    start_char: int
    words: str


def credits_of(texts: Mapping[str, str], spoken: Iterable[tuple[str, int, str]]) -> dict[str, list[Credit]]:
    """Return the credits of each document, by their places.

    `texts` are the documents' texts; `spoken` has what extract found: document, place in the text, and the
    words for whoever is named behind the sentence there.
    """
    found: defaultdict[str, set[Credit]] = defaultdict(set)
    for document_id, start, words in spoken:
        named = [name for _, name in credits_in(f"according to {words}")]
        found[document_id] |= {Credit(start, name) for name in named}
    for document_id, text in texts.items():
        found[document_id] |= {Credit(start, words) for start, words in credits_in(text)}
    return {document_id: sorted(credits, key=lambda credit: (credit.start_char, credit.words))
            for document_id, credits in found.items() if credits}


def find_credits(statements: Sequence[Statement], posts: Mapping[str, Post],
                 credits: Mapping[str, Sequence[Credit]]) -> dict[str, str]:
    """Return for each plain statement of an outlet, by mention id, the words for whose report it passes on;
    those that are the outlet's own account are left out.

    `statements` are those of one claim. What an outlet has passed on once it has not found out by itself
    later: its plain statements of the same side from then on pass it on as well.
    """
    plain = [statement for statement in statements if _is_plain(statement, posts[statement.document_id])]
    passed_on = {statement.mention_id: words for statement in plain
                 if (words := _beside(statement, posts[statement.document_id], credits))}
    first: dict[tuple[VoiceKey | str, bool], tuple[Post, str]] = {}  # that an outlet passed on, by side
    for statement in statements:
        post = posts[statement.document_id]
        words = passed_on.get(statement.mention_id) or _told(statement, post)
        if words:
            side = _outlet(post), statement.negated
            first[side] = min(first.get(side, (post, words)), (post, words),
                              key=lambda told: (told[0].order, told[1]))
    for statement in plain:
        post = posts[statement.document_id]
        told = first.get((_outlet(post), statement.negated))
        if told and statement.mention_id not in passed_on and not told[0].certainly_after(post):
            passed_on[statement.mention_id] = told[1]
    return passed_on


def _outlet(post: Post) -> VoiceKey | str:
    return post.group or post.source_id


def _is_plain(statement: Statement, post: Post) -> bool:
    """Return whether an outlet states it plainly, and names neither a source nor how it knows."""
    return (_reports(post) and statement.certainty in (Certainty.ASSERTED, Certainty.PREDICTED)
            and statement.attributed_to is None and statement.speaker_role is not Role.FIRST_PARTY
            and (statement.speaker is None or statement.by_author
                 or name_key(statement.speaker) in post.publisher)
            and not first_hand(statement.quote))


def _reports(post: Post) -> bool:
    outlet = post.source_role in (Role.PRESS, Role.EXPERT) and post.organisation is None
    return outlet and post.platform in REPORTING and not post.forum_account and post.wire is None


def _told(statement: Statement, post: Post) -> str | None:
    """Return the words for the outlet that the statement itself names as its source."""
    words = statement.attributed_to
    if words is None or not _reports(post) or naming(words) is not Naming.NAME:
        return None
    return words if _of_another(words, statement, post) else None


def _beside(statement: Statement, post: Post, credits: Mapping[str, Sequence[Credit]]) -> str | None:
    """Return whose report the text says that it tells, next to the statement: the nearest of several."""
    end = statement.start_char + len(statement.quote)
    distance: Callable[[int], int]
    if statement.part is Part.TITLE:
        distance, reach = (lambda start: start), LEAD
    else:
        distance, reach = (lambda start: max(statement.start_char - start, start - end, 0)), NEAR
    near = [(distance(credit.start_char), credit.words) for credit in credits.get(statement.document_id, ())
            if distance(credit.start_char) <= reach and _of_another(credit.words, statement, post)]
    return min(near, default=(0, None))[1]


def _of_another(words: str, statement: Statement, post: Post) -> bool:
    """Return whether somebody else is meant than the outlet itself and those whom the claim is about."""
    own = any(name in (name_key(words), host_key(name_key(words))) for name in
              {*post.publisher, *map(name_key, post.names), *map(host_key, post.names)} - {""})
    return not own and not any(begins_with(words, name) for name in statement.organisations)
