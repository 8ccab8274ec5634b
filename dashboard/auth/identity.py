"""The visitor: a reader, or an editor who signed in by password or through OpenID Connect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from itsdangerous import BadSignature, URLSafeTimedSerializer
from streamlit.errors import StreamlitSecretNotFoundError

from dashboard.auth.sessions import Sessions
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.decisions.accounts import Account, Accounts, session_key

COOKIE = "rumortrail_editor"


def editor(home: Home, config: Config) -> str | None:
    """Return the name under which the visitor decides; None for a reader.

    Raises ConfigError where the file of local editors cannot be read.
    """
    return by_password(st.context.cookies, home, config) or by_provider(st.user.to_dict(), config)


def by_password(cookies: Mapping[str, str], home: Home, config: Config) -> str | None:
    """Return the local editor of the cookie, if it is ours and in time, the password is the same, and the
    editor has not signed out since.
    """
    cookie = cookies.get(COOKIE)
    if not cookie or not home.accounts.exists():
        return None
    try:
        signed = _signer(home).loads(cookie, max_age=round(3600 * config.sign_in.hours))
    except BadSignature:
        return None
    account = Accounts(home.accounts).all().get(signed["name"])
    if account is None or account.mark != signed["mark"]:
        return None
    return account.name if Sessions(home.sessions).holds(account.name, signed.get("session")) else None


def by_provider(user: Mapping[str, Any], config: Config) -> str | None:
    """Return the e-mail address that the provider vouches for, if it is one of `[sign_in] editors`."""
    allowed = {address.strip().lower() for address in config.sign_in.editors.split(",") if address.strip()}
    address = str(user.get("email", "")).strip().lower()
    vouched = user.get("is_logged_in") is True and user.get("email_verified") is True
    return address if vouched and address in allowed else None


def offer_provider() -> None:
    """Draw the button that signs in through OpenID Connect, where a provider is configured."""
    if has_provider():
        st.button("Sign in with your organisation", on_click=st.login, type="primary")


def has_provider() -> bool:
    """Return whether an identity provider is configured: `[auth]` of secrets.toml in the home folder."""
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False


def cookie(home: Home, account: Account) -> str:
    """Return the cookie of a local editor: the name, a mark of the password and one of the sign-ins that
    hold, signed with the time.
    """
    session = Sessions(home.sessions).begin(account.name)
    return str(_signer(home).dumps({"name": account.name, "mark": account.mark, "session": session}))


def _signer(home: Home) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(session_key(home.session_key), salt=COOKIE)
