"""What is promised in numbers about deliveries and about waiting, each seen at its bound."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from core import webhooks
from core.idempotency import PATIENCE_SECONDS, IdempotencyKey
from core.query import Query
from deploy.ops.dispatch import Dispatcher
from public_api import deliveries
from public_api.addresses import Address, Reach
from public_api.deliveries import Sender, sender
from tests.builders import House, Partner, running
from tests.contracts.bodies import BODIES, VERSION
from tests.contracts.promised import promised
from tests.receiver import Receiver, receiving

URL = "https://hooks.partner.example/beleg"
DELIVERY = Query("SELECT * FROM webhook_delivery WHERE webhook_id = $1", ("webhook_id",), {})
LATER = "UPDATE webhook_delivery SET next_attempt_at = now() + interval '1 h' WHERE attempts = 1"
SOONER = "UPDATE webhook SET old_secret_until = old_secret_until - $1::interval"
MINUTE = timedelta(minutes=1)
MARGINS = (1.5, 8.5)
"""Seconds on this side of a bound and on the other; the wider where the machine was too busy."""


@pytest.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[House]:
    """An instance whose webhooks may point to this machine."""
    async with running(database, tmp_path, webhook_allow_private=True) as instance:
        yield instance


@pytest.fixture
async def sql(database: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that moves what is stored in time."""
    connection = await asyncpg.connect(database)
    yield connection
    await connection.close()


@asynccontextmanager
async def dispatching(house: House, post: Sender) -> AsyncIterator[None]:
    """A dispatcher at work for as long as the block lasts, with its real schedule."""
    stopping = asyncio.Event()
    dispatcher = asyncio.create_task(Dispatcher(house.db, post).run(stopping))
    try:
        yield
    finally:
        stopping.set()
        await dispatcher


async def subscribed(partner: Partner, version: str, url: str = URL) -> str:
    """A new webhook or callback; its id."""
    place, body = {
        "v1": ("/v1/callbacks", {"url": url, "secret": "s"}),
        "v2": ("/v2/webhooks", {"url": url}),
    }[version]
    answer = await partner.http.post(place, json=body)
    assert answer.status_code == 201, answer.text
    webhook_id: str = answer.json()["id"]
    return webhook_id


async def answered_after(
    house: House, version: str, seconds: float, arrived: asyncio.Barrier
) -> str:
    """How the only delivery to a receiver stands that takes so long to answer."""
    partner, receiver = await house.partner(), Receiver(pause=asyncio.Event())
    async with receiving(receiver):
        webhook_id = await subscribed(partner, version, receiver.url)
        await partner.submit()
        await receiver.until(1)
        due = time.monotonic() + seconds
        await arrived.wait()
        await asyncio.sleep(due - time.monotonic())
        assert receiver.pause is not None
        receiver.pause.set()
        async with asyncio.timeout(60):
            while not (row := await house.db.one(DELIVERY, webhook_id=webhook_id)) or (
                not row["attempts"]
            ):
                await asyncio.sleep(0.05)
    state: str = row["state"]
    return state


async def twin(
    house: House,
    version: str,
    ends_after: float | None,
    arrived: asyncio.Barrier,
    *,
    older: bool = False,
) -> tuple[float, httpx.Response]:
    """How a twin fares whose first is in flight, and then done or never: its time and answer.

    The first is at another process; that of an older build holds its row, and no lock.
    """
    partner, headers = await house.partner(), {"Idempotency-Key": "k"}
    place = f"/{version}/applications"
    first = await partner.http.post(place, json=BODIES[version], headers=headers)
    took = "DELETE FROM idempotency_key WHERE client_id = $1 RETURNING *"
    await arrived.wait()  # nothing is told of what came after a transaction that still runs
    holder = await asyncpg.connect(house.settings.database_url)
    row = await holder.fetchrow(took, partner.client_id)
    assert row is not None
    transaction = holder.transaction()
    await transaction.start()
    if not older:
        lock = IdempotencyKey(partner.client_id, "k", version, b"").lock
        await holder.execute("SELECT pg_advisory_xact_lock($1)", lock)
    marks = ", ".join(f"${number + 1}" for number in range(len(row)))
    await holder.execute(f"INSERT INTO idempotency_key VALUES ({marks})", *row.values())
    started = time.monotonic()
    call = asyncio.create_task(partner.http.post(place, json=BODIES[version], headers=headers))
    if ends_after is not None:
        await asyncio.sleep(ends_after)
        await transaction.commit()
    async with asyncio.timeout(60):
        answer = await call
    await holder.close()
    if "idempotent-replayed" in answer.headers:
        assert answer.content == first.content
    return time.monotonic() - started, answer


