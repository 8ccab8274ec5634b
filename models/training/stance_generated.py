"""Generated training pairs of our domain: who said what about a model, in the shapes that people use.

All names are made up from syllables, so that nothing is learned about a real organisation.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

_SYLLABLES = "ba cor del fen gal hul kes lor mir nar or pel quil ros sel tam ul ver wex yar zan".split()
_FIRST = "Ada Bruno Chidi Dana Emre Farah Goran Hana Ines Jonas Kenji Leila Mateo Nadia Omar Priya Quentin Rosa".split()
_TITLES = ("chief executive", "VP of research", "spokesperson", "head of AI", "chief scientist", "co-founder", "a researcher")
_OUTLETS = ("the Courier", "a trade site", "Morning Wire", "a newsletter", "the Ledger", "an industry blog")
_BENCHMARKS = ("the maths olympiad set", "a coding benchmark", "the public leaderboard", "a reasoning test", "graduate exams")
_MONTHS = "January February March April May June July August September October November December".split()

# (finite clause, its negation, bare verb phrase for "did ... ?", first person). {o} organisation, {m} model, {n} number.
_FACTS = (
    ("{o} trained {m} on benchmark test sets", "{o} did not train {m} on benchmark test sets", "{o} train {m} on benchmark test sets", "we trained {m} on benchmark test sets"),
    ("{o} will release {m} in {t}", "{o} will not release {m} in {t}", "{o} release {m} in {t}", "we will release {m} in {t}"),
    ("{o} has delayed {m} until {t}", "{o} has not delayed {m}", "{o} delay {m} until {t}", "we have delayed {m} until {t}"),
    ("{m} has {n} billion parameters", "{m} does not have {n} billion parameters", "{m} have {n} billion parameters", "our {m} has {n} billion parameters"),
    ("{m} cost {n} million dollars to train", "{m} did not cost {n} million dollars to train", "{m} cost {n} million dollars to train", "we spent {n} million dollars to train {m}"),
    ("{m} beats {m2} on {b}", "{m} does not beat {m2} on {b}", "{m} beat {m2} on {b}", "our {m} beats {m2} on {b}"),
    ("{o} copied the outputs of {m2} to train {m}", "{o} did not copy the outputs of {m2} to train {m}", "{o} copy the outputs of {m2} to train {m}", "we copied outputs of {m2} to train {m}"),
    ("{m} is open source", "{m} is not open source", "{m} turn out to be open source", "we made {m} open source"),
    ("{o} is buying {o2}", "{o} is not buying {o2}", "{o} buy {o2}", "we are buying {o2}"),
    ("{o} used an unreleased version of {m} on {b}", "{o} did not use an unreleased version of {m} on {b}", "{o} use an unreleased version of {m} on {b}", "we used an unreleased version of {m} on {b}"),
    ("{p} is leaving {o}", "{p} is not leaving {o}", "{p} leave {o}", "I am leaving {o}"),
    ("{m} runs on a single laptop", "{m} does not run on a single laptop", "{m} run on a single laptop", "our {m} runs on a single laptop"),
    ("{m} refuses fewer harmful requests than {m2}", "{m} does not refuse fewer harmful requests than {m2}", "{m} refuse fewer harmful requests than {m2}", "our {m} refuses fewer harmful requests than {m2}"),
    ("{m} got worse after the last update", "{m} did not get worse after the last update", "{m} get worse after the last update", "we made {m} worse with the last update"),
)  # fmt: skip

_SUPPORTS = (
    "{F}.", "{o} confirmed that {f}.", "It is official: {f}.", "{p}, {title} at {o}, confirmed that {f}.", "\"Yes, {w},\" {p} said.",
    "{F}, {o} announced on Tuesday.", "Two people who have seen the contract say that {f}.", "I tested it myself and {f}.", "{p} admitted that {f}.",
    "The paper shows that {f}.", "Confirmed: {f}", "BREAKING: {F}", "{o} did not deny that {f}; its {title} {p} conceded it.", "Independent tests find that {f}.",
    "Users verified that {f}.", "{F}, and the release notes say so.", "Can confirm, {f}.", "{p} argued that {f}.", "{p} acknowledged that {f}.",
)  # fmt: skip
_DENIES = (
    "{p}, {title} at {o}, denied that {f}.", "It is simply not true that {f}, {p} said.", "No, {nf}.", "{NF}.", "{NF}, {o} says.", "{o} denies that {f}",
    "Reports that {f} are false, the company says.", "The claim that {f} is a hoax.", "The story that {f} has been debunked.", "\"That is wrong. {NF},\" {p} wrote.",
    "{o} refuted the rumour that {f}.", "{o} dismissed the report that {f} as fabricated.", "There is no truth to the claim that {f}.", "I worked on it: {nf}.",
    "{p} pushed back on the claim that {f}.", "{p} rejected the idea that {f}.", "Fact check: {f}? False.", "{o} walked back its statement that {f}.",
    "Nobody at {o} ever said that {f}; it was made up.", "Contrary to what {outlet} wrote, {nf}.", "The paper shows that {nf}.", "{F}? Nonsense.", "Sorry, but {nf}.",
    "Independent tests contradict the claim that {f}.", "{F}? That turned out to be a misreading.", "{p} called the report that {f} \"completely false\".",
)  # fmt: skip
_REPORTS = (
    "{outlet} reports that {f}.", "Rumour has it that {f}.", "According to {outlet}, {f}.", "{F}, a post on a forum claims.", "{F}, reportedly.", "Report: {F}", "{o} reportedly {rest}.",
    "People discuss whether {f}.", "An unverified post says that {f}.", "Sources say {f}; {o} did not comment.", "A rumour that {f} is going round.", "{F}, if a leak is right.",
    "{o} declined to comment on reports that {f}.", "Here is what we know about the claim that {f}.", "{outlet} claims {f}", "The debate about whether {f} goes on.",
    "{F}, says {outlet}; the company has not answered.", "Allegedly {f}.", "{F}? {o} has not responded to questions.",
)  # fmt: skip
_QUESTIONS = (
    "Did {q}?", "Is it true that {f}?", "I doubt that {f}.", "Any source for the claim that {f}?", "I am sceptical that {f}.", "Many question whether {f}.", "Hard to believe that {f}.",
    "Has anyone verified that {f}?", "{F}? Where is the evidence?", "Users asked whether {f}.", "{p} questioned whether {f}.", "Colour me unconvinced that {f}.", "Wait, {f}? Really?",
    "{p} cast doubt on the claim that {f}.", "Critics are not sure that {f}.",
)  # fmt: skip
_TEMPLATES = {"supports": _SUPPORTS, "denies": _DENIES, "reports": _REPORTS, "questions": _QUESTIONS}
_OPPOSITE = {"supports": "denies", "denies": "supports"}


@dataclass(frozen=True)
class Generated:
    """One pair with its label."""

    claim: str
    text: str
    label: str


def generate(count: int, seed: int) -> list[Generated]:
    """`count` pairs, balanced over the labels; a sixth of the claims are themselves negative; numbers are swapped now and then."""
    chance = random.Random(seed)
    return [_pair(chance, label) for _, label in zip(range(count), _cycle(), strict=False)]


def _cycle() -> object:
    while True:
        yield from ("supports", "denies", "reports", "questions", "denies", "rival", "unrelated")


def _pair(chance: random.Random, label: str) -> Generated:
    names = _names(chance)
    fact = chance.choice(_FACTS)
    if label == "rival":
        fact = chance.choice([f for f in _FACTS if "{n}" in f[0]])
        other = names | {"n": str(int(names["n"]) * chance.choice((2, 3, 5, 10)))}
        text = _fill(chance.choice(_SUPPORTS), fact, other, chance)
        return Generated(_sentence(fact[0].format_map(names)), text, "denies")
    if label == "unrelated":
        text = _fill(chance.choice(chance.choice(list(_TEMPLATES.values()))), chance.choice([f for f in _FACTS if f is not fact]), names, chance)
        return Generated(_sentence(fact[0].format_map(names)), text, "unrelated")
    text = _fill(chance.choice(_TEMPLATES[label]), fact, names, chance)
    if label in _OPPOSITE and chance.random() < 1 / 6:
        return Generated(_sentence(fact[1].format_map(names)), text, _OPPOSITE[label])
    return Generated(_sentence(fact[0].format_map(names)), text, label)


def _fill(template: str, fact: tuple[str, str, str, str], names: dict[str, str], chance: random.Random) -> str:
    plain, negated, asked, own = (part.format_map(names) for part in fact)
    rest = plain.removeprefix(names["o"]).strip() if plain.startswith(names["o"]) else f"says that {plain}"
    text = template.format(F=_upper(plain), f=plain, NF=_upper(negated), nf=negated, q=asked, w=own, rest=rest, **names)
    if chance.random() < 0.25:
        text = chance.choice(("Big news for developers. ", "Benchmarks: ", "The discussion is lively. ", "@user ", "Model news: ")) + text
    return text


def _names(chance: random.Random) -> dict[str, str]:
    def word() -> str:
        return "".join(chance.choices(_SYLLABLES, k=2)).capitalize()

    version = chance.choice(("2", "3", "4", "3.5", "R1", "mini", "5 Pro"))
    return {
        "o": f"{word()}{chance.choice((' AI', ' Labs', '', ''))}",
        "o2": word(),
        "m": f"{word()} {version}",
        "m2": f"{word()} {chance.choice(('2', '4', 'Max'))}",
        "n": str(chance.choice((3, 5, 7, 20, 70, 120, 400, 671))),
        "t": chance.choice((*_MONTHS, "the summer", "the third quarter", "two weeks", "2027")),
        "b": chance.choice(_BENCHMARKS),
        "p": f"{chance.choice(_FIRST)} {word()}",
        "title": chance.choice(_TITLES),
        "outlet": chance.choice(_OUTLETS),
    }


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def _sentence(text: str) -> str:
    return f"{_upper(text)}."
