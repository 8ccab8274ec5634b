"""To which voice each statement of a claim can be traced, by the steps that lead from it.

The steps are followed backwards from where they end, from the earliest end first, so that each is taken
once: to follow each statement by itself takes time that grows with the square of a thread.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import replace

from pipeline.core.vocabulary import HEARSAY, EdgeKind
from pipeline.stages.trace.model import NO_VOICE, Place, Root, Silent, Statement
from pipeline.stages.trace.voices import Voices
from pipeline.text.attribution import Naming, naming

LEADS = 2  # documents kept apart to which a silent one leads: one of them may be the statement's own


def find_roots(voices: Voices) -> dict[str, Root]:
    """Return the earliest independent voice that each statement, by mention id, can be traced to."""
    roots = _Steps(voices).roots()
    # Everyone words the description of an unnamed voice anew: within a claim all mean the same voice, and
    # where a statement that describes it also leads to a voice, it is that voice.
    described = [statement for statement in voices.statements if (words := voices.behind(statement))
                 and naming(words) is Naming.DESCRIPTION]
    pointed = [roots[statement.mention_id] for statement in described]
    pointed = [root for root in pointed if root.voice not in (voices.described, NO_VOICE)
               and root.voice.key != HEARSAY]
    if pointed:
        best = min(pointed, key=lambda root: root.post.order)
        to_described = {key: root for key, root in roots.items() if root.voice == voices.described}
        roots |= {key: Root(best.voice, best.post, best.statement, EdgeKind.ATTRIBUTION)
                  for key in to_described}
    return roots


class _Steps:
    """The steps between the statements of a claim, through the documents that say nothing of it."""

    def __init__(self, voices: Voices) -> None:
        self._voices = voices
        self._before: defaultdict[Place, list[tuple[EdgeKind | None, Place]]] = defaultdict(list)
        self._ends: list[tuple[Place, Root]] = []
        self._roots: dict[Statement, Root] = {}
        # Roots behind a silent document, by the document it leads to: no statement is taken from its own.
        self._behind: defaultdict[Silent, dict[str, Root]] = defaultdict(dict)

    def roots(self) -> dict[str, Root]:
        """Return the first end that can be reached from each statement, by mention id."""
        direct = {statement: self._voices.direct(statement) for statement in self._voices.statements}
        steps = {statement: [] if voice else self._voices.steps(statement)
                 for statement, voice in direct.items()}
        leads = self._leads(place for own_steps in steps.values() for _, place in own_steps)
        for statement, own_steps in steps.items():
            led_on = [(kind, place) for kind, place in own_steps
                      if isinstance(place, Statement) or leads[place] - {statement.document_id}]
            for kind, place in led_on:
                self._before[place].append((kind, statement))
            if not led_on:
                voice = direct[statement] or self._voices.own_voice(statement)
                self._ends.append((statement, Root(voice, self._voices.posts[statement.document_id],
                                                   statement)))
        self._ends.sort(key=lambda end: (end[1].voice.key == HEARSAY, end[1].post.order))
        for place, root in self._ends:
            self._spread(place, root)
        self._settle_circles()
        return {statement.mention_id: root for statement, root in self._roots.items()}

    def _leads(self, places: Iterable[Place]) -> Mapping[Silent, set[str]]:
        """Return to which documents each silent one leads, two at most; note the steps between them."""
        onward: dict[Silent, list[Place]] = {}
        queue = deque(place for place in places if isinstance(place, Silent))
        waiting: deque[tuple[Silent, str]] = deque()
        while queue:
            silent = queue.popleft()
            if silent in onward:
                continue
            onward[silent] = self._voices.onward(silent)
            for place in onward[silent]:
                self._before[place].append((None, silent))
                if isinstance(place, Silent):
                    queue.append(place)
                else:
                    waiting.append((silent, place.document_id))
            if self._voices.is_left_at(silent):
                post = self._voices.posts[silent.document_id]
                self._ends.append((silent, Root(self._voices.publisher(post), post, None)))
                waiting.append((silent, silent.document_id))
        leads: defaultdict[Silent, set[str]] = defaultdict(set)
        while waiting:
            silent, lead = waiting.popleft()
            if lead not in leads[silent] and len(leads[silent]) < LEADS:
                leads[silent].add(lead)
                waiting += ((place, lead) for _, place in self._before[silent] if isinstance(place, Silent))
        return leads

    def _spread(self, end: Place, root: Root) -> None:
        """Give a root to all that leads to it and has none yet."""
        if isinstance(end, Statement):
            self._roots[end] = root
        else:
            self._behind[end][end.document_id] = root
        queue = deque([(end, end.document_id)])
        while queue:
            place, lead = queue.popleft()
            for kind, previous in self._before[place]:
                if isinstance(previous, Silent):
                    roots_behind = self._behind[previous]
                    if lead in roots_behind or len(roots_behind) == LEADS:
                        continue
                    roots_behind[lead] = root
                    queue.append((previous, lead))
                elif previous not in self._roots and (isinstance(place, Statement)
                                                      or lead != previous.document_id):
                    self._roots[previous] = root if root.undecided else replace(root, via=kind)
                    queue.append((previous, previous.document_id))

    def _settle_circles(self) -> None:
        """Give a root to copies whose order is unknown, and to documents that point at each other."""
        unsettled_posts = {statement.document_id: self._voices.posts[statement.document_id]
                           for statement in self._voices.statements if statement not in self._roots}
        for post in sorted(unsettled_posts.values(), key=lambda post: post.order):
            ends = [statement for statement in self._voices.by_document[post.document_id]
                    if statement not in self._roots]
            for statement in ends:
                self._roots[statement] = Root(self._voices.own_voice(statement), post, statement,
                                              EdgeKind.NEAR_DUPLICATE, undecided=True)
            for statement in ends:
                self._spread(statement, self._roots[statement])
