"""Whether the database has what the build requires: seen at once, waiting behind nobody."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest

from core.builds import BUILD
from core.connecting import connected
from core.db import REQUIRES
from core.errors import Unavailable
from core.pool import Connection
from core.query import Query
from core.readiness import Readiness
from tests.builders import House, running

ONE = Query("SELECT 1 AS n", (), {})
STRANGE = Query("SELECT no_such_column FROM application", (), {})


async def lose(database: str, revision: str = REQUIRES[-1]) -> asyncpg.Connection:
    """Let a database be as one that lacks a revision; the connection that did it."""
    connection = await asyncpg.connect(database)
    await connection.execute("DELETE FROM applied_revision WHERE revision = $1", revision)
    return connection


async def test_a_probe_is_answered_while_requests_hold_every_connection(house: House) -> None:
    assert house.api.dependencies is not None
    db = house.api.dependencies.db
    async with AsyncExitStack() as stack:
        for _ in range(house.settings.database_connections):
            await stack.enter_async_context(db.pool.lease())
        async with asyncio.timeout(60):
            await house.api.ready()
        connection = await lose(house.settings.database_url)
        with pytest.raises(Unavailable, match=REQUIRES[-1]):
            async with asyncio.timeout(60):
                await house.api.ready()
        await connection.close()


@pytest.mark.parametrize("kind", ["read", "unit of work", "snapshot"])
async def test_what_is_not_there_is_told_by_the_revision_that_brings_it(
    house: House, kind: str
) -> None:
    await house.db.require_revisions()
    connection = await lose(house.settings.database_url)
    await connection.close()
    run: dict[str, Callable[[], Awaitable[object]]] = {
        "read": lambda: house.db.one(STRANGE),
        "unit of work": lambda: house.db.write(lambda tx: tx.run(STRANGE)),
        "snapshot": lambda: house.db.snapshot(lambda tx: tx.all(STRANGE)),
    }
    with pytest.raises(Unavailable, match=REQUIRES[-1]) as refused:
        await run[kind]()
    assert refused.value.code == "not_migrated"
    with pytest.raises(Unavailable):
        await house.db.require_revisions()


async def test_where_nothing_is_missing_the_fault_is_ours(house: House) -> None:
    connection = await asyncpg.connect(house.settings.database_url)
    await connection.execute("ALTER TABLE application RENAME COLUMN legal_name TO renamed")
    await connection.close()
    partner = await house.partner()
    answer = await partner.http.get("/v2/applications")
    assert answer.status_code == 500
    with pytest.raises(asyncpg.UndefinedColumnError):
        await house.db.one(STRANGE)


async def test_a_restore_that_nobody_stumbles_over_is_noticed_all_the_same(
    database: str, tmp_path: Path
) -> None:
    async with running(database, tmp_path) as house:
        assert house.api.dependencies is not None
        db = house.api.dependencies.db
        await db.require_revisions()
        connection = await lose(database)
        await connection.close()
        db.pool.drop()  # the next of them is new, and looks
        with pytest.raises(Unavailable, match=REQUIRES[-1]):
            await db.one(ONE)
        with pytest.raises(Unavailable):
            await db.require_revisions()


@pytest.mark.parametrize("noticed", [False, True], ids=["by itself", "by another"])
@pytest.mark.parametrize("kind", ["read", "unit of work", "snapshot"])
async def test_who_was_let_in_before_a_restore_is_not_answered_from_what_it_has_so_far(
    database: str, tmp_path: Path, kind: str, noticed: bool
) -> None:
    """A request looks whether all is there; then its connection is lost, and another is made."""
    async with running(database, tmp_path) as house:
        assert house.api.dependencies is not None
        db = house.api.dependencies.db
        await db.require_revisions()
        connection = await lose(database)
        await connection.close()
        db.pool.drop()
        if noticed:
            await db.look()
        run: dict[str, Callable[[], Awaitable[object]]] = {
            "read": lambda: db.all(ONE),
            "unit of work": lambda: db.write(lambda tx: tx.one(ONE)),
            "snapshot": lambda: db.snapshot(lambda tx: tx.one(ONE)),
        }
        with pytest.raises(Unavailable, match=REQUIRES[-1]):
            await run[kind]()


async def test_many_who_wait_for_a_migration_look_but_once_in_a_while(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = await lose(database)
    looks = 0
    look = Readiness.look

    async def counted(self: Readiness, given: Connection) -> tuple[str, ...]:
        nonlocal looks
        looks += 1
        return await look(self, given)

    async with connected(database, 4) as db:
        with pytest.raises(Unavailable):
            await db.require_revisions()
        monkeypatch.setattr(Readiness, "look", counted)
        monkeypatch.setattr("core.db.LOOK_SECONDS", 3600.0)
        for _ in range(5):
            asked = await asyncio.gather(
                *(db.require_revisions() for _ in range(200)), return_exceptions=True
            )
            assert all(isinstance(each, Unavailable) for each in asked)
        assert looks <= 1
        monkeypatch.setattr("core.db.LOOK_SECONDS", 0.05)
        await connection.execute(
            "INSERT INTO applied_revision (revision) VALUES ($1)", REQUIRES[-1]
        )
        async with asyncio.timeout(60):
            while True:
                try:
                    await db.require_revisions()
                    break
                except Unavailable:
                    await asyncio.sleep(0.05)
    await connection.close()


async def test_a_backfill_that_is_not_verified_is_named_with_how_far_it_is(database: str) -> None:
    connection = await asyncpg.connect(database)
    async with connected(database, 2, backfills=("0099_words",)) as db:
        with pytest.raises(Unavailable, match="lacks backfill 0099_words: not begun"):
            await db.require_answer()
        await connection.execute(
            "INSERT INTO backfill (name, state, done, total, batch, updated_at)"
            " VALUES ('0099_words', 'running', 63, 100, 10, now())"
        )
        with pytest.raises(Unavailable, match="0099_words: 63 % done"):
            await db.require_answer()
        assert await db.look() == ("0099_words",)
        await connection.execute("UPDATE backfill SET state = 'failed'")
        with pytest.raises(Unavailable, match="0099_words: failed"):
            await db.require_answer()
        await connection.execute("UPDATE backfill SET state = 'verified'")
        await db.require_answer()
    await connection.close()


async def test_connections_say_whose_they_are(house: House) -> None:
    connection = await asyncpg.connect(house.settings.database_url)
    names = await connection.fetch(
        "SELECT application_name AS name FROM pg_stat_activity WHERE datname = current_database()"
    )
    await connection.close()
    assert f"beleg/{BUILD}/api" in {row["name"] for row in names}


async def test_a_build_that_comes_back_after_a_contract_says_what_was_dropped(
    database: str,
) -> None:
    connection = await asyncpg.connect(database)
    dropped = ["person.email", "person.nickname"]
    await connection.execute(
        "INSERT INTO applied_revision (revision, drops) VALUES ('0099', $1)", dropped
    )
    async with connected(database, 2) as db:
        told = r"has dropped person\.email, which this build uses: start a newer build"
        with pytest.raises(Unavailable, match=told):
            await db.require_answer()
        with pytest.raises(Unavailable, match=told):
            await db.require_revisions()
    await connection.close()


async def test_what_somebody_has_locked_is_busy_not_broken(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.db.LOCK_TIMEOUT", "50ms")
    connection = await asyncpg.connect(database)
    async with connected(database, 2) as db, connection.transaction():
        await connection.execute("LOCK TABLE application")
        count = Query("SELECT count(*) FROM application", (), {})
        with pytest.raises(Unavailable, match="busy"):
            await db.one(count)
        with pytest.raises(Unavailable, match="busy"):
            await db.snapshot(lambda tx: tx.one(count))
    await connection.close()
