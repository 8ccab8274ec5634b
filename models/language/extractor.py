"""Find the mentions in passages: names, candidate sentences, parse, speaker, proposition and its slots."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from models.gazetteer import Entity, Gazetteer
from models.language import whole_sentences
from models.language.attribution import chinese
from models.language.attribution.quotations import Attributions
from models.language.attribution.source_credits import credited_source
from models.language.attribution.speakers import Voices
from models.language.attribution.walker import Walker
from models.language.names import document as documents
from models.language.names.document import Document
from models.language.names.entity_spans import KnownNames
from models.language.parsing.frames import ORDER, Frame, Saying, Voice
from models.language.parsing.language_id import tongue
from models.language.parsing.parser import Parser, Tree, near
from models.language.parsing.sentences import Sentence, split
from models.language.parsing.syntax import beside_the_main_clause
from models.language.passages import spans
from models.language.propositions.coreference import References
from models.language.propositions.nominals import statement
from models.language.propositions.passing import is_deed
from models.language.propositions.writer import Writer
from models.language.slots.claim_kind import kind_of, without_names
from models.language.slots.dates import event_time
from models.language.slots.filters import about_topic, is_claim
from models.language.slots.quantities import numbers
from models.language.whole_sentences import organisations_of, role_of, sentence_kind
from models.language.wording import cut_at, goes_on, leads_on, stretch
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

RULES = "rules-13"
_BATCH = 128
_INHERITED = 4  # a passage inherits so many names from the text before it
_WORD = re.compile(r"[^\W\d_]{3,}|[\u3400-\u9fff]{2,}")
_REFERRING = re.compile(
    r"\b(?:it|its|they|their|them|he|she|we|our|the (?:new |latest )?"
    r"(?:models?|company|firm|startup|lab|executive|exec|spokes\w+|chatbot|team|rumou?r|claim|report|story|allegation|leak)"
    r"|the (?:\$[\d.]+ ?\w* )?(?:training |release )?"
    r"(?:investment|project|funding|costs?|figure|price|pricing|licen[cs]e|weights|benchmarks?))\b",
    re.I,
)


_POLL = re.compile(r"\b(?:twitter|x|reddit|online|straw)? ?polls?\b", re.I)
# "Anyone want the script?", "How do I run X?" ask for help and question no claim.
_ASKING = re.compile(
    r"(?:has |does |can |did |is |are )?(?:any(?:one|body)|who|how|where|wanna|want|should)\b", re.I
)


_VERBS = cues().verbs
_THING_IS_SAID = (
    {verb.replace("_", " ") for verb in _VERBS["deny"]} | (_VERBS["question"] - {"ask"}) | _VERBS["predict"]
    | _VERBS["accuse"] | _VERBS["admit"] | _VERBS["answer"] | {"say", "claim", "allege"}
)
_LEADS_TO_QUOTATION = re.compile(r":\s*[\"“«]")


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
        """Yield what the gazetteer knows of each name, except names that it matches only in part."""
        for name in names:
            if (entity := self._gazetteer.named(name)) is not None:
                kind = "evaluator" if self._gazetteer.evaluates(entity.name) else entity.type
                yield KnownName(name, kind, entity.owner)

    def statement(self, sentence: str, when: datetime | None) -> Statement:
        """Return a sentence's subject matter; its relative times count from `when`."""
        entities = self._gazetteer.find(sentence)
        kind = sentence_kind(sentence, entities)
        event_at, precision = event_time(sentence, when, ahead=True if kind in ("release", "delay") else None)
        names = tuple(dict.fromkeys(entity.name for entity in entities))
        figures = numbers(without_names(sentence, entities))
        return Statement(kind, organisations_of(entities), names, figures, event_at, precision)

    def read(self, texts: Iterable[DocumentText]) -> Iterator[Reading]:
        """Yield the reading of each text; only English and Chinese ones have mentions, Chinese ones whole
        sentences alone.
        """
        stream = iter(texts)
        while batch := list(islice(stream, _BATCH)):
            yield from self._read_batch(batch)

    def _read_batch(self, texts: list[DocumentText]) -> Iterator[Reading]:
        works = [self._prepare(text) for text in texts]
        to_parse = [
            (sentence, work.document.part(sentence.part), work.document.cased[sentence.part],
             work.document.names(sentence.part))
            for work in works
            for sentence, wanted in work.sentences
            if wanted
        ]
        trees = self._parser.trees(to_parse)
        for work in works:
            parsed = [next(trees) if wanted else None for _, wanted in work.sentences]
            mentions, sentences, speech = self._find(work, parsed)
            if work.language == "zh":
                speech = chinese.speech(work.document, self._gazetteer)
                sentences = list(whole_sentences.chinese(work.document, speech))
            author = work.document.author
            yield Reading(tuple(mentions), tuple(sentences), tuple(passages_of(work.document)), tuple(speech),
                          author.name, author.organisation)

    def _prepare(self, text: DocumentText) -> _Work:
        work = _Work(documents.read(text, self._gazetteer, self._parser.is_no_name), tongue(text))
        if work.language != "en":
            return work
        has_name = bool(work.document.title_names or work.document.parent_entities)
        for part in ("text", "title"):
            for found_sentence in split(part, work.document.part(part)):
                sentence = credited_source(found_sentence, work.document, self._gazetteer)
                if (cut := cut_at(work.document.part(part), sentence.end)) is not None:
                    sentence = replace(sentence, body_end=min(cut, sentence.body_end))
                names = [
                    n for n in near(work.document.names(part), sentence.start, sentence.end)
                    if sentence.start <= n.start and n.entity
                ]
                body_names = [n for n in names if n.start >= sentence.label_end]
                body = work.document.part(part)[sentence.label_end : sentence.body_end]
                wanted = bool(body_names) or (
                    (has_name or bool(names)) and _REFERRING.search(body) is not None
                )
                work.sentences.append((sentence, wanted))
                has_name = has_name or bool(names)
        return work

    def _find(self, work: _Work, trees: list[Tree | None]
              ) -> tuple[list[FoundMention], list[FoundMention], list[FoundSpeech]]:
        document = work.document
        voices = Voices(document, self._gazetteer)
        references = References(document, self._gazetteer)
        attributions = Attributions(document)
        mentions: list[FoundMention] = []
        sentences: list[FoundMention] = []
        speech: list[FoundSpeech] = []
        for (sentence, _), tree in zip(work.sentences, trees, strict=True):
            nearby = [n for n in near(document.names(sentence.part), sentence.start, sentence.end)
                      if sentence.start <= n.start]
            entities = [n.entity for n in nearby if n.entity]
            if sentence.label_end > sentence.start:
                references.label([n.entity for n in nearby if n.entity and n.start < sentence.label_end])
            if tree is None:
                attributions.listen(sentence, voices)
            else:
                saying = attributions.saying(sentence, voices)
                origin = attributions.origin(tree)
                if origin is not None:
                    mentions = _trace_back(mentions, origin)
                    references.move(tree, entities)
                    continue
                walk = Walker(tree, voices)
                frames = attributions.inside(walk.run(saying), tree, voices)
                quote = document.part(sentence.part)[sentence.label_end : sentence.end]
                to_quotation = _LEADS_TO_QUOTATION.search(quote) is not None
                spoken = [f for f in frames if f.saying.spoken and _tells_all(f, to_quotation)
                          and not beside_the_main_clause(f.head)]
                main = min(spoken, key=_distance_to_the_main_clause, default=None)
                content = whole_sentences.as_sure_as_told(tree, main.saying if main else saying)
                if found_speech := _speech(sentence, content):
                    speech.append(found_speech)
                writer = Writer(tree, references, walk.seen | {frame.head.i for frame in frames})
                from_frames = [mention for frame in frames
                               if (mention := self._mention(document, tree, writer, frame)) is not None]
                mentions += from_frames
                if not any(mention.negated or mention.certainty in ("reported", "hedged")
                           or stretch(mention.proposition, quote) for mention in from_frames):
                    sentences += whole_sentences.english(document, tree, nearby, content)
            references.move(tree, entities)
        order = {"title": 0, "text": 1}
        return sorted(_once(mentions), key=lambda m: (order[m.part], m.start)), sentences, speech

    def _mention(self, document: Document, tree: Tree, writer: Writer, frame: Frame) -> FoundMention | None:
        draft = statement(writer, frame) if frame.form in ("noun", "described") else writer.write(frame)
        if draft is not None and not is_claim(tree, frame, draft):
            draft = about_topic(tree, frame, draft, writer.references.topic())
        if draft is None:
            return None
        if cut_at(tree.text, tree.sentence.end) is not None and tree.last_word in draft.tokens:
            return None  # nobody knows how the statement goes on
        saying = frame.saying
        certainty = max(saying.certainty, draft.certainty, key=ORDER.index)
        sentence = tree.sentence
        body = tree.text[sentence.label_end : sentence.body_end]
        if leads_on(draft.text, body) or goes_on(draft.text):
            return None
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
        organisations = organisations_of(e for e in draft.entities if e.name not in draft.places)
        voice = saying.voice
        if voice.kind == "author" and draft.certainty == "reported":
            voice = Voice("anonymous")
        ahead = True if draft.ahead is None and (certainty == "predicted" or kind == "delay") else draft.ahead
        event_at, precision = event_time(draft.dated, document.passage.published_at, ahead=ahead)
        proposition = draft.dated if event_at is None and is_deed(draft.main_verb) else draft.text
        return FoundMention(
            part=sentence.part,
            start=sentence.label_end,
            end=sentence.end,
            proposition=proposition,
            kind=kind,
            speaker=voice.name,
            by_author=voice.by_author,
            speaker_organisation=voice.organisation,
            speaker_role=role_of(voice, organisations, document),
            speech_verb=saying.verb,
            attributed_to=saying.attributed_to,
            negated=saying.denied != draft.negated,
            certainty=certainty,
            event_at=event_at,
            event_precision=precision,
            organisations=organisations,
            # The subject's names come first, before names that it is compared with.
            entities=tuple(dict.fromkeys(e.name for e in (*draft.subject_entities, *draft.entities))),
            numbers=numbers(without_names(proposition, draft.entities)),
            cues=tuple(dict.fromkeys((*saying.cues, *draft.cues))),
        )


