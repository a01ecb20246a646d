"""The accident of which all of this comes: a build on a database that is not of its age."""

import asyncio
import time
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import asyncpg
import httpx
import pytest
from structlog.testing import CapturingLogger

from bff.app import build
from core import readiness
from core.errors import Unavailable
from deploy.ops.migrating import apply
from deploy.ops.worker import JobWorker
from tests.builders import PARSER_POOL, House, application, running, with_lifespan
from tests.migrations.accident import (
    BFF_HEADERS,
    OLDER,
    PAGES,
    Load,
    eventually,
    migrate,
    moved_in,
    older_dump,
    operations,
)

ENOUGH = 12  # answers, after which most of the callers have been answered


def web(served: object, **options: object) -> httpx.AsyncClient:
    """A browser at the web app's backend."""
    transport = httpx.ASGITransport(served, raise_app_exceptions=False)  # type: ignore[arg-type]
    return httpx.AsyncClient(
        transport=transport,
        base_url="http://web.test",
        headers=BFF_HEADERS,
        **options,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("applied", ["", "0001", OLDER], ids=["none", "0001", OLDER])
async def test_a_build_before_its_migrations_refuses_everything_by_their_names(
    empty_database: str, tmp_path: Path, applied: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged = CapturingLogger()
    monkeypatch.setattr(readiness, "log", logged)
    if applied:
        await asyncio.to_thread(apply.migrate, empty_database, applied)
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(running(empty_database, tmp_path))
        bff = build(house.settings, tmp_path / "dist")
        served = await stack.enter_async_context(with_lifespan(bff))
        screen = await stack.enter_async_context(web(served))
        partner = house.caller("beleg_live_any")
        for ready in (house.api.ready, bff.ready):
            with pytest.raises(Unavailable, match=r"lacks revision .*0010"):
                await ready()
        for method, path, media_type in operations():
            answer = await partner.request(method, path)
            assert (answer.status_code, answer.headers["content-type"]) == (503, media_type), path
            assert "0010" in answer.text
            assert applied == OLDER or "0002" in answer.text
        for method, path in PAGES:
            answer = await screen.request(method, path)
            assert answer.status_code == 503, path
            assert answer.json()["error"]["code"] == "not_migrated"
            assert "0010" in answer.json()["error"]["message"]
        warned = [each for each in logged.calls if each.args == ("not_migrated",)]
        assert "0010" in warned[0].kwargs["missing"]
        assert len(warned) == 2  # one a face, not one a request
        await asyncio.to_thread(migrate, empty_database, BELEG_BLOB_URL=house.settings.blob_url)
        await eventually(lambda: _is_ready(house))
        await bff.ready()
        secrets = await moved_in(empty_database)
        known = house.caller(secrets.key)
        assert (await known.post("/v2/applications", json=application())).status_code == 201
        screen.cookies.set("beleg", secrets.session)
        assert (await screen.get("/bff/inbox")).status_code == 200


@pytest.mark.long
@pytest.mark.parametrize("in_place", [False, True], ids=["dropped", "in place"])
async def test_a_restore_under_running_parts_is_503_until_it_is_migrated(
    administration: asyncpg.Connection,
    server: str,
    empty_database: str,
    tmp_path: Path,
    in_place: bool,
) -> None:
    async with older_dump(administration, server) as (dump, secrets), AsyncExitStack() as stack:
        await dump.restore(administration, empty_database)
        await asyncio.to_thread(apply.migrate, empty_database)
        house = await stack.enter_async_context(running(empty_database, tmp_path))
        bff = build(house.settings, tmp_path / "dist")
        served = await stack.enter_async_context(with_lifespan(bff))
        screen = await stack.enter_async_context(web(served, cookies={"beleg": secrets.session}))
        stopping, worker = asyncio.Event(), JobWorker(house.settings, PARSER_POOL)
        working = asyncio.create_task(worker.run(stopping))
        load = Load(house.caller(secrets.key), screen)
        loading = asyncio.create_task(load.run(pause=0.02))
        try:
            await eventually(lambda: _have_come(load, 201, 202))
            if in_place:
                await dump.restore_in_place(empty_database)
            else:
                await dump.restore(administration, empty_database)
            for ready in (house.api.ready, bff.ready, worker.ready):
                with pytest.raises(Unavailable, match="0010"):
                    await ready()
            await eventually(lambda: _have_come(load, 503))
            await asyncio.to_thread(migrate, empty_database, BELEG_BLOB_URL=house.settings.blob_url)
            for ready in (house.api.ready, bff.ready, worker.ready):
                await eventually(lambda ready=ready: _succeeds(ready))  # type: ignore[misc]
            fresh = partial(_since, load, time.monotonic())
            await eventually(lambda: _are_enough(fresh()))
            assert not loading.done(), loading.exception()
            loading.cancel()
            assert load.unexpected() == []
            assert set(fresh()) <= {200, 202}
            assert not working.done(), working.exception()
            pending = "SELECT count(*) FROM pgqueuer WHERE status IN ('queued', 'picked')"
            connection = await asyncpg.connect(empty_database)
            await eventually(lambda: _is_none(connection, pending), 60)  # the worker goes on
            await connection.close()
        finally:
            loading.cancel()
            stopping.set()
            async with asyncio.timeout(60):
                await working


async def _have_come(load: Load, *statuses: int) -> bool:
    return any(load.statuses()[each] for each in statuses)


def _since(load: Load, then: float) -> list[int]:
    """What was answered to those who have asked since then."""
    return [status for began, _, status, _ in load.answers if began > then]


async def _are_enough(answers: list[int]) -> bool:
    return len(answers) >= ENOUGH


async def _is_ready(house: House) -> bool:
    return await _succeeds(house.api.ready)


async def _succeeds(ready) -> bool:  # type: ignore[no-untyped-def]
    try:
        await ready()
    except Unavailable:
        return False
    return True


async def _is_none(connection: asyncpg.Connection, count: str) -> bool:
    found: int = await connection.fetchval(count)
    return found == 0
