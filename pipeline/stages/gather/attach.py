"""Make a mention of a passage that speaks to a claim: who says it, how surely, in which words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import inf

from models.passage_context import passage_context
from pipeline.core.context import RunContext
from pipeline.core.records import Evidence, Mention, stable_id
from pipeline.core.vocabulary import Certainty, Part, Precision, Role, Stance
from pipeline.stages.gather.candidates import AROUND, name_keys
from pipeline.text.slots import ClaimText, Slots

# Above this share of belonging a passage stands against its claim: of 0.30 to 0.60, the one at which most
# sides of the development labels are right (0.875 of 303; 0.868 at 0.50).
AGAINST = 0.45
VOICE_ROLES = {"expert": Role.EXPERT, "community": Role.COMMUNITY, "anonymous": Role.ANONYMOUS}
_WORD = re.compile(r"\w{3,}")


@dataclass(frozen=True)
class SoughtClaim(ClaimText):
    """A claim for which passages are sought; nobody was heard on it yet where `first_at` is None."""

    first_at: datetime | None
    last_at: datetime | None
    followed: bool
    numbers: tuple[str, ...] = ()

    @cached_property
    def slots(self) -> Slots:
        """Return what may tell it from a look-alike."""
        return Slots(self.claim, self.kind, self.organisations, self.entities, self.numbers, self.event_at,
                     self.event_precision)

    @cached_property
    def keys(self) -> frozenset[str]:
        """Return the keys of its names, `name_keys`."""
        return name_keys((*self.entities, *self.organisations))

    @property
    def days(self) -> tuple[float, float]:
        """Return the first and last second (since 1970) at which something said may speak to it."""
        if self.first_at is None or self.last_at is None:
            return -inf, inf
        return (self.first_at - AROUND).timestamp(), (self.last_at + AROUND).timestamp()


@dataclass(frozen=True)
class Passage:
    """A stored passage with what it stands in and who publishes it."""

    passage_id: str
    version_id: str
    document_id: str
    part: Part
    start_char: int
    end_char: int
    names: tuple[str, ...]
    organisations: tuple[str, ...]
    inherited: tuple[str, ...]
    numbers: tuple[str, ...]
    speaker: str | None
    speaker_organisation: str | None
    language: str
    said_at: datetime | None
    seen_at: datetime
    counts_from: datetime | None
    quote: str
    title: str | None
    before: str | None
    answered: str | None
    source_role: Role

    @cached_property
    def context(self) -> str:
        """Return what the passage stands in, as the relation model reads it."""
        return passage_context(self.title, self.answered, self.before)

    @property
    def time(self) -> float:
        """Return when it was said or else seen (seconds since 1970)."""
        return (self.said_at or self.seen_at).timestamp()

    @property
    def all_names(self) -> tuple[str, ...]:
        """Return the names that it says or inherits."""
        return (*self.names, *self.organisations, *self.inherited)

    @property
    def speaks(self) -> bool:
        """Return False if it names nothing and answers nobody: it speaks of its subject in general, whatever
        it stands in.
        """
        return bool(self.answered or self.names or self.organisations)


@dataclass(frozen=True, slots=True)
class Speech:
    """How one sentence is said, where that is not its publisher's plain assertion."""

    version_id: str
    part: Part
    start_char: int
    end_char: int
    voice: str
    speaker: str | None
    speaker_organisation: str | None
    speech_verb: str | None
    attributed_to: str | None
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Relation:
    """What the relation model says of a claim and a passage: a stance, and how sure it is."""

    stance: Stance
    confidence: float
    related: float


