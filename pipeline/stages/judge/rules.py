"""The ladder of rules that says where a claim stands. `python -m pipeline.stages.judge.rules > docs/judging.md` writes their page.

The rules stand in order; the first whose condition holds decides. Each returns what it rests on, or None.

Who questions a claim so that it counts: experts, the subject, and many where anybody can look.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from importlib.resources import files

from pipeline.core.records import HEARSAY, Certainty, Kind, Role, Rung, Stance, Status
from pipeline.stages.judge.case import OPEN, Artefact, Case, Item
from pipeline.stages.judge.reasons import became, ids, names, said, score, taken_back, unique
from pipeline.stages.judge.releases import DONE, RUNG_WORDS, TO_COME, asked, page_rung, shows, statement_rung
from pipeline.text.names import is_page_of

VERSION = "ladder-2"
# What the subject itself knows, and gains nothing by saying or says against itself. Its praise of itself
# (capability, benchmark_result) proves nothing.
SUBJECT_KNOWS = frozenset(
    {Kind.RELEASE, Kind.DELAY, Kind.LICENCE, Kind.PRICE, Kind.PEOPLE, Kind.DEAL, Kind.SIZE, Kind.TRAINING_DATA}
    | {Kind.BENCHMARK_GAMING, Kind.SAFETY}
)
ACCUSATIONS = frozenset({Kind.BENCHMARK_GAMING, Kind.SAFETY})
DATED = frozenset({Kind.RELEASE, Kind.DEAL, Kind.PEOPLE, Kind.PRICE, Kind.LICENCE, Kind.OTHER})
ON_THE_PAGE = frozenset({Kind.LICENCE, Kind.SIZE, Kind.PRICE, Kind.TRAINING_DATA})
CONCEDING = frozenset({"admit", "acknowledge", "concede", "apologise", "apologize"})  # said against oneself
NEWS_AGE = timedelta(days=7)  # how old a page may be that a claim without a version number speaks of


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule rests on: one sentence, and the evidence it cites, the decisive piece last."""

    reason: str
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rung: its id, the status it gives, when it holds (for the documentation), the test, what would change it."""

    id: str
    status: Status | None
    sentence: str
    test: Callable[[Case], Finding | None]
    would_change: str

    def holds_when(self, corroborating_voices: int) -> str:
        """The sentence that says when it holds, where so many voices corroborate."""
        return self.sentence.format(corroborating_voices=corroborating_voices)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a claim stands, by which rule, and why."""

    status: Status
    rule: Rule
    finding: Finding
    score: float
    voices: int


def stand(case: Case, rules: Iterable[Rule] | None = None) -> Standing:
    """The first rule that holds decides; the last one always does."""
    for rule in rules or RULES:
        finding = rule.test(case)
        if finding is not None:
            status = rule.status or (case.ruling.status if case.ruling else Status.UNVERIFIED)
            return Standing(status, rule, finding, score(case, status), case.voices)
    raise AssertionError("the last rule holds for every case")


# --- the rules ------------------------------------------------------------------------------------------


def _decided(case: Case) -> Finding | None:
    if case.ruling is None:
        return None
    machine = stand(case, RULES[1:])
    decision = f"{case.ruling.editor} decided so: {case.ruling.reason}".rstrip(". ")
    return Finding(f"{decision}. Left to the rules it would be {machine.status}.", machine.finding.cites)


def _retracted(case: Case) -> Finding | None:
    carriers = [item for item in case.carriers if item.voice != HEARSAY]
    if not carriers or carriers[0].first_party:
        return None
    first = carriers[0]
    turn = case.turn(first.voice, Stance.DENIES)
    if turn is None or any(item.voice != first.voice for item in case.supports):
        return None
    return Finding(
        f"It comes from {first.voice_name}, who took it back{taken_back(first, turn)}; nobody else stands behind it.",
        (first.evidence_id, turn.evidence_id),
    )


def _released(case: Case) -> Finding | None:
    if case.kind is not Kind.RELEASE:
        return None
    page = next((page for page in case.artefacts if _fulfils(case, page)), None)
    if page is None:
        return None
    cites = [item.evidence_id for item in case.carriers[:1]]
    cites += [item.evidence_id for item in case.items if item.document_id == page.document_id and item.carries]
    return Finding(f"Its release page is there: {page.name} ({page.url}).", unique(cites))


