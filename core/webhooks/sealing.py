"""Webhooks' secrets as they lie sealed: which are opened, by which keys, and which by none."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select, text, update

from core.db import Queryable, Tx
from core.errors import Unavailable
from core.query import compiled, param
from core.vault import MARK, Vault, key_of
from core.webhooks.model import DueDelivery
from core.webhooks.store import webhook

_BEFORE_ALL = UUID(int=0)
_OTHERWISE = "substring({0} FROM 1 FOR octet_length(CAST(:prefix AS bytea))) <> :prefix"
_NOT_SEALED = compiled(
    text(f"""
SELECT id, secret, old_secret, older_secrets FROM webhook
WHERE id > :after AND ({_OTHERWISE.format("secret")} OR {_OTHERWISE.format("old_secret")}
    OR EXISTS (SELECT FROM unnest(older_secrets) AS older WHERE {_OTHERWISE.format("older")}))
ORDER BY id LIMIT 100 FOR UPDATE""")  # noqa: S608 - conditions of ours
)
_SEAL = compiled(
    update(webhook)
    .where(webhook.c.id == param("which"))
    .values(
        secret=param("sealed"),
        old_secret=param("old_sealed"),
        older_secrets=param("older_sealed"),
    )
)
_SECRETS = compiled(select(webhook.c.secret, webhook.c.old_secret, webhook.c.older_secrets))
_SEALED = compiled(
    text("""
SELECT id, client_id, secret FROM webhook
WHERE enabled AND substring(secret FROM 1 FOR octet_length(CAST(:mark AS bytea))) = :mark
ORDER BY id""")
)


@dataclass(frozen=True, slots=True)
class UnopenedWebhook:
    """A webhook that is told nothing, since no key that is given opens its secret."""

    id: UUID
    client_id: UUID
    key: str

    @property
    def reason(self) -> str:
        """What is wrong, and what would mend it."""
        return (
            f"its secret is sealed with the key {self.key}, and BELEG_SECRET_KEYS has none that"
            " opens it: give that key again, or have the partner rotate the secret"
        )


async def list_unopened(db: Queryable, vault: Vault) -> list[UnopenedWebhook]:
    """The enabled webhooks whose secret cannot be opened, oldest first."""
    return [
        UnopenedWebhook(row["id"], row["client_id"], key_of(row["secret"]) or "")
        for row in await db.all(_SEALED, mark=MARK)
        if not _opens(vault, row["secret"], row["id"])
    ]


def opened(due: DueDelivery, vault: Vault) -> DueDelivery | None:
    """The delivery with what signs it; None where its webhook's secret cannot be opened.

    One before it that cannot be opened signs no more: so a rotation ends the trouble at once.
    """
    newest, *older = due.secrets
    if not _opens(vault, newest, due.webhook_id):
        return None
    signing = [newest, *(each for each in older if _opens(vault, each, due.webhook_id))]
    return replace(due, secrets=tuple(vault.open(each, due.webhook_id) for each in signing))


def _opens(vault: Vault, stored: bytes, place: UUID) -> bool:
    try:
        vault.open(stored, place)
    except Unavailable:
        return False
    return True


async def seal_secrets(tx: Tx, vault: Vault) -> int:
    """Seal the secrets that are not, or with an older key; of how many webhooks, 100 at most.

    None while a build lives, or may come back, that could not open them; what no key opens stays.
    """
    if not await vault.seals(tx):
        return 0
    count, after = 0, _BEFORE_ALL
    while not count and (rows := await tx.all(_NOT_SEALED, prefix=vault.prefix, after=after)):
        after = rows[-1]["id"]
        for row in rows:
            again = _resealing(vault, row["id"])
            before = (row["secret"], row["old_secret"], row["older_secrets"])
            secret, old, older = before
            sealed = (
                again(secret),
                None if old is None else again(old),
                None if older is None else [again(each) for each in older],
            )
            if sealed != before:
                await tx.run(
                    _SEAL,
                    which=row["id"],
                    sealed=sealed[0],
                    old_sealed=sealed[1],
                    older_sealed=sealed[2],
                )
                count += 1
    return count


def _resealing(vault: Vault, place: UUID) -> Callable[[bytes], bytes]:
    def again(stored: bytes) -> bytes:
        if stored.startswith(vault.prefix) or not _opens(vault, stored, place):
            return stored
        return vault.sealed(vault.open(stored, place), place)

    return again


async def count_secrets(db: Queryable) -> dict[str | None, int]:
    """How many secrets are sealed with each key; by None those that lie there as they are."""
    kept = [
        (row["secret"], row["old_secret"], *(row["older_secrets"] or ()))
        for row in await db.all(_SECRETS)
    ]
    return dict(Counter(key_of(each) for row in kept for each in row if each is not None))
