"""The stages of a release: which one a claim about a release asks for, and which ones the model has reached.

The stages, from the lowest: a name is *found* in code or a list, the model is *announced*, can be tried in a
*preview*, is there for all in an *API*, has *open weights*. Words are English.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.core.vocabulary import Certainty, Platform, Precision, ReleaseStage, Stance
from pipeline.stages.judge.case import Case
from pipeline.stages.judge.evidence import Artefact, Item, Telling
from pipeline.stages.judge.foretold import is_late
from pipeline.stages.judge.same_words import SHARED, share_said
from pipeline.stages.judge.to_come import TO_COME
from pipeline.text.names import is_of_another, is_page_of, is_staged, tokens, within

DONE = re.compile(
    r"\b(?:released|launched|shipped|rolled out|dropped|published|introducing|(?:is|are) (?:out|here|live"
    r"|available)|now available|"
    r"available (?:now|today)|today)\b",
    re.IGNORECASE,
)
# Words that leave open whether it is there.
_OPEN = re.compile(
    r"\b(?:expected|set|slated|scheduled|due|about|hop(?:es|ing)|wants?) to\b"
    r"|\b(?:would|could|may|might|coming|rumou?red|reportedly)\b"
    r"|\bto (?:be )?(?:release|launch|unveil|ship|open|roll out|debut|make)",
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
# What ends a release, or says that there will be none. A model's page stays when the model is withdrawn.
ENDS = re.compile(
    r"(?<![\w-])(?:no longer|never(?!-)|not(?! (?:only|just|merely|later|before|long)\b)"
    r"|\w+n['’]t(?! (?:only|just|merely)\b)|discontinu\w+|retir(?:e[sd]?|ing|ement)"
    r"|deprecat\w+|decommission\w*|sunset\w*|withdr[ae]w\w*|withh[eo]ld\w*|pull(?:s|ed|ing)?"
    r"(?! (?:ahead|off|forward|requests?)\b)|unpublish\w*|delist\w*|abandon\w*|cancel\w*"
    r"|scrap(?:s|ped|ping)?|shelv(?:e[sd]?|ing)|kill(?:s|ed|ing)?|axe[sd]?|suspend\w*|paus(?:e[sd]?|ing)"
    r"|halt(?:s|ed|ing)?|stop(?:s|ped|ping)?|ceas(?:e[sd]?|ing)|roll(?:s|ed|ing)? back|phas(?:e[sd]?|ing) out"
    r"|t(?:ake[sn]?|aking|ook) (?:\w+ ){0,4}?(?:down|offline)|sh[ou]t(?:s|ting)? (?:\w+ ){0,4}?down"
    r"|remov(?:e[sd]?|ing)(?=.* from\b)|(?:drop(?:s|ped|ping)?|end(?:s|ed|ing)) (?:support|access|sales?)"
    r"|call(?:s|ed|ing)? off)\b",
    re.IGNORECASE,
)
# For whom or where alone it is claimed to be there: of that a bare page tells nothing.
LIMITED = re.compile(
    r"\b(?i:in|to|across|for|throughout|within|outside) (?:the |all of )?(?:E\.?U\.?|European Union|Europe"
    r"|EEA|U\.?S\.?A?\.?|United (?:States|Kingdom|Arab Emirates)|U\.?K\.?|Britain|America|China|India|Japan"
    r"|(?:South )?Korea|Canada|Australia|Germany|France|Italy|Spain|Brazil|Switzerland|Asia|Africa"
    r"|(?:Latin|North|South) America|Middle East)(?!\w)"
    r"|(?i:\b(?:countr(?:y|ies)|regions?)\b)"
    r"|(?i:\b(?:for|to) (?:(?!(?:all|as|amid|despite|after|while|because|and|release|launch|ship)\b|every)"
    r"[\w$-]+ ){0,4}?(?:subscribers?|customers?|(?<!all )users?|members?"
    r"|testers|partners|students|teachers|educators|enterprises?|businesses|teams?|employees|researchers"
    r"|tiers?|plans?)\b)"
    r"|(?i:(?<!answer )(?<!alternative )(?<!rival )(?<!competitor )(?<!response )(?<!similar )"
    r"(?<!successor )(?<!take )(?<!takes )(?<!taking )"
    r"\b(?:on|in|to|for|via|through) (?:its |their |the )?(?:mobile |desktop |web |\w+['’]s )?"
    r"(?:apps?|iOS|iPhones?|iPads?|Android|Windows"
    r"|macOS|ChatGPT|Copilot|Azure|Bedrock|Vertex|WhatsApp)\b)"
)
# What tells of some release at some time, and not of which.
_OF_A_RELEASE = re.compile(
    rf"{TO_COME.pattern}|\b(?:re)?(?:leas(?:e[sd]?|ing)|launch\w*|roll(?:s|ed|ing)? out|debut\w*|available"
    r"|start\w*|expected|today|tomorrow|this|next|week|month|year|20\d\d|january|february|march|april|may|june|july"
    r"|august|september|october|november|december)\b",
    re.IGNORECASE,
)
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
    patterns = (*(pattern for _, pattern in _WORDS), DONE, TO_COME, ENDS)
    matches = (pattern.search(words) for pattern in patterns)
    return min((match.start() for match in matches if match), default=None)


def asked(claim: str) -> ReleaseStage:
    """Return the stage that a claim about a release asks for: the lowest that its words allow."""
    return stage_of(claim) or ReleaseStage.PREVIEW


def shows(reached: ReleaseStage, wanted: ReleaseStage) -> bool:
    """Return whether one stage shows another: a higher one does, but open weights are no API."""
    return reached.height >= wanted.height and not (wanted is ReleaseStage.API
                                                    and reached is ReleaseStage.OPEN_WEIGHTS)


def page_decides(claim: str) -> bool:
    """Return whether a release page can show what a claim about a release says: not that there is none, and
    not for whom alone there is one.
    """
    return ENDS.search(claim) is None and LIMITED.search(claim) is None


def page_stage(page: Artefact, models: Iterable[str]) -> ReleaseStage:
    """Return the stage that a release page of a model shows by itself; one of its preview shows no higher."""
    if page.platform is Platform.HUGGINGFACE:
        shown = ReleaseStage.OPEN_WEIGHTS if _WEIGHTS.search(page.text) else ReleaseStage.ANNOUNCED
    else:
        shown = stage_of(page.text) or ReleaseStage.PREVIEW
        if page.platform is Platform.GITHUB:
            shown = max(shown, ReleaseStage.PREVIEW, key=_height)
    return _as_named(shown, page.name, models)


def signs_of(pages: Iterable[Artefact], models: Collection[str]) -> list[Artefact]:
    """Return the versions of the models' release pages that show what no earlier version of theirs showed.

    `pages` are versions by time. A page whose newest name is that of another model is a page of that model.
    """
    versions: dict[str, list[Artefact]] = defaultdict(list)
    for page in pages:
        versions[page.document_id].append(page)
    new_pages = []
    for page_versions in versions.values():
        stages: list[ReleaseStage] = []
        for page in page_versions if is_page_of(page_versions[-1].name, models) else ():
            stage = page_stage(page, models)
            # An edit of a page that was there before is no new release.
            if is_page_of(page.name, models) and not any(shows(earlier, stage) for earlier in stages):
                stages.append(stage)
                new_pages.append(page)
    return new_pages


def statement_stage(item: Item, claim: str, models: Iterable[str]) -> ReleaseStage:
    """Return the stage that a statement of the subject shows: what it says is to come is only announced."""
    if item.certainty is not Certainty.ASSERTED or TO_COME.search(item.quote):
        return ReleaseStage.ANNOUNCED
    return _as_named(stage_of(item.quote) or asked(claim), item.quote, models)


def _as_named(shown: ReleaseStage, words: str, models: Iterable[str]) -> ReleaseStage:
    """Return the stage `shown` for a model in `words`, at most the preview if these name a preview."""
    return min(shown, ReleaseStage.PREVIEW, key=_height) if is_staged(words, models) else shown


def _height(stage: ReleaseStage) -> int:
    return stage.height


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
            stage = page_stage(page, case.subject.models)
            yield Reached(stage, page.at, page.said, page.document_id, None, page.name)


def _statements(case: Case) -> Iterable[Reached]:
    models = case.subject.models
    for item in case.items:
        stated = item.stance is Stance.SUPPORTS and item.certainty is not Certainty.QUESTIONED
        of_it = not is_of_another(item.quote, models)
        if stated and of_it and case.by_the_subject(item):
            stage = statement_stage(item, case.subject.claim, models)
        elif item.carries and item.own_words and not item.first_party and _sighted(item.quote):
            stage = ReleaseStage.STRING_FOUND
        else:
            continue
        yield Reached(stage, item.at, item.said, item.document_id, item.evidence_id, item.quote)


def _sighted(quote: str) -> bool:
    return _FIRST_SIGHT.search(quote) is not None and stage_of(quote) is ReleaseStage.STRING_FOUND


def fulfils(case: Case, page: Artefact) -> bool:
    """Return whether a release page shows what the claim asks for, in the claim's time."""
    return case.subject.in_time(page.at) and _shows_it(case, page)


