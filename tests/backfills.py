"""Data brought into its new shape at once, where a test has no time to wait for a worker."""

from dataclasses import replace

from deploy.ops.migrating.backfill import steering as backfill
from deploy.ops.migrating.backfill.files import read_backfills
from deploy.ops.migrating.backfill.throttle import Pace


async def fill(url: str) -> None:
    """Run every backfill to its end, without its rests."""
    async with backfill.connected_alone(url) as connection:
        await backfill.register(connection)
    await backfill.run(url, read_backfills(), replace(Pace(), rest=0.0))
    async with backfill.connected_alone(url) as connection:
        rows = await backfill.status(connection)
    assert all(row.verified for row in rows), rows
