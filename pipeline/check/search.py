"""Find the claims that a statement may speak to, by names, and by dense and sparse similarity together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.protocols.vectors import Embedder, Retriever
from pipeline.check.known_claims import KnownClaims, Target, Vector
from pipeline.check.statements import Statement
from pipeline.stages.gather.candidates import SPARSE, terms

WIDE = 100  # claims that share a name and are nearest by cosine, of which the best are read
READ = 8  # claims beside which a statement is read as a passage
ALIKE = 4  # claims beside which what it says is compared as a sentence


@dataclass(frozen=True, slots=True)
class Near:
    """A claim near a statement. `row` is its place among the claims; `cosine` is theirs by the retriever."""

    row: int
    target: Target
    cosine: float


def near_claims(statements: Sequence[Statement], known: KnownClaims, embedder: Embedder,
                retriever: Retriever, floor: float) -> list[list[Near]]:
    """Return for each statement the claims that it may speak to, best first.

    These are the READ best by the retriever's cosine and TF-IDF together, as gathering searches, and the
    ALIKE whose sentences are nearest to what it says by the embedder, as founding does. Only claims that
    share a name with it, or with its context, are looked at, and those without a known name. Claims with a
    cosine below `floor` are left out, unless the statement is in Chinese, where cosines are lower.
    """
    if not statements or not known.claims:
        return [[] for _ in statements]
    passages = retriever.passages.encode([statement.quote for statement in statements])
    propositions = [statement.best.mention.proposition if statement.best else statement.quote
                    for statement in statements]
    sentences = embedder.encode(propositions)
    near = []
    for statement, passage, sentence in zip(statements, passages, sentences, strict=True):
        rows = known.named((*statement.names, *statement.inherited))
        cosines = known.cosines(retriever.claims.name, rows, passage)
        order = np.lexsort((rows, -cosines))[:WIDE]
        best = order[_best(statement.quote, known, rows[order], cosines[order])][:READ]
        best = best if statement.chinese else best[cosines[best] >= floor]
        chosen = dict.fromkeys(best.tolist())
        if statement.made:
            alike = np.lexsort((rows, -known.cosines(embedder.name, rows, sentence)))[:ALIKE]
            chosen |= dict.fromkeys(alike.tolist())
        near.append([Near(int(rows[place]), known.claims[rows[place]], float(cosines[place]))
                     for place in chosen])
    return near


def _best(quote: str, known: KnownClaims, rows: NDArray[np.intp], cosines: Vector) -> NDArray[np.intp]:
    """Return the places of `rows`, best first by cosine and the words that claim and quote share."""
    # Here, since it takes two seconds to load: the dashboard starts without it.
    from sklearn.feature_extraction.text import TfidfVectorizer

    scores = cosines.copy()
    try:
        sparse = TfidfVectorizer(analyzer=terms, sublinear_tf=True, dtype=np.float32)
        claims = sparse.fit_transform([known.claims[row].claim for row in rows])
        scores += SPARSE * (claims @ sparse.transform([quote]).T).toarray()[:, 0]
    except ValueError:  # no claim has a word that counts
        pass
    return np.lexsort((rows, -scores))
