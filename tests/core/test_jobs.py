"""Jobs of two builds beside each other: each build does its own, and none is done by halves."""

import asyncio
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from core import documents, jobs
from core.db import Tx
from core.ids import new_id
from deploy.ops.worker import _jobs
from tests.builders import House, company, part, statements
from tests.migrations.accident import eventually

SHIPPED = {"read_document": {"document_id"}, "renew_answers": {"application_id"}}
"""What the jobs of released builds carry: lines are added, none is ever changed."""
OF_ANOTHER = """INSERT INTO pgqueuer
        (priority, entrypoint, payload, status, queue_manager_id, heartbeat)
    VALUES (0, 'read_pictures', '{"pages": [1]}', $1::pgqueuer_status, gen_random_uuid(),
        now() - interval '1 hour')"""
LEFT = "SELECT status::text FROM pgqueuer WHERE entrypoint = 'read_pictures' ORDER BY id"


@pytest.mark.unit
def test_a_job_that_shipped_carries_what_it_carried() -> None:
    assert {name: set(payload) for name, payload in jobs.PAYLOADS.items()} == SHIPPED, (
        "a job that carries something else needs another name, and a line here"
    )


def test_a_worker_can_do_every_job_that_its_build_asks_for(house: House) -> None:
    assert _jobs(house.reader).keys() == jobs.PAYLOADS.keys()


async def test_a_job_cannot_carry_more_than_its_name_says(house: House) -> None:
    async def work(tx: Tx) -> None:
        jobs.enqueue(tx, documents.READ_JOB, new_id(), document_id=str(new_id()), pages="3")

    with pytest.raises(TypeError, match="document_id"):
        await house.db.write(work)


async def test_a_newer_builds_job_waits_for_its_own_worker_and_holds_up_nobody(
    house: House, database: str, tmp_path: Path
) -> None:
    partner = await house.partner()
    case_id = await partner.submit()
    connection = await asyncpg.connect(database)
    await connection.execute(OF_ANOTHER, "queued")
    await connection.execute(OF_ANOTHER, "picked")  # by a worker that was killed over it
    async with part("worker", database, tmp_path) as worker:
        document = UUID(await partner.upload(case_id, statements(company(months=3))[0]))

        async def is_read() -> bool:
            found = await documents.get_any(house.db, UUID(case_id), document)
            return found.read_at is not None

        await eventually(is_read, 60)
        await asyncio.sleep(1)  # another look at the queue or two
        assert "read_pictures" not in worker.log.read_text()
    left = [row["status"] for row in await connection.fetch(LEFT)]
    await connection.close()
    assert left == ["queued", "picked"]


async def test_of_two_workers_at_a_switch_each_document_is_read_once(
    house: House, database: str, tmp_path: Path
) -> None:
    partner = await house.partner()
    case_id = await partner.submit()
    files = [statements(company(seed, months=3))[0] for seed in range(1, 7)]
    connection = await asyncpg.connect(database)
    async with part("worker", database, tmp_path) as old:
        for at, file in enumerate(files):
            await partner.upload(case_id, file, f"{at}.xml")
            if at == 2:
                await old.kill()
        async with part("worker", database, tmp_path):

            async def are_read() -> bool:
                left = await connection.fetchval("SELECT count(*) FROM pgqueuer")
                return not left

            await eventually(are_read, 60)
    told = await connection.fetchval("SELECT count(*) FROM event WHERE kind = 'document.read'")
    read = await connection.fetchval("SELECT count(*) FROM document WHERE status = 'read'")
    await connection.close()
    assert (told, read) == (len(files), len(files))
