"""The chain over the log: it is sealed in the order of commits, and it is verified.

Entries are written by the unit of work that does the thing. A single sealer in the worker chains
them afterwards (a chain inside the transaction would queue every writer). Entries that were
committed before a seal are sealed before it: an entry is sealed only once every transaction that
began earlier has ended, or it has waited for that too long. With a key a seal can be made by
nobody who lacks it, whatever rights to the database he has.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    LargeBinary,
    Table,
    Text,
    Uuid,
    func,
    select,
    text,
)

from core.audit.entries import COLUMNS, NO_RECORD, SYSTEM, Actor, audit_entry, record
from core.db import Database, Queryable, Tx
from core.keys import NO_KEYS, Key, KeyRing
from core.query import compiled, metadata, param

HEAD_MISSING, ACCEPTED = "audit.head_missing", "audit.accepted"
PATIENCE = timedelta(seconds=30)
"""How long an entry waits for transactions that began before it."""
MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Head:
    """How far the log was sealed at some time: the last seal's number and hash."""

    number: int
    hash: bytes
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChainVerification:
    """What a check of the chain found: entries sealed and not yet sealed, the first bad seal."""

    sealed: int
    unsealed: int
    broken_at: int | None
    why: str = ""
    """What is wrong with that seal."""
    keyed: int = 0
    """How many of the seals were made with a key."""
    loose: int = 0
    """Where keys are given: how many seals at the end none of them holds."""
    missing: tuple[Head, ...] = ()
    """How far the log was sealed, as is known from elsewhere, and is not any more."""
    accepted: tuple[str, ...] = ()
    """By whom and why it was accepted that seals had gone."""

    @property
    def holds(self) -> bool:
        """Whether nothing was found that somebody has to explain."""
        return self.broken_at is None and not self.loose and not self.missing


audit_seal = Table(
    "audit_seal",
    metadata,
    Column("number", BigInteger, primary_key=True),
    Column("entry_id", Uuid),
    Column("hash", LargeBinary),
    Column("key_name", Text),
)

