"""The words that records hold: platforms, kinds, stances, statuses, roles, and the keys of voices.

docs/glossary.md explains each of them.
"""

from __future__ import annotations

from enum import StrEnum


class Platform(StrEnum):
    """A platform that documents are published on."""

    NEWS = "news"
    BLOG = "blog"
    X = "x"
    REDDIT = "reddit"
    HACKERNEWS = "hackernews"
    BLUESKY = "bluesky"
    MASTODON = "mastodon"
    TELEGRAM = "telegram"
    HUGGINGFACE = "huggingface"
    GITHUB = "github"
    ARXIV = "arxiv"
    FILE = "file"
    OTHER = "other"


ACCOUNT_PLATFORMS = frozenset(
    {Platform.X, Platform.REDDIT, Platform.HACKERNEWS, Platform.BLUESKY, Platform.MASTODON, Platform.TELEGRAM}
)
"""Platforms on which the account publishes, whatever listing a document was collected from."""


class Role(StrEnum):
    """The position of a source or a speaker toward a claim."""

    FIRST_PARTY = "first_party"
    PRESS = "press"
    EXPERT = "expert"
    COMMUNITY = "community"
    ANONYMOUS = "anonymous"
    AGGREGATOR = "aggregator"


class Precision(StrEnum):
    """The precision of a time; UNKNOWN goes with no time at all, never with a guess."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    UNKNOWN = "unknown"

    @property
    def to_the_day(self) -> bool:
        """Return whether at least the day is known."""
        return self.clock or self is Precision.DAY

    @property
    def clock(self) -> bool:
        """Return whether the time of day is known."""
        return self in (Precision.SECOND, Precision.MINUTE)


class DateOrigin(StrEnum):
    """The place where a publication time was read."""

    API = "api"
    FEED = "feed"
    JSON_LD = "json_ld"
    META = "meta"
    URL = "url"
    VISIBLE_TEXT = "visible_text"
    GIVEN = "given"
    UNKNOWN = "unknown"


class Extent(StrEnum):
    """How much of a document a version holds, the least first.

    FEED: what a feed said of a page that could not be read. TEASER: what a page shows that says that it is
    not free.
    """

    FEED = "feed"
    TEASER = "teaser"
    WHOLE = "whole"

    @property
    def reach(self) -> int:
        """Return its place among the extents, from 0."""
        return list(type(self)).index(self)


class ReadAnew(StrEnum):
    """The reason why a version is no edit of the one before: it holds more, or another reader made it."""

    FULLER = "fuller"
    READER = "reader"


class LinkKind(StrEnum):
    """A way in which one document points to another."""

    LINK = "link"
    REPLY = "reply"
    REPOST = "repost"
    QUOTE = "quote"


class Part(StrEnum):
    """The part of a version that a mention's offsets count in."""

    TITLE = "title"
    TEXT = "text"


class Kind(StrEnum):
    """The subject matter of a claim."""

    RELEASE = "release"
    DELAY = "delay"
    BENCHMARK_RESULT = "benchmark_result"
    BENCHMARK_GAMING = "benchmark_gaming"
    CAPABILITY = "capability"
    SIZE = "size"
    TRAINING_DATA = "training_data"
    PRICE = "price"
    LICENCE = "licence"
    PEOPLE = "people"
    SAFETY = "safety"
    DEAL = "deal"
    IDENTITY = "identity"
    OTHER = "other"


class Certainty(StrEnum):
    """The certainty that the speaker's own words express."""

    ASSERTED = "asserted"
    HEDGED = "hedged"
    REPORTED = "reported"
    PREDICTED = "predicted"
    QUESTIONED = "questioned"


class Stance(StrEnum):
    """The stance of a mention toward a claim."""

    SUPPORTS = "supports"
    DENIES = "denies"
    QUESTIONS = "questions"
    REPORTS = "reports"

    @property
    def against(self) -> bool:
        """Return whether it denies or questions the claim."""
        return self in (Stance.DENIES, Stance.QUESTIONS)


class Status(StrEnum):
    """The status of a claim, as the evidence found so far supports it."""

    UNVERIFIED = "unverified"
    CORROBORATED = "corroborated"
    DISPUTED = "disputed"
    SUBSTANTIATED = "substantiated"
    CONTRADICTED = "contradicted"
    RETRACTED = "retracted"
    EXPIRED = "expired"


