"""Walk a parsed sentence from the speaker down to the content.

The patterns follow the dependency labels of spaCy's English models: a speech verb's clausal complement is
what its subject says (`speech`), some predicates judge or relay their complement (`relayed`), and a statement
noun ("rumour", "claim", "skepticism") carries what its complement says (`statement_nouns`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from models.language.attribution.appositions import apposed
from models.language.attribution.citations import cited, credited
from models.language.attribution.relayed import raising, truth
from models.language.attribution.speech import speech
from models.language.attribution.statement_nouns import act, carried, statement_noun
from models.language.attribution.walk import Walk
from models.language.names.entity_spans import THINGS, named_in
from models.language.parsing.frames import Frame, Saying, Voice
from models.language.parsing.syntax import children, finite, first, passive, subject_of
from models.lexicon import cues

Token = Any

_FOLLOWS = cues().verbs["follow"]
_BESIDE_MARKS = frozenset({"while", "although", "though", "whereas", "because", "since", "as", ""})
_AMOUNTS = frozenset({"cost", "price", "budget", "valuation", "fee"})
_PREPOSITIONS = frozenset({"as", "for", "in", "by", "to", "about", "on", "over", "regarding", "of"})


class Walker(Walk):
    """One walk over one tree, clause by clause."""

    def run(self, saying: Saying) -> list[Frame]:
        """Return the frames of the tree, in reading order, said as `saying` where the sentence names no other
        voice.

        A sentence that is told as a joke gives none.
        """
        if any(self._jokes(token) for token in self.tree.tokens):
            return []
        for token in self.tree.tokens:
            if token.dep_ == "ROOT":
                self._top(token, saying)
        for token in self.tree.tokens:
            acting = token.dep_ in ("pcomp", "acl") and token.tag_ == "VBG"
            noun = token.tag_.startswith("NN") or (token.tag_ == "CD" and token.dep_ == "pobj")
            if token.i not in self.seen and (noun or token.dep_ == "relcl" or acting):
                self._loose(token, saying)
        self.frames.sort(key=lambda frame: frame.head.i)
        return self.frames

    def clause(self, verb: Token, saying: Saying, inherited: Token | None, tense: str = "") -> None:
        """Go into a clause; `inherited` is its subject and `tense` its form where it has none of its own."""
        if verb.i in self.seen:
            return
        self.seen.add(verb.i)
        own_subject = subject_of(verb)
        subject = own_subject if own_subject is not None else inherited
        handled = (
            speech(self, verb, subject, saying) or truth(self, verb, saying)
            or raising(self, verb, subject, saying)
        )
        if not handled:
            handled = carried(self, verb, subject, saying)
        is_empty = self.tree.base(verb) == "do" and not children(verb, "dobj")
        if not handled and not is_empty and not self._chatter(verb, subject, saying):
            clause_saying = replace(saying, attributed_to=saying.attributed_to or cited(self, verb))
            is_relative = own_subject is not None and own_subject.tag_ in ("WDT", "WP")
            self.frames.append(
                Frame(
                    credited(self, verb, clause_saying), verb, "clause",
                    inherited if own_subject is None or is_relative else None, tense,
                )
            )
        self._around(verb, subject, saying, tense)

    # --- inside ----------------------------------------------------------------------------------------

    def _jokes(self, token: Token) -> bool:
        words = cues().words
        if token.dep_ in ("nsubj", "nsubjpass", "attr") and any(
            self.tree.word(c) in words["joking"] for c in children(token, "amod")
        ):
            return True  # "a sarcastic tone", "there is a humorous remark"
        return self.tree.word(token) in words["jokingly"] or (
            token.dep_ == "ROOT" and self.tree.base(token) in cues().verbs["joke"]
        )

    def _top(self, root: Token, saying: Saying) -> None:
        if root.tag_.startswith("V") or root.tag_ == "MD" or subject_of(root) is not None:
            self.clause(root, saying, None)
            return
        # A headline without a verb of its own: "Llama 4 expected in April", "Rumor: ...".
        self.seen.add(root.i)
        if statement_noun(self, root, saying):
            return
        for child in root.subtree:
            if (
                child.dep_ not in ("acl", "relcl", "appos", "parataxis", "advcl")
                or not child.tag_.startswith("V") or child.i in self.seen
            ):
                continue
            speaking = child.dep_ == "acl" and child.tag_ == "VBG" and self.speaks(child)
            is_headline = (
                child.dep_ == "acl" and child.tag_ == "VBN" and not children(child, "agent")
                and self.tree.entity(root) is not None
            )
            if speaking or is_headline:
                self.clause(child, saying, root)
            elif child.dep_ != "acl":
                planned = child.tag_ == "VB" and child.head == root and self.tree.entity(root) is not None
                self.clause(child, saying, subject_of(child) or root, "future" if planned else "")

    def _chatter(self, verb: Token, subject: Token | None, saying: Saying) -> bool:
        """Return whether the clause is about people talking, testing or sharing, not a model or its maker."""
        tree, verbs = self.tree, cues().verbs
        base = tree.base(verb)
        if base in verbs["chatter"]:
            return True
        if passive(verb) and base in verbs["talk"] | verbs["say"] | verbs["question"] | verbs["told"]:
            return True
        tells_how = any(
            tree.word(w) == "how" for c in children(verb, "ccomp", "xcomp", "advcl") for w in c.children
        )
        if base in verbs["perform"] and tells_how and not children(verb, "dobj"):
            return True
        if any(
            c.dep_ == "mark" and tree.word(c) == "that" for o in children(verb, "dobj", "ccomp")
            for c in o.children
        ):
            return True  # a complement that the parser could not read
        asks_how = any(
            c.tag_ == "WRB" and tree.word(c) in ("how", "why") and c.i < verb.i for c in verb.children
        )
        if asks_how and not children(verb, "dobj", "attr", "acomp", "prep", "xcomp"):
            return True
        voice = self.voice_at(subject, saying)
        named = saying.spoken and saying.voice.name is not None
        return voice is not None and not voice.organisation and not named and base in verbs["talk"]

    def _around(self, verb: Token, subject: Token | None, saying: Saying, tense: str) -> None:
        """Read the clauses that hang on a clause: conjoined verbs, "noting that", "with users arguing"."""
        tree = self.tree
        voice = self.voice_at(subject, saying)
        subject_saying = saying if voice is None or saying.spoken else saying.by(voice)
        for child in verb.children:
            if child.i in self.seen:
                continue
            clausal = child.dep_ in ("advcl", "acl", "xcomp", "dep", "ccomp", "parataxis")
            if child.dep_ == "conj" and child.tag_[:1] in ("V", "M"):
                self.clause(child, saying, subject, tense if child.tag_ == verb.tag_ else "")
            elif clausal and child.tag_ == "VBG":
                self._beside(child, subject_saying, subject, saying)
            elif child.dep_ == "advcl" and subject_of(child) is not None and finite(child):
                mark = first(children(child, "mark"))
                if (tree.word(mark) if mark is not None else "") in _BESIDE_MARKS:
                    self.clause(child, saying, None)
            elif child.dep_ in ("ccomp", "parataxis") and child.tag_[:1] in ("V", "M"):
                self.clause(child, saying, None)
            elif child.dep_ == "prep" and tree.word(child) == "with":
                self._with(child, saying)
            elif child.dep_ == "prep" and tree.word(child) in _PREPOSITIONS:
                for inner in child.subtree:
                    if inner.dep_ == "acl" and inner.tag_ == "VBG" and self.speaks(inner):
                        self.clause(inner, saying, inner.head)

    def _beside(self, verb: Token, said: Saying, subject: Token | None, outer: Saying) -> None:
        """Read "..., noting that", "..., outperforming X": the clause's subject says or does it."""
        if (
            self.tree.base(verb) in cues().verbs["beside"]
            and self.tree.base(verb.head) in cues().verbs["perform"]
        ):
            model = first(
                c for c in children(verb.head, "dobj") if named_in(self.tree, c, "model") is not None
            )
            # "X released Y, outperforming Z": Y outperforms
            subject = model if model is not None else subject
        voice = self.voice_at(subject)
        if verb.dep_ in ("ccomp", "xcomp") and subject_of(verb) is not None:
            return  # "makes it challenging"
        if passive(verb.head):
            voice = None  # "X is said to be ..., emphasizing Y": X does not emphasize
        if self.tree.base(verb) == "showcase" and not children(verb, "ccomp"):
            return
        if self.speaks(verb):
            inherited = subject if subject_of(verb) is None and voice is not None else None
            self.clause(verb, said if self.tells(verb) else outer, inherited)
        elif self.tree.base(verb) in cues().verbs["beside"] and subject is not None and voice is None:
            regarded = (
                passive(verb.head) and self.tree.base(verb.head) in cues().verbs["regard"]
                and not outer.spoken
            )
            self.clause(
                verb, replace(outer, voice=Voice("community")) if regarded else outer, subject, "present"
            )

    def _with(self, prep: Token, saying: Saying) -> None:
        for child in prep.children:
            if child.dep_ == "pcomp" and child.tag_[:1] == "V":
                self.clause(child, saying, None)
            elif child.dep_ == "pobj":
                for inner in children(child, "acl", "relcl"):
                    if inner.tag_ == "VBG" and self.speaks(inner):
                        self.clause(inner, saying, child)
                statement_noun(self, child, saying)

    def _loose(self, token: Token, saying: Saying) -> None:
        """Read what no clause holds: "Meta's decision to use ...", "a rumour that ...", "R1, which costs"."""
        tree = self.tree
        if token.dep_ == "relcl":
            pronoun = subject_of(token)
            words = [t for t in token.head.subtree if t.i < token.i]
            names_thing = (
                any((e := tree.entity(t)) is not None and e.type in THINGS for t in words)
                and not self._is_aside(token.head)
            )
            restrictive = pronoun is not None and tree.word(pronoun) == "that" and token.head.tag_ == "NNS"
            # "distilled X models that can ..."
            is_model = restrictive and named_in(tree, token.head, "model") is not None
            if (
                pronoun is not None and (is_model or (tree.word(pronoun) in ("which", "who") and names_thing))
                and finite(token)
            ):
                self.clause(token, saying, self._priced(token))
            elif pronoun is not None and finite(token) and any(
                tree.word(c) == "where" and c.tag_ == "WRB" for c in token.children
            ):
                self.clause(token, saying, None)  # "on the hub, where it has a licence"
        elif token.tag_ == "VBG":
            self._acting(token, saying)
        elif (model := self._sold(token)) is not None:
            self.frames.append(Frame(self._told_by(token, saying), token, "priced", model))
        elif tree.word(token) in cues().words["acts"]:
            act(self, token, saying)
        elif not statement_noun(self, token, saying) and not apposed(self, token, saying):
            self._figure(token, saying)

    def _is_aside(self, noun: Token) -> bool:
        """Return True for X in "settings, particularly for X, which ...": the clause is about settings."""
        prep = noun.head
        if noun.dep_ == "pobj" and any(self.tree.base(c) in _FOLLOWS for c in children(noun, "relcl")):
            return True  # "the switch to X, which complicates ...": the switch complicates
        asides = ("particularly", "especially", "including", "such")
        return noun.dep_ == "pobj" and any(
            self.tree.word(c) in asides for c in (prep, *children(prep, "advmod", "amod"))
        )

    def _priced(self, clause: Token) -> Token:
        """Return the noun of a relative clause: the cost, in "the cost of X, which is $5 million"."""
        head = clause.head
        money = any(self.tree.word(t) in ("$", "dollars", "usd") for t in clause.subtree)
        amount = head.head.head if head.dep_ == "pobj" and self.tree.word(head.head) == "of" else head
        return (
            amount if money and self.tree.base(clause) == "be" and self.tree.base(amount) in _AMOUNTS
            else head
        )

    def _shown(self, verb: Token) -> Token | None:
        """Return X of "results showing X (aside) reaching 80 %", where both verbs hang on the results."""
        show_verbs = [
            c for c in children(verb.head, "acl")
            if c.i < verb.i and self.tree.base(c) in cues().verbs["show"]
        ]
        thing = first(children(show_verbs[-1], "dobj")) if show_verbs else None
        return thing if thing is not None and named_in(self.tree, thing, "model") is not None else None

    def _sold(self, amount: Token) -> Token | None:
        """Return the model that a price without a verb belongs to: X of "X at $20 a month"."""
        prep, tree = amount.head, self.tree
        if amount.dep_ != "pobj" or tree.word(prep) != "at" or not any(
            tree.word(t) in ("$", "€", "£") for t in tree.tokens[prep.i : amount.i + 1]
        ):
            return None
        entity = tree.entity(tree.tokens[prep.i - 1])
        return tree.tokens[prep.i - 1] if entity is not None and entity.type == "model" else None

    def _figure(self, noun: Token, saying: Saying) -> None:
        """Read "..., overshadowing the $6 million training cost" as a cost of the only thing named."""
        tree = self.tree
        developed = any(
            tree.word(c) in ("training", "development") for c in children(noun, "compound", "amod")
        )
        if tree.base(noun) not in ("cost", "budget") or not developed or not any(
            t.tag_ == "CD" for t in noun.subtree
        ):
            return
        owners = {e.name: t for t in tree.tokens if (e := tree.entity(t)) is not None and e.type in THINGS}
        if len(owners) == 1 and not any(frame.head.i == noun.i for frame in self.frames):
            (owner,) = owners.values()
            self.frames.append(Frame(self._told_by(noun, saying), noun, "noun", owner))

    def _acting(self, verb: Token, saying: Saying) -> None:
        """Read "surprised at X topping the list", "evaluations showing X reaching 80 %", "costs being double
        for X".
        """
        tree = self.tree
        doer = subject_of(verb) if verb.dep_ == "pcomp" else self._shown(verb) or verb.head
        if doer is None or self.speaks(verb):
            return
        priced = tree.base(verb) in ("be", "cost") and any(
            e is not None and e.type == "model" for e in map(tree.entity, verb.subtree)
        )
        if priced or named_in(tree, doer, "model") is not None:
            self.clause(verb, self._told_by(verb, saying), doer, "present")

    def _told_by(self, token: Token, saying: Saying) -> Saying:
        """Return the saying by the sentence's subject, unless that is an organisation whose deed is told."""
        root = next((a for a in token.ancestors if a.dep_ == "ROOT"), token)
        voice = self.voice_at(subject_of(root), saying)
        is_organisation = voice is not None and voice.name is not None and voice.name == voice.organisation
        reports_words = self.tells(root) or self.tree.base(root) in cues().verbs["talk"]
        return saying.by(voice) if reports_words or not is_organisation else saying
