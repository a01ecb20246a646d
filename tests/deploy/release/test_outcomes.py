"""What came of two builds' work, by who wrote each row of one database."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner

from core import builds, clients
from core.audit import SYSTEM
from core.connecting import connected
from core.ids import new_id
from core.query import Query
from core.users import Role
from deploy.ops.cli import main
from deploy.ops.migrating.apply import migrate
from deploy.release.model import Condition, ConditionKind
from deploy.release.outcomes import lines, outcomes
from tests import pgbouncer
from tests.bff.conftest import screen
from tests.builders import House, company, running

PARTNERS, EACH = 8, 5
"""Of each build; as many applications of each partner."""
FILL = """
WITH partner AS (
    INSERT INTO client (id, name, created_at, disabled, test)
    SELECT gen_random_uuid(), 'Makler ' || n, now(), false, $5 FROM generate_series(1, $1) AS n
    RETURNING id
), case_ AS (
    INSERT INTO application (id, client_id, status, product, legal_name, country, currency, amount,
        term_months, revision, created_at, updated_at)
    SELECT ('01900000-0000-7000-8000-' || right(gen_random_uuid()::text, 12))::uuid, partner.id,
        'in_review', 'loan', 'Muster ' || n, 'DE', 'EUR', 100, 12, 1,
        now() - interval '1 hour', now()
    FROM partner, generate_series(1, $2) AS n
    RETURNING id, client_id, created_at
), paper AS (
    INSERT INTO document (id, application_id, status, filename, media_type, size, sha256, blob,
        findings, created_at, read_at)
    SELECT ('01900000-0000-7000-8000-' || right(gen_random_uuid()::text, 12))::uuid, id,
        CASE WHEN random() < $3 THEN 'unreadable' ELSE 'read' END, 's.xml', 'application/xml', 1,
        id::text::bytea, 'b', '[]', created_at, now()
    FROM case_
)
INSERT INTO event (id, at, client_id, application_id, kind, data)
SELECT gen_random_uuid(), created_at + interval '1 second' * $4 * (1 + random()), client_id, id,
    'application.in_review', '{}'
FROM case_
"""
SUBMIT = Query(
    """INSERT INTO application (id, client_id, status, product, legal_name, country, currency,
        amount, term_months, revision, created_at, updated_at)
    SELECT $1, id, 'received', 'loan', 'Muster', 'DE', 'EUR', 1, 1, 1, now(), now()
    FROM client LIMIT 1""",
    ("id",),
    {},
)
WRITTEN = Query("SELECT written_by FROM application ORDER BY id", (), {})
SINCE = datetime(2020, 1, 1, tzinfo=UTC)


async def fill(
    database: str, build: str, unreadable: float, seconds: float, *, test: bool = False
) -> None:
    """Write what a build's partners would have written through its API."""
    session = builds.session_name(build, "api")
    connection = await asyncpg.connect(database, server_settings={"application_name": session})
    await connection.execute("SELECT setseed(0.16)")
    await connection.execute(FILL, PARTNERS, EACH, unreadable, seconds, test)
    await connection.close()


@asynccontextmanager
async def two_builds(database: str, folder: Path) -> AsyncIterator[tuple[House, House]]:
    """Builds A and B as they run on one database."""
    async with AsyncExitStack() as stack:
        a, b = [
            await stack.enter_async_context(running(database, folder, build=name))
            for name in ("a", "b")
        ]
        yield a, b


async def test_each_row_says_which_build_took_it_in(database: str, tmp_path: Path) -> None:
    """By the API, by the web app, by a build that knows nothing of it: the database fills it in."""
    async with two_builds(database, tmp_path) as (a, b):
        partner = await a.partner()
        of_a = await partner.submit()
        made = company(months=3)
        of_b = await b.case(await b.partner("Makler West"), made, [b"<nonsense/>"])
        uta = await b.person(role=Role.UNDERWRITER)
        async with screen(b, tmp_path / "dist") as browser:
            await browser.sign_in(uta)
            ruling = {"outcome": "declined", "reasons": ["documents_not_conclusive"]}
            decided = await browser.http.post(
                f"/bff/cases/{of_b}/decision", json=ruling, headers=await browser.shown(of_b)
            )
            assert decided.status_code == 204, decided.text
    connection = await asyncpg.connect(database)
    rows = await connection.fetch("SELECT id, written_by FROM application")
    written = {str(row["id"]): row["written_by"] for row in rows}
    assert written == {
        of_a: builds.session_name(builds.named("a"), "api"),
        of_b: builds.session_name(builds.named("b"), "api"),
    }
    assert await connection.fetchval("SELECT written_by FROM document") == written[of_b]
    by = await connection.fetchval("SELECT written_by FROM decision")
    assert by == builds.session_name(builds.named("b"), "bff")
    await connection.close()


