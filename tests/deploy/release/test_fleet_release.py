"""A build released on a fleet: who is done is skipped, who is open is gone on with."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.settings import Settings
from deploy.ops.fleet.inspection import Inspection, ReleaseRow
from deploy.ops.fleet.releases import release_lines
from deploy.ops.fleet.runs import release_back, release_start
from deploy.release import session, steering
from deploy.release.machine import ReleasePlan
from tests.fleets import FleetFolder

ROW = ReleaseRow(
    "b", "ab", 5.0, None, True, datetime.now(UTC), timedelta(minutes=75), "hold", "few"
)


@pytest.fixture
def fleet(server: str, template: str, tmp_path: Path) -> Iterator[FleetFolder]:
    """A fleet without any line yet."""
    made = FleetFolder(server, template, tmp_path, {"connect_seconds": 5})
    yield made
    made.drop()


def seen(row: ReleaseRow | None) -> Inspection:
    return Inspection("own", 1, release=row)


def test_who_is_released_is_skipped_and_who_is_open_is_gone_on_with() -> None:
    command = release_start("b", "a")
    assert command.settled(seen(None)) is None
    assert command.begun(seen(None)) is None
    assert command.words == ("release", "start", "--b", "b", "--a", "a")
    assert command.begun(seen(ROW)) == ("release", "advance")
    assert command.begun(seen(replace(ROW, b="older"))) is None  # which `start` refuses then
    done = replace(ROW, state="done", open=False)
    assert command.settled(seen(done)) == "b is released"
    assert command.settled(seen(replace(done, b="older"))) is None
    assert release_back("odd").settled(seen(done)) == "no release is open"
    assert release_back("odd").settled(seen(ROW)) is None
    assert release_back("odd").urgent


def test_a_fleets_screen_has_a_row_an_instance() -> None:
    lines = release_lines({"own": seen(ROW), "north": Inspection("north", 2)})
    row = ["own", "1", "b", "ab at 5 %", "1 h 15 min", "hold", "few"]
    assert re.split("  +", lines[1]) == row
    assert "none yet" in lines[2]


async def test_each_instances_release_is_told_and_one_without_a_file_is_refused_by_name(
    fleet: FleetFolder,
) -> None:
    own, _ = fleet.add("own", 1), fleet.add("north", 2)
    fleet.write()
    async with session.records(Settings(database_url=own)) as db:
        await steering.begin(db, "a", "b", ReleasePlan(), (), True)
    found = await asyncio.to_thread(fleet.run, "release", "status", "--check", code=3)
    assert "expand" in found
    assert "none yet" in found
    failed = await asyncio.to_thread(fleet.result, "release", "start", "--b", "b", code=1)
    by_name = {each["name"]: each for each in failed["instances"]}
    assert "release.toml" in by_name["own"]["why"]
    assert by_name["north"]["result"] == "not begun"
