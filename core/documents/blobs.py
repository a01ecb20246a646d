"""Where the bytes lie: a local folder, or S3; they are hashed while they stream in."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, ObjectStore, S3Store

from core.documents.model import StoredBlob
from core.errors import Complaint, Invalid, NotFound, TooLarge, Unavailable
from core.ids import first_id, new_id

PART = 1024 * 1024  # what is asked for, and held, at once
FOLDER = "documents"
CLOSE_SECONDS = 0.05
MARKER = ".beleg-instance"
"""Says whose store it is; it lies beside the folder, where no build ever swept."""


class BlobStore:
    """The store of documents' bytes; a blob is written once and never changed.

    A shadow's measures what it is handed and keeps none of it.
    """

    def __init__(self, url: str, limit: int, *, shadow: bool = False) -> None:
        self._store = open_store(url)
        self._shadow = shadow
        self.limit = limit

    async def receive(self, chunks: AsyncIterator[bytes]) -> StoredBlob:
        """Keep the bytes as they come; raises TooLarge, keeping nothing, once they are too many."""
        blob, digest, size = f"{FOLDER}/{new_id()}", hashlib.sha256(), 0

        async def measured() -> AsyncIterator[bytes]:
            nonlocal size
            async for chunk in chunks:
                size += len(chunk)
                if size > self.limit:
                    raise TooLarge(f"A document may have at most {self.limit} bytes.")
                digest.update(chunk)
                yield chunk

        if self._shadow:
            async for _ in measured():
                pass
        else:
            await obstore.put_async(self._store, blob, measured(), max_concurrency=1)
        if size == 0:
            await self.discard(blob)
            raise Invalid(Complaint("/file", "file: it is empty"))
        return StoredBlob(blob, size, digest.digest())

    async def stream(self, blob: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes [start, end) of a blob, part by part."""
        # obstore's own stream takes a local file in pieces of 8 KiB, each through another thread.
        for at in range(start, end, PART):
            yield await self.slice(blob, at, min(at + PART, end))

    async def slice(self, blob: str, start: int, end: int) -> bytes:
        """The bytes [start, end) of a blob."""
        try:
            return bytes(await obstore.get_range_async(self._store, blob, start=start, end=end))
        except FileNotFoundError:
            raise NotFound("document content") from None

    async def discard(self, blob: str) -> None:
        """Remove a blob that became no document."""
        if self._shadow:
            return
        await obstore.delete_async(self._store, blob)

    async def list_written(self, after: datetime, before: datetime) -> AsyncIterator[list[str]]:
        """The blobs written in a span of time, some hundred at a time."""
        earliest = f"{FOLDER}/{first_id(after)}"
        async for listed in obstore.list(self._store, FOLDER, offset=earliest, chunk_size=500):
            yield [each["path"] for each in listed if each["last_modified"] < before]

    def remove_unfinished(self, before: datetime) -> None:
        """Remove what a local folder keeps of writes that were cut off; S3 drops them itself."""
        if not isinstance(self._store, LocalStore) or self._store.prefix is None:
            return
        for unfinished in (Path(self._store.prefix) / FOLDER).glob("*#*"):
            if unfinished.stat().st_mtime < before.timestamp():
                unfinished.unlink(missing_ok=True)

    async def owner(self) -> UUID | None:
        """The instance whose store this is, None where none has claimed it."""
        try:
            found = await obstore.get_async(self._store, MARKER)
            return UUID(bytes(await found.bytes_async()).decode().strip())
        except FileNotFoundError:
            return None
        except ValueError as problem:
            raise Unavailable(f"{MARKER} in the store of documents names nobody.") from problem
        except Exception as problem:
            raise Unavailable("The store of documents is away; try again soon.") from problem

    async def close(self) -> None:
        """Wait for its own thread to let go: a process that ended at that moment would abort."""
        await asyncio.sleep(CLOSE_SECONDS)

    async def claim(self, instance: UUID) -> None:
        """Make the store this instance's, unless somebody was faster."""
        if self._shadow:
            raise Unavailable("No process of this instance has claimed the store of documents yet.")
        try:
            marker = f"{instance}\n".encode()
            await obstore.put_async(self._store, MARKER, marker, mode="create")
        except AlreadyExistsError:
            pass
        except Exception as problem:
            raise Unavailable("The store of documents cannot be written to.") from problem

    async def holds(self, blob: str) -> bool:
        """Whether the bytes are here."""
        try:
            await obstore.head_async(self._store, blob)
        except FileNotFoundError:
            return False
        return True

    async def is_empty(self) -> bool:
        """Whether it holds no document's bytes at all."""
        async for _ in obstore.list(self._store, FOLDER, chunk_size=1):
            return False
        return True


def open_store(url: str) -> ObjectStore:
    """The folder or bucket at an address; raises Invalid where it is neither."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        folder = Path(unquote(parts.path))
        folder.mkdir(parents=True, exist_ok=True)
        return LocalStore(folder)
    if parts.scheme == "s3":
        return S3Store(parts.netloc, prefix=parts.path.strip("/") or None)
    raise Invalid(
        Complaint("BELEG_BLOB_URL", "BELEG_BLOB_URL: a file:// or s3:// address is needed")
    )
