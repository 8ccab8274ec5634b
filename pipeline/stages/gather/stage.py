"""Gather: all stored passages are searched for what speaks to a claim, and a relation model says where it
stands.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from models.protocols.founding import Founder
from models.protocols.language import Language, Statement
from models.protocols.stance import EntailmentModel, StanceModel
from models.protocols.vectors import Embedder, Retriever
from pipeline.core.context import RunContext
from pipeline.core.records import Claim, Evidence, Mention, StageCounts
from pipeline.core.vocabulary import Kind, Precision, Stance
from pipeline.stages.gather.attach import (
    Passage,
    Relation,
    Speech,
    evidence_of,
    mention_of,
    overlaps,
    relation_of,
    speech_in,
)
from pipeline.stages.gather.candidates import (
    AROUND,
    SearchablePassage,
    Shelf,
    SoughtClaim,
    candidates,
    name_keys,
)
from pipeline.stages.gather.joining import Readers, join_claims
from pipeline.stages.gather.pairs import BARE, UNREAD, Asked, read_pairs
from pipeline.stages.gather.slots_agree import differs
from pipeline.stages.gather.stories import tell_stories
from pipeline.store.embedded import embedded
from pipeline.store.queries import Statements
from pipeline.store.row_by_row import row_by_row
from pipeline.store.store import Store
from pipeline.store.vectors import vectors_of
from pipeline.text.slots import Slots, other_date

SQL = Statements(__package__, "queries")

PASSAGES = 4000  # put to the claims at once
CLAIMS = 100  # searched for at once
READ = {True: 80, False: 80}  # different passages that may be read for a claim, in English and otherwise
ANSWERS = 30  # answers that are read for one claim
EARLIER = 0.1  # lowers the bound for passages against a claim: they share fewer of the claim's words
OTHERS = 0.9  # probability from which a passage that makes another claim itself belongs as well
MOST = 3  # passages of one document that one claim holds
NOTHING = Statement("other", (), (), (), None, "unknown")


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
    return StageCounts(counts["read"], attached, counts["read"] - attached, 0, detail)


class _Desk:
    """One run's search: what it knows of the claims it looks at, and what it counted."""

    def __init__(self, store: Store, run: RunContext, language: Language, retriever: Retriever,
                 relation_model: StanceModel) -> None:
        self.store, self.run = store, run
        self._language, self._retriever, self._relations = language, retriever, relation_model
        self.model = f"{relation_model.name}+{retriever.passages.name}"
        self.counts: Counter[str] = Counter()
        self._read: set[tuple[str, str]] = set()

    def found_followed(self, load_founder: Callable[[], Founder]) -> None:
        """Make a claim of each sentence that an editor follows; no founder is loaded where there is none."""
        followed = self.store.execute(SQL["followed"])
        if not followed:
            return
        founder = load_founder()
        abouts = [self._about(sentence, decided_at, claim_id) for claim_id, sentence, decided_at in followed]
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
        vectors = embedded(self.store, self.run, "gather", self._retriever.passages,
                           [(passages[passage].document_id, words[passage]) for passage in order])
        shelf = Shelf([_searchable(passages[passage]) for passage in order], vectors)
        times = [passage.said_at or passage.seen_at for passage in passages.values()]
        since, until = min(times, default=self.run.now), max(times, default=self.run.now)
        live = {"model": self.model, "since": since - AROUND, "until": until + AROUND}
        claims = self._claims([claim for (claim,) in self.store.execute(SQL["live"], live)])
        pairs = candidates(claims, shelf, lambda _: words, READ, self.run.config.gather.near)
        by_id = {claim.claim_id: claim for claim in claims}
        answers = self._answers(by_id, [(claim, passage) for passage, claim in self.store.execute(
            SQL["answered"], {"passages": order})], passages)
        related = self._judged([*answers, *pairs], passages)
        with self.store.transaction():
            self._save(related)
            self.store.append("passage_vectors", (
                {"passage_id": passage, "model": self._retriever.passages.name, "vector": vector}
                for passage, vector in zip(order, vectors, strict=True)), replace=True)

    def seek(self, waiting: Sequence[str]) -> None:
        """Search the stored passages for claims, those that answer what speaks to them too."""
        claims = self._claims(waiting)
        by_id = {claim.claim_id: claim for claim in claims}
        pairs: list[tuple[SoughtClaim, str, float | None]] = []
        for dated in (True, False):
            group = [claim for claim in claims if (claim.first_at is not None) == dated]
            if group:
                pairs += candidates(group, self._shelf(group), self._words, READ, self.run.config.gather.near)
        passages = self._passages({passage for _, passage, _ in pairs})
        related = self._judged(pairs, passages)
        with self.store.transaction():
            self._save(related)
            # What answers a passage just found speaks to the same claim more often than not.
            answers = self.store.execute(SQL["answers"], {"claims": list(by_id)})
            passages = self._passages({passage for _, passage in answers})
            self._save(self._judged(self._answers(by_id, answers, passages), passages))
            self.store.append("gathered", (
                {"claim_id": claim.claim_id, "claim": claim.claim, "model": self.model} for claim in claims),
                replace=True)

    def _answers(self, claims: dict[str, SoughtClaim], rows: Iterable[tuple[str, str]],
                 passages: dict[str, Passage]) -> list[tuple[SoughtClaim, str, None]]:
        """Return the pairs of claims and short answers to what speaks to them; the search has longer ones.

        The search did not compare them with the claim, so that the relation model does.
        """
        answers: dict[str, list[str]] = defaultdict(list)
        for claim, passage in rows:
            if claim in claims and len(passages[passage].quote) <= BARE:
                answers[claim].append(passage)
        return [(claims[claim], passage, None) for claim, passage_ids in answers.items()
                for passage in sorted(passage_ids, key=lambda id_: (passages[id_].seen_at, id_))[:ANSWERS]]

    def _shelf(self, claims: Sequence[SoughtClaim]) -> Shelf:
        """Return the passages of the time in which claims were talked about."""
        times = [time for claim in claims for time in (claim.first_at, claim.last_at) if time is not None]
        wanted = {"model": self._retriever.passages.name, "since": min(times) - AROUND if times else None,
                  "until": max(times) + AROUND if times else None}
        table = self.store.table(SQL["stretch"], wanted)
        columns = (table.column(name).to_pylist() for name in ("passage_id", "language", "at", "names"))
        passages = [SearchablePassage(*row) for row in zip(*columns, strict=True)]
        return Shelf(passages, vectors_of(table.column("vector")))

    def _words(self, passages: Sequence[str]) -> dict[str, str]:
        return dict(self.store.execute(SQL["words"], {"passages": list(passages)}))

    def _judged(self, pairs: Sequence[tuple[SoughtClaim, str, float | None]], passages: dict[str, Passage]
                ) -> list[tuple[SoughtClaim, Passage, Relation]]:
        """Return the pairs that belong together, by names and slots and then by the relation model."""
        held_places = self._held({claim.claim_id for claim, *_ in pairs})
        wanted: dict[tuple[str, str], Asked] = {}
        for claim, passage_id, likeness in pairs:
            passage, key = passages[passage_id], (claim.claim_id, passage_id)
            if key in wanted or key in self._read or not _may_speak(claim, passage):
                continue
            if not overlaps(passage, held_places.get(claim.claim_id, ())):
                wanted[key] = Asked(claim, passage, likeness)
        asked = list(wanted.values())
        answers, read = read_pairs(self.store, self.run, self._relations, asked,
                                   self._spoken({pair.claim.claim_id for pair in asked}))
        self.counts["read"] += read
        self._read.update(key for key, answer in zip(wanted, answers, strict=True) if answer is not UNREAD)
        config = self.run.config.gather
        founding = self._saying({pair.passage.version_id for pair in asked})
        related = []
        for pair, answer in zip(asked, answers, strict=True):
            claim, passage = pair.claim, pair.passage
            relation = relation_of(answer.shares)
            against = relation.stance in (Stance.DENIES, Stance.QUESTIONS)
            # A passage that makes another claim itself seldom speaks to this one as well (an editor's
            # sentence may say the same as a stored claim).
            bound = config.related - (EARLIER if against else 0.0)
            if not claim.followed and overlaps(passage, founding.get(passage.version_id, ())):
                bound = max(OTHERS, bound)
            if answer.related >= bound and not differs(
                    claim.slots, passage.names, passage.inherited, passage.numbers, passage.quote,
                    against=against) and (against or not self._other_date(claim, passage)):
                related.append((claim, passage, relation))
        return _best(related, held_places)

    def _other_date(self, claim: SoughtClaim, passage: Passage) -> bool:
        """Return True if claim and passage name times that do not meet."""
        if claim.event_at is None:
            return False
        statement = self._about(passage.quote, passage.counts_from, passage.document_id)
        slots = Slots("", claim.kind, (), (), (), statement.event_at, Precision(statement.event_precision))
        return other_date(claim.slots, slots)

    def _saying(self, versions: set[str]) -> dict[str, list[tuple[str, str, int, int]]]:
        """Return the places, by version, of the mentions that founded or joined a claim."""
        places: dict[str, list[tuple[str, str, int, int]]] = defaultdict(list)
        for _, version, part, start, end in self.store.execute(SQL["saying"], {"versions": sorted(versions)}):
            places[version].append((version, part, start, end))
        return places

    def _held(self, claims: set[str]) -> dict[str, list[tuple[str, str, int, int]]]:
        held_places: dict[str, list[tuple[str, str, int, int]]] = defaultdict(list)
        for claim, version, _document, part, start, end in self.store.execute(
                SQL["members"], {"claims": sorted(claims)}):
            held_places[claim].append((version, part, start, end))
        return held_places

    def _spoken(self, claims: set[str]) -> dict[str, dict[str, float]]:
        """Return how surely each document that was gathered for these claims speaks to them."""
        spoken: dict[str, dict[str, float]] = defaultdict(dict)
        for claim, document, related in self.store.execute(SQL["spoken_of"], {"claims": sorted(claims)}):
            spoken[claim][document] = related
        return spoken

    def _save(self, related: Sequence[tuple[SoughtClaim, Passage, Relation]]) -> None:
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

    def _claims(self, claim_ids: Sequence[str]) -> list[SoughtClaim]:
        claims = self.store.read(SoughtClaim, SQL["claims"], {"claims": list(claim_ids)})
        statements = (self._about(claim.claim, claim.first_at, claim.claim_id) for claim in claims)
        return [replace(claim, numbers=statement.numbers)
                for claim, statement in zip(claims, statements, strict=True)]

    def _passages(self, passage_ids: Iterable[str]) -> dict[str, Passage]:
        wanted = sorted(set(passage_ids))
        rows = self.store.read(Passage, SQL["passages"], {"passages": wanted}) if wanted else []
        return {row.passage_id: row for row in rows}

    def _about(self, sentence: str, when: datetime | None, place: str) -> Statement:
        """Return what a sentence is about; NOTHING for a sentence that breaks the language model."""
        return row_by_row(self.store, self.run, "gather", [sentence],
                          lambda batch: [self._language.statement(text, when) for text in batch],
                          lambda _: place, unread=lambda _: NOTHING)[0]


