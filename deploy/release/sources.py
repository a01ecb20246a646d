"""A build as sources on this machine: a folder, or a commit of this repository taken out of it."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from core.errors import Unavailable
from deploy.ops.lifeline import lifeline, stepping_back

HERE = Path(__file__).parent.parent.parent
LAST_LINES = 15


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a build's sources are, and what runs them."""

    tree: Path

    @property
    def python(self) -> str:
        """Its own environment's interpreter where it has one, else this process's."""
        own = self.tree / ".venv/bin/python"
        return str(own) if own.exists() else sys.executable

    @property
    def has_web_app(self) -> bool:
        """Whether its web app is built."""
        return (self.tree / "bff/web/dist/index.html").exists()

    def environ(self, environ: Mapping[str, str]) -> dict[str, str]:
        """What its processes find set: its own modules come first."""
        return {**environ, "PYTHONPATH": str(self.tree)}

    def command(self, *words: str) -> tuple[str, ...]:
        """One of its own commands."""
        return (self.python, "-m", "deploy.ops.cli", *words)


def from_anywhere(build: str) -> str:
    """The same build, a folder named so that it is found from anywhere."""
    return str(_folder(build) or build)


async def sources_of(build: str, builds: Path, repository: Path | None = None) -> Sources:
    """A build's sources; `build` is a folder or a git ref. Raises Unavailable where it is none."""
    if (folder := _folder(build)) is not None:
        return Sources(folder)
    repository = repository or HERE
    try:
        commit = await said("git", "rev-parse", "--verify", f"{build}^{{commit}}", cwd=repository)
    except Unavailable as problem:
        raise Unavailable(
            f"{build} is neither a folder with Beleg's sources nor a commit of {repository}: "
            f"{problem.detail}"
        ) from problem
    return Sources(await _taken_out(commit.strip(), builds, repository))


def _folder(build: str) -> Path | None:
    """The folder that it names, if it is one with Beleg's sources; a ref may be called like one."""
    folder = Path(build)
    if (folder / "deploy/ops/cli.py").exists():
        return folder.resolve()
    if folder.is_dir() and os.sep in build:
        raise Unavailable(f"{build} holds no sources of Beleg (no deploy/ops/cli.py).")
    return None


async def _taken_out(commit: str, builds: Path, repository: Path) -> Path:
    """The folder of a commit's files, whole or not there."""
    place = builds / commit
    if (place / "deploy").is_dir():
        return place
    fresh = _fresh(builds, commit)
    archive = str(fresh.with_suffix(".tar"))
    await said("git", "archive", "-o", archive, commit, cwd=repository)
    await said("tar", "-xf", archive, "-C", str(fresh), cwd=repository)
    os.unlink(archive)
    os.replace(fresh, place)
    return place


def _fresh(builds: Path, commit: str) -> Path:
    builds.mkdir(parents=True, exist_ok=True)
    return Path(mkdtemp(prefix=f"{commit[:12]}-", dir=builds))


async def with_web_app(sources: Sources) -> Sources:
    """The same, its web app built; takes a minute the first time."""
    if sources.has_web_app:
        return sources
    web = sources.tree / "bff/web"
    npm = shutil.which("npm", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if npm is None:
        raise Unavailable(
            f"The web app of {sources.tree} is not built, and there is no npm to build it with: "
            "run `make web` there."
        )
    path = f"{Path(npm).parent}{os.pathsep}{os.environ['PATH']}"
    environ = {**os.environ, "PATH": path}
    await said(npm, "ci", cwd=web, environ=environ)
    await said(npm, "run", "build", cwd=web, environ=environ)
    return sources


async def said(
    *words: str, cwd: Path, environ: Mapping[str, str] | None = None, tied: bool = False
) -> str:
    """What a program said on its standard output; raises Unavailable with its last lines."""
    process = await asyncio.create_subprocess_exec(
        *words,
        cwd=cwd,
        env=environ,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=tied,  # of its own, so that it can let whoever asks go first
        preexec_fn=stepping_back(lifeline(signal.SIGTERM)) if tied else None,
    )
    try:
        out, problems = await process.communicate()
    except BaseException:
        if process.returncode is None:
            process.kill()
            await process.wait()
        raise
    if process.returncode:
        lines = (problems or out).decode(errors="replace").splitlines()[-LAST_LINES:]
        name = " ".join((Path(words[0]).name, *words[1:5]))
        raise Unavailable("\n".join([f"`{name}` failed ({process.returncode}):", *lines]))
    return out.decode(errors="replace")
