"""A published copy for the dashboard's tests: the three nights of `stories`, and hostile texts on demand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from pipeline.core.config import Config, DashboardConfig
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.core.records import Decision, Issue, stable_id
from pipeline.core.vocabulary import (
    HEARSAY,
    DateOrigin,
    DecisionKind,
    Kind,
    Outcome,
    Platform,
    Precision,
    Role,
    Severity,
    Stance,
    Status,
)
from pipeline.stages.judge.stage import store_rules
from pipeline.stages.publish.stage import publish
from pipeline.stages.track import track
from pipeline.store.store import Store
from tests.fakes import FakeEmbedder
from tests.worlds.builder import World
from tests.worlds.laid import EmptyStore
from tests.worlds.stories import HOSTILE_URLS, SOURCES, STORIES, Move, StatementRow, Story, hostile_texts

NOTICE = "Sample data: every organisation, model, person and quote here is made up."
NIGHTS = tuple(datetime(2026, 3, day, 3, 0, tzinfo=UTC) for day in (9, 10, 11))
EMBEDDER = FakeEmbedder()
MERGED = "cmergedaway"
RUNS = tuple(f"{night:%Y%m%dT%H%M%SZ}" for night in NIGHTS)
GONE = "HTTP 404, and the feed no longer lists it"
STAGES = {
    "ingest": (214, 198, 13, 3), "extract": (198, 198, 0, 0), "cluster": (61, 61, 0, 0),
    "weigh": (61, 61, 0, 0),
    "trace": (198, 198, 0, 0), "judge": (13, 13, 0, 0),
}  # fmt: skip
"""Inputs, done, skipped and failed of each stage, the same in each run."""
ISSUES = (
    ("http_status", Severity.ERROR, "crawl", "courier", "https://circuitcourier.example/feed.xml",
     "answered 503 three times"),
    ("http_status", Severity.ERROR, "crawl", "gossip", "https://reddit.example/r/modelgossip/new.json",
     "answered 503 three times"),
    *(("impossible_date", Severity.WARNING, "ingest", "ledger", f"https://harbourledger.example/{number}",
       f"the page says 31 February {2020 + number}: no date was taken") for number in range(3)),
    ("near_empty", Severity.INFO, "ingest", "roundup", "https://modelroundup.example/41",
     "fewer than 20 words were left after boilerplate was taken off"),
)  # fmt: skip


def build(home: Home, *, hostile: str | None = None) -> None:
    """Write the published copy under `home`; `hostile` adds texts that point at that URL."""
    store = EmptyStore()
    sample = _Sample(store)
    sample.publishers()
    sample.runs()
    for story in STORIES:
        sample.story(story)
    sample.rivals()
    sample.told()
    sample.subjects()
    sample.grey_pairs()
    sample.decisions()
    if hostile:
        sample.hostile(hostile)
    home.path.mkdir(parents=True, exist_ok=True)
    config = Config(dashboard=DashboardConfig(notice=NOTICE))
    run = RunContext(run_id=RUNS[-1], now=NIGHTS[-1] + timedelta(minutes=11), home=home, config=config)
    track(store, run)
    store_rules(store, run.config.judge.corroborating_voices)
    publish(store, run)
    store.close()


TOLD = {
    "sborealis": ("How large Borealis 3 is", ("Borealis 3 has 400", "Borealis 3 has 120")),
    "saster": ("What Aster 2 can do", ("Aster 2 answers in 40", "Aster 2 scores 91.4 %")),
}
"""The title of each story, and how the sentences of its claims begin."""
TAKEN_OVER = "staken"


def claim_id(claim: str) -> str:
    """Return the id that the sample gives to a claim's sentence."""
    return stable_id("c", claim)


