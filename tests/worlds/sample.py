"""A published copy for the dashboard's tests: three nights of plainly fictional rumours, and hostile texts on demand."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from pipeline.core.config import Config, DashboardConfig, Home
from pipeline.core.context import RunContext
from pipeline.core.records import (
    HEARSAY,
    Claim,
    DateOrigin,
    Decision,
    DecisionKind,
    Document,
    Edge,
    Evidence,
    Issue,
    Kind,
    Mention,
    Origin,
    Outcome,
    Part,
    Platform,
    Precision,
    Role,
    Run,
    Severity,
    Source,
    Stance,
    Status,
    Verdict,
    Version,
    stable_id,
)
from pipeline.stages.judge.stage import store_rules
from pipeline.stages.publish.stage import publish
from pipeline.stages.track import track
from pipeline.store.store import Store
from tests.fakes import FakeEmbedder
from tests.worlds.stories import HOSTILE_URLS, ORGANISATION, SOURCES, STORIES, Said, Story, hostile_texts

NOTICE = "Sample data: every organisation, model, person and quote here is made up."
NIGHTS = tuple(datetime(2026, 3, day, 3, 0, tzinfo=UTC) for day in (9, 10, 11))
EMBEDDER = FakeEmbedder()
MERGED = "cmergedaway"
RUNS = tuple(f"{night:%Y%m%dT%H%M%SZ}" for night in NIGHTS)


def build(home: Home, *, hostile: str | None = None, notice: str = NOTICE) -> Path:
    """Write the sample's published copy under `home` and return its path; `hostile` adds texts that point at that URL."""
    store = Store.open(":memory:")
    builder = _Builder(store)
    builder.runs()
    for story in STORIES:
        builder.story(story)
    builder.rivals()
    builder.subjects()
    builder.grey_pairs()
    builder.decisions()
    if hostile:
        builder.hostile(hostile)
    home.path.mkdir(parents=True, exist_ok=True)
    config = Config(dashboard=DashboardConfig(notice=notice))
    run = RunContext(run_id=RUNS[-1], now=NIGHTS[-1] + timedelta(minutes=11), home=home, config=config)
    track(store, run)
    store_rules(store, run.config.judge.corroborating_voices)
    publish(store, run)
    store.close()
    return home.published


def claim_id(claim: str) -> str:
    """The id that the sample gives to a claim's sentence."""
    return stable_id("c", claim)


