"""What a partner's receiver gets from a running worker, whatever happens to either of them."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from standardwebhooks.webhooks import Webhook as Library
from standardwebhooks.webhooks import WebhookVerificationError
from structlog.testing import CapturingLogger

from core import telemetry, webhooks
from core.clients import Scope
from core.keys import KeyRing
from core.query import Query
from core.vault import NO_VAULT, Vault
from core.webhooks import Attempt
from deploy.ops import dispatch
from deploy.ops.dispatch import Dispatcher
from public_api.addresses import Reach
from public_api.app import VERSIONS
from public_api.deliveries import Sender, sender
from tests.builders import House, Partner, part, running
from tests.deploy.ops.test_steering import beleg
from tests.receiver import ReceivedRequest, Receiver, receiving

SOON = (timedelta(milliseconds=100),) * 999
LONG, SLOW = 90.0, 0.3  # seconds: longer than a test looks, and than a receiver may take
EXPIRE = Query("UPDATE webhook_delivery SET next_attempt_at = now()", (), {})
PENDING = Query("SELECT count(*) AS n FROM webhook_delivery WHERE state = 'pending'", (), {})
DELIVERED = Query("SELECT count(*) AS n FROM webhook_delivery WHERE state = 'delivered'", (), {})
YEN = {"amount": {"value": "5000000", "currency": "JPY"}}
TEN_TRILLION = {"amount": {"value": "10000000000000.00", "currency": "EUR"}}


@pytest.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[House]:
    """An instance whose webhooks may point to this machine."""
    async with running(database, tmp_path, webhook_allow_private=True) as instance:
        yield instance


@pytest.fixture(autouse=True)
def short_poll_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for news more often than costs little."""
    monkeypatch.setattr("deploy.ops.dispatch.POLL_SECONDS", 0.05)


@asynccontextmanager
async def dispatching(
    house: House, schedule: tuple[timedelta, ...] = SOON, vault: Vault = NO_VAULT
) -> AsyncIterator[None]:
    """A dispatcher at work for as long as the block lasts."""
    stopping = asyncio.Event()
    async with sender(Reach.of(house.settings)) as post:
        dispatcher = asyncio.create_task(
            Dispatcher(house.db, post, VERSIONS, schedule, vault=vault).run(stopping)
        )
        try:
            yield
        finally:
            stopping.set()
            await dispatcher


async def subscribed(partner: Partner, url: str, **more: Any) -> dict[str, Any]:
    """A new webhook of version 2, as it was answered."""
    answer = await partner.http.post("/v2/webhooks", json={"url": url, **more})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def settled(house: House) -> None:
    """Return once nothing is pending any more."""
    async with asyncio.timeout(60):
        while (row := await house.db.one(PENDING)) and row["n"]:
            await asyncio.sleep(0.02)


async def attempted(partner: Partner, webhook_id: str) -> Any:
    """The newest delivery, once it was attempted."""
    async with asyncio.timeout(60):
        while True:
            found = await partner.get(f"/v2/webhooks/{webhook_id}/deliveries?limit=1")
            if found["data"] and found["data"][0]["attempts"]:
                return found["data"][0]
            await asyncio.sleep(0.02)


def types_by_application(requests: list[ReceivedRequest]) -> dict[str, list[str]]:
    """The types of what was told of each application, in order."""
    deliveries: dict[str, list[str]] = {}
    for each in requests:
        deliveries.setdefault(each.payload["data"]["application"]["id"], []).append(
            each.payload["type"]
        )
    return deliveries


