"""Read speech across sentences: quotations that run on, and sentences that name the origin of a rumour."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from models.language.attribution.speakers import Voices
from models.language.names.document import FORUMS, Document
from models.language.parsing.frames import Frame, Saying, Voice
from models.language.parsing.parser import Tree, near
from models.language.parsing.sentences import Sentence, ends, quoted_lines
from models.lexicon import any_of, cues

Token = Any

# The end of a quotation for each opening mark: a closing mark or a blank line.
_END = {mark: re.compile(rf"[{closing}]|\n\n")
        for mark, closing in (("\"", "\"”»"), ("“", "”\""), ("„", "”“"), ("«", "»"))}
_CREDIT = re.compile(r"(?:\w+ by|according to):\s+(@\w+)")
_ACCOUNT = 60  # the account that a sentence credits stands within so many characters behind it


def _forms(base: str) -> Iterator[str]:
    """Yield the forms of a regular verb that stand beside a quotation: "insist", "insists", "insisted"."""
    stem = base[:-1] if base.endswith("y") and base[-2] not in "aeiou" else None
    yield f"{stem}ies" if stem else f"{base}es" if base.endswith(("s", "sh", "ch", "x")) else f"{base}s"
    yield f"{stem}ied" if stem else f"{base}d" if base.endswith("e") else f"{base}ed"


# A name and any verb of speaking beside a quotation tell whose it is; "results show" do not.
_SAYING = frozenset(
    form for kind in ("say", "hedge", "predict", "deny", "question") for base in cues().verbs[kind]
    if base not in cues().verbs["show"] | cues().verbs["deed"] for form in _forms(base)
)
_VERB = rf"(?:{any_of(_SAYING | cues().words['says_beside_quote'])})"
# A dot inside a name, or behind an initial or a title, ends no sentence.
_INNER = r"(?:(?:[A-Z]|Dr|Mr|Mrs|Ms|St|Jr)\.|[\w'’-]+(?:\.[\w'’-]+)*)"
_WHO = rf"@\w+|(?:[Tt]he\s+)?{_INNER}(?:\s+(?=[A-Z]){_INNER}){{0,3}}"
_SPOKEN_BY = rf"(?:{_VERB}\s+(?P<two>{_WHO})|(?P<one>{_WHO})(?:,[^\n\"“”.]{{0,200}},)?\s+{_VERB})\b"
_AFTER = re.compile(rf"[,.!?]?[\"”»](?:[^\S\n]*{_SPOKEN_BY}|\s*[—–-]\s?(?P<signed>{_WHO})(?=[,\n]|$))")
# Behind a quotation that ends with a full stop a name begins the next sentence, unless that ends there.
_ENDS = re.compile(
    r"(?:[^\S\n]+(?:in|on|at|during|when|after|of|to|[A-Z][a-z]+day)\b|[.,;:]|[^\S\n]*(?:\n|$))")
# "said in a post:", "said on Monday:", "wrote Friday on her site:".
_WHEN = (r"(?:\s+(?:in|on|at|to|during|today|yesterday|earlier|later|last|this|[A-Z][a-z]+day)\b"
         r"[\w\s’'-]{0,60})?")
_BEFORE = re.compile(rf"(?P<one>{_WHO})\s+{_VERB}{_WHEN}\s*[:,]\s*[\"“«]$")
# Between two parts of a quotation stands one credit, however long, and no other sentence.
_RUNS_ON = re.compile(rf"[\"”»]\s*{_SPOKEN_BY}(?P<aside>[^\n\"“”]{{0,400}})[.:,]\s*[\"“«]$")
# "Jane Roe said", "said Jane Roe", "Jane Roe, who runs it, said" (then nobody stands before the verb).
_CAPITALISED = r"[A-Z][\w'’-]*+(?:\s[A-Z][\w'’-]*+){0,3}"
_HEARD = re.compile(
    rf"(?:\b(?P<who>{_CAPITALISED})|,)\s(?:also\s|later\s)?{_VERB}\b|\b{_VERB}\s(?P<two>{_CAPITALISED})")
_ORIGIN_VERBS = cues().verbs["originate"]


class Attributions:
    """Reads one document's sentences in order and remembers who was quoted last."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._regions = {part: quotations(document.part(part)) for part in ("title", "text")}
        is_forum = document.passage.platform in FORUMS
        self._quoted_lines = quoted_lines(document.part("text")) if is_forum else frozenset()

    def saying(self, sentence: Sentence, voices: Voices) -> Saying:
        """Return how a sentence is said, by author or quoted speaker, before its own words are read."""
        saying = self._said(sentence, voices)
        source = voices.source(sentence.source) if sentence.source else None
        return saying if source is None else saying.by(source)

    def _said(self, sentence: Sentence, voices: Voices) -> Saying:
        document = self._document
        label = document.part(sentence.part)[sentence.start : sentence.label_end].strip(" :*")
        entity = next((
            n.entity for n in near(document.names(sentence.part), sentence.start, sentence.start + 1)
            if n.start == sentence.start and n.entity and n.entity.text == label
        ), None)
        if entity is not None and (
            entity.type == "person" or (self._first_person(sentence) and entity.type == "organisation")
        ):
            return Saying(
                Voice("named", entity.name, entity.name if entity.type == "organisation" else entity.owner),
                spoken=True,
            )
        if entity is not None and (outlet := voices.outlet(entity.name)) is not None:
            return Saying(document.author).by(outlet)
        if re.fullmatch(r"(?:rumou?rs?|leaks?|reports?|exclusive report)", label, re.I):
            return Saying(Voice("anonymous"), certainty="reported", cues=(label.lower(),))
        credit = _CREDIT.search(document.part(sentence.part), max(sentence.start, sentence.end - 16),
                                sentence.end + _ACCOUNT)
        if credit and credit.start() < sentence.end <= credit.start(1):
            return Saying(voices.account(credit[1]), spoken=True, cues=(credit[0].split(":")[0],))
        region = self._quoted(sentence)
        speaker = beside(document.part(sentence.part), *region, voices) if region is not None else None
        if speaker is not None:
            return Saying(document.author, verb="say").by(speaker)
        if region is None and (sentence.part != "text" or sentence.paragraph not in self._quoted_lines):
            return Saying(document.author)
        # Somebody else's words, nobody knows whose: "we" in them is not the author.
        return Saying(Voice("anonymous"), certainty="reported", spoken=True)

    def _first_person(self, sentence: Sentence) -> bool:
        """Return whether the words after a label are somebody's own: quoted, or with "we"."""
        words = self._document.part(sentence.part)[sentence.label_end : sentence.end]
        return words[:1] in "\"“'‘" or re.search(r"\b(?:we|our)\b", words, re.I) is not None

    def _quoted(self, sentence: Sentence) -> tuple[int, int] | None:
        """Return the place of the quotation that covers the whole sentence."""
        regions = self._regions[sentence.part]
        # Only the last region that begins before the sentence can reach it.
        next_region = bisect_right(regions, sentence.label_end + 1, key=lambda region: region[0])
        if next_region and sentence.end <= regions[next_region - 1][1] + 2:
            return regions[next_region - 1]
        return None

    def listen(self, sentence: Sentence, voices: Voices) -> None:
        """Remember who speaks in a sentence that is not parsed."""
        text = self._document.part(sentence.part)
        for match in _HEARD.finditer(text, sentence.label_end, sentence.body_end):
            people = self._document.people_within(sentence.label_end, match.start())
            if name := match["who"] or match["two"] or (people[-1].name if people else None):
                voices.passed(name, sentence.part, match.start())

    def inside(self, frames: Sequence[Frame], tree: Tree, voices: Voices) -> list[Frame]:
        """Return the frames, those inside a quotation that is only a part of the sentence as their speaker's.
        """
        return [frame if frame.saying.spoken else self._spoken(frame, tree, voices) for frame in frames]

    def _spoken(self, frame: Frame, tree: Tree, voices: Voices) -> Frame:
        part, place = tree.sentence.part, tree.starts[frame.head.i]
        region = next((span for span in self._regions[part] if span[0] <= place < span[1]), None)
        speaker = beside(self._document.part(part), *region, voices) if region else None
        if speaker is None:
            return frame
        return replace(frame, saying=replace(frame.saying, verb="say").by(speaker))

    def origin(self, tree: Tree) -> str | None:
        """Return the source in a sentence like "the rumour originated from X"; None for any other sentence.
        """
        for token in tree.tokens:
            if token.dep_ != "nsubj" or tree.base(token) not in (
                "rumor", "rumour", "claim", "report", "allegation", "leak", "story", "speculation"
            ):
                continue
            if any(child.dep_ in ("acl", "relcl") for child in token.children):
                continue
            verbs = [token.head, *(c for c in token.head.children if c.dep_ == "xcomp")]
            for verb in verbs:
                if tree.base(verb) in _ORIGIN_VERBS:
                    sources = [
                        c for c in verb.children
                        if c.dep_ in ("prep", "agent") and tree.word(c) in ("from", "with", "by", "on", "in")
                    ]
                    if sources:
                        stop = max(t.i for s in sources for t in s.subtree)
                        first = min(sources, key=lambda s: s.i)
                        start = first.i + 1 if tree.word(first) in ("from", "with", "by") else first.i
                        return tree.verbatim(tree.tokens[start : stop + 1]).strip(" .,;")
        return None


