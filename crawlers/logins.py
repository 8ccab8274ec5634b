"""How Reddit and Bluesky give a token for what the user's variables hold, and how they say that it is over.

https://github.com/reddit-archive/reddit/wiki/OAuth2#application-only-oauth,
https://docs.bsky.app/docs/api/com-atproto-server-create-session.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass, field
from time import monotonic
from typing import Annotated, Protocol, TypeVar

from pydantic import BaseModel, Field, ValidationError
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

LOGIN = "login"
"""The key of a request's meta that says: this asks for a token, its answer is one."""
EARLY = 60.0
"""A token is renewed so many seconds before it ends."""

_Token = Annotated[str, Field(pattern=r"^[!-~]{8,8000}$")]
_Given = TypeVar("_Given", bound=BaseModel)


class LoginFailed(IgnoreRequest):
    """The platform gave no token."""


@dataclass(frozen=True, slots=True)
class Session:
    """A token, until when (on the monotonic clock) it holds, and what asks for the next one where that is not the login."""

    token: str = field(repr=False)
    ends: float | None = None
    renewal: str | None = field(default=None, repr=False)

    def over(self) -> bool:
        """Whether its time is up."""
        return self.ends is not None and monotonic() >= self.ends

    def secrets(self) -> tuple[str, ...]:
        """What nothing may repeat."""
        return (self.token,) if self.renewal is None else (self.token, self.renewal)


class Login(Protocol):
    """One platform's way to a token."""

    @property
    def host(self) -> str:
        """Where tokens are given, and the one place that the variables' values are sent to."""

    def request(self, root: str, values: tuple[str, ...], renewal: str | None) -> Request:
        """The request for a token at `root`: by `renewal` where there is one, else by the variables' values."""

    def session(self, response: Response) -> Session:
        """What the platform gave. Raises LoginFailed, in words that repeat nothing of the answer."""

    def refuses(self, response: Response) -> bool:
        """Whether an answer of the API says that the token does not hold any more."""


class _RedditToken(BaseModel):
    access_token: _Token
    expires_in: float = Field(ge=0, le=1e9)


class RedditLogin:
    """Application-only OAuth: the application's id and secret give a token for reading."""

    host = "www.reddit.com"

    def request(self, root: str, values: tuple[str, ...], renewal: str | None) -> Request:
        """As Login; such a token has no renewal, so the application asks again."""
        basic = b64encode(":".join(values).encode("ascii")).decode("ascii")
        headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
        return _post(f"{root}/api/v1/access_token", headers, b"grant_type=client_credentials")

    def session(self, response: Response) -> Session:
        """As Login."""
        given = _given(_RedditToken, response)
        return Session(given.access_token, monotonic() + max(0.0, given.expires_in - EARLY))

    def refuses(self, response: Response) -> bool:
        """As Login."""
        return response.status == 401


class _BlueskyToken(BaseModel):
    accessJwt: _Token
    refreshJwt: _Token


class BlueskyLogin:
    """A session of an account, by its handle and an app password; how long its token holds only a refusal tells."""

    host = "bsky.social"

    def request(self, root: str, values: tuple[str, ...], renewal: str | None) -> Request:
        """As Login."""
        call = f"{root}/xrpc/com.atproto.server."
        if renewal is not None:
            return _post(f"{call}refreshSession", {"Authorization": f"Bearer {renewal}"}, b"")
        body = json.dumps({"identifier": values[0], "password": values[1]}).encode("ascii")
        return _post(f"{call}createSession", {"Content-Type": "application/json"}, body)

    def session(self, response: Response) -> Session:
        """As Login."""
        given = _given(_BlueskyToken, response)
        return Session(given.accessJwt, renewal=given.refreshJwt)

    def refuses(self, response: Response) -> bool:
        """As Login: an expired token is answered with 400 and that word."""
        return response.status == 401 or (response.status == 400 and b'"ExpiredToken"' in response.body[:10_000])


def _post(url: str, headers: dict[str, str], body: bytes) -> Request:
    """A redirect is not followed: it would take the secrets with it."""
    meta = {LOGIN: True, "dont_redirect": True}
    return Request(url, NO_CALLBACK, "POST", headers, body, meta=meta, priority=1000)


def _given(kind: type[_Given], response: Response) -> _Given:
    if response.status != 200:
        raise LoginFailed(f"asked for a token, the server answered {response.status}")
    try:
        return kind.model_validate_json(response.body)
    except ValidationError:
        # The error's own words would repeat the answer.
        raise LoginFailed("asked for a token, the server answered without one") from None
