"""Where the bytes lie: a local folder, or S3; they are hashed while they stream in.

Whatever a store may answer that is no bytes is Unavailable: it is away, full, or not this one's.
"""

import asyncio
import hashlib
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

import obstore
import structlog
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import ObjectStore

from core import telemetry
from core.documents.location import StoreLocation
from core.documents.model import StoredBlob
from core.errors import Complaint, Invalid, NotFound, TooLarge, Unavailable
from core.ids import first_id, new_id

PART = 1024 * 1024  # what is asked for, and held, at once
FOLDER = "documents"
CLOSE_SECONDS = 0.05
PROBE_SECONDS = 5.0
"""How long a look waits for the store to answer."""
TOLD_SECONDS = 60.0
FULL = "No space left on device"
TRIAL = ".beleg-trial"
MARKER = ".beleg-instance"
"""Says whose store it is; it lies beside the folder, where no build ever swept."""
log = structlog.get_logger()


class BlobStore:
    """The store of documents' bytes; a blob is written once and never changed.

    A shadow's measures what it is handed and keeps none of it.
    """

    def __init__(self, url: str, limit: int, *, shadow: bool = False) -> None:
        self.location = StoreLocation(url)
        self._shadow = shadow
        self.limit = limit
        self._marked = False  # whether it was seen to be somebody's
        self._strange = ""  # why it is not this instance's, as far as is known

    @property
    def _store(self) -> ObjectStore:
        return self.location.open()

    def distrust(self, why: str) -> None:
        """Take nothing in from now on, since the store is not this instance's; "" ends that."""
        self._strange = why

    async def receive(self, chunks: AsyncIterator[bytes]) -> StoredBlob:
        """Keep the bytes as they come; raises TooLarge, keeping nothing, once they are too many.

        Raises Unavailable, reading none of them, where the store is away or not this instance's.
        """
        if not self._shadow:
            await self._require_own()
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
            with _timed("put"):
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

    async def opened(self, blob: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The same once the first part is here: what is missing or away is known by then."""
        parts = self.stream(blob, start, end)
        first = await anext(parts, b"")

        async def whole() -> AsyncIterator[bytes]:
            yield first
            async for part in parts:
                yield part

        return whole()

    async def slice(self, blob: str, start: int, end: int) -> bytes:
        """The bytes [start, end) of a blob."""
        try:
            with _timed("get"):
                return bytes(await obstore.get_range_async(self._store, blob, start=start, end=end))
        except FileNotFoundError:
            await self._require_own()
            raise NotFound("document content") from None

    async def discard(self, blob: str) -> None:
        """Remove a blob that became no document."""
        if self._shadow:
            return
        with _timed("delete"):
            await obstore.delete_async(self._store, blob)

    async def list_written(self, after: datetime, before: datetime) -> AsyncIterator[list[str]]:
        """The blobs written in a span of time, some hundred at a time."""
        earliest = f"{FOLDER}/{first_id(after)}"
        with _timed("list"):
            async for listed in obstore.list(self._store, FOLDER, offset=earliest, chunk_size=500):
                yield [each["path"] for each in listed if each["last_modified"] < before]

    def remove_unfinished(self, before: datetime) -> None:
        """Remove what a local folder keeps of writes that were cut off; S3 drops them itself."""
        if self.location.folder is None:
            return
        for unfinished in (self.location.folder / FOLDER).glob("*#*"):
            if unfinished.stat().st_mtime < before.timestamp():
                unfinished.unlink(missing_ok=True)

    async def owner(self) -> UUID | None:
        """The instance whose store this is, None where none has claimed it.

        Raises Unavailable where the store does not say within seconds, or is not there.
        """
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                with _timed("identify", may_lack=True):
                    found = await obstore.get_async(self._store, MARKER)
                owner = UUID(bytes(await found.bytes_async()).decode().strip())
        except FileNotFoundError:
            self.location.require_folder()
            return None
        except ValueError as problem:
            raise Unavailable(f"{MARKER} in the store of documents names nobody.") from problem
        except (BaseError, OSError) as problem:
            raise _unavailable(problem) from problem
        self._marked = True
        return owner

    async def require_room(self) -> None:
        """Raise Unavailable where a local disk is full or takes no writes; it writes nothing."""
        try:
            await asyncio.to_thread(self.location.require_room)
        except OSError as problem:
            raise _unavailable(problem) from problem

    async def _require_own(self) -> None:
        """Raise Unavailable where the store is known to be another's, or has lost its disk."""
        if self._strange:
            raise Unavailable(self._strange)
        if (folder := self.location.folder) is None:
            return  # a bucket is not unmounted, and asking costs as much as a document
        self.location.require_folder()
        if not await asyncio.to_thread((folder / MARKER).exists):
            if self._marked:
                raise Unavailable(
                    f"The store of documents has lost its {MARKER}: is its disk there?"
                )
        else:
            self._marked = True

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

    async def require_writable(self) -> None:
        """Raise Unavailable where nothing can be written, by writing and removing a small thing."""
        trial = f"{TRIAL}-{new_id()}"
        try:
            await obstore.put_async(self._store, trial, b"")
            await obstore.delete_async(self._store, trial)
        except Exception as problem:
            raise Unavailable("The store of documents cannot be written to.") from problem

    async def holds(self, blob: str) -> bool:
        """Whether the bytes are here."""
        try:
            with _timed("head", may_lack=True):
                await obstore.head_async(self._store, blob)
        except FileNotFoundError:
            return False
        return True

    async def is_empty(self) -> bool:
        """Whether it holds no document's bytes at all."""
        if (folder := self.location.folder) is not None:
            return await asyncio.to_thread(_has_nothing, folder / FOLDER)
        with _timed("list"):
            async for _ in obstore.list(self._store, FOLDER, chunk_size=1):
                return False
        return True


for _operation in ("put", "get", "delete", "identify", "head", "list"):
    for _kind in ("missing", "failed"):
        telemetry.BLOB_ERRORS.labels(_operation, _kind)  # a first error is told from none at all


@contextmanager
def _timed(operation: str, may_lack: bool = False) -> Iterator[None]:
    """Measure an operation on the store, and count it where it fails; raises Unavailable then."""
    began = time.perf_counter()
    try:
        yield
    except FileNotFoundError:
        if not may_lack:
            telemetry.BLOB_ERRORS.labels(operation, "missing").inc()
        raise
    except AlreadyExistsError:
        raise
    except (BaseError, OSError) as problem:
        telemetry.BLOB_ERRORS.labels(operation, "failed").inc()
        raise _unavailable(problem) from problem
    finally:
        telemetry.BLOBS.labels(operation).observe(time.perf_counter() - began)


_told: dict[str, float] = {}  # when each reason was logged last


def _unavailable(problem: Exception) -> Unavailable:
    """What callers are told of a store that fails; the log gets the reason."""
    reason, now = str(problem).partition("\n")[0], time.monotonic()
    kind = type(problem).__name__
    if now - _told.get(kind, -TOLD_SECONDS) >= TOLD_SECONDS:
        _told[kind] = now
        log.warning("blobs_unavailable", problem=kind, reason=reason)
    if FULL in str(problem):
        return Unavailable("The disk of documents is full.")
    return Unavailable("The store of documents is away; try again soon.")


def _has_nothing(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except FileNotFoundError:
        return True
