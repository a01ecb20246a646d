"""Builds as real processes: this one from where it stands, an old one out of the history."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from core.settings import local_blobs
from tests.ports import free_ports

OLD_COMMIT = "85965eb8b1eb79f41be6c211e18c6a0eb866f5c1"
"""Build 0.1.0: the last one before builds were told apart, which knows revisions up to 0009."""
SILENT_COMMIT = "f08c98e4472ec07034621d33ed3cfd0cd8d9fa84"
"""Build 0.2.0: the last one that says nothing of words."""
HERE = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Build:
    """A build's source; it runs on the packages that are installed for this one."""

    name: str
    tree: Path = HERE

    def command(
        self, database: str, *words: str, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        """Run one of its commands as an operator does."""
        return subprocess.run(
            (sys.executable, "-m", "deploy.ops.cli", *words),
            cwd=self.tree,
            env=self.environ(database, **environ),
            capture_output=True,
            text=True,
            check=False,
        )

    def environ(self, database: str, **environ: str) -> dict[str, str]:
        """What its processes find set: its own modules come first."""
        own = {"BELEG_DATABASE_URL": database, "PYTHONPATH": str(self.tree)}
        return {**os.environ, **own, **environ}

    @asynccontextmanager
    async def part(self, part: str, database: str, folder: Path) -> AsyncIterator["RunningPart"]:
        """Its API or worker once that is ready; asked to end, as by a release, at the end."""
        port, metrics = free_ports(2)
        place = () if part == "worker" else ("--port", str(port), "--drain", "1")
        log = folder / f"{self.name}-{part}.log"
        (folder / "blobs").mkdir(exist_ok=True)
        with log.open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "deploy.ops.cli", part, *place),
                *("--metrics-port", str(metrics)),
                cwd=self.tree,
                env=self.environ(database, BELEG_BLOB_URL=local_blobs(folder / "blobs")),
                stdout=out,
                stderr=out,
            )
        running = RunningPart(self.name, process, port, metrics, log)
        try:
            await running.ready()
            yield running
        finally:
            await running.end()


@dataclass(frozen=True)
class RunningPart:
    """A process of a build."""

    build: str
    process: asyncio.subprocess.Process
    port: int
    metrics: int
    log: Path

    async def ready(self) -> None:
        """Wait until it says that it is."""
        async with asyncio.timeout(60), httpx.AsyncClient() as http:
            while True:
                assert self.process.returncode is None, self.log.read_text()[-2000:]
                try:
                    answer = await http.get(f"http://127.0.0.1:{self.metrics}/readyz")
                    if answer.status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.05)

    async def end(self) -> None:
        """Ask it to end, and wait until it has."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(self.process.wait(), 30)


@contextmanager
def old_build(commit: str = OLD_COMMIT, name: str = "0.1.0") -> Iterator[Build]:
    """An old build's source, out of the project's history."""
    with TemporaryDirectory(prefix="beleg-") as folder:
        archive = subprocess.run(
            ("git", "archive", commit), cwd=HERE, capture_output=True, check=False
        )
        told = archive.stderr.decode()
        assert archive.returncode == 0, (
            f"{told}This needs the project's whole history: a full clone."
        )
        subprocess.run(("tar", "-x", "-C", folder), input=archive.stdout, check=True)
        yield Build(name, Path(folder))
