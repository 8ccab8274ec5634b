"""Find the mentions in passages: names, candidate sentences, parse, speaker, proposition and its slots."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any

from models.gazetteer import Entity, Gazetteer
from models.language.attribution import chinese
from models.language.attribution.quotations import Attributions
from models.language.attribution.speakers import Voices
from models.language.attribution.walker import Walker
from models.language.names import document as documents
from models.language.names.document import Document
from models.language.names.entity_spans import KnownNames
from models.language.parsing.frames import ORDER, Frame, Saying, Voice
from models.language.parsing.language_id import tongue
from models.language.parsing.parser import Parser, Tree, near
from models.language.parsing.sentences import Sentence, split
from models.language.passages import spans
from models.language.propositions.coreference import References
from models.language.propositions.nominals import statement
from models.language.propositions.writer import Writer
from models.language.slots.claim_kind import chinese_kind, kind_of, tells_identity, without_names
from models.language.slots.dates import event_time
from models.language.slots.filters import about_topic, is_claim
from models.language.slots.quantities import numbers
from models.language.wording import points, stretch, whole
from models.lexicon import cues
from models.protocols.language import (
    DocumentText,
    FoundMention,
    FoundPassage,
    FoundSpeech,
    KnownName,
    Reading,
    Statement,
)

RULES = "rules-8"
_BATCH = 128
_REMEMBERED = 4  # names before a passage that it inherits
_WORD = re.compile(r"[^\W\d_]{3,}|[\u3400-\u9fff]{2,}")
_REFERRING = re.compile(
    r"\b(?:it|its|they|their|them|he|she|we|our|the (?:new |latest )?"
    r"(?:models?|company|firm|startup|lab|executive|exec|spokes\w+|chatbot|team|rumou?r|claim|report|story|allegation|leak)"
    r"|the (?:\$[\d.]+ ?\w* )?(?:training |release )?"
    r"(?:investment|project|funding|costs?|figure|price|pricing|licen[cs]e|weights|benchmarks?))\b",
    re.I,
)


_POLL = re.compile(r"\b(?:twitter|x|reddit|online|straw)? ?polls?\b", re.I)
# "Anyone want the script?", "How do I run X?": asks for help, and puts no claim in question.
_ASKING = re.compile(
    r"(?:has |does |can |did |is |are )?(?:any(?:one|body)|who|how|where|wanna|want|should)\b", re.I
)


@dataclass(slots=True)
class _Work:
    document: Document
    language: str
    sentences: list[tuple[Sentence, bool]] = field(default_factory=list)


class SpacyLanguage:
    """The model of `models.protocols.language.Language`: spaCy's parse, the gazetteer's names, patterns for
    the rest.
    """

    def __init__(self, parser: Parser, gazetteer: Gazetteer) -> None:
        self._parser = parser
        self._gazetteer = KnownNames(gazetteer)

    @property
    def name(self) -> str:
        """Return the versions of rules, parser and gazetteer as one name."""
        return f"{RULES}+{self._parser.name}+gazetteer-{self._gazetteer.version}"

    def language_of(self, passage: DocumentText) -> str:
        """Return the two-letter code of the language that a passage is written in."""
        return tongue(passage)

    def known(self, names: Iterable[str]) -> Iterator[KnownName]:
        """Yield what the gazetteer knows of each name; a name that it reads only in part is left out."""
        for name in names:
            if (found := self._gazetteer.named(name)) is not None:
                kind = "evaluator" if self._gazetteer.evaluates(found.name) else found.type
                yield KnownName(name, kind, found.owner)

    def statement(self, sentence: str, when: datetime | None) -> Statement:
        """Return what a sentence is about; its relative times count from `when`."""
        entities = self._gazetteer.find(sentence)
        kind = _kind(sentence, entities)
        at, precision = event_time(sentence, when, ahead=True if kind in ("release", "delay") else None)
        names = tuple(dict.fromkeys(entity.name for entity in entities))
        figures = numbers(without_names(sentence, entities))
        return Statement(kind, _organisations(entities), names, figures, at, precision)

    def read(self, texts: Iterable[DocumentText]) -> Iterator[Reading]:
        """Yield the reading of each text; one in another language than English has no mentions."""
        stream = iter(texts)
        while batch := list(islice(stream, _BATCH)):
            yield from self._read_batch(batch)

    def _read_batch(self, texts: list[DocumentText]) -> Iterator[Reading]:
        works = [self._prepare(text) for text in texts]
        asked = [
            (sentence, work.document.part(sentence.part), work.document.names(sentence.part))
            for work in works
            for sentence, wanted in work.sentences
            if wanted
        ]
        trees = self._parser.trees(asked)
        for work in works:
            parsed = [next(trees) if wanted else None for _, wanted in work.sentences]
            mentions, sentences, speech = self._find(work, parsed)
            if work.language == "zh":
                speech = chinese.speech(work.document, self._gazetteer)
            author = work.document.author
            yield Reading(tuple(mentions), tuple(sentences), tuple(passages_of(work.document)), tuple(speech),
                          author.name, author.organisation)

    def _prepare(self, text: DocumentText) -> _Work:
        work = _Work(documents.read(text, self._gazetteer), tongue(text))
        if work.language != "en":
            return work
        known = bool(work.document.title_names or work.document.parent_entities)
        for part in ("text", "title"):
            for sentence in split(part, work.document.part(part)):
                names = [
                    n for n in near(work.document.names(part), sentence.start, sentence.end)
                    if sentence.start <= n.start and n.entity
                ]
                inside = [n for n in names if n.start >= sentence.label_end]
                body = work.document.part(part)[sentence.label_end : sentence.end]
                wanted = bool(inside) or ((known or bool(names)) and _REFERRING.search(body) is not None)
                work.sentences.append((sentence, wanted))
                known = known or bool(names)
        return work

    def _find(self, work: _Work, trees: list[Tree | None]
              ) -> tuple[list[FoundMention], list[FoundMention], list[FoundSpeech]]:
        document = work.document
        voices = Voices(document, self._gazetteer)
        references = References(document, self._gazetteer)
        attributions = Attributions(document)
        found: list[FoundMention] = []
        sentences: list[FoundMention] = []
        speech: list[FoundSpeech] = []
        for (sentence, _), tree in zip(work.sentences, trees, strict=True):
            here = [n for n in near(document.names(sentence.part), sentence.start, sentence.end)
                    if sentence.start <= n.start]
            names = [n.entity for n in here if n.entity]
            if sentence.label_end > sentence.start:
                references.label([n.entity for n in here if n.entity and n.start < sentence.label_end])
            if tree is not None:
                saying = attributions.saying(sentence, voices)
                origin = attributions.origin(tree)
                if origin is not None:
                    found = _trace_back(found, origin)
                    references.move(tree, names)
                    continue
                walk = Walker(tree, voices)
                frames = walk.run(saying)
                told = next((frame.saying for frame in frames if frame.saying.spoken), saying)
                told = told if frames else saying
                if said := _speech(sentence, told):
                    speech.append(said)
                writer = Writer(tree, references, walk.seen | {frame.head.i for frame in frames})
                own = [mention for frame in frames
                       if (mention := self._mention(document, tree, writer, frame)) is not None]
                found += own
                quote = document.part(sentence.part)[sentence.label_end : sentence.end]
                if not any(one.negated or one.certainty in ("reported", "hedged")
                           or stretch(one.proposition, quote) for one in own):
                    sentences += _whole(document, sentence, [n for n in here if n.entity], told)
            references.move(tree, names)
        order = {"title": 0, "text": 1}
        return sorted(_once(found), key=lambda m: (order[m.part], m.start)), sentences, speech

    def _mention(self, document: Document, tree: Tree, writer: Writer, frame: Frame) -> FoundMention | None:
        draft = statement(writer, frame) if frame.form in ("noun", "described") else writer.write(frame)
        if draft is not None and not is_claim(tree, frame, draft):
            draft = about_topic(tree, frame, draft, writer.references.topic())
        if draft is None:
            return None
        saying = frame.saying
        certainty = max(saying.certainty, draft.certainty, key=ORDER.index)
        sentence = tree.sentence
        body = tree.text[sentence.label_end : sentence.end]
        asks = body.rstrip("\"'”’) ").endswith("?")
        certainty = "questioned" if asks else certainty
        kind = kind_of(
            draft.text, draft.main_verb, draft.entities,
            saying.spoken or draft.negated or certainty != "asserted",
        )
        if (asks and _ASKING.match(body)) or _POLL.search(body if kind == "benchmark_result" else draft.text):
            return None
        # "X's claim is misleading"
        judged = {tree.base(t) for t in draft.subject} & (cues().words["matter"] | cues().words["checkable"])
        if kind is None or (kind == "other" and (draft.trait or frame.form == "predicate") and not judged):
            return None
        organisations = _organisations(e for e in draft.entities if e.name not in draft.places)
        voice = saying.voice
        if voice.kind == "author" and draft.certainty == "reported":
            voice = Voice("anonymous")
        ahead = True if draft.ahead is None and (certainty == "predicted" or kind == "delay") else draft.ahead
        when, precision = event_time(draft.text, document.passage.published_at, ahead=ahead)
        return FoundMention(
            part=sentence.part,
            start=sentence.label_end,
            end=sentence.end,
            proposition=draft.text,
            kind=kind,
            speaker=voice.name,
            by_author=voice.by_author,
            speaker_organisation=voice.organisation,
            speaker_role=_role(voice, organisations, document),
            speech_verb=saying.verb,
            attributed_to=saying.attributed_to,
            negated=saying.denied != draft.negated,
            certainty=certainty,
            event_at=when,
            event_precision=precision,
            organisations=organisations,
            # The subject's first: what it is compared with comes after, wherever it stands.
            entities=tuple(dict.fromkeys(e.name for e in (*draft.subject_entities, *draft.entities))),
            numbers=numbers(without_names(draft.text, draft.entities)),
            cues=tuple(dict.fromkeys((*saying.cues, *draft.cues))),
        )


def passages_of(document: Document) -> Iterator[FoundPassage]:
    """Yield the passages of a document, title first; one without a name, said or inherited, is left out."""
    around = [*document.parent_entities, *(n.entity for n in document.title_names if n.entity)]
    for part in ("title", "text"):
        text = document.part(part)
        names = [n for n in document.names(part) if n.entity]
        before: list[Entity] = []
        place = 0
        for start, end in spans(text):
            own = []
            while place < len(names) and names[place].start < end:
                own.append(names[place].entity)
                place += 1
            said = tuple(dict.fromkeys(entity.name for entity in own if entity))
            stood = (*(entity.name for entity in around), *(entity.name for entity in before[-_REMEMBERED:]))
            inherited = tuple(name for name in dict.fromkeys(stood) if name not in said)
            if (said or inherited) and _WORD.search(text, start, end):
                inside = [replace(entity, start=entity.start - start, end=entity.end - start)
                          for entity in own if entity and start <= entity.start and entity.end <= end]
                yield FoundPassage(part, start, end, said, _organisations(inside), inherited,
                                   numbers(without_names(text[start:end], inside)))
            before += [entity for entity in own if entity]


def _whole(document: Document, sentence: Sentence, names: Sequence[Any], saying: Saying
           ) -> Iterator[FoundMention]:
    """Yield a sentence that names something tracked as a mention in its own words.

    None of one that asks, doubts or denies: what it speaks to is another claim. None of one that points to
    something before its first name.
    """
    told = whole(document.part(sentence.part)[sentence.label_end : sentence.end])
    if told is None or told[0].endswith("?") or saying.denied or saying.certainty == "questioned":
        return
    text, start, end = told[0], sentence.label_end + told[1], sentence.label_end + told[2]
    named = [n for n in names if start <= n.start < end]
    body = document.part(sentence.part)[start:end]
    if not named or points(body, min(n.start for n in named) - start):
        return
    inside = [n.entity for n in named]
    organisations = _organisations(inside)
    when, precision = event_time(text, document.passage.published_at,
                                 ahead=True if saying.certainty == "predicted" else None)
    yield FoundMention(
        part=sentence.part, start=start, end=end, proposition=text,
        kind=_kind(text, inside), speaker=saying.voice.name,
        by_author=saying.voice.by_author, speaker_organisation=saying.voice.organisation,
        speaker_role=_role(saying.voice, organisations, document), speech_verb=saying.verb,
        attributed_to=saying.attributed_to, negated=False, certainty=saying.certainty,
        event_at=when, event_precision=precision, organisations=organisations,
        entities=tuple(dict.fromkeys(entity.name for entity in inside)),
        numbers=numbers(without_names(text, inside)), cues=saying.cues)


def _kind(sentence: str, entities: Sequence[Entity]) -> str:
    """Return the kind of a sentence that is taken as it stands."""
    if tells_identity(sentence, entities):
        return "identity"
    return chinese_kind(sentence) or kind_of(sentence, "", entities, True) or "other"


def _speech(sentence: Sentence, saying: Saying) -> FoundSpeech | None:
    """Return how a sentence is said; None for the author's plain assertion."""
    plain = saying.voice.by_author and saying.certainty == "asserted" and not saying.attributed_to
    if plain:
        return None
    return FoundSpeech(sentence.part, sentence.start, sentence.end, saying.voice.kind, saying.voice.name,
                       saying.voice.organisation, saying.verb, saying.attributed_to, saying.certainty)


