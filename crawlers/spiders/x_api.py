"""X's answers: posts, and what accompanies them (https://docs.x.com/x-api/fundamentals/data-dictionary)."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from crawlers.normalise.validate import StatedTime

_Id = Annotated[str, Field(pattern=r"^[0-9]{1,19}$")]
_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, UTC)
"""A post's number counts the milliseconds since this time, in its upper bits."""


class _Url(BaseModel):
    url: str
    expanded_url: str | None = None
    unwound_url: str | None = None
    media_key: str | None = None


class _Entities(BaseModel):
    urls: list[_Url] = []


class _Note(BaseModel):
    text: str
    entities: _Entities = _Entities()


class _Reference(BaseModel):
    type: str
    id: _Id


class _Metrics(BaseModel):
    like_count: int | None = None


class _Attachments(BaseModel):
    media_keys: list[str] = []


class Post(BaseModel):
    id: _Id
    text: str
    author_id: str | None = None
    created_at: StatedTime = None
    lang: str | None = None
    edit_history_tweet_ids: list[_Id] = []
    entities: _Entities = _Entities()
    attachments: _Attachments = _Attachments()
    note_tweet: _Note | None = None
    public_metrics: _Metrics = _Metrics()
    referenced_tweets: list[_Reference] = []

    def first(self) -> str:
        """Return the number under which the post appeared; each edit has one of its own."""
        return self.edit_history_tweet_ids[0] if self.edit_history_tweet_ids else self.id

    def posted(self) -> Any:
        """Return when the post appeared: by the first number for an edit, whose `created_at` is its own."""
        if self.first() == self.id or not isinstance(self.created_at, datetime):
            return self.created_at
        agree = abs(_time_of(self.id) - self.created_at) <= timedelta(seconds=2)
        return _time_of(self.first()).replace(microsecond=0) if agree else None

    def reference(self, kind: str) -> str | None:
        """Return the number of the post that this one answers, quotes or passes on."""
        return next((reference.id for reference in self.referenced_tweets if reference.type == kind), None)


class User(BaseModel):
    id: str
    username: str = Field(pattern=r"^[A-Za-z0-9_]{1,20}$")
    name: str = ""


class _Media(BaseModel):
    media_key: str
    alt_text: str | None = None


def _readable(kind: type[BaseModel]) -> BeforeValidator:
    """Return a validator that skips broken entries, for lists that only accompany the posts."""

    def keep(raws: Any) -> list[BaseModel]:
        readable = []
        for raw in raws if isinstance(raws, list) else []:
            with suppress(ValidationError):
                readable.append(kind.model_validate(raw))
        return readable

    return BeforeValidator(keep)


class _Includes(BaseModel):
    users: Annotated[list[User], _readable(User)] = []
    tweets: Annotated[list[Post], _readable(Post)] = []
    media: Annotated[list[_Media], _readable(_Media)] = []


class Problem(BaseModel):
    type: str = ""
    title: str = ""
    detail: str = ""
    resource_type: str | None = None
    resource_id: str | None = None
    value: str | None = None


class _Meta(BaseModel):
    next_token: str | None = None


class Answer(BaseModel):
    data: list[Any] = []
    includes: _Includes = _Includes()
    errors: Annotated[list[Problem], _readable(Problem)] = []
    meta: _Meta | None = None

    def post(self, number: str | None) -> Post | None:
        """Return the post that the others refer to by `number`, where the answer includes it."""
        return next((post for post in self.includes.tweets if post.id == number), None)

    def author(self, post: Post) -> User | None:
        """Return the writer of `post`, where the answer includes it."""
        return next((user for user in self.includes.users if user.id == post.author_id), None)

    def alt_texts(self, post: Post) -> list[str | None]:
        """Return what the writer of `post` says of each picture in it, as far as the answer includes them."""
        texts = {media.media_key: media.alt_text for media in self.includes.media}
        return [texts.get(key) for key in post.attachments.media_keys]


class Account(BaseModel):
    data: User | None = None
    errors: Annotated[list[Problem], _readable(Problem)] = []


def _time_of(number: str) -> datetime:
    return _EPOCH + timedelta(milliseconds=int(number) >> 22)
