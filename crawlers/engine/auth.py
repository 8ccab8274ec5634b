"""Puts a source's token on its requests, so that it reaches the API alone and is kept nowhere.

No spider handles it: each request gets it as it leaves, by its own address, so that no redirect takes it
elsewhere. Where the platform gives a token for a login (`crawlers.http.credentials`), that is asked for here
too, and its answer reaches no spider, and so neither archive nor inbox.
"""

from __future__ import annotations

import asyncio
from typing import Self
from urllib.parse import unquote, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers.http.credentials import LOGIN, Credential, LoginFailed, Session, credential_of
from crawlers.http.ssrf_guard import Refused
from crawlers.spiders.base import spider_of

_HEADER = b"Authorization"
_RENEWED = "renewed"
"""The key of a request's meta that says: asked a second time, with a new token."""


class CredentialMiddleware:
    """Puts the token on requests to the API only, and stops an answer that repeats a secret.

    A login that failed is not tried again by this source. `sessions` are the run's, by the root that their
    tokens are for: the next source of the platform goes on with the session of this one.
    """

    def __init__(
        self, crawler: Crawler, credential: Credential | None, url: str, sessions: dict[str, Session]
    ) -> None:
        self._crawler = crawler
        self._credential = credential if credential and credential.values() else None
        self._url = url
        self._root = credential.root(url) if credential else ""
        self._sessions = sessions
        self._lock = asyncio.Lock()
        self._failed: LoginFailed | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make one for the spider's source."""
        spider = spider_of(crawler)
        source = spider.source
        return cls(crawler, credential_of(source.spider, source.url), source.url, spider.run.sessions)

    async def process_request(self, request: Request) -> None:
        """Raise Refused for an address with a secret in it, LoginFailed without a token."""
        if self._credential is None or request.meta.get(LOGIN):
            return
        request.headers.pop(_HEADER, None)
        if any(secret in request.url or secret in unquote(request.url) for secret in self._secrets()):
            raise Refused("the address has a credential in it")
        parts = urlsplit(request.url)
        if f"{parts.scheme}://{parts.netloc}" == self._root:
            request.headers[_HEADER] = f"Bearer {await self._token(self._credential)}"

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """Raises Refused where the body repeats a secret; a header that does is dropped.

        A request whose token does not hold any more is made once again, with a new one.
        """
        if self._credential is None or request.meta.get(LOGIN):
            return response
        secrets = [secret.encode("ascii") for secret in self._secrets()]
        if any(secret in response.body for secret in secrets):
            raise Refused("the answer repeats the credential that it was asked with")
        for name, values in list(response.headers.items()):
            if any(secret in value for value in values for secret in secrets):
                del response.headers[name]
        login = self._credential.login
        first_try = _HEADER in request.headers and not request.meta.get(_RENEWED)
        if login and first_try and login.refuses(response):
            await self._token(self._credential, refused=request.headers[_HEADER])
            return request.replace(meta=request.meta | {_RENEWED: True}, dont_filter=True)
        return response

    def _secrets(self) -> tuple[str, ...]:
        session = self._sessions.get(self._root)
        assert self._credential is not None
        return self._credential.secrets() + (session.secrets() if session else ())

    async def _token(self, credential: Credential, refused: bytes | None = None) -> str:
        """Return the token, a new one where it is over or `refused` (an Authorization header)."""
        values = credential.values()
        assert values is not None
        if credential.login is None:
            return values[0]
        async with self._lock:
            session = self._sessions.get(self._root)
            if session and not session.over() and refused != f"Bearer {session.token}".encode("ascii"):
                return session.token
            if self._failed is not None:
                raise self._failed
            root = credential.login_root(self._url)
            try:
                if session and session.renewal:
                    renewal_request = credential.login.request(root, values, session.renewal)
                    try:
                        return await self._login(renewal_request, credential)
                    except LoginFailed:
                        del self._sessions[self._root]
                return await self._login(credential.login.request(root, values, None), credential)
            except LoginFailed as error:
                self._failed = error
                raise

    async def _login(self, request: Request, credential: Credential) -> str:
        engine = self._crawler.engine
        assert engine is not None and credential.login is not None
        session = credential.login.session(await engine.download_async(request))
        self._sessions[self._root] = session
        return session.token
