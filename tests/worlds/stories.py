"""Three nights of plainly fictional rumours, one claim for each status and more, and texts that mean harm."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.core.records import Certainty, EdgeKind, Kind, Platform, Precision, Role, Stance, Status

_P, _R, _K, _S = Platform, Role, Kind, Stance

# id: name, platform, role, host
SOURCES = {
    "meridian": ("The Meridian Wire", _P.NEWS, _R.PRESS, "meridianwire.example"),
    "courier": ("Circuit Courier", _P.NEWS, _R.PRESS, "circuitcourier.example"),
    "ledger": ("The Harbour Ledger", _P.NEWS, _R.PRESS, "harbourledger.example"),
    "roundup": ("Model Roundup", _P.BLOG, _R.AGGREGATOR, "modelroundup.example"),
    "gossip": ("r/modelgossip", _P.REDDIT, _R.COMMUNITY, "reddit.example"),
    "board": ("The Orange Board", _P.HACKERNEWS, _R.COMMUNITY, "orangeboard.example"),
    "kestrel": ("@kestrel_at_dusk", _P.X, _R.ANONYMOUS, "x.example"),
    "okafor": ("Ines Okafor", _P.BLUESKY, _R.EXPERT, "bsky.example"),
    "tanaka": ("Rei Tanaka", _P.MASTODON, _R.EXPERT, "fedi.example"),
    "aurora": ("Aurora Labs blog", _P.BLOG, _R.FIRST_PARTY, "aurora-labs.example"),
    "northwind": ("Northwind AI newsroom", _P.BLOG, _R.FIRST_PARTY, "northwind.example"),
    "hub": ("Model Hub: northwind", _P.HUGGINGFACE, _R.FIRST_PARTY, "hub.example"),
}
ORGANISATION = {"aurora": "Aurora Labs", "northwind": "Northwind AI", "hub": "Northwind AI"}


@dataclass(frozen=True, slots=True)
class Said:
    """One mention in one document; `after` names the document key that it was taken from."""

    source: str
    at: str | None
    stance: Stance
    quote: str
    speaker: str | None = None
    role: Role | None = None
    organisation: str | None = None
    after: str | None = None
    how: EdgeKind = EdgeKind.LINK
    key: str | None = None
    attributed_to: str | None = None
    certainty: Certainty = Certainty.ASSERTED
    cues: tuple[str, ...] = ()
    precision: Precision = Precision.SECOND
    title: str | None = None
    night: int = 0
    gone: bool = False
    edited: str | None = None
    artefact: bool = False
    url: str | None = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A claim with its mentions and the statuses that it went through: (night judged, moved at, status, score, reason)."""

    claim: str
    kind: Kind
    organisations: tuple[str, ...]
    said: tuple[Said, ...]
    moves: tuple[tuple[int, str | None, Status, float, str], ...]
    would_change: str
    event_at: str | None = None
    entities: tuple[str, ...] = ()
    rival: tuple[str, str, str] | None = None


