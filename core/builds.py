"""Which build this is, what it uses of a database, and which builds live on one."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from types import TracebackType
from typing import Self
from uuid import UUID

import asyncpg
import structlog
from sqlalchemy import (
    ARRAY,
    Column,
    DateTime,
    Interval,
    Table,
    Text,
    Uuid,
    func,
    null,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from core import backlog, telemetry
from core.code_digest import code_digest
from core.db import CONNECTION_LOST, LOOK_SECONDS, Database, Queryable, Tx
from core.errors import Conflict, NotFound, Refused
from core.ids import new_id
from core.query import Query, compiled, described_columns, metadata, param
from core.readiness import is_lacking
from core.vocabulary import vocabulary

BEAT_SECONDS = 10.0
LIVE_FOR = timedelta(seconds=60)
"""A process that has not beaten for so long is taken for dead."""
KEPT = timedelta(days=90)
"""How long it is known that a build was here: the longest rollback window there can be."""
HISTORY_AFTER = timedelta(hours=1)
"""Of processes that are gone for so long, only the last of each build and part is kept."""
END_SECONDS = 2.0
TOLD_SECONDS = 60.0
FIRST = "0.1.0"
"""The build that beat no heart; it is known by how its sessions are called."""
FIRST_SESSIONS = {"beleg": "worker", "beleg-bff": "bff", "public_api": "api"}
"""What its sessions are called, and which part each belongs to; its commands count as workers."""

VERSION = version("beleg")
"""What pyproject.toml says; a released build's statements are frozen under it."""


def uses() -> tuple[str, ...]:
    """Every `table.column` that this process reads or writes: those of the modules it imported."""
    return tuple(sorted(described_columns()))


def named(distinction: str = "") -> str:
    """This build's name: its version, and what tells it from others of that version."""
    return f"{VERSION}+{distinction}" if distinction else BUILD


BUILD = f"{VERSION}+{code_digest()}"
"""Reading the code for it takes 13 ms, once."""

