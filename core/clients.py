"""Partners that call the public API: who they are, their keys and what each key may do.

A key is shown once; only its SHA-256 is kept (it has 256 bits of its own randomness), with its
beginning and last four characters so that people can tell keys apart.
"""

import asyncio
import hashlib
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Boolean, Column, DateTime, LargeBinary, Table, Text, Uuid, insert, select
from sqlalchemy.dialects.postgresql import ARRAY

from core import audit
from core.audit import Actor
from core.db import Database, Reads, Tx, compiled, listen, metadata, param
from core.errors import Complaint, Forbidden, Invalid, Unauthenticated
from core.ids import new_id

CHANNEL = "client_key"
CACHED_SECONDS = 5.0


class Scope(StrEnum):
    """What a key may do."""

    APPLICATIONS_READ = "applications:read"
    APPLICATIONS_WRITE = "applications:write"
    DOCUMENTS_WRITE = "documents:write"
    REPORT_READ = "report:read"


@dataclass(frozen=True, slots=True)
class Caller:
    """The client that calls, by the key it showed."""

    client_id: UUID
    name: str
    key_id: UUID
    scopes: frozenset[str]

    @property
    def actor(self) -> Actor:
        """The caller as the audit log names it."""
        return Actor("client", self.client_id)

    def permit(self, scope: str) -> None:
        """Raise Forbidden unless the key carries the scope."""
        if scope not in self.scopes:
            raise Forbidden(f"This key lacks the scope {scope}.", code="scope_missing")


client = Table(
    "client",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text),
    Column("created_at", DateTime(timezone=True)),
    Column("disabled", Boolean),
)
client_key = Table(
    "client_key",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("client_id", Uuid),
    Column("hash", LargeBinary),
    Column("prefix", Text),
    Column("last_four", Text),
    Column("scopes", ARRAY(Text)),
    Column("created_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True)),
)
_ADD_CLIENT = compiled(insert(client))
_ADD_KEY = compiled(insert(client_key))
_BY_HASH = compiled(
    select(
        client_key.c.id,
        client_key.c.client_id,
        client_key.c.scopes,
        client_key.c.expires_at,
        client.c.name,
    )
    .join(client, client.c.id == client_key.c.client_id)
    .where(client_key.c.hash == param("hash"), ~client.c.disabled)
)
_NAMES = compiled(select(client.c.id, client.c.name))


async def create(tx: Tx, actor: Actor, name: str, scopes: Sequence[str]) -> tuple[UUID, str]:
    """Take in a partner; its id and its first key, which is shown this once."""
    if unknown := sorted(set(scopes) - set(Scope)):
        raise Invalid(
            Complaint(
                "/scopes", f"unknown scope {', '.join(unknown)}; there are {', '.join(Scope)}"
            )
        )
    now, client_id, key = datetime.now(UTC), new_id(), f"beleg_live_{secrets.token_urlsafe(32)}"
    await tx.run(_ADD_CLIENT, id=client_id, name=name, created_at=now, disabled=False)
    await tx.run(
        _ADD_KEY,
        id=new_id(),
        client_id=client_id,
        hash=_hash(key),
        prefix=key[:15],
        last_four=key[-4:],
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=None,
    )
    audit.record(tx, actor, "client.created", "client", client_id, {"scopes": sorted(set(scopes))})
    return client_id, key


async def names(db: Reads) -> dict[UUID, str]:
    """What each partner is called."""
    return {row["id"]: row["name"] for row in await db.all(_NAMES)}


class Keys:
    """Which key belongs to whom, remembered for a few seconds and dropped by a notification."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[bytes, tuple[float, Caller]] = {}

    async def caller(self, key: str) -> Caller:
        """Whose key this is; raises Unauthenticated for a wrong, expired or disabled one."""
        hashed = _hash(key)
        known = self._known.get(hashed)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        row = await self._db.one(_BY_HASH, hash=hashed)
        left = CACHED_SECONDS
        if row is not None and row["expires_at"] is not None:
            left = min(left, (row["expires_at"] - datetime.now(UTC)).total_seconds())
        if row is None or left <= 0:
            raise Unauthenticated("The API key is not known, or no longer valid.")
        caller = Caller(row["client_id"], row["name"], row["id"], frozenset(row["scopes"]))
        self._known[hashed] = (time.monotonic() + left, caller)
        return caller

    async def stay_fresh(self, url: str) -> None:
        """Forget everything whenever a key changes, for ever."""
        await listen(url, CHANNEL, self._known.clear)

    def following(self, url: str) -> "asyncio.Task[None]":
        """Start to stay fresh in the background."""
        return asyncio.create_task(self.stay_fresh(url))


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
