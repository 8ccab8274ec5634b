"""Builds stored rows by hand: sources, documents, what is said in them, claims. Everything in it is fictional."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.core.records import (
    Certainty,
    Claim,
    DateOrigin,
    Decision,
    DecisionKind,
    Document,
    Evidence,
    Kind,
    Link,
    LinkKind,
    Mention,
    Part,
    Platform,
    Precision,
    Role,
    Source,
    Stance,
    Version,
    stable_id,
)
from pipeline.store.store import Store

START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
OWN = "\x00own"  # the publisher speaks for itself


def hours(number: float) -> datetime:
    """An instant so many hours after the start."""
    return START + timedelta(hours=number)


class World:
    """Writes rows into a store; names are ids, so that a test can be read."""

    def __init__(self, store: Store, run_id: str = "r1") -> None:
        self.store = store
        self.run_id = run_id
        self.sources: dict[str, Source] = {}
        self.documents: dict[str, Document] = {}
        self.claims: dict[str, Claim] = {}

    def source(
        self, name: str, role: Role = Role.PRESS, organisation: str | None = None, platform: Platform = Platform.NEWS
    ) -> str:
        """A source; its id is its name in lower case with dashes, with the platform before it for accounts."""
        slug = name.lower().replace(" ", "-")
        source_id = slug if platform in (Platform.NEWS, Platform.BLOG, Platform.HUGGINGFACE) else f"{platform}:{slug}"
        self.sources[source_id] = Source(source_id, name, platform, role, None, organisation)
        self.store.append("sources", [self.sources[source_id]])
        return source_id

    def document(
        self,
        document_id: str,
        source_id: str,
        at: datetime | None,
        text: str = "",
        *,
        title: str | None = None,
        links: tuple[str, ...] = (),
        link_kind: LinkKind = LinkKind.LINK,
        reply_to: str | None = None,
        artefact: bool = False,
        precision: Precision = Precision.SECOND,
        seen_at: datetime | None = None,
    ) -> Document:
        """A document with its first version; `links` are document ids. Its URL is `https://<source>.example/<id>`."""
        source = self.sources[source_id]
        seen = seen_at or (at or START) + timedelta(hours=1)
        document = Document(
            document_id=document_id,
            url=self.url(document_id),
            platform=source.platform,
            source_id=source_id,
            feed=source_id,
            author=None,
            author_name=None,
            title=title,
            published_at=at,
            published_precision=precision if at else Precision.UNKNOWN,
            published_from=DateOrigin.API if at else DateOrigin.UNKNOWN,
            seen_at=seen,
            language="en",
            in_reply_to=self.url(reply_to) if reply_to else None,
            artefact=artefact,
            score=None,
            gone_at=None,
            gone_after=None,
            gone_evidence=None,
            run_id=self.run_id,
        )
        self.documents[document_id] = document
        self.store.append("documents", [document])
        self.version(document_id, 1, text or f"text of {document_id}", seen, title)
        self.store.append("links", [Link(document_id, self.url(target), link_kind, None) for target in links])
        return document

    def url(self, document_id: str) -> str:
        """The URL that a document has or will have."""
        return f"https://site.example/{document_id}"

    def version(self, document_id: str, number: int, text: str, seen_at: datetime, title: str | None = None) -> str:
        """One version of a document; returns its id."""
        version_id = f"v-{document_id}-{number}"
        digest = hashlib.sha256(text.encode()).hexdigest()
        version = Version(version_id, document_id, number, title, text, digest, None, seen_at, None, None, self.run_id)
        self.store.append("versions", [version])
        self.store.append("extracted", [{"version_id": version_id, "model": "by-hand", "mentions": 1}])
        return version_id

    def claim(
        self,
        claim_id: str,
        text: str = "Aurel trained Aster 4 on test sets",
        kind: Kind = Kind.OTHER,
        organisations: tuple[str, ...] = ("aurel",),
        entities: tuple[str, ...] = ("Aster 4",),
        event_at: datetime | None = None,
        event_precision: Precision = Precision.UNKNOWN,
    ) -> str:
        """A claim; returns its id."""
        claim = Claim(
            claim_id, text, kind, "", organisations, entities, event_at, event_precision, None, START, self.run_id
        )
        self.claims[claim_id] = claim
        self.store.append("claims", [claim])
        return claim_id

    def mention(
        self,
        claim_id: str,
        document_id: str,
        *,
        speaker: str | None = OWN,
        role: Role | None = None,
        organisation: str | None = None,
        attributed_to: str | None = None,
        negated: bool = False,
        certainty: Certainty = Certainty.ASSERTED,
        verb: str | None = None,
        quote: str | None = None,
        numbers: tuple[str, ...] = (),
        number: int = 1,
        **fields: Any,
    ) -> str:
        """A member mention in a document's version `number`; returns its id."""
        document, claim = self.documents[document_id], self.claims[claim_id]
        source = self.sources[document.source_id]
        count = len(self.store.connection.execute("SELECT 1 FROM store.mentions WHERE document_id = ?", [document_id]).fetchall())
        mention_id = fields.pop("mention_id", f"m-{document_id}-{claim_id}-{count}")
        seen = self.store.connection.execute(
            "SELECT seen_at FROM store.versions WHERE document_id = ? AND number = ?", [document_id, number]
        ).fetchall()[0][0]
        mention = Mention(
            mention_id=mention_id,
            version_id=f"v-{document_id}-{number}",
            document_id=document_id,
            part=fields.pop("part", Part.TEXT),
            start_char=fields.pop("start", count * 100),
            end_char=fields.pop("end", count * 100 + 50),
            quote=quote or claim.claim,
            proposition=fields.pop("proposition", claim.claim),
            kind=claim.kind,
            speaker=source.name if speaker == OWN else speaker,
            speaker_role=role or (Role.ANONYMOUS if speaker is None else source.role),
            speaker_organisation=organisation or (source.organisation if speaker == OWN else None),
            speech_verb=verb,
            attributed_to=attributed_to,
            negated=negated,
            certainty=certainty,
            event_at=None,
            event_precision=Precision.UNKNOWN,
            organisations=claim.organisations,
            entities=claim.entities,
            numbers=numbers,
            cues=(),
            said_at=document.published_at if number == 1 else None,
            seen_at=seen.replace(tzinfo=UTC),
            model="by-hand",
            run_id=self.run_id,
            by_author=fields.pop("by_author", speaker == OWN),
        )
        self.store.append("mentions", [mention])
        member = {"mention_id": mention_id, "claim_id": claim_id, "similarity": 1.0, "how": "near", "run_id": self.run_id}
        self.store.append("members", [member])
        return str(mention_id)

    def stance(self, claim_id: str, mention_id: str, stance: Stance = Stance.SUPPORTS, confidence: float = 0.9) -> str:
        """A piece of evidence; returns its id."""
        evidence_id = stable_id("e", claim_id, mention_id, "by-hand")
        evidence = Evidence(evidence_id, claim_id, mention_id, stance, confidence, (), "by-hand", START, self.run_id)
        self.store.append("evidence", [evidence])
        return evidence_id

    def say(
        self,
        claim_id: str,
        source: str,
        at: datetime | None,
        stance: Stance = Stance.SUPPORTS,
        *,
        document_id: str | None = None,
        document: dict[str, Any] | None = None,
        **mention: Any,
    ) -> str:
        """A document with one mention and its stance; returns the evidence id. A denial is a negated mention."""
        document_id = document_id or f"d{len(self.documents):03d}"
        if document_id not in self.documents:
            self.document(document_id, source, at, **(document or {}))
        mention_id = self.mention(claim_id, document_id, **({"negated": stance is Stance.DENIES} | mention))
        return self.stance(claim_id, mention_id, stance)

    def decide(self, kind: DecisionKind, target: str, value: str | None, at: datetime, reason: str = "it was checked") -> None:
        """An editor's decision."""
        decision = Decision(stable_id("x", kind, target, value, at), kind, target, value, reason, "Edda", at)
        self.store.append("decisions", [decision])
