"""Whether what supported builds say still holds on the database that each revision leaves behind.

Every statement is prepared by PostgreSQL itself before and after; what a build writes is written
for a moment and read back; the catalogue tells what neither shows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import asyncpg

from core import connecting
from deploy.ops.migrating.lint.complaints import RevisionComplaint
from deploy.ops.migrating.lint.shipped import SHIPPED
from deploy.ops.migrating.proving.freeze import FrozenBuild
from deploy.ops.migrating.proving.shape import Connection, Shape, shape_of
from deploy.ops.migrating.proving.tightening import tightened
from deploy.ops.migrating.proving.trying import Outcome, insert_into, try_writes
from deploy.ops.migrating.revisions import Revision

NOT_YET = "-"
GONE = "gone"
SHORT = 60


@dataclass(frozen=True)
class Description:
    """What a statement takes and gives, by PostgreSQL; or why it would not even be prepared."""

    parameters: tuple[str, ...] = ()
    results: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""


@dataclass(frozen=True)
class Knowledge:
    """What a build meets on a database as it is."""

    described: Mapping[str, Description]
    written: Mapping[str, Outcome]


@dataclass(frozen=True)
class Step:
    """A revision, what it means to each build, and what is wrong with it."""

    revision: str
    kind: str
    verdicts: Mapping[str, str]
    complaints: tuple[RevisionComplaint, ...]


@dataclass
class Proof:
    """What became of every build's statements, revision by revision."""

    builds: tuple[str, ...]
    steps: list[Step] = field(default_factory=list)

    @property
    def complaints(self) -> list[RevisionComplaint]:
        """All that is wrong, in the order in which it was met."""
        return [each for step in self.steps for each in step.complaints]


async def connect(url: str) -> Connection:
    """A connection that keeps no plan, since what it asks about changes under it."""
    return await connecting.connect(url, "beleg/prove", statements=0)


async def prove(
    url: str,
    revisions: Sequence[Revision],
    builds: Sequence[FrozenBuild],
    applied: Iterable[str] = (),
) -> Proof:
    """Apply revisions to a scratch database, expands first, and ask each build after each one.

    A contract is asked of those builds alone that use nothing of what it drops. The database is
    empty, or has those revisions that are named as applied.
    """
    connection = await connect(url)
    try:
        run = _Run(connection, builds, set(applied))
        await run.begin()
        contracts = [each for each in revisions if each.kind == "contract"]
        for revision in (each for each in revisions if each.kind != "contract"):
            if not await run.step(revision):
                return run.proof
        run.require_all()
        for revision in contracts:
            if not await run.step(revision):
                break
        return run.proof
    finally:
        await connection.close()


class _Run:
    """A proof on its way: the database as the last revision left it, and who still lives there."""

    def __init__(
        self, connection: Connection, builds: Sequence[FrozenBuild], applied: set[str]
    ) -> None:
        self.proof = Proof(tuple(each.build for each in builds))
        self._connection = connection
        self._builds = builds
        self._applied = applied
        self._gone: set[str] = set()
        self._known: Mapping[str, Knowledge] = {}

    async def begin(self) -> None:
        """Ask what holds before anything is applied."""
        self._shape = await shape_of(self._connection)
        self._known = await self._ask()

    async def _ask(self) -> dict[str, Knowledge]:
        return {
            each.build: await know(self._connection, each, self._shape)
            for each in self._builds
            if each.build not in self._gone and self._applied.issuperset(each.requires)
        }

    async def step(self, revision: Revision) -> bool:
        """Apply a revision and ask; whether PostgreSQL took it."""
        before = self._shape
        if refusal := await _apply(self._connection, revision):
            self.proof.steps.append(_unapplied(revision, refusal))
            return False
        await self._connection.reload_schema_state()
        self._shape = await shape_of(self._connection)
        self._applied.add(revision.number)
        self._gone |= {
            each.build for each in self._builds if each.is_released and _uses(each, revision.drops)
        }
        now = await self._ask()
        asked = [each for each in self._builds if each.build in now]
        found = _complaints(revision, asked, self._known, now, before, self._shape)
        verdicts = {each.build: _verdict(each, self._gone, now, found) for each in self._builds}
        self.proof.steps.append(Step(revision.name, revision.kind, verdicts, tuple(found)))
        self._known = now
        return True

    def require_all(self) -> None:
        """Hold it against the last expand where a build would say what finds no room."""
        if not self.proof.steps:
            return
        last = self.proof.steps[-1]
        lacking = [
            RevisionComplaint(
                last.revision, "lacks", f"build {build}, {name}: {each.refusal}", build=build
            )
            for build, knowledge in self._known.items()
            for name, each in knowledge.described.items()
            if each.refusal
        ]
        heard = {each.says for each in last.complaints}
        new = tuple(each for each in lacking if each.says not in heard)
        self.proof.steps[-1] = replace(last, complaints=(*last.complaints, *new))


async def know(connection: Connection, build: FrozenBuild, shape: Shape) -> Knowledge:
    """Ask all that a build says, and write what it writes; nothing of it stays."""
    described = {name: await _describe(connection, sql) for name, sql in build.statements.items()}
    return Knowledge(described, await try_writes(connection, build, shape))


