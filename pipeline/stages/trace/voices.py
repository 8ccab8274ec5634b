"""Whose voice each statement of one claim is: the speaker's own, a quoted person's, or an earlier document's.

Nothing here reads the store; `trace` brings what one claim's statements need and keeps what comes out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from pipeline.core.vocabulary import HEARSAY, Certainty, EdgeKind, Part, Platform, Role, VoiceKey, VoiceKind
from pipeline.stages.trace.citations import Citations
from pipeline.stages.trace.model import NO_VOICE, Place, Post, Silent, Statement, Voice, Way, host_key
from pipeline.stages.trace.quotations import Quotation, overlap, ways_of
from pipeline.text.attribution import Naming, cited, first_hand, is_speaker, naming, own_use, told_by
from pipeline.text.names import begins_with, name_key

# Unnamed persons whom an outlet itself has asked, as against what it heard said: no "post by an employee".
OWN_SOURCES = re.compile(
    r"^(?:(?!\s(?:by|on|from|in)\s).)*\b(?:sources?|people|persons?|insiders?|employees?|officials?|staffers?"
    r"|executives?|engineers?|researchers?)\b", re.IGNORECASE)

# A report by nobody who is named: whoever tells of it knows no more.
SOMEBODYS_REPORT = re.compile(r"\b(?:reports?|rumou?rs?|leaks?|speculation)\b", re.IGNORECASE)


class Voices:
    """The voices of one claim.

    `posts` has every document that `ways` lead to; `phrases` what follows "according to"; `led_on` are
    documents that lead on to others that are not followed; `credits` tells, by mention id, whose report a
    plain statement passes on.
    """

    def __init__(
        self,
        statements: Iterable[Statement],
        posts: Mapping[str, Post],
        ways: Iterable[Way],
        phrases: Mapping[str, Iterable[str]],
        quotations: Sequence[Quotation] = (),
        led_on: Container[str] = (),
        credits: Mapping[str, str] | None = None,
    ) -> None:
        self.statements = sorted(statements,
                                 key=lambda s: (s.document_id, s.part is not Part.TITLE, s.start_char,
                                                s.mention_id))
        self.posts = posts
        self.phrases = phrases
        by_document: defaultdict[str, list[Statement]] = defaultdict(list)
        for statement in self.statements:
            by_document[statement.document_id].append(statement)
        self.by_document = dict(by_document)
        self.quotations = quotations
        self._led_on = led_on
        self.citations = Citations(posts[document_id] for document_id in self.by_document)
        self._ways: defaultdict[str, list[Way]] = defaultdict(list)
        for way in (*ways, *ways_of(quotations)):
            if not posts[way.origin_document_id].certainly_after(posts[way.document_id]):
                self._ways[way.document_id].append(way)
        publishers = {document_id: posts[document_id].publisher for document_id in self.by_document}
        self._own = {s.mention_id for s in self.statements if s.speaker is not None
                     and (s.by_author or name_key(s.speaker) in publishers[s.document_id])}
        self._quoted = {s.mention_id for s in self.statements if s.speaker is not None
                        and is_speaker(s.speaker) and s.mention_id not in self._own}
        credited = credits or {}
        self._behind = {s.mention_id: self._words_behind(s, publishers[s.document_id])
                        or credited.get(s.mention_id) for s in self.statements}
        self._copies = {document_id for document_id, outgoing in self._ways.items()
                        if any(way.kind in (EdgeKind.NEAR_DUPLICATE, EdgeKind.REPOST) for way in outgoing)}
        self._cited: dict[str, list[tuple[Post, str]]] = {}

    # --- what a statement is by itself ---

    def is_own(self, statement: Statement) -> bool:
        """Return whether the publisher itself speaks."""
        return statement.mention_id in self._own

    def is_quoted(self, statement: Statement) -> bool:
        """Return whether somebody else than the publisher is named as the speaker."""
        return statement.mention_id in self._quoted

    def is_carried(self, statement: Statement) -> bool:
        """Return whether the publisher lends its page to another voice: a person, or an agency's story."""
        return self.is_quoted(statement) or self.posts[statement.document_id].wire is not None

    def behind(self, statement: Statement) -> str | None:
        """Return the words for a voice behind the speaker, where they mean one voice."""
        return self._behind[statement.mention_id]

    def tells_whose(self, statement: Statement) -> bool:
        """Return whether somebody else than the publisher is named as the one whose words these are."""
        return self.is_quoted(statement) or self.behind(statement) is not None

    def _words_behind(self, statement: Statement, publisher: frozenset[str]) -> str | None:
        words = statement.attributed_to or (told_by(statement.quote) if not self.is_quoted(statement)
                                            else None)
        if not words or statement.speaker_role is Role.FIRST_PARTY:
            return None
        own_names = {name_key(statement.speaker or ""), *publisher}
        return None if name_key(words) in own_names or naming(words) is Naming.NOBODY else words

    def _passes_on(self, statement: Statement) -> bool:
        unnamed = statement.speaker is None or not is_speaker(statement.speaker)
        return unnamed or statement.certainty is Certainty.REPORTED or bool(statement.attributed_to)

    def direct(self, statement: Statement) -> Voice | None:
        """Return the voice that the statement itself gives; None where its document must be followed."""
        post = self.posts[statement.document_id]
        if statement.speaker_role is Role.FIRST_PARTY:
            organisation = (statement.speaker_organisation or post.organisation
                            or next(iter(statement.organisations), None))
            if organisation:
                return Voice.of(VoiceKind.ORGANISATION, organisation, statement.speaker or post.source_name)
        if words := self.behind(statement):
            return self._named(statement, words)
        if self.is_quoted(statement):
            return None if self._quoted_from(statement) else self._person(statement)
        own = self.is_own(statement)
        if own and statement.certainty is Certainty.QUESTIONED:  # who asks asks for themselves
            return self._speaking(statement)
        copied = post.document_id in self._copies
        if own and first_hand(statement.quote) and not self._passes_on(statement) and not copied:
            return self._speaking(statement)
        return None

    def _named(self, statement: Statement, words: str) -> Voice | None:
        led_on = self.attributed_post(statement) or (naming(words) is Naming.DESCRIPTION
                                                     and self._ways[statement.document_id])
        return None if led_on else self._unstored(words)

    def _unstored(self, words: str) -> Voice:
        if naming(words) is Naming.DESCRIPTION:
            return self.described
        return self._known_as(words) or Voice.of(VoiceKind.UNSTORED, words)

    def _known_as(self, name: str) -> Voice | None:
        """Return who speaks under a name in this claim; an outlet may be known by its host alone."""
        key = name_key(name)
        return self._people.get(key) or self._people.get(host_key(key))

    @cached_property
    def described(self) -> Voice:
        """Return the unnamed voice that statements describe, in the words of the earliest."""
        described = [(s, words) for s in self.statements if (words := self.behind(s))
                     and naming(words) is Naming.DESCRIPTION]
        _, words = min(described, key=lambda pair: self.posts[pair[0].document_id].order, default=(None, ""))
        return Voice.of(VoiceKind.UNSTORED, words)

    def _person(self, statement: Statement) -> Voice:
        speaker = statement.speaker or ""
        if statement.speaker_organisation:
            return Voice.of(VoiceKind.ORGANISATION, statement.speaker_organisation, speaker)
        return self._known_as(speaker) or Voice.of(VoiceKind.SPEAKER, speaker)

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
                         | spoken | {host_key(post.source_name) if post.named_by_host else ""}) - {""}
                known_voice = next((people[name] for name in sorted(names) if name in people),
                                   None) or self._account(post)
                people |= {name: known_voice for name in names if name not in people}
        quoted = {name_key(s.speaker or "") for s in self.statements if self.is_quoted(s)
                  and not s.speaker_organisation}
        for s in self.statements:
            if self.is_quoted(s) and (quoted_from := self._quoted_from(s)):  # the owner of these words
                post = self.posts[quoted_from[0][1].document_id]
                people.setdefault(name_key(s.speaker or ""), self.publisher_of(post, people))
        shown = {name_key(s.speaker): s.speaker for s in reversed(self.statements) if s.speaker}
        by_ending: defaultdict[str, list[str]] = defaultdict(list)  # the names that end so
        for name in people:
            _add_ends(by_ending, name, quoted)
        for name in sorted(quoted - people.keys(), key=lambda n: (-len(n.split()), n)):
            longer = by_ending[name]
            people[name] = people[longer[0]] if len(longer) == 1 else Voice.of(VoiceKind.SPEAKER, name,
                                                                               shown.get(name) or name)
            _add_ends(by_ending, name, quoted)
        people.pop("", None)  # a name without letters and digits is no one's
        return people

    def _account(self, post: Post) -> Voice:
        if post.wire and post.group:
            return Voice(post.group, post.group_name or post.source_name)
        if post.organisation:
            return Voice.of(VoiceKind.ORGANISATION, post.organisation, post.source_name)
        return Voice(post.group or VoiceKey.of(VoiceKind.SOURCE, post.source_id), post.source_name)

    def publisher(self, post: Post) -> Voice:
        """Return the publisher's voice: its organisation, its group or itself; NO_VOICE for aggregators, and
        for an account that is not known.
        """
        return self.publisher_of(post, self._people)

    def publisher_of(self, post: Post, people: Mapping[str, Voice]) -> Voice:
        """Return the same as `publisher`, with those `people` known by name."""
        if post.wire:
            return self._account(post)
        if post.source_role is Role.AGGREGATOR or post.nameless:
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

    def own_voice(self, statement: Statement) -> Voice:
        """Return the voice of a statement that leads nowhere else."""
        post = self.posts[statement.document_id]
        asked = post.source_role in (Role.PRESS, Role.EXPERT) and OWN_SOURCES.search(statement.attributed_to
                                                                                     or "")
        told = not asked and SOMEBODYS_REPORT.search(told_by(statement.quote) or "") is not None
        if asked or (self.is_own(statement) and statement.certainty is not Certainty.REPORTED and not told):
            return self._speaking(statement)
        words = self.behind(statement)
        if words:
            return self._unstored(words)
        # What several users met in their own use is theirs. Nobody can tell whether two texts speak of the
        # same users.
        from_user = statement.speaker_role is Role.COMMUNITY and statement.certainty is Certainty.ASSERTED
        used = from_user and post.source_role is not Role.AGGREGATOR and own_use(statement.quote)
        return Voice(VoiceKey.of(VoiceKind.USERS), "several users") if used else NO_VOICE

    # --- where a statement leads ---

    def steps(self, statement: Statement) -> list[tuple[EdgeKind, Place]]:
        """Return what this statement may have been taken from, with the sign of it."""
        behind = self.behind(statement)
        if self.is_quoted(statement) and not behind:
            return list(self._quoted_from(statement))
        named_statements = self._told_by_name.get((statement.document_id, statement.negated), ())
        other = next((other for other in named_statements if other != statement), None)
        if other and not behind:  # the headline says what the text has somebody say
            return [(EdgeKind.QUOTE, other)]
        if post := self.attributed_post(statement):
            return self._told(EdgeKind.ATTRIBUTION, post, statement)
        steps = [step for post, _ in self.cited_posts(statement.document_id)
                 for step in self._told(EdgeKind.ATTRIBUTION, post, statement)]
        return steps + self._pointed(statement)

    @cached_property
    def _told_by_name(self) -> dict[tuple[str, bool], list[Statement]]:
        """Return for each document and side of the claim the statements that name whose words they are."""
        return self._by_side(filter(self.tells_whose, self.statements))

    @cached_property
    def _speaking_own(self) -> dict[tuple[str, bool], list[Statement]]:
        """Return for each document and side of the claim the statements of its publisher."""
        return self._by_side(s for s in self.statements if self.is_own(s))

    @cached_property
    def _taken_over(self) -> dict[tuple[str, bool], list[Statement]]:
        """Return for each document and side the statements that followers take over, named ones first."""
        not_questioned = [s for s in self.statements if s.certainty is not Certainty.QUESTIONED]
        return self._by_side(sorted(not_questioned, key=self.tells_whose, reverse=True))

    @staticmethod
    def _by_side(statements: Iterable[Statement]) -> dict[tuple[str, bool], list[Statement]]:
        sides: defaultdict[tuple[str, bool], list[Statement]] = defaultdict(list)
        for s in statements:
            sides[s.document_id, s.negated].append(s)
        return dict(sides)

    def _quoted_from(self, statement: Statement) -> list[tuple[EdgeKind, Statement]]:
        """Return the earlier document that says in its own words what the statement quotes."""
        steps = []
        for way in self._ways[statement.document_id]:
            spoken = self._speaking_own.get((way.origin_document_id, statement.negated))
            if spoken and way.kind is EdgeKind.QUOTATION and overlap(way.words or "", statement.quote):
                steps.append((EdgeKind.QUOTATION, spoken[0]))
        return steps

    def _told(self, kind: EdgeKind, post: Post, statement: Statement) -> list[tuple[EdgeKind, Place]]:
        if statement.certainty is Certainty.QUESTIONED:  # who doubts what a post says has not taken it over
            return []
        statements = self._taken_over.get((post.document_id, statement.negated), ())
        return [(kind, other) for other in statements[:1]]

    def _pointed(self, statement: Statement) -> list[tuple[EdgeKind, Place]]:
        """Return what links, replies and copies lead to: statements, and documents that say nothing of it."""
        if statement.certainty is Certainty.QUESTIONED:
            return []
        ways: dict[str, Way] = {}
        for way in reversed(self._ways[statement.document_id]):
            ways.setdefault(way.origin_document_id, way)
        steps = []
        for document_id, way in ways.items():
            if document_id != statement.document_id:
                handed_on = not statement.negated and self._hands_on(statement, way)
                place = self._place(document_id, statement.negated, handed_on)
                steps += [(way.kind, place)] if place else []
        return steps

    def _place(self, document_id: str, negated: bool, handed_on: bool) -> Place | None:
        if document_id in self.by_document:
            return next(iter(self._taken_over.get((document_id, negated), ())), None)
        alone = len(self.by_document) == 1  # no document that speaks of it is behind one that does not
        return Silent(document_id, negated, handed_on) if handed_on or not alone else None

    def onward(self, silent: Silent) -> list[Place]:
        """Return what a document that says nothing of the claim leads to."""
        places = (self._place(way.origin_document_id, silent.negated, silent.handed_on)
                  for way in self._ways[silent.document_id])
        return [place for place in places if place]

    def is_left_at(self, silent: Silent) -> bool:
        """Return whether what is said may come from this document itself, since it leads nowhere else."""
        leads_on = self._ways[silent.document_id] or silent.document_id in self._led_on
        return silent.handed_on and not leads_on and not self.posts[silent.document_id].artefact

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
        return self.citations.in_words(words, self.posts[statement.document_id]) if words else None

    def cited_posts(self, document_id: str) -> list[tuple[Post, str]]:
        """Return the documents on this claim whose source the text names as its own, with the words."""
        if document_id not in self._cited:
            phrases = map(cited, self.phrases.get(document_id, ()))
            matches = [(cue, words, self.citations.opening(words, self.posts[document_id]))
                       for cue, words in phrases]
            self._cited[document_id] = [
                (post, f"{cue} {next(name for name in post.names if begins_with(words, name))}")
                for cue, words, post in matches if post
            ]
        return self._cited[document_id]


def _add_ends(by_ending: Mapping[str, list[str]], name: str, endings: Container[str]) -> None:
    """Note under which shorter names somebody may be quoted: by the last of several."""
    words = name.split(" ")
    for start in range(1, len(words)):
        if (end := " ".join(words[start:])) in endings:
            by_ending[end].append(name)
