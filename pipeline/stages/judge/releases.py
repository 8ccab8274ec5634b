"""The release ladder: which rung a claim about a release asks for, and which ones the model has reached.

The rungs, from the lowest: a name is *found* in code or a list, the model is *announced*, can be tried in a *preview*, is
there for all in an *API*, has *open weights*. Words are English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.core.records import Certainty, Platform, Rung, Stance
from pipeline.stages.judge.case import Artefact, Case, Item
from pipeline.text.names import is_page_of

# Present tense and future meaning: "we are going to launch", "coming soon".
TO_COME = re.compile(
    r"\b(?:will|going to|plan(?:s|ned|ning)? to|intends? to|aims? to|expects? to|soon|upcoming|coming (?:to|in|this|next)|in the coming"
    r"|later this|next (?:week|month|quarter|year|spring|summer|autumn|fall|winter))\b|['’]ll\b",
    re.IGNORECASE,
)
DONE = re.compile(
    r"\b(?:released|launched|shipped|rolled out|dropped|published|introducing|(?:is|are) (?:out|here|live|available)|now available|"
    r"available (?:now|today)|today)\b",
    re.IGNORECASE,
)
# Where words of several rungs stand together, the one of these that comes first is meant.
_WORDS = (
    (Rung.OPEN_WEIGHTS, re.compile(r"\bopen[- ]?(?:weights?|sourc\w+)\b|\bweights\b|\bhugging ?face\b|\bdownload(?:s|ed|able)?\b", re.I)),
    (Rung.API, re.compile(r"\bAPIs?\b|\bgeneral(?:ly)? availab\w+|\bper million tokens\b|\b(?:Bedrock|Vertex AI|Azure|OpenRouter)\b", re.I)),
    (Rung.PREVIEW, re.compile(r"\b(?:previews?|beta|early access|experimental|wait(?:ing )?list|limited (?:access|release|rollout))\b|^Pre-release: yes$", re.I | re.M)),
    (Rung.PREVIEW, re.compile(r"\b(?:re)?(?:leas(?:e[sd]?|ing)|launch\w*|ship(?:s|ped|ping)?|roll(?:s|ed|ing)? out|available|debut\w*|dropp?(?:s|ed|ing)?|out now)\b", re.I)),
    (Rung.ANNOUNCED, re.compile(r"\b(?:announc\w+|unveil\w*|reveal\w*|teas(?:e[sd]?|ing)|present(?:s|ed)|showcas\w+)\b", re.I)),
    (Rung.STRING_FOUND, re.compile(r"\b(?:exists?|spotted|sighted|strings?|code ?base|configs?|configuration|(?:found|appears?|mentioned|listed|referenced?) in)\b", re.I)),
)
# In words for people: by which words each rung is asked for, and what shows it (docs/judging.md, and About in the dashboard).
RUNG_WORDS = {
    Rung.STRING_FOUND: ('"exists", "spotted in the code"', "a sighting by anybody with eyes on it; what substantiates is the subject's own word or page"),
    Rung.ANNOUNCED: ('"announced", "unveiled"', "the subject's own words, also of what is to come; a page without weights"),
    Rung.PREVIEW: (
        '"preview", "beta", and every plain "releases", "launches", "introduces"',
        "the subject's own words that it is there; a release on GitHub",
    ),
    Rung.API: ('"API", "generally available"', "the subject's own words that it is there; a page that says so"),
    Rung.OPEN_WEIGHTS: (
        '"open weights", "open source"',
        "a model page with weights; a release on GitHub or the subject's own words that say so",
    ),
}
_FIRST_SIGHT = re.compile(r"\b(?:spotted|sighted|found|appears?|listed|references?|mentions?|strings?)\b", re.IGNORECASE)
_WEIGHTS = re.compile(r"^(?:Parameters|Library): \S", re.MULTILINE)  # what the hub states of a page that holds a model


@dataclass(frozen=True, slots=True)
class Reached:
    """A rung with the artefact or the statement that shows it; `said` is False where only the time of our seeing is known."""

    rung: Rung
    at: datetime
    said: bool
    document_id: str
    evidence_id: str | None
    words: str


def words_rung(words: str) -> Rung | None:
    """The rung that words speak of; None where they speak of none."""
    return next((rung for rung, pattern in _WORDS if pattern.search(words)), None)


def asked(claim: str) -> Rung:
    """The rung that a claim about a release asks for: the lowest that its words allow; a release can be tried by somebody."""
    return words_rung(claim) or Rung.PREVIEW


def shows(reached: Rung, wanted: Rung) -> bool:
    """Whether what is reached shows what is wanted: a higher rung does, but open weights are no API."""
    return reached.height >= wanted.height and not (wanted is Rung.API and reached is Rung.OPEN_WEIGHTS)


def page_rung(page: Artefact) -> Rung:
    """What a release page of a model shows by itself."""
    if page.platform is Platform.HUGGINGFACE:
        return Rung.OPEN_WEIGHTS if _WEIGHTS.search(page.text) else Rung.ANNOUNCED
    said = words_rung(page.text) or Rung.PREVIEW
    if page.platform is Platform.GITHUB:
        return said if said.height >= Rung.PREVIEW.height else Rung.PREVIEW
    return said


def statement_rung(item: Item, claim: str) -> Rung:
    """What the subject's statement shows: what it says is to come is announced, what it says is there is there."""
    if item.certainty is not Certainty.ASSERTED or TO_COME.search(item.quote):
        return Rung.ANNOUNCED
    return words_rung(item.quote) or asked(claim)


def reached(case: Case) -> list[Reached]:
    """The rungs that the claim's model has reached, lowest first, each with what showed it first."""
    found = [*_pages(case), *_statements(case)]
    first: dict[Rung, Reached] = {}
    for one in sorted(found, key=lambda r: (r.at, r.document_id, r.evidence_id or "")):
        first.setdefault(one.rung, one)
    return sorted(first.values(), key=lambda one: one.rung.height)


def _pages(case: Case) -> Iterable[Reached]:
    for page in case.artefacts:
        if is_page_of(page.name, case.subject.models):
            yield Reached(page_rung(page), page.at, page.said, page.document_id, None, page.name)


def _statements(case: Case) -> Iterable[Reached]:
    for item in case.items:
        if item.stance is Stance.SUPPORTS and case.by_the_subject(item) and item.certainty is not Certainty.QUESTIONED:
            rung = statement_rung(item, case.subject.claim)
        elif item.carries and item.own_words and not item.first_party and _FIRST_SIGHT.search(item.quote) and words_rung(item.quote) is Rung.STRING_FOUND:
            rung = Rung.STRING_FOUND
        else:
            continue
        yield Reached(rung, item.at, item.said, item.document_id, item.evidence_id, item.quote)