def passages_of(document: Document) -> Iterator[FoundPassage]:
    """Yield the passages of a document that name or inherit something, title first."""
    context = [*document.parent_entities, *(n.entity for n in document.title_names if n.entity)]
    for part in ("title", "text"):
        text = document.part(part)
        names = [n for n in document.names(part) if n.entity]
        earlier: list[Entity] = []
        next_name = 0
        for start, end in spans(text):
            own_entities = []
            while next_name < len(names) and names[next_name].start < end:
                own_entities.append(names[next_name].entity)
                next_name += 1
            said_names = tuple(dict.fromkeys(entity.name for entity in own_entities if entity))
            heard_names = (
                *(entity.name for entity in context),
                *(entity.name for entity in earlier[-_INHERITED:]),
            )
            inherited = tuple(name for name in dict.fromkeys(heard_names) if name not in said_names)
            if (said_names or inherited) and _WORD.search(text, start, end):
                inside = [
                    replace(entity, start=entity.start - start, end=entity.end - start)
                    for entity in own_entities
                    if entity and start <= entity.start and entity.end <= end
                ]
                yield FoundPassage(part, start, end, said_names, organisations_of(inside), inherited,
                                   numbers(without_names(text[start:end], inside)))
            earlier += [entity for entity in own_entities if entity]


