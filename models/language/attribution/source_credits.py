"""Find the outlet or account that a sentence names behind its words: "(via The Verge)", "- Bloomberg", "|
TechCrunch", "(lantern.example)".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from models.language.names.document import Document
from models.language.names.entity_spans import KnownNames
from models.language.parsing.frames import Voice
from models.language.parsing.parser import near
from models.language.parsing.sentences import Sentence
from models.lexicon import cues

_CUE = r"(?:via|source:|sources?|per|from|h/t|hat tip(?: to)?)"
# What stands before a source: a parenthesis, a dash, bar or colon, or a word that names sources only.
_OPENS = re.compile(
    rf"(?:\s*[(\[]\s*(?:{_CUE}\s+)?|\s+[-–—|·•]\s*|:\s+|[,;]?\s+(?:via|per|source:|h/t)\s+)$", re.I)
_CLOSES = re.compile(r"[\s)\].!\"”’]*")
_PARENTHESIS = re.compile(rf"[(\[]\s*(?:{_CUE}\s+)?$", re.I)
_LONGEST = 40  # characters before a name in which its cue stands
_HOST = re.compile(
    r"(?<![\w.@/-])(?:[a-z0-9-]+\.)+(?:com|org|net|news|example|eu|uk|de|fr|cn|jp|ca|au|in)(?![\w/-])")
_ACCOUNT = re.compile(r"(?<=via )@\w+|(?<=h/t )@\w+")


def credited_source(sentence: Sentence, document: Document, gazetteer: KnownNames) -> Sentence:
    """Return the sentence without the source that is named behind its words, which is told apart.

    Of a title all parts have the source that stands at its end.
    """
    text = document.part(sentence.part)
    stop = len(text.rstrip()) if sentence.part == "title" else sentence.end
    for start, end, source in _sources(sentence, stop, document, gazetteer):
        opening = _OPENS.search(text, max(sentence.label_end, start - _LONGEST), start)
        if opening is None or _CLOSES.fullmatch(text, end, stop) is None:
            continue
        if "." in source and _PARENTHESIS.search(text, sentence.label_end, start) is None:
            continue  # "Built by lantern.example" may end in a host that is no source
        return replace(sentence, body_end=min(sentence.end, opening.start()), source=source)
    return sentence


def _sources(sentence: Sentence, stop: int, document: Document, gazetteer: KnownNames
             ) -> Iterator[tuple[int, int, str]]:
    """Yield the places of what may be a source behind the words: known outlets, hosts, accounts."""
    text = document.part(sentence.part)
    for name in near(document.names(sentence.part), sentence.label_end, stop):
        if name.entity and name.start > sentence.label_end and gazetteer.outlet(name.entity.name):
            yield name.start, name.end, name.entity.name
    for pattern in (_HOST, _ACCOUNT):
        for match in pattern.finditer(text, sentence.label_end, stop):
            yield match.start(), match.end(), match[0]


def outlet_voice(name_or_host: str, document: Document, gazetteer: KnownNames) -> Voice | None:
    """Return the voice of an outlet's report, the author's where the outlet itself publishes; None for what
    is no known outlet.
    """
    name = gazetteer.outlet(name_or_host)
    if name is None:
        return None
    passage = document.passage
    own = name.casefold() in passage.source_name.casefold() or gazetteer.outlet(passage.host) == name
    return document.author if own else Voice("outlet", name)


def source_voice(name_or_host: str, document: Document, gazetteer: KnownNames) -> Voice | None:
    """Return the voice of an outlet, or of whoever publishes on a host; None where that is the author, or
    everybody.
    """
    if (voice := outlet_voice(name_or_host, document, gazetteer)) is not None:
        return None if voice == document.author else voice
    host, passage = name_or_host.removeprefix("www."), document.passage
    if host in passage.host or host == passage.source_name.lower() or host in cues().words["shared_host"]:
        return None
    return Voice("outlet", gazetteer.organisation_of("news", None, host) or host)