STORIES = (
    Story(
        "Aurora Labs trained Aster 2 on the questions of the Lyra benchmark",
        _K.BENCHMARK_GAMING,
        ("Aurora Labs",),
        (
            Said(
                "kestrel",
                "2026-03-05T21:14:08",
                _S.SUPPORTS,
                "Aster 2 has seen the Lyra questions. I sat in the room when they decided it.",
                "@kestrel_at_dusk",
                key="kestrel-lyra",
                cues=("has seen", "I sat in the room"),
                gone=True,
            ),
            Said(
                "gossip",
                "2026-03-05T23:40:00",
                _S.REPORTS,
                "Reportedly Aurora trained Aster 2 on the Lyra questions, see the post by kestrel.",
                None,
                _R.ANONYMOUS,
                after="kestrel-lyra",
                certainty=Certainty.REPORTED,
                cues=("Reportedly",),
                attributed_to="a post by kestrel",
                key="gossip-lyra",
            ),
            Said(
                "board",
                "2026-03-06T06:02:00",
                _S.REPORTS,
                "There is a rumour that Aster 2 was trained on Lyra itself.",
                None,
                _R.ANONYMOUS,
                after="gossip-lyra",
                certainty=Certainty.REPORTED,
                cues=("rumour",),
            ),
            Said(
                "roundup",
                "2026-03-06T07:30:00",
                _S.REPORTS,
                "An anonymous account says that Aurora Labs trained Aster 2 on the questions of the Lyra benchmark.",
                None,
                _R.ANONYMOUS,
                after="kestrel-lyra",
                how=EdgeKind.NEAR_DUPLICATE,
                certainty=Certainty.REPORTED,
                attributed_to="an anonymous account",
            ),
            Said(
                "courier",
                "2026-03-06T09:15:00",
                _S.REPORTS,
                "An anonymous account says that Aurora Labs trained Aster 2 on the questions of the Lyra benchmark, which the company has not answered.",
                None,
                _R.ANONYMOUS,
                after="kestrel-lyra",
                how=EdgeKind.ATTRIBUTION,
                certainty=Certainty.REPORTED,
                attributed_to="an anonymous account",
                edited="An anonymous account says that Aurora Labs trained Aster 2 on the questions of the Lyra benchmark, which the company denies.",
                title="Aster 2 and the benchmark it knew too well",
            ),
            Said(
                "okafor",
                "2026-03-06T15:20:00",
                _S.QUESTIONS,
                "Scores alone cannot show that Aster 2 was trained on Lyra. I would like to see the overlap test before anyone calls it proven.",
                "Ines Okafor",
                cues=("cannot show", "I would like to see"),
            ),
            Said(
                "tanaka",
                "2026-03-07T11:05:00",
                _S.SUPPORTS,
                "I ran the overlap test: Aster 2 completes 412 of 500 Lyra questions word for word. It was trained on them.",
                "Rei Tanaka",
                cues=("I ran the overlap test", "It was trained on them"),
            ),
            Said(
                "meridian",
                "2026-03-07T18:45:00",
                _S.DENIES,
                "“It is simply not true that we trained Aster 2 on Lyra. We would never do that,” said Mara Lindqvist, vice president of research at Aurora Labs.",
                "Mara Lindqvist",
                _R.FIRST_PARTY,
                "Aurora Labs",
                cues=("It is simply not true", "never"),
                key="meridian-denial",
                title="Aurora Labs denies training on a benchmark",
            ),
            Said(
                "ledger",
                "2026-03-08T08:00:00",
                _S.DENIES,
                "Aurora's Mara Lindqvist called the claim that Aster 2 was trained on Lyra “simply not true”.",
                "Mara Lindqvist",
                _R.FIRST_PARTY,
                "Aurora Labs",
                after="meridian-denial",
                how=EdgeKind.SAME_SPEAKER,
                cues=("simply not true",),
                precision=Precision.DAY,
            ),
            Said(
                "roundup",
                "2026-03-08T09:30:00",
                _S.DENIES,
                "Lindqvist, of Aurora Labs: it is not true that Aster 2 was trained on Lyra.",
                "Mara Lindqvist",
                _R.FIRST_PARTY,
                "Aurora Labs",
                after="meridian-denial",
                how=EdgeKind.QUOTE,
                cues=("not true",),
            ),
            Said(
                "gossip",
                None,
                _S.SUPPORTS,
                "I believe it. My own run of Lyra on Aster 2 gave the same wrong answers that the test set has.",
                "u/quietlogs",
                night=1,
                precision=Precision.UNKNOWN,
                cues=("I believe it",),
            ),
            Said(
                "board",
                "2026-03-10T01:12:00",
                _S.QUESTIONS,
                "Has anybody asked Aurora which data Aster 2 was trained on? Lyra has been public for two years.",
                "tinplate",
                night=2,
                cues=("Has anybody asked",),
                certainty=Certainty.QUESTIONED,
            ),
        ),
        (
            (0, "2026-03-05T21:14:08", Status.UNVERIFIED, 0.31, "One anonymous voice says so, and everybody else repeats it."),
            (
                0,
                "2026-03-07T18:45:00",
                Status.DISPUTED,
                0.52,
                "An expert's overlap test speaks for it, and the accused, Aurora Labs, denies it. A denial by the accused is no refutation.",
            ),
        ),
        "Aurora Labs publishing its training data, or an audit by somebody independent of both sides.",
        entities=("Aster 2", "Lyra"),
    ),
    Story(
        "Northwind AI will release Borealis 3 with open weights",
        _K.RELEASE,
        ("Northwind AI",),
        (
            Said(
                "kestrel",
                "2026-03-02T19:00:00",
                _S.SUPPORTS,
                "Borealis 3 comes with open weights. Next week.",
                "@kestrel_at_dusk",
                key="kestrel-open",
                certainty=Certainty.PREDICTED,
            ),
            Said(
                "gossip",
                "2026-03-02T21:10:00",
                _S.REPORTS,
                "kestrel says that Borealis 3 will have open weights.",
                "@kestrel_at_dusk",
                after="kestrel-open",
                how=EdgeKind.QUOTE,
                certainty=Certainty.REPORTED,
            ),
            Said(
                "courier",
                "2026-03-03T10:00:00",
                _S.SUPPORTS,
                "Two people who have seen the plan told the Courier that Northwind will publish the weights of Borealis 3.",
                None,
                _R.ANONYMOUS,
                certainty=Certainty.PREDICTED,
                attributed_to="two people who have seen the plan",
                title="Northwind to open its next model",
            ),
            Said(
                "meridian",
                "2026-03-03T16:30:00",
                _S.REPORTS,
                "Northwind will publish the weights of Borealis 3, according to the Circuit Courier.",
                None,
                _R.ANONYMOUS,
                after="courier",
                how=EdgeKind.ATTRIBUTION,
                certainty=Certainty.REPORTED,
            ),
            Said(
                "hub",
                "2026-03-09T14:00:00",
                _S.SUPPORTS,
                "northwind/borealis-3: weights under the Fjord licence, 12 files.",
                "Northwind AI",
                artefact=True,
                night=1,
                key="hub-open",
            ),
            Said("northwind", "2026-03-09T14:05:00", _S.SUPPORTS, "Today we release Borealis 3 with open weights.", "Northwind AI", night=1),
        ),
        (
            (0, "2026-03-02T19:00:00", Status.UNVERIFIED, 0.35, "One anonymous voice says so."),
            (0, "2026-03-03T10:00:00", Status.CORROBORATED, 0.62, "Two independent voices say so, neither of them the first party."),
            (1, "2026-03-09T14:00:00", Status.SUBSTANTIATED, 0.98, "The first party's own model page holds the weights."),
        ),
        "The weights being withdrawn, or proving to be another model's.",
        entities=("Borealis 3",),
    ),
    Story(
        "Aurora Labs will release Aster 3 by the end of February 2026",
        _K.RELEASE,
        ("Aurora Labs",),
        (
            Said("roundup", "2026-01-20T08:00:00", _S.SUPPORTS, "Aster 3 is expected by the end of February.", "Model Roundup", certainty=Certainty.PREDICTED),
            Said("gossip", "2026-02-11T20:45:00", _S.SUPPORTS, "My contact at Aurora swears Aster 3 ships in February.", "u/lanternfish", certainty=Certainty.PREDICTED),
        ),
        (
            (0, "2026-02-11T20:45:00", Status.CORROBORATED, 0.5, "Two independent voices say so."),
            (0, "2026-02-28T23:59:59", Status.EXPIRED, 0.06, "The date that it names has passed and nothing shows a release."),
        ),
        "A release page dated February 2026.",
        event_at="2026-02-28T23:59:59",
        entities=("Aster 3",),
    ),
    Story(
        "Borealis 3 has 400 billion parameters",
        _K.SIZE,
        ("Northwind AI",),
        (
            Said("kestrel", "2026-03-04T18:00:00", _S.SUPPORTS, "Borealis 3 is 400B, dense.", "@kestrel_at_dusk"),
            Said("board", "2026-03-04T22:00:00", _S.QUESTIONS, "400B dense at that price? I doubt it.", "copperplate", cues=("I doubt it",)),
            Said("northwind", "2026-03-09T14:05:00", _S.DENIES, "Borealis 3 has 120 billion parameters, not 400 billion.", "Northwind AI", night=1, cues=("not",)),
            Said("hub", "2026-03-09T14:00:00", _S.DENIES, "borealis-3 parameters: 120,118,353,920", "Northwind AI", artefact=True, night=1),
        ),
        (
            (0, "2026-03-04T18:00:00", Status.UNVERIFIED, 0.3, "One anonymous voice says so."),
            (1, "2026-03-09T14:00:00", Status.CONTRADICTED, 0.02, "The published weights count 120 billion parameters."),
        ),
        "A larger model under the same name.",
        entities=("Borealis 3",),
        rival=("Borealis 3 has 120 billion parameters", "number", "400b parameters / 120b parameters"),
    ),
    Story(
        "Borealis 3 has 120 billion parameters",
        _K.SIZE,
        ("Northwind AI",),
        (
            Said("tanaka", "2026-03-06T12:00:00", _S.SUPPORTS, "From its latency I put Borealis 3 at about 120B.", "Rei Tanaka", certainty=Certainty.HEDGED, cues=("about",)),
            Said("hub", "2026-03-09T14:00:00", _S.SUPPORTS, "The safetensors index of borealis-3 sums to 120,118,353,920 parameters.", "Northwind AI", artefact=True, night=1),
            Said(
                "meridian",
                "2026-03-09T17:00:00",
                _S.REPORTS,
                "Northwind says that Borealis 3 has 120 billion parameters.",
                "Northwind AI",
                _R.FIRST_PARTY,
                "Northwind AI",
                night=1,
                certainty=Certainty.REPORTED,
            ),
        ),
        ((0, "2026-03-06T12:00:00", Status.UNVERIFIED, 0.4, "One expert estimates so."), (1, "2026-03-09T14:00:00", Status.SUBSTANTIATED, 0.97, "The published weights count it.")),
        "A recount of the published weights.",
        entities=("Borealis 3",),
        rival=("Borealis 3 has 400 billion parameters", "number", "120b parameters / 400b parameters"),
    ),
    Story(
        "Jonas Achterberg leaves Northwind AI",
        _K.PEOPLE,
        ("Northwind AI",),
        (
            Said(
                "courier",
                "2026-03-04T07:00:00",
                _S.SUPPORTS,
                "Chief scientist Jonas Achterberg is leaving Northwind, three colleagues say.",
                None,
                _R.ANONYMOUS,
                attributed_to="three colleagues",
                title="Achterberg to leave Northwind",
                key="courier-people",
                gone=True,
            ),
            Said(
                "ledger",
                "2026-03-04T09:20:00",
                _S.REPORTS,
                "The Courier reports that Jonas Achterberg is leaving Northwind.",
                "Circuit Courier",
                _R.PRESS,
                after="courier-people",
                certainty=Certainty.REPORTED,
            ),
            Said(
                "courier",
                "2026-03-10T12:00:00",
                _S.DENIES,
                "Correction: an earlier story said that Jonas Achterberg is leaving Northwind. We withdraw it.",
                "Circuit Courier",
                night=2,
                cues=("We withdraw it",),
                title="A correction",
            ),
        ),
        (
            (0, "2026-03-04T07:00:00", Status.UNVERIFIED, 0.45, "One outlet says so, from unnamed colleagues."),
            (2, "2026-03-10T12:00:00", Status.RETRACTED, 0.04, "The only independent voice, Circuit Courier, took it back."),
        ),
        "Another voice of its own, or a word by Achterberg.",
        entities=("Jonas Achterberg",),
    ),
    Story(
        "Northwind AI cuts the price of its interface by half",
        _K.PRICE,
        ("Northwind AI",),
        (
            Said("okafor", "2026-03-09T09:00:00", _S.SUPPORTS, "A customer showed me the new Northwind price list: half of what it was.", "Ines Okafor", night=1),
            Said(
                "ledger",
                "2026-03-09T16:00:00",
                _S.SUPPORTS,
                "Northwind will halve its prices on 1 April, according to a letter to customers that the Ledger has read.",
                "The Harbour Ledger",
                night=1,
                certainty=Certainty.PREDICTED,
                title="Northwind halves its prices",
            ),
            Said("gossip", "2026-03-09T18:00:00", _S.REPORTS, "Ledger: Northwind halves prices.", "The Harbour Ledger", _R.PRESS, night=1, certainty=Certainty.REPORTED),
        ),
        ((1, "2026-03-09T16:00:00", Status.CORROBORATED, 0.71, "Two independent voices say so, each from a paper of its own."),),
        "Northwind's public price list.",
        event_at="2026-04-01T23:59:59",
    ),
    Story(
        "Aurora Labs delays the voice mode of Aster 2",
        _K.DELAY,
        ("Aurora Labs",),
        (Said("kestrel", "2026-03-10T22:31:00", _S.SUPPORTS, "voice for aster 2 slips again. don't hold your breath", "@kestrel_at_dusk", night=2),),
        ((2, "2026-03-10T22:31:00", Status.UNVERIFIED, 0.28, "One anonymous voice says so."),),
        "A second voice of its own, or a word by Aurora Labs.",
        entities=("Aster 2",),
    ),
    Story(
        "Aster 2 answers in 40 languages",
        _K.CAPABILITY,
        ("Aurora Labs",),
        (
            Said("aurora", "2026-02-25T10:00:00", _S.SUPPORTS, "Aster 2 answers in 40 languages.", "Aurora Labs"),
            Said("tanaka", "2026-02-27T10:00:00", _S.QUESTIONS, "In 11 of these 40 languages Aster 2 answers me in English.", "Rei Tanaka"),
            Said("okafor", "2026-02-28T10:00:00", _S.DENIES, "No: Aster 2 does not answer in Yoruba, whatever the list says.", "Ines Okafor", cues=("No", "does not")),
        ),
        ((0, None, Status.DISPUTED, 0.48, "The first party says so; two experts have tried and do not find it."),),
        "A test of all 40 languages that others can repeat.",
        entities=("Aster 2",),
    ),
    Story(
        "Northwind AI licensed the archive of The Meridian Wire as training data",
        _K.DEAL,
        ("Northwind AI",),
        (
            Said(
                "ledger",
                "2026-03-01T06:00:00",
                _S.SUPPORTS,
                "Northwind pays the Meridian Wire for its archive, filings show.",
                "The Harbour Ledger",
                title="The Wire sells its archive",
            ),
            Said("meridian", "2026-03-01T12:00:00", _S.SUPPORTS, "The Meridian Wire has licensed its archive to Northwind AI.", "The Meridian Wire", _R.FIRST_PARTY),
        ),
        ((0, "2026-03-01T12:00:00", Status.SUBSTANTIATED, 0.95, "One of the two parties to the deal says so itself, and filings show it."),),
        "The filings proving to be about another archive.",
    ),
    Story(
        "Aster 2 scores 91.4 % on the Lyra benchmark",
        _K.BENCHMARK_RESULT,
        ("Aurora Labs",),
        (
            Said("aurora", "2026-02-25T10:00:00", _S.SUPPORTS, "On Lyra, Aster 2 reaches 91.4 %.", "Aurora Labs"),
            Said(
                "roundup",
                "2026-02-25T12:00:00",
                _S.REPORTS,
                "Aurora reports 91.4 % on Lyra for Aster 2.",
                "Aurora Labs",
                _R.FIRST_PARTY,
                "Aurora Labs",
                certainty=Certainty.REPORTED,
            ),
            Said("board", "2026-02-26T12:00:00", _S.SUPPORTS, "I get 91.2 on Lyra with the public interface, so their number holds.", "copperplate"),
            Said("gossip", "2026-02-26T19:00:00", _S.SUPPORTS, "Reproduced: 91.5 on Lyra.", "u/quietlogs"),
        ),
        ((0, "2026-02-26T12:00:00", Status.CORROBORATED, 0.8, "Two voices independent of Aurora Labs measured the same."),),
        "A measurement that is far from it.",
        entities=("Aster 2", "Lyra"),
    ),
    Story(
        "Aurora Labs skipped the safety tests of Aster 2 before its release",
        _K.SAFETY,
        ("Aurora Labs",),
        (
            Said("kestrel", "2026-02-24T23:00:00", _S.SUPPORTS, "aster 2 went out without the red team's signature", "@kestrel_at_dusk"),
            Said("gossip", "2026-02-25T01:00:00", _S.REPORTS, "kestrel: no red team signature on Aster 2", "@kestrel_at_dusk", certainty=Certainty.REPORTED),
            Said("roundup", "2026-02-25T07:00:00", _S.REPORTS, "A rumour says that Aurora skipped the safety tests of Aster 2.", None, _R.ANONYMOUS, certainty=Certainty.REPORTED),
            Said("board", "2026-02-25T09:00:00", _S.REPORTS, "Apparently Aster 2 was released without its safety tests.", None, _R.ANONYMOUS, certainty=Certainty.REPORTED),
            Said(
                "courier",
                "2026-02-25T15:00:00",
                _S.REPORTS,
                "A post that claims Aurora skipped safety tests has spread widely. The Courier found no second source.",
                "@kestrel_at_dusk",
                _R.ANONYMOUS,
                certainty=Certainty.REPORTED,
            ),
            Said(
                "ledger",
                "2026-02-26T15:00:00",
                _S.QUESTIONS,
                "Whether Aurora skipped the tests, as a post says, nobody could tell the Ledger.",
                "The Harbour Ledger",
                certainty=Certainty.QUESTIONED,
            ),
        ),
        ((0, "2026-02-24T23:00:00", Status.UNVERIFIED, 0.22, "One anonymous voice says so; five others repeat it, and repetition adds no voice."),),
        "A second voice of its own, or a document of the red team.",
        entities=("Aster 2",),
    ),
    Story(
        "The Fjord licence of Borealis 3 forbids use in newsrooms",
        _K.LICENCE,
        ("Northwind AI",),
        (
            Said("board", "2026-03-09T15:30:00", _S.SUPPORTS, "Section 4 of the Fjord licence rules out “editorial use”. So no newsrooms.", "tinplate", night=1),
            Said(
                "northwind",
                "2026-03-10T16:00:00",
                _S.DENIES,
                "The Fjord licence does not forbid journalism. We have made section 4 clearer.",
                "Northwind AI",
                night=2,
                cues=("does not forbid",),
            ),
            Said("okafor", "2026-03-10T17:00:00", _S.QUESTIONS, "The old text did, the new one does not. Which one came with the weights?", "Ines Okafor", night=2),
        ),
        (
            (1, "2026-03-09T15:30:00", Status.UNVERIFIED, 0.4, "One voice reads the licence so."),
            (2, "2026-03-10T16:00:00", Status.DISPUTED, 0.44, "One voice reads the licence so; the first party, whose licence it is, denies it."),
        ),
        "The text of the licence as it was on the day of the release.",
        entities=("Borealis 3",),
    ),
)


