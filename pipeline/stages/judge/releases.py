"""The stages of a release: which one a claim about a release asks for, and which ones the model has reached.

The stages, from the lowest: a name is *found* in code or a list, the model is *announced*, can be tried in a
*preview*, is there for all in an *API*, has *open weights*. Words are English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.core.records import Certainty, Platform, ReleaseStage, Stance
from pipeline.stages.judge.case import Case
from pipeline.stages.judge.evidence import Artefact, Item
from pipeline.text.names import is_page_of

# Present tense and future meaning: "we are going to launch", "coming soon".
TO_COME = re.compile(
    r"\b(?:will|going to|plan(?:s|ned|ning)? to|preparing|intends? to|aims? to|expects? to|soon|upcoming"
    r"|coming (?:to|in|this|next)|in the coming"
    r"|later this|next (?:week|month|quarter|year|spring|summer|autumn|fall|winter))\b|['’]ll\b",
    re.IGNORECASE,
)
DONE = re.compile(
    r"\b(?:released|launched|shipped|rolled out|dropped|published|introducing|(?:is|are) (?:out|here|live"
    r"|available)|now available|"
    r"available (?:now|today)|today)\b",
    re.IGNORECASE,
)
# Where words of several stages stand together, the one of these that comes first is meant.
_WORDS = (
    (ReleaseStage.OPEN_WEIGHTS,
     re.compile(r"\bopen[- ]?(?:weights?|sourc\w+)\b|\bweights\b|\bhugging ?face\b"
                r"|\bdownload(?:s|ed|able)?\b", re.I)),
    (ReleaseStage.API,
     re.compile(r"\bAPIs?\b|\bgeneral(?:ly)? availab\w+|\bper million tokens\b|\b(?:Bedrock|Vertex AI|Azure"
                r"|OpenRouter)\b", re.I)),
    (ReleaseStage.PREVIEW,
     re.compile(r"\b(?:previews?|beta|early access|experimental|wait(?:ing )?list|limited (?:access|release"
                r"|rollout))\b|^Pre-release: yes$", re.I | re.M)),
    (ReleaseStage.PREVIEW,
     re.compile(r"\b(?:re)?(?:leas(?:e[sd]?|ing)|launch\w*|ship(?:s|ped|ping)?|roll(?:s|ed|ing)? out"
                r"|available|debut\w*|dropp?(?:s|ed|ing)?|out now)\b", re.I)),
    (ReleaseStage.ANNOUNCED,
     re.compile(r"\b(?:announc\w+|unveil\w*|reveal\w*|teas(?:e[sd]?|ing)|present(?:s|ed)|showcas\w+)\b",
                re.I)),
    (ReleaseStage.STRING_FOUND,
     re.compile(r"\b(?:exists?|spotted|sighted|strings?|code ?base|configs?|configuration|(?:found|appears?"
                r"|mentioned|listed|referenced?) in)\b", re.I)),
)
# By which words a claim asks for each stage, and what shows it: for docs/judging.md and the view
# `release_stages`.
STAGE_WORDS = {
    ReleaseStage.STRING_FOUND: ('"exists", "spotted in the code"',
                                "a sighting by anybody with eyes on it; what substantiates is the subject's "
                                "own word or page"),
    ReleaseStage.ANNOUNCED: ('"announced", "unveiled"',
                             "the subject's own words, also of what is to come; a page without weights"),
    ReleaseStage.PREVIEW: (
        '"preview", "beta", and every plain "releases", "launches", "introduces"',
        "the subject's own words that it is there; a release on GitHub",
    ),
    ReleaseStage.API: ('"API", "generally available"',
                       "the subject's own words that it is there; a page that says so"),
    ReleaseStage.OPEN_WEIGHTS: (
        '"open weights", "open source"',
        "a model page with weights; a release on GitHub or the subject's own words that say so",
    ),
}
NEWS_AGE = timedelta(days=7)  # how old a page may be that a claim without a version number speaks of
HIDDEN = timedelta(days=180)  # how long a repository may be hidden: that of Kimi K3 was for 44 days
_FIRST_SIGHT = re.compile(r"\b(?:spotted|sighted|found|appears?|listed|references?|mentions?|strings?)\b",
                          re.IGNORECASE)
# What the hub states of a page that holds a model.
_WEIGHTS = re.compile(r"^(?:Parameters|Library): \S", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Reached:
    """A stage with what shows it; `said` is False where `at` is when it was seen."""

    stage: ReleaseStage
    at: datetime
    said: bool
    document_id: str
    evidence_id: str | None
    words: str


def stage_of(words: str) -> ReleaseStage | None:
    """Return the stage that words speak of; None where they speak of none."""
    return next((stage for stage, pattern in _WORDS if pattern.search(words)), None)


def release_told_at(words: str) -> int | None:
    """Return where words first speak of a release; None where they speak of none."""
    matches = (pattern.search(words) for pattern in (*(pattern for _, pattern in _WORDS), DONE, TO_COME))
    return min((match.start() for match in matches if match), default=None)


def asked(claim: str) -> ReleaseStage:
    """Return the stage that a claim about a release asks for: the lowest that its words allow."""
    return stage_of(claim) or ReleaseStage.PREVIEW


def shows(reached: ReleaseStage, wanted: ReleaseStage) -> bool:
    """Return whether one stage shows another: a higher one does, but open weights are no API."""
    return reached.height >= wanted.height and not (wanted is ReleaseStage.API
                                                    and reached is ReleaseStage.OPEN_WEIGHTS)


def page_stage(page: Artefact) -> ReleaseStage:
    """Return the stage that a release page of a model shows by itself."""
    if page.platform is Platform.HUGGINGFACE:
        return ReleaseStage.OPEN_WEIGHTS if _WEIGHTS.search(page.text) else ReleaseStage.ANNOUNCED
    said = stage_of(page.text) or ReleaseStage.PREVIEW
    if page.platform is Platform.GITHUB:
        return said if said.height >= ReleaseStage.PREVIEW.height else ReleaseStage.PREVIEW
    return said


def statement_stage(item: Item, claim: str) -> ReleaseStage:
    """Return the stage that a statement of the subject shows: what it says is to come is only announced."""
    if item.certainty is not Certainty.ASSERTED or TO_COME.search(item.quote):
        return ReleaseStage.ANNOUNCED
    return stage_of(item.quote) or asked(claim)


def reached(case: Case) -> list[Reached]:
    """Return the stages that the claim's model has reached, lowest first, each with what showed it first."""
    signs = [*_pages(case), *_statements(case)]
    first: dict[ReleaseStage, Reached] = {}
    for sign in sorted(signs, key=lambda sign: (sign.at, sign.document_id, sign.evidence_id or "")):
        first.setdefault(sign.stage, sign)
    return sorted(first.values(), key=lambda sign: sign.stage.height)


