"""Whatever is killed, nothing that was answered is lost and nothing is there twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
import pytest

from core.errors import Unavailable
from core.query import Query
from deploy.demo import large_camt053
from deploy.ops.migrating.apply import migrate
from deploy.ops.postgres import Embedded
from tests.builders import House, Partner, application, company, part, running, statements

MADE = Query("SELECT id, external_reference FROM application ORDER BY id", (), {})
KEYS = Query("SELECT count(*) AS n FROM idempotency_key", (), {})
JOBS = Query("SELECT count(*) AS n FROM pgqueuer", (), {})
BEGUN = Query("SELECT count(*) AS n FROM document WHERE status = 'reading'", (), {})
EVENTS = Query("SELECT count(*) AS n FROM event WHERE kind = 'document.read'", (), {})
WAITS = Query("SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'", (), {})
END_WAITING = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
)
LATCH = """
CREATE FUNCTION wait_for_latch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END $$;
CREATE TRIGGER latch AFTER INSERT ON idempotency_key EXECUTE FUNCTION wait_for_latch();
"""


async def number(house: House, query: Query) -> int:
    """What a query counts."""
    row = await house.db.one(query)
    return int(row["n"]) if row else 0


async def until(house: House, query: Query) -> None:
    """Return once a query counts something."""
    async with asyncio.timeout(60):
        while not await number(house, query):
            await asyncio.sleep(0.01)


@asynccontextmanager
async def holding(database: str, lock: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection in whose transaction this lock is held."""
    connection = await asyncpg.connect(database)
    await connection.execute("BEGIN")
    await connection.execute(lock)
    try:
        yield connection
    finally:
        await connection.close()


async def amounts(partner: Partner, application_id: str) -> list[tuple[str, str, str]]:
    """Each transaction of a case: its day, account and amount, whichever file was read first."""
    rows: list[tuple[str, str, str]] = []
    after = ""
    while True:
        place = f"/v2/applications/{application_id}/transactions?limit=100{after}"
        page = await partner.get(place)
        rows += [(row["booked_on"], row["account"], row["amount"]["value"]) for row in page["data"]]
        if page["next"] is None:
            return sorted(rows)
        after = f"&after={page['next']}"


@pytest.mark.parametrize("committed", [True, False], ids=["committed", "rolled back"])
async def test_a_retry_after_the_api_was_killed_in_a_create_finds_one_application(
    house: House, database: str, committed: bool
) -> None:
    partner = await house.partner()
    headers = {"Authorization": f"Bearer {partner.key}", "Idempotency-Key": "once"}
    connection = await asyncpg.connect(database)
    await connection.execute(LATCH)
    await connection.close()
    async with (
        part("api", database, house.folder) as api,
        holding(database, "SELECT pg_advisory_xact_lock(1)") as latch,
        httpx.AsyncClient(base_url=api.url, headers=headers) as http,
    ):
        posting = asyncio.create_task(http.post("/v2/applications", json=application()))
        await until(house, WAITS)
        await api.kill()
        with pytest.raises(httpx.TransportError):
            await posting
        assert await number(house, KEYS) == 0
        if not committed:
            await latch.execute(END_WAITING)
        await latch.execute("COMMIT")
    answer = await partner.http.post(
        "/v2/applications", json=application(), headers={"Idempotency-Key": "once"}
    )
    assert answer.status_code == 201
    assert ("idempotent-replayed" in answer.headers) == committed
    made = await house.db.all(MADE)
    assert [str(row["id"]) for row in made] == [answer.json()["id"]]


