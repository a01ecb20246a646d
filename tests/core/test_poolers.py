"""pgbouncer between us and PostgreSQL: served in session and in transaction mode, or refused."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import asyncpg
import httpx
import pytest

from core.connecting import connected
from core.connector import Connector
from core.db import Tx
from core.errors import Unavailable
from core.poolers import PoolerMode
from core.query import Query
from tests import pgbouncer
from tests.builders import application, company, part, running

MODES = [PoolerMode.SESSION, PoolerMode.TRANSACTION]
SETTINGS = Query(
    "SELECT name, setting FROM pg_settings WHERE name IN ('jit', 'lock_timeout',"
    " 'idle_in_transaction_session_timeout', 'TimeZone') ORDER BY lower(name)",
    (),
    {},
)
PREPARED = "SELECT count(*) FROM pg_prepared_statements"


@pytest.mark.parametrize("mode", MODES)
async def test_a_case_is_handed_in_changed_read_and_told_of_through_pgbouncer(
    database: str, tmp_path: Path, mode: PoolerMode
) -> None:
    """Two sessions for all that goes on: in transaction mode everybody meets everybody's."""
    pool_size = 40 if mode is PoolerMode.SESSION else 2
    async with (
        pgbouncer.before(database, pool_mode=mode, default_pool_size=pool_size) as pooled,
        running(pooled, tmp_path, database_direct_url=database) as house,
    ):
        assert house.api.dependencies is not None
        await house.api.ready()
        partner = await house.partner()
        application_id = await house.case(partner, company(1, months=12))
        path = f"/v2/applications/{application_id}"
        answer = await partner.http.get(path)
        changed = await partner.http.patch(
            path,
            json={"external_reference": "changed"},
            headers={"If-Match": answer.headers["etag"]},
        )
        assert changed.status_code == 200, changed.text
        await house.settled()
        events = [each["type"] for each in (await partner.get("/v2/events"))["data"]]
        assert events[0] == "application.received"
        assert "document.read" in events
        answers = await partner.get(f"{path}/answers")
        assert answers["data"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("ignored", ["", "jit,lock_timeout,idle_in_transaction_session_timeout"])
async def test_every_setting_holds_through_pgbouncer_that_refuses_or_drops_them(
    database: str, mode: PoolerMode, ignored: str
) -> None:
    async with (
        pgbouncer.before(database, pool_mode=mode, ignore_startup_parameters=ignored) as pooled,
        connected(pooled, 2) as db,
    ):
        for read in (db.all(SETTINGS), db.snapshot(_settings), db.write(_settings)):
            assert [tuple(row) for row in await read] == [
                ("idle_in_transaction_session_timeout", "60000"),
                ("jit", "off"),
                ("lock_timeout", "10000"),
                ("TimeZone", "UTC"),
            ]
        async with db.pool.lease() as connection:
            assert await connection.fetchval("SELECT current_setting('jit')") == "off"


async def _settings(tx: Tx) -> list[asyncpg.Record]:
    return await tx.all(SETTINGS)


@pytest.mark.parametrize("mode", MODES)
async def test_which_mode_pgbouncer_is_in_is_found_out(database: str, mode: PoolerMode) -> None:
    async with pgbouncer.before(database, pool_mode=mode) as pooled:
        connector = Connector(pooled, "beleg")
        connection = await connector()
        assert connector.mode is mode
        await connection.close()
    connector = Connector(database, "beleg")
    connection = await connector()
    assert connector.mode is PoolerMode.DIRECT
    await connection.close()


async def test_nothing_is_left_prepared_on_sessions_that_others_will_get(database: str) -> None:
    async with (
        pgbouncer.before(database, pool_mode="transaction", default_pool_size=1) as pooled,
        connected(pooled, 2) as db,
    ):
        await db.all(SETTINGS)
        await db.write(_settings)
        row = await db.one(Query(PREPARED, (), {}))
        assert row is not None
        assert row[0] == 0


@pytest.mark.parametrize("name", ["api", "worker"])
async def test_a_part_that_must_listen_is_not_ready_in_transaction_mode_and_says_what_to_set(
    database: str, tmp_path: Path, name: str
) -> None:
    async with (
        pgbouncer.before(database, pool_mode="transaction") as pooled,
        part(name, pooled, tmp_path, until=503) as running_part,
        httpx.AsyncClient() as http,
    ):
        readiness = (await http.get(f"{running_part.internal}/readyz")).json()
        assert "transaction mode" in readiness["detail"]
        assert "BELEG_DATABASE_DIRECT_URL" in readiness["detail"]


async def test_migrations_go_past_a_pooler_in_transaction_mode(
    empty_database: str,
) -> None:
    async with pgbouncer.before(empty_database, pool_mode="transaction") as pooled:
        refused = await migrate(pooled)
        assert refused.returncode == 1
        assert "set BELEG_DATABASE_DIRECT_URL" in refused.stderr
        done = await migrate(pooled, BELEG_DATABASE_DIRECT_URL=empty_database)
        assert done.returncode == 0, done.stderr


async def migrate(database: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    """`beleg migrate` as a pipeline runs it."""
    return await asyncio.to_thread(
        subprocess.run,
        (sys.executable, "-m", "deploy.ops.cli", "migrate"),
        env={**os.environ, "BELEG_DATABASE_URL": database, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


async def test_statement_mode_is_refused_by_name(database: str) -> None:
    async with (
        pgbouncer.before(database, pool_mode="statement") as pooled,
        connected(pooled, 2) as db,
    ):
        with pytest.raises(Unavailable, match="statement mode"):
            await db.all(SETTINGS)


async def test_a_database_that_pgbouncer_cannot_reach_is_unavailable_until_it_can(
    database: str, tmp_path: Path
) -> None:
    async with (
        pgbouncer.before(database, pool_mode="session", query_wait_timeout=1) as pooled,
        running(pooled.replace("beleg_test_", "beleg_none_"), tmp_path) as house,
    ):
        answer = await house.http.post(
            "/v2/applications", json=application(), headers={"Authorization": "Bearer x"}
        )
        assert answer.status_code == 503
        assert answer.headers["retry-after"]


async def test_a_slow_answer_is_no_session_mode(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine under load takes its time, and would be served as what the pooler is not."""
    monkeypatch.setattr("core.poolers.PROBE_SECONDS", 0.0)
    async with pgbouncer.before(database, pool_mode="transaction") as pooled:
        connector = Connector(pooled, "beleg")
        connection = await connector()
        assert connector.mode is PoolerMode.TRANSACTION
        await connection.close()


@pytest.mark.parametrize("servers", [1, 2])
async def test_servers_lent_in_turns_or_not_free_at_all_are_told_apart(
    database: str, servers: int
) -> None:
    for mode in MODES:
        async with pgbouncer.before(
            database, pool_mode=mode, default_pool_size=servers, server_round_robin=1
        ) as pooled:
            connector = Connector(pooled, "beleg")
            connection = await connector()
            assert connector.mode is mode
            await connection.close()
