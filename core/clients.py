"""Partners that call the public API: who they are, their keys and what each key may do.

A key is shown once; only its SHA-256 is kept (it has 256 bits of its own randomness), with its
beginning and last four characters so that people can tell keys apart.
"""

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import NamedTuple
from uuid import UUID

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

from core import audit
from core.audit import Actor, EndUser
from core.db import Queryable, Tx
from core.errors import Complaint, Forbidden, Invalid, NotFound
from core.ids import new_id
from core.query import compiled, metadata, param
from core.viewers import Viewer, Visibility

PER_MINUTE, PER_DAY = 6_000, 1_000_000
"""How many calls a client has, where neither it nor its key has a limit of its own."""
LONGEST_GRACE = timedelta(days=30)
MOST_CALLS = 2_147_483_647
SHOWN_OWN = 4
"""So many of a key's own characters are shown, after what it is for."""
Network = IPv4Network | IPv6Network


class Scope(StrEnum):
    """What a key may do."""

    APPLICATIONS_READ = "applications:read"
    APPLICATIONS_WRITE = "applications:write"
    DOCUMENTS_WRITE = "documents:write"
    REPORT_READ = "report:read"
    WEBHOOKS_MANAGE = "webhooks:manage"


@dataclass(frozen=True, slots=True)
class Caller:
    """The client that calls, by the key it showed or for a person who signed in to its app."""

    client_id: UUID
    name: str
    key_id: UUID
    scopes: frozenset[str]
    networks: tuple[Network, ...] = ()
    per_minute: int = PER_MINUTE
    per_day: int = PER_DAY
    end_user: EndUser | None = None
    # Made once, not for each of the calls in which a caller is remembered.
    actor: Actor = field(init=False, compare=False, repr=False)
    """The caller as the audit log names it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "actor", Actor("client", self.client_id, end_user=self.end_user))

    def viewer(self, visibility: Visibility) -> Viewer:
        """The caller as one who is shown what a face can speak of."""
        return Viewer(self.client_id, self.actor, visibility)

    def require_scope(self, scope: str) -> None:
        """Raise Forbidden unless the key carries the scope."""
        if scope not in self.scopes:
            raise Forbidden(f"This key lacks the scope {scope}.", code="scope_missing")

    def require_address(self, address: str | None) -> None:
        """Raise Forbidden unless the key may be used from this address."""
        if not self.networks:
            return
        try:
            allowed = any(ip_address(address or "") in network for network in self.networks)
        except ValueError:
            allowed = False
        if not allowed:
            raise Forbidden("This key may not be used from this address.", code="address_refused")


class CreatedClient(NamedTuple):
    """A partner that was taken in: its id, and its first key, which is shown this once."""

    id: UUID
    key: str


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner as people see it: what it is called, and whether all of it is a test."""

    name: str
    test: bool


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as far as it may be shown."""

    id: UUID
    masked: str
    scopes: tuple[str, ...]
    networks: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None


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


@dataclass(frozen=True, slots=True)
class KeyRules:
    """What a new key may do, from where, how often, and until when; None for no such limit."""

    scopes: Sequence[str]
    networks: Sequence[str] = ()
    per_minute: int | None = None
    expires_at: datetime | None = None


async def create(
    tx: Tx,
    actor: Actor,
    name: str,
    scopes: Sequence[str],
    *,
    test: bool = False,
    networks: Sequence[str] = (),
    per_minute: int | None = None,
    per_day: int | None = None,
    expires_at: datetime | None = None,
    oidc_client_id: str | None = None,
    app_networks: Sequence[str] = (),
) -> CreatedClient:
    """Take in a partner; its id and its first key, which is shown this once.

    A test client lives in a sandbox: its keys are test keys, its cases are no underwriter's work.
    """
    rules = KeyRules(sorted(set(scopes)), tuple(networks), per_minute, expires_at)
    now, client_id = datetime.now(UTC), new_id()
    _check(name, rules, per_day, app_networks, now)
    await tx.run(
        _ADD_CLIENT,
        id=client_id,
        name=name,
        created_at=now,
        disabled=False,
        oidc_client_id=oidc_client_id,
        per_minute=None,
        per_day=per_day,
        test=test,
    )
    if app_networks:
        await tx.run(_SET_APP_NETWORKS, which=client_id, new_networks=list(app_networks))
    key = await _add_key(tx, client_id, rules, test=test)
    audit.record(tx, actor, "client.created", "client", client_id, {"scopes": rules.scopes})
    return CreatedClient(client_id, key)


async def rotate(tx: Tx, actor: Actor, key_id: UUID, grace: timedelta) -> str:
    """A new key in place of an old one, shown this once; both work until the grace has passed."""
    if not timedelta(0) <= grace <= LONGEST_GRACE:
        raise Invalid(Complaint("/grace", f"grace: 0 to {LONGEST_GRACE.days} days"))
    old_key = await tx.one(_KEY, id=key_id)
    if old_key is None:
        raise NotFound("key")
    until = datetime.now(UTC) + grace
    ends = until if old_key["expires_at"] is None else min(until, old_key["expires_at"])
    await tx.run(_EXPIRE, which=key_id, new_expiry=ends)
    rules = KeyRules(old_key["scopes"], old_key["networks"] or (), old_key["per_minute"])
    test = old_key["prefix"].startswith(_prefix(test=True))
    key = await _add_key(tx, old_key["client_id"], rules, test=test)
    detail = {"key_id": str(key_id), "works_until": str(ends)}
    audit.record(tx, actor, "client.key_rotated", "client", old_key["client_id"], detail)
    return key


async def set_app_networks(tx: Tx, actor: Actor, client_id: UUID, networks: Sequence[str]) -> None:
    """Say from where tokens of a client's app count; none is from where its keys do."""
    if wrong := list(_wrong_networks(networks)):
        raise Invalid(*wrong)
    if not await tx.run(_SET_APP_NETWORKS, which=client_id, new_networks=list(networks) or None):
        raise NotFound("client")
    detail = {"networks": list(networks)}
    audit.record(tx, actor, "client.app_networks_set", "client", client_id, detail)


