"""Bytes that became no document do not stay for ever, and no document's bytes go."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from core import documents
from core.errors import NotFound
from core.identity import require_identity
from tests.builders import House

NOW = datetime.now(UTC)


async def some(content: bytes) -> AsyncIterator[bytes]:
    """A body in one part."""
    yield content


async def test_an_upload_that_was_cut_off_is_discarded_and_documents_stay(house: House) -> None:
    partner, blobs = await house.partner(), house.reader.blobs
    case = await partner.submit()
    document = await partner.upload(case, b"kept")
    own = await require_identity(house.db, blobs)
    lost = await blobs.receive(some(b"of an API process that was killed"))
    half = house.folder / "blobs" / "documents" / "upload#1"
    half.write_bytes(b"of one that was killed earlier")
    early = await documents.sweep(house.db, blobs, NOW, own)
    assert early.unnamed == ()  # they may still be uploading
    assert half.exists()
    later = NOW + timedelta(days=2)
    assert len((await documents.sweep(house.db, blobs, later, own)).unnamed) == 1
    assert not half.exists()
    with pytest.raises(NotFound):
        [each async for each in blobs.stream(lost.blob, 0, lost.size)]
    there = await partner.http.get(f"/v2/applications/{case}/documents/{document}/content")
    assert there.content == b"kept"
