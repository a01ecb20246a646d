"""What was handed in comes back byte by byte, however long it is."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from core.documents import BlobStore
from core.documents.blobs import PART
from core.settings import local_blobs


async def _in_pieces(content: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(content), 100_000):
        yield content[at : at + 100_000]


@pytest.mark.unit
async def test_a_document_of_several_parts_is_streamed_whole_and_from_any_byte_to_any_other(
    tmp_path: Path,
) -> None:
    content = os.urandom(2 * PART + 5)
    blobs = BlobStore(local_blobs(tmp_path), len(content))
    stored = await blobs.receive(_in_pieces(content))
    whole = [part async for part in blobs.stream(stored.blob, 0, stored.size)]
    assert b"".join(whole) == content
    assert max(map(len, whole)) == PART
    for start, end in ((0, 1), (PART, 2 * PART), (PART - 1, PART + 1), (3, len(content))):
        span = b"".join([part async for part in blobs.stream(stored.blob, start, end)])
        assert span == content[start:end]


@pytest.mark.unit
async def test_a_store_stays_with_whoever_claimed_it_first(tmp_path: Path) -> None:
    blobs, first = BlobStore(local_blobs(tmp_path), 1000), uuid4()
    assert await blobs.owner() is None
    for each in (first, uuid4()):
        await blobs.claim(each)
    assert await blobs.owner() == first
