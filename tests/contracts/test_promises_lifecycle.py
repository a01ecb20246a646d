"""What is promised of how a version ends, and of who is known to call it until then."""

import asyncio
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import httpx
import pytest

from core import telemetry
from deploy.ops.seed import APP_PARTNER, app_in_the_field
from public_api.app import PublicApi
from public_api.v1.version import V1
from public_api.v2.version import V2
from public_api.versions import Version
from tests.builders import House, with_lifespan


async def test_after_the_sunset_the_whole_version_is_gone(house: House) -> None:
    """After the sunset all of v1 answers 410 in its own error body; v2 goes on."""
    past = replace(
        V1, deprecated=datetime(2025, 1, 1, tzinfo=UTC), sunset=datetime(2026, 1, 1, tzinfo=UTC)
    )
    partner = await house.partner()
    async with (
        with_lifespan(PublicApi(house.settings, (V2, past))) as served,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(served),
            base_url="http://api.test",
            headers=partner.http.headers,
        ) as http,
    ):
        for method, path in every_route(V1):
            answer = await http.request(method, path)
            assert answer.status_code == 410, path
            assert answer.json()["error"]["code"] == "version_gone"
            assert answer.headers["sunset"] == "Thu, 01 Jan 2026 00:00:00 GMT"
        assert (await http.get("/v2/applications")).status_code == 200
        assert (await http.get("/v2/openapi.json")).status_code == 200


def every_route(version: Version) -> list[tuple[str, str]]:
    """Each route of a version, its document, a path that is none and a method that is none."""
    place = f"/{version.name}"
    routes = [
        (each.method, place + re.sub(r"{\w+}", str(uuid4()), each.path))
        for each in version.operations
    ]
    odd = [("GET", "/openapi.json"), ("GET", "/nothing"), ("PUT", "/applications")]
    return routes + [(method, place + path) for method, path in odd]


@pytest.mark.unit
def test_a_sunset_before_the_deprecation_does_not_start() -> None:
    """Starting fails if a version's sunset precedes its deprecation."""
    with pytest.raises(ValueError, match="v1: its sunset precedes its deprecation"):
        replace(V1, sunset=datetime(2026, 5, 31, tzinfo=UTC))


@pytest.mark.unit
def test_the_dates_are_those_that_were_announced() -> None:
    """v1: 2024-03-01, deprecated 2026-06-01, sunset 2027-12-31; v2: 2026-06-01, without an end."""

    def dates(version: Version) -> list[str | None]:
        each = (version.published, version.deprecated, version.sunset)
        return [None if at is None else f"{at:%Y-%m-%d}" for at in each]

    assert dates(V1) == ["2024-03-01", "2026-06-01", "2027-12-31"]
    assert dates(V2) == ["2026-06-01", None, None]


async def test_measurements_have_bounded_labels(house: House) -> None:
    """Prometheus is told neither who called nor from which build."""
    partner = await house.partner("Nur Hier GmbH")
    for number in range(3):
        await partner.http.get(
            f"/v2/applications/{uuid4()}", headers={"App-Version": f"ios/9.9.{number}"}
        )
    families = list(telemetry.REQUESTS.collect())
    labels = {name for each in families for sample in each.samples for name in sample.labels}
    assert labels == {"method", "path", "status_code", "app_name", "le"}
    values = {value for each in families for one in each.samples for value in one.labels.values()}
    assert not [value for value in values if "9.9." in value or str(partner.client_id) in value]


async def test_a_version_is_retired_once_the_demos_app_no_longer_calls_it(
    house: House, database: str
) -> None:
    """`beleg versions retire v1` refuses while a live client calls it, and names who; then not."""
    app = house.caller(await app_in_the_field(house.db))
    assert (await app.get("/v1/applications")).status_code == 200
    refused = await beleg(database, "versions", "retire", "v1")
    assert refused.returncode == 1
    for build in ("android/3.1.4", "ios/2.9.0", "ios/3.2.1"):
        assert f"{APP_PARTNER} ({build})" in refused.stderr
    assert (await app.get("/v1/applications")).status_code == 200
    house.api.dependencies.call_counter._calls.clear()  # type: ignore[union-attr]
    connection = await asyncpg.connect(database)
    await connection.execute("UPDATE usage SET day = day - 31")
    await connection.close()
    retired = await beleg(database, "versions", "retire", "v1")
    assert retired.returncode == 0, retired.stderr
    await house.look_again()
    for method, path in every_route(V1):
        answer = await app.request(method, path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (410, "version_gone"), path
        assert set(answer.json()["error"]) == {"code", "message"}
    assert (await app.get("/v2/applications")).status_code == 200


async def test_who_retires_a_version_anyway_says_why_and_it_is_kept(
    house: House, database: str
) -> None:
    """`--anyway --reason` is written to the audit log."""
    await app_in_the_field(house.db)
    assert (await beleg(database, "versions", "retire", "v1", "--anyway")).returncode == 1
    words = ("--anyway", "--reason", "all were told")
    assert (await beleg(database, "versions", "retire", "v1", *words)).returncode == 0
    connection = await asyncpg.connect(database)
    detail = await connection.fetchval(
        "SELECT detail FROM audit_entry WHERE action = 'version.retired'"
    )
    await connection.close()
    assert "all were told" in str(detail)


async def beleg(database: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command as an operator does."""
    return await asyncio.to_thread(
        subprocess.run,
        (sys.executable, "-m", "deploy.ops.cli", *words),
        env={**os.environ, "BELEG_DATABASE_URL": database},
        capture_output=True,
        text=True,
        check=False,
    )
