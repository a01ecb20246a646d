"""A database restored from an older dump under real processes, and under load."""

import asyncio
import json
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import asyncpg
import httpx
import pytest

from core.settings import local_blobs
from tests.builders import Part, part
from tests.migrations import accident
from tests.migrations.accident import Load, eventually, migrate, older_dump

ROUNDS = 2


@pytest.mark.parametrize("in_place", [False, True], ids=["dropped", "in place"])
async def test_restored_under_running_processes(
    administration: asyncpg.Connection,
    server: str,
    empty_database: str,
    tmp_path: Path,
    in_place: bool,
) -> None:
    (tmp_path / "blobs").mkdir()
    blobs = {"BELEG_BLOB_URL": local_blobs(tmp_path / "blobs")}
    async with older_dump(administration, server) as (dump, secrets), AsyncExitStack() as stack:
        await dump.restore(administration, empty_database)
        await asyncio.to_thread(migrate, empty_database, **blobs)
        parts = [
            await stack.enter_async_context(part(name, empty_database, tmp_path))
            for name in ("api", "bff", "worker")
        ]
        api, bff, _ = parts
        session = {"__Host-beleg": secrets.session}
        load = Load(
            await stack.enter_async_context(
                httpx.AsyncClient(
                    base_url=api.url,
                    headers={"Authorization": f"Bearer {secrets.key}"},
                    timeout=30,
                )
            ),
            await stack.enter_async_context(
                httpx.AsyncClient(
                    base_url=bff.url, headers=accident.BFF_HEADERS, cookies=session, timeout=30
                )
            ),
        )
        loading = asyncio.create_task(load.run())
        stack.callback(loading.cancel)
        for _ in range(ROUNDS):
            await asyncio.sleep(2)
            if in_place:
                await dump.restore_in_place(empty_database)
            else:
                await dump.restore(administration, empty_database)
            for each in parts:
                await eventually(partial(_says, each, "0012"), 5)
            await asyncio.sleep(2)
            await asyncio.to_thread(migrate, empty_database, **blobs)
            took = [await eventually(partial(_ready, each), 5) for each in parts]
            print("ready after", [f"{each:.2f} s" for each in took], load.statuses())
            assert max(took) < 2
        await asyncio.sleep(1)
        assert not loading.done(), loading.exception()
        loading.cancel()
        assert load.unexpected() == []
        assert load.answers[-1][2] in (200, 201, 202)
        for each in parts:
            assert each.process.returncode is None
            lines = [json.loads(line) for line in each.log.read_text().splitlines()]
            assert any(line.get("event") == "not_migrated" for line in lines), each.log
            assert "Undefined" not in each.log.read_text()


async def _ready(each: Part) -> bool:
    async with httpx.AsyncClient() as http:
        return (await http.get(f"{each.internal}/readyz")).status_code == 200


async def _says(each: Part, revision: str) -> bool:
    async with httpx.AsyncClient() as http:
        answer = await http.get(f"{each.internal}/readyz")
    return answer.status_code == 503 and revision in answer.text
