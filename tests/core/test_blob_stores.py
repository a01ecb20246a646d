"""A store of documents that is away is said to be so, and nobody makes another in its place."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import obstore
import pytest

from core import documents
from core.documents import MARKER, BlobStore
from core.errors import Unavailable
from core.identity import StrangeStore, require_identity
from core.settings import local_blobs
from tests.builders import House, Part, part
from tests.deploy.ops.test_steering import beleg
from tests.migrations.accident import eventually

LATER = datetime.now(UTC) + timedelta(days=2)


async def some(content: bytes) -> AsyncIterator[bytes]:
    """A body in one part."""
    yield content


async def fill(house: House, blobs: int) -> None:
    """Let so many blobs be there that no document names."""
    for each in range(blobs):
        await house.reader.blobs.receive(some(b"%d" % each))


async def readiness(running: Part) -> httpx.Response:
    """What a part says of itself."""
    async with httpx.AsyncClient() as http:
        return await http.get(f"{running.internal}/readyz")


async def age(house: House) -> None:
    """Let every blob be two days old."""
    old = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    for each in (house.folder / "blobs" / "documents").iterdir():
        os.utime(each, (old, old))


async def test_no_part_makes_a_folder_that_is_not_there_and_uploads_are_refused(
    house: House,
) -> None:
    partner = await house.partner()
    case = await partner.submit()
    store = house.folder / "blobs"
    store.rmdir()
    upload = {"file": ("s.xml", b"<more/>")}
    answer = await partner.http.post(f"/v2/applications/{case}/documents", files=upload)
    assert answer.status_code == 503
    with pytest.raises(Unavailable, match="is not there"):
        await house.api.ready()
    assert not store.exists()


async def test_an_unmounted_disk_takes_in_no_upload(house: House) -> None:
    partner = await house.partner()
    case = await partner.submit()
    await partner.upload(case, b"<first/>")
    await house.api.ready()
    store = house.folder / "blobs"
    store.rename(house.folder / "away")
    store.mkdir()
    upload = {"file": ("s.xml", b"<more/>")}
    answer = await partner.http.post(f"/v2/applications/{case}/documents", files=upload)
    assert answer.status_code == 503
    assert list(store.iterdir()) == []


async def test_an_instance_that_starts_without_its_disk_takes_in_no_upload(
    house: House, tmp_path: Path
) -> None:
    await house.api.ready()
    wrong = tmp_path / "unmounted"
    wrong.mkdir()
    blobs = BlobStore(local_blobs(wrong), 1000)
    with pytest.raises(StrangeStore):
        await require_identity(house.db, blobs)
    with pytest.raises(Unavailable, match="has lost its"):
        await blobs.receive(some(b"lost"))
    assert list(wrong.iterdir()) == []


async def test_migrating_makes_the_folder_the_first_time_with_its_mark_and_never_again(
    house: House,
) -> None:
    store = house.folder / "blobs"
    store.rmdir()
    assert (await beleg(house, "migrate")).exit_code == 0
    assert (store / MARKER).exists()
    await house.api.ready()
    store.rename(house.folder / "away")
    assert (await beleg(house, "migrate")).exit_code == 0
    assert not store.exists()


async def test_readiness_lists_no_store_however_full(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listing(*_: object, **__: object) -> None:
        raise AssertionError("the store was listed")

    await fill(house, 3)
    monkeypatch.setattr(obstore, "list", listing)
    with pytest.raises(StrangeStore, match="not those that the database names"):
        await house.api.ready()
    for each in (house.folder / "blobs" / "documents").iterdir():
        each.unlink()
    await house.api.ready()
    await house.api.ready()


async def test_each_part_says_how_its_database_and_its_documents_are(house: House) -> None:
    checks = {"database": "ok", "documents": "ok", "records": "ok"}
    database = house.settings.database_url
    for name, more in (
        ("api", {}),
        ("bff", {"web_files": "ok"}),
        ("worker", {"sweep": "ok", "confinement": "ok"}),
    ):
        async with part(name, database, house.folder) as running:
            answer = await readiness(running)
            assert answer.json() == {"status": "ready", "checks": {**checks, **more}}
            store = house.folder / "blobs"
            store.rename(house.folder / "away")
            answer = await readiness(running)
            assert answer.status_code == 503
            assert answer.json()["checks"]["database"] == "ok"
            assert answer.json()["checks"]["documents"] == answer.json()["detail"]
            assert "is not there" in answer.json()["detail"]
            (house.folder / "away").rename(store)
            assert (await readiness(running)).status_code == 200


async def test_more_blobs_without_a_document_than_can_be_explained_are_left_and_told(
    house: House,
) -> None:
    partner = await house.partner()
    await partner.upload(await partner.submit(), b"<named/>")
    await fill(house, 21)
    await age(house)
    folder = house.folder / "blobs" / "documents"
    async with part("worker", house.settings.database_url, house.folder) as running:

        async def is_told() -> bool:
            checks = (await readiness(running)).json()["checks"]
            return "21 of 22 blobs are named by no document" in str(checks["sweep"])

        await eventually(is_told, 60)
        assert (await readiness(running)).status_code == 200
        assert '"event":"sweep_refused"' in running.log.read_text()
        assert len(list(folder.iterdir())) == 22
        looked = await beleg(house, "blobs", "sweep")
        assert (looked.exit_code, len(list(folder.iterdir()))) == (3, 22)
        assert "Is this the right database" in looked.output
        assert (await beleg(house, "blobs", "sweep", "--yes")).exit_code == 0
        assert len(list(folder.iterdir())) == 1
        checks = (await readiness(running)).json()["checks"]
        assert checks["sweep"] == "ok"


async def test_a_handful_of_uploads_that_were_cut_off_is_swept_as_ever(house: House) -> None:
    own = await require_identity(house.db, house.reader.blobs)
    await fill(house, 20)
    swept = await documents.sweep(house.db, house.reader.blobs, LATER, own)
    assert (len(swept.unnamed), swept.discarded) == (20, True)
    assert list((house.folder / "blobs" / "documents").iterdir()) == []
