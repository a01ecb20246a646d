"""A release goes its way whoever is killed on it, and back whenever an operator says so."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.db import Database
from core.errors import Conflict, Invalid, Unavailable
from core.settings import Settings
from deploy.ops.migrating.apply import migrate
from deploy.release import session, steering, store
from deploy.release.lookup import lookup
from deploy.release.machine import Release, planned
from deploy.release.model import ReleaseState, Slot
from deploy.release.restarted import unmade
from deploy.release.status import log_lines, status_lines
from tests.deploy.release.driving import PLAN, FileWorld, drive, told
from tests.deploy.release.killed import killed_at

WAY = [
    ["", "expand", "start"],
    ["expand", "shadow", "pass"],
    ["shadow", "ab at 5 %", "pass"],
    ["ab at 5 %", "ab at 50 %", "pass"],
    ["ab at 50 %", "switch", "pass"],
    ["switch", "soak", "pass"],
    ["soak", "contract", "pass"],
    ["contract", "done", "pass"],
]
NOTHING = {"baseline": None, "shadow-a": None, "shadow-b": None, "differ": None}
WHOLE = ["api", "bff", "worker"]
DONE = NOTHING | {
    "blue": None,
    "green": {"build": "b", "parts": WHOLE},
    "edge": ["green", None, 0.0, None, 0.0, "", ["green"]],
}
ON_A = NOTHING | {
    "blue": {"build": "a", "parts": WHOLE},
    "green": None,
    "edge": ["blue", None, 0.0, None, 0.0, "", ["blue"]],
}


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance and its world."""

    url: str
    folder: Path
    db: Database

    @property
    def world(self) -> dict[str, Any]:
        """What stands, and who is sent where."""
        return FileWorld(self.folder).state()

    async def drive(self, broken: str = "", **rest: Any) -> Release:
        """Drive its release until it rests."""
        found = await drive(self.url, FileWorld(self.folder, broken=broken), **rest)
        assert found is not None
        return found.release

    async def screen(self) -> str:
        """What `beleg release status` shows."""
        found, driven = await store.open_release(self.db), await session.is_driven(self.db)
        beside = await lookup(self.db, found)
        return "\n".join(status_lines(found, driven, datetime.now(UTC), beside=beside))

    async def log(self) -> str:
        """What `beleg release log` shows."""
        found = await store.last(self.db)
        assert found is not None
        return "\n".join(log_lines(found.release, await store.steps(self.db, found.release.id)))

    async def begin(self, *words: str, **more: str) -> Process:
        """Begin `beleg release`, in a process as from another terminal."""
        file = ("--file", str(self.folder / "release.toml"))
        command = (sys.executable, "-m", "tests.deploy.release.command", "release", *words, *file)
        environ = {
            **os.environ,
            "BELEG_DATABASE_URL": self.url,
            "BELEG_LOG_LEVEL": "WARNING",
        } | more
        return await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, env=environ)

    async def until(self, *edge: Any) -> None:
        """Wait until this is the first that the edge was told."""
        async with asyncio.timeout(120):
            while not (found := self.world["edge"]) or found[: len(edge)] != [*edge]:
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def driving(self, **plan: Any) -> AsyncIterator[Process]:
        """A driver in another terminal."""
        (self.folder / "release.toml").write_text(json.dumps({"plan": plan}))
        process = await self.begin("start", "--a", "a", "--b", "b")
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()


@pytest.fixture
async def instance(database: str, tmp_path: Path) -> AsyncIterator[Instance]:
    """An instance on which nothing was released yet."""
    async with session.records(Settings(database_url=database)) as db:
        yield Instance(database, tmp_path, db)


@pytest.mark.long
async def test_a_driver_killed_in_any_state_is_gone_on_with_to_the_same_end(
    database: str, tmp_path: Path
) -> None:
    whole, *tries = await killed_at(database, tmp_path / "world", "", "some")
    assert whole["steps"] == WAY
    assert whole["world"] == DONE
    assert len(tries) > 10  # `make prove` has them all
    for each in tries:
        assert (each["killed"], each["again"], each["same"]) == (-9, 0, True), each