def may_fulfil(case: Case, page: Artefact) -> bool:
    """Return whether a page shows what the claim asks for, for whomever, and is not known to have done so too
    late.
    """
    deadline = case.subject.deadline
    if deadline is None or ENDS.search(case.subject.claim) is not None:
        return False
    return (page.at < deadline or page.may_have_met(deadline)) and _is_there(case, page)


def _shows_it(case: Case, page: Artefact) -> bool:
    """Return whether a release page shows what the claim asks for, and not something older."""
    return page_decides(case.subject.claim) and _is_there(case, page)


def _is_there(case: Case, page: Artefact) -> bool:
    """Return whether a release page of what the claim asks for is there, for whomever, and nothing older."""
    models = case.subject.models
    shown = is_page_of(page.name, models) and shows(page_stage(page, models), asked(case.subject.claim))
    if not shown or not case.carriers:
        return False
    begin = earliest_page(case)
    if begin is None:
        return True
    if case.once(_is_predicted):
        dated = page.said or case.carriers[0].said
        too_old = page.earliest is not None and page.earliest < begin - HIDDEN
        return not too_old and (page.at >= begin or not dated)
    return (page.earliest or page.at) >= begin


def earliest_page(case: Case) -> datetime | None:
    """Return from when on a release page can be what the claim speaks of; None where it may be older.

    A page that was there before a release was foretold is not what was foretold.
    """
    first = case.carriers[0].at
    if case.once(_is_predicted):
        return first
    numbered = any(character.isdigit() for model in case.subject.models for character in model)
    return None if numbered else first - NEWS_AGE