def _fulfils(case: Case, page: Artefact) -> bool:
    models = case.subject.models
    if not is_page_of(page.name, models) or not case.carriers or not shows(page_rung(page), asked(case.subject.claim)):
        return False
    first = case.carriers[0].at
    # A page that was there before a release was foretold is not what was foretold.
    if any(item.certainty is Certainty.PREDICTED for item in case.carriers):
        in_time = page.at >= first or not page.said
    else:
        in_time = any(c.isdigit() for model in models for c in model) or page.at >= first - NEWS_AGE
    return in_time and (case.subject.deadline is None or page.at <= case.subject.deadline)


def _reversed(case: Case) -> Finding | None:
    if case.kind in ACCUSATIONS:
        return None
    ours = [item for item in case.items if case.by_the_subject(item)]
    supports = [item for item in ours if item.stance is Stance.SUPPORTS]
    denials = [item for item in ours if item.stance is Stance.DENIES]
    if not supports or not denials or denials[0].at <= supports[-1].at:
        return None
    return Finding(
        f"The subject said so first and later the opposite: {said(supports[0])}, then {said(denials[0])}.",
        (supports[0].evidence_id, denials[0].evidence_id),
    )


def _shown(case: Case) -> Finding | None:
    for item in case.supports:
        own_page = item.artefact and case.kind in ON_THE_PAGE and item.source_organisation in case.subject.organisations
        ours = {item.source_organisation, item.organisation} & set(case.subject.organisations) or item.first_party or item.own_work
        outside = not ours and item.source_role in (Role.PRESS, Role.EXPERT)
        if own_page or (item.artefact and outside and case.kind is Kind.BENCHMARK_RESULT):
            return Finding(f"{item.source} shows it on the page itself, not in words about it.", (item.evidence_id,))
    return None


def _admitted(case: Case) -> Finding | None:
    denials = [item for item in case.items if item.first_party and item.stance is Stance.DENIES]
    for item in case.items:
        # A later denial, even one that only a stranger quotes, leaves the matter open.
        after = all(denial.at < item.at for denial in denials)
        if after and item.stance is Stance.SUPPORTS and case.by_the_subject(item) and _states_it(case, item):
            deed = "admits it" if case.kind in ACCUSATIONS or _concedes(item) else "says so itself"
            before = f", after a denial ({said(denials[0])})" if denials else ""
            cites = (*ids(denials[:1]), item.evidence_id)
            return Finding(f"The subject, which must know, {deed}: {said(item)}{before}.", cites)
    return None


def _concedes(item: Item) -> bool:
    return (item.speech_verb or "").lower() in CONCEDING


def _states_it(case: Case, item: Item) -> bool:
    """Whether the subject states a fact, as against announcing, praising or hedging."""
    if case.kind is Kind.DELAY:
        return item.certainty in (Certainty.ASSERTED, Certainty.PREDICTED)
    if case.kind is Kind.RELEASE:
        return _states_release(case, item)
    if item.certainty is not Certainty.ASSERTED:
        return False
    return _concedes(item) or case.kind in SUBJECT_KNOWS - {Kind.SAFETY}


def _states_release(case: Case, item: Item) -> bool:
    """Whether the subject's words show the rung that the claim asks for, in the claim's time."""
    claim = case.subject.claim
    if not shows(statement_rung(item, claim), asked(claim)):
        return False
    if asked(claim).height <= Rung.ANNOUNCED.height and not TO_COME.search(claim):
        return item.certainty in (Certainty.ASSERTED, Certainty.PREDICTED)
    to_come = TO_COME.search(claim) is not None
    foretold = to_come and not DONE.search(item.quote)
    late = to_come and case.subject.deadline is not None and item.at >= case.subject.deadline
    return item.certainty is Certainty.ASSERTED and not (foretold or late or case.subject.before_its_time(item.at))


def _measured(case: Case) -> Finding | None:
    denials = [i for i in case.denials if not i.first_party and i.independent and i.measured and case.can_know(i)]
    voices = {item.voice: item for item in denials}
    enough = len(voices) >= 2 or any(item.artefact for item in denials)
    if not enough or any(not item.first_party for item in case.supports):
        return None
    return Finding(f"It was measured and found otherwise by {names(denials)}, and no independent voice stands behind it.", ids(denials))


