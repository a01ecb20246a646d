"""What operators are told of what waits: jobs, audit entries, a release; of pools and stores."""

import asyncio
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from core import backlog
from core.builds import Heartbeat
from core.connecting import connected
from core.documents import BlobStore
from core.errors import NotFound, Unavailable
from core.query import Query
from tests.builders import House
from tests.migrations.accident import eventually

HOLD = Query("UPDATE pgqueuer SET status = 'failed'", (), {})
AGE = Query("UPDATE pgqueuer SET created = created - interval '7 min'", (), {})
ANSWER = Query("SELECT 1 AS one", (), {})
TABLE = Query(
    """CREATE TABLE IF NOT EXISTS release (id uuid, a text, b text, slot text, state text,
        weight float8, plan jsonb, automatic boolean, held text, since timestamptz,
        started_at timestamptz, ended_at timestamptz)""",
    (),
    {},
)
RELEASE = Query(
    """INSERT INTO release (id, a, b, slot, state, weight, plan, automatic, held, since, started_at)
    VALUES (gen_random_uuid(), '1 & 2', '<b>', 'green', 'ab', 5, '{}', true, 'too few',
        now() - interval '1 h', now())""",
    (),
    {},
)
END = Query("UPDATE release SET ended_at = now()", (), {})


def measured(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


async def test_jobs_that_wait_and_that_failed_are_told_by_what_they_do(house: House) -> None:
    partner = await house.partner()
    case = await partner.submit()
    await partner.upload(case, b"no statement")
    await house.db.write(lambda tx: tx.run(AGE))
    await backlog.measure(house.db)
    assert measured("jobs", entrypoint="read_document", state="queued") == 1
    assert 420 <= (measured("job_oldest_seconds", entrypoint="read_document") or 0) < 500
    await house.db.write(lambda tx: tx.run(HOLD))
    await backlog.measure(house.db)
    assert measured("jobs", entrypoint="read_document", state="queued") == 0
    assert measured("jobs", entrypoint="read_document", state="held") == 1
    assert measured("job_oldest_seconds", entrypoint="read_document") == 0


async def test_the_audit_tail_counts_what_was_not_chained_since_the_last_seal(house: House) -> None:
    partner = await house.partner()
    await house.seal()
    await backlog.measure(house.db)
    assert measured("audit_unsealed_entries") == 0
    assert measured("audit_unsealed_oldest_seconds") == 0
    await partner.submit()
    await backlog.measure(house.db)
    assert measured("audit_unsealed_entries") == 1
    assert 0 <= (measured("audit_unsealed_oldest_seconds") or -1) < 60


async def test_a_release_that_is_held_is_told_and_forgotten_at_its_end(house: House) -> None:
    await house.db.one(TABLE)
    await house.db.write(lambda tx: tx.run(RELEASE))
    await backlog.measure(house.db)
    assert measured("release_state", a="1 & 2", b="<b>", state="ab") == 1
    assert (measured("release_held"), measured("release_weight")) == (1, 5)
    assert 3600 <= (measured("release_state_seconds") or 0) < 3700
    await house.db.write(lambda tx: tx.run(END))
    await backlog.measure(house.db)
    assert measured("release_state", a="1 & 2", b="<b>", state="ab") is None
    assert measured("release_held") == 0


async def test_who_waits_for_a_connection_is_seen_while_waiting_and_after(database: str) -> None:
    async with connected(database, 1) as db:
        waits = measured("database_pool_wait_seconds_count") or 0
        async with db.pool.lease():
            waiting = asyncio.create_task(db.one(ANSWER))
            await asyncio.sleep(0)
            assert measured("database_pool_connections", pool="requests", state="waiting") == 1
            assert (measured("database_pool_connections", pool="requests", state="in_use") or 0) > 0
        await waiting
        assert measured("database_pool_connections", pool="requests", state="waiting") == 0
        assert measured("database_pool_wait_seconds_count") == waits + 1


async def test_a_database_that_is_lost_or_refuses_is_counted_by_kind(database: str) -> None:
    lost = measured("database_errors_total", kind="lost") or 0
    async with connected("postgresql://nobody:none@127.0.0.1:9/none", 1) as away:
        with pytest.raises(Unavailable):
            await away.one(ANSWER)
    assert (measured("database_errors_total", kind="lost") or 0) > lost
    schema = measured("database_errors_total", kind="schema") or 0
    async with connected(database, 1) as db:
        with pytest.raises(Exception, match="nothing_here"):
            await db.one(Query("SELECT FROM nothing_here", (), {}))
    assert measured("database_errors_total", kind="schema") == schema + 1


async def test_a_document_whose_bytes_are_gone_is_an_error_of_the_store(tmp_path: Path) -> None:
    store = BlobStore(tmp_path.as_uri(), 100)
    missing = measured("blob_errors_total", operation="get", kind="missing") or 0
    with pytest.raises(NotFound):
        await store.slice("documents/gone", 0, 1)
    assert measured("blob_errors_total", operation="get", kind="missing") == missing + 1
    assert not await store.holds("documents/gone")  # which is an answer
    assert measured("blob_errors_total", operation="head", kind="missing") == 0


async def test_a_heart_that_beats_says_when_and_what_waits(house: House) -> None:
    partner = await house.partner()
    await partner.submit()

    async def told() -> bool:
        return (measured("audit_unsealed_entries") or 0) >= 1

    async with Heartbeat(house.db, "api", seconds=0.05):
        await eventually(told, 60)
        beaten = measured("heartbeat_timestamp_seconds") or 0

        async def again() -> bool:
            return (measured("heartbeat_timestamp_seconds") or 0) > beaten

        await eventually(again, 60)
