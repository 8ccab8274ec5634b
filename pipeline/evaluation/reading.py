"""What `rumortrail eval reading` measures: the claims of a published copy beside labelled ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.core.config import AskConfig
from pipeline.core.home import Home
from pipeline.core.records import followed_claim_id
from pipeline.evaluation.rows import ReadingRow
from pipeline.published.database import open_published

AGAINST = frozenset({"denies", "questions"})
_CLAIMS = "SELECT claim_id, claim, status, first_document_id FROM claims"
_EVIDENCE = """
    SELECT claim_id, document_id, list(DISTINCT stance) FROM evidence GROUP BY ALL
    ORDER BY min(coalesce(said_at, seen_at)), document_id
"""
_READ = "SELECT DISTINCT document_id FROM passages UNION SELECT DISTINCT document_id FROM mentions"


@dataclass(frozen=True)
class Copy:
    """A published copy: its claims by id, the stances of each document in each claim (the documents in the
    order in which they spoke), the documents read.
    """

    claims: dict[str, Mapping[str, Any]]
    stances: dict[str, dict[str, set[str]]]
    documents_read: frozenset[str]

    @classmethod
    def read(cls, home: Home) -> Copy:
        """Read the copy that was published last."""
        with open_published(home.published, AskConfig()) as connection:
            result = connection.execute(_CLAIMS)
            names = [column[0] for column in result.description or ()]
            claims: dict[str, Mapping[str, Any]] = {
                row[0]: dict(zip(names, row, strict=True)) for row in result.fetchall()}
            stances: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
            for claim_id, document_id, document_stances in connection.execute(_EVIDENCE).fetchall():
                stances[claim_id][document_id].update(document_stances)
            documents_read = frozenset(row[0] for row in connection.execute(_READ).fetchall())
        return cls(claims, stances, documents_read)


def eval_reading(rows: Sequence[ReadingRow], alone: Copy, followed: Copy
                 ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Compare the claims of published copies with labelled ones.

    `alone` is what nights make by themselves; in `followed` an editor follows each labelled sentence, which
    measures gathering apart from founding. A labelled claim's counterpart is the published claim that holds
    most of its labelled documents; of equals, the one with the larger share of such documents, then the
    lesser id. Labels marked not sure are left out. Returns the figures and, for each claim, `{claim_id,
    counterpart, status, first, held: [{id, label, stances}]}`.
    """
    labels = {row.claim_id: {mention.id: mention.stance for mention in row.mentions if mention.sure}
              for row in rows}
    best = counterparts(labels, alone)
    own = {row.claim_id: followed_claim_id(row.claim) for row in rows}
    related = {name for document_labels in labels.values() for name, label in document_labels.items()
               if label != "unrelated"}
    figures: dict[str, Any] = {
        "claims": len(rows),
        "labelled": sum(label != "unrelated" for document_labels in labels.values()
                        for label in document_labels.values()),
        "read": _share(name in alone.documents_read for name in related),
        **measured(rows, labels, best, alone),
        **{f"followed_{name}": value for name, value in measured(rows, labels, own, followed).items()},
    }
    return figures, [_told(row, labels[row.claim_id], best[row.claim_id], own[row.claim_id], alone, followed)
                     for row in rows]


def counterparts(labels: Mapping[str, Mapping[str, str]], copy: Copy) -> dict[str, str | None]:
    """Return for each labelled claim the published claim that holds most of its documents; None for none."""
    holders: dict[str, list[str]] = defaultdict(list)
    for claim_id, documents in copy.stances.items():
        for document in documents:
            holders[document].append(claim_id)
    best: dict[str, str | None] = {}
    for name, document_labels in labels.items():
        counts = Counter(claim for document, label in document_labels.items() if label != "unrelated"
                       for claim in holders.get(document, ()))
        best[name] = min(counts, key=lambda claim: (-counts[claim], len(copy.stances[claim]), claim),
                         default=None)
    return best


def measured(rows: Sequence[ReadingRow], labels: Mapping[str, Mapping[str, str]],
             holders: Mapping[str, str | None], copy: Copy) -> dict[str, float]:
    """Return what the claims that stand for labelled ones hold of their labelled documents.

    `held` is the share of the documents that speak to a claim which its counterpart holds. `precision` is the
    share of those that speak to it among the labelled documents that the counterpart holds: labelled for this
    claim, or for another one only; a document of which the label for this claim is not sure counts neither
    way, and is nobody's first. `right_side` is, of the documents held rightly, the share on the right
    side (for, against). `doubts` is the mean over claims with a denial or doubt of the share held as either.
    `status` and `first` are the shares of claims with the labelled status and the labelled first document.
    """
    labelled_documents = {document for document_labels in labels.values() for document in document_labels}
    held = wanted = labelled = 0
    sides: list[bool] = []
    doubts: list[float] = []
    statuses: list[bool] = []
    firsts: list[bool] = []
    for row in rows:
        document_labels = labels[row.claim_id]
        unsure = {mention.id for mention in row.mentions if not mention.sure}
        claim_id = holders[row.claim_id]
        stances = copy.stances.get(claim_id, {}) if claim_id else {}
        speaking = {name: label for name, label in document_labels.items() if label != "unrelated"}
        wanted += len(speaking)
        held_documents = [name for name in speaking if name in stances]
        held += len(held_documents)
        labelled += sum(name in labelled_documents and name not in unsure for name in stances)
        sides += [_right_side(speaking[name], stances[name]) for name in held_documents]
        against = [name for name, label in speaking.items() if label in AGAINST]
        if against:
            doubts.append(sum(bool(stances.get(name, set()) & AGAINST) for name in against) / len(against))
        claim = copy.claims.get(claim_id or "", {})
        if row.status:
            statuses.append(claim.get("status") == row.status)
        if row.first_id:
            first = claim.get("first_document_id")
            if first in unsure:
                first = next((name for name in stances if name not in unsure), None)
            firsts.append(first == row.first_id)
    return {
        "held": held / wanted if wanted else 0.0, "precision": held / labelled if labelled else 0.0,
        "right_side": _share(sides), "doubts": sum(doubts) / len(doubts) if doubts else 0.0,
        "claims_with_doubts": float(len(doubts)), "status": _share(statuses), "first": _share(firsts),
    }


def _right_side(label: str, stances: set[str]) -> bool:
    """Return True if a document stands on the labelled side: doubts and denials against, the others for."""
    return bool(stances & AGAINST) if label in AGAINST else bool(stances - AGAINST)


def _share(truths: Iterable[bool]) -> float:
    values = list(truths)
    return sum(values) / len(values) if values else 0.0


def _told(row: ReadingRow, labels: Mapping[str, str], best: str | None, own: str, alone: Copy,
          followed: Copy) -> dict[str, Any]:
    claim = alone.claims.get(best or "", {})
    return {
        "claim_id": row.claim_id, "counterpart": best, "counterpart_claim": claim.get("claim"),
        "status": claim.get("status"), "first": claim.get("first_document_id"),
        "followed_status": followed.claims.get(own, {}).get("status"),
        "held": [{"id": name, "label": label,
                  "stances": sorted(alone.stances.get(best or "", {}).get(name, ())),
                  "followed": sorted(followed.stances.get(own, {}).get(name, ()))}
                 for name, label in sorted(labels.items())],
    }
