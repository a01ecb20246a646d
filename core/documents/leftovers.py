"""Bytes in the store that no document names: what uploads left that were cut off."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from core.db import Queryable
from core.documents import store
from core.documents.blobs import BlobStore
from core.documents.model import StoredBlob
from core.errors import Refused, Unavailable

LONGEST_UPLOAD = timedelta(days=1)  # no upload takes as long
SWEPT_PERIOD = timedelta(days=30)  # then what was overlooked stays
MOST_UNNAMED, MOST_UNNAMED_SHARE = 20, 0.01
"""More blobs than both that no document names were not all left by uploads that were cut off."""


class Sweep(NamedTuple):
    """Blobs that no document names, of so many that were looked at, and whether they are gone."""

    unnamed: tuple[str, ...]
    written: int
    discarded: bool

    @property
    def refused(self) -> bool:
        """Whether they are more than uploads that were cut off explain."""
        return not self.discarded and self.suspicious

    @property
    def suspicious(self) -> bool:
        """Whether they are so many that the database may be the wrong one, or an old one."""
        return len(self.unnamed) > max(MOST_UNNAMED, self.written * MOST_UNNAMED_SHARE)


async def unnamed(db: Queryable, blobs: BlobStore, now: datetime, owner: UUID) -> Sweep:
    """The bytes that no document names, of uploads that were cut off; nothing is discarded.

    Raises Unavailable unless the store is this instance's.
    """
    if await blobs.owner() != owner:
        raise Unavailable("The store of documents is not this instance's; nothing is swept.")
    after, before = now - SWEPT_PERIOD, now - LONGEST_UPLOAD
    documented = await store.blobs_since(db, after)
    written = [each async for some in blobs.list_written(after, before) for each in some]
    found = tuple(each for each in written if each not in documented)
    return Sweep(found, len(written), discarded=False)


async def sweep(
    db: Queryable, blobs: BlobStore, now: datetime, owner: UUID, *, anyway: bool = False
) -> Sweep:
    """Discard the bytes of uploads that were cut off before they became documents.

    Discards none where they are suspiciously many, unless that is wanted anyway.
    """
    found = await unnamed(db, blobs, now, owner)
    if found.suspicious and not anyway:
        return found
    blobs.remove_unfinished(now - LONGEST_UPLOAD)
    for each in found.unnamed:
        await blobs.discard(each)
    return found._replace(discarded=True)


async def fit(db: Queryable, blobs: BlobStore) -> bool:
    """Whether a store holds the documents that the database names, or neither has any.

    One of those handed in last is enough: no two blobs ever made have the same name.
    """
    named = await store.newest_blobs(db)
    if not named:
        return await blobs.is_empty()
    for blob in named:
        if await blobs.holds(blob):
            return True
    return False


@asynccontextmanager
async def unused_discarded(
    db: Queryable, blobs: BlobStore, application_id: UUID, stored: StoredBlob
) -> AsyncIterator[None]:
    """Discard what was stored, unless within the block it became the application's document.

    Only once that is certain: where the database went away in the middle, a document may name them
    a moment later. What is left lying then is swept.
    """
    try:
        yield
    except Unavailable:
        raise
    except Refused:
        await discard_unused(db, blobs, application_id, stored)
        raise
    await discard_unused(db, blobs, application_id, stored)


async def discard_unused(
    db: Queryable, blobs: BlobStore, application_id: UUID, stored: StoredBlob
) -> None:
    """Discard bytes that became no document of the application, as when it had them already."""
    document = await store.find_by_hash(db, application_id, stored.sha256)
    if document is None or document.blob != stored.blob:
        await blobs.discard(stored.blob)
