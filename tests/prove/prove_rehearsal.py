"""A release rehearsed for once: real processes, a real edge, and a build that does not start."""

from pathlib import Path

from deploy.release.rehearsal.plan import RehearsalPlan
from deploy.release.rehearsal.rehearsing import rehearse
from tests.ports import free_ports
from tests.prove.planted import CRASHING, HERE


async def test_a_build_that_crashes_at_its_start_serves_nobody(tmp_path: Path) -> None:
    """The shadow starts it first, so no request was ever sent to it, and none fails."""
    plan = RehearsalPlan(
        a=str(HERE),
        b=CRASHING.build(tmp_path),
        data=tmp_path / "data",
        requests=20,
        rate=5.0,
        visits=0.5,
        keys=2,
        people=1,
        browser=False,
        first_port=free_ports(60)[0],
        warm_seconds=0.0,
        alone_seconds=2.0,
        afterwards_seconds=1.0,
    )
    told: list[str] = []
    report = await rehearse(plan, told.append, ends_as="back")
    assert (report.state, report.failures, report.lost) == ("back", [], []), "\n".join(told)
    last = report.steps[-1]
    assert (last["from"], last["to"]) == ("shadow", "back")
    assert "RuntimeError: planted" in last["why"]
