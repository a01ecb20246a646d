"""Access tokens of the configured OpenID provider: mobile apps get theirs there (code and PKCE).

The provider's keys are fetched when a token names one that is not known, at most once in a while.
"""

import asyncio
import time
from typing import Any

import httpx
import jwt

from core.errors import Unauthenticated, Unavailable

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
FETCH_SECONDS = 10.0
PATIENCE_SECONDS = 5.0


class Provider:
    """An OpenID provider, by its issuer, and the audience its tokens must be meant for."""

    def __init__(self, issuer: str, audience: str) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched = -FETCH_SECONDS
        self._lock = asyncio.Lock()

    async def verify(self, token: str) -> tuple[str, frozenset[str]]:
        """The app that a token was given to, and its scopes; raises Unauthenticated."""
        try:
            header = jwt.get_unverified_header(token)
            key = await self._key(str(header.get("kid", "")))
            claims = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self._audience,
                issuer=self._issuer,
                options={"require": ["exp", "iat", "iss", "aud"]},
                leeway=5,
            )
        except jwt.InvalidTokenError:
            raise Unauthenticated("The access token is not valid, or no longer.") from None
        app = claims.get("azp") or claims.get("client_id")
        if not isinstance(app, str):
            raise Unauthenticated("The access token does not say which app it was given to.")
        return app, frozenset(str(claims.get("scope", "")).split())

    async def _key(self, name: str) -> jwt.PyJWK:
        if name not in self._keys:
            async with self._lock:
                if name not in self._keys and time.monotonic() - self._fetched > FETCH_SECONDS:
                    self._fetched = time.monotonic()
                    self._keys = await self._fetch()
        if name not in self._keys:
            raise Unauthenticated("The access token is signed with a key that is not known.")
        return self._keys[name]

    async def _fetch(self) -> dict[str, jwt.PyJWK]:
        try:
            async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as http:
                where = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
                said: dict[str, Any] = (await http.get(where)).raise_for_status().json()
                answer = await http.get(said["jwks_uri"])
                keys = answer.raise_for_status().json()["keys"]
        except (httpx.HTTPError, KeyError, ValueError) as problem:
            raise Unavailable("The OpenID provider is not reachable; try again soon.") from problem
        usable = [each for each in keys if each.get("use", "sig") == "sig" and "kid" in each]
        return {each["kid"]: jwt.PyJWK(each) for each in usable}
