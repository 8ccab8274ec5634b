"""Training pairs that are made, not found: plain headlines turned into denials and reports, and posts about AI models.

Open stance data has few denials and nearly no rival numbers, questions or told hearsay. Every name below the grammar is
invented or taken from the gazetteer; no sentence is anybody's.

Training pairs from families of sentences about AI models that were written for it: `models/training/facts/*.toml`.

A family holds wordings of one claim and texts that support, deny, question or report it, or speak of something else. Slots
(`{model}`, `{maker}`, ...) are filled at random; several texts are put together as a recap of a discussion does.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.training.stance.data import NO_SIDE, Pair, Story, plain, tidy

_AUXILIARY = re.compile(r"\b(is|are|was|were|will|would|has|have|had|can|could|did|does|do|should|may|might)\b(?! not)", re.I)
_SHORT = {"will": "won't", "can": "can't", "is": "isn't", "are": "aren't", "was": "wasn't", "were": "weren't", "did": "didn't", "does": "doesn't"}
_OUTLETS = ("police", "officials", "the company", "the family", "a spokesman", "the government", "experts", "the ministry", "the store")

# {h} is the headline, {l} the same with a small first letter, {n} its negation, {w} somebody who can know.
DENIED = (
    "No, {l}? It did not happen", "No, {n}", "Sorry, {n}", "{n}", "{n}, {w} say", "Actually, {n}", "{h}? Not so fast", "{h}? Nope", "{h}: hoax",
    "HOAX: {h}", "'{h}' story is a hoax", "That story that {l}? It's fake", "Fake: {h}", "{h} - FALSE", "Debunked: {h}", "Story that {l} debunked",
    "The truth behind the story that {l}: it was made up", "Claim that {l} is false, {w} say", "Reports that {l} are untrue", "{W} deny that {l}",
    "{W} deny reports that {l}", "{W} denies claim that {l}", "{W}: it is not true that {l}", "{W} dismiss rumors that {l}", "{W} reject claim that {l}",
    "{W} refute report that {l}", "Report that {l} was satire", "Viral story that {l} turns out to be fake", "Why you shouldn't believe that {l}",
    "Don't believe it: {h}", "Everyone fell for it, but {n}", "The '{l}' photo is a fake", "Rumor that {l} is bogus", "{h}? That's a hoax, {w} say",
    "Snopes: claim that {l} is false", "Website admits it made up story that {l}", "Internet hoax: {h}", "{h}? Totally made up",
    "Outlets retract story that {l}", "Correction: {n}", "{h} story falls apart", "There was never any {l}", "Nothing to it: {h}", "Myth busted: {h}",
    "So {l}? Yeah, no", "People believed that {l}. It was a prank", "{W} call report that {l} 'nonsense'", "{W} 'categorically' deny that {l}",
)
TOLD = (
    "Report: {h}", "{h}: report", "{h}, report says", "{h}, reports say", "{h}, {w} claim", "{h} - claim", "{h}, source says", "Rumor: {h}", "Reportedly, {l}",
    "Unconfirmed reports say {l}", "{W} reportedly say {l}", "Alleged: {h}", "It is claimed that {l}", "Rumor has it that {l}", "{W} looking into claim that {l}",
    "{W} investigate report that {l}", "{W} can't confirm that {l}", "{W} won't comment on claim that {l}", "Social media abuzz over claim that {l}",
    "What we know about the claim that {l}", "Mystery over claims that {l}", "Local media: {h}", "{h}, according to reports", "Story that {l} goes viral",
    "Fears that {l}", "Video appears to show that {l}", "Speculation grows that {l}", "{h}, says one website", "Everyone is talking about the story that {l}",
)
ASKED = (
    "{h}?", "Is it true that {l}?", "Did it really happen? {h}", "Could it be that {l}?", "Has anyone confirmed that {l}?", "{h} - or is it?", "{h}. Really?",
    "Doubts raised over story that {l}", "{W} question claim that {l}", "Skepticism over report that {l}", "Should you believe that {l}?", "{h}: true or false?",
)
BACKED = (
    "{h}", "Confirmed: {h}", "It's official: {h}", "Yes, {l}", "BREAKING: {h}", "WATCH: {h}", "{W} confirm that {l}", "{W} confirm: {h}", "It's true: {h}", "{h} (photos)",
    "{W} admit that {l}", "{h} - and here is the video", "Meet the people who were there when {l}", "How it came that {l}", "Here's why {l}", "{W} say {l}", "{h}, {w} say",
)


def _negated(headline: str, chance: random.Random) -> str | None:
    """The headline with "not" behind its first auxiliary; None where it has none."""
    found = _AUXILIARY.search(headline)
    if not found:
        return None
    word = found.group()
    put = _SHORT.get(word.lower(), f"{word} not") if chance.random() < 0.4 else f"{word} {chance.choice(('not', 'not', 'never'))}"
    return headline[: found.start()] + put + headline[found.end() :]


def _say(template: str, headline: str, chance: random.Random) -> str | None:
    turned = _negated(headline, chance)
    if "{n}" in template and turned is None:
        return None
    who = chance.choice(_OUTLETS)
    small = headline[:1].lower() + headline[1:] if headline[1:2].islower() and chance.random() < 0.7 else headline
    said = template.format(h=headline, l=small, n=turned or "", w=who, W=who[:1].upper() + who[1:])
    return said[:1].upper() + said[1:]


def turned_headlines(stories: Sequence[Story], groups: dict[str, str], each: int = 40, seed: int = 8) -> Iterator[Pair]:
    """Plain headlines against what the frames above make of another headline of the same story.

    The claim may itself be a denial: who repeats it supports it, who tells the plain story denies it.
    """
    chance = random.Random(seed)
    frames = ((DENIED, "denies"), (TOLD, "reports"), (ASKED, "questions"), (BACKED, "supports"))
    for story in stories:
        told = [headline for headline in map(tidy, story.told) if plain(headline) and 20 < len(headline) < 140]
        if not told:
            continue
        group = groups[story.told[0]]
        for _ in range(min(each, 6 * len(told))):
            claim, other = chance.choice(told), chance.choice(told)
            templates, label = chance.choice(frames[:1] + frames)
            text = _say(chance.choice(templates), other, chance)
            if text is None:
                continue
            if label == "denies" and chance.random() < 0.25:
                again = _say(chance.choice(DENIED), claim, chance)
                pairs = [(text, claim, "denies")] + ([(again, text, "supports")] if again else [])
            else:
                pairs = [(claim, text, label)]
            for one, two, marked in pairs:
                yield Pair(one, two, ("reports", "questions") if marked == "questions" else (marked,), "turned", group)


MAKERS = ("OpenAI", "Google", "Meta", "Anthropic", "DeepSeek", "Mistral", "xAI", "Alibaba", "Microsoft", "NVIDIA", "Cohere", "Moonshot", "Zhipu", "Tencent", "Baidu")
MODELS = (
    "GPT-5", "o4-mini", "Gemini 3 Pro", "Gemma 4", "Llama 4 Maverick", "Llama 5", "Claude 5 Opus", "Claude Sonnet 4", "DeepSeek V4", "DeepSeek R2", "Mistral Large 3",
    "Grok 4", "Qwen 3 Max", "Phi-5", "Nemotron Ultra", "Command B", "Kimi K3", "GLM-5", "Hunyuan Large", "Ernie 5",
)
BENCHES = ("MMLU", "GPQA", "AIME", "SWE-bench", "LiveCodeBench", "ARC-AGI", "Chatbot Arena", "HumanEval", "MATH-500", "FrontierMath")
MONTHS = ("January", "March", "April", "May", "July", "August", "September", "November", "early summer", "the first quarter", "the autumn", "next week")


@dataclass(frozen=True, slots=True)
class Said:
    """A claim, ways to say it again, to say its opposite, a rival with another figure, and another claim on the same model."""

    claim: str
    again: tuple[str, ...]
    against: tuple[str, ...]
    rival: str | None
    aside: str


def _facts(chance: random.Random) -> Said:
    model, maker, bench = chance.choice(MODELS), chance.choice(MAKERS), chance.choice(BENCHES)
    other = chance.choice([name for name in MODELS if name != model])
    month, later = chance.sample(MONTHS, 2)
    score = chance.randrange(30, 97)
    size, more = chance.sample((7, 8, 24, 32, 70, 109, 235, 400, 671, 1000), 2)
    money, dear = chance.sample((3, 5, 6, 12, 40, 75, 100, 500), 2)
    options = (
        Said(f"{model} was trained on the test set of {bench}", (f"{maker} put {bench} test questions into the training data of {model}", f"{model}'s {bench} score comes from contaminated training data",
             f"there was test set leakage in {model}", f"they trained {model} on benchmark data"), (f"{maker} never trained {model} on test sets", f"{model} saw no {bench} questions in training",
             f"the contamination story about {model} does not hold up", f"{model} was evaluated cleanly on {bench}"), None, f"{model} has a longer context window than {other}"),
        Said(f"{model} will be released in {month}", (f"{maker} ships {model} in {month}", f"{model} is coming in {month}", f"{month} is the launch date of {model}"), (f"{model} is not coming in {month}",
             f"{model} has been pushed back", f"{maker} has no plans to ship {model} in {month}", f"{model} got delayed again"), f"{model} will be released in {later}", f"{model} will cost less than {other}"),
        Said(f"{model} scores {score} % on {bench}", (f"{model} got {score} percent on {bench}", f"{model} reaches {score}% on {bench}", f"on {bench} {model} hits {score}"), (f"{model} does not reach {score} % on {bench}",
             f"nobody can reproduce the {score} % of {model} on {bench}", f"independent runs put {model} far below {score} % on {bench}"), f"{model} scores {max(5, score - chance.randrange(8, 25))} % on {bench}", f"{model} supports images"),
        Said(f"Training {model} cost ${money} million", (f"{maker} spent ${money}M on training {model}", f"{model} was trained for only {money} million dollars", f"the training bill of {model} was about ${money}M"),
             (f"the ${money}M figure for {model} is misleading", f"{model} cost far more than ${money}M to train", f"the ${money} million leaves out most of what {model} really cost", f"{model} cannot have been trained for ${money}M"),
             f"Training {model} cost ${dear} million", f"{model} uses a mixture of experts"),
        Said(f"{model} is open source", (f"{maker} released the weights of {model}", f"{model} comes with open weights under a permissive licence", f"you can download {model} and run it yourself"),
             (f"{model} is not open source", f"{model} remains closed", f"the licence of {model} is anything but open source", f"{maker} keeps the weights of {model} to itself"), None, f"{model} beats {other} on {bench}"),
        Said(f"{model} has {size} billion parameters", (f"{model} is a {size}B model", f"{model} comes with {size}B parameters", f"at {size}b, {model} is large"), (f"{model} does not have {size}B parameters", f"{model} is nowhere near {size}B"),
             f"{model} has {more} billion parameters", f"{model} is fast"),
        Said(f"{model} outperforms {other} at coding", (f"{model} beats {other} at programming", f"{model} writes better code than {other}", f"for coding {model} leaves {other} behind"), (f"{model} does not beat {other} at coding",
             f"{other} is still better than {model} at code", f"{model} loses to {other} in every coding test I ran", f"{model} is worse than {other} for programming"), None, f"{maker} raised the price of {model}"),
        Said(f"{maker} used outputs of {other} to train {model}", (f"{model} was distilled from {other}", f"{model} was trained on data from {other}", f"{maker} copied from {other} to make {model}"), (f"{model} was not distilled from {other}",
             f"{maker} did not use any outputs of {other}", f"the distillation story about {model} is wrong"), None, f"{model} runs on a laptop"),
        Said(f"{maker} collects user data through {model} and sends it abroad", (f"{model} sends your chats to servers abroad", f"{model} is a privacy risk", f"{maker} stores what you type into {model}"), (f"{model} does not send data abroad when run locally",
             f"run it offline and {model} sends nothing anywhere", f"fears about the privacy of {model} are overblown"), None, f"{model} has a generous free tier"),
        Said(f"{model} runs on a single consumer GPU", (f"you can run {model} on one gaming card", f"{model} fits on a single 4090", f"{model} works fine on consumer hardware"), (f"{model} does not fit on a single GPU", f"you need a cluster to run {model}",
             f"what people run at home is a small distill and not {model}"), None, f"{model} refuses political questions"),
        Said(f"{maker} delayed {model}", (f"{model} has slipped", f"{maker} is pushing {model} back", f"{model} will be late"), (f"{model} is on schedule", f"{model} has not been delayed", f"{maker} keeps to its date for {model}"), None, f"{model} can use tools"),
        Said(f"{model} hallucinates less than {other}", (f"{model} makes things up less often than {other}", f"{model} is more factual than {other}"), (f"{model} hallucinates more than {other}", f"{model} invents sources all the time", f"I see no drop in hallucinations with {model}"), None, f"{model} costs $2 per million tokens"),
        Said(f"{model} is not a new model but a fine-tune of {other}", (f"{model} is just {other} with a new name", f"under the hood {model} is a fine-tune of {other}"), (f"{model} was trained from scratch", f"{model} is its own model, and no fine-tune of {other}"), None, f"{model} tops {bench}"),
        Said(f"{maker} bought {size} thousand GPUs to train {model}", (f"{model} was trained on {size}k GPUs", f"{maker} has a cluster of {size},000 GPUs for {model}"), (f"{maker} does not have {size}k GPUs", f"there is no {size}k cluster behind {model}"),
             f"{maker} bought {more} thousand GPUs to train {model}", f"{model} speaks Swahili"),
    )
    return chance.choice(options)


_WHO = ("@quietlynx", "@mlgardener", "@tensorbaker", "a researcher", "the CEO", "an engineer at the lab", "@papernight", "u/lowrank", "@benchwatcher", "the head of research", "a spokesperson")
_OPEN = ("", "", "", "{t}: ", "{t} update: ", "Thread on {t}: ", "r/LocalLLaMA: ", "{t} discussion: ")
_TOPICS = ("Benchmarks", "Training costs", "New releases", "Licences", "Evaluation", "Model performance", "Open source", "Industry news", "Privacy", "Hardware")
_TAIL = ("", "", "", " The thread then turned to prices.", " Many users compared their own setups.", " A paper was linked.", " More on this later.", " Great times to be alive!", " The demo is at the usual place.", " 🚀")
SUPPORT = (
    "{s}.", "{S}.", "{w} said that {s}.", "{w} announced that {s}.", "{w} noted that {s}.", "{w} highlighted that {s}.", "{w} confirmed that {s}.", "{w} shared results: {s}.", "We can confirm it: {s}.", "I tested it, and {s}.",
    "It is official: {s}!", "{w} admits that {s}.", "{w} acknowledged that {s}.", "Fact: {s}.", "{w} points out that {s}.", "{S}, says {w}.", "{w} is right: {s}.", "BREAKING: {s}.", "As {w} showed with numbers, {s}.", "{w} emphasized how {s}.",
    "{w} is impressed that {s}.", "{w} warns that {s}.", "{w} explained why {s}.", "After a week of testing I can say that {s}.", "{w} accused them: {s}.",
)
DENY = (
    "{w} denied that {c}.", "{w} denies claims that {c}.", "{w} says it is simply not true that {c}.", "{w} pushed back: {o}.", "{w} clarified that {o}.", "{w} argued that {o}.", "{w} dismissed the claim that {c}.", "No, {o}.", "{O}.", "{w} said that {o}.",
    "{w} called the story that {c} nonsense.", "It is a misconception that {c}; {o}.", "{w} debunked the rumor that {c}.", "Everyone says that {c}, but {o}.", "{w} disputes that {c}.", "False: {c}.", "The claim that {c} is misleading, {w} said.",
    "{w} corrected the record: {o}.", "{w} says people misunderstand: {o}.", "Sure, \"{c}\", and I am the queen of England.", "\"{C}\" lol no. {O}.", "{w} challenged the idea that {c}, since {o}.", "Contrary to reports that {c}, {o}.", "{w} refuted this, saying {o}.",
    "I was wrong when I wrote that {c}.", "We retract our report that {c}.", "That {c} is exaggerated, says {w}.", "Stop repeating that {c}. {O}.", "{w} called BS on the claim that {c}.", "Not a chance that {c}.", "{w} pointed out that {o}.", "{w} noted that {o}.",
)
REPORT = (
    "Reportedly, {c}.", "Rumor has it that {c}.", "According to a leak, {s}.", "There are rumors that {c}.", "{w} reports rumors that {s}.", "Sources say {s}.", "Users discuss the claim that {c}.", "It is alleged that {c}.", "Unconfirmed: {s}.",
    "A post claims that {s}; nobody has confirmed it.", "{w} shared a rumor that {c}.", "Some people claim that {c}, others disagree.", "The company declined to comment on reports that {c}.", "{w} could neither confirm nor deny that {c}.",
    "Speculation that {c} is making the rounds.", "A leaked memo suggests that {c}.", "Accusations that {c} are being discussed.", "The Information: {s}, per people familiar with the matter.", "Hearing whispers that {s}.", "There is debate about whether {c}.",
    "A thread collects what is said about the claim that {c}.", "{w} supposedly said that {s}.", "Lots of talk that {c}.",
)
QUESTION = (
    "Is it true that {c}?", "Does anyone have proof that {c}?", "{w} asked whether {c}.", "{w} wonders if {c}.", "{w} questioned whether {c}.", "{w} doubts that {c}.", "{w} is skeptical that {c}.", "I have my doubts that {c}.", "{C}? Source?",
    "{w} expressed skepticism about the claim that {c}.", "{w} raised questions about the claim that {c}.", "Hmm, {s}? I want to see evidence.", "How do we know that {c}?", "Has anyone verified that {c}?", "Not sure I believe that {c}.",
    "{w} is not convinced that {c}.", "Big if true: {s}. Is it?", "It is unclear whether {c}.", "{w} asks for evidence that {c}.", "Extraordinary claims need evidence: {c}?",
)


def _post(template: str, said: str, claim: str, against: str, chance: random.Random) -> str:
    def big(words: str) -> str:
        return words[:1].upper() + words[1:]

    who = chance.choice(_WHO)
    body = template.format(s=said, S=big(said), c=claim, C=big(claim), o=against, O=big(against), w=who)
    return big(chance.choice(_OPEN).format(t=chance.choice(_TOPICS)) + body + chance.choice(_TAIL))


def posts(count: int, seed: int = 9) -> Iterator[Pair]:
    """Posts and headlines about AI models: support, denial, report, question, a rival figure, another claim."""
    chance = random.Random(seed)
    for number in range(count):
        fact = _facts(chance)
        said, against = chance.choice((fact.claim, *fact.again)), chance.choice(fact.against)
        kind = chance.choice(("supports", "denies", "denies", "reports", "questions", "rival", "aside", "opposite"))
        claim, group = fact.claim, f"post {number}"
        labels: tuple[str, ...]
        if kind == "rival":
            if fact.rival is None:
                continue
            text, labels = _post(chance.choice(SUPPORT), fact.rival, claim, against, chance), ("denies",)
        elif kind == "aside":
            text, labels = _post(chance.choice(SUPPORT + REPORT), fact.aside, fact.aside, fact.aside, chance), NO_SIDE
        elif kind == "opposite":
            # The claim is itself negative: who denies the plain one supports it, who says the plain one denies it.
            claim = against
            denied = chance.random() < 0.5
            text = _post(chance.choice(DENY if denied else SUPPORT), said, said, chance.choice(fact.against), chance)
            labels = ("supports",) if denied else ("denies",)
        else:
            templates = {"supports": SUPPORT, "denies": DENY, "reports": REPORT, "questions": QUESTION}[kind]
            text, labels = _post(chance.choice(templates), said, said if chance.random() < 0.6 else claim, against, chance), (kind,)
        yield Pair(claim, text, labels, "generated", group)


FOLDER = Path(__file__).parent / "facts"
STANCES = ("supports", "denies", "questions", "reports")
HANDLES = ("@quietlynx", "@mlgardener", "@tensorbaker", "@papernight", "@benchwatcher", "@softmaxine", "@gradienta", "@evalnerd", "@tokenmill", "@lossylou")
USERS = ("lowrank_larry", "quant_quilt", "VramHungry", "tensor_tea", "moe_money", "Kv-Cache", "ArgmaxAnna", "old_perceptron", "nightly_build", "SparseMatrix7")
OUTLETS = ("The Ledger", "Gridpost", "Morning Wire", "Chip Weekly", "The Northern Review", "Datacentre Daily")
PEOPLE = ("Mara Ellison", "Tomas Reyk", "Ines Adeyemi", "Jonas Waldt", "Priya Raman", "Leo Castellan")
TOPICS = ("Model updates", "Community discussion", "Benchmarks", "Industry news", "Concerns", "Pricing", "Performance", "Evaluation", "Open source debate", "Hardware", "Reactions")


def families() -> list[dict[str, list[str]]]:
    """All families of all files, in the files' order."""
    return [fact for file in sorted(FOLDER.glob("*.toml")) for fact in tomllib.loads(file.read_text("utf-8"))["fact"]]


