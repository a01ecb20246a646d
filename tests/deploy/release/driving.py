"""A driver to be killed: real processes, a real database, and a world that is kept in files.

Run as a process it kills a driver at each of its points, lets another go on, and prints a line of
JSON for each: where, and whether the end is that of a driver whom nobody killed.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import asyncpg

from core import telemetry
from core.errors import Complaint, Invalid, Unavailable
from core.settings import Settings
from deploy.release import session, steering, store
from deploy.release.composition import Composition
from deploy.release.driver import Times
from deploy.release.machine import planned
from deploy.release.model import (
    Addresses,
    Condition,
    Counters,
    Routing,
    ShadowSummary,
    Slot,
    Standing,
)
from deploy.release.store import StoredRelease

QUICK = Times(notice=0.02, look=0.01, seldom=0.01, retry=0.01)
PLAN = {
    "minimum": 100,
    "web_minimum": 100,
    "weights": (5, 50),
    "settle_seconds": 0,
    "soak_minutes": 0,
    "shadow_minimum": 10,
    "contracts": ("0099_gone",),
}
A_REQUEST = 400
A_NAME, B_NAME = "1+a", "2+b"
CLUSTERS = [f"{kind}-{slot}" for kind in ("api", "web") for slot in ("blue", "green", "baseline")]


@dataclass(slots=True)
class Points:
    """Where a driver may be killed; `names` are those that it came by."""

    kill_at: str = ""
    names: list[str] = field(default_factory=list)

    def __call__(self, name: str) -> None:
        """Pass by, or be killed here: at the first, second, … of a name."""
        before = sum(each.endswith(f" {name}") for each in self.names)
        self.names.append(f"{before + 1}. {name}")
        if self.names[-1] == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, name: str, work: Callable[..., Awaitable[Any]]) -> Callable[..., Any]:
        """The same work, with a point before it and one after it."""

        async def watched(*args: Any, **rest: Any) -> Any:
            self(f"before {name}")
            result = await work(*args, **rest)
            self(f"after {name}")
            return result

        return watched


@dataclass(slots=True)
class FileWorld:
    """A platform, an edge and a differ that write down what they were told; each survives us."""

    folder: Path
    pass_by: Callable[[str], None] = lambda name: None
    broken: str = ""
    """What B lacks: "start", "answers", "same"."""
    attempts: list[str] = field(default_factory=list)
    rules: list[list[str]] = field(default_factory=list)
    """Whom the edge was told to send by a rule, each time."""
    requests: int = A_REQUEST
    """How many more each cluster has had, whenever the edge is asked."""

    def read(self, name: str) -> Any:
        """What a file says, None where there is none."""
        file = self.folder / name
        return json.loads(file.read_text()) if file.exists() else None

    def write(self, name: str, said: Any) -> None:
        """Write it down, with a point before it and one after it."""
        self.pass_by(f"before {name}")
        fresh = self.folder / f"{name}.new"
        fresh.write_text(json.dumps(said))
        fresh.replace(self.folder / name)
        self.pass_by(f"after {name}")

    def state(self) -> dict[str, Any]:
        """The whole world as it is."""
        names = [*(each.value for each in Slot), "edge", "differ"]
        return {name: self.read(name) for name in names}

    async def locate(self, build: str) -> str:
        if build not in ("a", "b", "c"):
            raise Invalid(Complaint("build", f"{build} is no build"))
        return build

    async def standing(self) -> Mapping[Slot, str]:
        found = {slot: self.read(slot.value) for slot in (Slot.BLUE, Slot.GREEN)}
        return {slot: each["build"] for slot, each in found.items() if each}

    async def ensure(self, slot: Slot, standing: Standing) -> Addresses:
        if self.broken == "start" and standing.build == "b" and slot is Slot.GREEN:
            raise Unavailable("ImportError: no module named beleg")
        parts = sorted(each.value for each in standing.parts)
        self.write(slot.value, {"build": standing.build, "parts": parts})
        return Addresses((f"{slot}:1",), (f"{slot}:2",))

    async def empty(self, slot: Slot) -> None:
        self.write(slot.value, None)

    async def command(self, build: str, *words: str) -> str:
        self.pass_by(f"before {' '.join(words)}")
        asked = {"migrate plan": '{"revisions": []}', "backfill status": "[]"}
        return asked.get(" ".join(words[:2]), "Applied.")

    async def apply(self, routing: Routing, addresses: Mapping[Slot, Addresses]) -> None:
        self.rules.append([each.value for each in routing.conditions])
        told = [routing.serving, routing.candidate, routing.weight, routing.baseline]
        self.write("edge", [*told, routing.mirrored, routing.differ, sorted(addresses)])

    async def counters(self) -> Mapping[str, Counters]:
        n = (self.read("requests") or 0) + self.requests
        (self.folder / "requests").write_text(json.dumps(n))
        bad = n // 20 if self.broken == "answers" else 0
        return {
            name: Counters(n, bad if name == "api-green" else 0, {25.0: n // 50}, n)
            for name in CLUSTERS
        }

    async def start(self) -> str:
        self.write("differ", "runs")
        return "differ:9"

    async def stop(self) -> None:
        self.write("differ", None)

    async def report(self) -> ShadowSummary:
        differences = ("v1 GET /x: amount",) if self.broken == "same" else ()
        return ShadowSummary(100, 100, differences, report="shadow.html")

    def composition(self, attempt: str = "") -> Composition:
        """All parts of it."""
        self.attempts.append(attempt)
        return Composition(self, self, lambda a, b: self, build_name=self.build_name)

    async def build_name(self, place: Addresses) -> str:
        """What stands in green says that it is B; what stands in blue is from before they said."""
        return B_NAME if place.api == ("green:1",) else ""


async def drive(
    url: str,
    world: FileWorld,
    *,
    automatic: bool = True,
    steps: int = 0,
    stay: bool = True,
    rules: Sequence[Condition] = (),
    **plan: Any,
) -> StoredRelease | None:
    """Begin a release unless one is open, and drive it until it rests; None where another does."""
    settings = Settings(database_url=url)
    async with session.records(settings) as db:
        found = await store.last(db)
        if found is None:
            await steering.begin(db, "a", "b", planned(PLAN, plan), rules, automatic)
        elif found.release.ended_at is not None:
            return found
        compose, quiet = world.composition, lambda text: None
        return await session.drive(
            settings, db, compose, quiet, steps, stay=stay and automatic, times=QUICK
        )


async def told(url: str) -> list[tuple[str, str, str]]:
    """Every step that is on record."""
    async with session.records(Settings(database_url=url)) as db:
        found = await store.last(db)
        steps = await store.steps(db, found.release.id) if found else []
        return [(each.from_state, each.to_state, each.verdict) for each in steps]


def forked(work: Callable[[], None]) -> int:
    """Do it in a process of its own; 0, or by which signal it ended."""
    if not (pid := os.fork()):
        try:
            work()
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def watch(points: Points) -> None:
    """Have points before and after each row, too."""
    for name in ("begin", "move", "made"):
        setattr(store, name, points.around(f"row {name}", getattr(store, name)))


def run(url: str, folder: Path, broken: str, kill_at: str = "") -> int:
    """Drive in a process of its own, which may be killed; what it came by is in `points`."""

    def work() -> None:
        points = Points(kill_at)
        watch(points)
        asyncio.run(drive(url, FileWorld(folder, points, broken)))
        (folder / "points").write_text(json.dumps(points.names))

    return forked(work)


def fresh(url: str, folder: Path) -> None:
    """Forget every release, and what stands."""
    for each in folder.iterdir():
        each.unlink()

    async def forget() -> None:
        connection = await asyncpg.connect(url)
        await connection.execute("DELETE FROM release_step; DELETE FROM release")
        await connection.close()

    asyncio.run(forget())


def end(url: str, folder: Path) -> dict[str, Any]:
    """Where all of it ended: the world, and the record."""
    return {"world": FileWorld(folder).state(), "steps": asyncio.run(told(url))}


def some(names: Sequence[str]) -> list[str]:
    """A few of the points of each state, by way of example: around its row, and in between."""
    rows = [at for at, name in enumerate(names) if " row " in name]
    between = [(one + other) // 2 for one, other in pairwise(rows)]
    return [names[at] for at in sorted({*rows[::3], *between[1::4]})]


def main(url: str, folder: Path, broken: str, how_many: str) -> None:
    """Kill at "none", "some" or "all" of its points; print how each ended."""
    telemetry.configure("ERROR")
    assert run(url, folder, broken) == 0
    names = json.loads((folder / "points").read_text())
    expected = end(url, folder)
    print(json.dumps({"points": names, **expected}), flush=True)
    for name in {"none": [], "some": some(names), "all": names}[how_many]:
        fresh(url, folder)
        killed = run(url, folder, broken, name)
        again = run(url, folder, broken)
        found = end(url, folder)
        line = {"name": name, "killed": killed, "again": again}
        print(json.dumps({**line, "same": found == expected, "found": found}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4])
