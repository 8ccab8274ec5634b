"""The credentials that sources need, the environment variables that hold them, and how to log in with them.

Reddit and Bluesky give a token for the variables' values:
https://github.com/reddit-archive/reddit/wiki/OAuth2#application-only-oauth,
https://docs.bsky.app/docs/api/com-atproto-server-create-session.
"""

from __future__ import annotations

import ipaddress
import json
import os
from base64 import b64encode
from dataclasses import dataclass, field
from time import monotonic
from typing import Annotated, Protocol, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable and what it holds, in words; one that is not `secret` may stand in answers."""

    name: str
    holds: str
    secret: bool = True

    def given(self) -> str:
        """Return what the environment has."""
        return os.environ.get(self.name, "").strip()

    def value(self) -> str | None:
        """Return what the environment has; None where it is not set or could not stand in a header."""
        text = self.given()
        return text if text and all("!" <= char <= "~" for char in text) else None


@dataclass(frozen=True, slots=True)
class Credential:
    """The variables of one platform and its API's host; where it is `required`, nothing works without.

    Without a `login` the one variable holds the token itself; with one, the variables ask for a token that
    expires. `path` says which sources need it, where not all of the spider's do.
    """

    variables: tuple[Variable, ...]
    host: str
    required: bool
    login: Login | None = None
    path: str | None = None

    def values(self) -> tuple[str, ...] | None:
        """Return the variables' values, in their order; None unless all are set to something usable."""
        values = [variable.value() for variable in self.variables]
        usable = tuple(value for value in values if value is not None)
        return usable if len(usable) == len(values) else None

    def secrets(self) -> tuple[str, ...]:
        """Return the values that nothing may repeat."""
        values = self.values() or ()
        return tuple(
            value for value, variable in zip(values, self.variables, strict=False) if variable.secret
        )

    def root(self, url: str) -> str:
        """Return the API's root for the source at `url`: the only place that the token is sent to.

        That is `host` over https, or the source's own address where it is a loopback one: a stand-in for the
        API, which the guard allows only with `allow_private_addresses`.
        """
        return stand_in(url) or f"https://{self.host}"

    def login_root(self, url: str) -> str:
        """Return the root that gives tokens: the only place that the variables' values are sent to."""
        assert self.login is not None
        return stand_in(url) or f"https://{self.login.host}"


def credential_of(spider: str, url: str) -> Credential | None:
    """Return the credential for the source at `url`; None where there is none.

    The source without an address (`crawlers.link_targets.LINKED`) asks GitHub about the targets of links.
    """
    if not url:
        return CREDENTIALS["github"]
    credential = CREDENTIALS.get("github" if spider == "registry" else spider)  # read through the same API
    if credential is None or credential.path not in (None, urlsplit(url).path.rstrip("/")):
        return None
    return credential


def lacking(spider: str, url: str) -> str | None:
    """Return what must be set before the source at `url` can be read; None where nothing is missing.

    A variable with an unusable value, or without those that go with it, is reported even where the spider
    could go without.
    """
    credential = credential_of(spider, url)
    if credential is None or credential.values() is not None:
        return None
    if not credential.required and not any(variable.given() for variable in credential.variables):
        return None
    unusable = [variable for variable in credential.variables if variable.value() is None]
    return "; ".join(
        f"the environment variable {variable.name} "
        f"{'has a value that cannot be a credential' if variable.given() else 'is not set'}; "
        f"set it to {variable.holds}"
        for variable in unusable
    )


def stand_in(url: str) -> str | None:
    """Return the scheme and host of a loopback address, which stands in for a platform; else None."""
    parts = urlsplit(url)
    try:
        loopback = ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.netloc}" if loopback else None


LOGIN = "login"
"""The key of a request's meta that marks a request for a token."""
EARLY = 60.0
"""Seconds before its end at which a token is renewed."""

_Token = Annotated[str, Field(pattern=r"^[!-~]{8,8000}$")]
_Given = TypeVar("_Given", bound=BaseModel)


class LoginFailed(IgnoreRequest):
    """The platform gave no token."""


@dataclass(frozen=True, slots=True)
class Session:
    """A token, its end on the monotonic clock, and what renews it where that is not the login."""

    token: str = field(repr=False)
    ends: float | None = None
    renewal: str | None = field(default=None, repr=False)

    def over(self) -> bool:
        """Return whether its time is up."""
        return self.ends is not None and monotonic() >= self.ends

    def secrets(self) -> tuple[str, ...]:
        """Return the values that nothing may repeat."""
        return (self.token,) if self.renewal is None else (self.token, self.renewal)


