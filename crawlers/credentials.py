"""Which spider needs which secret, from which environment variable, and for which host alone."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Credential:
    """The environment variable that holds a spider's token, the API host that it is for, and if nothing goes without."""

    variable: str
    host: str
    required: bool

    def token(self) -> str | None:
        """The token as the environment has it; None where it is not set or could not stand in a header."""
        given = os.environ.get(self.variable, "").strip()
        return given if given and all("!" <= char <= "~" for char in given) else None

    def root(self, url: str) -> str:
        """Where the API of the source at `url` answers, and the one place that the token is sent to.

        That is `host` over https, or the source's own address where it is a loopback one: a stand-in for the API,
        which the guard lets out only with `allow_private_addresses`.
        """
        parts = urlsplit(url)
        return (
            f"{parts.scheme}://{parts.netloc}"
            if _is_loopback(parts.hostname or "")
            else f"https://{self.host}"
        )


CREDENTIALS: dict[str, Credential] = {
    "x": Credential("X_BEARER_TOKEN", "api.x.com", required=True),
    "github": Credential("GITHUB_TOKEN", "api.github.com", required=False),
}
"""By spider; one that is not named needs none."""


def lacking(spider: str) -> str | None:
    """What has to be set before sources of `spider` can be read; None where nothing is missing.

    A variable that is set to something that is no token is told even where the spider could go without.
    """
    needed = CREDENTIALS.get(spider)
    if needed is None or needed.token() is not None:
        return None
    given = os.environ.get(needed.variable, "").strip()
    if not given and not needed.required:
        return None
    state = "holds what cannot be a token" if given else "is not set"
    return f"the environment variable {needed.variable} {state}; set it to a token of {needed.host}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
