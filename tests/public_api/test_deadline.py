"""A database that does not answer keeps nobody waiting for long, and nothing is half done."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.bff.conftest import screen
from tests.builders import House, Partner, application, running

LONGER = (1, 5, 30)
"""How long a request may take where it is to be done in time, each tried where those before are
too short on a busy machine: what is refused for another reason is refused with all of them."""
UNDER_WAY = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active'
      AND query LIKE '%application%'
"""


@asynccontextmanager
async def hanging(house: House) -> AsyncIterator[None]:
    """As long as the block lasts, nothing that concerns applications is answered.

    For a minute: whoever waits for it to be answered, and not for the deadline, fails.
    """
    holder = await asyncpg.connect(house.settings.database_url)
    await holder.execute("BEGIN; LOCK TABLE application IN ACCESS EXCLUSIVE MODE")
    try:
        async with asyncio.timeout(60):
            yield
    finally:
        await holder.close()


@pytest.fixture
async def impatient(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    """A process on the same database whose requests may take a second, and wait for any lock."""
    monkeypatch.setattr("core.db.LOCK_TIMEOUT", "1h")
    async with running(database, tmp_path, request_seconds=1, database_connections=2) as house:
        yield house


async def test_a_request_that_waits_for_a_connection_is_told_to_come_back(
    house: House, impatient: House
) -> None:
    """Nothing that it asks the database ends it: others have all the connections."""
    partner = await house.partner()
    hurried = impatient.caller(partner.key)
    assert impatient.api.dependencies is not None
    db = impatient.api.dependencies.db
    async with db.pool.lease(), db.pool.lease(), asyncio.timeout(60):
        answer = await hurried.get("/v2/applications")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_a_request_that_waits_for_the_database_is_told_to_come_back(
    house: House, impatient: House, version: str
) -> None:
    """All of them, those too that wait for a connection; their statements end on the server."""
    partner = await house.partner()
    place = f"/{version}/applications/{await partner.submit()}"
    hurried = impatient.caller(partner.key)
    observer = await asyncpg.connect(impatient.settings.database_url)
    async with hanging(impatient):
        for answer in await asyncio.gather(*(hurried.get(place) for _ in range(8))):
            assert answer.status_code == 503
            assert answer.headers["Retry-After"] == "5"
        async with asyncio.timeout(60):
            while await observer.fetchval(UNDER_WAY):
                await asyncio.sleep(0.02)
    await observer.close()
    assert (await partner.http.get(place)).status_code == 200


async def test_what_was_not_done_in_time_is_not_done_and_a_retry_does_it_once(
    house: House, impatient: House
) -> None:
    partner = await house.partner()
    keyed = {"Idempotency-Key": "once"}
    async with hanging(impatient):
        hurried = impatient.caller(partner.key)
        late = await hurried.post("/v2/applications", json=application(), headers=keyed)
        assert late.status_code == 503
    again = [
        await partner.http.post("/v2/applications", json=application(), headers=keyed)
        for _ in range(2)
    ]
    assert [each.status_code for each in again] == [201, 201]
    assert again[0].content == again[1].content
    assert len((await partner.get("/v2/applications"))["data"]) == 1


async def test_a_document_that_came_slowly_has_its_time_for_itself(
    house: House, database: str, tmp_path: Path
) -> None:
    """What a body takes to come is the line's business; only what we do with it is timed."""
    partner = await house.partner()
    for seconds in LONGER:
        async with running(database, tmp_path, request_seconds=seconds) as impatient:
            status = await handed_in_slowly(impatient, partner, seconds * 1.2)
        if status == 202:
            break
    assert status == 202


async def handed_in_slowly(house: House, partner: Partner, pause: float) -> int:
    """How a document is answered whose two pieces come after such a pause."""
    place = f"/v2/applications/{await partner.submit()}/documents"
    pieces = [b"<a>", b"</a>"]

    async def receive() -> Any:
        await asyncio.sleep(pause if len(pieces) == 2 else 0)
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    statuses = list[int]()

    async def send(message: Any) -> None:
        statuses.append(message.get("status", 0))

    scope = {
        "type": "http",
        "method": "POST",
        "path": place,
        "root_path": "",
        "query_string": b"",
        "headers": [
            (b"authorization", f"Bearer {partner.key}".encode()),
            (b"content-type", b"application/xml"),
        ],
    }
    await house.http._transport.app(scope, receive, send)  # type: ignore[attr-defined]
    return statuses[0]


async def test_bytes_whose_document_may_still_be_written_are_not_thrown_away(
    house: House, database: str, tmp_path: Path
) -> None:
    """Where nobody knows whether it was committed, the sweep decides a day later."""
    partner = await house.partner()
    application_id = await partner.submit()
    await partner.upload(application_id, b"<first/>")
    folder = house.folder / "blobs" / "documents"
    holder = await asyncpg.connect(database)
    await holder.execute("BEGIN; LOCK TABLE document IN SHARE MODE")  # which lets all be read
    files = {"file": ("s.xml", b"<second/>", "application/xml")}
    place = f"/v2/applications/{application_id}/documents"
    for seconds in LONGER:
        async with running(database, tmp_path, request_seconds=seconds) as impatient:
            late = await impatient.caller(partner.key).post(place, files=files)
        assert late.status_code == 503
        if len(list(folder.iterdir())) == 2:
            break
    await holder.close()
    assert len(list(folder.iterdir())) == 2
    assert len((await partner.get(place))["data"]) == 1
    assert (await partner.http.post(place, files=files)).status_code == 202


async def test_people_are_told_as_well(house: House, impatient: House, tmp_path: Path) -> None:
    person = await house.person()
    async with (
        screen(house, tmp_path / "dist") as patient,
        screen(impatient, tmp_path / "dist") as browser,
    ):
        await patient.sign_in(person)
        browser.http.cookies = patient.http.cookies
        async with hanging(impatient):
            answer = await browser.http.get("/bff/inbox")
            assert answer.status_code == 503
            assert answer.headers["Retry-After"] == "5"
        assert (await patient.get("/bff/inbox"))["rows"] == []
