"""Local editors and their passwords."""

from __future__ import annotations

import base64
import hashlib
import json
import stat
import threading
from pathlib import Path

import pytest
from argon2 import PasswordHasher, extract_parameters

from pipeline.core.errors import ConfigError
from pipeline.core.files import FileLock
from pipeline.decisions import accounts as accounts_module
from pipeline.decisions.accounts import LONGEST, SHORTEST, Accounts, session_key

PASSWORD = "correct horse battery"
HASHER, NOBODY = accounts_module._HASHER, accounts_module._NOBODY  # the costs outside of tests


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    accounts_made = Accounts(tmp_path / "home" / "editors.json")
    accounts_made.put("ada", PASSWORD)
    return accounts_made


def test_a_hash_costs_what_rfc_9106_asks_for_where_memory_is_short() -> None:
    assert (HASHER.memory_cost, HASHER.time_cost, HASHER.parallelism) == (64 * 1024, 3, 4)
    assert extract_parameters(NOBODY) == extract_parameters(HASHER.hash(PASSWORD))


def test_only_the_right_password_opens(accounts: Accounts) -> None:
    account = accounts.check("ada", PASSWORD)
    assert account is not None and account.name == "ada"
    for name, password in (
        ("ada", PASSWORD + " "),
        ("ada", ""),
        ("Ada", PASSWORD),
        ("", PASSWORD),
        ("bo", PASSWORD),
    ):
        assert accounts.check(name, password) is None


def test_nothing_of_the_password_is_stored_and_only_its_owner_reads_the_file(accounts: Accounts) -> None:
    text = accounts.path.read_text()
    assert "horse" not in text
    assert text.count("$argon2id$") == 1
    assert stat.S_IMODE(accounts.path.stat().st_mode) == 0o600
    accounts.put("bo", PASSWORD)
    hashes = [account.hash for account in accounts.all().values()]
    assert len({value.split("$")[-1] for value in hashes}) == 2, "two of the same password have two salts"


def old_hash(password: str) -> str:
    """Return the hash of `password` as it was made before Argon2 was used."""
    key = hashlib.scrypt(password.encode(), salt=bytes(16), n=16, r=8, p=3, dklen=32)
    return "$".join(
        ["scrypt", "16", "8", "3", *(base64.b64encode(part).decode() for part in (bytes(16), key))]
    )


def test_an_old_hash_opens_and_is_replaced_when_it_did(accounts: Accounts) -> None:
    old_hashes = {"ada": old_hash(PASSWORD), "bo": old_hash(PASSWORD)}
    accounts.path.write_text(json.dumps(old_hashes))
    assert accounts.check("ada", "another long password") is None
    assert {name: account.hash for name, account in accounts.all().items()} == old_hashes
    same_account = accounts.check("ada", PASSWORD)
    assert same_account == accounts.all()["ada"] and same_account.hash.startswith("$argon2id$")
    assert accounts.all()["bo"].hash == old_hashes["bo"]
    assert accounts.check("ada", PASSWORD) == same_account
    assert accounts.check("ada", "another long password") is None
    assert stat.S_IMODE(accounts.path.stat().st_mode) == 0o600


def test_a_right_password_opens_where_the_hash_cannot_be_replaced(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.path.write_text(json.dumps({"ada": old_hash(PASSWORD)}))

    def unwritable(_target: Path) -> None:
        raise ConfigError("the disk is full")

    monkeypatch.setattr("pipeline.decisions.accounts.whole_file", unwritable)
    assert accounts.check("ada", PASSWORD) == accounts.all()["ada"]


def test_a_replaced_hash_does_not_undo_what_was_changed_meanwhile(accounts: Accounts) -> None:
    accounts.path.write_text(json.dumps({"ada": old_hash(PASSWORD), "bo": old_hash(PASSWORD)}))
    lock = FileLock(accounts.path.with_name("editors.json.lock"))
    with lock.held():
        signing_in = threading.Thread(target=accounts.check, args=("ada", PASSWORD))
        signing_in.start()
        new_file = accounts.path.with_suffix(".new")  # whole at once: the thread may read at any moment
        new_file.write_text(json.dumps({"bo": old_hash(PASSWORD)}))
        new_file.replace(accounts.path)
    signing_in.join()
    assert list(accounts.all()) == ["bo"]


def test_of_a_password_that_is_too_long_the_same_part_is_hashed_as_is_compared(accounts: Accounts) -> None:
    longest = "x" * LONGEST
    accounts.path.write_text(json.dumps({"ada": old_hash(longest)}))
    for password in (longest + "y", longest, longest + "z"):
        assert accounts.check("ada", password) is not None


def test_a_part_of_an_old_hash_opens_nothing(accounts: Accounts) -> None:
    *parts, key = old_hash(PASSWORD).split("$")
    cut_hash = base64.b64encode(base64.b64decode(key)[:1]).decode()
    accounts.path.write_text(json.dumps({"ada": "$".join([*parts, cut_hash])}))
    assert accounts.check("ada", PASSWORD) is None


def test_an_unknown_name_takes_the_work_of_a_known_one(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = []
    verify = PasswordHasher.verify

    def watched(self: PasswordHasher, stored: str, password: bytes) -> bool:
        parameters.append(extract_parameters(stored))
        return verify(self, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    assert accounts.check("ada", "another long password") is None
    assert accounts.check("nobody", PASSWORD) is None
    assert parameters[0] == parameters[1] and len(parameters) == 2


def test_a_new_password_changes_the_mark_and_the_old_one_no_longer_opens(accounts: Accounts) -> None:
    before = accounts.all()["ada"].mark
    accounts.put("ada", "another long password")
    assert accounts.all()["ada"].mark != before
    assert accounts.check("ada", PASSWORD) is None
    accounts.remove("ada")
    assert accounts.all() == {}
    with pytest.raises(ConfigError, match="there is no editor 'ada'"):
        accounts.remove("ada")


@pytest.mark.parametrize("password", ["short", "x" * (SHORTEST - 1), "x" * (LONGEST + 1)])
def test_a_password_has_a_length(accounts: Accounts, password: str) -> None:
    with pytest.raises(ConfigError, match="a password has 12 to 1,000 characters"):
        accounts.put("bo", password)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 61])
def test_a_name_is_printable(accounts: Accounts, name: str) -> None:
    with pytest.raises(ConfigError, match="is not a name"):
        accounts.put(name, PASSWORD)


def test_a_damaged_file_is_told(accounts: Accounts) -> None:
    for damaged_hash in ("scrypt$1", "", "$argon2id$", f"$argon2id$v=19$m=65536,t=3,p=4${'A' * 22}$!"):
        accounts.path.write_text(json.dumps({"ada": damaged_hash}))
        with pytest.raises(ConfigError, match="is damaged"):
            accounts.check("ada", PASSWORD)
    accounts.path.write_text("[]")
    with pytest.raises(ConfigError, match="cannot be read"):
        accounts.all()


def test_the_session_key_is_made_once(tmp_path: Path) -> None:
    file = tmp_path / "home" / "session.key"
    key = session_key(file)
    assert len(key) == 32
    assert session_key(file) == key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_bytes(b"")
    with pytest.raises(ConfigError, match="is damaged"):
        session_key(file)
