"""0006 shipped with data moved inside an expand: what is run now in its place."""

import asyncio
from importlib import import_module
from uuid import UUID, uuid4

import asyncpg

from deploy.ops.migrating.apply import migrate

BACKFILL = import_module("migrations.backfills.0006_test_clients")
LOWEST, HIGHEST = UUID(int=0), UUID(int=2**128 - 1)


async def partner(connection: asyncpg.Connection, prefix: str) -> UUID:
    """A partner as a build before 0006 wrote it."""
    client_id = uuid4()
    await connection.execute(
        "INSERT INTO client (id, name, created_at) VALUES ($1, 'Makler', now())", client_id
    )
    await connection.execute(
        """INSERT INTO client_key (id, client_id, hash, prefix, last_four, scopes, created_at)
        VALUES ($1, $1, $2, $3, 'abcd', '{}', now())""",
        client_id,
        client_id.bytes,
        f"{prefix}1234",
    )
    return client_id


async def test_a_database_from_before_0006_gets_its_column_first_and_its_data_afterwards(
    empty_database: str,
) -> None:
    await asyncio.to_thread(migrate, empty_database, "0005")
    connection = await asyncpg.connect(empty_database)
    try:
        real = [await partner(connection, "beleg_live_") for _ in range(2)]
        tests = [await partner(connection, "beleg_test_") for _ in range(2)]
        await asyncio.to_thread(migrate, empty_database, "0006")
        assert await connection.fetchval("SELECT count(*) FROM client WHERE test") == 0
        # An old build that is still alive makes one more.
        tests.append(await partner(connection, "beleg_test_"))
        assert await connection.fetchval(BACKFILL.VERIFY, LOWEST, HIGHEST) == len(tests)
        for _ in range(2):
            await connection.execute(BACKFILL.UPDATE, LOWEST, HIGHEST)
        assert await connection.fetchval(BACKFILL.VERIFY, LOWEST, HIGHEST) == 0
        rows = await connection.fetch("SELECT id, test FROM client")
        assert {row["id"]: row["test"] for row in rows} == dict.fromkeys(
            real, False
        ) | dict.fromkeys(tests, True)
    finally:
        await connection.close()


async def test_a_database_on_which_0006_ran_as_it_shipped_has_nothing_to_do(
    empty_database: str,
) -> None:
    await asyncio.to_thread(migrate, empty_database, "0006")
    connection = await asyncpg.connect(empty_database)
    try:
        await partner(connection, "beleg_live_")
        await partner(connection, "beleg_test_")
        for statement in import_module("migrations.versions.0006_sandbox").STATEMENTS[1:]:
            await connection.execute(statement)
        assert await connection.fetchval(BACKFILL.VERIFY, LOWEST, HIGHEST) == 0
        assert await connection.execute(BACKFILL.UPDATE, LOWEST, HIGHEST) == "UPDATE 0"
    finally:
        await connection.close()
