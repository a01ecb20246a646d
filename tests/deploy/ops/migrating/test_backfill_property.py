"""Whatever is written, killed, paused and locked while a backfill runs: in the end all is right."""

import asyncio
import random
from contextlib import suppress
from dataclasses import replace

import asyncpg
import pytest

from core.database_problems import CONNECTION_LOST
from core.errors import Refused
from core.pool import Connection
from deploy.ops.migrating.backfill import steering as backfill
from deploy.ops.migrating.backfill.files import Backfill
from tests.deploy.ops.migrating.backfilling import BRISK, NAME, connection_to, progress

KEYS = {
    "uuid": (("id",), "gen_random_uuid() AS id"),
    "time-ordered": (("id",), "rpad(lpad(to_hex(i), 8, '0'), 32, '0')::uuid AS id"),
    "bigint": (("id",), "i::bigint * 7 AS id"),
    "two": (("a", "b"), "'k' || i % 13 AS a, i AS b"),
}
"""What the keys of a random table are, made from a running number i."""
LOST = (*CONNECTION_LOST, asyncpg.PostgresError, asyncpg.InterfaceError, Refused)
# Any build keeps both columns in step; what the backfill itself writes is noted, batch by batch.
WATCHED = """
CREATE TABLE batch (changed bigint, needless bigint);
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.doubled := NEW.amount * 2; RETURN NEW; END $$;
CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('application_name') LIKE 'beleg/%/backfill' THEN
        INSERT INTO batch SELECT count(*), count(*) FILTER (WHERE doubled IS NOT NULL) FROM before;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep BEFORE INSERT OR UPDATE ON proving FOR EACH ROW EXECUTE FUNCTION keep();
CREATE TRIGGER watch AFTER UPDATE ON proving REFERENCING OLD TABLE AS before
FOR EACH STATEMENT EXECUTE FUNCTION watch()"""


def made(keys: tuple[str, ...]) -> Backfill:
    """A backfill of a table with these keys."""
    names = ", ".join(keys)
    low = ", ".join(f"${i + 1}" for i in range(len(keys)))
    high = ", ".join(f"${i + 1 + len(keys)}" for i in range(len(keys)))
    between = f"({names}) >= ({low}) AND ({names}) <= ({high})"
    return Backfill(
        NAME,
        "proving",
        keys,
        f"UPDATE proving SET doubled = amount * 2 WHERE {between} AND doubled IS NULL",
        f"SELECT count(*) FROM proving WHERE {between} AND doubled IS DISTINCT FROM amount * 2",
    )


class Others:
    """All that happens meanwhile, at random."""

    def __init__(self, rng: random.Random, database: str, columns: str) -> None:
        self._rng = rng
        self._database = database
        self._columns = columns
        self._next = 1_000_000

    async def do_something(self, connection: Connection) -> None:
        """Write a few rows, hold some of them locked, or trouble the backfill."""
        often, seldom = (self._insert, self._change), (self._delete, self._lock)
        trouble = (self._kill, self._steer)
        await self._rng.choice((*often, *often, *seldom, *trouble))(connection)

    async def _insert(self, connection: Connection) -> None:
        first, self._next = self._next, self._next + 1_000
        await connection.execute(
            f"INSERT INTO proving SELECT {self._columns}, i AS amount"
            f" FROM generate_series({first}, {first + self._rng.randrange(30)}) i"
        )

    async def _change(self, connection: Connection) -> None:
        await connection.execute(
            f"UPDATE proving SET amount = amount + 1 WHERE random() < {self._rng.random() / 20}"
        )

    async def _delete(self, connection: Connection) -> None:
        await connection.execute(f"DELETE FROM proving WHERE random() < {self._rng.random() / 50}")

    async def _lock(self, connection: Connection) -> None:
        async with connection.transaction():
            await connection.execute("SELECT FROM proving WHERE random() < 0.01 FOR UPDATE")
            await asyncio.sleep(self._rng.random() / 10)

    async def _kill(self, connection: Connection) -> None:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name LIKE 'beleg/%/backfill'"
        )

    async def _steer(self, connection: Connection) -> None:
        with suppress(Refused):
            await backfill.pause(connection, NAME)
            await asyncio.sleep(self._rng.random() / 20)
            await backfill.resume(connection, NAME)


@pytest.mark.parametrize("seed", range(4))
async def test_in_the_end_every_row_is_right_and_every_batch_was_small(
    database: str, seed: int
) -> None:
    rng = random.Random(seed)
    keys, columns = KEYS[rng.choice(list(KEYS))]
    rows, most = rng.randrange(0, 4_000), rng.randrange(20, 200)
    each, pace = made(keys), replace(BRISK, most_rows=most, rest=1.0, lease=0.2, rounds=9)
    async with connection_to(database) as connection, connection_to(database) as other:
        await connection.execute(
            f"CREATE TABLE proving AS SELECT {columns}, i AS amount, NULL::int AS doubled"
            f" FROM generate_series(1, {rows}) i"
        )
        await connection.execute(f"ALTER TABLE proving ADD PRIMARY KEY ({', '.join(keys)})")
        await connection.execute(WATCHED)
        await backfill.register(connection, [each])
        others = Others(rng, database, columns)
        async with asyncio.timeout(300):
            for _ in range(25):
                runs = [asyncio.create_task(_run(database, each, pace)) for _ in range(2)]
                await asyncio.sleep(rng.random() / 20)
                await others.do_something(other)
                if rng.random() < 0.3:
                    runs[0].cancel()
                await asyncio.gather(*runs, return_exceptions=True)
            while not (await progress(connection)).verified:
                await _run(database, each, pace)
                await asyncio.sleep(0.05)
        assert not await connection.fetchval(
            "SELECT count(*) FROM proving WHERE doubled IS DISTINCT FROM amount + amount"
        )
        batches = await connection.fetchrow("SELECT max(changed), sum(needless) FROM batch")
        assert batches is not None
        assert (batches[0] or 0) <= most
        assert not batches[1]


async def _run(database: str, each: Backfill, pace: object) -> None:
    with suppress(*LOST):
        await backfill.run(database, [each], pace)  # type: ignore[arg-type]
