"""The details that a sentence pins down in its own words: figures, times, names, and whether it denies.

They are read from the words alone, so that they hold whatever was extracted and whatever a model thinks of
two sentences: "70 billion" and "72 billion" are nearly one sentence, and never one claim.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from itertools import product

from pipeline.text.figures import UNIT_WORDS, Figure, figures, same_quantity, unmatched
from pipeline.text.names import VARIANTS

_WORDS = tomllib.loads(files("pipeline.text").joinpath("details.toml").read_text("utf-8"))
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_TIMES = re.compile(
    rf"\b(?:(?P<month>{'|'.join(month for month in _MONTHS if month != 'may')}"
    r"|may(?=\s(?:\d|of\b|this|next)|$|[.,]))|(?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    r"|(?P<quarter>q[1-4]|(?:first|second|third|fourth) quarter)|(?P<season>spring|summer|autumn|winter)"
    r"|(?P<near>today|tonight|tomorrow|yesterday"
    r"|(?:next|last|this|coming|past) (?:week|month|quarter|year)))\b"
)
_QUARTERS = {"first quarter": "q1", "second quarter": "q2", "third quarter": "q3", "fourth quarter": "q4"}
_DENIES = re.compile(rf"\b(?:{_WORDS['denies']})\b|\bno(?=\s[a-z]+)", re.VERBOSE)
_ANSWER = re.compile(r"no,?\s+(?=(?P<next>\w[\w-]*))")
_OPPOSITES = tuple(
    (re.compile(rf"\b(?:{pair['one']})\b"), re.compile(rf"\b(?:{pair['other']})\b"))
    for pair in _WORDS["opposites"]
)
_TURNS: dict[str, re.Pattern[str]] = {
    kind: re.compile(rf"\b(?:{words})\b", re.VERBOSE) for kind, words in _WORDS["turns"].items()
}
_WORD = re.compile(r"[^\W_][\w'’.+/-]*[^\W_]|[^\W_]")
_INITIALS = re.compile(r"(?:[a-z]\.)+[a-z]")  # "a.i", "u.s"
_PARTS = re.compile(r"[-/]")
HEADLINE = 0.8  # the share of long words with a capital from which capitals make no name
COMPOUND = 4  # letters of a name that may be written in two words
_LETTERED = re.compile(r"[a-z][\w.-]*\d|\d[\w.-]*[a-z]", re.I)  # "o3", "4o", "h100"
_NUMBER = re.compile(r"[\d.,]+(?:[kmbt]|bn|mn|x|gb|tb|mb)?")
_NUMBERED = re.compile(r"\b[A-Z][\w-]*[ -](\d+(?:\.\d+)*)")
_STARTS = frozenset(_WORDS["starts"].split())
_COMMON = frozenset(_WORDS["common"].split())


@dataclass(frozen=True, slots=True)
class Difference:
    """A detail in which two sentences differ, with what each has there."""

    detail: str
    left: str
    right: str


@dataclass(frozen=True)
class Details:
    """What the words of one sentence pin down. `known` are names that were recognised in it."""

    text: str
    known: tuple[str, ...] = ()

    @cached_property
    def _plain(self) -> str:
        return self.text.lower().replace("’", "'")

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Return all numbers, those in names among them."""
        return figures(self._plain)

    @cached_property
    def numbered(self) -> frozenset[str]:
        """Return the bare numbers that stand behind a word with a capital: versions of what that names."""
        return frozenset(_NUMBERED.findall(self.text))

    @cached_property
    def times(self) -> frozenset[str]:
        """Return the months, days, quarters, seasons and relative times that it names."""
        matches = (match[0] for match in _TIMES.finditer(self._plain))
        return frozenset(_QUARTERS.get(word, word) for word in matches)

    @cached_property
    def denies(self) -> bool:
        """Return True if it says that something is not so."""
        answer = _ANSWER.match(self._plain)
        # "No Lodestone 1 scored 92" answers a post: a name has no "no" before it.
        start = answer.end() if answer and _parts(answer["next"])[0] in self.given else 0
        return len(_DENIES.findall(self._plain, start)) % 2 == 1

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return the words that are written as names, and parts of known ones, in lower case and in order."""
        words = list(_WORD.finditer(self.text))
        long_words = [match[0] for match in words if len(match[0]) > 3]
        headline = (
            len(long_words) > 3 and sum(word[0].isupper() for word in long_words) > HEADLINE * len(long_words)
        )
        parts: list[str] = []
        for match in words:
            word = match[0]
            is_name = _LETTERED.search(word) is not None or any(letter.isupper() for letter in word[1:])
            if not is_name and word[0].isupper() and not headline:
                starts_sentence = self.text[: match.start()].rstrip()[-1:] in ("", *".!?:")
                is_name = not (starts_sentence and word.lower() in _STARTS)
            parts.extend(part for part in _parts(word) if is_name or part in self.given)
        return tuple(
            part
            for part in parts
            if part not in self.times and part not in _COMMON and not _NUMBER.fullmatch(part)
        )

    @cached_property
    def given(self) -> frozenset[str]:
        """Return the parts of the names that were recognised, the maker of a model among them."""
        return frozenset(part for name in self.known for part in _parts(name.replace(" ", "-")))

    @cached_property
    def turns(self) -> dict[str, frozenset[str]]:
        """Return by kind (hedge, future, clause, degree) the words that make another statement of it."""
        return {
            kind: frozenset(
                f"{name} {word}"
                for match in pattern.finditer(self._plain)
                for name, word in match.groupdict().items()
                if word
            )
            for kind, pattern in _TURNS.items()
        }

    @cached_property
    def run_on(self) -> str:
        """Return its letters and digits without spaces, in which "OpenAI" and "Open AI" are one."""
        return "".join(filter(str.isalnum, self._plain))

    @cached_property
    def words(self) -> Counter[str]:
        """Return how often each word stands in it, in lower case, of compounds their parts."""
        return Counter(part for match in _WORD.finditer(self.text) for part in _parts(match[0]))


def differ(left: Details, right: Details) -> Difference | None:
    """Return the first detail in which two sentences cannot be one claim; None where there is none.

    What only one of them pins down is no difference: see `unshared`. The detail is "number" where the two
    have other figures of the same, and "figures" where theirs are figures of different things.
    """
    if left.denies != right.denies:
        return Difference("negation", *("is not so" if side.denies else "is so" for side in (left, right)))
    ours, theirs = unmatched(left.figures, right.figures), unmatched(right.figures, left.figures)
    if ours and theirs:
        our_figure, their_figure = next(_rivals(left, right, ours, theirs), (None, None))
        if our_figure and their_figure:
            return Difference("number", our_figure.written, their_figure.written)
        return Difference("figures", ours[0].written, theirs[0].written)
    if left.times - right.times and right.times - left.times:
        return Difference("date", min(left.times - right.times), min(right.times - left.times))
    our_names, their_names = _strange(left, right), _strange(right, left)
    if our_names and their_names:
        return Difference("name", our_names[0], their_names[0])
    # "Aster 4 Mini" is another model than "Aster 4".
    if variant := next((name for name in (*our_names, *their_names) if name in VARIANTS), None):
        return Difference(
            "version", *(variant if variant in side else "without" for side in (our_names, their_names))
        )
    return None


def _rivals(
    left: Details, right: Details, ours: Sequence[Figure], theirs: Sequence[Figure]
) -> Iterator[tuple[Figure, Figure]]:
    """Yield the pairs of figures of one thing: none where each sentence has a name of its own, or one names a
    variant, since they are then of two things.
    """
    our_names, their_names = ({*_strange(*pair)} - UNIT_WORDS for pair in ((left, right), (right, left)))
    if (our_names and their_names) or (our_names | their_names) & VARIANTS:
        return
    for our_figure, their_figure in product(ours, theirs):
        if not our_figure.amount and (
            our_figure.written in left.numbered or their_figure.written in right.numbered
        ):
            continue
        # A score is the score of what is named: a benchmark that only one of them names may be another one.
        if same_quantity(our_figure, their_figure) and not (our_figure.scores and (our_names or their_names)):
            yield our_figure, their_figure


def unshared(left: Details, right: Details) -> str | None:
    """Return the first detail that only one of two sentences pins down, or that they turn round.

    A name that only one of them has is none: "OpenAI's whistleblower X" and "X" are one. Whether it
    matters is told by who reads them.
    """
    if unmatched(left.figures, right.figures) or unmatched(right.figures, left.figures):
        return "number"
    if left.times != right.times:
        return "date"
    ours = [name for name in left.names if name in right.names]
    if ours != [name for name in right.names if name in left.names]:
        return "order"
    if turn := next((turn for turn in _TURNS if left.turns[turn] != right.turns[turn]), None):
        return turn
    if any(
        _opposed(left, right, first, second) or _opposed(right, left, first, second)
        for first, second in _OPPOSITES
    ):
        return "opposite"
    return None


def _strange(details: Details, other: Details) -> list[str]:
    """Return the names that one says more often than the other."""
    return [
        name
        for name, times in Counter(details.names).items()
        if times > other.words[name]
        and not (len(name) >= COMPOUND and other.run_on.count(name.replace(".", "")) >= times)
    ]


def _opposed(details: Details, other: Details, first: re.Pattern[str], second: re.Pattern[str]) -> bool:
    ours, theirs = details._plain, other._plain
    return bool(
        first.search(ours) and second.search(theirs) and not second.search(ours) and not first.search(theirs)
    )


def _parts(word: str) -> list[str]:
    plain = word.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
    plain = plain.replace(".", "") if _INITIALS.fullmatch(plain) else plain
    return [part for part in _PARTS.split(plain) if part]
