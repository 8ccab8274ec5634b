"""Tell sentences as mentions in their own words: English ones that no statement repeats, Chinese ones.

Such a sentence is quoted as it stands, so that nothing is added to what somebody wrote; whether it may found
a claim says another model (`models/founding`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from models.chinese import sentences as chinese_sentences
from models.gazetteer import Entity
from models.language import passing_words, wording
from models.language.names.document import Document
from models.language.parsing.frames import Saying, Voice
from models.language.parsing.parser import Tree, near
from models.language.parsing.syntax import FINITE
from models.language.propositions.passing import additive, is_deed, times_of_telling
from models.language.propositions.verb_groups import adverb_role
from models.language.slots.claim_kind import chinese_kind, kind_of, tells_identity, without_names
from models.language.slots.dates import event_time
from models.language.slots.quantities import numbers
from models.protocols.language import FoundMention, FoundSpeech


def as_sure_as_told(tree: Tree, saying: Saying) -> Saying:
    """Return how a sentence is said, at most as sure as the adverbs of its main clause leave it.

    What is "reportedly" so nobody stands behind, the author neither.
    """
    roles = {adverb_role(tree, word): tree.word(word)
             for token in tree.tokens if token.dep_ == "ROOT" for word in token.children}
    if "reported" in roles:
        relayed = saying.less_sure("reported", roles["reported"])
        return replace(relayed, voice=Voice("anonymous")) if saying.voice.by_author else relayed
    return saying.less_sure("hedged", roles["hedged"]) if "hedged" in roles else saying


def english(document: Document, tree: Tree, names: Sequence[Any], saying: Saying) -> Iterator[FoundMention]:
    """Yield a parsed sentence that names something tracked as a mention in its own words, without what only
    ties it to its post (`passing`).

    A sentence that asks, doubts or denies gives none, since it answers another claim; nor does one that was
    cut or has no subject, or one that refers back before its first name.
    """
    sentence = tree.sentence
    if wording.cut_at(document.part(sentence.part), sentence.end) is not None or _lacks_subject(tree):
        return
    stripped = wording.whole(document.part(sentence.part)[sentence.label_end : sentence.body_end])
    if stripped is None or stripped[0].endswith("?") or saying.denied or saying.certainty == "questioned":
        return
    text, start, end = stripped[0], sentence.label_end + stripped[1], sentence.label_end + stripped[2]
    own_names = [n for n in names if n.entity and start <= n.start < end]
    body = document.part(sentence.part)[start:end]
    if own_names and not wording.needs_context(body, min(n.start for n in own_names) - start):
        entities = [n.entity for n in own_names]
        roots = [token for token in tree.tokens if token.dep_ == "ROOT"]
        dated = _without(text, tree, (run for root in roots for run in additive(tree, root)))
        told = _without(dated, tree, (run for root in roots for run in times_of_telling(tree, root)))
        mention = _mention(document, (sentence.part, start, end), told, entities, saying, dated)
        undated_deed = mention.event_at is None and any(is_deed(tree.base(root)) for root in roots)
        if undated_deed or len(told.split()) < wording.FEWEST:
            mention = _mention(document, (sentence.part, start, end), dated, entities, saying, dated)
        yield mention


def _without(text: str, tree: Tree, runs: Iterable[Sequence[Any]]) -> str:
    """Return a sentence without runs of its tokens."""
    phrases = [tree.verbatim(run) for run in runs]
    return wording.capitalised(passing_words.without(text, phrases)) if phrases else text


def _lacks_subject(tree: Tree) -> bool:
    """Return whether a sentence begins with what was done and has no other verb, so that it never says by
    whom: "Announced adoption of X", "Added support for X".
    """
    first, *others = tree.tokens
    # The tagger takes such a participle for an adjective, too.
    return bool(first.tag_ in ("VBD", "VBN", "JJ") and tree.word(first).endswith("ed")
                and tree.entity(first) is None and not any(token.tag_ in FINITE for token in others))


def chinese(document: Document, speech: Sequence[FoundSpeech]) -> Iterator[FoundMention]:
    """Yield each Chinese sentence that names something tracked and stands alone; `speech` is who speaks in
    the document, where that is not its author.

    A sentence that asks, doubts or tells a denial gives none, since it answers another claim.
    """
    for part in ("title", "text"):
        text = document.part(part)
        spoken = [said for said in speech if said.part == part]
        starts = [said.start for said in spoken]
        for begin, stop in chinese_sentences.sentences(text):
            if (stripped := chinese_sentences.whole(text[begin:stop])) is None:
                continue
            words, start, end = stripped[0], begin + stripped[1], begin + stripped[2]
            own_names = [n for n in near(document.names(part), start, end) if n.entity and start <= n.start]
            if not own_names or chinese_sentences.needs_context(words, own_names[0].start - start):
                continue
            # Speeches follow one another, so that only the one before may reach into the sentence.
            heard = spoken[max(0, bisect_right(starts, start) - 1) : bisect_left(starts, end)]
            said = [_saying(speaking) for speaking in heard if start < speaking.end]
            saying = said[0] if said else Saying(document.author)
            if all(each.certainty != "questioned" for each in said):
                entities = [n.entity for n in own_names if n.entity]
                yield _mention(document, (part, start, end), words, entities, saying)


def _saying(speech: FoundSpeech) -> Saying:
    voice = Voice(speech.voice, speech.speaker, speech.speaker_organisation)
    return Saying(voice, speech.speech_verb, certainty=speech.certainty, attributed_to=speech.attributed_to)


def _mention(document: Document, place: tuple[str, int, int], text: str, entities: Sequence[Entity],
             saying: Saying, dated: str | None = None) -> FoundMention:
    """Return a sentence as a mention; `dated` is the same with the times that it is told without."""
    part, start, end = place
    organisations = organisations_of(entities)
    event_at, precision = event_time(dated or text, document.passage.published_at,
                                     ahead=True if saying.certainty == "predicted" else None)
    return FoundMention(
        part=part, start=start, end=end, proposition=text, kind=sentence_kind(text, entities),
        speaker=saying.voice.name, by_author=saying.voice.by_author,
        speaker_organisation=saying.voice.organisation,
        speaker_role=role_of(saying.voice, organisations, document), speech_verb=saying.verb,
        attributed_to=saying.attributed_to, negated=False, certainty=saying.certainty,
        event_at=event_at, event_precision=precision, organisations=organisations,
        entities=tuple(dict.fromkeys(entity.name for entity in entities)),
        numbers=numbers(without_names(text, entities)), cues=saying.cues)


def sentence_kind(sentence: str, entities: Sequence[Entity]) -> str:
    """Return the kind of a sentence that becomes a mention unchanged."""
    if tells_identity(sentence, entities):
        return "identity"
    return chinese_kind(sentence) or kind_of(sentence, "", entities, True) or "other"


def organisations_of(entities: Iterable[Entity]) -> tuple[str, ...]:
    """Return the organisations that are named, and those whose models or people are."""
    names = [
        entity.name if entity.type == "organisation" else entity.owner for entity in entities
        if entity.type in ("organisation", "model", "person")
    ]
    return tuple(dict.fromkeys(name for name in names if name))


def role_of(voice: Voice, organisations: tuple[str, ...], document: Document) -> str:
    """Return the role of a speaker toward a claim about these organisations."""
    if voice.organisation and voice.organisation in organisations:
        return "first_party"
    if voice.kind in ("community", "anonymous", "expert"):
        return voice.kind
    return document.passage.source_role
