"""Whatever is killed, nothing is lost and nothing is there twice."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from core.db import Query
from deploy.demo import large_camt053
from deploy.ops.migrate import migrate
from deploy.ops.postgres import Embedded
from tests.builders import House, Partner, application, running
from tests.ports import free_ports

ENTRIES = 20_000
ROWS = Query(
    "SELECT count(*) AS n, count(DISTINCT bank_reference) AS distinct FROM transaction", (), {}
)
STATUS = Query("SELECT status FROM document", (), {})
HELD = Query("SELECT entrypoint, status::text FROM pgqueuer", (), {})


async def worker(house: House) -> Process:
    """A worker in a process of its own."""
    (port,) = free_ports(1)
    environ = {
        **os.environ,
        "BELEG_DATABASE_URL": house.settings.database_url,
        "BELEG_BLOB_URL": house.settings.blob_url,
    }
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.ops.cli", "worker", "--metrics-port", str(port)),
        env=environ,
        stderr=asyncio.subprocess.DEVNULL,
    )


async def rows(house: House) -> tuple[int, int]:
    """How many transactions there are, and how many different ones."""
    row = await house.db.one(ROWS)
    return (row["n"], row["distinct"]) if row else (0, 0)


async def until(house: House, *statuses: str) -> None:
    """Wait until the one document has one of these statuses."""
    async with asyncio.timeout(60):
        while (row := await house.db.one(STATUS)) is None or row["status"] not in statuses:
            await asyncio.sleep(0.01)


async def test_a_document_whose_worker_is_killed_is_read_by_the_next_once(house: House) -> None:
    partner = await house.partner()
    application_id = await partner.submit()
    await partner.upload(application_id, b"".join(large_camt053(ENTRIES)))
    first = await worker(house)
    await until(house, "reading")
    await asyncio.sleep(0.3)
    first.send_signal(signal.SIGKILL)
    await first.wait()
    assert await rows(house) == (0, 0), "it was killed too late to prove anything"
    second = await worker(house)
    await until(house, "read")
    second.terminate()
    await second.wait()
    assert await rows(house) == (ENTRIES, ENTRIES)
    answers = await partner.get(f"/v2/applications/{application_id}/answers")
    assert answers["data"]


async def test_an_error_of_ours_fails_its_document_and_the_job_is_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    partner = await house.partner()
    application_id = await partner.submit()
    document = await partner.upload(application_id, b"<Document/>")
    monkeypatch.setattr("core.reading.statements.understand", broken)
    await house.work()
    seen = await partner.get(f"/v2/applications/{application_id}/documents/{document}")
    assert (seen["status"], seen["findings"][0]["code"]) == ("unreadable", "internal_error")
    held = await house.db.one(HELD)
    assert held is not None
    assert tuple(held) == ("read_document", "failed")
    assert (await partner.get(f"/v2/applications/{application_id}"))["status"] == "needs_documents"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Embedded]:
    """A PostgreSQL that waits for the disk, as in production."""
    server = Embedded(tmp_path / "pg")
    server.start()
    yield server
    server.stop()


async def create(partner: Partner, key: str) -> str | None:
    """Hand in an application under a key; its id if there was an answer."""
    headers = {"Idempotency-Key": key}
    try:
        answer = await partner.http.post("/v2/applications", json=application(), headers=headers)
    except httpx.HTTPError:
        return None
    said: dict[str, Any] = answer.json()
    return said["id"] if answer.status_code == 201 else None


async def test_postgresql_killed_under_writes_loses_nothing_that_was_answered(
    own: Embedded, tmp_path: Path
) -> None:
    await asyncio.to_thread(migrate, own.url)
    answered: dict[str, str | None] = {}
    async with running(own.url, tmp_path) as house:
        partner = await house.partner()

        async def write(name: int) -> None:
            for number in range(200):
                key = f"{name}-{number}"
                answered[key] = await create(partner, key)
                if answered[key] is None:
                    return

        writing = [asyncio.create_task(write(name)) for name in range(8)]
        await asyncio.sleep(0.5)
        own.process.kill()
        await asyncio.gather(*writing)
    own.stop()
    assert None in answered.values()
    with Embedded(tmp_path / "pg") as again:
        async with running(again.url, tmp_path) as house:
            partner.http = house.caller(partner.key)
            for key, known in answered.items():
                found = await create(partner, key)
                assert found is not None
                assert known is None or found == known
            connection = await asyncpg.connect(again.url)
            count = await connection.fetchval("SELECT count(*) FROM application")
            await connection.close()
            assert count == len(answered)


async def test_the_api_goes_on_by_itself_once_postgresql_is_back(
    own: Embedded, tmp_path: Path
) -> None:
    await asyncio.to_thread(migrate, own.url)
    async with running(own.url, tmp_path) as house:
        partner = await house.partner()
        kept = await partner.submit()
        connection = await asyncpg.connect(own.url)
        os.kill(await connection.fetchval("SELECT pg_backend_pid()"), signal.SIGKILL)
        async with asyncio.timeout(20):
            while await create(partner, "after") is None:
                await asyncio.sleep(0.05)
        listed = await partner.get("/v2/applications")
        assert [each["id"] for each in listed["data"]][1:] == [kept]
