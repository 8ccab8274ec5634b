"""Walks a parsed sentence from who speaks down to what is said.

The patterns follow the dependency labels of spaCy's English models (CLEAR style): a speech verb's clausal complement is
what its subject says; a statement noun ("rumour", "claim", "skepticism") carries what its complement says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from models.language.cues import cues
from models.language.frames import Frame, Saying, Voice
from models.language.parse import Tree
from models.language.references import named_in
from models.language.voices import Voices

Token = Any

FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
SUBJECTS = ("nsubj", "nsubjpass", "csubj")
# Results that show something are no voice; whoever publishes them speaks.
_SHOWING = frozenset("show reveal demonstrate confirm indicate suggest find prove mean highlight underscore illustrate".split())
_REPORTING_PASSIVES = frozenset("report rumor rumour say allege claim speculate tip".split())
_RAISING_PASSIVES = frozenset("believe think estimate suspect consider assume know find show note see".split())
_EXPECTING = frozenset("expect anticipate set slate schedule project poise predict plan".split())
_JOKING = frozenset("joke quip jest".split())
_JOKINGLY = frozenset("jokingly humorously playfully sarcastically ironically facetiously".split())
_PRAISING = frozenset("praise critique fault note criticize criticise commend highlight recognize recognise laud know applaud celebrate".split())
_TRUE = frozenset("true clear evident certain confirmed correct accurate obvious".split())
_FALSE = frozenset("false untrue wrong incorrect inaccurate fake bogus baseless unfounded fabricated nonsense myth lie hoax debunked".split())
_DOUBTFUL = frozenset("unclear uncertain unlikely doubtful questionable misleading unconfirmed unverified unsubstantiated dubious".split())
# How sure "X is ... that" makes X.
_STANCES = {
    "confident": "asserted", "certain": "asserted", "sure": "asserted", "convinced": "asserted", "adamant": "asserted",
    "optimistic": "hedged", "worried": "hedged", "concerned": "hedged", "afraid": "hedged", "hopeful": "hedged",
    "skeptical": "questioned", "sceptical": "questioned", "doubtful": "questioned", "unsure": "questioned", "dubious": "questioned",
}  # fmt: skip
# "is hosted on", "can be found in": passives that tell where something stands.
_TOLD = frozenset("find host link depict display illustrate detail label title suggest recommend appreciate question see perceive view regard praise criticize critique receive raise anticipate discuss scrutinize debate".split())
# "is seen as better than".
_HELD = frozenset("see view regard perceive describe recognize recognise characterize consider rate note".split())
_LIKELY = frozenset("likely possible probable conceivable plausible".split())
# What a model does beside the main clause: "..., outperforming GPT-4o on MATH".
_BESIDE = frozenset(
    """outperform beat surpass exceed match achieve score reach attain rank rival top support require need offer enable allow
    reduce lack handle trail lag place hit cut""".split()
)
_ABOUT = frozenset("about of over regarding around on concerning for into toward towards in at with".split())


def finite(token: Token) -> bool:
    """Whether a verb heads a finite clause."""
    if token.tag_ == "VB" and subject_of(token) is not None and not any(c.tag_ in ("TO", "MD") for c in token.children):
        return True  # the tagger's "perform" in "reports that both perform poorly"
    return token.tag_ in FINITE or any(
        c.dep_ in ("aux", "auxpass") and c.tag_ in FINITE or c.dep_ in ("aux", "auxpass") and c.tag_ == "MD" for c in token.children
    )


def subject_of(verb: Token) -> Token | None:
    """The verb's own subject."""
    return next((child for child in verb.children if child.dep_ in SUBJECTS), None)


def children(token: Token, *deps: str) -> list[Token]:
    """The children with one of those labels, in order."""
    return [child for child in token.children if child.dep_ in deps]


