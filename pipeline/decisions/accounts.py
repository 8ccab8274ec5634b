"""Local editors: names with hashed passwords, for one machine without an identity provider."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError, VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY

from pipeline.core.errors import BusyError, ConfigError
from pipeline.core.files import FileLock, whole_file

SHORTEST = 12  # NIST SP 800-63B-4, 3.1.1.2: 15 where a password is the only factor, 8 otherwise
LONGEST = 1_000

_SCRYPT = "scrypt$"
_KEY = 32  # bytes
_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)  # 64 MB, three passes
_COST = f"m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
_NOBODY = f"$argon2id$v=19${_COST}${'A' * 22}${'A' * 43}"
_ONE_AT_A_TIME = threading.Lock()  # a check takes 64 MB: a flood of attempts must not take it many times


@dataclass(frozen=True, slots=True)
class Account:
    """A local editor; `hash` is Argon2's, or "scrypt$n$r$p$salt$key" from an earlier Rumortrail."""

    name: str
    hash: str

    @property
    def mark(self) -> str:
        """Return a mark that changes with the password: what was signed with the old mark no longer holds."""
        return hashlib.sha256(self.hash.encode()).hexdigest()[:24]


class Accounts:
    """The local editors in `path`, a JSON file that only its owner may read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def all(self) -> dict[str, Account]:
        """Return the accounts by name. Raises ConfigError where the file cannot be read."""
        if not self.path.exists():
            return {}
        try:
            hashes = json.loads(self.path.read_text("utf-8"))
            return {str(name): Account(str(name), str(value)) for name, value in hashes.items()}
        except (OSError, ValueError, AttributeError) as error:
            words = f"{self.path} cannot be read: {error}"
            raise ConfigError(f"{words}. Move it away, and add the editors again") from error

    def put(self, name: str, password: str) -> None:
        """Add an editor, or give one a new password.

        Raises ConfigError for a name or a password that will not do.
        """
        name = name.strip()
        if not name or len(name) > 60 or not name.isprintable():
            raise ConfigError(f"{name!r} is not a name for an editor: 1 to 60 printable characters")
        if not SHORTEST <= len(password) <= LONGEST:
            length = f"a password has {SHORTEST} to {LONGEST:,} characters"
            raise ConfigError(f"{length}; this one has {len(password):,}")
        account = Account(name, _HASHER.hash(_bytes(password)))
        with self._alone():
            self._write({**self.all(), name: account})

    def remove(self, name: str) -> None:
        """Take an editor away; the decisions stay. Raises ConfigError where there is no such editor."""
        with self._alone():
            accounts = self.all()
            if accounts.pop(name, None) is None:
                names = ", ".join(accounts) or "none yet"
                raise ConfigError(f"there is no editor {name!r}; the editors are: {names}")
            self._write(accounts)

    def check(self, name: str, password: str) -> Account | None:
        """Return the account if the password is its own; an unknown name takes as long as a wrong password.

        A hash that was made with other settings than today's is then replaced, and whoever was signed in by
        it signs in again.
        """
        account, typed = self.all().get(name), _bytes(password[:LONGEST])
        try:
            with _ONE_AT_A_TIME:
                matches = _is_of(account.hash if account else _NOBODY, typed)
        except (ValueError, VerificationError) as error:
            raise ConfigError(
                f"the password of {name!r} in {self.path} is damaged: `rumortrail editor add` sets it anew"
            ) from error
        if not account or not matches:
            return None
        if account.hash.startswith(_SCRYPT) or _HASHER.check_needs_rehash(account.hash):
            return self._renewed(account, typed)
        return account

    def _renewed(self, account: Account, password: bytes) -> Account:
        """Replace the hash, unless the account was changed meanwhile or the file cannot be written now."""
        fresh = Account(account.name, _HASHER.hash(password))
        try:
            with self._alone():
                accounts = self.all()
                if accounts.get(account.name) != account:
                    return account
                self._write({**accounts, account.name: fresh})
        except (ConfigError, BusyError, OSError):
            return account  # the password is right; the next sign-in tries again
        return fresh

    def _alone(self) -> AbstractContextManager[None]:
        """Let one process at a time change the file."""
        lock = FileLock(self.path.with_name(f"{self.path.name}.lock"))
        return lock.held("a change of editors, ", wait=lambda _holder: 10.0)

    def _write(self, accounts: dict[str, Account]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        content = json.dumps({name: account.hash for name, account in sorted(accounts.items())}, indent=1)
        with whole_file(self.path) as stream:
            Path(stream.name).chmod(0o600)
            stream.write(content.encode())


def session_key(path: Path) -> bytes:
    """Return the key that signs this dashboard's cookies; made on first use, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with whole_file(path) as stream:
            Path(stream.name).chmod(0o600)
            stream.write(secrets.token_bytes(_KEY))
    key = path.read_bytes()
    if len(key) < _KEY:
        raise ConfigError(f"{path} is damaged: remove it, and everybody signs in again")
    return key


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")


def _is_of(stored: str, password: bytes) -> bool:
    """Return whether `stored` is a hash of `password`; ValueError or VerificationError if it is none."""
    if stored.startswith(_SCRYPT):
        _, n, r, p, salt, key = stored.split("$")
        cost = {"n": int(n), "r": int(r), "p": int(p), "maxmem": 256 * int(n) * int(r)}
        stored_key = base64.b64decode(key)
        derived_key = hashlib.scrypt(password, salt=base64.b64decode(salt), dklen=_KEY, **cost)
        return hmac.compare_digest(derived_key, stored_key)
    try:
        return _HASHER.verify(stored, password)
    except VerifyMismatchError:
        return False
