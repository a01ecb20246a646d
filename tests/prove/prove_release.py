"""A release from end to end, and builds with one thing wrong: each is stopped where it should be.

Real Envoy, real PostgreSQL, A and B as real processes, traffic over both versions and the web app.
"""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE
from pathlib import Path

from deploy.release.rehearsal.plan import RELEASE_PLAN, RehearsalPlan
from deploy.release.rehearsal.rehearsing import alone, gone, rehearse, written
from deploy.release.rehearsal.results import Results
from deploy.release.rehearsal.rollout import Rollout
from deploy.release.rehearsal.stand import Stand, standing
from deploy.release.rehearsal.traffic import Traffic, flowing
from tests import tables
from tests.ports import free_ports
from tests.prove.planted import HERE, PLANTED, Planted

OLD_COMMIT = os.environ.get("BELEG_PROVE_A", "f08c98e4472ec07034621d33ed3cfd0cd8d9fa84")
"""The last build that could not be released beside another; or a folder of its sources."""
REQUESTS = int(os.environ.get("BELEG_PROVE_REQUESTS", "20000"))
RATE = float(os.environ.get("BELEG_PROVE_RATE", "45"))
ONLY = os.environ.get("BELEG_PROVE_PLANTED", "")
TITLE = "Builds with one thing wrong: what stops them"
STEPS = 1200.0
"""How long a release may take, from expand to its end."""
SHORT = {**RELEASE_PLAN, "weights": (50.0,), "soak_minutes": 0.05, "shadow_minimum": 200}


def plan(folder: Path, b: str, requests: int) -> RehearsalPlan:
    """On ports that nobody else is about to take."""
    first_port = free_ports(60)[0]
    return RehearsalPlan(
        OLD_COMMIT, b, folder, requests, rate=RATE, first_port=first_port, patience_seconds=STEPS
    )


async def test_a_release_is_rehearsed_and_nobody_notices(tmp_path: Path) -> None:
    report = await rehearse(plan(tmp_path, str(HERE), REQUESTS), print)
    written(report, tmp_path)
    print(report.as_markdown())
    assert [each for each in report.promises if not each.kept] == []


async def test_a_build_with_one_thing_wrong_is_stopped_and_everybody_is_back(
    tmp_path: Path,
) -> None:
    tables.add_row(TITLE, "", "stopped in", "failed before", "failed after", "seconds", "why")
    results = Results()
    async with standing(plan(tmp_path, "", 0)) as stand:
        await stand.let_in()
        results.phase("warming up")
        old = await stand.platform.tree(OLD_COMMIT)
        async with flowing(stand, results, old) as traffic:
            await alone(stand, traffic, print)
            wrong = [
                said
                for each in PLANTED
                if ONLY in each.name
                for said in await tried(each, stand, traffic)
            ]
    assert wrong == []


async def tried(planted: Planted, stand: Stand, traffic: Traffic) -> list[str]:
    """Release such a build; what was not as it should be."""
    results, began = traffic.results, time.monotonic()
    results.phase("before")
    first = len(results.phases)
    release_plan = SHORT if planted.shadow else {**SHORT, "mirrored": 0}
    rollout = Rollout(stand, planted.build(stand.plan.data), print, release_plan)
    await gone(rollout, results, stand.plan)
    after = len(results.now.failures)
    seconds = time.monotonic() - began
    before = sum(len(each.failures) for each in results.phases[first:-1])
    steps = await rollout.steps()
    last = next(each for each in reversed(steps) if each["to"] in ("back", "done"))
    found = [f"{planted.name}: {last['to']}"] if last["to"] != "back" else []
    if last["from"] not in planted.stopped_in:
        found.append(f"{planted.name} was stopped in {last['from']}: {last['why']}")
    found += [f"{planted.name}, after it was sent back: {each}" for each in results.now.failures]
    why = " ".join(last["why"].split())[:90]
    tables.add_row(TITLE, planted.name, last["from"], before, after, f"{seconds:.0f}", why)
    print(
        "\n".join(
            [f"{planted.name}: {last['from']} -> {last['to']}: {why}", *results.failures[-3:]]
        )
    )
    if last["to"] == "back":
        await rollout.abort("it is over")
    return found


async def test_a_rehearsal_killed_by_force_leaves_nothing_running(tmp_path: Path) -> None:
    words = ("--a", OLD_COMMIT, "--data", str(tmp_path), "--first-port", str(free_ports(60)[0]))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.ops.cli", "release", "rehearse", *words),
        cwd=HERE,
        stderr=PIPE,
    )
    assert process.stderr
    while b"shadow: it stands" not in (line := await process.stderr.readline()):
        assert line, "it ended before the differ stood"
    assert len(of(tmp_path)) > 8
    process.send_signal(signal.SIGKILL)
    await process.wait()
    async with asyncio.timeout(60):
        while of(tmp_path):
            await asyncio.sleep(0.2)


def of(folder: Path) -> list[str]:
    """Every process that was told of a folder, by its words or what it finds set."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            said = (each / "cmdline").read_text(errors="replace").replace("\0", " ")
            if str(folder) in said + (each / "environ").read_text(errors="replace"):
                found.append(f"{each.name}: {said}")
        except OSError:
            continue
    return found
