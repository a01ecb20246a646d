"""Who did what, and that nobody changed it since."""

import asyncio

import asyncpg
import pytest

from core import audit
from core.audit import SYSTEM
from core.db import Tx
from core.ids import new_id
from tests.builders import House


async def note(house: House, count: int) -> None:
    """Leave so many entries, each by a unit of work of its own."""

    async def one(number: int) -> None:
        detail = {"number": number}

        async def work(tx: Tx) -> None:
            audit.record(tx, SYSTEM, "test.done", "test", new_id(), detail)

        await house.db.write(work)

    await asyncio.gather(*(one(number) for number in range(count)))


async def test_everything_is_chained_and_the_chain_holds(house: House) -> None:
    await note(house, 50)
    partner = await house.partner()
    await partner.submit()
    assert (await audit.verify(house.db)).unsealed == 52
    await house.seal()
    assert await audit.verify(house.db) == audit.ChainVerification(52, 0, None)


async def test_sealers_beside_writers_chain_each_entry_once(house: House) -> None:
    async def seal() -> None:
        for _ in range(10):
            await house.db.write(audit.seal)

    await asyncio.gather(note(house, 100), seal(), seal())
    await house.seal()
    assert await audit.verify(house.db) == audit.ChainVerification(100, 0, None)


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE audit_entry SET action = 'x' WHERE id = (SELECT entry_id FROM audit_seal "
        "WHERE number = 3)",
        "UPDATE audit_entry SET detail = '{}' WHERE id = (SELECT entry_id FROM audit_seal "
        "WHERE number = 3)",
        "DELETE FROM audit_seal WHERE number = 3",
    ],
)
async def test_a_change_is_refused_and_if_forced_is_found(house: House, harm: str) -> None:
    await note(house, 5)
    await house.seal()
    connection = await asyncpg.connect(house.settings.database_url)
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await connection.execute(harm)
    for table in ("audit_entry", "audit_seal"):
        await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
    await connection.execute(harm)
    await connection.close()
    assert (await audit.verify(house.db)).broken_at in (3, 4)
