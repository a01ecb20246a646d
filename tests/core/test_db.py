"""A unit of work when its connection ends, and what is never left behind."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from core.db import Tx
from core.errors import Unavailable
from core.events import EventKind, emit
from core.ids import new_id
from core.query import Query
from tests.builders import House, events_of

ONE = Query("SELECT 1 AS n", (), {})
MINE = Query("SELECT pg_backend_pid() AS pid", (), {})
IN_TRANSACTION = Query(
    "SELECT count(*) AS n FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
    " AND datname = current_database()",
    (),
    {},
)


async def end(house: House, tx: Tx) -> None:
    """End the connection that a unit of work runs on, and let that be noticed."""
    row = await tx.one(MINE)
    assert row is not None
    connection = await asyncpg.connect(house.settings.database_url)
    await connection.execute("SELECT pg_terminate_backend($1)", row["pid"])
    await connection.close()
    async with asyncio.timeout(60):
        while not tx._connection.is_closed():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("after", ["another statement", "its end"])
async def test_a_connection_that_ends_within_a_unit_of_work_is_said_to_be_unavailable(
    house: House, after: str
) -> None:
    async def work(tx: Tx) -> None:
        await end(house, tx)
        if after == "another statement":
            await tx.one(ONE)

    with pytest.raises(Unavailable):
        await house.db.write(work)
    assert await house.db.one(ONE)


async def test_an_error_of_the_work_itself_is_told_though_its_connection_has_ended(
    house: House,
) -> None:
    async def work(tx: Tx) -> None:
        await end(house, tx)
        raise LookupError("the work's own")

    with pytest.raises(LookupError):
        await house.db.write(work)


async def test_a_unit_that_fails_or_is_cancelled_leaves_no_transaction_open(house: House) -> None:
    async def fail(tx: Tx) -> None:
        await tx.one(ONE)
        raise LookupError

    async def hang(tx: Tx) -> None:
        await tx.one(ONE)
        await asyncio.sleep(60)

    with pytest.raises(LookupError):
        await house.db.write(fail)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await house.db.write(hang)
    async with asyncio.timeout(60):  # the server notices that a connection has ended
        while (row := await house.db.one(IN_TRANSACTION)) is None or row["n"]:
            await asyncio.sleep(0.01)


async def test_what_was_put_off_to_the_end_undoes_the_rest_where_it_fails(house: House) -> None:
    partner = await house.partner()
    application_id = await partner.submit()

    async def work(tx: Tx) -> None:
        await tx.run(Query("UPDATE application SET term_months = 1", (), {}))
        emit(tx, new_id(), UUID(application_id), EventKind.DOCUMENT_READ, {})

    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await house.db.write(work)
    assert (await partner.get(f"/v2/applications/{application_id}"))["term_months"] == 60
    events = await events_of(house.db, UUID(application_id))
    assert [each.kind for each in events] == ["application.received"]
