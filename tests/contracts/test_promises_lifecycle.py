"""What is promised of how a version ends, and of who is known to call it until then."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import httpx
import pytest

from core import audit, lifecycle, telemetry
from core.audit import SYSTEM
from core.errors import Conflict, Refused
from core.lifecycle import Brownout
from deploy.ops.seed import APP_PARTNER, app_in_the_field
from public_api.app import VERSIONS, PublicApi
from public_api.v1.version import V1
from public_api.v2.version import V2
from public_api.versions import Version
from tests.builders import House, Partner, with_lifespan
from tests.contracts.promised import promised

DATES = [each.dates for each in VERSIONS]
ROWS_ABOUT_V2 = (
    "INSERT INTO retired_version VALUES ('v2', now(), NULL)",
    "INSERT INTO brownout VALUES (gen_random_uuid(), 'v2', now() - interval '1h', now() + '1h')",
)


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
            assert "retry-after" not in answer.headers
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


@pytest.mark.parametrize(
    "words",
    [
        ("retire", "v2"),
        ("retire", "v2", "--anyway", "--reason", "x"),
        ("brownout", "v2", "--from", "2999-01-01", "--until", "2999-01-02"),
        (
            *("brownout", "v2", "--from", "2026-01-01", "--until", "2999-01-01"),
            *("--anyway", "--reason", "x"),
        ),
    ],
    ids=" ".join,
)
async def test_a_version_that_is_not_deprecated_is_not_taken_down(
    house: House, database: str, words: tuple[str, ...]
) -> None:
    """Brownouts and retirement are for deprecated versions only, whatever the operator says."""
    refused = await beleg(database, "versions", *words)
    assert refused.returncode == 1
    assert "v2 is not deprecated" in refused.stderr
    partner = await house.partner()
    await house.look_again()
    assert (await partner.http.get("/v2/applications")).status_code == 200


async def test_a_row_about_a_version_that_is_not_deprecated_does_not_count(
    house: House, database: str
) -> None:
    """Whichever build wrote it; nor one from before the deprecation. Operators are shown it."""
    await write(database, "INSERT INTO retired_version VALUES ('v1', '2026-05-31', NULL)")
    await write(database, *ROWS_ABOUT_V2)
    partner = await house.partner()
    await house.look_again()
    for version in ("v2", "v1"):
        answer = await partner.http.get(f"/{version}/applications")
        assert answer.status_code == 200
        assert "beleg-brownout" not in answer.headers
    listed = await beleg(database, "versions", "list")
    assert listed.stdout.count("without effect") == 2
    for words in (("retire", "v2"), ("brownout", "v2"), ("retire", "v1")):
        assert (await beleg(database, "versions", *words, "--cancel")).returncode == 0
    assert "without effect" not in (await beleg(database, "versions", "list")).stdout


async def test_the_last_version_that_is_served_stays(house: House) -> None:
    """However many are retired or browned out, one goes on: it is refused, and a row is no help."""
    deprecated = tuple(
        replace(each, deprecated=datetime(2026, 6, 1, tzinfo=UTC), sunset=None) for each in (V2, V1)
    )
    dates = [each.dates for each in deprecated]
    now, hour = datetime.now(UTC), timedelta(hours=1)
    away = Brownout("v1", now - hour, now + hour)
    await house.db.write(
        lambda tx: lifecycle.announce_brownout(tx, SYSTEM, dates, away, "x", anyway=True)
    )
    too = Brownout("v2", now, now + hour)
    with pytest.raises(Conflict, match="last"):
        await house.db.write(
            lambda tx: lifecycle.announce_brownout(tx, SYSTEM, dates, too, "x", anyway=True)
        )
    await house.db.write(lambda tx: lifecycle.retire(tx, SYSTEM, dates, "v1"))
    with pytest.raises(Conflict, match="last"):
        await house.db.write(lambda tx: lifecycle.retire(tx, SYSTEM, dates, "v2", "x", anyway=True))
    await write(house.settings.database_url, *ROWS_ABOUT_V2)
    partner = await house.partner()
    async with served(house, deprecated, partner) as http:
        assert (await http.get("/v2/applications")).status_code == 200
        assert (await http.get("/v1/applications")).status_code == 410


async def test_what_was_announced_or_done_is_taken_back_at_once(
    house: House, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--cancel`: a brownout, announced or running, and a retirement; each in the audit log."""
    partner = await house.partner()
    monkeypatch.setattr("public_api.lifecycle.CACHED_SECONDS", 3600.0)  # unless it is told

    async def status(expected: int) -> None:
        """What v1 answers, before long."""
        async with asyncio.timeout(60):
            while (await partner.http.get("/v1/applications")).status_code != expected:
                await asyncio.sleep(0.02)

    now = datetime.now(UTC)
    window = ("--from", f"{now:%Y-%m-%dT%H:%M:%S}", "--until", "2027-12-30", "--anyway")
    for words in (("brownout", "v1", *window), ("retire", "v1", "--anyway")):
        await status(200)
        done = await beleg(database, "versions", *words, "--reason", "first")
        assert done.returncode == 0, done.stderr
        await status(410)
        back = await beleg(database, "versions", *words[:2], "--cancel", "--reason", "second")
        assert back.returncode == 0, back.stderr
        await status(200)
        nothing = await beleg(database, "versions", *words[:2], "--cancel")
        assert nothing.returncode == 1
        assert "nothing to cancel" in nothing.stderr
        assert "beleg versions list" in nothing.stderr
    done_so = {each.action: each.detail for each in await audit.history(house.db, audit.NO_RECORD)}
    assert done_so["version.brownout_cancelled"]["reason"] == "second"
    assert done_so["version.brownout_cancelled"]["ends_at"] == "2027-12-30 00:00:00+00:00"
    assert done_so["version.retirement_cancelled"]["reason"] == "second"


