"""How operators make a store of documents the first time, and sweep one anyway."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from core import documents, identity
from core.connecting import connected
from core.db import Database
from core.documents import BlobStore, StoreLocation, Sweep
from core.query import Query
from core.settings import Settings
from deploy.ops.instance import run

SHOWN = 5
_CLAIMED = Query(
    "SELECT EXISTS (SELECT FROM instance_identity WHERE store_claimed_at IS NOT NULL) AS claimed",
    (),
    {},
)


def make_store(settings: Settings) -> bool:
    """Make a new instance's folder of documents, with its mark; whether it was made.

    One that an instance has had is never made anew: its disk is away.
    """
    if not settings.blob_url.startswith("file:"):
        return False
    location = StoreLocation(settings.blob_url)
    if location.folder is not None and location.folder.is_dir():
        return False

    async def work() -> bool:
        async with connected(settings.database_url, 1, backfills=()) as db:
            row = await db.one(_CLAIMED)
            if row is None or row["claimed"]:
                return False
            made = location.make()
            await identity.require_identity(db.apart, blobs)
            return made

    blobs = BlobStore(settings.blob_url, settings.document_limit_bytes)
    return asyncio.run(work())


def sweep(settings: Settings, *, really: bool) -> Sweep:
    """The blobs that no document names; discarded where that is really wanted."""

    async def work(db: Database) -> Sweep:
        blobs = BlobStore(settings.blob_url, settings.document_limit_bytes)
        try:
            own, now = await identity.require_identity(db.apart, blobs), datetime.now(UTC)
            if really:
                return await documents.sweep(db, blobs, now, own, anyway=True)
            return await documents.unnamed(db, blobs, now, own)
        finally:
            await blobs.close()

    return run(settings, work)


def described(found: Sweep) -> dict[str, Any]:
    """A sweep, for a pipeline."""
    return {
        "unnamed": len(found.unnamed),
        "of": found.written,
        "suspicious": found.suspicious,
        "discarded": found.discarded,
        "blobs": list(found.unnamed),
    }


def in_words(found: Sweep) -> list[str]:
    """A sweep, for a person."""
    if not found.unnamed:
        return [f"Nothing to sweep: a document names each of the {found.written} blobs."]
    lines = [f"{len(found.unnamed)} of {found.written} blobs are named by no document."]
    if found.discarded:
        return [*lines, "They were discarded."]
    lines += [f"  {each}" for each in found.unnamed[:SHOWN]]
    if found.suspicious:
        lines.append(
            "These are too many to be left of uploads that were cut off. Is this the right"
            " database, and was it not restored to an older day than the store?"
        )
    return [*lines, "Nothing was discarded. beleg blobs sweep --yes discards them for good."]