def _outrun(case: Case) -> Finding | None:
    if not case.rivals:
        return None
    rival = case.rivals[0]
    return Finding(f"It cannot be true together with what is substantiated: “{rival.claim}” ({rival.claim_id}).", ids(case.carriers[:1]))


def _expired(case: Case) -> Finding | None:
    if not case.overdue or case.kind not in DATED or case.subject.deadline is None:
        return None
    for item in case.carriers:
        foretold = item.certainty in (Certainty.PREDICTED, Certainty.HEDGED) and item.at < case.subject.deadline
        if foretold or case.subject.before_its_time(item.at):
            day = f"{(case.subject.event_at or case.subject.deadline):%Y-%m-%d}"
            return Finding(f"The time it names ended on {day}, and nothing shows that it came true.", (item.evidence_id,))
    return None


def _disputed(case: Case) -> Finding | None:
    for verb, against in (("denied", case.denials), ("questioned", doubts(case))):
        carried = carriers(case, against)
        if carried or (verb == "questioned" and tells_of_the_claim(against)):
            note = "; a denial by the subject refutes nothing" if any(i.first_party and i.stance is Stance.DENIES for i in against) else ""
            by = f"carried by {names(carried)}" if carried else "told by them to be claimed"
            return Finding(f"It is {verb} by {doubters(case, against)} and {by}{note}.", ids([*carried, *against]))
    return None


def _corroborated(case: Case) -> Finding | None:
    if len(case.corroborating) < case.corroborating_voices:
        return None
    voices = case.corroborating
    return Finding(f"{len(voices)} independent voices stand behind it: {names(voices)}.", ids(voices))


def _softened(case: Case) -> Finding | None:
    standing = {item.evidence_id for item in case.corroborating}
    lost = [item for item in case.spoken if item.evidence_id not in standing]
    if not lost or len(case.spoken) < case.corroborating_voices:
        return None
    edit = next(one for one in case.rewordings if one.evidence_id == lost[0].evidence_id)
    others = f"; {names(case.corroborating)} alone still stands behind it" if case.corroborating else ""
    return Finding(f"{names(lost)} no longer stands behind it: {became(edit)}{others}.", ids([*case.corroborating, *lost]))


def _denied_only(case: Case) -> Finding | None:
    if case.carriers or not case.denials:
        return None
    return Finding(f"Only its denial is stored, by {names(case.denials)}; who claims it is not known.", ids(case.denials))


def _hearsay(case: Case) -> Finding | None:
    if not case.carriers or any(item.voice != HEARSAY for item in case.carriers):
        return None
    return Finding(f"It is {names(case.carriers)}; however often it is repeated, nobody is known to stand behind it.", ids(case.carriers))


def _one_voice(case: Case) -> Finding | None:
    carriers = [item for item in case.carriers if item.voice != HEARSAY]
    if not carriers or case.voices > 1:
        return None
    return Finding(f"It rests on one voice, {names(carriers)}, however many repeat it.", ids(carriers))


def _unverified(case: Case) -> Finding | None:
    if not case.carriers:
        return Finding("It is only asked about; nobody stored claims it.", ids(case.items))
    return Finding(f"It is carried by {names(case.carriers)}, too few of whom can know it and speak for themselves.", ids(case.carriers))


