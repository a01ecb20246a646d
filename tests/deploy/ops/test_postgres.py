"""The embedded PostgreSQL keeps its data, survives being killed, and lets nobody in unasked."""

import stat
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from core.errors import Conflict, Unavailable
from deploy.ops.account import ServerAccount
from deploy.ops.postgres import DATABASE, ROLE, SUPERUSER, Embedded

FAST = {"fsync": "off"}


async def remember(url: str, word: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE IF NOT EXISTS memory (word text)")
    await connection.execute("INSERT INTO memory VALUES ($1)", word)
    await connection.close()


async def recall(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch("SELECT word FROM memory")
    await connection.close()
    return [row["word"] for row in rows]


async def test_second_start_finds_the_data_and_the_same_password(tmp_path: Path) -> None:
    with Embedded(tmp_path / "pg", FAST) as first:
        await remember(first.url, "kept")
    with Embedded(tmp_path / "pg", FAST) as second:
        assert await recall(second.url) == ["kept"]
    assert urlsplit(first.url).password == urlsplit(second.url).password


async def test_stopping_leaves_no_process_and_no_listener(tmp_path: Path) -> None:
    with Embedded(tmp_path / "pg", FAST) as server:
        pass
    assert server.process.returncode == 0
    with pytest.raises(ConnectionRefusedError):
        await asyncpg.connect(server.url)


async def test_what_was_committed_survives_kill_9(tmp_path: Path) -> None:
    folder = tmp_path / "pg"
    server = Embedded(folder)
    server.start()
    await remember(server.url, "committed")
    server.process.kill()
    server.stop()
    assert (folder / "cluster" / "postmaster.pid").exists()
    with Embedded(folder, FAST) as again:
        assert await recall(again.url) == ["committed"]


def test_stale_pid_file_that_names_a_living_process_does_not_bar_the_start(tmp_path: Path) -> None:
    folder = tmp_path / "pg"
    with Embedded(folder, FAST):
        pass
    with subprocess.Popen(("sleep", "60"), **ServerAccount.fit().identity()) as stranger:
        (folder / "cluster" / "postmaster.pid").write_text(f"{stranger.pid}\n{folder}\n")
        with Embedded(folder, FAST) as server:
            assert server.process.poll() is None
        stranger.kill()


def test_second_start_on_the_same_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.ops.postgres.LOCK_SECONDS", 0.1)
    with Embedded(tmp_path / "pg", FAST) as first:
        with pytest.raises(Conflict, match=rf"in use.*process {first.process.pid}\b"):
            Embedded(tmp_path / "pg", FAST).start()
        assert first.process.poll() is None


async def test_password_is_needed_and_the_application_is_no_superuser(embedded: Embedded) -> None:
    for role in (ROLE, SUPERUSER):
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(
                host="127.0.0.1", port=embedded.port, user=role, password="", database=DATABASE
            )
    connection = await asyncpg.connect(embedded.url)
    assert await connection.fetchval("SHOW is_superuser") == "off"
    await connection.close()


def test_secrets_are_readable_by_their_owner_only(embedded: Embedded) -> None:
    for role in (ROLE, SUPERUSER):
        mode = (embedded.folder / f"{role}.password").stat().st_mode
        assert stat.S_IMODE(mode) == 0o600


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child to its parent")
def test_server_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from deploy.ops.postgres import Embedded\n"
        "server = Embedded(Path(sys.argv[1])); server.start()\n"
        "print(server.process.pid, flush=True); time.sleep(60)"
    )
    command = (sys.executable, "-c", program, str(tmp_path / "pg"))
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        server = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 60
    while Path(f"/proc/{server}").exists():
        assert time.monotonic() < deadline, "PostgreSQL outlived its parent"
        time.sleep(0.02)


def test_reason_is_told_when_it_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="shared_buffers"):
        Embedded(tmp_path / "pg", {"shared_buffers": "nonsense"}).start()
    with Embedded(tmp_path / "pg", FAST) as server:
        assert server.process.poll() is None


def test_interrupted_creation_is_done_anew(tmp_path: Path) -> None:
    (tmp_path / "pg" / "cluster.new" / "base").mkdir(parents=True)
    with Embedded(tmp_path / "pg", FAST) as server:
        assert server.process.poll() is None
        assert not (tmp_path / "pg" / "cluster.new").exists()
