"""A real pgbouncer in front of a database: the machine's own, else installed by apt."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import SplitResult, urlsplit

from deploy.ops.account import ServerAccount
from tests import apt
from tests.ports import free_ports

NAMES = ("pgbouncer", "/usr/sbin/pgbouncer")


@asynccontextmanager
async def before(database: str, **settings: object) -> AsyncIterator[str]:
    """The address of a database through a pgbouncer with these settings."""
    parts, (port,) = urlsplit(database), free_ports(1)
    with TemporaryDirectory(prefix="beleg-pgbouncer-") as path:
        process = _start(Path(path), parts, {"listen_port": port, **settings})
        try:
            await _listening(port, process)
            login = f"{parts.username}:{parts.password}"
            yield f"postgresql://{login}@127.0.0.1:{port}{parts.path}"
        finally:
            process.kill()
            process.wait()


def _start(
    folder: Path, database: SplitResult, settings: Mapping[str, object]
) -> "subprocess.Popen[bytes]":
    program, account = apt.locate(NAMES), ServerAccount.fit()
    assert program, "make pgbouncer"
    options = {
        "listen_addr": "127.0.0.1",
        "unix_socket_dir": "",
        "auth_type": "scram-sha-256",
        "auth_file": folder / "users",
        "server_login_retry": 1,
        **settings,
    }
    lines = [f"{name} = {value}" for name, value in options.items()]
    place = f"* = host={database.hostname} port={database.port}"
    folder.chmod(0o711)
    (folder / "users").write_text(f'"{database.username}" "{database.password}"\n')
    config = folder / "pgbouncer.ini"
    config.write_text("\n".join(["[databases]", place, "[pgbouncer]", *lines, ""]))
    for file in folder.iterdir():
        account.own(file)
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            (program, "-q", config), stdout=log, stderr=log, cwd="/", **account.identity()
        )


async def _listening(port: int, process: "subprocess.Popen[bytes]") -> None:
    async with asyncio.timeout(60):
        while True:
            assert process.poll() is None, "pgbouncer did not start"
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return


if __name__ == "__main__":
    apt.provide(NAMES, ("pgbouncer",))
