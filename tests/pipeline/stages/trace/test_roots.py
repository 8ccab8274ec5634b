"""The roots of statements, compared with a separate search from each statement."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.core.vocabulary import HEARSAY
from pipeline.stages.trace.model import Place, Post, Silent, Statement
from pipeline.stages.trace.quotations import Wordings, find_quotations
from pipeline.stages.trace.reach import find_reach
from pipeline.stages.trace.roots import find_roots
from pipeline.stages.trace.voices import Voices
from pipeline.text.attribution import Naming, naming
from tests.worlds.threads import Thread, random_thread

THREADS = 1500


def voices_of(thread: Thread) -> Voices:
    speaking_documents = {"c1": [statement.document_id for statement in thread.statements]}
    reach = find_reach(speaking_documents, thread.ways_from)["c1"]
    quotations = find_quotations(Wordings(thread.texts), thread.posts, reach.documents)
    return Voices(thread.statements, thread.posts, reach.ways, thread.phrases, quotations, reach.led_on)


class Search:
    """Goes from one statement to all that it may have been taken from, however long that takes.

    `ends` are the documents at which it ends, with whether they are hearsay: none where it goes in circles.
    """

    def __init__(self, voices: Voices, start: Statement) -> None:
        self._voices = voices
        self.ends: list[tuple[bool, Post]] = []
        self.seen = {start}
        queue = [start]
        while queue:
            statement = queue.pop()
            voice = voices.direct(statement)
            steps = [] if voice else voices.steps(statement)
            taken_from = [end for _, step in steps for end in self._behind(step, statement.document_id)]
            if not taken_from:
                voice = voice or voices.own_voice(statement)
                self.ends.append((voice.key == HEARSAY, voices.posts[statement.document_id]))
            for end in taken_from:
                if isinstance(end, Silent):
                    post = voices.posts[end.document_id]
                    self.ends.append((voices.publisher(post).key == HEARSAY, post))
                elif end not in self.seen:
                    self.seen.add(end)
                    queue.append(end)

    def _behind(self, step: Place, document_id: str) -> list[Place]:
        """Return the statements behind a step, and the silent documents at which it may be left.

        Statements of the document from which the step leads are left out.
        """
        queue, passed = [step], {step}
        behind: list[Place] = []
        while queue:
            reached = queue.pop()
            if isinstance(reached, Statement):
                behind.append(reached)
                continue
            if self._voices.is_left_at(reached):
                behind.append(reached)
            queue += (further := [other for other in self._voices.onward(reached) if other not in passed])
            passed.update(further)
        through_others = isinstance(step, Silent)
        return [end for end in behind if not (through_others and end.document_id == document_id)]


def order(end: tuple[bool, Post]) -> tuple[bool, tuple[bool, datetime | None, str]]:
    hearsay, post = end
    return hearsay, post.order


def is_described(voices: Voices, statement: Statement) -> bool:
    """Return whether a statement cites an unnamed voice, which all such statements share."""
    words = voices.behind(statement)
    return words is not None and naming(words) is Naming.DESCRIPTION


@pytest.mark.slow  # many examples
def test_each_statement_comes_from_the_earliest_end_that_it_leads_to() -> None:
    ended_count = circles = 0
    for seed in range(THREADS):
        voices = voices_of(random_thread(seed))
        if any(is_described(voices, statement) for statement in voices.statements):
            continue
        roots = find_roots(voices)
        for statement in voices.statements:
            root, search = roots[statement.mention_id], Search(voices, statement)
            posts = [voices.posts[visited_place.document_id] for visited_place in search.seen]
            first_end = min(map(order, search.ends), default=(False, min(post.order for post in posts)))
            came_to = (root.voice.key == HEARSAY and not root.undecided, root.post.order)
            assert (root.undecided, came_to) == (not search.ends, first_end), (seed, statement.mention_id)
            ended_count, circles = ended_count + (not root.undecided), circles + root.undecided
    assert ended_count > THREADS and circles > 20


@pytest.mark.slow  # many examples
def test_who_describes_an_unnamed_voice_tells_of_the_one_that_somebody_points_to() -> None:
    shared_count = 0
    for seed in range(THREADS):
        voices = voices_of(random_thread(seed))
        roots = [root for statement in voices.statements if is_described(voices, statement)
                 and (root := find_roots(voices)[statement.mention_id]).voice.key != HEARSAY]
        if any(root.voice != voices.described for root in roots):
            shared_count += len(roots) > 1
            assert voices.described not in [root.voice for root in roots]
    assert shared_count > 5
