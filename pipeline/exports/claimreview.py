"""A signed-off claim as schema.org's ClaimReview in JSON-LD."""

from __future__ import annotations

import json
from typing import Any

from pipeline.core.config import PublisherConfig
from pipeline.core.errors import ConfigError, DataError
from pipeline.core.home import Home
from pipeline.core.vocabulary import DecisionKind, Platform, Precision, Stance, Status
from pipeline.decisions.journal import Journal
from pipeline.published.claim import CaseFile
from pipeline.published.claim_rows import Decision, Evidence
from pipeline.text.sanitize import host_of

APPEARANCES = 25
"""Documents named as appearances, the earliest first."""

# Google reads 1 as false and 5 as true. Where neither was shown, a number would say more than we know.
RATINGS = {Status.SUBSTANTIATED: 5, Status.CONTRADICTED: 1}
WORDS = {
    Status.UNVERIFIED: "Unverified",
    Status.CORROBORATED: "Corroborated, not proven",
    Status.DISPUTED: "Disputed",
    Status.SUBSTANTIATED: "Substantiated",
    Status.CONTRADICTED: "Contradicted",
    Status.RETRACTED: "Retracted by its source",
    Status.EXPIRED: "Did not happen in time",
}
_OUTLETS = (Platform.NEWS, Platform.BLOG, Platform.HUGGINGFACE, Platform.GITHUB, Platform.ARXIV)


def sign_off(case: CaseFile, home: Home) -> Decision:
    """Return the editor's decision on the status that signs the claim off, as copy and journal have it.

    Raises DataError, with what to do next, where there is none, or the copy and the journal do not agree.
    """
    subject = case.subject
    standing = [d for d in case.decisions if d.kind is DecisionKind.STATUS and d.undone_at is None]
    entries = Journal(home.journal).read()
    targets = {subject.claim_id, *(d.target for d in case.decisions)}
    newest = [
        d.decision_id
        for d in entries
        if d.kind is DecisionKind.STATUS and d.target in targets and d.undone_at is None
    ]
    if not standing and not newest:
        raise DataError(
            f"no editor has signed off {subject.claim_id}; the machine says {subject.status}."
            " Look at the dossier, then:"
            f' rumortrail decide status {subject.claim_id} {subject.status} --reason "..." --editor NAME'
        )
    if not standing or newest[-1:] != [standing[-1].decision_id] or standing[-1].value != subject.status:
        raise DataError(
            f"the published copy does not hold the newest decision on {subject.claim_id}:"
            " run `rumortrail process`"
        )
    return standing[-1]


def claim_review(case: CaseFile, decision: Decision, publisher: PublisherConfig) -> dict[str, Any]:
    """Return the ClaimReview of a claim that `decision` signed off; unknown times are left out.

    Raises ConfigError without `[publisher] name` and `url`.
    """
    subject = case.subject
    url = publisher.claim(subject.claim_id)
    if not publisher.name or not host_of(url):
        raise ConfigError(
            "a ClaimReview must name its publisher: set [publisher] name and url in rumortrail.toml"
        )
    rating: dict[str, Any] = {
        "@type": "Rating",
        "bestRating": 5,
        "worstRating": 1,
        "alternateName": WORDS[subject.status],
    }
    if subject.status in RATINGS:
        rating["ratingValue"] = RATINGS[subject.status]
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": url,
        "claimReviewed": subject.claim,
        "datePublished": f"{decision.decided_at:%Y-%m-%d}",
        "author": {"@type": "Organization", "name": publisher.name, "url": publisher.url},
        "reviewRating": rating,
        "itemReviewed": claimed(case),
    }


def signed_review(case: CaseFile, home: Home, publisher: PublisherConfig) -> dict[str, Any] | None:
    """Return the ClaimReview of a claim that an editor signed off; None where there is none to tell.

    There is none, either, where the copy and the journal differ or the publisher is not named: the page of
    the claim then tells no verdict to machines.
    """
    if not any(entry.kind is DecisionKind.STATUS and entry.undone_at is None for entry in case.decisions):
        return None
    try:
        return claim_review(case, sign_off(case, home), publisher)
    except (ConfigError, DataError):
        return None


def as_json(review: dict[str, Any]) -> str:
    """Return `review` as JSON in ASCII that cannot end the script element around it."""
    text = json.dumps(review, indent=1)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def as_html(review: dict[str, Any]) -> str:
    """Return the script element for the page of the review."""
    return f'<script type="application/ld+json">\n{as_json(review)}\n</script>'


def claimed(case: CaseFile) -> dict[str, Any]:
    """Return the claim with who said it and the documents that carry it; of its status it says nothing."""
    carriers: dict[str, Evidence] = {}
    for statement in case.statements:
        if statement.carries and host_of(statement.url):
            carriers.setdefault(statement.document_id, statement)
    carried = list(carriers.values())
    claim: dict[str, Any] = {"@type": "Claim"}
    first = next((document for document in carried if document.said_at), None)
    if first:
        claim["datePublished"] = _date(first)
    earliest = {words.document_id for words in case.first}
    if first and earliest != {first.document_id}:
        first = None  # of several at about the same time, none is named as the first
    if first:
        claim["firstAppearance"] = _work(first)
    others = [_work(document) for document in carried if document is not first]
    if others:
        claim["appearance"] = others[:APPEARANCES]
    voiced = [statement for statement in case.statements
              if statement.carries and statement.independent and statement.speaker]
    voiced.sort(key=lambda statement: statement.stance is not Stance.SUPPORTS)
    if voiced:
        equals = {statement.speaker: _author(case, statement)
                  for statement in voiced if statement.document_id in earliest}
        claim["author"] = list(equals.values()) if len(equals) > 1 else _author(case, voiced[0])
    return claim


def _author(case: CaseFile, statement: Evidence) -> dict[str, Any]:
    """Return who says it, which is not always who publishes it."""
    outlet = statement.speaker == statement.source and statement.platform in _OUTLETS
    organisation = (
        outlet or statement.speaker == statement.speaker_organisation
        or statement.speaker in case.subject.organisations
    )
    author: dict[str, Any] = {"@type": "Organization" if organisation else "Person",
                              "name": statement.speaker}
    if statement.speaker_organisation and not organisation:
        author["affiliation"] = {"@type": "Organization", "name": statement.speaker_organisation}
    return author


def _work(evidence: Evidence) -> dict[str, Any]:
    work: dict[str, Any] = {
        "@type": "CreativeWork",
        "url": evidence.url,
        "publisher": {"@type": "Organization", "name": evidence.source},
    }
    if evidence.title:
        work["headline"] = evidence.title
    if evidence.said_at:
        work["datePublished"] = _date(evidence)
    return work


def _date(evidence: Evidence) -> str:
    """Return the time of a statement, no finer than it is known, as ISO 8601 allows."""
    assert evidence.said_at
    forms = {Precision.SECOND: "%Y-%m-%dT%H:%M:%SZ", Precision.MINUTE: "%Y-%m-%dT%H:%MZ",
             Precision.DAY: "%Y-%m-%d", Precision.MONTH: "%Y-%m"}
    return evidence.said_at.strftime(forms.get(evidence.said_precision, "%Y"))
