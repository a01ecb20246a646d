"""A store of documents has one owner: whoever else comes by is told so, and deletes nothing."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from core import documents, webhooks
from core.audit import SYSTEM
from core.connecting import connected
from core.documents import MARKER, BlobStore
from core.errors import Unavailable
from core.identity import StrangeStore, adopt, require_identity
from core.ids import new_id
from core.settings import local_blobs
from tests import postgres
from tests.builders import House, running
from tests.restoring import fresh, move

LATER = datetime.now(UTC) + timedelta(days=2)


async def test_the_first_to_look_names_the_instance_and_all_others_agree(house: House) -> None:
    looking = (require_identity(house.db, house.reader.blobs) for _ in range(8))
    names = await asyncio.gather(*looking)
    assert set(names) == {await house.reader.blobs.owner()}


async def test_of_two_instances_on_one_new_store_one_has_it(house: House, second: House) -> None:
    both = (house.api.ready(), second.api.ready())
    found = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(each is None for each in found) == [False, True]
    assert any(isinstance(each, StrangeStore) for each in found)


async def test_a_second_instance_on_a_store_is_not_ready_and_sweeps_nothing(
    house: House, second: House
) -> None:
    partner = await house.partner()
    case = await partner.submit()
    document = await partner.upload(case, b"kept")
    await house.api.ready()
    with pytest.raises(Unavailable, match="belongs to another instance"):
        await second.api.ready()
    with pytest.raises(Unavailable, match="nothing is swept"):
        await documents.sweep(second.db, second.reader.blobs, LATER, uuid4())
    there = await partner.http.get(f"/v2/applications/{case}/documents/{document}/content")
    assert there.content == b"kept"


async def test_a_store_that_is_not_there_is_missed_and_nothing_is_made_anew(house: House) -> None:
    await (await house.partner()).submit()
    await house.api.ready()
    store, unmounted = house.folder / "blobs", house.folder / "unmounted"
    store.rename(unmounted)
    store.mkdir()
    with pytest.raises(Unavailable, match="has lost its"):
        await house.api.ready()
    assert list(store.iterdir()) == []
    store.rmdir()
    unmounted.rename(store)
    await house.api.ready()


async def test_an_instance_from_before_keeps_the_store_that_has_its_documents(
    house: House,
) -> None:
    partner = await house.partner()
    await partner.upload(await partner.submit(), b"handed in before stores were marked")
    await house.api.ready()
    assert (house.folder / "blobs" / MARKER).exists()


async def test_an_instance_from_before_does_not_take_a_store_without_its_documents(
    house: House, tmp_path: Path
) -> None:
    partner = await house.partner()
    await partner.upload(await partner.submit(), b"handed in before stores were marked")
    (tmp_path / "wrong").mkdir()
    wrong = BlobStore(local_blobs(tmp_path / "wrong"), 1000)
    await wrong.receive(some(b"of another instance from before"))
    with pytest.raises(Unavailable, match="not those that the database names"):
        await require_identity(house.db, wrong)
    assert await wrong.owner() is None


async def test_a_new_instance_does_not_take_a_store_full_of_documents(
    house: House, tmp_path: Path
) -> None:
    (tmp_path / "full").mkdir()
    full = BlobStore(local_blobs(tmp_path / "full"), 1000)
    await full.receive(some(b"of an instance from before"))
    with pytest.raises(Unavailable, match="not those that the database names"):
        await require_identity(house.db, full)


async def test_a_copy_made_by_the_server_itself_is_told_from_its_original(
    database: str, administration: asyncpg.Connection, server: str, tmp_path: Path
) -> None:
    async with running(database, tmp_path) as house:
        await house.api.ready()
    name = f"beleg_test_{uuid4().hex}"
    await administration.execute(f"CREATE DATABASE {name} TEMPLATE {database.rpartition('/')[2]}")
    async with running(postgres.database(server, name), tmp_path) as copy:
        with pytest.raises(Unavailable, match="run beleg adopt"):
            await copy.api.ready()
    async with running(database, tmp_path) as house:
        await house.api.ready()
    await postgres.drop(administration, name)


async def test_a_dump_from_before_instances_had_names_is_known_for_restored(
    house: House, administration: asyncpg.Connection, server: str
) -> None:
    await (await house.partner()).submit()
    restored = await fresh(server)
    await move(house.settings.database_url, restored)
    async with connected(restored, 1) as db:
        assert await db.is_restored()
    assert not await house.db.is_restored()
    await postgres.drop(administration, restored.rpartition("/")[2])


async def test_a_dump_from_before_instances_had_names_is_that_of_the_store_that_it_fits(
    house: House, administration: asyncpg.Connection, server: str
) -> None:
    await (await house.partner()).submit()
    restored = await fresh(server)
    await move(house.settings.database_url, restored)
    await house.api.ready()
    blobs = BlobStore(house.settings.blob_url, house.settings.document_limit_bytes)
    async with connected(restored, 1) as db:
        adoption = await adopt(db, blobs, SYSTEM)
        assert adoption.instance == await blobs.owner()
        assert await require_identity(db, blobs) == adoption.instance
    await postgres.drop(administration, restored.rpartition("/")[2])


async def test_rewriting_the_log_in_its_own_place_is_no_restore(house: House) -> None:
    await (await house.partner()).submit()
    await house.api.ready()
    connection = await asyncpg.connect(house.settings.database_url)
    await connection.execute("VACUUM (FULL, FREEZE) audit_entry")
    await connection.execute("VACUUM (FULL, FREEZE) instance_identity")
    await connection.execute(  # as where a managed server does not say, before the first part
        "UPDATE instance_identity"
        " SET cluster = NULL, written_xid = current_xid(), store_claimed_at = NULL"
    )
    await connection.close()
    await house.api.ready()
    assert not await house.db.is_restored()


async def test_adopting_while_all_runs_loses_no_event_and_tells_none_twice(house: House) -> None:
    partner, after, done = await house.partner(), "", asyncio.Event()
    seen: list[str] = []

    async def poll() -> None:
        nonlocal after
        while True:
            last = done.is_set()
            page = await partner.get(f"/v2/events?limit=100{after and '&after=' + after}")
            seen.extend(each["id"] for each in page["data"])
            after = page["next"]
            if last and not page["data"]:
                return

    async def write() -> None:
        for _ in range(40):
            await partner.submit()

    polling = asyncio.create_task(poll())
    writing = [asyncio.create_task(write()) for _ in range(4)]
    for _ in range(3):
        await asyncio.sleep(0.1)
        await adopt(house.db, house.reader.blobs, SYSTEM, anyway=True)
    await asyncio.gather(*writing)
    await house.settled()
    done.set()
    await polling
    assert (len(seen), len(set(seen))) == (160, 160)


async def test_adopting_waits_for_whoever_is_writing_so_that_pollers_pass_over_nobody(
    house: House,
) -> None:
    partner = await house.partner()
    case = await partner.submit()
    await house.settled()
    first = (await partner.get("/v2/events"))["next"]
    early, late = [await asyncpg.connect(house.settings.database_url) for _ in range(2)]
    write = """INSERT INTO event (id, at, client_id, application_id, kind, data)
        VALUES ($1, now(), $2, $3, 'document.queued', '{}')"""
    for each in (early, late):
        await each.execute("BEGIN")
        await each.execute("SELECT pg_current_xact_id()")
    await late.execute(write, new_id(), partner.client_id, UUID(case))
    adopting = asyncio.create_task(adopt(house.db, house.reader.blobs, SYSTEM, anyway=True))
    await asyncio.wait([adopting], timeout=0.5)
    await early.execute(write, new_id(), partner.client_id, UUID(case))
    await early.execute("COMMIT")
    page = await partner.get(f"/v2/events?after={first}")
    seen = len(page["data"])
    await late.execute("COMMIT")
    await adopting
    await house.settled()
    page = await partner.get(f"/v2/events?after={page['next']}")
    assert seen + len(page["data"]) == 2
    for each in (early, late):
        await each.close()


async def test_a_webhook_made_after_adopting_is_told_of_nothing_from_before_it(
    house: House,
) -> None:
    partner = await house.partner()
    await adopt(house.db, house.reader.blobs, SYSTEM, anyway=True)
    holding = await asyncpg.connect(house.settings.database_url)
    await holding.execute("BEGIN")
    await holding.execute("SELECT pg_current_xact_id()")  # what follows settles once it has ended
    await partner.submit()
    await partner.http.post("/v2/webhooks", json={"url": "https://hooks.partner.test/"})
    await holding.execute("COMMIT")
    await holding.close()
    assert await house.db.write(lambda tx: webhooks.plan(tx, ["v2"])) == 0
    await partner.submit()
    assert await house.db.write(lambda tx: webhooks.plan(tx, ["v2"])) == 1


@pytest.fixture
async def second(
    administration: asyncpg.Connection, server: str, template: str, tmp_path: Path
) -> AsyncIterator[House]:
    """Another instance, whose operator gave it the first one's store."""
    name = f"beleg_test_{uuid4().hex}"
    await administration.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    async with running(postgres.database(server, name), tmp_path) as house:
        yield house
    await postgres.drop(administration, name)


async def some(content: bytes) -> AsyncIterator[bytes]:
    """A body in one part."""
    yield content
