"""Test who counts as an editor."""

from __future__ import annotations

import pytest

from dashboard.auth import identity
from dashboard.auth.identity import COOKIE, by_password, by_provider
from pipeline.core.config import Config, SignInConfig
from pipeline.core.home import Home
from pipeline.decisions.accounts import Accounts

PASSWORD = "correct horse battery"


@pytest.fixture
def cookies(home: Home) -> dict[str, str]:
    accounts = Accounts(home.accounts)
    accounts.put("ada", PASSWORD)
    return {COOKIE: identity.cookie(home, accounts.all()["ada"])}


def test_a_cookie_that_we_signed_names_its_editor(home: Home, cookies: dict[str, str]) -> None:
    assert by_password(cookies, home, Config()) == "ada"
    assert by_password({}, home, Config()) is None
    # All bits of a signature's first character count; some bits of its last character do not.
    signed, _, signature = cookies[COOKIE].rpartition(".")
    forged = f"{signed}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
    assert by_password({COOKIE: forged}, home, Config()) is None
    assert by_password({COOKIE: "ada"}, home, Config()) is None


def test_a_cookie_ends_with_its_time_the_password_and_the_account(
    home: Home, cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import itsdangerous.timed

    now = itsdangerous.timed.time.time()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + 3600 * 12 + 5)
    assert by_password(cookies, home, Config()) is None
    assert by_password(cookies, home, Config(sign_in=SignInConfig(hours=24.0))) == "ada"
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now)
    Accounts(home.accounts).put("ada", "another long password")
    assert by_password(cookies, home, Config()) is None
    Accounts(home.accounts).remove("ada")
    assert by_password(cookies, home, Config()) is None


def test_a_cookie_of_another_home_says_nothing(home: Home, cookies: dict[str, str]) -> None:
    other_home = Home(home.path / "other")
    Accounts(other_home.accounts).put("ada", PASSWORD)
    assert by_password(cookies, other_home, Config()) is None


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ({"is_logged_in": True, "email": "Ada@Paper.example", "email_verified": True}, "ada@paper.example"),
        ({"is_logged_in": True, "email": "ada@paper.example", "email_verified": False}, None),
        ({"is_logged_in": True, "email": "ada@paper.example"}, None),
        ({"is_logged_in": True, "email": "ada@paper.example", "email_verified": "true"}, None),
        ({"is_logged_in": False, "email": "ada@paper.example", "email_verified": True}, None),
        ({"is_logged_in": True, "email": "eve@paper.example", "email_verified": True}, None),
        ({"is_logged_in": True, "email": "", "email_verified": True}, None),
        ({}, None),
    ],
)
def test_a_provider_vouches_for_an_address_and_the_settings_make_it_an_editor(user: dict[str, object],
                                                                              name: str | None) -> None:
    assert by_provider(user,
                       Config(sign_in=SignInConfig(editors="ada@paper.example, bo@paper.example"))) == name
    assert by_provider(user, Config()) is None
