"""A backfill goes through beside whatever runs, and leaves no row wrong."""

import asyncpg

from deploy.ops.migrating import backfill
from tests.deploy.ops.migrating.backfilling import BRISK, DOUBLED, fill, progress, wrong


async def test_simple(database: str) -> None:
    connection = await asyncpg.connect(database)
    await fill(connection, 50_000)
    await backfill.register(connection, [DOUBLED])
    assert (await progress(connection)).state == "pending"
    import time

    t = time.time()
    await backfill.run(database, [DOUBLED], BRISK)
    print(time.time() - t)
    row = await progress(connection)
    print(row)
    assert row.state == "verified"
    assert await wrong(connection) == 0
    await connection.close()
