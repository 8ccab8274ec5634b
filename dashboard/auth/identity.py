"""Who is looking: an editor who signed in, by password or through OpenID Connect, or a reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from itsdangerous import BadSignature, URLSafeTimedSerializer
from streamlit.errors import StreamlitSecretNotFoundError

from pipeline.core.config import Config, Home
from pipeline.decisions.accounts import Account, Accounts, session_key

COOKIE = "rumortrail_editor"


def editor(home: Home, config: Config) -> str | None:
    """The name under which the visitor decides; None for a reader.

    Raises ConfigError where the file of local editors cannot be read.
    """
    return by_password(st.context.cookies, home, config) or by_provider(st.user.to_dict(), config)


def by_password(cookies: Mapping[str, str], home: Home, config: Config) -> str | None:
    """The local editor whom the cookie names, if we signed it, it is not too old, and the password is still the same."""
    cookie = cookies.get(COOKIE)
    if not cookie or not home.accounts.exists():
        return None
    try:
        told = _signer(home).loads(cookie, max_age=round(3600 * config.sign_in.hours))
    except BadSignature:
        return None
    account = Accounts(home.accounts).all().get(told["name"])
    return account.name if account and account.mark == told["mark"] else None


def by_provider(user: Mapping[str, Any], config: Config) -> str | None:
    """The e-mail address that the provider vouches for, if it is one of `[sign_in] editors`."""
    allowed = {address.strip().lower() for address in config.sign_in.editors.split(",") if address.strip()}
    address = str(user.get("email", "")).strip().lower()
    vouched = user.get("is_logged_in") is True and user.get("email_verified") is True
    return address if vouched and address in allowed else None


def has_provider() -> bool:
    """Whether an identity provider is configured: `[auth]` of secrets.toml in the home folder."""
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False


def cookie(home: Home, account: Account) -> str:
    """What the cookie of a local editor holds: the name and a mark of the password, signed with the time."""
    return str(_signer(home).dumps({"name": account.name, "mark": account.mark}))


def _signer(home: Home) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(session_key(home.session_key), salt=COOKIE)
