"""`release.toml`, and builds that an operator's own commands start and end."""

import asyncio
import sys
from pathlib import Path

import pytest

from core.errors import Invalid, Unavailable
from deploy.release import config
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
seconds = 20
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
