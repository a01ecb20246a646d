"""The distribution's PostgreSQL, older than ours, over TLS: served if its certificate is right."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.connecting import connected
from core.errors import Unavailable
from core.query import Query
from core.settings import Settings, local_blobs
from deploy.ops.checking import State, check
from tests import postgres
from tests.builders import company, running
from tests.certificates import self_signed
from tests.distribution import Distribution, serving

ENCRYPTED = Query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", (), {})
PROCESSES = {"api": 1, "bff": 1, "worker": 1}


@pytest.fixture(scope="module")
def distribution() -> Iterator[Distribution]:
    """A migrated database on the distribution's PostgreSQL."""
    with serving(*self_signed("localhost")) as server:
        postgres.migrate(server.verified())
        yield server


async def encrypted(url: str) -> bool:
    """Whether a connection to this address is encrypted."""
    async with connected(url, 1) as db:
        row = await db.one(ENCRYPTED)
        return bool(row and row["ssl"])


async def test_a_case_is_read_on_the_oldest_postgresql_that_is_taken_over_tls(
    distribution: Distribution, tmp_path: Path
) -> None:
    async with running(distribution.verified(), tmp_path) as house:
        partner = await house.partner()
        application_id = await house.case(partner, company(1, months=12))
        assert (await partner.get(f"/v2/applications/{application_id}/answers"))["data"]
    assert await encrypted(distribution.verified())


@pytest.mark.parametrize("query", ["sslmode=require", "ssl=true", "", "sslmode=prefer"])
async def test_tls_is_used_where_there_is_some(distribution: Distribution, query: str) -> None:
    assert await encrypted(distribution.url(query=query))


async def test_no_tls_is_used_where_it_is_not_wanted(distribution: Distribution) -> None:
    assert not await encrypted(distribution.url(query="sslmode=disable"))


async def test_a_server_of_another_name_is_refused(distribution: Distribution) -> None:
    with pytest.raises(Unavailable):
        await encrypted(distribution.verified("127.0.0.1"))


async def test_a_server_whose_certificate_is_not_the_one_that_is_trusted_is_refused(
    distribution: Distribution, tmp_path: Path
) -> None:
    (tmp_path / "other.pem").write_bytes(self_signed("localhost")[0])
    for mode in ("verify-ca", "verify-full"):
        query = f"sslmode={mode}&sslrootcert={tmp_path / 'other.pem'}"
        with pytest.raises(Unavailable):
            await encrypted(distribution.url(query=query))


async def test_a_server_without_tls_is_refused_where_tls_is_asked_for(database: str) -> None:
    with pytest.raises(Unavailable):
        await encrypted(f"{database}?sslmode=require")


async def test_the_check_says_whether_the_server_is_the_one_it_should_be(
    distribution: Distribution, tmp_path: Path
) -> None:
    settings = Settings(
        database_url=distribution.verified(), blob_url=local_blobs(tmp_path / "blobs")
    )
    report = await check(settings, PROCESSES)
    states = {each.about: each.state for each in report.findings}
    assert states["encryption"] is State.OK
    assert states["version"] is State.OK
    report = await check(
        settings.model_copy(update={"database_url": distribution.url(query="sslmode=require")}),
        PROCESSES,
    )
    states = {each.about: each.state for each in report.findings}
    assert states["encryption"] is State.ATTENTION
    assert states["role"] is State.ATTENTION  # a superuser
