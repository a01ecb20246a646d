"""Partners' webhook secrets lie in the database sealed, and deliveries are signed all the same."""

from base64 import b64decode
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from core import webhooks
from core.errors import Unavailable
from core.ids import new_id
from core.keys import NO_KEYS, KeyRing
from core.query import Query
from core.vault import MARK, Vault
from core.webhooks import DueDelivery
from tests.builders import House, Partner, running

FIRST = f"2026-01:{'A' * 43}="
NEXT = f"2026-02:{'B' * 43}="
URL = "https://hooks.partner.test/"
OLD_BUILD = """INSERT INTO live_build (process, part, build, requires, uses, started_at, seen_at)
VALUES (gen_random_uuid(), 'worker', '0.1.0', '{0001}', '{}', now(), now())"""
SEALED_ANEW = Query("UPDATE webhook SET secret = $1 WHERE id = $2", ("secret", "id"), {})
STORED = Query("SELECT secret, old_secret, older_secrets FROM webhook", (), {})
ANSWERS = Query("SELECT body FROM idempotency_key", (), {})


@pytest.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[House]:
    """An instance that has a key for secrets."""
    async with running(database, tmp_path, secret_keys=FIRST) as instance:
        yield instance


def vault(*keys: str) -> Vault:
    return Vault(KeyRing.parse(" ".join(keys)))


async def created(partner: Partner, key: str = "once") -> dict[str, str]:
    """A new webhook, as the partner was told of it."""
    headers = {"Idempotency-Key": key}
    answer = await partner.http.post("/v2/webhooks", json={"url": URL}, headers=headers)
    assert answer.status_code == 201, answer.text
    body: dict[str, str] = answer.json()
    return body


async def sealed_by(house: House, keys: Vault, hook: dict[str, str]) -> None:
    """Have the secret `s` of a webhook lie sealed with the newest of some keys."""
    secret = keys.sealed(b"s", UUID(hook["id"]))
    await house.db.write(lambda tx: tx.run(SEALED_ANEW, secret=secret, id=hook["id"]))


def plain(hook: dict[str, str]) -> bytes:
    return b64decode(hook["secret"].removeprefix("whsec_"))


async def claimed(house: House, keys: Vault) -> list[DueDelivery]:
    return await house.db.write(
        lambda tx: webhooks.claim(tx, ("v1", "v2"), webhooks.Room(9, 9), keys)
    )


async def everything(house: House) -> bytes:
    """All that lies in the database of webhooks and of stored answers."""
    rows = [*await house.db.all(STORED), *await house.db.all(ANSWERS)]
    return repr([dict(row) for row in rows]).encode() + b"".join(
        each for row in await house.db.all(ANSWERS) for each in (row["body"],)
    )


async def test_a_dump_of_the_database_has_no_secret_and_a_retry_gets_the_same_bytes(
    house: House,
) -> None:
    partner = await house.partner()
    hook = await created(partner)
    rotate = f"/v2/webhooks/{hook['id']}/rotate-secret"
    headers = {"Idempotency-Key": "twice"}
    first = await partner.http.post(rotate, headers=headers)
    again = await partner.http.post(rotate, headers=headers)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content
    assert await created(partner) == hook
    stored = await everything(house)
    for said in (hook["secret"], first.json()["secret"]):
        assert said.encode() not in stored
        assert said.removeprefix("whsec_").encode() not in stored
    rows = await house.db.all(STORED)
    assert all(row["secret"].startswith(MARK) for row in rows)
    await partner.http.post(f"/v2/webhooks/{hook['id']}/test")
    due, *_ = await claimed(house, vault(FIRST))
    assert due.secrets == (plain(first.json()), plain(hook))


async def test_v1_callbacks_are_sealed_too(house: House) -> None:
    partner = await house.partner()
    told = {"url": URL, "secret": "what only we two know"}
    headers = {"Idempotency-Key": "one"}
    for _ in range(2):
        answer = await partner.http.post("/v1/callbacks", json=told, headers=headers)
        assert answer.status_code == 201
    assert b"what only we two know" not in await everything(house)


async def test_beside_a_build_that_cannot_open_them_secrets_stay_as_they_were_until_it_is_gone(
    house: House, database: str
) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute(OLD_BUILD)
    hook = await created(await house.partner())
    assert [row["secret"] for row in await house.db.all(STORED)] == [plain(hook)]
    assert hook["secret"].encode() in await everything(house), "the older build replays it"
    seal = vault(FIRST)
    assert await house.db.write(lambda tx: webhooks.seal_secrets(tx, seal)) == 0
    await connection.execute("UPDATE live_build SET seen_at = now() - interval '8 days'")
    await connection.close()
    assert await house.db.write(lambda tx: webhooks.seal_secrets(tx, seal)) == 1
    assert await house.db.write(lambda tx: webhooks.seal_secrets(tx, seal)) == 0
    assert await webhooks.count_secrets(house.db) == {"2026-01": 1}