async def test_a_receiver_that_was_down_gets_everything_in_order_once_it_is_back(
    house: House,
) -> None:
    partner, receiver = await house.partner(), Receiver()
    async with receiving(receiver):
        pass  # its port is known, and nobody listens there now
    hook = await subscribed(partner, receiver.url)
    cases = [await partner.submit() for _ in range(3)]
    async with dispatching(house):
        await attempted(partner, hook["id"])
        for case in cases:
            await partner.upload(case, b"<a/>")
            await partner.http.delete(f"/v2/applications/{case}?reason=test")
        async with asyncio.timeout(60):
            while not (row := await house.db.one(PENDING)) or row["n"] < 12:
                await asyncio.sleep(0.02)
        receiver.status = 503
        async with receiving(receiver):
            await receiver.until(2)
            refused = len(receiver.requests)
            receiver.status = 200
            await settled(house)
    deliveries = types_by_application(receiver.requests[refused:])
    whole = ["received", "reading", "withdrawn"]
    for case in cases:
        of_documents = deliveries[case].index("document.queued")
        assert of_documents == 2
        del deliveries[case][of_documents]
        assert deliveries[case] == [f"application.{each}" for each in whole]
    ids = [each.headers["webhook-id"] for each in receiver.requests[refused:]]
    feed = await partner.get("/v2/events?limit=100")
    assert sorted(ids) == sorted(each["id"] for each in feed["data"])


async def test_a_signature_verifies_with_the_public_library(house: House) -> None:
    partner = await house.partner()
    async with receiving() as receiver:
        hook = await subscribed(partner, receiver.url)
        case = await partner.submit(external_reference="B-7")
        async with dispatching(house):
            (request,) = await receiver.until(1)
            await settled(house)
    body: Any = Library(hook["secret"]).verify(request.body, request.headers)
    assert body["type"] == "application.received"
    assert body["data"]["application"] == await partner.get(f"/v2/applications/{case}")
    assert request.headers["beleg-version"] == "v2"
    assert request.line == "POST /hook?token=hush HTTP/1.1"
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    with pytest.raises(WebhookVerificationError):
        Library(hook["secret"]).verify(request.body + b" ", request.headers)


async def test_both_secrets_verify_while_one_follows_the_other(house: House) -> None:
    partner = await house.partner()
    async with receiving() as receiver:
        hook = await subscribed(partner, receiver.url)
        rotated = await partner.http.post(f"/v2/webhooks/{hook['id']}/rotate-secret")
        fresh = rotated.json()["secret"]
        assert fresh != hook["secret"]
        until = datetime.fromisoformat(rotated.json()["previous_valid_until"])
        assert timedelta(hours=23) < until - datetime.now(UTC) <= timedelta(hours=24)
        async with dispatching(house):
            await partner.http.post(f"/v2/webhooks/{hook['id']}/test")
            (request,) = await receiver.until(1)
            await settled(house)
    for secret in (hook["secret"], fresh):
        Library(secret).verify(request.body, request.headers)
    assert request.payload == {
        "type": "webhook.test",
        "timestamp": request.payload["timestamp"],
        "data": {},
    }


async def test_a_callback_of_version_1_carries_the_whole_object_and_its_signature(
    house: House,
) -> None:
    partner = await house.partner()
    async with receiving() as receiver:
        answer = await partner.http.post(
            "/v1/callbacks", json={"url": receiver.url, "secret": "geheim"}
        )
        assert answer.status_code == 201
        case = await partner.submit(external_reference="A-1")
        await partner.submit(**YEN)
        await partner.submit(**TEN_TRILLION)
        async with dispatching(house):
            await receiver.until(1)
            await partner.http.delete(f"/v1/applications/{case}")
            first, last = await receiver.until(2)
            await settled(house)
    shown = await partner.http.get(f"/v1/applications/{case}")
    assert last.body == shown.content
    assert (first.payload["status"], last.payload["status"]) == ("pending", "rejected")
    digest = hmac.new(b"geheim", last.body, hashlib.sha256).hexdigest()
    assert last.headers["x-signature"] == f"sha256={digest}"
    assert "webhook-signature" not in last.headers
    assert len(receiver.requests) == 2  # version 1 has no words for the others


