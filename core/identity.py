"""Who this instance is: its database and its store of documents bear the same name.

The first process that finds both without one names them. From then on a database with another's
store, or without its own, is not ready and sweeps nothing. A database that was restored or copied
is not itself until an operator adopts it: ids of transactions go on above all that it has seen.
"""

import asyncio
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from core import audit, documents, webhooks
from core.audit import Actor
from core.db import Database, Queryable, Tx
from core.documents import MARKER, BlobStore
from core.errors import Conflict, InProgress, Unavailable
from core.ids import new_id
from core.query import Query, compiled

EPOCH = 1 << 32
"""What is added to ids is a multiple of this: the lower half stays the transaction's own."""
MARGIN = 1 << 31
"""How far beyond what was restored its origin may have counted, and partners' cursors with it."""
PATIENCE_TRIES, PATIENCE_SECONDS = 100, 0.1
SUBJECT = "instance"


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance by its id; the one that it was copied from, and since when it has a store."""

    id: UUID
    copy_of: UUID | None
    claimed: bool


@dataclass(frozen=True, slots=True)
class Adoption:
    """What adopting does: to ids of transactions, to the identity, to the store and to webhooks.

    An instance that is not named, then or before, will be by the first part that starts.
    """

    restored: bool
    renews: bool
    claims: bool
    named: bool
    instance: UUID
    copy_of: UUID | None
    epoch_before: int
    epoch: int
    webhooks_disabled: int = 0

    @property
    def owed(self) -> bool:
        """Whether there is anything to do."""
        return self.renews or self.claims


class StrangeStore(Unavailable):
    """The store of documents is not this instance's own."""


