"""What is promised of secrets and keys that follow one another: each counts until its own time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from standardwebhooks.webhooks import Webhook as Library
from standardwebhooks.webhooks import WebhookVerificationError

from core import clients
from core.audit import SYSTEM
from tests.builders import House, Partner
from tests.contracts.exchange import Reply
from tests.contracts.postbox import Postbox
from tests.contracts.promised import promised

URL = "https://hooks.partner.test/"


async def rotated(partner: Partner, hook: dict[str, Any]) -> dict[str, Any]:
    """A webhook's next secret, and until when the one before counts."""
    answer = await partner.http.post(f"/v2/webhooks/{hook['id']}/rotate-secret")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def delivered(house: House, partner: Partner, hook: dict[str, Any]) -> Reply:
    """A delivery as it would be sent."""
    await partner.http.post(f"/v2/webhooks/{hook['id']}/test")
    status, headers, body = await Postbox().next(house, URL)
    return Reply(status, [f"{name}: {value}" for name, value in headers], body)


def verifies(secret: str, delivery: Reply) -> bool:
    """Whether a receiver that knows this secret believes a delivery."""
    headers = dict(each.split(": ", 1) for each in delivery.headers)
    try:
        Library(secret).verify(delivery.body, headers)
    except WebhookVerificationError:
        return False
    return True


async def test_every_secret_signs_until_its_own_time_however_often_it_is_rotated(
    house: House, database: str
) -> None:
    """A secret signs for 24 h after it was followed, also where others follow meanwhile."""
    partner = await house.partner()
    hook = (await partner.http.post("/v2/webhooks", json={"url": URL})).json()
    secrets = [hook["secret"]]
    for _ in range(3):
        fresh = await rotated(partner, hook)
        secrets.append(fresh["secret"])
        until = datetime.fromisoformat(fresh["previous_valid_until"])
        assert timedelta(hours=23) < until - datetime.now(UTC) <= timedelta(hours=24)
    delivery = await delivered(house, partner, hook)
    assert [verifies(each, delivery) for each in secrets] == [True] * 4
    # A day after the second rotation, and before one after the third.
    connection = await asyncpg.connect(database)
    await connection.execute("UPDATE webhook SET older_secrets_until = array[now(), now()]")
    await connection.close()
    delivery = await delivered(house, partner, hook)
    assert [verifies(each, delivery) for each in secrets] == [False, False, True, True]


async def test_ten_secrets_sign_at_once_and_no_more_are_given(house: House, database: str) -> None:
    """Beyond ten secrets that count, `rotate-secret` is `409` until the oldest has run out."""
    partner = await house.partner()
    hook = (await partner.http.post("/v2/webhooks", json={"url": URL})).json()
    secrets, most = [hook["secret"]], promised("v2", "signing_secrets")
    while len(secrets) < most:
        secrets.append((await rotated(partner, hook))["secret"])
    refused = await partner.http.post(f"/v2/webhooks/{hook['id']}/rotate-secret")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/too-many-secrets")
    delivery = await delivered(house, partner, hook)
    assert [verifies(each, delivery) for each in secrets] == [True] * most
    connection = await asyncpg.connect(database)
    await connection.execute(
        f"UPDATE webhook SET older_secrets_until[{most - 2}] = now() - interval '1 s'"
    )
    await connection.close()
    secrets.append((await rotated(partner, hook))["secret"])
    delivery = await delivered(house, partner, hook)
    assert [verifies(each, delivery) for each in secrets] == [False] + [True] * most


async def key_after(house: House, old: clients.ApiKey, grace: timedelta) -> str:
    """A client's next key, as an operator has it rotated."""
    return await house.db.write(lambda tx: clients.rotate(tx, SYSTEM, old.id, grace))


@pytest.mark.parametrize("graces", [(24, 24), (24, 1), (1, 24)])
async def test_every_key_opens_until_its_own_time_however_often_keys_are_rotated(
    house: House, graces: tuple[int, int]
) -> None:
    """A key that was followed works until its grace ends, also where others follow meanwhile."""
    partner = await house.partner()
    keys = [partner.key]
    for hours in graces:
        newest = (await clients.keys_of(house.db, partner.client_id))[-1]
        keys.append(await key_after(house, newest, timedelta(hours=hours)))
    for key in keys:
        assert (await house.caller(key).get("/v2/applications")).status_code == 200
    *followed, last = await clients.keys_of(house.db, partner.client_id)
    assert last.expires_at is None
    for old, hours in zip(followed, graces, strict=True):
        assert old.expires_at is not None
        left = old.expires_at - datetime.now(UTC)
        assert timedelta(hours=hours) - timedelta(minutes=1) < left <= timedelta(hours=hours)