async def disable(tx: Tx, actor: Actor, client_id: UUID) -> None:
    """Take no call of a client any more, whatever it shows; its access tokens end for good."""
    await _set_disabled(tx, client_id, disabled=True)
    await tx.run(_END_TOKENS_OF_CLIENT, which=client_id)
    audit.record(tx, actor, "client.disabled", "client", client_id, {})


async def enable(tx: Tx, actor: Actor, client_id: UUID) -> None:
    """Take calls of a client again, by the keys that it had."""
    await _set_disabled(tx, client_id, disabled=False)
    audit.record(tx, actor, "client.enabled", "client", client_id, {})


async def revoke(tx: Tx, actor: Actor, key_id: UUID) -> None:
    """End a key at once, and the access tokens that were got by it."""
    key = await tx.one(_KEY, id=key_id)
    if key is None:
        raise NotFound("key")
    now = datetime.now(UTC)
    if key["expires_at"] is None or key["expires_at"] > now:
        await tx.run(_EXPIRE, which=key_id, new_expiry=now)
    await tx.run(_END_TOKENS_OF_KEY, which=key_id)
    audit.record(
        tx, actor, "client.key_revoked", "client", key["client_id"], {"key_id": str(key_id)}
    )


async def _set_disabled(tx: Tx, client_id: UUID, *, disabled: bool) -> None:
    if not await tx.run(_SET_DISABLED, which=client_id, new_state=disabled):
        raise NotFound("client")


@dataclass(frozen=True, slots=True)
class KnownClient:
    """A client as operators see it: since when it is known, and whether it may call."""

    id: UUID
    name: str
    test: bool
    disabled: bool
    created_at: datetime


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


async def _add_key(tx: Tx, client_id: UUID, rules: KeyRules, *, test: bool) -> str:
    key = f"{_prefix(test=test)}{secrets.token_urlsafe(32)}"
    await tx.run(
        _ADD_KEY,
        id=new_id(),
        client_id=client_id,
        hash=digest(key),
        prefix=_prefix(test=test) + shown_mark(key),
        last_four=key[-4:],
        scopes=list(rules.scopes),
        created_at=datetime.now(UTC),
        expires_at=rules.expires_at,
        networks=list(rules.networks) or None,
        per_minute=rules.per_minute,
    )
    return key


def _prefix(*, test: bool) -> str:
    return "beleg_test_" if test else "beleg_live_"


def _check(
    name: str, rules: KeyRules, per_day: int | None, app_networks: Sequence[str], now: datetime
) -> None:
    complaints = []
    if not name.strip():
        complaints.append(Complaint("/name", "name: what people call the partner is needed"))
    if rules.expires_at and rules.expires_at <= now:
        complaints.append(Complaint("/expires_at", "expires: the key would have ended already"))
    for bound, limit in (("per_minute", rules.per_minute), ("per_day", per_day)):
        if limit is not None and not 1 <= limit <= MOST_CALLS:
            complaints.append(Complaint(f"/{bound}", f"{bound}: 1 to {MOST_CALLS} calls"))
    if unknown := sorted(set(rules.scopes) - set(Scope)):
        complaints.append(
            Complaint(
                "/scopes", f"unknown scope {', '.join(unknown)}; there are {', '.join(Scope)}"
            )
        )
    complaints += [*_wrong_networks(rules.networks), *_wrong_networks(app_networks)]
    if complaints:
        raise Invalid(*complaints)


def _wrong_networks(networks: Sequence[str]) -> Iterator[Complaint]:
    for each in networks:
        try:
            ip_network(each)
        except ValueError:
            yield Complaint("/networks", f"{each}: a network such as 192.0.2.0/24 is needed")


async def partners(db: Queryable) -> dict[UUID, Partner]:
    """Every partner by its id."""
    return {row["id"]: Partner(row["name"], row["test"]) for row in await db.all(_PARTNERS)}


def shown_mark(key: str) -> str:
    """Of a key's own characters, those that are shown."""
    return key[len(_prefix(test=False)) :][:SHOWN_OWN]


def digest(token: str) -> bytes:
    """What is kept of a key or token."""
    return hashlib.sha256(token.encode()).digest()
