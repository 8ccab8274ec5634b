"""Write the proposition of a frame once attribution, hedges and negation are taken off.

It must stand alone: its subject is named, "it" and "the company" give way to what they stand for, and a frame
whose subject stays unknown gives no proposition.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from models.gazetteer import Entity
from models.language.names.entity_spans import named_in
from models.language.parsing.frames import Frame
from models.language.parsing.parser import Tree
from models.language.parsing.syntax import children, finite, first, subject_of, to_infinitive
from models.language.propositions.coreference import PLURAL, POINTING, References
from models.language.propositions.passing import times_of_telling
from models.language.propositions.phrases import Phrases, tidy, uncontrasted
from models.language.propositions.substitution import Settler
from models.language.propositions.verb_groups import Edit, edit_verb, past
from models.language.wording import FEWEST
from models.lexicon import cues

Token = Any

LONGEST = 320
_HOLLOW = re.compile(r"https?://|www\.|\bx{8,}\b")
# Fragments of misread sentences: no predicate, no subject, a comparison with nothing, "the changes" of an
# earlier sentence.
_FRAGMENT = re.compile(
    r"^(?:that|than|which|such|and|or)\b|"
    r"\b(?:is|are|was|were|be|been|being|has|have|had|will|can|would|that|being \w+)$"
    r"|\bsuch (?!as\b)|'s (?:is|are|was|were|has|have)\b"
    r"|\b(?:is|are|was|were)(?: \w+ly)? (?:similar|comparable|equal|equivalent|identical|the same)$"
    r"|^(?!.*\b(?:as|than)\b).*\bthe same\b"
    r"|\b(?:struggle[sd]?|hacked|fail(?:s|ed)|succeed(?:s|ed)|perform(?:s|ed))$"
    r"|\bthe (?:changes?|issues?|problems?|matter|tasks?|question|situation|topic|update|latter|former)$"
    r"|\bannouncements?(?: any ?time)?(?: soon)?$"
    r"|\b(?:scored\b|scores? (?=\d))(?!.*(?:%| (?:on|in|at|for|than|of|against|above|below|higher|lower) ))",
    re.I,
)
_DETERMINED = cues().words["determiner"]
_POINTED = frozenset({"this", "these", "those", "that", "such"})
_JOINTS = {
    "predicate": ("is", "are", "be"), "priced": ("costs", "cost", "cost"), "has": ("has", "have", "have"),
    "engaged in": ("engaged in", "engaged in", "engage"),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposition in the making.

    `tokens` are its words in the tree, `subject` those of its subject; `entities` the known names in it,
    `subject_entities` those in its subject, `referred` those put in the place of referring words, `places`
    the organisations that only say where something happens. `trait`: it only gives an adjective. `dated` is
    the text with the times that it is told without.
    """

    text: str
    dated: str
    main_verb: str
    tokens: list[Token]
    subject: list[Token]
    entities: list[Entity]
    subject_entities: list[Entity]
    referred: list[Entity]
    places: frozenset[str]
    trait: bool
    negated: bool = False
    certainty: str = "asserted"
    ahead: bool | None = None
    cues: list[str] = field(default_factory=list)


