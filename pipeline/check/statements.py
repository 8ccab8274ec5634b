"""The statements of a text: its sentences that say something checkable, or name what a known claim names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.chinese.han import has_han
from models.passage_context import passage_context
from models.protocols.founding import Candidate, Founder
from models.protocols.language import DocumentText, FoundMention, FoundPassage, Reading
from pipeline.core.vocabulary import Part

BEFORE = 200  # characters before a statement that it stands in, as gathering reads them
MOST = 100  # statements of a text that are put to claims, from its beginning


@dataclass(frozen=True, slots=True)
class Made:
    """What a sentence says with attribution and negation taken off, and how likely it may found a claim."""

    mention: FoundMention
    founding: float


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a part of the text. `made` is empty where it is not taken apart: in another language
    than English, and where it says nothing of its own ("That is false.").
    """

    part: Part
    start: int
    end: int
    quote: str
    context: str
    names: tuple[str, ...]
    inherited: tuple[str, ...]
    numbers: tuple[str, ...]
    made: tuple[Made, ...]

    @property
    def chinese(self) -> bool:
        """Return whether it is in Chinese, which is searched and read, and not taken apart."""
        return has_han(self.quote)

    @property
    def best(self) -> Made | None:
        """Return what it says most checkably."""
        return max(self.made, key=lambda made: made.founding, default=None)


def statements(text: DocumentText, reading: Reading, founder: Founder) -> list[Statement]:
    """Return the statements of a text that was read, title first, in their order; MOST at most."""
    made: dict[tuple[str, int, int], list[Made]] = defaultdict(list)
    mentioned = {(mention.part, mention.proposition) for mention in reading.mentions}
    mentions = [*reading.mentions,
                *(mention for mention in reading.sentences
                  if (mention.part, mention.proposition) not in mentioned)]
    candidates = [_candidate(text, mention) for mention in mentions]
    for mention, judgement in zip(mentions, founder.judge(candidates) if candidates else (), strict=True):
        made[mention.part, mention.start, mention.end].append(
            Made(replace(mention, kind=judgement.kind or mention.kind), judgement.probability))
    all_statements = [_of_mentions(text, place, made_here, reading.passages)
                      for place, made_here in made.items()]
    all_statements += [_of_passage(text, passage) for passage in reading.passages
                       if passage.names and not any(_overlap(passage, *place) for place in made)]
    all_statements.sort(key=lambda statement: (statement.part != Part.TITLE, statement.start, statement.end))
    return all_statements[:MOST]


def _of_mentions(text: DocumentText, place: tuple[str, int, int], made: Sequence[Made],
                 passages: Sequence[FoundPassage]) -> Statement:
    part, start, end = place
    overlapping = [passage for passage in passages if _overlap(passage, part, start, end)]
    names = [name for words in made for name in (*words.mention.entities, *words.mention.organisations)]
    inherited = [name for passage in overlapping
                 for name in (*passage.names, *passage.organisations, *passage.inherited)]
    numbers = [number for words in made for number in words.mention.numbers]
    return Statement(Part(part), start, end, _body(text, part)[start:end], _context(text, part, start),
                     tuple(dict.fromkeys(names)),
                     tuple(name for name in dict.fromkeys(inherited) if name not in names),
                     tuple(dict.fromkeys(numbers)), tuple(made))


def _of_passage(text: DocumentText, passage: FoundPassage) -> Statement:
    names = tuple(dict.fromkeys((*passage.names, *passage.organisations)))
    return Statement(Part(passage.part), passage.start, passage.end,
                     _body(text, passage.part)[passage.start : passage.end],
                     _context(text, passage.part, passage.start), names, passage.inherited,
                     passage.numbers, ())


def _overlap(passage: FoundPassage, part: str, start: int, end: int) -> bool:
    return passage.part == part and passage.start < end and start < passage.end


def _candidate(text: DocumentText, mention: FoundMention) -> Candidate:
    return Candidate(mention.proposition, _body(text, mention.part)[mention.start : mention.end],
                     _context(text, mention.part, mention.start), mention.part, mention.kind,
                     mention.negated, mention.certainty, mention.entities)


def _context(text: DocumentText, part: str, start: int) -> str:
    if part == Part.TITLE:
        return ""
    return passage_context(text.title, text.parent, text.text[max(0, start - BEFORE) : start])


def _body(text: DocumentText, part: str) -> str:
    return (text.title or "") if part == Part.TITLE else text.text
