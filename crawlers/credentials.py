"""Which sources need which secrets, from which environment variables, and for which host alone."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawlers.logins import BlueskyLogin, Login, RedditLogin


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable and what it holds, in words; one that is not `secret` may stand in answers."""

    name: str
    holds: str
    secret: bool = True

    def given(self) -> str:
        """What the environment has."""
        return os.environ.get(self.name, "").strip()

    def value(self) -> str | None:
        """What the environment has; None where it is not set or could not stand in a header."""
        given = self.given()
        return given if given and all("!" <= char <= "~" for char in given) else None


@dataclass(frozen=True, slots=True)
class Credential:
    """The variables of one platform, the API host that they are for, and if nothing goes without them.

    Without a `login` the one variable holds the token itself; with one the variables ask for a token that ends.
    `path` says which sources need it, where not all of the spider's do.
    """

    variables: tuple[Variable, ...]
    host: str
    required: bool
    login: Login | None = None
    path: str | None = None

    def values(self) -> tuple[str, ...] | None:
        """What the variables hold, in their order; None unless all are set to something that can be used."""
        values = [variable.value() for variable in self.variables]
        found = tuple(value for value in values if value is not None)
        return found if len(found) == len(values) else None

    def secrets(self) -> tuple[str, ...]:
        """The values that nothing may repeat."""
        held = self.values() or ()
        return tuple(value for value, one in zip(held, self.variables, strict=False) if one.secret)

    def root(self, url: str) -> str:
        """Where the API of the source at `url` answers, and the one place that the token is sent to.

        That is `host` over https, or the source's own address where it is a loopback one: a stand-in for the API,
        which the guard lets out only with `allow_private_addresses`.
        """
        return stand_in(url) or f"https://{self.host}"

    def login_root(self, url: str) -> str:
        """As `root`, for the one place that the variables' values themselves are sent to."""
        assert self.login is not None
        return stand_in(url) or f"https://{self.login.host}"


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


def credential_of(spider: str, url: str) -> Credential | None:
    """The credential that goes with the source at `url`; None where there is none.

    The source without an address (`crawlers.following.LINKED`) asks GitHub for what links of posts lead to.
    """
    if not url:
        return CREDENTIALS["github"]
    one = CREDENTIALS.get(spider)
    if one is None or one.path not in (None, urlsplit(url).path.rstrip("/")):
        return None
    return one


def lacking(spider: str, url: str) -> str | None:
    """What has to be set before the source at `url` can be read; None where nothing is missing.

    A variable that is set to what cannot be used, or without those that go with it, is told even where the spider
    could go without.
    """
    needed = credential_of(spider, url)
    if needed is None or needed.values() is not None:
        return None
    if not needed.required and not any(variable.given() for variable in needed.variables):
        return None
    return "; ".join(
        f"the environment variable {one.name} {'holds what cannot be a credential' if one.given() else 'is not set'}; "
        f"set it to {one.holds}"
        for one in needed.variables
        if one.value() is None
    )


def stand_in(url: str) -> str | None:
    """The scheme and host of an address that stands in for a platform (a loopback one); None for any other."""
    parts = urlsplit(url)
    try:
        loopback = ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.netloc}" if loopback else None