def mention_of(run: RunContext, claim: SoughtClaim, passage: Passage, relation: Relation, said: Speech | None,
               model: str) -> Mention:
    """Return the mention that a passage makes of a claim, spoken by whoever `said` names, else the author."""
    speaker = said.speaker if said else passage.speaker
    organisation = said.speaker_organisation if said else passage.speaker_organisation
    by_author = said is None or said.voice == "author"
    if organisation is not None and organisation in claim.organisations:
        role = Role.FIRST_PARTY
    else:
        role = VOICE_ROLES.get(said.voice if said else "author", passage.source_role)
    return Mention(
        mention_id=stable_id("m", passage.version_id, passage.part, passage.start_char, passage.end_char,
                             claim.claim_id),
        version_id=passage.version_id,
        document_id=passage.document_id,
        part=passage.part,
        start_char=passage.start_char,
        end_char=passage.end_char,
        quote=passage.quote,
        proposition=claim.claim,
        kind=claim.kind,
        speaker=speaker,
        speaker_role=role,
        speaker_organisation=organisation,
        speech_verb=said.speech_verb if said else None,
        attributed_to=said.attributed_to if said else None,
        negated=relation.stance is Stance.DENIES,
        certainty=_certainty(relation, said),
        event_at=None,
        event_precision=Precision.UNKNOWN,
        organisations=passage.organisations,
        entities=passage.names,
        numbers=passage.numbers,
        cues=(),
        said_at=passage.said_at,
        seen_at=passage.seen_at,
        model=model,
        run_id=run.run_id,
        by_author=by_author,
    )


def _certainty(relation: Relation, speech: Speech | None) -> Certainty:
    if relation.stance is Stance.QUESTIONS:
        return Certainty.QUESTIONED
    if relation.stance is Stance.REPORTS and (speech is None or speech.certainty is Certainty.ASSERTED):
        return Certainty.REPORTED
    return speech.certainty if speech else Certainty.ASSERTED


def evidence_of(run: RunContext, claim: SoughtClaim, mention: Mention, relation: Relation,
                model: str) -> Evidence:
    """Return the evidence that a gathered mention is."""
    return Evidence(stable_id("e", claim.claim_id, mention.mention_id, model), claim.claim_id,
                    mention.mention_id, relation.stance, relation.confidence, (), model, run.now, run.run_id)


def relation_of(shares: Mapping[str, float]) -> Relation:
    """Return the relation that probabilities of the five labels come to.

    The side is decided first, against (denies, questions) or not, by the shares without *unrelated*, then
    which of its two stances. `confidence` is the probability that the passage belongs to the claim and stands
    on that side: judging lets it decide nothing where that is low. Against, it may be a little below half.
    """
    related = 1.0 - shares["unrelated"]
    against = (shares["denies"] + shares["questions"]) / max(related, 1e-9)
    stands_against = against > AGAINST
    sides = (Stance.DENIES, Stance.QUESTIONS) if stands_against else (Stance.SUPPORTS, Stance.REPORTS)
    stance = max(sides, key=lambda side: shares[side])
    return Relation(stance, min(1.0, related * (against if stands_against else 1 - against)), related)


def speech_in(passage: Passage, claim: str, spoken: Iterable[Speech]) -> Speech | None:
    """Return how the part of a passage nearest to a claim is said; None for the author's own words.

    A short post may quote somebody in one sentence and speak for itself in the next: the sentence that shares
    most words with the claim decides.
    """
    inside = [speech for speech in spoken
              if speech.part == passage.part and speech.start_char < passage.end_char
              and speech.end_char > passage.start_char]
    if not inside:
        return None
    wanted = set(_WORD.findall(claim.lower()))
    begin = passage.start_char
    parts = [(passage.quote[max(0, speech.start_char - begin) : speech.end_char - begin], speech)
             for speech in inside]
    remainder = passage.quote
    for words, _ in parts:
        remainder = remainder.replace(words, " ")
    own_shared = len(wanted & set(_WORD.findall(remainder.lower())))
    shared, best = max(((len(wanted & set(_WORD.findall(words.lower()))), -place)
                        for place, (words, _) in enumerate(parts)), default=(0, 0))
    return parts[-best][1] if shared >= own_shared or not remainder.strip() else None


def overlaps(passage: Passage, places: Sequence[tuple[str, str, int, int]]) -> bool:
    """Return True if one of the places (version, part, start, end) shares characters with the passage."""
    return any(version == passage.version_id and part == passage.part and start < passage.end_char
               and end > passage.start_char for version, part, start, end in places)
