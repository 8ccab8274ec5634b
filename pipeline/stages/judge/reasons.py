"""Voices in plain words, for the reasons that verdicts give.

How well a claim is supported, as one explained figure.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.core.text import enumerated, one_line
from pipeline.core.vocabulary import Stance, Status, VoiceKey, VoiceKind
from pipeline.stages.judge.case import Case, Shortfall
from pipeline.stages.judge.evidence import Item, Rewording

# Of one voice, and of several.
_SHORT = {
    Shortfall.TAKEN_BACK: ("has taken it back", "have taken it back"),
    Shortfall.PASSED_ON: ("is only heard where others pass it on",
                          "are only heard where others pass them on"),
    Shortfall.TOLD: ("only tells what others say or announce", "only tell what others say or announce"),
    Shortfall.NEUTRAL: ("tells of it without standing behind it", "tell of it without standing behind it"),
    Shortfall.HEDGED: ("says it with reservations", "say it with reservations"),
    Shortfall.PRAISE: ("praises itself", "praise themselves"),
    Shortfall.UNKNOWING: ("does not say how they know it", "do not say how they know it"),
    Shortfall.REPEATED: ("may have it from another", "may have it from another"),
    Shortfall.SOFTENED: ("has since softened or corrected its words",
                         "have since softened or corrected their words"),
    Shortfall.UNSURE: ("does not surely say the whole of it", "do not surely say the whole of it"),
}
QUOTED = 161
"""Characters of an edited quote in a reason."""


def said(item: Item) -> str:
    """Say who says it, where, and when."""
    place = "" if item.at_home else f" in {item.source}"
    return f"{item.voice_name}{place} ({item.at:%Y-%m-%d})" if item.said else f"{item.voice_name}{place}"


def taken_back(first: Item, turn: Item) -> str:
    """Say how `turn` takes `first` back: in the same text, elsewhere, or under another name."""
    if turn.document_id == first.document_id:
        return " in a later version of the same text"
    speaker = turn.voice_name if turn.voice_name != first.voice_name else ""
    place = "" if turn.at_home or turn.source == turn.voice_name else f"in {turn.source}"
    date = f"on {turn.at:%Y-%m-%d}" if turn.said else ""
    details = " ".join(part for part in (f"by {speaker}" if speaker else "", place, date) if part)
    return f" ({details})" if details else ""


def became(edit: Rewording) -> str:
    """Say what an edit made of the words, between which times, and whether the page says so."""
    new = f"became “{one_line(edit.after, QUOTED)}”" if edit.after is not None else "was left out"
    since = f"between {edit.unchanged_at:%Y-%m-%d %H:%M} and" if edit.unchanged_at else "before"
    note = "with a note" if edit.noted else "without a note"
    return f"“{one_line(edit.before, QUOTED)}” {new} {since} {edit.seen_at:%Y-%m-%d %H:%M}, {note}"


def names(items: Iterable[Item], most: int = 3) -> str:
    """Name the voices of the items in plain words, each once."""
    voices: dict[VoiceKey, list[Item]] = {}
    for item in items:
        voices.setdefault(item.voice, []).append(item)
    words = [_voice(key, voice_items) for key, voice_items in voices.items()]
    if len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1} more"]
    return enumerated(words)


def _voice(key: VoiceKey, items: list[Item]) -> str:
    if key.kind is VoiceKind.HEARSAY:
        return f"an unattributed rumour (in {_sources(items)})"
    if key.kind is VoiceKind.UNSTORED:
        return f"“{items[0].voice_name}” (passed on by {_sources(items)})"
    role = ", the subject itself" if items[0].first_party else ""
    if any(item.own_words and item.at_home for item in items):
        through = ""
    elif quoting := [item for item in items if not item.by_author]:
        through = f" (quoted by {_sources(quoting)})"
    else:
        through = f" (passed on by {_sources(items)})"
    return f"{items[0].voice_name}{role}{through}"


def _sources(items: list[Item]) -> str:
    sources = list(dict.fromkeys(item.source for item in items))
    return ", ".join(sources[:2]) + (f" and {len(sources) - 2} more" if len(sources) > 2 else "")


def uncounted(case: Case) -> str:
    """Say how many voices that a claim is carried by count, how many it takes, and why the others do not."""
    counted = case.corroborating
    verb = "count" if len(counted) > 1 else "counts as one"
    counting = f"only {names(counted)} {verb}" if counted else "none of these counts as one"
    reasons = [f"{voices} {_SHORT[short][voices > 1]}" for short, voices in case.shortfalls.items()]
    reasons_text = f": {'of the others ' if counted else ''}{enumerated(reasons)}" if reasons else ""
    return f"it takes {case.corroborating_voices} independent voices, and {counting}{reasons_text}"


def ids(items: Iterable[Item]) -> tuple[str, ...]:
    """Return the evidence ids of the items, each once."""
    return unique(item.evidence_id for item in items)


def unique(found: Iterable[str]) -> tuple[str, ...]:
    """Return each id once, in order."""
    return tuple(dict.fromkeys(found))


def _denies_knowing(case: Case, item: Item) -> bool:
    return item.stance is Stance.DENIES and item.own_words and case.can_know(item)


def score(case: Case, status: Status) -> float:
    """How well the claim is supported, 0 to 1: (1 + for) / (3 + for + against) over independent voices.

    A voice counts 1 where it can know, else 0.25; hearsay counts 0.25 once; repetitions count nothing. What
    is settled lies above 0.95 or below 0.05, what is expired below 0.2.
    """
    speaking = {item.voice for item in case.corroborating}
    carried = {item.voice for item in case.carriers} - speaking
    against = {item.voice for item in case.denials}
    knowing = {item.voice for item in case.matching(_denies_knowing)} & against
    support = len(speaking) + 0.25 * len(carried - against)
    denial = len(knowing) + 0.25 * len(against - knowing)
    value = (1 + support) / (3 + support + denial)
    if status is Status.SUBSTANTIATED:
        return round(0.95 + 0.05 * value, 3)
    if status in (Status.CONTRADICTED, Status.RETRACTED):
        return round(0.05 * value, 3)
    return round(min(value, 0.2) if status is Status.EXPIRED else value, 3)
