"""How a version ends: announced, browned out, and retired once nobody calls it."""

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import apps, lifecycle
from core.apps import Floor
from core.audit import SYSTEM
from core.db import Queryable
from core.errors import Conflict, Invalid
from core.lifecycle import Brownout, Lifecycle, VersionDates
from public_api.app import VERSIONS
from public_api.v1.version import V1
from tests.builders import House, running

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


@pytest.mark.unit
def test_which_versions_answer_is_told_by_dates_and_by_what_is_on_record() -> None:
    now, hour = datetime(2027, 1, 1, tzinfo=UTC), timedelta(hours=1)
    three = (
        VersionDates("v3", None, None),
        VersionDates("v2", now - hour, None),
        VersionDates("v1", now - 9 * hour, now + 9 * hour),
    )
    away = (Brownout("v2", now, now + hour), Brownout("v1", now + hour, now + 2 * hour))
    lives = Lifecycle(three, frozenset(), away)
    assert lives.answering(now - hour) == ["v3", "v2", "v1"]
    assert lives.answering(now) == ["v3", "v1"]
    assert lives.answering(now + hour) == ["v3", "v2"]
    assert lives.answering(now + 10 * hour) == ["v3", "v2"]
    assert lives.back_at("v2", now) == now + hour
    assert lives.back_at("v2", now + hour) is None
    assert lives.announced(now) == away
    assert lives.announced(now + hour) == away[1:]
    without = Lifecycle(three, frozenset({"v1"}), away)
    assert without.served(now) == ["v3", "v2"]
    assert without.announced(now) == away[:1]
    last = Lifecycle(three[1:], frozenset({"v2", "v1"}), away)
    assert last.answering(now) == ["v2"]
    assert last.back_at("v2", now) is None
    assert last.announced(now) == ()


async def test_only_the_next_twenty_brownouts_are_named(house: House) -> None:
    partner, day = await house.partner(), timedelta(days=1)
    start = datetime(2027, 12, 1, tzinfo=UTC)
    for number in range(25):
        await announce(house, start + number * day, start + number * day + day / 24)
    await house.look_again()
    named = (await partner.http.get("/v1/applications")).headers["beleg-brownout"].split(", ")
    assert len(named) == 20
    assert named[0] == "2027-12-01T00:00:00Z/2027-12-01T01:00:00Z"
    assert named == sorted(named)


async def test_a_page_of_another_origin_can_read_what_is_announced(
    database: str, tmp_path: Path
) -> None:
    origin = "https://app.partner.example"
    async with running(database, tmp_path, cors_origins=origin) as house:
        partner, start = await house.partner(), datetime(2027, 12, 1, tzinfo=UTC)
        await announce(house, start, start + timedelta(hours=1))
        await house.look_again()
        answer = await partner.http.get("/v1/applications", headers={"Origin": origin})
        assert answer.headers["beleg-brownout"]
        assert "Beleg-Brownout" in answer.headers["access-control-expose-headers"]
        asked = {"Origin": origin, "Access-Control-Request-Method": "GET"}
        for version, told in (("v1", True), ("v2", False)):
            place = f"/{version}/applications"
            preflight = await partner.http.request("OPTIONS", place, headers=asked)
            assert ("beleg-brownout" in preflight.headers) == told


async def test_a_change_while_one_looks_is_seen(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read before a notification is not remembered after it."""
    assert house.api.dependencies is not None
    cache, partner = house.api.dependencies.lifecycle, await house.partner()
    read, begun = lifecycle.current, asyncio.Event()

    async def read_slowly(db: Queryable, versions: Sequence[VersionDates]) -> Lifecycle:
        seen = await read(db, versions)
        if not begun.is_set():
            begun.set()
            while (await read(db, versions)).retired == seen.retired:
                await asyncio.sleep(0.01)
            cache.forget()  # as the notification does
        return seen

    monkeypatch.setattr(lifecycle, "current", read_slowly)
    cache.forget()
    looking = asyncio.create_task(partner.http.get("/v1/applications"))
    await begun.wait()
    await house.db.write(lambda tx: lifecycle.retire(tx, SYSTEM, DATES, "v1"))
    assert (await looking).status_code == 410


async def announce(house: House, starts_at: datetime, ends_at: datetime) -> None:
    """Announce a brownout of version 1."""
    window = Brownout("v1", starts_at, ends_at)
    await house.db.write(lambda tx: lifecycle.announce_brownout(tx, SYSTEM, DATES, window))


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