async def test_a_pooler_that_lends_one_session_to_both_builds_tells_them_apart(
    database: str, tmp_path: Path
) -> None:
    """pgbouncer keeps what a client calls its session, whichever it is lent."""
    one = {"pool_mode": "transaction", "default_pool_size": 1}
    async with (
        pgbouncer.before(database, **one) as pooled,
        connected(pooled, 1, builds.session_name("1+a", "api")) as a,
        connected(pooled, 1, builds.session_name("2+b", "api")) as b,
    ):
        for db in (a, b, a):
            await db.write(lambda tx: clients.create(tx, SYSTEM, "Makler", ()))
            await db.write(lambda tx: tx.run(SUBMIT, id=new_id()))
        rows = await b.all(WRITTEN)
    assert [row["written_by"] for row in rows] == [
        f"beleg/{each}/api" for each in ("1+a", "2+b", "1+a")
    ]


async def test_a_worse_build_is_seen_and_one_beside_itself_is_not(
    house: House, database: str
) -> None:
    await fill(database, "1+a", 0.1, 20)
    await fill(database, "2+b", 0.6, 90)
    await fill(database, "3+c", 0.1, 20)
    await fill(database, "3+c", 1.0, 900, test=True)
    found = await outcomes(house.db, SINCE, "1+a", "2+b")
    said = {each.name: each.says for each in found.measures}
    assert said["documents unreadable"] == "B is worse"
    assert said["upload to answer, median"] == "B is worse"
    assert said["decisions that approve"] == "too few to say"
    same = await outcomes(house.db, SINCE, "1+a", "3+c")
    assert {each.says for each in same.measures} == {"no difference seen", "too few to say"}
    (unreadable,) = [line for line in lines(same) if "unreadable" in line]
    assert f"of {PARTNERS * EACH} by {PARTNERS}" in unreadable
    later = await outcomes(house.db, datetime.now(UTC) + timedelta(days=1), "1+a", "2+b")
    assert {each.says for each in later.measures} == {"too few to say"}
    assert {each.b.rows for each in later.measures} == {0}


async def test_whom_a_rule_names_is_left_out(house: House, database: str) -> None:
    partner = await house.partner()
    for _ in range(3):
        await partner.submit()
    build = builds.named()
    everybody = await outcomes(house.db, SINCE, build, build)
    rule = (Condition(ConditionKind.CLIENT, partner.key[:15]),)
    others = await outcomes(house.db, SINCE, build, build, rule)
    assert [e.measures[4].a.rows for e in (everybody, others)] == [3, 0]


async def test_the_command_says_it_to_people_and_to_pipelines(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(database, "1+a", 0.1, 20)
    monkeypatch.setenv("BELEG_DATABASE_URL", database)
    words = ("release", "outcomes", "--a", "1+a", "--b", "2+b", "--since", "2020-01-01")
    told = await asyncio.to_thread(CliRunner().invoke, main, words)
    assert told.exit_code == 0, told.output
    assert "documents unreadable" in told.stdout
    assert "too few to say" in told.stdout
    found = json.loads(
        (await asyncio.to_thread(CliRunner().invoke, main, [*words, "--json"])).stdout
    )
    measures = {each["name"]: each for each in found["measures"]}
    assert measures["documents unreadable"]["a"]["rows"] == PARTNERS * EACH
    assert measures["documents unreadable"]["difference"] is None


async def test_without_names_the_two_builds_whose_apis_live_are_meant(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELEG_DATABASE_URL", database)
    async with AsyncExitStack() as stack:
        for number, name in enumerate(("a", "b"), 1):
            house = await stack.enter_async_context(running(database, tmp_path, build=name))
            async with asyncio.timeout(60):
                while len({each.build for each in await builds.live(house.db)}) < number:
                    await asyncio.sleep(0.02)
        told = await asyncio.to_thread(CliRunner().invoke, main, ("release", "outcomes"))
        assert told.exit_code == 0, told.output
        assert f"B = {builds.named('b')}, A = {builds.named('a')}" in told.stdout
    words = ("release", "outcomes", "--b", "9.9.9+z")
    told = await asyncio.to_thread(CliRunner().invoke, main, words)
    assert told.exit_code == 1
    assert "name both by --a and --b" in told.output


async def test_a_database_that_does_not_know_who_wrote_what_is_told_what_to_do(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asyncio.to_thread(migrate, empty_database, "0020")
    monkeypatch.setenv("BELEG_DATABASE_URL", empty_database)
    words = ("release", "outcomes", "--a", "1+a", "--b", "2+b")
    told = await asyncio.to_thread(CliRunner().invoke, main, words)
    assert told.exit_code == 1
    assert "lacks revision 0022" in told.output
    assert "run the migrations" in told.output
