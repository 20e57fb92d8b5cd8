"""A company's OpenID Connect provider: a real server with real keys, which lets its one account in unasked."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "clientier", "between us two"


class Company:
    """``account`` is who signs in there; ``issuer`` and ``audience`` may be bent to see a wrong token refused."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.account: dict[str, Any] = {"sub": "4711", "email": "rita@example.com", "email_verified": True}
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: set[str] = set()
        self.server = HTTPServer(("127.0.0.1", 0), self._handler())
        self.address = self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.audience = CLIENT
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> Company:
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def approve(self, asked: str) -> str:
        """What the browser is sent back to after the account has been chosen there."""
        facts = {name: values[0] for name, values in parse_qs(urlsplit(asked).query).items()}
        assert asked.startswith(f"{self.address}/authorize?")
        assert (facts["client_id"], facts["response_type"]) == (CLIENT, "code")
        assert set(facts["scope"].split()) == {"openid", "email", "profile"}
        code = secrets.token_urlsafe()
        self.codes[code] = facts
        return f"{facts['redirect_uri']}?{urlencode({'code': code, 'state': facts['state']})}"

    def document(self, path: str, header: str) -> dict[str, Any] | None:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "userinfo_endpoint": f"{self.address}/userinfo",
                "jwks_uri": f"{self.address}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return {"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]}
        if path == "/userinfo" and header.removeprefix("Bearer ") in self.tokens:
            return self.account
        return None

    def exchange(self, facts: dict[str, str]) -> dict[str, Any] | None:
        """A code for tokens, once, to who knows the secret and asked in the first place."""
        asked = self.codes.pop(facts.get("code", ""), None)
        proof = hashlib.sha256(facts.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != challenge or facts.get("client_secret") != SECRET:
            return None
        self.tokens.add(token := secrets.token_urlsafe())
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": self.audience, "iat": now, "exp": now + 60, **self.account}
        signed = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "one"})
        return {"access_token": token, "token_type": "Bearer", "expires_in": 60, "id_token": signed}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        company = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(company.document(self.path, self.headers.get("Authorization", "")))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._answer(company.exchange({name: values[0] for name, values in parse_qs(body).items()}))

            def _answer(self, document: dict[str, Any] | None) -> None:
                self.send_response(200 if document is not None else 400)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(
                    json.dumps(document if document is not None else {"error": "invalid"}).encode()
                )

            def log_message(self, *_words: object) -> None:
                """Tests are quiet."""

        return Handler
