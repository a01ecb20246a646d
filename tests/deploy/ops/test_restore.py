"""A dump restored into a new cluster, as the runbook has it: order goes on where it was."""

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest

from core import audit, webhooks
from core.webhooks import Attempt
from deploy.ops.account import ServerAccount
from deploy.ops.binaries import locate
from deploy.ops.migrating.apply import migrate
from deploy.ops.postgres import Embedded
from tests.builders import House, Partner, running

# What the runbook says to ask the database for.
EPOCH = "SELECT div(xid::text::numeric, 4294967296) + 1 FROM event ORDER BY xid DESC LIMIT 1"
BURN = "SELECT pg_current_xact_id()"


@pytest.fixture
def clusters() -> Iterator[tuple[Embedded, Embedded]]:
    """A server with a past, and a new one that has none."""
    with TemporaryDirectory(prefix="beleg-") as old, TemporaryDirectory(prefix="beleg-") as new:
        yield Embedded(Path(old)), Embedded(Path(new))


def run(program: str, *words: str) -> None:
    """Run one of PostgreSQL's programs as whoever runs its server."""
    account = ServerAccount.fit()
    done = subprocess.run(
        (locate(account) / program, *words), check=False, capture_output=True, **account.identity()
    )
    assert done.returncode == 0, done.stderr


def restore(old: Embedded, new: Embedded, epoch: int) -> None:
    """Move a database by a dump, then let the new cluster count on from where the old one was."""
    with TemporaryDirectory(prefix="beleg-", dir="/tmp") as folder:
        Path(folder).chmod(0o777)
        run("pg_dump", "-Fc", "--no-owner", "-f", f"{folder}/dump", old.url)
        run("pg_restore", "--no-owner", "-d", new.url, f"{folder}/dump")
    new.stop()
    run("pg_resetwal", f"--epoch={epoch}", "-D", str(new.cluster))
    new.start()


async def events_after(partner: Partner, after: str) -> tuple[list[str], str]:
    """What has happened after a cursor."""
    page = await partner.get(f"/v2/events?after={after}")
    return [each["type"] for each in page["data"]], page["next"]


async def deliver_due(house: House) -> list[str]:
    """What all webhooks are told now, and take."""
    await house.db.write(lambda tx: webhooks.plan(tx, ["v2"]))
    found = await house.db.write(lambda tx: webhooks.claim(tx, ["v2"], limit=9, per_webhook=9))
    for due in found:
        await house.db.write(lambda tx, due=due: webhooks.finish(tx, due, Attempt(204)))  # type: ignore[misc]
    return [due.kind for due in found]


async def test_pollers_webhooks_and_the_log_go_on_after_a_restore(
    clusters: tuple[Embedded, Embedded], tmp_path: Path
) -> None:
    old, new = clusters
    await asyncio.to_thread(old.start)
    await asyncio.to_thread(new.start)
    await asyncio.to_thread(migrate, old.url)
    connection = await asyncpg.connect(old.url)
    for _ in range(300):  # a past that the new cluster does not have
        await connection.execute(BURN)
    async with running(old.url, tmp_path) as house:
        partner = await house.partner()
        await partner.http.post("/v2/webhooks", json={"url": "https://hooks.partner.test/"})
        case = await partner.submit()
        assert await deliver_due(house) == ["application.received"]
        _, at = await events_after(partner, "")
        await house.db.write(audit.seal)
    epoch = await connection.fetchval(EPOCH)
    await connection.close()
    await asyncio.to_thread(restore, old, new, int(epoch))
    async with running(new.url, tmp_path) as house:
        again = Partner(partner.client_id, partner.key, house.caller(partner.key))
        await again.http.delete(f"/v2/applications/{case}?reason=test")
        assert (await events_after(again, at))[0] == ["application.withdrawn"]
        assert await deliver_due(house) == ["application.withdrawn"]
        await house.db.write(audit.seal)
        verdict = await audit.verify(house.db)
        assert (verdict.unsealed, verdict.broken_at) == (0, None)
    await asyncio.to_thread(new.stop)
    await asyncio.to_thread(old.stop)
