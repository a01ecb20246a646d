"""`beleg backfill`: what operators and pipelines see of it."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from prometheus_client import generate_latest

from core import builds
from core.builds import Heartbeat
from core.connecting import connected
from core.settings import Settings, local_blobs
from deploy.ops.cli import main
from deploy.ops.migrating.backfill import files as backfill_files
from deploy.ops.migrating.backfill import steering as backfill
from deploy.ops.migrating.backfill.chore import BackfillChore
from deploy.ops.worker import JobWorker
from tests.builders import PARSER_POOL
from tests.deploy.ops.migrating.backfilling import (
    DOUBLED,
    NAME,
    beleg,
    connection_to,
    fill,
    progress,
    reach,
    row_locked,
    said,
    write,
    wrong,
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The backfills of the build that is asked."""
    made = write(tmp_path / "backfills")
    monkeypatch.setattr(backfill_files, "FOLDER", made)
    return made


async def ask(database: str, *arguments: str) -> tuple[int, str]:
    """What `beleg backfill` exits with and prints, for what only looks or steers."""
    runner = CliRunner(env={"BELEG_DATABASE_URL": database})
    result = await asyncio.to_thread(runner.invoke, main, ("backfill", *arguments))
    return result.exit_code, result.output


async def test_a_pipeline_runs_what_is_owed_and_goes_on_once_all_is_verified(
    database: str, folder: Path
) -> None:
    async with connection_to(database) as connection:
        await fill(connection, 2_000)
        await connection.execute("DELETE FROM backfill")
        await backfill.register(connection, [DOUBLED])
        assert await ask(database, "status", "--check") == (3, f"{NAME}: pending\n")
        code, plan = await ask(database, "plan")
        assert (code, plan.startswith(f"{NAME}: 2,000 of 2,000 rows to put right")) == (0, True)
        assert await wrong(connection) == 2_000
        assert await ask(database, "verify") == (1, f"{NAME}: 2,000 rows are wrong\n")
        run = await beleg(folder, database, "backfill", "run", "--json")
        printed, _ = await run.communicate()
        [row] = json.loads(printed)
        assert (run.returncode, row["name"], row["state"]) == (0, NAME, "verified")
        assert row["share"] == 1.0
        assert await wrong(connection) == 0
        code, text = await ask(database, "status", "--check")
        assert (code, "2,000 rows put right" in text) == (0, True)
        assert await ask(database, "verify", "--json") == (0, f'{{"{NAME}": 0}}\n')
        code, _ = await said(await beleg(folder, database, "backfill", "run"))
        assert code == 0  # the pipeline again


async def test_nobody_takes_back_that_it_is_verified_under_processes_that_need_it(
    database: str, folder: Path
) -> None:
    async with connection_to(database) as connection:
        await fill(connection, 10)
        await backfill.register(connection, [DOUBLED])
        assert (await said(await beleg(folder, database, "backfill", "run")))[0] == 0
        again = ("backfill", "run", NAME, "--again")
        async with connected(database, 1) as db, Heartbeat(db, "api", seconds=0.1):
            async with asyncio.timeout(60):
                while not await builds.live(db):
                    await asyncio.sleep(0.05)
            assert (await said(await beleg(folder, database, *again)))[0] == 1
            assert (await progress(connection)).verified
        assert (await said(await beleg(folder, database, *again)))[0] == 0


async def test_what_somebody_paused_is_not_run_and_fails_the_pipeline(
    database: str, folder: Path
) -> None:
    async with connection_to(database) as connection:
        await fill(connection, 10)
        await backfill.register(connection, [DOUBLED])
        assert await ask(database, "pause", NAME) == (0, f"{NAME}: paused\n")
        all_of_them, by_name = await asyncio.gather(
            beleg(folder, database, "backfill", "run"),
            beleg(folder, database, "backfill", "run", NAME),
        )
        assert await said(all_of_them) == (1, f"{NAME}: paused\n")
        code, printed = await said(by_name)
        assert (code, f"`beleg backfill resume {NAME}`" in printed) == (1, True)
        assert await wrong(connection) == 10
        assert await ask(database, "resume", NAME) == (0, f"{NAME}: pending\n")


