"""Whose voice each statement of one claim is: the speaker's own, a quoted person's, or an earlier document's.

Nothing here reads the store; `trace` brings what one claim's statements need and keeps what comes out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial

from pipeline.core.records import HEARSAY, Certainty, EdgeKind, Part, Platform, Role, VoiceKey, VoiceKind
from pipeline.stages.trace.model import NO_VOICE, Post, Root, Statement, Voice, Way
from pipeline.stages.trace.quotations import Quotation, overlap, ways_of
from pipeline.text.attribution import Naming, cited, first_hand, is_speaker, naming, own_use, told_by
from pipeline.text.names import begins_with, name_key, names_it

Step = tuple[EdgeKind, Post, Statement | None]

# Unnamed persons whom an outlet itself has spoken to, as against what it heard said.
# Whom an outlet asked itself: no "post by an employee".
OWN_SOURCES = re.compile(
    r"^(?:(?!\s(?:by|on|from|in)\s).)*\b(?:sources?|people|persons?|insiders?|employees?|officials?|staffers?"
    r"|executives?|engineers?|researchers?)\b", re.IGNORECASE)


class Voices:
    """The voices of one claim.

    `posts` has every document that `ways` lead to; `phrases` what follows "according to".
    """

    def __init__(
        self,
        statements: Iterable[Statement],
        posts: Mapping[str, Post],
        ways: Iterable[Way],
        phrases: Mapping[str, Iterable[str]],
        quotations: Sequence[Quotation] = (),
    ) -> None:
        self.statements = sorted(statements,
                                 key=lambda s: (s.document_id, s.part is not Part.TITLE, s.start_char,
                                                s.mention_id))
        self.posts = posts
        self.phrases = phrases
        self.by_document: dict[str, list[Statement]] = defaultdict(list)
        for statement in self.statements:
            self.by_document[statement.document_id].append(statement)
        self.quotations = quotations
        self._ways: dict[str, list[Way]] = defaultdict(list)
        for way in (*ways, *ways_of(quotations)):
            if not posts[way.origin_document_id].certainly_after(posts[way.document_id]):
                self._ways[way.document_id].append(way)

    def roots(self) -> dict[str, Root]:
        """Return the earliest independent voice that each statement, by mention id, can be traced to."""
        roots = {statement.mention_id: self._trace(statement) for statement in self.statements}
        # Descriptions of one unnamed voice are worded anew by everyone: within a claim they mean the same
        # one, and where one who describes it also points to it, that is it.
        described = [s for s in self.statements if (words := self.behind(s))
                     and naming(words) is Naming.DESCRIPTION]
        pointed = [roots[s.mention_id] for s in described]
        pointed = [root for root in pointed if root.voice not in (self._described, NO_VOICE)
                   and root.voice.key != HEARSAY]
        if pointed:
            best = min(pointed, key=lambda root: root.post.order)
            same = {key: root for key, root in roots.items() if root.voice == self._described}
            roots |= {key: Root(best.voice, best.post, best.statement, EdgeKind.ATTRIBUTION) for key in same}
        return roots

    def _trace(self, start: Statement) -> Root:
        seen = {start.mention_id: start}
        queue: list[tuple[Statement, EdgeKind | None]] = [(start, None)]
        ends: list[Root] = []
        while queue:
            statement, via = queue.pop()
            voice = self._direct(statement)
            steps = [] if voice else self._steps(statement)
            if not steps:
                ends.append(Root(voice or self._own_voice(statement), self.posts[statement.document_id],
                                 statement, via))
            for kind, post, told in steps:
                if told is None:
                    ends.append(Root(self.publisher(post), post, None, via or kind))
                elif told.mention_id not in seen:
                    seen[told.mention_id] = told
                    queue.append((told, via or kind))
        if not ends:  # copies whose order is unknown, or documents that point at each other
            first = min(seen.values(), key=lambda s: self.posts[s.document_id].order)
            return Root(self._own_voice(first), self.posts[first.document_id], first, EdgeKind.NEAR_DUPLICATE,
                        undecided=True)
        return min(ends, key=lambda root: (root.voice.key == HEARSAY, root.post.order))

    # --- what a statement is by itself ---

    def is_own(self, statement: Statement) -> bool:
        """Return whether the publisher itself speaks."""
        publisher = self.posts[statement.document_id].publisher
        return statement.speaker is not None and (statement.by_author
                                                  or name_key(statement.speaker) in publisher)

    def is_quoted(self, statement: Statement) -> bool:
        """Return whether somebody else than the publisher is named as the speaker."""
        return statement.speaker is not None and is_speaker(statement.speaker) and not self.is_own(statement)

    def is_carried(self, statement: Statement) -> bool:
        """Return whether the publisher lends its page to another voice: a person, or an agency's story."""
        return self.is_quoted(statement) or self.posts[statement.document_id].wire is not None

    def behind(self, statement: Statement) -> str | None:
        """Return the words for a voice behind the speaker, where they mean one voice."""
        words = statement.attributed_to or (told_by(statement.quote) if not self.is_quoted(statement)
                                            else None)
        if not words or statement.speaker_role is Role.FIRST_PARTY:
            return None
        known = {name_key(statement.speaker or ""), *self.posts[statement.document_id].publisher}
        return None if name_key(words) in known or naming(words) is Naming.NOBODY else words

    def _passes_on(self, statement: Statement) -> bool:
        nobody = statement.speaker is None or not is_speaker(statement.speaker)
        return nobody or statement.certainty is Certainty.REPORTED or bool(statement.attributed_to)

    def _direct(self, statement: Statement) -> Voice | None:
        """Return the voice that the statement itself gives; None where its document must be followed."""
        post = self.posts[statement.document_id]
        if statement.speaker_role is Role.FIRST_PARTY:
            ours = statement.speaker_organisation or post.organisation or next(iter(statement.organisations),
                                                                               None)
            if ours:
                return Voice.of(VoiceKind.ORGANISATION, ours, statement.speaker or post.source_name)
        if words := self.behind(statement):
            return self._named(statement, words)
        if self.is_quoted(statement):
            return None if self._quoted_from(statement) else self._person(statement)
        own = self.is_own(statement)
        if own and statement.certainty is Certainty.QUESTIONED:  # who asks asks for themselves
            return self._speaking(statement)
        copied = any(way.kind in (EdgeKind.NEAR_DUPLICATE, EdgeKind.REPOST)
                     for way in self._ways[post.document_id])
        if own and first_hand(statement.quote) and not self._passes_on(statement) and not copied:
            return self._speaking(statement)
        return None

    def _named(self, statement: Statement, words: str) -> Voice | None:
        led_on = self.attributed_post(statement) or (naming(words) is Naming.DESCRIPTION
                                                     and self._ways[statement.document_id])
        return None if led_on else self._unstored(words)

    def _unstored(self, words: str) -> Voice:
        if naming(words) is Naming.DESCRIPTION:
            return self._described
        return self._people.get(name_key(words)) or Voice.of(VoiceKind.UNSTORED, words)

    @cached_property
    def _described(self) -> Voice:
        told = [(s, words) for s in self.statements if (words := self.behind(s))
                and naming(words) is Naming.DESCRIPTION]
        _, words = min(told, key=lambda pair: self.posts[pair[0].document_id].order, default=(None, ""))
        return Voice.of(VoiceKind.UNSTORED, words)

    def _person(self, statement: Statement) -> Voice:
        speaker = statement.speaker or ""
        if statement.speaker_organisation:
            return Voice.of(VoiceKind.ORGANISATION, statement.speaker_organisation, speaker)
        return self._people.get(name_key(speaker)) or Voice.of(VoiceKind.SPEAKER, speaker)

    @cached_property
    def _people(self) -> dict[str, Voice]:
        """Return who speaks under which name in this claim; quoted people have their longest form."""
        people: dict[str, Voice] = {}
        for post in sorted((self.posts[document] for document in self.by_document),
                           key=lambda p: p.source_id):
            if post.wire:
                people.setdefault(name_key(post.group_name or ""), self._account(post))
            elif post.forum_account or post.source_role is Role.AGGREGATOR:
                continue
            elif any(self.is_own(s) for s in self.by_document[post.document_id]):
                spoken = {name_key(s.speaker or "")
                          for s in self.by_document[post.document_id] if self.is_own(s)}
                names = ({name_key(name) for name in (*post.names, post.source_id.partition(":")[2])}
                         | spoken) - {""}
                known = next((people[name] for name in sorted(names) if name in people),
                             None) or self._account(post)
                people |= {name: known for name in names if name not in people}
        quoted = {name_key(s.speaker or "") for s in self.statements if self.is_quoted(s)
                  and not s.speaker_organisation}
        for s in self.statements:
            if self.is_quoted(s) and (led := self._quoted_from(s)):  # whoever has these words as their own
                people.setdefault(name_key(s.speaker or ""), self.publisher_of(led[0][1], people))
        for name in sorted(quoted - people.keys(), key=lambda n: (-len(n.split()), n)):
            longer = [other for other in people if other.endswith(f" {name}")]
            display = next(s.speaker for s in self.statements if name_key(s.speaker or "") == name) or name
            people[name] = people[longer[0]] if len(longer) == 1 else Voice.of(VoiceKind.SPEAKER, name,
                                                                               display)
        people.pop("", None)  # a name without letters and digits is no one's
        return people

    def _account(self, post: Post) -> Voice:
        if post.wire and post.group:
            return Voice(post.group, post.group_name or post.source_name)
        if post.organisation:
            return Voice.of(VoiceKind.ORGANISATION, post.organisation, post.source_name)
        return Voice(post.group or VoiceKey.of(VoiceKind.SOURCE, post.source_id), post.source_name)

    def publisher(self, post: Post) -> Voice:
        """Return the publisher's voice: its organisation, its group or itself; NO_VOICE for aggregators."""
        return self.publisher_of(post, self._people)

    def publisher_of(self, post: Post, people: Mapping[str, Voice]) -> Voice:
        """Return the same as `publisher`, with those `people` known by name."""
        if post.wire:
            return self._account(post)
        if post.source_role is Role.AGGREGATOR:
            return NO_VOICE
        if post.organisation or post.forum_account:
            return self._account(post)
        return people.get(name_key(post.source_name)) or self._account(post)

    def _speaking(self, statement: Statement) -> Voice:
        """Return the publisher as the voice of its own statement, under the name that it speaks by."""
        post = self.posts[statement.document_id]
        if post.wire:
            return self._account(post)
        own = self.is_own(statement) and post.source_role is not Role.AGGREGATOR
        if own and statement.speaker_organisation:
            name = statement.speaker or post.source_name
            return Voice.of(VoiceKind.ORGANISATION, statement.speaker_organisation, name)
        voice = self.publisher(post)
        if voice.key != HEARSAY and statement.by_author and statement.speaker:
            return replace(voice, name=statement.speaker)
        return voice

    def _own_voice(self, statement: Statement) -> Voice:
        """Return the voice of a statement that leads nowhere else."""
        post = self.posts[statement.document_id]
        asked = post.source_role in (Role.PRESS, Role.EXPERT) and OWN_SOURCES.search(statement.attributed_to
                                                                                     or "")
        if asked or (self.is_own(statement) and statement.certainty is not Certainty.REPORTED):
            return self._speaking(statement)
        words = self.behind(statement)
        if words:
            return self._unstored(words)
        # What several users met with in their own use is theirs. Nobody can tell whether two texts speak of
        # the same ones.
        told = statement.speaker_role is Role.COMMUNITY and statement.certainty is Certainty.ASSERTED
        used = told and post.source_role is not Role.AGGREGATOR and own_use(statement.quote)
        return Voice(VoiceKey.of(VoiceKind.USERS), "several users") if used else NO_VOICE

    # --- where a statement leads ---

    def _steps(self, statement: Statement) -> list[Step]:
        """Return what this statement may have been taken from, with the sign of it."""
        if self.is_quoted(statement) and not self.behind(statement):
            return self._quoted_from(statement)
        named = [
            other
            for other in self.by_document[statement.document_id]
            if other.negated == statement.negated and (self.is_quoted(other) or self.behind(other))
            and other != statement
        ]
        if named and not self.behind(statement):  # the headline says what the text has somebody say
            return [(EdgeKind.QUOTE, self.posts[statement.document_id], named[0])]
        if post := self.attributed_post(statement):
            return self._told(EdgeKind.ATTRIBUTION, post, statement)
        steps = [step for post, _ in self.cited_posts(statement.document_id)
                 for step in self._told(EdgeKind.ATTRIBUTION, post, statement)]
        return steps + self._pointed(statement)

    def _quoted_from(self, statement: Statement) -> list[Step]:
        """Return the earlier document that says in its own words what the statement quotes."""
        steps: list[Step] = []
        for way in self._ways[statement.document_id]:
            if way.kind is EdgeKind.QUOTATION and overlap(way.words or "", statement.quote):
                told = [s for s in self.by_document.get(way.origin_document_id, ()) if self.is_own(s)
                        and s.negated == statement.negated]
                steps += [(EdgeKind.QUOTATION, self.posts[way.origin_document_id], s) for s in told[:1]]
        return steps

    def _told(self, kind: EdgeKind, post: Post, statement: Statement) -> list[Step]:
        if statement.certainty is Certainty.QUESTIONED:  # who doubts what a post says has not taken it over
            return []
        told = [other
                for other in self.by_document[post.document_id]
                if other.certainty is not Certainty.QUESTIONED]
        same = [other for other in told if other.negated == statement.negated]
        named = [other for other in same if self.is_quoted(other) or self.behind(other)]
        return [(kind, post, other) for other in (named or same)[:1]]

    def _pointed(self, statement: Statement) -> list[Step]:
        """Return what links, replies and copies lead to, past documents that say nothing of the claim."""
        steps: list[Step] = []
        seen, queue = {statement.document_id}, [(way, way) for way in self._ways[statement.document_id]]
        while queue:
            first, way = queue.pop()
            post = self.posts[way.origin_document_id]
            if post.document_id in seen:
                continue
            seen.add(post.document_id)
            if post.document_id in self.by_document:
                steps += self._told(first.kind, post, statement)
                continue
            further = [(first, onward) for onward in self._ways[post.document_id]]
            queue += further
            against = statement.negated or statement.certainty is Certainty.QUESTIONED
            if not further and not post.artefact and not against and self._hands_on(statement, first):
                steps.append((first.kind, post, None))
        return steps

    def _hands_on(self, statement: Statement, way: Way) -> bool:
        """Return whether the statement is what the document took from there: a link may be about anything."""
        if way.kind in (EdgeKind.REPOST, EdgeKind.QUOTE, EdgeKind.NEAR_DUPLICATE):
            return True
        if way.kind is EdgeKind.QUOTATION:
            return overlap(way.words or "", statement.quote)
        if way.words and not way.words.startswith("http"):
            return self._passes_on(statement) and way.words in statement.quote
        article = self.posts[statement.document_id].platform in (Platform.NEWS, Platform.BLOG, Platform.FILE,
                                                                 Platform.OTHER)
        return self._passes_on(statement) and not article

    def attributed_post(self, statement: Statement) -> Post | None:
        """Return the stored document on the claim of the source that the statement names as its origin."""
        words = self.behind(statement)
        return self._post_of(self.posts[statement.document_id],
                             lambda name: names_it(words, name)) if words else None

    def cited_posts(self, document_id: str) -> Iterator[tuple[Post, str]]:
        """Yield the documents on this claim whose source the text names as its own, with the words."""
        for phrase in self.phrases.get(document_id, ()):
            cue, words = cited(phrase)
            named = partial(begins_with, words)
            if post := self._post_of(self.posts[document_id], named):
                yield post, f"{cue} {next(filter(named, post.names))}"

    def _post_of(self, post: Post, named: Callable[[str], bool]) -> Post | None:
        others = [self.posts[document_id] for document_id in self.by_document]
        if post.wire:  # it has the story from the agency, not from others that print it too
            others = [other for other in others if not (other.wire and other.group == post.group)]
        found = [o for o in others if o.source_id != post.source_id and not o.certainly_after(post)
                 and any(map(named, o.names))]
        return min(found, key=lambda other: other.order, default=None)