def _pages(case: Case) -> Iterable[Reached]:
    for page in case.artefacts:
        if is_page_of(page.name, case.subject.models):
            yield Reached(page_stage(page), page.at, page.said, page.document_id, None, page.name)


def _statements(case: Case) -> Iterable[Reached]:
    for item in case.items:
        stated = item.stance is Stance.SUPPORTS and item.certainty is not Certainty.QUESTIONED
        if stated and case.by_the_subject(item):
            stage = statement_stage(item, case.subject.claim)
        elif item.carries and item.own_words and not item.first_party and _sighted(item.quote):
            stage = ReleaseStage.STRING_FOUND
        else:
            continue
        yield Reached(stage, item.at, item.said, item.document_id, item.evidence_id, item.quote)


def _sighted(quote: str) -> bool:
    return _FIRST_SIGHT.search(quote) is not None and stage_of(quote) is ReleaseStage.STRING_FOUND


def fulfils(case: Case, page: Artefact) -> bool:
    """Return whether a release page shows what the claim asks for, in the claim's time."""
    deadline = case.subject.deadline
    return (deadline is None or page.at <= deadline) and _shows_it(case, page)


def may_fulfil(case: Case, page: Artefact) -> bool:
    """Return whether a page shows what the claim asks for, and is not known to have done so too late."""
    deadline = case.subject.deadline
    return deadline is not None and page.may_have_met(deadline) and _shows_it(case, page)


def _shows_it(case: Case, page: Artefact) -> bool:
    """Return whether a release page shows what the claim asks for, and not something older."""
    models = case.subject.models
    shown = is_page_of(page.name, models) and shows(page_stage(page), asked(case.subject.claim))
    if not shown or not case.carriers:
        return False
    first = case.carriers[0].at
    # A page that was there before a release was foretold is not what was foretold.
    if any(item.certainty is Certainty.PREDICTED for item in case.carriers):
        known = page.said or case.carriers[0].said
        old = page.earliest is not None and page.earliest < first - HIDDEN
        return not old and (page.at >= first or not known)
    numbered = any(c.isdigit() for model in models for c in model)
    return numbered or (page.earliest or page.at) >= first - NEWS_AGE


def states_release(case: Case, item: Item) -> bool:
    """Return whether the subject's words show the stage that the claim asks for, in the claim's time."""
    claim = case.subject.claim
    if not shows(statement_stage(item, claim), asked(claim)):
        return False
    to_come = TO_COME.search(claim) is not None
    if asked(claim).height <= ReleaseStage.ANNOUNCED.height and not to_come:
        return item.certainty in (Certainty.ASSERTED, Certainty.PREDICTED)
    foretold = to_come and not DONE.search(item.quote)
    late = to_come and case.subject.deadline is not None and item.at >= case.subject.deadline
    early = case.subject.before_its_time(item.at)
    return item.certainty is Certainty.ASSERTED and not (foretold or late or early)
