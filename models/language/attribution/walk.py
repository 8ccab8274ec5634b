"""Hold the state of a walk and the questions that every reader of a clause asks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from models.language.attribution.speakers import Voices
from models.language.parsing.frames import Frame, Saying, Voice
from models.language.parsing.parser import Tree
from models.language.parsing.syntax import children, first
from models.lexicon import cues

Token = Any

_SPEAKING = ("say", "hedge", "predict", "deny", "question", "accuse", "perform")


class Walk(ABC):
    """One walk over one tree; `frames` are its results, `seen` the indexes of words already read."""

    def __init__(self, tree: Tree, voices: Voices) -> None:
        self.tree = tree
        self.voices = voices
        self.seen: set[int] = set()
        self.frames: list[Frame] = []

    @abstractmethod
    def clause(self, verb: Token, saying: Saying, inherited: Token | None, tense: str = "") -> None:
        """Go into a clause; `inherited` is its subject and `tense` its form where it has none of its own."""

    def speaks(self, verb: Token) -> bool:
        """Return True if the verb can report what somebody says."""
        base = self.tree.base(verb)
        return any(base in cues().verbs[name] for name in _SPEAKING)

    def tells(self, verb: Token) -> bool:
        """Return True if the verb reports words. "adding X" is a deed unless a clause follows."""
        deeds = cues().verbs["deed"] | cues().verbs["perform"]
        return self.speaks(verb) and (self.tree.base(verb) not in deeds or bool(children(verb, "ccomp")))

    def voice_at(self, subject: Token | None, saying: Saying | None = None) -> Voice | None:
        """Return the voice of a subject; "we" inside `saying` is its speaker."""
        speaking = saying.voice if saying is not None and saying.spoken else None
        return self.voices.of(self.tree, subject, speaking) if subject is not None else None

    def heard(self, voice: Voice | None, verb: Token) -> None:
        """Remember that a voice speaks with a verb."""
        self.voices.heard(voice, self.tree.sentence.part, self.tree.starts[verb.i])

    def agent(self, verb: Token) -> Voice | None:
        """Return the voice after a passive's "by"."""
        by = first(children(verb, "agent"))
        holder = first(by.children) if by is not None else None
        return self.voice_at(holder)

    def praises(self, verb: Token) -> bool:
        """Return True if the verb praises or blames somebody "for" something."""
        return self.tree.base(verb) in cues().verbs["praise"] and any(
            self.tree.word(c) == "for" for c in children(verb, "prep")
        )
