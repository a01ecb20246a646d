"""A certified OpenID provider (npm `oidc-provider`) on loopback, and signing in to it as an app."""

import asyncio
import base64
import hashlib
import json
import os
import secrets
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

HERE = Path(__file__).parent
APP, REDIRECT = "beleg-ios", "de.makler.app:/signed-in"
SCOPE = "applications:read applications:write"


@dataclass(frozen=True)
class SigningKey:
    """A key that a provider signs with, under its name."""

    name: str
    private: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )

    def jwk(self) -> dict[str, Any]:
        """The key with its private parts, as the provider takes it."""
        fields: dict[str, Any] = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.private))
        named = {each: fields[each] for each in fields if each != "key_ops"}
        return {**named, "kid": self.name, "use": "sig", "alg": "RS256"}


class OpenIdProvider:
    """A provider in a process of its own, which may be stopped and come back with other keys."""

    def __init__(self, folder: Path, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self._file = folder / "provider.json"
        self._port = port
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, keys: Sequence[SigningKey]) -> None:
        """Serve with these keys; the first signs."""
        configuration = {"client": APP, "redirect": REDIRECT, "scope": SCOPE, "port": self._port}
        self._file.write_text(json.dumps({**configuration, "keys": [each.jwk() for each in keys]}))
        assert (HERE / "node_modules").is_dir(), "`make provider` installs the OpenID provider"
        self._process = await asyncio.create_subprocess_exec(
            _node(),
            *(str(HERE / "server.mjs"), str(self._file)),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(60), httpx.AsyncClient() as http:
            while True:
                try:
                    await http.get(f"{self.issuer}/jwks")
                    return
                except httpx.TransportError:
                    assert self._process.returncode is None, "the provider ended at once"
                    await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """End the process."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def sign_in(self, audience: str, scope: str = SCOPE) -> str:
        """An access token for this audience, as the app gets it: a code first, PKCE with it."""
        verifier = secrets.token_urlsafe(48)
        async with httpx.AsyncClient(base_url=self.issuer) as browser:
            code = await self._authorize(browser, audience, scope, verifier)
            wrong = await self._exchange(browser, code, audience, secrets.token_urlsafe(48))
            assert wrong.status_code == 400
            code = await self._authorize(browser, audience, scope, verifier)
            answer = await self._exchange(browser, code, audience, verifier)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    async def _authorize(
        self, browser: httpx.AsyncClient, audience: str, scope: str, verifier: str
    ) -> str:
        digest = hashlib.sha256(verifier.encode()).digest()
        parameters = {
            "client_id": APP,
            "redirect_uri": REDIRECT,
            "response_type": "code",
            "resource": audience,
            "scope": scope,
            "state": "s",
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        answer = await browser.get("/auth", params=parameters)
        while not (place := answer.headers.get("location", "")).startswith(REDIRECT):
            if answer.is_redirect:
                answer = await browser.get(place)
                continue
            assert answer.status_code == 200, answer.text
            prompt = "login" if 'value="login"' in answer.text else "consent"
            form = {"prompt": prompt, "login": "mia", "password": "any"}
            answer = await browser.post(str(answer.url), data=form)
        query = parse_qs(urlsplit(place).query)
        assert query["state"] == ["s"], place
        return str(query["code"][0])

    async def _exchange(
        self, browser: httpx.AsyncClient, code: str, audience: str, verifier: str
    ) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "client_id": APP,
            "redirect_uri": REDIRECT,
            "code": code,
            "resource": audience,
            "code_verifier": verifier,
        }
        return await browser.post("/token", data=form)


def _node() -> str:
    """The machine's Node, or the one beside this Python."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    found = shutil.which("node", path=path)
    assert found, "Node is needed: `make provider` installs it"
    return found