def _is_predicted(case: Case) -> bool:
    return any(item.certainty is Certainty.PREDICTED for item in case.carriers)


def states_release(case: Case, item: Item) -> bool:
    """Return whether the subject's words show the stage that the claim asks for, in the claim's time."""
    claim, models = case.subject.claim, case.subject.models
    if any(part.search(claim) and not part.search(item.quote) for part in (ENDS, LIMITED)):
        return False
    if ENDS.search(claim):
        return _states_end(case, item)
    shown = shows(statement_stage(item, claim, models), asked(claim))
    if not shown or is_of_another(item.quote, models) or is_late(case, item):
        return False
    to_come = TO_COME.search(claim) is not None
    if asked(claim).height <= ReleaseStage.ANNOUNCED.height and not to_come:
        return item.plain
    only_foretold = to_come and not DONE.search(item.quote)
    early = case.subject.before_its_time(item.at)
    return item.certainty is Certainty.ASSERTED and not (only_foretold or early)


def tells_it_is_there(case: Case, item: Item) -> bool:
    """Return whether somebody, whoever it is, tells in the claim's time that what it asks for is there.

    That shows nothing, but it is not so then that nothing shows it.
    """
    claim, models, subject = case.subject.claim, case.subject.models, case.subject
    if item.stance is not Stance.SUPPORTS or ENDS.search(claim) or is_of_another(item.quote, models):
        return False
    if subject.before_its_time(item.at) or not subject.in_time(item.said_by):
        return False
    if subject.event_precision is Precision.DAY and DONE.search(item.quote):
        return True  # "will be out today", on the day
    if TO_COME.search(item.quote) or _OPEN.search(item.quote):
        return False
    told = stage_of(item.quote) is not None or DONE.search(item.quote) is not None
    shown = shows(statement_stage(item, claim, models), asked(claim))
    return told and shown and item.certainty is Certainty.ASSERTED


def tells_of_its_release(case: Case, telling: Telling) -> bool:
    """Return whether words that were not put with the claim tell in its time that the release is there.

    They must name each model that it names by number, or have most of its words beside those of the future
    and of the release itself.
    """
    claim, subject, quote = case.subject.claim, case.subject, telling.quote
    if ENDS.search(claim) or ENDS.search(quote) or is_of_another(quote, subject.models):
        return False
    if subject.before_its_time(telling.at) or not subject.in_time(telling.at):
        return False
    if TO_COME.search(quote) or _OPEN.search(quote):
        return False
    stage = stage_of(quote) or (ReleaseStage.PREVIEW if DONE.search(quote) else None)
    if stage is None or not shows(stage, asked(claim)):
        return False
    numbered = [tokens(model) for model in subject.specific if any(map(str.isdigit, model))]
    named = bool(numbered) and all(within(name, tokens(quote)) for name in numbered)
    return named or share_said(quote, _OF_A_RELEASE.sub(" ", claim)) >= SHARED


def _states_end(case: Case, item: Item) -> bool:
    """Return whether the subject ends the release by its word: at a time that the claim names it has to come
    about, else the decision is enough.
    """
    if is_of_another(item.quote, case.subject.models) or is_late(case, item):
        return False
    if case.subject.deadline is None:
        return item.plain
    came = TO_COME.search(item.quote) is None and not case.subject.before_its_time(item.at)
    return item.certainty is Certainty.ASSERTED and came
