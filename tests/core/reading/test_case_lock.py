"""A case that is being written to keeps nobody waiting who wants nothing of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from core import applications
from core.applications import Application
from core.db import Database, Tx
from core.errors import InProgress
from core.reading import case, settling
from core.reading.case import OnRecord, Outcome
from tests.builders import House, company, running, statements

LOCK = "SELECT FROM application WHERE id = $1 FOR UPDATE"
CONNECTIONS = 3
UPLOADS = 12


@asynccontextmanager
async def locked(database: str, application_id: str) -> AsyncIterator[None]:
    """Another process changes the case for as long as the block lasts."""
    connection = await asyncpg.connect(database)
    async with connection.transaction():
        await connection.execute(LOCK, UUID(application_id))
        yield
    await connection.close()


async def test_uploads_to_a_locked_case_do_not_delay_another_partners_reads(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They wait for as long as it is locked, and hold no connection meanwhile."""
    monkeypatch.setattr("core.db.LOCK_TIMEOUT", "1h")
    monkeypatch.setattr(Database.write, "__defaults__", (None, 3600.0))
    async with running(database, tmp_path, database_connections=CONNECTIONS) as house:
        partner, other = await house.partner("Nord"), await house.partner("Süd")
        case_id, others_case = await partner.submit(), await other.submit()
        async with locked(database, case_id):
            uploads = [
                asyncio.create_task(partner.upload(case_id, f"file {number}".encode()))
                for number in range(UPLOADS)
            ]
            await asyncio.sleep(0.5)
            async with asyncio.timeout(60):
                for _ in range(5):
                    await other.get(f"/v2/applications/{others_case}")
            assert not any(each.done() for each in uploads)
        documents = await asyncio.gather(*uploads)
        shown = await partner.get(f"/v2/applications/{case_id}/documents")
        assert {each["id"] for each in shown["data"]} == set(documents)


async def test_who_waits_too_long_for_a_case_is_told_so(house: House, database: str) -> None:
    case_id = UUID(await (await house.partner()).submit())

    async def lock(tx: Tx) -> Application:
        return await applications.lock(tx, case_id)

    async with locked(database, str(case_id)):
        waiting = [house.db.write(lock, patience_seconds=0.3) for _ in range(3)]
        ends = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(each) for each in ends] == [InProgress] * 3
    assert (await house.db.write(lock)).id == case_id


async def test_a_case_may_be_changed_while_it_is_examined_and_its_answers_rest_on_the_change(
    house: House, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner, made = await house.partner(), company(3, months=12)
    answer = await partner.http.post("/v2/applications", json=made.application())
    case_id = answer.json()["id"]
    document = await partner.upload(case_id, statements(made)[0])
    place, seen = f"/v2/applications/{case_id}", list[object]()
    examine = case.examine

    async def change_and_examine(known: OnRecord, *others: Any) -> Outcome:
        if not seen:
            tag = (await partner.http.get(place)).headers["etag"]
            changed = await partner.http.patch(
                place,
                json={"declared": {"existing_lenders": ["Bank am Hafen"]}},
                headers={"If-Match": tag, "Content-Type": "application/merge-patch+json"},
            )
            assert changed.status_code == 200, changed.text
        seen.append(known.application.terms.declared.existing_lenders)
        return await examine(known, *others)

    monkeypatch.setattr(case, "examine", change_and_examine)
    await house.reader.read(UUID(document))
    assert len(seen) == 2
    assert seen[0] != seen[1] == ("Bank am Hafen",)
    assert (await partner.get(f"{place}/documents/{document}"))["status"] == "read"
    assert (await partner.get(place))["status"] != "reading"


async def test_a_case_that_changes_all_the_while_is_told_what_was_found_and_examined_in_the_end(
    house: House, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner, made = await house.partner(), company(3, months=12)
    answer = await partner.http.post("/v2/applications", json=made.application())
    case_id = answer.json()["id"]
    documents = [await partner.upload(case_id, content) for content in statements(made)]
    place, lenders = f"/v2/applications/{case_id}", list[str]()
    examine = case.examine

    async def change_and_examine(known: OnRecord, *others: Any) -> Outcome:
        lenders.append(f"Bank {len(lenders)}")
        tag = (await partner.http.get(place)).headers["etag"]
        changed = await partner.http.patch(
            place,
            json={"declared": {"existing_lenders": lenders[-1:]}},
            headers={"If-Match": tag, "Content-Type": "application/merge-patch+json"},
        )
        assert changed.status_code == 200, changed.text
        return await examine(known, *others)

    monkeypatch.setattr(settling, "PAUSES", (0.0, 0.0))
    with monkeypatch.context() as changing:
        changing.setattr(case, "examine", change_and_examine)
        for each in documents:
            await house.reader.read(UUID(each))
        assert (await partner.get(f"{place}/documents/{documents[-1]}"))["status"] == "read"
        assert (await partner.get(f"{place}/answers"))["data"] == []
        await house.reader.renew(UUID(case_id))
        assert (await partner.get(f"{place}/answers"))["data"] != []
        assert (await partner.get(place))["status"] == "reading"
        assert len(lenders) == 4
    await house.work()
    assert (await partner.get(place))["status"] == "in_review"