@pytest.mark.long
async def test_whoever_waits_waits_as_long_as_was_promised(house: House) -> None:
    """A receiver just in time has taken it, one just too late has not; so for a twin's first."""
    for margin in MARGINS:
        async with sender(Reach.of(house.settings)) as post, dispatching(house, post):
            arrived = asyncio.Barrier(6 * len(BODIES))
            waiting = (_whoever_waits(house, each, arrived, margin) for each in BODIES)
            in_time = all(await asyncio.gather(*waiting))
        if in_time:
            break
    assert in_time


async def _whoever_waits(
    house: House, version: str, arrived: asyncio.Barrier, margin: float
) -> bool:
    """Whether what came so little before a bound was in time; what came after it was not."""
    within = promised(version, "deliveries", "answered_within_seconds")
    waits = promised(version, "twin_waits_seconds")
    assert (within, waits) == (deliveries.SECONDS, PATIENCE_SECONDS)
    in_time, too_late, *twins = await asyncio.gather(
        answered_after(house, version, within - margin, arrived),
        answered_after(house, version, within + margin, arrived),
        twin(house, version, waits - margin, arrived),
        twin(house, version, None, arrived),
        twin(house, version, waits - margin, arrived, older=True),
        twin(house, version, None, arrived, older=True),
    )
    assert too_late == "pending"
    status, name = promised(version, "problems", "in_progress")
    for took, refused in twins[1::2]:
        assert (refused.status_code, name in refused.text) == (status, True)
        assert waits <= took
    replayed = [each.headers.get("idempotent-replayed") for _, each in twins[::2]]
    return in_time == "delivered" and replayed == ["true", "true"]


async def _public(_host: str) -> list[Address]:
    return [ip_address("8.8.8.8")]


