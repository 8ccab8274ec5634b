"""To which voice each statement of a claim can be traced, by the steps that lead from it.

The steps are gone backwards from where they end, from the earliest end first, so that each is gone once: to
follow each statement by itself takes time that grows with the square of a thread.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import replace

from pipeline.core.vocabulary import HEARSAY, EdgeKind
from pipeline.stages.trace.model import NO_VOICE, Place, Root, Silent, Statement
from pipeline.stages.trace.voices import Voices
from pipeline.text.attribution import Naming, naming

LEADS = 2  # documents to which a silent one leads that are told apart: one of them may be where it is left


def find_roots(voices: Voices) -> dict[str, Root]:
    """Return the earliest independent voice that each statement, by mention id, can be traced to."""
    roots = _Steps(voices).roots()
    # Descriptions of one unnamed voice are worded anew by everyone: within a claim they mean the same one,
    # and where one who describes it also points to it, that is it.
    described = [s for s in voices.statements if (words := voices.behind(s))
                 and naming(words) is Naming.DESCRIPTION]
    pointed = [roots[s.mention_id] for s in described]
    pointed = [root for root in pointed if root.voice not in (voices.described, NO_VOICE)
               and root.voice.key != HEARSAY]
    if pointed:
        best = min(pointed, key=lambda root: root.post.order)
        same = {key: root for key, root in roots.items() if root.voice == voices.described}
        roots |= {key: Root(best.voice, best.post, best.statement, EdgeKind.ATTRIBUTION) for key in same}
    return roots


class _Steps:
    """The steps between the statements of a claim, through the documents that say nothing of it."""

    def __init__(self, voices: Voices) -> None:
        self._voices = voices
        self._before: defaultdict[Place, list[tuple[EdgeKind | None, Place]]] = defaultdict(list)
        self._ends: list[tuple[Place, Root]] = []
        self._roots: dict[Statement, Root] = {}
        # Behind a silent document, by the document to which it leads: a statement is not taken from its own.
        self._behind: defaultdict[Silent, dict[str, Root]] = defaultdict(dict)

    def roots(self) -> dict[str, Root]:
        """Return the first end that can be reached from each statement, by mention id."""
        direct = {s: self._voices.direct(s) for s in self._voices.statements}
        steps = {s: [] if voice else self._voices.steps(s) for s, voice in direct.items()}
        leads = self._leads(place for some in steps.values() for _, place in some)
        for s, some in steps.items():
            led_on = [(kind, place) for kind, place in some
                      if isinstance(place, Statement) or leads[place] - {s.document_id}]
            for kind, place in led_on:
                self._before[place].append((kind, s))
            if not led_on:
                voice = direct[s] or self._voices.own_voice(s)
                self._ends.append((s, Root(voice, self._voices.posts[s.document_id], s)))
        self._ends.sort(key=lambda end: (end[1].voice.key == HEARSAY, end[1].post.order))
        for place, root in self._ends:
            self._spread(place, root)
        self._settle_circles()
        return {s.mention_id: root for s, root in self._roots.items()}

    def _leads(self, places: Iterable[Place]) -> Mapping[Silent, set[str]]:
        """Return to which documents each silent one leads, two at most; note the steps between them."""
        onward: dict[Silent, list[Place]] = {}
        queue = deque(place for place in places if isinstance(place, Silent))
        found: deque[tuple[Silent, str]] = deque()
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
                    found.append((silent, place.document_id))
            if self._voices.is_left_at(silent):
                post = self._voices.posts[silent.document_id]
                self._ends.append((silent, Root(self._voices.publisher(post), post, None)))
                found.append((silent, silent.document_id))
        leads: defaultdict[Silent, set[str]] = defaultdict(set)
        while found:
            silent, lead = found.popleft()
            if lead not in leads[silent] and len(leads[silent]) < LEADS:
                leads[silent].add(lead)
                found += ((place, lead) for _, place in self._before[silent] if isinstance(place, Silent))
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
            for kind, before in self._before[place]:
                if isinstance(before, Silent):
                    known = self._behind[before]
                    if lead in known or len(known) == LEADS:
                        continue
                    known[lead] = root
                    queue.append((before, lead))
                elif before not in self._roots and (isinstance(place, Statement)
                                                    or lead != before.document_id):
                    self._roots[before] = root if root.undecided else replace(root, via=kind)
                    queue.append((before, before.document_id))

    def _settle_circles(self) -> None:
        """Give a root to copies whose order is unknown, and to documents that point at each other."""
        rest = {s.document_id: self._voices.posts[s.document_id] for s in self._voices.statements
                if s not in self._roots}
        for post in sorted(rest.values(), key=lambda post: post.order):
            ends = [s for s in self._voices.by_document[post.document_id] if s not in self._roots]
            for s in ends:
                self._roots[s] = Root(self._voices.own_voice(s), post, s, EdgeKind.NEAR_DUPLICATE,
                                      undecided=True)
            for s in ends:
                self._spread(s, self._roots[s])
