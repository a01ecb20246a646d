"""Who looked at a case, took a file along or did not get in is on record, and no cache keeps it."""

import asyncio
from pathlib import Path
from typing import Any

from core import users
from core.accesses import DOWNLOADED, EXPORTED, SIGN_IN_FAILED, VIEWED
from core.audit import NO_RECORD, SYSTEM
from core.query import Query
from core.sign_in_attempts import OF_ACCOUNT
from tests.bff.conftest import screen
from tests.builders import PASSWORD, House

ENTRIES = Query(
    """SELECT action, actor_kind, subject_id, detail FROM audit_entry
    WHERE action = ANY($1) ORDER BY id""",
    ("actions",),
    {},
)


async def noted(house: House, *actions: str, least: int) -> list[dict[str, Any]]:
    """What is on record of these actions, once there is so much."""
    async with asyncio.timeout(60):
        while len(rows := await house.db.all(ENTRIES, actions=list(actions))) < least:
            await asyncio.sleep(0.05)
    return [dict(row) for row in rows]


async def test_who_looks_at_a_case_or_takes_a_file_along_is_on_record(
    house: House, tmp_path: Path
) -> None:
    partner = await house.partner()
    case_id = await partner.submit()
    document_id = await partner.upload(case_id, b"<x/>")
    uta = await house.person()
    async with screen(house, tmp_path) as page:
        await page.sign_in(uta)
        for _ in range(3):
            shown = await page.get(f"/bff/cases/{case_id}")
        for path in (f"documents/{document_id}/content", "report"):
            answer = await page.http.get(f"/bff/cases/{case_id}/{path}")
            assert answer.status_code == 200
            assert "no-store" in answer.headers["Cache-Control"]
        seen = await noted(house, VIEWED, DOWNLOADED, EXPORTED, least=3)
    assert [each["action"] for each in seen] == [VIEWED, DOWNLOADED, EXPORTED]
    assert {each["subject_id"] for each in seen} == {uta.id}
    assert {each["detail"]["application_id"] for each in seen} == {case_id}
    assert seen[1]["detail"]["document_id"] == document_id
    assert not {VIEWED, DOWNLOADED, EXPORTED} & {each["action"] for each in shown["history"]}


async def test_what_a_partner_takes_along_is_on_record(house: House) -> None:
    partner = await house.partner()
    case_id = await partner.submit()
    document_id = await partner.upload(case_id, b"<x/>")
    path = f"/v2/applications/{case_id}"
    assert (await partner.http.get(f"{path}/documents/{document_id}/content")).status_code == 200
    printed = {"Accept": "application/pdf"}
    assert (await partner.http.get(f"{path}/report", headers=printed)).status_code == 200
    await house.flush_usage()
    seen = await noted(house, DOWNLOADED, EXPORTED, least=2)
    assert [each["action"] for each in seen] == [DOWNLOADED, EXPORTED]
    assert {each["subject_id"] for each in seen} == {partner.client_id}


async def test_a_sign_in_that_failed_is_on_record_without_what_was_typed(
    house: House, tmp_path: Path
) -> None:
    uta = await house.person()
    async with screen(house, tmp_path) as page:
        for email in (uta.email, "my password"):
            for _ in range(OF_ACCOUNT.free + 1):
                said = {"email": email, "password": "guessed"}
                await page.http.post("/bff/session", json=said)
    seen = await noted(house, SIGN_IN_FAILED, least=4)  # what waits at the end is written
    counted: dict[Any, int] = {}
    for each in seen:
        key = (each["subject_id"], each["detail"]["why"])
        counted[key] = counted.get(key, 0) + each["detail"].get("times", 1)
    assert counted == {
        (uta.id, "refused"): OF_ACCOUNT.free,
        (uta.id, "throttled"): 1,
        (NO_RECORD, "refused"): OF_ACCOUNT.free,
        (NO_RECORD, "throttled"): 1,
    }
    assert "my password" not in repr(seen)


async def test_a_sign_in_of_somebody_who_may_no_more_is_on_record_as_theirs(
    house: House, tmp_path: Path
) -> None:
    uta = await house.person()
    await house.db.write(lambda tx: users.disable(tx, SYSTEM, uta.email))
    async with screen(house, tmp_path) as page:
        said = {"email": uta.email, "password": PASSWORD}
        assert (await page.http.post("/bff/session", json=said)).status_code == 401
    (seen,) = await noted(house, SIGN_IN_FAILED, least=1)
    assert seen["subject_id"] == uta.id


async def test_nothing_that_a_page_asks_for_is_kept_by_a_cache_and_tls_stays_tls(
    house: House, tmp_path: Path
) -> None:
    async with screen(house, tmp_path) as page:
        await page.sign_in(await house.person())
        for method, path in (
            ("GET", "/bff/session"),
            ("GET", "/bff/nothing"),
            ("DELETE", "/bff/session"),
        ):
            answer = await page.http.request(method, path.replace("/", "https://web.test/", 1))
            assert "no-store" in answer.headers["Cache-Control"], path
            assert "Strict-Transport-Security" in answer.headers
        plain = await page.http.get("/bff/session")
        assert "Strict-Transport-Security" not in plain.headers