def _organisations(entities: Iterable[Entity]) -> tuple[str, ...]:
    names = [
        entity.name if entity.type == "organisation" else entity.owner for entity in entities
        if entity.type in ("organisation", "model", "person")
    ]
    return tuple(dict.fromkeys(name for name in names if name))


def _role(voice: Voice, organisations: tuple[str, ...], document: Document) -> str:
    if voice.organisation and voice.organisation in organisations:
        return "first_party"
    if voice.kind in ("community", "anonymous", "expert"):
        return voice.kind
    return document.passage.source_role


def _trace_back(found: list[FoundMention], origin: str) -> list[FoundMention]:
    """Give the newest rumour without an origin the one that a later sentence tells."""
    for at in range(len(found) - 1, -1, -1):
        mention = found[at]
        if (
            mention.certainty == "reported" and mention.attributed_to is None and mention.speaker is None
            and mention.part == "text"
        ):
            return [*found[:at], replace(mention, attributed_to=origin), *found[at + 1 :]]
    return found


def _once(found: list[FoundMention]) -> Iterator[FoundMention]:
    seen: set[tuple[str, int, int, str]] = set()
    for mention in found:
        key = (mention.part, mention.start, mention.end, mention.proposition)
        if key not in seen:
            seen.add(key)
            yield mention
