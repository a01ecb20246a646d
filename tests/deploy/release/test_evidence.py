"""What a gate is given to judge by, out of counters that were not all read at one moment."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from deploy.release import gate
from deploy.release.evidence import Measured, Tally
from deploy.release.machine import Release, ReleasePlan
from deploy.release.model import Counters, ReleaseState, Slot

NOW = datetime(2026, 11, 27, tzinfo=UTC)
RELEASE = Release(
    UUID(int=16), "a", "b", Slot.GREEN, ReleaseState.AB, 25.0, (), ReleasePlan(), True, None,
    1, 1, NOW, NOW,
)  # fmt: skip


def test_times_that_are_told_later_than_their_answers_are_no_more_than_all() -> None:
    before = {"api-green": Counters(10, 0, {25.0: 0}), "api-baseline": Counters(10, 0, {25.0: 0})}
    after = {"api-green": Counters(12, 0, {25.0: 9}), "api-baseline": Counters(30, 0, {25.0: 2})}
    begun = {name: Tally.since(each) for name, each in before.items()}
    measured = replace(Measured(), window=begun, bounds={"api": 25.0}).counted(after, RELEASE)
    slow = next(each for each in measured.comparisons(RELEASE) if each.name == "api slow")
    assert (slow.bad_b, slow.all_b, slow.bad_a, slow.all_a) == (2, 2, 2, 20)
    assert gate.as_json(slow)["b"]["interval"][1] == 1.0