@pytest.mark.parametrize(
    ("broken", "last"),
    [
        ("start", ("ab at 5 %", "back", "fail")),
        ("answers", ("ab at 5 %", "back", "fail")),
        ("same", ("shadow", "back", "fail")),
    ],
)
async def test_a_bad_build_is_stopped_by_the_step_that_should_and_all_are_on_a(
    instance: Instance, broken: str, last: tuple[str, str, str]
) -> None:
    assert (await instance.drive(broken)).state is ReleaseState.BACK
    assert (await told(instance.url))[-1] == last
    assert instance.world == ON_A


async def test_what_stopped_it_is_told_and_it_can_be_tried_again(instance: Instance) -> None:
    stopped = await instance.drive("start")
    assert stopped.state is ReleaseState.BACK
    screen = await instance.screen()
    assert "`beleg release advance` tries again" in screen
    with pytest.raises(Conflict, match="Another release is open"):
        await steering.begin(instance.db, None, "c", stopped.plan, (), True)
    await steering.let_go(instance.db)
    mended = FileWorld(instance.folder)
    assert await drive(instance.url, mended)
    assert instance.world == DONE
    assert mended.attempts == [f"{stopped.id}-2"]  # what its first shadow found is forgotten
    log = await instance.log()
    reason = "B does not start in green: ImportError: no module named beleg"
    assert f"ab at 5 % -> back  fail, by gate\n    {reason}" in log
    assert "back -> expand  advance, by " in log


async def test_the_next_release_comes_into_the_other_slot(instance: Instance) -> None:
    first = await instance.drive()
    following = await steering.begin(instance.db, None, "c", first.plan, (), True)
    assert (following.a, following.slot) == ("b", Slot.BLUE)
    await steering.abort(instance.db, "it was only to see")
    assert (await instance.drive()).state is ReleaseState.ABORTED
    assert instance.world == DONE


async def test_what_stands_is_believed_before_what_is_on_record(instance: Instance) -> None:
    first = await instance.drive()  # b serves from green; then somebody starts all anew, from blue
    again = {Slot.BLUE: "b"}
    with pytest.raises(Invalid, match="blue serves b, not a: leave --a out"):
        await steering.begin(instance.db, "a", "c", first.plan, (), True, again)
    following = await steering.begin(instance.db, None, "c", first.plan, (), True, again)
    assert (following.a, following.slot) == ("b", Slot.GREEN)


async def test_after_all_was_started_anew_an_open_release_is_made_again(
    instance: Instance,
) -> None:
    plan: dict[str, Any] = {"weights": (50,), "mirrored": 0}
    await instance.drive(automatic=False, **plan)
    await instance.drive(automatic=False, steps=1)
    whole = FileWorld(instance.folder)
    await whole.empty(Slot.GREEN)
    await whole.empty(Slot.BASELINE)
    said = await unmade(instance.url, "a", Path("release.toml"))
    assert said is not None
    assert said.startswith("A release is open, ab at 50 %: everybody is on a until")
    await instance.drive(automatic=False, stay=False)
    assert instance.world["green"]
    assert instance.world["baseline"]


async def test_after_a_release_it_is_said_where_another_build_was_started(
    instance: Instance,
) -> None:
    await instance.drive()
    assert await unmade(instance.url, "b", Path("release.toml")) is None
    said = await unmade(instance.url, "a", Path("release.toml"))
    assert said is not None
    assert "start `beleg up` of b" in said


async def test_a_build_that_is_none_is_refused_before_anything_is_on_record(
    instance: Instance,
) -> None:
    (instance.folder / "release.toml").write_text("{}")
    process = await instance.begin("start", "--a", "a", "--b", "nonsense")
    _, said = await process.communicate()
    assert (process.returncode, said.decode()) == (1, "Error: nonsense is no build\n")
    assert await store.last(instance.db) is None


async def test_whoever_looks_or_holds_needs_release_toml_alone(instance: Instance) -> None:
    environment = {"BELEG_DATABASE_URL": instance.url}
    (instance.folder / "release.toml").write_text(json.dumps({"environment": environment}))
    await steering.begin(instance.db, "a", "b", planned(PLAN), (), True)
    for words in (("hold", "not tonight"), ("status",), ("log",)):
        process = await instance.begin(*words, BELEG_DATABASE_URL="")
        out, problem = await process.communicate()
        assert process.returncode == 0, problem
    assert "not tonight" in out.decode()


