"""The rules that say where a claim stands.

`python -m pipeline.stages.judge.rules > docs/judging.md` writes their page.

They stand in the order in which they are asked; the first that holds decides. Each returns what it rests on,
or None. The docstring of a rule is published: it says when the rule holds.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.resources import files

from pipeline.core.text import counted
from pipeline.core.vocabulary import HEARSAY, Certainty, Kind, Role, Stance, Status
from pipeline.stages.judge.announcements import decides, offers, told_elsewhere, told_in_time
from pipeline.stages.judge.case import MEASURABLE, Case
from pipeline.stages.judge.doubts import carriers, denials, doubters, doubts, tells_of_the_claim
from pipeline.stages.judge.evidence import Item
from pipeline.stages.judge.foretold import is_late, lapsing
from pipeline.stages.judge.reasons import (
    became,
    ids,
    names,
    release_page,
    said,
    taken_back,
    uncounted,
    unique,
)
from pipeline.stages.judge.releases import STAGE_WORDS, fulfils, may_fulfil, states_release
from pipeline.stages.judge.score import score
from pipeline.stages.judge.state_changes import not_yet

VERSION = "rules-16"
# What the subject itself knows, and gains nothing by saying or says against itself. Its praise of itself
# (capability, benchmark_result) proves nothing.
SUBJECT_KNOWS = frozenset(
    {Kind.RELEASE, Kind.DELAY, Kind.LICENCE, Kind.PRICE, Kind.PEOPLE, Kind.DEAL, Kind.SIZE,
     Kind.TRAINING_DATA, Kind.IDENTITY}
    | {Kind.BENCHMARK_GAMING, Kind.SAFETY}
)
DECIDES = SUBJECT_KNOWS - {Kind.SAFETY}  # by its plain word; in the rest it must concede
ACCUSATIONS = frozenset({Kind.BENCHMARK_GAMING, Kind.SAFETY})
DATED = frozenset({Kind.RELEASE, Kind.DEAL, Kind.PEOPLE, Kind.PRICE, Kind.LICENCE, Kind.OTHER})
ON_THE_PAGE = frozenset({Kind.LICENCE, Kind.SIZE, Kind.PRICE, Kind.TRAINING_DATA, Kind.IDENTITY})
ON_A_BOARD = frozenset({Kind.BENCHMARK_RESULT, Kind.IDENTITY})  # of which the board itself can tell
EDITS = 3  # shown in one reason
STAND = ("stands", "stand")  # of one voice, and of several
CONCEDING = frozenset({"admit", "acknowledge", "concede", "apologise", "apologize"})  # said against oneself


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule rests on: one sentence, and the evidence it cites, the decisive piece last."""

    reason: str
    cites: tuple[str, ...] = ()


