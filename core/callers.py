"""Whose key or token was shown: remembered for a few seconds, and dropped by a notification."""

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, or_, select

from core.audit import EndUser
from core.clients import PER_DAY, PER_MINUTE, Caller, Network, Scope, digest
from core.clients.store import access_token, client, client_key
from core.connecting import listen
from core.db import Database
from core.errors import Unauthenticated
from core.query import compiled, param

CHANNEL = "client_key"
TOKEN_BEGINNING = "beleg_at_"  # noqa: S105 - how every access token begins, not one of them
CACHED_SECONDS = 5.0
MOST_CACHED = 10_000
T = TypeVar("T")

_CALLER = (
    client_key.c.id.label("key_id"),
    client_key.c.client_id,
    client_key.c.scopes,
    client_key.c.expires_at,
    client_key.c.networks,
    func.coalesce(client_key.c.per_minute, client.c.per_minute).label("per_minute"),
    client.c.per_day,
    client.c.name,
)
_BY_HASH = compiled(
    select(*_CALLER)
    .join(client, client.c.id == client_key.c.client_id)
    .where(client_key.c.hash == param("hash"), ~client.c.disabled)
)
_BY_TOKEN = compiled(
    select(
        *_CALLER,
        access_token.c.scopes.label("token_scopes"),
        access_token.c.expires_at.label("token_expires_at"),
    )
    .join(client, client.c.id == client_key.c.client_id)
    .join(access_token, access_token.c.key_id == client_key.c.id)
    .where(access_token.c.hash == param("hash"), ~client.c.disabled)
)
_BY_APP = compiled(
    select(
        client.c.id, client.c.name, client.c.per_minute, client.c.per_day, client.c.app_networks
    ).where(client.c.oidc_client_id == param("oidc_client_id"), ~client.c.disabled)
)
_NETWORKS_OF_KEYS = compiled(
    select(client_key.c.networks).where(
        client_key.c.client_id == param("client_id"),
        or_(client_key.c.expires_at.is_(None), client_key.c.expires_at > func.now()),
    )
)
OF_MACHINES = frozenset({Scope.WEBHOOKS_MANAGE})
"""Scopes that no end user has: who manages a client's webhooks is told of all its applications."""


class CallerCache:
    """Whose keys and tokens these are: remembered for seconds, and dropped by a notification."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._cached: dict[bytes, tuple[float, Caller]] = {}
        self._apps: dict[str, tuple[float, Caller]] = {}
        self._known: dict[bytes, None] = {}  # those that were right, the last of them

    def knows(self, token: str) -> bool:
        """Whether this key or token was right when it was last shown, which may be a while ago."""
        return digest(token) in self._known

    async def by_secret(self, token: str) -> Caller:
        """Whose key or access token this is; raises Unauthenticated for one that does not count."""
        hashed = digest(token)
        cached = self._cached.get(hashed)
        if cached is not None and cached[0] > time.monotonic():
            return cached[1]
        is_token = token.startswith(TOKEN_BEGINNING)
        row = await self._db.one(_BY_TOKEN if is_token else _BY_HASH, hash=hashed)
        self._known.pop(hashed, None)
        if row is None:
            raise Unauthenticated("The API key or token is not known, or no longer valid.")
        expiries = [row["expires_at"], row["token_expires_at"] if is_token else None]
        seconds = _cacheable_seconds(each for each in expiries if each is not None)
        if seconds <= 0:
            raise Unauthenticated("The API key or token has expired.")
        scopes = frozenset(row["scopes"])
        caller = Caller(
            client_id=row["client_id"],
            name=row["name"],
            key_id=row["key_id"],
            scopes=scopes & frozenset(row["token_scopes"]) if is_token else scopes,
            networks=tuple(ip_network(each) for each in row["networks"] or ()),
            per_minute=row["per_minute"] or PER_MINUTE,
            per_day=row["per_day"] or PER_DAY,
        )
        _remember(self._cached, hashed, (time.monotonic() + seconds, caller))
        _remember(self._known, hashed, None)
        return caller

    async def by_key(self, key: str) -> Caller:
        """Whose API key this is; raises Unauthenticated for all else, for access tokens too."""
        if key.startswith(TOKEN_BEGINNING):
            raise Unauthenticated("An access token is no API key.")
        return await self.by_secret(key)

    async def by_openid_app(
        self, oidc_client_id: str, scopes: frozenset[str], end_user: EndUser
    ) -> Caller:
        """The person whom an OpenID provider vouches for, at the client whose app it is."""
        cached = self._apps.get(oidc_client_id)
        if cached is None or cached[0] <= time.monotonic():
            cached = time.monotonic() + CACHED_SECONDS, await self._app(oidc_client_id)
            self._apps[oidc_client_id] = cached
        granted = scopes & frozenset(Scope) - OF_MACHINES
        return replace(cached[1], scopes=granted, end_user=end_user)

    async def _app(self, oidc_client_id: str) -> Caller:
        """The client whose app this is, from wherever its people may call."""
        row = await self._db.one(_BY_APP, oidc_client_id=oidc_client_id)
        if row is None:
            raise Unauthenticated("The token is of an app that is not known here.")
        return Caller(
            client_id=row["id"],
            name=row["name"],
            key_id=row["id"],
            scopes=frozenset(),
            networks=await self._app_networks(row["id"], row["app_networks"]),
            per_minute=row["per_minute"] or PER_MINUTE,
            per_day=row["per_day"] or PER_DAY,
        )

    async def _app_networks(self, client_id: UUID, own: list[str] | None) -> tuple[Network, ...]:
        """From where tokens of a client's app count: what was said of it, else where its keys do.

        None is from anywhere, as it is where one of the keys may be used from anywhere.
        """
        if own is None:
            bound = [
                row["networks"]
                for row in await self._db.all(_NETWORKS_OF_KEYS, client_id=client_id)
            ]
            own = [] if not all(bound) else sorted({each for some in bound for each in some})
        return tuple(ip_network(each) for each in own)

    def forget(self) -> None:
        """Remember nobody any longer."""
        self._cached.clear()
        self._apps.clear()

    async def stay_fresh(self, url: str, session: str) -> None:
        """Forget everything whenever a key changes, for ever, by a session of that name."""
        await listen(url, CHANNEL, self.forget, session)


def _remember(memory: dict[bytes, T], key: bytes, value: T) -> None:
    """Keep this as the newest, and not more than may be kept."""
    memory.pop(key, None)
    memory[key] = value
    if len(memory) > MOST_CACHED:
        del memory[next(iter(memory))]


def _cacheable_seconds(expiries: Iterable[datetime]) -> float:
    """For how many seconds an answer may be remembered that holds until the first of these."""
    now = datetime.now(UTC)
    return min([CACHED_SECONDS, *((end - now).total_seconds() for end in expiries)])
