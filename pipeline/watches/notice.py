"""What a watch tells, in words: by claim, with its old and new state and the sentences that it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.core.config import PublisherConfig
from pipeline.core.text import counted
from pipeline.core.vocabulary import Stance, Status
from pipeline.digest.changes import Piece, Row, Style
from pipeline.digest.mail import QUOTED
from pipeline.text.sanitize import plain
from pipeline.watches.events import Event, EventKind

CLAIMS, ROWS = 40, 8
"""Claims of one message, and rows of one claim, that are written out; the others are counted."""

_NOUNS = {
    EventKind.STATUS: ("status change", "status changes"),
    EventKind.DENIAL: ("first denial", "first denials"),
    EventKind.ARTEFACT: ("first primary document", "first primary documents"),
    EventKind.VOICE: ("new independent voice", "new independent voices"),
    EventKind.DEADLINE: ("time that is over", "times that are over"),
    EventKind.EDITED: ("edited source document", "edited source documents"),
    EventKind.DELETED: ("deleted source document", "deleted source documents"),
    EventKind.RIVAL: ("rival claim", "rival claims"),
}
# A voice that denies or questions a claim does not carry it, and is never counted as if it did.
_VOICES = {
    Stance.DENIES: ("new denial", "new denials"),
    Stance.QUESTIONS: ("new question", "new questions"),
}
_SAID = {EventKind.DENIAL, EventKind.ARTEFACT, EventKind.VOICE}

SPOKEN = {EventKind.STATUS, *_SAID}
"""Events that rest on a sentence that was said; several may rest on one."""


@dataclass(frozen=True, slots=True)
class ClaimNews:
    """What happened to one claim; `before` is None for a claim that was not known before."""

    claim_id: str
    claim: str
    before: Status | None
    status: Status
    voices: int
    reason: str
    rows: list[Row]

    @property
    def state(self) -> Row:
        """Return where it stands, and where it stood."""
        was = "new" if self.before is None else f"was {self.before}"
        was = "as before" if self.before is self.status else was
        voices = counted(self.voices, "independent voice")
        stands: Row = [(Style.STRONG, str(self.status)), (Style.PLAIN, f" ({was}), {voices}. ")]
        return [*stands, (Style.FOREIGN, self.reason)]


def by_claim(events: Sequence[Event]) -> list[ClaimNews]:
    """Return the news of each claim: those that moved first, then in the order of their first event."""
    by_id: dict[str, list[Event]] = {}
    for event in events:
        by_id.setdefault(event.claim_id, []).append(event)
    news = []
    for claim_id, claim_events in by_id.items():
        last = claim_events[-1]
        new = any(event.before is None for event in claim_events)
        moves = [event for event in claim_events if event.kind is EventKind.STATUS]
        before = None if new else moves[0].before if moves else last.status
        reason = last.reason or ""
        news.append(ClaimNews(claim_id, last.claim, before, last.status, last.voices, reason,
                              _rows(claim_events)))
    return sorted(news, key=lambda claim: claim.before is claim.status)


def headline(events: Sequence[Event]) -> str:
    """Return the counts in our own words alone: "1 new claim, 2 first denials"."""
    new = {event.claim_id for event in events if event.before is None}
    denied = {_sentence(event) for event in events if event.kind is EventKind.DENIAL}
    tally: Counter[tuple[str, str]] = Counter()
    for event in sorted(events, key=_rank):
        # A new claim has a voice by definition, and a first denial is counted already.
        voice = event.kind is EventKind.VOICE
        if not (voice and (event.before is None or (_denies(event) and _sentence(event) in denied))):
            tally[_nouns(event)] += 1
    counts = [counted(len(new), "new claim")] if new else []
    counts += [counted(number, *nouns) for nouns, number in tally.items()]
    return ", ".join(counts) or "nothing new"


def title(event: Event) -> str:
    """Return what happened, in our own words alone: "First denial", "Disputed (was unverified)"."""
    if event.kind is EventKind.STATUS:
        return f"{event.status.capitalize()} (was {event.before})"
    noun = "new claim" if event.before is None else _nouns(event)[0]
    return noun.capitalize()


def text(claims: Sequence[ClaimNews], publisher: PublisherConfig) -> str:
    """Return the news as plain text; a stranger's words stand on one line each."""
    lines = []
    for claim in claims[:CLAIMS]:
        lines += [plain(claim.claim, 400), f"  {_plain(claim.state, publisher)}"]
        lines += [f"  - {_plain(row, publisher)}" for row in claim.rows]
        lines += [f"  {publisher.claim(claim.claim_id) or claim.claim_id}", ""]
    return "\n".join([*lines, *([f"and {more(claims)}.", ""] if more(claims) else [])])


def more(claims: Sequence[ClaimNews], shown: int = CLAIMS) -> str:
    """Return how many claims are not written out; "" where all are."""
    return counted(len(claims) - shown, "more claim") if len(claims) > shown else ""