class Walk:
    """One walk over one tree; `frames` are what it found, in reading order."""

    def __init__(self, tree: Tree, voices: Voices) -> None:
        self._tree = tree
        self._voices = voices
        self.seen: set[int] = set()
        self.frames: list[Frame] = []

    def run(self, saying: Saying) -> list[Frame]:
        """All frames of the tree, said as `saying` where the sentence itself names no other voice."""
        if any(self._tree.word(t) in _JOKINGLY or self._tree.base(t) in _JOKING and t.dep_ == "ROOT" for t in self._tree.tokens):
            return []
        for token in self._tree.tokens:
            if token.dep_ == "ROOT":
                self._top(token, saying)
        for token in self._tree.tokens:
            acting = token.dep_ in ("pcomp", "acl") and token.tag_ == "VBG"
            if token.i not in self.seen and (token.tag_.startswith("NN") or token.dep_ == "relcl" or acting):
                self._loose(token, saying)
        self.frames.sort(key=lambda frame: frame.head.i)
        return self.frames

    # --- clauses ---------------------------------------------------------------------------------------

    def _top(self, root: Token, saying: Saying) -> None:
        if root.tag_.startswith("V") or root.tag_ == "MD" or subject_of(root) is not None:
            self._clause(root, saying, None)
            return
        # A headline without a verb of its own: "Llama 4 expected in April", "Rumor: ...".
        self.seen.add(root.i)
        if not self._noun(root, saying):
            for child in root.subtree:
                if child.dep_ in ("acl", "relcl", "appos", "parataxis", "advcl") and child.tag_.startswith("V") and child.i not in self.seen:
                    if child.tag_ == "VBG" and self._speaks(child) and child.dep_ == "acl":
                        self._clause(child, saying, root)
                        continue
                    early = child.dep_ == "acl" and child.tag_ == "VBN" and not any(c.dep_ == "agent" for c in child.children)
                    if early and self._tree.entity(root) is not None:
                        self._clause(child, saying, root)
                    elif child.dep_ != "acl":
                        self._clause(child, saying, subject_of(child) or root)

    def _clause(self, verb: Token, saying: Saying, inherited: Token | None, tense: str = "") -> None:
        if verb.i in self.seen:
            return
        self.seen.add(verb.i)
        tree = self._tree
        own = subject_of(verb)
        subject = own if own is not None else inherited
        handled = self._speech(verb, subject, saying) or self._truth(verb, saying) or self._raising(verb, subject, saying)
        if not handled:
            handled = self._carried(verb, subject, saying)
        if tree.base(verb) == "do" and not children(verb, "dobj"):
            handled = True
        if not handled and not self._chatter(verb, subject, saying):
            said = replace(saying, attributed_to=saying.attributed_to or self._cited(verb))
            how = any(c.tag_ == "WRB" and tree.word(c) in ("how", "why") and c.i < verb.i for c in verb.children)
            thin = how and not any(c.dep_ in ("dobj", "attr", "acomp", "prep", "xcomp") for c in verb.children)
            if thin:
                return
            self.frames.append(Frame(self._credited(verb, said), verb, "clause", None if own is not None else inherited, tense))
        self._around(verb, subject, saying, tense)

    def _chatter(self, verb: Token, subject: Token | None, saying: Saying) -> bool:
        """Whether the clause tells of somebody talking, testing, sharing, rather than of a model or its maker."""
        base = self._tree.base(verb)
        if base in cues().verbs["chatter"]:
            return True
        if any(c.dep_ == "auxpass" for c in verb.children) and base in cues().verbs["talk"] | cues().verbs["say"] | cues().verbs["question"] | _TOLD:
            return True
        how = any(self._tree.word(w) == "how" for c in children(verb, "ccomp", "xcomp", "advcl") for w in c.children)
        if base in cues().verbs["perform"] and how and not children(verb, "dobj"):
            return True
        if any(c.dep_ == "mark" and self._tree.word(c) == "that" for o in children(verb, "dobj", "ccomp") for c in o.children):
            return True  # a complement that the parser could not read
        voice = self._voice_at(subject, saying)
        return voice is not None and not voice.organisation and base in cues().verbs["talk"]

    def _around(self, verb: Token, subject: Token | None, saying: Saying, tense: str) -> None:
        """What hangs on a clause and speaks for itself: conjoined verbs, "noting that", "with users arguing"."""
        tree = self._tree
        voice = self._voice_at(subject, saying)
        beside = saying if voice is None or saying.spoken else saying.by(voice)
        for child in verb.children:
            if child.dep_ == "conj" and child.tag_[:1] in ("V", "M"):
                self._clause(child, saying, subject, tense if child.tag_ == verb.tag_ else "")
            elif child.dep_ == "conj" and child.pos_ == "AUX":
                self._clause(child, saying, subject)
            elif child.dep_ in ("advcl", "acl", "xcomp", "dep", "ccomp", "parataxis") and child.tag_ == "VBG" and child.i not in self.seen:
                self._beside(child, beside, subject, saying)
            elif child.dep_ == "advcl" and child.i not in self.seen and subject_of(child) is not None and finite(child):
                mark = next((tree.word(c) for c in child.children if c.dep_ == "mark"), "")
                if mark in ("while", "although", "though", "whereas", "because", "since", "as", ""):
                    self._clause(child, saying, None)
            elif child.dep_ in ("ccomp", "parataxis") and child.i not in self.seen and child.tag_[:1] in ("V", "M"):
                self._clause(child, saying, None)
            elif child.dep_ == "prep" and tree.word(child) == "with":
                self._with(child, saying)
            elif child.dep_ == "prep" and tree.word(child) in ("as", "for", "in", "by", "to", "about", "on", "over", "regarding", "of"):
                for inner in child.subtree:
                    if inner.dep_ == "acl" and inner.tag_ == "VBG" and self._speaks(inner):
                        self._clause(inner, saying, inner.head)

    def _beside(self, verb: Token, said: Saying, subject: Token | None, outer: Saying) -> None:
        base = self._tree.base(verb)
        if self._speaks(verb):
            speaker = subject if subject_of(verb) is None and self._voice_at(subject) is not None else None
            self._clause(verb, said, speaker)
        elif base in _BESIDE and subject is not None and self._voice_at(subject) is None:
            self._clause(verb, outer, subject, "present")

    def _with(self, prep: Token, saying: Saying) -> None:
        for child in prep.children:
            if child.dep_ == "pcomp" and child.tag_[:1] == "V":
                self._clause(child, saying, None)
            elif child.dep_ == "pobj":
                for inner in children(child, "acl", "relcl"):
                    if inner.tag_ == "VBG" and self._speaks(inner):
                        self._clause(inner, saying, child)
                self._noun(child, saying)

    def _speaks(self, verb: Token) -> bool:
        base = self._tree.base(verb)
        return any(base in cues().verbs[name] for name in ("say", "hedge", "predict", "deny", "question", "accuse", "perform"))

    # --- speech verbs ----------------------------------------------------------------------------------

    def _speech(self, verb: Token, subject: Token | None, saying: Saying) -> bool:
        tree = self._tree
        base = tree.base(verb)
        verbs = cues().verbs
        kind = next((name for name in ("deny", "question", "accuse", "predict", "hedge", "perform", "say", "talk") if base in verbs[name]), None)
        passive = any(c.dep_ == "auxpass" for c in verb.children) or (subject is not None and subject.dep_ == "nsubjpass")
        if kind is None or passive:
            return False
        voice = self._voice_at(subject, saying)
        thing = subject is not None and voice is None
        if thing and (self._tree.entity(subject) is not None or base not in _SHOWING):
            return False
        if kind == "perform" and not any(c.dep_ == "ccomp" and self._is_content(c) for c in verb.children):
            return False
        negated = any(c.dep_ == "neg" for c in verb.children)
        self._voices.heard(voice)
        new = self._said(saying.by(voice), verb, kind, negated)
        if new is None:
            return True
        found = False
        for child in list(verb.children):
            if child.i in self.seen:
                continue
            asked = child.dep_ == "advcl" and kind in ("question", "hedge") and any(tree.word(c) in ("if", "whether") for c in child.children)
            if child.dep_ in ("ccomp", "parataxis") and self._is_content(child) or asked:
                left = next((c for c in children(verb, "dobj") if c.i < child.i), None)
                doer = None if subject_of(child) is not None else left if left is not None else subject
                to = any(c.tag_ == "TO" for c in child.children)
                self._clause(child, self._wh(child, new), doer, "" if not to else "future" if kind == "predict" else "present")
                found = True
            elif child.dep_ in ("xcomp", "ccomp", "pcomp") and child.tag_ == "VBG" and kind in ("deny", "say") and base not in verbs["talk"]:
                if base in ("deny", "admit", "acknowledge", "confirm", "report", "confess", "describe", "dispute"):
                    self._clause(child, new, subject, "past")
                    found = True
            elif child.dep_ == "xcomp" and child.tag_ == "VBG" and (done := next(iter(children(verb, "dobj")), None)) is not None:
                self._clause(child, new, done, "present")  # "showing X achieving 80 %"
                found = True
            elif child.dep_ in ("dobj", "attr", "oprd") and self._object(child, new, verb, subject, kind):
                found = True
            elif child.dep_ == "prep" and tree.word(child) in ("as", "to", "on", "about", "that") and self._about(child, new, verb):
                found = True
        if kind == "accuse" and self._accused(verb, new):
            found = True
        return found or kind in ("deny", "question", "hedge", "accuse") or voice is not None and kind == "say"

    def _said(self, saying: Saying, verb: Token, kind: str, negated: bool) -> Saying | None:
        """How the content of a speech verb is said; None where a negated verb leaves nothing said."""
        word = self._tree.words[verb.i].lower()
        base = self._tree.base(verb)
        new = replace(saying, verb=base).with_cues(word)
        if kind == "deny":
            if negated:  # "did not deny" is no denial, and no admission either
                return new.less_sure("reported", "not")
            return replace(new, denied=not new.denied)
        if negated:
            if kind in ("hedge", "predict"):  # "does not believe that", "does not expect that": denies softly
                return replace(new, denied=not new.denied).with_cues("not").less_sure("hedged")
            return None
        if kind == "question":
            return new.less_sure("questioned")
        if kind == "hedge":
            return new.less_sure("hedged")
        if kind == "predict":
            return new.less_sure("predicted")
        return new

    def _wh(self, clause: Token, saying: Saying) -> Saying:
        marks = {self._tree.word(c) for c in clause.children if c.dep_ in ("mark", "advmod", "prep")}
        if marks & {"whether", "if"} or any(self._tree.word(c) in ("why", "how", "what", "which") for c in clause.children):
            return saying.less_sure("questioned")
        return saying

    def _is_content(self, clause: Token) -> bool:
        wh = {"what", "how", "where", "when", "who"}
        if any(self._tree.word(c) in wh and c.i < clause.i for c in clause.children):
            return False
        return finite(clause) or clause.tag_ == "VBN" or subject_of(clause) is not None

    def _object(self, noun: Token, saying: Saying, verb: Token, subject: Token | None, kind: str) -> bool:
        if any(c.dep_ == "ccomp" and c.i > noun.i and subject_of(c) is None and c.tag_ in FINITE for c in verb.children):
            return False  # "mentioned X scored 50 %": the object is that clause's subject
        for child in children(noun, "acl", "relcl"):
            if child.tag_ in ("VBD", "VBZ") and subject_of(child) is None and child.i == noun.i + 1:
                self._clause(child, saying, noun)
                return True
        if kind == "perform" or kind == "talk":
            return self._noun(noun, saying) if kind == "talk" else False
        if self._noun(noun, saying, verb):
            return True
        if self._tree.base(verb) in _PRAISING and self._praised(verb):
            return self._accused(verb, saying)
        as_prep = next((c for holder in (verb, noun) for c in holder.children if c.dep_ == "prep" and self._tree.word(c) == "as"), None)
        if as_prep is not None and kind in ("say", "hedge", "accuse") and (noun.tag_ == "PRP" or named_in(self._tree, noun, "model", "organisation")):
            for child in as_prep.children:
                if child.dep_ in ("pobj", "amod", "pcomp", "advmod", "prep") and child.tag_[:2] in ("NN", "JJ", "VB"):
                    self.frames.append(Frame(saying, child, "predicate", noun))
                    return True
        self.frames.append(Frame(saying, noun, "noun"))
        for inner in (noun, *noun.conjuncts):
            for child in inner.children:
                if child.dep_ in ("acl", "relcl") and child.tag_ == "VBG" and self._speaks(child):
                    self._clause(child, saying, subject)
        return True

    def _about(self, prep: Token, saying: Saying, verb: Token) -> bool:
        for child in prep.children:
            if child.dep_ == "pobj" and self._noun(child, saying):
                return True
        return False

    def _accused(self, verb: Token, saying: Saying) -> bool:
        target = next(iter(children(verb, "dobj", "nsubjpass")), None)
        for prep in children(verb, "prep"):
            if self._tree.word(prep) not in ("of", "for") or target is None:
                continue
            for act in children(prep, "pcomp"):
                self._clause(act, saying, target, "present" if self._tree.base(verb) in _PRAISING else "past")
                return True
            for act in children(prep, "pobj"):
                form = "engaged in" if self._tree.base(verb) == "accuse" else "has"
                self.frames.append(Frame(saying, act, form, target))
                return True
        return False

    # --- other ways to say -----------------------------------------------------------------------------

    def _truth(self, verb: Token, saying: Saying) -> bool:
        """ "It is not true that ...", "the rumour that ... is false", "there is no evidence that ..."."""
        tree = self._tree
        if tree.base(verb) != "be":
            return False
        subject = subject_of(verb) or next(iter(children(verb, "expl")), None)
        if subject is None:
            return False
        word = next((c for c in children(verb, "acomp", "attr", "oprd")), None)
        said = tree.word(word) if word is not None else ""
        negated = any(c.dep_ == "neg" for holder in (verb, word) if holder is not None for c in holder.children)
        if said in ("likely", "unlikely", "poised", "set", "due") and word is not None:
            for child in (*children(word, "xcomp"), *children(verb, "xcomp")):
                if child.tag_ == "VB":
                    new = saying.less_sure("predicted" if said in ("poised", "set", "due") else "hedged", said)
                    doubted = (said == "unlikely") != negated
                    self._clause(child, replace(new, denied=not new.denied) if doubted else new, subject, "future")
                    return True
        if said in _STANCES and word is not None:
            return self._stands(verb, word, subject, saying, negated)
        new = self._judged(saying, said, negated)
        if new is None:
            return False
        if tree.word(subject) in ("it", "this", "that"):
            for holder in (verb, word):
                for child in children(holder, "ccomp", "advcl", "acl", "csubj", "relcl") if holder is not None else []:
                    if finite(child) and child.i not in self.seen:
                        self._clause(child, new, None)
                        return True
            return said in _FALSE or said in _TRUE
        return self._noun(subject, new)

    def _stands(self, verb: Token, word: Token, subject: Token, saying: Saying, negated: bool) -> bool:
        """ "X is confident that ...", "users are skeptical that ..."."""
        voice = self._voice_at(subject, saying)
        if voice is None:
            return False
        self._voices.heard(voice)
        certainty = _STANCES[self._tree.word(word)]
        new = saying.by(voice).with_cues(self._tree.word(word))
        if negated:
            certainty = "questioned"
        new = new.less_sure(certainty)
        for holder in (word, verb):
            for child in children(holder, "ccomp", "xcomp"):
                if finite(child) and child.i not in self.seen:
                    self._clause(child, new, None)
                    return True
        for prep in children(word, "prep"):
            if self._topic(prep, new, word):
                return True
        return True

    def _judged(self, saying: Saying, word: str, negated: bool) -> Saying | None:
        if word in _TRUE:
            return replace(saying, denied=not saying.denied).with_cues("not", word) if negated else saying.with_cues(word)
        if word in _FALSE:
            return saying.with_cues("not", word) if negated else replace(saying, denied=not saying.denied).with_cues(word)
        if word in _DOUBTFUL:
            return saying.less_sure("questioned", word)
        if word in _LIKELY:
            return saying.less_sure("questioned" if negated else "hedged", word)
        return None

    def _raising(self, verb: Token, subject: Token | None, saying: Saying) -> bool:
        """ "is rumoured to", "is expected to", "appears to", "it is reported that", "X is praised for its Y"."""
        tree = self._tree
        base = tree.base(verb)
        passive = verb.tag_ == "VBN" and (any(c.dep_ == "auxpass" for c in verb.children) or subject is not None)
        negated = any(c.dep_ == "neg" for c in verb.children)
        word = tree.words[verb.i].lower()
        if base in ("appear", "seem") and not passive:
            new, tense = saying.less_sure("hedged", word), "present"
        elif passive and base in _REPORTING_PASSIVES:
            agent = self._agent(verb)
            new = saying.by(agent).with_cues(word) if agent else replace(saying, voice=Voice("anonymous")).less_sure("reported", word)
            tense = "present"
        elif passive and base in _EXPECTING:
            new, tense = saying.less_sure("predicted", word), "future"
        elif passive and base in _RAISING_PASSIVES and not self._praised(verb):
            agent = self._agent(verb)
            new = (saying.by(agent) if agent else saying).less_sure("hedged" if base in ("believe", "think", "suspect", "assume") else "asserted", word)
            tense = "present"
        elif passive and base in _HELD and (held := self._held_as(verb)) is not None:
            agent = self._agent(verb)
            new = (saying.by(agent) if agent else replace(saying, voice=Voice("community"))).less_sure("reported", word)
            new = replace(new, denied=not new.denied).with_cues("not") if negated else new
            if subject is not None:
                self.frames.append(Frame(new, held, "predicate", subject))
            return subject is not None
        elif passive and (base in _PRAISING or base in ("accuse", "question", "doubt")):
            return self._for(verb, subject, saying, base, word)
        else:
            return False
        if negated:
            new = replace(new, denied=not new.denied).with_cues("not")
        for child in verb.children:
            if child.i in self.seen:
                continue
            if child.dep_ == "xcomp" and child.tag_[:1] == "V":
                self._clause(child, new, subject, tense)
                return True
            if child.dep_ in ("oprd", "acomp") and base in ("appear", "seem", "consider", "believe"):
                self.frames.append(Frame(new, child, "predicate", subject))
                return True
            if child.dep_ in ("ccomp", "advcl") and finite(child):
                self._clause(child, new, None)
                return True
        return False

    def _held_as(self, verb: Token) -> Token | None:
        """What something "is seen as"."""
        for child in verb.children:
            if child.dep_ == "prep" and self._tree.word(child) == "as":
                return next((c for c in child.children if c.dep_ in ("pobj", "amod", "advmod", "acomp")), None)
            if child.dep_ in ("advmod", "acomp", "oprd") and any(self._tree.word(c) == "as" and c.i < child.i for c in child.children):
                return child
        return None

    def _praised(self, verb: Token) -> bool:
        return self._tree.base(verb) in _PRAISING and any(self._tree.word(c) == "for" for c in children(verb, "prep"))

    def _for(self, verb: Token, subject: Token | None, saying: Saying, base: str, word: str) -> bool:
        agent = self._agent(verb)
        new = (saying.by(agent) if agent else replace(saying, voice=Voice("community"))).with_cues(word)
        if not agent:
            new = new.less_sure("reported")
        if base in ("question", "doubt"):
            new = new.less_sure("questioned")
        for prep in children(verb, "prep"):
            if self._tree.word(prep) in ("for", "of"):
                for child in prep.children:
                    if child.dep_ == "pcomp" and child.tag_ == "VBG":
                        self._clause(child, new, subject, "past" if base == "accuse" else "present")
                        return True
                    if child.dep_ == "pobj" and self._noun(child, new):
                        return True
                    if child.dep_ == "pobj":
                        self.frames.append(Frame(new, child, "has", subject))
                        return True
        return False

    def _agent(self, verb: Token) -> Voice | None:
        for agent in children(verb, "agent"):
            for child in agent.children:
                return self._voice_at(child)
        return None

    # --- nouns that carry statements ---------------------------------------------------------------------

    def _carried(self, verb: Token, subject: Token | None, saying: Saying) -> bool:
        """Statement nouns among a verb's arguments: "raised concerns that", "reports that ... fuelled the rumour"."""
        found = False
        voice = self._voice_at(subject, saying)
        new = saying.by(voice) if voice is not None and not saying.spoken else saying
        for child in children(verb, "nsubj", "nsubjpass", "dobj", "attr"):
            found = self._noun(child, saying if child.dep_.startswith("nsubj") else new, verb) or found
        return found

    def _noun(self, noun: Token, saying: Saying, verb: Token | None = None) -> bool:
        """Follow a statement noun to its content; False where it has none."""
        tree = self._tree
        words = cues().words
        word = tree.word(noun)
        kind = next((name for name in ("reported", "doubted", "denied", "stated") if word in words[name]), None)
        if kind is None or noun.i in self.seen and noun.dep_ != "ROOT":
            return False
        new = self._by_noun(noun, kind, saying)
        if kind == "stated" and any(c.dep_ == "compound" and tree.word(c) in ("cost", "price", "pricing", "performance") for c in noun.children):
            self.seen.add(noun.i)
            self.frames.append(Frame(new, noun, "noun"))
            return True
        if verb is not None and any(tree.word(c) == "no" for c in children(noun, "det")):
            if kind == "stated":
                new = new.less_sure("questioned", "no " + word)
            else:
                return False
        if self._content(noun, new, verb):
            self.seen.add(noun.i)
            return True
        return False

    def _by_noun(self, noun: Token, kind: str, saying: Saying) -> Saying:
        tree = self._tree
        word = tree.word(noun)
        owner = next((self._voice_at(c) for c in children(noun, "poss")), None)
        new = saying.with_cues(word)
        if kind == "reported":
            if not saying.spoken and not saying.denied and saying.certainty in ("asserted", "reported"):
                new = replace(new, voice=owner or Voice("anonymous"))
            return new.less_sure("reported") if not saying.denied else new
        if kind == "doubted":
            return new.less_sure("questioned")
        if kind == "denied":
            return replace(new, denied=not new.denied)
        if owner is not None and not saying.denied and saying.certainty != "questioned":
            return new.by(owner)
        return new

    def _content(self, noun: Token, saying: Saying, verb: Token | None) -> bool:
        found = False
        for child in noun.children:
            if child.i in self.seen or child.dep_ not in ("acl", "relcl", "ccomp", "advcl", "appos"):
                continue
            that = any(self._tree.word(c) in ("that", "whether", "if") and c.dep_ in ("mark", "det", "nsubj") for c in child.children)
            if child.tag_ == "VBG" and self._speaks(child) and subject_of(child) is None:
                self._clause(child, saying, noun)
                found = True
            elif child.dep_ != "appos" and finite(child) and (subject_of(child) is not None or that):
                relative = subject_of(child)
                if relative is not None and relative.tag_ in ("WDT", "WP"):
                    continue
                self._clause(child, self._wh(child, saying), None)
                found = True
        if found:
            return True
        for prep in [*children(noun, "prep"), *(children(verb, "prep") if verb is not None and noun.dep_ in ("dobj", "attr") else [])]:
            if self._tree.word(prep) in _ABOUT and prep.i > noun.i and self._topic(prep, saying, noun):
                return True
        return False

    def _topic(self, prep: Token, saying: Saying, noun: Token) -> bool:
        for child in prep.children:
            if child.dep_ == "pcomp" and child.tag_[:1] == "V":
                if self._tree.word(next(iter(child.children), child)) in ("whether", "if") or finite(child):
                    self._clause(child, saying.less_sure("questioned"), None)
                    return True
                owner = subject_of(child) or next(iter(children(noun, "poss")), None)
                self._clause(child, saying, owner, "present")
                return True
            if child.dep_ == "pobj":
                acting = next((c for c in children(child, "acl") if c.tag_ == "VBG" and c.i not in self.seen and not self._speaks(c)), None)
                if acting is not None and self._tree.word(noun) not in cues().words["doubted"]:
                    self._clause(acting, saying, child, "present")
                elif not self._noun(child, saying):
                    self.frames.append(Frame(saying, child, "noun"))
                return True
        return False

    def _loose(self, token: Token, saying: Saying) -> None:
        """Carriers that no clause led to: "Meta's decision to use ...", "a rumour that ...", "R1, which costs ..."."""
        tree = self._tree
        if token.dep_ == "relcl":
            pronoun = subject_of(token)
            if pronoun is not None and pronoun.tag_ in ("WDT", "WP") and tree.entity(token.head) is not None and finite(token):
                self._clause(token, saying, token.head)
            return
        if token.tag_ == "VBG":  # "surprised at X topping the list", "evaluations showing X reaching 80 %"
            doer = subject_of(token) if token.dep_ == "pcomp" else token.head
            priced = doer is not None and tree.base(token) in ("be", "cost") and any(e and e.type == "model" for e in map(tree.entity, token.subtree))
            if doer is not None and (priced or named_in(tree, doer, "model") is not None) and not self._speaks(token):
                root = next((a for a in token.ancestors if a.dep_ == "ROOT"), token)
                self._clause(token, saying.by(self._voice_at(subject_of(root), saying)), doer, "present")
            return
        word = tree.word(token)
        words = cues().words
        if word in words["acts"]:
            owner = next((c for c in children(token, "poss") if c.tag_ != "PRP$" or tree.word(c) in ("its", "their")), None)
            act = next((c for c in children(token, "acl") if c.tag_ == "VB" and any(tree.word(a) == "to" for a in c.children)), None)
            if owner is not None and act is not None and act.i not in self.seen:
                new = saying.less_sure("predicted", word) if word in words["ahead"] else saying
                failed = word in words["failed"]
                new = replace(new, denied=not new.denied).with_cues(word) if failed else new
                able = word in ("ability", "inability")
                self._clause(act, new, owner, "future" if word in words["ahead"] else "able" if able else "past")
        elif word in words["reported"] | words["stated"] | words["doubted"] | words["denied"]:
            self._noun(token, saying)

    # --- voices ----------------------------------------------------------------------------------------

    def _voice_at(self, subject: Token | None, saying: Saying | None = None) -> Voice | None:
        speaking = saying.voice if saying is not None and saying.spoken else None
        return self._voices.of(self._tree, subject, speaking) if subject is not None else None

    def _credited(self, verb: Token, saying: Saying) -> Saying:
        """ "..., according to X" gives a clause its voice."""
        tree = self._tree
        for prep in (*children(verb, "prep"), *(verb.head.children if verb.dep_ in ("conj", "ccomp") else ())):
            if prep.dep_ == "advcl" and prep.tag_ == "VBN" and self._speaks(prep) and (said := self._agent(prep)) is not None:
                self.seen.add(prep.i)
                return saying.by(said).with_cues(tree.words[prep.i].lower())
            if prep.dep_ != "prep":
                continue
            holder = None
            if tree.word(prep) == "according":
                holder = next((o for to in children(prep, "prep") for o in children(to, "pobj")), None)
            elif tree.word(prep) == "per":
                holder = next(iter(children(prep, "pobj")), None)
                holder = holder if holder is not None and (tree.handle(holder) or tree.entity(holder) and tree.entity(holder).type in ("person", "organisation")) else None
            if holder is None:
                continue
            voice = self._voice_at(holder)
            if voice is not None and voice.kind == "author" and (tree.base(holder) in cues().words["author"]):
                voice = None  # "according to a viral post": not this one
            if voice is not None:
                said = saying.by(voice).with_cues("according to")
                return said if voice.name else said.less_sure("reported")
            return replace(saying.less_sure("reported", "according to"), attributed_to=saying.attributed_to or words_of(tree, holder))
        return saying

    def _cited(self, verb: Token) -> str | None:
        """ "citing two people familiar with the matter", "spotted by X", "first reported by X"."""
        tree = self._tree
        for child in children(verb, "advcl", "acl", "dep", "prep"):
            if tree.word(child) == "citing":
                thing = next(iter(children(child, "dobj", "pobj")), None)
            elif tree.base(child) in ("spot", "report", "leak", "note", "find", "notice") and child.tag_ == "VBN":
                thing = next((o for by in children(child, "agent") for o in children(by, "pobj")), None)
            else:
                continue
            if thing is not None:
                return words_of(tree, thing)
        return None


def words_of(tree: Tree, token: Token) -> str:
    """The phrase under `token`, without trailing punctuation."""
    return tree.surface(_trimmed(token.subtree)).strip(" ,;.\"“”")


def _trimmed(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.dep_ != "relcl":
            yield token