Test = Callable[[Case], Finding | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its id, the status it gives, its test, when it holds, and what would change the status."""

    id: str
    status: Status | None
    test: Test
    sentence: str
    would_change: str

    def holds_when(self, corroborating_voices: int) -> str:
        """Return the sentence that says when it holds, where so many voices corroborate."""
        return self.sentence.format(corroborating_voices=corroborating_voices)


@dataclass(frozen=True, slots=True)
class Assessment:
    """Where a claim stands, by which rule, and why."""

    status: Status
    rule: Rule
    finding: Finding
    score: float
    voices: int


RULES: list[Rule] = []


def apply_rules(case: Case, rules: Iterable[Rule] = RULES) -> Assessment:
    """Return where the claim stands: the first rule that holds decides; the last one always does."""
    for rule in rules:
        finding = rule.test(case)
        if finding is not None:
            status = rule.status or (case.ruling.status if case.ruling else Status.UNVERIFIED)
            return Assessment(status, rule, finding, score(case, status), case.voices)
    raise AssertionError("the last rule holds for every case")


def _rule(status: Status | None, would_change: str) -> Callable[[Test], Test]:
    """Add a test to the rules, under its name and with its docstring."""

    def add(test: Test) -> Test:
        sentence = " ".join((test.__doc__ or "").split())
        RULES.append(Rule(test.__name__.strip("_"), status, test, sentence, would_change))
        return test

    return add


@_rule(None, "The editor takes the decision back.")
def _decided(case: Case) -> Finding | None:
    """An editor decided where the claim stands. The rules' own view is told beside it."""
    if case.ruling is None:
        return None
    machine = apply_rules(case, RULES[1:])
    decision = f"{case.ruling.editor} decided so: {case.ruling.reason}".rstrip(". ")
    return Finding(f"{decision}. Left to the rules it would be {machine.status}.", machine.finding.cites)


@_rule(Status.RETRACTED, "Another independent voice comes forward with support.")
def _retracted(case: Case) -> Finding | None:
    """The voice that the claim comes from took it back, and no other independent voice stands behind it. A
    deleted post is not a retraction."""
    first = next((item for item in case.carriers if item.voice != HEARSAY), None)
    if first is None or first.first_party:
        return None
    turn = case.turn(first.voice, Stance.DENIES)
    if turn is None or not turn.sure or any(item.voice != first.voice for item in case.supports):
        return None
    how = f"{first.voice_name}, who took it back{taken_back(first, turn)}"
    return Finding(f"It comes from {how}; nobody else stands behind it.",
                   (first.evidence_id, turn.evidence_id))


@_rule(Status.SUBSTANTIATED, "The page turns out to be of another model, or not the organisation's.")
def _released(case: Case) -> Finding | None:
    """A release is claimed, and a release page of that model by that organisation is there, on the release
    stage that the claim asks for or a higher one, no later than the claim says, and no earlier than it was
    foretold. None shows that a release ended or will not come, or for whom or where alone it is."""
    if case.kind is not Kind.RELEASE:
        return None
    page = next((page for page in case.artefacts if fulfils(case, page)), None)
    if page is None:
        return None
    cites = [item.evidence_id for item in case.carriers[:1]]
    cites += [item.evidence_id for item in case.carriers if item.document_id == page.document_id]
    return Finding(release_page(page), unique(cites))


@_rule(Status.CONTRADICTED, "The subject returns to its first word, or an artefact shows it.")
def _reversed(case: Case) -> Finding | None:
    """The subject said so itself and later says the opposite."""
    if case.kind in ACCUSATIONS:
        return None
    supports, denials = case.matching(_supported_by_the_subject), case.matching(_denied_by_the_subject)
    if not supports or not denials or denials[0].at <= supports[-1].at:
        return None
    words = f"{said(supports[0])}, then {said(denials[0])}"
    cites = (supports[0].evidence_id, denials[0].evidence_id)
    return Finding(f"The subject said so first and later the opposite: {words}.", cites)


def _supported_by_the_subject(case: Case, item: Item) -> bool:
    """Return whether the subject surely says that it is so."""
    return item.stance is Stance.SUPPORTS and item.sure and case.by_the_subject(item)


def _denied_by_the_subject(case: Case, item: Item) -> bool:
    """Return whether the subject surely says that it is not so."""
    return item.stance is Stance.DENIES and item.sure and case.by_the_subject(item)


@_rule(Status.SUBSTANTIATED, "The artefact is corrected, or shown to be wrong.")
def _shown(case: Case) -> Finding | None:
    """A primary artefact shows it: the organisation's own model page for what such a page states (licence,
    size, price, code name), or a leaderboard or paper by others than the subject for a benchmark result. A
    board that tells of a result on itself, or of which model a code name on it was, in its own document or
    quoted by press or an expert, is such a leaderboard. None does when the time that it was foretold for is
    over."""
    for item in case.standing_by(Stance.SUPPORTS, shows):
        if (how := shows(case, item)) and not is_late(case, item):
            return Finding(how, (item.evidence_id,))
    return None


def shows(case: Case, item: Item) -> str | None:
    """Say how a primary artefact, or the board, surely shows the claim; None where it does not."""
    if item.stance is not Stance.SUPPORTS or item.voice == HEARSAY or not item.sure:
        return None
    organisations = set(case.subject.organisations)
    own_page = case.kind in ON_THE_PAGE and item.source_organisation in organisations
    named = {item.source_organisation, item.organisation} & organisations
    of_the_subject = named or item.first_party or item.own_work
    outside = not of_the_subject and item.source_role in (Role.PRESS, Role.EXPERT)
    if item.artefact and (own_page or (outside and case.kind is Kind.BENCHMARK_RESULT)):
        return f"{item.source} shows it on the page itself, not in words about it."
    board = case.kind in ON_A_BOARD and case.by_the_board(item)
    if board and item.certainty is Certainty.ASSERTED:
        topic = "the result" if case.kind is Kind.BENCHMARK_RESULT else "the code name"
        return f"The board itself tells of {topic}: {said(item)}."
    return None


@_rule(Status.SUBSTANTIATED, "The subject says the opposite, or an artefact shows it.")
def _admitted(case: Case) -> Finding | None:
    """The subject, which must know, states it as a fact or admits it, in its own document or quoted by press
    or an expert. Praise of itself (capability, benchmark results, safety, and merit under any other heading)
    does not count, nor what it cost to make, nor what a model was trained on, unless others held that against
    it before or it is another organisation's; nor do hedged words and announcements of what is to come, words
    of a lower release stage than a claimed release asks for or of another model of that name, or what is said
    later than it was foretold for. An admission against itself, said in time, always does."""
    denied = case.matching(_said_to_deny)
    for item in case.matching(_supported_by_the_subject):
        # A later denial, even one that only a stranger quotes, leaves the matter open.
        undenied = not denied or denied[-1].at < item.at
        if undenied and states_it(case, item):
            deed = "admits it" if case.kind in ACCUSATIONS or _concedes(item) else "says so itself"
            before = f", after a denial ({said(denied[0])})" if denied else ""
            cites = (*ids(denied[:1]), item.evidence_id)
            return Finding(f"The subject, which must know, {deed}: {said(item)}{before}.", cites)
    return None


def _said_to_deny(_: Case, item: Item) -> bool:
    """Return whether the subject denies it, be it only as a stranger tells."""
    return item.first_party and item.stance is Stance.DENIES


def _concedes(item: Item) -> bool:
    return (item.speech_verb or "").lower() in CONCEDING


def states_it(case: Case, item: Item) -> bool:
    """Return whether the subject states a fact, as against announcing, praising or hedging."""
    if case.kind is Kind.DELAY:
        return item.plain
    if case.kind is Kind.RELEASE:
        return states_release(case, item) and decides(case, item)
    if item.certainty is not Certainty.ASSERTED or is_late(case, item):
        return False
    return _concedes(item) or ((case.kind in DECIDES or offers(case)) and decides(case, item))


@_rule(Status.CONTRADICTED, "An independent measurement supports it.")
def _measured(case: Case) -> Finding | None:
    """An artefact, or at least two independent voices other than the subject, measured it and found
    otherwise, and no independent voice stands behind it. That is: they deny it from first-hand knowledge (a
    test, papers in hand, reporting of their own) or, of what can be measured (what a model can do, its
    results, size and safety), tell a figure that is not the claim's own."""
    denials = case.standing_by(Stance.DENIES, measured_otherwise)
    enough = len({item.voice for item in denials}) >= 2 or any(item.artefact for item in denials)
    if not enough or any(not item.first_party for item in case.supports):
        return None
    measured = case.kind in MEASURABLE
    how = "was measured and found otherwise" if measured else "is denied from first-hand knowledge"
    reason = f"It {how} by {names(denials)}, and no independent voice stands behind it."
    return Finding(reason, ids(denials))


def measured_otherwise(case: Case, item: Item) -> bool:
    """Return whether an independent voice that can know surely denies it from a measurement."""
    outside = item.stance is Stance.DENIES and item.voice != HEARSAY and not item.first_party
    return outside and item.sure and item.independent and case.measures(item) and case.can_know(item)


@_rule(Status.CONTRADICTED, "The rival loses its substantiation, or turns out to speak of something else.")
def _outrun(case: Case) -> Finding | None:
    """A rival with another number or another date, or with another model for the same code name, is
    substantiated, and both cannot be true: they speak of the same models (or of that code name), and both of
    what has been or both of what will be. But for a number of parameters, which stays so, a figure (a
    price, a deal, the length of a context) is no rival of another that was first said more than 30 days
    before or after it, or where the words of one tell of a change ("now", "down from"); nor are two that were
    each told as done on the very day that they name."""
    if not case.rivals:
        return None
    rival = f"“{case.rivals[0].claim}” ({case.rivals[0].claim_id})"
    return Finding(f"It cannot be true together with what is substantiated: {rival}.", ids(case.carriers[:1]))


@_rule(Status.EXPIRED, "Evidence from before that time shows that it came true.")
def _expired(case: Case) -> Finding | None:
    """It foretold something for a time that is over, nothing substantiates it, nobody tells in that time that
    the release is there, for whomever, be it in words that belong to other claims, and no release page of it
    may have been there in time: first seen later, and made before. What was told as done on the very day that
    it names ("today") foretold nothing, nor does what only may belong to the claim make it a prediction."""
    if not case.overdue or case.kind not in DATED or (first := lapsing(case)) is None:
        return None
    if told_in_time(case) or told_elsewhere(case) or any(may_fulfil(case, page) for page in case.artefacts):
        return None
    day = f"{case.subject.event_at or case.subject.deadline:%Y-%m-%d}"
    reason = f"The time it names ended on {day}, and nothing shows that it came true."
    return Finding(reason, (first.evidence_id,))


@_rule(Status.DISPUTED,
       "An artefact, an admission by the subject, independent measurements, or a retraction.")
def _disputed(case: Case) -> Finding | None:
    """At least one voice denies it (or a post without a known author, where nobody who can know stands behind
    it), or an expert or the subject questions it, or at least two independent voices question what anybody
    can look at (one text that tells of several who do counts as such), and at least one other voice or rumour
    carries it, or those who question it tell that it is claimed. A denial by the accused never does more than
    this."""
    for verb, against in (("denied", denials(case)), ("questioned", doubts(case))):
        carried = carriers(case, against)
        if carried or (verb == "questioned" and tells_of_the_claim(against)):
            accused = any(item.first_party and item.stance is Stance.DENIES for item in against)
            note = "; a denial by the subject refutes nothing" if accused else ""
            by = f"carried by {names(carried)}" if carried else "they say that others claim it"
            return Finding(f"It is {verb} by {doubters(case, against)} and {by}{note}.",
                           ids([*carried, *against]))
    return None


@_rule(Status.CORROBORATED, "A denial, an artefact, or an admission by the subject.")
def _corroborated(case: Case) -> Finding | None:
    """At least {corroborating_voices} independent voices that can know it stand behind it plainly, in their
    own words, within 7 days (whenever, of what stays so, or of what names its time). Hearsay, hedged words,
    aggregators and repetitions do not count: one publisher with whom it quotes is one voice, so are those who
    begin with the same words, share sixteen in a row or say nothing but the same few, all who tell of the
    subject's word after it, and all who tell what the subject plans without saying how they know. The subject
    itself is not independent of what is claimed about it. Nor do ordinary users count on what only insiders
    can know, and on what a model can do, unless they speak of first-hand knowledge or tell figures that are
    not the claim's own."""
    voices = case.corroborating
    if len(voices) < case.corroborating_voices:
        return None
    return Finding(f"{len(voices)} independent voices stand behind it: {names(voices)}.", ids(voices))


@_rule(Status.UNVERIFIED, "Another independent voice, or plain words again.")
def _softened(case: Case) -> Finding | None:
    """Enough voices spoke plainly for it, but a later version of the own document of one of them hedges or
    leaves out what it said, or says the opposite or another figure or time, with a note or without; the
    others are too few. A voice that says it plainly elsewhere stands."""
    lost = [item for item in case.spoken if item.evidence_id in case.softened]
    if not lost or len(case.spoken) < case.corroborating_voices:
        return None
    parts = [became(case.softened[item.evidence_id]) for item in lost[:EDITS]]
    if (more := len(lost) - EDITS) > 0:
        parts.append(f"and {counted(more, 'more edit')}")
    if firm := case.corroborating:
        parts.append(f"{names(firm)} alone still {STAND[len(firm) > 1]} behind it")
    return Finding(f"{names(lost)} no longer {STAND[len(lost) > 1]} behind it: {'; '.join(parts)}.",
                   ids([*firm, *lost]))


@_rule(Status.DISPUTED, "A document that claims it, an artefact, or independent measurements.")
def _denied_by_others(case: Case) -> Finding | None:
    """Only denials are stored, and another voice than the subject denies it plainly in words of its own; that
    something is not so yet is no such denial."""
    subject_voices = {item.voice for item in case.denials if case.is_subject(item)}
    outside = [item for item in case.denials if item.voice not in subject_voices and item.own_words
               and item.certainty is Certainty.ASSERTED and not not_yet(item.quote)]
    if case.carriers or not outside:
        return None
    return Finding(f"It is denied by {names(outside)}; who claims it is not known.", ids(case.denials))


@_rule(Status.UNVERIFIED, "A document that claims it.")
def _denied_only(case: Case) -> Finding | None:
    """Only denials are stored, by the subject, or in hedged or passed on words, or that it is not so yet."""
    if case.carriers or not case.denials:
        return None
    several = len({item.voice for item in case.denials}) > 1
    noun, verb = ("denials", "are") if several else ("a denial", "is")
    return Finding(f"Only {noun} by {names(case.denials)} {verb} stored; who claims it is not known.",
                   ids(case.denials))


@_rule(Status.UNVERIFIED, "A voice that stands behind it, or a denial.")
def _hearsay(case: Case) -> Finding | None:
    """Only unattributed rumour carries it."""
    if not case.carriers or any(item.voice != HEARSAY for item in case.carriers):
        return None
    rumour = f"{names(case.carriers)}; however often it is repeated, nobody is known to stand behind it"
    return Finding(f"It is {rumour}.", ids(case.carriers))


@_rule(Status.UNVERIFIED, "A second independent voice that can know it, an artefact, or a denial.")
def _one_voice(case: Case) -> Finding | None:
    """One voice carries it, however many repeat it."""
    voiced = [item for item in case.carriers if item.voice != HEARSAY]
    if not voiced or case.voices > 1:
        return None
    return Finding(f"It rests on one voice, {names(voiced)}, however many repeat it.", ids(voiced))


@_rule(Status.UNVERIFIED, "Independent voices that can know it, an artefact, an admission, or a denial.")
def _unverified(case: Case) -> Finding | None:
    """Nothing above holds."""
    if not case.carriers:
        only_asked = all(item.stance is Stance.QUESTIONS for item in case.items)
        clause = "only asked about" if only_asked else "asked about, or denied by nobody who is known"
        return Finding(f"It is {clause}; no stored document claims it.", ids(case.items))
    return Finding(f"It is carried by {names(case.carriers)}; {uncounted(case)}.", ids(case.carriers))


def judging_page() -> str:
    """Return the text of `docs/judging.md`, in Markdown."""
    rules = [
        f"| {number} | `{rule.id}` | {rule.status or 'as decided'} | {rule.holds_when(2)} | "
        f"{rule.would_change} |"
        for number, rule in enumerate(RULES, 1)
    ]
    stages = [f"| `{stage}` | {asked_for} | {shown_by} |"
              for stage, (asked_for, shown_by) in STAGE_WORDS.items()]
    page = files("pipeline.stages.judge").joinpath("judging.md").read_text("utf-8")
    return page.format(
        version=VERSION, rules="\n".join(rules), releases="\n".join(stages), score=inspect.getdoc(score)
    )


if __name__ == "__main__":
    sys.stdout.write(judging_page())
