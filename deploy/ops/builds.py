"""Which builds live on the instance's database, and which have been there, as operators see it."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from core import audit, builds
from core.builds import LiveBuild
from core.connecting import connected
from core.db import Tx
from core.settings import Settings
from deploy.ops.instance import OPERATOR, run

HEAD = ("BUILD", "PART", "PROCESSES", "SINCE", "LAST SEEN", "STATE", "REQUIRES")
TIME = "%Y-%m-%d %H:%M:%S UTC"


@dataclass(frozen=True, slots=True)
class BuildPart:
    """A part of a build: how many of its processes live, since when, and when one last beat."""

    build: str
    part: str
    processes: int
    since: datetime
    last_seen: datetime
    state: str
    requires: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The part as a pipeline reads it."""
        return {
            "build": self.build,
            "part": self.part,
            "processes": self.processes,
            "since": self.since.astimezone(UTC).isoformat(),
            "last_seen": self.last_seen.astimezone(UTC).isoformat(),
            "state": self.state,
            "requires": list(self.requires),
        }


def recorded(settings: Settings) -> list[BuildPart]:
    """Every build that is remembered, by part; works on a database that lacks revisions, too."""

    async def read() -> list[BuildPart]:
        name = builds.session_name(builds.named(settings.build), "command")
        async with connected(settings.database_url, 1, name) as db:
            return by_part(await builds.seen(db))

    return asyncio.run(read())


def say_gone(settings: Settings, build: str) -> None:
    """Note that a build never comes back, so that its lack of words holds nobody back."""

    async def work(tx: Tx) -> None:
        process = await builds.say_gone(tx, build)
        audit.record(tx, OPERATOR, "build.gone", "build", process, {"build": build})

    run(settings, lambda db: db.write(work))


def by_part(processes: Iterable[LiveBuild]) -> list[BuildPart]:
    """The processes put together, the build that began last first."""

    def key(process: LiveBuild) -> tuple[str, str]:
        return process.build, process.part

    groups = groupby(sorted(processes, key=key), key)
    return sorted(
        (_together(tuple(each)) for _, each in groups),
        key=lambda each: (-each.since.timestamp(), each.build, each.part),
    )


def _together(processes: Sequence[LiveBuild]) -> BuildPart:
    last = max(processes, key=lambda each: each.seen_at)
    living = [each for each in processes if each.live]
    return BuildPart(
        build=last.build,
        part=last.part,
        processes=len(living),
        since=min(each.started_at for each in living or processes),
        last_seen=last.seen_at,
        state="live" if living else "ended" if last.ended_at else "silent",
        requires=last.requires,
    )


def lines(parts: Sequence[BuildPart]) -> list[str]:
    """A table for people."""
    rows = [
        HEAD,
        *(
            (
                each.build,
                each.part,
                str(each.processes),
                each.since.astimezone(UTC).strftime(TIME),
                each.last_seen.astimezone(UTC).strftime(TIME),
                each.state,
                f"{len(each.requires)} revisions to {max(each.requires, default='-')}",
            )
            for each in parts
        ),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