class _Sample:
    def __init__(self, store: Store) -> None:
        self.world = World(store)
        self.spoken: dict[str, str] = {}  # the document of each key

    def publishers(self) -> None:
        for key, entry in SOURCES.items():
            url = f"https://{entry.host}/"
            self.world.source(
                entry.name, entry.role, entry.organisation, entry.platform, source_id=key, url=url
            )

    def runs(self) -> None:
        world = self.world
        for number, night in enumerate(NIGHTS):
            world.run(
                night, timedelta(minutes=11, seconds=24), Outcome.PARTIAL if number == 2 else Outcome.OK
            )
            for order, (stage, (inputs, done, skipped, failed)) in enumerate(STAGES.items(), start=1):
                counts = {"inputs": inputs, "done": done, "skipped": skipped, "failed": failed}
                world.row(
                    "stage_runs", run_id=RUNS[number], stage=stage, seconds=3.7 * order, detail="{}", **counts
                )
            for key in SOURCES:
                if number == 2 and key in ("courier", "gossip"):
                    world.crawl(
                        key, night, Outcome.FAILED,
                        message=f"{world.sources[key].url} answered 503 three times",
                    )
                elif number > 0 and key == "kestrel":
                    world.crawl(key, night, Outcome.OFF, message="no credentials: set RUMORTRAIL_X_TOKEN")
                else:
                    world.crawl(key, night)
        for issue in ISSUES:
            self.issue(*issue)

    def issue(self, code: str, severity: Severity, stage: str, source: str, place: str, message: str) -> None:
        issue_id = stable_id("i", code, stage, source, place)
        row = Issue(issue_id, RUNS[2], NIGHTS[2], stage, severity, code, source, place, message,
                    RUNS[2])
        self.world.append("issues", [row])

    def story(self, story: Story) -> None:
        """Write a claim with its documents, mentions, evidence, origins and verdicts."""
        world, cid = self.world, claim_id(story.claim)
        since_night = min(statement.night for statement in story.said)
        first_mention = f"m-{_document_id(story, 0)}-{cid}-0"
        world.run_id = RUNS[since_night]
        world.claim(
            cid, story.claim, story.kind, story.organisations, story.entities, story.event_at,
            Precision.DAY if story.event_at else Precision.UNKNOWN, mention_id=first_mention,
            first_seen_at=NIGHTS[since_night],
        )  # fmt: skip
        evidence: list[str] = []
        voices: dict[str, str] = {}
        names: dict[str, str] = {}
        carrying: set[str] = set()
        for number, statement in enumerate(story.said):
            document_id = self.document(story, number, statement)
            document, source = world.documents[document_id], world.sources[statement.source]
            mention_id = world.mention(
                cid, document_id, speaker=statement.speaker, role=statement.role or source.role,
                organisation=statement.organisation or source.organisation, quote=statement.quote, start=0,
                end=len(statement.quote),
                attributed_to=statement.attributed_to, negated=statement.stance is Stance.DENIES,
                certainty=statement.certainty,
                cues=statement.cues,
            )  # fmt: skip
            confidence = 0.91 if statement.cues else 0.66
            evidence.append(
                world.stance(cid, mention_id, statement.stance, confidence, statement.cues, document.seen_at)
            )
            rumour = statement.speaker is None and statement.after is None and statement.attributed_to is None
            voice = voices.get(statement.after or "", HEARSAY if rumour else self._voice(statement))
            voices[statement.key or str(number)] = voice
            if statement.stance in (Stance.SUPPORTS, Stance.REPORTS) and not rumour:
                carrying.add(voice)
            name = names.setdefault(voice, statement.speaker or source.name)
            origin = self.spoken.get(statement.after or "")
            passed_on = f"it passes on {statement.after or 'a rumour'} ({statement.how})"
            independent = statement.after is None and not rumour
            world.origin(
                cid, mention_id, voice, "unattributed rumour" if rumour else name, origin or document_id,
                independent=independent, reason="it speaks for itself" if independent else passed_on,
            )  # fmt: skip
            if statement.after:
                via = (
                    None
                    if origin
                    else SOURCES[statement.after].name
                    if statement.after in SOURCES
                    else statement.after
                )
                world.follows(document_id, origin, statement.how, via, statement.quote[:60])
        self._verdicts(cid, story, tuple(evidence), len(carrying))
        vector = EMBEDDER.encode([story.claim])[0]
        world.row("vectors", mention_id=first_mention, model=EMBEDDER.name, vector=vector)

    def _voice(self, said: StatementRow) -> str:
        """Return the voice as trace would: that of the source, or of the person that it quotes."""
        if organisation := said.organisation or self.world.sources[said.source].organisation:
            return f"organisation:{organisation.lower()}"
        accounts = {source.name: key for key, source in self.world.sources.items()}
        account = said.source if said.speaker is None else accounts.get(said.speaker)
        return f"source:{account}" if account else f"speaker:{said.speaker}".lower()

    def _verdicts(self, cid: str, story: Story, evidence: tuple[str, ...], voices: int) -> None:
        nights = sorted({move.night for move in story.moves})
        for night in nights:
            steps = [
                (move.at, move.status, move.score, move.reason) for move in story.moves if move.night <= night
            ]
            self.world.steps(cid, NIGHTS[night], steps, voices, story.would_change, evidence[:2])
        self.world.row("judged", claim_id=cid, fingerprint="by hand", judged_at=NIGHTS[nights[-1]])
        reasons = (f"checkable: {story.claim[:200]}", "only announced: presented")
        self.world.worth(cid, len(evidence) / 100, *reasons)

    def document(self, story: Story, number: int, said: StatementRow) -> str:
        """Write the document of a statement, with its later version; return its id."""
        source, document_id = self.world.sources[said.source], _document_id(story, number)
        seen_at = max(NIGHTS[said.night], said.at or NIGHTS[0])
        surroundings = " This line stands around it."
        gone = {"gone_at": NIGHTS[2], "gone_after": NIGHTS[1], "gone_evidence": GONE} if said.gone else {}
        self.world.run_id = RUNS[said.night]
        self.world.document(
            document_id, said.source, said.at, said.quote + surroundings, title=said.title,
            precision=said.precision, seen_at=seen_at,
            url=f"{source.url}{claim_id(story.claim)[1:6]}/{number}" if said.url == "" else said.url,
            author=None if source.platform in (Platform.NEWS, Platform.BLOG) else said.speaker or source.name,
            published_from=DateOrigin.FEED if said.at else DateOrigin.UNKNOWN, artefact=said.artefact, **gone,
        )  # fmt: skip
        if said.edited:
            self.world.run_id = RUNS[2]
            edited_at = NIGHTS[2] + timedelta(minutes=1)
            self.world.version(document_id, 2, said.edited + surroundings, edited_at, said.title, NIGHTS[1])
            self.world.run_id = RUNS[said.night]
        self.spoken[said.key or said.source] = document_id
        return document_id

    def rivals(self) -> None:
        for story in STORIES:
            if story.rival:
                rival, slot, words = story.rival
                self.world.rivals(claim_id(story.claim), claim_id(rival), slot, words)

    def told(self) -> None:
        """Write the stories, of which one was taken over by another, and one split off from another."""
        for story_id, (title, begins) in TOLD.items():
            claim_ids = [claim_id(story.claim) for story in STORIES if story.claim.startswith(begins)]
            self.grouped(story_id, title, claim_ids, "sborealis" if story_id == "saster" else None)
        self.world.row("story_heirs", story_id=TAKEN_OVER, heir="sborealis", since=NIGHTS[1], run_id=RUNS[1])

    def grouped(self, story_id: str, title: str, claims: Iterable[str], origin: str | None = None) -> None:
        """Write a story of these claims."""
        self.world.row("stories", story_id=story_id, title=title, split_from=origin, created_at=NIGHTS[0],
                       run_id=RUNS[0])
        for claim in claims:
            self.world.row("story_claims", claim_id=claim, story_id=story_id, since=NIGHTS[0],
                           run_id=RUNS[0])

    def subjects(self) -> None:
        """Write the types of names, the stages that Borealis 3 reached, and the missed date of Aster 3."""
        world = self.world
        world.names("model", "Aster 2", "Aster 3", owner="Aurora Labs")
        world.names("model", "Borealis 3", owner="Northwind AI")
        world.names("benchmark", "Lyra")
        opened, foretold_claim = (claim_id(story.claim) for story in STORIES if story.kind == "release")
        deadline = datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC)
        world.release(opened, "Borealis 3", "Northwind AI")
        world.run_id = RUNS[0]
        world.release(
            foretold_claim, "Aster 3", "Aurora Labs", deadline=deadline, precision="month", seen_at=NIGHTS[0],
            state="missed",
            resolved_at=deadline, reason="Nothing shows that it came true.",
        )  # fmt: skip
        for stage, number, day in (("announced", 0, 8), ("open_weights", 4, 10)):
            reached_at = datetime(2026, 3, day, 9, tzinfo=UTC)
            world.reached(opened, stage, reached_at, _document_id(STORIES[1], number), f"Borealis 3, {stage}")

    def grey_pairs(self) -> None:
        """Write two claims that are almost one, and two that are rivals, about which no editor is asked."""
        first_claim, second_claim = sorted(claim_id(story.claim) for story in STORIES[:2])
        names = (name for story in STORIES if story.rival for name in (story.claim, story.rival[0]))
        rivals = sorted(map(claim_id, names))[:2]
        for claim, other_claim, score in ((first_claim, second_claim, 0.41), (*rivals, 0.48)):
            self.world.row("grey_pairs", claim_id=claim, other_id=other_claim, score=score, run_id=RUNS[-1])

    def decisions(self) -> None:
        """Write a note on the first claim, and a claim that was merged into it."""
        first_claim = claim_id(STORIES[0].claim)
        note = Decision(
            "x1", DecisionKind.NOTE, first_claim, None, "Asked Aurora Labs for the audit.", "ada", NIGHTS[1]
        )
        merge = Decision(
            "x2", DecisionKind.MERGE, MERGED, first_claim, "The same in other words.", "ada", NIGHTS[1]
        )
        self.world.append("decisions", [note, merge])

    def hostile(self, canary: str) -> None:
        """Write hostile text into every column that a stranger can fill."""
        texts = hostile_texts(canary)
        for number, text in enumerate(texts):
            key, url = f"hostile{number}", HOSTILE_URLS[number % len(HOSTILE_URLS)]
            self.world.source(text[:3000], Role.COMMUNITY, text[:200], Platform.OTHER, source_id=key, url=url)
            said = (
                StatementRow(
                    key, list(Stance)[number % 4], text, text[:4000],
                    datetime(2026, 3, 1 + number % 8, 10, tzinfo=UTC),
                    organisation=text[:200], title=text[:4000], cues=(text[:40],), url=url, key=f"{key}-a",
                    night=2,
                    attributed_to=text[:500], edited=text + " edited",
                ),
                StatementRow(
                    key, Stance.REPORTS, f"{text} again", text[:500], datetime(2026, 3, 9, 10, tzinfo=UTC),
                    after=f"{key}-a", url=f"https://evil.example/{number}", gone=True, night=2,
                ),
            )  # fmt: skip
            moves = (Move(2, list(Status)[number % 7], 0.5, text),)
            self.story(
                Story(text, list(Kind)[number % 13], (text[:200],), said, moves, text, entities=(text[:100],))
            )
            self.world.names("model", text[:100], owner=text[:200])
            cid = claim_id(text)
            self.world.row(
                "second_opinions", claim_id=cid, mention_id=f"m-{stable_id('d', text, 0)}-{cid}-0",
                model=text[:200], evidence_id="e", relation="unrelated", quotation=text, asked_at=NIGHTS[2],
                run_id=RUNS[2],
            )  # fmt: skip
            self.issue(text[:100], Severity.ERROR, text[:100], key, text[:2000], text)
            self.world.crawl(key, NIGHTS[2], Outcome.FAILED, requests=1, message=text)
        for number, (claim, other_claim) in enumerate(zip(texts[::2], texts[1::2], strict=False)):
            self.grouped(f"shostile{number}", claim[:2000], (claim_id(claim), claim_id(other_claim)))
        for claim_text, next_text in pairwise(texts):
            self.world.rivals(claim_id(claim_text), claim_id(next_text), claim_text[:200], next_text[:2000])


def _document_id(story: Story, number: int) -> str:
    return stable_id("d", story.claim, number)

