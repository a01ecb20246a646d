"""What an operator reads where a database or a number is not what a command can work with."""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import pytest

from core.errors import Unavailable
from deploy.ops.worker import JobWorker
from tests.builders import PARSER_POOL, running
from tests.migrations.accident import eventually


async def beleg(database: str, *words: str) -> tuple[int | None, str]:
    """Run a command; its exit code and all that it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.ops.cli", *words),
        env={**os.environ, "BELEG_DATABASE_URL": database},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    return process.returncode, out.decode()


REVOKED = "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM CURRENT_USER"
GRANTED = "GRANT ALL ON ALL TABLES IN SCHEMA public TO CURRENT_USER"


async def change(database: str, rights: str) -> None:
    """Take the role's rights away, as a restore by another role does, or give them back."""
    owner = await asyncpg.connect(database)
    await owner.execute(rights)
    await owner.close()


@pytest.mark.parametrize(
    "words",
    [
        ("migrate", "--patience", "nan"),
        ("migrate", "--statement-seconds", "0"),
        ("migrate", "contract", "0017", "--window-hours", "-5"),
        ("migrate", "contract", "0017", "--window-hours", "1e30"),
    ],
)
async def test_a_number_that_cannot_be_meant_is_wrong_usage(
    database: str, words: Sequence[str]
) -> None:
    code, said = await beleg(database, *words)
    assert (code, "Traceback" in said) == (2, False), said


async def test_rights_that_are_lacking_are_said_in_a_line(database: str) -> None:
    await change(database, REVOKED)
    for words in (("migrate",), ("migrate", "plan"), ("backfill", "status")):
        code, said = await beleg(database, *words)
        assert (code, "Traceback" in said) == (1, False), said
        assert "permission denied for table" in said
    for words in (("builds",), ("check",), ("adopt",)):
        code, said = await beleg(database, *words)
        assert (code, "Traceback" in said) == (1, False), said


async def test_a_role_that_lost_its_rights_is_not_ready_and_recovers_with_them(
    database: str, tmp_path: Path
) -> None:
    async with running(database, tmp_path) as house:
        partner = await house.partner()
        stopping, worker = asyncio.Event(), JobWorker(house.settings, PARSER_POOL)
        working = asyncio.create_task(worker.run(stopping))
        try:
            await eventually(lambda: _is_ready(worker), 60)
            await change(database, REVOKED)
            assert (await partner.http.get("/v2/applications")).status_code == 503
            for ready in (house.api.ready, worker.ready):
                with pytest.raises(Unavailable):
                    await ready()
            await asyncio.sleep(2)
            await change(database, GRANTED)
            await eventually(lambda: _is_ready(worker), 60)
            assert (await partner.http.get("/v2/applications")).status_code == 200
            assert not working.done()
        finally:
            stopping.set()
            async with asyncio.timeout(60):
                await working


async def _is_ready(worker: JobWorker) -> bool:
    try:
        await worker.ready()
    except Unavailable:
        return False
    return True


async def test_a_database_that_never_heard_of_backfills_owes_them(empty_database: str) -> None:
    code, said = await beleg(empty_database, "backfill", "status", "--check")
    assert (code, said) == (3, "This database has no backfills.\n")
