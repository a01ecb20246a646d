"""Whose job a worker takes up next: nobody's many or long ones keep another's waiting."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from pgqueuer.models import Job
from pgqueuer.ports.repository import EntrypointExecutionParameter
from pgqueuer.types import QueueEntrypoint, QueueManagerId

from core import documents, jobs
from core.db import Tx
from core.ids import new_id
from deploy.ops.turns import PLACES, PLACES_OF_CLIENT, QUICK_PLACES, Turns, is_quick
from tests.builders import House

NAMES = {
    QueueEntrypoint(documents.READ_JOB): EntrypointExecutionParameter(concurrency_limit=0),
}
OF_OLD_BUILD = """INSERT INTO pgqueuer (priority, entrypoint, payload, status)
    VALUES (0, 'read_document', '{}', 'queued')"""
OF_ANOTHER = """INSERT INTO pgqueuer (priority, entrypoint, payload, status, headers)
    VALUES (0, 'read_pictures', '{}', 'queued', '{"client": "0"}')"""
DONE = "DELETE FROM pgqueuer WHERE id = $1"
STALE = "UPDATE pgqueuer SET heartbeat = now() - interval '1 hour'"
A, B, C = (UUID(int=number) for number in (1, 2, 3))


class Queue:
    """The queue of a database, as one worker sees it."""

    def __init__(self, house: House, connection: asyncpg.Connection) -> None:
        self._house = house
        self._turns = Turns(connection)
        self._worker = QueueManagerId(uuid4())
        self.connection = connection

    async def put(self, client: UUID, times: int = 1, *, quick: bool = False) -> None:
        """Have the client hand in so many documents."""

        async def work(tx: Tx) -> None:
            for _ in range(times):
                jobs.enqueue(tx, documents.READ_JOB, client, quick=quick, document_id=str(new_id()))

        await self._house.db.write(work)

    async def take(self) -> Job | None:
        """The job that the worker takes up next."""
        taken = await self._turns.dequeue(1, NAMES, self._worker, None, timedelta(seconds=10))
        return taken[0] if taken else None

    async def take_all(self) -> list[Job]:
        """What the worker takes up until it has no place left."""
        taken = []
        while job := await self.take():
            taken.append(job)
        return taken

    async def end(self, job: Job) -> None:
        """Let the job be done."""
        await self.connection.execute(DONE, job.id)

    async def demote(self, job: Job) -> None:
        """Let the job have taken too long for a quick one, and be put back."""
        await self._house.db.write(lambda tx: jobs.demote(tx, job.id))
        await self.connection.execute(
            "UPDATE pgqueuer SET status = 'queued', queue_manager_id = NULL WHERE id = $1", job.id
        )


@pytest.fixture
async def queue(house: House, database: str) -> AsyncIterator[Queue]:
    """An empty queue."""
    connection = await asyncpg.connect(database)
    yield Queue(house, connection)
    await connection.close()


def client_of(job: Job | None) -> UUID | None:
    assert job is not None
    client = (job.headers or {}).get("client")
    return UUID(str(client)) if client else None


async def test_one_clients_jobs_never_take_all_places(queue: Queue) -> None:
    await queue.put(A, 20)
    assert len(await queue.take_all()) == PLACES_OF_CLIENT < PLACES
    await queue.put(B)
    assert client_of(await queue.take()) == B


async def test_clients_take_turns_however_many_jobs_one_has(queue: Queue) -> None:
    await queue.put(A, 20)
    await queue.put(B, 2)
    await queue.put(C, 2)
    assert [client_of(each) for each in await queue.take_all()] == [A, B, C, A]


async def test_who_was_served_longest_ago_comes_first(queue: Queue) -> None:
    await queue.put(A, 20)
    await queue.put(B, 20)
    taken = []
    for _ in range(6):
        job = await queue.take()
        taken.append(client_of(job))
        assert job is not None
        await queue.end(job)
    assert taken == [A, B, A, B, A, B]


async def test_who_has_fewer_files_being_read_comes_first(queue: Queue) -> None:
    await queue.put(A, 2)
    await queue.take_all()
    await queue.put(B)
    job = await queue.take()
    assert job is not None
    await queue.end(job)
    await queue.put(A)
    await queue.put(B)
    assert client_of(await queue.take()) == B


async def test_a_small_file_is_taken_up_while_all_places_are_taken(queue: Queue) -> None:
    await queue.put(A, 20)
    await queue.put(B, 20)
    assert len(await queue.take_all()) == PLACES
    await queue.put(A, 5, quick=True)
    await queue.put(C, 5, quick=True)
    taken = await queue.take_all()
    assert {client_of(each) for each in taken} == {A, C}
    assert len(taken) == QUICK_PLACES
    assert all(map(is_quick, taken))


async def test_a_client_whose_small_file_took_long_is_quick_no_more(queue: Queue) -> None:
    await queue.put(A, 20, quick=True)
    slow = await queue.take()
    assert slow is not None
    assert is_quick(slow)
    await queue.demote(slow)
    taken = await queue.take_all()
    assert [is_quick(each) for each in taken] == [False] * PLACES_OF_CLIENT
    await queue.put(B, quick=True)
    other = await queue.take()
    assert client_of(other) == B
    assert other is not None
    assert is_quick(other)


async def test_what_another_build_put_in_is_done_in_its_turn_or_left_alone(queue: Queue) -> None:
    await queue.connection.execute(OF_ANOTHER)
    await queue.put(A, 20)
    await queue.connection.execute(OF_OLD_BUILD)
    taken = await queue.take_all()
    assert [client_of(each) for each in taken] == [A, None, A, A]
    assert {each.entrypoint for each in taken} == {documents.READ_JOB}


async def test_what_a_killed_worker_had_is_taken_up_again(queue: Queue) -> None:
    await queue.put(A)
    lost = await queue.take()
    assert await queue.take() is None
    await queue.connection.execute(STALE)
    again = await queue.take()
    assert lost is not None
    assert again is not None
    assert again.id == lost.id


async def test_two_workers_take_up_different_jobs(
    queue: Queue, house: House, database: str
) -> None:
    await queue.put(A, 2)
    await queue.put(B, 2)
    connection = await asyncpg.connect(database)
    other = Queue(house, connection)
    taken = await asyncio.gather(*(each.take() for each in (queue, other) for _ in range(1)))
    rest = [*await queue.take_all(), *await other.take_all()]
    await connection.close()
    found = [each.id for each in (*taken, *rest) if each]
    assert len(found) == len(set(found)) == 4
