"""`beleg migrate prove`: the tree's own revisions, a bad one among them, a database as it is."""

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from click.testing import CliRunner, Result

from core.errors import Forbidden
from deploy.ops.cli import main
from deploy.ops.migrating.proving import freeze
from deploy.ops.migrating.proving.commands import prove_here, prove_revisions
from deploy.ops.migrating.proving.expected import expected
from deploy.ops.migrating.proving.scratch import PREFIX, scratch
from deploy.ops.migrating.revisions import FOLDER, revisions
from deploy.ops.postgres import DATABASE, SUPERUSER, Embedded
from tests.migrations.scratch import Scratch

HERE = Path(__file__).parent
SCRATCH = "SELECT count(*) FROM pg_database WHERE datname LIKE $1"


async def beleg(*arguments: str) -> Result:
    """Run a command of the command line."""
    return await asyncio.to_thread(CliRunner().invoke, main, arguments)


async def test_no_revision_of_this_build_breaks_a_supported_one(server: str) -> None:
    report = await prove_revisions(server)
    assert not report.is_broken, "\n".join(report.lines())
    assert [step.revision for step in report.proof.steps if step.kind == "expand"] == [
        each.name for each in revisions() if each.kind == "expand"
    ]
    last = [step for step in report.proof.steps if step.kind == "expand"][-1]
    assert {each.split()[0] for each in last.verdicts.values()} == {"holds"}


