"""Gather: all stored passages are searched for what speaks to a claim, and a relation model says where it
stands.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

import numpy as np
import pyarrow as pa

from models.protocols.founding import Founder
from models.protocols.language import Language
from models.protocols.stance import EntailmentModel, StanceModel
from models.protocols.vectors import Embedder, Retriever
from pipeline.core.context import RunContext
from pipeline.core.records import Claim, Evidence, Mention, StageCounts
from pipeline.core.vocabulary import Kind, Precision, Stance
from pipeline.stages.gather.attach import Passage, SoughtClaim, Speech, evidence_of, mention_of, speech_in
from pipeline.stages.gather.candidates import ENGLISH, Pairs, Rows, ranked
from pipeline.stages.gather.joining import Readers, join_claims
from pipeline.stages.gather.pairs import BARE
from pipeline.stages.gather.relating import Pair, Related, Relating, may_speak
from pipeline.stages.gather.search import Search
from pipeline.stages.gather.stories import tell_stories
from pipeline.store.embedded import embedded
from pipeline.store.queries import Statements
from pipeline.store.row_by_row import row_by_row
from pipeline.store.store import Store

SQL = Statements(__package__, "queries")

PASSAGES = 4000  # put to the claims at once
CLAIMS = 100  # searched for at once
READ = {True: 80, False: 80}  # different passages that may be read for a claim, in English and otherwise
ANSWERS = 30  # answers that are read for one claim


def gather(store: Store, run: RunContext, language: Language, embedder: Embedder, retriever: Retriever,
           relation_model: StanceModel, entailment_model: EntailmentModel,
           load_founder: Callable[[], Founder]) -> StageCounts:
    """Put new passages to the claims that are known, and stored passages to the claims that are new.

    A sentence that an editor follows is made a claim first, of the kind that the founding model gives it,
    which `load_founder` loads, and claims that say the same are joined. Reads decisions, passages, claims,
    members; writes claims, joins, vectors of claims (by `embedder` to compare them, by `retriever` to search
    for them) and of passages, gathered, and for each passage that speaks to a claim a mention with its
    placement, membership and evidence. A pair is read once. Then claims that touch one another are put to
    stories. `inputs` are pairs of claim and passage that were read, `done` those that were put together.
    Raises ModelError where a model answers with what cannot be used.
    """
    desk = _Desk(store, run, language, retriever, relation_model)
    desk.found_followed(load_founder)
    desk.embed_claims("claim_vectors", embedder)
    desk.embed_claims("claim_queries", retriever.claims)
    # Before anything is gathered for a new claim: joined claims gather once.
    joined = join_claims(store, run, Readers(entailment_model, relation_model), embedder.name)
    fresh = [passage for (passage,) in store.execute(SQL["fresh"], {"model": retriever.passages.name})]
    waiting = [claim for (claim,) in store.execute(SQL["waiting"], {"model": desk.model})]
    total = len(fresh) + len(waiting)
    if not total:  # an editor may have merged claims, or taken a word back
        return StageCounts(detail={"joined": joined, **tell_stories(store, run, embedder.name)})
    done = 0
    run.progress("gather", done, total)
    parts = iter(fresh)
    while batch := list(islice(parts, PASSAGES)):
        desk.put_passages(batch)
        done += len(batch)
        run.progress("gather", done, total)
    claims = iter(waiting)
    while batch := list(islice(claims, CLAIMS)):
        desk.seek(batch)
        done += len(batch)
        run.progress("gather", done, total)
    counts = desk.counts
    detail = {"passages": len(fresh), "claims": len(waiting), "joined": joined,
              **{str(stance): counts[stance] for stance in Stance},
              **tell_stories(store, run, embedder.name)}
    attached = sum(counts[stance] for stance in Stance)
    read = desk.read
    return StageCounts(read, attached, read - attached, 0, detail)


class _Desk:
    """One run's search: what it knows of the claims it looks at, and what it counted."""

    def __init__(self, store: Store, run: RunContext, language: Language, retriever: Retriever,
                 relation_model: StanceModel) -> None:
        self.store, self.run = store, run
        self._retriever, self._relations = retriever, relation_model
        self.model = f"{relation_model.name}+{retriever.passages.name}"
        self.counts: Counter[str] = Counter()
        self._relating = Relating(store, run, language, relation_model)
        self._search = Search(store, retriever.claims.name, retriever.passages.name, run.config.gather.near)

    @property
    def read(self) -> int:
        """Return how many pairs the relation model read."""
        return self._relating.count

    def found_followed(self, load_founder: Callable[[], Founder]) -> None:
        """Make a claim of each sentence that an editor follows; no founder is loaded where there is none."""
        followed = self.store.execute(SQL["followed"])
        if not followed:
            return
        founder = load_founder()
        abouts = [self._relating.about(sentence, decided_at, claim_id)
                  for claim_id, sentence, decided_at in followed]
        kinds = row_by_row(self.store, self.run, "gather", list(zip(followed, abouts, strict=True)),
                           lambda batch: [founder.kind(row[1], about.kind) for row, about in batch],
                           lambda pair: str(pair[0][0]), unread=lambda pair: pair[1].kind)
        claims = [
            Claim(claim_id, sentence, Kind(kind), "", about.organisations, about.entities, about.event_at,
                  Precision(about.event_precision), None, decided_at, self.run.run_id)
            for (claim_id, sentence, decided_at), about, kind in zip(followed, abouts, kinds, strict=True)]
        self.store.append("claims", claims)

    def embed_claims(self, table: str, embedder: Embedder) -> None:
        """Store in a table the vectors of claims whose sentence has none there."""
        rows = self.store.execute(SQL[table], {"model": embedder.name})
        for start in range(0, len(rows), PASSAGES):
            part = rows[start : start + PASSAGES]
            vectors = embedded(self.store, self.run, "gather", embedder, part)
            self.store.append(table, (
                {"claim_id": claim_id, "claim": claim, "model": embedder.name, "vector": vector}
                for (claim_id, claim), vector in zip(part, vectors, strict=True)), replace=True)

    def put_passages(self, fresh: Sequence[str]) -> None:
        """Embed passages and put them to the claims whose stored passages were searched before."""
        words = self._words(fresh)
        order = sorted(words)
        passages = self._passages(order)
        in_order = [passages[passage] for passage in order]
        vectors = embedded(self.store, self.run, "gather", self._retriever.passages,
                           [(passage.document_id, words[passage.passage_id]) for passage in in_order])
        times = [passage.time for passage in in_order] or [self.run.now.timestamp()]
        claims = self._search.live(self.model, min(times), max(times))
        columns = pa.table({
            "names": pa.array([passage.all_names for passage in in_order], pa.list_(pa.string())),
            "time": pa.array([passage.time for passage in in_order], pa.float64()),
            "english": np.asarray([passage.language == ENGLISH for passage in in_order], dtype=bool)})
        found = self._search.put_passages(claims, columns, vectors)
        live = set(claims.column("claim_id").to_pylist())
        answers = [(claim, passage) for passage, claim in self.store.execute(
            SQL["answered"], {"passages": order}) if claim in live]
        answered = self._relating.claims({claim for claim, _ in answers})
        parts = ranked(found.pairs, found.passages, [words[order[row]] for row in found.passages],
                       _sentences(claims), READ)
        related = self._relating.related(chain([_answers(answered, answers, passages)],
                                               _pairs(parts, claims, in_order)), in_order)
        with self.store.transaction():
            self._save(related)
            self.store.append("passage_vectors", (
                {"passage_id": passage, "model": self._retriever.passages.name, "vector": vector}
                for passage, vector in zip(order, vectors, strict=True)), replace=True)

    def seek(self, waiting: Sequence[str]) -> None:
        """Search the stored passages for claims, those that answer what speaks to them too."""
        claims = self._search.claims(waiting)
        since, until = (claims.column(name).to_numpy() for name in ("since", "until"))
        by_id = self._relating.claims(claims.column("claim_id").to_pylist())
        pairs: list[list[Pair]] = []
        for group in (np.isfinite(since), np.isinf(since)):
            if group.any():
                pairs += self._stored(claims.filter(pa.array(group)), since[group].min(), until[group].max())
        related = self._relating.related(pairs, (pair.passage for part in pairs for pair in part), by_id)
        with self.store.transaction():
            self._save(related)
            # What answers a passage just found speaks to the same claim more often than not.
            answers = self.store.execute(SQL["answers"], {"claims": list(by_id)})
            passages = self._passages({passage for _, passage in answers})
            self._save(self._relating.related([_answers(by_id, answers, passages)], passages.values(), by_id))
            self.store.append("gathered", (
                {"claim_id": claim.claim_id, "claim": claim.claim, "model": self.model}
                for claim in by_id.values()), replace=True)

    def _stored(self, claims: pa.Table, since: float, until: float) -> list[list[Pair]]:
        """Return what is to be read of the stored passages between two seconds."""
        stretch = self._search.passages(since, until)
        found = self._search.look_for(claims, stretch)
        ids = stretch.column("passage_id")
        # Words and passages come in the order of ids, as rows do.
        words = self._words(ids.take(pa.array(found.passages)).to_pylist())
        parts = list(ranked(found.pairs, found.passages, list(words.values()), _sentences(claims), READ))
        rows = np.unique(Pairs.joined(parts).passages)
        passages = self._passages(ids.take(pa.array(rows)).to_pylist())
        return list(_pairs(parts, claims, dict(zip(rows.tolist(), passages.values(), strict=True))))

    def _words(self, passages: Sequence[str]) -> dict[str, str]:
        return dict(self.store.execute(SQL["words"], {"passages": list(passages)}))

    def _save(self, related: Sequence[Related]) -> None:
        spoken: dict[str, list[Speech]] = defaultdict(list)
        versions = sorted({passage.version_id for _, passage, _ in related})
        for row in self.store.read(Speech, SQL["spoken"], {"versions": versions}) if versions else ():
            spoken[row.version_id].append(row)
        mentions: list[Mention] = []
        evidence: list[Evidence] = []
        places = []
        for claim, passage, relation in related:
            speech = speech_in(passage, claim.claim, spoken[passage.version_id])
            mention = mention_of(self.run, claim, passage, relation, speech, self.model)
            mentions.append(mention)
            evidence.append(evidence_of(self.run, claim, mention, relation, self._relations.name))
            places.append({"mention_id": mention.mention_id, "claim_id": claim.claim_id,
                           "similarity": round(relation.related, 4), "how": "gathered"})
            self.counts[relation.stance] += 1
        self.store.append("mentions", mentions)
        self.store.append("placements", places)
        self.store.append("members", [row | {"run_id": self.run.run_id} for row in places])
        self.store.append("evidence", evidence)

    def _passages(self, passage_ids: Iterable[str]) -> dict[str, Passage]:
        wanted = sorted(set(passage_ids))
        rows = self.store.read(Passage, SQL["passages"], {"passages": wanted}) if wanted else []
        return {row.passage_id: row for row in rows}


