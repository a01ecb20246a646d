"""Bad revisions are stopped before they run, good ones are not, and frozen builds stay provable."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from core.errors import Conflict
from deploy.ops.migrating.lint.complaints import RevisionComplaint
from deploy.ops.migrating.lint.rules import complaints, require_safe
from deploy.ops.migrating.lint.squawk import squawk
from deploy.ops.migrating.proving.drift import Drift, drift
from deploy.ops.migrating.proving.freeze import FOLDER, FrozenBuild, frozen, this_build
from deploy.ops.migrating.proving.proof import connect, prove, refused
from deploy.ops.migrating.revisions import Revision, revisions
from tests import postgres
from tests.tables import add_row

HERE = Path(__file__).parent
BAD = revisions(HERE / "bad_revisions")
GOOD = revisions(HERE / "good_revisions")
BY_PROOF = [each for each in BAD if each.module.STOPPED_BY.startswith("proof")]
BY_RULES = [each for each in BAD if each not in BY_PROOF]
PLANTED = "Planted revisions: what stops them before they run"
APPLIED = frozenset(each.number for each in revisions() if each.kind == "expand")


@pytest.fixture(scope="module")
def builds() -> list[FrozenBuild]:
    return [*frozen(), this_build()]


@pytest.mark.unit
@pytest.mark.parametrize("revision", BY_RULES, ids=lambda each: each.name[5:])
def test_a_bad_revision_is_stopped_as_it_is_read(revision: Revision) -> None:
    tell(revision, "rules", complaints(revision))
    with pytest.raises(Conflict, match="Instead: "):
        require_safe(revision)


@pytest.mark.parametrize("revision", BY_PROOF, ids=lambda each: each.name[5:])
async def test_a_bad_revision_that_reads_well_is_stopped_by_proof(
    revision: Revision, builds: list[FrozenBuild], database: str
) -> None:
    assert [*complaints(revision), *squawk(revision)] == []
    tell(revision, "proof", (await prove(database, [revision], builds, APPLIED)).complaints)


TWICE = (
    *("rename_column", "rename_table", "type_change", "int_to_bigint", "not_null_without_default"),
    *("drop_of_a_used_table", "volatile_default", "generated_column", "null_where_none_was"),
    *("enum_value_renamed", "trigger_that_refuses", "trigger_that_loses_rows"),
)


async def test_the_proof_would_stop_what_a_rule_let_through(
    builds: list[FrozenBuild], database: str, administration: asyncpg.Connection
) -> None:
    released = [each for each in builds if each.is_released]
    let_through = []
    for revision in BAD:
        if revision.name[5:] in TWICE:
            url = await copied(administration, database)
            if not (await prove(url, [revision], released, APPLIED)).complaints:
                let_through.append(revision.name)
            await postgres.drop(administration, urlsplit(url).path[1:])
    assert let_through == []


async def copied(administration: asyncpg.Connection, url: str) -> str:
    """The address of a copy of a database."""
    name = f"beleg_test_{uuid4().hex}"
    source = urlsplit(url).path[1:]
    await administration.execute(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY file_copy")
    return postgres.database(url, name)


def tell(revision: Revision, guard: str, found: list[RevisionComplaint]) -> None:
    """Hold that it was stopped by the guard it names, and put that into the table."""
    stopped_by, _, rule = str(revision.module.STOPPED_BY).partition(": ")
    assert (guard, rule in {each.rule for each in found}) == (stopped_by, True), found
    assert all(each.instead for each in found)
    add_row(PLANTED, revision.name[5:].replace("_", " "), f"{guard}: {rule}", found[0].says)


async def test_what_breaks_this_build_is_not_said_of_the_frozen_one_of_its_number(
    database: str,
) -> None:
    this = replace(this_build(), build="9.9.9 (this)")
    frozen_one = FrozenBuild("9.9.9", (), (), frozenset(), {}, {})
    (rename,) = (each for each in BAD if each.name.endswith("_rename_column"))
    (step,) = (await prove(database, [rename], [frozen_one, this], APPLIED)).steps
    assert step.verdicts["9.9.9"] == "holds 0"
    assert step.verdicts["9.9.9 (this)"].startswith("BREAKS")


async def test_good_revisions_are_let_through(database: str, builds: list[FrozenBuild]) -> None:
    read = [each for good in GOOD for each in (*complaints(good), *squawk(good))]
    assert read == []
    expands = [each for each in GOOD if each.kind == "expand"]
    proof = await prove(database, expands, builds, APPLIED)
    assert proof.complaints == []
    asked = {verdict.split()[0] for step in proof.steps for verdict in step.verdicts.values()}
    assert asked == {"holds"}


async def test_a_contract_ends_the_builds_that_use_what_it_drops(
    database: str, builds: list[FrozenBuild]
) -> None:
    released = [each for each in builds if each.is_released]
    pair = [each for each in GOOD if each.name in ("9014_columns_in_step", "9015_contract")]
    proof = await prove(database, pair, released, APPLIED)
    assert proof.complaints == []
    verdicts = {step.revision: step.verdicts["0.1.0"] for step in proof.steps}
    assert verdicts["9014_columns_in_step"].startswith("holds")
    assert verdicts["9015_contract"] == "gone"


async def test_every_supported_build_can_say_all_it_says_on_the_newest_database(
    database: str, builds: list[FrozenBuild]
) -> None:
    connection = await connect(database)
    try:
        assert {each.build: await refused(connection, each) for each in builds} == {
            each.build: {} for each in builds
        }
        assert await drift(connection) == Drift()
    finally:
        await connection.close()


@pytest.mark.unit
def test_at_least_the_ways_that_are_known_are_planted() -> None:
    assert len(BAD) >= 24
    assert len({each.module.STOPPED_BY for each in BAD}) >= 24


@pytest.mark.unit
def test_a_supported_build_is_kept_whole() -> None:
    assert {file.stem for file in FOLDER.glob("*.json")} >= {"0.1.0"}
    for build in frozen():
        assert len(build.statements) > 100
        assert {each.partition(".")[0] for each in build.uses} >= set(build.inserts) - QUEUE
        assert "statement" in build.inserts  # which go in by COPY


QUEUE = {"pgqueuer_log", "pgqueuer_statistics"}
