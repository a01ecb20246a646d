"""`release.toml`, and builds that an operator's own commands start and end."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from core.errors import Invalid, Unavailable
from deploy.release import config
from deploy.release.composition import configured
from deploy.release.model import Addresses, Part, Slot, Standing
from deploy.release.platform import HookPlatform, LocalPlatform, platform_of
from tests.ports import free_ports

LOCAL = """
[edge]
folder = "edge"
admin = "127.0.0.1:9005"

[environment]
BELEG_DATABASE_URL = "postgresql://own"
"""
HOOKS = """
platform = "hooks"
[edge]
folder = "edge"
admin = "127.0.0.1:9005"
[hooks]
command = ["{python}", "-c", "import sys; print(sys.argv[1:])", "{{build}}"]
seconds = 60
[hooks.slots.green]
start = ["{python}", "-c", "import sys; open('{log}', 'a').write(' '.join(sys.argv[1:]) + ';')", \
"start", "{{build}}", "{{slot}}", "{{parts}}"]
stop = ["{python}", "-c", "import sys; open('{log}', 'a').write(' '.join(sys.argv[1:]) + ';')", \
"stop", "{{slot}}"]
api = ["api-green:8001"]
health = {{ api = ["127.0.0.1:{port}"], worker = ["127.0.0.1:1"] }}
"""


def said(text: str, folder: Path) -> config.ReleaseConfig:
    """What a file with this text says."""
    file = folder / "release.toml"
    file.write_text(text)
    return config.load(file)


def test_paths_are_taken_from_where_the_file_lies_and_its_environment_stands_over_ours(
    tmp_path: Path,
) -> None:
    found = said(LOCAL, tmp_path)
    assert found.edge.folder == tmp_path / "edge"
    assert found.local.data == tmp_path
    environ = found.environ({"BELEG_DATABASE_URL": "postgresql://another", "HOME": "/h"})
    assert environ == {"BELEG_DATABASE_URL": "postgresql://own", "HOME": "/h"}
    assert isinstance(platform_of(found, {}), LocalPlatform)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "edge is missing"),
        (LOCAL + "[local]\nport = 1\n", "local.port is nothing that can be set here"),
        (LOCAL.replace("9005", "admin"), "edge.admin: expected host:port, not '127.0.0.1:admin'"),
        ('platform = "hooks"\n' + LOCAL, '[hooks] and platform = "hooks" go together'),
        ("[edge", "cannot be read"),
    ],
)
def test_what_is_wrong_with_it_is_said_by_its_place(
    tmp_path: Path, text: str, complaint: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        said(text, tmp_path)
    assert complaint in refusal.value.detail


async def test_a_file_that_is_not_there_says_where_one_comes_from(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="beleg up --edge"):
        config.load(tmp_path / "release.toml")


async def test_an_operators_commands_are_told_build_slot_and_parts_and_health_is_waited_for(
    tmp_path: Path,
) -> None:
    log, (port,) = tmp_path / "log", free_ports(1)
    text = HOOKS.format(python=sys.executable, log=log, port=port)
    platform = platform_of(said(text, tmp_path), {})
    assert isinstance(platform, HookPlatform)
    waiting = asyncio.create_task(
        platform.ensure(Slot.GREEN, Standing("beleg:0.3.0", frozenset({Part.API})))
    )
    while not log.exists():
        assert not waiting.done()
        await asyncio.sleep(0.02)
    server = await asyncio.start_server(_ready, "127.0.0.1", port)
    async with server:
        found = await waiting
    assert found == Addresses(("api-green:8001",), (), (f"127.0.0.1:{port}",))
    await platform.empty(Slot.GREEN)
    assert log.read_text() == "start beleg:0.3.0 green api;stop green;"
    assert await platform.command("beleg:0.3.0", "migrate") == "['beleg:0.3.0', 'migrate']\n"
    with pytest.raises(Unavailable, match=r"no \[hooks.slots.blue\]"):
        await platform.ensure(Slot.BLUE, Standing("beleg:0.3.0", frozenset({Part.API})))


async def _ready(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    await writer.drain()
    writer.close()


def test_the_example_is_one() -> None:
    found = config.load(Path(__file__).parent.parent.parent.parent / "deploy/release.example.toml")
    assert found.hooks is not None
    assert set(found.hooks.slots) == {Slot.BLUE, Slot.GREEN}


SHADOW = """
[hooks.slots.shadow-b]
start = ["{python}", "-c", "import os, sys; open('{log}', 'a').write(\
os.environ['BELEG_SHADOW_DATABASE_URL'] + ' ' + ' '.join(sys.argv[1:]))", "{{build}}"]
stop = ["true"]
[differ]
address = "differ:9007"
findings = "127.0.0.1:{findings}"
start = ["{python}", "-c", "import sys; open('{log}.d', 'a').write(' '.join(sys.argv[1:]) + ';')", \
"start", "{{attempt}}", "{{a}}", "{{b}}"]
stop = ["{python}", "-c", "open('{log}.d', 'a').write('stop;')"]
"""


async def test_the_command_that_starts_a_shadow_is_told_in_a_variable_of_a_role_that_only_reads(
    tmp_path: Path,
) -> None:
    log = tmp_path / "log"
    text = (HOOKS + SHADOW).format(python=sys.executable, log=log, port=1, findings=1)
    told = said(text, tmp_path)
    owners, asked = tmp_path / "url", []
    owners.write_text("postgresql://owner:s3cret@here/beleg\n")

    async def read_only(url: str, environ: Mapping[str, str]) -> str:
        asked.append(url)
        return "postgresql://reader:s3cret@here/beleg"

    assert told.hooks
    environ = {"BELEG_DATABASE_URL_FILE": str(owners)}
    platform = HookPlatform(told.hooks, environ, read_only=read_only)
    await platform.ensure(Slot.SHADOW_B, Standing("0.3.0", frozenset({Part.API})))
    assert asked == ["postgresql://owner:s3cret@here/beleg"]
    assert log.read_text() == "postgresql://reader:s3cret@here/beleg 0.3.0"


async def test_a_differ_elsewhere_is_started_by_a_command_and_what_it_found_is_brought_here(
    tmp_path: Path,
) -> None:
    log, (mirrored, findings) = tmp_path / "log", free_ports(2)
    text = (HOOKS + SHADOW).format(python=sys.executable, log=log, port=1, findings=findings)
    (tmp_path / "release.toml").write_text(text)
    composed = configured(tmp_path / "release.toml", {}).compose("7-1")
    differ = composed.differ(Addresses(("127.0.0.1:1",)), Addresses(("127.0.0.1:2",)))
    with pytest.raises(
        Unavailable, match=f"The differ does not say at http://127.0.0.1:{findings}"
    ):
        await differ.report()
    service = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.ops.cli", "release", "differ"),
        *("--folder", tmp_path / "its", "--port", str(mirrored), "--findings-port", str(findings)),
        *("--a", "127.0.0.1:1", "--b", "127.0.0.1:2"),
    )
    try:
        assert await differ.start() == "differ:9007"
        async with httpx.AsyncClient() as http:
            await http.get(f"http://127.0.0.1:{mirrored}/v2/applications")
        summary = await differ.report()
        assert summary.mirrored == 1
        assert Path(summary.report).parent == tmp_path / "shadow/7-1"
        await differ.stop()
    finally:
        service.terminate()
        await service.wait()
    assert (tmp_path / "shadow/7-1/report.html").exists(), "it outlives the service"
    assert (tmp_path / "log.d").read_text() == "start 7-1 127.0.0.1:1 127.0.0.1:2;stop;"