async def test_keys_follow_one_another_and_the_old_one_may_go_once_all_is_sealed_anew(
    house: House,
) -> None:
    partner = await house.partner()
    hook = await created(partner)
    await partner.http.post(f"/v2/webhooks/{hook['id']}/test")
    both = vault(NEXT, FIRST)
    assert await house.db.write(lambda tx: webhooks.seal_secrets(tx, both)) == 1
    assert await webhooks.count_secrets(house.db) == {"2026-02": 1}
    assert await claimed(house, vault(FIRST)) == []
    due, *_ = await claimed(house, vault(NEXT))
    assert due.secrets == (plain(hook),), "nothing was claimed without the key"


async def test_a_secret_whose_key_is_gone_keeps_no_other_webhook_waiting_and_is_told_by_name(
    house: House,
) -> None:
    lost, fine = await house.partner(), await house.partner()
    its_hook, hook = await created(lost), await created(fine)
    both = vault(NEXT, FIRST)
    await sealed_by(house, both, its_hook)
    for partner, each in ((lost, its_hook), (fine, hook)):
        await partner.http.post(f"/v2/webhooks/{each['id']}/test")
    (due,) = await claimed(house, vault(FIRST))
    assert due.secrets == (plain(hook),)
    (waiting,) = await webhooks.list_unopened(house.db, vault(FIRST))
    assert (str(waiting.id), waiting.key) == (its_hook["id"], "2026-02")
    assert "2026-02" in waiting.reason
    assert "rotate" in waiting.reason
    (due,) = await claimed(house, both)
    assert due.secrets == (b"s",), "nothing was lost meanwhile"


async def test_a_rotation_has_a_webhook_told_again_whose_secret_no_key_opens(house: House) -> None:
    partner = await house.partner()
    hook = await created(partner)
    await sealed_by(house, vault(NEXT), hook)
    fresh = await partner.http.post(f"/v2/webhooks/{hook['id']}/rotate-secret")
    await partner.http.post(f"/v2/webhooks/{hook['id']}/test")
    (due,) = await claimed(house, vault(FIRST))
    assert due.secrets == (plain(fresh.json()),)
    assert await webhooks.list_unopened(house.db, vault(FIRST)) == []


async def test_a_key_that_has_the_name_of_the_right_one_keeps_only_its_own_webhook_waiting(
    house: House,
) -> None:
    partner = await house.partner()
    first, second = await created(partner, "one"), await created(partner, "two")
    other = vault(FIRST.replace("A", "C"))
    await sealed_by(house, other, first)
    for each in (first, second):
        await partner.http.post(f"/v2/webhooks/{each['id']}/test")
    (due,) = await claimed(house, vault(FIRST))
    assert str(due.webhook_id) == second["id"]
    assert [str(each.id) for each in await webhooks.list_unopened(house.db, vault(FIRST))] == [
        first["id"]
    ]


async def test_secrets_are_sealed_anew_beside_one_that_no_key_opens(house: House) -> None:
    partner = await house.partner()
    lost, _ = await created(partner, "one"), await created(partner, "two")
    gone = vault(FIRST.replace("2026-01", "gone"))
    await sealed_by(house, gone, lost)
    seal = vault(NEXT, FIRST)
    assert await house.db.write(lambda tx: webhooks.seal_secrets(tx, seal)) == 1
    assert await house.db.write(lambda tx: webhooks.seal_secrets(tx, seal)) == 0
    assert await webhooks.count_secrets(house.db) == {"gone": 1, "2026-02": 1}


def test_what_is_sealed_opens_in_its_own_place_and_unchanged_only() -> None:
    keys, place = vault(FIRST), new_id()
    sealed = keys.sealed(b"secret", place)
    assert keys.open(sealed, place) == b"secret"
    with pytest.raises(Unavailable):
        keys.open(sealed, new_id())
    with pytest.raises(Unavailable):
        keys.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), place)
    assert Vault(NO_KEYS).open(b"as it always was", place) == b"as it always was"


@pytest.mark.parametrize("text", ["a", "a:AAAA", "a:!", f"{FIRST} {FIRST}", ":" + "A" * 43 + "="])
def test_a_key_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"key|bytes|base64"):
        KeyRing.parse(text)
