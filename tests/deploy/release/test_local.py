"""Builds as processes of this machine: found again, ended with care, never mistaken for others."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from core.errors import Invalid, Unavailable
from deploy.release import processes
from deploy.release.config import LocalConfig
from deploy.release.local import LocalPlatform
from deploy.release.model import Part, Slot, Standing
from deploy.release.slots import SlotFolder, began
from deploy.release.sources import from_anywhere
from tests.ports import free_ports

BUILD = """
import os, signal, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

words = sys.argv[1:]
if words[0] == "migrate":
    sys.exit(print("migrated", os.environ["BELEG_DATABASE_URL"]))
if words[0] == "fail":
    sys.exit("no such revision")
if os.path.exists(os.path.join(os.path.dirname(__file__), "crash")):
    sys.exit("ImportError: cannot import name 'money'")

class Health(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(os.environ.get("BELEG_DATABASE_URL", "").encode())
    def log_message(self, *_): pass

place = ("127.0.0.1", int(words[words.index("--metrics-port") + 1]))
server = ThreadingHTTPServer(place, Health)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()
"""
WHOLE = frozenset(Part)
ENVIRON = {"PATH": os.environ["PATH"], "BELEG_DATABASE_URL": "postgresql://whole"}


def tree(folder: Path) -> str:
    """Sources of a build whose parts are quick to start."""
    (folder / "deploy/ops").mkdir(parents=True)
    (folder / "deploy/ops/cli.py").write_text(BUILD)
    (folder / "bff/web/dist").mkdir(parents=True)
    (folder / "bff/web/dist/index.html").write_text("<!doctype html>")
    return str(folder)


async def _read_only(url: str) -> str:
    return f"{url}-read-only"


def platform(data: Path, *, tied: bool = False) -> LocalPlatform:
    """Whoever comes, with nothing in mind but the folder."""
    config = LocalConfig(data=data, first_port=free_ports(12)[0], ready_seconds=60)
    return LocalPlatform(config, ENVIRON, tied=tied, read_only=_read_only)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[LocalPlatform]:
    found = platform(tmp_path / "data")
    yield found
    for slot in Slot:
        await found.empty(slot)


def pids(data: Path, slot: Slot) -> dict[Part, int]:
    """Who stands in a slot."""
    record = SlotFolder(data / "slots").read(slot)
    return {part: each.pid for part, each in record.parts.items()} if record else {}


async def test_whoever_comes_later_finds_what_stands_and_starts_only_what_is_missing(
    here: LocalPlatform, tmp_path: Path
) -> None:
    build, data = tree(tmp_path / "a"), tmp_path / "data"
    first = await here.ensure(Slot.BLUE, Standing(build, WHOLE))
    before = pids(data, Slot.BLUE)
    later = platform(data)
    assert await later.ensure(Slot.BLUE, Standing(build, WHOLE)) == first
    assert pids(data, Slot.BLUE) == before
    os.kill(before[Part.API], signal.SIGKILL)
    while began(before[Part.API]):
        await asyncio.sleep(0.01)
    await later.ensure(Slot.BLUE, Standing(build, WHOLE))
    after = pids(data, Slot.BLUE)
    assert after[Part.API] != before[Part.API]
    assert after[Part.BFF] == before[Part.BFF]


async def test_a_build_keeps_its_name_wherever_it_is_asked_for(
    here: LocalPlatform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = tree(tmp_path / "a")
    monkeypatch.chdir(tmp_path)
    assert await here.locate("a") == from_anywhere("a") == build
    assert from_anywhere("registry.example/beleg:0.3.0") == "registry.example/beleg:0.3.0"
    with pytest.raises(Invalid, match="nonsense is neither a folder"):
        await here.locate("nonsense")


async def test_what_serves_is_known_without_being_told(here: LocalPlatform, tmp_path: Path) -> None:
    build = tree(tmp_path / "a")
    assert await here.standing() == {}
    await here.ensure(Slot.GREEN, Standing(build, WHOLE))
    await here.ensure(Slot.SHADOW_A, Standing(build, frozenset({Part.API})))
    assert await here.standing() == {Slot.GREEN: build}


async def test_a_part_that_is_no_longer_wanted_ends_and_the_others_stay(
    here: LocalPlatform, tmp_path: Path
) -> None:
    build, data = tree(tmp_path / "a"), tmp_path / "data"
    await here.ensure(Slot.BLUE, Standing(build, WHOLE))
    before = pids(data, Slot.BLUE)
    await here.ensure(Slot.BLUE, Standing(build, WHOLE - {Part.WORKER}))
    assert pids(data, Slot.BLUE) == {part: before[part] for part in (Part.API, Part.BFF)}
    assert not began(before[Part.WORKER])


async def test_another_build_takes_the_place_of_what_stood_there(
    here: LocalPlatform, tmp_path: Path
) -> None:
    a, b = tree(tmp_path / "a"), tree(tmp_path / "b")
    await here.ensure(Slot.GREEN, Standing(a, frozenset({Part.API})))
    await here.ensure(Slot.GREEN, Standing(b, frozenset({Part.API})))
    record = here.slots.read(Slot.GREEN)
    assert record is not None
    assert record.build == b


async def test_a_crash_at_the_start_is_told_by_the_last_lines_of_the_log(
    here: LocalPlatform, tmp_path: Path
) -> None:
    build = tree(tmp_path / "b")
    (tmp_path / "b/deploy/ops/crash").touch()
    with pytest.raises(Unavailable) as refusal:
        await here.ensure(Slot.GREEN, Standing(build, frozenset({Part.API})))
    assert "The api of green ended while it started" in refusal.value.detail
    assert "cannot import name 'money'" in refusal.value.detail


async def test_a_shadow_is_told_that_it_is_one_and_gets_the_address_that_cannot_write(
    here: LocalPlatform, tmp_path: Path
) -> None:
    asked = Standing(tree(tmp_path / "b"), frozenset({Part.API}))
    addresses = await here.ensure(Slot.SHADOW_B, asked)
    async with httpx.AsyncClient(trust_env=False) as http:
        said = (await http.get(f"http://{addresses.health[0]}/")).text
    assert said == "postgresql://whole-read-only"


async def test_a_process_that_bears_the_number_of_one_that_ended_is_left_alone(
    here: LocalPlatform, tmp_path: Path
) -> None:
    build, data = tree(tmp_path / "a"), tmp_path / "data"
    await here.ensure(Slot.BLUE, Standing(build, frozenset({Part.API})))
    words = (sys.executable, "-c", "import time; time.sleep(600)")
    stranger = await asyncio.create_subprocess_exec(*words)
    try:
        record = here.slots.read(Slot.BLUE)
        assert record is not None
        found = record.parts[Part.API]
        here.slots.write(
            Slot.BLUE, replace(record, parts={Part.API: replace(found, pid=stranger.pid)})
        )
        await platform(data).empty(Slot.BLUE)
        assert stranger.returncode is None
        await processes.end(found)
    finally:
        stranger.kill()
        await stranger.wait()


async def test_who_starts_a_build_may_be_killed_at_any_moment_and_the_next_finds_it(
    here: LocalPlatform, tmp_path: Path
) -> None:
    build, data = tree(tmp_path / "a"), tmp_path / "data"
    script = (
        "import asyncio, os\nfrom pathlib import Path\nfrom deploy.release import local\n"
        "from deploy.release.config import LocalConfig\nfrom deploy.release.model import *\n"
        "def killed(*_): os.kill(os.getpid(), 9)\nlocal.recorded = killed\n"
        f"config = LocalConfig(data=Path({str(data)!r}), first_port={free_ports(12)[0]})\n"
        f"one = local.LocalPlatform(config, {ENVIRON!r})\n"
        f"asyncio.run(one.ensure(Slot.BLUE, Standing({build!r}, frozenset({{Part.API}}))))"
    )
    starter = await asyncio.create_subprocess_exec(sys.executable, "-c", script)
    assert await starter.wait() == -signal.SIGKILL
    written = json.loads((data / "slots/blue.json").read_text())
    assert written["parts"]["api"]["pid"] == 0  # killed before it could write down whom it started
    pid, _ = processes.noted(data / "slots/blue-api.pid")
    await here.ensure(Slot.BLUE, Standing(build, frozenset({Part.API})))
    assert pids(data, Slot.BLUE) == {Part.API: pid}


async def test_what_a_rehearsal_starts_ends_with_it_however_it_ends(tmp_path: Path) -> None:
    build, data = tree(tmp_path / "a"), tmp_path / "data"
    script = (
        "import asyncio, os\nfrom pathlib import Path\nfrom deploy.release.local import *\n"
        f"config = LocalConfig(data=Path({str(data)!r}), first_port={free_ports(12)[0]})\n"
        f"one = LocalPlatform(config, {ENVIRON!r}, tied=True)\n"
        f"asyncio.run(one.ensure(Slot.BLUE, Standing({build!r}, frozenset({{Part.API}}))))\n"
        "os.kill(os.getpid(), 9)"
    )
    starter = await asyncio.create_subprocess_exec(sys.executable, "-c", script)
    assert await starter.wait() == -signal.SIGKILL
    async with asyncio.timeout(60):
        while pids(data, Slot.BLUE):
            await asyncio.sleep(0.02)


async def test_a_builds_own_command_says_what_it_did_or_why_not(
    here: LocalPlatform, tmp_path: Path
) -> None:
    build = tree(tmp_path / "b")
    assert await here.command(build, "migrate") == "migrated postgresql://whole\n"
    with pytest.raises(Unavailable, match="no such revision"):
        await here.command(build, "fail")


async def test_what_is_neither_a_folder_of_sources_nor_a_commit_is_said_to_be_that(
    here: LocalPlatform, tmp_path: Path
) -> None:
    with pytest.raises(Unavailable, match="holds no sources of Beleg"):
        await here.command(str(tmp_path), "migrate")
    with pytest.raises(Unavailable, match=r"neither a folder .* nor a commit"):
        await here.command("no-such-branch", "migrate")