RULES: tuple[Rule, ...] = (
    Rule("decided", None, "An editor decided where the claim stands. The rules' own view is told beside it.", _decided,
         "The editor takes the decision back."),
    Rule("retracted", Status.RETRACTED, "The voice that the claim comes from took it back, and no other independent voice stands"
         " behind it. A deleted post is not a retraction.", _retracted, "Another independent voice comes forward with support."),
    Rule("released", Status.SUBSTANTIATED, "A release is claimed, and a release page of that model by that organisation is there, on the"
         " rung that the claim asks for or a higher one, no later than the claim says, and no earlier than it was foretold.", _released,
         "The page turns out to be of another model, or not the organisation's."),
    Rule("reversed", Status.CONTRADICTED, "The subject said so itself and later says the opposite.", _reversed,
         "The subject returns to its first word, or an artefact shows it."),
    Rule("shown", Status.SUBSTANTIATED, "A primary artefact shows it: the organisation's own model page for what such a page states"
         " (licence, size, price), or a leaderboard or paper by others than the subject for a benchmark result.", _shown, "The artefact is corrected, or shown to be wrong."),
    Rule("admitted", Status.SUBSTANTIATED, "The subject, which must know, states it as a fact or admits it, in its own document or"
         " quoted by press or an expert. Praise of itself (capability, benchmark results, safety), hedged words and announcements"
         " of what is to come do not count, nor do words of a lower rung than a claimed release asks for, nor of a time later than it"
         " was foretold for; an admission against itself always does.", _admitted, "The subject says the opposite, or an artefact shows it."),
    Rule("measured", Status.CONTRADICTED, "An artefact, or at least two independent voices other than the subject, measured it and found"
         " otherwise, and no independent voice stands behind it.", _measured, "An independent measurement supports it."),
    Rule("outrun", Status.CONTRADICTED, "A rival with another number or another date is substantiated, and both cannot be true: they speak of"
         " the same models, and both of what has been or both of what will be.", _outrun,
         "The rival loses its substantiation, or turns out to speak of something else."),
    Rule("expired", Status.EXPIRED, "It foretold something for a time that is over, and nothing substantiates it.", _expired,
         "Evidence from before that time shows that it came true."),
    Rule("disputed", Status.DISPUTED, "At least one voice denies it, or an expert or the subject questions it, or at least two independent"
         " voices question what anybody can look at (one text that tells of several who do counts as such), and at least one other voice"
         " or rumour carries it, or those who question it tell that it is claimed. A denial by the accused never does more than this.", _disputed,
         "An artefact, an admission by the subject, independent measurements, or a retraction."),
    Rule("corroborated", Status.CORROBORATED, "At least {corroborating_voices} independent voices that can know it stand behind it in their"
         " own words. Hearsay, aggregators and repetitions do not count; nor do ordinary users on what only insiders can know,"
         " unless they speak of first-hand knowledge.", _corroborated, "A denial, an artefact, or an admission by the subject."),
    Rule("softened", Status.UNVERIFIED, "Enough voices spoke plainly for it, but a later version of the own document of one of them hedges"
         " or leaves out what it said, with a note or without; the others are too few. A voice that says it plainly elsewhere stands.",
         _softened, "Another independent voice, or plain words again."),
    Rule("denied_only", Status.UNVERIFIED, "Only denials are stored.", _denied_only, "A document that claims it."),
    Rule("hearsay", Status.UNVERIFIED, "Only unattributed rumour carries it.", _hearsay, "A voice that stands behind it, or a denial."),
    Rule("one_voice", Status.UNVERIFIED, "One voice carries it, however many repeat it.", _one_voice,
         "A second independent voice that can know it, an artefact, or a denial."),
    Rule("unverified", Status.UNVERIFIED, "Nothing above holds.", _unverified,
         "Independent voices that can know it, an artefact, an admission, or a denial."),
)


def judging_page() -> str:
    """`docs/judging.md`: the rules as they stand above."""
    voices = int(Case.__dataclass_fields__["corroborating_voices"].default)  # type: ignore[arg-type]
    rungs = [
        f"| {number} | `{rule.id}` | {rule.status or 'as decided'} | {rule.holds_when(voices)} | {rule.would_change} |"
        for number, rule in enumerate(RULES, 1)
    ]
    releases = [f"| `{rung}` | {asked_for} | {shown_by} |" for rung, (asked_for, shown_by) in RUNG_WORDS.items()]
    page = files("pipeline.stages.judge").joinpath("judging.md").read_text("utf-8")
    return page.format(version=VERSION, rules="\n".join(rungs), releases="\n".join(releases), score=inspect.getdoc(score))


if __name__ == "__main__":
    sys.stdout.write(judging_page())