def fact_pairs(count: int, seed: int = 10) -> Iterator[Pair]:
    """`count` pairs; a family belongs to one hold-out group."""
    chance = random.Random(seed)
    known = families()
    for _ in range(count):
        number = chance.randrange(len(known))
        fact, values = known[number], slots(chance)
        stance = chance.choices((*STANCES, "asides"), (28, 28, 16, 18, 10))[0]
        # What somebody said may be the claim itself, as it is where a claim was first heard in a post.
        claim = chance.choice(fact["claims"])
        text = chance.choice(fact[stance])
        labels = NO_SIDE if stance == "asides" else (stance,)
        parts = [text]
        for _ in range(chance.choices((0, 1, 2), (55, 30, 15))[0]):
            parts.insert(chance.randrange(len(parts) + 1), chance.choice(fact["asides"] if chance.random() < 0.5 else chance.choice(known)["asides"]))
        body = " ".join(parts).format(**values)
        if chance.random() < 0.25 and ":" not in body[:40]:
            body = f"{chance.choice(TOPICS)}: {body}"
        elif chance.random() < 0.12 and stance != "asides":
            body = f"{values['model']}: {chance.choice(TOPICS).lower()}. {body}"
        yield Pair(claim.format(**values), body, labels, "facts", f"family {fact['claims'][0]}")


def slots(chance: random.Random) -> dict[str, Any]:
    """A value for each slot; `n` and `m`, the models, the makers and the months differ."""
    model, other = chance.sample(MODELS, 2)
    maker, rival = chance.sample(MAKERS, 2)
    n, m = chance.sample(range(2, 99), 2)
    month, month2 = chance.sample(MONTHS, 2)
    return {
        "model": model, "other": other, "maker": maker, "rival": rival, "n": n, "m": m, "month": month, "month2": month2,
        "bench": chance.choice(BENCHES), "handle": chance.choice(HANDLES), "user": chance.choice(USERS), "outlet": chance.choice(OUTLETS),
        "person": chance.choice(PEOPLE),
    }
