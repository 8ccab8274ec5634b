"""Run an OpenID Connect provider on loopback, which signs in the configured user at once."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "rumortrail"


@dataclass
class Provider:
    """A running provider; `user` holds the claims about the next user who signs in."""

    url: str = ""
    user: dict[str, Any] = field(default_factory=dict)
    nonces: dict[str, str] = field(default_factory=dict)
    key: RSAKey = field(
        default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})
    )

    def secrets(self, redirect_uri: str) -> str:
        """Return the entry of `secrets.toml` for this provider."""
        return (
            f'[auth]\nredirect_uri = "{redirect_uri}"\ncookie_secret = "a secret of the tests alone"\n'
            f'client_id = "{CLIENT}"\nclient_secret = "s"\n'
            f'server_metadata_url = "{self.url}/.well-known/openid-configuration"\n'
        )

    def metadata(self) -> dict[str, Any]:
        """Return the discovery document (OpenID Connect Discovery 1.0, 3)."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def id_token(self, code: str) -> str:
        """Return the signed claims for a code that was handed out."""
        now = int(time.time())
        claims = {
            "iss": self.url, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 600,
            "nonce": self.nonces[code], **self.user,
        }
        return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self.key)


@contextmanager
def provided() -> Iterator[Provider]:
    """Run a provider for the duration of the block."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def _json(self, answer: object) -> None:
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/authorize":
                code = f"code{len(provider.nonces)}"
                provider.nonces[code] = query.get("nonce", "")
                self.send_response(302)
                redirect_query = urlencode({"code": code, "state": query["state"]})
                self.send_header("Location", f"{query['redirect_uri']}?{redirect_query}")
                self.end_headers()
            elif parts.path == "/jwks":
                self._json({"keys": [provider.key.as_dict(private=False)]})
            else:
                self._json(provider.metadata())

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            token = provider.id_token(form["code"][0])
            self._json({"access_token": "a", "token_type": "Bearer", "expires_in": 600, "id_token": token})

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield provider
    server.shutdown()
