"""The resolution text of a dated claim: what the rules will look for, under which names, where, until when.

Its sentences are put together from what judges: the release ladder, the words that make another model of a
name, the sets of kinds and the order of the rules. A rule that changes changes the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.core.text import enumerated, shorten
from pipeline.core.vocabulary import Kind, Precision, ReleaseStage, Status
from pipeline.stages.judge.announcements import may_decide
from pipeline.stages.judge.case import QUOTING, Case
from pipeline.stages.judge.foretold import lapsing
from pipeline.stages.judge.releases import ENDS, LIMITED, NEWS_AGE, asked, earliest_page, page_decides, shows
from pipeline.stages.judge.rules import CONCEDING, DATED, DECIDES, ON_THE_PAGE, RULES, VERSION
from pipeline.stages.judge.to_come import TO_COME
from pipeline.text.names import OTHER_MODELS, STAGED

AFTER_A_DELAY = ReleaseStage.PREVIEW
"""The stage that resolves the new date of a delayed release."""
STAGE_NAMES = {
    ReleaseStage.STRING_FOUND: "its name found",
    ReleaseStage.ANNOUNCED: "its announcement",
    ReleaseStage.PREVIEW: "its release, a preview or beta at least",
    ReleaseStage.API: "its API",
    ReleaseStage.OPEN_WEIGHTS: "its open weights",
}
_SETTLED = (Status.RETRACTED, Status.SUBSTANTIATED, Status.CONTRADICTED, Status.EXPIRED)
_LONGEST = 300  # characters of a claim that are repeated
_MODELS = 6  # names that are told


def wanted(case: Case) -> ReleaseStage:
    """Return the release stage that resolves the claim."""
    return AFTER_A_DELAY if case.kind is Kind.DELAY else asked(case.subject.claim)


def resolution_text(case: Case) -> str:
    """Return how a dated claim will be resolved, a sentence or two a line, each line with its label."""
    of_release = case.kind in (Kind.RELEASE, Kind.DELAY)
    parts = _of_release(case) if of_release else _of_fact(case)
    lines = (*parts, ("Time", _time(case)), ("Ties", _ties(case)), ("Otherwise", _otherwise(case)))
    return "\n".join(f"{label}: {' '.join(sentences)}" for label, sentences in lines)


def _of_release(case: Case) -> Iterator[tuple[str, Iterable[str]]]:
    models, organisation, stage = case.subject.specific, " or ".join(case.subject.called), wanted(case)
    if case.kind is Kind.RELEASE and ENDS.search(case.subject.claim):
        yield "Asked for", [f"That it is so: “{shorten(case.subject.claim, _LONGEST)}” ({case.kind})."]
        yield "Decides", _release_sources(case, organisation)
        return
    higher = [other for other in ReleaseStage if other.height > stage.height]
    enough_too, too_low = ([s for s in higher if shows(s, stage) is holds] for holds in (True, False))
    asks = [f"{STAGE_NAMES[stage][:1].upper()}{STAGE_NAMES[stage][1:]}: the release stage “{stage}” of "
            f"{_quoted(models)} by {organisation}."]
    asks += [f"To reach {_quoted(rungs)} is {enough}."
             for rungs, enough in ((enough_too, "enough too"), (too_low, "not enough")) if rungs]
    yield "Asked for", asks
    yield "Names", _names(models, stage)
    yield "Decides", _release_sources(case, organisation)


def _names(models: list[str], stage: ReleaseStage) -> Iterator[str]:
    model = models[0]
    if len(models) > 1:
        yield f"Any one of {_quoted(models)} is enough, each by these rules."
    yield (f"“{model}” counts with any words behind it (“{model} 70B Instruct”), but not where one of these "
           f"makes another model of the name: {', '.join(sorted(OTHER_MODELS))}.")
    staged = _quoted((f"{model} {word.capitalize()}" for word in sorted(STAGED)), "and")
    enough = shows(ReleaseStage.PREVIEW, stage)
    yield (f"{staged} count as the release stage “{ReleaseStage.PREVIEW}” of it and no higher: that is "
           f"{'enough' if enough else 'not enough'} here.")


def _release_sources(case: Case, organisation: str) -> Iterator[str]:
    page = (f"A release page that {organisation} itself publishes and that names the model in its title or "
            "address")
    if case.kind is Kind.DELAY:
        yield f"{page}. That the old date is off, and who says what, decides nothing."
        return
    paged = page_decides(case.subject.claim)
    yield f"{page}." if paged else "No release page: none tells of an end, or for whom alone a release is."
    speaker = " or ".join(case.speakers)
    if not speaker:
        yield "No own word: of several organisations none is chief."
    elif may_decide(case):
        ends = ENDS.search(case.subject.claim) is not None
        word = _own_word(speaker, "that it is so" if ends else "that it is there")
        yield f"{'Or ' if paged else ''}{word}, stated as a fact: what is only to come is an announcement."
        if LIMITED.search(case.subject.claim):
            yield "It must tell for whom or where."
        if TO_COME.search(case.subject.claim) and not ends:
            yield "It must tell of it as done (“released”, “is out”, “available now”, “today”)."
    else:
        yield f"No word of {speaker}'s: the claim praises, or tells of no release."
    may_be_told = "; where it tells in time that it is there, the claim stays open"
    open_ = may_decide(case) and ENDS.search(case.subject.claim) is None
    yield f"What anybody else says does not show it{may_be_told if open_ else ''}."


def _of_fact(case: Case) -> Iterator[tuple[str, Iterable[str]]]:
    organisation = " or ".join(case.subject.called)
    yield "Asked for", [f"That it is so: “{shorten(case.subject.claim, _LONGEST)}” ({case.kind})."]
    yield "Names", ["Statements that were surely put with this claim count, by whatever name they call it."]
    sources = []
    if case.kind is Kind.BENCHMARK_RESULT:
        sources.append(f"A leaderboard or paper of a source of the role {_roles()} that is not "
                       f"{organisation}, or the board's own word, stated as a fact.")
    if case.kind in ON_THE_PAGE:
        sources.append(f"A model page that {organisation} itself publishes and that states it.")
    if (speaker := " or ".join(case.speakers)) and case.kind in DECIDES and may_decide(case):
        came = " that has come about" if TO_COME.search(case.subject.claim) else ""
        sources.append(f"{_own_word(speaker)}, stated as a fact{came}.")
    if speaker:
        sources.append(f"{'Or an' if sources else 'An'} admission by {speaker} against itself "
                       f"({', '.join(sorted(CONCEDING))}).")
    sources.append("What anybody else says does not show it.")
    yield "Decides", sources


def _own_word(organisation: str, that: str = "") -> str:
    return (f"{organisation}'s own word{' ' if that else ''}{that}, in a document or from an account of its "
            f"own or quoted by a source of the role {_roles()}")


def _roles() -> str:
    return " or ".join(map(str, QUOTING))


def _time(case: Case) -> Iterator[str]:
    subject = case.subject
    assert subject.deadline is not None
    named = "" if subject.event_precision is Precision.UNKNOWN else f", the end of the {_span(case)}"
    yield f"Before {subject.deadline:%Y-%m-%d %H:%M:%S} UTC{named}."
    yield "Days, months and quarters are those of UTC; relative times count from the day of the saying."
    if case.kind is Kind.RELEASE and not page_decides(case.subject.claim):
        yield ("A statement counts by when it was said; where that is not known to the day, by the last "
               "moment at which it can have been said.")
        return
    first = case.carriers[0].at
    if case.kind is Kind.DELAY or (case.kind is Kind.RELEASE and earliest_page(case) == first):
        yield "A page that was there before the claim was first made does not count."
    elif case.kind is Kind.RELEASE and earliest_page(case) is not None:
        yield f"A page that was there {NEWS_AGE.days} days before the claim was first made does not count."
    yield ("A page counts by its own time and a statement by when it was said; where that is not known to "
           "the day, a page by when it was first seen and a statement by the last moment at which it can "
           "have been said.")
    if case.kind in (Kind.RELEASE, Kind.DELAY):
        yield ("A release page that is first seen later, and may have been there in time, leaves the claim "
               "open.")


def _span(case: Case) -> str:
    precision = case.subject.event_precision
    return "day" if precision.clock else str(precision)


def _ties(case: Case) -> Iterator[str]:
    yield ("What falls on the very end of that time is too late. Of a page or statement whose day alone is "
           "known the day begins at 00:00:00 UTC.")
    if case.kind is Kind.DELAY:
        yield f"Only a retraction goes before the page ({VERSION})."
        return
    if case.kind is Kind.BENCHMARK_RESULT:
        yield "A rank that is shared is not weighed: what the board tells counts."
    order = [rule.id for rule in RULES if rule.status is None or rule.status in _SETTLED]
    yield f"Where several rules hold, the first of these decides ({VERSION}): {', '.join(order)}."


def _otherwise(case: Case) -> Iterator[str]:
    if case.kind is Kind.DELAY or (case.kind in DATED and lapsing(case) is not None):
        yield "Missed, once that time is over."
        claim = case.subject.claim
        if case.kind is Kind.RELEASE and LIMITED.search(claim) and not ENDS.search(claim):
            yield "Open, where a release page is there, for whomever."
    else:
        yield f"Open: that its time is over does not settle this claim ({case.kind})."
    if case.kind is not Kind.DELAY:
        against = [rule.id for rule in RULES if rule.status is Status.CONTRADICTED]
        yield f"Missed at any time while a rule contradicts it: {', '.join(against)}."
    yield "It is void where the voice that it came from takes it back, and nobody else stands behind it."


def _quoted(names: Iterable[str], joint: str = "or") -> str:
    quoted_names = [f"“{name}”" for name in names][:_MODELS]
    return enumerated(quoted_names, joint)

