"""Access tokens of the configured OpenID provider: mobile apps get theirs there (code and PKCE).

The provider's keys are fetched when a token names one that is not known, at most once in a while,
and again after some minutes, so that a key which the provider took back does not count for ever.
While the provider is away, the keys that are known go on counting.
"""

import asyncio
import time

import httpx
import jwt
import structlog

from core.errors import Unauthenticated, Unavailable

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
FETCH_SECONDS, KEPT_SECONDS = 10.0, 300.0
PATIENCE_SECONDS = 5.0
NEVER = float("-inf")
log = structlog.get_logger()


class Provider:
    """An OpenID provider, by its issuer, and the audience its tokens must be meant for."""

    def __init__(self, issuer: str, audience: str) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys: dict[str, jwt.PyJWK] = {}
        self._tried_at, self._fetched_at = NEVER, NEVER
        self._lock = asyncio.Lock()

    async def verify(self, token: str) -> tuple[str, frozenset[str]]:
        """The app that a token was given to, and its scopes.

        Raises Unauthenticated, or Unavailable where it takes a key that cannot be had now.
        """
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

    async def published_keys(self) -> int:
        """How many usable keys it publishes now; raises what kept it from saying so."""
        async with asyncio.timeout(PATIENCE_SECONDS), httpx.AsyncClient() as http:
            return len(_usable_keys(await self._fetch_keys(http)))

    async def _key(self, name: str) -> jwt.PyJWK:
        fresh = time.monotonic() - self._fetched_at <= KEPT_SECONDS
        if name in self._keys and (fresh or self._lock.locked()):
            return self._keys[name]
        async with self._lock:
            now = time.monotonic()
            stale = name not in self._keys or now - self._fetched_at > KEPT_SECONDS
            if stale and now - self._tried_at > FETCH_SECONDS:
                await self._refresh(now)
        if name in self._keys:
            return self._keys[name]
        if self._fetched_at < self._tried_at:
            raise Unavailable("The OpenID provider is not reachable; try again soon.")
        raise Unauthenticated("The access token is signed with a key that is not known.")

    async def _refresh(self, now: float) -> None:
        self._tried_at = now
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), httpx.AsyncClient() as http:
                self._keys = _usable_keys(await self._fetch_keys(http))
        except (httpx.HTTPError, OSError, TypeError, LookupError, ValueError) as problem:
            log.warning("openid_provider_away", problem=type(problem).__name__)
        else:
            self._fetched_at = now

    async def _fetch_keys(self, http: httpx.AsyncClient) -> list[object]:
        """The keys that the provider publishes; raises ValueError where it is another's."""
        where = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
        configuration = (await http.get(where)).raise_for_status().json()
        if configuration["issuer"] != self._issuer:
            raise ValueError("the document is of another issuer")
        keys = await http.get(configuration["jwks_uri"])
        return list(keys.raise_for_status().json()["keys"])


def _usable_keys(published: list[object]) -> dict[str, jwt.PyJWK]:
    """The keys that signatures can be checked with; others are for others."""
    keys = {}
    for each in published:
        if not isinstance(each, dict) or "kid" not in each or each.get("use", "sig") != "sig":
            continue
        try:
            keys[str(each["kid"])] = jwt.PyJWK(each)
        except jwt.PyJWTError:
            log.warning("openid_key_not_taken", kty=str(each.get("kty"))[:20])
    return keys