async def test_a_brownout_is_announced_by_every_answer_by_the_documentation_and_the_list(
    house: House, database: str
) -> None:
    """Weeks ahead, in UTC, until it is over; a version that has none says nothing of it."""
    partner, start = await house.partner(), datetime(2027, 12, 1, 9, tzinfo=UTC)
    hour = timedelta(hours=1)
    places = ("/docs/versions", "/docs/v1-to-v2", "/docs/v1")
    before = {place: (await house.http.get(place)).headers["etag"] for place in places}
    for at in (start, start + 24 * hour):
        window = Brownout("v1", at, at + hour)
        await announce(house, window)
    await house.look_again()
    told = "2027-12-01T09:00:00Z/2027-12-01T10:00:00Z, 2027-12-02T09:00:00Z/2027-12-02T10:00:00Z"
    for method, path in every_route(V1):
        for caller in (partner.http, house.http):
            answer = await caller.request(method, path)
            assert answer.headers["beleg-brownout"] == told, path
    for path in ("/v2/applications", "/v2/nothing", "/v2/openapi.json", "/nothing"):
        assert "beleg-brownout" not in (await partner.http.get(path)).headers
    for place in places:
        page = await house.http.get(place)
        assert "2027-12-02T09:00:00Z" in page.text
        known = {"If-None-Match": before[place]}
        assert (await house.http.get(place, headers=known)).status_code == 200
    assert "2027-12-01T09:00:00Z" not in (await house.http.get("/docs/v2")).text
    listed = await beleg(database, "versions", "list")
    for line in ("2027-12-01T09:00:00Z until 2027-12-01T10:00:00Z", "2027-12-02T09:00:00Z until"):
        assert line in listed.stdout
    await house.db.write(
        lambda tx: lifecycle.cancel_brownout(tx, SYSTEM, DATES, "v1", start + 24 * hour)
    )
    await house.db.write(lambda tx: lifecycle.cancel_brownout(tx, SYSTEM, DATES, "v1", start))
    await house.look_again()
    assert "beleg-brownout" not in (await partner.http.get("/v1/applications")).headers
    for place in places:
        assert (await house.http.get(place)).headers["etag"] == before[place]


async def test_a_brownouts_answer_says_when_it_is_over(house: House) -> None:
    """Its 410 carries `Retry-After`, to the end of what follows on it; later none does."""
    partner, now = await house.partner(), datetime.now(UTC)
    for first, last in ((-10, 50), (50, 90)):
        await announce(
            house, Brownout("v1", now + timedelta(minutes=first), now + timedelta(minutes=last))
        )
    await house.look_again()
    for method, path in every_route(V1):
        answer = await partner.http.request(method, path)
        assert answer.status_code == 410, path
        assert 89 * 60 < int(answer.headers["retry-after"]) <= 90 * 60, path
        assert answer.json()["error"]["code"] == "version_brownout"
    await house.db.write(lambda tx: lifecycle.retire(tx, SYSTEM, DATES, "v1", "told", anyway=True))
    await house.look_again()
    gone = await partner.http.get("/v1/applications")
    assert (gone.status_code, gone.json()["error"]["code"]) == (410, "version_gone")
    assert "retry-after" not in gone.headers
    assert "beleg-brownout" not in gone.headers


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_a_brownout_is_announced_as_long_ahead_as_was_published(
    house: House, version: str
) -> None:
    """`brownout_notice_days`; sooner only for a reason that stands in the audit log."""
    notice = timedelta(days=promised(version, "brownout_notice_days"))
    assert notice >= timedelta(days=14)
    now, minute = datetime.now(UTC), timedelta(minutes=1)
    soon = Brownout("v1", now + notice - minute, now + notice)
    for reason, anyway in ((None, False), ("asked for", False), (None, True), (" ", True)):
        with pytest.raises(Refused, match="--reason"):
            await announce(house, soon, reason, anyway=anyway)
    await announce(house, soon, "asked for")
    await announce(house, Brownout("v1", now + notice + minute, now + notice + 2 * minute), None)
    reasons = [each.detail.get("reason") for each in await audit.history(house.db, audit.NO_RECORD)]
    assert reasons == ["asked for", None]


async def announce(
    house: House, window: Brownout, reason: str | None = "told", *, anyway: bool | None = None
) -> None:
    """Announce a brownout, with a reason at short notice too."""
    insisting = reason is not None if anyway is None else anyway
    await house.db.write(
        lambda tx: lifecycle.announce_brownout(tx, SYSTEM, DATES, window, reason, anyway=insisting)
    )


async def write(database: str, *statements: str) -> None:
    """Do this behind the product's back, as an older build's command would."""
    connection = await asyncpg.connect(database)
    for each in statements:
        await connection.execute(each)
    await connection.close()


@asynccontextmanager
async def served(
    house: House, versions: tuple[Version, ...], partner: Partner
) -> AsyncIterator[httpx.AsyncClient]:
    """The public API of these versions, as a partner calls it."""
    async with (
        with_lifespan(PublicApi(house.settings, versions)) as app,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://api.test",
            headers=partner.http.headers,
        ) as http,
    ):
        yield http


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