_LOCK = compiled(select(func.pg_advisory_xact_lock(text("hashtext('audit_seal')"))))
_LAST = compiled(
    text("""
SELECT seal.number, seal.hash, seal.key_name, entry.xid, settled_xid() AS settled
FROM (SELECT) this LEFT JOIN (
    SELECT number, hash, key_name, entry_id FROM audit_seal
    ORDER BY number DESC LIMIT 1) seal ON true
    LEFT JOIN audit_entry entry ON entry.id = seal.entry_id""")
)
_FLOOR = compiled(
    text("""
SELECT coalesce(min(entry.xid), '0') AS floor
FROM (SELECT entry_id FROM audit_seal ORDER BY number DESC LIMIT 10000) seal
    JOIN audit_entry entry ON entry.id = seal.entry_id""")
)
"""Where to look for entries that were not sealed when later ones were, for want of patience."""
_UNSEALED = compiled(
    select(*COLUMNS, text("audit_entry.xid AS xid"))
    .where(
        text("audit_entry.xid >= CAST(:floor AS xid8)"),
        text("(audit_entry.xid < settled_xid() OR audit_entry.at < :overdue)"),
        ~select(audit_seal.c.number).where(audit_seal.c.entry_id == audit_entry.c.id).exists(),
    )
    .order_by(text("audit_entry.xid"), audit_entry.c.id)
    .limit(MOST_AT_ONCE)
)
"""Along the index from the floor on, below which everything is known to be sealed."""
_SEAL = compiled(select(audit_seal.c.hash).where(audit_seal.c.number == param("number")))
_CHAIN = compiled(
    select(
        audit_seal.c.number,
        audit_seal.c.hash,
        audit_seal.c.key_name,
        audit_seal.c.entry_id,
        *COLUMNS[1:],
    )
    .outerjoin(audit_entry, audit_entry.c.id == audit_seal.c.entry_id)
    .where(audit_seal.c.number > param("after"))
    .order_by(audit_seal.c.number)
    .limit(1000)
)
_TAIL = compiled(
    select(func.count())
    .select_from(audit_entry)
    .where(~select(audit_seal.c.number).where(audit_seal.c.entry_id == audit_entry.c.id).exists())
)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a round of sealing did; `floor` is from where the next round has to look."""

    count: int
    head: Head | None
    floor: int

    def __bool__(self) -> bool:
        return self.count > 0


async def seal(
    tx: Tx, keys: KeyRing = NO_KEYS, floor: int | None = None, patience: timedelta = PATIENCE
) -> Sealed:
    """Chain what has been committed since the last seal, with the newest key where there is one.

    `floor` is the transaction id below which everything is sealed, where that is known.
    """
    await tx.one(_LOCK)
    last = await tx.one(_LAST)
    assert last is not None  # noqa: S101 - it has a row, be the log empty or not
    number, chain, key = last["number"] or 0, last["hash"] or b"", keys.newest
    if floor is None:
        floor = await _floor(tx)
    rows = await tx.all(_UNSEALED, floor=floor, overdue=datetime.now(UTC) - patience)
    seals = []
    for row in rows:
        number, chain = number + 1, _link(chain, row, row["id"], key)
        seals.append((number, row["id"], chain, key.name if key else None))
    if seals:
        await tx.copy(audit_seal, ("number", "entry_id", "hash", "key_name"), seals)
        if last["xid"] is not None and rows[-1]["xid"] < last["xid"]:
            # Older builds, and who measures the tail, look from the last seal on: let it be the
            # newest entry's again.
            detail = {"entries": len(rows)}
            record(tx, SYSTEM, "audit.sealed_late", "audit", NO_RECORD, detail)
    below = last["settled"] if len(seals) < MOST_AT_ONCE else floor
    return Sealed(len(seals), Head(number, chain) if number else None, below)


async def _floor(tx: Tx) -> int:
    row = await tx.one(_FLOOR)
    return row["floor"] if row else 0


async def is_keyed(db: Queryable, keys: KeyRing) -> bool:
    """Whether the last seal was made with the newest key, or there is nothing to make one with."""
    last = await db.one(_LAST)
    return keys.newest is None or (last is not None and last["key_name"] == keys.newest.name)


async def has(db: Queryable, head: Head) -> bool:
    """Whether the log is still the one that was sealed so far."""
    row = await db.one(_SEAL, number=head.number)
    return row is not None and row["hash"] == head.hash


def note_missing(tx: Tx, head: Head) -> None:
    """Note that the log had been sealed so far, and is not any more."""
    detail = {"seal": head.number, "hash": head.hash.hex()}
    record(tx, SYSTEM, HEAD_MISSING, "audit", NO_RECORD, detail)


async def verify(
    db: Database, keys: KeyRing = NO_KEYS, anchors: Sequence[Head] = ()
) -> ChainVerification:
    """Walk the whole chain and say where, if anywhere, it does not hold.

    `anchors` say how far it was sealed, and stand outside the database.
    """

    async def walk(tx: Tx) -> ChainVerification:
        walked = _Walk(keys, anchors)
        while rows := await tx.all(_CHAIN, after=walked.number):
            for row in rows:
                if why := walked.step(row):
                    return walked.result(0, row["number"], why)
        tail = await tx.one(_TAIL)
        return walked.result(tail["count_1"] if tail else 0)

    return await db.snapshot(walk)


class _Walk:
    """A walk along the chain, seal by seal, and what was seen on it."""

    def __init__(self, keys: KeyRing, anchors: Sequence[Head]) -> None:
        self.number = 0
        self._keys = keys
        self._chain = b""
        self._keyed = self._last_keyed = 0
        self._anchors: dict[int, list[Head]] = {}
        for each in anchors:
            self._anchors.setdefault(each.number, []).append(each)
        self._missing: list[Head] = []
        self._accepted: list[str] = []
        self._accepted_at: datetime | None = None

    def step(self, row: asyncpg.Record) -> str:
        """Go on to the next seal; what is wrong with it, if anything."""
        name, key = row["key_name"], None
        if row["number"] != self.number + 1:
            return "the one before it is gone"
        if row["at"] is None:
            return "its entry is gone"
        if name is not None and (key := self._keys.named(name)) is None:
            return f"it was made with the key {name}, which is not given (BELEG_AUDIT_KEYS)"
        self._chain = _link(self._chain, row, row["entry_id"], key)
        if not hmac.compare_digest(self._chain, row["hash"]):
            return "it does not fit what stands before it and its entry"
        self.number += 1
        if key is not None:
            self._keyed, self._last_keyed = self._keyed + 1, self.number
        known = self._anchors.pop(self.number, ())
        self._missing += [each for each in known if each.hash != self._chain]
        self._heed(row)
        return ""

    def _heed(self, row: asyncpg.Record) -> None:
        """Take in what the log says of itself."""
        detail = row["detail"]
        if row["action"] == HEAD_MISSING:
            head = Head(detail["seal"], bytes.fromhex(detail["hash"]), row["at"])
            self._missing.append(head)
        elif row["action"] == ACCEPTED:
            self._accepted_at = row["at"]
            by = detail.get("by", "an operator")
            self._accepted.append(f"{row['at']:%Y-%m-%d %H:%M} {by}: {detail['reason']}")

    def result(
        self, unsealed: int, broken_at: int | None = None, why: str = ""
    ) -> ChainVerification:
        """What the walk has found, in the end or where it could not go on."""
        beyond = [each for heads in self._anchors.values() for each in heads]
        missing = self._missing + (beyond if broken_at is None else [])
        since = self._accepted_at
        left = [each for each in missing if since is None or each.at is None or each.at > since]
        loose = self.number - self._last_keyed if self._keys and broken_at is None else 0
        return ChainVerification(
            self.number,
            unsealed,
            broken_at,
            why,
            self._keyed,
            loose,
            tuple(sorted(left, key=lambda each: each.number)),
            tuple(self._accepted),
        )


def accept(tx: Tx, actor: Actor, reason: str) -> None:
    """Note that it is known why seals have gone, as after a restore; later ones count again."""
    record(tx, actor, ACCEPTED, "audit", NO_RECORD, {"reason": reason})


def _link(before: bytes, row: asyncpg.Record, entry_id: UUID, key: Key | None) -> bytes:
    fields = [
        entry_id,
        row["at"],
        row["actor_kind"],
        row["actor_id"],
        row["action"],
        row["subject"],
        row["subject_id"],
        row["detail"],
    ]
    serialised = orjson.dumps(fields, default=str, option=orjson.OPT_SORT_KEYS)
    if key is None:
        return hashlib.sha256(before + serialised).digest()
    named = b"%b:%b" % (key.name.encode(), before + serialised)
    return hmac.digest(key.secret, named, "sha256")
