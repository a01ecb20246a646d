"""A shadow changes nothing: its role is denied every write, its API counts and keeps nothing."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from core.builds import live
from core.database_problems import SHADOW_WALL
from core.errors import Conflict
from core.query import Query
from deploy.ops.migrating.proving.inventory import inventory
from deploy.release.shadow import role
from public_api.app import VERSIONS, PublicApi
from tests.builders import House, Partner, application, with_lifespan
from tests.contracts.requests import OLD
from tests.deploy.release.shadow.conftest import shadow_settings

MARK = {"x-beleg-shadow": "1"}
WRITES = re.compile(
    r"\b(INSERT INTO|UPDATE \w+ (AS \w+ )?SET|DELETE FROM|MERGE INTO|TRUNCATE|LOCK TABLE"
    r"|FOR \w*\s?UPDATE)\b"
)
REFUSED = (asyncpg.InsufficientPrivilegeError, asyncpg.ReadOnlySQLTransactionError)
STATEMENT = Path(__file__).parents[3] / "contracts" / "statement.xml"
TABLES = Query(
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
    (),
    {},
)


@asynccontextmanager
async def shadow(house: House, read_only: str, key: str) -> AsyncIterator[httpx.AsyncClient]:
    """A shadow's API, asked as the differ asks it."""
    api = PublicApi(shadow_settings(house, read_only))
    headers = {"Authorization": f"Bearer {key}", **MARK}
    async with (
        with_lifespan(api) as app,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://s.test", headers=headers
        ) as http,
    ):
        await house.api.ready()  # by which the store is claimed
        await api.ready()
        yield http


async def rows(house: House) -> dict[str, int]:
    """How many rows each table has; but for hearts, which go on beating."""
    names = {row["relname"] for row in await house.db.all(TABLES)} - {"live_build"}
    one = ", ".join(f"(SELECT count(*) FROM {name}) AS {name}" for name in sorted(names))
    row = await house.db.one(Query(f"SELECT {one}", (), {}))
    assert row is not None
    return dict(row)


ASKS_ONLY = ["core.audit.roles.POWERS"]
"""Names what writes, as what a role may do, and writes nothing."""


@pytest.mark.parametrize("switched", ["on", "off"], ids=["read-only", "read-only switched off"])
async def test_every_statement_of_this_build_that_writes_is_denied_to_the_role(
    read_only: str, switched: str
) -> None:
    held = {each["name"]: each["sql"] for each in inventory()["statements"]}
    writing = {name: sql for name, sql in held.items() if WRITES.search(sql)}
    assert len(writing) > 60
    connection = await asyncpg.connect(read_only)
    await connection.execute(f"SET default_transaction_read_only = {switched}")
    taken = []
    for name, sql in writing.items():
        try:
            prepared = await connection.prepare(sql)
            await prepared.fetch(*[None] * len(prepared.get_parameters()))
            taken.append(name)
        except REFUSED:
            pass
    await connection.close()
    assert taken == ASKS_ONLY


@pytest.mark.parametrize(
    "sql",
    [
        "TRUNCATE application",
        "CREATE TABLE mine (id int)",
        "ALTER TABLE application ADD COLUMN mine int",
        "DROP TABLE application",
        "SELECT nextval(pg_get_serial_sequence('pgqueuer', 'id'))",
        "COPY application (id) FROM PROGRAM 'true'",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql SECURITY DEFINER RETURN 1",
        "CREATE SCHEMA mine",
        "SET ROLE beleg",
        "ALTER ROLE CURRENT_USER CREATEROLE",
        "VACUUM FULL application",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> current_user",
        "LOCK TABLE application IN EXCLUSIVE MODE",
    ],
)
async def test_what_no_statement_of_ours_does_is_denied_to_the_role_too(
    house: House, read_only: str, sql: str
) -> None:
    before = await rows(house)
    connection = await asyncpg.connect(read_only)
    try:
        if sql.startswith("VACUUM"):  # it warns, and passes over what it may not
            await connection.execute(sql)
        else:
            with pytest.raises(asyncpg.PostgresError):
                await connection.execute(sql)
    finally:
        await connection.close()
    assert await rows(house) == before


async def test_every_operation_that_writes_meets_the_wall_and_leaves_nothing(
    house: House, read_only: str
) -> None:
    partner = await house.partner()
    ids = await _something_of_each(partner)
    await house.flush_usage()
    await house.api.ready()  # by which the store is claimed
    before = await rows(house)
    hearts = len(await live(house.db))
    asked = 0
    async with shadow(house, read_only, partner.key) as http:
        for version in VERSIONS:
            for operation in version.operations:
                if operation.method == "GET":
                    continue
                path = f"/{version.name}{operation.path}".format(**ids[version.name])
                how = await _asked(http, operation.method, operation.path, path, version.name)
                for key in ({}, {"Idempotency-Key": uuid4().hex}):
                    headers = {**how.get("headers", {}), **key}
                    answer = await http.request(
                        operation.method, path, **{**how, "headers": headers}
                    )
                    told = f"{operation.method} {path}: {answer.status_code} {answer.text}"
                    assert answer.status_code == 503, told
                    assert SHADOW_WALL in answer.text, told
                    assert answer.headers["x-beleg-shadow"] == "shadow"
                    asked += 1
        form = {"grant_type": "client_credentials", "client_id": str(partner.client_id)}
        answer = await http.post("/oauth/token", data={**form, "client_secret": partner.key})
        assert SHADOW_WALL in answer.text
        assert len(await live(house.db)) == hearts
    assert asked >= 26
    assert await rows(house) == before
    assert len(list((house.folder / "blobs" / "documents").iterdir())) == 1


