"""Voices in plain words, for the reasons that verdicts give."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.core.text import counted, enumerated, one_line
from pipeline.core.vocabulary import RUMOUR, VoiceKey, VoiceKind
from pipeline.stages.judge.accounts import TOGETHER
from pipeline.stages.judge.case import Case, Shortfall
from pipeline.stages.judge.evidence import Artefact, Item, Rewording

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
    Shortfall.APART: (f"speaks more than {TOGETHER.days} days apart",
                      f"speak more than {TOGETHER.days} days apart"),
    Shortfall.SOFTENED: ("has since softened or corrected its words",
                         "have since softened or corrected their words"),
    Shortfall.UNSURE: ("may not support the whole claim", "may not support the whole claim"),
    Shortfall.SUBJECT: ("is the subject itself", "are subjects of it themselves"),
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


def release_page(page: Artefact) -> str:
    """Say that the release page of a claimed model is there."""
    return f"Its release page is there: {page.name} ({page.url})."


def became(edit: Rewording) -> str:
    """Say what an edit made of the words, between which times, and whether the page says so."""
    new = f"became “{one_line(edit.after, QUOTED)}”" if edit.after is not None else "was left out"
    since = f"between {edit.unchanged_at:%Y-%m-%d %H:%M} and" if edit.unchanged_at else "before"
    note = "with a note" if edit.noted else "without a note"
    return f"“{one_line(edit.before, QUOTED)}” {new} {since} {edit.seen_at:%Y-%m-%d %H:%M}, {note}"


def names(items: Iterable[Item], most: int = 3, *, again: bool = False) -> str:
    """Name the voices of the items in plain words, each once.

    `again`: the sentence named them before, so that where they were heard is not said a second time.
    """
    voices: dict[VoiceKey, list[Item]] = {}
    for item in items:
        voices.setdefault(item.voice, []).append(item)
    words = [voice_items[0].voice_name if again else _voice(key, voice_items)
             for key, voice_items in voices.items()]
    if len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1} more"]
    return enumerated(words)


def _voice(key: VoiceKey, items: list[Item]) -> str:
    if key.kind is VoiceKind.HEARSAY:
        return f"an {RUMOUR} (in {sources(items)})"
    if key.kind is VoiceKind.UNSTORED:
        return f"“{items[0].voice_name}” (passed on by {sources(items)})"
    role = ", the subject itself" if items[0].first_party else ""
    if any(item.own_words and item.at_home for item in items):
        through = ""
    elif quoting := [item for item in items if not item.by_author]:
        through = f" (quoted by {sources(quoting)})"
    else:
        through = f" (passed on by {sources(items)})"
    return f"{items[0].voice_name}{role}{through}"


def sources(items: Iterable[Item]) -> str:
    """Name two sources of the items, and say how many more there are."""
    named = list(dict.fromkeys(item.source for item in items))
    return ", ".join(named[:2]) + (f" and {len(named) - 2} more" if len(named) > 2 else "")


def uncounted(case: Case) -> str:
    """Say how many voices that a claim is carried by count, how many it takes, and why the others do not."""
    firm = case.corroborating
    verb = "count as independent voices" if len(firm) > 1 else "counts as an independent voice"
    parts = [f"only {names(firm, again=True)} {verb}" if firm else f"none of these {verb}"]
    reasons = [f"{counted(voices, 'other') if firm else voices} {_SHORT[short][voices > 1]}"
               for short, voices in case.shortfalls.items()]
    parts += [enumerated(reasons)] if reasons else []
    counting = ("; " if firm else ": ").join(parts)
    return f"it takes {case.corroborating_voices} independent voices, and {counting}"


def ids(items: Iterable[Item]) -> tuple[str, ...]:
    """Return the evidence ids of the items, each once."""
    return unique(item.evidence_id for item in items)


def unique(found: Iterable[str]) -> tuple[str, ...]:
    """Return each id once, in order."""
    return tuple(dict.fromkeys(found))
