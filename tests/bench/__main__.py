"""How fast we are, beside the usual stack, beside no stack at all, and beside the targets.

    python -m tests.bench [--quick] [--latency] [--json FILE]

All servers run at once on one core and are loaded in turn; PostgreSQL and the load are on the
others. The machine may be shared: trust ratios. It fails where an operation takes longer than its
budget (budgets.py), which is all that `--latency` measures.
"""

import argparse
import asyncio
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import uvloop

from core.settings import local_blobs
from deploy.ops.migrating.apply import migrate
from deploy.ops.postgres import Embedded
from tests.bench import camt, cases, formats, latency, machine, papers, servers
from tests.bench.budgets import EXCEEDED, within_budget
from tests.bench.cases import Side
from tests.bench.ground import OPTIONS, Ground, fill
from tests.bench.reading import TRANSACTIONS, upload_to_answers
from tests.bench.report import (
    Finding,
    as_json,
    at_least,
    at_most,
    print_findings,
    print_turns,
    times,
    within,
)
from tests.bench.rounds import Turns, interleave, middle
from tests.bench.servers import Server

MEMORY = Path("/dev/shm")
MEMORY_BYTES = 2 * 1024**3

FORMAT_ROUNDS = 7  # short ones


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to measure."""

    rounds: int
    seconds: float
    pairs: int
    pair_seconds: float
    camt_rounds: int
    calls: int


FULL = Plan(rounds=7, seconds=2.0, pairs=25, pair_seconds=1.5, camt_rounds=5, calls=500)
QUICK = Plan(rounds=3, seconds=1.0, pairs=15, pair_seconds=0.7, camt_rounds=3, calls=100)


class Bench:
    """One measurement of everything: the servers, what was found, and every turn."""

    def __init__(
        self, plan: Plan, ground: Ground, ours: Server, peer: Server, bare: Server
    ) -> None:
        self._plan = plan
        self._ground = ground
        self._ours, self._peer, self._bare = ours, peer, bare
        self.turns: dict[str, Turns] = {}
        self.findings: list[Finding] = []
        self.budgets: list[Finding] = []

    async def run(self) -> None:
        """Measure one case after the other."""
        await agree(self._ground, self._ours, self._peer)
        await self._get()
        await self._list()
        await self._create()
        await self._versions()

    async def _get(self) -> None:
        turns = await self._turns(
            "get one application",
            Side("ours", self._ours, cases.get(self._ground)),
            Side("ours again", self._ours, cases.get(self._ground)),
            Side("peer", self._peer, cases.get(self._ground)),
            Side("bare", self._bare, cases.get(self._ground)),
        )
        self.findings += at_least("get, against the peer", turns, "ours", "peer", 10)
        self.findings += at_least("get, against the bare function", turns, "ours", "bare", 0.7)
        ours = middle(turns["ours"])
        self.findings.append(at_most("p99 ÷ p50, 32 connections", ours.p99 / ours.p50, "×", 4))

    async def _list(self) -> None:
        turns = await self._turns(
            "list 20",
            Side("ours", self._ours, cases.page(self._ground)),
            Side("ours again", self._ours, cases.page(self._ground)),
            Side("peer", self._peer, cases.page(self._ground)),
        )
        self.findings += at_least("list 20, against the peer", turns, "ours", "peer", 8)

    async def _create(self) -> None:
        keyed = cases.create(self._ground, idempotent=True)
        turns = await self._turns(
            "create",
            Side("ours", self._ours, cases.create(self._ground), 201),
            Side("ours again", self._ours, cases.create(self._ground), 201),
            Side("with an Idempotency-Key", self._ours, keyed, 201),
            Side("peer", self._peer, cases.create(self._ground), 201),
        )
        self.findings += at_least("create, against the peer", turns, "ours", "peer", 8)

    async def _versions(self) -> None:
        sides = (
            Side("v2", self._ours, cases.get(self._ground)),
            Side("v1", self._ours, cases.get(self._ground, "v1")),
            Side("v2 again", self._ours, cases.get(self._ground)),
        )
        plan = self._plan
        turns = await interleave(sides, self._ground.postgres_pid, plan.pairs, plan.pair_seconds)
        self._keep("v1 against v2, get", turns)
        self.findings.append(within("v1 against v2, CPU/request", turns, "v1", "v2", 5))

    async def _turns(self, case: str, *sides: Side) -> Turns:
        plan = self._plan
        turns = await interleave(sides, self._ground.postgres_pid, plan.rounds, plan.seconds)
        self._keep(case, turns)
        return turns

    def _keep(self, case: str, turns: Turns) -> None:
        self.turns[case] = turns
        print_turns(case, turns)


async def agree(ground: Ground, ours: Server, peer: Server) -> None:
    """Make sure that the peer does the same work: it must answer the same."""
    application_id, owner = ground.owned[0]
    headers = {"Authorization": f"Bearer {ground.keys[owner]}"}
    async with httpx.AsyncClient(headers=headers) as http:
        for path in (f"/v2/applications/{application_id}", "/v2/applications?limit=20"):
            answers = [
                (await http.get(f"http://127.0.0.1:{each.port}{path}")).raise_for_status().json()
                for each in (ours, peer)
            ]
            if answers[0] != answers[1]:
                raise SystemExit(f"{path}: ours and the peer's answers differ:\n{answers}")


def measure(plan: Plan, folder: Path, database: Embedded) -> Bench:
    """Start what is compared, and compare it."""
    with ExitStack() as stack, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        ground = runner.run(fill(database))
        environ, log = _environ(folder, ground), folder / "servers.log"
        ours = stack.enter_context(servers.ours(environ, log))
        rest = machine.resident(ours.pid)
        peer = stack.enter_context(servers.other("tests.bench.peer:app", environ, log))
        bare = stack.enter_context(servers.other("tests.bench.bare:app", environ, log))
        bench = Bench(plan, ground, ours, peer, bare)
        runner.run(bench.run())
        bench.findings.append(at_most("memory of an API process at rest", rest, "MiB", 110))
        with servers.worker(environ, log):
            key = next(iter(ground.keys.values()))
            seconds = runner.run(upload_to_answers(ours.port, key))
        figure = f"{TRANSACTIONS:,} transactions, upload to answers"
        bench.findings.append(at_most(figure, seconds, "s", 3))
        bench.budgets = call_in_turn(plan, ground, ours, environ, log)
    return bench


def measure_latency(plan: Plan, folder: Path, database: Embedded) -> list[Finding]:
    """How long each operation takes over both versions, and nothing else."""
    ground = asyncio.run(fill(database))
    environ, log = _environ(folder, ground), folder / "servers.log"
    with servers.ours(environ, log) as ours:
        return call_in_turn(plan, ground, ours, environ, log)


def call_in_turn(
    plan: Plan, ground: Ground, ours: Server, environ: Mapping[str, str], log: Path
) -> list[Finding]:
    """Each operation over both versions, beside its budget."""
    with servers.worker(environ, log):
        old, new = latency.clients(ours.port, ground)
    return list(within_budget(latency.compare(old, new, plan.calls)))


def _environ(folder: Path, ground: Ground) -> Mapping[str, str]:
    blobs = folder / "blobs"
    blobs.mkdir()
    return {"BELEG_DATABASE_URL": ground.url, "BELEG_BLOB_URL": local_blobs(blobs)}


def read_camt(rounds: int) -> Iterator[Finding]:
    """A large CAMT file, beside lxml passing it and reading nothing, and beside public parsers."""
    print("\nCAMT.053 with byte ranges, against lxml.iterparse and public parsers")
    compared = camt.measure_all(TRANSACTIONS, rounds)
    for other, least in (("floor", 0.55), *((public, 5) for public in camt.PUBLIC)):
        name = "lxml reading nothing" if other == "floor" else other
        yield times(f"CAMT, against {name}", compared.times[other], least)
    yield at_most("CAMT, memory", compared.memory, "MiB", 32)


def read_papers(rounds: int) -> Iterator[Finding]:
    """PDF statements in four layouts, from bytes to bookings with their boxes."""
    print("\nPDF statements with a text layer, 24 months in each layout")
    speed = papers.pages_a_second(rounds)
    yield Finding("PDF, slowest layout", "", "", f"{speed:,.0f} pages/s", "40", speed >= 40)


def read_formats(rounds: int) -> Iterator[Finding]:
    """MT940, OFX and CSV, beside public parsers that give no place and understand less."""
    print("\nMT940, OFX and CSV with byte ranges, against public parsers")
    for race in formats.races():
        for other, ratio in formats.compare(race, rounds).items():
            yield times(f"{race.name}, against {other}", ratio, race.others[other][1])


def main() -> None:
    """Measure everything and print it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="a shorter, rougher run")
    arguments.add_argument("--latency", action="store_true", help="only each operation's budget")
    arguments.add_argument("--json", type=Path, metavar="FILE", help="write all turns there")
    given = arguments.parse_args()
    plan = QUICK if given.quick else FULL
    os.sched_setaffinity(0, machine.cores()[1])
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_BYTES
    with TemporaryDirectory(prefix="beleg-bench-", dir=MEMORY if roomy else None) as name:
        folder = Path(name)
        with Embedded(folder / "postgresql", OPTIONS) as database:
            migrate(database.url)
            if given.latency:
                findings, turns = measure_latency(plan, folder, database), {}
                budgets = findings
            else:
                bench = measure(plan, folder, database)
                turns, budgets = bench.turns, bench.budgets
                findings = [*bench.findings, *budgets]
    if not given.latency:
        findings += [
            *read_camt(plan.camt_rounds),
            *read_papers(plan.camt_rounds),
            *read_formats(FORMAT_ROUNDS),
        ]
    print_findings(findings)
    if given.json:
        given.json.write_text(json.dumps(as_json(findings, turns), indent=1))
    if exceeded := [each.figure for each in budgets if not each.met]:
        raise SystemExit(EXCEEDED + "; ".join(exceeded))


if __name__ == "__main__":
    main()