def _nouns(event: Event) -> tuple[str, str]:
    """Return the noun for an event, singular and plural."""
    voiced = _VOICES.get(event.stance) if event.kind is EventKind.VOICE and event.stance else None
    return voiced or _NOUNS[event.kind]


def _rank(event: Event) -> tuple[int, int]:
    """Return the place of an event: what matters most comes first."""
    return list(EventKind).index(event.kind), list(Stance).index(event.stance or Stance.SUPPORTS)


def _sentence(event: Event) -> tuple[str | None, ...]:
    return event.claim_id, event.quote, event.source, event.url


def _denies(event: Event) -> bool:
    return event.stance is Stance.DENIES


def _moved(event: Event) -> bool:
    """Return whether the words of an event moved a status: not those that a status rests on in spite of
    them, or that it tells of and that time or another claim outdid.
    """
    if event.kind is not EventKind.STATUS or event.status is Status.EXPIRED:
        return False
    if event.status in (Status.CONTRADICTED, Status.RETRACTED):
        return event.stance is not Stance.SUPPORTS
    carried = event.status in (Status.SUBSTANTIATED, Status.CORROBORATED)
    return not (carried and event.stance in (Stance.DENIES, Stance.QUESTIONS))


def _rows(events: list[Event]) -> list[Row]:
    """Return a row for each sentence, with all that happened by it, and one for each other event.

    What matters most comes first, in the order of EventKind.
    """
    by_sentence: dict[tuple[str | None, ...], list[Event]] = {}
    for event in sorted(events, key=_rank):
        key = _sentence(event) if event.kind in SPOKEN else (event.event_id,)
        by_sentence.setdefault(key, []).append(event)
    rows = [row for sentence_events in by_sentence.values() if (row := _row(sentence_events))]
    if len(rows) > ROWS:
        rows = [*rows[:ROWS], [(Style.PLAIN, f"and {len(rows) - ROWS:,} more")]]
    return rows


def _row(events: list[Event]) -> Row:
    lead = events[0]
    match lead.kind:
        case EventKind.EDITED:
            return [
                *_label_with_source(lead, "A source document was edited", ". "),
                *_quoted("It said: ", lead.detail),
                *_quoted(" It says: ", lead.other),
            ]
        case EventKind.DELETED:
            evidence = [(Style.PLAIN, " ("), (Style.FOREIGN, lead.detail or ""), (Style.PLAIN, ")")]
            named = _label_with_source(lead, "A source document was deleted", "")
            return [*named, *evidence, *_quoted(". It said: ", lead.quote)]
        case EventKind.RIVAL:
            difference = [(Style.PLAIN, " ("), (Style.FOREIGN, lead.other or ""), (Style.PLAIN, ")")]
            return [*_quoted("A rival appeared: ", lead.detail), *difference]
        case EventKind.DEADLINE:
            day = f": {lead.detail}" if lead.detail else ""
            still = "" if lead.status == Status.EXPIRED else "; the claim is still open"
            return [(Style.PLAIN, f"The date it names has passed{still}{day}")]
    if lead.quote is None:
        return []  # nobody's words moved it: the reason above says what did
    denied = any(event.kind is EventKind.DENIAL for event in events)
    spoken = [event for event in events if event.kind in _SAID]
    spoken = [event for event in spoken if not (denied and event.kind is EventKind.VOICE and _denies(event))]
    labels = ", ".join(dict.fromkeys(_nouns(event)[0] for event in spoken))
    if any(_moved(event) for event in events):
        labels = f"{labels}; it moved the status" if labels else "what moved the status"
    if not labels:
        return []
    return [*_label_with_source(lead, labels[:1].upper() + labels[1:], ": "), *_quoted("", lead.quote)]


def _label_with_source(event: Event, label: str, end: str) -> Row:
    """Return what happened, and whose voice it is in which source."""
    if not event.source:
        return [(Style.PLAIN, f"{label}{end}")]
    voice = event.voice or event.speaker or event.source
    named: list[Piece] = [(Style.FOREIGN, voice)]
    if voice != event.source:
        named += [(Style.PLAIN, ", in "), (Style.FOREIGN, event.source)]
    exact = event.said_at and event.said_precision and event.said_precision.to_the_day
    when = f", {event.said_at:%Y-%m-%d}" if exact else ""
    return [(Style.PLAIN, f"{label}: "), *named, (Style.PLAIN, f"{when}{end}")]


def _quoted(label: str, quote: str | None) -> Row:
    return [(Style.PLAIN, label), (Style.QUOTE, quote)] if quote and quote.strip() else []


def _plain(row: Row, publisher: PublisherConfig) -> str:
    return "".join(_text_piece(style, words, publisher) for style, words in row)


def _text_piece(style: Style, words: str, publisher: PublisherConfig) -> str:
    if style is Style.FOREIGN:
        return plain(words, 400)
    if style is Style.QUOTE:
        return f"“{plain(words, QUOTED)}”"
    if style is Style.STRONG:
        return words.capitalize()
    return (publisher.claim(words) or words) if style is Style.CLAIM else words