class ReleaseStage(StrEnum):
    """How far a release has come, the lowest first: a name found, words, a trial, an API, weights."""

    STRING_FOUND = "string_found"
    ANNOUNCED = "announced"
    PREVIEW = "preview"
    API = "api"
    OPEN_WEIGHTS = "open_weights"

    @property
    def height(self) -> int:
        """Return its place among the stages, from 0."""
        return list(type(self)).index(self)


class EdgeKind(StrEnum):
    """The sign that a document follows another one, or a voice that is not stored."""

    LINK = "link"
    REPLY = "reply"
    REPOST = "repost"
    QUOTE = "quote"
    ATTRIBUTION = "attribution"
    QUOTATION = "quotation"
    NEAR_DUPLICATE = "near_duplicate"
    SAME_SPEAKER = "same_speaker"


class Event(StrEnum):
    """The event in a row of the timeline."""

    SUPPORTS = "supports"
    DENIES = "denies"
    QUESTIONS = "questions"
    REPORTS = "reports"
    STATUS = "status"
    EDITED = "edited"
    HEDGED = "hedged"
    CORRECTED = "corrected"
    GONE = "gone"
    DEADLINE = "deadline"
    DECISION = "decision"
    JOINED = "joined"


class Change(StrEnum):
    """The parts that an edit changed; TRIVIAL is typography, or boilerplate such as a counter."""

    TRIVIAL = "trivial"
    HEADLINE = "headline"
    BODY = "body"
    HEADLINE_AND_BODY = "headline_and_body"


class DecisionKind(StrEnum):
    """A kind of editor's decision."""

    MERGE = "merge"
    APART = "apart"
    SPLIT = "split"
    MOVE = "move"
    STANCE = "stance"
    STATUS = "status"
    NOTE = "note"
    HIDE = "hide"
    FOLLOW = "follow"
    STORY_MERGE = "story_merge"
    STORY_SPLIT = "story_split"
    STORY_TITLE = "story_title"
    UNDO = "undo"


OF_STORIES = (DecisionKind.STORY_MERGE, DecisionKind.STORY_SPLIT, DecisionKind.STORY_TITLE)
"""The kinds of decisions whose target is a story."""


class Severity(StrEnum):
    """The weight of an issue: an ERROR lost something, a WARNING was worked around, INFO explains."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class IssueStage(StrEnum):
    """The step of collecting in which something went wrong; only CRAWL counts for a source's health."""

    CRAWL = "crawl"
    REVISIT = "revisit"


class Outcome(StrEnum):
    """The end of a run or of a source's crawl; OFF: the source lacks credentials or is switched off."""

    RUNNING = "running"
    OK = "ok"
    PARTIAL = "partial"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    OFF = "off"


class VoiceKind(StrEnum):
    """What a voice is known by; what HEARSAY passes on has nobody behind it and is no voice at all.

    USERS are all who tell of their own use. An UNSTORED voice is known only from who passes it on.
    """

    SOURCE = "source"
    OUTLET = "outlet"
    HOUSE = "house"
    ORGANISATION = "organisation"
    SPEAKER = "speaker"
    UNSTORED = "unstored"
    USERS = "users"
    HEARSAY = "hearsay"


class VoiceKey(str):
    """The key of a voice as it is stored: `kind:id`, or the kind alone. Equal keys are one voice."""

    __slots__ = ()

    @classmethod
    def of(cls, kind: VoiceKind, id: str = "") -> VoiceKey:
        """Return the key of a voice; `id` is empty where the kind says it all."""
        return cls(f"{kind}:{id}" if id else kind)

    @property
    def kind(self) -> VoiceKind:
        """Return what the voice is known by. Raises ValueError where the text is no key."""
        return VoiceKind(self.partition(":")[0])

    @property
    def id(self) -> str:
        """Return what tells the voice from others of its kind."""
        return self.partition(":")[2]

    @property
    def stored(self) -> bool:
        """Return whether a stored document has the voice speak."""
        return self.kind not in (VoiceKind.HEARSAY, VoiceKind.UNSTORED)


HEARSAY = VoiceKey.of(VoiceKind.HEARSAY)
RUMOUR = "unattributed rumour"
"""The words for what HEARSAY passes on, in verdicts, on pages and cards."""