async def test_a_name_that_is_none_and_a_missing_expand_are_refused_in_words(
    database: str, tmp_path: Path
) -> None:
    early = replace(DOUBLED, name="9998_doubled")
    folder = write(tmp_path / "backfills", [DOUBLED, early])
    unknown, missing = await asyncio.gather(
        beleg(folder, database, "backfill", "run", "0001_dubbled"),
        beleg(folder, database, "backfill", "run", early.name),
    )
    code, printed = await said(unknown)
    assert (code, NAME in printed) == (1, True)
    code, printed = await said(missing)
    assert (code, "lacks 9998: `beleg migrate` first" in printed) == (1, True)


async def test_a_database_from_before_backfills_says_so(
    empty_database: str, tmp_path: Path
) -> None:
    code, printed = await said(await beleg(tmp_path, empty_database, "backfill", "run"))
    assert code == 1
    assert "beleg migrate" in printed


async def test_what_failed_is_tried_again_by_the_next_run_of_the_pipeline(
    database: str, folder: Path
) -> None:
    async with connection_to(database) as connection:
        await fill(connection, 500)
        await connection.execute(
            "ALTER TABLE proving ADD CONSTRAINT small CHECK (doubled < 100) NOT VALID"
        )
        code, printed = await said(await beleg(folder, database, "backfill", "run"))
        assert (code, "small" in printed) == (1, True)
        assert f"`beleg backfill resume {NAME}`" in printed
        await connection.execute("ALTER TABLE proving DROP CONSTRAINT small")
        code, _ = await said(await beleg(folder, database, "backfill", "run"))
        assert code == 0
        assert await wrong(connection) == 0


async def test_a_run_that_is_ended_hands_it_back_and_another_that_waits_takes_it_up(
    database: str, folder: Path
) -> None:
    async with connection_to(database) as connection:
        await fill(connection, 3_000)
        await backfill.register(connection, [DOUBLED])
        async with row_locked(database):  # so that it does not get through meanwhile
            first = await beleg(folder, database, "backfill", "run")
            await reach(connection, lambda row: row.waiting)
            second = await beleg(folder, database, "backfill", "run", "--json")
            first.terminate()
            code, printed = await said(first)
            assert code == 1
            assert f"{NAME}: " in printed
        code, _ = await said(second)
        assert code == 0
        assert (await progress(connection)).verified


@pytest.mark.parametrize("backfills", [True, False])
async def test_a_worker_runs_it_though_its_build_is_not_ready_unless_it_is_told_not_to(
    database: str, folder: Path, tmp_path: Path, backfills: bool
) -> None:
    settings = Settings(
        database_url=database, blob_url=local_blobs(tmp_path / "blobs"), backfills=backfills
    )
    stopping = asyncio.Event()
    async with connection_to(database) as connection:
        await fill(connection, 500)
        await backfill.register(connection, [DOUBLED])
        await connection.execute("DELETE FROM applied_revision WHERE revision = '0004'")
        working = asyncio.create_task(JobWorker(settings, PARSER_POOL).run(stopping))
        if backfills:
            await reach(connection, lambda row: row.verified)
            assert await wrong(connection) == 0
        else:
            await asyncio.sleep(0.5)
            assert (await progress(connection)).state == "pending"
        stopping.set()
        await working


async def test_a_worker_says_how_far_all_are(database: str, folder: Path) -> None:
    stopping = asyncio.Event()
    chore = BackfillChore(database, enabled=False, look_seconds=0.01)
    async with connection_to(database) as connection, connected(database, 1) as db:
        await fill(connection, 4)
        await backfill.register(connection, [DOUBLED])
        await connection.execute("UPDATE backfill SET done = 3, total = 4")
        looking = asyncio.create_task(chore.run(db, stopping))
        async with asyncio.timeout(60):
            while f'backfill_rows_done{{backfill="{NAME}"}} 3.0' not in generate_latest().decode():
                await asyncio.sleep(0.01)
        assert f'backfill_rows_total{{backfill="{NAME}"}} 4.0' in generate_latest().decode()
        stopping.set()
        await looking
