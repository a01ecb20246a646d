"""How a version ends: announced, browned out, and retired once nobody calls it."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from core import apps, lifecycle
from core.apps import Floor
from core.audit import SYSTEM
from core.errors import Conflict, Invalid
from core.lifecycle import Brownout
from public_api.app import VERSIONS
from public_api.v1.version import V1
from tests.builders import House

DATES = [each.dates for each in VERSIONS]


async def test_a_version_that_is_called_is_not_retired_unless_anyway(house: House) -> None:
    partner = await house.partner("Mobile Makler")
    await partner.http.get("/v1/applications", headers={"App-Version": "ios/3.2.1"})
    await house.flush_usage()
    with pytest.raises(Conflict, match=r"Mobile Makler \(ios/3\.2\.1\)"):
        await house.db.write(lambda tx: lifecycle.retire(tx, SYSTEM, DATES, "v1"))
    with pytest.raises(Invalid, match="reason"):
        await house.db.write(lambda tx: lifecycle.retire(tx, SYSTEM, DATES, "v1", anyway=True))
    assert (await partner.http.get("/v1/applications")).status_code == 200
    await house.db.write(
        lambda tx: lifecycle.retire(tx, SYSTEM, DATES, "v1", "the partner agreed", anyway=True)
    )
    await house.look_again()
    for operation in V1.operations:
        path = re.sub(r"{\w+}", "x", f"/v1{operation.path}")
        answer = await partner.http.request(operation.method, path)
        assert answer.status_code == 410
        assert answer.json()["error"]["code"] == "version_gone"
    assert (await partner.http.get("/v1/nothing")).status_code == 410
    assert (await partner.http.get("/v2/applications")).status_code == 200


async def test_in_a_brownout_it_is_gone_with_a_code_of_its_own(house: House) -> None:
    partner, now = await house.partner(), datetime.now(UTC)
    hour = timedelta(hours=1)
    await house.db.write(
        lambda tx: lifecycle.announce_brownout(
            tx, SYSTEM, DATES, Brownout("v1", now + hour, now + 2 * hour), "told", anyway=True
        )
    )
    await house.look_again()
    assert (await partner.http.get("/v1/applications")).status_code == 200
    await house.db.write(
        lambda tx: lifecycle.announce_brownout(
            tx, SYSTEM, DATES, Brownout("v1", now - hour, now + hour), "told", anyway=True
        )
    )
    await house.look_again()
    answer = await partner.http.get("/v1/applications")
    assert (answer.status_code, answer.json()["error"]["code"]) == (410, "version_brownout")


async def test_an_app_learns_whether_it_may_go_on(house: House) -> None:
    floor = Floor("ios", "3.0", "3.2.1", "Update, please.", None)
    await house.db.write(lambda tx: apps.set_floor(tx, SYSTEM, floor))
    await house.db.write(lambda tx: apps.kill(tx, SYSTEM, "ios", "3.1.7"))
    await house.look_again()
    for build, status in (
        ("3.2.1", "ok"),
        ("3.2.1.0", "ok"),
        ("3.0", "update_recommended"),
        ("2.9.9", "update_required"),
        ("3.1.7", "update_required"),
        ("noise", "ok"),
    ):
        answer = await house.http.get(f"/client-compatibility?platform=ios&version={build}")
        assert answer.json()["status"] == status, build
        assert "max-age" in answer.headers["cache-control"]
    assert answer.json() == {
        "status": "ok",
        "minimum": "3.0",
        "latest": "3.2.1",
        "message": {"en": "", "de": ""},
        "api_sunset": "2027-12-31",
    }
    partner = await house.partner()
    killed = await partner.http.get("/v2/applications", headers={"App-Version": "ios/3.1.7"})
    assert (killed.status_code, killed.json()["type"]) == (426, "/problems/upgrade-required")