async def test_back_from_another_terminal_is_done_by_the_driver_at_once(instance: Instance) -> None:
    async with instance.driving(minimum=10_000_000, weights=[50]) as driver:
        await instance.until("blue", "green", 50.0)
        assert await drive(instance.url, FileWorld(instance.folder)) is None  # one at a time
        screen = await instance.screen()
        assert f"process {driver.pid}" in screen
        assert "`beleg release back` sends everybody to A at once" in screen
        back = await instance.begin("back", "--reason", "numbers look odd")
        out, _ = await back.communicate()
        assert back.returncode == 0, out
        assert instance.world == ON_A
        assert await asyncio.wait_for(driver.wait(), 60) == 1
    assert "numbers look odd" in await instance.log()


async def test_a_driver_that_is_done_and_gone_while_it_is_waited_for_is_not_missed(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    await steering.begin(instance.db, "a", "b", planned(PLAN), (), True)
    began = await store.open_release(instance.db)

    async def just_gone(db: Database) -> bool:
        await store.made(db, began.release, began.measured)
        return False

    monkeypatch.setattr(session, "is_driven", just_gone)
    assert (await session.until_made(instance.db, 10)).release.stands


async def test_back_works_where_the_driver_was_killed(instance: Instance) -> None:
    async with instance.driving(minimum=10_000_000) as driver:
        await instance.until("blue", "green")
        driver.kill()
        await driver.wait()
    assert "which is gone): `beleg release advance` goes on" in await instance.screen()
    await steering.back(instance.db, "the machine burns")
    assert (await instance.drive()).state is ReleaseState.BACK
    assert instance.world == ON_A


async def test_by_hand_each_step_waits_for_an_operator(instance: Instance) -> None:
    plan: dict[str, Any] = {"weights": (50,), "mirrored": 0}
    began = await instance.drive(automatic=False, **plan)
    assert (began.state, began.stands) == (ReleaseState.EXPAND, True)
    assert (await instance.drive(automatic=False, steps=1)).state is ReleaseState.AB
    with pytest.raises(Conflict, match="has not passed: a first look"):
        await steering.onward(instance.db)
    await steering.onward(instance.db, "nobody is awake to send requests")
    assert (await instance.drive(automatic=False)).state is ReleaseState.SWITCH
    assert "ab at 50 % -> switch  anyway, by " in await instance.log()
    assert "nobody is awake" in await instance.log()


async def test_a_hold_keeps_an_automatic_release_until_it_is_let_go(instance: Instance) -> None:
    world = FileWorld(instance.folder, requests=0)
    driver = asyncio.create_task(drive(instance.url, world))
    await instance.until("blue", "green")
    await steering.hold(instance.db, "lunch")
    world.requests = 400
    async with asyncio.timeout(60):
        while "pass" not in (screen := await instance.screen()):
            await asyncio.sleep(0.01)
    assert "ab at 5 %" in screen
    assert "held: lunch" in screen
    await steering.let_go(instance.db)
    found = await asyncio.wait_for(driver, 60)
    assert found is not None
    assert found.release.state is ReleaseState.DONE
    assert instance.world == DONE


async def test_a_held_release_whose_b_fails_goes_back_all_the_same(instance: Instance) -> None:
    world = FileWorld(instance.folder, broken="answers", requests=0)
    driver = asyncio.create_task(drive(instance.url, world))
    await instance.until("blue", "green")
    await steering.hold(instance.db, "lunch")
    world.requests = 400
    await asyncio.wait_for(driver, 60)
    assert instance.world == ON_A


async def test_a_database_without_the_revision_is_told_what_to_do(empty_database: str) -> None:
    await asyncio.to_thread(migrate, empty_database, "0003")
    with pytest.raises(Unavailable, match=r"lacks revision 0020.*`beleg migrate`"):
        await drive(empty_database, FileWorld(Path()))
