"""What this build requires of the database, and what of it was last found missing.

Ready means *required within applied*, never "the head is mine": a newer build's revisions disturb
nobody. What was found is no promise: whoever meets a table or column that is not there, makes a new
connection or beats the heart looks again, for a database may be restored under a running process.
"""

import time
from collections.abc import Callable, Sequence

import asyncpg
import structlog
from sqlalchemy import BigInteger, Column, Table, Text, select, text

from core import telemetry
from core.errors import Unavailable
from core.pool import Connection
from core.query import compiled, described_columns, metadata
from core.restores import ADOPTION, NotAdopted, is_restored

SCHEMA_FAULTS = (
    asyncpg.SyntaxOrAccessError,  # class 42: no such table, column, function, index
    asyncpg.NotNullViolationError,  # a column of before, which this build does not give
    asyncpg.InternalServerError,  # a table that went away in the middle of a statement
)
"""What a statement meets on a database that is not of the build's age."""

TOLD_SECONDS = 60.0
"""How often the log names what is missing, as long as it is the same."""

IDENTITY_REVISION = "0011"
"""From this revision on a database says whether it was restored."""

VERIFIED = "verified"
applied_revision = Table("applied_revision", metadata, Column("revision", Text, primary_key=True))
backfill = Table(
    "backfill",
    metadata,
    Column("name", Text, primary_key=True),
    Column("state", Text),
    Column("done", BigInteger),
    Column("total", BigInteger),
)
# `drops`, where there is such a column: a build looks at databases older than that, too.
_APPLIED = compiled(
    text("SELECT revision, to_jsonb(applied_revision) -> 'drops' AS drops FROM applied_revision")
)
_BACKFILLS = compiled(select(*backfill.c))
log = structlog.get_logger()


class Readiness:
    """Whether the database has what this build requires; `missing` is None until a first look."""

    def __init__(
        self,
        requires: tuple[str, ...],
        backfills: tuple[str, ...],
        when_restored: Callable[[], None],
    ) -> None:
        self.missing: tuple[str, ...] | None = None
        self.looked_at = 0.0
        self.requires = requires
        self._backfills = backfills
        self._when_restored = when_restored
        self._progress: dict[str, str] = {}
        self._dropped: tuple[str, ...] = ()
        self._begun = self._kept = 0
        self._told: tuple[str, ...] = ()
        self._told_at = 0.0

    async def look(self, connection: Connection) -> tuple[str, ...]:
        """The revisions and backfills that are missing now, and an adoption that is owed."""
        self._begun += 1
        turn, self.looked_at = self._begun, time.monotonic()
        applied = await _rows(connection, _APPLIED.sql)
        revisions = {row["revision"] for row in applied}
        missing = tuple(each for each in self.requires if each not in revisions)
        dropped = self._dropped_by(applied)
        progress = await self._unverified(connection)
        if IDENTITY_REVISION in revisions and await is_restored(connection):
            missing = (*missing, ADOPTION)
        missing = (*missing, *dropped)
        if turn > self._kept:  # else somebody who began to look later has been here
            self._kept = turn
            if missing and self.missing == ():
                self._when_restored()  # what connections have prepared is of tables that are gone
            self.missing, self._progress = (*missing, *progress), progress
            self._dropped = dropped
            self._tell(self.missing)
        return (*missing, *progress)

    def _dropped_by(self, applied: Sequence[asyncpg.Record]) -> tuple[str, ...]:
        """What this build uses and a contract has dropped, as after an old build's return."""
        gone = {each for row in applied for each in row["drops"] or ()}
        if not gone:
            return ()
        uses = described_columns()
        tables = {each.partition(".")[0] for each in uses}
        return tuple(sorted(each for each in gone if each in uses or each in tables))

    async def _unverified(self, connection: Connection) -> dict[str, str]:
        """How far each backfill is that is required and not verified."""
        if not self._backfills:
            return {}
        rows = {row["name"]: row for row in await _rows(connection, _BACKFILLS.sql)}
        return {
            name: _progress(rows.get(name))
            for name in self._backfills
            if name not in rows or rows[name]["state"] != VERIFIED
        }

    def refusal(self, missing: Sequence[str]) -> Unavailable:
        """Says what is missing, and what to do about it."""
        others = {*self._backfills, *self._dropped, ADOPTION}
        revisions = [each for each in missing if each not in others]
        backfills = [each for each in missing if each in self._backfills]
        if revisions:
            detail = f"The database lacks revision {', '.join(revisions)}: run the migrations."
        elif self._dropped:
            detail = (
                f"The database has dropped {', '.join(self._dropped)}, which this build uses:"
                " start a newer build."
            )
        elif ADOPTION in missing:
            return NotAdopted()
        else:
            named = (f"{each}: {self._progress.get(each, 'not begun')}" for each in backfills)
            detail = f"The database lacks backfill {'; '.join(named)}."
        return Unavailable(detail, code="not_migrated")

    def _tell(self, missing: tuple[str, ...]) -> None:
        telemetry.MISSING_REVISIONS.set(len(missing))
        now = time.monotonic()
        if missing and (missing != self._told or now - self._told_at > TOLD_SECONDS):
            log.warning("not_migrated", missing=missing)
            self._told_at = now
        elif self._told and not missing:
            log.info("migrated", found=self._told)
        self._told = missing


def is_lacking(problem: BaseException) -> bool:
    """Whether this says that the database lacks something; whoever looked has logged it."""
    return isinstance(problem, NotAdopted) or (
        isinstance(problem, Unavailable) and problem.code == "not_migrated"
    )


def _progress(row: asyncpg.Record | None) -> str:
    """How far a backfill is, in words."""
    if row is None:
        return "not begun"
    if row["state"] != "running" or not row["total"]:
        return str(row["state"])
    return f"{min(99, row['done'] * 100 // row['total'])} % done"


async def _rows(connection: Connection, sql: str) -> list[asyncpg.Record]:
    """The rows of a table; none where there is no such table."""
    try:
        return await connection.fetch(sql)
    except asyncpg.UndefinedTableError:
        return []
