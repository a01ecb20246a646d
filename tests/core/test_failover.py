"""A server that takes no writes, or is gone: 503 and not ready, until another takes them."""

import asyncio
import json
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx
import pytest

from core.audit import SYSTEM
from core.clients import Scope, create
from core.connecting import connected
from core.errors import Unavailable
from core.query import Query
from deploy.ops.postgres import Embedded
from tests import postgres
from tests.builders import Part, application, company, part, running, statements
from tests.replication import Pair, replicated

READY_SECONDS = 60.0
MADE = "SELECT external_reference FROM application"
LISTENERS = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"


@dataclass
class Load:
    """Partners who hand in applications without a pause, and what they were answered."""

    http: httpx.AsyncClient
    acknowledged: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    number: int = 0

    async def run(self) -> None:
        """Hand in one after the other, for ever."""
        while True:
            self.number += 1
            reference = f"load-{self.number}"
            body = application(external_reference=reference)
            answer = await self.http.post("/v2/applications", json=body, timeout=60)
            self.statuses[answer.status_code] += 1
            if answer.status_code == 201:
                self.acknowledged.append(reference)
            else:
                assert answer.status_code == 503, answer.text
                assert answer.headers["retry-after"]
                await asyncio.sleep(0.01)

    async def acknowledged_more(self, number: int) -> None:
        """Return once so many more were taken."""
        enough = len(self.acknowledged) + number
        async with asyncio.timeout(60):
            while len(self.acknowledged) < enough:
                await asyncio.sleep(0.005)

    async def lost(self, server: Embedded) -> set[str]:
        """What was acknowledged and is not there."""
        acknowledged = set(self.acknowledged)
        return acknowledged - {row[0] for row in await rows(server, MADE)}


@asynccontextmanager
async def loaded(url: str, api: Part) -> AsyncIterator[Load]:
    """The API under load for as long as the block lasts."""
    async with connected(url, 1) as db:
        _, key = await db.write(lambda tx: create(tx, SYSTEM, "Makler Nord", tuple(Scope)))
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=api.url, headers=headers) as http:
        load = Load(http)
        tasks = [asyncio.create_task(load.run()) for _ in range(4)]
        try:
            yield load
            assert not any(task.done() for task in tasks)
        finally:
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            assert [str(each) for each in results if isinstance(each, Exception)] == []


async def ready_within(running_part: Part, seconds: float) -> None:
    """Return once a part is ready."""
    async with asyncio.timeout(seconds), httpx.AsyncClient() as http:
        while (await http.get(f"{running_part.internal}/readyz")).status_code != 200:
            await asyncio.sleep(0.02)


async def not_ready_within(running_part: Part, seconds: float) -> str:
    """What a part says is missing."""
    async with asyncio.timeout(seconds), httpx.AsyncClient() as http:
        while (answer := await http.get(f"{running_part.internal}/readyz")).status_code == 200:
            await asyncio.sleep(0.02)
    return str(answer.json()["detail"])


def logged(running_part: Part) -> list[dict[str, object]]:
    """The lines of a part's log, each of which is JSON."""
    return [json.loads(line) for line in running_part.log.read_text().splitlines()]


async def rows(server: Embedded, sql: str) -> list[asyncpg.Record]:
    """What a server's database has."""
    connection = await asyncpg.connect(server.url)
    try:
        return await connection.fetch(sql)
    finally:
        await connection.close()


@asynccontextmanager
async def parts(pair: Pair, folder: Path) -> AsyncIterator[tuple[Part, Part, Load]]:
    """The API under load and a worker, on whichever of the two servers takes writes."""
    async with AsyncExitStack() as stack:
        api, worker = await asyncio.gather(
            *(stack.enter_async_context(part(name, pair.url, folder)) for name in ("api", "worker"))
        )
        load = await stack.enter_async_context(loaded(pair.url, api))
        await load.acknowledged_more(20)
        yield api, worker, load


@pytest.mark.long
async def test_the_standby_takes_over_from_a_primary_that_died_and_nothing_acknowledged_is_lost(
    tmp_path: Path,
) -> None:
    async with replicated() as pair, parts(pair, tmp_path) as (api, worker, load):
        pair.primary.process.send_signal(signal.SIGQUIT)
        assert "not reachable" in await not_ready_within(api, 60)
        await not_ready_within(worker, 60)
        await pair.promote()
        await ready_within(api, READY_SECONDS)
        await ready_within(worker, READY_SECONDS)
        await load.acknowledged_more(20)
        answer = await load.http.post("/v2/applications", json=application())
        file = {"file": ("s.xml", statements(company(1, months=1))[0], "application/xml")}
        path = f"/v2/applications/{answer.json()['id']}/documents"
        document = (await load.http.post(path, files=file)).json()
        async with asyncio.timeout(60):
            while (await load.http.get(f"{path}/{document['id']}")).json()["status"] != "read":
                await asyncio.sleep(0.05)
        async with asyncio.timeout(60):  # a listener looks every five seconds
            while (await rows(pair.standby, LISTENERS))[0][0] < 2:
                await asyncio.sleep(0.05)
        assert load.statuses[503]
        assert await load.lost(pair.standby) == set()
        for each in (api, worker):
            assert "Traceback" not in each.log.read_text()
            assert any(line["event"] == "database_unavailable" for line in logged(each))


