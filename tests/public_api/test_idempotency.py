"""One key, one answer."""

import asyncio
from pathlib import Path

import asyncpg
import httpx
import pytest

from core.query import Query
from tests.builders import House, application, running

WAITING = Query("SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'", (), {})
COUNT = Query("SELECT count(*) AS n FROM application", (), {})
OLD = {"company_name": "A", "type": "LOAN", "amount_eur": 1, "duration": 1}
AGE = Query("UPDATE idempotency_key SET created_at = created_at - interval '25 hours'", (), {})


async def count(house: House) -> int:
    """How many applications there are."""
    row = await house.db.one(COUNT)
    return int(row["n"]) if row else 0


async def test_a_retry_gets_the_stored_answer_byte_for_byte(house: House) -> None:
    partner = await house.partner()
    headers = {"Idempotency-Key": "k-1"}
    first = await partner.http.post("/v2/applications", json=application(), headers=headers)
    again = await partner.http.post("/v2/applications", json=application(), headers=headers)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["location"] == first.headers["location"]
    assert await count(house) == 1


async def test_a_key_serves_one_request_of_one_version_and_one_client(house: House) -> None:
    partner, other = await house.partner(), await house.partner("Andere")
    headers = {"Idempotency-Key": "k-1"}
    await partner.http.post("/v1/applications", json=OLD, headers=headers)
    answer = await partner.http.post(
        "/v1/applications", json={**OLD, "duration": 2}, headers=headers
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "idempotency_key_reused")
    answer = await partner.http.post("/v2/applications", json=application(), headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/idempotency-key-reused")
    answer = await other.http.post("/v2/applications", json=application(), headers=headers)
    assert answer.status_code == 201


async def test_a_hundred_at_once_make_one_row_and_a_hundred_same_answers(house: House) -> None:
    partner = await house.partner()
    headers = {"Idempotency-Key": "rush"}

    async def post() -> bytes:
        answer = await partner.http.post("/v2/applications", json=application(), headers=headers)
        assert answer.status_code == 201
        return answer.content

    answers = await asyncio.gather(*(post() for _ in range(100)))
    assert len(set(answers)) == 1
    assert await count(house) == 1


async def test_what_is_refused_is_not_kept(house: House) -> None:
    partner = await house.partner()
    headers = {"Idempotency-Key": "k-2"}
    wrong = await partner.http.post(
        "/v2/applications", json=application(term_months=0), headers=headers
    )
    assert wrong.status_code == 422
    right = await partner.http.post("/v2/applications", json=application(), headers=headers)
    assert right.status_code == 201


async def test_a_key_is_free_again_after_a_day(house: House) -> None:
    partner = await house.partner()
    headers = {"Idempotency-Key": "k-3"}
    await partner.http.post("/v2/applications", json=application(), headers=headers)
    await house.db.write(lambda tx: tx.run(AGE))
    again = await partner.http.post(
        "/v2/applications", json=application(term_months=12), headers=headers
    )
    assert (again.status_code, again.json()["term_months"]) == (201, 12)


async def test_an_upload_is_the_same_whatever_its_boundary(house: House) -> None:
    partner = await house.partner()
    place = f"/v2/applications/{await partner.submit()}/documents"
    headers = {"Idempotency-Key": "up"}
    first = await partner.http.post(place, files={"file": ("a.xml", b"<a/>")}, headers=headers)
    again = await partner.http.post(place, files={"file": ("a.xml", b"<a/>")}, headers=headers)
    assert first.status_code == 202
    assert (again.status_code, again.content) == (202, first.content)
    other = await partner.http.post(place, files={"file": ("a.xml", b"<b/>")}, headers=headers)
    assert other.status_code == 422
    assert len(list((house.folder / "blobs" / "documents").iterdir())) == 1


async def test_a_retry_is_answered_as_before_though_its_case_has_been_closed(house: House) -> None:
    partner = await house.partner()
    application_id = await partner.submit()
    place = f"/v2/applications/{application_id}/documents"
    headers = {"Idempotency-Key": "late"}
    first = await partner.http.post(place, files={"file": ("a.xml", b"<a/>")}, headers=headers)
    await partner.http.delete(f"/v2/applications/{application_id}?reason=test")
    again = await partner.http.post(place, files={"file": ("a.xml", b"<a/>")}, headers=headers)
    assert (again.status_code, again.content) == (202, first.content)
    assert again.headers["idempotent-replayed"] == "true"


async def test_a_twin_waits_for_the_first_and_replays_it(house: House, database: str) -> None:
    partner = await house.partner()
    headers = {"Idempotency-Key": "twin"}

    async def post() -> httpx.Response:
        return await partner.http.post("/v2/applications", json=application(), headers=headers)

    blocker = await asyncpg.connect(database)
    await blocker.execute("BEGIN; LOCK TABLE event IN EXCLUSIVE MODE")
    twins = [asyncio.create_task(post()) for _ in range(2)]
    async with asyncio.timeout(60):
        while not (row := await house.db.one(WAITING)) or not row["n"]:
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.2)
    assert not any(each.done() for each in twins)
    # The first alone waits in the database; its twin waits without a connection.
    row = await house.db.one(WAITING)
    assert row is not None
    assert row["n"] == 1
    await blocker.execute("COMMIT")
    await blocker.close()
    answers = [await each for each in twins]
    assert {each.status_code for each in answers} == {201}
    assert answers[0].content == answers[1].content
    assert sorted("idempotent-replayed" in each.headers for each in answers) == [False, True]


async def test_a_twin_does_not_wait_for_ever(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.db.LOCK_TIMEOUT", "200ms")
    async with running(database, tmp_path) as house:
        partner = await house.partner()
        first = await asyncpg.connect(database)
        await first.execute("BEGIN")
        await first.execute(
            "INSERT INTO idempotency_key VALUES ($1, 'slow', 'v2', '', 201, '[]', '', now())",
            partner.client_id,
        )
        for version, body, code in (
            ("v2", application(), "/problems/in-progress"),
            ("v1", OLD, "in_progress"),
        ):
            answer = await partner.http.post(
                f"/{version}/applications", json=body, headers={"Idempotency-Key": "slow"}
            )
            assert answer.status_code == 409
            assert code in answer.text
        await first.close()
        assert await count(house) == 0


async def test_a_key_that_is_none_is_refused(house: House) -> None:
    partner = await house.partner()
    for key in ("", "a b", "x" * 256):
        answer = await partner.http.post(
            "/v2/applications", json=application(), headers={"Idempotency-Key": key}
        )
        assert answer.status_code == 422, key
