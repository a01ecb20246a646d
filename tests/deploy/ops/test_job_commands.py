"""What operators see of jobs that failed on us, and how they let them go on."""

import json

import asyncpg
import pytest

from core import audit
from deploy.ops import trying
from tests.builders import House, company, statements
from tests.deploy.ops.test_steering import beleg


async def test_a_held_job_is_listed_with_its_reason_and_let_go_by_its_number(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug over Muster GmbH")

    assert "No job has failed" in (await beleg(house, "job", "list")).output
    partner = await house.partner()
    case = await partner.submit()
    document = await partner.upload(case, statements(company(1, months=3))[0])
    with monkeypatch.context() as patch:
        patch.setattr("core.reading.job.statements.assemble", broken)
        patch.setattr(trying, "TRIES_OF_OURS", 1)
        await house.work()
    listed = await beleg(house, "job", "list")
    assert f"read_document {document}: held" in listed.output
    assert "RuntimeError" in listed.output
    assert "Muster GmbH" not in listed.output
    (told,) = json.loads((await beleg(house, "job", "list", "--json")).output)["jobs"]
    assert (told["job"], told["subject"], told["state"]) == ("read_document", document, "held")
    for words in ((), ("7", "--all")):
        assert (await beleg(house, "job", "retry", *words)).exit_code == 2
    unknown = await beleg(house, "job", "retry", "4711")
    assert (unknown.exit_code, "There is no such job" in unknown.output) == (1, True)
    let_go = await beleg(house, "job", "retry", str(told["id"]))
    assert (let_go.exit_code, "Let go: 1" in let_go.output) == (0, True)
    await house.work()
    path = f"/v2/applications/{case}/documents/{document}"
    assert (await partner.get(path))["status"] == "read"
    actions = [each.action for each in await audit.history(house.db, audit.NO_RECORD)]
    assert "jobs.retried" in actions
    assert json.loads((await beleg(house, "job", "retry", "--all", "--json")).output) == {
        "jobs": []
    }


async def test_a_job_that_waits_for_its_next_try_is_listed_and_tried_at_once(
    house: House,
) -> None:
    partner = await house.partner()
    document = await partner.upload(await partner.submit(), b"<more/>")
    connection = await asyncpg.connect(house.settings.database_url)
    await connection.execute(
        "UPDATE pgqueuer SET attempts = 9, execute_after = now() + interval '1 hour'"
    )
    listed = await beleg(house, "job", "list")
    assert f"read_document {document}: next try " in listed.output
    assert "Held jobs" not in listed.output
    assert (await beleg(house, "job", "retry", document)).exit_code == 0
    left = await connection.fetchval(
        "SELECT count(*) FROM pgqueuer WHERE execute_after > now() OR attempts > 0"
    )
    await connection.close()
    assert left == 0