@pytest.mark.long
async def test_a_primary_that_was_told_to_take_no_writes_is_left_for_the_one_that_does(
    tmp_path: Path,
) -> None:
    async with replicated() as pair, parts(pair, tmp_path) as (api, worker, load):
        await pair.refuse_writes()
        await not_ready_within(api, 60)
        await not_ready_within(worker, 60)
        await pair.promote()
        await ready_within(api, READY_SECONDS)
        await ready_within(worker, READY_SECONDS)
        await load.acknowledged_more(20)
        assert load.statuses[503]
        assert await load.lost(pair.standby) == set()
        sessions = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'beleg'"
        async with asyncio.timeout(60):  # a listener looks every five seconds
            while (await rows(pair.primary, sessions))[0][0] > 1:
                await asyncio.sleep(0.05)


async def test_a_server_that_does_not_answer_at_all_is_not_ready_within_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with postgres.serving() as server:
        async with connected(server.url, 2, requires=(), backfills=()) as db:
            await db.require_answer()
            sessions = await rows(server, "SELECT pid FROM pg_stat_activity")
            pids = [server.process.pid, *(row["pid"] for row in sessions)]
            signal_all(pids, signal.SIGSTOP)
            try:
                with monkeypatch.context() as hung:
                    hung.setattr("core.db.PROBE_SECONDS", 0.3)
                    async with asyncio.timeout(60):
                        with pytest.raises(Unavailable, match="not reachable"):
                            await db.require_answer()
            finally:
                signal_all(pids, signal.SIGCONT)
            await db.require_answer()


def signal_all(pids: list[int], number: signal.Signals) -> None:
    """Send the processes that are still there a signal."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


@pytest.mark.parametrize("state", ["53100", "53200", "58030", "25006"])
async def test_a_server_that_is_full_or_takes_no_writes_answers_503_and_is_not_ready_until_it_does(
    database: str, tmp_path: Path, state: str
) -> None:
    async with running(database, tmp_path) as house:
        partner = await house.partner()
        connection = await asyncpg.connect(database)
        await connection.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE SQLSTATE '{state}' USING MESSAGE = 'no room'; END $$;"
            "CREATE TRIGGER refuse BEFORE INSERT ON application EXECUTE FUNCTION refuse()"
        )
        answer = await partner.http.post("/v2/applications", json=application())
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        with pytest.raises(Unavailable, match="takes no writes"):
            await house.api.ready()
        assert (await partner.http.get("/v2/applications")).status_code == 200
        await connection.execute("DROP TRIGGER refuse ON application")
        await connection.close()
        await partner.submit()
        await house.api.ready()


async def test_a_part_that_nobody_writes_to_is_not_ready_while_its_heart_is_refused(
    database: str, tmp_path: Path
) -> None:
    """Not ready, nobody sends it anything: its heart alone sees the disk being full, and empty."""
    connection = await asyncpg.connect(database)
    async with part("bff", database, tmp_path) as bff:
        await connection.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE SQLSTATE '53100' USING MESSAGE = 'no room'; END $$;"
            "CREATE TRIGGER refuse BEFORE UPDATE ON live_build EXECUTE FUNCTION refuse()"
        )
        assert "takes no writes" in await not_ready_within(bff, 60)
        async with httpx.AsyncClient() as http:
            for _ in range(30):  # longer than a refusal lasts by itself
                assert (await http.get(f"{bff.internal}/readyz")).status_code == 503
                await asyncio.sleep(0.2)
        await connection.execute("DROP FUNCTION refuse CASCADE")
        await ready_within(bff, 60)
        assert "Traceback" not in bff.log.read_text()
    await connection.close()


async def test_a_database_that_is_read_only_is_not_ready(database: str, tmp_path: Path) -> None:
    async with running(database, tmp_path) as house:
        await house.api.ready()
        assert house.api.dependencies is not None
        connection = await asyncpg.connect(database)
        name = database.rpartition("/")[2]
        await connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        house.api.dependencies.db.apart.pool.drop()
        with pytest.raises(Unavailable, match="takes no writes"):
            await house.api.ready()
        await connection.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
        await connection.close()
        async with asyncio.timeout(60):  # a connection from before may be asked once more
            while (await house.api.health()).wrong:
                await asyncio.sleep(0.05)


async def test_whoever_waits_for_a_connection_is_told_at_once_that_none_can_be_made() -> None:
    """A server that hangs while it is connected to holds up the first of them only."""
    tried = list[asyncio.StreamWriter]()
    hung = await asyncio.start_server(lambda _, writer: tried.append(writer), "127.0.0.1", 0)
    async with hung:
        port = hung.sockets[0].getsockname()[1]
        url = f"postgresql://beleg:x@127.0.0.1:{port}/beleg?connect_timeout=1&sslmode=disable"
        async with connected(url, 1) as db:
            reads = [db.one(Query("SELECT 1", (), {})) for _ in range(10)]
            results = await asyncio.gather(*reads, return_exceptions=True)
        assert {type(each) for each in results} == {Unavailable}
        assert len(tried) <= 2
        for each in tried:
            each.close()