async def test_what_a_killed_worker_was_sending_is_sent_by_the_next(
    house: House, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELEG_WEBHOOK_ALLOW_PRIVATE", "true")
    partner, pause = await house.partner(), asyncio.Event()
    async with receiving(Receiver(pause=pause)) as receiver:
        await subscribed(partner, receiver.url)
        async with part("worker", database, house.folder) as worker:
            cases = [await partner.submit() for _ in range(6)]
            await receiver.until(4)
            await worker.kill()
        cut_short = len(receiver.requests)
        pause.set()
        log = worker.log.read_text()
        await house.db.write(lambda tx: tx.run(EXPIRE))  # as if the attempts' time were over
        async with dispatching(house):
            await settled(house)
        ids = [each.headers["webhook-id"] for each in receiver.requests]
        assert set(types_by_application(receiver.requests)) == set(cases)
        assert len(set(ids)) == 6
        assert len(ids) == 6 + cut_short  # those came once more
    assert "hush" not in log
    assert "whsec" not in log


async def test_nothing_secret_is_in_the_log(
    house: House, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELEG_WEBHOOK_ALLOW_PRIVATE", "true")
    monkeypatch.setenv("BELEG_LOG_LEVEL", "DEBUG")
    partner = await house.partner()
    async with receiving() as receiver, part("worker", database, house.folder) as worker:
        hook = await subscribed(partner, receiver.url)
        await partner.submit()
        (request,) = await receiver.until(1)
        await settled(house)
        async with asyncio.timeout(60):
            while '"event":"webhook_told"' not in (log := worker.log.read_text()):
                await asyncio.sleep(0.02)
    secret = base64.b64decode(hook["secret"].removeprefix("whsec_"))
    assert hook["id"] in log
    for hidden in ("hush", hook["secret"], repr(secret), request.headers["webhook-signature"]):
        assert hidden not in log
    assert "Muster Werkzeugbau" not in log


async def test_two_workers_send_each_once_and_in_order(house: House) -> None:
    partner = await house.partner()
    async with receiving() as receiver:
        await subscribed(partner, receiver.url)
        async with dispatching(house), dispatching(house):
            cases = [await partner.submit() for _ in range(10)]
            for case in cases:
                await partner.http.delete(f"/v2/applications/{case}?reason=test")
            await receiver.until(20)
            await settled(house)
    assert len(receiver.requests) == 20
    for deliveries in types_by_application(receiver.requests).values():
        assert deliveries == ["application.received", "application.withdrawn"]


async def test_a_dead_receiver_holds_up_nobody_else(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.ops.dispatch.MOST_AT_ONCE", 6)
    monkeypatch.setattr("public_api.deliveries.SECONDS", LONG)  # it is never given up
    slow, quick = await house.partner("Langsam"), await house.partner("Flink")
    pause = asyncio.Event()
    async with receiving(Receiver(pause=pause)) as dead, receiving() as alive:
        await subscribed(slow, dead.url)
        await subscribed(quick, alive.url)
        for _ in range(8):
            await slow.submit()
        async with dispatching(house):
            await dead.until(4)
            await quick.submit()
            await alive.until(1)
            assert len(dead.requests) == 4
            pause.set()


async def answered_late(dead: Receiver) -> asyncio.Event:
    """What a silent receiver has heard is answered, slowly; what comes then waits for this."""
    seen = 0
    while seen < len(dead.requests):  # none of it has come just now, and would be answered soon
        seen = len(dead.requests)
        await asyncio.sleep(2 * SLOW)
    assert dead.pause is not None
    heard, dead.pause = dead.pause, asyncio.Event()
    heard.set()
    return dead.pause


async def test_twenty_silent_receivers_of_one_partner_delay_no_other(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("public_api.deliveries.SECONDS", LONG)  # they are never given up
    monkeypatch.setattr("deploy.ops.dispatch.SLOW_SECONDS", SLOW)
    silent, other = await house.partner("Schweiger"), await house.partner("Andere")
    pause = asyncio.Event()
    async with receiving(Receiver(pause=pause)) as dead, receiving() as alive:
        for _ in range(20):
            await subscribed(silent, dead.url)
        await subscribed(other, alive.url)
        for _ in range(10):
            await silent.submit()
        async with dispatching(house):
            await dead.until(8)
            assert len(dead.requests) == 8  # more are not under way for one partner
            await other.submit()
            await alive.until(1)
            pause = await answered_late(dead)
            await dead.until(8 + 8 + 1)  # of others as many, and the slow ones beside them
            await other.submit()
            await alive.until(2)
            assert len(dead.requests) <= 8 + 12  # from then on each is asked one at a time
            pause.set()


async def test_a_partners_own_silent_receivers_delay_its_quick_one_little(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once it is known which are silent, they take no place of the quick one's."""
    monkeypatch.setattr("public_api.deliveries.SECONDS", LONG)  # they are never given up
    monkeypatch.setattr("deploy.ops.dispatch.SLOW_SECONDS", SLOW)
    partner, pause = await house.partner(), asyncio.Event()
    async with receiving(Receiver(pause=pause)) as dead, receiving() as alive:
        for _ in range(6):
            await subscribed(partner, dead.url)
        for _ in range(12):
            await partner.submit()
        async with dispatching(house):
            await dead.until(6)
            pause = await answered_late(dead)
            heard = len(dead.requests)
            async with asyncio.timeout(60):
                while (row := await house.db.one(DELIVERED)) is None or row["n"] < heard:
                    await asyncio.sleep(0.02)
            monkeypatch.setattr("deploy.ops.dispatch.SLOW_SECONDS", LONG)  # nor is the quick one
            await subscribed(partner, alive.url)
            for _ in range(12):
                await partner.submit()
            await alive.until(12)
            pause.set()


async def test_a_receiver_that_says_410_is_disabled_and_told_on_once_it_is_enabled(
    house: House,
) -> None:
    partner = await house.partner()
    async with receiving(Receiver(status=410)) as receiver:
        hook = await subscribed(partner, receiver.url)
        place = f"/v2/webhooks/{hook['id']}"
        case = await partner.submit()
        async with dispatching(house):
            await receiver.until(1)
            async with asyncio.timeout(60):
                while (now := await partner.get(place))["enabled"]:
                    await asyncio.sleep(0.02)
            assert now["disabled_reason"] == "gone"
            await partner.http.delete(f"/v2/applications/{case}?reason=test")
            assert len(receiver.requests) == 1
            receiver.status = 200
            again = await partner.http.patch(place, json={"enabled": True})
            assert (again.json()["enabled"], again.json()["disabled_reason"]) == (True, None)
            await receiver.until(3)
            await settled(house)
    assert types_by_application(receiver.requests[1:])[case] == [
        "application.received",
        "application.withdrawn",
    ]


async def test_a_replay_and_a_redelivery_come_under_the_same_ids(house: House) -> None:
    partner = await house.partner()
    start = datetime.now(UTC).isoformat()
    async with receiving() as receiver:
        hook = await subscribed(partner, receiver.url)
        place = f"/v2/webhooks/{hook['id']}"
        case = await partner.submit()
        await partner.http.delete(f"/v2/applications/{case}?reason=test")
        async with dispatching(house):
            await receiver.until(2)
            await settled(house)
            answer = await partner.http.post(f"{place}/replay", json={"since": start})
            assert answer.status_code == 202
            await receiver.until(4)
            await settled(house)
            deliveries = (await partner.get(f"{place}/deliveries"))["data"]
            assert [each["status"] for each in deliveries] == ["delivered"] * 2
            again = f"{place}/deliveries/{deliveries[1]['id']}/redeliver"
            assert (await partner.http.post(again)).status_code == 202
            await receiver.until(5)
            await settled(house)
    ids = [each.headers["webhook-id"] for each in receiver.requests]
    assert ids == [ids[0], ids[1], ids[0], ids[1], ids[0]]


async def test_a_redirect_is_not_followed(house: House) -> None:
    partner = await house.partner()
    async with receiving() as inside, receiving(Receiver(status=307)) as receiver:
        receiver.more = f"Location: {inside.url}\r\nContent-Length: 0\r\n".encode()
        hook = await subscribed(partner, receiver.url)
        await partner.submit()
        async with dispatching(house):
            await receiver.until(2)
    (deliveries,) = (await partner.get(f"/v2/webhooks/{hook['id']}/deliveries"))["data"]
    assert (deliveries["status"], deliveries["last_status"]) == ("pending", 307)
    assert inside.requests == []


async def test_a_version_that_is_retired_tells_nothing(house: House) -> None:
    partner = await house.partner()
    async with receiving() as old, receiving() as new:
        await partner.http.post("/v1/callbacks", json={"url": old.url, "secret": "s"})
        await subscribed(partner, new.url)
        await house.db.write(
            lambda tx: tx.run(Query("INSERT INTO retired_version VALUES ('v1', now())", (), {}))
        )
        await partner.submit()
        async with dispatching(house):
            await new.until(1)
            await settled(house)
    assert old.requests == []


async def test_an_error_of_ours_is_tried_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> Attempt:
        raise RuntimeError("a bug")

    # As tests have not set up the logs, a traceback would be coloured in for seconds.
    monkeypatch.setattr(dispatch, "log", CapturingLogger())

    partner = await house.partner()
    async with receiving() as receiver:
        hook = await subscribed(partner, receiver.url)
        await partner.submit()
        with monkeypatch.context() as patch:
            patch.setattr(Sender, "deliver", broken)
            async with dispatching(house, (timedelta(hours=1),)):
                deliveries = await attempted(partner, hook["id"])
        assert deliveries["last_error"] == "an error of ours"
        await house.db.write(lambda tx: tx.run(EXPIRE))
        async with dispatching(house):
            await receiver.until(1)
            await settled(house)


async def test_what_came_of_attempts_is_counted(house: House) -> None:
    count = telemetry.DELIVERIES.labels("v2", "delivered")._value
    before = count.get()
    partner = await house.partner(scopes=[Scope.APPLICATIONS_WRITE, Scope.WEBHOOKS_MANAGE])
    async with receiving() as receiver:
        await subscribed(partner, receiver.url)
        await partner.submit()
        async with dispatching(house):
            await receiver.until(1)
            await settled(house)
    assert count.get() == before + 1
    assert await webhooks.waiting_seconds(house.db, ["v2"]) == 0
    assert telemetry.DELIVERY_DUE._value.get() < 60


KEY, GONE = f"here:{'A' * 43}=", f"gone:{'B' * 43}="
RESEAL = Query("UPDATE webhook SET secret = $1 WHERE id = $2", ("secret", "id"), {})


async def test_a_webhook_whose_key_is_gone_waits_alone_and_is_named_in_log_metric_and_command(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = CapturingLogger()  # what commands have configured in this process is cached
    monkeypatch.setattr(dispatch, "log", log)
    async with (
        running(database, tmp_path, webhook_allow_private=True, secret_keys=KEY) as house,
        receiving() as receiver,
    ):
        partner = await house.partner()
        lost, fine = [await subscribed(partner, receiver.url) for _ in range(2)]
        secret = Vault(KeyRing.parse(GONE)).sealed(b"s", UUID(lost["id"]))
        await house.db.write(lambda tx: tx.run(RESEAL, secret=secret, id=lost["id"]))
        for each in (lost, fine):
            await partner.http.post(f"/v2/webhooks/{each['id']}/test")
        async with dispatching(house, vault=Vault(KeyRing.parse(KEY))):
            await attempted(partner, fine["id"])
        assert len(receiver.requests) == 1
        (named,) = [each.kwargs for each in log.calls if each.args == ("webhook_not_opened",)]
        assert (named["webhook_id"], named["key"]) == (lost["id"], "gone")
        assert telemetry.WEBHOOKS_UNOPENED._value.get() == 1
        listed = (await beleg(house, "webhook", "list", BELEG_SECRET_KEYS=KEY)).stdout.splitlines()
        told = {line.split()[0]: line.partition("told nothing: ")[2] for line in listed}
        assert "the key gone" in told[lost["id"]]
        assert not told[fine["id"]]