live_build = Table(
    "live_build",
    metadata,
    Column("process", Uuid, primary_key=True),
    Column("part", Text),
    Column("build", Text),
    Column("requires", ARRAY(Text)),
    Column("uses", ARRAY(Text)),
    Column("started_at", DateTime(timezone=True)),
    Column("seen_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    Column("words", ARRAY(Text)),
)
_BEAT = compiled(
    update(live_build)
    .where(live_build.c.process == param("process"))
    .values(seen_at=func.now(), ended_at=null())
)
_BEGIN = compiled(
    insert(live_build)
    .values(
        process=param("process"),
        part=param("part"),
        build=param("build"),
        requires=param("requires"),
        uses=param("uses"),
        started_at=func.now(),
        seen_at=func.now(),
    )
    .on_conflict_do_nothing()
)
_END = compiled(
    update(live_build)
    .where(live_build.c.process == param("process"))
    .values(seen_at=func.now(), ended_at=func.now())
)
_HAS_WORDS = Query(
    """SELECT FROM pg_attribute WHERE attrelid = 'live_build'::regclass AND attname = 'words'""",
    (),
    {},
)
_SAY = compiled(
    update(live_build).where(live_build.c.process == param("process")).values(words=param("words"))
)
_GONE = compiled(
    update(live_build)
    .where(live_build.c.build == param("which"))
    .values(words=param("words"))
    .returning(live_build.c.process)
)
_OF_THE_FIRST = Query(
    f"""INSERT INTO live_build (process, part, build, requires, uses, started_at, seen_at)
    SELECT md5('{FIRST}/' || part)::uuid, part, '{FIRST}',
        '{{0001,0002,0003,0004,0005,0006,0007,0008}}', '{{}}',
        coalesce(min(backend_start), now()), now()
    FROM pg_stat_activity
    JOIN (VALUES {", ".join(map(str, FIRST_SESSIONS.items()))}) AS first (session, part)
        ON application_name = session
    WHERE datname = current_database()
    GROUP BY part
    ON CONFLICT (process) DO UPDATE SET seen_at = now(), ended_at = NULL""",  # noqa: S608
    (),
    {},
)
_ALIVE = live_build.c.ended_at.is_(None) & (live_build.c.seen_at > func.now() - LIVE_FOR)
_SEEN = compiled(
    select(*(each for each in live_build.c if each.name != "words"), _ALIVE.label("live"))
    .where(live_build.c.seen_at > func.now() - param("within", Interval))
    .order_by(live_build.c.seen_at.desc(), live_build.c.process)
)
_SWEEP = Query(
    """DELETE FROM live_build AS old
    WHERE old.seen_at < now() - $1::interval OR old.seen_at < now() - $2::interval
        AND EXISTS (
            SELECT FROM live_build AS later WHERE later.build = old.build AND later.part = old.part
                AND (later.seen_at, later.process) > (old.seen_at, old.process))
    """,
    ("kept", "history"),
    {},
)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class LiveBuild:
    """A process of a build, as it last said of itself."""

    process: UUID
    part: str
    build: str
    requires: tuple[str, ...]
    uses: tuple[str, ...]
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    live: bool


async def seen(db: Queryable, within: timedelta = KEPT) -> list[LiveBuild]:
    """The processes that lived within this time, those that beat last first."""
    rows = [dict(row) for row in await db.all(_SEEN, within=within)]
    return [
        LiveBuild(**{**row, "requires": tuple(row["requires"]), "uses": tuple(row["uses"])})
        for row in rows
    ]


async def live(db: Queryable) -> list[LiveBuild]:
    """The processes that live."""
    return [each for each in await seen(db, LIVE_FOR) if each.live]


async def sweep(tx: Tx) -> int:
    """Forget processes that are long gone; how many those were."""
    return await tx.run(_SWEEP, kept=KEPT, history=HISTORY_AFTER)


async def say_gone(tx: Tx, build: str) -> UUID:
    """Say that a build never comes back: what it has no word for may be stored from now on.

    One of its processes; raises Conflict while one lives, NotFound where none was ever here.
    """
    if build in {each.build for each in await live(tx)}:
        raise Conflict(f"Build {build} lives: end it first.")
    rows = await tx.all(_GONE, which=build, words=[])
    if not rows:
        raise NotFound("build")
    process: UUID = rows[0]["process"]
    return process


def session_name(build: str, part: str) -> str:
    """What a process's connections are called in `pg_stat_activity`."""
    return f"beleg/{build}/{part}"


class Heartbeat:
    """Says every few seconds that this process lives, for as long as the block lasts.

    It also looks what the database lacks, so that what comes or goes is noticed without requests,
    and measures what waits there. A shadow only looks: it may not write, and where a build was only
    a shadow it never has to be gone back to. While it lasts, contracts see its sessions.
    """

    def __init__(
        self,
        db: Database,
        part: str,
        build: str = BUILD,
        seconds: float = BEAT_SECONDS,
        *,
        shadow: bool = False,
    ) -> None:
        self._shadow = shadow
        self._db = db
        self._part = part
        self._build = build
        self._seconds = seconds
        self._process = new_id()
        self._said = False
        self._told_at = -TOLD_SECONDS

    async def __aenter__(self) -> Self:
        telemetry.announce(self._build, self._part)
        self._beating = asyncio.create_task(self._beat_on())
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._beating.cancel()
        await asyncio.gather(self._beating, return_exceptions=True)
        if self._shadow:
            return
        with suppress(*CONNECTION_LOST, Refused, asyncpg.PostgresError):
            async with asyncio.timeout(END_SECONDS):
                await self._db.apart.write(lambda tx: tx.run(_END, process=self._process))

    async def beat(self) -> None:
        """Say once that this process lives, and that those do which cannot say so themselves."""

        async def work(tx: Tx) -> None:
            if not await tx.run(_BEAT, process=self._process):
                self._said = False
                await tx.run(
                    _BEGIN,
                    process=self._process,
                    part=self._part,
                    build=self._build,
                    requires=list(self._db.requires),
                    uses=list(uses()),
                )
            self._said = self._said or await self._say(tx)
            await tx.run(_OF_THE_FIRST)

        await self._db.apart.write(work)
        if self._said:
            await self._db.apart.learn_words()
        telemetry.HEARTBEAT.set_to_current_time()

    async def _say(self, tx: Tx) -> bool:
        """Say what words this process has, once there is a place for them."""
        if await tx.one(_HAS_WORDS) is None:
            return False
        return await tx.run(_SAY, process=self._process, words=sorted(vocabulary())) > 0

    async def _beat_on(self) -> None:
        due = 0.0
        while True:
            if not self._shadow and time.monotonic() >= due and await self._try(self.beat):
                due = time.monotonic() + self._seconds
                await self._try(lambda: backlog.measure(self._db.apart))
            lacking = await self._lacks()
            if self._db.refuses_writes:
                lacking, due = True, 0.0  # whether they are taken again is seen by writing
            await asyncio.sleep(min(LOOK_SECONDS, self._seconds) if lacking else self._seconds)

    async def _lacks(self) -> bool:
        """Whether the database lacks something, or does not say."""
        try:
            return await self._db.look() != ()
        except Exception as problem:
            self._tell(problem)
            return True

    async def _try(self, work: Callable[[], Awaitable[object]]) -> bool:
        """Do it; whether that went well. A heart goes on, whatever there is."""
        try:
            await work()
        except Exception as problem:
            self._tell(problem)
            return False
        return True

    def _tell(self, problem: Exception) -> None:
        if is_lacking(problem):
            return  # which has been told
        if time.monotonic() - self._told_at > TOLD_SECONDS:
            log.warning("heart_not_heard", problem=type(problem).__name__)
            self._told_at = time.monotonic()
