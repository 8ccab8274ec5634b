"""Writes the proposition that remains of a frame once attribution, hedges and negation are taken off.

It must stand alone: its subject is named, "it" and "the company" give way to what they stand for, and a frame whose
subject stays unknown gives no proposition.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from models.gazetteer import Entity
from models.language.cues import cues
from models.language.frames import ORDER, Frame
from models.language.inflect import past
from models.language.parse import Tree
from models.language.predicates import Edit, adverb_role, edit_verb, singular
from models.language.references import FIRST, PERSONAL, PLURAL, POINTING, SINGULAR, References, named_in
from models.language.speech import finite, subject_of

Token = Any

LONGEST = 320
_FLUFF = frozenset(
    """highlight emphasize emphasise underscore indicate suggest showcase note demonstrate reflect mark signal reveal show raise
    spark lead prompt cause leave result position mention attribute express cite link point question praise compare describe
    add aim contribute promise hint imply allow enable offer help enhance provide outperform beat surpass exceed achieve score
    reach make rank match support include feature introduce""".split()
)
_SPLIT_MARKS = frozenset({"while", "although", "though", "whereas", "because", "since", "as"})
_NEW = frozenset({"new", "latest", "newest", "upcoming", "recent"})
# "praised for its potential" says nothing of it.
_HOLLOW_NOUNS = frozenset("potential approach strategy focus effort efforts work use role concept idea handling contribution contributions ui interface".split())
_HOLLOW = re.compile(r"https?://|www\.|\bx{8,}\b")
_DANGLING = re.compile(r"(?:,?\s+(?:and|or|but|with|as|the|a|an|of|to|in|for|on|by|from|that|which|both|than))+$")
_VERSION = re.compile(r"\d\.\d")
_GAP_BEFORE = re.compile(r"\s+([,.;:!?)\]%}])")
_DETERMINED = ("the", "a", "an", "its", "their", "his", "her", "our", "your", "my", "this", "these", "that", "those")


@dataclass(slots=True)
class Draft:
    """A proposition in the making: what it says, how sure and whether its own words deny it."""

    text: str
    main_verb: str
    tokens: list[Token]
    entities: list[Entity]
    subject: list[Token]
    subject_entities: list[Entity]
    referred: list[Entity]
    trait: bool
    places: frozenset[str]
    negated: bool = False
    certainty: str = "asserted"
    ahead: bool | None = None
    cues: list[str] = field(default_factory=list)


class Writer:
    """Writes the propositions of one tree; `heads` are the heads of all its frames, which do not stand in each other."""

    def __init__(self, tree: Tree, references: References, heads: set[int]) -> None:
        self.tree = tree
        self.references = references
        self._heads = heads

    def write(self, frame: Frame) -> Draft | None:
        """The frame's proposition, or None where none stands alone."""
        if frame.form == "clause":
            return self._clause(frame)
        if frame.form == "predicate":
            return self._joined(frame, "is", "are")
        if frame.form == "has":
            return self._joined(frame, "has", "have")
        if frame.form == "engaged in":
            return self._joined(frame, "engaged in", "engaged in")
        return None

    # --- clauses ---------------------------------------------------------------------------------------

    def _clause(self, frame: Frame) -> Draft | None:
        verb = frame.head
        own = subject_of(verb)
        subject = own if own is not None else frame.subject
        if subject is None:
            return None
        to = any(c.tag_ == "TO" for c in verb.children)
        if own is not None and not finite(verb) and not frame.tense and not to and verb.tag_ not in ("VBN", "VBG"):
            return None
        plural = self._plural(subject)
        tense = frame.tense
        if own is None and not tense and not finite(verb) and verb.tag_ == "VBN":
            tense = "present"
        if own is not None and not finite(verb):
            tense = tense or ("future" if to and verb.dep_ == "ROOT" else "present")
        edit = edit_verb(self.tree, verb, plural=plural, tense=tense)
        body = [t for t in self._kept(verb, edit) if own is None or t not in set(own.subtree)]
        head = self._subject(subject, frame, edit, apart=own is None)
        if head is None:
            return None
        head = [t for t in head if t.tag_ != "WRB" and not (t.dep_ in ("mark", "det") and self.tree.word(t) == "that")]
        if any(t.dep_ == "expl" for t in verb.children):
            return None
        order = sorted(body, key=lambda t: t.i)
        lead = [t for t in order if own is not None and t.i < own.i and t.dep_ not in ("aux", "auxpass", "mark") and t.tag_ != "WRB" or t.tag_ == "WRB" and t.i < verb.i]
        order = [t for t in order if not (t.tag_ == "WRB" and t.head == verb)]
        lead = [t for t in lead if t in order]
        rest = [t for t in order if t not in lead]
        in_head = {t.i for t in head}
        rest = [t for t in rest if t.i not in in_head]
        if not self._settle([*head, *order], frame, edit) or not self._owning(subject, edit):
            return None
        if edit.cut is not None:
            rest = [t for t in rest if t.i < edit.cut]
        if edit.negated:
            rest = _uncontrasted(rest, self.tree)
        if edit.negated:  # "does not release it because of X" denies the release, not the reason
            causes = {t.i for t in rest if t.dep_ == "prep" and self.tree.word(t) in ("because", "due") for t in t.subtree}
            rest = [t for t in rest if t.i not in causes]
        text = f"{self._render(head, edit, rest)} {self._render(rest, edit)}"
        if lead_text := self._render([t for t in lead if t.dep_ != "punct" or t.i > lead[0].i], edit).strip(" ,"):
            text = f"{text.rstrip(' .,;:!?')} {lead_text}" if len(lead_text) < 80 else text
        if (passive := self._announced(frame, verb, own, edit)) is not None:
            return passive
        return self._draft(text, self.tree.base(verb), head, order, frame, edit)

    def _announced(self, frame: Frame, verb: Token, own: Token | None, edit: Edit) -> Draft | None:
        """A relayed announcement, "@somebody introduced X", as "X was introduced": it is not theirs."""
        if own is None or self.tree.base(verb) not in cues().verbs["perform"] or not self._relays(own, frame):
            return None
        thing = next((c for c in verb.children if c.dep_ == "dobj"), None)
        if thing is None or any(t.dep_ == "mark" for t in thing.subtree):
            return None
        maker = named_in(self.tree, thing, "model")
        if maker is not None and maker.owner == frame.saying.voice.organisation is not None:
            return None
        phrase = self._phrase(thing, edit, tight=False)
        rest = [t for c in verb.children if c.dep_ in ("prep", "npadvmod") and c.i > thing.i and not self._goes(c, verb, verb, edit) for t in self._kept(c, edit)]
        if not self._settle([*phrase, *rest], frame, edit):
            return None
        was = "were" if self._plural(thing) else "was"
        named = self._render(phrase, edit).rstrip(" ,")
        aside = any(t.dep_ == "appos" for t in phrase) and "," in named
        text = f"{named}{',' if aside else ''} {was} {past(self.tree.base(verb))} {self._render(rest, edit)}"
        return self._draft(text, self.tree.base(verb), phrase, rest, frame, edit)

    def _relays(self, subject: Token, frame: Frame) -> bool:
        """Whether the subject is an account that is no organisation's own channel."""
        if self.tree.handle(subject) is None:
            return False
        entity = self.tree.entity(subject)
        voice = frame.saying.voice
        official = voice.organisation is not None and voice.name in (voice.organisation, self.tree.words[subject.i].lstrip("@"))
        return not (entity.type == "organisation" if entity else official)

    def _subject(self, subject: Token, frame: Frame, edit: Edit, *, apart: bool) -> list[Token] | None:
        """The subject's words; None where it stands for nothing that is known."""
        word = self.tree.word(subject)
        if any(self.tree.word(c) in ("latter", "former") for c in subject.children):
            return None
        pointed = any(c.dep_ == "det" and self.tree.word(c) in ("this", "these", "those", "that", "such") for c in subject.children)
        if word in POINTING or subject.tag_ in ("WDT", "WP", "EX") or pointed and not self._bare_reference(subject):
            return None
        if self.tree.handle(subject) is not None:
            if self._relays(subject, frame):  # what a person's account does is no act of their employer
                maker = frame.saying.voice.organisation
                if self.tree.base(frame.head) not in cues().verbs["perform"]:
                    return None
                edit.words[subject.i] = maker or self.tree.words[subject.i]
            else:
                entity = self.tree.entity(subject)
                edit.words[subject.i] = entity.name if entity else frame.saying.voice.organisation or ""
        tokens = self._phrase(subject, edit, tight=apart)
        return tokens

    def _phrase(self, noun: Token, edit: Edit, *, tight: bool) -> list[Token]:
        """A noun phrase without relative clauses and asides; `tight` also leaves out what follows the first comma."""
        tokens = self._kept(noun, edit)
        if noun.dep_ == "poss":
            tokens = [t for t in tokens if t.dep_ != "case"]
        if tight:
            comma = next((t.i for t in tokens if t.i > noun.i and self.tree.word(t) in (",", "(", ":", ";")), None)
            if not any(t.dep_ == "conj" for t in tokens):
                tokens = [t for t in tokens if comma is None or t.i < comma]
        return tokens

    def _joined(self, frame: Frame, singular: str, plural: str) -> Draft | None:
        """ "subject is/has phrase" from parts that stand apart in the sentence."""
        if frame.subject is None:
            return None
        edit = Edit()
        head = self._subject(frame.subject, frame, edit, apart=True)
        if head is None:
            return None
        if singular == "is":  # "highlights X as Y": the "as Y" hangs on X in some parses
            head = [t for t in head if t not in set(frame.head.subtree) and not (self.tree.word(t) == "as" and t.dep_ == "prep")]
        phrase = [t for t in self._phrase(frame.head, edit, tight=True) if t.dep_ != "neg" and not (t.head == frame.head and self.tree.word(t) == "as" and t.i < frame.head.i)]
        if singular == "has" and not any(c.dep_ in ("amod", "compound", "nummod", "nmod") for c in frame.head.children):
            return None
        if singular == "has" and self.tree.word(frame.head) in _HOLLOW_NOUNS:
            return None
        if singular == "has":
            phrase = [t for t in phrase if not (t.head == frame.head and t.dep_ in ("poss", "case", "det") and self.tree.word(t) in _DETERMINED)]
            phrase = [t for t in phrase if not (t.head.dep_ == "poss" and t.dep_ == "case" and t.head.head == frame.head)]
        if not phrase or not self._settle([*head, *phrase], frame, edit):
            return None
        verb = plural if self._plural(frame.subject) else singular
        article = self._article(frame.head, phrase) if singular == "has" else ""
        text = f"{self._render(head, edit)} {verb} {article}{self._render(phrase, edit)}"
        return self._draft(text, {"has": "have", "is": "be"}.get(singular, "engage"), head, phrase, frame, edit)

    def has(self, frame: Frame, owner: Token, noun: Token, edit: Edit) -> Draft | None:
        """ "owner has noun phrase"; the words that `edit` removes do not stand in the phrase again."""
        phrase = [t for t in self._kept(noun, edit) if not (t.head == noun and t.dep_ in ("det", "poss", "neg"))]
        if self.tree.word(noun) in cues().words["stated"]:
            phrase = [t for t in phrase if t != noun]
        beside = [c for c in noun.head.children if c.dep_ == "prep" and c.i > noun.i and noun.dep_ in ("dobj", "attr")]
        phrase += [t for c in beside if edit.words.get(c.i) != "" and not self._goes(c, noun.head, noun, edit) for t in self._kept(c, edit)]
        removed, edit.words = edit.words, {}
        head = self._phrase(owner, edit, tight=True)
        phrase = [t for t in phrase if t.i not in removed]
        if not head or not phrase or not self._settle([*head, *phrase], frame, edit):
            return None
        if not self._owning(owner, edit):
            return None
        verb = "have" if self._plural(owner) else "has"
        text = f"{self._render(head, edit)} {verb} {self._article(noun, phrase)}{self._render(phrase, edit)}"
        return self._draft(text, "have", head, phrase, frame, edit)

    def described(self, frame: Frame, owner: Token, traits: list[Token]) -> Draft | None:
        """ "owner is traits"."""
        edit = Edit()
        head = self._phrase(owner, edit, tight=True)
        if not head or not self._settle([*head, *traits], frame, edit) or not self._owning(owner, edit):
            return None
        verb = "are" if self._plural(owner) else "is"
        return self._draft(f"{self._render(head, edit)} {verb} {self._render(traits, edit)}", "be", head, traits, frame, edit)

    def quality(self, frame: Frame, owner: Token, noun: Token, adjective: str) -> Draft | None:
        """ "owner is adjective"; a doubt, since only doubted qualities are asked for."""
        edit = Edit(certainty="questioned")
        head = self._phrase(owner, edit, tight=True)
        than = [t for c in noun.children if c.dep_ == "prep" and self.tree.word(c) in ("over", "to", "for") for t in self._kept(c, edit)]
        than = [t for t in than if t not in head]
        if not head or not self._settle([*head, *than], frame, edit) or not self._owning(owner, edit):
            return None
        verb = "are" if self._plural(owner) else "is"
        return self._draft(f"{self._render(head, edit)} {verb} {adjective} {self._render(than, edit)}", "be", head, than, frame, edit)

    def accurate(self, frame: Frame, noun: Token) -> Draft | None:
        """ "noun phrase is accurate"."""
        edit = Edit()
        joined = {t.i for c in noun.children if c.dep_ in ("conj", "cc") for t in c.subtree}
        phrase = [t for t in self._phrase(noun, edit, tight=True) if t.i not in joined]
        if not self._settle(phrase, frame, edit):
            return None
        verb = "are" if self.tree.word(noun).endswith("s") else "is"
        return self._draft(f"{self._render(phrase, edit)} {verb} accurate", "be", phrase, [], frame, edit)

    def exists(self, frame: Frame, noun: Token) -> Draft | None:
        """ "there are noun phrase"."""
        edit = Edit()
        for child in noun.children:
            if child.dep_ == "det":
                edit.words[child.i] = "" if self._plural(noun) else "a"
        if any(c.dep_ == "poss" for c in noun.children):
            return None
        phrase = self._kept(noun, edit)
        phrase += [t for c in noun.head.children if c.i > noun.i and self.tree.word(c) in ("compared", "between") for t in self._kept(c, edit)]
        if not self._settle(phrase, frame, edit):
            return None
        return self._draft(f"There {'are' if self._plural(noun) else 'is'} {self._render(phrase, edit)}", "be", phrase, [], frame, edit)

    def _owning(self, owner: Token, edit: Edit) -> bool:
        """Make "its" the name it stands for; False where that is unknown."""
        if owner.tag_ == "PRP$":
            edit.words[owner.i] = edit.words.get(owner.i, "").removesuffix("'s").removesuffix("'")
            return bool(edit.words[owner.i])
        return True

    def became(self, frame: Frame, thing: Token, noun: Token, participle: str, edit: Edit) -> Draft | None:
        """ "thing is released ...", with what else hangs on the noun (when, where)."""
        removed, edit.words = edit.words, {}
        head = self._phrase(thing, edit, tight=False)
        rest = [t for c in noun.children if c.dep_ in ("prep", "npadvmod") and self.tree.word(c) in ("on", "in", "by", "under", "at", "with", "to") for t in self._kept(c, edit)]
        beside = [c for c in noun.head.children if c.dep_ == "prep" and c.i > noun.i and noun.dep_ == "dobj" and self.tree.word(c) in ("to", "on", "in")]
        rest += [t for c in beside for t in self._kept(c, edit)]
        rest = [t for t in rest if t.i not in removed and t not in head]
        if not self._settle([*head, *rest], frame, edit):
            return None
        verb = "are" if self._plural(thing) else "is"
        text = f"{self._render(head, edit)} {verb} {participle} {self._render(rest, edit)}"
        return self._draft(text, "release", head, rest, frame, edit)

    def _article(self, noun: Token, phrase: list[Token]) -> str:
        mass = noun.tag_ == "NNS" or self.tree.word(noun) not in _COUNTED or any(t.dep_ in ("det", "nummod", "poss") and t.head == noun for t in phrase)
        if mass or noun.tag_ in ("NNP", "NNPS", "VBG"):
            return ""
        return "an " if self.tree.word(min(phrase, key=lambda t: t.i))[:1] in "aeiou" else "a "

    def _draft(self, text: str, main_verb: str, subject: list[Token], rest: list[Token], frame: Frame, edit: Edit) -> Draft | None:
        text = tidy(text)
        if len(text) > LONGEST or len(text.split()) < 3 or _HOLLOW.search(text):
            return None
        tokens = [*subject, *rest]
        entities = [e for t in sorted(set(tokens), key=lambda t: t.i) if (t.i not in edit.words or edit.words[t.i]) and (e := self.tree.entity(t))]
        entities += self._referred
        places = {e.name for t in tokens if (e := self.tree.entity(t)) and e.type == "organisation" and self._place(t)}
        trait = any(c.dep_ == "acomp" and c.tag_ in ("JJ", "VBN") for c in frame.head.children) or frame.form == "predicate" and frame.head.tag_ == "JJ"
        own = [e for t in subject if (e := self._named(t, edit)) is not None]
        return Draft(text, main_verb, tokens, entities, subject, own, self._referred, trait, frozenset(places), edit.negated, edit.certainty, edit.ahead, edit.cues)

    def _place(self, token: Token) -> bool:
        """Whether a name is where something happens: "on GitHub", "via X and Y"."""
        while token.dep_ in ("conj", "appos"):
            token = token.head
        return token.dep_ == "pobj" and self.tree.word(token.head) in ("on", "via", "at", "through")

    def _named(self, token: Token, edit: Edit) -> Entity | None:
        """The known name at a token of the subject, or the one put in its place."""
        word = edit.words.get(token.i)
        if word:
            return next((e for e in self._referred if e.name in word or (e.owner or "") == word), None) or self.tree.entity(token)
        return self.tree.entity(token) if word is None else None

    # --- what stays, what goes ---------------------------------------------------------------------------

    def _kept(self, head: Token, edit: Edit) -> list[Token]:
        kept: list[Token] = []
        stack = [head]
        while stack:
            token = stack.pop()
            kept.append(token)
            for child in token.children:
                if not self._goes(child, token, head, edit):
                    stack.append(child)
        return kept

    def _goes(self, child: Token, parent: Token, head: Token, edit: Edit) -> bool:
        tree = self.tree
        word = tree.word(child)
        if child.i in edit.words and edit.words[child.i] == "":
            return True
        if child.i in self._heads and child.dep_ in ("conj", "advcl", "acl", "parataxis", "relcl", "dep", "ccomp", "pcomp") and child.i != head.i:
            return child.dep_ in ("conj", "advcl", "parataxis", "relcl", "dep") or child.dep_ == "acl" and child.tag_ == "VBG"
        if (role := adverb_role(tree, child)) is not None:
            if role == "hedged" or role == "reported":
                edit.certainty = max(edit.certainty, role, key=ORDER.index)
                edit.cues.append(word)
            return True
        if child.dep_ in ("mark", "cc") and parent == head and child.i < head.i:
            return word in ("that", "and", "but", "so", "while", "although", "though", "whereas", "because", "since", "as", "or", "yet", "if", "whether")
        if child.dep_ == "cc" and any(c.dep_ == "conj" and self._goes(c, parent, head, edit) for c in parent.children if c.i > child.i):
            return True
        if child.dep_ in ("parataxis", "intj", "meta", "preconj"):
            return True
        if child.dep_ == "conj" and word in ("others", "some", "users"):
            return True
        if child.dep_ == "relcl" or child.dep_ == "advcl" and parent == head:
            return self._aside(child, parent)
        if child.tag_ == "VBG" and child.dep_ in ("acl", "dep", "xcomp", "conj") and self._after_comma(child):
            return child.dep_ != "conj" or tree.base(child) in _FLUFF
        if child.tag_ == "VBG" and child.dep_ in ("conj", "acl") and tree.base(child) in ("suggest", "note", "highlight", "emphasize"):
            return True
        if child.dep_ == "prep":
            if word in ("according", "per", "despite", "with") and parent == head and self._after_comma(child):
                return word != "with" or any(c.dep_ == "pcomp" or c.tag_ == "NNS" and tree.base(c) in cues().words["community"] for c in child.children)
            return word in ("according",)
        if child.dep_ == "conj" and parent == head and child.tag_[:1] == "V":
            return finite(child) and subject_of(child) is not None
        return False

    def _aside(self, child: Token, parent: Token) -> bool:
        """Whether a subordinate clause is an aside: set off by a comma, or spoken for by a frame of its own."""
        tree = self.tree
        mark = next((tree.word(c) for c in child.children if c.dep_ == "mark"), "")
        if child.dep_ == "advcl" and child.tag_ == "VBG":
            return tree.base(child) in _FLUFF or (self._after_comma(child) and mark not in ("while", "when"))
        if child.dep_ == "advcl" and child.tag_ == "VB":
            return False
        if child.dep_ == "advcl":
            return mark in _SPLIT_MARKS or (self._after_comma(child) and mark not in ("if", "when", "unless", "until", "once", "after", "before"))
        return self._after_comma(child)

    def _after_comma(self, token: Token) -> bool:
        first = min(t.i for t in token.subtree)
        return first > 0 and self.tree.word(self.tree.tokens[first - 1]) in (",", "-", ";", ":", "--")

    # --- referring words ---------------------------------------------------------------------------------

    def _settle(self, tokens: list[Token], frame: Frame, edit: Edit) -> bool:
        """Put names in the place of referring words; False where one stays unknown."""
        self._referred: list[Entity] = []
        tree = self.tree
        first_entity = next((t.i for t in sorted(tokens, key=lambda t: t.i) if tree.entity(t) is not None), None)
        for token in tokens:
            word = tree.word(token)
            if edit.words.get(token.i) is not None:
                continue
            if word == "itself":
                edit.words[token.i] = ""
                continue
            if word in ("it", "there") and (token.dep_ == "expl" or word == "it" and self._pleonastic(token)):
                continue
            if word in SINGULAR | PLURAL | FIRST | PERSONAL and token.tag_ in ("PRP", "PRP$"):
                if word in PLURAL and (noun := self.references.plural_before(tree, token)) is not None and noun in tokens:
                    continue
                referent = self.references.resolve(tree, token, frame.saying)
                if referent is None:
                    if word in ("its", "their", "itself", "them", "it", "they") and first_entity is not None and first_entity < token.i and token.dep_ not in ("nsubj", "nsubjpass"):
                        continue
                    return False
                named_before = any(self._stands(t, referent.name, edit) for t in tokens if t.i < token.i)
                if named_before and token.tag_ == "PRP$" and word not in FIRST:
                    continue
                possessive = token.tag_ == "PRP$"
                if token.dep_ == "dobj" and self._own_subject(token, referent.name, tokens, edit):
                    return False
                edit.words[token.i] = _possessive(referent.name) if possessive else referent.name
                if word in ("we", "they") and not referent.name.endswith("models") and token.dep_ in ("nsubj", "nsubjpass"):
                    singular(tree, token.head, edit)
                if referent.entity is not None:
                    self._referred.append(referent.entity)
            elif token.tag_ == "CD" and _VERSION.fullmatch(word) and token.dep_ in ("nsubj", "nsubjpass", "poss", "pobj", "dobj"):
                referent = self.references.resolve(tree, token, frame.saying)
                if referent is not None and referent.entity is not None:
                    edit.words[token.i] = referent.name
                    self._referred.append(referent.entity)
            elif token.tag_ in ("NN", "NNS") and self._bare_reference(token):
                self._name_noun(token, frame, edit)
        return True

    def _own_subject(self, token: Token, name: str, tokens: list[Token], edit: Edit) -> bool:
        """Whether an object pronoun would name its own subject again: nothing "adds itself" that way."""
        subjects = [t for t in tokens if t.dep_ == "nsubj" and t.head == token.head]
        return any(self._stands(t, name, edit) or self._bare_reference(t) or self.tree.word(t) in SINGULAR for t in subjects)

    def _stands(self, token: Token, name: str, edit: Edit) -> bool:
        entity = self.tree.entity(token)
        return entity is not None and entity.name == name or edit.words.get(token.i) == name

    def _pleonastic(self, token: Token) -> bool:
        return token.dep_ in ("nsubj", "expl") and any(c.dep_ in ("xcomp", "ccomp", "advcl", "acl") and c.tag_ in ("VB", "VBZ", "VBD") and c.i > token.head.i for c in token.head.children) and self.tree.base(token.head) in ("be", "seem") or self.tree.base(token.head) == "take"

    def _bare_reference(self, token: Token) -> bool:
        """ "the company", "its new models": a noun that points back, with no name of its own in its phrase."""
        words = cues().words
        base = self.tree.base(token)
        if base not in words["company"] and base not in ("model", "llm", "chatbot", "assistant"):
            return False
        if any(self.tree.entity(c) is not None and c.dep_ in ("compound", "nmod", "amod", "appos") for c in token.children):
            return False
        determined = [c for c in token.children if c.dep_ in ("det", "poss")]
        other = [
            c
            for c in token.children
            if c.dep_ not in ("det", "poss", "case", "punct") and c.i < token.i and self.tree.word(c) not in _NEW | {"ai"}
            or c.i > token.i and c.dep_ in ("prep", "relcl", "acl", "appos", "advcl")
        ]
        return bool(determined) and not other and self.tree.word(determined[0]) in ("the", "this", "these", "its", "their", "our")

    def _name_noun(self, token: Token, frame: Frame, edit: Edit) -> None:
        tree = self.tree
        words = cues().words
        determiner = next(c for c in token.children if c.dep_ in ("det", "poss"))
        if tree.base(token) in words["company"]:
            referent = self.references.resolve(tree, token, frame.saying)
            if referent is not None and determiner.dep_ == "det":
                self._replace(token, determiner, referent.name, edit)
                if referent.entity is not None:
                    self._referred.append(referent.entity)
            return
        family = self.references.family()
        if determiner.dep_ == "poss" or token.tag_ == "NNS":
            if family is not None and not any(family in word for word in edit.words.values()):
                for child in token.children:
                    if tree.word(child) in _NEW | {"ai"}:
                        edit.words[child.i] = ""
                edit.words[token.i] = f"{family} {tree.words[token.i]}"
                if determiner.dep_ == "det":
                    edit.words[determiner.i] = ""
                referent = self.references.resolve(tree, token, frame.saying)
                if referent is not None and referent.entity is not None:
                    self._referred.append(referent.entity)
            return
        referent = self.references.resolve(tree, token, frame.saying)
        if referent is not None:
            self._replace(token, determiner, referent.name, edit)
            if referent.entity is not None:
                self._referred.append(referent.entity)

    def _replace(self, token: Token, determiner: Token, name: str, edit: Edit) -> None:
        edit.words[determiner.i] = ""
        for child in token.children:
            if child.dep_ in ("amod", "compound"):
                edit.words[child.i] = ""
        edit.words[token.i] = name

    def _plural(self, subject: Token) -> bool:
        word = self.tree.word(subject)
        if word in PLURAL | {"we", "these", "those", "you"}:
            return True
        return subject.tag_ in ("NNS", "NNPS") or any(c.dep_ == "conj" for c in subject.children)

    # --- words -------------------------------------------------------------------------------------------

    def _render(self, tokens: list[Token], edit: Edit, beside: list[Token] | None = None) -> str:
        tree = self.tree
        parts: list[str] = []
        last: int | None = None
        inside = {t.i for t in (*tokens, *(beside or ())) if edit.words.get(t.i) != ""}
        for token in sorted(set(tokens), key=lambda t: t.i):
            word = edit.words.get(token.i, tree.words[token.i])
            if not word or word == "," and not {token.i - 1, token.i + 1} <= inside:
                continue
            joined = last is not None and token.i == last + 1 and tree.starts[token.i] == tree.ends[last] and not (token.i in edit.words and token.i - 1 in edit.words)
            if parts and not joined:
                parts.append(" ")
            parts.append(word)
            last = token.i
        return "".join(parts)


