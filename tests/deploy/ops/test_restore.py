"""A dump restored elsewhere, as the runbook has it: quiet until adopted, then it all goes on."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from core import audit, webhooks
from core.errors import Conflict, Unavailable
from core.identity import Adoption
from core.settings import Settings
from deploy.ops import adopting
from deploy.ops.worker import JobWorker
from tests import postgres
from tests.builders import PARSER_POOL, House, Partner, application, running
from tests.receiver import Receiver, receiving
from tests.restoring import burn, fresh, move

OWED = "restored or copied: run beleg adopt"


@pytest.fixture(scope="module")
async def elsewhere() -> AsyncIterator[str]:
    """Another server, which has counted less."""
    with postgres.serving() as server:
        yield await postgres.address(server)


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[JobWorker]:
    """A worker for as long as the block lasts."""
    stopping, worker = asyncio.Event(), JobWorker(settings, PARSER_POOL)
    task = asyncio.create_task(worker.run(stopping))
    try:
        yield worker
    finally:
        stopping.set()
        await task


def running_here(url: str, folder: Path) -> Any:
    """An instance whose webhooks may go to this machine."""
    return running(url, folder, webhook_allow_private=True)


async def adopt(house: House, *, as_copy: bool = False) -> Adoption:
    """Adopt an instance as the command does."""
    return await asyncio.to_thread(adopting.adopt, house.settings, as_copy=as_copy)


async def run_adopt(house: House, *words: str) -> tuple[int, dict[str, Any], str]:
    """`beleg adopt` as an operator runs it: exit code, what it did, what it complained of."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.ops.cli", "adopt", "--json", *words),
        env={
            **os.environ,
            "BELEG_DATABASE_URL": house.settings.database_url,
            "BELEG_BLOB_URL": house.settings.blob_url,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, complaint = await process.communicate()
    return process.returncode or 0, json.loads(out or b"{}"), complaint.decode()


async def events_after(partner: Partner, after: str) -> tuple[list[str], str]:
    """The ids of what has happened after a cursor, and the cursor to go on from."""
    page = await partner.get(f"/v2/events?limit=100&after={after}" if after else "/v2/events")
    return [each["id"] for each in page["data"]], page["next"]


async def until_told(hook: Receiver, number: int) -> list[str]:
    """The events that a receiver has heard of, once they are so many."""
    return [each.headers["webhook-id"] for each in await hook.until(number)]


async def until_read(partner: Partner, case: str, document: str) -> None:
    """Return once a document's reading has ended, however it did."""
    async with asyncio.timeout(60):
        while (await partner.get(f"/v2/applications/{case}/documents/{document}"))["status"] in (
            "queued",
            "reading",
        ):
            await asyncio.sleep(0.05)


async def sealed(house: House) -> int:
    """How many entries of the log are sealed, once all are."""
    await house.seal()
    verdict = await audit.verify(house.db)
    assert (verdict.unsealed, verdict.broken_at) == (0, None)
    return verdict.sealed


def same(house: House, partner: Partner) -> Partner:
    """The same partner, calling where its instance is now."""
    return Partner(partner.client_id, partner.key, house.caller(partner.key))


async def test_all_goes_on_where_it_was_once_a_restored_dump_is_adopted(
    database: str, elsewhere: str, server: str, tmp_path: Path
) -> None:
    await burn(database, 3000)
    new = await fresh(elsewhere)
    async with receiving() as hook, receiving() as old_hook:
        async with running_here(database, tmp_path) as house:
            partner = await house.partner()
            await partner.http.post("/v2/webhooks", json={"url": hook.url})
            await partner.http.post("/v1/callbacks", json={"url": old_hook.url, "secret": "s" * 20})
            async with working(house.settings):
                case = await partner.submit()
                first = await until_told(hook, 1)
                await old_hook.until(1)
            document = await partner.upload(case, b"not read before the dump")
            await house.db.write(lambda tx: webhooks.plan(tx, ["v2", "v1"]))  # and never sent
            await house.settled()
            everything, _ = await events_after(partner, "")
            _, at = await events_after(partner, "")
            before = await sealed(house)
            await move(database, new)
            await burn(database, 3000)  # it goes on for a while, and what comes of it is lost
            await partner.submit()
            await house.settled()
            _, beyond = await events_after(partner, at)
            assert beyond != at
        async with running_here(new, tmp_path) as house:
            await refuses_everything(house, hook, first)
            assert (await run_adopt(house, "--check"))[0] == 3
            again = same(house, partner)
            async with working(house.settings) as worker:
                code, done, complaint = await run_adopt(house)
                assert (code, done["copy_of"]) == (0, None), complaint
                await until_ready(house, worker)
                assert (await events_after(again, ""))[0][: len(everything)] == everything
                await again.http.delete(f"/v2/applications/{case}?reason=test")
                await until_read(again, case, document)
                await house.settled()
                all_events, _ = await events_after(again, "")
                told = await until_told(hook, len(all_events))
                assert (told, len(set(all_events))) == (all_events, len(all_events))
                assert (await events_after(again, at))[0] == all_events[len(everything) :]
                assert (await events_after(again, beyond))[0] == all_events[len(everything) :]
                statuses = [each.payload["status"] for each in await old_hook.until(3)]
                async with asyncio.timeout(60):
                    while statuses[-1] != "rejected":  # where it was read before it was withdrawn
                        seen = await old_hook.until(len(statuses) + 1)
                        statuses = [each.payload["status"] for each in seen]
                assert (statuses[0], len(statuses) <= 4) == ("pending", True)
            assert await sealed(house) > before
            assert (await run_adopt(house, "--check"))[0] == 0
            again_adopted = await adopt(house)
            assert (again_adopted.owed, again_adopted.epoch) == (False, done["epoch"])
        third = await fresh(server)
        await move(new, third)
        async with running_here(third, tmp_path) as house:
            await refuses_everything(house, hook, told)
            assert (await adopt(house)).epoch > done["epoch"]
            again = same(house, partner)
            async with working(house.settings) as worker:
                await until_ready(house, worker)
                _, at = await events_after(again, "")
                await again.submit()
                heard = await until_told(hook, len(told) + 1)
                assert (await events_after(again, at))[0] == heard[len(told) :]
                assert (await events_after(again, beyond))[0][-1] == heard[-1]
            assert await sealed(house) > before
    await dropped(server, third)


async def test_a_copy_touches_nothing_of_its_original(
    database: str, server: str, tmp_path: Path
) -> None:
    copied = await fresh(server)
    async with receiving() as hook, running_here(database, tmp_path) as house:
        partner = await house.partner()
        await partner.http.post("/v2/webhooks", json={"url": hook.url})
        async with working(house.settings):
            case = await partner.submit()
            told = await until_told(hook, 1)
        document = await partner.upload(case, b"still to be read, and told of, by both")
        await move(database, copied)
        await partner.upload(case, b"that the copy knows nothing of")
        kept = blobs_in(house)
        # With its original's store, by mistake.
        async with running_here(copied, tmp_path) as copy:
            await refuses_everything(copy, hook, told)
            code, _, complaint = await run_adopt(copy, "--as-copy")
            assert (code, "a copy must never have its original's" in complaint) == (1, True)
            await refuses_everything(copy, hook, told)
        async with running_here(copied, tmp_path / "copy") as copy:
            # Copied documents bear no mark of whose they are: the operator has to say it.
            shutil.copytree(house.folder / "blobs/documents", copy.folder / "blobs/documents")
            code, _, complaint = await run_adopt(copy, "--as-copy")
            assert (code, "say --anyway" in complaint) == (1, True)
            code, done, _ = await run_adopt(copy, "--as-copy", "--anyway")
            assert (code, done["webhooks_disabled"]) == (0, 1)
            assert not (await adopt(copy, as_copy=True)).owed  # nor a copy of itself
            mine = same(copy, partner)
            async with working(copy.settings) as worker:
                await until_ready(copy, worker)
                await until_read(mine, case, document)
                await asyncio.sleep(1)  # twice as long as it waits before it looks for news
            listed = await mine.get("/v2/webhooks")
            assert [each["disabled_reason"] for each in listed["data"]] == ["requested"]
        # The mistake once more, now that it is a copy.
        async with running_here(copied, tmp_path) as copy:
            with pytest.raises(Unavailable, match="belongs to another instance"):
                await copy.api.ready()
            async with working(copy.settings) as worker:
                with pytest.raises(Unavailable):
                    await worker._tidy(copy.db)
        assert blobs_in(house) == kept
        assert [each.headers["webhook-id"] for each in hook.requests] == told
        await house.api.ready()
    await dropped(server, copied)


def blobs_in(house: House) -> set[str]:
    """The names of all that lies in an instance's store."""
    return {each.name for each in (house.folder / "blobs").rglob("*")}


async def test_a_restored_database_is_adopted_before_its_backfills_are_done(
    database: str, server: str, tmp_path: Path
) -> None:
    new = await fresh(server)
    async with running_here(database, tmp_path) as house:
        await house.api.ready()
        await move(database, new)
    connection = await asyncpg.connect(new)
    await connection.execute("UPDATE backfill SET state = 'pending' WHERE name = '0014_iso_parts'")
    await connection.close()
    async with running_here(new, tmp_path) as house:
        code, done, complaint = await run_adopt(house)
        assert (code, done.get("restored")) == (0, True), complaint
        with pytest.raises(Unavailable, match="lacks backfill 0014_iso_parts: pending"):
            await house.api.ready()
    await dropped(server, new)


async def dropped(server: str, url: str) -> None:
    """Remove a database."""
    connection = await asyncpg.connect(server)
    await postgres.drop(connection, url.rpartition("/")[2])
    await connection.close()


async def refuses_everything(house: House, hook: Receiver, told: list[str]) -> None:
    """Nothing is answered, told, read or swept on a restored database; and it says why."""
    with pytest.raises(Unavailable, match=OWED):
        await house.api.ready()
    answer = await house.caller("beleg_live_any").post("/v1/applications", json=application())
    assert (answer.status_code, OWED in answer.text) == (503, True)
    count = "SELECT count(*) FROM pgqueuer WHERE status = 'queued'"
    connection = await asyncpg.connect(house.settings.database_url)
    queued = await connection.fetchval(count)
    async with working(house.settings) as worker:
        async with asyncio.timeout(60):
            while worker._db is None:
                await asyncio.sleep(0.01)
        with pytest.raises(Unavailable, match=OWED):
            await worker.ready()
        await asyncio.sleep(1)  # twice as long as it waits before it looks for news
    assert await connection.fetchval(count) == queued
    await connection.close()
    assert [each.headers["webhook-id"] for each in hook.requests] == told  # and no more


async def until_ready(house: House, worker: JobWorker) -> None:
    """Return once what has been running all along is ready."""
    async with asyncio.timeout(60):
        for part in (house.api, worker):
            while True:
                try:
                    await part.ready()
                    break
                except Unavailable:
                    await asyncio.sleep(0.05)


async def test_a_folder_of_documents_that_is_not_there_is_not_made_by_adopting(
    house: House,
) -> None:
    gone = house.folder / "unmounted"
    settings = house.settings.model_copy(update={"blob_url": gone.as_uri()})
    with pytest.raises(Conflict, match="unmounted, is not there"):
        await asyncio.to_thread(adopting.adopt, settings, anyway=True)
    assert not gone.exists()
