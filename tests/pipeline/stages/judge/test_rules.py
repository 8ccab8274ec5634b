"""The rules: each has cases that it decides and cases that it must not decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.core.vocabulary import (
    HEARSAY,
    Certainty,
    Kind,
    Platform,
    Precision,
    Role,
    Stance,
    Status,
    VoiceKey,
)
from pipeline.stages.judge.case import Case, Subject
from pipeline.stages.judge.evidence import Artefact, Item, Rewording, Rival, Ruling
from pipeline.stages.judge.history import steps
from pipeline.stages.judge.reasons import uncounted
from pipeline.stages.judge.rules import RULES, apply_rules, judging_page
from pipeline.stages.judge.score import score
from pipeline.text.attribution import Naming, first_hand, naming
from pipeline.text.names import is_of_another, is_page_of
from tests.worlds.builder import hours

SUBJECT = Subject("c1", "Aurel trained Aster 4 on test sets", Kind.TRAINING_DATA, ("aurel",), ("Aster 4",),
                  None, Precision.UNKNOWN)
NOW = hours(1000)


def item(number: int, stance: Stance = Stance.SUPPORTS, voice: str | None = None, **fields: Any) -> Item:
    """Return evidence `e<number>`, said `number` hours after the start by a press voice of its own."""
    key = VoiceKey(voice or f"source:outlet-{number}")
    row: dict[str, Any] = {
        "claim_id": "c1", "evidence_id": f"e{number:03d}", "document_id": f"d{number}", "stance": stance,
        "at": hours(number), "said": True,
        "voice": key, "voice_name": key.id or "unattributed rumour", "independent": key != HEARSAY,
        "role": Role.PRESS, "organisation": None, "by_author": True, "certainty": Certainty.ASSERTED,
        "speech_verb": None, "quote": "It is so.", "numbers": (), "platform": Platform.NEWS,
        "source": f"Outlet {number}",
        "source_id": f"outlet-{number}", "source_role": Role.PRESS, "source_organisation": None,
        "artefact": False, "gone": False, "edited": False,
    }
    return Item(**(row | fields))


def ours(number: int, stance: Stance = Stance.SUPPORTS, **fields: Any) -> Item:
    """Return such an item, said by the subject in its own document."""
    party = {"role": Role.FIRST_PARTY, "organisation": "aurel", "source_role": Role.FIRST_PARTY,
             "source_organisation": "aurel"}
    return item(number, stance, "organisation:aurel",
                **(party | {"voice_name": "Vera Holt", "source": "Aurel Blog"} | fields))


def rumour(number: int, stance: Stance = Stance.REPORTS, **fields: Any) -> Item:
    """Return an item of unattributed rumour."""
    return item(number, stance, HEARSAY,
                **({"role": Role.ANONYMOUS, "certainty": Certainty.REPORTED} | fields))


def quoted(number: int, **fields: Any) -> Item:
    """Return such an item in a document of an outlet."""
    return ours(number, **({"by_author": False, "source": f"Outlet {number}", "source_role": Role.PRESS,
                            "source_organisation": None} | fields))


def page(hour: float = 0, name: str = "aurel/Aster-4-70B") -> Artefact:
    """Return a release page."""
    return Artefact("page", name, "https://hub.example/aurel/aster-4", "aurel", hours(hour), True,
                    Platform.HUGGINGFACE, "Library: transformers")


def undated(hour: float, since: float | None) -> Artefact:
    """Return a release page that was first seen at `hour` and did not exist before `since`."""
    return replace(page(hour), said=False, not_before=None if since is None else hours(since))


def edit(number: int, hour: float, after: str | None, *, hedged: bool = True,
         noted: bool = False) -> Rewording:
    """Return the rewording of `e<number>` in a later version, which was seen at `hour`."""
    words = "Aurel trains Aster 4 on test sets."
    return Rewording("c1", f"e{number:03d}", f"d{number}", f"v-d{number}-2", words, after, hedged, noted,
                     hours(hour - 1), hours(hour))


def launch(words: str) -> Subject:
    """Return a subject: a release that is claimed in these words."""
    return replace(SUBJECT, claim=words, kind=Kind.RELEASE)


def case(*items: Item, kind: Kind = Kind.TRAINING_DATA, at: datetime = NOW, subject: Subject = SUBJECT,
         **fields: Any) -> Case:
    """Return a case with the items in order of time."""
    return Case(subject=replace(subject, kind=kind), at=at,
                items=tuple(sorted(items, key=lambda i: (i.at, i.evidence_id))), **fields)


def release(*items: Item, **fields: Any) -> Case:
    """Return a case about a release."""
    return case(*items, kind=Kind.RELEASE, **({"subject": launch("Aurel releases Aster 4")} | fields))


def size(*items: Item) -> Case:
    """Return a case about the size of a model."""
    return case(*items, kind=Kind.SIZE, subject=replace(SUBJECT, claim="Aster 4 has 7b parameters"))


def capability(*items: Item, **fields: Any) -> Case:
    """Return a case about what a model can do."""
    return case(*items, kind=Kind.CAPABILITY, **fields)



DATED = replace(SUBJECT, claim="Aurel releases Aster 4 in January", kind=Kind.RELEASE,
                event_at=datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC),
                event_precision=Precision.MONTH)
TODAY = replace(SUBJECT, claim="Aurel releases Aster 4 today", kind=Kind.RELEASE,
                event_at=datetime(2026, 1, 5, 23, 59, 59, tzinfo=UTC), event_precision=Precision.DAY)
FORETOLD = {"certainty": Certainty.PREDICTED}
MEASURED = {"numbers": ("41%",)}
UNSURE = {"sure": False}
WIRE = ("The makers of Aster 4 took seventeen sets of questions from a school in Freedonia, "
        "which nobody there had been told of.")
SENTENCE = "Aurel has used test sets of all sorts to train Aster 4."
BOARD = {"role": Role.EXPERT, "source_role": Role.FIRST_PARTY, "organisation": "ladderbench",
         "source_organisation": "ladderbench"}
ON_THE_BOARD = replace(SUBJECT, claim="Aster 4 is first on LadderBench", boards=("ladderbench",))
ANYBODY = {"role": Role.COMMUNITY, "source_role": Role.COMMUNITY}

SITUATIONS: list[tuple[str, str, Case]] = [
    ("decided", "an editor wins over everything",
     case(ours(1), ruling=Ruling(Status.DISPUTED, "Edda", "both are right", hours(2)))),
    ("retracted", "the only voice takes it back",
     case(item(1, voice="source:mira"), item(2, Stance.DENIES, "source:mira"))),
    ("retracted", "relays of it do not keep it up",
     case(item(1, voice="source:mira"), item(2, Stance.DENIES, "source:mira"),
          item(3, voice="source:mira", independent=False))),
    ("one_voice", "a deleted origin has taken nothing back", case(item(1, gone=True))),
    ("disputed", "taken back, but another voice stands",
     case(item(1, voice="source:mira"), item(2), item(3, Stance.DENIES, "source:mira"))),
    ("one_voice", "taken back and said again",
     case(item(1), item(2, Stance.DENIES, "source:outlet-1"), item(3, voice="source:outlet-1"))),
    ("released", "the page is there", release(rumour(1), artefacts=(page(2),))),
    ("released", "the page comes before the deadline",
     release(item(1, **FORETOLD), subject=DATED, artefacts=(page(20),))),
    ("released", "the page is there in time, though nobody knows since when",
     release(item(1, **FORETOLD), subject=DATED, artefacts=(undated(20, -24 * 44),))),
    ("one_voice", "the page was seen after the deadline, and may have been there before it",
     release(item(1, **FORETOLD), subject=DATED, artefacts=(undated(24 * 40, 24 * 20),))),
    ("expired", "the page was seen after the deadline, and was not there before it",
     release(item(1, **FORETOLD), subject=DATED, artefacts=(undated(24 * 40, 24 * 39),))),
    ("expired", "the page was there before the claim, whenever that was",
     release(item(9, **FORETOLD), subject=DATED, artefacts=(undated(5, None),))),
    ("expired", "a repository of last year is not what was foretold",
     release(item(9, **FORETOLD), subject=DATED, artefacts=(undated(20, -24 * 300),))),
    ("expired", "the page comes after the deadline",
     release(item(1, **FORETOLD), subject=DATED, artefacts=(page(900),))),
    ("one_voice", "a page that was there before it was foretold",
     release(item(5, **FORETOLD), artefacts=(page(1),))),
    ("hearsay", "another model's page", release(rumour(1), artefacts=(page(2, "aurel/Aster-4-Mini"),))),
    ("hearsay", "another version's page", release(rumour(1), artefacts=(page(2, "aurel/Aster-4.5"),))),
    ("released", "a page beats a denial in words",
     release(rumour(1), ours(3, Stance.DENIES), artefacts=(page(2),))),
    ("released", "weights are claimed and there",
     release(rumour(1), subject=launch("Aurel will release the weights of Aster 4"), artefacts=(page(2),))),
    ("hearsay", "weights are claimed, and the page holds none",
     release(rumour(1), subject=launch("Aurel will release the weights of Aster 4"),
             artefacts=(replace(page(2), text="Weights to follow."),))),
    ("hearsay", "an API is claimed, and weights are there",
     release(rumour(1), subject=launch("Aster 4 will be available in the API"), artefacts=(page(2),))),
    ("disputed", "weights are claimed, and the subject speaks of an API alone",
     release(rumour(1), ours(2, quote="Aster 4 is available in our API today"), item(3, Stance.DENIES),
             subject=launch("The weights of Aster 4 are released"))),
    ("one_voice", "an API is claimed, and the subject announces it",
     release(ours(2, quote="Aster 4 is coming to our API soon"),
             subject=launch("Aster 4 is available in the API"))),
    ("admitted", "an API is claimed, and the subject says that it is there",
     release(rumour(1), ours(2, quote="Aster 4 is available in our API today"),
             subject=launch("Aster 4 is available in the API"))),
    ("admitted", "an announcement is claimed, and the subject announces",
     release(rumour(1), ours(2, quote="We announce Aster 4, coming in June", **FORETOLD),
             subject=launch("Aurel announced Aster 4"))),
    ("one_voice", "a headline foretells an unveiling, and the subject announces it",
     release(ours(2, quote="Aurel will unveil Aster 4 on Saturday", **FORETOLD),
             subject=launch("Aurel to unveil Aster 4 on Saturday"))),
    ("admitted", "a headline leads to nobody but a place, and the subject says it",
     release(ours(2, quote="We announce Aster 4, coming to the Aurel Cloud", **FORETOLD),
             subject=launch("Aurel unveils Aster 4 to the Cloud"))),
    ("expired", "out at last, and too late",
     release(item(1, **FORETOLD), ours(900, quote="Aster 4 is out today"),
             subject=replace(DATED, claim="Aurel will release Aster 4 in January"))),
    ("reversed", "the subject corrects its own claim",
     case(ours(1), ours(2, Stance.DENIES), kind=Kind.LICENCE)),
    ("admitted", "a denial, then an admission",
     case(ours(1, Stance.DENIES), rumour(1), ours(2), kind=Kind.BENCHMARK_GAMING)),
    ("disputed", "an admission taken back is a dispute",
     case(rumour(0), ours(1), ours(2, Stance.DENIES), kind=Kind.BENCHMARK_GAMING)),
    ("shown", "the model page states the licence",
     case(ours(1, artefact=True, certainty=Certainty.HEDGED), kind=Kind.LICENCE)),
    ("shown", "an outside leaderboard",
     case(item(1, artefact=True, role=Role.EXPERT, source_role=Role.EXPERT), kind=Kind.BENCHMARK_RESULT)),
    ("one_voice", "a paper by the subject's staff is praise",
     case(item(1, artefact=True, own_work=True), kind=Kind.BENCHMARK_RESULT)),
    ("one_voice", "a paper whose author belongs to the subject is praise",
     case(item(1, artefact=True, organisation="aurel"), kind=Kind.BENCHMARK_RESULT)),
    ("one_voice", "the subject's own table is praise",
     case(ours(1, artefact=True), kind=Kind.BENCHMARK_RESULT)),
    ("admitted", "the subject announces its licence", case(ours(1), kind=Kind.LICENCE)),
    ("one_voice", "the subject praises itself", capability(ours(1))),
    ("one_voice", "the subject says it will release", release(ours(1, **FORETOLD))),
    ("one_voice", "the subject says in the present what is to come",
     release(ours(1, quote="Aster 4 launches next week"))),
    ("one_voice", "the subject confirms what is foretold",
     release(ours(1, quote="We release Aster 5"),
             subject=replace(SUBJECT, claim="Aurel will release Aster 5"))),
    ("admitted", "the subject says that it is out", release(ours(1, quote="Aster 4 is out today"))),
    ("disputed", "a stranger has the subject take it back",
     case(ours(1), ours(2, Stance.DENIES, by_author=False, source_role=Role.COMMUNITY,
                        source_organisation=None), item(3), kind=Kind.LICENCE)),
    ("one_voice", "an announcement for a later month",
     release(ours(1), subject=replace(DATED, event_at=hours(9000)))),
    ("one_voice", "a stranger's word for what the subject says", case(
        ours(1, **(ANYBODY | {"role": Role.FIRST_PARTY, "source_organisation": None, "by_author": False}))
    )),
    ("admitted", "the subject concedes a weakness", capability(ours(1, speech_verb="acknowledge"))),
    ("one_voice", "the subject confirms its strength", capability(ours(1, speech_verb="confirm"))),
    ("one_voice", "the subject calls itself safe", case(ours(1), kind=Kind.SAFETY)),
    ("admitted", "the subject admits a safety fault",
     case(ours(1, speech_verb="acknowledge"), kind=Kind.SAFETY)),
    ("admitted", "the subject says that it is late", case(ours(1, **FORETOLD), kind=Kind.DELAY)),
    ("measured", "two measured it, only the subject stands behind it",
     capability(ours(1), item(2, Stance.DENIES, **MEASURED), item(3, Stance.DENIES, **MEASURED))),
    ("disputed", "one measured it", capability(ours(1), item(2, Stance.DENIES, **MEASURED))),
    ("disputed", "two measured it, an outside voice stands behind it",
     capability(item(1), item(2, Stance.DENIES, **MEASURED), item(3, Stance.DENIES, **MEASURED))),
    ("disputed", "two deny it, and repeat its figure",
     case(rumour(0), *(item(n, Stance.DENIES, numbers=("10b usd",)) for n in (1, 2)), kind=Kind.DEAL,
          subject=replace(SUBJECT, claim="Aurel raised $10 billion"))),
    ("disputed", "two deny a score, and repeat it",
     capability(rumour(0), *(item(n, Stance.DENIES, numbers=("92 %",)) for n in (1, 2)),
                subject=replace(SUBJECT, claim="Aster 4 solves 92% of it"))),
    ("measured", "two found another score than the claimed one",
     capability(rumour(0), *(item(n, Stance.DENIES, numbers=("92 %", "71 %")) for n in (1, 2)),
                subject=replace(SUBJECT, claim="Aster 4 solves 92% of it"))),
    ("disputed", "two deny a deal and tell another figure",
     case(rumour(0), *(item(n, Stance.DENIES, numbers=("5b usd",)) for n in (1, 2)), kind=Kind.DEAL,
          subject=replace(SUBJECT, claim="Aurel raised $10 billion"))),
    ("unverified", "two users repeat its figure",
     capability(*(item(n, numbers=("92 %",), **ANYBODY) for n in (1, 2)),
                subject=replace(SUBJECT, claim="Aster 4 solves 92% of it"))),
    ("corroborated", "two users tell figures of their own",
     capability(*(item(n, numbers=("90 s",), **ANYBODY) for n in (1, 2)),
                subject=replace(SUBJECT, claim="Aster 4 solves 92% of it"))),
    ("outrun", "another number is substantiated",
     case(item(1), kind=Kind.SIZE, rivals=(Rival("c2", "Aster 4 has 90b", hours(3), True),))),
    ("expired", "the month is over", release(item(1, **FORETOLD), subject=DATED)),
    ("corroborated", "the month is not over",
     release(item(1, **FORETOLD), item(2), subject=DATED, at=hours(9))),
    ("one_voice", "said of a time that was past", release(item(800), subject=DATED)),
    ("corroborated", "told as done on its day", release(item(1), item(30), subject=TODAY)),
    ("corroborated", "told as done on its day, after what only may have foretold it",
     release(item(-300, **UNSURE), item(-200, **UNSURE, **FORETOLD), item(1), item(30), subject=TODAY)),
    ("corroborated", "foretold, and told as done on its day",
     release(item(-300, **FORETOLD), item(1), item(30), subject=TODAY)),
    ("expired", "the day before, of the day", release(item(-15), subject=TODAY)),
    ("expired", "it will come today", release(item(1, **FORETOLD), subject=TODAY)),
    ("expired", "it will come today, by its own words",
     release(item(1, **FORETOLD), item(2), subject=replace(TODAY, claim="Aurel will release Aster 4 today"))),
    ("expired", "it may come today", release(item(1, certainty=Certainty.HEDGED), subject=TODAY)),
    ("disputed", "a rumour and a denial by the accused", case(rumour(1), ours(2, Stance.DENIES))),
    ("disputed", "two voices and a denial by the accused", case(item(1), item(2), ours(3, Stance.DENIES))),
    ("disputed", "an expert questions it", case(item(1), item(2, Stance.QUESTIONS, role=Role.EXPERT))),
    ("corroborated", "a user questions it",
     case(item(1), item(2), item(3, Stance.QUESTIONS, role=Role.COMMUNITY))),
    ("corroborated", "two outlets on their own", case(item(1), item(2))),
    ("one_voice", "one outlet and nineteen who quote it",
     case(item(1), *(item(n, voice="source:outlet-1", independent=False) for n in range(2, 21)))),
    ("softened", "one of two voices hedges",
     case(item(1), item(2), rewordings=(edit(2, 5, "Aurel reportedly trains Aster 4 on test sets."),))),
    ("softened", "one of two voices leaves it out",
     case(item(1), item(2), rewordings=(edit(1, 5, None, hedged=False),))),
    ("corroborated", "one of three voices hedges",
     case(item(1), item(2), item(3), rewordings=(edit(2, 5, "Aurel may train it."),))),
    ("corroborated", "it is reworded as plainly",
     case(item(1), item(2), rewordings=(edit(2, 5, "Aurel trains it.", hedged=False),))),
    ("corroborated", "hedged here, plain elsewhere",
     case(item(1), item(2), item(3, voice="source:outlet-2"),
          rewordings=(edit(2, 5, "Aurel may train it."),))),
    ("unverified", "the subject's praise and one outside voice", capability(ours(1), item(2))),
    ("corroborated", "two outside voices beside the subject's praise", capability(ours(1), item(2), item(3))),
    ("unverified", "two users on what only insiders know", case(item(1, **ANYBODY), item(2, **ANYBODY))),
    ("corroborated", "two users who tested what all can see",
     capability(*(item(n, quote=f"I tested it {n} times: it is so", **ANYBODY) for n in (1, 2)))),
    ("unverified", "two users who think so", capability(item(1, **ANYBODY), item(2, **ANYBODY))),
    ("corroborated", "two users on a price",
     case(item(1, **ANYBODY), item(2, **ANYBODY), kind=Kind.PRICE)),
    ("unverified", "one long sentence by two voices",
     case(item(1, quote=SENTENCE), item(2, quote=SENTENCE.upper()))),
    ("unverified", "one long sentence, and each adds to it",
     case(item(1, quote=f"{SENTENCE} Ann runs it."), item(2, quote=f"{SENTENCE} Ben has tried it."))),
    ("unverified", "one short sentence by two voices",
     case(item(1, quote="Aster 4 costs $20"), item(2, quote="Aster 4 costs $20."))),
    ("unverified", "one short sentence, and who passes it on",
     case(item(1, quote="Aster 4 costs $20"),
          *(item(n, quote=f"{mark} Aster 4 costs $20{link}") for n, (mark, link) in enumerate((
              ("BREAKING:", ""), ("JUST IN \N{EM DASH}", ""), ("\N{POLICE CARS REVOLVING LIGHT} NEW:", ""),
              ("RT @mira:", ""), ("", " https://t.example/1"), ("Breaking news | NEW:", "")), 2)))),
    ("unverified", "one short Chinese sentence by two voices",
     case(item(1, quote="新模型每月收费了"), item(2, quote="新模型每月收费了！"))),
    ("corroborated", "three words that two say by chance",
     case(item(1, quote="It is so."), item(2, quote="BREAKING: It is so."))),
    ("corroborated", "three Chinese words that two say by chance",
     case(item(1, quote="新模型收费"), item(2, quote="新模型收费。"))),
    ("corroborated", "two short sentences that differ in a word",
     case(item(1, quote="Aster 4 costs $20"), item(2, quote="Aster 4 costs about $20"))),
    ("corroborated", "two who say the same, each in a sentence of their own",
     case(item(1, quote=SENTENCE), item(2, quote=f"It is true: {SENTENCE}"))),
    ("unverified", "one outlet and whom it quotes",
     case(item(1, source_id="s1"), item(2, source_id="s1", by_author=False))),
    ("unverified", "the subject's plan, and an outlet that tells of it",
     release(ours(1, **FORETOLD), item(2), subject=launch("Aurel will release Aster 4"))),
    ("unverified", "the subject's plan, after two outlets told of it",
     release(item(1), item(2), ours(3, **FORETOLD), subject=launch("Aurel will release Aster 4"))),
    ("unverified", "a plan of the subject's, told by two outlets that do not say how they know it",
     release(item(1), item(2), subject=launch("Aurel will release Aster 4"))),
    ("unverified", "what the subject is launching, told by two outlets that do not say how they know it",
     release(item(1), item(2), subject=launch("Aurel is launching a shop for Aster 4"))),
    ("unverified", "a plan in the words of a headline",
     release(item(1), item(2), subject=launch("Aurel to release Aster 4"))),
    ("corroborated", "what the subject is launching today",
     release(item(1), item(2), subject=launch("Aurel is launching a shop for Aster 4 today"))),
    ("unverified", "a plan for one that the claim names by a part of its name",
     release(item(1), item(2), subject=launch("Freedonia's Aster app will come to phones"))),
    ("unverified", "a date that the subject has set, told by two outlets before it",
     release(item(-300), item(-299), at=hours(-200),
             subject=replace(TODAY, claim="Aurel releases Aster 4 on January 5"))),
    ("corroborated", "a plan of the subject's, which two outlets have learned of",
     release(item(1), item(2, quote="The Lantern has learned of it."),
             subject=launch("Aurel will release Aster 4"))),
    ("corroborated", "a thing that aims at something, told by two outlets",
     case(item(1), item(2), kind=Kind.OTHER,
          subject=replace(SUBJECT, claim="Aurel has started a project that aims to count all trees"))),
    ("corroborated", "what others will do to the subject, told by two outlets",
     case(item(1), item(2), kind=Kind.SAFETY,
          subject=replace(SUBJECT, claim="A regulator will look into Aster 4"))),
    ("unverified", "one outlet, and the subject's own word after it",
     case(item(1), ours(2), kind=Kind.OTHER)),
    ("corroborated", "two outlets, and the subject's own word after them",
     case(item(1), item(2), ours(3), kind=Kind.OTHER)),
    ("unverified", "two outages of one sort, half a year apart",
     case(item(1), item(24 * 180), kind=Kind.OTHER, at=hours(24 * 200))),
    ("corroborated", "two of three voices speak in one week",
     case(item(1), item(24 * 180), item(24 * 182), kind=Kind.OTHER, at=hours(24 * 200))),
    ("corroborated", "two tell half a year apart what stays so",
     case(item(1), item(24 * 180), kind=Kind.SIZE, at=hours(24 * 200))),
    ("corroborated", "two tell half a year apart what was so in March",
     case(item(1), item(24 * 180), kind=Kind.OTHER, at=hours(24 * 200),
          subject=replace(SUBJECT, event_at=hours(-1), event_precision=Precision.MONTH))),
    ("unverified", "one agency's sentence, cut at the front by one of two outlets",
     case(item(1, quote=f"Jo van der Beek and others say so. {WIRE}"), item(2, quote=f"Beek: {WIRE}"))),
    ("unverified", "two users quote one sentence of somebody's",
     case(*(item(n, quote=f"{mark} {WIRE}", **ANYBODY) for n, mark in enumerate((">", "As he says:"), 1)),
          kind=Kind.PRICE)),
    ("corroborated", "two insiders",
     case(*(item(n, quote=f"I worked on it {n} years", **ANYBODY) for n in (1, 2)))),
    ("unverified", "two named outlets that are not stored",
     case(*(item(n, voice=f"unstored:paper {n}", independent=False) for n in (1, 2)))),
    ("one_voice", "the subject praises itself under the heading of a size",
     case(ours(1), kind=Kind.SIZE, subject=replace(SUBJECT, claim="Aster 4 outperforms Basalt 3 with 7b"))),
    ("admitted", "the subject tells a size", case(
        ours(1), kind=Kind.SIZE, subject=replace(SUBJECT, claim="Aster 4 has 7b parameters"))),
    ("one_voice", "the subject is preparing a size", case(
        ours(1), kind=Kind.SIZE, subject=replace(SUBJECT, claim="Aurel is preparing Aster 4 with 7b"))),
    ("one_voice", "the subject calls it the first of its sort", case(
        ours(1), kind=Kind.LICENCE, subject=replace(SUBJECT, claim="Aster 4 is the first open model"))),
    ("one_voice", "the subject tells what training cost", case(
        ours(1), kind=Kind.PRICE, subject=replace(SUBJECT, claim="Aster 4 cost $6 million to train"))),
    ("admitted", "the subject sets a price", case(
        ours(1), kind=Kind.PRICE, subject=replace(SUBJECT, claim="Aster 4 costs $2 per million tokens"))),
    ("one_voice", "the subject tells what it trained on", case(ours(1))),
    ("admitted", "the subject admits what others held against it", case(item(0), ours(1))),
    ("one_voice", "a feature is no release",
     release(ours(1, quote="Aster 4 introduces a new way of thinking"),
             subject=launch("Aster 4 introduces a new way of thinking"))),
    ("admitted", "the subject introduces a model, and praises it",
     release(ours(1, quote="Aurel introduces Aster 4, a powerful model"),
             subject=launch("Aurel introduces Aster 4, a powerful model"))),
    ("one_voice", "the subject introduces a model, and ranks it above others",
     release(ours(1, quote="Aurel introduces Aster 4, which beats Basalt 3"),
             subject=launch("Aurel introduces Aster 4, which beats Basalt 3"))),
    ("one_voice", "better than its forerunner is no release",
     release(ours(1, quote="Aster 4 is better than the Aster 3 that we released"),
             subject=launch("Aster 4 is better than the Aster 3 released in May"))),
    ("shown", "a board tells of a result on itself",
     case(item(1, **BOARD), kind=Kind.BENCHMARK_RESULT, subject=ON_THE_BOARD)),
    ("shown", "an outlet quotes the board", case(
        item(1, **(BOARD | {"by_author": False, "source_role": Role.PRESS, "source_organisation": None,
                            "speech_verb": "say"})),
        kind=Kind.BENCHMARK_RESULT, subject=ON_THE_BOARD)),
    ("admitted", "an outlet tells what the subject says of a size", size(quoted(1, speech_verb="say"))),
    ("admitted", "an outlet tells a size according to the subject",
     size(quoted(1, quote="Aster 4 has 7b parameters, according to Aurel."))),
    ("admitted", "an outlet quotes the subject behind a colon",
     size(quoted(1, quote="Aurel: Aster 4 has 7b parameters."))),
    ("one_voice", "an outlet tells a deed of the subject's",
     size(quoted(1, quote="Aurel has given Aster 4 its 7b parameters."))),
    ("one_voice", "an outlet tells that the subject launches it, and not that it says so",
     release(quoted(1, speech_verb="launch", quote="Aurel launches Aster 4"))),
    ("admitted", "an outlet tells that the subject says that it is out",
     release(quoted(1, speech_verb="say", quote="Aster 4 is out today, Aurel says"))),
    ("admitted", "the subject says that a feature is there since",
     capability(ours(1), subject=replace(SUBJECT, claim="Aurel adds spoken answers to Aster 4"))),
    ("one_voice", "the subject says what a model is able to do",
     capability(ours(1), subject=replace(SUBJECT, claim="Aster 4 gives spoken answers"))),
    ("one_voice", "the subject compares itself beside a new feature", capability(
        ours(1), subject=replace(SUBJECT, claim="Aurel adds answers that beat Borea's to Aster 4"))),
    ("admitted", "the subject tells a size that is over a number, in Chinese",
     case(ours(1), kind=Kind.SIZE, subject=replace(SUBJECT, claim="Aster 4的参数超过1000亿"))),
    ("one_voice", "the subject compares itself in Chinese",
     release(ours(1, quote="Aster 4发布"), subject=launch("Aurel releases Aster 4，性能超越Borea"))),
    ("one_voice", "a user tells what the board says", case(
        item(1, **(BOARD | ANYBODY | {"by_author": False, "source_organisation": None})),
        kind=Kind.BENCHMARK_RESULT, subject=ON_THE_BOARD)),
    ("one_voice", "a board tells of a result on another board",
     case(item(1, **BOARD), kind=Kind.BENCHMARK_RESULT)),
    ("one_voice", "a board expects a result on itself",
     case(item(1, **BOARD, **FORETOLD), kind=Kind.BENCHMARK_RESULT, subject=ON_THE_BOARD)),
    ("one_voice", "what may be an admission", case(ours(1, **UNSURE), kind=Kind.LICENCE)),
    ("one_voice", "what may be a page of the maker", case(ours(1, artefact=True, **UNSURE),
                                                          kind=Kind.LICENCE)),
    ("disputed", "what may be a reversal",
     case(item(0), ours(1), ours(2, Stance.DENIES, **UNSURE), kind=Kind.LICENCE)),
    ("disputed", "one measured it, another may have",
     capability(ours(1), item(2, Stance.DENIES, **MEASURED), item(3, Stance.DENIES, **MEASURED, **UNSURE))),
    ("disputed", "what may be a retraction",
     case(item(1, voice="source:mira"), item(2, Stance.DENIES, "source:mira", **UNSURE), rumour(3))),
    ("unverified", "one outlet, and one that hedges", case(item(1), item(2, certainty=Certainty.HEDGED))),
    ("unverified", "one outlet, and one that heard it said",
     case(item(1), item(2, certainty=Certainty.REPORTED))),
    ("unverified", "one outlet, and one that may say so", case(item(1), item(2, **UNSURE))),
    ("denied_only", "only its denial is stored", case(ours(1, Stance.DENIES))),
    ("denied_by_others", "only denials are stored, and not by the subject alone",
     case(ours(1, Stance.DENIES), item(2, Stance.DENIES))),
    ("denied_only", "a paper passes the subject's denial on",
     case(item(1, Stance.DENIES, "organisation:aurel", independent=False))),
    ("denied_only", "a hedged denial alone", case(item(1, Stance.DENIES, certainty=Certainty.HEDGED))),
    ("hearsay", "rumour upon rumour", case(rumour(1), rumour(2), rumour(3))),
    ("unverified", "only asked about", case(item(1, Stance.QUESTIONS, role=Role.COMMUNITY))),
]


@pytest.mark.parametrize(("rule", "situation", "given"), SITUATIONS,
                         ids=[f"{rule}: {words}" for rule, words, _ in SITUATIONS])
def test_the_rule_that_decides(rule: str, situation: str, given: Case) -> None:
    assessment = apply_rules(given)
    assert assessment.rule.id == rule, assessment.finding.reason
    assert assessment.finding.reason.endswith(".")
    assert set(assessment.finding.cites) <= {i.evidence_id for i in given.items}
    assert 0 <= assessment.score <= 1


def test_every_rule_has_a_situation() -> None:
    assert {rule for rule, _, _ in SITUATIONS} == {rule.id for rule in RULES}


def test_every_status_can_be_reached() -> None:
    assert {apply_rules(situation).status for _, _, situation in SITUATIONS} == set(Status)


def test_the_documentation_is_current() -> None:
    page = Path(__file__).parents[4] / "docs" / "judging.md"
    assert page.read_text("utf-8") == judging_page(), "write it anew: python -m pipeline.stages.judge.rules"


def test_no_denial_by_the_subject_alone_ever_contradicts() -> None:
    for kind in Kind:
        assessment = apply_rules(case(rumour(1), item(2), ours(3, Stance.DENIES),
                                      ours(4, Stance.DENIES), kind=kind))
        assert assessment.status is Status.DISPUTED


def test_reasons_name_who_denies_and_what_carries_it() -> None:
    rumour_item = item(
        1,
        Stance.REPORTS,
        "unstored:a post on a social site",
        voice_name="a post on a social site",
        independent=False,
    )
    reason = apply_rules(case(rumour_item, ours(2, Stance.DENIES, source="The Lantern", by_author=False,
                                                source_organisation=None))).finding.reason
    assert reason == (
        "It is denied by Vera Holt, "
        "the subject itself (quoted by The Lantern) and carried by “a post on a social site” (passed on by"
        " Outlet 1); a denial by the subject refutes nothing."
    )


@pytest.mark.parametrize(("given", "why"), [
    (case(*(item(number, **UNSURE) for number in range(1, 10))),
     "none of these counts as an independent voice: 9 may not support the whole claim"),
    (case(item(1, Stance.REPORTS), item(2, certainty=Certainty.REPORTED), item(3, certainty=Certainty.HEDGED),
          item(4, **ANYBODY), item(5, **ANYBODY)),
     "none of these counts as an independent voice: 1 only tells what others say or announce, 1 tells of it "
     "without standing behind it, 1 says it with reservations and 2 do not say how they know it"),
    (case(item(1), item(2, Stance.REPORTS, "unstored:a letter", independent=False)),
     "only outlet-1 counts as an independent voice; 1 other is only heard where others pass it on"),
    (case(item(1), item(2, **UNSURE)),
     "only outlet-1 counts as an independent voice; 1 other may not support the whole claim"),
    (release(ours(1, **FORETOLD), item(2), subject=launch("Aurel will release Aster 4")),
     "none of these counts as an independent voice: 1 may have it from another and 1 is the subject itself"),
    (case(item(1), item(24 * 180), kind=Kind.OTHER, at=hours(24 * 200)),
     "only outlet-1 counts as an independent voice; 1 other speaks more than 7 days apart"),
    (capability(ours(1), item(2), rumour(3)),
     "only outlet-2 counts as an independent voice; 1 other praises itself"),
    (case(item(1), item(2), item(3, Stance.DENIES, "source:outlet-2")),
     "only outlet-1 counts as an independent voice; 1 other has taken it back"),
    (case(item(1), item(2, **UNSURE), rewordings=(edit(1, 5, None, hedged=False),)),
     "none of these counts as an independent voice: 1 may not support the whole claim and "
     "1 has since softened or corrected its words"),
    # What bears out the whole and repeats another comes nearer than what may not bear it out.
    (case(item(1), item(2, voice="source:two", source_id="outlet-1"), item(3, voice="source:two", **UNSURE)),
     "only outlet-1 counts as an independent voice; 1 other may have it from another"),
    # Of one voice's passages the reason describes the one that comes closest to counting.
    (case(item(1), item(2, Stance.REPORTS, "source:two"), item(3, voice="source:two", **UNSURE)),
     "only outlet-1 counts as an independent voice; 1 other may not support the whole claim"),
])
def test_the_reason_says_truly_why_voices_do_not_count(given: Case, why: str) -> None:
    assert uncounted(given) == f"it takes 2 independent voices, and {why}"


@pytest.mark.parametrize(("kind", "how"), [
    (Kind.CAPABILITY, "was measured and found otherwise"), (Kind.DEAL, "is denied from first-hand knowledge"),
])
def test_only_what_can_be_measured_is_said_to_be_measured(kind: Kind, how: str) -> None:
    denials = (item(number, Stance.DENIES, quote="It is not so, the paper has learned.") for number in (1, 2))
    reason = apply_rules(case(rumour(0), *denials, kind=kind)).finding.reason
    assert reason == f"It {how} by outlet-1 and outlet-2, and no independent voice stands behind it."


def test_what_nobody_corroborates_says_why() -> None:
    reason = apply_rules(case(item(1), item(2, **UNSURE))).finding.reason
    assert reason == ("It is carried by outlet-1 and outlet-2; it takes 2 independent voices, and only "
                      "outlet-1 counts as an independent voice; 1 other may not support the whole claim.")


def test_a_hedge_moves_the_status_when_it_was_seen_and_tells_both_wordings() -> None:
    status_steps = steps(case(item(1), item(2),
                              rewordings=(edit(2, 30, "Aurel reportedly trains Aster 4 on test sets."),)))
    assert [(step.assessment.status, step.at, step.said) for step in status_steps] == [
        (Status.UNVERIFIED, hours(1), True), (Status.CORROBORATED, hours(2), True),
        (Status.UNVERIFIED, hours(30), False)
    ]
    assert status_steps[-1].reason == (
        "outlet-2 no longer stands behind it: "
        "“Aurel trains Aster 4 on test sets.” became “Aurel reportedly trains Aster 4 on test"
        " sets.” between 2026-01-06 17:00 and 2026-01-06 18:00, without a note; "
        "outlet-1 alone still stands behind it."
    )


def test_of_several_voices_that_softened_it_each_edit_is_told() -> None:
    edits = tuple(edit(number, 30 + number, None, hedged=False) for number in range(1, 6))
    reason = apply_rules(case(item(1), item(2), rewordings=edits)).finding.reason
    assert reason == (
        "outlet-1 and outlet-2 no longer stand behind it: "
        "“Aurel trains Aster 4 on test sets.” was left out between 2026-01-06 18:00 and 2026-01-06 19:00, "
        "without a note; "
        "“Aurel trains Aster 4 on test sets.” was left out between 2026-01-06 19:00 and 2026-01-06 20:00, "
        "without a note."
    )
    reason = apply_rules(case(*map(item, range(1, 6)), rewordings=edits)).finding.reason
    assert reason.startswith("outlet-1, outlet-2 and 3 more no longer stand behind it: ")
    assert reason.count("was left out") == 3
    assert reason.endswith("; and 2 more edits.")
    firm = apply_rules(case(*map(item, range(1, 6)), rewordings=edits[:3], corroborating_voices=3))
    assert firm.finding.reason.endswith("; outlet-4 and outlet-5 alone still stand behind it.")


def test_the_edit_that_softened_it_is_told_and_not_an_earlier_one() -> None:
    edits = (edit(2, 5, "Aurel trains it.", hedged=False), edit(2, 30, "Aurel may train it."))
    reason = apply_rules(case(item(1), item(2), rewordings=edits)).finding.reason
    assert "Aurel may train it." in reason
    assert "Aurel trains it." not in reason


def test_a_rumour_in_a_second_document_moves_the_status_when_it_was_told() -> None:
    """One text tells of a rumour and of many who doubt it; a second document tells of the rumour."""
    rumour = {"voice": "hearsay", "independent": False, "certainty": Certainty.REPORTED, "by_author": False,
              "role": Role.COMMUNITY, "source_role": Role.COMMUNITY}
    doubt = item(2, Stance.QUESTIONS, **rumour | {"quote": "Many users doubt that it is faster."})
    told_case = capability(item(1, **rumour), replace(doubt, document_id="d1"),
                           *(item(number, **rumour) for number in (48, 60, 999)))
    assert [(step.assessment.status, step.at) for step in steps(told_case)] == [
        (Status.UNVERIFIED, hours(1)), (Status.DISPUTED, hours(48))
    ]


def test_a_rumour_that_tells_of_a_debate_moves_the_status_when_it_was_told() -> None:
    rumour = {"voice": "hearsay", "independent": False, "certainty": Certainty.REPORTED, "by_author": False}
    told_case = capability(*(item(number, Stance.REPORTS, **rumour) for number in (1, 2, 3)),
                           item(50, Stance.REPORTS, **rumour, quote="Users debate whether it is faster."),
                           item(999, Stance.REPORTS, **rumour))
    assert [(step.assessment.status, step.at) for step in steps(told_case)] == [
        (Status.UNVERIFIED, hours(1)), (Status.DISPUTED, hours(50))
    ]


def test_a_retraction_in_the_same_text_is_told_once() -> None:
    given = [item(1, voice="source:mira", voice_name="Mira", source="Mira")]
    given.append(replace(given[0], evidence_id="e002", stance=Stance.DENIES, at=hours(5), said=False))
    (_, last_step) = steps(
        case(*given, rewordings=(edit(1, 5, "Aurel did not train it.", hedged=False, noted=True),))
    )
    assert last_step.reason == ("It comes from Mira, who took it back in a later version of the same text; "
                                "nobody else stands behind it.")


@pytest.mark.parametrize(
    ("organisations", "claim", "speaker", "rule"),
    [
        (("aurel", "borea"), "Aurel trained Aster 4 on the outputs of Borea", "borea", "one_voice"),
        (("aurel", "borea"), "Aurel trained Aster 4 on the outputs of Borea", "aurel", "admitted"),
        (("aurel", "borea"), "Aster 4 was trained on the outputs of Borea", "borea", "one_voice"),
        (("aurel", "borea"), "Aster 4 was trained on the outputs of Borea", "aurel", "admitted"),
    ],
)
def test_an_accuser_is_not_the_subject(organisations: tuple[str, ...], claim: str, speaker: str,
                                       rule: str) -> None:
    subject = replace(SUBJECT, claim=claim, organisations=organisations)
    statement = replace(ours(1), organisation=speaker, source_organisation=speaker,
                        voice=VoiceKey(f"organisation:{speaker}"))
    assert apply_rules(case(statement, subject=subject)).rule.id == rule


@pytest.mark.parametrize(
    ("page", "entities", "fits"),
    [
        ("aurel/Aster-4", ("Aster 4",), True),
        ("Aster4-70B-Instruct", ("Aster 4",), True),
        ("aurel/Aster-4.5", ("Aster 4",), False),
        ("aurel/Aster-4-Mini", ("Aster 4",), False),
        ("aurel/Aster-4-Preview", ("Aster 4",), True),
        ("aurel/Aster-4-Mini", ("Aster 4 Mini",), True),
        ("aurel/Aster-4", ("Aster 4", "Aster 4 Mini"), False),
        ("aurel/Aster-40", ("Aster 4",), False),
        ("aurel/Aster-4", (), False),
    ],
)
def test_a_page_is_of_the_model_that_the_claim_names(page: str, entities: tuple[str, ...],
                                                     fits: bool) -> None:
    assert is_page_of(page, entities) is fits


@pytest.mark.parametrize(
    ("words", "other"),
    [
        ("Aster 4 Mini is out today", True),
        ("aster-4-mini is out today", True),
        ("Aster 4 Preview is out today", False),
        ("The Aster 4 large language model is out today", False),
        ("Aster 4 Mini and Aster 4 are out today", False),
        ("It is out today", False),
    ],
)
def test_a_sentence_may_speak_of_another_model_of_the_name(words: str, other: bool) -> None:
    assert is_of_another(words, ("Aster 4",)) is other
    statement = ours(2, quote=words)
    decision = apply_rules(release(rumour(1), statement, subject=launch("Aurel releases Aster 4")))
    assert (decision.rule.id == "admitted") is not other


@pytest.mark.parametrize("words", [
    "Aurel will no longer release Aster 4", "Aurel is retiring Aster 4", "Aurel stops offering Aster 4",
    "Aurel pulled the release of Aster 4", "Aurel discontinued Aster 4",
    "Aurel has withdrawn the release of Aster 4", "The release of Aster 4 was pulled",
    "Aster 4 has not been released",
])
def test_that_a_release_ended_is_shown_by_the_makers_word_and_by_no_page(words: str) -> None:
    claimed = launch(words)
    assert apply_rules(release(item(1), subject=claimed, artefacts=(page(2),))).rule.id == "one_voice"
    still_there = apply_rules(release(item(1), ours(2, quote="Aster 4 is out today"), subject=claimed))
    assert still_there.rule.id != "admitted"
    assert apply_rules(release(item(1), ours(2, quote=words), subject=claimed)).rule.id == "admitted"


def test_that_a_release_will_end_on_a_day_is_shown_once_it_has() -> None:
    claimed = replace(DATED, claim="Aurel will retire Aster 4 in January")
    future_words, past_words = "We will retire Aster 4 in January", "We have retired Aster 4"
    assert apply_rules(release(item(1), ours(2, quote=future_words, **FORETOLD), subject=claimed, at=hours(9))
                       ).rule.id != "admitted"
    assert apply_rules(release(item(1), ours(2, quote=past_words), subject=claimed)).rule.id == "admitted"


@pytest.mark.parametrize("words", [
    "Aurel will release Aster 4 in January to challenge ChatGPT",
    "Aurel will release Aster 4 not later than January", "Aurel will release the never-before-seen Aster 4",
    "Aurel to release Aster 4 in January amid US researchers' concerns",
])
def test_words_beside_a_release_limit_nothing(words: str) -> None:
    claimed = replace(DATED, claim=words)
    decision = apply_rules(release(item(1, **FORETOLD), subject=claimed, artefacts=(page(2),)))
    assert decision.status is Status.SUBSTANTIATED


def test_a_page_from_which_nobody_can_tell_for_whom_breaks_no_promise() -> None:
    claimed = replace(DATED, claim="Aurel will release Aster 4 in the US in January")
    decision = apply_rules(release(item(1, **FORETOLD), subject=claimed, artefacts=(page(2),)))
    assert decision.status is Status.UNVERIFIED


@pytest.mark.parametrize("words", [
    "Aurel has released Aster 4 in the European Union", "Aurel releases Aster 4 for Plus subscribers",
    "Aurel launches Aster 4 for users in the EU", "Aster 4 is available in 12 more countries",
    "Aurel rolls out Aster 4 to free users", "Aurel releases Aster 4 in the Android app",
])
def test_for_whom_alone_it_is_released_is_shown_by_no_bare_page(words: str) -> None:
    claimed = launch(words)
    assert apply_rules(release(item(1), subject=claimed, artefacts=(page(2),))).rule.id == "one_voice"
    assert apply_rules(release(item(1), ours(2, quote=f"{words} today"), subject=claimed)
                       ).rule.id == "admitted"


@pytest.mark.parametrize("words", [
    "Aurel releases Aster 4 to all users", "Aurel pulls ahead and releases Aster 4",
    "Aster 4 is out for everyone",
    "Aurel releases Aster 4, and not only as a preview", "Aurel tells us that Aster 4 is out",
    "Aurel releases Aster 4 in May", "Aurel launches Aster 4, its answer to ChatGPT",
])
def test_a_plain_release_is_shown_by_its_page(words: str) -> None:
    assert apply_rules(release(item(1), subject=launch(words), artefacts=(page(2),))).rule.id == "released"


def test_a_name_praises_nothing() -> None:
    subject = replace(SUBJECT, claim="Aster 4 Fast costs $2", entities=("Aster 4 Fast",))
    assert apply_rules(case(ours(1), kind=Kind.PRICE, subject=subject)).rule.id == "admitted"


def test_words_for_voices() -> None:
    assert naming("The Lantern") is Naming.NAME
    assert naming("a post on a social site by a user who says they resigned") is Naming.DESCRIPTION
    assert {naming(words) for words in ("people familiar with the matter", "sources", "an insider",
                                        "users on a forum")} == {Naming.NOBODY}
    assert first_hand("In my own tests it fails") and first_hand("We have measured it")
    assert not first_hand("They say that it was measured")


# --- properties -------------------------------------------------------------------------------------------

KINDS = st.sampled_from([Kind.TRAINING_DATA, Kind.CAPABILITY, Kind.RELEASE, Kind.BENCHMARK_GAMING, Kind.SIZE])


@st.composite
def evidence(draw: st.DrawFn) -> list[Item]:
    items = []
    for number in range(draw(st.integers(1, 7))):
        stance = draw(st.sampled_from(list(Stance)))
        maker = draw(st.sampled_from([item, ours, rumour]))
        fields: dict[str, Any] = {"at": hours(draw(st.integers(0, 5)))}
        if maker is item:
            fields |= {"voice": f"source:{draw(st.sampled_from('abc'))}",
                       "role": draw(st.sampled_from([Role.PRESS, Role.COMMUNITY, Role.EXPERT]))}
            fields |= {"independent": draw(st.booleans()),
                       "certainty": draw(st.sampled_from(list(Certainty)))}
        items.append(maker(number, stance, **fields))
    return items


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(given=evidence(), kind=KINDS, data=st.data())
def test_repetition_never_changes_where_a_claim_stands(given: list[Item], kind: Kind,
                                                       data: st.DataObject) -> None:
    steps_before = steps(case(*given, kind=kind))
    end = max(i.at for i in given)
    repeated = []
    for number in range(data.draw(st.integers(1, 5))):
        original = data.draw(st.sampled_from(given))
        fields = {"evidence_id": f"r{number}", "document_id": f"r{number}", "source": f"Copycat {number}",
                  "independent": False}
        if original.first_party:  # repeated by somebody else, they are still the subject's words
            fields |= {"source_role": Role.COMMUNITY, "source_organisation": None, "by_author": False}
        elif original.own_words:
            fields |= {"role": Role.COMMUNITY, "source_role": Role.COMMUNITY}
        repeated_at = end + (hours(number + 1) - hours(0)) if not original.first_party else original.at
        repeated.append(replace(original, at=repeated_at, **fields))  # type: ignore[arg-type]
    steps_after = steps(case(*given, *repeated, kind=kind))
    assert steps_after[-1].assessment.status is steps_before[-1].assessment.status
    assert steps_after[-1].assessment.score == steps_before[-1].assessment.score
    assert steps_after[-1].assessment.voices == steps_before[-1].assessment.voices


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(given=evidence(), kind=KINDS, data=st.data())
def test_the_order_in_which_evidence_is_given_is_no_matter(given: list[Item], kind: Kind,
                                                           data: st.DataObject) -> None:
    subject = replace(DATED, kind=kind)
    shuffled = data.draw(st.permutations(given))
    assert steps(Case(subject, NOW, tuple(shuffled))) == steps(Case(subject, NOW, tuple(given)))


@settings(max_examples=100, deadline=None)
@given(given=evidence(), kind=KINDS)
def test_steps_are_changes_in_time_and_the_last_says_where_it_stands(given: list[Item], kind: Kind) -> None:
    subject = replace(DATED, kind=kind)
    status_steps = steps(Case(subject, NOW, tuple(given)))
    statuses = [step.assessment.status for step in status_steps]
    assert all(status is not next_status for status, next_status in pairwise(statuses))
    assert [step.at for step in status_steps] == sorted(step.at for step in status_steps)
    all_items = tuple(sorted(given, key=lambda i: (i.at, i.evidence_id)))
    assert statuses[-1] is apply_rules(Case(subject=subject, at=NOW, items=all_items)).status


@settings(max_examples=100, deadline=None)
@given(given=evidence(), kind=KINDS)
def test_one_more_independent_supporter_never_lowers_the_score_of_an_open_claim(given: list[Item],
                                                                                kind: Kind) -> None:
    case_before = case(*given, kind=kind)
    case_after = case(*given, item(50, voice="source:new"), kind=kind)
    assert score(case_after, Status.UNVERIFIED) >= score(case_before, Status.UNVERIFIED)