def _sentences(claims: pa.Table) -> Callable[[Rows], list[str]]:
    return lambda rows: claims.column("claim").take(pa.array(rows)).to_pylist()


def _pairs(parts: Iterable[Pairs], claims: pa.Table, passages: Mapping[int, Passage] | Sequence[Passage]
           ) -> Iterator[list[Pair]]:
    ids, sentences, followed = (claims.column(name).to_pylist() for name in ("claim_id", "claim", "followed"))
    for part in parts:
        # A vector of zeros is of a text that broke the retriever: nothing is known of its nearness.
        yield [Pair(ids[claim], sentences[claim], followed[claim], passages[passage], cosine or None)
               for claim, passage, cosine in zip(
                   part.claims.tolist(), part.passages.tolist(), part.cosines.tolist(), strict=True)]


def _answers(claims: Mapping[str, SoughtClaim], rows: Iterable[tuple[str, str]],
             passages: Mapping[str, Passage]) -> list[Pair]:
    """Return the pairs of claims and short answers to what speaks to them; the search has longer ones.

    The search did not compare them with the claim, so that the relation model does.
    """
    answers: dict[str, list[Passage]] = defaultdict(list)
    for claim, passage in rows:
        if len(passages[passage].quote) <= BARE:
            answers[claim].append(passages[passage])
    return [Pair(claim, claims[claim].claim, claims[claim].followed, passage, None)
            for claim, found in answers.items()
            for passage in sorted(found, key=lambda passage: (passage.seen_at, passage.passage_id))[:ANSWERS]
            if may_speak(claims[claim], passage)]
