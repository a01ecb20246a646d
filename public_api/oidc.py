"""Access tokens of the configured OpenID provider: mobile apps get theirs there (code and PKCE).

The provider's keys are fetched when a token names one that is not known, at most once in a while,
and again after some minutes, so that a key which the provider took back does not count for ever.
While the provider is away, the keys that are known go on counting.
"""

import asyncio
import re
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import httpx
import jwt
import structlog

from core.audit import EndUser
from core.errors import Unauthenticated, Unavailable

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
FETCH_SECONDS, KEPT_SECONDS = 10.0, 300.0
PATIENCE_SECONDS = 5.0
NEVER = float("-inf")
TYPES = frozenset({"at+jwt", "jwt", ""})
"""How a head may call an access token (RFC 9068); many providers say only JWT, or nothing."""
OF_ID_TOKENS = frozenset({"at_hash", "c_hash", "s_hash"})
OTHER_TOKENS = frozenset({"id", "refresh", "offline", "logout"})
"""What else a provider signs with the same keys, as some call it in the token's `typ`."""
_NAME = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,255}\Z")
log = structlog.get_logger()


class VerifiedToken(NamedTuple):
    """The app that a token was given to, what it may do, and for whom."""

    app: str
    scopes: frozenset[str]
    end_user: EndUser


class Provider:
    """An OpenID provider, by its issuer, and the audience its tokens must be meant for."""

    def __init__(self, issuer: str, audience: str) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys: dict[str, jwt.PyJWK] = {}
        self._tried_at, self._fetched_at = NEVER, NEVER
        self._lock = asyncio.Lock()

    async def verify(self, token: str) -> VerifiedToken:
        """What a token says of whoever shows it.

        Raises Unauthenticated, or Unavailable where it takes a key that cannot be had now.
        """
        try:
            header = jwt.get_unverified_header(token)
            _require_type(header)
            key = await self._key(str(header.get("kid", "")))
            claims = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self._audience,
                issuer=self._issuer,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
                leeway=5,
            )
        except jwt.InvalidTokenError:
            raise Unauthenticated("The access token is not valid, or no longer.") from None
        _require_access_token(claims)
        if not _NAME.match(claims["sub"]):
            raise Unauthenticated("The access token does not say who signed in.")
        scopes = frozenset(str(claims.get("scope", "")).split())
        return VerifiedToken(_app(claims), scopes, EndUser(self._issuer, claims["sub"]))

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


def _require_type(header: Mapping[str, Any]) -> None:
    """Raise Unauthenticated where a token's head calls it something else."""
    kind = str(header.get("typ", "")).lower().removeprefix("application/")
    if kind not in TYPES or "crit" in header:
        raise Unauthenticated("This is no access token.")


def _require_access_token(claims: Mapping[str, Any]) -> None:
    """Raise Unauthenticated for what a provider signs beside access tokens, under the same keys."""
    if OF_ID_TOKENS & claims.keys() or str(claims.get("typ", "")).lower() in OTHER_TOKENS:
        raise Unauthenticated("This is no access token.")


def _app(claims: Mapping[str, Any]) -> str:
    """The app that a token was given to, which goes by one name or by two that are the same."""
    named = [claims[name] for name in ("azp", "client_id") if name in claims]
    app = named[0] if named else None
    if not isinstance(app, str) or not _NAME.match(app) or named.count(app) != len(named):
        raise Unauthenticated("The access token does not say which app it was given to.")
    return app


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