def quotations(text: str) -> list[tuple[int, int]]:
    """Return the spans of quotations of at least four words, without their marks."""
    regions: list[tuple[int, int]] = []
    at = 0
    while at < len(text):
        if text[at] in _END and (at == 0 or text[at - 1] in " \n\t([—–-:"):
            end = _END[text[at]].search(text, at + 1, at + 2000)
            if end and end[0] != "\n\n":
                if len(text[at : end.start()].split()) >= 4:
                    regions.append((at + 1, end.start()))
                at = end.start()
        at += 1
    return regions


def beside(text: str, start: int, end: int, voices: Voices) -> Voice | None:
    """Return the speaker beside the quotation between `start` and `end`: `..." X said`, `said X`, `X said:
    "...`.
    """
    match_after = _AFTER.match(text, end)
    ends_before = match_after is not None and match_after["one"] and text[end - 1] == "."
    if match_after and ends_before and not _ENDS.match(text, match_after.end()):
        match_after = None
    match_before = _BEFORE.search(text, max(0, start - 120), start)
    for match in (match_after, match_before):
        if match:
            name = next(filter(None, match.groups())).strip()
            if voice := voices.by_words(name, match.start()):
                return voice
    # `said X. "And so on."`: the quotation goes on.
    return _last_quoted(text, start, voices)


def _last_quoted(text: str, start: int, voices: Voices) -> Voice | None:
    closing = max(text.rfind(mark, 0, start - 1) for mark in "\"”»")
    match = _RUNS_ON.match(text, closing, start) if closing >= 0 else None
    if match is None or next(ends(text, *match.span("aside")), None) is not None:
        return None
    return voices.by_words((match["one"] or match["two"]).strip(), match.start())
