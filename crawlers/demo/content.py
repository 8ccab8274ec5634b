"""What stands on the demo web, and when: places and stories read from the TOML files in `content/`."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

NIGHTS = tuple(datetime(2026, 3, day, 3, tzinfo=UTC) for day in (2, 3, 4))
"""The times of the three nightly crawls."""

LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
"""A link in a post's text: words and target."""


@dataclass(frozen=True, slots=True)
class Place:
    """One site or account: `form` is its format, `handle` names an account, subreddit or tag."""

    key: str
    form: str
    host: str
    name: str
    handle: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One publication, as it stands at one time.

    `text` is plain but for links, written `[words](target)`, where the target is a URL or `@` and a post's
    id. `link`, `reply_to`, `quotes` and `reposts` are ids of other posts (`link` may be a URL). `first_title`
    is the title that an edited post had at first, which its address keeps.
    """

    id: str
    place: Place
    at: datetime
    title: str = ""
    text: str = ""
    by: str = ""
    by_name: str = ""
    score: int = 0
    link: str = ""
    reply_to: str = ""
    quotes: str = ""
    reposts: str = ""
    gone_at: datetime | None = None
    edited_at: datetime | None = None
    first_title: str = ""
    edits: tuple[Edit, ...] = ()
    tags: tuple[str, ...] = ()
    parameters: int = 0

    def number(self, digits: int) -> int:
        """Return a number of at most `digits` digits that never changes."""
        return int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % int(10**digits)

    def code(self, length: int, alphabet: str = "abcdefghijklmnopqrstuvwxyz234567") -> str:
        """Return a name of `length` letters that is this post's alone and never changes."""
        number, letters = int(hashlib.sha256(self.id.encode()).hexdigest(), 16), ""
        for _ in range(length):
            number, digit = divmod(number, len(alphabet))
            letters += alphabet[digit]
        return letters


@dataclass(frozen=True, slots=True)
class Edit:
    """From `at` on, a post has this title and text."""

    at: datetime
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Expected:
    """A claim that the demo must show: words of its text, and its status after each night ("" before it)."""

    story: str
    says: str
    words: tuple[str, ...]
    statuses: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Story:
    """One content file: what it is about and what it shows."""

    key: str
    title: str
    shows: str
    claims: tuple[Expected, ...]
    posts: tuple[Post, ...]


@dataclass(frozen=True)
class Web:
    """Everything on the demo web."""

    places: dict[str, Place]
    stories: tuple[Story, ...]
    posts: dict[str, Post]

    def at(self, clock: datetime) -> Iterator[Post]:
        """Yield the posts that stand at `clock`, newest first, each with the wording of that time."""
        for post in sorted(self.posts.values(), key=lambda post: (post.at, post.id), reverse=True):
            if post.at <= clock and not self.gone(post, clock):
                yield as_of(post, clock)

    def until(self, clock: datetime) -> Web:
        """Return all posts up to `clock`, deleted ones included, each with the wording of that time."""
        past = {post.id: as_of(post, clock) for post in self.posts.values() if post.at <= clock}
        return replace(self, posts=past)

    @staticmethod
    def gone(post: Post, clock: datetime) -> bool:
        """Return whether `post` was there and is deleted at `clock`."""
        return post.gone_at is not None and post.gone_at <= clock


def as_of(post: Post, clock: datetime) -> Post:
    """Return `post` with the title and text that it has at `clock`."""
    for edit in post.edits:
        if edit.at <= clock:
            first_title = post.first_title or post.title
            post = replace(post, title=edit.title, text=edit.text, edited_at=edit.at, first_title=first_title)
    return post


def load() -> Web:
    """Read all content files. Raises KeyError or TypeError where one names an unknown place or field."""
    root = _root()
    places = {key: Place(key=key, **value) for key, value in _toml(root / "places.toml").items()}
    stories = tuple(_story(file, places) for file in _story_files())
    posts = {post.id: post for story in stories for post in story.posts}
    if len(posts) != sum(len(story.posts) for story in stories):
        raise KeyError("two posts of the demo web have the same id")
    for post in posts.values():
        inline = [target.removeprefix("@") for _, target in links(post.text)]
        for target in (post.reply_to, post.quotes, post.reposts, post.link, *inline):
            if target and "://" not in target and target not in posts:
                raise KeyError(f"{post.id} points to {target}, which is no post")
    return Web(places, stories, posts)


def links(text: str) -> list[tuple[str, str]]:
    """Return the (words, target) of every link in `text`."""
    return [(match[1], match[2]) for match in LINK.finditer(text)]


def with_links(text: str, show: Callable[[str, str], str]) -> str:
    """Return `text` with each link replaced by `show(words, target)`."""
    return LINK.sub(lambda match: show(match[1], match[2]), text)


def fingerprint() -> str:
    """Return a hash of everything the demo is made of: when it changes, a finished demo is out of date."""
    digest = hashlib.sha256()
    settings = [files("crawlers.demo") / name for name in SETTINGS]
    for file in [*_story_files(), _root() / "places.toml", *settings]:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


SETTINGS = ("rumortrail.toml", "sources.toml", "gazetteer.toml")
"""The files of a demo home, beside this module."""


def _root() -> Traversable:
    return files("crawlers.demo") / "content"


def _story_files() -> list[Traversable]:
    return sorted((_root() / "stories").iterdir(), key=lambda file: file.name)


def _toml(file: Traversable) -> dict[str, Any]:
    return tomllib.loads(file.read_text("utf-8"))


def _story(file: Traversable, places: dict[str, Place]) -> Story:
    raw = _toml(file)
    key = file.name.removesuffix(".toml")
    claims = [
        Expected(key, claim["says"], tuple(claim["words"]), tuple(claim["statuses"]))
        for claim in raw.get("claim", [])
    ]
    posts = [_post(post, places) for post in raw["post"]]
    return Story(key, raw["title"], raw["shows"], tuple(claims), tuple(posts))


def _post(raw: dict[str, Any], places: dict[str, Place]) -> Post:
    edits = tuple(Edit(edit["at"], edit["title"], edit["text"].strip()) for edit in raw.pop("edit", []))
    place, text, tags = places[raw.pop("in")], raw.pop("text", "").strip(), tuple(raw.pop("tags", ()))
    return Post(place=place, text=text, tags=tags, edits=edits, **raw)