class _Builder:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.documents: dict[str, Document] = {}
        self.sources = dict(SOURCES)
        store.append(
            "sources",
            [
                Source(key, name, platform, role, f"https://{host}/", ORGANISATION.get(key))
                for key, (name, platform, role, host) in SOURCES.items()
            ],
        )

    def runs(self) -> None:
        for number, (run_id, night) in enumerate(zip(RUNS, NIGHTS, strict=True)):
            outcome = Outcome.PARTIAL if number == 2 else Outcome.OK
            self.store.append(
                "runs", [Run(run_id, "nightly", night, night + timedelta(minutes=11, seconds=24), outcome, None)]
            )
            counts = {
                "ingest": (214, 198, 13, 3),
                "extract": (198, 198, 0, 0),
                "cluster": (61, 61, 0, 0),
                "weigh": (61, 61, 0, 0),
                "trace": (198, 198, 0, 0),
                "judge": (13, 13, 0, 0),
            }
            for at, (stage, (inputs, done, skipped, failed)) in enumerate(counts.items()):
                row = {
                    "run_id": run_id,
                    "stage": stage,
                    "inputs": inputs,
                    "done": done,
                    "skipped": skipped,
                    "failed": failed,
                }
                self.store.append("stage_runs", [row | {"seconds": 3.7 * (at + 1), "detail": "{}"}])
            for key, (_, _, _, host) in SOURCES.items():
                failed = number == 2 and key in ("courier", "gossip")
                off = key == "kestrel" and number > 0
                fields = {
                    "outcome": Outcome.FAILED if failed else Outcome.OFF if off else Outcome.OK,
                    "documents": 0 if failed or off else 17,
                    "requests": 4,
                }
                message = (
                    f"https://{host}/ answered 503 three times"
                    if failed
                    else "no credentials: set RUMORTRAIL_X_TOKEN"
                    if off
                    else None
                )
                crawl = {
                    "run_id": run_id,
                    "feed": key,
                    "started_at": night,
                    "finished_at": night + timedelta(seconds=41),
                    "message": message,
                }
                self.store.append(
                    "crawls", [crawl | {k: str(v) if isinstance(v, Outcome) else v for k, v in fields.items()}]
                )
        night = NIGHTS[2]
        faults = [
            (
                "http_status",
                Severity.ERROR,
                "crawl",
                "courier",
                "https://circuitcourier.example/feed.xml",
                "answered 503 three times",
            ),
            (
                "http_status",
                Severity.ERROR,
                "crawl",
                "gossip",
                "https://reddit.example/r/modelgossip/new.json",
                "answered 503 three times",
            ),
            *(
                (
                    "impossible_date",
                    Severity.WARNING,
                    "ingest",
                    "ledger",
                    f"https://harbourledger.example/{n}",
                    f"the page says 31 February {2020 + n}: no date was taken",
                )
                for n in range(3)
            ),
            (
                "near_empty",
                Severity.INFO,
                "ingest",
                "roundup",
                "https://modelroundup.example/41",
                "fewer than 20 words were left after boilerplate was taken off",
            ),
        ]
        self.store.append(
            "issues",
            [
                Issue(stable_id("i", *fault), RUNS[2], night, stage, severity, code, source, place, message)
                for fault in faults
                for code, severity, stage, source, place, message in [fault]
            ],
        )

    def story(self, story: Story) -> None:
        """Store a claim with its documents, mentions, evidence, origins and verdicts."""
        cid = claim_id(story.claim)
        evidence: list[str] = []
        voices: dict[str, str] = {}
        names: dict[str, str] = {}
        carrying: set[str] = set()
        first = None
        for number, said in enumerate(story.said):
            document, version = self._document(story, number, said)
            mention = self._mention(story, said, document, version, cid)
            first = first or mention.mention_id
            row = Evidence(
                stable_id("e", mention.mention_id),
                cid,
                mention.mention_id,
                said.stance,
                0.91 if said.cues else 0.66,
                said.cues,
                "sample",
                mention.seen_at,
                RUNS[said.night],
            )
            self.store.append("evidence", [row])
            self.store.append(
                "members",
                [
                    {
                        "mention_id": mention.mention_id,
                        "claim_id": cid,
                        "similarity": 1.0,
                        "how": "near",
                        "run_id": RUNS[said.night],
                    }
                ],
            )
            evidence.append(row.evidence_id)
            key = f"{cid}/{said.after}" if said.after else None
            rumour = said.speaker is None and said.after is None and said.attributed_to is None
            voice = voices.get(key or "", HEARSAY if rumour else self._voice(said))
            voices[f"{cid}/{said.key or number}"] = voice
            carrying |= {voice} if said.stance in (Stance.SUPPORTS, Stance.REPORTS) and not rumour else set()
            independent = said.after is None and not rumour
            origin = self.documents.get(said.after) if said.after else None
            reason = "it speaks for itself" if independent else f"it passes on {said.after or 'a rumour'} ({said.how})"
            name = names.setdefault(voice, said.speaker or self.sources[said.source][0])
            name = "unattributed rumour" if rumour else name
            self.store.append(
                "origins",
                [
                    Origin(
                        cid,
                        mention.mention_id,
                        voice,
                        name,
                        origin.document_id if origin else document.document_id,
                        independent,
                        reason,
                    )
                ],
            )
            if said.after:
                edge = Edge(
                    stable_id("g", document.document_id, said.after),
                    document.document_id,
                    origin.document_id if origin else None,
                    None if origin else self.sources.get(said.after, (said.after,))[0],
                    said.how,
                    0.9,
                    said.quote[:60],
                    RUNS[said.night],
                )
                self.store.append("edges", [edge])
        assert first is not None
        event = _time(story.event_at)
        claim = Claim(
            cid,
            story.claim,
            story.kind,
            first,
            story.organisations,
            story.entities,
            event,
            Precision.DAY if event else Precision.UNKNOWN,
            None,
            NIGHTS[min(said.night for said in story.said)],
            RUNS[min(said.night for said in story.said)],
        )
        self.store.append("claims", [claim])
        vector = EMBEDDER.encode([story.claim])[0]
        self.store.append("vectors", [{"mention_id": first, "model": EMBEDDER.name, "vector": vector}])
        self._verdicts(cid, story, evidence, len(carrying))

    def _voice(self, said: Said) -> str:
        """Whose voice it is, as trace would say: the source's own, or that of whom it quotes."""
        if organisation := said.organisation or ORGANISATION.get(said.source):
            return f"organisation:{organisation.lower()}"
        accounts = {told[0]: source for source, told in self.sources.items()}
        account = said.source if said.speaker is None else accounts.get(said.speaker)
        return f"source:{account}" if account else f"speaker:{said.speaker}".lower()

    def _verdicts(self, cid: str, story: Story, evidence: list[str], voices: int) -> None:
        nights = sorted({night for night, *_ in story.moves})
        for night in nights:
            steps = [move for move in story.moves if move[0] <= night]
            for step, (_, moved, status, score, reason) in enumerate(steps):
                self.store.append(
                    "verdicts",
                    [
                        Verdict(
                            cid,
                            NIGHTS[night],
                            step,
                            _time(moved),
                            status,
                            score,
                            voices,
                            f"rule-{status}",
                            reason,
                            tuple(evidence[:2]),
                            story.would_change,
                            RUNS[night],
                        )
                    ],
                )
        self.store.append("judged", [{"claim_id": cid, "fingerprint": "sample", "judged_at": NIGHTS[nights[-1]]}])
        worth = {"claim_id": cid, "checkworthy": len(evidence) / 100, "why": [f"checkable: {story.claim[:200]}", "only announced: presented"]}
        self.store.append("checkworthy", [worth])

    def _document(self, story: Story, number: int, said: Said) -> tuple[Document, Version]:
        name, platform, _, host = self.sources[said.source]
        url = f"https://{host}/{claim_id(story.claim)[1:6]}/{number}" if said.url == "" else said.url
        at = _time(said.at)
        seen = max(NIGHTS[said.night], at or NIGHTS[0])
        run_id = RUNS[said.night]
        document = Document(
            stable_id("d", story.claim, number),
            url,
            platform,
            said.source,
            said.source,
            None if platform in (Platform.NEWS, Platform.BLOG) else said.speaker or name,
            None,
            said.title,
            at,
            said.precision if at else Precision.UNKNOWN,
            DateOrigin.FEED if at else DateOrigin.UNKNOWN,
            seen,
            "en",
            None,
            said.artefact,
            None,
            NIGHTS[2] if said.gone else None,
            NIGHTS[1] if said.gone else None,
            "HTTP 404, and the feed no longer lists it" if said.gone else None,
            run_id,
        )
        self.store.append("documents", [document])
        self.documents[said.key or said.source] = document
        version = self._version(document, 1, said.quote, seen, None, said.title)
        if said.edited:
            self._version(document, 2, said.edited, NIGHTS[2] + timedelta(minutes=1), NIGHTS[1], said.title)
        return document, version

    def _version(
        self, document: Document, number: int, quote: str, seen: datetime, unchanged: datetime | None, title: str | None
    ) -> Version:
        text = f"{quote} This line stands around it."
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        version = Version(
            stable_id("v", document.document_id, number),
            document.document_id,
            number,
            title,
            text,
            digest,
            unchanged,
            seen,
            None,
            None,
            RUNS[2] if number > 1 else document.run_id,
        )
        self.store.append("versions", [version])
        return version

    def _mention(self, story: Story, said: Said, document: Document, version: Version, cid: str) -> Mention:
        role = said.role or self.sources[said.source][2]
        mention = Mention(
            stable_id("m", version.version_id, cid),
            version.version_id,
            document.document_id,
            Part.TEXT,
            0,
            len(said.quote),
            said.quote,
            story.claim,
            story.kind,
            said.speaker,
            role,
            said.organisation or ORGANISATION.get(said.source),
            None,
            said.attributed_to,
            said.stance is Stance.DENIES,
            said.certainty,
            None,
            Precision.UNKNOWN,
            story.organisations,
            story.entities,
            (),
            said.cues,
            document.published_at,
            document.seen_at,
            "sample",
            document.run_id,
        )
        self.store.append("mentions", [mention])
        return mention

    def rivals(self) -> None:
        """Link the claims that name a rival."""
        for story in STORIES:
            if story.rival:
                rival, slot, words = story.rival
                self.store.append(
                    "rivals",
                    [{"claim_id": claim_id(story.claim), "rival_id": claim_id(rival), "slot": slot, "words": words}],
                )

    def subjects(self) -> None:
        """What the names are; the rungs that Borealis 3 reached; and the time that was named for Aster 3."""
        known = {"Aster 2": "Aurora Labs", "Aster 3": "Aurora Labs", "Borealis 3": "Northwind AI"}
        names = [{"name": name, "type": "model", "owner": owner, "model": "sample"} for name, owner in known.items()]
        names.append({"name": "Lyra", "type": "benchmark", "owner": None, "model": "sample"})
        self.store.append("names", names)
        for story in STORIES:
            if story.kind == "release":
                model = story.entities[0]
                release = {"claim_id": claim_id(story.claim), "model": model, "organisation": known[model]}
                self.store.append("releases", [release | {"release_key": model.lower(), "rung": "preview", "rung_reached": None}])
        opened, foretold = (claim_id(story.claim) for story in STORIES if story.kind == "release")
        rung = {"claim_id": opened, "said": True, "evidence_id": None}
        shown = (("announced", 0, "2026-03-08T09:00:00"), ("open_weights", 4, "2026-03-10T09:00:00"))
        for name, number, at in shown:
            document = stable_id("d", STORIES[1].claim, number)
            row = {"rung": name, "reached_at": _time(at), "document_id": document, "words": f"Borealis 3, {name}"}
            self.store.append("rungs", [rung | row])
        how = {"claim_id": foretold, "seen_at": NIGHTS[0], "deadline": _time("2026-02-28T23:59:59"), "precision": "month"}
        self.store.append("resolutions", [how | {"how": "by a release page", "void": None, "run_id": RUNS[0]}])
        outcome = {"claim_id": foretold, "state": "missed", "resolved_at": _time("2026-02-28T23:59:59")}
        self.store.append("outcomes", [outcome | {"reason": "Nothing shows that it came true."}])

    def grey_pairs(self) -> None:
        """Two claims that are nearly one, and two that are rivals, which nobody is asked about."""
        first, second = sorted(claim_id(story.claim) for story in STORIES[:2])
        rivals = sorted(claim_id(words) for story in STORIES if story.rival for words in (story.claim, story.rival[0]))[:2]
        pairs = [(first, second, 0.41), (*rivals, 0.48)]
        self.store.append(
            "grey_pairs",
            [{"claim_id": one, "other_id": other, "score": score, "run_id": RUNS[-1]} for one, other, score in pairs],
        )

    def decisions(self) -> None:
        """A note on the first claim, and a claim that was merged into it."""
        first = claim_id(STORIES[0].claim)
        note = Decision("x1", DecisionKind.NOTE, first, None, "Asked Aurora Labs for the audit.", "ada", NIGHTS[1])
        merge = Decision("x2", DecisionKind.MERGE, MERGED, first, "The same in other words.", "ada", NIGHTS[1])
        self.store.append("decisions", [note, merge])

    def hostile(self, canary: str) -> None:
        """Put hostile text into every column that a stranger can fill."""
        texts = hostile_texts(canary)
        for number, text in enumerate(texts):
            key = f"hostile{number}"
            self.sources[key] = (text[:300], Platform.OTHER, Role.COMMUNITY, "evil.example")
            url = HOSTILE_URLS[number % len(HOSTILE_URLS)]
            self.store.append("sources", [Source(key, text[:3000], Platform.OTHER, Role.COMMUNITY, url, text[:200])])
            said = (
                Said(
                    key,
                    f"2026-03-0{1 + number % 8}T10:00:00",
                    list(Stance)[number % 4],
                    text,
                    text[:4000],
                    organisation=text[:200],
                    title=text[:4000],
                    cues=(text[:40],),
                    url=url,
                    key=f"{key}-a",
                    night=2,
                    attributed_to=text[:500],
                    edited=text + " edited",
                ),
                Said(
                    key,
                    "2026-03-09T10:00:00",
                    Stance.REPORTS,
                    f"{text} again",
                    text[:500],
                    after=f"{key}-a",
                    url=f"https://evil.example/{number}",
                    gone=True,
                    night=2,
                ),
            )
            story = Story(
                text,
                list(Kind)[number % 13],
                (text[:200],),
                said,
                ((2, None, list(Status)[number % 7], 0.5, text),),
                text,
                entities=(text[:100],),
            )
            self.story(story)
            known = {"name": text[:100], "type": "model", "owner": text[:200], "model": text[:200]}
            self.store.append("names", [known], replace=True)
            self.store.append(
                "issues",
                [
                    Issue(
                        stable_id("i", key),
                        RUNS[2],
                        NIGHTS[2],
                        text[:100],
                        Severity.ERROR,
                        text[:100],
                        key,
                        text[:2000],
                        text,
                    )
                ],
            )
            crawl = {
                "run_id": RUNS[2],
                "feed": key,
                "started_at": NIGHTS[2],
                "finished_at": NIGHTS[2],
                "outcome": "failed",
                "documents": 0,
                "requests": 1,
                "message": text,
            }
            self.store.append("crawls", [crawl])
        self.store.append(
            "rivals",
            [
                {"claim_id": claim_id(a), "rival_id": claim_id(b), "slot": a[:200], "words": b[:2000]}
                for a, b in pairwise(texts)
            ],
        )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None
