"""Local editors: names with hashed passwords, for one machine without an identity provider."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import ConfigError
from pipeline.core.files import whole_file

SHORTEST = 12  # NIST SP 800-63B-4, 3.1.1.2, asks for 15 where a password is the only factor, 8 otherwise
LONGEST = 1_000

# OWASP's Password Storage Cheat Sheet: 32 MB, three passes.
_COST = {"n": 2**15, "r": 8, "p": 3}
_SALT, _LENGTH, _KEY = 16, 32, 32  # bytes
_ONE_AT_A_TIME = threading.Lock()  # each look takes 32 MB: a flood of attempts must not take it many times over


@dataclass(frozen=True, slots=True)
class Account:
    """A local editor; `hash` is "scrypt$n$r$p$salt$key"."""

    name: str
    hash: str

    @property
    def mark(self) -> str:
        """Changes with the password: what was signed for the old one no longer holds."""
        return hashlib.sha256(self.hash.encode()).hexdigest()[:24]


class Accounts:
    """The local editors in `path`, a JSON file that only its owner may read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def all(self) -> dict[str, Account]:
        """The accounts by name. Raises ConfigError where the file cannot be read."""
        if not self.path.exists():
            return {}
        try:
            given = json.loads(self.path.read_text("utf-8"))
            return {str(name): Account(str(name), str(value)) for name, value in given.items()}
        except (OSError, ValueError, AttributeError) as error:
            raise ConfigError(
                f"{self.path} cannot be read: {error}. Move it away and add the editors again: `rumortrail editor add NAME`"
            ) from error

    def put(self, name: str, password: str) -> None:
        """Add an editor, or give one a new password.

        Raises ConfigError for a name or a password that will not do.
        """
        name = name.strip()
        if not name or len(name) > 60 or not name.isprintable():
            raise ConfigError(f"{name!r} is no name for an editor: 1 to 60 printable characters")
        if not SHORTEST <= len(password) <= LONGEST:
            raise ConfigError(f"a password has {SHORTEST} to {LONGEST:,} characters; this one has {len(password):,}")
        salt = secrets.token_bytes(_SALT)
        parts = [str(cost) for cost in _COST.values()] + [_text(salt), _text(_key(password, salt, **_COST))]
        self._write({**self.all(), name: Account(name, "$".join(["scrypt", *parts]))})

    def remove(self, name: str) -> None:
        """Take an editor away; what was decided stays. Raises ConfigError where there is none of that name."""
        found = self.all()
        if found.pop(name, None) is None:
            raise ConfigError(f"there is no editor {name!r}: {', '.join(self.all()) or 'there is none at all'}")
        self._write(found)

    def check(self, name: str, password: str) -> Account | None:
        """The account, if the password is its own. An unknown name takes as long as a wrong password."""
        account = self.all().get(name)
        try:
            scheme, n, r, p, salt, key = (account.hash if account else _NOBODY).split("$")
            known = base64.b64decode(key)
            with _ONE_AT_A_TIME:
                given = _key(password[:LONGEST], base64.b64decode(salt), n=int(n), r=int(r), p=int(p))
        except ValueError as error:
            raise ConfigError(
                f"the password of {name!r} in {self.path} is damaged: `rumortrail editor add` sets it anew"
            ) from error
        same = hmac.compare_digest(given, known)
        return account if account and same and scheme == "scrypt" else None

    def _write(self, accounts: dict[str, Account]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        content = json.dumps({name: account.hash for name, account in sorted(accounts.items())}, indent=1)
        with whole_file(self.path) as stream:
            Path(stream.name).chmod(0o600)
            stream.write(content.encode())


def session_key(path: Path) -> bytes:
    """The key that signs this dashboard's cookies; made on first use, for its owner's eyes only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with whole_file(path) as stream:
            Path(stream.name).chmod(0o600)
            stream.write(secrets.token_bytes(_KEY))
    key = path.read_bytes()
    if len(key) < _KEY:
        raise ConfigError(f"{path} is damaged: remove it, and everybody signs in again")
    return key


def _key(password: str, salt: bytes, *, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"), salt=salt, n=n, r=r, p=p, maxmem=256 * n * r, dklen=_LENGTH
    )


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


_NOBODY = "$".join(
    ["scrypt", *(str(cost) for cost in _COST.values()), _text(bytes(_SALT)), _text(bytes(_LENGTH))]
)