async def test_a_bad_revision_ends_a_pipeline_and_touches_no_database(
    database: str, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in (*FOLDER.glob("[0-9]*.py"), *HERE.glob("bad_revisions/*_amounts.py")):
        shutil.copy(file, tmp_path)
    monkeypatch.setenv("BELEG_DATABASE_URL", database)
    arguments = ("migrate", "prove", "--folder", str(tmp_path), "--scratch-url", server)
    done = await beleg(*arguments, "--json")
    assert done.exit_code == 1, done.output
    found = json.loads(done.stdout)["complaints"]
    assert {each["revision"][5:] for each in found} == {"trigger_that_changes_amounts"}
    assert "in amount, and there is" in found[0]["says"]
    connection = await asyncpg.connect(database)
    assert (
        await connection.fetchval("SELECT count(*) FROM applied_revision WHERE revision > '9'") == 0
    )
    await connection.close()


async def test_nothing_is_left_of_a_proof(server: str) -> None:
    async with scratch(server) as url:
        name = urlsplit(url).path[1:]
        assert name.startswith(PREFIX)
    connection = await asyncpg.connect(server)
    assert await connection.fetchval(SCRATCH, name) == 0
    await connection.close()


async def test_a_role_that_may_make_no_database_is_told_what_else_to_do(
    embedded: Embedded,
) -> None:
    superuser = await asyncpg.connect(embedded.address(SUPERUSER, DATABASE))
    await superuser.execute("CREATE ROLE meek LOGIN PASSWORD 'meek'")
    try:
        meek = urlsplit(embedded.url)._replace(netloc=f"meek:meek@127.0.0.1:{embedded.port}")
        with pytest.raises(Forbidden, match="--scratch-url"):
            async with scratch(meek.geturl()):
                pass
    finally:
        await superuser.execute("DROP ROLE meek")
        await superuser.close()


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("ALTER TABLE application DROP COLUMN lei", "column application.lei is missing"),
        ("DROP INDEX event_client", "index event_client on event is missing"),
        (
            "ALTER TABLE client ADD COLUMN vip boolean",
            "column client.vip is there, and no revision",
        ),
        ("CREATE TABLE by_hand (id int)", "table by_hand is there, and no revision makes it"),
        ("CREATE INDEX by_hand ON client (name)", "index by_hand on client is there"),
        ("ALTER TABLE client ALTER COLUMN name DROP NOT NULL", "client.name may be null"),
        (
            "ALTER TABLE application ALTER COLUMN term_months TYPE bigint",
            "application.term_months is bigint, and this build has integer",
        ),
    ],
)
async def test_a_database_that_somebody_altered_by_hand_is_told(
    sql: str, says: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute(sql)
    await connection.close()
    report = await prove_here(database)
    assert report.is_broken
    assert [each for each in report.drift.found if says in each], report.drift


async def test_what_a_newer_build_dropped_is_no_drift_where_this_one_does_without(
    database: str,
) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute(
        "ALTER TABLE applied_revision ADD COLUMN IF NOT EXISTS drops text[];"
        "INSERT INTO applied_revision (revision, drops) VALUES"
        " ('9999', '{application.declared_lenders}'), ('9998', NULL);"
        "DROP TRIGGER sync_declared_lender_names ON application;"
        "ALTER TABLE application DROP COLUMN declared_lenders;"
        "DROP INDEX event_client"
    )
    report = await prove_here(database)
    assert not report.is_broken, report.lines()
    assert report.lines()[-3:] == [
        "drift: none",
        "column application.declared_lenders was dropped by 9999, of a newer build",
        "index event_client on event is missing: by hand, or dropped by 9998 or 9999",
    ]
    await connection.execute(
        "UPDATE applied_revision SET drops = '{webhook_delivery}' WHERE revision = '9998';"
        "DROP TABLE webhook_delivery CASCADE;"
        "ALTER TABLE application DROP COLUMN lei"
    )
    await connection.close()
    drift = " ".join((await prove_here(database)).drift.found)
    assert "column application.lei is missing" in drift
    assert "table webhook_delivery, which this build uses, is missing" in drift


@pytest.mark.unit
def test_a_column_takes_its_indexes_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "versions"
    made = Scratch(folder)
    made.expand(
        "0101",
        "CREATE TABLE pair (a text, b text, c text)",
        "CREATE INDEX pair_key ON pair (a)",
        "CREATE INDEX pair_computed ON pair (lower(a))",
        "CREATE INDEX pair_some ON pair (b) WHERE a IS NULL",
        "CREATE INDEX pair_beside ON pair (b) INCLUDE (a)",
        "CREATE INDEX pair_other ON pair (b, c)",
    )
    made.contract("0201", "ALTER TABLE pair DROP COLUMN a", after="0101")
    mine = [each for each in revisions(folder) if each.number in ("0101", "0201")]
    assert expected(mine[:1]).indexes.keys() > {"pair_key", "pair_other"}
    assert expected(mine).indexes.keys() == {"pair_other"}


async def test_what_a_live_build_could_no_longer_say_is_told_by_name(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute(
        "INSERT INTO live_build (process, part, build, requires, uses, started_at, seen_at)"
        " VALUES (gen_random_uuid(), 'api', '0.1.0+abcd1234', '{}', '{}', now(), now())"
    )
    await connection.execute("ALTER TABLE application RENAME COLUMN delete_reason TO reason")
    await connection.close()
    monkeypatch.setenv("BELEG_DATABASE_URL", database)
    done = await beleg("migrate", "prove", "--here")
    assert done.exit_code == 1
    assert "column application.delete_reason does not exist" in done.stdout
    old = json.loads((await beleg("migrate", "prove", "--here", "--json")).stdout)["builds"]
    assert "core.applications.store._GET" in old["0.1.0" if "0.1.0" in old else "0.1.0 (this)"]


async def test_a_build_is_frozen_as_it_is(tmp_path: Path) -> None:
    content = await asyncio.to_thread(freeze.taken_from)
    file = freeze.freeze(content, tmp_path)
    (kept,) = freeze.frozen(tmp_path)
    this = freeze.this_build()
    assert file.stem == kept.build == this.build.removesuffix(" (this)")
    assert kept.statements == this.statements
    assert kept.inserts == this.inserts
    assert _first(kept.inserts["audit_seal"]) == ("number", "entry_id", "hash", "key_name")


def _first(columns: frozenset[tuple[str, ...]]) -> Sequence[str]:
    return next(iter(columns))


def test_every_statement_of_a_build_is_found_under_a_name_of_its_own() -> None:
    program = """
import gc
from deploy.ops.migrating.proving.inventory import RAW, import_all, statements
found = statements(import_all())
from core.query import Deferred, Query
made = [each for each in gc.get_objects() if isinstance(each, Query | Deferred)]
assert len(made) == len(found.keys() - RAW.keys()) > 100, (len(made), len(found))
assert statements(import_all()) == found
"""
    done = subprocess.run((sys.executable, "-c", program), check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