MOST = 3  # sources told by name
ENOUGH = 2  # independent voices that question what anybody can look at
_PEOPLE = (
    r"users|commenters|comments|critics|researchers|developers|engineers|experts|analysts|observers|readers|testers|members|people|"
    r"participants|customers|practitioners|many|several|others|(?:the|this) (?:\w+ )?community"
)
_DOUBT = r"s[ck]eptic\w*|doubt\w*|question(?:s|ed|ing)?|critici[sz]\w+|disbelief|distrust|mistrust|disput\w+|disagree\w*"
# "Users question", "Ann and Ben question", "some users express deep skepticism", "doubts among commenters", "there is widespread doubt", "discussions highlight skepticism".
_SEVERAL = re.compile(
    rf"\b(?:{_PEOPLE}|discussions?|conversations?|threads?) (?:[\w,]+ ){{0,4}}?(?:{_DOUBT})\b"
    rf"|\b(?:{_DOUBT}) (?:\w+ ){{0,3}}?(?:among|from|by) (?:\w+ ){{0,2}}?(?:{_PEOPLE})\b"
    r"|\b\w+ and \w+ (?:question|doubt|dispute|deny|criticize|disagree)\b"
    rf"|\bthere(?: is| are| was| were| has been| have been|['’]s) (?:\w+ ){{0,2}}?(?:{_DOUBT})\b",
    re.IGNORECASE,
)
_DEBATED = re.compile(
    r"\b(?:debat(?:e[sd]?|ing)|disagree\w*|argu(?:es?|ed|ing)|contention) (?:\w+ ){0,2}?(?:whether|if)\b"
    r"|\b(?:is|are|was|were|remains?) (?:\w+ )?(?:debated|contested|disputed)\b",
    re.IGNORECASE,
)
# Whoever doubts "X's claimed superiority" tells that it is claimed.
_CLAIMED = re.compile(r"\b(?:claim(?:s|ed)?|alleg\w+|reported(?:ly)?|purported(?:ly)?|touted|supposed(?:ly)?|advertised|hyped?)\b", re.IGNORECASE)


def doubts(case: Case) -> list[Item]:
    """The items that question the claim, where they weigh enough to dispute it; otherwise none.

    An expert's question and the subject's do. Other people's do on what anybody can look at, where they are at least
    ENOUGH independent voices, or one text tells of several who doubt.
    """
    asked = [item for item in case.items if _asks(item) and (item.voice != HEARSAY or _many(case, item))]
    if case.kind in OPEN and (any(_many(case, item) for item in asked) or len({item.voice for item in asked}) >= ENOUGH):
        return asked
    return [item for item in asked if item.role is Role.EXPERT or case.by_the_subject(item)]


def carriers(case: Case, against: Sequence[Item]) -> list[Item]:
    """The items that carry the claim, hearsay among them, beside those `against` it."""
    standing = {item.voice for item in case.supports}
    carried = [i for i in case.carriers if i.voice == HEARSAY or i.stance is Stance.REPORTS or i.voice in standing]
    return [item for item in carried if any(_another(case, item, other) for other in against)]


def doubters(case: Case, against: Sequence[Item]) -> str:
    """Those `against` it in plain words; the many that a text tells of are not its own voice."""
    crowd = [item for item in against if _many(case, item)]
    told = list(dict.fromkeys(item.source for item in crowd))
    many = [f"several people (as told in {', '.join(told[:MOST])}{' and elsewhere' if told[MOST:] else ''})"] if crowd else []
    others = [item for item in against if item not in crowd]
    return " and ".join([*([names(others)] if others else []), *many])


def tells_of_the_claim(items: Sequence[Item]) -> bool:
    """Whether those who question it tell that somebody claims it ("X's claimed lead") or that it is debated."""
    return any(_CLAIMED.search(item.quote) or debated(item.quote) for item in items)


def _asks(item: Item) -> bool:
    if item.stance is Stance.REPORTS:
        return debated(item.quote)
    # A denial that is hearsay is nobody's; where the text has several doubt it, theirs is a doubt.
    return item.stance is Stance.QUESTIONS or (item.stance is Stance.DENIES and item.voice == HEARSAY and several(item.quote))


def _many(case: Case, item: Item) -> bool:
    return case.kind in OPEN and _asks(item) and (several(item.quote) or debated(item.quote))


def _another(case: Case, item: Item, other: Item) -> bool:
    """Whether somebody else carries it: of one forum some may doubt what others say, if it tells so in two texts."""
    return item.voice != other.voice or (_many(case, other) and item.document_id != other.document_id)


@lru_cache(maxsize=65536)
def several(quote: str) -> bool:
    """Whether the words speak of more than one person who doubts."""
    return _SEVERAL.search(quote) is not None


@lru_cache(maxsize=65536)
def debated(quote: str) -> bool:
    """Whether the words tell that people argue whether it is so."""
    return _DEBATED.search(quote) is not None
