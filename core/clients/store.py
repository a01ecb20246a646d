"""The tables of clients, their keys and access tokens, and every query on them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from core.clients.model import (
    ApiKey,
    KeyRules,
    KnownClient,
    Partner,
    digest,
    key_prefix,
    shown_mark,
)
from core.db import Queryable, Tx
from core.ids import new_id
from core.query import compiled, metadata, param

client = Table(
    "client",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text),
    Column("created_at", DateTime(timezone=True)),
    Column("disabled", Boolean),
    Column("oidc_client_id", Text),
    Column("per_minute", Integer),
    Column("per_day", Integer),
    Column("test", Boolean),
    Column("app_networks", ARRAY(Text)),
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
    Column("networks", ARRAY(Text)),
    Column("per_minute", Integer),
)
access_token = Table(
    "access_token",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("key_id", Uuid),
    Column("scopes", ARRAY(Text)),
    Column("created_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True)),
)
_ADD_CLIENT = compiled(
    insert(client).values(
        {each.name: param(each.name) for each in client.c if each.name != "app_networks"}
    )
)
_ADD_KEY = compiled(insert(client_key))
_KEY = compiled(select(*client_key.c).where(client_key.c.id == param("id")).with_for_update())
_KEYS_OF = compiled(
    select(*client_key.c)
    .where(client_key.c.client_id == param("client_id"))
    .order_by(client_key.c.id)
)
_EXPIRE = compiled(
    update(client_key)
    .where(client_key.c.id == param("which"))
    .values(expires_at=param("new_expiry"))
)
_SET_APP_NETWORKS = compiled(
    update(client)
    .where(client.c.id == param("which"))
    .values(app_networks=param("new_networks", ARRAY(Text)))
)
_CLIENTS = compiled(
    select(
        client.c.id, client.c.name, client.c.test, client.c.disabled, client.c.created_at
    ).order_by(client.c.id)
)
_SET_DISABLED = compiled(
    update(client).where(client.c.id == param("which")).values(disabled=param("new_state"))
)
_END_TOKENS_OF_KEY = compiled(delete(access_token).where(access_token.c.key_id == param("which")))
_END_TOKENS_OF_CLIENT = compiled(
    delete(access_token).where(
        access_token.c.key_id.in_(
            select(client_key.c.id).where(client_key.c.client_id == param("which"))
        )
    )
)
_PARTNERS = compiled(select(client.c.id, client.c.name, client.c.test))


async def add(
    tx: Tx,
    id: UUID,
    name: str,
    created_at: datetime,
    *,
    oidc_client_id: str | None,
    per_day: int | None,
    test: bool,
) -> None:
    """Insert a client, whose calls count."""
    await tx.run(
        _ADD_CLIENT,
        id=id,
        name=name,
        created_at=created_at,
        disabled=False,
        oidc_client_id=oidc_client_id,
        per_minute=None,
        per_day=per_day,
        test=test,
    )


async def add_key(tx: Tx, client_id: UUID, key: str, rules: KeyRules, created_at: datetime) -> None:
    """Insert a client's key, of which a hash is kept and what may be shown."""
    test = key.startswith(key_prefix(test=True))
    await tx.run(
        _ADD_KEY,
        id=new_id(),
        client_id=client_id,
        hash=digest(key),
        prefix=key_prefix(test=test) + shown_mark(key),
        last_four=key[-4:],
        scopes=list(rules.scopes),
        created_at=created_at,
        expires_at=rules.expires_at,
        networks=list(rules.networks) or None,
        per_minute=rules.per_minute,
    )


async def lock_key(tx: Tx, id: UUID) -> asyncpg.Record | None:
    """A key's row, held until the unit of work ends."""
    return await tx.one(_KEY, id=id)


async def expire_key(tx: Tx, id: UUID, at: datetime) -> None:
    """Let a key work until then."""
    await tx.run(_EXPIRE, which=id, new_expiry=at)


async def set_app_networks(tx: Tx, id: UUID, networks: Sequence[str]) -> bool:
    """Write from where tokens of a client's app count; False where there is no such client."""
    return await tx.run(_SET_APP_NETWORKS, which=id, new_networks=list(networks) or None) > 0


async def set_disabled(tx: Tx, id: UUID, *, disabled: bool) -> bool:
    """Write whether a client may call; False where there is no such client."""
    return await tx.run(_SET_DISABLED, which=id, new_state=disabled) > 0


async def end_tokens_of_key(tx: Tx, key_id: UUID) -> None:
    """Remove the access tokens that were got by a key."""
    await tx.run(_END_TOKENS_OF_KEY, which=key_id)


async def end_tokens_of_client(tx: Tx, id: UUID) -> None:
    """Remove the access tokens that were got by any key of a client."""
    await tx.run(_END_TOKENS_OF_CLIENT, which=id)


async def list_all(db: Queryable) -> list[KnownClient]:
    """Every client, in the order in which they came."""
    return [KnownClient(**row) for row in await db.all(_CLIENTS)]


async def keys_of(db: Queryable, client_id: UUID) -> list[ApiKey]:
    """A client's keys, as far as they may be shown."""
    return [
        ApiKey(
            id=row["id"],
            masked=f"{row['prefix']}…{row['last_four']}",
            scopes=tuple(row["scopes"]),
            networks=tuple(row["networks"] or ()),
            created_at=row["created_at"],
            expires_at=row["expires_at"],
        )
        for row in await db.all(_KEYS_OF, client_id=client_id)
    ]


async def partners(db: Queryable) -> dict[UUID, Partner]:
    """Every partner by its id."""
    return {row["id"]: Partner(row["name"], row["test"]) for row in await db.all(_PARTNERS)}
