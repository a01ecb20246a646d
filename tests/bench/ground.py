"""The one database that all sides stand on: 20 partners with a key each, 100,000 applications."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core import clients
from core.applications.rows import application
from core.audit import SYSTEM
from core.connecting import connected
from core.db import Database
from core.ids import new_id
from deploy.ops.postgres import Embedded

PARTNERS = 20
APPLICATIONS = 100_000
UNLIMITED = 2_000_000_000
# Waiting for a disk that is shared with others would drown what is to be compared.
OPTIONS = {"fsync": "off", "synchronous_commit": "off", "autovacuum": "off"}
COLUMNS = [column.name for column in application.c if column.name != "delete_reason"]


@dataclass(frozen=True, slots=True)
class Ground:
    """A database with rows in it, each partner's key, and whose which application is."""

    url: str
    postgres_pid: int
    keys: dict[UUID, str]
    owned: list[tuple[UUID, UUID]]


async def fill(server: Embedded) -> Ground:
    """Fill the server's migrated database by COPY, and let PostgreSQL look at what it got."""
    keys: dict[UUID, str] = {}
    async with connected(server.url, 1) as db:
        for number in range(PARTNERS):
            client_id, key = await _partner(db, f"Makler {number}")
            keys[client_id] = key
        rows = list(_rows(list(keys)))
        await db.write(lambda tx: tx.copy(application, COLUMNS, rows))
        owned = [(row[0], row[1]) for row in rows]
        async with db.pool.lease() as connection:
            await connection.execute("VACUUM ANALYZE")
    return Ground(server.url, server.process.pid, keys, owned)


async def _partner(db: Database, name: str) -> tuple[UUID, str]:
    scopes = list(clients.Scope)
    return await db.write(
        lambda tx: clients.create(tx, SYSTEM, name, scopes, per_minute=UNLIMITED, per_day=UNLIMITED)
    )


def _rows(partners: list[UUID]) -> Iterator[tuple[Any, ...]]:
    now = datetime.now(UTC)
    for number in range(APPLICATIONS):
        yield (
            new_id(),
            partners[number % len(partners)],
            ("received", "in_review", "approved")[number % 3],
            "loan",
            f"Muster Werkzeugbau {number} GmbH",
            "DE",
            "GmbH",
            "Musterstadt",
            f"HRB {number}",
            "DE123456788",
            None,
            "EUR",
            25_000_000 + number,
            60,
            "A new milling machine" if number % 2 else None,
            None,
            None,
            120_000_000 if number % 4 else None,
            None,
            ["Hausbank Musterstadt"] if number % 2 else None,
            f"A-2026-{number}",
            1,
            now,
            now,
        )
