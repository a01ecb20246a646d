"""A reader holds a lock for half a minute while an expand runs: what partners notice of it."""

import asyncio
from pathlib import Path

from deploy.ops.migrating.migrator import Manner
from deploy.ops.migrating.notices import Notice
from tests.builders import House, part
from tests.migrations.holding import READER, Load, migrated_after_a_reader
from tests.migrations.scratch import Scratch

HELD_SECONDS = 30.0
BEFORE_SECONDS = 10.0


async def test_an_open_reader_of_half_a_minute_costs_no_request(
    database: str, tmp_path: Path, house: House
) -> None:
    scratch = Scratch(tmp_path / "versions")
    scratch.expand("0101", "ALTER TABLE application ADD COLUMN colour text")
    told: list[Notice] = []
    partner = await house.partner()
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