def _searchable(passage: Passage) -> SearchablePassage:
    return SearchablePassage(passage.passage_id, passage.language,
                             (passage.said_at or passage.seen_at).timestamp(),
                             (*passage.names, *passage.organisations, *passage.inherited))


def _may_speak(claim: SoughtClaim, passage: Passage) -> bool:
    """Return True if the passage, or what it stands in, shares a name with the claim, in the claim's days.

    A passage that names nothing and answers nobody speaks of its subject in general, whatever it stands in.
    """
    if not (passage.answered or passage.names or passage.organisations):
        return False
    found = _searchable(passage)
    since, until = claim.days
    return since <= found.at <= until and (
        not claim.keys or bool(claim.keys & name_keys(found.names)))


def _best(related: Sequence[tuple[SoughtClaim, Passage, Relation]],
          held_places: dict[str, list[tuple[str, str, int, int]]]
          ) -> list[tuple[SoughtClaim, Passage, Relation]]:
    """Return the surest passages, at most MOST of one version for one claim."""
    best = []
    taken: Counter[tuple[str, str]] = Counter()
    for claim_id, places in held_places.items():
        taken.update((claim_id, version) for version, *_ in places)
    for claim, passage, relation in sorted(
            related, key=lambda row: (row[0].claim_id, -row[2].related, row[1].passage_id)):
        if taken[claim.claim_id, passage.version_id] < MOST:
            taken[claim.claim_id, passage.version_id] += 1
            best.append((claim, passage, relation))
    return best