async def test_a_document_whose_worker_was_killed_is_read_by_the_next_one_once(
    house: House, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner, case = await house.partner(), company(1, months=12)
    application_id = await partner.submit(**case.application())
    documents = [await partner.upload(application_id, each) for each in statements(case)]
    async with (
        holding(database, "LOCK TABLE figure IN ACCESS EXCLUSIVE MODE"),
        part("worker", database, house.folder) as first,
    ):
        await until(house, WAITS)
        await first.kill()
    monkeypatch.setattr("deploy.ops.worker.KILLED_AFTER", timedelta(seconds=1))
    await house.work()
    place = f"/v2/applications/{application_id}"
    assert (await partner.get(place))["status"] == "in_review"
    shown = (await partner.get(f"{place}/documents"))["data"]
    assert [each["status"] for each in shown] == ["read"] * len(documents)
    assert await number(house, EVENTS) == len(documents)
    assert await number(house, JOBS) == 0
    twin = await house.partner("Zwilling")
    undisturbed = await house.case(twin, case)
    assert await amounts(partner, application_id) == await amounts(twin, undisturbed)
    report = await partner.get(f"{place}/report")
    same = await twin.get(f"/v2/applications/{undisturbed}/report")
    assert [each["value"] for each in report["figures"]] == [
        each["value"] for each in same["figures"]
    ]


async def test_a_job_that_is_delivered_twice_reads_its_document_once(house: House) -> None:
    partner = await house.partner()
    application_id = await partner.submit()
    content = statements(company(1, months=12))[0]
    document = UUID(await partner.upload(application_id, content))
    await asyncio.gather(house.reader.read(document), house.reader.read(document))
    await house.reader.read(document)
    assert await number(house, EVENTS) == 1


async def create(partner: Partner, name: str) -> tuple[str, str]:
    """Hand in an application, again and again until it is answered; its id and its name."""
    while True:
        answer = await partner.http.post(
            "/v2/applications",
            json=application(external_reference=name),
            headers={"Idempotency-Key": name},
        )
        if answer.status_code == 201:
            return answer.json()["id"], name
        assert answer.status_code == 503, answer.text
        await asyncio.sleep(0.05)


@pytest.fixture
async def own(tmp_path: Path) -> AsyncIterator[Embedded]:
    """A PostgreSQL that waits for the disk, as in production."""
    server = Embedded(tmp_path / "pg")
    await asyncio.to_thread(server.start)
    await asyncio.to_thread(migrate, server.url)
    yield server
    await asyncio.to_thread(server.stop)


async def cut_power(server: Embedded) -> None:
    """Kill PostgreSQL and start it again."""
    server.process.kill()
    await asyncio.to_thread(server.stop)
    await asyncio.sleep(0.2)
    await asyncio.to_thread(server.start)


async def test_what_was_answered_before_postgresql_was_killed_is_there_once(
    own: Embedded, tmp_path: Path
) -> None:
    async with running(own.url, tmp_path) as house:
        partner = await house.partner()
        answered: list[tuple[str, str]] = []

        async def keep_creating(writer: int) -> None:
            for turn in range(60):
                answered.append(await create(partner, f"{writer}-{turn}"))

        async def kill() -> None:
            while len(answered) < 100:
                await asyncio.sleep(0.005)
            await cut_power(own)

        async with asyncio.timeout(300):
            await asyncio.gather(kill(), *(keep_creating(writer) for writer in range(8)))
        made = await house.db.all(MADE)
        await house.api.ready()
    assert len(made) == len(answered) == 8 * 60
    assert sorted((str(row["id"]), row["external_reference"]) for row in made) == sorted(answered)


async def test_a_worker_outlives_postgresql_and_reads_what_it_had_begun(
    own: Embedded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.ops.worker.KILLED_AFTER", timedelta(seconds=1))
    async with running(own.url, tmp_path) as house:
        partner = await house.partner()
        application_id = await partner.submit()
        document = await partner.upload(application_id, b"".join(large_camt053(3_000)))
        working = asyncio.create_task(house.work())
        await until(house, BEGUN)
        await cut_power(own)
        with suppress(Unavailable):  # the test looks at the queue over the same database
            await working
        await house.work()
        place = f"/v2/applications/{application_id}"
        assert (await partner.get(f"{place}/documents/{document}"))["status"] == "read"
        assert await number(house, EVENTS) == 1
        assert len(await amounts(partner, application_id)) == 3_000
