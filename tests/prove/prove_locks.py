"""A reader holds a lock for half a minute while an expand runs: what partners notice of it."""

import asyncio
from pathlib import Path

import asyncpg

from deploy.ops.migrating.apply import migrate
from deploy.ops.migrating.migrator import Manner
from deploy.ops.migrating.notices import Notice
from deploy.ops.postgres import DATABASE, SUPERUSER, Embedded
from tests import postgres
from tests.builders import House, part
from tests.migrations.holding import READER, Load, migrated_after_a_reader
from tests.migrations.scratch import Scratch

HELD_SECONDS = 30.0
BEFORE_SECONDS = 10.0
VACUUMED = "SELECT count(*) FROM pg_stat_progress_vacuum WHERE relid = 'pair'::regclass"


async def test_an_open_reader_of_half_a_minute_costs_no_request(
    database: str, tmp_path: Path, house: House
) -> None:
    scratch = Scratch(tmp_path / "versions")
    scratch.expand("0101", "ALTER TABLE application ADD COLUMN colour text")
    told: list[Notice] = []
    partner = await house.partner(per_minute=1_000_000, per_day=100_000_000)
    async with part("api", database, tmp_path) as api:
        before, meanwhile = Load(api.url, partner.key), Load(api.url, partner.key)
        async with before.running():
            await asyncio.sleep(BEFORE_SECONDS)
        async with meanwhile.running():
            manner = Manner(scratch.folder, told=told.append)
            await migrated_after_a_reader(database, manner, HELD_SECONDS)
    print(
        f"\n{len(meanwhile.seconds)} requests, {len(meanwhile.failed)} failed,"
        f" p99 {before.p99 * 1000:.0f} ms before, {meanwhile.p99 * 1000:.0f} ms meanwhile,"
        f" slowest {max(meanwhile.seconds) * 1000:.0f} ms"
    )
    print("\n".join(each.text for each in told))
    assert meanwhile.failed == []
    assert meanwhile.p99 < 2 * before.p99
    assert 2 <= sum(READER in each.text for each in told) <= 4  # at once, and every ten seconds


async def test_an_autovacuum_gives_way_although_it_would_take_for_ever(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "versions")
    scratch.expand("0101", "CREATE TABLE pair (a text)")
    told: list[Notice] = []
    manner = Manner(scratch.folder, told=told.append, patience_seconds=20)
    with (
        postgres.folder() as path,
        Embedded(path, {**postgres.FAST, "autovacuum_naptime": "1s"}) as server,
    ):
        await asyncio.to_thread(migrate, server.url, "head", manner)
        connection = await asyncpg.connect(server.address(SUPERUSER, DATABASE))
        await connection.execute(
            """ALTER TABLE pair SET (autovacuum_vacuum_cost_delay = 100,
                autovacuum_vacuum_cost_limit = 1, autovacuum_vacuum_threshold = 1);
            INSERT INTO pair SELECT repeat('x', 500) FROM generate_series(1, 20000);
            DELETE FROM pair"""
        )
        async with asyncio.timeout(30):
            while not await connection.fetchval(VACUUMED):
                await asyncio.sleep(0.1)
        scratch.expand("0102", "ALTER TABLE pair ADD COLUMN b text")
        assert await asyncio.to_thread(migrate, server.url, "head", manner) == ["0102"]
        await connection.close()
    print("\n".join(each.text for each in told))
    assert any("vacuum" in each.text for each in told if each.event == "waiting")
