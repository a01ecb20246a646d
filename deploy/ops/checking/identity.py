"""Whether database and store of documents are this instance's own."""

from uuid import UUID

import asyncpg

from core.documents import BlobStore
from core.errors import Refused
from core.pool import Connection
from core.restores import is_restored
from core.settings import Settings
from deploy.ops.checking.findings import Finding, attention, ok, wrong

KNOWN = "SELECT id, store_claimed_at IS NOT NULL AS claimed FROM instance_identity"
STORE = "Set BELEG_BLOB_URL to this instance's own store, and see that its disk is there."


async def look_at_identity(settings: Settings, connection: Connection | None) -> list[Finding]:
    """How the store of documents stands, and whether adopting is owed; alone without a database."""
    about = "documents"
    try:
        store = BlobStore(settings.blob_url, settings.document_limit_bytes)
        if connection is not None and await _is_to_be_made(store, connection):
            said = "the first time, their folder is made by the migrations."
            return [attention(about, said, "Run beleg migrate.", owed=True)]
        try:
            owner = await store.owner()
            await store.require_writable()
        finally:
            await store.close()
    except (Refused, OSError) as problem:
        detail = problem.detail if isinstance(problem, Refused) else str(problem)
        return [wrong(about, f"{detail.rstrip('.')}.", "Look at BELEG_BLOB_URL.")]
    reached = ok(about, "their store can be read and written.")
    return [reached] if connection is None else [reached, await _identity(connection, owner)]


async def _is_to_be_made(store: BlobStore, connection: Connection) -> bool:
    """Whether the folder is not there, and never was one of this database."""
    folder = store.location.folder
    if folder is None or folder.is_dir():
        return False
    try:
        row = await connection.fetchrow(KNOWN)
    except asyncpg.UndefinedTableError:
        return True
    return row is None or not row["claimed"]


async def _identity(connection: Connection, owner: UUID | None) -> Finding:
    about = "identity"
    try:
        if await is_restored(connection):
            return attention(about, "the database was restored.", "Run beleg adopt.", owed=True)
        row = await connection.fetchrow(KNOWN)
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedFunctionError):
        return ok(about, "none yet; it comes with the migrations.")
    if owner is not None and (row is None or row["id"] != owner):
        return wrong(about, f"the store of documents belongs to another instance, {owner}.", STORE)
    if row is not None and row["claimed"] and owner is None:
        return wrong(about, "the store of documents does not bear this instance's name.", STORE)
    if row is None or owner is None:
        return ok(about, "none yet; the first part that starts takes database and store.")
    return ok(about, f"database and documents are those of {owner}.")