class Login(Protocol):
    """One platform's way to a token."""

    @property
    def host(self) -> str:
        """Return where tokens are given: the only place that the variables' values are sent to."""

    def request(self, root: str, values: tuple[str, ...], renewal: str | None) -> Request:
        """Return the request for a token at `root`, by `renewal` where there is one, else by `values`."""

    def session(self, response: Response) -> Session:
        """Return what the platform gave. Raises LoginFailed, which repeats nothing of the answer."""

    def refuses(self, response: Response) -> bool:
        """Return whether an answer of the API says that the token is no longer valid."""


class _RedditToken(BaseModel):
    access_token: _Token
    expires_in: float = Field(ge=0, le=1e9)


class RedditLogin:
    """Application-only OAuth: the application's id and secret give a token for reading."""

    host = "www.reddit.com"

    def request(self, root: str, values: tuple[str, ...], renewal: str | None) -> Request:
        """Return the request for a token; such a token has no renewal."""
        basic = b64encode(":".join(values).encode("ascii")).decode("ascii")
        headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
        return _post(f"{root}/api/v1/access_token", headers, b"grant_type=client_credentials")

    def session(self, response: Response) -> Session:
        """Return the session of the token."""
        token = _given(_RedditToken, response)
        return Session(token.access_token, monotonic() + max(0.0, token.expires_in - EARLY))

    def refuses(self, response: Response) -> bool:
        """Return whether the answer is 401."""
        return response.status == 401


class _BlueskyToken(BaseModel):
    accessJwt: _Token
    refreshJwt: _Token


class BlueskyLogin:
    """A session of an account, by its handle and an app password; a token is over when it is refused."""

    host = "bsky.social"

    def request(self, root: str, values: tuple[str, ...], renewal: str | None) -> Request:
        """Return the request for a token."""
        endpoint = f"{root}/xrpc/com.atproto.server."
        if renewal is not None:
            return _post(f"{endpoint}refreshSession", {"Authorization": f"Bearer {renewal}"}, b"")
        body = json.dumps({"identifier": values[0], "password": values[1]}).encode("ascii")
        return _post(f"{endpoint}createSession", {"Content-Type": "application/json"}, body)

    def session(self, response: Response) -> Session:
        """Return the session of the token and its renewal."""
        token = _given(_BlueskyToken, response)
        return Session(token.accessJwt, renewal=token.refreshJwt)

    def refuses(self, response: Response) -> bool:
        """Return whether the answer is 401, or 400 with ExpiredToken."""
        expired = response.status == 400 and b'"ExpiredToken"' in response.body[:10_000]
        return response.status == 401 or expired


def _post(url: str, headers: dict[str, str], body: bytes) -> Request:
    """Return the request that sends a form; no redirect is followed, as it would take the secrets along."""
    meta = {LOGIN: True, "dont_redirect": True}
    return Request(url, NO_CALLBACK, "POST", headers, body, meta=meta, priority=1000)


def _given(kind: type[_Given], response: Response) -> _Given:
    if response.status != 200:
        raise LoginFailed(f"the server refused to give a token (HTTP {response.status})")
    try:
        return kind.model_validate_json(response.body)
    except ValidationError:
        # The error's own words would repeat the answer.
        raise LoginFailed("the server's answer to the login holds no token") from None


CREDENTIALS: dict[str, Credential] = {
    "x": Credential((Variable("X_BEARER_TOKEN", "a token of api.x.com"),), "api.x.com", required=True),
    "github": Credential(
        (Variable("GITHUB_TOKEN", "a token of api.github.com"),), "api.github.com", required=False
    ),
    "reddit": Credential(
        (
            Variable("REDDIT_CLIENT_ID", "the id of an application of reddit.com"),
            Variable("REDDIT_CLIENT_SECRET", "the secret of that application"),
        ),
        "oauth.reddit.com",
        required=False,
        login=RedditLogin(),
    ),
    "bluesky": Credential(
        (
            Variable("BLUESKY_IDENTIFIER", "the handle of an account of bsky.social", secret=False),
            Variable("BLUESKY_APP_PASSWORD", "an app password of that account"),
        ),
        "bsky.social",
        required=True,
        login=BlueskyLogin(),
        path="/search",
    ),
}
"""By spider; one that is not named needs none."""
