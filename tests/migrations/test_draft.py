"""What `beleg migrate new` writes is safe, and leaves the database as the metadata says."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
)

from core.errors import Conflict
from core.query import metadata
from deploy.ops.migrating.drafting.differences import differences
from deploy.ops.migrating.drafting.draft import new
from deploy.ops.migrating.lint.batches import batch_complaints
from deploy.ops.migrating.lint.squawk import lint
from deploy.ops.migrating.proving import freeze
from deploy.ops.migrating.proving.proof import prove
from deploy.ops.migrating.revisions import FOLDER, revisions

APPLIED = frozenset(each.number for each in revisions() if each.kind == "expand")
freeze.this_build()  # which imports all of core, so that its metadata is whole
USED = frozenset(column for build in freeze.frozen() for column in build.uses) - {
    each for revision in revisions() for each in revision.drops
}


def altered(
    table: str, *gone: str, add: tuple[Column[object], ...] = ()
) -> Callable[[MetaData], None]:
    """Give a table other columns."""

    def alter(known: MetaData) -> None:
        old = known.tables[table]
        columns = [each._copy() for each in old.c if each.name not in gone]
        known.remove(old)
        Table(table, known, *columns, *(each._copy() for each in add))

    return alter


def _note(known: MetaData) -> None:
    Table(
        "note",
        known,
        Column("id", Uuid, primary_key=True),
        Column("application_id", Uuid, ForeignKey("application.id"), nullable=False),
        Column("body", Text),
        Index("note_application", "application_id"),
    )


def _index(known: MetaData) -> None:
    Index("application_product", known.tables["application"].c.product)


def _no_month(known: MetaData) -> None:
    known.remove(known.tables["month"])


def _purpose(known: MetaData) -> None:
    known.tables["application"].c.purpose.nullable = False


CHANGES: Mapping[str, tuple[Callable[[MetaData], None], dict[str, str]]] = {
    "a column": (altered("client", add=(Column("city", Text),)), {}),
    "a column with a default": (
        altered("person", add=(Column("calm", Boolean, server_default="false", nullable=False),)),
        {},
    ),
    "a table with an index": (_note, {}),
    "an index": (_index, {}),
    "another name": (
        altered("brownout", "ends_at", add=(Column("until", DateTime(timezone=True)),)),
        {"brownout.ends_at": "until"},
    ),
    "another type": (
        altered("document", "size", add=(Column("bytes", Text, nullable=False),)),
        {"document.size": "bytes"},
    ),
    "another name by two keys": (
        altered("month", "balance", add=(Column("closing", BigInteger),)),
        {"month.balance": "closing"},
    ),
    "a column goes": (altered("application", "delete_reason"), {}),
    "a column goes and another comes": (
        altered("decision", "note", add=(Column("weight", Integer),)),
        {"decision.note": ""},
    ),
    "a table goes": (_no_month, {}),
}
TOGETHER = [name for name in CHANGES if name != "a table goes"]


@pytest.mark.parametrize("names", [TOGETHER, ["a table goes"]], ids=["most", "table"])
async def test_what_is_drafted_is_safe_and_leaves_no_difference(
    names: list[str], database: str, tmp_path: Path
) -> None:
    known, renames = _copied(), dict[str, str]()
    for name in names:
        alter, renamed = CHANGES[name]
        alter(known)
        renames |= renamed
    folder, batches = _folders(tmp_path)
    written = await new(
        "A change", database, renames=renames, folder=folder, backfills=batches, known=known
    )
    assert written
    drafted = [
        each for each in revisions(folder) if each.number not in APPLIED and each.file in written
    ]
    assert [each for revision in drafted for each in lint(revision)] == []
    assert batch_complaints(batches) == []
    proof = await prove(database, drafted, freeze.frozen(), APPLIED)
    assert proof.complaints == []
    assert not await differences(database, known, USED)


async def test_never_null_waits_for_builds_that_may_write_null(
    database: str, tmp_path: Path
) -> None:
    known = _copied()
    _purpose(known)
    folder, batches = _folders(tmp_path)
    written = await new("A purpose", database, folder=folder, backfills=batches, known=known)
    drafted = [each for each in revisions(folder) if each.file in written]
    assert [each.kind for each in drafted] == ["contract", "contract"]
    assert drafted[1].after == (drafted[0].number,)
    assert [each for revision in drafted for each in lint(revision)] == []
    found = (await prove(database, drafted, freeze.frozen(), APPLIED)).complaints
    assert ["build 0.1.0" in each.says and "purpose_given" in each.says for each in found] == [True]
    assert not await differences(database, known, USED)


async def test_what_cannot_be_known_is_asked(database: str, tmp_path: Path) -> None:
    known = _copied()
    altered("statement", "number", add=(Column("sequence", Text),))(known)
    altered("client", add=(Column("city", Text, nullable=False),))(known)
    known.tables["application"].c.term_months.type = BigInteger()
    folder, batches = _folders(tmp_path)
    with pytest.raises(Conflict) as refused:
        await new("A change", database, folder=folder, backfills=batches, known=known)
    assert "--rename statement.number=sequence" in refused.value.detail
    assert "client.city is NOT NULL and has no server_default" in refused.value.detail
    assert "application.term_months is integer in the database and bigint" in refused.value.detail
    assert list(batches.iterdir()) == []


async def test_nothing_is_drafted_where_nothing_differs(database: str, tmp_path: Path) -> None:
    folder, batches = _folders(tmp_path)
    assert await new("A change", database, folder=folder, backfills=batches, known=_copied()) == []


def _copied() -> MetaData:
    known = MetaData()
    for table in metadata.sorted_tables:
        table.to_metadata(known)
    return known


def _folders(tmp_path: Path) -> tuple[Path, Path]:
    """The real revisions, to be continued, and no backfills."""
    folder, batches = tmp_path / "versions", tmp_path / "backfills"
    folder.mkdir()
    batches.mkdir()
    for file in FOLDER.glob("[0-9]*.py"):
        shutil.copy(file, folder)
    return folder, batches