def _tells_all(frame: Frame, leads_to_quotation: bool) -> bool:
    """Return whether what is said can be the sentence's statement: a clause, a quotation, or a thing that is
    denied, foretold, admitted or answered. "X asked ChatGPT" and "X described Y" tell of a thing: the writer
    tells it.
    """
    saying = frame.saying
    if frame.form != "noun":
        return True
    if saying.voice.kind not in ("named", "staff"):
        return saying.verb != "ask"  # "users report outages" puts nothing into anybody's mouth
    return leads_to_quotation or saying.verb in _THING_IS_SAID


def _distance_to_the_main_clause(frame: Frame) -> tuple[bool, int]:
    """Return how far what is said stands from the sentence's main clause: clauses stand nearer than nouns."""
    return frame.form != "clause", sum(1 for _ in frame.head.ancestors)


def _speech(sentence: Sentence, saying: Saying) -> FoundSpeech | None:
    """Return how a sentence is said; None for the author's plain assertion."""
    plain = saying.voice.by_author and saying.certainty == "asserted" and not saying.attributed_to
    if plain:
        return None
    return FoundSpeech(sentence.part, sentence.start, sentence.end, saying.voice.kind, saying.voice.name,
                       saying.voice.organisation, saying.verb, saying.attributed_to, saying.certainty)


def _trace_back(found: list[FoundMention], origin: str) -> list[FoundMention]:
    """Attribute the newest rumour without an origin to the origin that a later sentence tells."""
    for index in range(len(found) - 1, -1, -1):
        mention = found[index]
        if (
            mention.certainty == "reported" and mention.attributed_to is None and mention.speaker is None
            and mention.part == "text"
        ):
            return [*found[:index], replace(mention, attributed_to=origin), *found[index + 1 :]]
    return found


def _once(found: list[FoundMention]) -> Iterator[FoundMention]:
    seen: set[tuple[str, int, int, str]] = set()
    for mention in found:
        key = (mention.part, mention.start, mention.end, mention.proposition)
        if key not in seen:
            seen.add(key)
            yield mention
