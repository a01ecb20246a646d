"""`beleg migrate prove`: rules, then proof, on a scratch database; or the same questions here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from deploy.ops.migrating.contracts import WINDOW
from deploy.ops.migrating.lint.batches import batch_complaints
from deploy.ops.migrating.lint.complaints import RevisionComplaint, in_words
from deploy.ops.migrating.lint.rules import complaints
from deploy.ops.migrating.lint.squawk import has_squawk, squawk
from deploy.ops.migrating.proving.drift import Drift, drift
from deploy.ops.migrating.proving.freeze import FrozenBuild, frozen, this_build
from deploy.ops.migrating.proving.proof import GONE, NOT_YET, Proof, connect, prove, refused
from deploy.ops.migrating.proving.scratch import scratch
from deploy.ops.migrating.revisions import FOLDER, revisions

SEEN = (
    "SELECT DISTINCT split_part(build, '+', 1) FROM live_build WHERE seen_at > now() - $1::interval"
)


@dataclass
class RevisionReport:
    """What rules and proof say of all revisions."""

    proof: Proof
    read: list[RevisionComplaint]
    unread: str = ""

    @property
    def is_broken(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.read or self.proof.complaints)

    def lines(self) -> list[str]:
        """A table, a revision a line, and below it all that is wrong."""
        rows = [("revision", *self.proof.builds)]
        for step in self.proof.steps:
            told = (step.verdicts.get(each, "") for each in self.proof.builds)
            rows.append((step.revision, *told))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        table = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        wrong = [*self.read, *self.proof.complaints]
        notes = [self.unread] if self.unread else []
        key = f"{NOT_YET}: not all it requires is applied; {GONE}: it uses what a contract drops."
        end = (
            [*in_words(wrong), f"{len(wrong)} wrong."] if wrong else ["No revision breaks a build."]
        )
        return [*table, "", key, *notes, *end]

    def as_json(self) -> dict[str, Any]:
        """The same for a pipeline."""
        return {
            "builds": self.proof.builds,
            "revisions": [
                {"revision": each.revision, "kind": each.kind, "builds": dict(each.verdicts)}
                for each in self.proof.steps
            ],
            "complaints": [
                {
                    "revision": each.revision,
                    "rule": each.rule,
                    "says": each.says,
                    "instead": each.instead,
                }
                for each in (*self.read, *self.proof.complaints)
            ],
        }


@dataclass
class HereReport:
    """What builds would meet on a database as it is."""

    refusals: Mapping[str, Mapping[str, str]]
    """By build, its statements that would fail and PostgreSQL's message."""
    drift: Drift
    unknown: Sequence[str] = field(default=())

    @property
    def is_broken(self) -> bool:
        """Whether a build would fail on something, or the shape is not what this build knows."""
        return bool(self.drift.found) or any(self.refusals.values())

    def lines(self) -> list[str]:
        """A line a build, and below it what would fail."""
        lines = []
        for build, refusals in self.refusals.items():
            state = f"{len(refusals)} statements would fail" if refusals else "all holds"
            lines.append(f"build {build}: {state}")
            lines += [f"    {name}: {message}" for name, message in refusals.items()]
        lines += [
            f"build {each}: was here within 7 days, and its statements are not kept"
            for each in self.unknown
        ]
        lines += [f"drift: {each}" for each in self.drift.found] or ["drift: none"]
        return [*lines, *self.drift.dropped]

    def as_json(self) -> dict[str, Any]:
        """The same for a pipeline."""
        return {
            "builds": {build: dict(each) for build, each in self.refusals.items()},
            "unknown": list(self.unknown),
            "drift": list(self.drift.found),
            "dropped": list(self.drift.dropped),
        }


async def prove_revisions(
    url: str | None, folder: Path | None = None, builds: Iterable[FrozenBuild] | None = None
) -> RevisionReport:
    """Read all revisions, then apply them to a scratch database and ask every supported build."""
    all_revisions = revisions(folder or FOLDER)
    read = [each for revision in all_revisions for each in complaints(revision)]
    unread = ""
    if has_squawk():
        read += [each for revision in all_revisions for each in squawk(revision)]
    else:
        unread = "squawk is not installed here and was not asked (the extra `dev` brings it)."
    if folder is None:
        read += batch_complaints()
    asked = list(builds) if builds is not None else [*frozen(), this_build()]
    async with scratch(url) as made:
        proof = await prove(made, all_revisions, asked)
    return RevisionReport(proof, read, unread)


async def prove_here(url: str) -> HereReport:
    """Ask a database, without changing it, whether all holds that the builds seen on it say."""
    connection = await connect(url)
    try:
        await connection.execute("SET default_transaction_read_only = on")
        supported = {each.build: each for each in frozen()}
        mine = this_build()
        here = await _seen(connection)
        this = mine.build.partition(" ")[0]
        builds = [mine, *(supported[each] for each in sorted(here - {this}) if each in supported)]
        return HereReport(
            {each.build: await refused(connection, each) for each in builds},
            await drift(connection),
            sorted(here - supported.keys() - {this}),
        )
    finally:
        await connection.close()


async def _seen(connection: asyncpg.Connection) -> set[str]:
    try:
        return {row[0] for row in await connection.fetch(SEEN, WINDOW)}
    except asyncpg.UndefinedTableError:
        return set()
