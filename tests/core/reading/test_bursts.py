"""Many documents of a case at once: what they say together is found out once, after the last."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from core.reading import DocumentReader, ReadingProcesses, case, job, processes
from core.reading.case import OnRecord, Outcome
from core.reading.processes import ReadingFailed
from tests.builders import House, company, statements

ENDS_WITHIN_SECONDS = 60
KILLED = """
import os, socket
os.close(socket.recv_fds(socket.socket(fileno=0), 1, 2)[1][0])
"""
WAITING = "SELECT count(*) FROM pgqueuer WHERE entrypoint = 'renew_answers' AND status = 'queued'"


@pytest.fixture
def examined(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bookings a case had, each time that it was examined in this process."""
    seen, examine = list[int](), case.examine

    async def watched(known: OnRecord, *others: Any) -> Outcome:
        outcome = await examine(known, *others)
        seen.append(len(known.transactions) + len(outcome.transactions))
        return outcome

    monkeypatch.setattr(case, "examine", watched)
    return seen


@pytest.fixture
def reader(house: House) -> Iterator[DocumentReader]:
    """A reader that leaves what is large to processes, as a worker's does."""
    apart = ReadingProcesses(house.settings, house.parser_pool)
    yield replace(house.reader, apart=apart)
    apart.close()


async def waiting(house: House) -> int:
    """How many jobs wait that examine a case."""
    async with house.db.pool.lease() as connection:
        found: int = await connection.fetchval(WAITING)
    return found


async def bookings(house: House, key: str, case_id: str) -> list[dict[str, Any]]:
    """All bookings of a case, as a partner is told."""
    found, after = list[dict[str, Any]](), ""
    while True:
        answer = await house.caller(key).get(
            f"/v2/applications/{case_id}/transactions", params={"limit": 100, "after": after}
        )
        page = answer.json()
        found += page["data"]
        if (after := page["next"]) is None:
            return found


async def test_a_burst_of_documents_is_examined_once_and_answered_as_a_whole(
    house: House, examined: list[int]
) -> None:
    partner = await house.partner()
    case_id = await house.case(partner, company(3, months=12))
    told = await bookings(house, partner.key, case_id)
    assert examined == [len(told)]
    assert {type(each["category"]) for each in told} == {str}
    assert (await partner.get(f"/v2/applications/{case_id}"))["status"] == "in_review"


async def test_a_single_small_document_is_answered_by_the_job_that_reads_it(
    house: House, reader: DocumentReader, examined: list[int]
) -> None:
    partner, made = await house.partner(), company(3, months=12)
    answer = await partner.http.post("/v2/applications", json=made.application())
    document = await partner.upload(answer.json()["id"], statements(made)[0])
    await reader.read(UUID(document))
    assert len(examined) == 1
    assert await waiting(house) == 0
    assert (await partner.get(f"/v2/applications/{answer.json()['id']}"))["status"] != "reading"


async def test_a_large_case_is_examined_by_a_process_of_its_own_once_for_all_that_came(
    house: House,
    reader: DocumentReader,
    examined: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(job, "MOST_BOOKINGS_HERE", 0)
    partner, made = await house.partner(), company(3, months=12)
    answer = await partner.http.post("/v2/applications", json=made.application())
    case_id = answer.json()["id"]
    for content in statements(made):
        await reader.read(UUID(await partner.upload(case_id, content)))
    assert await waiting(house) == 1
    assert (await partner.get(f"/v2/applications/{case_id}"))["status"] == "reading"
    await house.work()
    assert examined == []
    assert (await partner.get(f"/v2/applications/{case_id}"))["status"] == "in_review"
    told = await bookings(house, partner.key, case_id)
    assert {type(each["category"]) for each in told} == {str}


async def test_a_document_whose_process_is_killed_waits_and_is_read_by_the_next(
    house: House, reader: DocumentReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "LARGE_BYTES", 0)
    partner, made = await house.partner(), company(3, months=12)
    answer = await partner.http.post("/v2/applications", json=made.application())
    case_id = answer.json()["id"]
    document = await partner.upload(case_id, statements(made)[0])
    place = f"/v2/applications/{case_id}/documents/{document}"
    with monkeypatch.context() as killed:
        killed.setattr(processes, "SERVER", KILLED)
        with pytest.raises(ReadingFailed):
            await reader.read(UUID(document))
    assert (await partner.get(place))["status"] == "queued"
    await reader.read(UUID(document))
    assert (await partner.get(place))["status"] == "read"
    assert len(await bookings(house, partner.key, case_id)) > 0


def test_a_process_ends_with_the_worker_that_began_it(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/none"
        settings = house.settings.model_copy(update={"database_url": url})
        begins = """if True:
            import asyncio, sys, uuid
            from core.isolation import ParserPool
            from core.reading import ReadingProcesses
            from core.settings import Settings
            settings = Settings.model_validate_json(sys.argv[1])
            with ParserPool(parsers="core.formats.csv") as pool:
                asyncio.run(ReadingProcesses(settings, pool).renew(uuid.uuid4()))"""
        worker = subprocess.Popen((sys.executable, "-c", begins, settings.model_dump_json()))
        connection, _ = silent.accept()  # it is at work
        worker.kill()
        worker.wait()
        with connection:
            connection.settimeout(ENDS_WITHIN_SECONDS)
            while connection.recv(1024):  # its end is ours
                pass