@VERSION
async def test_what_fails_is_tried_again_when_it_was_promised(
    house: House, sql: asyncpg.Connection, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each wait is the published one or a little more, and nothing is given up before the days."""
    monkeypatch.setattr("deploy.ops.dispatch.POLL_SECONDS", 0.02)
    schedule = promised(version, "deliveries", "retried_after_seconds")
    later = 1 + promised(version, "deliveries", "retried_later_percent") / 100
    partner, stamps = await house.partner(), []
    webhook_id = await subscribed(partner, version)
    await partner.submit()

    def refuse(request: httpx.Request) -> httpx.Response:
        stamps.append(request.headers.get("webhook-timestamp", "0"))
        return httpx.Response(500, stream=httpx.ByteStream(b""))

    async def attempted(number: int) -> Any:
        async with asyncio.timeout(60):
            while True:
                row = await sql.fetchrow("SELECT * FROM webhook_delivery")
                if row and row["attempts"] == number:
                    return row
                await asyncio.sleep(0.01)

    async with (
        httpx.AsyncClient(transport=httpx.MockTransport(refuse)) as http,
        dispatching(house, Sender(http, Reach.of(house.settings), _public)),
    ):
        for number, seconds in enumerate(schedule, 1):
            row = await attempted(number)
            assert row["state"] == "pending"
            wait = (row["next_attempt_at"] - row["last_attempt_at"]).total_seconds()
            assert seconds <= wait <= seconds * later + 0.1, number
            await sql.execute("UPDATE webhook_delivery SET next_attempt_at = now()")
        await attempted(len(schedule) + 1)
    days = promised(version, "deliveries", "tried_for_days")
    assert timedelta(seconds=sum(schedule)) >= timedelta(days=days)
    reason = await sql.fetchval("SELECT disabled_reason FROM webhook WHERE id = $1", webhook_id)
    assert reason == "failing"
    if version == "v2":
        assert abs(int(stamps[-1]) - time.time()) < 60, "signed at the attempt"


async def test_deliveries_are_kept_and_replayed_for_so_many_days(
    house: House, sql: asyncpg.Connection
) -> None:
    """A delivery of a minute less than the days is listed and replayed, an older one is not."""
    partner, kept = await house.partner(), timedelta(days=promised("v2", "deliveries_kept_days"))
    place = f"/v2/webhooks/{await subscribed(partner, 'v2')}"
    young, old = [(await partner.http.post(f"{place}/test")).json()["id"] for _ in range(2)]
    age = "UPDATE webhook_delivery SET state = 'delivered', at = $2 WHERE id = $1"
    now = datetime.now(UTC)
    await sql.execute(age, young, now - kept + MINUTE)
    await sql.execute(age, old, now - kept - MINUTE)
    await house.db.write(webhooks.sweep)
    listed = (await partner.get(f"{place}/deliveries"))["data"]
    assert [each["id"] for each in listed] == [young]
    for since, status in ((now - kept + MINUTE, 202), (now - kept - MINUTE, 422)):
        body = {"since": since.isoformat()}
        assert (await partner.http.post(f"{place}/replay", json=body)).status_code == status


async def test_the_secret_before_signs_for_so_many_hours(
    house: House, sql: asyncpg.Connection
) -> None:
    """A minute before the hours are over two secrets sign, a minute after them one."""
    grace = timedelta(hours=promised("v2", "old_secret_signs_hours"))
    partner = await house.partner()
    webhook_id = await subscribed(partner, "v2")
    await partner.http.post(f"/v2/webhooks/{webhook_id}/rotate-secret")
    signatures = []
    for passed in (grace - MINUTE, 2 * MINUTE):
        await sql.execute(
            "UPDATE webhook SET old_secret_until = old_secret_until - $1::interval", passed
        )
        await partner.http.post(f"/v2/webhooks/{webhook_id}/test")
        (due,) = await house.db.write(lambda tx: webhooks.claim(tx, ("v2",), webhooks.Room(1, 9)))
        signatures.append(len(due.secrets))
    assert signatures == [2, 1]


async def told_by(receiver: Receiver, number: int) -> list[tuple[str, str]]:
    """Type and id of everything a receiver was told, once it is so much."""
    requests = await receiver.until(number)
    return [(each.payload["type"], each.headers["webhook-id"]) for each in requests]


async def test_news_waits_for_what_is_still_to_be_told_again(
    house: House, sql: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one event of a case waits for its next attempt, none that came after it is told."""
    monkeypatch.setattr("deploy.ops.dispatch.POLL_SECONDS", 0.05)
    partner, receiver = await house.partner(), Receiver()
    async with (
        receiving(receiver),
        sender(Reach.of(house.settings)) as post,
        dispatching(house, post),
    ):
        await subscribed(partner, "v2", receiver.url)
        receiver.status = 500
        case = await partner.submit()
        await told_by(receiver, 1)
        async with asyncio.timeout(60):
            while "0" in await sql.execute(LATER):  # once it is known that it failed
                await asyncio.sleep(0.02)
        receiver.status = 204
        await partner.http.delete(f"/v2/applications/{case}?reason=test")
        await asyncio.sleep(0.5)
        assert len(receiver.requests) == 1
        await sql.execute("UPDATE webhook_delivery SET next_attempt_at = now()")
        told = [word for word, _ in await told_by(receiver, 3)]
    assert told == ["application.received", "application.received", "application.withdrawn"]


async def test_a_receiver_is_told_in_order_and_again_when_it_asks(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In order of what happened; 410 stops it, enabled it goes on; a replay has the same ids."""
    monkeypatch.setattr("deploy.ops.dispatch.POLL_SECONDS", 0.05)
    partner, receiver, other = await house.partner(), Receiver(), Receiver()
    async with (
        receiving(receiver),
        receiving(other),
        sender(Reach.of(house.settings)) as post,
        dispatching(house, post),
    ):
        place = f"/v2/webhooks/{await subscribed(partner, 'v2', receiver.url)}"
        only = {"url": other.url, "events": ["application.withdrawn"]}
        await partner.http.post("/v2/webhooks", json=only)
        case = await partner.submit()
        await partner.upload(case, b"<a/>")
        first = await told_by(receiver, 3)
        receiver.status = 410
        await partner.http.delete(f"/v2/applications/{case}?reason=test")
        await told_by(receiver, 4)
        async with asyncio.timeout(60):
            while (await partner.get(place))["disabled_reason"] != "gone":
                await asyncio.sleep(0.05)
        receiver.status = 204
        await partner.http.patch(place, json={"enabled": True})
        told = await told_by(receiver, 5)
        assert told[3] == told[4] == ("application.withdrawn", told[3][1])
        since = {"since": f"{datetime.now(UTC) - MINUTE:%Y-%m-%dT%H:%M:%SZ}"}
        assert (await partner.http.post(f"{place}/replay", json=since)).status_code == 202
        again = (await told_by(receiver, 9))[5:]
        narrowed = await told_by(other, 1)
    assert [each for each, _ in first] == [
        "application.received",
        "application.reading",
        "document.queued",
    ]
    assert again == [*first, told[3]]
    assert [each for each, _ in narrowed] == ["application.withdrawn"]
