"""Records of a reading: who says something, how, and which words of the parse carry the content."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

Token = Any

ORDER = ("asserted", "hedged", "predicted", "reported", "questioned")


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: a name or nobody named; `kind` is author, named, staff, expert, community or anonymous.

    An "outlet" does not speak in another's text: its report is passed on there.
    """

    kind: str
    name: str | None = None
    organisation: str | None = None

    @property
    def by_author(self) -> bool:
        """Return True if the publishing account speaks for itself."""
        return self.kind == "author"


@dataclass(frozen=True, slots=True)
class Saying:
    """How something is said. `denied` flips with each denial on the way down to the content."""

    voice: Voice
    verb: str | None = None
    denied: bool = False
    certainty: str = "asserted"
    attributed_to: str | None = None
    cues: tuple[str, ...] = ()
    spoken: bool = False

    def by(self, voice: Voice | None) -> Saying:
        """Return the same, said by `voice` if there is one; as its report where that is an outlet."""
        if voice is not None and voice.kind == "outlet":
            relayed = replace(self, attributed_to=self.attributed_to or voice.name, spoken=True)
            return relayed.less_sure("reported")
        return replace(self, voice=voice, spoken=True) if voice else replace(self, spoken=True)

    def turned(self) -> Saying:
        """Return the same with `denied` flipped."""
        return replace(self, denied=not self.denied)

    def less_sure(self, certainty: str, *cues: str) -> Saying:
        """Return the same, at most as sure as `certainty`."""
        worst = max(self.certainty, certainty, key=ORDER.index)
        return replace(self, certainty=worst, cues=(*self.cues, *cues))

    def with_cues(self, *cues: str) -> Saying:
        """Return the same with more cue words."""
        return replace(self, cues=(*self.cues, *cues))


@dataclass(frozen=True, slots=True)
class Frame:
    """Words that say something, and how.

    `head` is the verb of the content (`form` "clause"), a noun phrase ("noun"; "described" where it stands
    beside a name), what a `subject` is, has or engaged in ("predicate", "has", "engaged in"), or a price that
    it is said at ("priced"). `subject` is the subject where the verb has none of its own; `tense` ("past",
    "present", "future", "able" or "") is the form that such a verb needs.
    """

    saying: Saying
    head: Token
    form: str = "clause"
    subject: Token | None = None
    tense: str = ""
