"""The release machine, killed wherever it can be, and its gate, asked ten thousand times."""

from pathlib import Path
from random import Random

import pytest

from deploy.release.machine import ReleasePlan
from deploy.release.model import Verdict
from tests.deploy.release.chance import GOOD, release
from tests.deploy.release.killed import killed_at


@pytest.mark.parametrize("broken", ["", "start", "answers", "same"])
async def test_a_driver_killed_at_any_point_is_gone_on_with_to_the_same_end(
    database: str, tmp_path: Path, broken: str
) -> None:
    whole, *tries = await killed_at(database, tmp_path / "world", broken, "all")
    assert len(tries) == len(whole["points"]) > 40
    for each in tries:
        assert (each["killed"], each["again"]) == (-9, 0), each
        assert each["same"], (each["name"], each["found"], whole)


def test_of_ten_thousand_good_builds_no_more_than_alpha_are_sent_back_by_chance() -> None:
    dice, plan = Random(2026), ReleasePlan(alpha=0.05)
    failed = sum(release(dice, plan, GOOD) is Verdict.FAIL for _ in range(10_000))
    print(f"{failed} of 10,000 good builds sent back at alpha {plan.alpha}")
    assert failed <= 10_000 * plan.alpha