def hostile_texts(canary: str) -> tuple[str, ...]:
    """Texts that try to run, load, link, hide or break something; `canary` is a URL that must never be fetched."""
    return (
        f"<script>fetch('{canary}/script')</script> VISIBLE-SCRIPT",
        f"<img src={canary}/img onerror=alert(1)> VISIBLE-IMG",
        f"<svg onload=alert(2)><image href='{canary}/svg'/></svg> VISIBLE-SVG",
        f"<iframe src='{canary}/frame'></iframe> VISIBLE-FRAME",
        f"<style>@import '{canary}/css'; * {{ background: url({canary}/bg) }}</style> VISIBLE-STYLE",
        f"<a href='javascript:alert(3)' onmouseover=alert(4)>hover</a> <meta http-equiv=refresh content='0;url={canary}/meta'> VISIBLE-ANCHOR",
        f"![tracker]({canary}/markdown.png) [click]({canary}/link) VISIBLE-MARKDOWN",
        f"{canary}/autolink <{canary}/angle> www.canary.example VISIBLE-AUTOLINK",
        f"![x](data:text/html,<script>alert(5)</script>) [y](javascript:alert(6)) ![z][ref]\n\n[ref]: {canary}/ref VISIBLE-SCHEMES",
        r"$\href{" + canary + r"/latex}{x}$ $$\frac{1}{2}$$ :smile: :rocket: :material/bomb: :red[colour] VISIBLE-LATEX",
        "abc \u202egnp.exe\u202c \u2066isolate\u2069 VISIBLE-BIDI",
        "zero" + "\u200b\u200d\u2060\ufeff" * 500 + "width VISIBLE-ZERO",
        "z" + "\u0301\u0327" * 400 + "algo VISIBLE-ZALGO",
        "nul\x01\x08\x1b[31m red VISIBLE-CONTROL",
        "W" * 1_000_000,
        "</style></title></textarea>--><b>VISIBLE-CLOSER</b> {{7*7}} ${7*7} %s {canary}",
    )


HOSTILE_URLS = ("javascript:alert(7)", "data:text/html,<script>alert(8)</script>", "//canary.example/x", "http://user:pass@evil.example\u202e/x", "vbscript:msgbox(1)", None)
