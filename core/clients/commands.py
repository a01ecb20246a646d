"""What operators can do about clients and their keys."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from core import audit
from core.audit import Actor
from core.clients import store
from core.clients.model import (
    LONGEST_GRACE,
    CreatedClient,
    KeyRules,
    key_prefix,
    require_networks,
    require_sound,
)
from core.db import Tx
from core.errors import Complaint, Invalid, NotFound
from core.ids import new_id


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
    require_sound(name, rules, per_day, app_networks, now)
    await store.add(
        tx, client_id, name, now, oidc_client_id=oidc_client_id, per_day=per_day, test=test
    )
    if app_networks:
        await store.set_app_networks(tx, client_id, app_networks)
    key = await _add_key(tx, client_id, rules, test=test)
    audit.record(tx, actor, "client.created", "client", client_id, {"scopes": rules.scopes})
    return CreatedClient(client_id, key)


async def rotate(tx: Tx, actor: Actor, key_id: UUID, grace: timedelta) -> str:
    """A new key in place of an old one, shown this once; both work until the grace has passed."""
    if not timedelta(0) <= grace <= LONGEST_GRACE:
        raise Invalid(Complaint("/grace", f"grace: 0 to {LONGEST_GRACE.days} days"))
    old_key = await store.lock_key(tx, key_id)
    if old_key is None:
        raise NotFound("key")
    until = datetime.now(UTC) + grace
    ends = until if old_key["expires_at"] is None else min(until, old_key["expires_at"])
    await store.expire_key(tx, key_id, ends)
    rules = KeyRules(old_key["scopes"], old_key["networks"] or (), old_key["per_minute"])
    test = old_key["prefix"].startswith(key_prefix(test=True))
    key = await _add_key(tx, old_key["client_id"], rules, test=test)
    detail = {"key_id": str(key_id), "works_until": str(ends)}
    audit.record(tx, actor, "client.key_rotated", "client", old_key["client_id"], detail)
    return key


async def set_app_networks(tx: Tx, actor: Actor, client_id: UUID, networks: Sequence[str]) -> None:
    """Say from where tokens of a client's app count; none is from where its keys do."""
    require_networks(networks)
    if not await store.set_app_networks(tx, client_id, networks):
        raise NotFound("client")
    detail = {"networks": list(networks)}
    audit.record(tx, actor, "client.app_networks_set", "client", client_id, detail)


async def disable(tx: Tx, actor: Actor, client_id: UUID) -> None:
    """Take no call of a client any more, whatever it shows; its access tokens end for good."""
    await _set_disabled(tx, client_id, disabled=True)
    await store.end_tokens_of_client(tx, client_id)
    audit.record(tx, actor, "client.disabled", "client", client_id, {})


async def enable(tx: Tx, actor: Actor, client_id: UUID) -> None:
    """Take calls of a client again, by the keys that it had."""
    await _set_disabled(tx, client_id, disabled=False)
    audit.record(tx, actor, "client.enabled", "client", client_id, {})


async def revoke(tx: Tx, actor: Actor, key_id: UUID) -> None:
    """End a key at once, and the access tokens that were got by it."""
    key = await store.lock_key(tx, key_id)
    if key is None:
        raise NotFound("key")
    now = datetime.now(UTC)
    if key["expires_at"] is None or key["expires_at"] > now:
        await store.expire_key(tx, key_id, now)
    await store.end_tokens_of_key(tx, key_id)
    audit.record(
        tx, actor, "client.key_revoked", "client", key["client_id"], {"key_id": str(key_id)}
    )


async def _set_disabled(tx: Tx, client_id: UUID, *, disabled: bool) -> None:
    if not await store.set_disabled(tx, client_id, disabled=disabled):
        raise NotFound("client")


async def _add_key(tx: Tx, client_id: UUID, rules: KeyRules, *, test: bool) -> str:
    key = f"{key_prefix(test=test)}{secrets.token_urlsafe(32)}"
    await store.add_key(tx, client_id, key, rules, datetime.now(UTC))
    return key