class SeenIds(NamedTuple):
    """The largest id of a transaction that the database has seen, and what is added to new ones."""

    largest: int
    epoch: int

    @property
    def next_epoch(self) -> int:
        """What is to be added, so that every new id is well above all that were seen."""
        return ((self.largest + MARGIN) // EPOCH + 1) * EPOCH


_GET = compiled(text("SELECT id, copy_of, store_claimed_at FROM instance_identity"))
_BEGIN = compiled(
    text("INSERT INTO instance_identity (id) VALUES (:id) ON CONFLICT (single) DO NOTHING")
)
_CLAIMED = compiled(
    text("""
UPDATE instance_identity SET store_claimed_at = now(), written_xid = current_xid()
WHERE id = :id AND store_claimed_at IS NULL""")
)
_RENEW = compiled(
    text("""
INSERT INTO instance_identity (id, epoch, copy_of) VALUES (:id, :epoch, :copy_of)
ON CONFLICT (single) DO UPDATE SET id = excluded.id, epoch = excluded.epoch,
    copy_of = excluded.copy_of, written_xid = excluded.written_xid, database = excluded.database,
    cluster = excluded.cluster, store_claimed_at = NULL""")
)
# Each part by an index where there is one; `since` may name what is in no row.
_LARGEST = compiled(
    text("""
SELECT max(xid::text::bigint) AS xid, shifted_xid('0')::text::bigint AS epoch FROM (
    (SELECT xid FROM audit_entry ORDER BY xid DESC, id DESC LIMIT 1)
    UNION ALL
    (SELECT latest.xid FROM client CROSS JOIN LATERAL (
        SELECT xid FROM event WHERE event.client_id = client.id
        ORDER BY event.xid DESC, event.id DESC LIMIT 1) latest)
    UNION ALL (SELECT xid FROM webhook_delivery ORDER BY xid DESC LIMIT 1)
    UNION ALL SELECT planned_xid FROM webhook
    UNION ALL SELECT pg_snapshot_xmax(since) FROM webhook
    UNION ALL SELECT shifted_xid('0')) ids""")
)


async def require_identity(db: Database, blobs: BlobStore) -> UUID:
    """This instance's id; raises Unavailable unless the store of documents is its own.

    Names what nobody has named yet: a new database, and a store that fits it. A store that is not
    its own takes nothing in until it is.
    """
    try:
        own = await _identify(db, blobs)
    except StrangeStore as strange:
        blobs.distrust(strange.detail)
        raise
    blobs.distrust("")
    return own


async def _identify(db: Database, blobs: BlobStore) -> UUID:
    owner, known = await blobs.owner(), await _known(db)
    if owner is None and known is not None and known.claimed:
        owner = await blobs.owner()  # another process may just have claimed it
    if known is not None and owner == known.id:
        if not known.claimed:
            await db.write(lambda tx: tx.run(_CLAIMED, id=owner))
        return known.id
    if owner is not None:
        raise StrangeStore(
            f"The store of documents belongs to another instance, {owner}: set BELEG_BLOB_URL to"
            " this one's own."
        )
    if known is not None and known.claimed:
        raise StrangeStore(
            f"The store of documents has lost its {MARKER}: is it the right one, and is its disk"
            " there? If it was replaced, put the documents back and run beleg adopt."
        )
    if not await documents.fit(db, blobs):
        raise StrangeStore(_misfit())
    if known is None:
        await db.write(lambda tx: tx.run(_BEGIN, id=new_id()))
    return await _claim(db, blobs)


async def examine(
    db: Database, blobs: BlobStore, *, as_copy: bool = False, anyway: bool = False
) -> Adoption:
    """What adopting would do; raises Conflict where it must not be done."""
    restored, known, owner = await db.is_restored(), await _known(db), await blobs.owner()
    is_copy = as_copy and (restored or anyway or known is None or known.copy_of is None)
    before = known.id if known else None
    renews = is_copy or restored or anyway
    instance = new_id() if is_copy or before is None else before
    # A dump from before there were identities: the store still knows whose it is.
    if before is None and owner and not is_copy and renews:
        instance = owner if anyway or await documents.fit(db, blobs) else instance
    claims = owner is None and (renews or (known is not None and known.claimed))
    if owner is not None and owner != instance:
        raise Conflict(_strange(owner, before, is_copy=is_copy))
    if owner is None and not anyway:
        await _require_free(db, blobs, is_copy=is_copy)
    copy_of = before if is_copy else known.copy_of if known else None
    ids = await _ids(db)
    epoch = ids.next_epoch if renews else ids.epoch
    named = renews or known is not None
    return Adoption(restored, renews, claims, named, instance, copy_of, ids.epoch, epoch)


async def adopt(
    db: Database, blobs: BlobStore, actor: Actor, *, as_copy: bool = False, anyway: bool = False
) -> Adoption:
    """Let a restored database be this instance again, or a copy one of its own; what was done.

    Safe while processes run, and when run again. Raises Conflict where it must not be done.
    """
    adoption = await examine(db, blobs, as_copy=as_copy, anyway=anyway)
    if adoption.renews:
        adoption = await _patiently(db, actor, adoption, as_copy=as_copy)
    if adoption.owed:
        await _claim(db, blobs)
    return adoption


async def _patiently(db: Database, actor: Actor, adoption: Adoption, *, as_copy: bool) -> Adoption:
    for _ in range(PATIENCE_TRIES):
        try:
            return await db.write(lambda tx: _renew(tx, actor, adoption, as_copy=as_copy))
        except InProgress:
            await asyncio.sleep(PATIENCE_SECONDS)
    raise Conflict("Some transaction has been writing for too long; end it, then run this again.")


async def _renew(tx: Tx, actor: Actor, adoption: Adoption, *, as_copy: bool) -> Adoption:
    """Count on above everything, once nobody writes who would count as before."""
    await tx.all(_plain("SET LOCAL lock_timeout = '200ms'"))
    tables = "instance_identity, webhook, webhook_delivery, event, audit_entry"
    await tx.all(_plain(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE"))
    ids = await _ids(tx)
    if ids.epoch != adoption.epoch_before:
        raise Conflict("Somebody else has just adopted it: see beleg adopt --check.")
    epoch = ids.next_epoch
    await tx.all(
        _plain(
            "CREATE OR REPLACE FUNCTION shifted_xid(xid xid8) RETURNS xid8 LANGUAGE sql STABLE"
            f" PARALLEL SAFE RETURN (xid::text::bigint + {epoch:d})::text::xid8"
        )
    )
    await tx.run(_RENEW, id=adoption.instance, epoch=epoch, copy_of=adoption.copy_of)
    disabled = await webhooks.disable_all(tx, actor) if as_copy else 0
    detail = {"epoch": epoch, "copy_of": adoption.copy_of and str(adoption.copy_of)}
    audit.record(tx, actor, "instance.adopted", SUBJECT, adoption.instance, detail)
    return replace(adoption, epoch=epoch, webhooks_disabled=disabled)


async def _ids(db: Queryable) -> SeenIds:
    row = await db.one(_LARGEST)
    if row is None:
        raise LookupError("ids of transactions")
    return SeenIds(row["xid"], row["epoch"])


async def _known(db: Database) -> Instance | None:
    row = await db.one(_GET)
    return Instance(row["id"], row["copy_of"], row["store_claimed_at"] is not None) if row else None


async def _claim(db: Database, blobs: BlobStore) -> UUID:
    """Mark the store as this instance's; raises Unavailable where another was faster."""
    known = await _known(db)
    if known is None:
        raise LookupError("an identity")
    await blobs.claim(known.id)
    if await blobs.owner() != known.id:
        raise StrangeStore("Another instance has just claimed the store of documents.")
    await db.write(lambda tx: tx.run(_CLAIMED, id=known.id))
    return known.id


async def _require_free(db: Database, blobs: BlobStore, *, is_copy: bool) -> None:
    """Raise Conflict unless a store that nobody has claimed may be."""
    if is_copy:
        if not await blobs.is_empty():
            raise Conflict(
                f"The store of documents has no {MARKER} but holds documents: a copy must never"
                " have its original's. If nobody else uses it, say --anyway."
            )
    elif not await documents.fit(db, blobs):
        raise Conflict(f"{_misfit()} If it is to be used as it is, say --anyway.")


def _misfit() -> str:
    return (
        f"The store of documents has no {MARKER}, and its documents are not those that the"
        " database names: is it the right one, and is its disk there?"
    )


def _strange(owner: UUID, before: UUID | None, *, is_copy: bool) -> str:
    if is_copy:
        return (
            f"The store of documents belongs to the instance {owner}, and a copy must never have"
            " its original's: set BELEG_BLOB_URL to a store of the copy's own. If it is one, with"
            f" copied documents, remove {MARKER} from it and run this again."
        )
    return (
        f"The store of documents belongs to the instance {owner}, and this is"
        f" {before or 'none yet'}: set BELEG_BLOB_URL to this instance's own. If this database is"
        " a copy, give it a store of its own and run beleg adopt --as-copy. If it is that instance,"
        " restored from before it had a name, run beleg adopt --anyway."
    )


def _plain(sql: str) -> Query:
    return Query(sql, (), {})
