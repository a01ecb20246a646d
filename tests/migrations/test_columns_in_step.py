"""A column that gets another name or form: a build that knows the old one and this one agree.

The old build sends what was frozen of it, this one what its own code sends.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest

from core import statements
from core.applications import store as applications
from core.errors import Unavailable
from core.ids import new_id
from core.statements import store
from deploy.ops.migrating.apply import migrate
from tests.backfills import fill
from tests.builders import House, company, running
from tests.contracts.record import lay
from tests.migrations.old_build import OldBuild

GROUND_APPLICATION = UUID("01900000-0000-7000-8000-000000000012")
TEXTS = random.Random(14)
CODES: list[str | None] = [
    *(None, "", "-", "--", "---", "A", "A-", "-A", "A--", "-A-", "--A", "A-B", "A-B-", "A--C"),
    *("PMNT-RCDT-ESCT", "A-B-C-D", "A-B--D", "A\n-B\n-C\nD", " - - ", "Ä-ß-€", "NULL", "'-\"-\\"),
    *("".join(TEXTS.choices("-A \n%", k=TEXTS.randrange(9))) for _ in range(300)),
]
LENDERS: list[list[str] | None] = [
    *(None, [], ["Bank"], ["b", "a", "b"], [str(each) for each in range(50)]),
    ["", " ", "NULL", "null", "{}", '"', "\\", ",", "{a,b}", "Ä\nß", "𝔸"],
]


@asynccontextmanager
async def old_build(url: str) -> AsyncIterator[OldBuild]:
    """The old build at this database."""
    connection = await asyncpg.connect(url)
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: b"\x01" + orjson.dumps(value),
        decoder=lambda raw: orjson.loads(raw[1:]),
        format="binary",
    )
    try:
        yield OldBuild(connection)
    finally:
        await connection.close()


async def coded(old: OldBuild, application_id: UUID) -> dict[UUID, str | None]:
    """Let the old build write a transaction for each code; the codes by id."""
    row, *_ = await old.read("statements.store._ALL", application_id)
    codes = {new_id(): code for code in CODES}
    await old.copy("transaction", *({**row, "id": key, "iso": iso} for key, iso in codes.items()))
    return codes


async def counted(old: OldBuild, application_id: UUID) -> dict[UUID, int]:
    """Let the old build write statements with different counts; the counts by id."""
    row, *_ = await old.read("statements.store._STATEMENTS", application_id)
    counts = {new_id(): count for count in (0, 1, 70_000)}
    await old.copy("statement", *({**row, "id": i, "transactions": n} for i, n in counts.items()))
    return counts


async def declared(old: OldBuild, application_id: UUID) -> dict[UUID, list[str] | None]:
    """Let the old build write an application for each list of lenders; the lists by id."""
    (row,) = await old.read("applications.store._ANY", application_id)
    lenders = {new_id(): each for each in LENDERS}
    for key, each in lenders.items():
        values = as_written({**row, "id": key, "declared_lenders": each})
        await old.insert("applications.store._ROW", "application", values)
    return lenders


def as_written(row: dict[str, Any]) -> dict[str, Any]:
    """A row as that build writes it, from how it reads it: times are read as texts."""
    times = ("created_at", "updated_at")
    return {**row, **{name: datetime.fromisoformat(row[name]) for name in times}}


async def require_read(
    house: House,
    application_id: UUID,
    codes: dict[UUID, str | None],
    counts: dict[UUID, int],
    lenders: dict[UUID, list[str] | None],
) -> None:
    """Assert that this build reads just that."""
    transactions = await statements.all_transactions(house.db, application_id)
    found = {each.id: each.transaction.iso for each in transactions}
    assert {key: found[key] for key in codes} == codes
    read = await statements.list_for_application(house.db, application_id)
    assert {each.id: each.transaction_count for each in read if each.id in counts} == counts
    for key, names in lenders.items():
        application = await applications.find_by_id(house.db, key)
        assert application is not None
        expected = None if names is None else tuple(names)
        assert application.terms.declared.existing_lenders == expected


async def test_what_the_old_build_writes_this_one_reads(house: House, database: str) -> None:
    case = UUID(await house.case(await house.partner(), company(months=2)))
    async with old_build(database) as old:
        codes, counts = await coded(old, case), await counted(old, case)
        lenders = await declared(old, case)
        await require_read(house, case, codes, counts, lenders)
        (row,) = await old.read("applications.store._ANY", case)
        for before in lenders:
            for after in LENDERS:
                values = as_written({**row, "declared_lenders": after})
                await old.update("applications.store._CHANGE", before, values)
                await require_read(house, case, {}, {}, {before: after})


async def test_what_this_build_writes_the_old_one_reads(house: House, database: str) -> None:
    case = UUID(await house.case(await house.partner(), company(months=2)))
    head, *_ = await statements.list_for_application(house.db, case)
    booking, *_ = await statements.all_transactions(house.db, case)
    heads = [head._replace(id=new_id(), transaction_count=count) for count in (0, 1, 70_000)]
    bookings = [
        booking._replace(id=new_id(), transaction=booking.transaction._replace(iso=code))
        for code in CODES
    ]
    await house.db.write(lambda tx: store.insert(tx, case, heads, bookings))
    async with old_build(database) as old:
        rows = await old.read("statements.store._ALL", case)
        found = {row["id"]: row["iso"] for row in rows}
        assert [found[each.id] for each in bookings] == CODES
        rows = await old.read("statements.store._STATEMENTS", case)
        found = {row["id"]: row["transactions"] for row in rows}
        assert [found[each.id] for each in heads] == [0, 1, 70_000]
        for before in LENDERS:
            for after in LENDERS:
                for each in (before, after):
                    await declare(house, case, each)
                (row,) = await old.read("applications.store._ANY", case)
                told = row["declared_lenders"]
                assert (None if told is None else orjson.loads(told)) == after


async def declare(house: House, id: UUID, lenders: list[str] | None) -> None:
    """Let this build write which lenders were declared."""
    application = await applications.find_by_id(house.db, id)
    assert application is not None
    names = None if lenders is None else tuple(lenders)
    terms = application.terms
    changed = terms._replace(declared=terms.declared._replace(existing_lenders=names))
    await house.db.write(lambda tx: applications.change(tx, application._replace(terms=changed)))


async def test_what_was_written_before_is_read_once_the_backfills_are_done(
    empty_database: str, tmp_path: Any
) -> None:
    await asyncio.to_thread(migrate, empty_database, "0012")
    await lay(empty_database, "0001")
    async with old_build(empty_database) as old:
        codes, counts = await coded(old, GROUND_APPLICATION), await counted(old, GROUND_APPLICATION)
        lenders = await declared(old, GROUND_APPLICATION)
    await asyncio.to_thread(migrate, empty_database)
    async with running(empty_database, tmp_path) as house:
        with pytest.raises(Unavailable, match=r"0013_transaction_count.*0014_iso_parts"):
            await house.db.require_revisions()
        await fill(empty_database)
        async with asyncio.timeout(60):
            while await house.db.look():
                await asyncio.sleep(0.1)
        await require_read(house, GROUND_APPLICATION, codes, counts, lenders)
