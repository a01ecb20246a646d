"""Each backfill's file is one that the runner can run on the database that this build makes."""

import asyncpg
import pytest

from deploy.ops.migrating.apply import known
from deploy.ops.migrating.backfill.files import read_backfills
from deploy.ops.migrating.backfill.steering import register, status

KEYS = """
SELECT attname, atttypid AS type FROM pg_index
    JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
WHERE indrelid = to_regclass($1) AND indisprimary
ORDER BY array_position(indkey::smallint[], attnum)"""


async def test_backfills_walk_the_keys_of_their_tables_and_say_what_is_right(
    database: str,
) -> None:
    connection = await asyncpg.connect(database)
    try:
        for each in read_backfills():
            rows = await connection.fetch(KEYS, each.quoted_table)
            assert each.keys == tuple(row["attname"] for row in rows), each.name
            bounds = [row["type"] for row in rows] * 2
            update = await connection.prepare(each.update)
            assert [p.oid for p in update.get_parameters()] == bounds, each.name
            assert not update.get_attributes(), f"{each.name} gives rows back"
            verify = await connection.prepare(each.verify)
            assert [p.oid for p in verify.get_parameters()] == bounds, each.name
            assert [a.type.name for a in verify.get_attributes()] == ["int8"], each.name
    finally:
        await connection.close()


async def test_a_fresh_database_owes_no_backfill(database: str) -> None:
    connection = await asyncpg.connect(database)
    try:
        await register(connection)
        assert {row.name for row in await status(connection) if row.verified} == {
            each.name for each in read_backfills()
        }
    finally:
        await connection.close()


@pytest.mark.unit
def test_a_backfill_is_called_by_the_expand_that_made_room_for_it() -> None:
    assert {each.revision for each in read_backfills()} <= known()