async def _something_of_each(partner: Partner) -> dict[str, dict[str, str]]:
    """The ids of what each version's paths name."""
    case = await partner.submit()
    document = await partner.upload(case, STATEMENT.read_bytes())
    url = {"url": "https://93.184.216.34/hook"}
    hook = (await partner.http.post("/v2/webhooks", json=url)).json()["id"]
    old = (await partner.http.post("/v1/callbacks", json={**url, "secret": "s" * 20})).json()["id"]
    tested = await partner.http.post(f"/v2/webhooks/{hook}/test")
    ids = {"id": case, "document_id": document, "delivery_id": tested.json()["id"]}
    return {"v2": {**ids, "webhook_id": hook}, "v1": {**ids, "webhook_id": old}}


async def _asked(
    http: httpx.AsyncClient, method: str, template: str, path: str, version: str
) -> dict[str, Any]:
    """What goes with a request of an operation, so that it is taken."""
    url = {"url": "https://93.184.216.35/hook"}
    if template.endswith("/documents"):
        return {"files": {"file": ("b.xml", b"<other/>", "application/xml")}}
    if template.endswith("/replay"):
        return {"json": {"since": (datetime.now(UTC) - timedelta(hours=1)).isoformat()}}
    if template.endswith(("/webhooks", "/callbacks")):
        return {"json": url if version == "v2" else {**url, "secret": "s" * 20}}
    if method == "PATCH" and "webhook" in template:
        return {"json": {"enabled": False}}
    if method == "PATCH":
        tag = (await http.get(path)).headers["etag"]
        media_type = {"If-Match": tag, "Content-Type": "application/merge-patch+json"}
        return {"content": b'{"term_months": 59}', "headers": media_type}
    if template == "/applications":
        return {"json": OLD if version == "v1" else application()}
    if template == "/applications/{id}" and version == "v2":
        return {"params": {"reason": "test"}}
    return {}


async def test_a_shadow_limits_nobody_and_counts_no_call(house: House, read_only: str) -> None:
    partner = await house.partner(per_minute=3)
    async with shadow(house, read_only, partner.key) as http:
        for _ in range(10):
            answer = await http.get("/v2/applications?unknown=1")
            assert answer.status_code == 200
            assert '"minute";q=3' in answer.headers["ratelimit-policy"]
    await house.flush_usage()
    assert {(await rows(house))[name] for name in ("usage", "irregular_call")} == {0}


async def test_a_shadow_is_asked_by_the_differ_alone(house: House, read_only: str) -> None:
    partner = await house.partner()
    async with shadow(house, read_only, partner.key) as http:
        del http.headers["x-beleg-shadow"]
        answer = await http.get("/v2/applications")
        assert (answer.status_code, answer.headers["x-beleg-shadow"]) == (503, "missent")


@pytest.mark.usefixtures("one_minute")
async def test_the_mark_alone_changes_nothing(house: House) -> None:
    partner = await house.partner(per_minute=2)
    statuses = [
        (await partner.http.get("/v2/applications", headers=MARK)).status_code for _ in range(3)
    ]
    assert statuses == [200, 200, 429]
    made = await partner.http.post("/v2/applications", json=application(), headers=MARK)
    assert made.status_code == 429
    assert "x-beleg-shadow" not in made.headers


async def test_the_role_is_made_once_and_its_password_follows_the_owners(database: str) -> None:
    first = await role.ensure(database, {})
    assert await role.ensure(database, {}) == first
    name, address = role.named(database.replace(":", ":x", 2).replace(":x", ":", 1))
    assert name == role.named(database)[0]
    assert address != first
    connection = await asyncpg.connect(database)
    await connection.execute(f"ALTER ROLE {name} PASSWORD 'forgotten'")
    assert await role.ensure(database, {}) == first
    await connection.execute(f"DROP ROLE {name}")
    await connection.close()


async def test_an_operator_who_may_make_no_role_is_told_what_a_dba_runs(
    database: str, administration: asyncpg.Connection
) -> None:
    name = f"owner_{uuid4().hex}"
    await administration.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'p'")
    place = database.rpartition("@")[2]
    try:
        with pytest.raises(Conflict) as refusal:
            await role.ensure(f"postgresql://{name}:p@{place}", {})
        assert "CREATE ROLE" in refusal.value.detail
        assert "GRANT pg_read_all_data TO" in refusal.value.detail
        assert "BELEG_SHADOW_DATABASE_URL" in refusal.value.detail
    finally:
        await administration.execute(f"DROP ROLE {name}")


async def test_a_role_that_was_given_and_could_write_is_refused(
    database: str, read_only: str, tmp_path: Path
) -> None:
    file = tmp_path / "url"
    file.write_text(f"{read_only}\n")
    assert await role.ensure(database, {"BELEG_SHADOW_DATABASE_URL_FILE": str(file)}) == read_only
    connection = await asyncpg.connect(database)
    name = role.named(database)[0]
    for power in ("INSERT (id) ON application", "CREATE ON SCHEMA public"):
        await connection.execute(f"GRANT {power} TO {name}")
        with pytest.raises(Conflict, match="could write"):
            await role.ensure(database, {"BELEG_SHADOW_DATABASE_URL": read_only})
        await connection.execute(f"REVOKE {power} FROM {name}")
    with pytest.raises(Conflict, match="could write"):
        await role.ensure(database, {"BELEG_SHADOW_DATABASE_URL": database})
    await connection.close()