# Nouns that take an article; the rest of what a model has ("poor accuracy") takes none.
_COUNTED = frozenset(
    """cost price score window license licence increase reduction rate feature architecture mode advantage lead size valuation
    budget drop gain risk bug speedup limit lack ability inability tendency decline problem issue weakness strength bias flaw
    vulnerability limitation improvement regression nature context requirement value failure""".split()
)


def _uncontrasted(tokens: list[Token], tree: Tree) -> list[Token]:
    """ "not X but rather Y" denies X alone; "either" and "yet" go with the negation."""
    but = next((t.i for t in tokens if tree.word(t) in ("but", "rather") and t.dep_ in ("cc", "advmod")), None)
    return [t for t in tokens if (but is None or t.i < but) and tree.word(t) not in ("either", "yet", "anymore")]


def _possessive(name: str) -> str:
    return f"{name}'" if name.endswith("s") and not name.endswith("ss") else f"{name}'s"


def tidy(text: str) -> str:
    """A proposition's spacing, quotes, first letter and end put in order."""
    text = re.sub(r"[*`]{1,3}|\b_{1,2}(?=\w)|(?<=\w)_{1,2}\b", "", text)
    text = re.sub(r"[\"“”]", "", text)
    text = re.sub(r"\(\s*\)|\[\s*\]", "", text)
    text = _GAP_BEFORE.sub(r"\1", re.sub(r"\s+", " ", text)).strip()
    text = re.sub(r"([(\[])\s+", r"\1", text)
    text = re.sub(r"(?:,\s*)+,", ",", text)
    text = _DANGLING.sub("", text.rstrip(" .,;:"))
    if text.count("(") != text.count(")"):
        text = text.replace("(", "").replace(")", "")
    text = text.strip(" ,;:.!?-–—'‘’" if not text.rstrip(" .").endswith("s'") else " ,;:.!?-–—")
    return text[:1].upper() + text[1:] if text[:1].islower() and not re.match(r"[a-z]+(?:[A-Z\d]|-\d)", text) else text
