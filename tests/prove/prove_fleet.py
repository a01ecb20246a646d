"""Fifty databases on one server: canary, waves, a halt, a kill, and on to the fiftieth."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fleets import (
    FleetFolder,
    before,
    execute,
    is_migrated,
    kill_at,
    lock_held,
    migrators,
    with_password,
)
from tests.tables import add_row

FIFTY = {
    "canary": 1,
    **{f"pilot_{number}": 2 for number in range(9)},
    **{f"rest_{number}": 3 for number in range(40)},
}
TITLE = "A fleet of 50"


@contextmanager
def timed(what: str) -> Iterator[list[str]]:
    """Write down how long something took, and what came of it."""
    said: list[str] = []
    started = time.monotonic()
    yield said
    add_row(TITLE, what, f"{time.monotonic() - started:.1f} s", ", ".join(said))


def counted(results: dict[str, str]) -> list[str]:
    """How many ended how."""
    return [f"{count} {result}" for result, count in sorted(Counter(results.values()).items())]


def test_fifty_databases_are_migrated_whatever_befalls_some(server: str, tmp_path: Path) -> None:
    fleet = FleetFolder(server, before(server), tmp_path)
    fleet.settings |= {"parallel": 4, "halt_share": 0.25, "patience_seconds": 5}
    with timed("fifty databases made as the build before has them") as said:
        urls = {name: fleet.add(name, wave) for name, wave in FIFTY.items()}
        said.append("50 made, 1 of them in no line")
        fleet.lines.pop(forgotten := "rest_39")
    execute(urls["pilot_0"], "CREATE TABLE live_build (ours bool)")
    fleet.lines["pilot_1"]["url"] = with_password(urls["pilot_1"], "wrong")
    fleet.write()
    with timed("status of all") as said:
        found = fleet.result("status", code=1)
        states = Counter(each["state"] for each in found["instances"])
        said += [f"{count} {state}" for state, count in sorted(states.items())]
    assert f"{fleet.prefix}_{forgotten}" in found["forgotten"]
    with timed("migrate: three are broken, one is forgotten") as said, lock_held(urls["pilot_2"]):
        told = fleet.result("migrate", code=1)
        results = {each["name"]: each["result"] for each in told["instances"]}
        said += [*counted(results), "halted"]
    failed = {name for name, result in results.items() if result == "failed"}
    assert failed == {"pilot_0", "pilot_1", "pilot_2"}
    assert told["halted"].startswith("wave 2: 3 of 9 failed")
    assert f"{fleet.prefix}_{forgotten}" in told["forgotten"]
    assert not any(is_migrated(fleet, name) for name in FIFTY if name.startswith("rest"))
    execute(urls["pilot_0"], "DROP TABLE live_build")
    fleet.lines["pilot_1"]["url"] = urls["pilot_1"]
    fleet.lines[forgotten] = {"name": forgotten, "wave": 3, "url": urls[forgotten]}
    fleet.write()
    already = sum(line["event"] == "done" for line in fleet.journal)
    with timed("migrate, all mended, killed in the middle") as said:
        kill_at(fleet, "done", already + 20)
        while [each for each in migrators(server) if each.startswith(fleet.prefix)]:
            time.sleep(0.05)
        done = {name for name in FIFTY if is_migrated(fleet, name)}
        said.append(f"{len(done)} migrated so far, nothing left running")
    assert already + 20 <= len(done) < 50
    with timed("migrate, resumed") as said:
        results = fleet.results("migrate")
        said += counted(results)
    assert {name for name, result in results.items() if result == "skipped"} == done
    assert all(is_migrated(fleet, name) for name in FIFTY)
    with timed("migrate, once more") as said:
        said += counted(fleet.results("migrate"))
    found = fleet.result("status", "--check", code=0)
    assert {each["state"] for each in found["instances"]} == {"ready"}
    fleet.drop()
