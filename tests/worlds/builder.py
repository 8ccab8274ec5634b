"""Builds stored rows by hand: sources, documents, mentions, claims. All of it is fictional."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.core.records import (
    Claim,
    Decision,
    Document,
    Edge,
    Evidence,
    Link,
    Mention,
    Origin,
    Run,
    Source,
    Verdict,
    Version,
    stable_id,
)
from pipeline.core.vocabulary import (
    Certainty,
    DateOrigin,
    DecisionKind,
    EdgeKind,
    Kind,
    LinkKind,
    Outcome,
    Part,
    Platform,
    Precision,
    Role,
    Stance,
    Status,
)
from pipeline.store.store import Store
from tests.conftest import NOW
from tests.worlds.laid import EmptyStore

START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
OWN = "\x00own"  # the publisher speaks for itself


def hours(number: float) -> datetime:
    """Return the instant so many hours after the start."""
    return START + timedelta(hours=number)


def said(mention_id: str, proposition: str, *, at: datetime | None = None, **fields: Any) -> Mention:
    """Return a mention of those words; its minute follows from the number in its id."""
    number = int("".join(filter(str.isdigit, mention_id))[-6:] or 0)
    values: dict[str, Any] = {
        "mention_id": mention_id, "version_id": f"v{mention_id}", "document_id": f"d{mention_id}",
        "part": Part.TEXT, "start_char": 0, "end_char": len(proposition), "quote": proposition,
        "proposition": proposition,
        "kind": Kind.RELEASE, "speaker": None, "speaker_role": Role.PRESS, "speaker_organisation": None,
        "speech_verb": None, "attributed_to": None, "negated": False, "certainty": Certainty.ASSERTED,
        "event_at": None, "event_precision": Precision.UNKNOWN, "organisations": (), "entities": (),
        "numbers": (), "cues": (), "said_at": at or NOW - timedelta(days=2) + timedelta(minutes=number),
        "seen_at": NOW, "model": "fake", "run_id": "r1",
    }  # fmt: skip
    return Mention(**(values | fields))


def claims_of(store: Store) -> dict[str, str]:
    """Return the claim of each mention, by id."""
    sql = "SELECT mention_id, claim_id FROM store.members ORDER BY mention_id"
    return dict(store.connection.execute(sql).fetchall())


class World:
    """Writes rows into a store; names are ids, so that a test can be read."""

    def __init__(self, store: Store, run_id: str = "r1") -> None:
        self.store = store
        self.run_id = run_id
        self.sources: dict[str, Source] = {}
        self.documents: dict[str, Document] = {}
        self.claims: dict[str, Claim] = {}
        self._seen: dict[str, datetime] = {}
        self._mentions: Counter[str] = Counter()

    def append(self, table: str, rows: Iterable[Any], *, replace: bool = False) -> None:
        """Append rows; rows that replace others are written at once."""
        if isinstance(self.store, EmptyStore) and not replace:
            self.store.put(table, rows)
        else:
            self.store.append(table, rows, replace=replace)

    def row(self, table: str, **values: Any) -> None:
        """Append one row that no record stands for."""
        self.append(table, [values])

    def source(
        self, name: str, role: Role = Role.PRESS, organisation: str | None = None,
        platform: Platform = Platform.NEWS, *, source_id: str | None = None, url: str | None = None,
    ) -> str:  # fmt: skip
        """Append a source; its id is its name with dashes, after the platform's name for accounts."""
        slug = name.lower().replace(" ", "-")
        is_own_site = platform in (Platform.NEWS, Platform.BLOG, Platform.HUGGINGFACE)
        source_id = source_id or (slug if is_own_site else f"{platform}:{slug}")
        self.sources[source_id] = Source(source_id, name, platform, role, url, organisation)
        self.append("sources", [self.sources[source_id]])
        return source_id

    def document(
        self, document_id: str, source_id: str, at: datetime | None, text: str = "", *,
        title: str | None = None, links: tuple[str, ...] = (), link_kind: LinkKind = LinkKind.LINK,
        reply_to: str | None = None, precision: Precision = Precision.SECOND, seen_at: datetime | None = None,
        **fields: Any,
    ) -> Document:  # fmt: skip
        """Append a document with its first version; `links` are document ids, `fields` the record's own."""
        seen = seen_at or (at or START) + timedelta(hours=1)
        values: dict[str, Any] = {
            "document_id": document_id, "url": self.url(document_id), "source_id": source_id,
            "platform": self.sources[source_id].platform, "feed": source_id, "author": None,
            "author_name": None, "title": title,
            "published_at": at, "published_precision": precision if at else Precision.UNKNOWN,
            "published_from": DateOrigin.API if at else DateOrigin.UNKNOWN, "seen_at": seen, "language": "en",
            "in_reply_to": self.url(reply_to) if reply_to else None, "artefact": False, "score": None,
            "gone_at": None, "gone_after": None, "gone_evidence": None, "run_id": self.run_id,
        }  # fmt: skip
        document = self.documents[document_id] = Document(**(values | fields))
        self.append("documents", [document])
        self.version(document_id, 1, text or f"text of {document_id}", seen, title)
        self.append("links", [Link(document_id, self.url(target), link_kind, None) for target in links])
        return document

    def url(self, document_id: str) -> str:
        """Return the URL that a document has or will have."""
        return f"https://site.example/{document_id}"

    def version(
        self, document_id: str, number: int, text: str, seen_at: datetime, title: str | None = None,
        unchanged_at: datetime | None = None, **fields: Any,
    ) -> str:  # fmt: skip
        """Append one version of a document; return its id. `fields` are the record's own."""
        version_id = f"v-{document_id}-{number}"
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        version = Version(
            version_id, document_id, number, title, text, digest, unchanged_at, seen_at, None, None,
            self.run_id, **fields
        )
        self._seen[version_id] = seen_at
        self.append("versions", [version])
        self.row("extracted", version_id=version_id, model="by-hand", mentions=1)
        return version_id

    def edit(self, version_id: str, change: str, *, noted: bool = False, added: str = "") -> None:
        """Append what a version changed."""
        self.row("edits", version_id=version_id, change=change, noted=noted, removed="", added=added)

    def claim(
        self, claim_id: str, text: str = "Aurel trained Aster 4 on test sets", kind: Kind = Kind.OTHER,
        organisations: tuple[str, ...] = ("aurel",), entities: tuple[str, ...] = ("Aster 4",),
        event_at: datetime | None = None, event_precision: Precision = Precision.UNKNOWN, *,
        mention_id: str = "m-first", first_seen_at: datetime = START,
    ) -> str:  # fmt: skip
        """Append a claim, whose words are those of `mention_id` ("": an editor's); return its id."""
        claim = self.claims[claim_id] = Claim(
            claim_id, text, kind, mention_id, organisations, entities, event_at, event_precision, None,
            first_seen_at, self.run_id,
        )  # fmt: skip
        self.append("claims", [claim])
        return claim_id

    def mention(
        self, claim_id: str, document_id: str, *, speaker: str | None = OWN, role: Role | None = None,
        organisation: str | None = None, verb: str | None = None, quote: str | None = None, number: int = 1,
        start: int | None = None, end: int | None = None, mention_id: str | None = None, **fields: Any,
    ) -> str:  # fmt: skip
        """Append a member mention in version `number`; return its id. `fields` are the record's own."""
        document, claim = self.documents[document_id], self.claims[claim_id]
        source, in_own_words = self.sources[document.source_id], speaker == OWN
        count, version_id = self._mentions[document_id], f"v-{document_id}-{number}"
        self._mentions[document_id] += 1
        values: dict[str, Any] = {
            "version_id": version_id, "document_id": document_id, "quote": quote or claim.claim,
            "kind": claim.kind,
            "start_char": count * 100 if start is None else start,
            "end_char": count * 100 + 50 if end is None else end,
            "speaker": source.name if in_own_words else speaker,
            "speaker_role": role or (Role.ANONYMOUS if speaker is None else source.role),
            "speaker_organisation": organisation or (source.organisation if in_own_words else None),
            "speech_verb": verb, "organisations": claim.organisations, "entities": claim.entities,
            "said_at": document.published_at if number == 1 else None, "seen_at": self._seen[version_id],
            "model": "by-hand", "run_id": self.run_id, "by_author": in_own_words,
        }  # fmt: skip
        proposition = str(fields.pop("proposition", claim.claim))
        mention = said(mention_id or f"m-{document_id}-{claim_id}-{count}", proposition, **(values | fields))
        self.append("mentions", [mention])
        self.row("members", mention_id=mention.mention_id, claim_id=claim_id, similarity=1.0, how="near",
                 run_id=self.run_id)  # fmt: skip
        return mention.mention_id

    def stance(
        self, claim_id: str, mention_id: str, stance: Stance = Stance.SUPPORTS, confidence: float = 0.9,
        cues: tuple[str, ...] = (), at: datetime = START,
        entails: float | None = 1.0,
    ) -> str:  # fmt: skip
        """Append a piece of evidence, which entails the whole claim if it supports it, and was read
        for that unless `entails` is None; return its id.
        """
        evidence_id = stable_id("e", claim_id, mention_id, "by-hand")
        model = "by-hand"
        evidence = Evidence(
            evidence_id, claim_id, mention_id, stance, confidence, cues, model, at, self.run_id
        )
        self.append("evidence", [evidence])
        if stance is Stance.SUPPORTS and entails is not None:
            self.row("entailments", evidence_id=evidence_id, model=model, probability=entails,
                     run_id=self.run_id)  # fmt: skip
        return evidence_id

    def say(
        self, claim_id: str, source: str, at: datetime | None, stance: Stance = Stance.SUPPORTS, *,
        document_id: str | None = None, document: dict[str, Any] | None = None, **mention: Any,
    ) -> str:  # fmt: skip
        """Append a document with one mention, negated in a denial, and its stance; return the evidence id."""
        document_id = document_id or f"d{len(self.documents):03d}"
        if document_id not in self.documents:
            self.document(document_id, source, at, **(document or {}))
        mention_id = self.mention(claim_id, document_id, **({"negated": stance is Stance.DENIES} | mention))
        return self.stance(claim_id, mention_id, stance)

    def decide(
        self, kind: DecisionKind, target: str, value: str | None, at: datetime, reason: str = "it was checked"
    ) -> None:
        """Append an editor's decision."""
        decision = Decision(stable_id("x", kind, target, value, at), kind, target, value, reason, "Edda", at)
        self.append("decisions", [decision])

    def origin(
        self, claim_id: str, mention_id: str, voice: str, name: str, document_id: str, *, independent: bool,
        reason: str = "by hand",
    ) -> None:  # fmt: skip
        """Append the voice of a mention."""
        row = Origin(claim_id, mention_id, voice, name, document_id, independent, reason)
        self.append("origins", [row])

    def follows(
        self, document_id: str, origin: str | None, kind: EdgeKind, name: str | None = None,
        words: str = "as it says",
    ) -> None:  # fmt: skip
        """Append an edge from a document to the one that it follows, or to a `name` alone."""
        edge_id = stable_id("g", document_id, origin, name)
        edge = Edge(edge_id, document_id, origin, name, kind, 0.9, words, self.run_id)
        self.append("edges", [edge])

    def judge(
        self, claim_id: str, night: datetime, steps: Iterable[tuple[datetime | None, Status, float, str]],
        voices: int, would_change: str = "Another voice.", rests_on: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """Append a night's judgement, which takes the place of an earlier one, as `steps` does."""
        self.steps(claim_id, night, steps, voices, would_change, rests_on)
        judged_row = {"claim_id": claim_id, "fingerprint": "by hand", "judged_at": night}
        self.append("judged", [judged_row], replace=True)

    def steps(
        self, claim_id: str, night: datetime, steps: Iterable[tuple[datetime | None, Status, float, str]],
        voices: int, would_change: str = "Another voice.", rests_on: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """Append the steps of a night's judgement: when it moved, status, score, reason."""
        rows = [
            Verdict(claim_id, night, step, moved, status, score, voices, f"rule-{status}", reason, rests_on,
                    would_change, f"{night:%Y%m%dT%H%M%SZ}", moved)
            for step, (moved, status, score, reason) in enumerate(steps)
        ]  # fmt: skip
        self.append("verdicts", rows)

    def run(self, night: datetime, lasting: timedelta, outcome: Outcome = Outcome.OK) -> None:
        """Append a nightly run, to which the following rows belong."""
        self.run_id = f"{night:%Y%m%dT%H%M%SZ}"
        self.append("runs", [Run(self.run_id, "nightly", night, night + lasting, outcome, None)])

    def crawl(self, feed: str, night: datetime, outcome: Outcome = Outcome.OK, **values: Any) -> None:
        """Append how a source's crawl ended in the run."""
        defaults = {
            "inbox_folder": values.get("run_id", self.run_id), "run_id": self.run_id, "feed": feed,
            "started_at": night, "finished_at": night + timedelta(seconds=41),
            "outcome": str(outcome), "documents": 17 if outcome == "ok" else 0, "requests": 4,
            "message": None,
        }  # fmt: skip
        self.append("crawls", [defaults | values])

    def names(self, type_: str, *names: str, owner: str | None = None) -> None:
        """Append the types of names, as the gazetteer would give them."""
        rows = [{"name": name, "type": type_, "owner": owner, "model": "by-hand"} for name in names]
        self.append("names", rows)

    def release(
        self, claim_id: str, model: str, organisation: str, *, deadline: datetime | None = None,
        precision: str = "day", seen_at: datetime = START, state: str = "open",
        reason: str = "it was looked for",
        resolved_at: datetime | None = None,
    ) -> None:  # fmt: skip
        """Append which release a claim foretells; with a deadline, how it was read and what became of it."""
        self.row("releases", claim_id=claim_id, model=model, organisation=organisation,
                 release_key=model.lower(), rung="preview", rung_reached=None)  # fmt: skip
        if deadline:
            self.row("resolutions", claim_id=claim_id, seen_at=seen_at, deadline=deadline,
                     precision=precision, void=None, run_id=self.run_id)  # fmt: skip
            self.row("resolution_texts", claim_id=claim_id, number=1, written_at=seen_at, rules="rules-0",
                     text="Decides: A release page.", why="first seen", run_id=self.run_id)  # fmt: skip
            self.row("outcomes", claim_id=claim_id, state=state, resolved_at=resolved_at, reason=reason)

    def reached(self, claim_id: str, rung: str, at: datetime, document_id: str, words: str) -> None:
        """Append that a release reached a stage."""
        self.row("rungs", claim_id=claim_id, rung=rung, reached_at=at, said=True, document_id=document_id,
                 evidence_id=None, words=words)  # fmt: skip

    def rivals(self, claim_id: str, rival_id: str, slot: str, words: str) -> None:
        """Append that two claims cannot both be true, seen from the first."""
        self.row("rivals", claim_id=claim_id, rival_id=rival_id, slot=slot, words=words)

    def worth(self, claim_id: str, checkworthy: float, *why: str) -> None:
        """Append how much a claim deserves a check, and why."""
        self.row("checkworthy", claim_id=claim_id, checkworthy=checkworthy, why=list(why))
