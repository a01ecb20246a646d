"""Connections on loan: who gets one when, and which are not lent again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from core import pool as pools
from core.pool import Connection, Pool


@asynccontextmanager
async def pooled(url: str, places: int) -> AsyncIterator[Pool]:
    made = Pool(lambda: asyncpg.connect(url), places)
    yield made
    await made.close()


async def pid(pool: Pool) -> int:
    async with pool.lease() as connection:
        return connection.get_server_pid()


async def test_a_connection_is_kept_and_lent_again(database: str) -> None:
    async with pooled(database, 2) as pool:
        assert await pid(pool) == await pid(pool)


async def test_who_came_first_is_served_first(database: str) -> None:
    served: list[int] = []

    async def use(pool: Pool, number: int) -> None:
        for _ in range(3):
            async with pool.lease() as connection:
                served.append(number)
                await connection.execute("SELECT 1")

    async with pooled(database, 1) as pool:
        await asyncio.gather(*(use(pool, number) for number in range(4)))
    assert served == [0, 1, 2, 3] * 3


async def test_no_more_connections_are_made_than_there_are_places(database: str) -> None:
    async with pooled(database, 2) as pool:

        async def use() -> int:
            async with pool.lease() as connection:
                await connection.execute("SELECT pg_sleep(0.01)")
                return connection.get_server_pid()

        assert len(set(await asyncio.gather(*(use() for _ in range(20))))) == 2


async def test_a_connection_that_was_lost_is_replaced(database: str) -> None:
    async with pooled(database, 1) as pool:
        before = await pid(pool)
        async with pool.lease() as connection:
            connection.terminate()
        assert await pid(pool) != before


async def test_an_open_transaction_is_not_lent_to_the_next(database: str) -> None:
    async with pooled(database, 1) as pool:
        async with pool.lease() as connection:
            await connection.execute("BEGIN")
        async with pool.lease() as connection:
            assert not connection.is_in_transaction()


async def test_a_statement_cut_short_ends_its_connection(database: str) -> None:
    async with pooled(database, 1) as pool:
        before = await pid(pool)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05), pool.lease() as connection:
                await connection.execute("SELECT pg_sleep(5)")
        assert await pid(pool) != before


async def test_who_gives_up_waiting_costs_nobody_a_place(database: str) -> None:
    async with pooled(database, 1) as pool:
        async with pool.lease():
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await pid(pool)
        async with asyncio.timeout(60):
            assert await pid(pool)


async def test_who_gives_up_just_when_served_passes_the_place_on(database: str) -> None:
    async with pooled(database, 1) as pool:
        async with pool.lease():
            waiting = asyncio.create_task(pid(pool))
            await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        async with asyncio.timeout(60):
            assert await pid(pool)


async def test_a_failed_attempt_to_connect_gives_its_place_back(database: str) -> None:
    attempts = 0

    async def connect() -> Connection:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            raise OSError("refused")
        return await asyncpg.connect(database)

    pool = Pool(connect, 1)
    with pytest.raises(OSError, match="refused"):
        await pid(pool)
    async with asyncio.timeout(60):
        assert await pid(pool)
    await pool.close()


async def test_an_old_connection_is_made_anew(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "LIFE_SECONDS", 0.0)
    async with pooled(database, 1) as pool:
        assert await pid(pool) != await pid(pool)


async def test_closing_waits_for_what_is_on_loan(database: str) -> None:
    pool = Pool(lambda: asyncpg.connect(database), 1)
    async with pool.lease() as connection:
        closing = asyncio.create_task(pool.close())
        await connection.execute("SELECT 1")
        assert not closing.done()
    await closing
    assert connection.is_closed()