class Writer:
    """Writes the propositions of one tree; `heads` are the verbs that speak for themselves elsewhere."""

    def __init__(self, tree: Tree, references: References, heads: set[int]) -> None:
        self.tree = tree
        self.references = references
        self.phrases = Phrases(tree, heads)
        self.settler = Settler(tree, references)

    def write(self, frame: Frame) -> Draft | None:
        """Return the frame's proposition, or None where none stands alone; noun frames are for `nominals`."""
        if frame.form == "clause":
            return self._clause(frame)
        return self._joined(frame) if frame.form in _JOINTS else None

    def plural(self, subject: Token) -> bool:
        """Return True if a subject takes a plural verb."""
        if self.tree.word(subject) in PLURAL | {"we", "these", "those", "you"}:
            return True
        return subject.tag_ in ("NNS", "NNPS") or bool(children(subject, "conj"))

    def draft(
        self, text: str, main_verb: str, subject: list[Token], rest: list[Token], frame: Frame, edit: Edit,
        dated: str | None = None,
    ) -> Draft | None:
        """Return the finished draft, or None where the text is too long, too short or hollow."""
        text, dated = tidy(text), tidy(dated or text)
        if len(text.split()) < FEWEST:
            text = dated
        measured = len(text) <= LONGEST and len(text.split()) >= 3
        if not measured or _HOLLOW.search(text) or _FRAGMENT.search(text):
            return None
        tokens = [*subject, *rest]
        visible = [t for t in sorted(set(tokens), key=lambda t: t.i) if edit.words.get(t.i) != ""]
        named = [(t, e) for t in visible if (e := self.tree.entity(t)) is not None]
        return Draft(
            text=text,
            dated=dated,
            main_verb=main_verb,
            tokens=tokens,
            subject=subject,
            entities=[*(e for _, e in named), *edit.referred],
            subject_entities=[e for t in subject if (e := self._named(t, edit)) is not None],
            referred=edit.referred,
            places=frozenset(e.name for t, e in named if e.type == "organisation" and self._place(t)),
            trait=any(c.tag_ in ("JJ", "VBN") for c in children(frame.head, "acomp"))
            or (frame.form == "predicate" and frame.head.tag_ == "JJ"),
            negated=edit.negated,
            certainty=edit.certainty,
            ahead=edit.ahead,
            cues=edit.cues,
        )

    def _place(self, token: Token) -> bool:
        """Return whether a name says where something happens: "on GitHub", "via X and Y"."""
        while token.dep_ in ("conj", "appos"):
            token = token.head
        return token.dep_ == "pobj" and self.tree.word(token.head) in ("on", "via", "at", "through")

    def _named(self, token: Token, edit: Edit) -> Entity | None:
        """Return the known name at a token of the subject, or the one put in its place."""
        word = edit.words.get(token.i)
        if word == "":
            return None
        substituted = next((e for e in edit.referred if word and (e.name in word or e.owner == word)), None)
        return substituted or self.tree.entity(token)

    # --- clauses ---------------------------------------------------------------------------------------

    def _clause(self, frame: Frame) -> Draft | None:
        verb, tree, phrases = frame.head, self.tree, self.phrases
        own, relative = subject_of(verb), None
        if own is not None and own.tag_ in ("WDT", "WP") and frame.subject is not None:
            relative, own = own, None  # "X, which costs ...": X costs ...
        subject = own if own is not None else frame.subject
        tense = self._tense(verb, own, frame)
        if subject is None or tense is None or children(verb, "expl") or verb.tag_[:1] == "J":
            return None
        edit = edit_verb(tree, verb, plural=self.plural(subject), tense=tense)
        in_subject = set(own.subtree) if own is not None else set()
        body = sorted((
            t for t in phrases.kept(verb, edit)
            if t not in in_subject and t != relative and not (t.tag_ == "WRB" and t.head == verb)
        ), key=lambda t: t.i)
        head = self.subject(subject, frame, edit, apart=own is None)
        if head is None:
            return None
        head = [
            t for t in head if t.tag_ != "WRB" and not (t.dep_ in ("mark", "det") and tree.word(t) == "that")
        ]
        if (
            not self.settler.settle([*head, *body], frame.saying, edit)
            or not self.settler.owner(subject, edit)
        ):
            return None
        if own is not None and (relayed := self._relayed(frame, verb, own, edit)) is not None:
            return relayed
        for token in body:  # "Is X delayed?"
            if token.i == 0 and token.dep_ in ("aux", "auxpass"):
                edit.words.setdefault(0, tree.words[0].lower())
        colon = max(
            (t.i for t in body if own is not None and t.i < own.i and tree.word(t) == ":"), default=-1
        )
        body = [t for t in body if t.i > colon]
        leading = [
            t for t in body if own is not None and t.i < own.i and t.dep_ not in ("aux", "auxpass", "mark")
        ]
        predicate = self._denied([t for t in body if t not in leading and t not in head], edit)
        dated = self._clause_text(head, predicate, leading, edit)
        passing = {t.i for run in times_of_telling(tree, verb) for t in run}
        text = self._clause_text(head, [t for t in predicate if t.i not in passing],
                                 [t for t in leading if t.i not in passing], edit)
        return self.draft(text, tree.base(verb), head, body, frame, edit, dated)

    def _clause_text(self, head: list[Token], predicate: list[Token], leading: list[Token], edit: Edit
                     ) -> str:
        """Return a clause as text, with what leads it moved to its end."""
        tree, phrases = self.tree, self.phrases
        text = f"{phrases.render(head, edit, predicate)} {phrases.render(predicate, edit)}"
        moved = phrases.render([t for t in leading if t.dep_ != "punct" or t.i > leading[0].i], edit).strip(
            " ,"
        )
        if moved and len(moved) < 80:
            if leading[0].tag_ not in ("NNP", "NNPS", "PRP") and tree.entity(leading[0]) is None:
                moved = moved[0].lower() + moved[1:]
            text = f"{text.rstrip(' .,;:!?')} {moved}"
        return text

    def _tense(self, verb: Token, own: Token | None, frame: Frame) -> str | None:
        """Return the tense that the verb needs ("" keeps its own); None where it makes no clause."""
        if finite(verb) or frame.tense:
            return frame.tense
        if own is None or verb.tag_ == "VBG":
            return "present" if verb.tag_ in ("VBN", "VBG") else ""
        if to_infinitive(verb):
            return "future" if verb.dep_ == "ROOT" else "present"
        return "present" if verb.tag_ in ("VBN", "VBG") else None

    def _denied(self, tokens: list[Token], edit: Edit) -> list[Token]:
        """Return a clause's tokens without a contrast ("not Y") and without the reason of a denial."""
        if edit.cut is not None:
            tokens = [t for t in tokens if t.i < edit.cut]
        if not edit.negated:
            return tokens
        tokens = uncontrasted(tokens, self.tree)
        causes = {
            t.i for c in tokens if c.dep_ == "prep" and self.tree.word(c) in ("because", "due")
            for t in c.subtree
        }
        return [t for t in tokens if t.i not in causes]

    def _relayed(self, frame: Frame, verb: Token, own: Token, edit: Edit) -> Draft | None:
        """Write a relayed "@somebody introduced X" as "X was introduced": the account did not do it."""
        if self.tree.base(verb) not in cues().verbs["perform"] or not self._relays(own, frame):
            return None
        thing = first(children(verb, "dobj"))
        if thing is None or any(t.dep_ == "mark" for t in thing.subtree):
            return None
        model = named_in(self.tree, thing, "model")
        if model is not None and model.owner == frame.saying.voice.organisation is not None:
            return None
        phrase = self.phrases.noun_phrase(thing, edit, tight=False)
        adjuncts = [
            c for c in children(verb, "prep", "npadvmod")
            if c.i > thing.i and not self.phrases.leaves(c, verb, verb, edit)
        ]
        tail = [t for c in adjuncts for t in self.phrases.kept(c, edit)]
        if not self.settler.settle([*phrase, *tail], frame.saying, edit):
            return None
        name = self.phrases.render(phrase, edit).rstrip(" ,")
        aside = "," if "," in name and any(t.dep_ == "appos" for t in phrase) else ""
        auxiliary = "were" if self.plural(thing) else "was"
        base = self.tree.base(verb)
        return self.draft(
            f"{name}{aside} {auxiliary} {past(base)} {self.phrases.render(tail, edit)}",
            base,
            phrase,
            tail,
            frame,
            edit,
        )

    def _relays(self, subject: Token, frame: Frame) -> bool:
        """Return whether the subject is an account, but not an organisation's own channel."""
        handle = self.tree.handle(subject)
        if handle is None:
            return False
        entity, voice = self.tree.entity(subject), frame.saying.voice
        if entity is not None:
            return entity.type != "organisation"
        return voice.organisation is None or voice.name not in (voice.organisation, handle.lstrip("@"))

    def subject(self, subject: Token, frame: Frame, edit: Edit, *, apart: bool) -> list[Token] | None:
        """Return the subject's words; None where its referent is unknown."""
        tree = self.tree
        words = {tree.word(c) for c in subject.children}
        if (
            tree.word(subject) in POINTING or subject.tag_ in ("WDT", "WP", "EX")
            or words & {"latter", "former"}
        ):
            return None
        pointed = any(tree.word(c) in _POINTED for c in children(subject, "det", "amod", "predet"))
        if pointed and not self.settler.points_back(subject):
            return None
        if tree.handle(subject) is not None:
            entity, organisation = tree.entity(subject), frame.saying.voice.organisation
            if self._relays(subject, frame):  # an act of a person's account is no act of their employer
                if tree.base(frame.head) not in cues().verbs["perform"]:
                    return None
                edit.words[subject.i] = organisation or tree.words[subject.i]
            else:
                edit.words[subject.i] = entity.name if entity else organisation or ""
        return self.phrases.noun_phrase(subject, edit, tight=apart)

    # --- parts that stand apart --------------------------------------------------------------------------

    def _joined(self, frame: Frame) -> Draft | None:
        """Write "subject is/has/engaged in phrase" from separate parts of the sentence."""
        head_noun = frame.head
        has = frame.form == "has"
        if frame.subject is None or (has and not self._telling(head_noun)):
            return None
        edit = Edit()
        subject = self.subject(frame.subject, frame, edit, apart=True)
        if subject is None:
            return None
        # "highlights X as Y": the "as Y" hangs on X in some parses
        in_head = set(head_noun.subtree)
        subject = [
            t for t in subject if t not in in_head and not (t.dep_ == "prep" and self.tree.word(t) == "as")
        ]
        phrase = [
            t for t in self.phrases.noun_phrase(head_noun, edit, tight=True)
            if t.dep_ != "neg" and not self._binds(t, head_noun, has)
        ]
        if not phrase or not self.settler.settle([*subject, *phrase], frame.saying, edit):
            return None
        singular, plural, base = _JOINTS[frame.form]
        joint = plural if self.plural(frame.subject) else singular
        article = self.article(head_noun, phrase) if has else ""
        text = f"{self.phrases.render(subject, edit)} {joint} {article}{self.phrases.render(phrase, edit)}"
        return self.draft(text, base, subject, phrase, frame, edit)

    def _telling(self, noun: Token) -> bool:
        """Return whether "has noun" says something: "its real-time speech" does, "its potential" does not."""
        return (
            self.tree.word(noun) not in cues().words["hollow"]
            and bool(children(noun, "amod", "compound", "nummod", "nmod"))
        )

    def _binds(self, token: Token, noun: Token, has: bool) -> bool:
        """Return whether a word only ties the noun to its sentence: "as", and in "has noun" the determiner or
        owner.
        """
        word = self.tree.word(token)
        if token.head == noun and token.i < noun.i and word == "as":
            return True
        owned = token.dep_ == "case" and token.head.dep_ == "poss" and token.head.head == noun
        return has and (
            owned or (token.head == noun and token.dep_ in ("poss", "case", "det") and word in _DETERMINED)
        )

    def article(self, noun: Token, phrase: list[Token]) -> str:
        """Return "a ", "an " or "" for a noun phrase without its determiner."""
        determined = any(t.dep_ in ("det", "nummod", "poss") and t.head == noun for t in phrase)
        if (
            determined or noun.tag_ in ("NNS", "NNP", "NNPS", "VBG")
            or self.tree.word(noun) not in cues().words["counted"]
        ):
            return ""
        return "an " if self.tree.word(min(phrase, key=lambda t: t.i))[:1] in "aeiou" else "a "