async def refused(connection: Connection, build: FrozenBuild) -> dict[str, str]:
    """A build's statements that the database as it is would not even prepare; changes nothing."""
    described = {name: await _describe(connection, sql) for name, sql in build.statements.items()}
    return {name: each.refusal for name, each in described.items() if each.refusal}


async def _describe(connection: Connection, sql: str) -> Description:
    try:
        statement = await connection.prepare(sql)
    except asyncpg.PostgresError as problem:
        return Description(refusal=str(problem))
    return Description(
        tuple(each.name for each in statement.get_parameters()),
        {each.name: each.type.name for each in statement.get_attributes()},
    )


async def _apply(connection: Connection, revision: Revision) -> str:
    """Run a revision; what PostgreSQL refuses it with, if it does."""
    try:
        if revision.is_concurrent:
            await connection.execute(revision.statements[0])
            return ""
        async with connection.transaction():
            for statement in revision.statements:
                await connection.execute(statement)
    except asyncpg.PostgresError as problem:
        return str(problem)
    return ""


def _unapplied(revision: Revision, refusal: str) -> Step:
    complaint = RevisionComplaint(revision.name, "fails", f"PostgreSQL refuses it: {refusal}")
    return Step(revision.name, revision.kind, {}, (complaint,))


def _uses(build: FrozenBuild, drops: Sequence[str]) -> bool:
    tables = {column.partition(".")[0] for column in build.uses}
    return any(each in build.uses or each in tables for each in drops)


def _verdict(
    build: FrozenBuild,
    gone: set[str],
    now: Mapping[str, Knowledge],
    found: Sequence[RevisionComplaint],
) -> str:
    if build.build in gone:
        return GONE
    if build.build not in now:
        return NOT_YET
    broken = sum(each.build == build.build for each in found)
    return f"BREAKS {broken}" if broken else f"holds {len(build.statements)}"


def _complaints(
    revision: Revision,
    builds: Sequence[FrozenBuild],
    known: Mapping[str, Knowledge],
    now: Mapping[str, Knowledge],
    before: Shape,
    after: Shape,
) -> list[RevisionComplaint]:
    found = [("rewrite", f"{table} was written anew", "") for table in _rewritten(before, after)]
    for build in builds:
        name = build.build
        if name in known:
            broken = _broken(build, known[name], now[name], before, after)
            found += [("breaks", each, name) for each in broken]
            if revision.kind != "contract":
                found += [("tightens", each, name) for each in tightened(build, before, after)]
    excused = {**revision.exceptions, **SHIPPED.get(revision.name, {})}
    return [
        RevisionComplaint(revision.name, rule, says, build=build)
        for rule, says, build in found
        if rule not in excused
    ]


def _rewritten(before: Shape, after: Shape) -> list[str]:
    return sorted(
        table
        for table, file in before.files.items()
        if table in after.files and after.files[table] != file
    )


def _broken(
    build: FrozenBuild, was: Knowledge, now: Knowledge, before: Shape, after: Shape
) -> Iterator[str]:
    who = f"build {build.build}"
    for name, old in was.described.items():
        new = now.described[name]
        if old.refusal:
            continue
        if new.refusal:
            yield f"{who}, {name}: {new.refusal}"
        elif new.parameters != old.parameters:
            yield f"{who}, {name}: it is sent {old.parameters}, and now takes {new.parameters}"
        elif lost := {
            each: kind for each, kind in old.results.items() if new.results.get(each) != kind
        }:
            had = {each: new.results.get(each, "nothing") for each in lost}
            yield f"{who}, {name}: it read {lost}, and now gets {had}"
    for name, outcome in was.written.items():
        # An UPDATE is not tried where its INSERT failed, which is told itself.
        written = now.written.get(name, outcome)
        if not isinstance(outcome, str) and written != outcome:
            yield f"{who}, {_short(name)}: {_difference(outcome, written)}"
    yield from _not_given(build, now, before, after)


def _short(name: str) -> str:
    return name if len(name) < SHORT else f"{name[:SHORT]}…"


def _difference(wrote: Mapping[str, str], found: Outcome) -> str:
    if isinstance(found, str):
        return found
    changed = {each: value for each, value in wrote.items() if found[each] != value}
    return "; ".join(
        f"it wrote {value} in {each}, and there is {found[each]}" for each, value in changed.items()
    )


def _not_given(build: FrozenBuild, now: Knowledge, before: Shape, after: Shape) -> Iterator[str]:
    """Columns that must be given and are not, where the INSERT itself could not be tried."""
    for table, inserts in build.inserts.items():
        must = {each for each, column in after.of_table(table).items() if column.must_be_given}
        had = {each for each, column in before.of_table(table).items() if column.must_be_given}
        for columns in inserts:
            was_tried = not isinstance(now.written.get(insert_into(table, columns), ""), str)
            missing = sorted((must - had).difference(columns))
            if missing and not was_tried:
                yield f"build {build.build}, INSERT INTO {table}: it does not give {missing}"
